//! What can be wrong with a config, said by the room that minds.
//!
//! A room knows paths, not lines: it names the value by its path in the config
//! and `config` finds the line.

use std::fmt::Display;

/// Something wrong with one value of a config.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The value, e.g. `["overseer", "hidden", "1"]`; list items by index.
    pub path: Vec<String>,
    /// What is wrong, with the value itself.
    pub message: String,
    /// What to do instead, or what is allowed.
    pub help: String,
}

impl Fault {
    /// A fault of the value at `path` (dotted; names may not contain dots).
    pub fn new(path: &str, message: impl Display, help: impl Display) -> Self {
        Self {
            path: path.split('.').map(str::to_owned).collect(),
            message: message.to_string(),
            help: help.to_string(),
        }
    }

    /// `name`, found at `path`, is none of the `known` things of this `kind`;
    /// offers the nearest.
    pub fn unknown<'a>(path: &str, kind: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        Self::new(path, format!("there is no {kind} `{name}`"), suggest(name, &known))
    }
}

/// "did you mean …?" and the list of what there is.
pub fn suggest(name: &str, known: &[&str]) -> String {
    let nearest = known
        .iter()
        .map(|k| (strsim::damerau_levenshtein(name, k), *k))
        .filter(|(distance, k)| *distance <= 1 + k.len() / 3)
        .min();
    let allowed = format!("allowed: {}", known.join(", "));
    match nearest {
        Some((_, k)) => format!("did you mean `{k}`? {allowed}"),
        None => allowed,
    }
}
