//! How figures and claims name what they look at: metrics, axes, and the levels
//! at which other axes stand still.

use super::axes::table;
use super::level::Level;
use super::schema::found;
use super::source::{Flaw, Span};
use super::tree::{Key, Tree, Value, dotted, flatten, path_span};
use crate::lab::measure::METRICS;
use crate::numerics::stats::Discrimination;
use indexmap::{IndexMap, IndexSet};
use serde::{Serialize, Serializer};
use toml::Spanned;
use toml::de::DeValue;

/// A level at which an axis stands still.
#[derive(Clone, Debug, PartialEq)]
pub enum Pin {
    /// The first level, as listed.
    First,
    /// The last level, as listed.
    Last,
    /// This level.
    Level(Level),
}

impl Serialize for Pin {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Pin::First => s.serialize_str("first"),
            Pin::Last => s.serialize_str("last"),
            Pin::Level(level) => level.serialize(s),
        }
    }
}

/// The level at which each of some axes stands still, by axis.
pub type Pins = IndexMap<String, Pin>;

/// An axis as figures and claims see it: `variant`, `round` and `pressure` are among them.
pub(super) struct Selectable {
    pub(super) name: String,
    /// All its levels over all cells.
    pub(super) levels: Vec<Level>,
    /// How many of them one cell can have: where there are more than one it must be pinned.
    pub(super) most: usize,
    /// Levels of the file that `--set` or `[quick]` replaced.
    pub(super) replaced: Vec<Level>,
}

/// Everything that can be selected.
pub(super) struct Scope {
    pub(super) axes: Vec<Selectable>,
    /// Every single feature of every cell.
    pub(super) features: IndexSet<String>,
    /// Whether `--set` or `[quick]` changed anything: levels of pressure and rounds, which no
    /// axis lists, may then be gone.
    pub(super) overridden: bool,
    /// The level of each cell on the first axes, those that are neither round nor pressure.
    pub(super) cells: Vec<Vec<Level>>,
}

impl Scope {
    /// Names of the axes.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.axes.iter().map(|a| a.name.as_str())
    }

    /// The axis of this name.
    pub(super) fn axis(&self, key: &Key) -> Result<&Selectable, Flaw> {
        let name = key.get_ref();
        self.find(name).ok_or_else(|| {
            Flaw::unknown(key.span(), format!("there is no axis `{name}`"), name, self.names())
        })
    }

    fn find(&self, name: &str) -> Option<&Selectable> {
        self.axes.iter().find(|a| a.name == name)
    }

    /// The metric of this name.
    pub(super) fn metric(&self, key: &Key) -> Result<String, Flaw> {
        let name = key.get_ref().as_ref();
        let (over_seeds, column) = match Discrimination::split(name) {
            Some((of, column)) => (of.prefix(), column),
            None => ("", name),
        };
        let prefixed = ["feature.", "weight."];
        let of_feature = prefixed.iter().find_map(|prefix| Some((*prefix, column.strip_prefix(prefix)?)));
        let known: Vec<String> = match of_feature {
            Some((_, feature)) if self.features.contains(feature) => return Ok(name.to_owned()),
            None if METRICS.contains(&column) => return Ok(name.to_owned()),
            Some((prefix, _)) => self.features.iter().map(|f| format!("{over_seeds}{prefix}{f}")).collect(),
            None => {
                let columns = METRICS.into_iter().chain(["feature.NAME", "weight.NAME"]);
                columns.map(|column| format!("{over_seeds}{column}")).collect()
            }
        };
        let message = format!("there is no metric `{name}`");
        Err(Flaw::unknown(key.span(), message, name, known.iter().map(String::as_str)))
    }

    /// Reads `where = { AXIS = LEVEL }` of a figure; `used` says along what some
    /// axes are drawn, which then cannot stand still. A level that was replaced by
    /// a single one needs no pin.
    pub(super) fn pins(&self, value: &Value, used: &IndexMap<String, &str>) -> Result<Pins, Flaw> {
        let (pins, gone) = self.pins_and_gone(value, used)?;
        match gone.iter().find(|gone| gone.axis.levels.len() > 1) {
            None => Ok(pins),
            Some(gone) => Err(unknown_level(gone.span.clone(), &gone.level, gone.axis)),
        }
    }

    /// The same, and apart the levels that `--set` or `[quick]` took away.
    pub(super) fn pins_and_gone(
        &self,
        value: &Value,
        used: &IndexMap<String, &str>,
    ) -> Result<(Pins, Vec<Gone<'_>>), Flaw> {
        let (mut pins, mut gone) = (Pins::new(), Vec::new());
        let mut seen = IndexSet::new();
        for leaf in flatten(table(value, "a table of axes and levels")?) {
            let (name, span) = (dotted(&leaf.path), path_span(&leaf.path));
            let axis = self.axis(&Spanned::new(span.clone(), name.clone().into()))?;
            if let Some(place) = used.get(&name) {
                let message = format!("`{name}` is {place}: it cannot stand still");
                return Err(Flaw::new(span, message, "take it out of one of the two"));
            }
            if !seen.insert(name.clone()) {
                return Err(Flaw::new(span, format!("`{name}` is pinned twice"), "keep one of the two"));
            }
            let level = Level::read(&leaf.value)?;
            let pin = match &level {
                Level::Text(word) if word == "first" => Pin::First,
                Level::Text(word) if word == "last" => Pin::Last,
                _ if axis.levels.iter().any(|l| l.same(&level)) => Pin::Level(level),
                _ if axis.replaced.iter().any(|l| l.same(&level)) || self.may_be_gone(axis, &level) => {
                    gone.push(Gone { axis, level, span: leaf.value.span() });
                    continue;
                }
                _ => return Err(unknown_level(leaf.value.span(), &level, axis)),
            };
            pins.insert(name, pin);
        }
        Ok((pins, gone))
    }

    fn may_be_gone(&self, axis: &Selectable, level: &Level) -> bool {
        let own = matches!(axis.name.as_str(), "pressure" | "round");
        self.overridden && own && matches!(level, Level::Integer(_) | Level::Number(_))
    }

    /// Whether there is a cell at these levels.
    pub(super) fn exists(&self, pins: &Pins) -> bool {
        self.cells.iter().any(|cell| {
            self.axes.iter().zip(cell).all(|(axis, level)| match pins.get(&axis.name) {
                None => true,
                Some(Pin::First) => axis.levels.first() == Some(level),
                Some(Pin::Last) => axis.levels.last() == Some(level),
                Some(Pin::Level(wanted)) => level.same(wanted),
            })
        })
    }

    /// Refuses an axis of several levels that is neither `used` nor pinned.
    pub(super) fn check_pinned(
        &self,
        span: Span,
        used: &IndexMap<String, &str>,
        pins: &Pins,
        remedy: &str,
    ) -> Result<(), Flaw> {
        let free = |a: &&Selectable| a.most > 1 && !used.contains_key(&a.name) && !pins.contains_key(&a.name);
        let Some(axis) = self.axes.iter().find(free) else { return Ok(()) };
        let levels = axis.levels.iter().map(Level::to_string).collect::<Vec<_>>().join(", ");
        let name = if axis.name.contains('.') { format!("\"{}\"", axis.name) } else { axis.name.clone() };
        let help = format!("{remedy} pin it: where = {{ {name} = \"last\" }}\nits levels: {levels}");
        let message = format!("the axis `{}` has {} levels and is not pinned", axis.name, axis.most);
        Err(Flaw::new(span, message, help))
    }
}

