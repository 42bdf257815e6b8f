//! The axes of an experiment: what each of their levels sets.

use super::assign::{Assignment, Clash, patch};
use super::level::Level;
use super::schema::found;
use super::source::{Flaw, Span};
use super::tree::{Key, Leaf, Tree, Value, dotted, flatten, path_span};
use crate::lab::measure::METRICS;
use toml::de::DeValue;

/// What only the experiment as a whole has: no cell may set it.
const WHOLE: [&str; 5] = ["name", "title", "about", "seed", "seeds"];

/// The other columns of `results.csv` and `summary.csv`, and words of figures:
/// no axis may be called that.
const COLUMNS: [&str; 7] = ["experiment", "variant", "optimizer", "round", "pressure", "metric", "sqrt_kl"];

/// One axis, with the assignments behind each level.
pub(super) struct Dimension<'t> {
    pub(super) name: String,
    /// Where its name was written.
    pub(super) span: Span,
    pub(super) levels: Vec<Level>,
    /// What each level sets.
    pub(super) patches: Vec<Vec<Assignment<'t>>>,
    /// Whether it is a list of values for the one path it is named for.
    pub(super) swept: bool,
    /// The levels in the file, where `--set` or `[quick]` replaced them.
    pub(super) replaced: Vec<Level>,
}

impl<'t> Dimension<'t> {
    /// The axis of a swept path: a list of scalars, or one scalar.
    pub(super) fn sweep(leaf: &Leaf<'t>, one_will_do: bool) -> Result<Self, Flaw> {
        let name = dotted(&leaf.path);
        let values: &[Value<'t>] = match leaf.value.get_ref() {
            DeValue::Array(values) => values,
            DeValue::Table(_) => {
                let help = format!("write the levels as a list: \"{name}\" = […]");
                return Err(Flaw::new(leaf.value.span(), "expected a list of levels, found a table", help));
            }
            _ if one_will_do => std::slice::from_ref(&leaf.value),
            _ => {
                let message = format!("expected a list of levels, found {}", found(&leaf.value));
                return Err(Flaw::new(leaf.value.span(), message, "put it in [ ]"));
            }
        };
        if values.is_empty() {
            return Err(Flaw::new(leaf.value.span(), "an empty list of levels", "give at least one level"));
        }
        let levels = Level::read_all(values)?;
        let patches = values.iter().map(|value| {
            let leaf = Leaf { path: leaf.path.clone(), value: value.clone() };
            Ok(vec![for_cell(Assignment::new(leaf)?)?])
        });
        let patches = patches.collect::<Result<Vec<_>, Flaw>>()?;
        let span = path_span(&leaf.path);
        if COLUMNS.contains(&name.as_str()) {
            let help = format!("name patches instead: [axes.NAME.LEVEL] with {name} = …");
            return Err(Flaw::new(span, format!("results have a column `{name}` already"), help));
        }
        Ok(Self { name, span, levels, patches, swept: true, replaced: Vec::new() })
    }

