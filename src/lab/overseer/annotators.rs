//! Annotators: who answers queries in the overseer's place.
//!
//! An annotator is an overseer of its own, with the overseer's traits but for those it is given. Each query goes to one
//! of them, by their shares, and to the overseer itself if they leave it any.

use super::{Choice, OverseerConfig, Sees, Unseen};
use crate::numerics::error::ConfigError;
use crate::numerics::ranges::{Finite, NonNegative, Probability, Share};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// Who answers a share of the queries. A trait that is given takes the place of the overseer's, whole.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Annotator {
    /// The share of queries that it answers. What all shares leave of 1 is the overseer's own.
    pub share: Share,
    /// What it looks at, in worlds over time.
    pub sees: Option<Sees>,
    /// Features it cannot see.
    pub hidden: Option<Vec<String>>,
    /// What stands in for the features it cannot see.
    pub unseen: Option<Unseen>,
    /// Weights it holds where they differ from gold.
    pub believes: Option<IndexMap<String, Finite>>,
    /// Standard deviation of a random error on every weight, drawn for it alone.
    pub error: Option<NonNegative>,
    /// Chance that it notices a feature, in every query by itself.
    pub attention: Option<Probability>,
    /// How believed returns become its labels.
    pub choice: Option<Choice>,
}

/// More of them are nobody.
const MOST: usize = 1000;
/// A share that is no more than this is the rounding of none.
pub(super) const NONE: f64 = 1e-12;

impl Annotator {
    /// An overseer with its traits, and for the rest those of `overseer`.
    pub(super) fn traits(&self, overseer: &OverseerConfig) -> OverseerConfig {
        fn or<T: Clone>(given: &Option<T>, else_: &T) -> T {
            given.as_ref().unwrap_or(else_).clone()
        }
        OverseerConfig {
            annotators: Vec::new(),
            sees: or(&self.sees, &overseer.sees),
            hidden: or(&self.hidden, &overseer.hidden),
            unseen: or(&self.unseen, &overseer.unseen),
            believes: or(&self.believes, &overseer.believes),
            error: self.error.or(overseer.error),
            attention: or(&self.attention, &overseer.attention),
            choice: or(&self.choice, &overseer.choice),
            ..overseer.clone()
        }
    }
}

/// What is wrong with the overseer that the annotator at a place makes, as what is wrong with the annotator.
pub(super) fn of_annotator(place: usize, mut error: ConfigError) -> ConfigError {
    if error.path.first().is_some_and(|first| first == "overseer") {
        error.path.splice(1..1, ["annotators".to_owned(), place.to_string()]);
    }
    error
}

/// Checks annotators, given the names of the world's features.
///
/// # Errors
/// Shares that add up to more than 1, too many, or traits that an overseer could not have.
pub(super) fn check(
    overseer: &OverseerConfig,
    addresses: &IndexMap<String, Vec<String>>,
) -> Result<(), ConfigError> {
    let fault = |message: &str, help| Err(ConfigError::new("overseer.annotators", message, help));
    let annotators = &overseer.annotators;
    if annotators.is_empty() {
        return Ok(());
    }
    if overseer.crowd.is_some() || overseer.forecast.is_some() {
        let message = "annotators answer in the place of one overseer, who is no crowd and has no forecast";
        return fault(message, "take crowd and forecast away, or the annotators");
    }
    if annotators.len() > MOST {
        let help = format!("at most {MOST}");
        return Err(ConfigError::new(
            "overseer.annotators",
            format!("{} annotators are too many", annotators.len()),
            help,
        ));
    }
    let total: f64 = annotators.iter().map(|annotator| annotator.share.get()).sum();
    if total > 1.0 + NONE {
        let message = format!("the annotators' shares add up to {total}, which is more than 1");
        return fault(&message, "what they leave of 1 is the overseer's own");
    }
    for (place, annotator) in annotators.iter().enumerate() {
        annotator.traits(overseer).check(addresses).map_err(|error| of_annotator(place, error))?;
    }
    Ok(())
}
