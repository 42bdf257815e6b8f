//! Performance profiles: the share of seeds above a threshold τ, over τ
//! (Agarwal et al. 2021, "Deep Reinforcement Learning at the Edge of the
//! Statistical Precipice", section 4.3).
//!
//! The band is the pointwise 95 % percentile bootstrap interval over seeds. No
//! resampling is needed: the resampled number of seeds above τ is binomial.

use super::*;
use crate::numerics::math::binomial;
use crate::numerics::stats;

pub(super) const FORM: Form = Form {
    points: of_series,
    draw: |page, frame| lines::draw(page, frame, true),
    names_at_ends: true,
    shown: "Share of {seeds} above a threshold; bands: pointwise 95 % percentile bootstrap interval.",
    series: "Lines",
    ..PLAIN
};

/// More steps than this are not seen.
const MOST: usize = 400;

/// The share of seeds above each threshold.
fn of_series(view: &View<'_>, panel: At, by: usize, metric: &str) -> Vec<Point> {
    let of = |panel: At, by: usize| {
        view.of_seeds(panel, by, metric).into_iter().flat_map(|(_, values)| values).flatten()
    };
    let panels =
        (0..view.rows.len()).flat_map(|row| (0..view.columns.len()).map(move |column| (row, column)));
    let all = panels.flat_map(|panel| (0..view.by.len()).flat_map(move |by| of(panel, by)));
    let finite = all.filter(|x| x.is_finite()).map(|x| (x, x));
    let ends = finite.reduce(|(low, high), (x, _)| (low.min(x), high.max(x)));
    ends.map(|ends| points(of(panel, by).collect(), ends)).unwrap_or_default()
}

/// One point left of the `ends` of all series, and one at each value of `here`, the place of a step.
fn points(mut here: Vec<f64>, (first, last): (f64, f64)) -> Vec<Point> {
    here.retain(|x| x.is_finite());
    here.sort_unstable_by(f64::total_cmp);
    if here.is_empty() {
        return Vec::new();
    }
    let stride = here.len().div_ceil(MOST);
    let mut thresholds: Vec<f64> = here.iter().copied().step_by(stride).collect();
    // From the left side, with every seed above, to the last step of all series.
    let before = first - 0.02 * (last - first);
    thresholds.insert(0, before);
    thresholds.extend([here[here.len() - 1], last]);
    thresholds.dedup();
    let shares = stats::profile(&here, &thresholds);
    let point = |(x, y): (f64, f64)| {
        let (lo, hi) = binomial_interval(here.len(), y);
        Point { x, y, lo, hi }
    };
    thresholds.into_iter().zip(shares).map(point).collect()
}

/// Quantiles .025 and .975 of B(n, p)/n.
fn binomial_interval(n: usize, p: f64) -> (f64, f64) {
    if p <= 0.0 || p >= 1.0 {
        return (p, p);
    }
    let (least, weights) = binomial(n as u32, p);
    let total: f64 = weights.iter().sum();
    let quantile = |q: f64| {
        let mut sum = 0.0;
        let above = weights.iter().position(|w| {
            sum += w;
            sum >= q * total
        });
        above.map_or(1.0, |i| (least as usize + i) as f64 / n as f64)
    };
    (quantile(0.025), quantile(0.975))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_falls_from_one_to_nothing_in_steps_of_one_seed() {
        let points = points(vec![3.0, 1.0, 2.0, 2.0, f64::NAN], (0.0, 4.0));
        let shares: Vec<(f64, f64)> = points.iter().map(|p| (p.x, p.y)).collect();
        assert_eq!(shares, [(-0.08, 1.0), (1.0, 0.75), (2.0, 0.25), (3.0, 0.0), (4.0, 0.0)]);
        assert!(points.iter().all(|p| p.lo <= p.y && p.y <= p.hi));
    }

    #[test]
    fn quantiles_of_the_binomial() {
        // B(10, .5): P(≤1) = .0107, P(≤2) = .0547; symmetric.
        assert_eq!(binomial_interval(10, 0.5), (0.2, 0.8));
        assert_eq!(binomial_interval(7, 1.0), (1.0, 1.0));
        let (lo, hi) = binomial_interval(100_000, 0.3);
        let half = 1.96 * (0.3 * 0.7 / 100_000.0f64).sqrt();
        assert!((lo - 0.3 + half).abs() < 2e-5 && (hi - 0.3 - half).abs() < 2e-5);
    }
}
