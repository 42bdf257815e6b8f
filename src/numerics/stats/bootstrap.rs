//! Runs × tasks: aggregates and their stratified bootstrap intervals.

use super::summary::{RESAMPLES, below, iqm, quantile};
use crate::numerics::rng::{Purpose, Streams};

/// Interquartile mean of all runs of all tasks, pooled: floor(N/4) of the N
/// values are left out at either end. NaN if there are none.
///
/// Source: R. Agarwal et al., NeurIPS 2021, §4.3.
pub fn iqm_of_tasks(tasks: &[&[f64]]) -> f64 {
    let mut pooled = tasks.concat();
    pooled.sort_unstable_by(f64::total_cmp);
    iqm(&pooled)
}

/// 95 % percentile bootstrap interval of a statistic of several tasks, runs being
/// resampled within each task; tasks need not have equally many. It is for bands
/// on figures; verdicts rest on [`Location`](super::Location).
///
/// Runs are numbers, or whatever else a statistic is of.
/// `statistic` sees 2000 resamples, one list of runs per task, in the order of
/// `tasks`. The draws depend on `name` and the number of runs alone, so the
/// interval is the same wherever and whenever it is computed.
///
/// `None` if there are no tasks, a task has fewer than two runs, or the
/// statistic of some resample is not finite.
///
/// Source: R. Agarwal et al., NeurIPS 2021, §4.1; B. Efron and R. J. Tibshirani,
/// *An Introduction to the Bootstrap* (1993), §13.3.
///
/// ```
/// use oversight::numerics::stats::{mean, stratified_interval};
/// let tasks: [&[f64]; 2] = [&[0.0, 0.5, 0.25], &[0.75, 1.0]];
/// let worst = |runs: &[Vec<f64>]| runs.iter().map(|r| mean(r)).fold(f64::INFINITY, f64::min);
/// let [low, high] = stratified_interval(&tasks, worst, "worst task").unwrap();
/// assert!(0.0 <= low && low < high && high <= 0.5);
/// ```
pub fn stratified_interval<T: Copy>(
    tasks: &[&[T]],
    mut statistic: impl FnMut(&[Vec<T>]) -> f64,
    name: &str,
) -> Option<[f64; 2]> {
    if tasks.is_empty() || tasks.iter().any(|runs| runs.len() < 2) {
        return None;
    }
    let runs: usize = tasks.iter().map(|runs| runs.len()).sum();
    let mut rng = Streams { seed: 0, repetition: 0 }.stream(Purpose::Bootstrap, name, runs as u64);
    let mut resample: Vec<Vec<T>> = tasks.iter().map(|runs| runs.to_vec()).collect();
    let mut statistics = Vec::with_capacity(RESAMPLES);
    for _ in 0..RESAMPLES {
        for (drawn, runs) in resample.iter_mut().zip(tasks) {
            drawn.fill_with(|| runs[below(&mut rng, runs.len())]);
        }
        statistics.push(statistic(&resample));
    }
    statistics.sort_unstable_by(f64::total_cmp);
    let finite = statistics.iter().all(|x| x.is_finite());
    finite.then(|| [quantile(&statistics, 0.025), quantile(&statistics, 0.975)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::stats::{Summariser, mean};

    #[test]
    fn one_task_is_the_plain_bootstrap() {
        // The same stream, so the same resamples; only the order of summation differs.
        let runs: Vec<f64> = (0..12).map(|i| f64::from(i * i % 7)).collect();
        let mut sorted = runs;
        sorted.sort_unstable_by(f64::total_cmp);
        let summary = Summariser::default().summarise(&sorted).unwrap();
        let [low, high] = stratified_interval(&[&sorted], |r| mean(&r[0]), "").unwrap();
        let (expected_low, expected_high) = summary.mean_interval.unwrap();
        assert!((low - expected_low).abs() < 1e-12 && (high - expected_high).abs() < 1e-12);
    }

    #[test]
    fn nothing_to_resample() {
        let first = |r: &[Vec<f64>]| r[0][0];
        assert_eq!(stratified_interval(&[], first, ""), None);
        assert_eq!(stratified_interval(&[&[1.0, 2.0], &[1.0]], first, ""), None);
        assert_eq!(stratified_interval(&[&[1.0, f64::NAN]], first, ""), None);
        assert_eq!(stratified_interval(&[&[3.0; 4]], first, ""), Some([3.0, 3.0]));
    }
}
