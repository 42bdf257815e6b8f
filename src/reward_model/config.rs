//! What a config may say about a reward model.

use crate::fault::{Fault, check_names};
use crate::ranges::{FlipRate, Positive};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is fitted to the labels, or passed through in their place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RewardModelConfig {
    /// Bradley–Terry, linear in the features, maximum a posteriori.
    Linear {
        /// Prior precision of every weight.
        #[serde(default = "tenth")]
        l2: Positive,
        /// The features it can represent; all of them unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        features: Option<Vec<String>>,
        /// Flip rate its likelihood allows for.
        #[serde(default = "never")]
        mistake: FlipRate,
    },
    /// Pass-through: the return the overseer believes, exactly.
    Overseer,
    /// Pass-through: the gold return.
    Gold,
}

impl RewardModelConfig {
    /// Checks what the types cannot say, given the names of the world's features.
    ///
    /// # Errors
    /// A feature that is unknown or named twice; a model of nothing.
    pub fn check(&self, addresses: &IndexMap<String, Vec<String>>) -> Result<(), Fault> {
        let path = "reward_model.linear.features";
        match self {
            Self::Linear { features: Some(none), .. } if none.is_empty() => Err(Fault::new(
                path,
                "a model without features can represent nothing",
                "name at least one, or leave it out for all",
            )),
            Self::Linear { features: Some(names), .. } => check_names(path, names, addresses),
            Self::Linear { .. } | Self::Overseer | Self::Gold => Ok(()),
        }
    }
}

fn tenth() -> Positive {
    Positive::new(0.1).expect("in range")
}
fn never() -> FlipRate {
    FlipRate::new(0.0).expect("in range")
}

impl Default for RewardModelConfig {
    fn default() -> Self {
        Self::Linear { l2: tenth(), features: None, mistake: never() }
    }
}
