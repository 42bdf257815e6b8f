//! The squared loss: the least squares of w·d against ½ for "first", −½ for "second" and 0 for a tie.
//!
//! Minimised is ½Σ(w·d − (y − ½))² + (l2/2)|w|². Of two answers that differ in one feature by 1 it learns the
//! share of "first" less ½, which is the log-odds over 4 near an even choice. With the tilt this is IPO
//! (Azar et al. 2023), whose 1/τ is the tilt's 1/β. Its covariance is that of labels with the variance of a
//! coin, which none exceeds.

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
    let width = data.width;
    let mut rows: Vec<Vec<f64>> = data.differences.chunks_exact(width.max(1)).map(<[f64]>::to_vec).collect();
    let mut targets: Vec<f64> = data.labels.iter().map(|y| y - 0.5).collect();
    for j in 0..width {
        let mut row = vec![0.0; width];
        row[j] = l2.sqrt();
        rows.push(row);
        targets.push(0.0);
    }
    let squares = LeastSquares::new(rows);
    let mut covariance = squares.covariance();
    covariance.scale(0.25);
    Fit { weights: squares.solve(targets), covariance, steps: 1, optima: 1 }
}
