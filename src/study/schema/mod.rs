//! The JSON Schema of a config file, for completion and checks in editors.
//!
//! The types of [`Config`](crate::study::config::Config) say what a setting is; a file may
//! write it in more ways than they do: a choice as a text, a path as one quoted key, a patch
//! of a part, a list of levels. So the derived schema is rewritten, once for each way in which
//! settings are given (`Dialect`); figures, claims and rules are schemas of their own types.
//!
//! It is looser than the program, which alone knows the axes and features of a
//! file; what it refuses the program refuses too. It keeps to draft 7, which
//! every editor reads.

mod rewrite;

use crate::study::config::{
    ClaimConfig, FigureConfig, LeaderboardConfig, Quantity, Test, Undefined, WHOLE, root,
};
use rewrite::{Dialect, paths, rewrite};
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};
use strum::VariantNames;

/// The JSON Schema of a config file.
pub fn schema() -> Value {
    let mut generator = SchemaSettings::draft07().into_generator();
    let mut file = rewrite(root(), Dialect::File).expect("a config is a table");
    let mut patch = rewrite(root(), Dialect::Patch).expect("a config is a table");
    let mut quick = patch.clone();
    quick["description"] = json!("The patch of --quick, for a rough look; it may choose levels of axes.");
    quick["additionalProperties"] =
        json!({ "anyOf": [rewrite::level(), rewrite::list_of(rewrite::level())] });
    patch["description"] = json!("What the config is changed to.");
    let mut sweep = rewrite(root(), Dialect::Sweep).expect("a config is a table");
    sweep["description"] = json!("Axes: a list of levels for each of some settings.");
    for name in WHOLE {
        fields(&mut patch["properties"]).remove(name);
        fields(&mut sweep["properties"]).remove(name);
    }
    let (mut patterns, mut all) = (Map::new(), Vec::new());
    paths(&sweep, "", &mut all);
    for (path, levels) in all {
        if path.contains(['*', '(']) {
            patterns.insert(format!("^{}$", path.replace('.', "\\.").replace('*', "[^.]+")), levels);
        } else if path.contains('.') {
            fields(&mut sweep["properties"]).insert(path, levels);
        }
    }
    sweep["patternProperties"] = patterns.into();

    let list_of =
        |about: &str, items: Value| json!({ "description": about, "type": "array", "items": items });
    let patches = json!({ "$ref": "#/definitions/patches" });
    let figure = inline::<FigureConfig>(&mut generator);
    let figure = at_most_one_quantity(figure, &mut generator);
    let mut sections = json!({
        "sweep": sweep,
        "axes": {
            "description": "Named axes: each a table of named patches.",
            "type": "object",
            "propertyNames": { "pattern": WORD },
            "additionalProperties": patches,
        },
        "variants": patches,
        "undefined": list_of("Cells that make no sense, and why.", inline::<Undefined>(&mut generator)),
        "quick": quick,
        "figures": list_of("What to draw.", figure),
        "leaderboard": inline::<LeaderboardConfig>(&mut generator),
        "claims": list_of("Sentences to test.", claim(&mut generator)),
    });
    fields(&mut file["properties"]).append(fields(&mut sections));
    let mut definitions = generator.take_definitions(true);
    definitions.insert("patch".to_owned(), patch);
    definitions.insert("patches".to_owned(), json!({
        "description": "Named patches: each level is a table of settings, beside `base`, the config without a patch.",
        "type": "object",
        "properties": {
            "base": { "description": "false leaves out the config without a patch.", "type": "boolean", "default": true },
        },
        "propertyNames": { "pattern": WORD },
        "additionalProperties": { "$ref": "#/definitions/patch" },
    }));
    let mut schema = json_schema!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A config of oversight",
        "description": "One experiment: a world, an overseer, what is asked of them, what is learned from it, who optimises it; axes to vary, figures to draw, claims to test.",
        "type": "object",
        "properties": file["properties"],
        "patternProperties": file["patternProperties"],
        "additionalProperties": false,
        "definitions": definitions,
    });
    RecursiveTransform(tidy).transform(&mut schema);
    schema.to_value()
}

/// What a name is made of.
const WORD: &str = "^[a-z0-9_]+$";

/// A claim: one test, and at most one quantity.
fn claim(generator: &mut SchemaGenerator) -> Value {
    let mut claim = inline::<ClaimConfig>(generator);
    one_of::<Test>(&mut claim, generator);
    claim["oneOf"] = given(Test::VARIANTS).into();
    at_most_one_quantity(claim, generator)
}

/// What has at most one quantity, and no keys but its own.
fn at_most_one_quantity(mut of: Value, generator: &mut SchemaGenerator) -> Value {
    one_of::<Quantity>(&mut of, generator);
    let mut quantities = given(Quantity::VARIANTS);
    quantities.push(json!({ "not": { "anyOf": quantities } }));
    of["allOf"] = json!([{ "oneOf": quantities }]);
    of["additionalProperties"] = false.into();
    of
}

/// Adds the variants of a choice as keys.
fn one_of<T: JsonSchema>(table: &mut Value, generator: &mut SchemaGenerator) {
    let choice = inline::<T>(generator);
    for branch in choice["oneOf"].as_array().into_iter().flatten() {
        for (name, node) in branch["properties"].as_object().into_iter().flatten() {
            let mut node = node.clone();
            node["description"] = branch["description"].clone();
            fields(&mut table["properties"]).insert(name.clone(), node);
        }
    }
}

fn given(names: &[&str]) -> Vec<Value> {
    names.iter().map(|name| json!({ "required": [name] })).collect()
}

fn inline<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    T::json_schema(generator).to_value()
}

/// Takes formats out. Editors hand over `inf` as null: only what has no range may be infinite.
fn tidy(node: &mut Schema) {
    node.remove("format");
    let ranged = node.as_object().is_some_and(|rules| rules.keys().any(|key| key.contains("imum")));
    if !ranged && node.get("type").is_some_and(|t| t == "number") {
        node.insert("type".to_owned(), json!(["number", "null"]));
    }
}

fn fields(node: &mut Value) -> &mut Map<String, Value> {
    node.as_object_mut().expect("a table")
}
