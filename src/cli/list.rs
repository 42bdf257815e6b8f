//! `list`: what there is, read from the schema of the config, which is where
//! it is defined.

use super::arguments::Kind;
use super::results::aligned;
use super::{Stop, print};
use crate::lab::measure::METRICS;
use crate::lab::world::gridworlds;
use crate::numerics::stats::Discrimination;
use crate::study::config::Config;
use crate::study::experiments::{experiments, said};
use crate::study::results::definition;
use crate::study::schema::schema;
use clap::ValueEnum;
use serde_json::Value;

pub(super) fn list(what: Option<Kind>) -> Result<(), Stop> {
    let mut text = String::new();
    for kind in Kind::value_variants().iter().filter(|kind| what.is_none_or(|w| w == **kind)) {
        let mut items = items(*kind);
        // The whole list shows one level; a list of one kind all of them.
        items.retain(|item| what.is_some() || item.depth == 0);
        let line = |item: Item| vec!["  ".repeat(item.depth + 1) + &item.name, item.about];
        let title = kind.to_possible_value().expect("none is hidden");
        text += &format!("{}\n", title.get_name());
        text += &aligned(&items.into_iter().map(line).collect::<Vec<_>>(), 2);
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
    let flat = |name: &str, about: String| Item { depth: 0, name: name.to_owned(), about };
    let named = |part: &str| described(&schemars::schema_for!(Config).to_value(), &format!("/$defs/{part}"));
    let listed = |part: &str| described(&schema(), &format!("/properties/{part}/items"));
    match kind {
        Kind::Experiments => {
            experiments().into_iter().map(|(name, text)| flat(name, said(text, "title"))).collect()
        }
        Kind::Maps => gridworlds().into_iter().map(|(name, text)| flat(name, remark(text))).collect(),
        Kind::Metrics => {
            let all = METRICS.into_iter().chain(["feature.NAME", "weight.NAME"]);
            let columns = all.map(|name| flat(name, definition(name).unwrap_or_default()));
            let over_seeds = Discrimination::ALL.map(|of| (of.prefix().to_owned() + "NAME", of));
            columns.chain(over_seeds.map(|(name, of)| flat(&name, of.definition("NAME")))).collect()
        }
        Kind::Worlds => named("WorldConfig"),
        Kind::RewardModels => named("RewardModelConfig"),
        Kind::Optimizers => named("OptimizerConfig"),
        Kind::Inputs => named("Inputs"),
        Kind::Protocols => named("Protocol"),
        Kind::Feedback => named("Feedback"),
        // An overseer is put together from settings, not picked from a list.
        Kind::Overseers => named("OverseerConfig"),
        Kind::Figures => listed("figures"),
        Kind::Claims => listed("claims"),
    }
}

fn described(schema: &Value, part: &str) -> Vec<Item> {
    let mut items = Vec::new();
    describe(schema, schema.pointer(part).unwrap_or(&Value::Null), 0, &mut items);
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
        let choices = setting["enum"].as_array().map_or_else(String::new, |all| {
            format!(" {}.", all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "))
        });
        items.push(Item { depth, name: name.clone(), about: about(setting) + &choices + &default });
        describe(schema, setting, depth + 1, items);
    }
    if node["additionalProperties"].is_object() && node["properties"].is_null() {
        describe(schema, &node["additionalProperties"], depth, items);
    }
}

/// What a node of the schema refers to, `null` set aside.
fn resolve<'a>(schema: &'a Value, node: &'a Value) -> &'a Value {
    if let Some(there) = node["$ref"].as_str().and_then(|r| schema.pointer(r.strip_prefix('#')?)) {
        return resolve(schema, there);
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
