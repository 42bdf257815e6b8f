//! Annotators whose reliability is learned with the weights.
//!
//! P(first) = σ(r_a·w·d), with a the annotator who answers, a normal prior of mean 0 and precision `l2` on every
//! weight and one of mean 1 and precision 1 on every reliability r. A reliability below 1 is that of
//! somebody who answers more by chance than they should, 0 is a coin, and below 0 is one who says the contrary.
//!
//! The loss is convex in w given r and in r given w, and not in both: whoever takes everybody for the contrary of what
//! they are explains the labels as well, but for the prior of r. So starts are the weights of what all
//! say together and of what each annotator says alone, of those with the most labels, with the reliabilities that suit
//! them; descents begin from the best of these, from all where labels are few, and from the contrary of where they end,
//! and the lowest end is kept. A step is Newton's in (w, r) at once, else by Fisher's information: alternating between w and r creeps along
//! the valley in which a factor goes from the one to the other.

use super::bradley_terry::{LAST, MOST_STEPS, SAME, SOUND, along, curvature, loss_of, maximum, search};
use super::{Comparisons, Fit};
use crate::numerics::math::{Symmetric, dot};

/// Annotators whose word alone is a start, at most.
const STARTS: usize = 8;
/// Starts that are followed to their ends: this over labels, two at least.
const ENOUGH: usize = 2000;

/// Fits weights with prior precision `l2` > 0 and a reliability of every annotator up to the last one that answered;
/// one whose labels say nothing has 1. The covariance is that of the weights at these reliabilities: were these free, most of it
/// would be about their common unit, of which no choice between answers depends.
///
/// ```
/// use oversight::lab::reward_model::{Comparisons, reliable};
/// // Two say what the third denies, as decidedly.
/// let data = Comparisons {
///     width: 1,
///     differences: vec![1.0; 120],
///     labels: [1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0].repeat(10),
///     by: [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2].repeat(10),
///     ..Comparisons::default()
/// };
/// let fit = reliable(&data, 0.1);
/// assert!(fit.weights[0] > 0.0 && fit.reliability[0] > 0.0 && fit.reliability[2] < 0.0);
/// ```
pub fn reliable(data: &Comparisons, l2: f64) -> Fit {
    let annotators = data.by.iter().map(|by| *by as usize + 1).max().unwrap_or(0);
    let joint = Joint { data, l2, annotators };
    let mut count = vec![0usize; annotators];
    data.by.iter().for_each(|by| count[*by as usize] += 1);
    let mut busiest: Vec<usize> = (0..annotators).collect();
    busiest.sort_by_key(|a| std::cmp::Reverse(count[*a]));
    let alone = busiest.iter().take(if annotators > 1 { STARTS } else { 0 });
    let alone = alone.map(|a| maximum(&data.of_one(*a as u32), l2, 0.0).0);
    let starts = std::iter::once(maximum(data, l2, 0.0).0).chain(alone).map(|weights| joint.start(weights));
    let mut starts: Vec<(f64, Vec<f64>)> = starts.map(|start| (joint.loss(&start), start)).collect();
    starts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let followed = (ENOUGH / data.labels.len().max(1)).clamp(2, STARTS + 1);
    let mut ends: Vec<_> = starts.into_iter().take(followed).map(|(_, start)| joint.descend(start)).collect();
    let contrary = |(end, _): &(Vec<f64>, u32)| joint.descend(end.iter().map(|x| -x).collect());
    ends.extend(ends.iter().map(contrary).collect::<Vec<_>>());
    let mut losses: Vec<f64> = ends.iter().map(|(end, _)| joint.loss(end)).collect();
    let lowest = (0..ends.len()).min_by(|a, b| losses[*a].total_cmp(&losses[*b])).expect("one at least");
    let (mut weights, steps) = ends.swap_remove(lowest);
    losses.sort_by(f64::total_cmp);
    losses.dedup_by(|a, b| (*a - *b).abs() <= SAME * b.max(1.0));
    let (_, hessian) = joint.derivatives(&weights, true);
    let mut given = Symmetric::diagonal(&vec![0.0; data.width]);
    for i in 0..data.width {
        (0..=i).for_each(|j| given.set(i, j, hessian.at(i, j)));
    }
    let covariance = given.inverse(0.0).expect("the prior makes it definite");
    let reliability = weights.split_off(data.width);
    Fit { weights, covariance, steps, optima: losses.len(), reliability }
}

struct Joint<'a> {
    data: &'a Comparisons,
    l2: f64,
    annotators: usize,
}

