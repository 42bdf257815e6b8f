//! The tables beside the config: axes, rules, figures, claims, and the quick patch.

use super::ConfigError;
use super::axes::{Dimension, check_axis_name, check_sweeps, table};
use super::grammar::{Shape, expected, root, shape};
use super::tree::{Tree, Value, dotted, flatten};
use toml::de::DeValue;

const NAMES: [&str; 8] =
    ["sweep", "axes", "variants", "undefined", "quick", "figures", "leaderboard", "claims"];

/// The tables of a file that are no part of a [`super::Config`], in file order.
pub(super) struct Sections<'t>(Tree<'t>);

impl<'t> Sections<'t> {
    /// Takes them out of the file; what is left must be keys of a config.
    pub(super) fn take(file: Tree<'t>) -> Result<(Self, Tree<'t>), ConfigError> {
        let Shape::Struct { keys, .. } = shape(root()) else { unreachable!("a config is a table") };
        let known = || keys.keys().map(String::as_str).chain(NAMES);
        let unknown = file.keys().find(|key| !known().any(|k| Some(k) == key.get_ref().split('.').next()));
        if let Some(key) = unknown {
            let error = ConfigError::unknown("", "key", key.get_ref(), known());
            return Err(error.written_at(key.span()));
        }
        let (sections, config) =
            file.into_iter().partition(|(key, _)| NAMES.contains(&key.get_ref().as_ref()));
        Ok((Self(sections), config))
    }

    /// The tables, by name, in file order.
    pub(super) fn in_order(&self) -> impl Iterator<Item = (&str, &Tree<'t>)> {
        self.0.iter().filter_map(|(key, value)| Some((key.get_ref().as_ref(), value.get_ref().as_table()?)))
    }

    /// All axes, those of one table together, in file order but for `variant`, which is last.
    pub(super) fn dimensions(&self) -> Result<Vec<Dimension<'t>>, ConfigError> {
        let mut all = Vec::new();
        for (key, value) in &self.0 {
            match key.get_ref().as_ref() {
                "sweep" => {
                    for leaf in flatten(table(value, "a table of swept paths")?) {
                        if !matches!(leaf.value.get_ref(), DeValue::Array(_)) {
                            let help =
                                format!("write the levels as a list: \"{}\" = […]", dotted(&leaf.path));
                            return Err(expected("a list of levels", &leaf.value, help));
                        }
                        all.push(Dimension::sweep(&leaf)?);
                    }
                }
                "axes" => {
                    for (key, value) in table(value, "a table of axes")? {
                        check_axis_name(key)?;
                        all.push(Dimension::named(key.get_ref(), key, value)?);
                    }
                }
                "variants" => all.push(Dimension::named("variant", key, value)?),
                _ => {}
            }
        }
        check_sweeps(&all)?;
        if !self.0.contains_key("variants") {
            all.push(Dimension::base("variant"));
        }
        all.sort_by_key(|axis| axis.name == "variant");
        Ok(all)
    }

    /// The items of `[[undefined]]`, `[[figures]]` or `[[claims]]`.
    pub(super) fn list(&self, name: &str) -> Result<&[Value<'t>], ConfigError> {
        match self.0.get(name).map(|value| (value, value.get_ref())) {
            None => Ok(&[]),
            Some((_, DeValue::Array(items))) => Ok(items),
            Some((value, _)) => Err(expected("a list of tables", value, format!("write [[{name}]]"))),
        }
    }

    /// The leaderboard.
    pub(super) fn leaderboard(&self) -> Option<&Value<'t>> {
        self.0.get("leaderboard")
    }

    /// The quick patch.
    pub(super) fn quick(&self) -> Result<Option<&Tree<'t>>, ConfigError> {
        self.0.get("quick").map(|value| table(value, "a table of settings")).transpose()
    }
}
