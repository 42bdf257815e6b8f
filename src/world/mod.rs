//! Where the policy acts. A world knows no overseer.
//!
//! To add one: a variant here, a room of the same name that compiles its
//! config to an [`Mdp`], and the compiler shows the remaining places.

mod answers;
mod gridworld;

pub use answers::*;
pub use gridworld::*;

use crate::fault::Fault;
use crate::math::Symmetric;
use crate::mdp::{Features, Mdp};
use crate::rng::Streams;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Where the policy acts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorldConfig {
    /// Prompts with candidate answers: a bandit.
    Answers(Answers),
}

/// A world of one repetition.
#[derive(Clone, Debug)]
pub struct World {
    /// The table.
    pub mdp: Mdp,
    law: Law,
}

impl WorldConfig {
    /// What shapes the draws, gold weights set aside: worlds that agree in
    /// this share their features.
    pub fn shape(&self) -> Self {
        match self {
            WorldConfig::Answers(answers) => WorldConfig::Answers(answers.shape()),
        }
    }

    /// The generating law of the features.
    ///
    /// # Errors
    /// See [`Answers::law`].
    pub fn law(&self) -> Result<Law, Fault> {
        match self {
            WorldConfig::Answers(answers) => answers.law(),
        }
    }

    /// Draws the features of every row.
    pub fn draw(&self, law: &Law, streams: Streams) -> Features {
        match self {
            WorldConfig::Answers(answers) => answers.draw(law, streams),
        }
    }

    /// The world with these features.
    pub fn world(&self, law: Law, features: Arc<Features>) -> World {
        let mdp = match self {
            WorldConfig::Answers(answers) => answers.table(&law, features),
        };
        World { mdp, law }
    }
}

impl World {
    /// Names of the feature columns.
    pub fn names(&self) -> &[String] {
        &self.mdp.features.names
    }

    /// The feature columns that a name of the config addresses.
    pub fn columns_of(&self, name: &str) -> &[usize] {
        self.law.columns_of(name)
    }

    /// The generating law of the features.
    pub fn law(&self) -> &Law {
        &self.law
    }

    /// Mean and covariance of the features under the generating law of π₀,
    /// where they are finite.
    pub fn moments(&self) -> Option<(Vec<f64>, Symmetric)> {
        self.law.moments()
    }
}
