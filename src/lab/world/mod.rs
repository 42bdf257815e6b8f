//! Where the policy acts. A world knows no overseer.
//!
//! To add one: a variant here, a room of the same name that compiles its
//! config to an [`Mdp`], and the compiler shows the remaining places.

mod answers;
mod blueprint;
mod camera_dropbox;
mod compiled;
mod deployment;
mod graph;
mod gridworld;
mod opportunity;

pub use answers::*;
pub use blueprint::{Blueprint, Blueprints, Draw};
pub use camera_dropbox::CameraDropbox;
pub use compiled::{CompiledWorld, Drawn, Multiples, NEVER, Screen, Symbols};
pub use deployment::{Contexts, Deployment};
pub use graph::{Amount, Belief, Chances, FullMove, Graph, GraphFeature, GraphState, Move};
pub use gridworld::*;
pub use opportunity::{Act, Opportunity, Where};

use crate::lab::inputs::Inputs;
use crate::lab::mdp::{Features, Mdp};
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
    /// Boxes to be pushed into a hole, of which one is wanted, before a camera that can be blocked.
    CameraDropbox(CameraDropbox),
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
    pub fn check(&self) -> Result<(), ConfigError> {
        match self {
            WorldConfig::Answers(answers) => answers.check(),
            WorldConfig::Gridworld(gridworld) => gridworld.rules().map(drop),
            WorldConfig::Graph(graph) => graph.check(),
            WorldConfig::Opportunity(opportunity) => opportunity.check(),
            WorldConfig::CameraDropbox(_) => Ok(()),
        }
    }

    /// Every name by which a config can address features, and what each stands for;
    /// of a world that was checked.
    pub fn addresses(&self) -> IndexMap<String, Vec<String>> {
        let names: Vec<String> = match self {
            WorldConfig::Answers(answers) => return answers.addresses(),
            WorldConfig::Gridworld(gridworld) => {
                gridworld.whole().expect("checked").features.into_keys().collect()
            }
            WorldConfig::Graph(graph) => graph.feature_names().into_iter().map(str::to_owned).collect(),
            WorldConfig::Opportunity(opportunity) => opportunity.features.keys().cloned().collect(),
            WorldConfig::CameraDropbox(_) => camera_dropbox::FEATURES.map(str::to_owned).to_vec(),
        };
        names.into_iter().map(|name| (name.clone(), vec![name])).collect()
    }

    /// Candidates for each start; `None` in worlds over time.
    pub fn candidates(&self) -> Option<Count> {
        match self {
            WorldConfig::Answers(answers) => Some(answers.answers),
            WorldConfig::Gridworld(_)
            | WorldConfig::Graph(_)
            | WorldConfig::Opportunity(_)
            | WorldConfig::CameraDropbox(_) => None,
        }
    }

    /// What shapes the draws, as it is written with the weights of features left out: worlds
    /// that agree in this share their features.
    pub fn shape(&self) -> toml::Table {
        let mut shape = toml::Table::try_from(self).expect("plain data");
        let worlds = shape.iter_mut().filter_map(|(_, world)| world.get_mut("features")?.as_table_mut());
        for feature in worlds.flatten().filter_map(|(_, feature)| feature.as_table_mut()) {
            for weight in ["gold", "observed"] {
                feature.remove(weight);
            }
            // A curvature makes a column, whatever it is.
            feature.get_mut("curvature").into_iter().for_each(|weight| *weight = true.into());
        }
        shape
    }

    /// What is known before any seed: a law, or a table, with training's
    /// episodes as `inputs` arranges them.
    ///
    /// # Errors
    /// What is wrong with the world and takes work to find; `inputs` that have
    /// nothing to arrange here.
    pub fn blueprint(&self, inputs: &Inputs) -> Result<Blueprint, ConfigError> {
        let compiled = match self {
            WorldConfig::Answers(answers) => {
                inputs.check_stage(None)?;
                return answers.law().map(Blueprint::AnswerLaw);
            }
            WorldConfig::Graph(graph) => {
                inputs.check_stage(None)?;
                graph.compile()?
            }
            WorldConfig::Gridworld(gridworld) => gridworld.rules()?.table(inputs)?,
            WorldConfig::Opportunity(opportunity) => opportunity.compile(inputs)?,
            WorldConfig::CameraDropbox(dropbox) => {
                inputs.check_stage(None)?;
                dropbox.compile()
            }
        };
        Ok(Blueprint::Compiled(Arc::new(compiled)))
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
