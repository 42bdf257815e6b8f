//! Where the policy acts. A world knows no overseer.
//!
//! To add one: a variant here, a room of the same name that compiles its
//! config to an [`Mdp`], and the compiler shows the remaining places.

mod answers;
mod blueprint;
mod compiled;
mod deployment;
mod graph;
mod gridworld;
mod opportunity;

pub use answers::*;
pub use blueprint::{Blueprint, Draw};
pub use compiled::{CompiledWorld, NEVER, Screen, Symbols, draws};
pub use deployment::{Contexts, Deployment};
pub use graph::{Amount, Belief, Chances, FullMove, Graph, GraphFeature, GraphState, Move};
pub use gridworld::*;
pub use opportunity::{Act, Opportunity, Where};

use crate::lab::mdp::{Features, Mdp};
use crate::lab::protocol::{Arranges, Protocol};
use crate::numerics::error::ConfigError;
use crate::numerics::ranges::Count;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Where the policy acts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant)] // one for each cell, and never in bulk
pub enum WorldConfig {
    /// Prompts with candidate answers: a bandit.
    Answers(Answers),
    /// An agent on a map of tiles.
    Gridworld(Gridworld),
    /// States and moves by name, with what each state shows and what is believed of it.
    Graph(Graph),
    /// Work, probes and the real opportunity: contexts that are more or less alike.
    Opportunity(Opportunity),
}

/// A world of one repetition.
#[derive(Clone, Debug)]
pub struct World {
    /// The table.
    pub mdp: Mdp,
    /// What sensors show of its features.
    pub shown: Arc<Features>,
    blueprint: Blueprint,
}

impl WorldConfig {
    /// Checks what the types cannot say, but for what only [`Self::blueprint`] finds.
    ///
    /// # Errors
    /// Whatever is wrong with the world.
    pub fn check(&self) -> Result<(), ConfigError> {
        match self {
            WorldConfig::Answers(answers) => answers.check(),
            WorldConfig::Gridworld(gridworld) => gridworld.check(),
            WorldConfig::Graph(graph) => graph.check(),
            WorldConfig::Opportunity(opportunity) => opportunity.check(),
        }
    }

    /// Every name by which a config can address features, and what each stands for;
    /// of a world that was checked.
    pub fn addresses(&self) -> IndexMap<String, Vec<String>> {
        match self {
            WorldConfig::Answers(answers) => answers.addresses(),
            WorldConfig::Gridworld(gridworld) => gridworld.addresses().expect("checked"),
            WorldConfig::Graph(graph) => graph.addresses(),
            WorldConfig::Opportunity(opportunity) => opportunity.addresses(),
        }
    }

    /// Candidates for each start; `None` in worlds over time.
    pub fn candidates(&self) -> Option<Count> {
        match self {
            WorldConfig::Answers(answers) => Some(answers.answers),
            WorldConfig::Gridworld(_) | WorldConfig::Graph(_) | WorldConfig::Opportunity(_) => None,
        }
    }

    /// What shapes the draws, gold weights set aside: worlds that agree in
    /// this share their features.
    pub fn shape(&self) -> Self {
        match self {
            WorldConfig::Answers(answers) => WorldConfig::Answers(answers.shape()),
            WorldConfig::Gridworld(gridworld) => WorldConfig::Gridworld(gridworld.shape()),
            WorldConfig::Graph(graph) => WorldConfig::Graph(graph.shape()),
            WorldConfig::Opportunity(opportunity) => WorldConfig::Opportunity(opportunity.shape()),
        }
    }

    /// What is known before any seed: a law, or a table, of episodes as a protocol
    /// arranges them.
    ///
    /// # Errors
    /// What is wrong with the world and takes work to find; a protocol that has
    /// nothing to arrange here.
    pub fn blueprint(&self, protocol: &Protocol) -> Result<Blueprint, ConfigError> {
        let compiled = match self {
            WorldConfig::Answers(answers) => {
                Self::check_direct(protocol)?;
                return answers.law().map(Blueprint::AnswerLaw);
            }
            WorldConfig::Graph(graph) => {
                Self::check_direct(protocol)?;
                graph.compile()?
            }
            WorldConfig::Gridworld(gridworld) => gridworld.compile(protocol)?,
            WorldConfig::Opportunity(opportunity) => opportunity.compile(protocol)?,
        };
        Ok(Blueprint::Compiled(Arc::new(compiled)))
    }

    /// Checks that a protocol arranges nothing.
    fn check_direct(protocol: &Protocol) -> Result<(), ConfigError> {
        match protocol.arranges() {
            Arranges::Nothing => Ok(()),
            Arranges::Audits | Arranges::Probes { .. } => {
                let path = format!("feedback.protocol.{}", protocol.name());
                let message = format!("`{}` has nothing to arrange in this world", protocol.name());
                let help = "audit needs a gridworld with `watched`, red_team a world.opportunity";
                Err(ConfigError::new(&path, message, help))
            }
        }
    }
}

impl World {
    /// Names of the feature columns.
    pub fn names(&self) -> &[String] {
        &self.mdp.features.names
    }

    /// What is asked of a policy in deployment, where that is not as in training.
    pub fn deployment(&self) -> Option<&Deployment> {
        self.blueprint.compiled().and_then(|compiled| compiled.deployment.as_ref())
    }

    /// What is known of it before any seed.
    pub fn blueprint(&self) -> &Blueprint {
        &self.blueprint
    }
}
