//! `OUT/index.html`: every run in a folder, by what its manifest says.

use super::Stop;
use super::output::{MANIFEST, Making, put};
use crate::show::report::{self, Entry, MARKER};
use serde_json::Value;
use std::fs;
use std::io;
use std::path::Path;

/// Writes the index of the runs in `to`; one of somebody else's is left alone.
pub(super) fn write(to: &Path) -> Result<(), Stop> {
    let target = to.join("index.html");
    let cannot = |e: io::Error| Stop::Files(format!("cannot write {}: {e}", target.display()));
    let ours = match fs::read(&target) {
        Ok(text) => text.windows(MARKER.len()).any(|part| part == MARKER.as_bytes()),
        Err(e) => e.kind() == io::ErrorKind::NotFound,
    };
    if !ours {
        eprintln!("note: {} is not an index of ours and stays as it is", target.display());
        return Ok(());
    }
    let text = report::index(&entries(to).map_err(cannot)?);
    let making = Making::new(to, ".index.html.", "").map_err(cannot)?;
    let made = making.path().join("index.html");
    put(&made, text.as_bytes()).and_then(|()| fs::rename(&made, &target)).map_err(cannot)
}

/// The runs in `to`, by name.
fn entries(to: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for folder in fs::read_dir(to)? {
        let folder = folder?;
        let name = folder.file_name().to_string_lossy().into_owned();
        // What starts with a dot is a run in the making.
        if !name.starts_with('.') {
            entries.extend(entry(&folder.path(), name));
        }
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

/// A run of ours, with a report to link to.
fn entry(folder: &Path, name: String) -> Option<Entry> {
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join(MANIFEST)).ok()?).ok()?;
    manifest["oversight"].as_str()?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let count = |value: &Value| value.as_u64().unwrap_or(0);
    let claims = ["holds", "fails", "undecided"].map(|verdict| &manifest["claims"][verdict]);
    let mut files = manifest["files"].as_array()?.iter().filter_map(|file| file["name"].as_str());
    let picture = files.clone().find(|file| file.starts_with("figures/") && file.ends_with(".svg"));
    files.find(|file| *file == "report.html")?;
    Some(Entry {
        name,
        title: text(&manifest["title"]),
        about: text(&manifest["about"]),
        seeds: count(&manifest["seeds"]),
        claims: claims.map(|n| count(n) as usize),
        picture: picture.map(str::to_owned),
    })
}
