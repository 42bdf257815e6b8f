//! What can be wrong with a config: one error, from the room that minds to the screen.
//!
//! A room knows paths, not lines: it names the value by its path in the config, and
//! `study::config`, which has the text, finds where it is written.

use indexmap::IndexMap;
use serde::{Serialize, Serializer, ser::SerializeStruct};
use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::ops::Range;

/// Why a config cannot be: what is wrong, where, and what to do instead.
///
/// `Display` is `file:line:col: message` with the line and a caret; under the feature
/// `cli`, `report` makes a `miette` screen of it. As data it is
/// `{kind, message, label, help, source, line, column, end_line, end_column}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// What kind of thing is wrong.
    pub kind: Kind,
    /// The value, e.g. `["overseer", "hidden", "1"]`; list items by index.
    pub path: Vec<String>,
    /// Whether it is the last key of the path that is wrong, not its value.
    pub key: bool,
    /// The part of a text that is wrong, in bytes of the text; else all of it.
    pub within: Option<(u32, u32)>,
    /// What is wrong, with the value itself, in one sentence.
    pub message: String,
    /// A few words to stand under the value: the nearest name, mostly.
    pub label: String,
    /// What to do instead, or what is allowed; may be empty.
    pub help: String,
    /// Where it is written, once that is known.
    pub(crate) written: Option<Box<Written>>,
}

/// What kind of thing is wrong with a config, for a program that reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The text is not TOML, or not UTF-8.
    Syntax,
    /// A name that stands for nothing; the nearest is offered.
    Unknown,
    /// Something that must be given is not.
    Missing,
    /// A value of another type than is wanted.
    Type,
    /// A number outside the range of its setting.
    Range,
    /// Well written, but it contradicts something else or cannot be done.
    Conflict,
}

/// A place in a text; without the text, bytes counted through all sources of a config.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) span: Range<usize>,
}

impl ConfigError {
    /// The value at `path` (dotted; names may not contain dots) cannot be.
    pub fn new(path: &str, message: impl Display, help: impl Display) -> Self {
        Self {
            kind: Kind::Conflict,
            path: path.split('.').map(str::to_owned).collect(),
            key: false,
            within: None,
            message: message.to_string(),
            label: String::new(),
            help: help.to_string(),
            written: None,
        }
    }

    /// `name`, found at `path`, is none of the `known` things of this `kind`;
    /// offers the nearest.
    pub fn unknown<'a>(path: &str, kind: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(path, format!("there is no {kind} `{name}`"), "").suggesting(name, known)
    }

    /// The same, with the nearest of the `known` names and a list of them.
    pub(crate) fn suggesting<'a>(self, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let (label, help) = suggest(name, known);
        Self { kind: Kind::Unknown, label, help, ..self }
    }

    /// Something wrong with what is written at a place that is known already.
    pub(crate) fn at(span: Range<usize>, message: impl Display, help: impl Display) -> Self {
        Self::new("", message, help).written_at(span)
    }

    /// The same error, of another kind than [`Kind::Conflict`].
    pub fn of_kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// The same error, of what is written at a place.
    pub(crate) fn written_at(self, span: Range<usize>) -> Self {
        Self { written: Some(Box::new(Written { span, ..Written::default() })), ..self }
    }

    /// The same error, of the value at `path`.
    pub(crate) fn of(self, path: String) -> Self {
        Self { path: vec![path], ..self }
    }

    /// The same error, of the last key of the path instead of its value.
    pub fn at_key(self) -> Self {
        Self { key: true, ..self }
    }

    /// The same error, of the bytes `from .. to` of a text.
    pub fn within(self, from: usize, to: usize) -> Self {
        Self { within: Some((from as u32, to as u32)), ..self }
    }

    /// The file, or `--set`, `--seeds`.
    pub fn source_name(&self) -> &str {
        self.written.as_ref().map_or("", |written| &written.name)
    }

    /// Line, from 1.
    pub fn line(&self) -> usize {
        self.place(|span| span.start).0
    }

    /// Column in characters, from 1.
    pub fn column(&self) -> usize {
        self.place(|span| span.start).1
    }

    /// Line and column of the first character behind what is wrong.
    pub fn end(&self) -> (usize, usize) {
        self.place(|span| span.end)
    }

    fn place(&self, of: fn(&Range<usize>) -> usize) -> (usize, usize) {
        let before = self.written.as_ref().and_then(|written| written.text.get(..of(&written.span)));
        let before = before.unwrap_or("");
        let line = before.rsplit('\n').next().unwrap_or("");
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }
}

