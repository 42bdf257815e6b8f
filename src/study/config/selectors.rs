//! How figures and claims name what they look at: metrics, axes, and the levels
//! at which other axes stand still.

use super::ConfigError;
use super::axes::no_level;
use super::level::Level;
use crate::lab::measure::{METRICS, definition};
use crate::numerics::stats::Discrimination;
use indexmap::{IndexMap, IndexSet};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;

/// A level at which an axis stands still.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pin {
    /// The first level, as listed.
    First,
    /// The last level, as listed.
    Last,
    /// This level.
    #[serde(untagged)]
    Level(Level),
    /// One of these, where a figure draws some levels of an axis and not the others.
    #[serde(untagged)]
    Among(Vec<Level>),
}

/// The level at which each of some axes stands still, by axis.
pub type Pins = IndexMap<String, Pin>;

/// A table by dotted names: `"a.b" = x`, `a.b = x` and `a = { b = x }` are the same.
pub(super) type Spelt<T> = IndexMap<String, Nested<T>>;

/// What stands under a name or a part of it. Of levels, "first" and "last" are as listed.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a number, a text, true or false")]
pub(super) enum Nested<T> {
    /// It itself.
    End(T),
    /// Under the rest of a name with dots.
    Deeper(Spelt<T>),
}

/// Reads a table by dotted names.
pub(super) fn dotted<'de, D, T>(d: D) -> Result<IndexMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    fn spread<T>(above: &str, table: Spelt<T>, all: &mut IndexMap<String, T>) -> bool {
        table.into_iter().all(|(name, entry)| match entry {
            Nested::End(end) => all.insert(format!("{above}{name}"), end).is_none(),
            Nested::Deeper(inner) => spread(&format!("{above}{name}."), inner, all),
        })
    }
    let mut all = IndexMap::new();
    let once = spread("", Spelt::deserialize(d)?, &mut all);
    once.then_some(all).ok_or_else(|| serde::de::Error::custom("one name stands here in two spellings"))
}

/// Reads a table by dotted names that need not be there.
pub(super) fn some_dotted<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Pins>, D::Error> {
    dotted(d).map(Some)
}

/// The name of a metric, for a schema.
pub(super) struct Metric;

impl JsonSchema for Metric {
    fn schema_name() -> Cow<'static, str> {
        "metric".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let metrics =
            METRICS.map(|name| serde_json::json!({ "const": name, "description": definition(name) }));
        json_schema!({
            "description": "A column of results.csv, or how well it tells dangerous systems from safe ones.",
            "anyOf": [
                { "oneOf": metrics },
                { "type": "string", "pattern": "^((auc|missed)\\.)?(feature|weight)\\.[a-z0-9_]+$" },
                { "type": "string", "pattern": format!("^(auc|missed)\\.({})$", METRICS.join("|")) },
            ],
        })
    }
}

/// An axis as figures and claims see it: `variant`, `round` and `pressure` are among them.
pub(super) struct Selectable {
    pub(super) name: String,
    /// All its levels over all cells.
    pub(super) levels: Vec<Level>,
    /// How many of them one cell can have: where there are more than one it must be pinned.
    pub(super) most: usize,
    /// Whether `--set` or `[quick]` may have changed its levels.
    pub(super) replaced: bool,
    /// Whether it is one that the file does not have, so that nothing there can name it.
    pub(super) added: bool,
}

/// What each axis is used for that cannot stand still, by axis.
pub(super) type Used = IndexMap<String, &'static str>;

/// Everything that can be selected.
pub(super) struct Scope {
    pub(super) axes: Vec<Selectable>,
    /// Every single feature of every cell.
    pub(super) features: IndexSet<String>,
    /// The level of each cell on the first axes, those that are neither round nor pressure.
    pub(super) cells: Vec<Vec<Level>>,
}

