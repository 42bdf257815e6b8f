//! The axes of an experiment: what each of their levels sets.

use super::ConfigError;
use super::assign::{Assignment, Clash, patch};
use super::grammar::found;
use super::level::Level;
use super::source::Span;
use super::tree::{Key, Leaf, Tree, Value, dotted, flatten, items, path_span};
use crate::lab::measure::METRICS;
use crate::numerics::error::Kind;
use toml::de::DeValue;

/// What only the experiment as a whole has: no cell may set it.
pub(in crate::study) const WHOLE: [&str; 6] = ["name", "title", "about", "seed", "seeds", "style"];

/// The other columns of `results.csv` and `summary.csv`, and words of figures:
/// no axis may be called that.
const COLUMNS: [&str; 7] = ["experiment", "variant", "optimizer", "round", "pressure", "metric", "sqrt_kl"];

/// One axis, with the assignments behind each level.
#[derive(Clone)]
pub(super) struct Dimension<'t> {
    pub(super) name: String,
    /// Where its name was written.
    pub(super) span: Span,
    pub(super) levels: Vec<Level>,
    /// What each level sets.
    pub(super) patches: Vec<Vec<Assignment<'t>>>,
    /// Whether it is a list of values for the one path it is named for.
    pub(super) swept: bool,
    /// Whether `--set` or `[quick]` changed its levels: those of the file may be not in this run.
    pub(super) replaced: bool,
}

impl<'t> Dimension<'t> {
    /// The axis of a swept path: a list of scalars, or one scalar.
    pub(super) fn sweep(leaf: &Leaf<'t>, one_will_do: bool) -> Result<Self, ConfigError> {
        let name = dotted(&leaf.path);
        let list = matches!(leaf.value.get_ref(), DeValue::Array(_));
        if !list && (!one_will_do || leaf.value.get_ref().is_table()) {
            let message = format!("expected a list of levels, found {}", found(&leaf.value));
            let help = format!("write the levels as a list: \"{name}\" = […]");
            return Err(ConfigError::at(leaf.value.span(), message, help).of_kind(Kind::Type));
        }
        let levels = Level::read_all(&leaf.value)?;
        let patches = items(&leaf.value).iter().map(|value| {
            let leaf = Leaf { path: leaf.path.clone(), value: value.clone() };
            Ok(vec![for_cell(Assignment::new(leaf)?)?])
        });
        let patches = patches.collect::<Result<Vec<_>, ConfigError>>()?;
        let span = path_span(&leaf.path);
        if COLUMNS.contains(&name.as_str()) {
            let help = format!("name patches instead: [axes.NAME.LEVEL] with {name} = …");
            let message = format!("results have a column `{name}` already");
            return Err(ConfigError::at(span, message, help));
        }
        Ok(Self { name, span, levels, patches, swept: true, replaced: false })
    }

    /// The axis of a table of named patches, `base` first unless `base = false`.
    pub(super) fn named(key: &Key<'t>, value: &Value<'t>) -> Result<Self, ConfigError> {
        let table = table(value, "a table of named patches")?;
        let has_base = table.get("base").is_none_or(|base| base.get_ref().as_bool() != Some(false));
        let mut axis = Self { span: key.span(), ..Self::base(key.get_ref()) };
        if !has_base {
            (axis.levels, axis.patches) = (Vec::new(), Vec::new());
        }
        for (key, value) in in_order(table) {
            let level = key.get_ref().as_ref();
            let refuse = |message, help| Err(ConfigError::at(key.span(), message, help));
            if level == "base" {
                if value.get_ref().as_bool().is_none() {
                    let help = "`base` is the config without a patch; call this level something else, or write base = false";
                    return refuse("`base` cannot be the name of a patch".to_owned(), help);
                }
                continue;
            }
            check_word("level", key)?;
            if ["first", "last"].contains(&level) {
                let help =
                    "in a selector it means the level listed first or last; call this level something else";
                return refuse(format!("a level cannot be called `{level}`"), help);
            }
            if ["nan", "null"].contains(&level) {
                let help = "readers of results.csv take it for a missing value; call it something else";
                return refuse(format!("a level cannot be called `{level}`"), help);
            }
            axis.levels.push(Level::Text(level.to_owned()));
            let leaves = flatten(self::table(value, "a table of settings")?);
            axis.patches.push(patch(leaves)?.into_iter().map(for_cell).collect::<Result<_, _>>()?);
        }
        if axis.levels.is_empty() || (axis.levels.len() == 1 && has_base && !table.contains_key("base")) {
            let help = "name at least one: a level is a table of settings";
            let message = format!("`{}` names no level", axis.name);
            return Err(ConfigError::at(axis.span, message, help).of_kind(Kind::Missing));
        }
        Ok(axis)
    }

    /// An axis of the config without a patch.
    pub(super) fn base(name: &str) -> Self {
        let levels = vec![Level::Text("base".to_owned())];
        Self {
            name: name.to_owned(),
            span: 0..0,
            levels,
            patches: vec![vec![]],
            swept: false,
            replaced: false,
        }
    }

    /// Keeps the levels chosen, in the file's order.
    pub(super) fn choose(&mut self, chosen: &[Level]) {
        let all = std::mem::take(&mut self.levels).into_iter().zip(std::mem::take(&mut self.patches));
        (self.levels, self.patches) = all.filter(|(level, _)| chosen.contains(level)).unzip();
    }

