//! What an overseer hears of every outcome: what it believes by itself, and what a protocol tells it.
//!
//! Labels are of what is heard, and so are the policies that the bands compare; `approval` is of
//! what is believed unaided. What a helper picks differs from answer to answer, so that what is heard is
//! in general no sum of features, and a model that is one averages over what was told.

use crate::lab::mdp::{Features, Table};
use crate::lab::overseer::{Beliefs, Believed, Choice, Judge, Overseer, Reward};
use crate::lab::protocol::Protocol;
use crate::lab::world::World;
use crate::numerics::math::largest;
use crate::numerics::rng::{Rng, uniform};

/// What is heard of a world, and who answers.
#[derive(Clone, Debug)]
pub struct Hearing {
    /// The mean, over all that a protocol leaves to chance, of what is heard of every outcome.
    pub mean: Reward,
    /// Weight of every feature in it, where it has one; \[features\].
    pub weights: Vec<Option<f64>>,
    /// Who answers queries.
    pub judge: Judge,
}

impl Hearing {
    /// Of a judge who believes this of every outcome, for whatever reason.
    pub fn new(believed: Reward, choice: Choice) -> Self {
        let judge = Judge { believed: Believed::Table(believed.table.clone()), choice };
        Self { mean: believed, weights: Vec::new(), judge }
    }
}

impl Overseer {
    /// What it hears on average under a protocol, where that is a sum of features: Bernoulli
    /// mixtures of all that could be told are, and what helpers pick is not.
    pub fn on_average(&self, protocol: &Protocol) -> Option<Beliefs> {
        let chances = protocol.chances(self.slots.len());
        let told = chances.first().copied().unwrap_or(0.0);
        let (nothing, everything) = (&self.beliefs, &self.seeing_everything);
        match told {
            _ if chances.iter().any(|chance| *chance != told) => None,
            0.0 => Some(nothing.clone()),
            1.0 => Some(everything.clone()),
            _ if nothing.sight != everything.sight => None,
            _ => {
                let mix = |a: f64, b: f64| (1.0 - told) * a + told * b;
                let weights = nothing.weights.iter().zip(&everything.weights).map(|(a, b)| mix(*a, *b));
                let constant = mix(nothing.constant, everything.constant);
                Some(Beliefs { weights: weights.collect(), constant, ..nothing.clone() })
            }
        }
    }

    /// What it hears in a world under a protocol.
    pub fn hears(&self, world: &World, protocol: &Protocol) -> Hearing {
        let linear = self.on_average(protocol);
        let chances = protocol.chances(self.slots.len());
        let certain = chances.iter().all(|chance| *chance == 0.0 || *chance == 1.0);
        let weights = match &linear {
            Some(beliefs) => beliefs.weights.iter().copied().map(Some).collect(),
            None => vec![None; world.names().len()],
        };
        if let Some(beliefs) = linear.as_ref().filter(|_| certain) {
            return Hearing { weights, ..Hearing::new(beliefs.of(world), self.choice.clone()) };
        }
        let unaided = self.beliefs.of(world);
        let slots = self.worth_of_slots(world);
        let mean = match linear {
            Some(beliefs) => beliefs.of(world),
            None => on_average(&unaided, &slots, &chances),
        };
        let believed = match certain {
            true => Believed::Table(mean.table.clone()),
            false => Believed::Told(Told { unaided: unaided.table, slots, protocol: *protocol }),
        };
        Hearing { mean, weights, judge: Judge { believed, choice: self.choice.clone() } }
    }
}

/// S + Σ_r p_r·c₍ᵣ₎: of each outcome the slots in order, each with its chance to be told.
fn on_average(unaided: &Reward, slots: &Features, chances: &[f64]) -> Reward {
    let mut worths = vec![0.0; chances.len()];
    let heard = unaided.table.iter().enumerate().map(|(outcome, believed)| {
        gather(slots, outcome, &mut worths);
        worths.sort_unstable_by(|a, b| b.total_cmp(a));
        let told = worths.iter().zip(chances).filter(|(_, chance)| **chance != 0.0);
        told.fold(*believed, |sum, (worth, chance)| sum + chance * worth)
    });
    let table: Table = heard.collect();
    Reward { table, terms: unaided.terms + slots.columns().map(largest).sum::<f64>() }
}

fn gather(slots: &Features, outcome: usize, worths: &mut [f64]) {
    for (worth, column) in worths.iter_mut().zip(slots.columns()) {
        *worth = column[outcome];
    }
}

/// What is heard where it is drawn at every query.
#[derive(Clone, Debug)]
pub struct Told {
    /// What is believed of every outcome if nothing is told; \[outcomes\].
    unaided: Table,
    /// What each slot adds if it is told; \[slots\]\[outcomes\].
    slots: Features,
    protocol: Protocol,
}

impl Told {
    /// What is heard of each of these outcomes. Slots to look at are drawn, then which of the tellings.
    pub fn hear(&self, outcomes: &[u32], rng: &mut Rng) -> Vec<f64> {
        let telling = self.protocol.telling();
        let count = self.slots.names.len();
        let mut worths = vec![0.0; count];
        let hear = |outcome: &u32| {
            gather(&self.slots, *outcome as usize, &mut worths);
            let looked_at = telling.count(count, uniform(rng));
            for i in 0..looked_at {
                worths.swap(i, i + (uniform(rng) * (count - i) as f64) as usize);
            }
            let worths = &mut worths[..looked_at];
            worths.sort_unstable_by(|a, b| b.total_cmp(a));
            let [best, worst] = telling.tells[(uniform(rng) * telling.tells.len() as f64) as usize];
            let best = best.min(looked_at);
            let worst = best.max(looked_at.saturating_sub(worst));
            let told = worths[..best].iter().chain(&worths[worst..]).sum::<f64>();
            self.unaided[*outcome as usize] + told
        };
        outcomes.iter().map(hear).collect()
    }
}
