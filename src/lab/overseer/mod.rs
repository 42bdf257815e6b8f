//! The overseer: sees, fills in, values, judges.
//!
//! What it makes of an episode is a linear image of features, as they are or as
//! they are shown and filled in, so the return it believes is linear in its
//! values: S = c + Σ u_j φ̃_j. Labels depend on the world through S alone.

mod config;
mod judge;
mod sight;

pub use config::*;
pub use judge::{Judge, Label, LabelChances, Returns};
pub use sight::Sight;

use crate::lab::mdp::{Features, Table};
use crate::lab::world::{Blueprint, CompiledWorld, Screen, Symbols, World};
use crate::numerics::fault::Fault;
use crate::numerics::math::regress;
use crate::numerics::rng::{Purpose, Streams, normal};

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
#[derive(Clone, Debug)]
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
    /// What it would believe if it saw everything, its values kept.
    pub seeing_everything: Beliefs,
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
        Self { terms: table.iter().fold(0.0, |m: f64, x| m.max(x.abs())), table }
    }

    /// `constant` + Σ_j `weights`_j·φ_j.
    pub fn linear(features: &Features, weights: &[f64], constant: f64) -> Self {
        let largest = |column: &[f64]| column.iter().fold(0.0f64, |m, x| m.max(x.abs()));
        let terms = weights.iter().zip(features.columns()).map(|(w, c)| w.abs() * largest(c));
        Self { terms: constant.abs() + terms.sum::<f64>(), table: features.combine(weights, constant) }
    }
}

impl Overseer {
    /// Who answers its queries in a world.
    pub fn judge(&self, world: &World) -> Judge {
        let weights = self.beliefs.weights.iter().copied().map(Some).collect();
        Judge { believed: self.beliefs.of(world), weights, choice: self.choice.clone() }
    }
}

impl OverseerConfig {
    /// The overseer of one repetition.
    ///
    /// # Errors
    /// `unseen = "reference"` where the covariances it needs are infinite or
    /// have no closed form; beliefs or a camera where there are none. Depends on
    /// the config alone.
    pub fn overseer(&self, blueprint: &Blueprint, streams: Streams) -> Result<Overseer, Fault> {
        let mut values = blueprint.gold();
        for (name, weight) in &self.believes {
            for &j in blueprint.columns_of(name) {
                values[j] = weight.get();
            }
        }
        if let Some(sd) = self.error {
            for (value, name) in values.iter_mut().zip(blueprint.names()) {
                *value += sd.get() * normal(&mut streams.stream(Purpose::OverseerError, name, 0));
            }
        }
        let mut hidden: Vec<usize> =
            self.hidden.iter().flat_map(|name| blueprint.columns_of(name)).copied().collect();
        hidden.extend(blueprint.squares_of(&hidden));
        let beliefs = match blueprint {
            Blueprint::AnswerLaw(_) => self.of_answers(blueprint, &values, &hidden)?,
            Blueprint::Compiled(compiled) => {
                self.check_beliefs(compiled)?;
                self.check_hidden(compiled)?;
                let sight = Sight::new(self.sees, self.unseen, &hidden, compiled);
                Beliefs { weights: values.clone(), constant: 0.0, sight }
            }
        };
        Ok(Overseer {
            hidden,
            beliefs,
            seeing_everything: Beliefs::of_truth(values),
            choice: self.choice.clone(),
            prices: self.prices.clone(),
        })
    }

    /// Checks that a posterior has beliefs to go by.
    fn check_beliefs(&self, compiled: &CompiledWorld) -> Result<(), Fault> {
        if !self.unseen.needs_beliefs() || self.sees == Sees::Truth {
            return Ok(());
        }
        let fault = |message: String, help| Err(Fault::new("overseer.unseen", message, help));
        match &compiled.screen {
            Screen::Sensors { .. } => fault(
                "`posterior` needs beliefs, and nothing in this world is shown by symbols".to_owned(),
                "use \"nothing\" or \"reference\", or a world.graph with beliefs",
            ),
            Screen::Symbols(Symbols { ambiguous: Some(seen), .. }) => fault(
                format!("several episodes show `{seen}`, and no belief says which it means"),
                "add it to [[world.graph.beliefs]], or use unseen = \"reference\"",
            ),
            Screen::Symbols(_) => Ok(()),
        }
    }

    /// Checks that what is hidden stays so: who fills in states fills in their features.
    fn check_hidden(&self, compiled: &CompiledWorld) -> Result<(), Fault> {
        let symbols = compiled.screen.shows_symbols() && self.sees == Sees::Shown;
        if self.hidden.is_empty() || !symbols || !self.unseen.fills_in_states() {
            return Ok(());
        }
        let message = "nothing is hidden from who takes symbols for states: states have all their features";
        let help = "take hidden away, or use unseen = \"nothing\"";
        Err(Fault::new("overseer.hidden", message, help))
    }

    /// What it believes of answers: the law of the features fills in what is hidden.
    fn of_answers(&self, blueprint: &Blueprint, values: &[f64], hidden: &[usize]) -> Result<Beliefs, Fault> {
        let mut beliefs = Beliefs::of_truth(values.to_vec());
        for &h in hidden {
            beliefs.weights[h] = 0.0;
        }
        let fault = |message, help| Err(Fault::new("overseer.unseen", message, help));
        match self.unseen {
            Unseen::Nothing => return Ok(beliefs),
            Unseen::Posterior => {
                let message = "`posterior` needs beliefs, and a world of answers has none";
                return fault(message, "use \"nothing\" or \"reference\", or a world.graph with beliefs");
            }
            Unseen::Reference if hidden.is_empty() => return Ok(beliefs),
            Unseen::Reference => {}
        }
        let Some((mean, covariance)) = blueprint.moments() else {
            let message =
                "`reference` needs finite covariances, and this world's are infinite or have no closed form";
            let help = "use unseen = \"nothing\", or tails with more moments (student_t: df > 2)";
            return fault(message, help);
        };
        let seen: Vec<usize> = (0..values.len()).filter(|j| !hidden.contains(j)).collect();
        for &h in hidden {
            beliefs.constant += values[h] * mean[h];
            for (&s, b) in seen.iter().zip(regress(&covariance, h, &seen)) {
                beliefs.weights[s] += values[h] * b;
                beliefs.constant -= values[h] * b * mean[s];
            }
        }
        Ok(beliefs)
    }
}
