//! Where the policy acts. A world knows no overseer.
//!
//! To add one: a variant here, a room of the same name that compiles its
//! config to an [`Mdp`], and the compiler shows the remaining places.

mod answers;
mod board;
mod graph;
mod gridworld;
mod ground;

pub use answers::*;
pub use board::{Board, NEVER, Screen, Symbols, draws};
pub use graph::{Amount, Belief, Chances, FullMove, Graph, GraphFeature, GraphState, Move};
pub use gridworld::*;
pub use ground::{Draw, Ground};

use crate::fault::Fault;
use crate::mdp::{Features, Mdp};
use crate::ranges::Count;
use crate::rng::Streams;
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
    pub fn check(&self) -> Result<(), Fault> {
        match self {
            WorldConfig::Answers(answers) => answers.check(),
            WorldConfig::Gridworld(gridworld) => gridworld.check(),
            WorldConfig::Graph(graph) => graph.check(),
        }
    }

    /// Every name by which a config can address features, and what each stands for;
    /// of a world that was checked.
    pub fn addresses(&self) -> IndexMap<String, Vec<String>> {
        match self {
            WorldConfig::Answers(answers) => answers.addresses(),
            WorldConfig::Gridworld(gridworld) => gridworld.addresses().expect("checked"),
            WorldConfig::Graph(graph) => graph.addresses(),
        }
    }

    /// Candidates for each start; `None` in worlds over time.
    pub fn candidates(&self) -> Option<Count> {
        match self {
            WorldConfig::Answers(answers) => Some(answers.answers),
            WorldConfig::Gridworld(_) => None,
            WorldConfig::Graph(_) => None,
        }
    }

    /// What shapes the draws, gold weights set aside: worlds that agree in
    /// this share their features.
    pub fn shape(&self) -> Self {
        match self {
            WorldConfig::Answers(answers) => WorldConfig::Answers(answers.shape()),
            WorldConfig::Gridworld(gridworld) => WorldConfig::Gridworld(gridworld.shape()),
            WorldConfig::Graph(graph) => WorldConfig::Graph(graph.shape()),
        }
    }

    /// What is known before any seed: a law, or a table.
    ///
    /// # Errors
    /// What is wrong with the world and takes work to find.
    pub fn ground(&self) -> Result<Ground, Fault> {
        match self {
            WorldConfig::Answers(answers) => answers.law().map(Ground::Answers),
            WorldConfig::Gridworld(gridworld) => Ok(Ground::Board(Arc::new(gridworld.board()?))),
            WorldConfig::Graph(graph) => graph.board().map(|board| Ground::Board(Arc::new(board))),
        }
    }

    /// Draws the features of every outcome.
    pub fn draw(&self, ground: &Ground, streams: Streams) -> Draw {
        match (self, ground) {
            (WorldConfig::Answers(answers), Ground::Answers(law)) => {
                let features = Arc::new(answers.draw(law, streams));
                Draw { shown: Arc::clone(&features), features }
            }
            (_, ground) => ground.board().expect("a world over time").draw(streams),
        }
    }

    /// The world with these features.
    pub fn world(&self, ground: Ground, draw: Draw) -> World {
        let mdp = match (self, &ground) {
            (WorldConfig::Answers(answers), Ground::Answers(law)) => answers.table(law, draw.features),
            (_, ground) => {
                Mdp { features: draw.features, ..ground.board().expect("a world over time").mdp.clone() }
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

    /// What is known of it before any seed.
    pub fn ground(&self) -> &Ground {
        &self.ground
    }
}