impl Joint<'_> {
    /// The reward by which the first of each comparison leads, and the annotator's reliability.
    fn leads<'a>(&'a self, at: &'a [f64]) -> impl Iterator<Item = (&'a [f64], f64, usize, f64)> + 'a {
        let (weights, reliability) = at.split_at(self.data.width);
        let differences = (0..self.data.labels.len())
            .map(|i| &self.data.differences[i * self.data.width..][..self.data.width]);
        differences
            .zip(&self.data.by)
            .map(move |(d, by)| (d, dot(weights, d), *by as usize, reliability[*by as usize]))
    }

    /// Weights and, roughly, the reliabilities that suit them best.
    fn start(&self, weights: Vec<f64>) -> Vec<f64> {
        let d = self.data.width;
        let mut at = [weights, vec![1.0; self.annotators]].concat();
        for _ in 0..8 {
            let prior = at[d..].iter().map(|r| (r - 1.0, 1.0));
            let mut derivatives: Vec<(f64, f64)> = prior.collect();
            for ((_, lead, by, r), y) in self.leads(&at).zip(&self.data.labels) {
                let (slope, curvature) = curvature(r * lead, *y, 0.0, true);
                derivatives[by].0 += slope * lead;
                derivatives[by].1 += curvature * lead * lead;
            }
            for (r, (gradient, curvature)) in at[d..].iter_mut().zip(derivatives) {
                *r -= (gradient / curvature).clamp(-1.0, 1.0);
            }
        }
        at
    }

    fn loss(&self, at: &[f64]) -> f64 {
        let of_label = |((_, lead, _, r), y): ((_, f64, _, f64), &f64)| loss_of(r * lead, *y);
        let (weights, reliability) = at.split_at(self.data.width);
        let prior =
            self.l2 * dot(weights, weights) + reliability.iter().map(|r| (r - 1.0) * (r - 1.0)).sum::<f64>();
        self.leads(at).zip(&self.data.labels).map(of_label).sum::<f64>() + 0.5 * prior
    }

    /// Gradient in (w, r), and observed Hessian or (`fisher`) expected one.
    fn derivatives(&self, at: &[f64], fisher: bool) -> (Vec<f64>, Symmetric) {
        let d = self.data.width;
        let (weights, reliability) = at.split_at(d);
        let prior = weights.iter().map(|w| self.l2 * w).chain(reliability.iter().map(|r| r - 1.0));
        let mut gradient: Vec<f64> = prior.collect();
        let precisions = [vec![self.l2; d], vec![1.0; self.annotators]].concat();
        let (mut hessian, mut row) = (Symmetric::diagonal(&precisions), vec![0.0; d + 1]);
        let mut of: Vec<u32> = (0..=d as u32).collect();
        let mut cross = vec![0.0; d * self.annotators];
        for ((difference, lead, by, r), y) in self.leads(at).zip(&self.data.labels) {
            let (slope, curvature) = curvature(r * lead, *y, 0.0, true);
            row.iter_mut().zip(difference).for_each(|(x, d)| *x = r * d);
            (row[d], of[d]) = (lead, (d + by) as u32);
            gradient.iter_mut().zip(&row[..d]).for_each(|(g, x)| *g += slope * x);
            gradient[d + by] += slope * lead;
            hessian.add_outer_sparse(curvature, &of, &row);
            cross[by * d..][..d].iter_mut().zip(difference).for_each(|(sum, d)| *sum += slope * d);
        }
        hessian.mirror();
        if !fisher {
            for (a, of_annotator) in cross.chunks_exact(d.max(1)).enumerate() {
                for (j, sum) in of_annotator.iter().enumerate() {
                    hessian.set(j, d + a, hessian.at(j, d + a) + sum);
                }
            }
        }
        (gradient, hessian)
    }

    /// The local optimum that steps lead to, and how many they were.
    fn descend(&self, mut at: Vec<f64>) -> (Vec<f64>, u32) {
        for taken in 1..=MOST_STEPS {
            let (gradient, observed) = self.derivatives(&at, false);
            let step = observed.solve(&gradient, SOUND);
            let step = step.or_else(|| self.derivatives(&at, true).1.solve(&gradient, 0.0));
            let step = step.expect("the prior makes it definite");
            let there = |length: f64| along(&at, &step, length);
            let length = search(dot(&gradient, &step), |length| self.loss(&there(length)));
            at = there(length);
            if step.iter().all(|s| s.abs() <= LAST) {
                return (at, taken);
            }
        }
        (at, MOST_STEPS)
    }
}

impl Comparisons {
    /// Those that one annotator answered.
    fn of_one(&self, annotator: u32) -> Self {
        let mine = (0..self.labels.len()).filter(|i| self.by[*i] == annotator);
        let mut of_one = Self { width: self.width, ..Self::default() };
        for i in mine {
            of_one.differences.extend_from_slice(&self.differences[i * self.width..][..self.width]);
            of_one.labels.push(self.labels[i]);
        }
        of_one
    }
}
