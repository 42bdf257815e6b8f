//! What an overseer could be told of an outcome.
//!
//! A *slot* is a feature that would count for something else if it were told: one that is hidden, or
//! that sensors or a camera may show otherwise; with an openness λ above 0 also one that it sees and
//! misvalues. To be told of feature j adds
//!
//! (ŵ_j + λ(w*_j − ŵ_j))·φ_j − ŵ_j·φ̃_j
//!
//! to what is believed, with φ̃_j what the overseer takes the feature to be. Slots add up: to be told
//! one does not change what stands in for another, though they be correlated. Features that
//! rest on one premise are told together, and so is a square with what it is the square of. A product of two
//! features is told with a premise that both rest on; else it is a slot of its own.

use super::{Overseer, OverseerConfig, Sees, Sight};
use crate::lab::mdp::Features;
use crate::lab::world::{Blueprint, Screen, World};
use indexmap::IndexMap;
use std::sync::Arc;

/// Something that could be told of an outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// The feature, or the premise that several rest on.
    pub name: String,
    /// The features, by column.
    pub columns: Vec<usize>,
}

impl OverseerConfig {
    /// The slots of an overseer who cannot see `hidden` and values features so.
    pub(super) fn slots(&self, blueprint: &Blueprint, hidden: &[usize], values: &[f64]) -> Vec<Slot> {
        let gold = blueprint.gold();
        let screened = |j: usize| match blueprint.compiled().map(|compiled| (compiled, &compiled.screen)) {
            Some((compiled, Screen::Sensors { shown, in_view })) if self.sees == Sees::Shown => {
                in_view.contains(&false) && !compiled.seen_anyway.contains(&j)
                    || shown.column(j) != compiled.mdp.features.column(j)
            }
            _ => false,
        };
        let open = self.open.get() > 0.0;
        let names = blueprint.names();
        let mut slots: IndexMap<&str, Vec<usize>> = IndexMap::new();
        for j in 0..names.len() {
            if hidden.contains(&j) || screened(j) || open && values[j] != gold[j] {
                let made_of = blueprint.factors(j).unwrap_or([j, j]);
                let rests = |(_, of): &(&String, &Vec<String>)| {
                    let columns: Vec<usize> = of.iter().flat_map(|name| blueprint.columns_of(name)).collect();
                    columns.contains(&j) || made_of.iter().all(|factor| columns.contains(factor))
                };
                let premise = self.premises.iter().find(rests).map(|(name, _)| name.as_str());
                let [x, y] = made_of;
                slots.entry(premise.unwrap_or(names[if x == y { x } else { j }])).or_default().push(j);
            }
        }
        slots.into_iter().map(|(name, columns)| Slot { name: name.to_owned(), columns }).collect()
    }
}

impl Overseer {
    /// What it takes the features of every outcome to be.
    pub(crate) fn takes_for(&self, world: &World) -> Arc<Features> {
        let seen = self.beliefs.sight.features(world);
        // Of answers, beliefs are about the features as they are, with weights that make up for it.
        if self.beliefs.sight != Sight::Truth || self.hidden.is_empty() {
            return seen;
        }
        let mut taken = Features::clone(&seen);
        self.hidden.iter().for_each(|&h| taken.column_mut(h).fill(0.0));
        for (h, guess) in &self.guesses {
            taken.column_mut(*h).assign(&ndarray::ArrayView1::from(&guess.of(world).table));
        }
        Arc::new(taken)
    }

    /// What every slot adds to what is believed of every outcome, if it is told; \[slots\]\[outcomes\].
    pub fn worth_of_slots(&self, world: &World) -> Features {
        let (truth, taken) = (&world.mdp.features, self.takes_for(world));
        let worth = |slot: &Slot| {
            let mut sum = vec![0.0; world.mdp.outcome_count()];
            for &j in &slot.columns {
                let (told, held) = (self.seeing_everything.weights[j], self.values[j]);
                for (sum, (x, as_taken)) in sum.iter_mut().zip(truth.column(j).iter().zip(taken.column(j))) {
                    *sum += told * x - held * as_taken;
                }
            }
            sum
        };
        Features::new(
            self.slots.iter().map(|slot| slot.name.clone()).collect(),
            self.slots.iter().map(worth).collect(),
        )
    }
}
