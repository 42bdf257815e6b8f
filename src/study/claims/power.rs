//! How many seeds would settle a claim.

use crate::numerics::math::student_tail;
use crate::numerics::stats::Location;

/// The chance that fresh seeds settle the claim.
const POWER: f64 = 0.9;

/// More than this is as good as never.
const MOST: u64 = 1_000_000;

/// The least number of values per part, from `least` on, with which a fresh run
/// would find the claim to hold (every part at level `hold`) or to fail (some
/// part at level `fail`) with chance 90 %; `None` beyond a million.
///
/// Where a part truly lies is not known: given d ± s/√n₀ from n₀ seeds, the mean
/// of n fresh ones is predicted by d + s·√(1/n₀ + 1/n)·t, with t of the first
/// run's degrees of freedom, and it settles nothing between −c and c standard
/// errors of the margin. The chances of that are added over the parts; but one part
/// that fails settles it alone.
pub(super) fn needs(parts: &[(Location, f64)], hold: f64, fail: f64, least: usize) -> Option<u64> {
    let open = |n: u64| {
        let idle: f64 = parts.iter().map(|part| idle(part, hold, fail, n)).sum();
        parts.iter().map(|part| not_failing(part, fail, n)).fold(idle, f64::min)
    };
    let enough = |n: u64| open(n) <= 1.0 - POWER;
    let mut most = (least as u64).max(60);
    let mut short = most - 1;
    while !enough(most) {
        short = most;
        most *= 2;
        if most > MOST {
            return None;
        }
    }
    // About 2 % will do.
    while most - short > 1 + most / 50 {
        let middle = short + (most - short) / 2;
        if enough(middle) { most = middle } else { short = middle }
    }
    Some(rounded_up(most))
}

/// To two digits: it is an estimate.
fn rounded_up(n: u64) -> u64 {
    let mut unit = 1;
    while n / unit >= 100 {
        unit *= 10;
    }
    n.div_ceil(unit) * unit
}

/// The chance that a part settles nothing with `n` fresh values.
fn idle(part: &(Location, f64), hold: f64, fail: f64, n: u64) -> f64 {
    not_failing(part, fail, n) - above(part, doubtful(&part.0, -1.0).critical(hold, n as usize), n)
}

/// The chance that a part does not fail with `n` fresh values.
fn not_failing(part: &(Location, f64), fail: f64, n: u64) -> f64 {
    above(part, -doubtful(&part.0, 1.0).critical_below(fail, n as usize), n)
}

/// The same with its skewness moved by two standard errors: fresh seeds may be more skewed than these.
fn doubtful(location: &Location, sign: f64) -> Location {
    let mut other = *location;
    other.skew += sign * 2.0 * (6.0 / location.n as f64).sqrt();
    other
}

/// The chance that `n` fresh values have their mean more than t standard errors above the margin.
fn above((location, margin): &(Location, f64), t: f64, n: u64) -> f64 {
    let (old, new) = (location.n as f64, n as f64);
    let spread = location.se * old.sqrt();
    let predicted = spread * (1.0 / old + 1.0 / new).sqrt();
    student_tail((t * spread / new.sqrt() - (location.estimate - margin)) / predicted, location.df)
}
