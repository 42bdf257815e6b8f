//! `[[claims]]`: the sentences of an experiment, each with the test it must pass
//! and the control on which it must not.

mod read;

pub(super) use read::{check_numbers, check_way, only_one, read_claim};

use super::level::Level;
use super::selectors::{Metric, Pins, Spelt, dotted, some_dotted};
use crate::numerics::math::ln;
use crate::numerics::ranges::{Finite, NonNegative};
use crate::numerics::stats::Average;
use crate::study::theory::Theory;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoStaticStr, VariantNames};

/// One claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimConfig {
    /// The sentence.
    pub say: String,
    /// What sort of sentence it is.
    #[serde(default, skip_serializing_if = "ClaimKind::is_default")]
    #[schemars(extend("default" = "finding"))]
    pub kind: ClaimKind,
    /// The metric it is about; `feature.NAME`, `weight.NAME`, and `auc.` or `missed.` before
    /// any of them, are metrics.
    #[schemars(with = "Metric")]
    pub metric: String,
    /// Which average over seeds it is about.
    #[serde(default, skip_serializing_if = "Average::is_default")]
    #[schemars(extend("default" = "mean"))]
    pub estimand: Average,
    /// Where every axis of several levels stands still that is not compared along.
    #[serde(rename = "where", default, deserialize_with = "dotted", skip_serializing_if = "Pins::is_empty")]
    #[schemars(with = "Option<Spelt<Level>>")]
    pub pins: Pins,
    /// What is made of the metric before it is tested.
    #[serde(flatten)]
    #[schemars(skip)]
    pub quantity: Option<Quantity>,
    /// What must be so.
    #[serde(flatten)]
    #[schemars(skip)]
    pub test: Test,
    /// Where it must not be so: levels that replace those of `where`.
    #[serde(default, deserialize_with = "some_dotted", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Spelt<Level>>")]
    pub control: Option<Pins>,
    /// Why this run cannot test it: a level that it names is not in this run.
    #[serde(skip)]
    pub moot: Option<String>,
}

/// What sort of sentence a claim is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, EnumIter, IntoStaticStr,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum ClaimKind {
    /// It could have come out otherwise; it has a control.
    #[default]
    Finding,
    /// It is true by construction: a check of the code.
    Identity,
    /// It is of a published result, or of one that was derived.
    Reproduction,
}

impl ClaimKind {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// A number made of the metric in each seed.
#[derive(Clone, Debug, PartialEq, VariantNames, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
#[strum(serialize_all = "lowercase")]
pub enum Quantity {
    /// How far the metric is on the way between two other places: (x − from)/(to − from).
    Share {
        /// Where it counts as 0: levels that replace those of `where`.
        #[serde(deserialize_with = "dotted")]
        #[schemars(with = "Spelt<Level>")]
        from: Pins,
        /// Where it counts as 1.
        #[serde(deserialize_with = "dotted")]
        #[schemars(with = "Spelt<Level>")]
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
    /// The largest fall from a level to the next, as listed; 0 where it never falls.
    Drop(Steps),
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

/// An axis of numbers, from level to level.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Steps {
    /// An axis of numbers.
    pub along: String,
}

impl Along {
    /// Where a level lies; none where it is no number.
    pub fn coordinate(&self, level: &Level) -> Option<f64> {
        let x = level.number()?;
        Some(if self.log { ln(x) / std::f64::consts::LN_2 } else { x })
    }
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
    pub at: Finite,
}

impl Quantity {
    /// The axis that is used up in it.
    pub fn along(&self) -> Option<Along> {
        match self {
            Quantity::Share { .. } => None,
            Quantity::Slope(along) | Quantity::Auc(along) | Quantity::Argmax(along) => Some(along.clone()),
            Quantity::Drop(Steps { along }) => Some(Along { along: along.clone(), log: false }),
            Quantity::Crossing(crossing) => Some(Along { along: crossing.along.clone(), log: crossing.log }),
        }
    }
}

/// What a claim says of a metric, or of what was made of it.
#[derive(Clone, Debug, PartialEq, VariantNames, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
#[strum(serialize_all = "lowercase")]
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
        rise: NonNegative,
        /// Least fall from the peak to the last level.
        fall: NonNegative,
    },
    /// It differs from `value` by at most `within`.
    Equals {
        /// A number, what theory says, or the same at other levels.
        value: Against,
        /// Most that it may differ.
        within: NonNegative,
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
    pub by: NonNegative,
    /// Most that a step may go the other way; `by` unless given.
    pub tolerance: Option<NonNegative>,
}

impl Trend {
    /// Most that a step may go the other way.
    pub fn tolerance(&self) -> f64 {
        self.tolerance.unwrap_or(self.by).get()
    }
}

/// The terms of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Compared {
    /// A number, what theory says, or the same at other levels.
    pub than: Against,
    /// Least difference; 0 unless given.
    #[serde(default = "zero")]
    pub by: NonNegative,
}

/// What something is compared with.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Against {
    /// A number.
    Number(#[schemars(with = "Finite")] f64),
    /// What theory says of the same row.
    Theory(Theory),
    /// The same at other levels, which replace those of `where`.
    Elsewhere(#[schemars(with = "Spelt<Level>")] Pins),
}

fn zero() -> NonNegative {
    NonNegative::new(0.0).expect("in range")
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
