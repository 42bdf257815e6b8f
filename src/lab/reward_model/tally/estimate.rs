//! Estimates with their intervals: by Laplace, or from resamples of the comparisons.

use super::{Counted, Scale, Tally, Unbounded, fit_counted};
use crate::lab::reward_model::annotators::{self, Judged};
use crate::numerics::math::{Symmetric, normal_quantile};
use crate::numerics::stats::{quantile, sd};

/// An estimate, its standard error, and its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Maximum a posteriori.
    pub estimate: f64,
    /// Standard error.
    pub se: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// What is estimated.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimates {
    /// Scores of items, or weights of features; \[d\].
    pub weights: Vec<Estimate>,
    /// Thresholds between grades, from that nearest to a tie.
    pub thresholds: Vec<Estimate>,
    /// Reliability of each annotator, where they were told apart.
    pub annotators: Vec<Estimate>,
    /// Resamples that have a finite maximum.
    pub resamples: u32,
}

/// How to estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct How {
    /// Prior precision of scores or weights; 0 for maximum likelihood.
    pub l2: f64,
    /// What an answer says.
    pub scale: Scale,
    /// Annotators whose reliability is learned; 0 to take all answers alike.
    pub annotators: usize,
    /// Resamples of the comparisons for standard errors and intervals; 0 for Laplace's.
    pub resamples: u32,
}

/// Estimates scores or weights, thresholds and reliabilities.
///
/// Standard errors are the square roots of the diagonal of the inverse Hessian, of items on scores less their
/// mean, and intervals are ±1.96 of them. With resamples they are the standard deviation of the resamples'
/// estimates, and their 2.5 % and 97.5 % quantiles; a resample without a finite maximum is left out.
///
/// # Errors
/// No finite maximum.
pub fn estimate(tally: &Tally, how: &How) -> Result<Estimates, Unbounded> {
    let (values, covariance, reliability) = maximum(tally, how, None)?;
    let error = |j: usize| covariance.at(j, j).max(0.0).sqrt();
    let wide = normal_quantile(0.975);
    let laplace = |(j, x): (usize, &f64)| {
        let se = error(j);
        Estimate { estimate: *x, se, low: x - wide * se, high: x + wide * se }
    };
    let mut all: Vec<Estimate> = values.iter().enumerate().map(laplace).collect();
    let again = |i: u32| maximum(&tally.resampled(u64::from(i)), how, Some(&reliability)).ok();
    let drawn: Vec<Vec<f64>> = (0..how.resamples).filter_map(again).map(|(values, ..)| values).collect();
    if drawn.len() > 1 {
        for (j, of) in all.iter_mut().enumerate() {
            let mut values: Vec<f64> = drawn.iter().map(|values| values[j]).collect();
            values.sort_unstable_by(f64::total_cmp);
            let [low, high] = [0.025, 0.975].map(|q| quantile(&values, q));
            *of = Estimate { se: sd(&values), low, high, ..*of };
        }
    }
    let annotators = all.split_off(tally.width + how.scale.thresholds());
    let thresholds = all.split_off(tally.width);
    Ok(Estimates { weights: all, thresholds, annotators, resamples: drawn.len() as u32 })
}

/// Weights, thresholds and reliabilities, their covariance, and the last alone.
type Maximum = (Vec<f64>, Symmetric, Vec<f64>);

/// The maximum a posteriori; of reliabilities from a start, if one is known.
fn maximum(tally: &Tally, how: &How, start: Option<&[f64]>) -> Result<Maximum, Unbounded> {
    if how.annotators == 0 {
        let everybody = vec![1.0; tally.annotator.iter().map(|who| *who as usize + 1).max().unwrap_or(0)];
        let Counted { weights, thresholds, covariance, .. } =
            fit_counted(tally, &how.scale, how.l2, &everybody)?;
        return Ok(([weights, thresholds].concat(), covariance, Vec::new()));
    }
    let Judged { weights, thresholds, reliability, covariance, .. } =
        annotators::fit(tally, &how.scale, how.l2, how.annotators, start)?;
    Ok(([&weights[..], &thresholds, &reliability].concat(), covariance, reliability))
}
