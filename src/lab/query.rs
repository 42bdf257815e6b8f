//! Queries: pairs of episodes put to the overseer, and what it said.

use crate::lab::mdp::{Features, Mdp};
use crate::lab::overseer::{Judge, Label};
use crate::lab::policy::{Episode, Policy, Sampler, accumulate, pick};
use crate::lab::solve::{state_visits, steady_visits};
use crate::numerics::rng::{Rng, uniform};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the pairs to be labelled are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Query {
    /// Two independent episodes from one start.
    Uniform,
}

impl Query {
    /// Puts `count` pairs chosen from `from` to `judge`.
    pub fn ask(
        self,
        from: &Pairs<'_>,
        judge: &Judge,
        count: u32,
        pairs: &mut Rng,
        choices: &mut Rng,
    ) -> Vec<Comparison> {
        match self {
            Query::Uniform => from.ask(judge, count, pairs, choices),
        }
    }
}

/// A pair of episodes and the overseer's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The episode shown first.
    pub first: Episode,
    /// The episode shown second.
    pub second: Episode,
    /// The answer.
    pub label: Label,
}

/// What pairs are drawn from: whole episodes of a policy that start alike, or
/// segments of independent ones.
pub struct Pairs<'a> {
    sampler: Sampler<'a>,
    segments: Option<Segments>,
}

/// Segments of episodes. A segment's first step is uniform, and its first state
/// drawn from the exact law of states at that step, so that nothing before it
/// need be drawn.
struct Segments {
    /// Steps of a segment.
    length: u32,
    /// Steps at which it can begin; 1 where the policy is the same at all of them.
    begins: u32,
    /// Cumulative chances of the states at each of them, or over all; \[begins\]\[states\].
    states: Vec<f64>,
}

impl<'a> Pairs<'a> {
    /// Pairs of a policy's episodes, or of their segments of `segment` steps.
    pub fn new(mdp: &'a Mdp, policy: &Policy, segment: Option<u32>) -> Self {
        let segments = segment.map(|length| {
            let begins = mdp.horizon - length + 1;
            // Where a policy is steady it does not matter when a segment begins.
            let (begins, mut states) = if policy.is_steady(mdp) {
                (1, steady_visits(mdp, &policy.chances, begins))
            } else {
                (begins, state_visits(mdp, policy, begins))
            };
            states.chunks_mut(mdp.states()).for_each(accumulate);
            Segments { length, begins, states }
        });
        Self { sampler: Sampler::new(mdp, policy), segments }
    }

    /// Draws `count` pairs, an episode after the other.
    fn draw(&self, count: usize, rng: &mut Rng) -> Vec<Episode> {
        match &self.segments {
            None => self.sampler.pairs(count, rng),
            Some(Segments { length, begins, states }) => {
                let of_a_step = states.len() / *begins as usize;
                self.sampler.episodes(2 * count, *length, rng, |rng| {
                    let begin = (uniform(rng) * f64::from(*begins)) as u32;
                    (pick(&states[begin as usize * of_a_step..][..of_a_step], rng), begin)
                })
            }
        }
    }

    /// Puts `count` pairs to `judge`.
    ///
    /// `pairs` and `choices` are separate streams used a fixed amount per query,
    /// so the first queries of a longer list are the shorter list.
    pub fn ask(&self, judge: &Judge, count: u32, pairs: &mut Rng, choices: &mut Rng) -> Vec<Comparison> {
        let mut comparisons = Vec::with_capacity(count as usize);
        let mut episodes = self.draw(count as usize, pairs).into_iter();
        while let (Some(first), Some(second)) = (episodes.next(), episodes.next()) {
            let label = judge.answer(&first, &second, choices);
            comparisons.push(Comparison { first, second, label });
        }
        comparisons
    }
}

impl Comparison {
    /// φ(first) − φ(second), written over `into`; `scratch` is overwritten.
    pub fn difference(&self, features: &Features, into: &mut [f64], scratch: &mut [f64]) {
        self.first.features(features, into);
        self.second.features(features, scratch);
        for (d, x) in into.iter_mut().zip(scratch) {
            *d -= *x;
        }
    }
}
