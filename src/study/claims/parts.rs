//! A claim as parts, each a one-sided statement about the average over seeds of
//! one contrast. The claim is the conjunction of its parts (intersection–union:
//! R. L. Berger, Technometrics 24, 1982), so its p-value is the largest of theirs.

use super::evidence::Side;
use crate::numerics::stats::{Average, difference, mean};
use crate::study::config::{Against, ClaimConfig, Quantity, Test, Trend};
use std::iter::once;

/// "The average of `values` is above `margin`."
pub(super) struct Part {
    pub(super) what: String,
    /// One contrast per seed.
    pub(super) values: Vec<f64>,
    pub(super) margin: f64,
    /// Whether the margin itself will do; matters for exact contrasts only.
    pub(super) closed: bool,
    /// Whether the direction was read off the data, so that the p-value counts twice.
    pub(super) twofold: bool,
}

impl Part {
    fn above(what: impl Into<String>, values: Vec<f64>, margin: f64) -> Self {
        Self { what: what.into(), values, margin, closed: false, twofold: false }
    }
}

pub(super) struct Parts {
    pub(super) parts: Vec<Part>,
    /// What is reported as the effect, per seed, and its name.
    pub(super) effect: Vec<f64>,
    pub(super) quantity: String,
    /// Of a peak: for each level, the two parts that would make it the peak, over
    /// all seeds. The claim fails if at every level one of them fails.
    pub(super) alternatives: Vec<[Part; 2]>,
}

/// Takes a claim apart on the numbers of one side, of which none is missing.
/// \[columns\]\[seeds\]
pub(super) fn parts(claim: &ClaimConfig, side: &Side, columns: &[Vec<f64>]) -> Parts {
    let compared = |with: &Against, sides: &[(&str, f64)], margin: f64, closed: bool| {
        compared(is_share(claim), columns, with, sides, margin, closed)
    };
    match &claim.test {
        Test::Increases(trend) => steps(side, columns, 1.0, trend),
        Test::Decreases(trend) => steps(side, columns, -1.0, trend),
        Test::Peaks { rise, fall, .. } => peak(claim.estimand, side, columns, rise.get(), fall.get()),
        Test::Equals { value, within } => {
            compared(value, &[("the lower bound", 1.0), ("the upper bound", -1.0)], -within.get(), true)
        }
        Test::Greater(terms) => compared(&terms.than, &[("the difference", 1.0)], terms.by.get(), false),
        Test::Less(terms) => compared(&terms.than, &[("the difference", -1.0)], terms.by.get(), false),
    }
}

/// x less what it is compared with, times the sign of each side, above the margin (or, `closed`, on it).
fn compared(
    is_share: bool,
    columns: &[Vec<f64>],
    with: &Against,
    sides: &[(&str, f64)],
    margin: f64,
    closed: bool,
) -> Parts {
    let x = &columns[0];
    let (contrast, effect, quantity) = match with {
        Against::Number(number) if is_share => {
            let of_way = sides.iter().map(|(_, sign)| share(columns, number + sign * margin, *sign));
            let parts = once(apart(columns)).chain(of_way).collect();
            return Parts::new(parts, Vec::new(), "share of the way");
        }
        Against::Number(number) => (x.iter().map(|x| x - number).collect(), x.clone(), "value"),
        Against::Theory(_) | Against::Elsewhere(_) => {
            let difference = difference(x, &columns[1]);
            let from_theory = matches!(with, Against::Theory(_));
            let quantity = if from_theory { "difference from theory" } else { "difference" };
            (difference.clone(), difference, quantity)
        }
    };
    let part = |(what, sign): &(&str, f64)| {
        let values = contrast.iter().map(|d| sign * d).collect();
        Part { closed, ..Part::above(*what, values, margin) }
    };
    Parts::new(sides.iter().map(part).collect(), effect, quantity)
}

impl Parts {
    fn new(parts: Vec<Part>, effect: Vec<f64>, quantity: impl Into<String>) -> Self {
        Self { parts, effect, quantity: quantity.into(), alternatives: Vec::new() }
    }
}

