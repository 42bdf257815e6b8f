//! The overseer: sees, fills in, values, judges.
//!
//! What it makes of an episode is a linear image of features, as they are or as
//! they are shown and filled in, so the return it believes is linear in its
//! values: S = c + Σ u_j φ̃_j. Labels depend on the world through S alone.

mod config;
mod judge;
mod sight;
mod slots;

pub use config::*;
pub use judge::{Believed, Judge, Label, LabelChances, Returns};
pub use sight::Sight;
pub use slots::Slot;

use crate::lab::mdp::{Features, Mdp, Table};
use crate::lab::policy::Policy;
use crate::lab::solve::visits;
use crate::lab::world::{Blueprint, World};
use crate::numerics::error::ConfigError;
use crate::numerics::math::largest;
use crate::numerics::rng::{Purpose, Streams, normal};
use std::sync::Arc;

/// A believed reward per step: `constant` + Σ_j `weights`_j·φ_j.
#[derive(Clone, Debug, PartialEq)]
pub struct Beliefs {
    /// On the features; \[features\].
    pub weights: Vec<f64>,
    /// Paid at every step.
    pub constant: f64,
    /// The features that are meant: as they are, or as seen.
    pub sight: Sight,
}

/// A reward of every outcome, and what it is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Reward {
    /// The reward; \[outcomes\].
    pub table: Table,
    /// What the largest terms of its sums add up to: a spread far below it is rounding.
    pub terms: f64,
}

/// An overseer of one repetition.
#[derive(Clone, Debug)]
pub struct Overseer {
    /// The features it cannot see, by column.
    pub hidden: Vec<usize>,
    /// What it believes, given what it sees.
    pub beliefs: Beliefs,
    /// What it would believe if it were told everything: its values are kept, but for what it is open to.
    pub seeing_everything: Beliefs,
    /// What each feature is worth to it; \[features\].
    pub values: Vec<f64>,
    /// What stands in for features of answers that it cannot see, where anything does, by column.
    pub guesses: Vec<(usize, Beliefs)>,
    /// What it could be told of an outcome.
    pub slots: Vec<Slot>,
    /// How it chooses.
    pub choice: Choice,
    /// What it costs.
    pub prices: Prices,
}

impl Beliefs {
    /// Of the features as they are.
    pub fn of_truth(weights: Vec<f64>) -> Self {
        Self { weights, constant: 0.0, sight: Sight::Truth }
    }

    /// Believed reward of every outcome.
    pub fn of(&self, world: &World) -> Reward {
        Reward::linear(&self.sight.features(world), &self.weights, self.constant)
    }
}

impl Reward {
    /// Of a table that is no sum.
    pub fn of_table(table: Table) -> Self {
        Self { terms: largest(&table), table }
    }

    /// `constant` + Σ_j `weights`_j·φ_j.
    pub fn linear(features: &Features, weights: &[f64], constant: f64) -> Self {
        let terms = weights.iter().zip(features.columns()).map(|(w, c)| w.abs() * largest(c));
        Self { terms: constant.abs() + terms.sum::<f64>(), table: features.combine(weights, constant) }
    }
}

impl Overseer {
    /// Takes note of what a policy did, by its expected visits of outcomes, where it goes by the
    /// record of policies, which π₀'s begins. Whether that changes what it believes.
    pub fn take_note(&mut self, mdp: &Mdp, of: &Table) -> bool {
        let Sight::Seen { unseen: Unseen::Record, record, .. } = &mut self.beliefs.sight else {
            return false;
        };
        let before = record.take().unwrap_or_else(|| visits(mdp, &Policy::reference(mdp)).into());
        *record = Some(Arc::new(before.iter().zip(of).map(|(sum, new)| sum + new).collect()));
        true
    }
}

impl OverseerConfig {
    /// The overseer of one repetition.
    ///
    /// # Errors
    /// `unseen = "reference"` where the covariances it needs are infinite or
    /// have no closed form; beliefs or a camera where there are none. Depends on
    /// the config alone.
    pub fn overseer(&self, blueprint: &Blueprint, streams: Streams) -> Result<Overseer, ConfigError> {
        let mut values = blueprint.gold();
        for (name, weight) in &self.believes {
            for j in blueprint.columns_of(name) {
                values[j] = weight.get();
            }
        }
        if let Some(sd) = self.error {
            for (value, name) in values.iter_mut().zip(blueprint.names()) {
                *value += sd.get() * normal(&mut streams.stream(Purpose::OverseerError, name, 0));
            }
        }
        let mut hidden: Vec<usize> = self.hidden.iter().flat_map(|name| blueprint.columns_of(name)).collect();
        hidden.extend(blueprint.squares_of(&hidden));
        let (beliefs, guesses) = match blueprint {
            Blueprint::AnswerLaw(_) => self.of_answers(blueprint, &values, &hidden)?,
            Blueprint::Compiled(compiled) => {
                self.check_beliefs(compiled)?;
                self.check_hidden(compiled)?;
                let sight = Sight::new(self.sees, self.unseen, &hidden, compiled);
                (Beliefs { weights: values.clone(), constant: 0.0, sight }, Vec::new())
            }
        };
        let open = self.open.get();
        let told =
            values.iter().zip(blueprint.gold()).map(|(value, gold)| (1.0 - open) * value + open * gold);
        Ok(Overseer {
            beliefs,
            seeing_everything: Beliefs::of_truth(told.collect()),
            guesses,
            slots: self.slots(blueprint, &hidden, &values),
            values,
            hidden,
            choice: self.choice.clone(),
            prices: self.prices.clone(),
        })
    }
}
