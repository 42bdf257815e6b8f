//! The JSON Schema accepts every config there is and refuses misspelt keys.

use oversight::study::config::Overrides;
use oversight::study::experiments::experiments;
use oversight::study::plan::Plan;
use oversight::study::schema::schema;
use regex::Regex;
use serde_json::{Value, json};

/// Whether a value fits a schema: draft 7, as far as ours goes.
fn fits(root: &Value, schema: &Value, value: &Value) -> bool {
    let Some(rules) = schema.as_object() else { return schema == &json!(true) };
    if let Some(target) = rules.get("$ref") {
        let target = target.as_str().unwrap().strip_prefix('#').unwrap();
        return fits(root, root.pointer(target).unwrap(), value);
    }
    let all = |rule: &Value| rule.as_array().unwrap().iter().filter(|s| fits(root, s, value)).count();
    let bound =
        |rule: &Value, ok: fn(f64, f64) -> bool| value.as_f64().is_none_or(|x| ok(x, rule.as_f64().unwrap()));
    rules.iter().all(|(name, rule)| match name.as_str() {
        "$schema" | "title" | "description" | "default" | "definitions" => true,
        "type" => match rule {
            Value::Array(types) => types.iter().any(|t| is(t, value)),
            one => is(one, value),
        },
        "const" => rule == value,
        "enum" => rule.as_array().unwrap().contains(value),
        "anyOf" => all(rule) > 0,
        "oneOf" => all(rule) == 1,
        "allOf" => all(rule) == rule.as_array().unwrap().len(),
        "not" => !fits(root, rule, value),
        "minimum" => bound(rule, |x, b| x >= b),
        "maximum" => bound(rule, |x, b| x <= b),
        "exclusiveMinimum" => bound(rule, |x, b| x > b),
        "exclusiveMaximum" => bound(rule, |x, b| x < b),
        "pattern" => value.as_str().is_none_or(|text| matches(rule.as_str().unwrap(), text)),
        "items" => value.as_array().is_none_or(|items| items.iter().all(|item| fits(root, rule, item))),
        "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= rule.as_u64().unwrap()),
        "maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= rule.as_u64().unwrap()),
        "uniqueItems" => value
            .as_array()
            .is_none_or(|items| items.iter().enumerate().all(|(i, item)| !items[..i].contains(item))),
        "maxProperties" => value.as_object().is_none_or(|o| o.len() as u64 <= rule.as_u64().unwrap()),
        "required" => value
            .as_object()
            .is_none_or(|o| rule.as_array().unwrap().iter().all(|k| o.contains_key(k.as_str().unwrap()))),
        "propertyNames" => {
            value.as_object().is_none_or(|o| o.keys().all(|key| fits(root, rule, &json!(key))))
        }
        "properties" | "patternProperties" => true, // below
        "additionalProperties" => true,
        other => panic!("the test knows no `{other}`"),
    }) && value.as_object().is_none_or(|o| o.iter().all(|(key, value)| property(root, schema, key, value)))
}

fn property(root: &Value, schema: &Value, key: &str, value: &Value) -> bool {
    let named = schema["properties"].get(key);
    let patterns = schema["patternProperties"].as_object().into_iter().flatten();
    let patterns = patterns.filter(|(pattern, _)| matches(pattern, key)).map(|(_, node)| node);
    let nodes: Vec<&Value> = named.into_iter().chain(patterns).collect();
    match (nodes.is_empty(), schema.get("additionalProperties")) {
        (true, Some(rest)) => fits(root, rest, value),
        _ => nodes.iter().all(|node| fits(root, node, value)),
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    Regex::new(pattern).unwrap().is_match(text)
}

fn is(kind: &Value, value: &Value) -> bool {
    match kind.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the test knows no `{other}`"),
    }
}

/// A config as an editor sees it: infinities are null.
fn accepts(config: &str) -> bool {
    let table: toml::Table = toml::from_str(config).unwrap_or_else(|e| panic!("{config}\n{e}"));
    let schema = schema();
    fits(&schema, &schema, &serde_json::to_value(table).unwrap())
}

const WORLD: &str = "world.answers.features = { a = { gold = 1 }, b = {} }\n";

fn reads(config: &str) -> bool {
    Plan::read("a.toml", config.as_bytes(), &Overrides::default()).is_ok()
}

#[test]
fn every_config_fits() {
    for (name, text) in experiments() {
        assert!(accepts(text), "{name}");
        let plan = Plan::read(&format!("{name}.toml"), text.as_bytes(), &Overrides::default()).unwrap();
        assert!(accepts(&plan.experiment.resolved), "{name}, resolved");
    }
}

