//! What claims, figures and leaderboards make of a metric: a number of its curve in each seed, or, of all seeds
//! together, the share of a way.

use super::config::{Along, Crossing, Quantity};
use super::plan::Plan;
use crate::numerics::stats::{Location, difference, mean, ratio_of_means};

/// The curve of one seed along an axis: where each place lies and its value, in the order of `places`; `None` where
/// one has no such level or value.
pub fn curve(
    plan: &Plan,
    along: &Along,
    places: impl IntoIterator<Item = usize>,
    mut value: impl FnMut(usize) -> Option<f64>,
) -> Option<Vec<(f64, f64)>> {
    let mut point = |place: usize| {
        let level = plan.level(&plan.conditions()[place], &along.along)?;
        Some((along.coordinate(&level)?, value(place)?))
    };
    places.into_iter().map(&mut point).collect()
}

/// What is made of a curve in one seed, whose points are in the order of the levels as listed; `None` where it never
/// crosses.
pub fn reduce(quantity: &Quantity, curve: &[(f64, f64)]) -> Option<f64> {
    let mut sorted = curve.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (first, last) = (sorted.first()?, sorted.last()?);
    match quantity {
        Quantity::Share { .. } => None,
        Quantity::Slope(_) => {
            let n = sorted.len() as f64;
            let (x, y) = sorted.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / n, y + p.1 / n));
            let (xy, xx) = sorted
                .iter()
                .fold((0.0, 0.0), |(xy, xx), p| (xy + (p.0 - x) * (p.1 - y), xx + (p.0 - x) * (p.0 - x)));
            (xx > 0.0).then(|| xy / xx)
        }
        Quantity::Auc(_) => {
            let area: f64 = sorted.windows(2).map(|w| (w[1].0 - w[0].0) * 0.5 * (w[0].1 + w[1].1)).sum();
            (last.0 > first.0).then(|| area / (last.0 - first.0))
        }
        Quantity::Argmax(_) => {
            let best = sorted.iter().reduce(|best, p| if p.1 > best.1 { p } else { best })?;
            Some(best.0)
        }
        // As listed: pressure may rise as levels fall.
        Quantity::Drop(_) => Some(curve.windows(2).map(|w| w[0].1 - w[1].1).fold(0.0, f64::max)),
        Quantity::Crossing(Crossing { at, .. }) => {
            let at = at.get();
            let crossed = sorted.windows(2).find(|w| (w[0].1 - at) * (w[1].1 - at) <= 0.0)?;
            let (a, b) = (crossed[0], crossed[1]);
            Some(if a.1 == b.1 { a.0 } else { a.0 + (at - a.1) / (b.1 - a.1) * (b.0 - a.0) })
        }
    }
}

/// A way shorter than so many standard errors of its length, or than this share of what there was to gain, is nothing.
const SHORT: (f64, f64) = (3.0, 0.05);

/// Whether there is a way to speak of, upwards, between two places: its length, the mean over seeds of to − from, is at
/// least 3 of its standard errors (of one seed nothing is known of these) and a twentieth of what `to` gains over
/// `reference` in the mean.
pub fn is_a_way(from: &[f64], to: &[f64], reference: f64) -> bool {
    let way = Location::of_mean(&difference(to, from));
    let far = way.n == 1 || way.estimate >= SHORT.0 * way.se;
    way.estimate > 0.0 && far && way.estimate >= SHORT.1 * (mean(to) - reference)
}

/// The share of the way, a ratio of means over seeds,
///
/// (x − from)/(to − from),
///
/// and Fieller's 95 % interval of it, as [`ratio_of_means`] has them.
pub fn share_of_way(x: &[f64], from: &[f64], to: &[f64]) -> Option<(f64, Option<[f64; 2]>)> {
    ratio_of_means(&difference(x, from), &difference(to, from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_one_of_means() {
        let (x, from, to) = ([2.0, 3.0, 2.5, 3.5], [1.0, 2.0, 1.0, 2.0], [4.0, 6.0, 4.0, 6.0]);
        let (share, interval) = share_of_way(&x, &from, &to).unwrap();
        assert_eq!(share, 1.25 / 3.5);
        // By hand: Var(x − from) = ¹⁄₄₈, Var(to − from) = ¹⁄₁₂, Cov = 0 of the means, and t = 3.1824.
        let square = |x: f64| x * x;
        let g = square(3.182_446_305_284_264);
        let of = |v: f64| square(1.25 - v * 3.5) - g * (1.0 / 48.0 + v * v / 12.0);
        assert!(interval.unwrap().iter().all(|v| of(*v).abs() < 1e-9), "{interval:?}");
    }

    #[test]
    fn no_way_is_no_share() {
        let is = |to: [f64; 3], reference| is_a_way(&[0.0; 3], &to, reference);
        assert!(!is([1.0, -1.0, 0.5], 0.0), "within its error");
        assert!(is([1.0; 3], 0.0));
        assert!(!is([1.0; 3], -30.0), "a twentieth of what there was to gain");
        assert!(!is([-1.0; 3], 0.0), "backwards");
        assert!(is_a_way(&[0.0], &[1.0], 0.0) && !is_a_way(&[], &[], 0.0));
    }
}
