//! Where the policy acts. A world knows no overseer.
//!
//! To add one: a variant here, a room of the same name that compiles its
//! config to an [`Mdp`], and the compiler shows the remaining places.

mod answers;
mod board;
mod deployment;
mod graph;
mod gridworld;
mod ground;
mod opportunity;

pub use answers::*;
pub use board::{Board, NEVER, Screen, Symbols, draws};
pub use deployment::{Contexts, Deployed, Deployment};
pub use graph::{Amount, Belief, Chances, FullMove, Graph, GraphFeature, GraphState, Move};
pub use gridworld::*;
pub use ground::{Draw, Ground};
pub use opportunity::{Act, Opportunity, Where};

use crate::lab::mdp::{Features, Mdp};
use crate::lab::protocol::Protocol;
use crate::numerics::error::ConfigError;
use crate::numerics::ranges::Count;
use crate::numerics::rng::Streams;
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
    ground: Ground,
}

impl WorldConfig {
    /// Checks what the types cannot say, but for what only [`Self::ground`] finds.
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
    pub fn ground(&self, protocol: &Protocol) -> Result<Ground, ConfigError> {
        let board = match self {
            WorldConfig::Gridworld(gridworld) => gridworld.board(protocol)?,
            WorldConfig::Opportunity(opportunity) => opportunity.board(protocol)?,
            _ if *protocol != Protocol::Direct => {
                let path = format!("feedback.protocol.{}", protocol.name());
                let message = format!("`{}` has nothing to arrange in this world", protocol.name());
                let help = "audit needs a gridworld with `watched`, red_team a world.opportunity";
                return Err(ConfigError::new(&path, message, help));
            }
            WorldConfig::Answers(answers) => return answers.law().map(Ground::Answers),
            WorldConfig::Graph(graph) => graph.board()?,
        };
        Ok(Ground::Board(Arc::new(board)))
    }

    /// Draws the features of every outcome.
    pub fn draw(&self, ground: &Ground, streams: Streams) -> Draw {
        match (self, ground) {
            (WorldConfig::Answers(answers), Ground::Answers(law)) => {
                let features = Arc::new(answers.draw(law, streams));
                Draw { shown: Arc::clone(&features), features, reference: None }
            }
            (_, ground) => ground.board().expect("a world over time").draw(streams),
        }
    }

    /// The world with these features.
    pub fn world(&self, ground: Ground, draw: Draw) -> World {
        let mdp = match (self, &ground) {
            (WorldConfig::Answers(answers), Ground::Answers(law)) => answers.table(law, draw.features),
            (_, ground) => {
                let mdp = ground.board().expect("a board").mdp.clone();
                match draw.reference {
                    Some(reference) => Mdp { features: draw.features, reference, ..mdp },
                    None => Mdp { features: draw.features, ..mdp },
                }
            }
        };
        World { mdp, shown: draw.shown, ground }
    }
}

impl World {
    /// Names of the feature columns.
    pub fn names(&self) -> &[String] {
        &self.mdp.features.names
    }

    /// What is asked of a policy in deployment, where that is not as in training.
    pub fn deployment(&self) -> Option<&Deployment> {
        self.ground.board().and_then(|board| board.deployment.as_ref())
    }

    /// What is known of it before any seed.
    pub fn ground(&self) -> &Ground {
        &self.ground
    }
}
