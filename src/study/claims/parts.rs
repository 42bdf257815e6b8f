//! A claim as parts, each a one-sided statement about the average over seeds of
//! one contrast. The claim is the conjunction of its parts (intersection–union:
//! R. L. Berger, Technometrics 24, 1982), so its p-value is the largest of theirs.

use super::evidence::Side;
use crate::numerics::stats::{Average, mean};
use crate::study::config::{Against, ClaimConfig, Quantity, Test};

/// "The average of `values` is above `margin`."
pub(super) struct Part {
    /// What it is about.
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

    fn at_least(what: impl Into<String>, values: Vec<f64>, margin: f64) -> Self {
        Self { closed: true, ..Self::above(what, values, margin) }
    }
}

/// A claim taken apart.
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
    let x = &columns[0];
    let of = |parts, effect, quantity: &str| Parts {
        parts,
        effect,
        quantity: quantity.to_owned(),
        alternatives: Vec::new(),
    };
    match &claim.test {
        Test::Increases(trend) => {
            let (parts, effect) = steps(side, columns, 1.0, trend.by.get(), trend.tolerance());
            of(parts, effect, "change from the first level to the last")
        }
        Test::Decreases(trend) => {
            let (parts, effect) = steps(side, columns, -1.0, trend.by.get(), trend.tolerance());
            let effect = effect.iter().map(|d| -d).collect();
            of(parts, effect, "change from the first level to the last")
        }
        Test::Peaks { rise, fall, .. } => peak(claim.estimand, side, columns, rise.get(), fall.get()),
        Test::Equals { value: Against::Number(value), within } => {
            let (value, within) = (*value, within.get());
            if is_share(claim) {
                let parts = vec![
                    apart(columns),
                    share(columns, value - within, 1.0),
                    share(columns, value + within, -1.0),
                ];
                return of(parts, Vec::new(), "share of the way");
            }
            let far = |sign: f64| x.iter().map(|x| sign * (x - value)).collect();
            let parts = vec![
                Part::at_least("the lower bound", far(1.0), -within),
                Part::at_least("the upper bound", far(-1.0), -within),
            ];
            of(parts, x.clone(), "value")
        }
        Test::Equals { within, .. } => {
            let (apart, within) = (difference(x, &columns[1]), within.get());
            let parts = vec![
                Part::at_least("the lower bound", apart.clone(), -within),
                Part::at_least("the upper bound", negative(&apart), -within),
            ];
            of(parts, apart, difference_from(claim))
        }
        Test::Greater(terms) => compared(claim, columns, &terms.than, terms.by.get(), 1.0),
        Test::Less(terms) => compared(claim, columns, &terms.than, terms.by.get(), -1.0),
    }
}

fn compared(claim: &ClaimConfig, columns: &[Vec<f64>], than: &Against, by: f64, sign: f64) -> Parts {
    let x = &columns[0];
    let (part, effect, quantity) = match than {
        Against::Number(than) if is_share(claim) => {
            let parts = vec![apart(columns), share(columns, than + sign * by, sign)];
            let (effect, quantity) = (Vec::new(), "share of the way".to_owned());
            return Parts { parts, effect, quantity, alternatives: Vec::new() };
        }
        Against::Number(than) => {
            let far = x.iter().map(|x| sign * (x - than)).collect();
            (Part::above("the difference", far, by), x.clone(), "value")
        }
        Against::Theory(_) | Against::Elsewhere(_) => {
            let apart = difference(x, &columns[1]);
            let part = Part::above("the difference", apart.iter().map(|d| sign * d).collect(), by);
            (part, apart, difference_from(claim))
        }
    };
    Parts { parts: vec![part], effect, quantity: quantity.to_owned(), alternatives: Vec::new() }
}

fn difference_from(claim: &ClaimConfig) -> &'static str {
    match claim.test.against() {
        Some((_, Against::Theory(_))) => "difference from theory",
        Some((_, Against::Number(_) | Against::Elsewhere(_))) | None => "difference",
    }
}

/// Whether it is about the share of a way.
pub(super) fn is_share(claim: &ClaimConfig) -> bool {
    use Quantity::{Argmax, Auc, Crossing, Share, Slope};
    match &claim.quantity {
        Some(Share { .. }) => true,
        Some(Slope(_) | Auc(_) | Argmax(_) | Crossing { .. }) | None => false,
    }
}

/// The end contrast above `by`, and no step below −tolerance, upwards or (sign −1) downwards.
fn steps(side: &Side, columns: &[Vec<f64>], sign: f64, by: f64, tolerance: f64) -> (Vec<Part>, Vec<f64>) {
    let signed =
        |to: &[f64], from: &[f64]| to.iter().zip(from).map(|(a, b)| sign * (a - b)).collect::<Vec<_>>();
    let last = columns.len() - 1;
    let ends = signed(&columns[last], &columns[0]);
    let mut parts = vec![Part::above("the change from end to end", ends.clone(), by)];
    // With two levels the one step is the end contrast.
    for i in 0..if last > 1 { last } else { 0 } {
        let what = format!("the step from {} to {}", side.columns[i], side.columns[i + 1]);
        parts.push(Part::at_least(what, signed(&columns[i + 1], &columns[i]), -tolerance));
    }
    (parts, ends)
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
    Parts {
        effect: effect.clone(),
        quantity: format!("{quantity} the peak at {} (the smaller of rise and fall)", side.columns[top]),
        alternatives: (0..columns.len()).map(|i| contrasts(i, &|column| column.to_vec())).collect(),
        parts: tested.into(),
    }
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
    if mean(&way) < 0.0 { negative(&way) } else { way }
}

pub(super) fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

fn negative(a: &[f64]) -> Vec<f64> {
    a.iter().map(|a| -a).collect()
}
