//! The JSON Schema of [`Config`], read as the grammar of what may be set.

use super::Config;
use super::tree::Value;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value as Json};
use std::sync::LazyLock;
use toml::de::{DeInteger, DeValue};

/// A node of the schema.
pub(in crate::study) type Node<'s> = &'s Json;

static ROOT: LazyLock<Json> = LazyLock::new(of::<Config>);

/// The schema of a type, in one piece.
pub(super) fn of<T: JsonSchema>() -> Json {
    let settings = SchemaSettings::draft07().with(|s| s.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

/// What may stand at a node.
pub(in crate::study) enum Shape<'s> {
    /// A table with these keys.
    Struct(&'s Map<String, Json>),
    /// A table with any keys, all of one kind.
    Map(Node<'s>),
    /// One of these, by name; without a node it has no settings.
    Choice(Vec<Variant<'s>>),
    /// A scalar or a table, as the writer likes.
    Either {
        /// The scalar.
        scalar: Node<'s>,
        /// The table.
        table: Node<'s>,
    },
    /// A scalar or a list.
    Leaf(Node<'s>),
}

/// One way to choose.
pub(in crate::study) struct Variant<'s> {
    pub(in crate::study) name: &'s str,
    /// What it sets, if it has settings.
    pub(in crate::study) node: Option<Node<'s>>,
    pub(in crate::study) about: Node<'s>,
}

/// The schema of a whole config.
pub(in crate::study) fn root() -> Node<'static> {
    &ROOT
}

/// The shape of a node.
pub(in crate::study) fn shape(node: Node<'_>) -> Shape<'_> {
    let node = given(node);
    if let Some(branches) = node["oneOf"].as_array() {
        return Shape::Choice(branches.iter().flat_map(variants).collect());
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
pub(in crate::study) fn other(node: Node<'_>) -> Option<Node<'_>> {
    Some(&given(node)["additionalProperties"]).filter(|other| other.is_object())
}

/// Whether a table must have this key.
pub(super) fn requires(node: Node<'_>, key: &str) -> bool {
    given(node)["required"].as_array().is_some_and(|required| required.iter().any(|name| name == key))
}

/// The `T` of an optional one.
pub(in crate::study) fn given(node: Node<'_>) -> Node<'_> {
    match alternatives(node).as_slice() {
        [only] if !std::ptr::eq(*only, node) => given(only),
        _ => node,
    }
}

fn alternatives(node: Node<'_>) -> Vec<Node<'_>> {
    match node["anyOf"].as_array() {
        Some(all) => all.iter().filter(|n| n["type"] != "null").collect(),
        None => vec![node],
    }
}

/// The variants that a branch of a choice stands for.
fn variants(branch: Node<'_>) -> Vec<Variant<'_>> {
    let about = &branch["description"];
    let tables = branch["properties"].as_object().into_iter().flatten();
    let texts = branch["enum"].as_array().into_iter().flatten().chain(branch.get("const"));
    let tables = tables.map(|(name, node)| Variant { name, node: Some(node), about });
    let texts = texts.filter_map(Json::as_str).map(|name| Variant { name, node: None, about });
    tables.chain(texts).collect()
}

/// The node of a key, or of a variant, in the table at a node.
pub(super) fn child<'s>(node: Node<'s>, key: &str) -> Option<Node<'s>> {
    match shape(node) {
        Shape::Struct(properties) => properties.get(key),
        Shape::Map(item) => Some(item),
        Shape::Choice(variants) => variants.iter().find(|v| v.name == key)?.node,
        Shape::Either { table, .. } => child(table, key),
        Shape::Leaf(_) => None,
    }
}

/// What is to be given at a path from a node, in words; empty where the schema says nothing.
pub(super) fn wanted(node: Node<'_>, path: &[&str]) -> String {
    let found = path.iter().try_fold(node, |node, key| child(node, key));
    let Some(node) = found else { return String::new() };
    let about = node["description"].as_str().unwrap_or("").replace('\n', " ");
    let choice = match shape(node) {
        Shape::Choice(variants) => {
            let names: Vec<&str> = variants.iter().map(|v| v.name).collect();
            format!("one of {}", names.join(", "))
        }
        Shape::Struct(_) | Shape::Map(_) | Shape::Either { .. } | Shape::Leaf(_) => String::new(),
    };
    let words = [about.trim_end_matches('.'), &choice];
    words.into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join(": ")
}

/// The integer, if it fits.
pub(super) fn integer(i: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(i.as_str(), i.radix()).ok()
}

/// What is there, in words.
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
