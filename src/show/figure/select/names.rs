//! What figures call levels.

use crate::study::config::Level;
use crate::study::plan::words;

/// A level by itself.
pub(super) fn level_name(level: &Level) -> String {
    match level {
        Level::Text(text) => text.replace('_', " "),
        level => level.to_string(),
    }
}

/// A level with its axis; variants speak for themselves.
pub(super) fn title(axis: &str, level: &Level) -> String {
    match level {
        Level::Text(_) if axis != "variant" => format!("{}: {}", words(axis), level_name(level)),
        level => name(axis, level),
    }
}

/// A level by itself where it is a word, with its axis where it is a number.
pub(super) fn name(axis: &str, level: &Level) -> String {
    match level {
        Level::Text(_) => level_name(level),
        level => format!("{} {level}", words(axis)),
    }
}
