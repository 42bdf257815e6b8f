//! Annotators of different reliability: P(first) = σ(r·w·d), with a factor r for each.
//!
//! An annotator of r = 1 answers as everybody does on average, of r = 0 by tossing a coin, of r < 0 against the
//! others. The prior is r ~ N(1, 1) for each, beside that of the weights; it also fixes the unit, which data
//! leave open: twice the weights with half the factors predict the same.
//!
//! The loss is convex in the weights given the factors and the other way round, but not in both. So steps of
//! Newton's alternate, from several starts: all factors 1, and each annotator alone at 1 with the others at
//! 0. The lowest end is kept, and steps of Newton's in both at once make it exact.

use super::tally::{MOST_STEPS, Problem, Scale, Tally, Unbounded, search};
use crate::numerics::math::{ROUNDING, Symmetric, dot, largest};

/// Weights, thresholds and reliabilities.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Scores of items, of mean 0, or weights of features; \[d\].
    pub weights: Vec<f64>,
    /// Thresholds between grades, from that nearest to a tie.
    pub thresholds: Vec<f64>,
    /// The factor r of each annotator.
    pub reliability: Vec<f64>,
    /// Inverse Hessian of all of them, in this order; of items, on scores less their mean.
    pub covariance: Symmetric,
    /// Negative logarithm of the posterior, but for a constant.
    pub loss: f64,
}

/// Starts with one annotator alone are made for so many that answered most.
const MOST_STARTS: usize = 16;
/// Rounds of a start.
const ROUNDS: u32 = 100;
/// A start ends where a round lowers the loss by a smaller share.
const SAME: f64 = 1e-7;

/// Fits weights with prior precision `l2` ≥ 0, thresholds, and the reliabilities of so many annotators: from a
/// `start` of the latter, or from several.
///
/// # Errors
/// No finite maximum.
pub fn fit(
    tally: &Tally,
    scale: &Scale,
    l2: f64,
    annotators: usize,
    start: Option<&[f64]>,
) -> Result<Judged, Unbounded> {
    let starts = match start {
        Some(start) => vec![start.to_vec()],
        None => starts(tally, annotators),
    };
    let mut best: Option<(f64, Vec<f64>, Vec<f64>)> = None;
    let mut failed = None;
    for mut reliability in starts {
        match alternate(tally, scale, l2, &mut reliability) {
            Ok((loss, point)) if best.as_ref().is_none_or(|best| loss < best.0) => {
                best = Some((loss, point, reliability));
            }
            Ok(_) => {}
            Err(unbounded) => failed = Some(unbounded),
        }
    }
    let (_, point, reliability) = best.ok_or_else(|| failed.unwrap_or(Unbounded(Vec::new())))?;
    polish(tally, scale, l2, point, reliability)
}

fn starts(tally: &Tally, annotators: usize) -> Vec<Vec<f64>> {
    let answered = tally.answered(annotators);
    let mut order: Vec<usize> = (0..annotators).collect();
    order.sort_by_key(|a| std::cmp::Reverse(answered[*a]));
    let alone = |a: usize| (0..annotators).map(|b| f64::from(u8::from(a == b))).collect();
    // One annotator alone is where all are.
    let single = order.into_iter().take(MOST_STARTS).filter(|_| annotators > 1).map(alone);
    std::iter::once(vec![1.0; annotators]).chain(single).collect()
}

/// Steps in the weights and in the reliabilities by turns; the loss, weights and thresholds where they end.
fn alternate(
    tally: &Tally,
    scale: &Scale,
    l2: f64,
    reliability: &mut Vec<f64>,
) -> Result<(f64, Vec<f64>), Unbounded> {
    let mut point = Problem::new(tally, scale, l2, reliability).start();
    let mut loss = f64::INFINITY;
    for round in 0..ROUNDS {
        let problem = Problem::new(tally, scale, l2, reliability);
        match round {
            0 => point = problem.descend(point)?,
            _ => _ = problem.step(&mut point).ok_or_else(|| Unbounded(Vec::new()))?,
        }
        let now = step_reliability(tally, scale, l2, &point, reliability);
        if loss - now <= SAME * now.abs() {
            return Ok((now, point));
        }
        loss = now;
    }
    Ok((loss, point))
}

