//! Protocols: what is arranged so that an overseer sees more, as a config says it.
//! Which episodes that makes is the world's to say.

use crate::lab::overseer::Prices;
use crate::numerics::ranges::{Count, Probability};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What help the overseer has when it judges.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[strum(serialize_all = "snake_case")]
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

/// Episodes of training that are not what they would have been.
pub(crate) enum Arranges {
    /// None.
    Nothing,
    /// Watched ones.
    Audits,
    /// Ones that are made to look like the opportunity.
    Probes {
        /// How many different ones.
        probes: Count,
        /// How many of them can be told from one another.
        tells: Count,
        /// Chance that an episode is one.
        share: Probability,
    },
}

fn half() -> Probability {
    Probability::new(0.5).expect("in range")
}

impl Protocol {
    /// Its name in a config.
    pub fn name(&self) -> &'static str {
        self.into()
    }

    /// What its help costs on average, per query.
    pub fn price(&self, prices: &Prices) -> f64 {
        match self {
            Self::Direct => 0.0,
            Self::Audit { rate, .. } => rate.get() * prices.audit.get(),
            Self::RedTeam { share, .. } => share.get() * prices.call.get(),
        }
    }

    /// Chances that an episode is audited, so that its cue says so, and covertly.
    pub(crate) fn audits(&self) -> [f64; 2] {
        match self {
            Self::Audit { rate, covert: false } => [rate.get(), 0.0],
            Self::Audit { rate, covert: true } => [0.0, rate.get()],
            Self::Direct | Self::RedTeam { .. } => [0.0; 2],
        }
    }

    /// What episodes it arranges.
    pub(crate) fn arranges(&self) -> Arranges {
        match self {
            Self::Direct => Arranges::Nothing,
            Self::Audit { .. } => Arranges::Audits,
            Self::RedTeam { probes, tells, share } => {
                Arranges::Probes { probes: *probes, tells: tells.unwrap_or(*probes), share: *share }
            }
        }
    }
}