/// Whether it is about the share of a way.
pub(super) fn is_share(claim: &ClaimConfig) -> bool {
    matches!(claim.quantity, Some(Quantity::Share { .. }))
}

/// The end contrast above its margin, and no step back beyond the tolerance, upwards or (sign −1)
/// downwards.
fn steps(side: &Side, columns: &[Vec<f64>], sign: f64, trend: &Trend) -> Parts {
    let signed = |to: &[f64], from: &[f64]| difference(to, from).iter().map(|d| sign * d).collect();
    let last = columns.len() - 1;
    let ends = signed(&columns[last], &columns[0]);
    let mut parts = vec![Part::above("the change from end to end", ends, trend.by.get())];
    // With two levels the one step is the end contrast.
    for i in 0..if last > 1 { last } else { 0 } {
        let what = format!("the step from {} to {}", side.columns[i], side.columns[i + 1]);
        let step = signed(&columns[i + 1], &columns[i]);
        parts.push(Part { closed: true, ..Part::above(what, step, -trend.tolerance()) });
    }
    let effect = difference(&columns[last], &columns[0]);
    Parts::new(parts, effect, "change from the first level to the last")
}

/// The level of the maximum is picked on even seeds, both contrasts are tested on odd ones.
fn peak(estimand: Average, side: &Side, columns: &[Vec<f64>], rise: f64, fall: f64) -> Parts {
    let half = |column: &[f64], odd: usize| column.iter().skip(odd).step_by(2).copied().collect::<Vec<_>>();
    let level = |column: &Vec<f64>| estimand.of(&half(column, 0));
    let heights: Vec<f64> = columns.iter().map(level).collect();
    let top = (0..heights.len()).fold(0, |best, i| if heights[i] > heights[best] { i } else { best });
    let last = columns.len() - 1;
    let contrasts = |top: usize, take: &dyn Fn(&[f64]) -> Vec<f64>| {
        let above = |other: usize| difference(&take(&columns[top]), &take(&columns[other]));
        [("rise to", above(0), rise), ("fall from", above(last), fall)].map(|(what, values, margin)| {
            Part::above(format!("the {what} {}", side.columns[top]), values, margin)
        })
    };
    let tested = contrasts(top, &|column| half(column, 1));
    let [up, down] = &tested;
    let (climb, drop) = (estimand.of(&up.values), estimand.of(&down.values));
    let (effect, quantity) = if climb < drop { (&up.values, "rise to") } else { (&down.values, "fall from") };
    let quantity = format!("{quantity} the peak at {} (the smaller of rise and fall)", side.columns[top]);
    let alternatives = (0..columns.len()).map(|i| contrasts(i, &|column| column.to_vec())).collect();
    let effect = effect.clone();
    Parts { alternatives, ..Parts::new(tested.into(), effect, quantity) }
}

/// `to` and `from` differ: without that there is no way to have a share of.
fn apart(columns: &[Vec<f64>]) -> Part {
    let way = way(columns);
    Part { twofold: true, ..Part::above("the way from `from` to `to`", way, 0.0) }
}

/// The share is above v (sign 1) or below it (−1): x − from − v·(to − from), in the direction of the way.
fn share(columns: &[Vec<f64>], v: f64, sign: f64) -> Part {
    let forward = if mean(&difference(&columns[2], &columns[1])) < 0.0 { -1.0 } else { 1.0 };
    let values = way(columns)
        .iter()
        .zip(difference(&columns[0], &columns[1]))
        .map(|(way, gone)| sign * (forward * gone - v * way))
        .collect();
    Part::above("the share", values, 0.0)
}

/// to − from per seed, turned so that its mean is not negative.
fn way(columns: &[Vec<f64>]) -> Vec<f64> {
    let way = difference(&columns[2], &columns[1]);
    if mean(&way) < 0.0 { difference(&columns[1], &columns[2]) } else { way }
}
