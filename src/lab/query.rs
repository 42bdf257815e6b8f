//! Queries: pairs of episodes put to the overseer, and what it said.

use crate::lab::hearing::Hearing;
use crate::lab::mdp::{Features, Mdp};
use crate::lab::overseer::Label;
use crate::lab::policy::{Episode, Policy, Sampler, accumulate, pick};
use crate::lab::solve::{state_visits, steady_visits};
use crate::numerics::rng::Rng;
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
    /// Puts `count` pairs chosen from `from` to who hears.
    pub fn ask(self, from: &Pairs<'_>, hearing: &Hearing, count: u32, streams: [Rng; 3]) -> Vec<Comparison> {
        match self {
            Query::Uniform => from.ask(hearing, count, streams),
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

/// Segments of episodes. A segment begins at any step that is played, all alike: that step
/// and its state are drawn from their exact law, so that nothing before them need be drawn.
/// (Were it any step of the horizon, most segments of short episodes would be of nothing.)
struct Segments {
    /// Steps of a segment, of which the episode's end may cut some.
    length: u32,
    /// Cumulative chances of the steps at which it can begin; of one in place of all, where
    /// the policy is the same at all of them.
    begins: Vec<f64>,
    /// Cumulative chances of the states at each of them; \[begins\]\[states\].
    states: Vec<f64>,
}

impl<'a> Pairs<'a> {
    /// Pairs of a policy's episodes, or of their segments of `segment` steps.
    pub fn new(mdp: &'a Mdp, policy: &Policy, segment: Option<u32>) -> Self {
        Self { sampler: Sampler::new(mdp, policy), segments: segment.map(|n| Segments::new(mdp, policy, n)) }
    }

    /// Draws `count` pairs, an episode after the other.
    fn draw(&self, count: usize, rng: &mut Rng) -> Vec<Episode> {
        match &self.segments {
            None => self.sampler.pairs(count, rng),
            Some(Segments { length, begins, states }) => {
                let of_a_step = states.len() / begins.len();
                self.sampler.episodes(2 * count, *length, rng, |rng| {
                    let begin = pick(begins, rng);
                    (pick(&states[begin * of_a_step..][..of_a_step], rng), begin as u32)
                })
            }
        }
    }

    /// Puts `count` pairs to who hears.
    ///
    /// The streams, of pairs, choices and tellings, are each used a fixed amount per query,
    /// so the first queries of a longer list are the shorter list.
    pub fn ask(&self, hearing: &Hearing, count: u32, streams: [Rng; 3]) -> Vec<Comparison> {
        let [mut pairs, mut choices, mut telling] = streams;
        let mut comparisons = Vec::with_capacity(count as usize);
        let mut episodes = self.draw(count as usize, &mut pairs).into_iter();
        while let (Some(first), Some(second)) = (episodes.next(), episodes.next()) {
            let label = hearing.answer(&first, &second, &mut choices, &mut telling);
            comparisons.push(Comparison { first, second, label });
        }
        comparisons
    }
}

impl Segments {
    fn new(mdp: &Mdp, policy: &Policy, length: u32) -> Self {
        let begins = mdp.horizon - length + 1;
        // Where a policy is steady it does not matter when a segment begins.
        let mut states = match policy.is_steady(mdp) {
            true => steady_visits(mdp, &policy.chances, begins),
            false => state_visits(mdp, policy, begins),
        };
        let (over, mut start) = (mdp.over(), mdp.start.as_slice());
        let of_a_step = states.chunks_mut(mdp.states()).map(|states| {
            // An episode that is over before it begins still has its first step.
            for s in (0..over.len()).filter(|s| over[*s]) {
                states[s] = start.get(s).copied().unwrap_or(0.0);
            }
            start = &[];
            accumulate(states);
            states[over.len() - 1]
        });
        let mut begins: Vec<f64> = of_a_step.collect();
        accumulate(&mut begins);
        Self { length, begins, states }
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
