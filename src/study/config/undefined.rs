//! `[[undefined]]`: cells that make no sense.

use super::ConfigError;
use super::axes::{Dimension, no_level};
use super::level::Level;
use super::read::read_checked;
use super::selectors::{Selection, dotted};
use super::tree::Value;
use crate::numerics::ranges::Levels;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A rule that leaves out cells.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::study) struct Undefined {
    /// Axes and the level or levels meant; all must apply.
    #[serde(rename = "where", deserialize_with = "dotted")]
    #[schemars(with = "Selection")]
    pub(super) pins: IndexMap<String, Levels<Level>>,
    /// Why they make no sense.
    pub(super) because: String,
}

impl Undefined {
    /// Reads one rule; levels that are not in this run are left out of it.
    pub(super) fn read(value: &Value, dimensions: &[Dimension]) -> Result<Self, ConfigError> {
        read_checked(value, |rule: Undefined| rule.check(dimensions))
    }

    fn check(self, dimensions: &[Dimension]) -> Result<Self, ConfigError> {
        for (name, levels) in &self.pins {
            let at = |place: &str| format!("where.{name}{place}");
            let axis = dimensions.iter().find(|d| d.name == *name).ok_or_else(|| {
                let known = dimensions.iter().map(|d| d.name.as_str());
                ConfigError::unknown(&at(""), "axis", name, known).at_key()
            })?;
            let known = |level: &Level| axis.replaced || axis.levels.iter().any(|l| l.same(level));
            if let Some(i) = levels.as_slice().iter().position(|level| !known(level)) {
                let error = no_level(name, &levels.as_slice()[i], &axis.levels, &[]);
                return Err(error.of(at(&format!(".{i}"))));
            }
        }
        if self.pins.is_empty() {
            let message = "an empty `where` leaves out every cell";
            return Err(ConfigError::new("where", message, "name at least one axis"));
        }
        Ok(self)
    }

    /// Whether it leaves out the cell with these level indices.
    pub(super) fn applies(&self, dimensions: &[Dimension], cell: &[usize]) -> bool {
        dimensions.iter().zip(cell).all(|(axis, at)| {
            let levels = self.pins.get(&axis.name);
            levels.is_none_or(|levels| levels.as_slice().iter().any(|l| l.same(&axis.levels[*at])))
        })
    }

    /// The rule without levels that are not in this run; none if it can no longer apply.
    pub(super) fn left(&self, dimensions: &[Dimension]) -> Option<Self> {
        let pins = self.pins.iter().map(|(name, levels)| {
            let axis = dimensions.iter().find(|d| d.name == *name)?;
            let there = |level: &&Level| axis.levels.iter().any(|l| l.same(level));
            let levels = levels.as_slice().iter().filter(there).cloned().collect();
            Some((name.clone(), Levels::new(levels)?))
        });
        Some(Self { pins: pins.collect::<Option<_>>()?, because: self.because.clone() })
    }
}
