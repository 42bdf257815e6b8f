//! What is put to the overseer: episodes that start alike, or segments of them.

use crate::lab::hearing::Hearing;
use crate::lab::mdp::{Features, Mdp};
use crate::lab::policy::{Episode, Policy, Sampler, accumulate, pick};
use crate::lab::query::Comparison;
use crate::lab::solve::{state_visits, steady_visits};
use crate::numerics::rng::Rng;
use std::sync::Arc;

/// What pairs are drawn from: whole episodes of a policy that start alike, or
/// segments of independent ones.
pub struct Pairs<'a> {
    sampler: Sampler<'a>,
    segments: Option<Segments>,
    /// How they look, if those that look alike are passed over.
    distinct: Option<Arc<Features>>,
}

/// Pairs in a row that are passed over at most.
const MOST_ALIKE: usize = 100;

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
        let segments = segment.map(|n| Segments::new(mdp, policy, n));
        Self { sampler: Sampler::new(mdp, policy), segments, distinct: None }
    }

    /// Those of them that do not look alike, feature by feature.
    pub fn distinct(self, look: Arc<Features>) -> Self {
        Self { distinct: Some(look), ..self }
    }

    /// Draws `count` questions of `among` episodes each, an episode after the other: two are a pair. As much of
    /// the stream is used by each, but for those passed over, so the first of more questions are the fewer questions.
    pub fn draw(&self, count: usize, among: usize, rng: &mut Rng) -> Vec<Episode> {
        let Some(look) = &self.distinct else { return self.draw_any(count, among, rng) };
        let alike = |drawn: &[Episode]| {
            let [first, others @ ..] = drawn else { return false };
            look.columns().all(|column| others.iter().all(|other| first.lead(other, column) == 0.0))
        };
        let question = |_| {
            let mut drawn = self.draw_any(1, among, rng);
            for _ in 0..MOST_ALIKE {
                if !alike(&drawn) {
                    break;
                }
                drawn = self.draw_any(1, among, rng);
            }
            drawn
        };
        (0..count).flat_map(question).collect()
    }

    fn draw_any(&self, count: usize, among: usize, rng: &mut Rng) -> Vec<Episode> {
        match &self.segments {
            None => self.sampler.alike(count, among, rng),
            Some(Segments { length, begins, states }) => {
                let of_a_step = states.len() / begins.len();
                self.sampler.episodes(among * count, *length, rng, |rng| {
                    let begin = pick(begins, rng);
                    (pick(&states[begin * of_a_step..][..of_a_step], rng), begin as u32)
                })
            }
        }
    }

    /// Draws `count` pairs and puts them to who hears, by streams of pairs, choices and tellings.
    pub fn ask(&self, hearing: &Hearing, count: u32, streams: [Rng; 3]) -> Vec<Comparison> {
        let [mut pairs, mut choices, mut telling] = streams;
        hearing.answers(self.draw(count as usize, 2, &mut pairs), 2, &mut choices, &mut telling)
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
