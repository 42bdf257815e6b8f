//! The JSON Schema of a config file, for completion and checks in editors.
//!
//! The types of [`Config`] say what a setting is; a file may write it in more
//! ways than they do: a choice as a text, a path as one quoted key, a patch of
//! a part, a list of levels. So the derived schema is rewritten, once for each
//! place where settings stand (`Place`); the tables beside the config are
//! described in `sections`.
//!
//! It is looser than the program, which alone knows the axes and features of a
//! file; what it refuses the program refuses too. It keeps to draft 7, which
//! every editor reads.

mod rewrite;
mod sections;

use crate::study::config::Config;
use rewrite::{Place, paths, rewrite};
use serde_json::{Map, Value, json};

/// What only the experiment as a whole has.
const WHOLE: [&str; 5] = ["name", "title", "about", "seed", "seeds"];

/// The JSON Schema of a config file.
pub fn schema() -> Value {
    let derived = schemars::schema_for!(Config).to_value();
    let mut file = rewrite(&derived, &derived, Place::File).expect("a config is a table");
    let mut patch = rewrite(&derived, &derived, Place::Patch).expect("a config is a table");
    for name in WHOLE {
        patch["properties"].as_object_mut().expect("a table").remove(name);
    }
    patch["description"] = json!("What the config is changed to.");

    let mut sweep = rewrite(&derived, &derived, Place::Sweep).expect("a config is a table");
    sweep["description"] = json!("Axes: a list of levels for each of some settings.");
    let swept = paths(&derived);
    let (plain, named): (Vec<_>, Vec<_>) = swept.into_iter().partition(|(path, _)| !path.contains('*'));
    let properties = sweep["properties"].as_object_mut().expect("a table");
    for name in WHOLE {
        properties.remove(name);
    }
    properties.extend(plain);
    let patterns = named
        .into_iter()
        .map(|(path, node)| (format!("^{}$", path.replace('.', "\\.").replace('*', "[^.]+")), node));
    sweep["patternProperties"] = patterns.collect::<Map<_, _>>().into();

    let mut quick = rewrite(&derived, &derived, Place::Quick).expect("a config is a table");
    quick["description"] = json!("The patch of --quick, for a rough look; it may choose levels of axes.");
    quick["additionalProperties"] = sections::levels();

    let properties = file["properties"].as_object_mut().expect("a table");
    properties.extend(sections::sections());
    properties.insert("sweep".to_owned(), sweep);
    properties.insert("quick".to_owned(), quick);
    let mut definitions = sections::definitions();
    definitions.insert("patch".to_owned(), patch);
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A config of oversight",
        "description": "One experiment: a world, an overseer, what is asked of them, what is learned from it, who optimises it; axes to vary, figures to draw, claims to test.",
        "type": "object",
        "properties": file["properties"],
        "patternProperties": file["patternProperties"],
        "additionalProperties": false,
        "definitions": definitions,
    })
}
