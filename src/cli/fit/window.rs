//! A window on a file that is read once: the rows around the one being read, for messages that show it.

use crate::study::config::ConfigError;
use std::io::{self, Read};

/// Bytes that are kept before the window moves on.
const KEPT: u64 = 1 << 16;

/// Hands bytes on, and keeps those from the last row but one.
pub(super) struct Window<R> {
    source: R,
    kept: Vec<u8>,
    /// Bytes and lines before those kept.
    before: (u64, usize),
}

impl<R: Read> Read for Window<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.source.read(buffer)?;
        self.kept.extend_from_slice(&buffer[..n]);
        Ok(n)
    }
}

/// What is wrong with a row: in which field, where it is one, and what is allowed.
pub(super) struct Flaw {
    pub(super) field: Option<usize>,
    pub(super) message: String,
    pub(super) help: String,
}

impl Flaw {
    pub(super) fn new(
        field: impl Into<Option<usize>>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { field: field.into(), message: message.into(), help: help.into() }
    }
}

impl<R: Read> Window<R> {
    /// On a file without its byte order mark.
    pub(super) fn new(source: R) -> Self {
        Self { source, kept: Vec::new(), before: (0, 0) }
    }

    /// Forgets what stands before this byte, now and then.
    pub(super) fn forget(&mut self, before: u64) {
        let (bytes, lines) = &mut self.before;
        if before - *bytes > KEPT {
            let gone = self.kept.drain(..(before - *bytes) as usize);
            *lines += gone.filter(|byte| *byte == b'\n').count();
            *bytes = before;
        }
    }

    /// The bytes of a row as they are written, from its start to the next.
    fn row(&self, from: u64, to: u64) -> &[u8] {
        let [from, to] = [from, to].map(|at| ((at - self.before.0) as usize).min(self.kept.len()));
        let row = &self.kept[from..to];
        // The reader counts blank lines before a row as part of it.
        let blank = row.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        &row[blank..]
    }

    /// Whether a quote of this row is never closed.
    pub(super) fn is_open(&self, from: u64, to: u64) -> bool {
        starts(self.row(from, to)).1.is_some()
    }

    /// The error of the row that stands from one byte to another.
    pub(super) fn fault(&self, name: &str, (from, to): (u64, u64), flaw: Flaw) -> ConfigError {
        let row = self.row(from, to);
        let start = row.as_ptr() as usize - self.kept.as_ptr() as usize;
        let Flaw { field, mut message, mut help } = flaw;
        let mut within = field.map_or(0, |field| starts(row).0.get(field).copied().unwrap_or(row.len()));
        if let Some(quote) = starts(row).1 {
            within = quote;
            message = "this quote is never closed".to_owned();
            help = "close it, or take it away; a quote inside of quotes is written twice".to_owned();
        } else if row.trim_ascii_end().contains(&b'\n') {
            help += "\nthis row is of several lines: a quote may be open too long";
        }
        // A field that is empty at the end of its row has no letter to point at but the line break.
        let at = (start + within).min(self.kept.len());
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut shown = "\n".repeat(self.before.1) + &text(&self.kept[..at]);
        let place = shown.len();
        shown += &text(&self.kept[at..]);
        ConfigError::in_text(name, &shown, place, message, help)
    }
}

/// Where the fields of a row start, spaces apart, and a quote that is still open at its end.
fn starts(row: &[u8]) -> (Vec<usize>, Option<usize>) {
    let (mut starts, mut open, mut fresh) = (Vec::new(), None, true);
    for (i, byte) in row.iter().enumerate() {
        match (open, byte) {
            // A quote that is written twice closes and opens again.
            (Some(_), b'"') => open = None,
            (Some(_), _) => {}
            (None, b'"') if fresh || i > 0 && row[i - 1] == b'"' => {
                if fresh {
                    starts.push(i);
                }
                open = starts.last().copied();
                fresh = false;
            }
            (None, b',') => {
                if fresh {
                    starts.push(i);
                }
                fresh = true;
            }
            (None, b' ' | b'\t') => {}
            (None, _) if fresh => {
                starts.push(i);
                fresh = false;
            }
            (None, _) => {}
        }
    }
    if fresh {
        starts.push(row.trim_ascii_end().len());
    }
    (starts, open)
}
