//! `[style]`: how all figures of an experiment look.

use serde::{Deserialize, Serialize};

/// The look of an experiment's figures; what is not given keeps the house style.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Style {
    /// Colours of the series in order, as `#rrggbb`; the house palette goes on where they end.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub colours: Vec<String>,
    /// Size of lines and marks, as a multiple of the house's; from 0.25 to 4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<f64>,
    /// Size of labels, pixels; from 6 to 40. Titles and small print keep their proportion to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub font_size: Option<f64>,
    /// Width of a figure, pixels; from 240 to 4000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<f64>,
    /// Height of a row of panels, axes apart, pixels; from 80 to 2000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<f64>,
}

impl Style {
    /// Whether it is the house's.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// How the numbers of an axis are spaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Evenly.
    Linear,
    /// By their logarithm; what is not positive cannot be drawn.
    Log,
}

/// The scales of a figure's axes; where none is given the figure chooses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scales {
    /// Of x.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<Scale>,
    /// Of y, or of the colours of a heat map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<Scale>,
}

impl Scales {
    /// Whether nothing is given.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
