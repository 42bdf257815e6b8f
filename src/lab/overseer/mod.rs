//! The overseer: sees, fills in, values, judges.
//!
//! What it makes of an episode is a linear image of features, as they are or as
//! they are shown and filled in, so the return it believes is linear in its
//! values: S = c + Σ u_j φ̃_j. Labels depend on the world through S alone.

mod config;
mod judge;
mod sight;

pub use config::*;
pub use judge::{Label, LabelChances, Returns};
pub use sight::Sight;

use crate::lab::mdp::{Features, Table};
use crate::lab::world::{Board, Ground, Screen, Symbols, World};
use crate::numerics::error::ConfigError;
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
    /// `constant` + Σ_j `weights`_j·φ_j.
    pub fn linear(features: &Features, weights: &[f64], constant: f64) -> Self {
        let largest = |column: &Vec<f64>| column.iter().fold(0.0f64, |m, x| m.max(x.abs()));
        let terms = weights.iter().zip(&features.columns).map(|(w, c)| w.abs() * largest(c));
        Self { terms: constant.abs() + terms.sum::<f64>(), table: features.combine(weights, constant) }
    }
}

impl OverseerConfig {
    /// The overseer of one repetition.
    ///
    /// # Errors
    /// `unseen = "reference"` where the covariances it needs are infinite or
    /// have no closed form; beliefs or a camera where there are none. Depends on
    /// the config alone.
    pub fn overseer(&self, ground: &Ground, streams: Streams) -> Result<Overseer, ConfigError> {
        let mut values = ground.gold();
        for (name, weight) in &self.believes {
            for &j in ground.columns_of(name) {
                values[j] = weight.get();
            }
        }
        if let Some(sd) = self.error {
            for (value, name) in values.iter_mut().zip(ground.names()) {
                *value += sd.get() * normal(&mut streams.stream(Purpose::OverseerError, name, 0));
            }
        }
        let mut hidden: Vec<usize> =
            self.hidden.iter().flat_map(|name| ground.columns_of(name)).copied().collect();
        hidden.extend(ground.squares_of(&hidden));
        let beliefs = match ground {
            Ground::Answers(_) => self.of_answers(ground, &values, &hidden)?,
            Ground::Board(board) => {
                self.check_beliefs(board)?;
                self.check_hidden(board)?;
                let sight = Sight::new(self.sees, self.unseen, &hidden, board);
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
    fn check_beliefs(&self, board: &Board) -> Result<(), ConfigError> {
        if self.unseen != Unseen::Posterior || self.sees == Sees::Truth {
            return Ok(());
        }
        let fault = |message: String, help| Err(ConfigError::new("overseer.unseen", message, help));
        match &board.screen {
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
    fn check_hidden(&self, board: &Board) -> Result<(), ConfigError> {
        let symbols = matches!(board.screen, Screen::Symbols(_)) && self.sees == Sees::Shown;
        if self.hidden.is_empty() || !symbols || self.unseen == Unseen::Nothing {
            return Ok(());
        }
        let message = "nothing is hidden from who takes symbols for states: states have all their features";
        let help = "take hidden away, or use unseen = \"nothing\"";
        Err(ConfigError::new("overseer.hidden", message, help))
    }

    /// What it believes of answers: the law of the features fills in what is hidden.
    fn of_answers(&self, ground: &Ground, values: &[f64], hidden: &[usize]) -> Result<Beliefs, ConfigError> {
        let mut beliefs = Beliefs::of_truth(values.to_vec());
        for &h in hidden {
            beliefs.weights[h] = 0.0;
        }
        if self.unseen == Unseen::Posterior {
            let message = "`posterior` needs beliefs, and a world of answers has none";
            return Err(ConfigError::new(
                "overseer.unseen",
                message,
                "use \"nothing\" or \"reference\", or a world.graph with beliefs",
            ));
        }
        if self.unseen == Unseen::Reference && !hidden.is_empty() {
            let seen: Vec<usize> = (0..values.len()).filter(|j| !hidden.contains(j)).collect();
            let (mean, covariance) = ground.moments().ok_or_else(|| {
                let message = "`reference` needs finite covariances, and this world's are infinite or have no closed form";
                ConfigError::new("overseer.unseen", message, "use unseen = \"nothing\", or tails with more moments (student_t: df > 2)")
            })?;
            for &h in hidden {
                beliefs.constant += values[h] * mean[h];
                for (&s, b) in seen.iter().zip(regress(&covariance, h, &seen)) {
                    beliefs.weights[s] += values[h] * b;
                    beliefs.constant -= values[h] * b * mean[s];
                }
            }
        }
        Ok(beliefs)
    }
}