    /// The axis of a table of named patches, `base` first unless `base = false`.
    pub(super) fn named(key: &Key<'t>, value: &Value<'t>) -> Result<Self, Flaw> {
        let name = key.get_ref().to_string();
        let table = table(value, "a table of named patches")?;
        let (mut levels, mut patches) = (vec![Level::Text("base".to_owned())], vec![Vec::new()]);
        let mut entries: Vec<(&Key<'t>, &Value<'t>)> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in entries {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("base", DeValue::Boolean(true)) => {}
                ("base", DeValue::Boolean(false)) => {
                    levels.remove(0);
                    patches.remove(0);
                }
                ("base", _) => {
                    let help = "`base` is the config without a patch; call this level something else, or write base = false";
                    return Err(Flaw::new(key.span(), "`base` cannot be the name of a patch", help));
                }
                (level, _) => {
                    check_word("level", key)?;
                    if ["nan", "null"].contains(&level) {
                        let help =
                            "readers of results.csv take it for a missing value; call it something else";
                        return Err(Flaw::new(
                            key.span(),
                            format!("a level cannot be called `{level}`"),
                            help,
                        ));
                    }
                    levels.push(Level::Text(level.to_owned()));
                    let leaves = flatten(self::table(value, "a table of settings")?);
                    patches.push(patch(leaves)?.into_iter().map(for_cell).collect::<Result<_, _>>()?);
                }
            }
        }
        let base = table.get("base").and_then(|v| v.get_ref().as_bool()) == Some(true);
        if !base && !table.values().any(|v| v.get_ref().is_table()) {
            let help = "name at least one: a level is a table of settings";
            return Err(Flaw::new(key.span(), format!("`{name}` names no level"), help));
        }
        Ok(Self { name, span: key.span(), levels, patches, swept: false, replaced: Vec::new() })
    }

    /// The axis `variant` of a config without variants.
    pub(super) fn variant_base() -> Self {
        let levels = vec![Level::Text("base".to_owned())];
        Self {
            name: "variant".to_owned(),
            span: 0..0,
            levels,
            patches: vec![vec![]],
            swept: false,
            replaced: vec![],
        }
    }

    /// Puts the levels of `--set` or `[quick]` in place of the file's.
    pub(super) fn replace(&mut self, by: Dimension<'t>) {
        self.replaced.append(&mut self.levels);
        (self.levels, self.patches) = (by.levels, by.patches);
    }

    /// The levels of a named axis that a setting of its name chooses: one, or a list.
    pub(super) fn choice(&self, leaf: &Leaf<'t>) -> Result<Vec<Level>, Flaw> {
        let values: &[Value<'t>] = match leaf.value.get_ref() {
            DeValue::Array(values) => values,
            _ => std::slice::from_ref(&leaf.value),
        };
        let levels = Level::read_all(values)?;
        match levels.iter().zip(values).find(|(level, _)| !self.levels.contains(level)) {
            Some((level, value)) => {
                let known: Vec<String> = self.levels.iter().map(Level::to_string).collect();
                let message = format!("`{}` has no level {level}", self.name);
                let known = known.iter().map(String::as_str);
                Err(Flaw::unknown(value.span(), message, &level.to_string(), known))
            }
            None if levels.is_empty() => {
                Err(Flaw::new(leaf.value.span(), "an empty list of levels", "choose at least one level"))
            }
            None => Ok(levels),
        }
    }

    /// Keeps the levels chosen, in the file's order.
    pub(super) fn choose(&mut self, chosen: &[Level]) {
        let (levels, patches) = (std::mem::take(&mut self.levels), std::mem::take(&mut self.patches));
        for (level, patch) in levels.into_iter().zip(patches) {
            if chosen.contains(&level) {
                self.patches.push(patch);
                self.levels.push(level.clone());
            }
            self.replaced.push(level);
        }
    }

    /// Whether a level is one of the file's or of those in its place.
    pub(super) fn knows(&self, level: &Level) -> bool {
        self.levels.iter().chain(&self.replaced).any(|l| l.same(level))
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
pub(super) fn check_not_swept(dimensions: &[Dimension], set: &Assignment) -> Result<(), Flaw> {
    let Some(axis) = dimensions.iter().find(|d| d.undoes(set).is_some()) else { return Ok(()) };
    let message = format!("the sweep over `{}` would undo this", axis.name);
    Err(Flaw::new(set.span(), message, format!("set `{}` itself: one level or a list", axis.name)))
}

/// Refuses a swept path that another axis also sets.
pub(super) fn check_sweeps(dimensions: &[Dimension]) -> Result<(), Flaw> {
    for (i, swept) in dimensions.iter().enumerate() {
        for (j, other) in dimensions.iter().enumerate().filter(|(j, _)| *j != i) {
            let Some(clash) = other.assignments().find(|a| swept.undoes(a).is_some()) else { continue };
            let (first, span) = match other.swept {
                true if j < i => continue,
                true if other.name == swept.name => {
                    let message = format!("`{}` is set twice", swept.name);
                    return Err(Flaw::new(clash.span(), message, "keep one of the two"));
                }
                true => (&swept.name, other.span.clone()),
                false => (&swept.name, clash.span()),
            };
            let message = format!("the axis `{first}` sweeps this already");
            return Err(Flaw::new(
                span,
                message,
                "a swept path belongs to one axis; take it out of the other",
            ));
        }
    }
    match dimensions.iter().enumerate().find(|(i, d)| dimensions[..*i].iter().any(|e| e.name == d.name)) {
        Some((_, twice)) => {
            let message = format!("two axes are called `{}`", twice.name);
            Err(Flaw::new(twice.span.clone(), message, "rename one of them"))
        }
        None => Ok(()),
    }
}

/// Refuses the name of an axis that would be mistaken for something else.
pub(super) fn check_axis_name(key: &Key) -> Result<(), Flaw> {
    check_word("axis", key)?;
    let name = key.get_ref().as_ref();
    if COLUMNS.contains(&name) || WHOLE.contains(&name) || METRICS.contains(&name) {
        return Err(Flaw::new(
            key.span(),
            format!("an axis cannot be called `{name}`"),
            "results have a column of that name",
        ));
    }
    Ok(())
}

/// Names are `[a-z0-9_]+`.
pub(super) fn check_word(kind: &str, key: &Key) -> Result<(), Flaw> {
    if is_word(key.get_ref()) {
        return Ok(());
    }
    let message = format!(
        "`{}` cannot be the name of a{} {kind}",
        key.get_ref(),
        if kind == "axis" { "n" } else { "" }
    );
    Err(Flaw::new(key.span(), message, "names are made of a-z, 0-9 and _"))
}

/// Whether a name is `[a-z0-9_]+`.
pub(super) fn is_word(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// The table in a value.
pub(super) fn table<'v, 't>(value: &'v Value<'t>, wanted: &str) -> Result<&'v Tree<'t>, Flaw> {
    let refuse = || Flaw::new(value.span(), format!("expected {wanted}, found {}", found(value)), "");
    value.get_ref().as_table().ok_or_else(refuse)
}

fn for_cell(assignment: Assignment<'_>) -> Result<Assignment<'_>, Flaw> {
    let key = assignment.first();
    match WHOLE.iter().find(|name| **name == key.get_ref().as_ref()) {
        None => Ok(assignment),
        Some(name) => {
            let message = format!("`{name}` belongs to the whole experiment: no axis can set it");
            Err(Flaw::new(key.span(), message, "set it at the top of the file, with --set or in [quick]"))
        }
    }
}
