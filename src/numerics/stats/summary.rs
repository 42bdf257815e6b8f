//! A metric over seeds: mean, interquartile mean, and percentile bootstrap
//! intervals for the bands on figures.

use crate::numerics::rng::{Purpose, Rng, Streams};
use ndarray::{Array2, ArrayView2, Axis};
use rand::Rng as _;
use std::collections::BTreeMap;

/// Resamples behind every interval.
pub(super) const RESAMPLES: usize = 2000;

/// A metric over seeds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Values.
    pub n: usize,
    /// Mean.
    pub mean: f64,
    /// Standard deviation (ddof 1); missing for one value.
    pub sd: Option<f64>,
    /// 95 % percentile bootstrap interval of the mean; missing for one value.
    pub mean_interval: Option<(f64, f64)>,
    /// Interquartile mean.
    pub iqm: f64,
    /// 95 % percentile bootstrap interval of the interquartile mean; missing for one value.
    pub iqm_interval: Option<(f64, f64)>,
}

/// Mean of the middle half: floor(n/4) values are left out at either end of
/// the sorted values. IQM of 0 … 7 is 3.5.
pub fn iqm(sorted: &[f64]) -> f64 {
    let trim = sorted.len() / 4;
    mean(&sorted[trim..sorted.len() - trim])
}

/// Arithmetic mean.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Standard deviation with ddof 1.
pub fn sd(values: &[f64]) -> f64 {
    let m = mean(values);
    let squares: f64 = values.iter().map(|x| (x - m) * (x - m)).sum();
    (squares / (values.len() as f64 - 1.0)).sqrt()
}

/// Summarises metrics; metrics with equally many values share their resamples.
#[derive(Default)]
pub struct Summariser {
    /// How often each of n values is in each resample; \[n\]\[resamples\].
    resamples: BTreeMap<usize, Array2<i32>>,
}

impl Summariser {
    /// Summary of the finite `values`; `None` if there are none.
    pub fn summarise(&mut self, values: &[f64]) -> Option<Summary> {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|x| x.is_finite()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let n = sorted.len();
        let (first, last) = (*sorted.first()?, *sorted.last()?);
        let middle = iqm(&sorted);
        let mut summary = Summary {
            n,
            mean: mean(&sorted),
            sd: None,
            mean_interval: None,
            iqm: middle,
            iqm_interval: None,
        };
        if n > 1 {
            summary.sd = Some(sd(&sorted));
            let intervals = if first == last {
                // Nothing to resample, and no rounding to report as spread.
                summary.mean = first;
                summary.iqm = first;
                summary.sd = Some(0.0);
                [(first, first); 2]
            } else {
                resampled(&sorted, self.counts(n)).map(ends)
            };
            [summary.mean_interval, summary.iqm_interval] = intervals.map(Some);
        }
        Some(summary)
    }

    /// How often each of n values is in each resample.
    fn counts(&mut self, n: usize) -> ArrayView2<'_, i32> {
        // They depend on n alone, so forgetting some costs time and changes nothing.
        if self.resamples.len() >= 4 && !self.resamples.contains_key(&n) {
            self.resamples.clear();
        }
        let counts = self.resamples.entry(n).or_insert_with(|| {
            let mut rng = Streams { seed: 0, repetition: 0 }.stream(Purpose::Bootstrap, "", n as u64);
            let mut counts = Array2::zeros((n, RESAMPLES));
            for mut resample in counts.columns_mut() {
                (0..n).for_each(|_| resample[below(&mut rng, n)] += 1);
            }
            counts
        });
        counts.view()
    }
}

/// A uniform index below n, by multiply-shift: bias below n/2⁶⁴.
pub(super) fn below(rng: &mut Rng, n: usize) -> usize {
    ((u128::from(rng.next_u64()) * n as u128) >> 64) as usize
}

/// Resamples that are summed at once: what is kept of them stays in the nearest cache.
const LANES: usize = 250;
const _: () = assert!(RESAMPLES.is_multiple_of(LANES));

