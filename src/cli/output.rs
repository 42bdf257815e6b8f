//! Writing a folder of results, whole or not at all.
//!
//! Files are written to a temporary folder, and take their places when all are there. What an
//! earlier run wrote goes (its manifest lists it); what somebody else put there stays. A folder that is a link
//! is written through. A run holds a lock in its temporary folder, which goes with its process. The next run of
//! that name sweeps away folders whose lock nobody holds, which killed runs left behind, and does not start
//! beside one whose lock is held, unless both are shards and not the same one.

use super::Stop;
use super::parts::Shard;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};
use tempfile::TempDir;

/// Lists the files of a run, and what it was.
pub(super) const MANIFEST: &str = "manifest.json";

/// The folders on the way to results; those that were made and stay empty go again.
pub(super) struct Way(Vec<PathBuf>);

impl Way {
    pub(super) fn make(to: &Path) -> Result<Self, Stop> {
        let there = |part: &&Path| part.symlink_metadata().is_ok() || part.as_os_str().is_empty();
        if let Some(part) =
            to.ancestors().find(there).filter(|part| !part.as_os_str().is_empty() && !part.is_dir())
        {
            return Err(cannot(to, format!("{} is not a folder", part.display())));
        }
        let way = Self(to.ancestors().take_while(|part| !there(part)).map(Path::to_owned).collect());
        fs::create_dir_all(to).map_err(|e| cannot(to, e))?;
        Ok(way)
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        // What is not empty stays.
        self.0.iter().take_while(|folder| fs::remove_dir(folder).is_ok()).for_each(drop);
    }
}

/// A folder of results in the making.
pub(super) struct Output {
    pub(super) target: PathBuf,
    making: Making,
    files: Vec<Value>,
}

/// A temporary folder.
pub(super) struct Making {
    folder: TempDir,
    /// Held as long as the folder is in use.
    _lock: File,
    /// Who else is at work.
    other: Option<String>,
}

/// The file in a temporary folder that is locked by whom it belongs to.
const LOCK: &str = ".lock";

/// Beside it: which shard they run.
const SHARD: &str = ".shard";

impl Output {
    /// Starts on the folder `target`, beside or inside of it; fails early if it cannot be written.
    pub(super) fn new(target: PathBuf, inside: &Path, shard: Option<Shard>) -> Result<Self, Stop> {
        if target.symlink_metadata().is_ok() && !target.is_dir() {
            return Err(cannot(&target, "it is not a folder"));
        }
        // Files can only be renamed within a file system: behind a link, that of the folder itself.
        let inside = if target.is_symlink() { &target } else { inside };
        let prefix = format!(".{}.", target.file_name().unwrap_or_default().to_string_lossy());
        let shard = shard.map_or_else(String::new, |shard| shard.to_string());
        let making = Making::new(inside, &prefix, &shard).map_err(|e| cannot(&target, e))?;
        match &making.other {
            Some(other) => Err(cannot(&target, format!("{other} is at work there; wait for its end"))),
            None => Ok(Self { target, making, files: Vec::new() }),
        }
    }

    /// Adds a file; `name` may have folders, separated by `/`.
    pub(super) fn write(&mut self, name: &str, content: &[u8]) -> Result<(), Stop> {
        let path = self.making.path().join(name);
        let folder = path.parent().expect("inside the folder");
        let written = fs::create_dir_all(folder).and_then(|()| put(&path, content));
        written.map_err(|e| cannot(&self.target, e))?;
        self.files.push(json!({ "name": name, "bytes": content.len(), "sha256": sha256(content) }));
        Ok(())
    }

    /// Writes the manifest, `facts` first, and puts all in its place.
    pub(super) fn finish(mut self, mut facts: Value) -> Result<PathBuf, Stop> {
        facts["files"] = self.files.clone().into();
        let text = serde_json::to_string_pretty(&facts).expect("plain data") + "\n";
        self.write(MANIFEST, text.as_bytes())?;
        self.settle().map_err(|e| cannot(&self.target, e))?;
        Ok(self.target)
    }

