//! The axes of an experiment: what each of their levels sets.

use super::ConfigError;
use super::assign::{Assignment, patch};
use super::grammar::expected;
use super::level::Level;
use super::source::Span;
use super::tree::{Key, Leaf, Tree, Value, dotted, flatten, items, path_span};
use crate::lab::measure::METRICS;
use crate::numerics::error::Kind;

/// What only the experiment as a whole has: no cell may set it.
pub(in crate::study) const WHOLE: [&str; 7] =
    ["name", "title", "about", "seed", "looked_at", "seeds", "style"];

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
    /// Whether the file has no such axis: `--set` or `[quick]` made it.
    pub(super) added: bool,
}

/// Names that a level cannot have, and what to do instead.
pub(super) const TAKEN: [(&str, &str); 3] = [
    ("base", "`base` is the config without a patch; call this level something else, or write base = false"),
    ("first", "in a selector it means the level listed first; call this level something else"),
    ("last", "in a selector it means the level listed last; call this level something else"),
];

impl<'t> Dimension<'t> {
    /// The axis of a swept path: a scalar, or a list of them.
    pub(super) fn sweep(leaf: &Leaf<'t>) -> Result<Self, ConfigError> {
        let (name, span) = (dotted(&leaf.path), path_span(leaf.path.iter()));
        let levels = Level::read_all(&leaf.value)?;
        let patches = items(&leaf.value).iter().map(|value| {
            let leaf = Leaf { path: leaf.path.clone(), value: value.clone() };
            Ok(vec![for_cell(Assignment::new(leaf)?)?])
        });
        let patches = patches.collect::<Result<Vec<_>, ConfigError>>()?;
        if COLUMNS.contains(&name.as_str()) {
            let help = format!("name patches instead: [axes.NAME.LEVEL] with {name} = …");
            let message = format!("results have a column `{name}` already");
            return Err(ConfigError::at(span, message, help));
        }
        Ok(Self { name, span, levels, patches, swept: true, replaced: false, added: false })
    }

    /// The axis of a table of named patches, `base` first unless `base = false`.
    pub(super) fn named(name: &str, key: &Key<'t>, value: &Value<'t>) -> Result<Self, ConfigError> {
        let table = table(value, "a table of named patches")?;
        let said = |value: &Value| value.get_ref().as_bool();
        let mut axis = Self { span: key.span(), ..Self::base(name) };
        if table.get("base").is_some_and(|base| said(base) == Some(false)) {
            axis.choose(&[]);
        }
        for (key, value) in table {
            let level = key.get_ref().as_ref();
            if level == "base" && said(value).is_some() {
                continue;
            }
            if let Some((_, help)) = TAKEN.iter().find(|(name, _)| *name == level) {
                let message = format!("`{level}` cannot be the name of a patch");
                return Err(ConfigError::at(key.span(), message, help));
            }
            check_word("level", level)
                .and_then(|()| check_readable(level))
                .map_err(|error| error.written_at(key.span()))?;
            axis.levels.push(Level::Text(level.to_owned()));
            let leaves = flatten(self::table(value, "a table of settings")?);
            axis.patches.push(patch(leaves)?.into_iter().map(for_cell).collect::<Result<_, _>>()?);
        }
        let one = axis.levels == Self::base(name).levels;
        if axis.levels.is_empty() || (one && !table.contains_key("base")) {
            let help = "name at least one: a level is a table of settings";
            let message = format!("`{name}` names no level");
            return Err(ConfigError::at(axis.span, message, help).of_kind(Kind::Missing));
        }
        Ok(axis)
    }

    /// An axis of the config without a patch.
    pub(super) fn base(name: &str) -> Self {
        let (levels, patches) = (vec![Level::Text("base".to_owned())], vec![Vec::new()]);
        Self {
            name: name.to_owned(),
            span: 0..0,
            levels,
            patches,
            swept: false,
            replaced: false,
            added: false,
        }
    }

    /// Takes other levels for those of a sweep, or some of those of a named axis: one, or a list.
    pub(super) fn replace_levels(&mut self, leaf: Leaf<'t>) -> Result<(), ConfigError> {
        self.replaced = true;
        if self.swept {
            let other = Self::sweep(&leaf)?;
            (self.levels, self.patches) = (other.levels, other.patches);
            return Ok(());
        }
        let levels = Level::read_all(&leaf.value)?;
        for (level, value) in levels.iter().zip(items(&leaf.value)) {
            if !self.levels.contains(level) {
                return Err(no_level(&self.name, level, &self.levels, &[]).written_at(value.span()));
            }
        }
        self.choose(&levels);
        Ok(())
    }

    /// Keeps the levels chosen, in the file's order.
    fn choose(&mut self, chosen: &[Level]) {
        let all = std::mem::take(&mut self.levels).into_iter().zip(std::mem::take(&mut self.patches));
        (self.levels, self.patches) = all.filter(|(level, _)| chosen.contains(level)).unzip();
    }

