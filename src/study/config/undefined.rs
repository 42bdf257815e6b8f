//! `[[undefined]]`: cells that make no sense.

use super::axes::{Dimension, table};
use super::level::Level;
use super::schema::found;
use super::source::{Flaw, Span};
use super::tree::{Key, Value, dotted, flatten, path_span};
use toml::de::DeValue;

/// A rule that leaves out cells.
pub(super) struct Undefined {
    /// Axis, by index, and the levels meant; all must apply.
    pub(super) pins: Vec<(usize, Vec<Level>)>,
    pub(super) because: String,
    /// Where its `where` was written.
    pub(super) span: Span,
}

impl Undefined {
    /// Reads one rule.
    pub(super) fn read(value: &Value, dimensions: &[Dimension]) -> Result<Self, Flaw> {
        let rule = table(value, "a table with where and because")?;
        let known = ["where", "because"];
        if let Some(key) = rule.keys().find(|key| !known.contains(&key.get_ref().as_ref())) {
            let message = format!("`undefined` has no key `{}`", key.get_ref());
            return Err(Flaw::unknown(key.span(), message, key.get_ref(), known));
        }
        let missing = |name: &str| {
            Flaw::new(
                value.span(),
                format!("`{name}` is missing"),
                "where = { axis = level, … } and because = \"…\"",
            )
        };
        let (key, at) = rule.get_key_value("where").ok_or_else(|| missing("where"))?;
        let because = match rule.get("because").map(|b| (b.get_ref(), b)) {
            None => return Err(missing("because")),
            Some((DeValue::String(because), _)) => because.to_string(),
            Some((_, other)) => {
                return Err(Flaw::new(other.span(), format!("expected text, found {}", found(other)), ""));
            }
        };
        let mut pins = Vec::new();
        for leaf in flatten(table(at, "a table of axes and levels")?) {
            let index = find_axis(&leaf.path, dimensions)?;
            let values = match leaf.value.get_ref() {
                DeValue::Array(values) => values,
                _ => std::slice::from_ref(&leaf.value),
            };
            pins.push((
                index,
                values.iter().map(|v| read_level(v, &dimensions[index])).collect::<Result<_, _>>()?,
            ));
        }
        if pins.is_empty() {
            return Err(Flaw::new(
                at.span(),
                "an empty `where` leaves out every cell",
                "name at least one axis",
            ));
        }
        Ok(Self { pins, because, span: key.span() })
    }

    /// Whether it leaves out the cell with these level indices.
    pub(super) fn applies(&self, dimensions: &[Dimension], cell: &[usize]) -> bool {
        self.pins.iter().all(|(axis, levels)| {
            let level = &dimensions[*axis].levels[cell[*axis]];
            levels.iter().any(|l| l.same(level))
        })
    }
}

fn find_axis(path: &[Key], dimensions: &[Dimension]) -> Result<usize, Flaw> {
    let name = dotted(path);
    let known = dimensions.iter().map(|d| d.name.as_str());
    let found = dimensions.iter().position(|d| d.name == name);
    found.ok_or_else(|| Flaw::unknown(path_span(path), format!("there is no axis `{name}`"), &name, known))
}

fn read_level(value: &Value, dimension: &Dimension) -> Result<Level, Flaw> {
    let level = Level::read(value)?;
    if dimension.knows(&level) {
        return Ok(level);
    }
    let known: Vec<String> = dimension.levels.iter().map(Level::to_string).collect();
    let message = format!("`{}` has no level {level}", dimension.name);
    Err(Flaw::unknown(value.span(), message, &level.to_string(), known.iter().map(String::as_str)))
}
