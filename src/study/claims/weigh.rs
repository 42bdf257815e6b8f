//! What the numbers of one place say of a claim, before other claims are counted.

use super::Improvement;
use super::evidence::Side;
use super::parts::{Part, Parts, is_share, parts};
use crate::lab::measure::SHARES;
use crate::numerics::math::powi;
use crate::numerics::stats::{Discrimination, Location, improvement, stratified_interval};
use crate::study::config::{Against, ClaimConfig, Crossing, Quantity, Test};
use crate::study::quantity::share_of_way;

/// Contrasts closer together than this share of the numbers they are made of are
/// one number: rounding, no chance.
const ROUNDING: f64 = 1e-9;

/// Equal contrasts in so many seeds are exact, as few as any verdict may rest on.
/// What seldom differs can hide there: 30 equal seeds exclude, at 1 %, only what
/// differs in more than one seed of seven.
const EXACT: usize = 30;

/// The same for levels of an axis, where equal ones are no wonder.
const EXACT_ON_A_GRID: usize = 60;

pub(super) struct Weight {
    pub(super) finding: Finding,
    pub(super) quantity: String,
    pub(super) estimate: Option<f64>,
    pub(super) interval: Option<[f64; 2]>,
    pub(super) seeds: u32,
}

pub(super) enum Finding {
    /// Nothing, and why.
    Silent(String),
    /// Every seed says the same; what is not so, if anything.
    Exact { not: Option<String> },
    /// It is a matter of chance.
    Tested(Tested),
}

/// p-values, and what they rest on.
pub(super) struct Tested {
    /// Of the claim: the largest of its parts.
    pub(super) hold: f64,
    /// Of its opposite: the smallest of its parts', times their number.
    pub(super) fail: f64,
    /// The part that is furthest from holding, and the one nearest to failing.
    pub(super) weakest: String,
    pub(super) opposed: String,
    /// Why there are too few seeds, and how many there must be.
    pub(super) too_few: Option<(String, usize)>,
    /// The parts that are a matter of chance: where they are, and their margins.
    pub(super) parts: Vec<(Location, f64)>,
    /// Seeds for each value of a part: 2 where half of the seeds pick the peak.
    pub(super) seeds_per_value: usize,
}

struct Scale<'a> {
    part: &'a Part,
    location: Location,
    exact: bool,
    hold: f64,
    fail: f64,
}

pub(super) fn weigh(claim: &ClaimConfig, side: &Side) -> Weight {
    match Discrimination::split(&claim.metric) {
        None => weigh_values(claim, side, None),
        Some((of, _)) => {
            let (values, fewest) = side.pseudo_values(of);
            weigh_values(claim, &values, Some(fewest))
        }
    }
}

