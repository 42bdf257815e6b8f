//! Seeds that are done, on disk: what a run goes on from that was stopped, and what `merge` makes a run of.
//!
//! `OUT/NAME/parts/SEED.part` is one seed, and written as soon as that is done: the SHA-256 of all that follows, on a
//! line; a line of JSON that says of which trials it is; and the rows of the seed as `results.csv` has them. Numbers
//! in it are the shortest text that reads back as the same `f64`, and −0 is 0, as everywhere in results. A part whose
//! digest or rows do not fit is damaged, and its seed is run again. Beside them stands `config.toml`, which `merge`
//! reads.

use super::Stop;
use super::output::{Way, cannot, put, sha256};
use super::results::{METHODS, RAN, ran};
use super::trials::heed;
use crate::numerics::words::count;
use crate::study::plan::{Plan, Row};
use crate::study::results::{Columns, read_seed, results_csv};
use serde_json::{Map, Value, json};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The config of the run that parts are of.
pub(super) const CONFIG: &str = "config.toml";

/// One of several runs that share the seeds of an experiment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Shard {
    /// From 1.
    number: u32,
    of: u32,
}

impl Shard {
    fn has(self, seed: u32) -> bool {
        seed % self.of == self.number - 1
    }
}

impl FromStr for Shard {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
        match parts {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Self { number, of }),
            _ => Err("write I/N, with I from 1 to N: 2/10 is the second of ten".to_owned()),
        }
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// The parts of one run in one folder.
pub(super) struct Parts<'p> {
    pub(super) folder: PathBuf,
    plan: &'p Plan,
    columns: Columns,
    /// What a part says of its trials.
    facts: Value,
    /// Whether the folder goes again if there is no part in it.
    passing: Option<Way>,
}

/// Why a part is not to be used.
pub(super) enum Unfit {
    Damaged(String),
    /// It is of other trials.
    Other(String),
}

impl<'p> Parts<'p> {
    /// Those in a folder of results.
    pub(super) fn of(plan: &'p Plan, results: &Path, methods: &Map<String, Value>) -> Self {
        let facts =
            json!({ "oversight": env!("CARGO_PKG_VERSION"), RAN: ran(plan), METHODS: methods.clone() });
        Self { folder: results.join("parts"), plan, columns: Columns::new(plan), facts, passing: None }
    }

    /// Makes the folder ready for a run, and gives the seeds that are still to be run.
    pub(super) fn begin(&mut self, shard: Option<Shard>, resume: bool) -> Result<Vec<u32>, Stop> {
        let of_shard = |seed: &u32| shard.is_none_or(|shard| shard.has(*seed));
        let due: Vec<u32> = (0..self.plan.experiment.seeds).filter(of_shard).collect();
        let (mut sound, mut others) = (Vec::new(), false);
        for &seed in &due {
            heed()?;
            match self.load(seed) {
                Ok(None) => {}
                Ok(Some(_)) => sound.push(seed),
                Err(Unfit::Damaged(why)) if resume => eprintln!("note: {why}; seed {seed} is run again"),
                Err(Unfit::Damaged(_)) => {}
                Err(Unfit::Other(why)) if resume || shard.is_some() || self.path(seed).is_dir() => {
                    return Err(self.other(&why));
                }
                Err(Unfit::Other(_)) => others = true,
            }
        }
        if others {
            self.remove();
        }
        let config = &self.plan.experiment.resolved;
        let stands = fs::read_to_string(self.folder.join(CONFIG)).unwrap_or_else(|_| config.clone());
        if shard.is_some() && stands != *config {
            return Err(self.other(&differing(&stands, config)));
        }
        let name = &self.plan.experiment.name;
        let there = format!("{} of {}", sound.len(), count(due.len() as u64, "seed"));
        match (sound.is_empty(), resume) {
            (true, _) => {}
            (false, true) => eprintln!("{name}: {there} from {}", self.folder.display()),
            (false, false) => {
                let them = "are run again; --resume would take them";
                eprintln!("note: {there} of {name} in {} {them}", self.folder.display());
            }
        }
        let way = Way::make(&self.folder)?;
        put(&self.folder.join(CONFIG), config.as_bytes()).map_err(|e| cannot(&self.folder, e))?;
        // A shard has no folder to itself.
        self.passing = shard.is_none().then_some(way);
        Ok(due.into_iter().filter(|seed| !resume || sound.binary_search(seed).is_err()).collect())
    }

    /// Says what a run leaves that was stopped.
    pub(super) fn tell(&self) {
        if self.any() {
            eprintln!("note: seeds that are done are kept in {}; --resume takes them", self.folder.display());
        }
    }

    fn any(&self) -> bool {
        Self::facts(self.folder.parent().unwrap_or(&self.folder)).is_some()
    }

