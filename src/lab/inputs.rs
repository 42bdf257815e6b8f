//! Inputs: which episodes are arranged for training, as a config says it. What they are like is the
//! world's to say.
//!
//! To add some: a variant with its price, what it arranges and the stage that it needs; if no
//! world has that stage yet, the world that gets it.

use crate::lab::overseer::Prices;
use crate::numerics::error::ConfigError;
use crate::numerics::ranges::{Count, NonNegative, Probability, unless_given};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which episodes there are in training.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[strum(serialize_all = "snake_case")]
pub enum Inputs {
    /// Those that come by themselves.
    Training,
    /// Some episodes of training are watched that would not have been.
    Audit {
        /// Chance that an episode is audited, whether or not it is watched anyway.
        rate: Probability,
        /// Chance that the policy's cue is that of an episode without the audit; 0, all audits
        /// are announced, unless given.
        #[serde(default = "unless_given::never")]
        covert: Probability,
    },
    /// Some episodes of training are probes: made to look like the opportunity that
    /// deployment brings.
    RedTeam {
        /// How many different probes there are.
        probes: Count,
        /// How many of them can be told from one another; `probes` unless given. The
        /// others share the tells of these in turn.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tells: Option<Count>,
        /// How much the tells of different probes are alike: their overlap; 0 unless given.
        #[serde(default = "unless_given::never")]
        alike: Probability,
        /// Chance that an episode of training is a probe, each equally likely; ½ unless given.
        #[serde(default = "unless_given::half")]
        share: Probability,
        /// A rule on which models are released.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gate: Option<Gate>,
    },
}

/// Releases a model if the model before it acts on the probes with a chance of at most `mark`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// How much lower the log-odds of the act are in the model before, in every context.
    pub step: NonNegative,
    /// This model is released if the one before acts on the probes with at most this chance.
    pub mark: Probability,
}

/// What a world must have for something to be arranged in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Episodes that nobody watches.
    Watching,
    /// The opportunity that deployment brings.
    Opportunities,
}

/// Episodes of training that are not what they would have been.
#[derive(Default)]
pub(crate) struct Arranged {
    /// Chance that an episode is audited so that its cue says so, and of the others covertly.
    pub(crate) overt: f64,
    pub(crate) covert: f64,
    /// Chance that an episode is made to look like the opportunity.
    pub(crate) share: f64,
    /// How many different such ones there are, and how many can be told from one another.
    pub(crate) probes: u32,
    pub(crate) tells: u32,
    /// The overlap of two of these tells.
    pub(crate) alike: f64,
    /// Which models are released by what they do then.
    pub(crate) gate: Option<Gate>,
}

impl Inputs {
    /// Their name in a config.
    pub fn name(&self) -> &'static str {
        self.into()
    }

    /// What they cost on average, per query.
    pub fn price(&self, prices: &Prices) -> f64 {
        match self {
            Self::Training => 0.0,
            Self::Audit { rate, .. } => rate.get() * prices.audit.get(),
            Self::RedTeam { share, .. } => share.get() * prices.call.get(),
        }
    }

    /// What they arrange.
    pub(crate) fn arranges(&self) -> Arranged {
        let nothing = Arranged::default();
        match self {
            Self::Training => nothing,
            Self::Audit { rate, covert } => {
                let overt = rate.get() * (1.0 - covert.get());
                let others = rate.get() * covert.get();
                let covert = if others > 0.0 { others / (1.0 - overt) } else { 0.0 };
                Arranged { overt, covert, ..nothing }
            }
            Self::RedTeam { probes, tells, alike, share, gate } => {
                let tells = tells.unwrap_or(*probes).get();
                Arranged {
                    share: share.get(),
                    probes: probes.get(),
                    tells,
                    alike: alike.get(),
                    gate: *gate,
                    ..nothing
                }
            }
        }
    }

    /// Checks that a world that has this stage, or none, is one to arrange something in.
    pub(crate) fn check_stage(&self, stage: Option<Stage>) -> Result<(), ConfigError> {
        let (needed, why, help) = match self {
            Self::Training => return Ok(()),
            Self::Audit { .. } => (
                Stage::Watching,
                "all of its episodes are watched alike, and there is nothing to audit",
                "give a gridworld `watched`, e.g. world.gridworld.watched = 0.5, or use red_team in a world.opportunity",
            ),
            Self::RedTeam { .. } => (
                Stage::Opportunities,
                "it brings no opportunity, and there is nothing to probe",
                "use a world.opportunity, or audit in a gridworld with `watched`",
            ),
        };
        if stage == Some(needed) {
            return Ok(());
        }
        let message = format!("`{}` has nothing to arrange in this world: {why}", self.name());
        Err(ConfigError::new(&format!("feedback.inputs.{}", self.name()), message, help))
    }
}