/// `systems`: on how many of them the values rest, where these are of all seeds together.
fn weigh_values(claim: &ClaimConfig, side: &Side, systems: Option<usize>) -> Weight {
    let seeds = side.seeds.nrows();
    let silent = |why: String| Weight {
        finding: Finding::Silent(why),
        quantity: claim.metric.clone(),
        estimate: None,
        interval: None,
        seeds: seeds as u32,
    };
    if let Some(moot) = &claim.moot {
        return silent(format!("not tested: {moot}"));
    }
    if side.columns.len() < 2 && claim.test.along().is_some() {
        return silent("not tested: there is nothing to compare along in this run".to_owned());
    }
    for (i, name) in side.columns.iter().enumerate() {
        let bad = side.seeds.column(i).iter().filter(|x| !x.is_some_and(f64::is_finite)).count();
        if bad > 0 {
            return silent(absent(claim, name, bad, seeds));
        }
    }
    let columns: Vec<Vec<f64>> = (0..side.columns.len()).map(|i| side.column(i)).collect();
    let size = columns.iter().flatten().fold(0.0, |size: f64, x| size.max(x.abs()));
    let peak = seeds_per_value(claim);
    if seeds < 2 * peak {
        let x = columns[0].first().copied().filter(|_| columns.len() == 1);
        return Weight {
            estimate: x,
            ..silent(format!("{} seeds at the least are needed to say anything of chance", 2 * peak))
        };
    }
    let Parts { parts, effect, quantity, alternatives } = parts(claim, side, &columns);
    let scales: Vec<Scale> = parts.iter().map(|part| on_the_scale(claim, part, size, systems)).collect();
    let (estimate, interval) = match &columns[..] {
        [x, from, to] if is_share(claim) => {
            share_of_way(x, from, to).map_or((None, None), |(x, i)| (Some(x), i))
        }
        _ => describe(claim, &effect),
    };
    // What is rounding is nothing.
    let clean = |x: f64| if x.abs() <= 1e-12 * size { 0.0 } else { x };
    let (estimate, interval) = (estimate.map(clean), interval.map(|ends| ends.map(clean)));
    let weakest = furthest(&scales, |s| s.hold);
    if is_share(claim) && scales[0].exact && scales[0].hold > 0.5 {
        return silent(
            "there is no share of a way that is nothing in every seed, however many there are".to_owned(),
        );
    }
    let finding = if scales.iter().all(|s| s.exact) {
        let required = required_if_exact(claim);
        if seeds < required {
            let few = "are too few to rest a verdict on: at least";
            Finding::Silent(format!("the same in all seeds, but {seeds} {few} {required}"))
        } else {
            let not = scales.iter().find(|s| s.hold > 0.5).map(|s| s.part.what.clone());
            Finding::Exact { not }
        }
    } else {
        let opposed = furthest(&scales, |s| -s.fail);
        let fail = if is_share(claim) {
            // Without a way, which the first part shows, there is no share that could be too small.
            (opposed.fail * scales.len() as f64).max(scales[0].hold)
        } else if alternatives.is_empty() {
            opposed.fail * scales.len() as f64
        } else {
            // At every level one of two parts must fail.
            let fail = |part: &Part| on_the_scale(claim, part, size, systems).fail;
            let level = |pair: &[Part; 2]| 2.0 * pair.iter().map(fail).fold(1.0, f64::min);
            alternatives.iter().map(level).fold(0.0, f64::max)
        };
        Finding::Tested(Tested {
            hold: weakest.hold,
            fail: fail.min(1.0),
            weakest: weakest.part.what.clone(),
            opposed: opposed.part.what.clone(),
            too_few: too_few(&scales, peak),
            parts: scales.iter().filter(|s| !s.exact).map(|s| (s.location, s.part.margin)).collect(),
            seeds_per_value: peak,
        })
    };
    Weight { finding, quantity, estimate, interval, seeds: seeds as u32 }
}

/// Why there is no number in some seeds.
fn absent(claim: &ClaimConfig, column: &str, bad: usize, seeds: usize) -> String {
    let metric = &claim.metric;
    let of = if bad == seeds { "in any seed".to_owned() } else { format!("in {bad} of {seeds} seeds") };
    let place = if claim.test.along().is_some() { format!(" at {column}") } else { String::new() };
    match (&claim.quantity, claim.test.against()) {
        (_, Some((_, Against::Theory(theory)))) if column == theory.name() => {
            format!("`{column}` has no word on {metric} here")
        }
        (Some(Quantity::Crossing(Crossing { at, .. })), _) => {
            format!("{metric} does not cross {}{place} {of} (or is not defined there)", at.get())
        }
        (Some(_) | None, _) => format!("{metric} is not defined{place} {of}"),
    }
}

/// Of a comparison with another place, the chance that a seed's value is greater
/// here; none where nothing was `weighed`.
pub(super) fn improvement_over(claim: &ClaimConfig, side: &Side, weighed: &Weight) -> Option<Improvement> {
    let Some((_, Against::Elsewhere(_))) = claim.test.against() else { return None };
    if Discrimination::split(&claim.metric).is_some() {
        // There is nothing in a seed that could be greater than in another.
        return None;
    }
    weighed.estimate?;
    let [here, there] = [0, 1].map(|i| side.column(i));
    let of = |runs: &[Vec<f64>]| improvement(&runs[0], &runs[1]);
    let interval = stratified_interval(&[&here, &there], of, &claim.say);
    Some(Improvement { chance: improvement(&here, &there), interval })
}

