//! Writing a folder of results, whole or not at all.
//!
//! Files are written to a temporary folder beside the target, which takes the
//! target's place at the end. What an earlier run wrote goes (its manifest
//! lists it); what somebody else put there stays.

use super::Stop;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder of results in the making.
pub(super) struct Output {
    target: PathBuf,
    making: TempDir,
    files: Vec<File>,
}

struct File {
    name: String,
    bytes: usize,
    sha256: String,
}

impl Output {
    /// Starts on `to/name`; fails early if that cannot be written.
    pub(super) fn new(to: &Path, name: &str) -> Result<Self, Stop> {
        let target = to.join(name);
        let cannot = |e: io::Error| Stop::Files(format!("cannot write results to {}: {e}", target.display()));
        let file = to.ancestors().find(|part| part.is_file());
        if let Some(file) = file {
            return Err(Stop::Files(format!(
                "cannot write results to {}: {} is a file",
                target.display(),
                file.display()
            )));
        }
        fs::create_dir_all(to).map_err(cannot)?;
        if target.exists() && !target.is_dir() {
            return Err(Stop::Files(format!(
                "cannot write results to {}: it is not a folder",
                target.display()
            )));
        }
        let making = tempfile::Builder::new().prefix(&format!(".{name}.")).tempdir_in(to).map_err(cannot)?;
        Ok(Self { target, making, files: Vec::new() })
    }

    /// Adds a file; `name` may have folders, separated by `/`.
    pub(super) fn write(&mut self, name: &str, content: &[u8]) -> Result<(), Stop> {
        let path = self.making.path().join(name);
        let folder = path.parent().expect("inside the folder");
        fs::create_dir_all(folder).and_then(|()| fs::write(&path, content)).map_err(|e| self.cannot(&e))?;
        let digest = Sha256::digest(content);
        let sha256 = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        self.files.push(File { name: name.to_owned(), bytes: content.len(), sha256 });
        Ok(())
    }

    /// Writes the manifest, `facts` first, and puts the folder in its place.
    pub(super) fn finish(
        mut self,
        facts: serde_json::Map<String, serde_json::Value>,
    ) -> Result<PathBuf, Stop> {
        let mut manifest = facts;
        let files = self
            .files
            .iter()
            .map(|f| serde_json::json!({"name": f.name, "bytes": f.bytes, "sha256": f.sha256}));
        manifest.insert("files".to_owned(), files.collect());
        let text = serde_json::to_string_pretty(&manifest).expect("plain data") + "\n";
        self.write(MANIFEST, text.as_bytes())?;
        self.replace().map_err(|e| self.cannot(&e))?;
        Ok(self.target)
    }

    fn replace(&self) -> io::Result<()> {
        // A temporary folder is private; results are as readable as any new folder.
        let model = self.making.path().join("permissions");
        fs::create_dir(&model)?;
        fs::set_permissions(self.making.path(), fs::metadata(&model)?.permissions())?;
        fs::remove_dir(&model)?;
        if !self.target.exists() {
            return fs::rename(self.making.path(), &self.target);
        }
        let mut old = self.making.path().as_os_str().to_owned();
        old.push(".old");
        let old = PathBuf::from(old);
        fs::rename(&self.target, &old)?;
        if let Err(e) = fs::rename(self.making.path(), &self.target) {
            fs::rename(&old, &self.target)?;
            return Err(e);
        }
        keep_foreign(&old, &self.target, &written_by_us(&old), Path::new(""))?;
        fs::remove_dir_all(&old)
    }

    fn cannot(&self, e: &io::Error) -> Stop {
        Stop::Files(format!("cannot write results to {}: {e}", self.target.display()))
    }
}

/// Lists the files of a run, and what it was.
pub(super) const MANIFEST: &str = "manifest.json";

/// The files that the manifest in `folder` claims.
fn written_by_us(folder: &Path) -> BTreeSet<PathBuf> {
    let manifest = fs::read(folder.join(MANIFEST)).ok();
    let manifest: Option<serde_json::Value> = manifest.and_then(|text| serde_json::from_slice(&text).ok());
    let names = manifest.iter().filter_map(|m| m.get("files")?.as_array()).flatten();
    let names = names.filter_map(|f| f.get("name")?.as_str()).map(PathBuf::from);
    let known = manifest.is_some().then(|| PathBuf::from(MANIFEST));
    names.chain(known).collect()
}

/// Moves what is not `ours` from `old` to `new`; where a new file has the name
/// already, as `NAME.old`.
fn keep_foreign(old: &Path, new: &Path, ours: &BTreeSet<PathBuf>, inside: &Path) -> io::Result<()> {
    for entry in fs::read_dir(old.join(inside))? {
        let entry = entry?;
        let name = inside.join(entry.file_name());
        let mut kept = new.join(&name);
        if entry.file_type()?.is_dir() && kept.is_dir() {
            keep_foreign(old, new, ours, &name)?;
        } else if !ours.contains(&name) {
            if kept.exists() {
                let mut other = kept.into_os_string();
                other.push(".old");
                kept = PathBuf::from(other);
            }
            fs::rename(old.join(&name), kept)?;
        }
    }
    Ok(())
}
