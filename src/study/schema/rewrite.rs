//! Settings as a file may write them.

use serde_json::{Map, Value, json};

/// Where settings stand.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// The body of a file.
    File,
    /// A named patch: an empty table resets a setting.
    Patch,
    /// The quick patch, which may also give a swept setting new levels.
    Quick,
    /// `[sweep]`: a list of levels for each setting.
    Sweep,
}

/// A node of the schema `derived` from the types, as it may be written at a
/// place; `None` for what cannot stand there: no list can be swept.
pub(super) fn rewrite(derived: &Value, node: &Value, place: Place) -> Option<Value> {
    let target = resolve(derived, node);
    let mut written = if let Some(variants) = target["oneOf"].as_array() {
        choice(derived, variants, place)
    } else if let Some([scalar, table]) = scalar_or_table(target) {
        let both = [rewrite(derived, scalar, place)?, rewrite(derived, table, place)?];
        json!({ "anyOf": both })
    } else if let Some(properties) = target["properties"].as_object() {
        let each = properties.iter().filter_map(|(k, v)| Some((k.clone(), rewrite(derived, v, place)?)));
        let mut written = table(each.collect());
        if target["additionalProperties"].is_object() {
            written["additionalProperties"] = rewrite(derived, &target["additionalProperties"], place)?;
        }
        written
    } else if target["additionalProperties"].is_object() {
        let item = rewrite(derived, &target["additionalProperties"], place)?;
        json!({ "type": "object", "patternProperties": { "\\.": true }, "additionalProperties": item })
    } else {
        leaf(derived, target, place)?
    };
    // What is said where the type is used goes before what is said of the type.
    for key in ["description", "default"] {
        if let Some(value) =
            node.get(key).or_else(|| target.get(key)).filter(|_| place != Place::Sweep || key != "default")
        {
            written[key] = value.clone();
        }
    }
    Some(written)
}

/// Every setting that can be swept, by its dotted path, `*` for a free name,
/// with its list of levels.
pub(super) fn paths(derived: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    collect(derived, derived, &mut Vec::new(), &mut all);
    all
}

fn collect(derived: &Value, node: &Value, path: &mut Vec<String>, all: &mut Vec<(String, Value)>) {
    let target = resolve(derived, node);
    let mut inside = |name: &str, node: &Value| {
        path.push(name.to_owned());
        collect(derived, node, path, all);
        path.pop();
    };
    if let Some(variants) = target["oneOf"].as_array() {
        let tables = variants.iter().filter_map(|v| v["properties"].as_object()).flatten();
        tables.for_each(|(name, node)| inside(name, node));
        let names: Vec<Value> = variants.iter().flat_map(names).map(|(name, _)| name.into()).collect();
        let levels = list_of(json!({ "enum": names }));
        all.push((path.join("."), described(levels, node, target)));
    } else if let Some([scalar, table]) = scalar_or_table(target) {
        for node in [scalar, table] {
            collect(derived, node, path, all);
        }
    } else if let Some(properties) = target["properties"].as_object() {
        properties.iter().for_each(|(name, node)| inside(name, node));
        if target["additionalProperties"].is_object() {
            inside("*", &target["additionalProperties"]);
        }
    } else if target["additionalProperties"].is_object() {
        inside("*", &target["additionalProperties"]);
    } else if let Some(levels) = leaf(derived, target, Place::Sweep).filter(|_| path.len() > 1) {
        all.push((path.join("."), described(levels, node, target)));
    }
}

