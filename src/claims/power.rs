//! How many seeds would settle a claim.

use crate::math::student_tail;
use crate::stats::Location;

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
/// errors of the margin. The chances of that are added over the parts.
pub(super) fn needs(parts: &[(Location, f64)], hold: f64, fail: f64, least: usize) -> Option<u64> {
    let idle = |n: u64| parts.iter().map(|part| idle(part, hold, fail, n)).sum::<f64>();
    let enough = |n: u64| idle(n) <= 1.0 - POWER;
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
fn idle((location, margin): &(Location, f64), hold: f64, fail: f64, n: u64) -> f64 {
    let (old, new) = (location.n as f64, n as f64);
    let spread = location.se * old.sqrt();
    let predicted = spread * (1.0 / old + 1.0 / new).sqrt();
    let distance = location.estimate - margin;
    let chance_above =
        |critical: f64| student_tail((critical * spread / new.sqrt() - distance) / predicted, location.df);
    let (up, down) = (location.critical(hold, n as usize), location.critical_below(fail, n as usize));
    chance_above(-down) - chance_above(up)
}
