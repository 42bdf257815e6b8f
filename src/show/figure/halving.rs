//! A curve as fine as the eye sees it: stretches are halved until they are straight, so that a step
//! is drawn as a step and a kink as a kink.

use crate::numerics::math::log10;
use crate::study::config::Scale;

/// A place along x and what the curve is there; none where there is no curve.
type Spot = (f64, Option<f64>);

/// Every stretch is halved so many times, whatever it looks like, and none more often than that.
const LEAST: usize = 2;
const MOST: usize = 14;
/// A stretch is straight if its middle is this near the line through its ends, as a share of the range of
/// the curve; and one that is narrower than this share of x is not halved.
const STRAIGHT: f64 = 0.002;
const NARROW: f64 = 0.0007;

/// The curve through some spots, x rising, and through what `ask` says of many places between them.
/// `whole`: x has whole numbers only. `None` if what is asked about cannot be.
pub(super) fn halved(
    spots: Vec<Spot>,
    (scale, whole): (Scale, bool),
    mut ask: impl FnMut(&[f64]) -> Option<Vec<Option<f64>>>,
) -> Option<Vec<Spot>> {
    let along = |x: f64| if scale == Scale::Log { log10(x) } else { x };
    let (Some(first), Some(last)) = (spots.first(), spots.last()) else { return Some(spots) };
    let narrow = NARROW * (along(last.0) - along(first.0));
    let middle = |a: f64, b: f64| {
        let middle = if scale == Scale::Log { (a * b).sqrt() } else { 0.5 * (a + b) };
        let middle = if whole { middle.round() } else { middle };
        (a < middle && middle < b && along(b) - along(a) > narrow).then_some(middle)
    };
    // Whether the stretch before each spot may still be halved.
    let mut curve: Vec<(Spot, bool)> = spots.into_iter().map(|spot| (spot, true)).collect();
    for turn in 0..MOST {
        let middles: Vec<Option<f64>> =
            curve.windows(2).map(|pair| middle(pair[0].0.0, pair[1].0.0).filter(|_| pair[1].1)).collect();
        let asked: Vec<f64> = middles.iter().flatten().copied().collect();
        if asked.is_empty() {
            break;
        }
        let mut said = ask(&asked)?.into_iter();
        let known = || curve.iter().filter_map(|(spot, _)| spot.1);
        let range = known().fold(f64::NEG_INFINITY, f64::max) - known().fold(f64::INFINITY, f64::min);
        let mut finer = vec![curve[0]];
        for (pair, middle) in curve.windows(2).zip(middles) {
            let [(from, _), (to, _)] = [pair[0], pair[1]];
            let Some(x) = middle else {
                finer.push((to, false));
                continue;
            };
            let y = said.next().flatten();
            let straight = match (from.1, y, to.1) {
                (Some(a), Some(y), Some(b)) => (y - 0.5 * (a + b)).abs() <= STRAIGHT * range,
                (None, None, None) => true,
                _ => false,
            };
            let open = turn + 1 < LEAST || !straight;
            finer.extend([((x, y), open), (to, open)]);
        }
        curve = finer;
    }
    Some(curve.into_iter().map(|(spot, _)| spot).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traced(xs: &[f64], scale: (Scale, bool), curve: impl Fn(f64) -> Option<f64>) -> Vec<Spot> {
        let spots = xs.iter().map(|x| (*x, curve(*x))).collect();
        halved(spots, scale, |xs| Some(xs.iter().map(|x| curve(*x)).collect())).unwrap()
    }

    const LINEAR: (Scale, bool) = (Scale::Linear, false);

    #[test]
    fn a_step_between_two_levels_is_upright_where_it_is() {
        let curve = traced(&[0.0, 0.5, 1.0], LINEAR, |x| Some(if x < 0.87 { 0.2 } else { 0.9 }));
        let jump = curve.windows(2).find(|pair| pair[0].1 != pair[1].1).unwrap();
        assert!(jump[0].0 < 0.87 && 0.87 <= jump[1].0 && jump[1].0 - jump[0].0 < 0.001, "{jump:?}");
        assert!(curve.len() < 40, "{}", curve.len());
    }

    #[test]
    fn what_is_joined_is_the_curve_kinks_and_all() {
        let wave = |x: f64| (x - 0.37).abs().max(2.0 * x * x - 0.3);
        let curve = traced(&[0.0, 1.0], LINEAR, |x| Some(wave(x)));
        for i in 0..=1000 {
            let x = f64::from(i) / 1000.0;
            let pair = curve.windows(2).find(|pair| x <= pair[1].0).unwrap();
            let [(a, from), (b, to)] = [pair[0], pair[1]];
            let y = from.unwrap() + (to.unwrap() - from.unwrap()) * (x - a) / (b - a);
            assert!((y - wave(x)).abs() < 0.01, "{x}: {y} for {}", wave(x));
        }
    }

    #[test]
    fn whole_numbers_stay_whole_and_gaps_stay_gaps() {
        let curve = traced(&[1.0, 64.0], (Scale::Log, true), |x| (x < 20.0).then_some(x));
        assert!(curve.iter().all(|(x, y)| x.fract() == 0.0 && (*x < 20.0) == y.is_some()));
        assert!(curve.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(curve.iter().rfind(|spot| spot.1.is_some()).unwrap().0, 19.0);
        assert_eq!(traced(&[], LINEAR, |_| None), []);
        assert_eq!(traced(&[3.0], LINEAR, |_| Some(1.0)), [(3.0, Some(1.0))]);
        assert_eq!(halved(vec![(0.0, None), (1.0, None)], LINEAR, |_| None), None);
    }
}
