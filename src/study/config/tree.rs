//! The tree of a config: TOML with the span of every key and value, flattened
//! to leaves, and searched by path.

use super::source::{Flaw, Span};
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
pub(super) fn parse(text: &str) -> Result<Tree<'_>, Flaw> {
    DeTable::parse(text).map(Spanned::into_inner).map_err(|e| syntax(&e))
}

fn syntax(error: &toml::de::Error) -> Flaw {
    let span = error.span().unwrap_or(0..0);
    match error.message() {
        "duplicate key" => Flaw::new(span, "this key is set twice", "keep one of the two"),
        message => Flaw::new(span, message, ""),
    }
}

/// All leaves in the order they are written. Dotted and quoted spellings of a
/// path are one: `"a.b" = 1`, `a.b = 1` and `a = { b = 1 }` give the same leaf.
pub(super) fn flatten<'t>(table: &Tree<'t>) -> Vec<Leaf<'t>> {
    let mut leaves = Vec::new();
    walk(table, &mut Vec::new(), &mut leaves);
    leaves.sort_by_key(|leaf| leaf.path.last().map_or(0, |key| key.span().start));
    leaves
}

fn walk<'t>(table: &Tree<'t>, path: &mut Vec<Key<'t>>, leaves: &mut Vec<Leaf<'t>>) {
    for (key, value) in table {
        let depth = path.len();
        path.extend(split(key));
        match value.get_ref() {
            DeValue::Table(inner) if !inner.is_empty() => walk(inner, path, leaves),
            _ => leaves.push(Leaf { path: path.clone(), value: value.clone() }),
        }
        path.truncate(depth);
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
pub(super) fn path_span(path: &[Key]) -> Span {
    let Some(last) = path.last() else { return 0..0 };
    let mut start = last.span().start;
    for key in path.iter().rev().skip(1) {
        if key.span().end + 1 != start {
            break;
        }
        start = key.span().start;
    }
    start..last.span().end
}

/// Where the value at `path` (or its key) was written; failing that, the
/// nearest ancestor that was.
pub(super) fn locate(tree: &Tree, path: &[String], key: bool) -> Span {
    let Some((first, rest)) = path.split_first() else { return 0..0 };
    let Some((name, value)) = tree.get_key_value(first.as_str()) else { return 0..0 };
    locate_in(name, value, rest, key)
}

/// Where the bytes `from .. to` of the text at `path` stand in the source; `None`
/// where escapes stand between.
pub(super) fn locate_part(tree: &Tree, path: &[String], (from, to): (u32, u32)) -> Option<Span> {
    let (from, to) = (from as usize, to as usize);
    let (first, rest) = path.split_first()?;
    let mut value = tree.get(first.as_str())?;
    for name in rest {
        let DeValue::Table(table) = value.get_ref() else { return None };
        value = table.get(name.as_str())?;
    }
    let DeValue::String(text) = value.get_ref() else { return None };
    let span = value.span();
    // One quote at each end, or three; after three a line break is left out.
    let opening = match span.len().checked_sub(text.len())? {
        2 => 1,
        6 => 3,
        7 => 4,
        _ => return None,
    };
    Some(span.start + opening + from..span.start + opening + to)
}

fn locate_in(key: &Key, value: &Value, path: &[String], at_key: bool) -> Span {
    let own = if at_key && path.is_empty() { key.span() } else { value.span() };
    let Some((first, rest)) = path.split_first() else { return own };
    match value.get_ref() {
        DeValue::Table(table) => {
            table.get_key_value(first.as_str()).map_or(own, |(k, v)| locate_in(k, v, rest, at_key))
        }
        DeValue::Array(items) => {
            let item = first.parse::<usize>().ok().and_then(|i| items.get(i));
            item.map_or(own, |item| locate_in(key, item, rest, at_key))
        }
        _ => own,
    }
}
