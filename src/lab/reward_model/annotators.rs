//! Annotators of different reliability: P(first) = σ(r·w·d), with a factor r for each.
//!
//! An annotator of r = 1 answers as everybody does on average, of r = 0 by tossing a coin, of r < 0 against the
//! others. The prior is r ~ N(1, 1) for each, beside that of the weights; it also fixes the unit, which data
//! leave open: twice the weights with half the factors predict the same.
//!
//! The loss is convex in the weights given the factors and the other way round, but not in both. So steps of
//! Newton's alternate, from several starts: all factors 1, and each annotator alone at 1 with the others at
//! 0. The lowest end is kept, and steps of Newton's in both at once make it exact.

use super::bradley_terry::{along, search};
use super::tally::{MOST_STEPS, Problem, Scale, Tally, Unbounded};
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
/// Rounds from every start.
const ROUGH: u32 = 6;
/// The lowest ends that go on.
const KEPT: usize = 3;
/// Rounds in which they do, at most.
const ROUNDS: u32 = 100;
/// They stop where a round lowers the loss by a smaller share.
const SAME: f64 = 1e-7;
/// A step that moves no logit by more is the last one: what is left is its square.
const LAST: f64 = 1e-8;
/// A step that moves a logit by more is tried before it is taken.
const SHORT: f64 = 1e-2;

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
    let joint = Joint { tally, scale, l2 };
    let starts = match start {
        Some(start) => vec![start.to_vec()],
        None => starts(tally, annotators),
    };
    let rough =
        lowest(starts.into_iter().map(|reliability| joint.alternate(joint.start(reliability), ROUGH)))?;
    let ends = lowest(rough.into_iter().take(KEPT).map(|end| joint.alternate(end, ROUNDS)))?;
    joint.polish(ends.into_iter().next().expect("one at least"))
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

/// Those that came to an end, the lowest first.
fn lowest(ends: impl Iterator<Item = Result<End, Unbounded>>) -> Result<Vec<End>, Unbounded> {
    let (mut good, mut bad) = (Vec::new(), Unbounded(Vec::new()));
    for end in ends {
        match end {
            Ok(end) => good.push(end),
            Err(unbounded) => bad = unbounded,
        }
    }
    good.sort_by(|a: &End, b| a.loss.total_cmp(&b.loss));
    if good.is_empty() { Err(bad) } else { Ok(good) }
}

/// Where a search stands.
struct End {
    loss: f64,
    /// Weights, then thresholds.
    point: Vec<f64>,
    reliability: Vec<f64>,
}

/// What is minimised, in weights and reliabilities.
struct Joint<'a> {
    tally: &'a Tally,
    scale: &'a Scale,
    l2: f64,
}

