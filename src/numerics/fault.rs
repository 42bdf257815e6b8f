//! What can be wrong with a config, said by the room that minds.
//!
//! A room knows paths, not lines: it names the value by its path in the config
//! and `config` finds the line.

use indexmap::IndexMap;
use std::collections::BTreeMap;
use std::fmt::Display;

/// Something wrong with one value of a config.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The value, e.g. `["overseer", "hidden", "1"]`; list items by index.
    pub path: Vec<String>,
    /// Whether it is the last key of the path that is wrong, not its value.
    pub key: bool,
    /// The part of a text that is wrong, in bytes of the text; else all of it.
    pub within: Option<(u32, u32)>,
    /// What is wrong, with the value itself.
    pub message: String,
    /// A few words to stand under the value: the nearest name, mostly.
    pub label: String,
    /// What to do instead, or what is allowed.
    pub help: String,
}

impl Fault {
    /// A fault of the value at `path` (dotted; names may not contain dots).
    pub fn new(path: &str, message: impl Display, help: impl Display) -> Self {
        Self {
            path: path.split('.').map(str::to_owned).collect(),
            key: false,
            within: None,
            message: message.to_string(),
            label: String::new(),
            help: help.to_string(),
        }
    }

    /// `name`, found at `path`, is none of the `known` things of this `kind`;
    /// offers the nearest.
    pub fn unknown<'a>(path: &str, kind: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let (label, help) = suggest(name, known);
        Self { label, ..Self::new(path, format!("there is no {kind} `{name}`"), help) }
    }

    /// The same fault, of the last key of the path instead of its value.
    pub fn at_key(self) -> Self {
        Self { key: true, ..self }
    }

    /// The same fault, of the bytes `from .. to` of a text.
    pub fn within(self, from: usize, to: usize) -> Self {
        Self { within: Some((from as u32, to as u32)), ..self }
    }
}

/// "did you mean …?" (empty if nothing is near) and the list of what there is.
pub fn suggest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> (String, String) {
    const SHOWN: usize = 24;
    let known: Vec<&str> = known.into_iter().collect();
    let nearest = known
        .iter()
        .map(|k| (strsim::damerau_levenshtein(name, k), *k))
        .filter(|(distance, k)| *distance <= 1 + k.len() / 3 && *distance < k.len())
        .min();
    let label = nearest.map_or(String::new(), |(_, k)| format!("did you mean `{k}`?"));
    let help = match known.len() {
        0 => "there are none".to_owned(),
        n if n > SHOWN => format!("allowed: {}, … ({n} in all)", known[..SHOWN].join(", ")),
        _ => format!("allowed: {}", known.join(", ")),
    };
    (label, help)
}

/// Checks that the features called so in the table at `path` can be.
///
/// # Errors
/// The first name that no feature can have.
pub fn check_feature_names<'a>(path: &str, names: impl IntoIterator<Item = &'a String>) -> Result<(), Fault> {
    let word = |name: &str| {
        let mut bytes = name.bytes();
        let first = bytes.next().is_some_and(|b| b.is_ascii_lowercase());
        first && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    match names.into_iter().find(|name| !word(name)) {
        None => Ok(()),
        Some(name) => {
            let message = format!("`{name}` cannot be the name of a feature");
            let mut fault = Fault::new(path, message, "a letter a-z, then a-z, 0-9 and _").at_key();
            fault.path.push(name.clone());
            Err(fault)
        }
    }
}

/// Checks a list of names, found at `path`, against the `addresses` of a
/// world: each must be known, and none may stand for a feature already listed.
///
/// # Errors
/// The first name that is unknown or a repetition.
pub fn check_names(
    path: &str,
    listed: &[String],
    addresses: &IndexMap<String, Vec<String>>,
) -> Result<(), Fault> {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for (i, name) in listed.iter().enumerate() {
        let path = format!("{path}.{i}");
        let Some(columns) = addresses.get(name) else {
            return Err(Fault::unknown(&path, "feature", name, addresses.keys().map(String::as_str)));
        };
        for column in columns {
            match seen.insert(column, name) {
                Some(before) if before == name => {
                    return Err(Fault::new(&path, format!("`{name}` is listed twice"), "list it once"));
                }
                Some(before) => {
                    let message = format!("`{name}` and `{before}` both stand for `{column}`");
                    return Err(Fault::new(&path, message, "keep one of the two"));
                }
                None => {}
            }
        }
    }
    Ok(())
}
