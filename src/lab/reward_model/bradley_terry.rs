//! Bradley–Terry by Newton: the maximum a posteriori weights of
//! P(first) = ε + (1 − 2ε)·σ(w·d), with d the difference of the features.
//!
//! Minimised is −Σ\[y ln p + (1−y) ln(1−p)\] + (l2/2)|w|², with y = 1, 0, or ½
//! for a tie. At ε = 0 this is strictly convex and the prior keeps separable
//! data finite. At ε > 0 it has local minima, the more the fewer labels there are
//! for a feature. So a fit starts from the convex one, from that one stretched and
//! from 2 to 30 fixed directions, keeps the lowest end, and says how many different
//! ends it came to. (Of 250 samples of 40 to 300 labels, two to four in ten of them
//! flipped, none missed what 30 random starts found.) Where the observed Hessian is
//! not positive definite the step uses the Fisher information, which always is.
//! Ignoring flips (ε = 0 when labels are flipped) misspecifies the model, and
//! for features that are not elliptical it bends the direction of w, not only
//! its length.
//!
//! Nothing here has a unit: a fit ends when a step moves no label's log-odds by
//! more than 10⁻⁸, which holds from the largest prior to the smallest. (The trap: where
//! labels may be flipped and the prior is too small for the Hessian to be factored, steps
//! are Fisher's. They lower the loss, but a fit may end after 1000 of them.)

use crate::lab::mdp::Features;
use crate::lab::query::Comparison;
use crate::numerics::math::{LeastSquares, Symmetric, dot, exp, largest, ln, ln_1p, sigmoid, sigmoids};
use crate::numerics::rng::{Purpose, Streams, normal};

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
    /// Who gave each of them; \[n\], or empty if nobody asks.
    pub by: Vec<u32>,
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
    /// Laplace covariance: the inverse Hessian at the weights; of the Fisher information where the
    /// Hessian cannot be inverted.
    pub covariance: Symmetric,
    /// Newton steps taken from the start that led to them.
    pub steps: u32,
    /// Different local optima that starts led to; 1 where the loss is convex.
    pub optima: usize,
    /// Reliability of every annotator, where that is learned; else empty.
    pub reliability: Vec<f64>,
}

/// A step that moves no logit by more is the last one: what is left is its square.
pub(super) const LAST: f64 = 1e-8;
/// A step that moves a logit by more, or is not Newton's, is tried before it is taken.
const SHORT: f64 = 0.1;
/// Steps are about as many as ln(1/l2); more are seen on absurd data only.
pub(super) const MOST_STEPS: u32 = 1000;
/// A Hessian is factored where no pivot is below this share of its diagonal; else the
/// square roots of what it is a sum of are.
pub(super) const SOUND: f64 = 1e-8;
/// Starts besides the convex optimum and the stretched one, where labels may be flipped: this times
/// features over labels, between 2 and 30.
const DIRECTIONS: usize = 3000;
/// Losses that differ by less, in nats or as a share, are of one optimum.
pub(super) const SAME: f64 = 1e-9;

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
                data.by.push(comparison.by);
            }
        }
        data
    }

    /// Root mean square of the differences of every feature, 1 where there are none; \[d\].
    fn spread(&self) -> Vec<f64> {
        let mut square = vec![0.0; self.width];
        for (i, x) in self.differences.iter().enumerate() {
            square[self.some.as_ref().map_or(i % self.width, |some| some.feature[i] as usize)] += x * x;
        }
        let n = self.labels.len() as f64;
        square.into_iter().map(|s| if s > 0.0 { (s / n).sqrt() } else { 1.0 }).collect()
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
    let (weights, steps, optima) = maximum(data, l2, mistake);
    let problem = Problem { data, l2, mistake };
    let logits = problem.logits(&weights);
    let observed = problem.derivatives(&weights, &logits, false).1.inverse(SOUND);
    let covariance = observed.unwrap_or_else(|| problem.roots(&weights, &logits).0.covariance());
    Fit { weights, covariance, steps, optima, reliability: Vec::new() }
}

