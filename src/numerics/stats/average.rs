//! Which average over seeds is meant.

use super::{Location, iqm, mean};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An average over seeds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Average {
    /// The mean.
    #[default]
    Mean,
    /// The interquartile mean: of the middle half, for heavy tails.
    Iqm,
}

impl Average {
    /// All of them.
    pub const ALL: [Average; 2] = [Average::Mean, Average::Iqm];

    /// Its name in a config.
    pub fn name(self) -> &'static str {
        match self {
            Average::Mean => "mean",
            Average::Iqm => "iqm",
        }
    }

    /// Whether it is the one meant where nothing is said.
    pub fn is_default(&self) -> bool {
        *self == Average::default()
    }

    /// The average of at least one value.
    pub fn of(self, values: &[f64]) -> f64 {
        match self {
            Average::Mean => mean(values),
            Average::Iqm => {
                let mut sorted = values.to_vec();
                sorted.sort_unstable_by(f64::total_cmp);
                iqm(&sorted)
            }
        }
    }

    /// The average of contrasts, with what its tests need.
    pub fn location(self, values: &[f64]) -> Location {
        match self {
            Average::Mean => Location::of_mean(values),
            Average::Iqm => Location::of_iqm(values),
        }
    }
}
