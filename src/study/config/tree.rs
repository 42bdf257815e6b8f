//! The tree of a config: TOML with the span of every key and value, flattened
//! to leaves, and searched by path.

use super::ConfigError;
use super::source::Span;
use crate::numerics::error::Kind;
use std::borrow::Cow;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A table whose keys and values know where they were written.
pub(super) type Tree<'t> = DeTable<'t>;
/// A value and where it was written.
pub(super) type Value<'t> = Spanned<DeValue<'t>>;
/// A key and where it was written.
pub(super) type Key<'t> = Spanned<Cow<'t, str>>;

/// One setting: a path and a value that is no table, or an empty one.
#[derive(Clone)]
pub(super) struct Leaf<'t> {
    pub(super) path: Vec<Key<'t>>,
    pub(super) value: Value<'t>,
}

/// Parses TOML; what is wrong with it is said in its own words.
pub(super) fn parse(text: &str) -> Result<Tree<'_>, ConfigError> {
    let table = DeTable::parse(text).map_err(|e| {
        let span = e.span().unwrap_or(0..0);
        match e.message() {
            "duplicate key" => ConfigError::at(span, "this key is set twice", "keep one of the two"),
            message => ConfigError::at(span, message, "").of_kind(Kind::Syntax),
        }
    })?;
    table.get_ref().values().try_for_each(check_numbers)?;
    Ok(table.into_inner())
}

/// Refuses numbers that no type of ours holds.
fn check_numbers(value: &Value) -> Result<(), ConfigError> {
    let (number, help) = match value.get_ref() {
        DeValue::Table(table) => return table.values().try_for_each(check_numbers),
        DeValue::Array(items) => return items.iter().try_for_each(check_numbers),
        DeValue::Integer(i) if i64::from_str_radix(i.as_str(), i.radix()).is_err() => (i.as_str(), ""),
        DeValue::Float(f)
            if f.as_str().parse().is_ok_and(f64::is_infinite) && !f.as_str().contains("inf") =>
        {
            (f.as_str(), "for infinity write inf")
        }
        _ => return Ok(()),
    };
    Err(ConfigError::at(value.span(), format!("{number} is too large"), help).of_kind(Kind::Range))
}

/// All leaves in the order they are written. Dotted and quoted spellings of a
/// path are one: `"a.b" = 1`, `a.b = 1` and `a = { b = 1 }` give the same leaf.
pub(super) fn flatten<'t>(table: &Tree<'t>) -> Vec<Leaf<'t>> {
    let mut leaves = Vec::new();
    for (key, value) in table {
        let path = split(key);
        match value.get_ref() {
            DeValue::Table(inner) if !inner.is_empty() => {
                let below = |leaf: Leaf<'t>| Leaf { path: [&path[..], &leaf.path].concat(), ..leaf };
                leaves.extend(flatten(inner).into_iter().map(below));
            }
            _ => leaves.push(Leaf { path, value: value.clone() }),
        }
    }
    leaves.sort_by_key(|leaf| leaf.path.last().map_or(0, |key| key.span().start));
    leaves
}

/// The items of a list, or the one value that is none.
pub(super) fn items<'v, 't>(value: &'v Value<'t>) -> &'v [Value<'t>] {
    match value.get_ref() {
        DeValue::Array(items) => items,
        _ => std::slice::from_ref(value),
    }
}

/// The segments of a key, each with its own span. A lone dot is a name: that of a tile.
fn split<'t>(key: &Key<'t>) -> Vec<Key<'t>> {
    let (name, span) = (key.get_ref(), key.span());
    if name == "." {
        return vec![key.clone()];
    }
    // Quoted without escapes: the text starts behind the quote.
    let quoted = span.len() == name.len() + 2;
    let mut start = span.start + usize::from(quoted);
    let mut segments = Vec::new();
    for part in name.split('.') {
        let exact = name.contains('.') && (quoted || span.len() == name.len());
        let span = if exact { start..start + part.len() } else { span.clone() };
        segments.push(Spanned::new(span, Cow::Owned(part.to_owned())));
        start += part.len() + 1;
    }
    segments
}

/// The dotted name of a path.
pub(super) fn dotted<'a, 't: 'a>(path: impl IntoIterator<Item = &'a Key<'t>>) -> String {
    path.into_iter().map(|key| key.get_ref().as_ref()).collect::<Vec<_>>().join(".")
}

/// Where a path was written: its last key, with those that stand right before
/// it, a dot between.
pub(super) fn path_span<'a, 't: 'a>(path: impl DoubleEndedIterator<Item = &'a Key<'t>>) -> Span {
    let mut keys = path.map(Key::span).rev();
    let mut span = keys.next().unwrap_or(0..0);
    for above in keys {
        if above.end + 1 != span.start {
            break;
        }
        span.start = above.start;
    }
    span
}

/// A table as a value that stands at the start.
pub(super) fn whole<'t>(table: &Tree<'t>) -> Value<'t> {
    Spanned::new(0..0, DeValue::Table(table.clone()))
}

/// The error with the place of what it names in a value: where that is written, or else
/// the nearest around it that is.
pub(super) fn locate(value: &Value, error: ConfigError) -> ConfigError {
    if error.written.is_some() {
        return error;
    }
    let span = span_of((value.span(), value), &error.path.join("."), &error);
    error.written_at(span)
}

/// `path` leads from a value, with the span of its key, to what the error is of.
fn span_of((key, value): (Span, &Value), path: &str, error: &ConfigError) -> Span {
    if path.is_empty() {
        let part = || part(value, error.within?);
        return if error.key { key } else { part().unwrap_or(value.span()) };
    }
    let next = match value.get_ref() {
        // Of a key with dots and a table in a table the longer way is meant.
        DeValue::Table(table) => {
            let ahead = |(key, value): (_, _)| Some((Key::span(key), value, behind(path, key)?));
            table.iter().filter_map(ahead).min_by_key(|(_, _, rest)| rest.len())
        }
        DeValue::Array(items) => {
            let (index, rest) = path.split_once('.').unwrap_or((path, ""));
            let item = index.parse::<usize>().ok().and_then(|i| items.get(i));
            item.map(|item| (key, item, rest))
        }
        _ => None,
    };
    next.map_or(value.span(), |(key, value, rest)| span_of((key, value), rest, error))
}

/// What is left of a path behind a key.
fn behind<'p>(path: &'p str, key: &Key) -> Option<&'p str> {
    let rest = path.strip_prefix(key.get_ref().as_ref())?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('.') }
}

/// Where the bytes `from .. to` of a text stand in the source; `None` where escapes stand between.
fn part(value: &Value, (from, to): (u32, u32)) -> Option<Span> {
    let text = value.get_ref().as_str()?;
    let span = value.span();
    // One quote at each end, or three; after three a line break is left out.
    let opening = match span.len().checked_sub(text.len())? {
        2 => 1,
        6 => 3,
        7 => 4,
        _ => return None,
    };
    Some(span.start + opening + from as usize..span.start + opening + to as usize)
}