    /// Puts each file in its place, the manifest last, and takes away what an earlier run wrote.
    fn settle(&self) -> io::Result<()> {
        let mut old = written_by_us(&self.target);
        let names = || self.files.iter().filter_map(|file| file["name"].as_str()).map(Path::new);
        for name in names() {
            let place = self.target.join(name);
            let folder = place.parent().expect("inside the folder");
            set_aside(folder, folder.exists() && !folder.is_dir())?;
            fs::create_dir_all(folder)?;
            // What is written now must not go as old, whether or not it is there yet.
            let ours = old.remove(name);
            // A run that was killed here left what is written now, without a manifest.
            let same = || fs::read(&place).ok() == fs::read(self.making.path().join(name)).ok();
            set_aside(&place, place.is_dir() || place.exists() && !ours && !same())?;
        }
        let rename = |name: &Path| fs::rename(self.making.path().join(name), self.target.join(name));
        let manifest = Path::new(MANIFEST);
        names().filter(|name| *name != manifest).try_for_each(rename)?;
        // What is gone already need not go.
        old.iter().for_each(|name| drop(fs::remove_file(self.target.join(name))));
        rename(manifest)?;
        // Where folders cannot be opened, their system cares for the names in them.
        let folders: BTreeSet<_> =
            names().filter_map(|name| self.target.join(name).parent().map(Path::to_owned)).collect();
        folders.iter().for_each(|folder| drop(File::open(folder).and_then(|folder| folder.sync_all())));
        Ok(())
    }
}

impl Making {
    /// Makes a temporary folder, and sweeps away others of this prefix that nobody uses.
    pub(super) fn new(inside: &Path, prefix: &str, shard: &str) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix(prefix).tempdir_in(inside)?;
        // It gets its name when it is locked, so that nobody takes the folder in between; a file system
        // that knows no locks does without.
        let [early, place] = ["lock", LOCK].map(|name| folder.path().join(name));
        fs::write(folder.path().join(SHARD), shard)?;
        let lock = File::create(&early)?;
        if lock.lock().is_ok() {
            fs::rename(&early, &place)?;
        }
        // Whoever looks around after that is seen, or sees; of two that start at once, both may stop.
        let other = sweep(inside, prefix, folder.path(), shard);
        Ok(Self { folder, _lock: lock, other })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Takes away temporary folders whose owner is gone; says who else is at work, and not on another shard.
fn sweep(inside: &Path, prefix: &str, own: &Path, shard: &str) -> Option<String> {
    let ours = |name: &str| name.strip_prefix(prefix).is_some_and(|rest| rest.len() == 6);
    let others = fs::read_dir(inside).into_iter().flatten().flatten().filter(|folder| {
        folder.file_name().to_str().is_some_and(ours)
            && folder.file_name() != own.file_name().unwrap_or_default()
    });
    let mut at_work = None;
    for folder in others.map(|folder| folder.path()) {
        let Ok(lock) = File::open(folder.join(LOCK)) else { continue };
        // Several may look at once and not take each other for the owner, whose lock is exclusive.
        match lock.try_lock_shared() {
            // What cannot be taken away stays; nothing depends on it.
            Ok(()) => drop(fs::remove_dir_all(folder)),
            Err(TryLockError::WouldBlock) => {
                let theirs = fs::read_to_string(folder.join(SHARD)).unwrap_or_default();
                if theirs.is_empty() {
                    at_work = Some("another run".to_owned());
                } else if shard.is_empty() || shard == theirs {
                    at_work = Some(format!("shard {theirs}"));
                }
            }
            Err(TryLockError::Error(_)) => {}
        }
    }
    at_work
}

/// Writes a file in one step: it is whole and on the disk before it has its name.
pub(super) fn put(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut making = path.as_os_str().to_owned();
    making.push(format!(".{}", std::process::id()));
    let write = |mut file: File| file.write_all(content).and_then(|()| file.sync_all());
    let written = File::create(&making).and_then(write).and_then(|()| fs::rename(&making, path));
    written.inspect_err(|_| drop(fs::remove_file(&making)))
}

/// The digest by which a manifest knows a file.
pub(super) fn sha256(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn cannot(target: &Path, why: impl std::fmt::Display) -> Stop {
    Stop::Files(format!("cannot write results to {}: {why}", target.display()))
}

/// Renames what somebody else put in the way to `NAME.old`.
fn set_aside(path: &Path, foreign: bool) -> io::Result<()> {
    let mut old = path.as_os_str().to_owned();
    old.push(".old");
    if foreign { fs::rename(path, old) } else { Ok(()) }
}

/// The files that the manifest in `folder` claims.
fn written_by_us(folder: &Path) -> BTreeSet<PathBuf> {
    let manifest = fs::read(folder.join(MANIFEST)).ok();
    let manifest: Option<Value> = manifest.and_then(|text| serde_json::from_slice(&text).ok());
    let names = manifest.iter().filter_map(|m| m.get("files")?.as_array()).flatten();
    let names = names.filter_map(|f| f.get("name")?.as_str()).map(PathBuf::from);
    // Whatever a manifest says, nothing outside of its folder is ours.
    let names = names.filter(|name| name.components().all(|part| matches!(part, Component::Normal(_))));
    let known = manifest.is_some().then(|| PathBuf::from(MANIFEST));
    names.chain(known).collect()
}
