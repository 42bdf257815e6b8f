//! What is asked of the overseer: how many queries, about whose episodes,
//! chosen how, heard through which protocol.

use crate::overseer::Prices;
use crate::ranges::{Count, Positive};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The queries of a trial.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Feedback {
    /// Queries over all rounds, skips included; 1000 unless given or a budget is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<u32>,
    /// Instead of `labels`: what may be spent at the overseer's prices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<Positive>,
    /// Turns of label, fit, optimise; each optimises from the reference policy.
    pub rounds: Count,
    /// Whose episodes are labelled.
    pub from: From,
    /// How the pairs to be labelled are chosen.
    pub query: Query,
    /// What help the overseer has.
    pub protocol: Protocol,
}

impl Default for Feedback {
    fn default() -> Self {
        Self {
            labels: None,
            budget: None,
            rounds: Count::new(1).expect("in range"),
            from: From::Reference,
            query: Query::Uniform,
            protocol: Protocol::Direct,
        }
    }
}

impl Feedback {
    /// Queries over all rounds: as given, or what the budget buys.
    pub fn queries(&self, prices: &Prices) -> u32 {
        match (self.labels, self.budget) {
            (Some(labels), _) => labels,
            (None, Some(budget)) => (budget.get() / prices.label.get()).min(f64::from(u32::MAX)) as u32,
            (None, None) => 1000,
        }
    }
}

/// Whose episodes are labelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum From {
    /// The reference policy's.
    Reference,
    /// The latest policy's (the reference policy's in the first round).
    Policy,
}

/// How the pairs to be labelled are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Query {
    /// Two independent episodes from one start.
    Uniform,
}

/// What help the overseer has when it judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// None: it judges what it sees.
    Direct,
}
