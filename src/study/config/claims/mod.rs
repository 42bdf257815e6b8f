//! `[[claims]]`: the sentences of an experiment, each with the test it must pass
//! and the control on which it must not.

mod read;

pub(super) use read::read_claim;
pub(in crate::study) use read::{Head, QUANTITIES, TESTS};

use super::selectors::{Pins, Selection};
use crate::numerics::ranges::{Finite, NonNegative};
use crate::numerics::stats::Average;
use crate::study::theory::Theory;
use read::Other;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

/// One claim.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClaimConfig {
    /// The sentence.
    pub say: String,
    /// The metric it is about; `feature.NAME`, `weight.NAME`, and `auc.` or `missed.` before
    /// any of them, are metrics.
    pub metric: String,
    /// Which average over seeds the test is about.
    #[serde(skip_serializing_if = "Average::is_default")]
    pub estimand: Average,
    /// The level at which each axis stands that is not compared along.
    #[serde(rename = "where", skip_serializing_if = "Pins::is_empty")]
    pub pins: Pins,
    /// What is made of the metric before it is tested.
    #[serde(flatten)]
    pub quantity: Option<Quantity>,
    /// What must be so.
    #[serde(flatten)]
    pub test: Test,
    /// Where it must not be so: pins that replace those of `where`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control: Option<Pins>,
    /// Why this run cannot test it: a level that it names is not in this run.
    #[serde(skip)]
    pub moot: Option<String>,
}

/// A number made of the metric in each seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Quantity {
    /// How far the metric is on the way between two other places: (x − from)/(to − from).
    Share {
        /// Where it counts as 0: levels that replace those of `where`.
        #[serde(deserialize_with = "super::selectors::dotted")]
        #[schemars(with = "Selection")]
        from: Pins,
        /// Where it counts as 1.
        #[serde(deserialize_with = "super::selectors::dotted")]
        #[schemars(with = "Selection")]
        to: Pins,
    },
    /// The least-squares slope along an axis of numbers.
    Slope(Along),
    /// The mean height of the curve along an axis of numbers (trapezoids over the range).
    Auc(Along),
    /// The level at which the curve is highest; the first of equals.
    Argmax(Along),
    /// Where the curve first crosses a height, by linear interpolation.
    Crossing(Crossing),
}

/// An axis of numbers, and whether distances along it are those of log₂.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Along {
    /// An axis of numbers.
    pub along: String,
    /// Whether levels count by their log₂.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub log: bool,
}

/// A height, and the axis along which a curve crosses it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Crossing {
    /// An axis of numbers.
    pub along: String,
    /// Whether levels count by their log₂.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub log: bool,
    /// The height.
    #[serde(deserialize_with = "finite")]
    pub at: f64,
}

impl Quantity {
    /// The axis that is used up in it.
    pub fn along(&self) -> Option<Along> {
        match self {
            Quantity::Share { .. } => None,
            Quantity::Slope(along) | Quantity::Auc(along) | Quantity::Argmax(along) => Some(along.clone()),
            Quantity::Crossing(crossing) => Some(Along { along: crossing.along.clone(), log: crossing.log }),
        }
    }
}

/// What a claim says of a metric, or of what was made of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Test {
    /// From the first level to the last it grows by more than `by`, and no step
    /// loses `tolerance`.
    Increases(Trend),
    /// The same downwards.
    Decreases(Trend),
    /// Some level is above the first by more than `rise` and above the last by more than `fall`.
    Peaks {
        /// The axis, its levels as listed.
        along: String,
        /// Least rise from the first level to the peak.
        #[serde(deserialize_with = "margin")]
        #[schemars(with = "NonNegative")]
        rise: f64,
        /// Least fall from the peak to the last level.
        #[serde(deserialize_with = "margin")]
        #[schemars(with = "NonNegative")]
        fall: f64,
    },
    /// It differs from `value` by at most `within`.
    Equals {
        /// A number, what theory says, or the same at other levels.
        #[schemars(with = "Other")]
        value: Against,
        /// Most that it may differ.
        #[serde(deserialize_with = "margin")]
        #[schemars(with = "NonNegative")]
        within: f64,
    },
    /// It is above `than` by more than `by`.
    Greater(Compared),
    /// It is below `than` by more than `by`.
    Less(Compared),
}

/// The terms of a trend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trend {
    /// The axis, its levels as listed.
    pub along: String,
    /// Least change from end to end.
    #[serde(deserialize_with = "margin")]
    #[schemars(with = "NonNegative")]
    pub by: f64,
    /// Most that a step may go the other way; `by` unless given.
    pub tolerance: Option<NonNegative>,
}

impl Trend {
    /// Most that a step may go the other way.
    pub fn tolerance(&self) -> f64 {
        self.tolerance.map_or(self.by, NonNegative::get)
    }
}

/// The terms of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Compared {
    /// A number, what theory says, or the same at other levels.
    #[schemars(with = "Other")]
    pub than: Against,
    /// Least difference; 0 unless given.
    #[serde(default, deserialize_with = "margin")]
    #[schemars(with = "NonNegative")]
    pub by: f64,
}

/// What something is compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, try_from = "Other")]
pub enum Against {
    /// A number.
    Number(f64),
    /// What theory says of the same row.
    Theory(Theory),
    /// The same elsewhere: pins that replace those of `where`.
    Elsewhere(Pins),
}

fn margin<'de, D: Deserializer<'de>>(d: D) -> Result<f64, D::Error> {
    NonNegative::deserialize(d).map(NonNegative::get)
}

fn finite<'de, D: Deserializer<'de>>(d: D) -> Result<f64, D::Error> {
    Finite::deserialize(d).map(Finite::get)
}

impl Test {
    /// The axis it compares along.
    pub fn along(&self) -> Option<&str> {
        match self {
            Test::Increases(trend) | Test::Decreases(trend) => Some(&trend.along),
            Test::Peaks { along, .. } => Some(along),
            Test::Equals { .. } | Test::Greater(_) | Test::Less(_) => None,
        }
    }

    /// What it compares with, and the path of that in the claim.
    pub fn against(&self) -> Option<(&'static str, &Against)> {
        match self {
            Test::Equals { value, .. } => Some(("equals.value", value)),
            Test::Greater(Compared { than, .. }) => Some(("greater.than", than)),
            Test::Less(Compared { than, .. }) => Some(("less.than", than)),
            Test::Increases(_) | Test::Decreases(_) | Test::Peaks { .. } => None,
        }
    }
}

/// `where`, some of it replaced.
pub fn replaced(pins: &Pins, by: &Pins) -> Pins {
    let mut all = pins.clone();
    all.extend(by.iter().map(|(axis, pin)| (axis.clone(), pin.clone())));
    all
}
