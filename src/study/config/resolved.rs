//! The resolved config: TOML that says everything, and runs again.

use super::axes::{Dimension, in_order};
use super::claims::ClaimConfig;
use super::figures::FigureConfig;
use super::grammar::{Node, Shape, child, integer, root, shape};
use super::sections::Sections;
use super::tree::{Key, Tree, Value};
use super::undefined::Undefined;
use crate::lab::feedback::LABELS;
use serde::Serialize;
use toml::Table;
use toml::de::DeValue;

/// The text of an experiment: its base config with every default, then its
/// axes, its rules, its figures and its claims. Without `quick`, that patch is left out.
pub(super) fn write(
    base: &Tree,
    sections: &Sections,
    dimensions: &[Dimension],
    undefined: &[Undefined],
    (figures, claims): (&[FigureConfig], &[ClaimConfig]),
    quick: bool,
) -> String {
    let budget = |d: &Dimension| d.patches.iter().flatten().any(|a| a.path().eq(["feedback", "budget"]));
    let mut table = fill(root(), base);
    if let Some(toml::Value::Table(feedback)) = table.get_mut("feedback")
        && !feedback.contains_key("labels")
        && !feedback.contains_key("budget")
        && !dimensions.iter().any(budget)
    {
        let given = std::mem::take(feedback);
        feedback.insert("labels".to_owned(), LABELS.into());
        feedback.extend(given);
    }
    for (name, section) in sections.in_order() {
        let kept = match name {
            "sweep" => {
                let swept = dimensions.iter().filter(|d| d.swept);
                swept.map(|d| (d.name.clone(), value(&d.levels))).collect()
            }
            // Where levels were replaced, what [quick] names may be gone.
            "quick" if !quick || dimensions.iter().any(|d| d.replaced) => continue,
            "variants" => chosen(section, "variant", dimensions),
            "axes" => {
                let axes = section.iter().filter_map(|(key, value)| {
                    let (name, axis) = (key.get_ref().as_ref(), value.get_ref().as_table()?);
                    Some((name.to_owned(), chosen(axis, name, dimensions).into()))
                });
                axes.collect()
            }
            _ => plain_table(section),
        };
        table.insert(name.to_owned(), kept.into());
    }
    let rules: Vec<Undefined> = undefined.iter().filter_map(|rule| rule.left(dimensions)).collect();
    let claims: Vec<&ClaimConfig> = claims.iter().filter(|c| c.moot.is_none()).collect();
    let lists = [("undefined", value(&rules)), ("figures", value(figures)), ("claims", value(&claims))];
    for (name, list) in lists {
        if list.as_array().is_some_and(|list| !list.is_empty()) {
            table.insert(name.to_owned(), list);
        }
    }
    toml::to_string(&table).expect("tables of plain values")
}

/// The patches of an axis, or those of the levels that were chosen.
fn chosen(table: &Tree, name: &str, dimensions: &[Dimension]) -> Table {
    let mut patches = plain_table(table);
    if let Some(axis) = dimensions.iter().find(|d| d.name == name && d.replaced) {
        let kept = |name: &str| axis.levels.iter().any(|level| level.to_string() == name);
        patches.retain(|name, _| kept(name));
        patches.insert("base".to_owned(), kept("base").into());
    }
    patches
}

fn value<T: Serialize + ?Sized>(x: &T) -> toml::Value {
    toml::Value::try_from(x).expect("plain values")
}

/// A table with everything that has a default, in the order of the schema.
fn fill(node: Node<'_>, tree: &Tree) -> Table {
    let entry = |name: &str, node| match (tree.get(name), node) {
        (Some(value), Some(node)) => Some(fill_value(node, value.get_ref())),
        (Some(value), None) => Some(plain(value.get_ref())),
        (None, node) => default(node?),
    };
    let entries = |names: &mut dyn Iterator<Item = &str>| {
        names.filter_map(|name| Some((name.to_owned(), entry(name, child(node, name))?))).collect()
    };
    match shape(node) {
        Shape::Struct(properties) => entries(&mut properties.keys().map(String::as_str)),
        Shape::Map(_) | Shape::Choice(_) => entries(&mut tree.keys().map(|key| key.get_ref().as_ref())),
        Shape::Either { .. } | Shape::Leaf(_) => plain_table(tree),
    }
}

fn fill_value(node: Node<'_>, value: &DeValue<'_>) -> toml::Value {
    value.as_table().map_or_else(|| plain(value), |table| fill(node, table).into())
}

fn default(node: Node<'_>) -> Option<toml::Value> {
    match (&node["default"], shape(node)) {
        (serde_json::Value::Null, _) => None,
        (_, Shape::Struct(_)) => Some(fill(node, &Tree::new())).filter(|t| !t.is_empty()).map(Table::into),
        (default, _) => toml::Value::try_from(default).ok(),
    }
}

/// A table in the order it was written.
fn plain_table(table: &Tree) -> Table {
    let plain = |(key, value): (&Key, &Value)| (key.get_ref().to_string(), plain(value.get_ref()));
    in_order(table).into_iter().map(plain).collect()
}

fn plain(value: &DeValue<'_>) -> toml::Value {
    match value {
        DeValue::String(s) => s.to_string().into(),
        DeValue::Integer(i) => integer(i).unwrap_or(i64::MAX).into(),
        DeValue::Float(f) => f.as_str().parse::<f64>().unwrap_or(f64::NAN).into(),
        DeValue::Boolean(b) => (*b).into(),
        DeValue::Datetime(d) => (*d).into(),
        DeValue::Array(items) => toml::Value::Array(items.iter().map(|item| plain(item.get_ref())).collect()),
        DeValue::Table(table) => plain_table(table).into(),
    }
}
