//! The squared loss: the least squares of w·d against ½ for "first", −½ for "second" and 0 for a tie.
//!
//! Minimised is 2Σ(w·d − (y − ½))² + (l2/2)|w|²: the logarithm of a posterior, were labels normal with the variance
//! of a coin, which that of none exceeds. Of two answers that differ in one feature by 1 it learns the
//! share of "first" less ½, which is the log-odds over 4 near an even choice. With the tilt this is IPO
//! (Azar et al. 2023), whose 1/τ is the tilt's 1/β.

use super::bradley_terry::add_prior;
use super::{Comparisons, Fit};
use crate::numerics::math::LeastSquares;

/// Log-odds in a unit of what is learned, near an even choice: the slope of σ⁻¹ at ½.
pub(super) const LOG_ODDS: f64 = 4.0;

/// Fits weights with prior precision `l2` > 0.
///
/// ```
/// use oversight::lab::reward_model::{Comparisons, squared};
/// // Three of four say that the first is better.
/// let data = Comparisons {
///     width: 1,
///     differences: vec![1.0; 4],
///     labels: vec![1.0, 1.0, 1.0, 0.0],
///     ..Comparisons::default()
/// };
/// assert!((squared(&data, 1e-9).weights[0] - 0.25).abs() < 1e-9);
/// ```
pub fn squared(data: &Comparisons, l2: f64) -> Fit {
    let twice = |d: &[f64]| d.iter().map(|x| 2.0 * x).collect();
    let mut rows: Vec<Vec<f64>> = data.differences.chunks_exact(data.width.max(1)).map(twice).collect();
    let mut targets: Vec<f64> = data.labels.iter().map(|y| 2.0 * y - 1.0).collect();
    add_prior(l2, &vec![0.0; data.width], &mut rows, &mut targets);
    let squares = LeastSquares::new(rows);
    let (covariance, weights) = (squares.covariance(), squares.solve(targets));
    Fit { weights, covariance, steps: 1, optima: 1, reliability: Vec::new() }
}
