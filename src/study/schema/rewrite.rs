//! Settings as a file may write them.

use crate::study::config::{Shape, Variant, settings, shape};
use serde_json::{Map, Value, json};

/// How settings are given.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Dialect {
    /// In the body of a file.
    File,
    /// In a patch, where an empty table resets a setting; the quick one may also give a swept
    /// setting new levels.
    Patch,
    /// In `[sweep]`: a list of levels for each setting.
    Sweep,
}

/// A node of the grammar, as it may be written in a dialect; `None` for what cannot stand
/// there: no list can be swept.
pub(super) fn rewrite(node: &'static Value, dialect: Dialect) -> Option<Value> {
    let written = match shape(node) {
        Shape::Struct { keys, rest } => {
            let each = keys.iter().filter_map(|(k, v)| Some((k.clone(), rewrite(v, dialect)?)));
            let mut written = table(each.collect());
            if let Some(rest) = rest {
                written["additionalProperties"] = rewrite(rest, dialect)?;
            }
            written
        }
        Shape::Map(item) => {
            let item = rewrite(item, dialect)?;
            json!({ "type": "object", "patternProperties": { "\\.": true }, "additionalProperties": item })
        }
        Shape::Choice(variants) => choice(&variants, dialect),
        Shape::Either { scalar, table } => {
            json!({ "anyOf": [rewrite(scalar, dialect)?, rewrite(table, dialect)?] })
        }
        Shape::Leaf(leaf) => match dialect {
            Dialect::File => plain(leaf),
            Dialect::Patch => match scalar(leaf) {
                Some(scalar) => json!({ "anyOf": [plain(leaf), list_of(scalar), empty()] }),
                None => json!({ "anyOf": [plain(leaf), empty()] }),
            },
            Dialect::Sweep => list_of(scalar(leaf)?),
        },
    };
    Some(described(written, node, dialect))
}

/// Every setting under a node of a sweep, by its dotted path, `*` for a free name, with its levels.
pub(super) fn paths(node: &Value, path: &str, all: &mut Vec<(String, Value)>) {
    let dot = if path.is_empty() { "" } else { "." };
    for written in node["anyOf"].as_array().unwrap_or(&vec![node.clone()]) {
        if written["type"] == "array" {
            all.push((path.to_owned(), described(written.clone(), node, Dialect::Sweep)));
        }
        for (name, inner) in written["properties"].as_object().into_iter().flatten() {
            paths(inner, &format!("{path}{dot}{name}"), all);
        }
        let of_chosen = written["patternProperties"].as_object().into_iter().flatten();
        for names in of_chosen.filter_map(|(name, _)| name.strip_prefix('^')?.strip_suffix('$')) {
            all.push((format!("{path}{dot}{names}"), json!({ "type": "array" })));
        }
        if written["additionalProperties"].is_object() {
            paths(&written["additionalProperties"], &format!("{path}{dot}*"), all);
        }
    }
}

fn described(mut written: Value, node: &Value, dialect: Dialect) -> Value {
    for key in ["description", "default"] {
        if let Some(said) = node.get(key).filter(|_| dialect != Dialect::Sweep || key != "default") {
            written[key] = said.clone();
        }
    }
    written
}

/// A table with these keys; a quoted path may begin with any of them.
fn table(properties: Map<String, Value>) -> Value {
    let names: Vec<&str> = properties.keys().map(String::as_str).collect();
    let dotted = format!("^({})\\.", names.join("|"));
    json!({
        "type": "object",
        "properties": properties,
        "patternProperties": { dotted: true },
        "additionalProperties": false,
    })
}

/// A choice: a text that names a variant with its defaults, or a table.
fn choice(variants: &[Variant<'static>], dialect: Dialect) -> Value {
    let named = |v: &Variant| match v.about.is_null() {
        true => json!({ "const": v.name }),
        false => json!({ "const": v.name, "description": v.about }),
    };
    let text = json!({ "oneOf": variants.iter().map(named).collect::<Vec<_>>() });
    let tables = variants.iter().filter_map(|v| {
        let mut written = v.node.map_or_else(|| Some(empty()), |node| rewrite(node, dialect))?;
        written["description"] = v.about.clone();
        Some((v.name.to_owned(), written))
    });
    let mut table = table(tables.collect());
    // A key of whichever variant is chosen; not proposed, since it need not have it.
    let names: Vec<&str> = settings(variants).map(|(name, _)| name).collect();
    if !names.is_empty() {
        table["patternProperties"][format!("^({})$", names.join("|"))] = true.into();
    }
    match dialect {
        Dialect::File => json!({ "anyOf": [text, table] }),
        Dialect::Patch => json!({ "anyOf": [text, table, list_of(text)] }),
        Dialect::Sweep => json!({ "anyOf": [list_of(text), table] }),
    }
}

/// A scalar or a list, as it stands in a file.
fn plain(leaf: &'static Value) -> Value {
    let mut plain = leaf.clone();
    let Some(fields) = plain.as_object_mut() else { return plain };
    fields.retain(|key, _| key != "description" && key != "default");
    // Tables in a list are written as they are anywhere.
    if leaf["items"]["type"] == "object" {
        plain["items"] = rewrite(&leaf["items"], Dialect::File).expect("a table");
    }
    plain
}

/// What is no list of it.
fn scalar(leaf: &'static Value) -> Option<Value> {
    let plain = plain(leaf);
    let alternatives = plain["anyOf"].as_array().cloned().unwrap_or_else(|| vec![plain.clone()]);
    let scalars: Vec<Value> = alternatives.into_iter().filter(|n| n["type"] != "array").collect();
    match &scalars[..] {
        [] => None,
        [only] => Some(only.clone()),
        _ => Some(json!({ "anyOf": scalars })),
    }
}

pub(super) fn list_of(item: Value) -> Value {
    json!({ "type": "array", "items": item, "minItems": 1 })
}

/// A level of an axis.
pub(super) fn level() -> Value {
    json!({ "type": ["string", "number", "boolean"] })
}

/// A table without settings.
fn empty() -> Value {
    json!({ "type": "object", "maxProperties": 0 })
}
