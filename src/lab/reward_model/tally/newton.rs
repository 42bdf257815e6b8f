//! Bradley–Terry on counted comparisons, by Newton: the maximum a posteriori of P(answer above c) = σ(r·w·d − c).
//!
//! Minimised is the negative log-likelihood of all answers, plus (l2/2)(|w|² + |θ|²): one prior for scores or
//! weights w and for thresholds θ. It is convex; with l2 = 0 it is maximum likelihood, which is infinite where
//! some direction explains answers the better the further one goes (Albert and Anderson 1984). A fit then
//! says so, with the direction.
//!
//! Comparisons of items tell nothing of what all scores have in common, and nor does the prior, whose best is
//! a mean of 0. So the Hessian gets a multiple of 11ᵀ, which moves no step and makes it safe to factor.
//! The covariance is that of the scores less their mean, for which that multiple is taken out again.

use super::{Compared, Scale, Tally};
use crate::lab::reward_model::bradley_terry::{curvature, search};
use crate::numerics::math::{ROUNDING, Symmetric, dot, exp, largest, ln_1p};

/// Scores or weights, thresholds, and their uncertainty.
#[derive(Clone, Debug)]
pub struct Counted {
    /// Scores of items, of mean 0, or weights of features; \[d\].
    pub weights: Vec<f64>,
    /// Thresholds between grades, from that nearest to a tie.
    pub thresholds: Vec<f64>,
    /// Inverse Hessian, of weights before thresholds; of items, the covariance of scores less their mean.
    pub covariance: Symmetric,
    /// Negative logarithm of the posterior, but for a constant.
    pub loss: f64,
}

/// There is no finite maximum: along this direction of weights and thresholds the likelihood rises for ever,
/// or does not change.
#[derive(Clone, Debug, PartialEq)]
pub struct Unbounded(pub Vec<f64>);

/// A step that moves no logit by more is the last one: what is left is its square.
const LAST: f64 = 1e-8;
/// A step that moves a logit by more is tried before it is taken.
const SHORT: f64 = 0.1;
/// Where there is a finite maximum, steps are about as many as its largest logit.
pub(crate) const MOST_STEPS: u32 = 200;

/// Fits weights with prior precision `l2` ≥ 0; answers of annotator a are on a scale of `reliability[a]` times
/// the difference.
///
/// # Errors
/// No finite maximum.
pub fn fit_counted(tally: &Tally, scale: &Scale, l2: f64, reliability: &[f64]) -> Result<Counted, Unbounded> {
    let problem = Problem::new(tally, scale, l2, reliability);
    let point = problem.descend(problem.start())?;
    let hessian = problem.derivatives(&point, &problem.logits(&point)).1;
    let covariance = problem.covariance(&hessian).ok_or_else(|| Unbounded(vec![0.0; point.len()]))?;
    let loss = problem.loss(&point, &problem.logits(&point));
    let (weights, thresholds) = point.split_at(tally.width);
    Ok(Counted { weights: weights.to_vec(), thresholds: thresholds.to_vec(), covariance, loss })
}

/// What is minimised. A point is weights, then thresholds.
pub(crate) struct Problem<'a> {
    pub(crate) tally: &'a Tally,
    pub(crate) scale: &'a Scale,
    pub(crate) l2: f64,
    pub(crate) reliability: &'a [f64],
    given: [u64; 5],
}

impl<'a> Problem<'a> {
    pub(crate) fn new(tally: &'a Tally, scale: &'a Scale, l2: f64, reliability: &'a [f64]) -> Self {
        Self { tally, scale, l2, reliability, given: tally.grades() }
    }

    /// No differences, and thresholds a unit apart.
    pub(crate) fn start(&self) -> Vec<f64> {
        let thresholds = (0..self.scale.thresholds()).map(|q| q as f64 + 0.5);
        std::iter::repeat_n(0.0, self.tally.width).chain(thresholds).collect()
    }

    /// The minimum, from a point.
    pub(crate) fn descend(&self, mut point: Vec<f64>) -> Result<Vec<f64>, Unbounded> {
        let mut direction = vec![0.0; point.len()];
        for _ in 0..MOST_STEPS {
            let (is_last, step) = self.step(&mut point).ok_or(Unbounded(direction))?;
            direction = step;
            if is_last {
                return Ok(point);
            }
        }
        Err(Unbounded(direction))
    }

    /// Takes one step of Newton's, and says whether it was the last that was needed; `None` where the Hessian
    /// cannot be factored.
    pub(crate) fn step(&self, point: &mut Vec<f64>) -> Option<(bool, Vec<f64>)> {
        let logits = self.logits(point);
        let (gradient, hessian) = self.derivatives(point, &logits);
        let step: Vec<f64> =
            self.anchored(&hessian).0.solve(&gradient, ROUNDING)?.iter().map(|x| -x).collect();
        let most = largest(&self.logits(&step)).max(largest(&step[self.tally.width..]));
        let length = match most > SHORT {
            true => search(-dot(&gradient, &step), |length| {
                let there = along(point, &step, length);
                self.loss(&there, &self.logits(&there))
            }),
            false => 1.0,
        };
        *point = along(point, &step, length);
        Some((most <= LAST, step))
    }

    /// r·w·d of every cell.
    pub(crate) fn logits(&self, point: &[f64]) -> Vec<f64> {
        let mut logits = self.tally.differences(&point[..self.tally.width]);
        for (x, who) in logits.iter_mut().zip(&self.tally.annotator) {
            *x *= self.reliability[*who as usize];
        }
        logits
    }