/// A step in each reliability; the loss there.
fn step_reliability(tally: &Tally, scale: &Scale, l2: f64, point: &[f64], reliability: &mut Vec<f64>) -> f64 {
    let problem = Problem::new(tally, scale, l2, reliability);
    let plain = tally.differences(&point[..tally.width]);
    let mut gradient: Vec<f64> = reliability.iter().map(|r| r - 1.0).collect();
    let mut curved = vec![1.0; reliability.len()];
    problem.slopes(&point[tally.width..], &problem.logits(point), |i, _, slope, curvature| {
        let who = tally.annotator[i] as usize;
        gradient[who] += slope * plain[i];
        curved[who] += curvature * plain[i] * plain[i];
    });
    let step: Vec<f64> = gradient.iter().zip(&curved).map(|(g, c)| -g / c).collect();
    let moved =
        |length: f64| -> Vec<f64> { reliability.iter().zip(&step).map(|(r, s)| r + length * s).collect() };
    let length = search(-dot(&gradient, &step), |length| loss(tally, scale, l2, point, &moved(length)));
    *reliability = moved(length);
    loss(tally, scale, l2, point, reliability)
}

/// The loss with the prior of the reliabilities.
fn loss(tally: &Tally, scale: &Scale, l2: f64, point: &[f64], reliability: &[f64]) -> f64 {
    let problem = Problem::new(tally, scale, l2, reliability);
    let prior: f64 = reliability.iter().map(|r| 0.5 * (r - 1.0) * (r - 1.0)).sum();
    problem.loss(point, &problem.logits(point)) + prior
}

/// Newton's steps in all at once, from a point that alternation has come to, and the covariance there.
fn polish(
    tally: &Tally,
    scale: &Scale,
    l2: f64,
    mut point: Vec<f64>,
    mut reliability: Vec<f64>,
) -> Result<Judged, Unbounded> {
    let fixed = point.len();
    for _ in 0..MOST_STEPS {
        let (gradient, hessian) = derivatives(tally, scale, l2, &point, &reliability);
        let problem = Problem::new(tally, scale, l2, &reliability);
        let newton = problem.anchored(&hessian).0.solve(&gradient, ROUNDING);
        let Some(step) = newton else {
            // Not yet in the bowl: a turn more.
            let taken = problem.step(&mut point);
            taken.ok_or_else(|| Unbounded(Vec::new()))?;
            step_reliability(tally, scale, l2, &point, &mut reliability);
            continue;
        };
        let there = |length: f64| -> (Vec<f64>, Vec<f64>) {
            let moved =
                |from: &[f64], step: &[f64]| from.iter().zip(step).map(|(x, s)| x - length * s).collect();
            (moved(&point, &step[..fixed]), moved(&reliability, &step[fixed..]))
        };
        let most = largest(&step);
        let length = match most > 1e-3 {
            true => search(dot(&gradient, &step), |length| {
                let (point, reliability) = there(length);
                loss(tally, scale, l2, &point, &reliability)
            }),
            false => 1.0,
        };
        (point, reliability) = there(length);
        if most <= 1e-9 {
            break;
        }
    }
    let (_, hessian) = derivatives(tally, scale, l2, &point, &reliability);
    let problem = Problem::new(tally, scale, l2, &reliability);
    let covariance = problem.covariance(&hessian).ok_or_else(|| Unbounded(Vec::new()))?;
    let loss = loss(tally, scale, l2, &point, &reliability);
    let thresholds = point.split_off(tally.width);
    Ok(Judged { weights: point, thresholds, reliability, covariance, loss })
}

/// Gradient and Hessian in weights, thresholds and reliabilities.
fn derivatives(
    tally: &Tally,
    scale: &Scale,
    l2: f64,
    point: &[f64],
    reliability: &[f64],
) -> (Vec<f64>, Symmetric) {
    let problem = Problem::new(tally, scale, l2, reliability);
    let plain = tally.differences(&point[..tally.width]);
    let (fixed, more) = (point.len(), reliability.len());
    let extend =
        |i: usize, slope: f64, (indices, values, hessian): (&mut Vec<u32>, &mut Vec<f64>, &mut Symmetric)| {
            let who = fixed + tally.annotator[i] as usize;
            indices.push(who as u32);
            values.push(plain[i]);
            // The logit is a product, which has a mixed derivative of its own.
            for (j, x) in [tally.difference(i)].iter().flat_map(|(js, xs)| js.iter().zip(xs)) {
                hessian.set(*j as usize, who, hessian.at(*j as usize, who) + slope * x);
            }
        };
    let (mut gradient, mut hessian) = problem.derivatives_with(point, &problem.logits(point), more, extend);
    for (a, r) in reliability.iter().enumerate() {
        gradient[fixed + a] += r - 1.0;
        hessian.set(fixed + a, fixed + a, hessian.at(fixed + a, fixed + a) + 1.0);
    }
    (gradient, hessian)
}
