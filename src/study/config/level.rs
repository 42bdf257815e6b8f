//! The levels of an axis: scalars, one type per axis.

use super::schema::{found, whole};
use super::source::Flaw;
use super::tree::Value;
use serde::Serialize;
use std::fmt;
use toml::de::DeValue;

/// One level of an axis.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
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
    /// Reads one scalar.
    pub(super) fn read(value: &Value) -> Result<Self, Flaw> {
        let refuse = |message: String| Flaw::new(value.span(), message, "");
        match value.get_ref() {
            DeValue::String(s) => Ok(Level::Text(s.to_string())),
            DeValue::Boolean(b) => Ok(Level::Flag(*b)),
            DeValue::Integer(i) => {
                whole(i).map(Level::Integer).ok_or_else(|| refuse(format!("{i} is too large")))
            }
            DeValue::Float(f) => match f.as_str().parse::<f64>() {
                Ok(x) if x.is_infinite() && !f.as_str().contains("inf") => {
                    Err(refuse(format!("{f} is too large")))
                }
                Ok(x) if !x.is_nan() => Ok(Level::Number(x)),
                _ => Err(refuse(format!("{f} cannot be a level"))),
            },
            _ => Err(Flaw::new(
                value.span(),
                format!("expected a scalar, found {}", found(value)),
                "a level is a number, a text, true or false; for anything larger name a patch: [axes.NAME.LEVEL]",
            )),
        }
    }

    /// Reads the levels of a sweep: scalars of one type (whole numbers among
    /// numbers become numbers), at least one, none twice.
    pub(super) fn read_all(values: &[Value]) -> Result<Vec<Self>, Flaw> {
        let mut levels = values.iter().map(Self::read).collect::<Result<Vec<_>, _>>()?;
        if levels.iter().any(|l| matches!(l, Level::Number(_))) {
            for level in &mut levels {
                if let Level::Integer(i) = level {
                    *level = Level::Number(*i as f64);
                }
            }
        }
        for (i, level) in levels.iter().enumerate() {
            let refuse = |message: String, help: &str| Err(Flaw::new(values[i].span(), message, help));
            if std::mem::discriminant(level) != std::mem::discriminant(&levels[0]) {
                let message = format!("{} among levels that are {}", found(&values[i]), levels[0].kind());
                return refuse(
                    message,
                    "the levels of one axis are all numbers, all texts, or all true or false",
                );
            }
            if levels[..i].contains(level) {
                return refuse(format!("the level {level} is listed twice"), "list it once");
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

    /// Whether both are the same level, 5 and 5.0 included.
    pub(crate) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Level::Integer(i), Level::Number(x)) | (Level::Number(x), Level::Integer(i)) => *i as f64 == *x,
            _ => self == other,
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