    /// Whether it sweeps what this sets, or a part of it.
    fn undoes(&self, set: &Assignment) -> bool {
        let (name, path) = (self.name.as_str(), set.path());
        let part = path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        self.swept && (part || self.patches.iter().flatten().any(|swept| swept.clash(set).is_some()))
    }
}

/// Refuses a setting that sets what an axis sweeps, or a part of it: the sweep would undo it.
pub(super) fn check_not_swept(
    axes: &[Dimension],
    set: &Assignment,
    help: impl Fn(&str) -> String,
) -> Result<(), ConfigError> {
    let Some(Dimension { name, .. }) = axes.iter().find(|axis| axis.undoes(set)) else { return Ok(()) };
    Err(ConfigError::at(set.span(), format!("the axis `{name}` sweeps this already"), help(name)))
}

/// Adds an axis behind those that the file sweeps, else behind its named ones; the variants stay last.
pub(super) fn add<'t>(axes: &mut Vec<Dimension<'t>>, leaf: &Leaf<'t>) -> Result<(), ConfigError> {
    let axis = Dimension { added: true, ..Dimension::sweep(leaf)? };
    let last = axes.iter().rposition(|axis| axis.swept).map_or(axes.len() - 1, |last| last + 1);
    axes.insert(last, axis);
    check_sweeps(axes)
}

/// Refuses two axes of one name, and a swept path that another axis also sets.
pub(super) fn check_sweeps(all: &[Dimension]) -> Result<(), ConfigError> {
    for (i, axis) in all.iter().enumerate() {
        let others = if axis.swept { &all[..i] } else { all };
        for set in axis.patches.iter().flatten() {
            let help = |_: &str| "a swept path belongs to one axis; take it out of the other".to_owned();
            check_not_swept(others, set, help)?;
        }
        if all[..i].iter().any(|before| before.name == axis.name) {
            let message = format!("two axes are called `{}`", axis.name);
            return Err(ConfigError::at(axis.span.clone(), message, "rename one of them"));
        }
    }
    Ok(())
}

/// Refuses the name of an axis that would be mistaken for something else.
pub(super) fn check_axis_name(key: &Key) -> Result<(), ConfigError> {
    let name = key.get_ref().as_ref();
    check_word("axis", name).map_err(|error| error.written_at(key.span()))?;
    if COLUMNS.contains(&name) || WHOLE.contains(&name) || METRICS.contains(&name) {
        let message = format!("an axis cannot be called `{name}`");
        let help = "results have a column of that name";
        return Err(ConfigError::at(key.span(), message, help));
    }
    Ok(())
}

/// Names are `[a-z0-9_]+`.
pub(super) fn check_word(kind: &str, name: &str) -> Result<(), ConfigError> {
    if is_word(name) {
        return Ok(());
    }
    let message = format!("`{name}` cannot be the name of a{} {kind}", if kind == "axis" { "n" } else { "" });
    Err(ConfigError::new("name", message, "names are made of a-z, 0-9 and _"))
}

/// Refuses a name that readers of CSV (pandas, polars, R) take for a missing value, or for a number
/// that they would write otherwise: `07` and `7` would be one.
pub(super) fn check_readable(name: &str) -> Result<(), ConfigError> {
    let taken_for = match name.parse::<f64>() {
        Ok(x) if x.is_nan() => "a missing value".to_owned(),
        Ok(x) if Level::Number(x).to_string() != name => format!("the number {}", Level::Number(x)),
        _ if name == "null" => "a missing value".to_owned(),
        _ if ["true", "false"].contains(&name) => "a truth value".to_owned(),
        _ if name.strip_prefix("0x").is_some_and(|hex| u64::from_str_radix(hex, 16).is_ok()) => {
            "a hexadecimal number".to_owned()
        }
        _ => return Ok(()),
    };
    let help = format!("readers of results.csv take it for {taken_for}; call it something else");
    Err(ConfigError::new("name", format!("nothing can be called `{name}`"), help))
}

/// Whether a name is `[a-z0-9_]+`.
pub(super) fn is_word(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// The table in a value.
pub(super) fn table<'v, 't>(value: &'v Value<'t>, wanted: &str) -> Result<&'v Tree<'t>, ConfigError> {
    value.get_ref().as_table().ok_or_else(|| expected(wanted, value, ""))
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

/// An axis has no such level; offers those it has, and some words.
pub(super) fn no_level(axis: &str, level: &Level, levels: &[Level], words: &[&str]) -> ConfigError {
    let known: Vec<String> = levels.iter().map(Level::to_string).collect();
    let known = known.iter().map(String::as_str).chain(words.iter().copied());
    ConfigError::new("", format!("`{axis}` has no level {level}"), "").suggesting(&level.to_string(), known)
}
