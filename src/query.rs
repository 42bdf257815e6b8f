//! Queries: pairs of episodes put to the overseer, and what it said.

use crate::mdp::Mdp;
use crate::overseer::{Choice, Label};
use crate::policy::{Episode, Sampler};
use crate::rng::Rng;

/// A pair of episodes and the overseer's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The state both start from.
    pub start: usize,
    /// The episode shown first.
    pub first: Episode,
    /// The episode shown second.
    pub second: Episode,
    /// The answer.
    pub label: Label,
}

/// Asks `count` uniform queries: each draws a start and two independent
/// episodes from it, and a label by what the overseer believes of them.
///
/// `pairs` and `choices` are separate streams used a fixed amount per query,
/// so the first queries of a longer list are the shorter list.
pub fn ask(
    sampler: &Sampler<'_>,
    believed: &[f64],
    choice: &Choice,
    count: u32,
    pairs: &mut Rng,
    choices: &mut Rng,
) -> Vec<Comparison> {
    (0..count)
        .map(|_| {
            let start = sampler.start(pairs);
            let [first, second] = [sampler.episode(start, pairs), sampler.episode(start, pairs)];
            let returns = |e: &Episode| choice.returns(e.rows.iter().map(|&row| believed[row as usize]));
            let label = choice.chances(returns(&first), returns(&second)).draw(choices);
            Comparison { start, first, second, label }
        })
        .collect()
}

impl Comparison {
    /// φ(first) − φ(second), written over `into`; `scratch` is overwritten.
    pub fn difference(&self, mdp: &Mdp, into: &mut [f64], scratch: &mut [f64]) {
        self.first.features(mdp, into);
        self.second.features(mdp, scratch);
        for (d, x) in into.iter_mut().zip(scratch) {
            *d -= *x;
        }
    }
}
