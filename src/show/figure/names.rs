//! What figures call metrics, axes and levels: by their names, or as the figure's `labels` say.

use crate::study::config::{FigureConfig, Level};
use crate::study::plan::words;

impl FigureConfig {
    /// A metric or an axis.
    pub(super) fn word(&self, name: &str) -> String {
        self.labels.get(name).cloned().unwrap_or_else(|| words(name))
    }

    /// What is shown of metrics.
    pub(super) fn quantity(&self, metrics: &[String]) -> String {
        let words = metrics.iter().map(|metric| self.word(metric)).collect::<Vec<_>>().join(", ");
        match &self.quantity {
            Some(quantity) => quantity.words(&words, |axis| self.word(axis)),
            None => words,
        }
    }

    /// A level by itself.
    pub(super) fn level(&self, level: &Level) -> String {
        let name = level.to_string();
        match (self.labels.get(&name), level) {
            (Some(label), _) => label.clone(),
            (None, Level::Text(text)) => text.replace('_', " "),
            (None, _) => name,
        }
    }

    /// A level with its axis; variants speak for themselves.
    pub(super) fn titled(&self, axis: &str, level: &Level) -> String {
        match level {
            Level::Text(_) if axis != "variant" => format!("{}: {}", self.word(axis), self.level(level)),
            level => self.named(axis, level),
        }
    }

    /// A level by itself where it is a word, with its axis where it is a number.
    pub(super) fn named(&self, axis: &str, level: &Level) -> String {
        match level {
            Level::Text(_) => self.level(level),
            level => format!("{} {}", self.word(axis), self.level(level)),
        }
    }
}
