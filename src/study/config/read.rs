//! From a spanned value to a type, what serde says against it in the words of a config.

use super::ConfigError;
use super::grammar::{of, wanted};
use super::source::Span;
use super::tree::{Value, locate};
use crate::numerics::error::Kind;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use toml::de::ValueDeserializer;

/// Reads what a value says.
pub(super) fn read<T: DeserializeOwned + JsonSchema>(value: &Value) -> Result<T, ConfigError> {
    T::deserialize(ValueDeserializer::from(value.clone())).map_err(|e| translated::<T>(value, &e))
}

/// Reads a section's table and checks what its type cannot say.
pub(super) fn read_checked<T: DeserializeOwned + JsonSchema, U>(
    value: &Value,
    check: impl FnOnce(T) -> Result<U, ConfigError>,
) -> Result<U, ConfigError> {
    check(read(value)?).map_err(|error| locate(value, error))
}

fn translated<T: JsonSchema>(value: &Value, error: &toml::de::Error) -> ConfigError {
    let span = error.span().unwrap_or(value.span());
    let mut path = find(value, &span).unwrap_or_default();
    let message = error.message();
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let refuse = |kind, message: String| ConfigError::at(span.clone(), message, "").of_kind(kind);
    let missing = |message: String, path: &[&str]| ConfigError {
        help: wanted(&of::<T>(), path),
        ..refuse(Kind::Missing, message)
    };
    let unknown = |message: String, name: &str, known: &[&str]| {
        refuse(Kind::Unknown, message).suggesting(name, known.iter().copied())
    };
    let no_key = |name: &str, known: &[&str]| unknown(format!("there is no key `{name}`"), name, known);
    if message.starts_with("unknown field") {
        return no_key(quoted[0], &quoted[1..]);
    }
    if message.starts_with("unknown ") {
        return unknown(format!("there is no `{}` here", quoted[0]), quoted[0], &quoted[1..]);
    }
    // The same of the keys of a variant.
    if let Some(keys) = message.strip_prefix("unexpected keys in table: ")
        && let Some((names, known)) = keys.split_once(", available keys: ")
    {
        return no_key(names.split(", ").next().unwrap_or(""), &known.split(", ").collect::<Vec<_>>());
    }
    if message.starts_with("missing field") {
        path.push(quoted[0]);
        return missing(format!("`{}` is missing", quoted[0]), &path);
    }
    if message.starts_with("wanted ") && message.ends_with(" 0 elements") {
        let name = path.last().copied().unwrap_or("");
        return missing(format!("`{name}` names none of its variants"), &path);
    }
    if message.starts_with("wanted string or table") {
        let error = refuse(Kind::Type, "expected the name of a variant, or a table".to_owned());
        return ConfigError { help: wanted(&of::<T>(), &path), ..error };
    }
    if let Some((found, expected)) = message.split_once(", expected ") {
        let kind = if found.starts_with("invalid value: integer") { Kind::Range } else { Kind::Type };
        let found = found.trim_start_matches("invalid type: ").trim_start_matches("invalid value: ");
        return refuse(
            kind,
            match kind {
                Kind::Range => format!("{} is out of range: this must be {}", quoted[0], plain(expected)),
                _ => format!("expected {}, found {}", plain(expected), plain(found)),
            },
        );
    }
    let kind = match message {
        _ if message.contains("out of range") => Kind::Range,
        _ if message.starts_with("an empty list") => Kind::Missing,
        _ => Kind::Type,
    };
    refuse(kind, message.to_owned())
}

/// The keys that lead to what stands at a span; `None` if nothing does.
fn find<'v>(value: &'v Value, span: &Span) -> Option<Vec<&'v str>> {
    if value.span() == *span {
        return Some(Vec::new());
    }
    value.get_ref().as_table()?.iter().find_map(|(key, value)| {
        let mut path = find(value, span)?;
        path.insert(0, key.get_ref());
        Some(path)
    })
}

/// Words of serde as a reader of TOML says them.
fn plain(words: &str) -> String {
    const WORDS: [(&str, &str); 13] = [
        ("u32", "a whole number from 0 to 4294967295"),
        ("i64", "a whole number"),
        ("f64", "a number"),
        ("a string", "text"),
        ("a boolean", "true or false"),
        ("a sequence", "a list"),
        ("a map", "a table"),
        ("sequence", "a list"),
        ("map", "a table"),
        ("string \"", "the text \""),
        ("integer `", "the whole number `"),
        ("floating point `", "the number `"),
        ("boolean `", "`"),
    ];
    let known =
        WORDS.iter().find_map(|(theirs, ours)| Some(format!("{ours}{}", words.strip_prefix(theirs)?)));
    known.unwrap_or_else(|| words.to_owned()).replace('`', "")
}
