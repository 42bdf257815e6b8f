//! The JSON Schema of [`Config`], read as the grammar of what may be set.

use super::Config;
use super::source::Flaw;
use super::tree::{Tree, Value};
use serde_json::{Map, Value as Json};
use std::sync::LazyLock;
use toml::de::{DeInteger, DeValue};

/// A node of the schema.
pub(super) type Node = &'static Json;

static ROOT: LazyLock<Json> = LazyLock::new(|| schemars::schema_for!(Config).to_value());

/// What may stand at a node.
pub(super) enum Shape {
    /// A table with these keys.
    Struct(&'static Map<String, Json>),
    /// A table with any keys, all of one kind.
    Map(Node),
    /// One of these, by name; without a node it has no settings.
    Choice(Vec<(&'static str, Option<Node>)>),
    /// A scalar or a table, as the writer likes.
    Either {
        /// The scalar.
        scalar: Node,
        /// The table.
        table: Node,
    },
    /// A scalar or a list.
    Leaf(Node),
}

/// The schema of a whole config.
pub(super) fn root() -> Node {
    &ROOT
}

/// The shape of a node.
pub(super) fn shape(node: Node) -> Shape {
    let node = resolve(node);
    if let Some(variants) = node["oneOf"].as_array() {
        return Shape::Choice(variants.iter().flat_map(names).collect());
    }
    if let [scalar, table] = alternatives(node)[..]
        && table["type"] == "object"
    {
        return Shape::Either { scalar, table };
    }
    match (node["properties"].as_object(), &node["additionalProperties"]) {
        (Some(properties), _) => Shape::Struct(properties),
        (None, item @ Json::Object(_)) => Shape::Map(item),
        _ => Shape::Leaf(node),
    }
}

/// What may stand under the other keys of a table with some fixed ones.
pub(super) fn other(node: Node) -> Option<Node> {
    Some(&resolve(node)["additionalProperties"]).filter(|other| other.is_object())
}

/// The keys that a table must have.
pub(super) fn required(node: Node) -> impl Iterator<Item = &'static str> {
    resolve(node)["required"].as_array().into_iter().flatten().filter_map(Json::as_str)
}

/// Follows references, and takes the `T` of an optional one.
fn resolve(node: Node) -> Node {
    if let Some(name) = node["$ref"].as_str().and_then(|r| r.strip_prefix("#/$defs/")) {
        return resolve(&ROOT["$defs"][name]);
    }
    match alternatives(node).as_slice() {
        [only] if !std::ptr::eq(*only, node) => resolve(only),
        _ => node,
    }
}

fn alternatives(node: Node) -> Vec<Node> {
    match node["anyOf"].as_array() {
        Some(all) => all.iter().filter(|n| n["type"] != "null").collect(),
        None => vec![node],
    }
}

/// The names a branch of a choice stands for.
fn names(branch: Node) -> Vec<(&'static str, Option<Node>)> {
    match branch["properties"].as_object() {
        Some(properties) => properties.iter().map(|(name, node)| (name.as_str(), Some(node))).collect(),
        None => {
            let listed = branch["enum"].as_array().into_iter().flatten();
            listed.chain(branch.get("const")).filter_map(Json::as_str).map(|name| (name, None)).collect()
        }
    }
}

/// Checks that a value is of the kind a leaf wants; ranges are left to the types.
pub(super) fn check_kind(node: Node, value: &Value) -> Result<(), Flaw> {
    let all = alternatives(resolve(node));
    let list = all.iter().find(|n| types(n).any(|t| t == "array"));
    if let (DeValue::Array(items), Some(list)) = (value.get_ref(), list) {
        return items.iter().try_for_each(|item| check_kind(&list["items"], item));
    }
    let kinds: Vec<&str> = all.iter().flat_map(|n| types(n)).collect();
    match value.get_ref() {
        DeValue::Table(table) if kinds.contains(&"object") => check_table(node, table, value),
        DeValue::Integer(i) if kinds.iter().any(|k| ["integer", "number"].contains(k)) => {
            let unsigned = all.iter().any(|n| n["format"] == "uint32");
            match whole(i) {
                Some(x) if !unsigned || u32::try_from(x).is_ok() => Ok(()),
                _ if unsigned => {
                    let message =
                        format!("{i} is out of range: this must be a whole number from 0 to {}", u32::MAX);
                    Err(Flaw::new(value.span(), message, ""))
                }
                _ => Err(Flaw::new(value.span(), format!("{i} is too large"), "")),
            }
        }
        DeValue::Float(f) if kinds.contains(&"number") => match f.as_str().parse::<f64>() {
            Ok(x) if x.is_infinite() && !f.as_str().contains("inf") => {
                Err(Flaw::new(value.span(), format!("{f} is too large"), "for infinity write inf"))
            }
            _ => Ok(()),
        },
        DeValue::String(_) if kinds.contains(&"string") => Ok(()),
        DeValue::Boolean(_) if kinds.contains(&"boolean") => Ok(()),
        _ => Err(Flaw::new(value.span(), format!("expected {}, found {}", wanted(node), found(value)), "")),
    }
}

/// Checks a table in a list, which no patch can take apart.
fn check_table(node: Node, table: &Tree, value: &Value) -> Result<(), Flaw> {
    let properties = match shape(node) {
        Shape::Struct(properties) => properties,
        Shape::Map(item) => return table.values().try_for_each(|value| check_kind(item, value)),
        _ => return Ok(()),
    };
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        let Some(node) = properties.get(name) else {
            let known = properties.keys().map(String::as_str);
            return Err(Flaw::unknown(key.span(), format!("there is no key `{name}` here"), name, known));
        };
        check_kind(node, value)?;
    }
    match required(node).find(|name| !table.contains_key(*name)) {
        None => Ok(()),
        Some(name) => Err(Flaw::new(value.span(), format!("`{name}` is missing"), wanted(&properties[name]))),
    }
}

/// The integer, if it fits.
pub(super) fn whole(i: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(i.as_str(), i.radix()).ok()
}

fn types(node: Node) -> impl Iterator<Item = &'static str> {
    let one = node["type"].as_str();
    one.into_iter().chain(node["type"].as_array().into_iter().flatten().filter_map(Json::as_str))
}

