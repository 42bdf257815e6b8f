//! The levels of an axis: scalars, one type per axis.

use super::ConfigError;
use super::grammar::found;
use super::read::read;
use super::tree::{Value, items};
use crate::numerics::error::Kind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One level of an axis.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a scalar: for anything larger name a patch, [axes.NAME.LEVEL]")]
pub enum Level {
    /// The name of a patch or of a variant.
    Text(String),
    /// A whole number, on an axis of whole numbers.
    Integer(i64),
    /// A number; `inf` allowed, never NaN.
    Number(f64),
    /// True or false.
    Flag(bool),
}

impl Level {
    /// Reads the levels of an axis, one or a list: scalars of one type (whole numbers
    /// among numbers become numbers), none twice.
    pub(super) fn read_all(value: &Value) -> Result<Vec<Self>, ConfigError> {
        let values = items(value);
        let mut levels = values.iter().map(read::<Level>).collect::<Result<Vec<_>, _>>()?;
        if levels.is_empty() {
            let help = "give at least one level";
            return Err(ConfigError::at(value.span(), "an empty list of levels", help).of_kind(Kind::Missing));
        }
        if levels.iter().any(|l| matches!(l, Level::Number(_))) {
            for level in &mut levels {
                *level = level.number().map_or_else(|| level.clone(), Level::Number);
            }
        }
        for (i, level) in levels.iter().enumerate() {
            let refuse =
                |kind, message, help| Err(ConfigError::at(values[i].span(), message, help).of_kind(kind));
            if std::mem::discriminant(level) != std::mem::discriminant(&levels[0]) {
                let message = format!("{} among levels that are {}", found(&values[i]), levels[0].kind());
                let help = "the levels of one axis are all numbers, all texts, or all true or false";
                return refuse(Kind::Type, message, help);
            }
            if level.number().is_some_and(f64::is_nan) {
                return refuse(Kind::Range, "nan cannot be a level".to_owned(), "");
            }
            if levels[..i].contains(level) {
                return refuse(Kind::Conflict, format!("the level {level} is listed twice"), "list it once");
            }
        }
        Ok(levels)
    }

    /// The level as a number, where it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Level::Integer(i) => Some(*i as f64),
            Level::Number(x) => Some(*x),
            Level::Text(_) | Level::Flag(_) => None,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Level::Text(_) => "texts",
            Level::Integer(_) => "whole numbers",
            Level::Number(_) => "numbers",
            Level::Flag(_) => "true or false",
        }
    }
}

/// 5 and 5.0 are one level.
impl PartialEq for Level {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Level::Text(a), Level::Text(b)) => a == b,
            (Level::Flag(a), Level::Flag(b)) => a == b,
            (Level::Integer(a), Level::Integer(b)) => a == b,
            _ => self.number().zip(other.number()).is_some_and(|(a, b)| a == b),
        }
    }
}

/// As written in `results.csv`.
impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Level::Text(s) => f.write_str(s),
            Level::Integer(i) => write!(f, "{i}"),
            Level::Number(x) if x.abs() >= 1e16 || (*x != 0.0 && x.abs() < 1e-5) => write!(f, "{x:e}"),
            Level::Number(x) => write!(f, "{}", x + 0.0),
            Level::Flag(b) => write!(f, "{b}"),
        }
    }
}
