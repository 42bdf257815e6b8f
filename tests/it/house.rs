//! The house: floors stand on those below them and know none above; rooms stay small.

use std::fs;
use std::path::{Path, PathBuf};

/// From the bottom up.
const FLOORS: [&str; 5] = ["numerics", "lab", "study", "show", "cli"];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

#[test]
fn no_floor_knows_one_above() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (floor, name) in FLOORS.iter().enumerate() {
        for file in sources(&src.join(name)) {
            let text = fs::read_to_string(&file).expect("readable");
            for above in &FLOORS[floor + 1..] {
                let known = text.contains(&format!("crate::{above}"));
                assert!(!known, "{} knows {above}, which is above {name}", file.display());
            }
        }
    }
}

#[test]
fn no_file_is_longer_than_400_lines() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in sources(&root.join("src")) {
        let lines = fs::read_to_string(&file).expect("readable").lines().count();
        assert!(lines <= 400, "{} has {lines} lines", file.display());
    }
}