/// What may stand at a node, in words.
pub(super) fn wanted(node: Node) -> String {
    match shape(node) {
        Shape::Struct(_) | Shape::Map(_) => "a table".to_owned(),
        Shape::Choice(variants) => {
            let names: Vec<&str> = variants.iter().map(|(name, _)| *name).collect();
            format!("one of {}", names.join(", "))
        }
        Shape::Either { scalar, .. } => format!("{} or a table", wanted(scalar)),
        Shape::Leaf(leaf) => {
            let words = |n: Node| {
                types(n).filter(|t| *t != "null").map(|t| word(t, n)).collect::<Vec<_>>().join(" or ")
            };
            alternatives(leaf).into_iter().map(words).collect::<Vec<_>>().join(" or ")
        }
    }
}

fn word(kind: &str, node: Node) -> String {
    match kind {
        "integer" => "a whole number".to_owned(),
        "number" => "a number".to_owned(),
        "string" => "text".to_owned(),
        "boolean" => "true or false".to_owned(),
        "array" => match wanted(&node["items"]).strip_prefix("a ") {
            Some(item) => format!("a list of {item}s"),
            None => "a list of texts".to_owned(),
        },
        _ => "a table".to_owned(),
    }
}

/// What is there instead, in words.
pub(super) fn found(value: &Value) -> String {
    match value.get_ref() {
        DeValue::String(s) if s.chars().count() > 40 => {
            format!("the text {:?}…", s.chars().take(40).collect::<String>())
        }
        DeValue::String(s) => format!("the text {s:?}"),
        DeValue::Integer(i) => format!("the whole number {i}"),
        DeValue::Float(f) => format!("the number {f}"),
        DeValue::Boolean(b) => b.to_string(),
        DeValue::Datetime(_) => "a date or time".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
