//! Bradley–Terry by Newton: the maximum a posteriori weights of
//! P(first) = ε + (1 − 2ε)·σ(w·d), with d the difference of the features.
//!
//! Minimised is −Σ\[y ln p + (1−y) ln(1−p)\] + (l2/2)|w|², with y = 1, 0, or ½
//! for a tie. At ε = 0 this is strictly convex and the prior keeps separable
//! data finite. At ε > 0 it need not be convex: where the observed Hessian is
//! not positive definite the step uses the Fisher information, which always is.
//! Ignoring flips (ε = 0 when labels are flipped) misspecifies the model, and
//! for features that are not elliptical it bends the direction of w, not only
//! its length.

use crate::lab::mdp::Features;
use crate::lab::query::Comparison;
use crate::numerics::math::{Symmetric, dot, exp, ln, ln_1p, sigmoid, sigmoids};

/// Differences of features and labels, ready to be fitted.
#[derive(Clone, Debug, Default)]
pub struct Comparisons {
    /// Features per difference, d.
    pub width: usize,
    /// φ(first) − φ(second) of every comparison: in all features, \[n\]\[d\], or in `some`.
    pub differences: Vec<f64>,
    /// The features that differences are of, where most are 0.
    pub some: Option<Sparse>,
    /// 1 first, 0 second, ½ tie, or a chance of "first"; \[n\].
    pub labels: Vec<f64>,
}

/// Which features the differences of each comparison are of.
#[derive(Clone, Debug)]
pub struct Sparse {
    /// First difference of each comparison, and the number of all; \[n + 1\].
    pub offset: Vec<u32>,
    /// The feature of each difference, increasing within a comparison.
    pub feature: Vec<u32>,
}

/// Weights and their uncertainty.
#[derive(Clone, Debug)]
pub struct Fit {
    /// Maximum a posteriori weights; \[d\].
    pub weights: Vec<f64>,
    /// Laplace covariance: the inverse Hessian at the weights.
    pub covariance: Symmetric,
    /// Newton steps taken.
    pub steps: u32,
}

impl Comparisons {
    /// The answered comparisons, on the features `columns`.
    pub fn of_features(features: &Features, comparisons: &[Comparison], columns: &[usize]) -> Self {
        let all = features.count();
        let (mut difference, mut scratch) = (vec![0.0; all], vec![0.0; all]);
        let mut data = Self { width: columns.len(), ..Self::default() };
        for comparison in comparisons {
            if let Some(y) = comparison.label.value() {
                comparison.difference(features, &mut difference, &mut scratch);
                data.differences.extend(columns.iter().map(|&j| difference[j]));
                data.labels.push(y);
            }
        }
        data
    }
}

/// Fits weights with prior precision `l2` > 0 and flip rate `mistake` in \[0, ½).
///
/// ```
/// use oversight::lab::reward_model::{Comparisons, fit};
/// let data = Comparisons {
///     width: 1,
///     differences: vec![1.0, -1.0, 2.0],
///     labels: vec![1.0, 0.0, 0.5],
///     ..Comparisons::default()
/// };
/// assert!(fit(&data, 0.1, 0.0).weights[0] > 0.0);
/// ```
pub fn fit(data: &Comparisons, l2: f64, mistake: f64) -> Fit {
    let (weights, steps) = newton(data, l2, mistake);
    let problem = Problem { data, l2, mistake };
    let (_, hessian) = problem.derivatives(&weights, false);
    let covariance = hessian
        .inverse()
        .or_else(|| problem.derivatives(&weights, true).1.inverse())
        .unwrap_or_else(|| Symmetric::diagonal(&vec![1.0 / l2; data.width]));
    Fit { weights, covariance, steps }
}

/// The weights of [`fit`], and the steps taken.
pub(super) fn newton(data: &Comparisons, l2: f64, mistake: f64) -> (Vec<f64>, u32) {
    let problem = Problem { data, l2, mistake };
    let mut weights = vec![0.0; data.width];
    let mut steps = 0;
    loop {
        let (gradient, hessian) = problem.derivatives(&weights, false);
        let newton = hessian.solve(&gradient).or_else(|| {
            let (_, fisher) = problem.derivatives(&weights, true);
            fisher.solve(&gradient)
        });
        // The decrement is twice what a quadratic loss has left to lose, in nats.
        let newton = newton.unwrap_or_else(|| gradient.clone());
        let decrement = dot(&gradient, &newton);
        let length = if decrement < 1e-4 { 1.0 } else { problem.search(&weights, &newton, decrement) };
        for (w, s) in weights.iter_mut().zip(&newton) {
            *w -= length * s;
        }
        steps += 1;
        // Near the optimum a step squares the decrement; 100 steps are seen on absurd data only.
        if decrement <= 1e-14 || steps == 100 {
            return (weights, steps);
        }
    }
}

struct Problem<'a> {
    data: &'a Comparisons,
    l2: f64,
    mistake: f64,
}