/// The weights of [`fit`], the steps to them, and how many optima were found.
pub(super) fn maximum(data: &Comparisons, l2: f64, mistake: f64) -> (Vec<f64>, u32, usize) {
    let (convex, steps) = Problem { data, l2, mistake: 0.0 }.descend(vec![0.0; data.width]);
    if mistake == 0.0 {
        return (convex, steps, 1);
    }
    let problem = Problem { data, l2, mistake };
    let mut ends: Vec<(f64, Vec<f64>, u32)> = Vec::new();
    let mut add = |start: Vec<f64>| {
        let (end, steps) = problem.descend(start);
        let loss = problem.loss(&end, &problem.logits(&end));
        if ends.iter().all(|(other, ..)| (loss - other).abs() > SAME * loss.max(1.0)) {
            ends.push((loss, end, steps));
        }
    };
    let stretched = convex.iter().map(|w| 4.0 * w).collect();
    add(convex);
    add(stretched);
    let directions = (DIRECTIONS * data.width / data.labels.len().max(1)).clamp(2, 30) as u64;
    let spread = data.spread();
    for (i, sd) in (0..directions).zip([1.0, 3.0, 9.0].into_iter().cycle()) {
        let mut rng = Streams { seed: 0, repetition: 0 }.stream(Purpose::Starts, "", i);
        let direction: Vec<f64> = spread.iter().map(|s| normal(&mut rng) / s).collect();
        let logits = problem.logits(&direction);
        let length = (dot(&logits, &logits) / logits.len() as f64).sqrt();
        if length > 0.0 {
            add(direction.iter().map(|w| w * sd / length).collect());
        }
    }
    let optima = ends.len();
    let lowest = ends.into_iter().min_by(|a, b| a.0.total_cmp(&b.0));
    let (_, weights, steps) = lowest.expect("two starts at least");
    (weights, steps, optima)
}

struct Problem<'a> {
    data: &'a Comparisons,
    l2: f64,
    mistake: f64,
}

