//! The one error of a config: what is wrong, where, and what to do instead.

#[cfg(feature = "cli")]
use super::source::{Flaw, Sources, decode};
use std::fmt;
use std::ops::Range;

/// Why a config cannot be read: a message, the place it points at, and help.
///
/// `Display` is `file:line:col: message` with the line and a caret; under the
/// feature `cli`, `report` makes a `miette` screen of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(pub(super) Box<Report>);

/// What a [`ConfigError`] holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) message: String,
    pub(super) label: String,
    pub(super) help: String,
    pub(super) name: String,
    pub(super) text: String,
    /// Bytes of `text`.
    pub(super) span: Range<usize>,
}

impl ConfigError {
    /// What is wrong, in one sentence.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// A few words that stand under the caret; may be empty.
    pub fn label(&self) -> &str {
        &self.0.label
    }

    /// What is allowed, or what to do instead; may be empty.
    pub fn help(&self) -> &str {
        &self.0.help
    }

    /// The file, or `--set`, `--seeds`.
    pub fn source_name(&self) -> &str {
        &self.0.name
    }

    /// Line, from 1.
    pub fn line(&self) -> usize {
        self.before().matches('\n').count() + 1
    }

    /// Column in characters, from 1.
    pub fn column(&self) -> usize {
        self.before().rsplit('\n').next().unwrap_or("").chars().count() + 1
    }

    fn before(&self) -> &str {
        &self.0.text[..self.0.span.start]
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = (self.line(), self.column());
        let margin = " ".repeat(line.to_string().len());
        let (text, lead, width) = self.excerpt(column);
        let carets = format!("{lead}{} {}", "^".repeat(width), self.label());
        writeln!(f, "{}:{line}:{column}: {}", self.source_name(), self.message())?;
        writeln!(f, "{margin} |")?;
        writeln!(f, "{}", format!("{line} | {text}").trim_end())?;
        write!(f, "{margin} | {}", carets.trim_end())?;
        for line in self.help().lines() {
            write!(f, "\n{margin} = {line}")?;
        }
        Ok(())
    }
}

impl ConfigError {
    /// The line (of a long one, a window), the white space before the caret, and its width.
    fn excerpt(&self, column: usize) -> (String, String, usize) {
        const WINDOW: usize = 160;
        const LEAD: usize = 60;
        let Report { text, span, .. } = &*self.0;
        let start = self.before().rfind('\n').map_or(0, |i| i + 1);
        let line = text[start..].lines().next().unwrap_or("");
        let shown = |c: char| if c.is_control() && c != '\t' { '\u{fffd}' } else { c };
        let all: Vec<char> = line.chars().map(shown).collect();
        let from = if all.len() > WINDOW { (column - 1).saturating_sub(LEAD) } else { 0 };
        let window = &all[from.min(all.len())..all.len().min(from + WINDOW)];
        let gap = column - 1 - from;
        let blank = |i: usize| if window.get(i) == Some(&'\t') { '\t' } else { ' ' };
        let covered = text[span.clone()].lines().next().unwrap_or("").chars().count();
        let width = covered.min(window.len().saturating_sub(gap)).max(1);
        (window.iter().collect(), (0..gap).map(blank).collect(), width)
    }
}

impl std::error::Error for ConfigError {}

#[cfg(feature = "cli")]
impl ConfigError {
    /// An error of another file that a user wrote, at a byte of its text.
    pub(crate) fn at(name: &str, text: &str, at: usize, message: String, help: String) -> Self {
        Sources::new(name, text).error(Flaw::new(at..at + 1, message, help))
    }

    /// The text of such a file, without its byte order mark.
    pub(crate) fn text<'b>(name: &str, bytes: &'b [u8]) -> Result<&'b str, Self> {
        decode(name, bytes)
    }

    /// The error as a graphical screen: print it with `{:?}`.
    pub fn report(self) -> miette::Report {
        Screen(self).into()
    }
}

/// A [`ConfigError`] whose `Display` is its message alone: `miette` draws the rest.
#[cfg(feature = "cli")]
#[derive(Debug)]
struct Screen(ConfigError);

#[cfg(feature = "cli")]
impl fmt::Display for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.message())
    }
}

#[cfg(feature = "cli")]
impl std::error::Error for Screen {}

#[cfg(feature = "cli")]
impl miette::Diagnostic for Screen {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.0.help().is_empty()).then(|| Box::new(self.0.help()) as _)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(&*self.0.0)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = miette::LabeledSpan> + '_>> {
        let label = if self.0.label().is_empty() { "here" } else { self.0.label() };
        let primary =
            miette::LabeledSpan::new_primary_with_span(Some(label.to_owned()), self.0.0.span.clone());
        Some(Box::new(std::iter::once(primary)))
    }
}

#[cfg(feature = "cli")]
impl miette::SourceCode for Report {
    fn read_span<'a>(
        &'a self,
        span: &miette::SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn miette::SpanContents<'a> + 'a>, miette::MietteError> {
        let part = self.text.read_span(span, before, after)?;
        let (line, column, lines) = (part.line(), part.column(), part.line_count());
        Ok(Box::new(miette::MietteSpanContents::new_named(
            self.name.clone(),
            part.data(),
            *part.span(),
            line,
            column,
            lines,
        )))
    }
}
