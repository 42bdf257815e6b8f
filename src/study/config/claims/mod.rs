//! `[[claims]]`: the sentences of an experiment, each with the test it must pass
//! and the control on which it must not.

mod read;

pub(super) use read::read;

use super::selectors::Pins;
use crate::numerics::stats::Average;
use crate::study::theory::Theory;
use serde::{Serialize, Serializer};

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
    /// Why this run cannot test it: a level it names was replaced.
    #[serde(skip)]
    pub moot: Option<String>,
}

/// A number made of the metric in each seed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Quantity {
    /// (x − from)/(to − from): how far x is on the way between two other places.
    Share {
        /// Pins of the place that counts as 0, replacing those of `where`.
        from: Pins,
        /// Pins of the place that counts as 1.
        to: Pins,
    },
    /// The least-squares slope along an axis of numbers.
    Slope(Along),
    /// The mean height of the curve along an axis of numbers (trapezoids over the range).
    Auc(Along),
    /// The level at which the curve is highest; the first of equals.
    Argmax(Along),
    /// Where the curve first crosses a height, by linear interpolation.
    Crossing {
        /// The axis.
        #[serde(flatten)]
        along: Along,
        /// The height.
        at: f64,
    },
}

/// An axis of numbers, and whether distances along it are those of log₂.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Along {
    /// The axis.
    pub along: String,
    /// Whether levels count by their log₂.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub log: bool,
}

impl Quantity {
    /// The axis that is used up in it.
    pub fn along(&self) -> Option<&Along> {
        match self {
            Quantity::Share { .. } => None,
            Quantity::Slope(along) | Quantity::Auc(along) | Quantity::Argmax(along) => Some(along),
            Quantity::Crossing { along, .. } => Some(along),
        }
    }
}

/// What a claim says of a metric, or of what was made of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Test {
    /// From the first level to the last it grows by more than `by`, and no step
    /// loses `tolerance`.
    Increases(Trend),
    /// The same downwards.
    Decreases(Trend),
    /// Some level is above the first by more than `rise` and above the last by more than `fall`.
    Peaks {
        /// The axis.
        along: String,
        /// Least rise.
        rise: f64,
        /// Least fall.
        fall: f64,
    },
    /// It differs from `value` by at most `within`.
    Equals {
        /// From what.
        value: Against,
        /// The margin.
        within: f64,
    },
    /// It is above `than` by more than `by`.
    Greater(Compared),
    /// It is below `than` by more than `by`.
    Less(Compared),
}

/// The terms of a trend.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trend {
    /// The axis, its levels as listed.
    pub along: String,
    /// Least change from end to end.
    pub by: f64,
    /// Most that a step may go the other way.
    pub tolerance: f64,
}

/// The terms of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// With what.
    pub than: Against,
    /// Least difference.
    pub by: f64,
}

/// What something is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Against {
    /// A number.
    Number(f64),
    /// What theory says of the same row.
    Theory(Theory),
    /// The same elsewhere: pins that replace those of `where`.
    Elsewhere(Pins),
}

impl Serialize for Against {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Against::Number(x) => s.serialize_f64(*x),
            Against::Theory(theory) => s.serialize_str(theory.name()),
            Against::Elsewhere(pins) => pins.serialize(s),
        }
    }
}

impl Test {
    /// The axis it compares along.
    pub fn along(&self) -> Option<&str> {
        match self {
            Test::Increases(trend) | Test::Decreases(trend) => Some(&trend.along),
            Test::Peaks { along, .. } => Some(along),
            _ => None,
        }
    }

    /// What it compares with, and the key that says so.
    pub fn against(&self) -> Option<(&'static str, &Against)> {
        match self {
            Test::Equals { value, .. } => Some(("equals", value)),
            Test::Greater(Compared { than, .. }) => Some(("greater", than)),
            Test::Less(Compared { than, .. }) => Some(("less", than)),
            _ => None,
        }
    }
}

/// `where`, some of it replaced.
pub fn replaced(pins: &Pins, by: &Pins) -> Pins {
    let mut all = pins.clone();
    all.extend(by.iter().map(|(axis, pin)| (axis.clone(), pin.clone())));
    all
}
