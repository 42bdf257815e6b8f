//! From TOML text to a checked experiment.

use crate::feedback::Feedback;
use crate::optimizer::OptimizerConfig;
use crate::overseer::OverseerConfig;
use crate::ranges::Count;
use crate::reward_model::RewardModelConfig;
use crate::world::WorldConfig;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Everything a patch may set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Name of the experiment and of its folder of results: `[a-z0-9_]+`.
    #[serde(default)]
    pub name: String,
    /// One line: what it shows.
    #[serde(default)]
    pub title: String,
    /// One paragraph: why, and what to look at.
    #[serde(default)]
    pub about: String,
    /// Base seed of every stream of random numbers.
    #[serde(default)]
    pub seed: u32,
    /// Repetitions.
    #[serde(default = "hundred")]
    pub seeds: Count,
    /// The world.
    pub world: WorldConfig,
    /// Who judges.
    #[serde(default)]
    pub overseer: OverseerConfig,
    /// What is asked of them.
    #[serde(default)]
    pub feedback: Feedback,
    /// What is fitted to the answers.
    #[serde(default)]
    pub reward_model: RewardModelConfig,
    /// What makes the most of it.
    #[serde(default)]
    pub optimizer: OptimizerConfig,
}

fn hundred() -> Count {
    Count::new(100).expect("in range")
}
