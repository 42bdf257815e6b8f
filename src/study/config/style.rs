//! `[style]`: how all figures of an experiment look.

use super::ConfigError;
use super::grammar::of;
use crate::numerics::error::Kind;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

/// The look of an experiment's figures; what is not given keeps the house style.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, expecting = "a table of settings")]
pub struct Style {
    /// Colours of the series in order, as `#rrggbb`; the house palette goes on where they end.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = "^#[0-9a-fA-F]{6}$")))]
    pub colours: Vec<String>,
    /// Size of lines and marks, as a multiple of the house's; from 0.25 to 4.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.25, max = 4.0))]
    pub size: Option<f64>,
    /// Size of labels, pixels; from 6 to 40. Titles and small print keep their proportion to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 6.0, max = 40.0))]
    pub font_size: Option<f64>,
    /// Width of a figure, pixels; from 240 to 4000.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 240.0, max = 4000.0))]
    pub width: Option<f64>,
    /// Height of a row of panels, axes apart, pixels; from 80 to 2000.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 80.0, max = 2000.0))]
    pub height: Option<f64>,
}

impl Style {
    /// Checks what the types cannot say.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let refuse = |path: String, message: String, help: &str| {
            Err(ConfigError::new(&path, message, help).of_kind(Kind::Range))
        };
        let hex = |c: &str| {
            c.strip_prefix('#').is_some_and(|c| c.len() == 6 && c.bytes().all(|b| b.is_ascii_hexdigit()))
        };
        if let Some(i) = self.colours.iter().position(|colour| !hex(colour)) {
            let message = format!("`{}` is no colour", self.colours[i]);
            return refuse(
                format!("style.colours.{i}"),
                message,
                "write it as \"#rrggbb\", e.g. \"#1f77b4\"",
            );
        }
        let sizes = [
            ("size", self.size),
            ("font_size", self.font_size),
            ("width", self.width),
            ("height", self.height),
        ];
        let schema = of::<Self>();
        for (name, size) in sizes {
            let [min, max] = ["minimum", "maximum"].map(|end| schema["properties"][name][end].as_f64());
            if let (Some(x), Some(min), Some(max)) = (size, min, max)
                && !(min..=max).contains(&x)
            {
                let message = format!("{x} is out of range: this must be from {min} to {max}");
                return refuse(format!("style.{name}"), message, "");
            }
        }
        Ok(())
    }
}

/// How the numbers of an axis are spaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Evenly.
    Linear,
    /// By their logarithm; what is not positive cannot be drawn.
    Log,
}

/// The scales of a figure's axes; where none is given the figure chooses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
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

    /// Reads them: that of x, or one by one.
    pub(super) fn read<'de, D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(match WrittenScales::deserialize(d)? {
            WrittenScales::X(x) => Self { x: Some(x), y: None },
            WrittenScales::Each(scales) => scales,
        })
    }
}

/// Scales as they are written.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected \"linear\", \"log\" or { x = …, y = … }")]
pub(super) enum WrittenScales {
    /// Of x.
    X(Scale),
    /// Of each axis.
    Each(Scales),
}
