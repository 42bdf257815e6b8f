//! Queries: pairs of episodes put to the overseer, and what it said.

use crate::mdp::{Features, Mdp};
use crate::overseer::{Choice, Label};
use crate::policy::{Episode, Policy, Sampler, accumulate, pick};
use crate::rng::{Rng, uniform};
use crate::solve::state_visits;

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
    /// Steps at which it can begin.
    begins: u32,
    /// Cumulative chances of the states at each of them; \[begins\]\[states\].
    states: Vec<f64>,
}

impl<'a> Pairs<'a> {
    /// Pairs of a policy's episodes, or of their segments of `segment` steps.
    pub fn new(mdp: &'a Mdp, policy: &Policy, segment: Option<u32>) -> Self {
        let segments = segment.map(|length| {
            let begins = mdp.horizon - length + 1;
            let mut states = state_visits(mdp, policy, begins);
            states.chunks_mut(mdp.states()).for_each(accumulate);
            Segments { length, begins, states }
        });
        Self { sampler: Sampler::new(mdp, policy), segments }
    }

    /// Draws a pair.
    fn draw(&self, rng: &mut Rng) -> [Episode; 2] {
        match &self.segments {
            None => {
                let start = self.sampler.start(rng);
                [self.sampler.episode(start, rng), self.sampler.episode(start, rng)]
            }
            Some(segments) => [0; 2].map(|_| {
                let begin = (uniform(rng) * f64::from(segments.begins)) as u32;
                let states = segments.states.len() / segments.begins as usize;
                let state = pick(&segments.states[begin as usize * states..][..states], rng);
                self.sampler.segment(state, begin..begin + segments.length, rng)
            }),
        }
    }

    /// Asks `count` queries: each draws a pair, and a label by what the overseer
    /// believes of it.
    ///
    /// `pairs` and `choices` are separate streams used a fixed amount per query,
    /// so the first queries of a longer list are the shorter list.
    pub fn ask(
        &self,
        believed: &[f64],
        choice: &Choice,
        count: u32,
        pairs: &mut Rng,
        choices: &mut Rng,
    ) -> Vec<Comparison> {
        (0..count)
            .map(|_| {
                let [first, second] = self.draw(pairs);
                let returns = |e: &Episode| choice.returns(e.steps.iter().map(|&k| believed[k as usize]));
                let label = choice.chances(returns(&first), returns(&second)).draw(choices);
                Comparison { first, second, label }
            })
            .collect()
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
