//! `list`: what there is, read from the schema of the config, which is where
//! it is defined.

use super::arguments::Kind;
use super::{Stop, print};
use crate::lab::measure::METRICS;
use crate::lab::world::gridworlds;
use crate::numerics::stats::Discrimination;
use crate::study::config::Config;
use crate::study::experiments::experiments;
use crate::study::results::definition;
use serde_json::Value;
use std::fmt::Write as _;

pub(super) fn list(what: Option<Kind>) -> Result<(), Stop> {
    let kinds = [
        (Kind::Experiments, "experiments"),
        (Kind::Worlds, "worlds"),
        (Kind::Maps, "maps"),
        (Kind::Overseers, "overseers"),
        (Kind::RewardModels, "reward-models"),
        (Kind::Optimizers, "optimizers"),
        (Kind::Protocols, "protocols"),
        (Kind::Metrics, "metrics"),
    ];
    let mut text = String::new();
    for (kind, title) in kinds {
        if what.is_none_or(|w| w == kind) {
            let mut items = items(kind);
            // The whole list shows one level; a list of one kind all of them.
            items.retain(|item| what.is_some() || item.depth == 0);
            let width =
                items.iter().map(|item| 2 * item.depth + item.name.chars().count()).max().unwrap_or(0);
            let _ = writeln!(text, "{title}");
            for Item { depth, name, about } in items {
                let margin = "  ".repeat(depth);
                let _ = writeln!(text, "  {:width$}  {about}", format!("{margin}{name}"));
            }
        }
    }
    if what.is_none() {
        text += "\n`oversight list KIND` lists one kind with its settings and their defaults.\n";
    }
    print(&text)
}

struct Item {
    depth: usize,
    name: String,
    about: String,
}

fn items(kind: Kind) -> Vec<Item> {
    let schema = schemars::schema_for!(Config);
    let schema = schema.as_value();
    let flat = |(name, about): (&str, String)| Item { depth: 0, name: name.to_owned(), about };
    let mut items = Vec::new();
    match kind {
        Kind::Experiments => {
            return experiments().into_iter().map(|(name, text)| flat((name, title(text)))).collect();
        }
        Kind::Maps => {
            return gridworlds().into_iter().map(|(name, text)| flat((name, remark(text)))).collect();
        }
        Kind::Metrics => {
            let all = METRICS.into_iter().chain(["feature.NAME", "weight.NAME"]);
            let columns = all.map(|name| flat((name, definition(name).unwrap_or_default())));
            let over_seeds = Discrimination::ALL.map(|of| Item {
                depth: 0,
                name: format!("{}NAME", of.prefix()),
                about: of.definition("NAME"),
            });
            return columns.chain(over_seeds).collect();
        }
        Kind::Worlds => describe(schema, &schema["$defs"]["WorldConfig"], 0, &mut items),
        Kind::RewardModels => describe(schema, &schema["$defs"]["RewardModelConfig"], 0, &mut items),
        Kind::Optimizers => describe(schema, &schema["$defs"]["OptimizerConfig"], 0, &mut items),
        Kind::Protocols => describe(schema, &schema["$defs"]["Protocol"], 0, &mut items),
        // An overseer is put together from settings, not picked from a list.
        Kind::Overseers => describe(schema, &schema["$defs"]["OverseerConfig"], 0, &mut items),
    }
    items
}

/// Lists what a part of the schema consists of: the variants of a choice, the
/// settings of a table, what they consist of in turn.
fn describe(schema: &Value, node: &Value, depth: usize, items: &mut Vec<Item>) {
    let node = resolve(schema, node);
    if let Some(variants) = node["oneOf"].as_array() {
        for variant in variants {
            let Some(name) = variant["const"].as_str().or_else(|| variant["required"][0].as_str()) else {
                continue;
            };
            items.push(Item { depth, name: name.to_owned(), about: about(variant) });
            describe(schema, &variant["properties"][name], depth + 1, items);
        }
    }
    for (name, setting) in node["properties"].as_object().into_iter().flatten() {
        let default = match resolve(schema, setting) {
            // A table's defaults are those of its own settings.
            table if table["properties"].is_object() => String::new(),
            _ if setting["default"].is_null() => String::new(),
            _ => format!(" [{}]", setting["default"].to_string().replace('"', "")),
        };
        items.push(Item { depth, name: name.clone(), about: about(setting) + &default });
        describe(schema, setting, depth + 1, items);
    }
    if node["additionalProperties"].is_object() && node["properties"].is_null() {
        describe(schema, &node["additionalProperties"], depth, items);
    }
}

/// What a node of the schema refers to, `null` set aside.
fn resolve<'a>(schema: &'a Value, node: &'a Value) -> &'a Value {
    if let Some(name) = node["$ref"].as_str().and_then(|r| r.strip_prefix("#/$defs/")) {
        return resolve(schema, &schema["$defs"][name]);
    }
    match node["anyOf"].as_array() {
        Some(any) => any.iter().find(|n| n["type"] != "null").map_or(node, |n| resolve(schema, n)),
        None => node,
    }
}

fn about(v: &Value) -> String {
    v["description"].as_str().unwrap_or_default().replace('\n', " ")
}

/// The comment that a map opens with.
fn remark(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix("# "));
    lines.collect::<Vec<_>>().join(" ")
}

/// The `title` of a config.
fn title(text: &str) -> String {
    let table: Option<toml::Table> = toml::from_str(text).ok();
    table.and_then(|t| Some(t.get("title")?.as_str()?.to_owned())).unwrap_or_default()
}