/// Half of the seeds pick the peak.
pub(super) fn seeds_per_value(claim: &ClaimConfig) -> usize {
    if matches!(claim.test, Test::Peaks { .. }) { 2 } else { 1 }
}

fn required_if_exact(claim: &ClaimConfig) -> usize {
    if matches!(claim.quantity, Some(Quantity::Argmax(_))) { EXACT_ON_A_GRID } else { EXACT }
}

/// The first of the largest.
fn furthest<'a, 'p>(scales: &'a [Scale<'p>], of: impl Fn(&Scale) -> f64) -> &'a Scale<'p> {
    scales.iter().reduce(|worst, scale| if of(scale) > of(worst) { scale } else { worst }).expect("some part")
}

/// `size` is that of the numbers the contrasts are made of.
fn on_the_scale<'p>(claim: &ClaimConfig, part: &'p Part, size: f64, systems: Option<usize>) -> Scale<'p> {
    let location = claim.estimand.location(&part.values);
    let (least, most) =
        part.values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(*x), b.max(*x)));
    let rounding = ROUNDING * size.max(part.margin.abs());
    if most - least <= rounding {
        let distance = 0.5 * (least + most) - part.margin;
        if let Some(systems) = systems {
            return equal_shares(part, location, distance, systems);
        }
        if claim.quantity.is_none() && SHARES.contains(&claim.metric.as_str()) {
            return equal_shares(part, location, distance, location.n);
        }
        let holds = if part.closed { distance >= -rounding } else { distance > rounding };
        let p = if holds { 0.0 } else { 1.0 };
        return Scale { part, location, exact: true, hold: p, fail: 1.0 - p };
    }
    let (above, below) = (location.above(part.margin), location.below(part.margin));
    let (hold, fail) = if part.twofold { ((2.0 * above).min(1.0), 1.0) } else { (above, below) };
    Scale { part, location, exact: false, hold, fail }
}

/// Shares that are the same in n seeds, a `distance` from the margin: a contrast of
/// shares differs from this one by at most 2, so were the truth on the margin, it
/// would differ in distance/2 of all seeds, and n equal ones have chance (1 − distance/2)ⁿ.
/// An AUC that is 1 is that of n pairs without a common system, n being the smaller class.
fn equal_shares(part: &Part, location: Location, distance: f64, n: usize) -> Scale<'_> {
    let chance = |distance: f64| powi(1.0 - 0.5 * distance.clamp(0.0, 2.0), n as u32);
    Scale { part, location, exact: false, hold: chance(distance), fail: chance(-distance) }
}

fn too_few(scales: &[Scale], seeds_per_value: usize) -> Option<(String, usize)> {
    let hungry = scales.iter().filter(|s| !s.exact).max_by_key(|s| s.location.seeds_required())?;
    let (there, required) = (hungry.location.n, hungry.location.seeds_required());
    (there < required).then(|| {
        let why = if required > 30 {
            format!(", because contrasts are skewed ({:.1})", hungry.location.skew)
        } else {
            String::new()
        };
        let halves = if seeds_per_value == 2 { ", half of them to pick the peak" } else { "" };
        let all = required * seeds_per_value;
        (format!("fewer than the {all} seeds that the test needs{halves}{why}"), all)
    })
}

fn describe(claim: &ClaimConfig, effect: &[f64]) -> (Option<f64>, Option<[f64; 2]>) {
    let location = claim.estimand.location(effect);
    let interval = Some(location.interval(0.95)).filter(|ends| ends.iter().all(|x| x.is_finite()));
    (Some(location.estimate), interval)
}
