//! From a spanned value to a type, what serde says against it in the words of a config.

use super::ConfigError;
use super::grammar::{found, of, wanted};
use super::source::Span;
use super::tree::{Value, locate};
use crate::numerics::error::Kind;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use toml::de::{DeValue, ValueDeserializer};

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

/// What serde says against a value, with its place.
fn translated<T: JsonSchema>(value: &Value, error: &toml::de::Error) -> ConfigError {
    let (span, message) = (error.span().unwrap_or(value.span()), error.message());
    let (mut path, there) =
        find(value, &span).map_or((Vec::new(), None), |(path, there)| (path, Some(there)));
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let refuse = |kind, message: String| ConfigError::at(span.clone(), message, "").of_kind(kind);
    let wanting = |kind, message: String, path: &[&str]| ConfigError {
        help: wanted(&of::<T>(), path),
        ..refuse(kind, message)
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
        return wanting(Kind::Missing, format!("`{}` is missing", quoted[0]), &path);
    }
    if message.starts_with("wanted ") && message.ends_with(" 0 elements") {
        let name = path.last().copied().unwrap_or("");
        return wanting(Kind::Missing, format!("`{name}` names none of its variants"), &path);
    }
    if message.starts_with("wanted string or table") {
        return wanting(Kind::Type, "expected the name of a variant, or a table".to_owned(), &path);
    }
    if let Some((given, expected)) = message.split_once(", expected ") {
        let expected = plain(expected);
        if given.starts_with("invalid value: integer") {
            return refuse(Kind::Range, format!("{} is out of range: this must be {expected}", quoted[0]));
        }
        let given = there.map_or_else(|| given.to_owned(), found);
        return refuse(Kind::Type, format!("expected {expected}, found {given}"));
    }
    let kind = match message {
        _ if message.contains("out of range") => Kind::Range,
        _ if message.starts_with("an empty list") => Kind::Missing,
        _ => Kind::Type,
    };
    refuse(kind, message.to_owned())
}

/// What stands at a span, and the keys that lead there.
fn find<'v, 't>(value: &'v Value<'t>, span: &Span) -> Option<(Vec<&'v str>, &'v Value<'t>)> {
    if value.span() == *span {
        return Some((Vec::new(), value));
    }
    match value.get_ref() {
        DeValue::Table(table) => table.iter().find_map(|(key, value)| {
            let (path, there) = find(value, span)?;
            Some(([&[key.get_ref().as_ref()], &path[..]].concat(), there))
        }),
        DeValue::Array(items) => items.iter().find_map(|item| find(item, span)),
        _ => None,
    }
}

/// What serde expects, as a reader of TOML says it.
fn plain(words: &str) -> String {
    let known = match words {
        "u32" => "a whole number from 0 to 4294967295",
        "i64" => "a whole number",
        "f64" => "a number",
        "a string" => "text",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" => "a table",
        name if name.starts_with("struct ") => "a table",
        other => other,
    };
    known.replace('`', "")
}
