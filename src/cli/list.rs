//! `list`: what there is, read from the schema of the config, which is where
//! it is defined.

use super::arguments::Kind;
use super::{Stop, print};
use crate::config::Config;
use crate::experiments::experiments;
use serde_json::Value;
use std::fmt::Write as _;

pub(super) fn list(what: Option<Kind>) -> Result<(), Stop> {
    let kinds = [
        (Kind::Experiments, "experiments"),
        (Kind::Worlds, "worlds"),
        (Kind::Overseers, "overseers"),
        (Kind::RewardModels, "reward-models"),
        (Kind::Optimizers, "optimizers"),
        (Kind::Protocols, "protocols"),
    ];
    let mut text = String::new();
    for (kind, title) in kinds {
        if what.is_none_or(|w| w == kind) {
            let items = items(kind);
            let width = items.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
            let _ = writeln!(text, "{title}");
            for (name, about) in items {
                let _ = writeln!(text, "  {name:width$}  {about}");
            }
        }
    }
    print(&text)
}

fn items(kind: Kind) -> Vec<(String, String)> {
    let schema = schemars::schema_for!(Config);
    let schema = schema.as_value();
    match kind {
        Kind::Experiments => {
            experiments().into_iter().map(|(name, text)| (name.to_owned(), title(text))).collect()
        }
        Kind::Worlds => variants(schema, "WorldConfig"),
        Kind::RewardModels => variants(schema, "RewardModelConfig"),
        Kind::Optimizers => variants(schema, "OptimizerConfig"),
        Kind::Protocols => variants(schema, "Protocol"),
        // An overseer is put together from fields, not picked from a list.
        Kind::Overseers => fields(schema, "OverseerConfig"),
    }
}

/// Name and first sentence of every variant of a choice.
fn variants(schema: &Value, name: &str) -> Vec<(String, String)> {
    let choice = &schema["$defs"][name]["oneOf"];
    let variant = |v: &Value| {
        let name = v["const"].as_str().or_else(|| v["required"][0].as_str())?;
        Some((name.to_owned(), sentence(v)))
    };
    choice.as_array().into_iter().flatten().filter_map(variant).collect()
}

fn fields(schema: &Value, name: &str) -> Vec<(String, String)> {
    let properties = schema["$defs"][name]["properties"].as_object();
    properties.into_iter().flatten().map(|(field, v)| (field.clone(), sentence(v))).collect()
}

fn sentence(v: &Value) -> String {
    let text = v["description"].as_str().unwrap_or_default().replace('\n', " ");
    text.split_inclusive(". ").next().unwrap_or_default().trim().to_owned()
}

/// The `title` of a config.
fn title(text: &str) -> String {
    let table: Option<toml::Table> = toml::from_str(text).ok();
    table.and_then(|t| Some(t.get("title")?.as_str()?.to_owned())).unwrap_or_default()
}