/// A level that was replaced.
pub(super) struct Gone<'a> {
    pub(super) axis: &'a Selectable,
    pub(super) level: Level,
    span: Span,
}

fn unknown_level(span: Span, level: &Level, axis: &Selectable) -> Flaw {
    let known: Vec<String> = axis.levels.iter().map(Level::to_string).collect();
    let known = known.iter().map(String::as_str).chain(["first", "last"]);
    Flaw::unknown(span, format!("`{}` has no level {level}", axis.name), &level.to_string(), known)
}

/// Refuses keys that are none of the `known`; `what` is said of the table.
pub(super) fn check_keys(table: &Tree, what: &str, known: &[&str]) -> Result<(), Flaw> {
    match table.keys().find(|key| !known.contains(&key.get_ref().as_ref())) {
        None => Ok(()),
        Some(key) => {
            let message = format!("{what} has no key `{}`", key.get_ref());
            Err(Flaw::unknown(key.span(), message, key.get_ref(), known.iter().copied()))
        }
    }
}

/// A text with its place.
pub(super) fn text<'t>(value: &Value<'t>) -> Result<Key<'t>, Flaw> {
    match value.get_ref() {
        DeValue::String(s) => Ok(Spanned::new(value.span(), s.clone())),
        _ => Err(Flaw::new(value.span(), format!("expected text, found {}", found(value)), "")),
    }
}

/// A text to be shown: one line that says something, without control characters.
pub(super) fn line(value: &Value) -> Result<String, Flaw> {
    let text = text(value)?.into_inner().into_owned();
    let control = |c: char| {
        c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c)
    };
    let refuse = |message: &str| Err(Flaw::new(value.span(), message, "one line of words"));
    match text.chars().find(|c| control(*c)) {
        Some('\n') => refuse("this is more than one line"),
        Some(_) => refuse("this has a control character"),
        None if text.trim().is_empty() => refuse("this says nothing"),
        None => Ok(text),
    }
}

/// A text, or a list of different texts: at least one.
pub(super) fn texts<'t>(value: &Value<'t>, what: &str) -> Result<Vec<Key<'t>>, Flaw> {
    let listed = match value.get_ref() {
        DeValue::Array(items) => items.iter().map(text).collect::<Result<Vec<_>, _>>()?,
        _ => vec![text(value)?],
    };
    if listed.is_empty() {
        return Err(Flaw::new(value.span(), format!("an empty list of {what}"), "give at least one"));
    }
    for (i, item) in listed.iter().enumerate() {
        if listed[..i].iter().any(|other| other.get_ref() == item.get_ref()) {
            let message = format!("`{}` is listed twice", item.get_ref());
            return Err(Flaw::new(item.span(), message, "list it once"));
        }
    }
    Ok(listed)
}

/// A key whose value is one of a closed list of words.
pub(super) fn choice<T: Copy>(
    table: &Tree,
    key: &str,
    what: &str,
    known: &[(&str, T)],
) -> Result<Option<T>, Flaw> {
    let Some(word) = table.get(key).map(text).transpose()? else { return Ok(None) };
    one_of(&word, what, known).map(Some)
}

/// What a word of a closed list stands for.
pub(super) fn one_of<T: Copy>(word: &Key, what: &str, known: &[(&str, T)]) -> Result<T, Flaw> {
    let found = known.iter().find(|(name, _)| *name == word.get_ref().as_ref());
    found.map(|(_, value)| *value).ok_or_else(|| {
        let message = format!("there is no {what} `{}`", word.get_ref());
        Flaw::unknown(word.span(), message, word.get_ref(), known.iter().map(|(name, _)| *name))
    })
}