impl Joint<'_> {
    /// The problem in the weights alone.
    fn given<'a>(&'a self, reliability: &'a [f64]) -> Problem<'a> {
        Problem::new(self.tally, self.scale, self.l2, reliability)
    }

    fn start(&self, reliability: Vec<f64>) -> End {
        End { loss: f64::INFINITY, point: self.given(&reliability).start(), reliability }
    }

    /// The loss, with the prior of the reliabilities.
    fn loss(&self, point: &[f64], reliability: &[f64]) -> f64 {
        let problem = self.given(reliability);
        let prior: f64 = reliability.iter().map(|r| 0.5 * (r - 1.0) * (r - 1.0)).sum();
        problem.loss(point, &problem.logits(point)) + prior
    }

    /// Steps in the weights and in the reliabilities by turns.
    fn alternate(&self, mut end: End, rounds: u32) -> Result<End, Unbounded> {
        for _ in 0..rounds {
            let before = end.loss;
            self.turn(&mut end)?;
            if before - end.loss <= SAME * end.loss.abs() {
                break;
            }
        }
        Ok(end)
    }

    /// A step in the weights, then one in each reliability.
    fn turn(&self, end: &mut End) -> Result<(), Unbounded> {
        let End { loss, point, reliability } = end;
        self.given(reliability).step(point).ok_or_else(|| Unbounded(Vec::new()))?;
        let problem = self.given(reliability);
        let plain = self.tally.differences(&point[..self.tally.width]);
        let mut gradient: Vec<f64> = reliability.iter().map(|r| r - 1.0).collect();
        let mut curved = vec![1.0; reliability.len()];
        problem.slopes(&point[self.tally.width..], &problem.logits(point), |i, _, slope, curvature| {
            let who = self.tally.annotator[i] as usize;
            gradient[who] += slope * plain[i];
            curved[who] += curvature * plain[i] * plain[i];
        });
        let step: Vec<f64> = gradient.iter().zip(&curved).map(|(g, c)| g / c).collect();
        let length =
            search(dot(&gradient, &step), |length| self.loss(point, &along(reliability, &step, length)));
        *reliability = along(reliability, &step, length);
        *loss = self.loss(point, reliability);
        Ok(())
    }

    /// Newton's steps in all at once, from where alternation has come to, and the covariance there.
    fn polish(&self, mut end: End) -> Result<Judged, Unbounded> {
        for _ in 0..MOST_STEPS {
            if self.step(&mut end)? {
                let (_, hessian) = self.derivatives(&end);
                let covariance = self.given(&end.reliability).covariance(&hessian);
                let covariance = covariance.ok_or_else(|| Unbounded(Vec::new()))?;
                let End { loss, point: mut weights, reliability } = end;
                let thresholds = weights.split_off(self.tally.width);
                return Ok(Judged { weights, thresholds, reliability, covariance, loss });
            }
        }
        Err(Unbounded(Vec::new()))
    }

    /// One of them, and whether it was the last that was needed; a turn where the Hessian is not yet that of a
    /// minimum.
    fn step(&self, end: &mut End) -> Result<bool, Unbounded> {
        let (gradient, hessian) = self.derivatives(end);
        let Some(step) = self.given(&end.reliability).anchored(&hessian).0.solve(&gradient, ROUNDING) else {
            return self.turn(end).map(|()| false);
        };
        let End { loss, point, reliability } = end;
        let (of_point, of_reliability) = step.split_at(point.len());
        let width = self.tally.width;
        // r·w·d moves with both.
        let [plain, moved] =
            [&point[..width], &of_point[..width]].map(|weights| self.tally.differences(weights));
        let moves = self.tally.annotator.iter().zip(plain.iter().zip(&moved));
        let moves =
            moves.map(|(who, (x, dx))| reliability[*who as usize] * dx + of_reliability[*who as usize] * x);
        let most =
            largest(&moves.collect::<Vec<_>>()).max(largest(&of_point[width..])).max(largest(of_reliability));
        let there =
            |length: f64| (along(point, of_point, length), along(reliability, of_reliability, length));
        let length = match most > SHORT {
            true => search(dot(&gradient, &step), |length| {
                let (point, reliability) = there(length);
                self.loss(&point, &reliability)
            }),
            false => 1.0,
        };
        (*point, *reliability) = there(length);
        *loss = self.loss(point, reliability);
        Ok(most <= LAST)
    }

    /// Gradient and Hessian in weights, thresholds and reliabilities.
    fn derivatives(&self, end: &End) -> (Vec<f64>, Symmetric) {
        let End { point, reliability, .. } = end;
        let problem = self.given(reliability);
        let plain = self.tally.differences(&point[..self.tally.width]);
        let fixed = point.len();
        let (mut gradient, mut hessian) = problem.derivatives_with(
            point,
            &problem.logits(point),
            reliability.len(),
            |i, slope, (indices, values, hessian)| {
                let who = fixed + self.tally.annotator[i] as usize;
                indices.push(who as u32);
                values.push(plain[i]);
                // The logit is a product, which has a mixed derivative of its own.
                let (of, difference) = self.tally.difference(i);
                for (j, x) in of.iter().zip(&difference) {
                    let j = *j as usize;
                    hessian.set(j, who, hessian.at(j, who) + slope * x);
                }
            },
        );
        for (a, r) in reliability.iter().enumerate() {
            gradient[fixed + a] += r - 1.0;
            hessian.set(fixed + a, fixed + a, hessian.at(fixed + a, fixed + a) + 1.0);
        }
        (gradient, hessian)
    }
}
