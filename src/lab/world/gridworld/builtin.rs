//! The built-in maps: config files like anybody's, embedded.

use super::config::Gridworld;
use super::map::place;
use crate::numerics::error::ConfigError;
use include_dir::{Dir, File, include_dir};

static MAPS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/lab/world/gridworld/maps");

/// Names and texts of the built-in maps, in alphabetical order. The text is a
/// config's `[world.gridworld]`, to copy and change.
pub fn gridworlds() -> Vec<(&'static str, &'static str)> {
    toml_files(&MAPS)
}

/// Names and texts of the TOML files in an embedded folder, in alphabetical order.
pub(crate) fn toml_files(folder: &'static Dir<'static>) -> Vec<(&'static str, &'static str)> {
    let named = |f: &'static File<'static>| {
        Some((f.path().file_name()?.to_str()?.strip_suffix(".toml")?, f.contents_utf8()?))
    };
    let mut all: Vec<(&str, &str)> = folder.files().filter_map(named).collect();
    all.sort_unstable();
    all
}

/// The built-in map of this name; `None` where it is a map, not a name.
pub(super) fn builtin(name: &str) -> Result<Option<Gridworld>, ConfigError> {
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        return Ok(None);
    }
    let all = gridworlds();
    let Some((_, text)) = all.iter().find(|(known, _)| *known == name) else {
        let fault = ConfigError::unknown("", "map", name, all.iter().map(|(known, _)| *known));
        return Err(ConfigError { path: place(&["map"], "", "").path, ..fault });
    };
    let file: toml::Table = toml::from_str(text).expect("a map is TOML");
    Ok(Some(file["world"]["gridworld"].clone().try_into().expect("a map is a gridworld")))
}