/// Means and interquartile means of the resamples of sorted values.
///
/// The trick: values are sorted once, and a resample is a count per value, so
/// its interquartile mean is one pass; and the same pass for many resamples, side by side.
fn resampled(sorted: &[f64], counts: ArrayView2<'_, i32>) -> [Vec<f64>; 2] {
    let n = sorted.len();
    let (low, high) = ((n / 4) as i32, (n - n / 4) as i32);
    let (mut means, mut iqms) = (Vec::with_capacity(RESAMPLES), Vec::with_capacity(RESAMPLES));
    for lanes in counts.axis_chunks_iter(Axis(1), LANES) {
        let (mut total, mut middle, mut rank) = ([0.0; LANES], [0.0; LANES], [0; LANES]);
        for (x, counts) in sorted.iter().zip(lanes.rows()) {
            let counts = counts.to_slice().expect("resamples lie side by side");
            for (i, &c) in counts.iter().enumerate().take(LANES) {
                let inside = ((rank[i] + c).min(high) - rank[i].max(low)).max(0);
                total[i] += x * f64::from(c);
                middle[i] += x * f64::from(inside);
                rank[i] += c;
            }
        }
        means.extend(total.map(|total: f64| total / n as f64));
        iqms.extend(middle.map(|middle: f64| middle / f64::from(high - low)));
    }
    [means, iqms]
}

/// The middle 95 % of resamples, as [`quantile`] of them sorted has it.
fn ends(mut values: Vec<f64>) -> (f64, f64) {
    let mut at = |q: f64| {
        let position = q * (values.len() - 1) as f64;
        let (_, below, above) = values.select_nth_unstable_by(position as usize, f64::total_cmp);
        let above = above.iter().copied().min_by(f64::total_cmp).unwrap_or(*below);
        *below + (position - position.floor()) * (above - *below)
    };
    (at(0.025), at(0.975))
}

/// Quantile of sorted values, interpolating linearly (Hyndman and Fan's type 7).
pub fn quantile(sorted: &[f64], q: f64) -> f64 {
    let position = q * (sorted.len() - 1) as f64;
    let below = position as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (position - below as f64) * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interquartile_mean() {
        assert_eq!(iqm(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), 3.5);
        assert_eq!(iqm(&[-100.0, 1.0, 2.0, 300.0]), 1.5);
        assert_eq!(iqm(&[2.0, 4.0, 9.0]), 5.0);
    }

    #[test]
    fn resamples_by_counts_are_resamples() {
        let sorted: Vec<f64> = (0..9).map(|i| f64::from(i * i)).collect();
        let counts = Summariser::default().counts(9).to_owned();
        let [means, mut iqms] = resampled(&sorted, counts.view());
        let mut expected: Vec<f64> = counts
            .columns()
            .into_iter()
            .map(|c| {
                let drawn: Vec<f64> =
                    sorted.iter().zip(c).flat_map(|(x, &c)| std::iter::repeat_n(*x, c as usize)).collect();
                assert_eq!(drawn.len(), 9);
                iqm(&drawn)
            })
            .collect();
        let interval = ends(iqms.clone());
        expected.sort_by(f64::total_cmp);
        iqms.sort_by(f64::total_cmp);
        assert_eq!(interval, (quantile(&iqms, 0.025), quantile(&iqms, 0.975)));
        for (a, b) in iqms.iter().zip(&expected) {
            assert!((a - b).abs() < 1e-12);
        }
        // The bootstrap's standard error of the mean is sd·√((n−1)/n)/√n, within its own Monte Carlo error.
        let se = sd(&means);
        let expected = sd(&sorted) * (8.0f64 / 9.0).sqrt() / 3.0;
        assert!((se / expected - 1.0).abs() < 4.0 / (2.0 * RESAMPLES as f64).sqrt());
    }

    #[test]
    fn degenerate_samples() {
        let mut s = Summariser::default();
        assert_eq!(s.summarise(&[]), None);
        assert_eq!(s.summarise(&[f64::INFINITY]), None);
        let one = s.summarise(&[3.0]).unwrap();
        assert_eq!((one.n, one.sd, one.mean_interval), (1, None, None));
        let same = s.summarise(&[0.1; 7]).unwrap();
        assert_eq!((same.mean, same.sd, same.iqm_interval), (0.1, Some(0.0), Some((0.1, 0.1))));
    }
}
