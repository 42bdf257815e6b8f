//! Worlds.
mod answers;
pub use answers::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the policy acts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorldConfig {
    /// Prompts with candidate answers: a bandit.
    Answers(Answers),
}