fn described(mut written: Value, node: &Value, target: &Value) -> Value {
    if let Some(text) = node.get("description").or_else(|| target.get("description")) {
        written["description"] = text.clone();
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
fn choice(derived: &Value, variants: &[Value], place: Place) -> Value {
    let all: Vec<(&str, &Value)> = variants.iter().flat_map(names).collect();
    let consts: Vec<Value> = all
        .iter()
        .map(|(name, about)| match about.is_null() {
            true => json!({ "const": name }),
            false => json!({ "const": name, "description": about }),
        })
        .collect();
    let tables = all.iter().filter_map(|(name, about)| {
        let settings = variants.iter().find_map(|v| v["properties"].get(name));
        let mut written = match settings {
            Some(node) => rewrite(derived, node, place)?,
            None => empty(),
        };
        written["description"] = (*about).clone();
        Some(((*name).to_owned(), written))
    });
    let table = table(tables.collect());
    match place {
        Place::File | Place::Patch => json!({ "anyOf": [{ "oneOf": consts }, table] }),
        Place::Quick => json!({ "anyOf": [{ "oneOf": consts }, table, list_of(json!({ "oneOf": consts }))] }),
        Place::Sweep => json!({ "anyOf": [list_of(json!({ "oneOf": consts })), table] }),
    }
}

/// The names that a branch of a choice stands for, with what is said of them.
fn names(branch: &Value) -> Vec<(&str, &Value)> {
    let about = &branch["description"];
    let tables = branch["properties"].as_object().into_iter().flat_map(Map::keys).map(String::as_str);
    let texts = branch["enum"].as_array().into_iter().flatten().chain(branch.get("const"));
    tables.chain(texts.filter_map(Value::as_str)).map(|name| (name, about)).collect()
}

/// The two ways to write what may be a scalar or a table.
fn scalar_or_table(node: &Value) -> Option<[&Value; 2]> {
    let there: Vec<&Value> = node["anyOf"].as_array()?.iter().filter(|n| n["type"] != "null").collect();
    match there[..] {
        [scalar, table] if table["type"] == "object" => Some([scalar, table]),
        _ => None,
    }
}

/// A scalar or a list.
fn leaf(derived: &Value, node: &Value, place: Place) -> Option<Value> {
    let mut plain = node.clone();
    let fields = plain.as_object_mut()?;
    fields.retain(|key, _| !["description", "default", "format"].contains(&key.as_str()));
    if let Some(Value::Array(types)) = fields.get_mut("type") {
        types.retain(|t| t != "null");
        if let [there] = &types[..] {
            let there = there.clone();
            fields.insert("type".to_owned(), there);
        }
    }
    // Tables in a list are written as they are anywhere.
    if fields.get("items").is_some_and(|items| items.get("$ref").is_some()) {
        let item = rewrite(derived, &fields["items"], Place::File)?;
        fields.insert("items".to_owned(), item);
    }
    // Editors hand over `inf` as null; only what has no range may be infinite.
    if plain == json!({ "type": "number" }) {
        plain = json!({ "type": ["number", "null"] });
    }
    let scalar = match plain["anyOf"].as_array() {
        Some(alternatives) => {
            let scalars: Vec<&Value> = alternatives.iter().filter(|n| n["type"] != "array").collect();
            match scalars[..] {
                [] => None,
                [only] => Some(only.clone()),
                _ => Some(json!({ "anyOf": scalars })),
            }
        }
        None => Some(plain.clone()).filter(|n| n["type"] != "array"),
    };
    match place {
        Place::File => Some(plain),
        Place::Patch => Some(json!({ "anyOf": [plain, empty()] })),
        Place::Quick => Some(match scalar {
            Some(scalar) => json!({ "anyOf": [plain, list_of(scalar), empty()] }),
            None => json!({ "anyOf": [plain, empty()] }),
        }),
        Place::Sweep => scalar.map(list_of),
    }
}

fn list_of(item: Value) -> Value {
    json!({ "type": "array", "items": item, "minItems": 1 })
}

/// A table without settings.
fn empty() -> Value {
    json!({ "type": "object", "maxProperties": 0 })
}

/// Follows references, and takes the `T` of an optional one.
fn resolve<'a>(derived: &'a Value, node: &'a Value) -> &'a Value {
    if let Some(name) = node["$ref"].as_str().and_then(|r| r.strip_prefix("#/$defs/")) {
        return resolve(derived, &derived["$defs"][name]);
    }
    let there: Vec<&Value> =
        node["anyOf"].as_array().into_iter().flatten().filter(|n| n["type"] != "null").collect();
    match there[..] {
        [only] => resolve(derived, only),
        _ => node,
    }
}
