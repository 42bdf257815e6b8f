//! The JSON Schema of [`Config`], read as the grammar of what may be set.

use super::tree::{Key, Value};
use super::{Config, ConfigError};
use crate::numerics::error::Kind;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value as Json};
use std::fmt::Display;
use std::sync::LazyLock;
use toml::de::DeValue;

/// A node of the schema.
pub(in crate::study) type Node<'s> = &'s Json;

static ROOT: LazyLock<Json> = LazyLock::new(of::<Config>);

/// The schema of a type, in one piece. TOML has no null: of an optional type it is that of the type.
pub(super) fn of<T: JsonSchema>() -> Json {
    let settings = SchemaSettings::draft07().with(|s| s.inline_subschemas = true);
    let settings = settings.with_transform(RecursiveTransform(without_null));
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

fn without_null(schema: &mut Schema) {
    if let Some(Json::Array(types)) = schema.get_mut("type") {
        types.retain(|t| t != "null");
        if let [only] = &types[..] {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Json::Array(any)) = schema.get_mut("anyOf") {
        any.retain(|node| node["type"] != "null");
        if let [Json::Object(only)] = &any[..] {
            // What is said where a type is used goes before what is said of the type.
            let of_type = only.clone();
            schema.remove("anyOf");
            let said = std::mem::replace(schema, of_type.into());
            schema.ensure_object().extend(said.as_object().cloned().unwrap_or_default());
        }
    }
}

/// What may stand at a node.
pub(in crate::study) enum Shape<'s> {
    /// A table with these keys, and any others if there is a node for the rest.
    Struct { keys: &'s Map<String, Json>, rest: Option<Node<'s>> },
    /// A table with any keys, all of one kind.
    Map(Node<'s>),
    /// One of these, by name.
    Choice(Vec<Variant<'s>>),
    /// A scalar or a table, as the writer likes.
    Either { scalar: Node<'s>, table: Node<'s> },
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
    if let Some(branches) = node["oneOf"].as_array() {
        return Shape::Choice(branches.iter().flat_map(variants).collect());
    }
    if let Some([scalar, table]) = node["anyOf"].as_array().map(Vec::as_slice)
        && table["type"] == "object"
    {
        return Shape::Either { scalar, table };
    }
    let rest = Some(&node["additionalProperties"]).filter(|rest| rest.is_object());
    match (node["properties"].as_object(), rest) {
        (Some(keys), rest) => Shape::Struct { keys, rest },
        (None, Some(item)) => Shape::Map(item),
        (None, None) => Shape::Leaf(node),
    }
}

/// The settings of all variants of a choice.
pub(in crate::study) fn settings<'s>(variants: &[Variant<'s>]) -> impl Iterator<Item = (&'s str, Node<'s>)> {
    let keys = variants.iter().filter_map(|variant| variant.node?["properties"].as_object());
    keys.flatten().map(|(name, node)| (name.as_str(), node))
}

/// The variants that a branch of a choice stands for.
fn variants(branch: Node<'_>) -> impl Iterator<Item = Variant<'_>> {
    let about = &branch["description"];
    let tables = branch["properties"].as_object().into_iter().flatten();
    let texts = branch["enum"].as_array().into_iter().flatten().chain(branch.get("const"));
    let tables = tables.map(move |(name, node)| Variant { name, node: Some(node), about });
    tables.chain(texts.filter_map(Json::as_str).map(move |name| Variant { name, node: None, about }))
}

/// Where a key leads from a node.
pub(super) struct Place<'s> {
    pub(super) role: Role,
    /// `None` behind a variant that has no settings.
    pub(super) node: Option<Node<'s>>,
    /// Whether something must be there.
    pub(super) must: bool,
}

/// What a key stands for.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Role {
    /// A key of a table with fixed keys, or a scalar under a free key.
    Field,
    /// The name of a table under a free key: a feature.
    Entry,
    /// The name of a variant.
    Variant,
    /// A key of whichever variant is chosen.
    OfChosen,
}

/// Where a key leads from a node, if it can stand there.
pub(super) fn enter<'s>(node: Node<'s>, key: &str) -> Option<Place<'s>> {
    let (role, node, must) = match shape(node) {
        Shape::Struct { keys, rest } => {
            let required = node["required"].as_array().into_iter().flatten();
            (Role::Field, Some(keys.get(key).or(rest)?), required.into_iter().any(|name| name == key))
        }
        Shape::Map(item) => match shape(item) {
            Shape::Struct { .. } => (Role::Entry, Some(item), true),
            Shape::Map(_) | Shape::Choice(_) | Shape::Either { .. } | Shape::Leaf(_) => {
                (Role::Field, Some(item), false)
            }
        },
        Shape::Choice(variants) => match variants.iter().find(|v| v.name == key) {
            Some(variant) => (Role::Variant, variant.node, true),
            None => (Role::OfChosen, Some(settings(&variants).find(|(name, _)| *name == key)?.1), false),
        },
        Shape::Either { table, .. } => return enter(table, key),
        Shape::Leaf(_) => return None,
    };
    Some(Place { role, node, must })
}

/// Whether a list may stand at a path; so may anything at one that leads nowhere.
pub(super) fn takes_list(path: &[Key]) -> bool {
    let node = path.iter().try_fold(root(), |node, key| enter(node, key.get_ref())?.node);
    let is_list = |node: Node| node["type"] == "array";
    let either = |node: Node| node["anyOf"].as_array().is_some_and(|any| any.iter().any(is_list));
    node.is_none_or(|node| is_list(node) || either(node))
}

/// What is to be given at a path from a node, in words; empty where the schema says nothing.
pub(super) fn wanted(node: Node<'_>, path: &[&str]) -> String {
    let Some(node) = path.iter().try_fold(node, |node, key| enter(node, key)?.node) else {
        return String::new();
    };
    let about = node["description"].as_str().unwrap_or("").replace('\n', " ");
    let about = about.trim_end_matches('.');
    let Shape::Choice(variants) = shape(node) else { return about.to_owned() };
    let names = variants.iter().map(|v| v.name).collect::<Vec<_>>().join(", ");
    format!("{about}{}one of {names}", if about.is_empty() { "" } else { ": " })
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

/// Something else than what is there is wanted.
pub(super) fn expected(wanted: &str, value: &Value, help: impl Display) -> ConfigError {
    let message = format!("expected {wanted}, found {}", found(value));
    ConfigError::at(value.span(), message, help).of_kind(Kind::Type)
}
