//! From TOML text to a checked experiment. Everything that can be wrong with a
//! config is said here, before the first trial, with its line and column.
//!
//! The way of a config: bytes → `tree` of spanned values → leaves →
//! `assign`ments, their paths checked against the `grammar` → one tree per `cell`
//! → [`Config`] → the rooms' own checks. The file's body, `--set`, `[sweep]`,
//! `[variants.X]`, `[axes.N.L]` and `[quick]` all go through `assign`.

mod assign;
mod axes;
mod cell;
mod claims;
mod experiment;
mod figures;
mod grammar;
mod kind;
mod knobs;
mod leaderboard;
mod level;
mod methods;
mod overrides;
mod quantity;
mod read;
mod resolved;
mod sections;
mod selectors;
mod source;
mod style;
mod tree;
mod undefined;

pub use crate::numerics::error::{ConfigError, Kind};
pub use claims::{
    Against, Along, ClaimConfig, ClaimKind, Compared, Crossing, Quantity, Steps, Test, Trend, replaced,
};
pub use experiment::{Axis, Cell, Experiment};
pub use figures::FigureConfig;
pub use kind::FigureKind;
pub(crate) use kind::{Measured, Traits};
pub use knobs::{Knob, knobs};
pub use leaderboard::LeaderboardConfig;
pub use level::Level;
pub use overrides::Overrides;
pub use selectors::{Pin, Pins};
pub use style::{Scale, Scales, Style};

// What the schema of a file is made of.
pub(in crate::study) use axes::WHOLE;
pub(in crate::study) use grammar::{Shape, Variant, root, settings, shape};
pub(in crate::study) use undefined::Undefined;

use crate::lab::{Feedback, OptimizerConfig, OverseerConfig, RewardModelConfig, Setup, WorldConfig};
use crate::numerics::ranges::Count;
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
    /// Base seeds whose results were looked at before the claims were final: they are no evidence.
    #[serde(default)]
    pub looked_at: Vec<u32>,
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
    /// How all figures look.
    #[serde(default)]
    pub style: Style,
}

fn hundred() -> Count {
    Count::new(100).expect("in range")
}

impl Config {
    /// The part of it that is a trial.
    pub(crate) fn setup(self) -> Setup {
        let Self { world, overseer, mut feedback, reward_model, optimizer, .. } = self;
        feedback.settle();
        Setup { world, overseer, feedback, reward_model, optimizer }
    }
}
