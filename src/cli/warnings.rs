//! What libraries warn of, on standard error: signs that no font has, which a PNG then lacks.

use log::{Level, LevelFilter, Log, Metadata, Record};
use std::collections::BTreeSet;
use std::sync::Mutex;

struct Warnings(Mutex<BTreeSet<String>>);

static WARNINGS: Warnings = Warnings(Mutex::new(BTreeSet::new()));

/// Shows warnings from now on, each once.
pub(super) fn show() {
    // A second logger, of whoever uses the library, would be heard instead.
    if log::set_logger(&WARNINGS).is_ok() {
        log::set_max_level(LevelFilter::Warn);
    }
}

impl Log for Warnings {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= Level::Warn
    }

    fn log(&self, record: &Record<'_>) {
        let of = if record.target().starts_with("usvg") { "drawing a PNG: " } else { "" };
        let said = format!("{of}{}", record.args());
        let is_new = self.0.lock().is_ok_and(|mut all| all.insert(said.clone()));
        if self.enabled(record.metadata()) && is_new {
            eprintln!("warning: {said}");
        }
    }

    fn flush(&self) {}
}
