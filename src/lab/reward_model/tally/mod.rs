//! Somebody's own comparisons, counted: a million of a thousand items cost what the distinct pairs cost.
//!
//! A cell is what was compared and who answered, with the number of times that each grade was given. The
//! likelihood of Bradley–Terry needs no more than that, nor does a resample of the comparisons.

mod estimate;
mod newton;
mod scale;
mod separable;
mod tournament;

pub use estimate::{Estimate, Estimates, How, estimate};
pub use newton::{Counted, Unbounded, fit_counted};
pub(super) use newton::{MOST_STEPS, Problem};
pub use scale::Scale;
pub use tournament::{Tournament, Triads};

use crate::numerics::math::dot;
use crate::numerics::rng::{Purpose, Streams, uniform};

/// What an answer can be: clearly or slightly the second, a tie, slightly or clearly the first.
pub const GRADES: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];

/// How often each of [`GRADES`] was given.
pub type Counts = [u32; GRADES.len()];

/// Comparisons, counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// Scores of items or weights of features, d.
    pub width: usize,
    /// What is compared in each cell.
    pub compared: Compared,
    /// Who answered, from 0; \[cells\].
    pub annotator: Vec<u32>,
    /// The answers; \[cells\].
    pub counts: Vec<Counts>,
}

/// What is compared, cell by cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Compared {
    /// Two items, the lower index first.
    Items(Vec<[u32; 2]>),
    /// Features of the first less those of the second; \[cells\]\[d\].
    Features(Vec<f64>),
}

impl Tally {
    /// Answers given.
    pub fn comparisons(&self) -> u64 {
        self.counts.iter().map(total).sum()
    }

    /// Answers given in which a score or weight has a part; \[d\].
    pub fn involved(&self) -> Vec<u64> {
        let mut involved = vec![0; self.width];
        for (i, counts) in self.counts.iter().enumerate() {
            let (indices, values) = self.difference(i);
            for (j, x) in indices.iter().zip(&values) {
                involved[*j as usize] += if *x == 0.0 { 0 } else { total(counts) };
            }
        }
        involved
    }

    /// How often each grade was given.
    pub fn grades(&self) -> [u64; GRADES.len()] {
        let mut all = [0; GRADES.len()];
        for counts in &self.counts {
            all.iter_mut().zip(counts).for_each(|(sum, n)| *sum += u64::from(*n));
        }
        all
    }

    /// Answers of each annotator, or of nobody in particular.
    pub fn answered(&self, annotators: usize) -> Vec<u64> {
        let mut answered = vec![0; annotators.max(1)];
        for (who, counts) in self.annotator.iter().zip(&self.counts) {
            answered[*who as usize] += total(counts);
        }
        answered
    }

    /// What a cell says of the scores or weights: their indices, increasing, and its factors of them.
    pub(super) fn difference(&self, i: usize) -> (Vec<u32>, Vec<f64>) {
        match &self.compared {
            Compared::Items(pairs) => (pairs[i].to_vec(), vec![1.0, -1.0]),
            Compared::Features(all) => {
                ((0..self.width as u32).collect(), all[i * self.width..][..self.width].to_vec())
            }
        }
    }

    /// The difference in score of every cell; \[cells\].
    pub(super) fn differences(&self, weights: &[f64]) -> Vec<f64> {
        match &self.compared {
            Compared::Items(pairs) => {
                pairs.iter().map(|[a, b]| weights[*a as usize] - weights[*b as usize]).collect()
            }
            Compared::Features(all) => all.chunks_exact(self.width).map(|d| dot(weights, d)).collect(),
        }
    }

    /// As many comparisons, drawn from these with replacement; the same for the same `index`.
    pub fn resampled(&self, index: u64) -> Self {
        let mut rng = Streams { seed: 0, repetition: 0 }.stream(Purpose::Resamples, "fit", index);
        let each = self.counts.iter().flatten();
        let ends: Vec<u64> = each
            .scan(0, |sum, n| {
                Some({
                    *sum += u64::from(*n);
                    *sum
                })
            })
            .collect();
        let all = self.comparisons();
        let mut drawn = Self { counts: vec![[0; GRADES.len()]; self.counts.len()], ..self.clone() };
        for _ in 0..all {
            let at = (uniform(&mut rng) * all as f64) as u64;
            let slot = ends.partition_point(|end| *end <= at);
            drawn.counts[slot / GRADES.len()][slot % GRADES.len()] += 1;
        }
        drawn
    }
}

fn total(counts: &Counts) -> u64 {
    counts.iter().map(|n| u64::from(*n)).sum()
}
