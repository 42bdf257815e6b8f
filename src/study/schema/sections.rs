//! The tables beside the config: axes, rules, figures, claims.

use crate::lab::measure::{METRICS, definition};
use crate::numerics::stats::Average;
use crate::study::config::FigureKind;
use crate::study::theory::Theory;
use serde_json::{Map, Value, json};

/// The sections, by name, but `sweep` and `quick`.
pub(super) fn sections() -> Map<String, Value> {
    let sections = json!({
        "axes": {
            "description": "Named axes: each a table of named patches.",
            "type": "object",
            "propertyNames": word(),
            "additionalProperties": { "$ref": "#/definitions/patches" },
        },
        "variants": { "$ref": "#/definitions/patches" },
        "undefined": {
            "description": "Cells that make no sense, and why.",
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "where": {
                        "description": "Axes and the level or levels meant; all must apply.",
                        "$ref": "#/definitions/selection",
                    },
                    "because": { "description": "Why they make no sense.", "type": "string" },
                },
                "required": ["where", "because"],
                "additionalProperties": false,
            },
        },
        "figures": { "description": "What to draw.", "type": "array", "items": figure() },
        "claims": { "description": "Sentences to test.", "type": "array", "items": claim() },
    });
    object(sections)
}

/// What the sections refer to.
pub(super) fn definitions() -> Map<String, Value> {
    let metrics = METRICS.map(|name| json!({ "const": name, "description": definition(name) }));
    object(json!({
        "patches": {
            "description": "Named patches: each level is a table of settings, beside `base`, the config without a patch.",
            "type": "object",
            "properties": {
                "base": { "description": "false leaves out the config without a patch.", "type": "boolean", "default": true },
            },
            "propertyNames": word(),
            "additionalProperties": { "$ref": "#/definitions/patch" },
        },
        "level": { "description": "A level of an axis.", "type": ["string", "number", "boolean", "null"] },
        "selection": {
            "description": "Axes and the level at which each stands still; \"first\" and \"last\" as listed.",
            "type": "object",
            "additionalProperties": {
                "anyOf": [
                    { "$ref": "#/definitions/level" },
                    { "type": "array", "items": { "$ref": "#/definitions/level" }, "minItems": 1 },
                    { "$ref": "#/definitions/selection" },
                ],
            },
        },
        "metric": {
            "description": "A column of results.csv, or how well it tells dangerous systems from safe ones.",
            "anyOf": [
                { "oneOf": metrics },
                { "type": "string", "pattern": "^((auc|missed)\\.)?(feature|weight)\\.[a-z0-9_]+$" },
                { "type": "string", "pattern": format!("^(auc|missed)\\.({})$", METRICS.join("|")) },
            ],
        },
        "theory": { "description": "What theory says of the same row.", "enum": Theory::ALL.map(Theory::name) },
        "axis": { "description": "The name of an axis, or variant, round, pressure.", "type": "string" },
    }))
}

/// Levels of an axis, one or several.
pub(super) fn levels() -> Value {
    let level = json!({ "type": ["string", "number", "boolean"] });
    json!({ "anyOf": [level, { "type": "array", "items": level, "minItems": 1 }] })
}

fn figure() -> Value {
    let axis = |about: &str| json!({ "description": about, "$ref": "#/definitions/axis" });
    let one_or_more = |item: &str| {
        let item = json!({ "$ref": format!("#/definitions/{item}") });
        json!([item, { "type": "array", "items": item, "minItems": 1, "uniqueItems": true }])
    };
    json!({
        "type": "object",
        "properties": {
            "name": { "description": "Name of its file.", "type": "string", "pattern": WORD },
            "title": { "description": "Its headline, in place of the experiment's.", "type": "string" },
            "kind": {
                "description": "How it is drawn.",
                "enum": FigureKind::ALL.map(FigureKind::name),
                "default": "lines",
            },
            "x": {
                "description": "pressure, kl, sqrt_kl, round, an axis, or of some kinds a metric.",
                "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" }, "minItems": 1 }],
            },
            "y": { "description": "One metric or several.", "anyOf": one_or_more("metric") },
            "by": axis("The axis whose levels are series."),
            "rows": axis("The axis whose levels are rows of panels."),
            "columns": axis("The axis whose levels are columns of panels."),
            "where": {
                "description": "Where every other axis of several levels stands still.",
                "$ref": "#/definitions/selection",
            },
            "theory": { "description": "What is drawn beside the measured.", "anyOf": one_or_more("theory") },
            "statistic": { "description": "Which average over the seeds.", "enum": Average::ALL.map(Average::name), "default": "mean" },
        },
        "required": ["name"],
        "additionalProperties": false,
    })
}

