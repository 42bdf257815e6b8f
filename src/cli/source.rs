//! Where a config comes from: a path, standard input, or the built-in ones.

use super::Stop;
use crate::numerics::error::suggest;
use crate::study::experiments::{experiment, experiments};
use std::io::Read;
use std::path::Path;

/// The name to show in errors, and the bytes.
pub(super) fn open(config: &str) -> Result<(String, Vec<u8>), Stop> {
    let path = Path::new(config);
    let bare = path.components().count() == 1 && path.extension().is_none() && config != "-";
    if bare && let Some(text) = experiment(config) {
        return Ok((format!("{config}.toml"), text.as_bytes().to_vec()));
    }
    if bare && !path.exists() {
        let (nearest, all) = suggest(config, experiments().into_iter().map(|(name, _)| name));
        return Err(Stop::Usage(format!(
            "there is no experiment and no file `{config}`; {}",
            [nearest, all].join(" ").trim()
        )));
    }
    read_input(config, "stdin.toml")
}

/// A file, or standard input for `-`, which errors then call `stdin`.
pub(super) fn read_input(path: &str, stdin: &str) -> Result<(String, Vec<u8>), Stop> {
    let (name, what) = if path == "-" { (stdin, "standard input") } else { (path, path) };
    let text = if path == "-" {
        let mut text = Vec::new();
        std::io::stdin().lock().read_to_end(&mut text).map(|_| text)
    } else {
        std::fs::read(path)
    };
    let text = text.map_err(|e| Stop::Files(format!("cannot read {what}: {e}")))?;
    Ok((name.to_owned(), text))
}