impl Problem<'_> {
    /// w·d of every comparison.
    fn logits(&self, w: &[f64]) -> Vec<f64> {
        let Comparisons { differences, some, labels, .. } = self.data;
        match some {
            // Of nothing, all logits are 0.
            None if w.is_empty() => vec![0.0; labels.len()],
            None => differences.chunks_exact(w.len()).map(|d| dot(w, d)).collect(),
            Some(Sparse { offset, feature }) => {
                let logit = |of: &[u32]| {
                    let of = of[0] as usize..of[1] as usize;
                    let (features, rest) = feature[of.clone()].as_chunks::<4>();
                    let (values, last) = differences[of].as_chunks::<4>();
                    // Four sums at once: one alone waits for itself.
                    let mut sum = [0.0; 4];
                    for (j, x) in features.iter().zip(values) {
                        for lane in 0..4 {
                            sum[lane] += w[j[lane] as usize] * x[lane];
                        }
                    }
                    let last: f64 = rest.iter().zip(last).map(|(j, x)| w[*j as usize] * x).sum();
                    (sum[0] + sum[2]) + (sum[1] + sum[3]) + last
                };
                offset.windows(2).map(logit).collect()
            }
        }
    }

    fn loss(&self, w: &[f64]) -> f64 {
        let data: f64 = self
            .logits(w)
            .into_iter()
            .zip(&self.data.labels)
            .map(|(z, &y)| {
                if self.mistake == 0.0 {
                    // −y ln σ(z) − (1−y) ln σ(−z), with one exponential and no overflow.
                    ln_1p(exp(-z.abs())) + y * (-z).max(0.0) + (1.0 - y) * z.max(0.0)
                } else {
                    let chance = |z: f64| self.mistake + (1.0 - 2.0 * self.mistake) * sigmoid(z);
                    -(y * ln(chance(z)) + (1.0 - y) * ln(chance(-z)))
                }
            })
            .sum();
        data + 0.5 * self.l2 * dot(w, w)
    }

    /// A step length that lowers the loss: full, or halved until Armijo's rule holds.
    fn search(&self, weights: &[f64], step: &[f64], decrement: f64) -> f64 {
        let loss = self.loss(weights);
        let mut length = 1.0;
        while length > 1e-9 {
            let candidate: Vec<f64> = weights.iter().zip(step).map(|(w, s)| w - length * s).collect();
            if self.loss(&candidate) <= loss - 1e-4 * length * decrement {
                break;
            }
            length *= 0.5;
        }
        length
    }

    /// Adds `scale` times the i-th difference.
    fn add(&self, i: usize, scale: f64, into: &mut [f64]) {
        match &self.data.some {
            None => {
                let d = &self.data.differences[i * into.len()..][..into.len()];
                for (g, x) in into.iter_mut().zip(d) {
                    *g += scale * x;
                }
            }
            Some(Sparse { offset, feature }) => {
                let of = offset[i] as usize..offset[i + 1] as usize;
                for (j, x) in feature[of.clone()].iter().zip(&self.data.differences[of]) {
                    into[*j as usize] += scale * x;
                }
            }
        }
    }

    /// Gradient, and observed Hessian or (`fisher`) expected one.
    fn derivatives(&self, w: &[f64], fisher: bool) -> (Vec<f64>, Symmetric) {
        let mut gradient: Vec<f64> = w.iter().map(|w| self.l2 * w).collect();
        let mut hessian = Symmetric::diagonal(&vec![self.l2; w.len()]);
        for (i, (z, &y)) in self.logits(w).into_iter().zip(&self.data.labels).enumerate() {
            let (slope, curvature) = curvature(z, y, self.mistake, fisher);
            self.add(i, slope, &mut gradient);
            match &self.data.some {
                None => hessian.add_outer(curvature, &self.data.differences[i * w.len()..][..w.len()]),
                Some(Sparse { offset, feature }) => {
                    let of = offset[i] as usize..offset[i + 1] as usize;
                    hessian.add_outer_sparse(curvature, &feature[of.clone()], &self.data.differences[of]);
                }
            }
        }
        hessian.mirror();
        (gradient, hessian)
    }
}

/// First and second derivative of the loss of one label in its logit.
#[inline]
pub(super) fn curvature(z: f64, y: f64, mistake: f64, fisher: bool) -> (f64, f64) {
    let (s, t) = sigmoids(z);
    if mistake == 0.0 {
        return (s - y, s * t);
    }
    // p' / p and p' / (1 − p), which stay finite where p or 1 − p vanish.
    let keep = 1.0 - 2.0 * mistake;
    let rise = keep * s * t;
    let (a, b) = (rise / (mistake + keep * s), rise / (mistake + keep * t));
    let pull = y * a - (1.0 - y) * b;
    let observed = y * a * a + (1.0 - y) * b * b - pull * (t - s);
    (-pull, if fisher { a * b } else { observed })
}
