//! Recursive reward modelling: who cannot judge a whole asks about its parts, and takes the word of models
//! that were fitted to the answers for what it cannot see.
//!
//! ```text
//! which of the two is better?                     (1 − share) of the labels
//! └─ which is better in respect of a slot?        share of them, in equal parts;
//!    └─ … of one of the slot's features?          at depth 2, share of these in turn
//! ```
//!
//! A part that is not divided is judged as it is, since a look at it alone is possible where a look at
//! the whole is not; one that is divided is judged by the word of the models of its own parts. An interaction of
//! features is in no part that has but one of them, so no number of labels brings it back. What parts add up to is all
//! that random reveals of everything would tell, if nothing interacts and labels have no end.

use crate::lab::Setup;
use crate::lab::feedback::share_of;
use crate::lab::hearing::Hearing;
use crate::lab::overseer::{Overseer, Reward};
use crate::lab::pairs::Pairs;
use crate::lab::policy::Policy;
use crate::lab::protocol::Protocol;
use crate::lab::reward_model::{Comparisons, Linear, RewardModelConfig};
use crate::lab::world::World;
use crate::numerics::rng::{Purpose, Streams};

/// Part of a question: which of two answers is better in respect of these features?
#[derive(Debug, PartialEq)]
pub struct Part {
    /// The features, by column.
    pub columns: Vec<usize>,
    /// What it is divided into.
    pub parts: Vec<Part>,
}

impl Part {
    /// The whole question, divided into slots, and these into features down to a depth. Of what cannot be
    /// seen; what is made of features in different parts is in none.
    pub fn whole(overseer: &Overseer, world: &World, depth: u32) -> Self {
        let is_made = |j: usize| world.blueprint().factors(j).is_some_and(|[x, y]| x != y);
        let hidden = |columns: &[usize]| -> Vec<usize> {
            columns.iter().copied().filter(|j| overseer.hidden.contains(j)).collect()
        };
        let feature = |columns: Vec<usize>| Part { columns, parts: Vec::new() };
        let slot = |columns: Vec<usize>| Part {
            parts: match depth {
                1 => Vec::new(),
                _ => columns.iter().filter(|j| !is_made(**j)).map(|j| feature(vec![*j])).collect(),
            },
            columns,
        };
        let slots = overseer.slots.iter().map(|slot| hidden(&slot.columns));
        let parts: Vec<Part> =
            slots.filter(|columns| columns.iter().any(|j| !is_made(*j))).map(slot).collect();
        Part { columns: parts.iter().flat_map(|part| part.columns.clone()).collect(), parts }
    }
}

/// Asks about the parts of questions, if a protocol divides them: an overseer who takes the word of the
/// parts' models, and the labels that this took of all.
pub fn ask_in_parts(
    setup: &Setup,
    world: &World,
    overseer: &Overseer,
    streams: Streams,
) -> Option<(Overseer, u32)> {
    let Protocol::Recursive { depth, share } = setup.feedback.protocol else { return None };
    let model = match &setup.reward_model {
        RewardModelConfig::Linear(linear) => linear.clone(),
        _ => Linear::default(),
    };
    let mut recursion = Recursion { world, overseer, model, share: share.get(), streams, asked: 0 };
    let whole = Part::whole(overseer, world, depth.get());
    let labels = recursion.below(&whole, setup.feedback.queries(overseer, world.blueprint()));
    let word = recursion.word(&whole, labels);
    Some((overseer.taking(|j| word[j]), labels))
}

struct Recursion<'a> {
    world: &'a World,
    overseer: &'a Overseer,
    /// How a model of a part is fitted: as that of the whole, if it is linear.
    model: Linear,
    /// The share of the labels of a question that goes to its parts.
    share: f64,
    streams: Streams,
    /// Parts that were asked about so far.
    asked: u64,
}

impl Recursion<'_> {
    /// Labels that go to the parts of a question which has so many.
    fn below(&self, part: &Part, labels: u32) -> u32 {
        if part.parts.is_empty() { 0 } else { (self.share * f64::from(labels)).round() as u32 }
    }

    /// What each feature is said to be worth in units of what is believed, by the models of a question's
    /// parts, the smallest first; \[features\].
    fn word(&mut self, whole: &Part, labels: u32) -> Vec<Option<f64>> {
        let mut word = vec![None; self.world.names().len()];
        let count = whole.parts.len() as u32;
        for (part, place) in whole.parts.iter().zip(1..) {
            let said = self.model_of(part, share_of(labels, count, place));
            part.columns.iter().zip(said).for_each(|(j, weight)| word[*j] = Some(weight));
        }
        word
    }

    /// Weights of a part's own features, fitted to labels of it.
    fn model_of(&mut self, part: &Part, labels: u32) -> Vec<f64> {
        let below = self.below(part, labels);
        let mut believed = vec![0.0; self.world.names().len()];
        if part.parts.is_empty() {
            part.columns.iter().for_each(|&j| believed[j] = self.overseer.seeing_everything.weights[j]);
        } else {
            let word = self.word(part, below);
            believed.iter_mut().zip(word).for_each(|(to, said)| *to = said.unwrap_or(0.0));
        }
        self.asked += 1;
        let (mdp, choice) = (&self.world.mdp, &self.overseer.choice);
        let hearing = Hearing::new(Reward::linear(&mdp.features, &believed, 0.0), choice.clone());
        let purposes = [Purpose::PartPairs, Purpose::PartChoices, Purpose::PartTelling];
        let streams = purposes.map(|purpose| self.streams.stream(purpose, "", self.asked));
        let answers = Pairs::new(mdp, &Policy::reference(mdp), None).ask(&hearing, labels - below, streams);
        let data = Comparisons::of_features(&mdp.features, &answers, &part.columns);
        let unit = choice.beta() / self.model.rationality();
        self.model.fitted(&data).weights.iter().map(|weight| weight / unit).collect()
    }
}
