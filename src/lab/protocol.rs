//! Protocols: what is arranged so that an overseer sees more, as a config says it.
//! Which episodes that makes is the world's to say, what a query then costs is
//! [`Feedback`](crate::lab::feedback::Feedback)'s.

use crate::numerics::ranges::{Count, Probability};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What help the overseer has when it judges.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Protocol {
    /// None: it judges what it sees.
    Direct,
    /// Some episodes of training are watched that would not have been.
    Audit {
        /// Chance that an episode is audited, whether or not it is watched anyway.
        rate: Probability,
        /// Whether the policy's cue is that of an episode without the audit; false unless given.
        #[serde(default)]
        covert: bool,
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
        /// Chance that an episode of training is a probe, each equally likely; ½ unless given.
        #[serde(default = "half")]
        share: Probability,
    },
}

fn half() -> Probability {
    Probability::new(0.5).expect("in range")
}

impl Protocol {
    /// Its name in a config.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Audit { .. } => "audit",
            Self::RedTeam { .. } => "red_team",
        }
    }
}