#[test]
fn every_spelling_fits() {
    for more in [
        "",
        "#:schema ./oversight.schema.json\n",
        "\"overseer.hidden\" = [\"a\"]",
        "reward_model = \"gold\"",
        "optimizer.tilt.kl = [0.5, 2]",
        "[overseer.choice]\nrationality = inf\nposition = -1",
        "[overseer]\nunseen = \"reference\"\n\"choice.mistake\" = 0.1",
        "[variants.x]\noverseer = {}\n\"feedback.labels\" = {}\nreward_model = \"overseer\"",
        "[axes.a]\nbase = false\n[axes.a.x]\nworld.answers.features.a.tail = { student_t = { df = 3 } }",
        "[sweep]\n\"feedback.labels\" = [1, 2]\noverseer.choice.mistake = [0, 0.5]",
        "[sweep]\nreward_model = [\"gold\", \"overseer\"]\n\"world.answers.features.a.gold\" = [1, 2.5]",
        "[variants.control]\noverseer.hidden = []\n[quick]\nvariant = \"control\"\nseeds = 3\nworld.answers.prompts = 2",
        "[sweep]\nfeedback.labels = [5, 6]\n[quick]\nfeedback.labels = [1, 2]\n[[undefined]]\nwhere = { feedback.labels = [5] }\nbecause = \"no\"",
        "[[figures]]\nname = \"f\"\nx = \"kl\"\ny = [\"gold\", \"feature.a\"]",
        "[style]\ncolours = [\"#a0b1c2\"]\nfont_size = 12\n[[figures]]\nname = \"f\"\nx = \"kl\"\ny = [\"gold\", \"approval\"]\ntogether = true\nscale = \"log\"\nlabels = { gold = \"true\" }",
        "[[figures]]\nname = \"f\"\nx = \"kl\"\ny = \"gold\"\nscale = { y = \"log\" }",
        "[[claims]]\nsay = \"s\"\nkind = \"identity\"\nmetric = \"gold\"\nincreases = { along = \"pressure\", by = 0.1 }",
        "[[claims]]\nsay = \"s\"\nmetric = \"gold\"\nwhere = { pressure = \"last\" }\nkind = \"identity\"\ngreater = { than = { pressure = \"first\" } }",
    ] {
        // A comment and a bare key stand before the first table.
        let config = format!("{more}\n{WORLD}");
        let config = if more.starts_with('[') { format!("{WORLD}{more}\n") } else { config };
        assert!(
            reads(&config),
            "{config}\n{:?}",
            Plan::read("a.toml", config.as_bytes(), &Overrides::default()).err()
        );
        assert!(accepts(&config), "{config}");
    }
}

#[test]
fn what_is_misspelt_does_not_fit() {
    for more in [
        "optimizr = \"tilt\"",
        "seeds = 0",
        "reward_model = \"silver\"",
        "[overseer]\nhiden = [\"a\"]",
        "[overseer.choice]\nmistake = 2",
        "[optimizer.best_of_m]",
        "[feedback]\nlabels = [1, 2]",
        "[variants.x.world.answers.features.a.tail.student_t]\nd = 3",
        "[variants.x]\nseeds = 3",
        "[variants.x]\noverseer.hiddn = []",
        "[axes.a.b]\noverseer.hiddn = []",
        "[sweep]\n\"feedback.lables\" = [1]",
        "[sweep]\nfeedback.lables = [1]",
        "[sweep]\n\"feedback.labels\" = 5",
        "[quick]\nfeedbck.labels = 2",
        "[[undefined]]\nwhere = { variant = \"x\" }",
        "[[figures]]\nname = \"f\"\nx = \"kl\"\ny = \"golf\"",
        "[[figures]]\nname = \"f\"\nkid = \"lines\"",
        "[[figures]]\nname = \"f\"\nx = \"kl\"\ny = \"gold\"\nscale = \"lag\"",
        "[style]\nfont_size = 50",
        "[style]\ncolours = [\"red\"]",
        "[variants.x]\nstyle.size = 2",
        "[[claims]]\nsay = \"s\"\nmetric = \"gold\"",
        "[[claims]]\nsay = \"s\"\nmetric = \"gold\"\nincreases = { along = \"pressure\", buy = 0.1 }",
        "[[claims]]\nsay = \"s\"\nmetric = \"gold\"\nless = { than = 1 }\ngreater = { than = 0 }",
        "[[claims]]\nsay = \"s\"\nmetric = \"gold\"\npeaks = { along = \"pressure\", rise = 1, fall = 1, by = 1 }",
    ] {
        let config =
            if more.starts_with('[') { format!("{WORLD}{more}") } else { format!("{more}\n{WORLD}") };
        assert!(!reads(&config), "{config}");
        assert!(!accepts(&config), "{config}");
    }
}

#[test]
fn defaults_and_descriptions_are_carried() {
    let schema = schema();
    assert_eq!(schema["properties"]["seeds"]["default"], 100);
    let mistake = schema.pointer("/properties/overseer/properties/choice/properties/mistake").unwrap();
    assert_eq!(mistake["default"], 0.0);
    assert_eq!(mistake["description"], "ε: chance that an answer is flipped.");
    let figure = &schema["properties"]["figures"]["items"]["properties"];
    assert_eq!(
        (&figure["kind"]["default"], &figure["statistic"]["default"]),
        (&json!("lines"), &json!("mean"))
    );
    let swept = &schema["properties"]["sweep"]["properties"]["feedback.labels"];
    assert!(swept["description"].as_str().unwrap().starts_with("Queries"), "{swept}");
    let text = schema.to_string();
    assert!(!text.contains("\"$id\"") && !text.contains("\"format\""));
}
