//! The tables beside the config: axes, rules, figures, claims, and the quick patch.

use super::ConfigError;
use super::axes::{Dimension, check_axis_name, check_sweeps, in_order, table};
use super::grammar::{Shape, found, root, shape};
use super::tree::{Key, Tree, Value, flatten};
use crate::numerics::error::Kind;
use toml::de::DeValue;

const NAMES: [&str; 7] = ["sweep", "axes", "variants", "undefined", "quick", "figures", "claims"];

/// The tables of a file that are no part of a [`super::Config`].
pub(super) struct Sections<'t> {
    found: Vec<(Key<'t>, Value<'t>)>,
}

impl<'t> Sections<'t> {
    /// Takes them out of the file; what is left must be keys of a config.
    pub(super) fn take(file: &mut Tree<'t>) -> Result<Self, ConfigError> {
        let Shape::Struct(properties) = shape(root()) else { unreachable!("a config is a table") };
        let known = || properties.keys().map(String::as_str).chain(NAMES);
        let unknown = file.keys().find(|key| !known().any(|k| Some(k) == key.get_ref().split('.').next()));
        if let Some(key) = unknown {
            let error = ConfigError::unknown("", "key", key.get_ref(), known());
            return Err(error.written_at(key.span()));
        }
        let mut found: Vec<_> = NAMES.iter().filter_map(|name| file.remove_entry(*name)).collect();
        found.sort_by_key(|(key, _)| key.span().start);
        Ok(Self { found })
    }

    fn get(&self, name: &str) -> Option<&Value<'t>> {
        self.found.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value)
    }

    /// The tables, by name, in file order.
    pub(super) fn in_order(&self) -> impl Iterator<Item = (&str, &Tree<'t>)> {
        self.found
            .iter()
            .filter_map(|(key, value)| Some((key.get_ref().as_ref(), value.get_ref().as_table()?)))
    }

    /// All axes in file order, `variant` (last if there are no variants) among
    /// them; those of one table stand together.
    pub(super) fn dimensions(&self) -> Result<Vec<Dimension<'t>>, ConfigError> {
        let mut all = Vec::new();
        for (key, value) in &self.found {
            match key.get_ref().as_ref() {
                "sweep" => {
                    for leaf in flatten(table(value, "a table of swept paths")?) {
                        all.push(Dimension::sweep(&leaf, false)?);
                    }
                }
                "axes" => {
                    for (key, value) in in_order(table(value, "a table of axes")?) {
                        check_axis_name(key)?;
                        all.push(Dimension::named(key, value)?);
                    }
                }
                "variants" => {
                    let variants = Dimension::named(key, value)?;
                    all.push(Dimension { name: "variant".to_owned(), ..variants });
                }
                _ => {}
            }
        }
        check_sweeps(&all)?;
        if self.get("variants").is_none() {
            all.push(Dimension::base("variant"));
        }
        Ok(all)
    }

    /// The items of `[[undefined]]`, `[[figures]]` or `[[claims]]`.
    pub(super) fn list(&self, name: &str) -> Result<&[Value<'t>], ConfigError> {
        match self.get(name).map(|value| (value, value.get_ref())) {
            None => Ok(&[]),
            Some((_, DeValue::Array(items))) => Ok(items),
            Some((value, _)) => {
                let message = format!("expected a list of tables, found {}", found(value));
                Err(ConfigError::at(value.span(), message, format!("write [[{name}]]")).of_kind(Kind::Type))
            }
        }
    }

    /// The quick patch.
    pub(super) fn quick(&self) -> Result<Option<&Tree<'t>>, ConfigError> {
        self.get("quick").map(|value| table(value, "a table of settings")).transpose()
    }
}
