//! `[[undefined]]`: cells that make no sense.

use super::ConfigError;
use super::axes::{Dimension, no_level};
use super::level::Level;
use super::read::read_checked;
use super::selectors::{Spelt, dotted};
use super::tree::Value;
use crate::numerics::ranges::Levels;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A rule that leaves out cells.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::study) struct Undefined {
    /// Axes and the level or levels meant; all must apply.
    #[serde(rename = "where", deserialize_with = "dotted")]
    #[schemars(with = "Spelt<Levels<Level>>")]
    pub(super) pins: IndexMap<String, Levels<Level>>,
    /// Why they make no sense.
    pub(super) because: String,
}

impl Undefined {
    /// Reads one rule, without levels that are not in this run; none if it can no longer apply.
    pub(super) fn read(value: &Value, dimensions: &[Dimension]) -> Result<Option<Self>, ConfigError> {
        read_checked(value, |rule: Undefined| rule.checked(dimensions))
    }

    fn checked(mut self, dimensions: &[Dimension]) -> Result<Option<Self>, ConfigError> {
        if self.pins.is_empty() {
            let message = "an empty `where` leaves out every cell";
            return Err(ConfigError::new("where", message, "name at least one axis"));
        }
        let mut applies = true;
        for (name, levels) in &mut self.pins {
            let at = format!("where.{name}");
            let axis = dimensions.iter().find(|d| d.name == *name).ok_or_else(|| {
                let known = dimensions.iter().map(|d| d.name.as_str());
                ConfigError::unknown(&at, "axis", name, known).at_key()
            })?;
            let (mut there, gone) =
                (levels.as_slice().to_vec(), |level: &Level| !axis.levels.contains(level));
            if let Some(i) = there.iter().position(gone).filter(|_| !axis.replaced) {
                return Err(no_level(name, &there[i], &axis.levels, &[]).of(format!("{at}.{i}")));
            }
            there.retain(|level| !gone(level));
            match Levels::new(there) {
                Some(there) => *levels = there,
                None => applies = false,
            }
        }
        Ok(applies.then_some(self))
    }

    /// Whether it leaves out the cell with these level indices.
    pub(super) fn applies(&self, dimensions: &[Dimension], cell: &[usize]) -> bool {
        dimensions.iter().zip(cell).all(|(axis, at)| {
            let levels = self.pins.get(&axis.name);
            levels.is_none_or(|levels| levels.as_slice().contains(&axis.levels[*at]))
        })
    }
}
