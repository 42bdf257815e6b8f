//! Policies as tables of chances, and drawing episodes from them.

use crate::mdp::{Features, Mdp, Outcomes};
use crate::rng::{Rng, uniform};
use std::ops::Range;

/// Chances of every row, at each step or the same at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// π(action | state); \[rows\] if it is the same at every step, else
    /// \[horizon\]\[rows\]. Sums to 1 over each state's rows.
    pub chances: Vec<f64>,
}

impl Policy {
    /// π₀.
    pub fn reference(mdp: &Mdp) -> Self {
        Self { chances: mdp.reference.clone() }
    }

    /// Chances of every row at `step`; \[rows\].
    pub fn at(&self, mdp: &Mdp, step: u32) -> &[f64] {
        let rows = mdp.row_count();
        if self.chances.len() == rows { &self.chances } else { &self.chances[step as usize * rows..][..rows] }
    }
}

/// One episode, or a segment of one: the outcomes it went through, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Episode {
    /// The state it starts in.
    pub start: u32,
    /// Outcomes, one per step.
    pub steps: Vec<u32>,
}

impl Episode {
    /// The episode's features, summed over its steps, written over `into`.
    pub fn features(&self, features: &Features, into: &mut [f64]) {
        into.fill(0.0);
        for (x, column) in into.iter_mut().zip(&features.columns) {
            *x = self.total(column);
        }
    }

    /// What the episode earns under a reward table.
    pub fn total(&self, table: &[f64]) -> f64 {
        self.steps.iter().map(|&k| table[k as usize]).sum()
    }
}

/// Draws episodes of one policy: a start takes one uniform, a step one, and a
/// transition one more; each is a binary search in cumulative chances.
pub struct Sampler<'a> {
    mdp: &'a Mdp,
    start: Vec<f64>,
    /// Cumulative chances within each state's rows; laid out like `Policy::chances`.
    cumulative: Vec<f64>,
    outcomes: Vec<f64>,
}

impl<'a> Sampler<'a> {
    /// A sampler for `policy`.
    pub fn new(mdp: &'a Mdp, policy: &Policy) -> Self {
        let mut cumulative = policy.chances.clone();
        for step in cumulative.chunks_mut(mdp.row_count()) {
            for s in 0..mdp.states() {
                accumulate(&mut step[mdp.rows_of(s)]);
            }
        }
        let mut start = mdp.start.clone();
        accumulate(&mut start);
        let mut outcomes = Vec::new();
        if let Outcomes::Moves { offset, chance, .. } = &mdp.outcomes {
            outcomes.clone_from(chance);
            for w in offset.windows(2) {
                accumulate(&mut outcomes[w[0] as usize..w[1] as usize]);
            }
        }
        Self { mdp, start, cumulative, outcomes }
    }

    /// Draws a start state.
    pub fn start(&self, rng: &mut Rng) -> usize {
        pick(&self.start, rng)
    }

    /// Draws an episode from state `s` on.
    pub fn episode(&self, s: usize, rng: &mut Rng) -> Episode {
        self.segment(s, 0..self.mdp.horizon, rng)
    }

    /// Draws the `steps` of an episode that is in state `s` at the first of them.
    pub fn segment(&self, mut s: usize, steps: Range<u32>, rng: &mut Rng) -> Episode {
        let rows = self.mdp.row_count();
        let mut segment = Episode { start: s as u32, steps: Vec::with_capacity(steps.len()) };
        for step in steps {
            let of_state = self.mdp.rows_of(s);
            if of_state.is_empty() {
                break;
            }
            let offset = if self.cumulative.len() == rows { 0 } else { step as usize * rows };
            let row =
                of_state.start + pick(&self.cumulative[offset + of_state.start..offset + of_state.end], rng);
            match &self.mdp.outcomes {
                Outcomes::Ends => {
                    segment.steps.push(row as u32);
                    break;
                }
                Outcomes::Moves { offset, next, .. } => {
                    let of_row = offset[row] as usize..offset[row + 1] as usize;
                    let outcome = of_row.start + pick(&self.outcomes[of_row], rng);
                    segment.steps.push(outcome as u32);
                    s = next[outcome] as usize;
                }
            }
        }
        segment
    }
}

/// Running sums.
pub(crate) fn accumulate(chances: &mut [f64]) {
    let mut sum = 0.0;
    for c in chances {
        sum += *c;
        *c = sum;
    }
}

/// The first index whose cumulative chance exceeds a uniform; never one of
/// chance 0, whatever the rounding of the total.
pub(crate) fn pick(cumulative: &[f64], rng: &mut Rng) -> usize {
    let total = cumulative.last().copied().unwrap_or(0.0);
    let u = uniform(rng) * total;
    cumulative.partition_point(|&c| c <= u)
}
