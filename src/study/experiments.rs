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

/// What a config says at its top level under this name, if that is text: its `title`, or what it is `about`. The
/// config may be wrong otherwise.
pub fn said(text: &str, name: &str) -> String {
    let table: Option<toml::Table> = toml::from_str(text).ok();
    table.and_then(|table| Some(table.get(name)?.as_str()?.trim().to_owned())).unwrap_or_default()
}
