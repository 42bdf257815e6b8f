//! What a config may say about a world of answers.

use crate::ranges::{Correlation, Count, Finite, Positive};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Prompts, each with `answers` candidates drawn from the reference policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// Prompts per trial; measurements average over them.
    #[serde(default = "eight")]
    pub prompts: Count,
    /// Candidates K drawn for each prompt from the reference policy.
    #[serde(default = "four_thousand")]
    pub answers: Count,
    /// The features of an answer, by name.
    pub features: IndexMap<String, Feature>,
    /// A budget that some features share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<Budget>,
}

fn eight() -> Count {
    Count::new(8).expect("in range")
}
fn four_thousand() -> Count {
    Count::new(4096).expect("in range")
}

/// One feature of an answer, or `count` exchangeable copies of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    /// Gold weight: what one unit of the feature is truly worth.
    #[serde(default = "zero")]
    pub gold: Finite,
    /// Gold weight of the derived feature `NAME_squared` = x² − E₀x²,
    /// which exists where this is not 0.
    #[serde(default = "zero")]
    pub curvature: Finite,
    /// The law of the feature under the reference policy.
    #[serde(default)]
    pub tail: Tail,
    /// Copies `NAME_1` … `NAME_count`, mutually uncorrelated; `NAME` addresses all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<Count>,
    /// Correlations with other features; both must have normal tails.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub correlation: IndexMap<String, Correlation>,
}

fn zero() -> Finite {
    Finite::new(0.0).expect("in range")
}

/// The law of a feature under the reference policy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Tail {
    /// Standard normal.
    #[default]
    Normal,
    /// `scale` times Student's t with `df` degrees of freedom (not standardised).
    StudentT {
        /// Degrees of freedom.
        df: Positive,
        /// Factor on the variate.
        #[serde(default = "one")]
        scale: Positive,
    },
    /// exp(sigma·z) − 1: log-normal with log-mean 0, minus its median.
    LogNormal {
        /// Standard deviation of the logarithm.
        sigma: Positive,
    },
}

fn one() -> Positive {
    Positive::new(1.0).expect("in range")
}

/// Features that share a budget: x ← x − mean(x) + total/m over its m members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// The features that share it; a counted feature brings all its copies.
    pub features: Vec<String>,
    /// What they always add up to.
    #[serde(default = "zero")]
    pub total: Finite,
}
