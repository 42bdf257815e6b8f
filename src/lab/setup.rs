//! The setup of one trial: who judges what, and what is made of it.

use crate::lab::feedback::{Feedback, From};
use crate::lab::optimizer::OptimizerConfig;
use crate::lab::overseer::{Overseer, OverseerConfig, Sees};
use crate::lab::reward_model::RewardModelConfig;
use crate::lab::world::{Ground, Screen, World, WorldConfig};
use crate::numerics::error::ConfigError;
use crate::numerics::rng::Streams;

/// One trial, but for its seed: each room's part of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// The world.
    pub world: WorldConfig,
    /// Who judges.
    pub overseer: OverseerConfig,
    /// What is asked of them.
    pub feedback: Feedback,
    /// What is fitted to the answers.
    pub reward_model: RewardModelConfig,
    /// What makes the most of it.
    pub optimizer: OptimizerConfig,
}

impl Setup {
    /// The world and the overseer of one seed. Whoever opens many seeds keeps the
    /// [`Ground`], which depends on none.
    ///
    /// # Errors
    /// What [`Setup::check`] says.
    pub fn open(&self, streams: Streams) -> Result<(World, Overseer), ConfigError> {
        self.check()?;
        let ground = self.world.ground(&self.feedback.protocol)?;
        let overseer = self.overseer.overseer(&ground, streams)?;
        let draw = self.world.draw(&ground, streams);
        Ok((self.world.world(ground, draw), overseer))
    }

    /// Everything that types cannot say: each room checks its
    /// own part, given what it needs to know of the others.
    ///
    /// # Errors
    /// The first fault, by its path.
    pub fn check(&self) -> Result<(), ConfigError> {
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
        self.overseer.overseer(&ground, Streams { seed: 0, repetition: 0 })?;
        self.check_judged(&ground)?;
        ground.board().map_or(Ok(()), |board| self.optimizer.check_table(&board.mdp))?;
        self.check_rounds()
    }

    /// Checks that labels fit in memory.
    fn check_memory(&self, ground: &Ground) -> Result<(), ConfigError> {
        let labels = u64::from(self.feedback.queries(&self.overseer.prices));
        let (columns, steps) = (ground.names().len() as u64, u64::from(self.feedback.steps(ground)));
        // And 100 bytes a step for the episodes that are walked side by side.
        if labels * (8 * columns + 8 * steps + 150) + 100 * steps > 2 << 30 {
            let of = if steps > 1 { format!(" and {steps} steps") } else { String::new() };
            let message = format!("{labels} labels on {columns} features{of} need more than 2 GiB");
            return Err(ConfigError::new(
                "feedback.labels",
                message,
                "ask for fewer labels, or drop features",
            ));
        }
        Ok(())
    }

    /// Checks that what is compared can be judged: symbols tell of whole episodes.
    fn check_judged(&self, ground: &Ground) -> Result<(), ConfigError> {
        let symbols = ground.board().is_some_and(|board| matches!(board.screen, Screen::Symbols(_)));
        if symbols && self.feedback.segment.is_some() && self.overseer.sees == Sees::Shown {
            let message = "this overseer judges whole episodes, by all the symbols they show";
            let help = "take segment away, or let overseer.sees = \"truth\"";
            return Err(ConfigError::new("feedback.segment", message, help));
        }
        Ok(())
    }

    /// Checks that there is a policy whose episodes can be labelled.
    fn check_rounds(&self) -> Result<(), ConfigError> {
        let whole = matches!(self.optimizer, OptimizerConfig::BestOfN { .. });
        if whole && self.world.candidates().is_none() && self.feedback.from == From::Policy {
            let message = "best of n picks whole episodes over time, which is no policy to draw others from";
            let help = "use from = \"reference\", or another optimizer";
            return Err(ConfigError::new("feedback.from", message, help));
        }
        Ok(())
    }
}
