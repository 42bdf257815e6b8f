//! From TOML text to a checked experiment. Everything that can be wrong with a
//! config is said here, before the first trial, with its line and column.
//!
//! The way of a config: bytes → `tree` of spanned values → leaves →
//! `assign`ments checked against the JSON `schema` → one tree per `cell`
//! → [`Config`] → the rooms' own checks. The file's body, `--set`, `[sweep]`,
//! `[variants.X]`, `[axes.N.L]` and `[quick]` all go through `assign`.

mod assign;
mod axes;
mod cell;
mod claims;
mod error;
mod experiment;
mod figures;
mod level;
mod overrides;
mod resolved;
mod schema;
mod sections;
mod selectors;
mod source;
mod tree;
mod undefined;

pub use claims::{Against, Along, ClaimConfig, Compared, Quantity, Test, Trend, replaced};
pub use error::ConfigError;
pub use experiment::{Axis, Cell, Experiment};
pub use figures::{FigureConfig, FigureKind};
pub use level::Level;
pub use overrides::Overrides;
pub use selectors::{Pin, Pins};

use crate::fault::Fault;
use crate::feedback::{Feedback, From};
use crate::optimizer::OptimizerConfig;
use crate::overseer::{OverseerConfig, Sees};
use crate::ranges::Count;
use crate::reward_model::RewardModelConfig;
use crate::rng::Streams;
use crate::world::{Ground, Screen, WorldConfig};
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

impl Config {
    /// Everything that types cannot say about one cell: each room checks its
    /// own part, given what it needs to know of the others.
    ///
    /// # Errors
    /// The first fault, by its path.
    pub fn check(&self) -> Result<(), Fault> {
        self.world.check()?;
        let addresses = self.world.addresses();
        self.overseer.check(&addresses)?;
        self.feedback.check(&self.overseer.prices)?;
        self.reward_model.check(&addresses)?;
        self.optimizer.check(self.world.candidates())?;
        // What a repetition will ask for must be there: only the draws differ between them.
        let ground = self.world.ground(&self.feedback.protocol)?;
        self.feedback.check_segment(&ground)?;
        self.reward_model.check_ground(&ground)?;
        self.check_memory(&ground)?;
        self.overseer.overseer(&ground, Streams { seed: self.seed, repetition: 0 })?;
        self.check_judged(&ground)?;
        ground.board().map_or(Ok(()), |board| self.optimizer.check_table(&board.mdp))?;
        self.check_rounds()
    }

    /// Checks that labels fit in memory.
    fn check_memory(&self, ground: &Ground) -> Result<(), Fault> {
        let labels = u64::from(self.feedback.queries(&self.overseer.prices));
        let (columns, steps) = (ground.names().len() as u64, u64::from(self.feedback.steps(ground)));
        // And 100 bytes a step for the episodes that are walked side by side.
        if labels * (8 * columns + 8 * steps + 150) + 100 * steps > 2 << 30 {
            let of = if steps > 1 { format!(" and {steps} steps") } else { String::new() };
            let message = format!("{labels} labels on {columns} features{of} need more than 2 GiB");
            return Err(Fault::new("feedback.labels", message, "ask for fewer labels, or drop features"));
        }
        Ok(())
    }

    /// Checks that what is compared can be judged: symbols tell of whole episodes.
    fn check_judged(&self, ground: &Ground) -> Result<(), Fault> {
        let symbols = ground.board().is_some_and(|board| matches!(board.screen, Screen::Symbols(_)));
        if symbols && self.feedback.segment.is_some() && self.overseer.sees == Sees::Shown {
            let message = "this overseer judges whole episodes, by all the symbols they show";
            let help = "take segment away, or let overseer.sees = \"truth\"";
            return Err(Fault::new("feedback.segment", message, help));
        }
        Ok(())
    }

    /// Checks that there is a policy whose episodes can be labelled.
    fn check_rounds(&self) -> Result<(), Fault> {
        let whole = matches!(self.optimizer, OptimizerConfig::BestOfN { .. });
        if whole && self.world.candidates().is_none() && self.feedback.from == From::Policy {
            let message = "best of n picks whole episodes over time, which is no policy to draw others from";
            let help = "use from = \"reference\", or another optimizer";
            return Err(Fault::new("feedback.from", message, help));
        }
        Ok(())
    }
}
