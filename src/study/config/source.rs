//! Several sources in one space of offsets: the file first, then each `--set`,
//! so that a span alone says where a value was written.

use super::ConfigError;
use crate::numerics::error::{Kind, Written};
use std::ops::Range;

/// Bytes, counted through all sources.
pub(super) type Span = Range<usize>;

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

    /// The error, with its source.
    pub(super) fn name(&self, error: ConfigError) -> ConfigError {
        let span = error.written.map_or(0..0, |written| written.span);
        let source = self.0.iter().rfind(|s| s.start <= span.start).expect("the first starts at 0");
        let at = |offset: usize| source.text.floor_char_boundary(offset.saturating_sub(source.start));
        let span = at(span.start)..at(span.end).max(at(span.start));
        let written = Written { name: source.name.clone(), text: source.text.clone(), span };
        ConfigError { written: Some(Box::new(written)), ..error }
    }
}

impl ConfigError {
    /// An error of another file that a user wrote, at a byte of its text.
    #[cfg(feature = "cli")]
    pub(crate) fn in_text(name: &str, text: &str, at: usize, message: String, help: String) -> Self {
        Sources::new(name, text).name(Self::at(at..at + 1, message, help).of_kind(Kind::Syntax))
    }

    /// The text of a file, without its byte order mark.
    pub(crate) fn text<'b>(name: &str, bytes: &'b [u8]) -> Result<&'b str, Self> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        std::str::from_utf8(bytes).map_err(|e| {
            let good = e.valid_up_to();
            let message = format!("the byte 0x{:02x} is not UTF-8", bytes[good]);
            let span = good..good + '\u{fffd}'.len_utf8();
            let error = Self::at(span, message, "save the file as UTF-8").of_kind(Kind::Syntax);
            Sources::new(name, &String::from_utf8_lossy(bytes)).name(error)
        })
    }
}
