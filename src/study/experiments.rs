//! The built-in experiments: every config in `configs/`, by name.

use crate::lab::world::toml_files;
use include_dir::{Dir, include_dir};

static CONFIGS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/configs");

/// Names and texts, in alphabetical order.
pub fn experiments() -> Vec<(&'static str, &'static str)> {
    toml_files(&CONFIGS)
}

/// The text of a built-in experiment.
pub fn experiment(name: &str) -> Option<&'static str> {
    experiments().into_iter().find_map(|(n, text)| (n == name).then_some(text))
}
