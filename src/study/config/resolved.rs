//! The resolved config: TOML that says everything, and runs again.

use super::axes::Dimension;
use super::claims::ClaimConfig;
use super::figures::FigureConfig;
use super::grammar::{Node, Shape, enter, root, shape};
use super::leaderboard::LeaderboardConfig;
use super::methods;
use super::sections::Sections;
use super::tree::{Tree, Value, whole};
use super::undefined::Undefined;
use crate::lab::feedback::LABELS;
use serde::{Deserialize, Serialize};
use toml::Table;
use toml::de::ValueDeserializer;

/// The text of an experiment: its base config with every default, then its
/// axes, its rules, its figures and its claims. Without `quick`, that patch is left out.
pub(super) fn write(
    base: &Tree,
    sections: &Sections,
    dimensions: &[Dimension],
    undefined: &[Undefined],
    (figures, leaderboard, claims): (&[FigureConfig], &Option<LeaderboardConfig>, &[ClaimConfig]),
    quick: bool,
) -> String {
    let budget = |d: &Dimension| d.patches.iter().flatten().any(|a| a.path() == "feedback.budget");
    let Some(toml::Value::Table(mut table)) = fill(Some(root()), Some(&whole(base))) else {
        unreachable!("a config is a table")
    };
    if let Some(toml::Value::Table(feedback)) = table.get_mut("feedback")
        && !feedback.contains_key("labels")
        && !feedback.contains_key("budget")
        && !dimensions.iter().any(budget)
    {
        let given = std::mem::take(feedback);
        feedback.insert("labels".to_owned(), LABELS.into());
        feedback.extend(given);
    }
    let swept = dimensions.iter().filter(|d| d.swept);
    let swept: Table = swept.map(|d| (d.name.clone(), value(&d.levels))).collect();
    for (name, section) in sections.in_order() {
        let kept = match name {
            "sweep" => swept.clone(),
            // Where levels were replaced, what [quick] names may be gone.
            "leaderboard" => continue,
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
    if !swept.is_empty() {
        // Where the file has no sweep, `--set` made one.
        table.entry("sweep").or_insert(swept.into());
    }
    let (figures, board, claims) = methods::without(dimensions, (figures, leaderboard, claims));
    let claims: Vec<&ClaimConfig> = claims.iter().filter(|c| c.moot.is_none()).collect();
    if let Some(board) = board {
        table.insert("leaderboard".to_owned(), value(&board));
    }
    let lists = [("undefined", value(undefined)), ("figures", value(&figures)), ("claims", value(&claims))];
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
        if patches.is_empty() && !kept("base") {
            // Of methods that are not the file's: these are set up as its first level.
            return plain_table(table);
        }
        patches.insert("base".to_owned(), kept("base").into());
    }
    patches
}

fn value<T: Serialize + ?Sized>(x: &T) -> toml::Value {
    toml::Value::try_from(x).expect("plain values")
}

/// What stands at a node, with everything that has a default, in the order of the schema.
fn fill(node: Option<Node<'_>>, given: Option<&Value>) -> Option<toml::Value> {
    let tree = given.and_then(|value| value.get_ref().as_table());
    let inner = |name: &str| {
        let given = tree.and_then(|tree| tree.get(name));
        Some((name.to_owned(), fill(node.and_then(|node| enter(node, name)?.node), given)?))
    };
    let default = node.map(|node| &node["default"]).filter(|default| !default.is_null());
    match (node.map(shape), given) {
        (Some(Shape::Struct { keys, .. }), _) if tree.is_some() || (given.is_none() && default.is_some()) => {
            let table: Table = keys.keys().filter_map(|name| inner(name)).collect();
            (given.is_some() || !table.is_empty()).then(|| table.into())
        }
        (Some(Shape::Map(_) | Shape::Choice(_)), Some(_)) if let Some(tree) = tree => {
            Some(tree.keys().filter_map(|key| inner(key.get_ref())).collect::<Table>().into())
        }
        (_, Some(value)) => Some(plain(value)),
        (_, None) => default.and_then(|default| toml::Value::try_from(default).ok()),
    }
}

/// A value without the places where its parts were written.
fn plain(value: &Value) -> toml::Value {
    toml::Value::deserialize(ValueDeserializer::from(value.clone())).expect("numbers are checked")
}

fn plain_table(table: &Tree) -> Table {
    plain(&whole(table)).try_into().expect("a table")
}