impl Serialize for ConfigError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut data = serializer.serialize_struct("ConfigError", 9)?;
        data.serialize_field("kind", &self.kind)?;
        data.serialize_field("message", &self.message)?;
        data.serialize_field("label", &self.label)?;
        data.serialize_field("help", &self.help)?;
        data.serialize_field("source", self.source_name())?;
        data.serialize_field("line", &self.line())?;
        data.serialize_field("column", &self.column())?;
        data.serialize_field("end_line", &self.end().0)?;
        data.serialize_field("end_column", &self.end().1)?;
        data.end()
    }
}

impl Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(written) = self.written.as_deref() else {
            return write!(f, "{}: {}; {}", self.path.join("."), self.message, self.help);
        };
        let (line, column) = (self.line(), self.column());
        let margin = " ".repeat(line.to_string().len());
        let (text, lead, width) = written.excerpt(column);
        let carets = format!("{lead}{} {}", "^".repeat(width), self.label);
        writeln!(f, "{}:{line}:{column}: {}", written.name, self.message)?;
        writeln!(f, "{margin} |")?;
        writeln!(f, "{}", format!("{line} | {text}").trim_end())?;
        write!(f, "{margin} | {}", carets.trim_end())?;
        self.help.lines().try_for_each(|line| write!(f, "\n{margin} = {line}"))
    }
}

impl std::error::Error for ConfigError {}

impl Written {
    /// The line (of a long one, a window), the white space before the caret, and its width.
    fn excerpt(&self, column: usize) -> (String, String, usize) {
        const WINDOW: usize = 160;
        const LEAD: usize = 60;
        let Self { text, span, .. } = self;
        let start = text[..span.start].rfind('\n').map_or(0, |i| i + 1);
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

#[cfg(feature = "cli")]
impl ConfigError {
    /// The error as a graphical screen: print it with `{:?}`.
    pub fn report(self) -> miette::Report {
        let Written { name, text, span } = self.written.map(|written| *written).unwrap_or_default();
        let label = if self.label.is_empty() { "here".to_owned() } else { self.label };
        let label = miette::LabeledSpan::new_primary_with_span(Some(label), span);
        let mut diagnostic = miette::MietteDiagnostic::new(self.message).with_label(label);
        diagnostic.help = Some(self.help).filter(|help| !help.is_empty());
        miette::Report::new(diagnostic).with_source_code(miette::NamedSource::new(name, text))
    }
}

/// "did you mean …?" (empty if nothing is near) and the list of what there is.
pub fn suggest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> (String, String) {
    const SHOWN: usize = 24;
    let known: Vec<&str> = known.into_iter().collect();
    let nearest = known
        .iter()
        .map(|k| (strsim::damerau_levenshtein(name, k), *k))
        .filter(|(distance, k)| *distance <= 1 + k.len() / 3 && *distance < k.len())
        .min();
    let label = nearest.map_or(String::new(), |(_, k)| format!("did you mean `{k}`?"));
    let help = match known.len() {
        0 => "there are none".to_owned(),
        n if n > SHOWN => format!("allowed: {}, … ({n} in all)", known[..SHOWN].join(", ")),
        _ => format!("allowed: {}", known.join(", ")),
    };
    (label, help)
}

/// Checks that the features called so in the table at `path` can be.
pub fn check_feature_names<'a>(
    path: &str,
    names: impl IntoIterator<Item = &'a String>,
) -> Result<(), ConfigError> {
    let word = |name: &str| {
        let plain = name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        plain && name.starts_with(|first: char| first.is_ascii_lowercase())
    };
    match names.into_iter().find(|name| !word(name)) {
        None => Ok(()),
        Some(name) => {
            let message = format!("`{name}` cannot be a name");
            let mut fault = ConfigError::new(path, message, "a letter a-z, then a-z, 0-9 and _").at_key();
            fault.path.push(name.clone());
            Err(fault)
        }
    }
}

/// Checks a list of names, found at `path`, against the `addresses` of a
/// world: each must be known, and none may stand for a feature already listed.
pub fn check_names(
    path: &str,
    listed: &[String],
    addresses: &IndexMap<String, Vec<String>>,
) -> Result<(), ConfigError> {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for (i, name) in listed.iter().enumerate() {
        let path = format!("{path}.{i}");
        let Some(columns) = addresses.get(name) else {
            return Err(ConfigError::unknown(&path, "feature", name, addresses.keys().map(String::as_str)));
        };
        for column in columns {
            match seen.insert(column, name) {
                Some(before) if before == name => {
                    return Err(ConfigError::new(&path, format!("`{name}` is listed twice"), "list it once"));
                }
                Some(before) => {
                    let message = format!("`{name}` and `{before}` both stand for `{column}`");
                    return Err(ConfigError::new(&path, message, "keep one of the two"));
                }
                None => {}
            }
        }
    }
    Ok(())
}