    /// Keeps a seed.
    pub(super) fn save(&self, seed: u32, rows: &[Row]) -> Result<(), Stop> {
        let mut facts = self.facts.clone();
        facts["seed"] = seed.into();
        let mut said = format!("{facts}\n").into_bytes();
        said.extend(results_csv(self.plan, &self.columns, rows));
        let part = [sha256(&said).as_bytes(), b"\n", &said].concat();
        put(&self.path(seed), &part).map_err(|e| cannot(&self.folder, e))
    }

    /// The rows of a seed, if its part is there.
    pub(super) fn load(&self, seed: u32) -> Result<Option<Vec<Row>>, Unfit> {
        let path = self.path(seed);
        // What is no file may never end.
        if path.metadata().is_ok_and(|path| !path.is_file()) {
            return Err(Unfit::Other(format!("{} is no file", path.display())));
        }
        let damaged = |what: &str| Unfit::Damaged(format!("{} is damaged: {what}", path.display()));
        let part = match fs::read(&path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            part => part.map_err(|e| damaged(&e.to_string()))?,
        };
        let (mut facts, csv) =
            open(&part).ok_or_else(|| damaged("its SHA-256 is not that of its content"))?;
        if facts["seed"].take() != seed {
            return Err(damaged("it is another seed's"));
        }
        let ours = |name: &&str| facts[*name] == self.facts[*name];
        if let Some(name) = ["oversight", RAN, METHODS].iter().find(|name| !ours(name)) {
            let what = match *name {
                RAN => "is of other trials".to_owned(),
                METHODS => format!("has other methods: {}", facts[METHODS]),
                _ => format!("was written by version {}", facts["oversight"]),
            };
            return Err(Unfit::Other(format!("{} {what}", path.display())));
        }
        let rows = read_seed(self.plan, &self.columns, seed, csv);
        rows.map(Some).map_err(|misfit| damaged(&misfit.what))
    }

    /// The rows of all seeds, when all have been run.
    pub(super) fn all(&self) -> Result<Vec<Row>, Stop> {
        let mut rows = Vec::new();
        for seed in 0..self.plan.experiment.seeds {
            heed()?;
            let gone = || Stop::Files(format!("{} is gone", self.path(seed).display()));
            rows.extend(self.load(seed).map_err(Unfit::stop)?.ok_or_else(gone)?);
        }
        Ok(rows)
    }

    /// What a part of the run says of its trials; `None` if there is no sound one.
    pub(super) fn facts(results: &Path) -> Option<Value> {
        let parts = fs::read_dir(results.join("parts")).into_iter().flatten().flatten();
        parts.filter(|part| part.path().extension().is_some_and(|e| e == "part")).find_map(|part| {
            let part = part.path().is_file().then(|| fs::read(part.path()).ok())??;
            Some(open(&part)?.0)
        })
    }

    /// Takes away what is here of any run, and the folder.
    pub(super) fn remove(&self) {
        self.clear();
        // What is not empty stays.
        drop(fs::remove_dir(&self.folder));
    }

    fn clear(&self) {
        for file in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            if is_ours(&file.file_name().to_string_lossy()) {
                drop(fs::remove_file(file.path()));
            }
        }
    }

    pub(super) fn path(&self, seed: u32) -> PathBuf {
        self.folder.join(format!("{seed}.part"))
    }

    fn other(&self, why: &str) -> Stop {
        let (folder, config) = (self.folder.display(), self.folder.join(CONFIG));
        let then = format!("to go on with that run, give its config, {}", config.display());
        Stop::Files(format!("{why}, and not of this run; {then}; to start anew, delete {folder}"))
    }
}

impl Unfit {
    pub(super) fn stop(self) -> Stop {
        let (Self::Damaged(why) | Self::Other(why)) = self;
        Stop::Files(why)
    }
}

impl Drop for Parts<'_> {
    fn drop(&mut self) {
        if self.passing.is_some() && !self.any() {
            self.clear();
        }
    }
}

/// What a part says of its trials, and its rows, if it is as it was written.
fn open(part: &[u8]) -> Option<(Value, &[u8])> {
    let (digest, said) = part.split_at_checked(64)?;
    let said = said.strip_prefix(b"\n")?;
    let end = said.iter().position(|byte| *byte == b'\n')?;
    let facts: Value =
        (sha256(said).as_bytes() == digest).then(|| serde_json::from_slice(&said[..end]).ok())??;
    let facts = facts.is_object().then_some(facts)?;
    Some((facts, &said[end + 1..]))
}

/// Whether a file in a folder of parts is one of ours, in the making or done.
fn is_ours(name: &str) -> bool {
    let seed = name.split_once(".part").map(|(seed, _)| seed);
    name.starts_with(CONFIG) || seed.is_some_and(|seed| seed.parse::<u32>().is_ok())
}

/// The first line in which configs differ.
pub(super) fn differing(one: &str, other: &str) -> String {
    let lines = |text: &str| text.lines().map(str::to_owned).chain([String::new()]).collect::<Vec<_>>();
    let (one, other) = (lines(one), lines(other));
    let at = one.iter().zip(&other).find(|(a, b)| a != b);
    at.map_or_else(String::new, |(a, b)| format!("the config there says `{a}`, and the other `{b}`"))
}
