//! What a config may say about a world given as a graph.

use crate::numerics::ranges::{Count, Finite, inline_schema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use std::collections::BTreeMap;

/// States, and moves between them, by name: an MDP written out.
///
/// In the order of names, so that the order in which they are written means nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Graph {
    /// Steps of an episode; what ends early stays where it is.
    pub horizon: Count,
    /// Where episodes start: a state, or states with their chances.
    pub start: Chances,
    /// Numbers with a name, to be used wherever a number may stand.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub given: BTreeMap<String, Finite>,
    /// What can be paid, by name. `gold`, of weight 1, need not be given.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub features: BTreeMap<String, GraphFeature>,
    /// The states, by name.
    pub states: BTreeMap<String, GraphState>,
    /// The actions of each state, and where they lead. A state without any stays.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub moves: BTreeMap<String, BTreeMap<String, Move>>,
    /// Chances of a state's actions under the reference policy; all alike unless given.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reference: BTreeMap<String, BTreeMap<String, Amount>>,
    /// What the overseer takes a sequence of symbols to mean; what only one
    /// sequence of states can show needs none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beliefs: Vec<Belief>,
}

/// A feature of a graph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GraphFeature {
    /// Gold weight: what one unit is truly worth.
    #[serde(default)]
    pub gold: Finite,
}

/// A state of a graph.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GraphState {
    /// The symbol an overseer sees; the state's own name unless given.
    pub shown: Option<String>,
    /// What the policy sees, which acts alike in all states it sees alike; the state's own
    /// name unless given.
    pub seen: Option<String>,
    /// Paid in the feature `gold` for every time the state is entered, and for starting there.
    pub gold: Option<Amount>,
    /// Paid in other features, likewise.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pays: BTreeMap<String, Amount>,
}

/// What is believed of one sequence of symbols.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Belief {
    /// The symbols, with spaces between: one for the start and one per step.
    pub seen: String,
    /// The sequences of states it may mean, written likewise, and their chances.
    pub means: BTreeMap<String, Amount>,
}

/// A number, or the name of one that is given; of chances also "rest".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a number, or the name of one under given")]
pub enum Amount {
    /// The number.
    Number(f64),
    /// Its name.
    Name(String),
}

/// A state, or states with their chances.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected the name of a state, or a table of states and their chances")]
pub enum Chances {
    /// This one.
    One(String),
    /// One of these.
    Several(BTreeMap<String, Amount>),
}

/// Where an action leads, and what it pays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "expected a state, a table of states and their chances, or { to = …, gold = … }"
)]
pub enum Move {
    /// A move that pays, written out.
    Full(FullMove),
    /// A move that pays nothing.
    To(Chances),
}

/// A move that pays.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FullMove {
    /// Where it leads.
    pub to: Chances,
    /// Paid in the feature `gold`.
    pub gold: Option<Amount>,
    /// Paid in other features.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pays: BTreeMap<String, Amount>,
}

/// Keys of a move that is written out: no state may be called so.
pub(super) const OF_MOVES: [&str; 3] = ["to", "gold", "pays"];

impl Move {
    /// Where it leads.
    pub fn to(&self) -> &Chances {
        match self {
            Move::To(to) | Move::Full(FullMove { to, .. }) => to,
        }
    }

    /// What it pays.
    pub(super) fn paid(&self) -> (Option<&Amount>, Option<&BTreeMap<String, Amount>>) {
        match self {
            Move::To(_) => (None, None),
            Move::Full(full) => (full.gold.as_ref(), Some(&full.pays)),
        }
    }
}

const AMOUNT: [&str; 2] = ["number", "string"];

inline_schema!(Amount, { "type": AMOUNT });
inline_schema!(
    Chances,
    {
        "anyOf": [{ "type": "string" }, { "type": "object", "additionalProperties": { "type": AMOUNT } }]
    }
);
inline_schema!(
    Move,
    {
        "anyOf": [
            { "type": "string" },
            {
                "type": "object",
                "properties": {
                    "to": {
                        "anyOf": [
                            { "type": "string" },
                            { "type": "object", "additionalProperties": { "type": AMOUNT } },
                        ],
                    },
                    "gold": { "type": AMOUNT },
                    "pays": { "type": "object", "additionalProperties": { "type": AMOUNT } },
                },
                "additionalProperties": { "type": AMOUNT },
            },
        ],
    }
);