    /// The levels of a named axis that a setting of its name chooses: one, or a list.
    pub(super) fn choice(&self, leaf: &Leaf<'t>) -> Result<Vec<Level>, ConfigError> {
        let levels = Level::read_all(&leaf.value)?;
        match levels.iter().zip(items(&leaf.value)).find(|(level, _)| !self.levels.contains(level)) {
            Some((level, value)) => {
                Err(no_level(&self.name, level, &self.levels, &[]).written_at(value.span()))
            }
            None => Ok(levels),
        }
    }

    fn assignments(&self) -> impl Iterator<Item = &Assignment<'t>> {
        self.patches.iter().flatten()
    }

    /// The clash of a swept path with an assignment, if any.
    fn undoes(&self, other: &Assignment) -> Option<Clash> {
        let swept = self.assignments().next().filter(|_| self.swept)?;
        let written = swept.path().count();
        let same = swept.path().zip(other.path()).take(written).all(|(a, b)| a == b);
        if same { Some(Clash::Same) } else { swept.clash(other) }
    }
}

/// Refuses a setting that sets what an axis sweeps, or a part of it: the sweep
/// would undo it.
pub(super) fn check_not_swept(dimensions: &[Dimension], set: &Assignment) -> Result<(), ConfigError> {
    let Some(axis) = dimensions.iter().find(|d| d.undoes(set).is_some()) else { return Ok(()) };
    let message = format!("the sweep over `{}` would undo this", axis.name);
    Err(ConfigError::at(set.span(), message, format!("set `{}` itself: one level or a list", axis.name)))
}

/// Refuses a swept path that another axis also sets.
pub(super) fn check_sweeps(dimensions: &[Dimension]) -> Result<(), ConfigError> {
    let refuse = |span, message, help: &str| Err(ConfigError::at(span, message, help));
    for (i, swept) in dimensions.iter().enumerate() {
        for (j, other) in dimensions.iter().enumerate().filter(|(j, _)| *j != i) {
            let Some(clash) = other.assignments().find(|a| swept.undoes(a).is_some()) else { continue };
            if other.swept && j < i {
                continue;
            }
            if other.name == swept.name {
                return refuse(clash.span(), format!("`{}` is set twice", swept.name), "keep one of the two");
            }
            let span = if other.swept { other.span.clone() } else { clash.span() };
            let message = format!("the axis `{}` sweeps this already", swept.name);
            return refuse(span, message, "a swept path belongs to one axis; take it out of the other");
        }
    }
    match dimensions.iter().enumerate().find(|(i, d)| dimensions[..*i].iter().any(|e| e.name == d.name)) {
        Some((_, twice)) => {
            let message = format!("two axes are called `{}`", twice.name);
            refuse(twice.span.clone(), message, "rename one of them")
        }
        None => Ok(()),
    }
}

/// Refuses the name of an axis that would be mistaken for something else.
pub(super) fn check_axis_name(key: &Key) -> Result<(), ConfigError> {
    check_word("axis", key)?;
    let name = key.get_ref().as_ref();
    if COLUMNS.contains(&name) || WHOLE.contains(&name) || METRICS.contains(&name) {
        let message = format!("an axis cannot be called `{name}`");
        let help = "results have a column of that name";
        return Err(ConfigError::at(key.span(), message, help));
    }
    Ok(())
}

/// Names are `[a-z0-9_]+`.
pub(super) fn check_word(kind: &str, key: &Key) -> Result<(), ConfigError> {
    if is_word(key.get_ref()) { Ok(()) } else { Err(no_word(kind, key.get_ref()).written_at(key.span())) }
}

/// A name that something of this kind cannot have.
pub(super) fn no_word(kind: &str, name: &str) -> ConfigError {
    let message = format!("`{name}` cannot be the name of a{} {kind}", if kind == "axis" { "n" } else { "" });
    ConfigError::new("name", message, "names are made of a-z, 0-9 and _")
}

/// Whether a name is `[a-z0-9_]+`.
pub(super) fn is_word(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// The table in a value.
pub(super) fn table<'v, 't>(value: &'v Value<'t>, wanted: &str) -> Result<&'v Tree<'t>, ConfigError> {
    let refuse = || {
        let message = format!("expected {wanted}, found {}", found(value));
        ConfigError::at(value.span(), message, "").of_kind(Kind::Type)
    };
    value.get_ref().as_table().ok_or_else(refuse)
}

fn for_cell(assignment: Assignment<'_>) -> Result<Assignment<'_>, ConfigError> {
    let key = assignment.first();
    match WHOLE.iter().find(|name| **name == key.get_ref().as_ref()) {
        None => Ok(assignment),
        Some(name) => {
            let message = format!("`{name}` belongs to the whole experiment: no axis can set it");
            let help = "set it at the top of the file, with --set or in [quick]";
            Err(ConfigError::at(key.span(), message, help))
        }
    }
}

/// The entries of a table as they are written.
pub(super) fn in_order<'v, 't>(table: &'v Tree<'t>) -> Vec<(&'v Key<'t>, &'v Value<'t>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// An axis has no such level; offers those it has, and some words.
pub(super) fn no_level(axis: &str, level: &Level, levels: &[Level], words: &[&str]) -> ConfigError {
    let known: Vec<String> = levels.iter().map(Level::to_string).collect();
    let known = known.iter().map(String::as_str).chain(words.iter().copied());
    ConfigError::new("", format!("`{axis}` has no level {level}"), "").suggesting(&level.to_string(), known)
}