impl Problem<'_> {
    /// The local optimum that Newton's steps lead to, and how many they were.
    fn descend(&self, mut weights: Vec<f64>) -> (Vec<f64>, u32) {
        let mut logits = self.logits(&weights);
        for taken in 1..=MOST_STEPS {
            let (step, decrement, is_newton) = self.step(&weights, &logits);
            let moved = self.logits(&step);
            let most = largest(&moved);
            let length = match most > SHORT || !is_newton {
                true => search(decrement, |length| {
                    self.loss(&along(&weights, &step, length), &along(&logits, &moved, length))
                }),
                false => 1.0,
            };
            weights = along(&weights, &step, length);
            logits = along(&logits, &moved, length);
            if most <= LAST {
                return (weights, taken);
            }
        }
        (weights, MOST_STEPS)
    }

    /// Newton's step, by the observed Hessian, else by the Fisher information, else by its roots; its
    /// decrement, which is twice what a quadratic loss has left to lose; and whether it is Newton's.
    fn step(&self, w: &[f64], logits: &[f64]) -> (Vec<f64>, f64, bool) {
        let (gradient, observed) = self.derivatives(w, logits, false);
        let newton = observed.solve(&gradient, SOUND);
        // Without flips the two are one.
        let is_newton = newton.is_some() || self.mistake == 0.0;
        let scored = newton.or_else(|| match is_newton {
            true => None,
            false => self.derivatives(w, logits, true).1.solve(&gradient, SOUND),
        });
        let step = scored.unwrap_or_else(|| {
            let (roots, of_gradient) = self.roots(w, logits);
            roots.solve(of_gradient)
        });
        let decrement = dot(&gradient, &step);
        (step, decrement, is_newton)
    }

    /// A with AᵀA the Fisher information, and b with Aᵀb the gradient: they keep twice the digits
    /// of what they make.
    fn roots(&self, w: &[f64], logits: &[f64]) -> (LeastSquares, Vec<f64>) {
        let (mut rows, mut of_gradient) = (Vec::new(), Vec::new());
        for (i, (&z, &y)) in logits.iter().zip(&self.data.labels).enumerate() {
            let (slope, curvature) = curvature(z, y, self.mistake, true);
            if curvature > 0.0 {
                let mut row = vec![0.0; w.len()];
                self.add(i, curvature.sqrt(), &mut row);
                rows.push(row);
                of_gradient.push(slope / curvature.sqrt());
            }
        }
        add_prior(self.l2, w, &mut rows, &mut of_gradient);
        (LeastSquares::new(rows), of_gradient)
    }

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

    /// The loss of weights that have these logits.
    fn loss(&self, w: &[f64], logits: &[f64]) -> f64 {
        let of_label = |(&z, &y): (&f64, &f64)| {
            if self.mistake == 0.0 {
                loss_of(z, y)
            } else {
                let chance = |z: f64| self.mistake + (1.0 - 2.0 * self.mistake) * sigmoid(z);
                -(y * ln(chance(z)) + (1.0 - y) * ln(chance(-z)))
            }
        };
        logits.iter().zip(&self.data.labels).map(of_label).sum::<f64>() + 0.5 * self.l2 * dot(w, w)
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
    fn derivatives(&self, w: &[f64], logits: &[f64], fisher: bool) -> (Vec<f64>, Symmetric) {
        let mut gradient: Vec<f64> = w.iter().map(|w| self.l2 * w).collect();
        let mut hessian = Symmetric::diagonal(&vec![self.l2; w.len()]);
        for (i, (z, &y)) in logits.iter().copied().zip(&self.data.labels).enumerate() {
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

/// A row for the prior on each weight, and what the weights make of it.
pub(super) fn add_prior(l2: f64, weights: &[f64], rows: &mut Vec<Vec<f64>>, made: &mut Vec<f64>) {
    let root = l2.sqrt();
    for (j, weight) in weights.iter().enumerate() {
        let mut row = vec![0.0; weights.len()];
        row[j] = root;
        rows.push(row);
        made.push(root * weight);
    }
}

/// A step length that lowers the loss: full, or halved until Armijo's rule holds, but for rounding.
pub(super) fn search(decrement: f64, loss: impl Fn(f64) -> f64) -> f64 {
    let (here, mut length) = (loss(0.0), 1.0);
    while length > 1e-9 {
        if loss(length) <= here - 1e-4 * length * decrement + 1e-14 * here.abs() {
            break;
        }
        length *= 0.5;
    }
    length
}

/// −y ln σ(z) − (1−y) ln σ(−z), with one exponential and no overflow.
pub(super) fn loss_of(z: f64, y: f64) -> f64 {
    ln_1p(exp(-z.abs())) + y * (-z).max(0.0) + (1.0 - y) * z.max(0.0)
}

/// x less so much of a step.
pub(super) fn along(x: &[f64], step: &[f64], length: f64) -> Vec<f64> {
    x.iter().zip(step).map(|(x, step)| x - length * step).collect()
}

/// First and second derivative of the loss of one label in its logit.
#[inline]
pub(super) fn curvature(z: f64, y: f64, mistake: f64, fisher: bool) -> (f64, f64) {
    let (s, t) = sigmoids(z);
    if mistake == 0.0 {
        // σ − y, without the rounding of 1 − σ.
        return ((1.0 - y) * s - y * t, s * t);
    }
    // p' / p and p' / (1 − p), which stay finite where p or 1 − p vanish.
    let keep = 1.0 - 2.0 * mistake;
    let rise = keep * s * t;
    let (a, b) = (rise / (mistake + keep * s), rise / (mistake + keep * t));
    let pull = y * a - (1.0 - y) * b;
    let observed = y * a * a + (1.0 - y) * b * b - pull * (t - s);
    (-pull, if fisher { a * b } else { observed })
}