fn claim() -> Value {
    let number = |about: &str| json!({ "description": about, "type": "number" });
    let margin = |about: &str| json!({ "description": about, "type": "number", "minimum": 0 });
    let axis = |about: &str| json!({ "description": about, "$ref": "#/definitions/axis" });
    let selection = |about: &str| json!({ "description": about, "$ref": "#/definitions/selection" });
    let than = json!([{ "type": "number" }, { "$ref": "#/definitions/theory" }, { "$ref": "#/definitions/selection" }]);
    let along = json!({
        "along": axis("An axis of numbers."),
        "log": { "description": "Whether levels count by their log₂.", "type": "boolean", "default": false },
    });
    let trend = json!({
        "along": axis("The axis, its levels as listed."),
        "by": margin("Least change from end to end."),
        "tolerance": margin("Most that a step may go the other way; `by` unless given."),
    });
    let peaks = json!({
        "along": axis("The axis, its levels as listed."),
        "rise": margin("Least rise from the first level to the peak."),
        "fall": margin("Least fall from the peak to the last level."),
    });
    let equals = json!({
        "value": { "description": "A number, what theory says, or the same at other levels.", "anyOf": than },
        "within": margin("Most that it may differ."),
    });
    let compared = json!({
        "than": { "description": "A number, what theory says, or the same at other levels.", "anyOf": than },
        "by": margin("Least difference; 0 unless given."),
    });
    let share =
        json!({ "from": selection("Where it counts as 0."), "to": selection("Where it counts as 1.") });
    let mut crossing = along.clone();
    crossing["at"] = number("The height.");
    let tests = ["increases", "decreases", "peaks", "equals", "greater", "less"];
    let quantities = ["share", "slope", "auc", "argmax", "crossing"];
    let given = |name: &str| json!({ "required": [name] });
    let none = json!({ "not": { "anyOf": quantities.map(given) } });
    let at_most_one: Vec<Value> = quantities.iter().map(|name| given(name)).chain([none]).collect();
    json!({
        "type": "object",
        "properties": {
            "say": { "description": "The sentence.", "type": "string" },
            "metric": { "description": "What it is about.", "$ref": "#/definitions/metric" },
            "where": selection("Where every axis of several levels stands still that is not compared along."),
            "control": selection("Where it must not be so: levels that replace those of `where`."),
            "estimand": { "description": "Which average over seeds it is about.", "enum": Average::ALL.map(Average::name), "default": "mean" },
            "share": terms("How far the metric is on the way between two other places.", share, &["from", "to"]),
            "slope": terms("The least-squares slope along an axis.", along.clone(), &["along"]),
            "auc": terms("The mean height of the curve along an axis.", along.clone(), &["along"]),
            "argmax": terms("The level at which the curve is highest.", along, &["along"]),
            "crossing": terms("Where the curve first crosses a height.", crossing, &["along", "at"]),
            "increases": terms("It grows from the first level to the last.", trend.clone(), &["along", "by"]),
            "decreases": terms("It falls from the first level to the last.", trend, &["along", "by"]),
            "peaks": terms("It rises and then falls.", peaks, &["along", "rise", "fall"]),
            "equals": terms("It is so much.", equals, &["value", "within"]),
            "greater": terms("It is above something.", compared.clone(), &["than"]),
            "less": terms("It is below something.", compared, &["than"]),
        },
        "required": ["say", "metric"],
        "oneOf": tests.map(given),
        "allOf": [{ "oneOf": at_most_one }],
        "additionalProperties": false,
    })
}

fn terms(about: &str, properties: Value, required: &[&str]) -> Value {
    json!({
        "description": about,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// What a name is made of.
const WORD: &str = "^[a-z0-9_]+$";

fn word() -> Value {
    json!({ "pattern": WORD })
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => unreachable!("written as an object"),
    }
}