impl Scope {
    /// Names of the axes.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.axes.iter().map(|a| a.name.as_str())
    }

    /// The axis of this name, if there is one.
    pub(super) fn find(&self, name: &str) -> Option<&Selectable> {
        self.axes.iter().find(|a| a.name == name)
    }

    /// The axis of this name, which stands at `path`.
    pub(super) fn axis(&self, path: &str, name: &str) -> Result<&Selectable, ConfigError> {
        self.find(name).ok_or_else(|| ConfigError::unknown(path, "axis", name, self.names()))
    }

    /// Checks the name of a metric.
    pub(super) fn check_metric(&self, path: &str, name: &str) -> Result<(), ConfigError> {
        let (over_seeds, column) = match Discrimination::split(name) {
            Some((of, column)) => (of.prefix(), column),
            None => ("", name),
        };
        let prefixed = ["feature.", "weight."];
        let of_feature = prefixed.iter().find_map(|prefix| Some((*prefix, column.strip_prefix(prefix)?)));
        let known: Vec<String> = match of_feature {
            Some((_, feature)) if self.features.contains(feature) => return Ok(()),
            None if METRICS.contains(&column) => return Ok(()),
            Some((prefix, _)) => self.features.iter().map(|f| format!("{over_seeds}{prefix}{f}")).collect(),
            None => {
                let columns = METRICS.into_iter().chain(["feature.NAME", "weight.NAME"]);
                columns.map(|column| format!("{over_seeds}{column}")).collect()
            }
        };
        Err(ConfigError::unknown(path, "metric", name, known.iter().map(String::as_str)))
    }

    /// Checks pins at `path`; those whose level is not in this run it returns.
    pub(super) fn not_in_this_run(&self, path: &str, pins: &Pins, used: &Used) -> Result<Pins, ConfigError> {
        let mut gone = Pins::new();
        for (name, pin) in pins {
            let at = format!("{path}.{name}");
            let axis = self.axis(&at, name).map_err(ConfigError::at_key)?;
            if let Some(place) = used.get(name) {
                let message = format!("`{name}` is {place}: it cannot stand still");
                return Err(ConfigError::new(&at, message, "take it out of one of the two").at_key());
            }
            match pin {
                Pin::Level(level) if !axis.levels.contains(level) => {
                    if !axis.replaced {
                        return Err(axis.no_level(level).of(at));
                    }
                    gone.insert(name.clone(), pin.clone());
                }
                Pin::Among(_) => {
                    let message = format!("`{name}` stands at a list of levels");
                    let help =
                        "give one level; a figure may list some of an axis that it draws along something";
                    return Err(ConfigError::new(&at, message, help));
                }
                Pin::First | Pin::Last | Pin::Level(_) => {}
            }
        }
        Ok(gone)
    }

    /// Lets axes that the file does not have stand still at their first levels.
    pub(super) fn pin_added(&self, pins: &mut Pins) {
        let added = self.axes.iter().filter(|axis| axis.added && axis.most > 1);
        pins.extend(added.map(|axis| (axis.name.clone(), Pin::First)));
    }

    /// Whether it is up to the command line which levels these are: it chose some of an axis of the file of which they
    /// name none.
    pub(super) fn narrowed(&self, pins: &Pins) -> bool {
        let named = |axis: &Selectable| matches!(pins.get(&axis.name), Some(Pin::Level(_)));
        let of_file = |axis: &&Selectable| !["round", "pressure"].contains(&axis.name.as_str());
        self.axes.iter().filter(of_file).any(|axis| axis.replaced && !named(axis))
    }

    /// Whether there is a cell at these levels.
    pub(super) fn exists(&self, pins: &Pins) -> bool {
        self.cells.iter().any(|cell| {
            self.axes.iter().zip(cell).all(|(axis, level)| match pins.get(&axis.name) {
                None => true,
                Some(Pin::First) => axis.levels.first() == Some(level),
                Some(Pin::Last) => axis.levels.last() == Some(level),
                Some(Pin::Level(wanted)) => level == wanted,
                Some(Pin::Among(wanted)) => wanted.contains(level),
            })
        })
    }

    /// Refuses an axis of several levels that is neither `used` nor pinned.
    pub(super) fn check_pinned(&self, used: &Used, pins: &Pins, remedy: &str) -> Result<(), ConfigError> {
        let free = |a: &&Selectable| a.most > 1 && !used.contains_key(&a.name) && !pins.contains_key(&a.name);
        let Some(axis) = self.axes.iter().find(free) else { return Ok(()) };
        let levels = axis.levels.iter().map(Level::to_string).collect::<Vec<_>>().join(", ");
        let name = if axis.name.contains('.') { format!("\"{}\"", axis.name) } else { axis.name.clone() };
        let help = format!("{remedy} pin it: where = {{ {name} = \"last\" }}\nits levels: {levels}");
        let message = format!("the axis `{}` has {} levels and is not pinned", axis.name, axis.most);
        Err(ConfigError::new("", message, help))
    }
}

impl Selectable {
    /// It has no such level.
    pub(super) fn no_level(&self, level: &Level) -> ConfigError {
        no_level(&self.name, level, &self.levels, &["first", "last"])
    }
}

/// What a run lacks where an axis has one level.
pub(super) fn one_level(axis: &str) -> String {
    format!("`{axis}` has one level in this run")
}

/// What it lacks where pins are not in it, as [`Scope::not_in_this_run`] returned them.
pub(super) fn no_level_in_this_run(gone: &Pins) -> Option<String> {
    let Some((axis, Pin::Level(level))) = gone.first() else { return None };
    Some(format!("`{axis}` has no level {level} in this run"))
}

/// Checks a text to be shown: one line that says something, without control characters.
pub(super) fn check_line(path: &str, text: &str) -> Result<(), ConfigError> {
    let control = |c: char| {
        c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c)
    };
    let refuse = |message: &str| Err(ConfigError::new(path, message, "one line of words"));
    match text.chars().find(|c| control(*c)) {
        Some('\n') => refuse("this is more than one line"),
        Some(_) => refuse("this has a control character"),
        None if text.trim().is_empty() => refuse("this says nothing"),
        None => Ok(()),
    }
}