    /// The loss at a point that has these logits.
    pub(crate) fn loss(&self, point: &[f64], logits: &[f64]) -> f64 {
        let thresholds = &point[self.tally.width..];
        let mut sum = self.scale.loss(&self.given, thresholds) + 0.5 * self.l2 * dot(point, point);
        for (x, counts) in logits.iter().zip(&self.tally.counts) {
            for cut in 0..self.scale.cuts.len() {
                let [wins, losses] = self.scale.against(cut, counts);
                let z = x - self.scale.height(cut, thresholds);
                // −ln σ(z) and −ln σ(−z), with one exponential and no overflow.
                sum += (wins + losses) * ln_1p(exp(-z.abs())) + wins * (-z).max(0.0) + losses * z.max(0.0);
            }
        }
        sum
    }

    /// Calls `each` with a cell, a cut, and the first and second derivative of their loss in the logit.
    pub(crate) fn slopes(
        &self,
        thresholds: &[f64],
        logits: &[f64],
        mut each: impl FnMut(usize, usize, f64, f64),
    ) {
        for (i, (x, counts)) in logits.iter().zip(&self.tally.counts).enumerate() {
            for cut in 0..self.scale.cuts.len() {
                let [wins, losses] = self.scale.against(cut, counts);
                let n = wins + losses;
                if n > 0.0 {
                    let z = x - self.scale.height(cut, thresholds);
                    let (slope, curvature) = curvature(z, wins / n, 0.0, false);
                    each(i, cut, n * slope, n * curvature);
                }
            }
        }
    }

    /// Gradient and Hessian.
    pub(crate) fn derivatives(&self, point: &[f64], logits: &[f64]) -> (Vec<f64>, Symmetric) {
        self.derivatives_with(point, logits, 0, |_, _, _| {})
    }

    /// Gradient and Hessian with so many `more` parameters after the point, of which `extend` adds a logit's
    /// derivative to those in the point, and what is not a square of them to the Hessian.
    pub(crate) fn derivatives_with(
        &self,
        point: &[f64],
        logits: &[f64],
        more: usize,
        mut extend: impl FnMut(usize, f64, (&mut Vec<u32>, &mut Vec<f64>, &mut Symmetric)),
    ) -> (Vec<f64>, Symmetric) {
        let (width, thresholds) = (self.tally.width, &point[self.tally.width..]);
        let mut prior = vec![self.l2; point.len()];
        prior.resize(point.len() + more, 0.0);
        let mut gradient: Vec<f64> = point.iter().map(|x| self.l2 * x).collect();
        gradient.resize(prior.len(), 0.0);
        let mut hessian = Symmetric::diagonal(&prior);
        self.slopes(thresholds, logits, |i, cut, slope, curvature| {
            let (mut indices, mut values) = self.tally.difference(i);
            let reliability = self.reliability[self.tally.annotator[i] as usize];
            values.iter_mut().for_each(|x| *x *= reliability);
            if let (sign, Some(q)) = self.scale.cuts[cut] {
                indices.push((width + q) as u32);
                values.push(-sign);
            }
            extend(i, slope, (&mut indices, &mut values, &mut hessian));
            hessian.add_outer_sparse(curvature, &indices, &values);
            indices.iter().zip(&values).for_each(|(j, x)| gradient[*j as usize] += slope * x);
        });
        for (slope, curvature, factors) in self.scale.derivatives(&self.given, thresholds) {
            let indices: Vec<u32> = (0..factors.len()).map(|q| (width + q) as u32).collect();
            hessian.add_outer_sparse(curvature, &indices, &factors);
            gradient[width..].iter_mut().zip(&factors).for_each(|(g, x)| *g += slope * x);
        }
        hessian.mirror();
        (gradient, hessian)
    }

    /// The Hessian with κ·11ᵀ/d for items, κ the mean of their diagonal, and κ.
    pub(crate) fn anchored(&self, hessian: &Symmetric) -> (Symmetric, f64) {
        let (mut anchored, width) = (hessian.clone(), self.tally.width);
        if let Compared::Features(_) = self.tally.compared {
            return (anchored, 0.0);
        }
        let kappa = (0..width).map(|j| hessian.at(j, j)).sum::<f64>() / width.max(1) as f64;
        let all: Vec<u32> = (0..width as u32).collect();
        anchored.add_outer_sparse(kappa / width.max(1) as f64, &all, &vec![1.0; width]);
        anchored.mirror();
        (anchored, kappa)
    }

    /// The inverse of the Hessian; of items, the covariance of scores less their mean.
    pub(crate) fn covariance(&self, hessian: &Symmetric) -> Option<Symmetric> {
        let (anchored, kappa) = self.anchored(hessian);
        let mut covariance = anchored.inverse(ROUNDING)?;
        if let Compared::Items(_) = self.tally.compared {
            let width = self.tally.width;
            let all: Vec<u32> = (0..width as u32).collect();
            covariance.add_outer_sparse(-1.0 / ((self.l2 + kappa) * width as f64), &all, &vec![1.0; width]);
            covariance.mirror();
        }
        Some(covariance)
    }
}

fn along(point: &[f64], step: &[f64], length: f64) -> Vec<f64> {
    point.iter().zip(step).map(|(x, step)| x + length * step).collect()
}
