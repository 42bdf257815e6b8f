//! Settings as a file may write them.

use crate::study::config::written::{Shape, Variant, given, other, root, shape};
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
        Shape::Struct(properties) => {
            let each = properties.iter().filter_map(|(k, v)| Some((k.clone(), rewrite(v, dialect)?)));
            let mut written = table(each.collect());
            if let Some(rest) = other(node) {
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

/// Every setting that can be swept, by its dotted path, `*` for a free name, with its levels.
pub(super) fn paths() -> Vec<(String, Value)> {
    let mut all = Vec::new();
    collect(root(), "", &mut all);
    all
}

fn collect(node: &'static Value, path: &str, all: &mut Vec<(String, Value)>) {
    let mut inside = |name: &str, node| {
        let dot = if path.is_empty() { "" } else { "." };
        collect(node, &format!("{path}{dot}{name}"), all);
    };
    match shape(node) {
        Shape::Struct(properties) => {
            properties.iter().for_each(|(name, node)| inside(name, node));
            other(node).into_iter().for_each(|rest| inside("*", rest));
        }
        Shape::Map(item) => inside("*", item),
        Shape::Choice(variants) => {
            variants
                .iter()
                .filter_map(|v| Some((v.name, v.node?)))
                .for_each(|(name, node)| inside(name, node));
            let names = variants.iter().map(|v| v.name).collect::<Vec<_>>();
            let levels = list_of(json!({ "enum": names }));
            all.push((path.to_owned(), described(levels, node, Dialect::Sweep)));
        }
        Shape::Either { scalar, table } => {
            [scalar, table].into_iter().for_each(|node| collect(node, path, all))
        }
        Shape::Leaf(leaf) => {
            if let Some(scalar) = scalar(leaf).filter(|_| path.contains('.')) {
                all.push((path.to_owned(), described(list_of(scalar), node, Dialect::Sweep)));
            }
        }
    }
}

/// What is said where a type is used goes before what is said of the type.
fn described(mut written: Value, node: &'static Value, dialect: Dialect) -> Value {
    for key in ["description", "default"] {
        let said = node.get(key).or_else(|| given(node).get(key));
        if let Some(said) = said.filter(|_| dialect != Dialect::Sweep || key != "default") {
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
    let table = table(tables.collect());
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
    fields.retain(|key, _| !["description", "default", "format"].contains(&key.as_str()));
    if let Some(Value::Array(types)) = fields.get_mut("type") {
        types.retain(|t| t != "null");
        if let [only] = &types[..] {
            fields["type"] = only.clone();
        }
    }
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
