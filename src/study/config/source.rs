//! Several sources in one space of offsets: the file first, then each `--set`,
//! so that a span alone says where a value was written.

use super::ConfigError;
use super::tree::{Leaf, flatten, parse};
use crate::numerics::error::{Kind, Written};
use std::ops::Range;
use toml::de::DeTable;

/// Bytes, counted through all sources.
pub(super) type Span = Range<usize>;

/// All that was read.
pub(super) struct Sources(Vec<Source>);

pub(super) struct Source {
    name: String,
    /// Indented by as much as all before it are long.
    text: String,
    start: usize,
}

impl Sources {
    /// The file alone, from offset 0.
    pub(super) fn new(name: &str, text: &str) -> Self {
        Self(vec![Source { name: name.to_owned(), text: text.to_owned(), start: 0 }])
    }

    /// Adds an argument of the command line.
    pub(super) fn add(&mut self, option: &str, argument: &str) {
        let start = self.0.last().map_or(0, |s| s.text.len() + 1);
        let text = " ".repeat(start) + &as_toml(argument);
        self.0.push(Source { name: option.to_owned(), text, start });
    }

    /// The text of the file.
    pub(super) fn file(&self) -> &str {
        &self.0[0].text
    }

    /// What the arguments of an option set.
    pub(super) fn arguments(&self, option: &str) -> Result<Vec<Leaf<'_>>, ConfigError> {
        let given = self.0[1..].iter().filter(|source| source.name == option);
        Ok(given.map(Source::leaves).collect::<Result<Vec<_>, _>>()?.concat())
    }

    /// The texts that were given with an option, and where they are written.
    pub(super) fn given(&self, option: &str) -> Vec<(&str, Span)> {
        let given = self.0[1..].iter().filter(|source| source.name == option);
        given.map(|source| (&source.text[source.start..], source.start..source.text.len())).collect()
    }

    /// The error, with its source.
    pub(super) fn name(&self, error: ConfigError) -> ConfigError {
        let span = error.written.map_or(0..0, |written| written.span);
        let source = self.0.iter().rfind(|s| s.start <= span.start).expect("the first starts at 0");
        let text = &source.text[source.start..];
        let at = |offset: usize| text.floor_char_boundary(offset.saturating_sub(source.start));
        let span = at(span.start)..at(span.end).max(at(span.start));
        let written = Written { name: source.name.clone(), text: text.to_owned(), span };
        ConfigError { written: Some(Box::new(written)), ..error }
    }
}

impl Source {
    fn leaves(&self) -> Result<Vec<Leaf<'_>>, ConfigError> {
        let refuse = |error: ConfigError| {
            let path = self.text[self.start..].split('=').next().unwrap_or("");
            let (end, message) = match self.start + path.len() {
                end if end == self.text.len() => (end, "expected path=value".to_owned()),
                end => (end, format!("`{path}` is not a path")),
            };
            let help =
                "write path=value, e.g. --set feedback.labels=100 or --set 'overseer.hidden=[\"length\"]'";
            let no_path = ConfigError::at(self.start..end, message, help).of_kind(Kind::Syntax);
            if error.kind == Kind::Syntax { no_path } else { error }
        };
        parse(&self.text).map(|tree| flatten(&tree)).map_err(refuse)
    }
}

/// An argument `path=value`; a value that is not TOML is a text, or a list of texts that have lost
/// their quotes to the shell.
fn as_toml(argument: &str) -> String {
    let is_toml = |text: &str| DeTable::parse(text).is_ok();
    let Some((path, value)) = argument.split_once('=').filter(|_| !is_toml(argument)) else {
        return argument.to_owned();
    };
    let quoted = |text: &str| toml::Value::from(text.trim()).to_string();
    let items = value.trim().strip_prefix('[').and_then(|value| value.strip_suffix(']'));
    let value = match items.filter(|i| !i.trim().is_empty() && !i.contains(['[', ']', '{', '}', '"', '\''])) {
        Some(items) => format!("[{}]", items.split(',').map(quoted).collect::<Vec<_>>().join(", ")),
        None => quoted(value),
    };
    Some(format!("{path}={value}")).filter(|text| is_toml(text)).unwrap_or_else(|| argument.to_owned())
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
