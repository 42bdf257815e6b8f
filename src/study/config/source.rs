//! Several sources in one space of offsets: the file first, then each `--set`,
//! so that a span alone says where a value was written.

use super::error::{ConfigError, Report};
use crate::numerics::fault::{Fault, suggest};
use std::fmt::Display;
use std::ops::Range;

/// Bytes, counted through all sources.
pub(super) type Span = Range<usize>;

/// Something wrong with what is written at one place.
#[derive(Clone, Debug)]
pub(super) struct Flaw {
    span: Span,
    message: String,
    label: String,
    help: String,
}

impl Flaw {
    /// A flaw at `span`; `help` says what is allowed or what to do instead.
    pub(super) fn new(span: Span, message: impl Display, help: impl Display) -> Self {
        Self { span, message: message.to_string(), label: String::new(), help: help.to_string() }
    }

    /// `name` is none of the `known` ones; offers the nearest.
    pub(super) fn unknown<'a>(
        span: Span,
        message: impl Display,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let (label, help) = suggest(name, known);
        Self { label, ..Self::new(span, message, help) }
    }

    /// A room's fault, found at `span`.
    pub(super) fn of(fault: Fault, span: Span) -> Self {
        Self { span, message: fault.message, label: fault.label, help: fault.help }
    }
}

/// All that was read.
pub(super) struct Sources(Vec<Source>);

struct Source {
    name: String,
    text: String,
    start: usize,
}

impl Sources {
    /// The file alone, from offset 0.
    pub(super) fn new(name: &str, text: &str) -> Self {
        Self(vec![Source { name: name.to_owned(), text: text.to_owned(), start: 0 }])
    }

    /// Adds a source and returns where it starts.
    pub(super) fn add(&mut self, name: &str, text: &str) -> usize {
        let start = self.0.last().map_or(0, |s| s.start + s.text.len() + 1);
        self.0.push(Source { name: name.to_owned(), text: text.to_owned(), start });
        start
    }

    /// The flaw, with its source, line and column.
    pub(super) fn error(&self, flaw: Flaw) -> ConfigError {
        let source = self.0.iter().rfind(|s| s.start <= flaw.span.start).expect("the first starts at 0");
        let at = |offset: usize| floor_char(&source.text, offset.saturating_sub(source.start));
        let start = at(flaw.span.start);
        ConfigError(Box::new(Report {
            message: flaw.message,
            label: flaw.label,
            help: flaw.help,
            name: source.name.clone(),
            text: source.text.clone(),
            span: start..at(flaw.span.end).max(start),
        }))
    }
}

/// The nearest boundary of a character at or before `offset`.
fn floor_char(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rfind(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

/// The text of a file, without its byte order mark.
pub(super) fn decode<'b>(name: &str, bytes: &'b [u8]) -> Result<&'b str, ConfigError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|e| {
        let good = e.valid_up_to();
        let message = format!("the byte 0x{:02x} is not UTF-8", bytes[good]);
        let flaw = Flaw::new(good..good + '\u{fffd}'.len_utf8(), message, "save the file as UTF-8");
        Sources::new(name, &String::from_utf8_lossy(bytes)).error(flaw)
    })
}
