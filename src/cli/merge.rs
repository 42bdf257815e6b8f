//! `merge`: the files of a run, of the parts that shards of it left in one folder or in several.

use super::output::{Output, Way};
use super::parts::{CONFIG, Parts, Unfit, differing};
use super::results::{METHODS, write};
use super::source::read_input;
use super::trials::{heed, listen};
use super::{Stop, index};
use crate::numerics::words::count;
use crate::study::config::Overrides;
use crate::study::plan::{Plan, Row};
use std::path::{Path, PathBuf};

pub(super) fn merge(folders: &[PathBuf], to: Option<&Path>) -> Result<(), Stop> {
    let config = |folder: &PathBuf| {
        let path = folder.join("parts").join(CONFIG);
        let none = || {
            let left = "`run --shard` leaves parts in OUT/NAME, and a run that ends takes them away";
            Stop::Files(format!("there are no parts in {}; {left}", folder.display()))
        };
        if path.exists() { read_input(&path.to_string_lossy(), "") } else { Err(none()) }
    };
    let configs = folders.iter().map(config).collect::<Result<Vec<_>, Stop>>()?;
    let (source, text) = &configs[0];
    if let Some((other, theirs)) = configs.iter().find(|(_, other)| other != text) {
        let [here, there] = [text, theirs].map(|text| String::from_utf8_lossy(text).into_owned());
        return Err(Stop::Files(format!("{source} and {other} differ: {}", differing(&here, &there))));
    }
    let facts = folders.iter().find_map(|folder| Parts::facts(folder)).unwrap_or_default();
    let methods = facts[METHODS].as_object().cloned().unwrap_or_default();
    let overrides = Overrides { methods: methods.keys().cloned().collect(), ..Overrides::default() };
    let plan = Plan::read(source, text, &overrides)?;
    let whole = |folder: &Path| folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let target = to.map_or_else(|| folders[0].clone(), |to| to.join(&plan.experiment.name));
    let target = if target.file_name().is_none() { whole(&target) } else { target };
    // A run holds its lock beside its folder, so that is where to look for one.
    let to =
        std::path::absolute(&target).unwrap_or_default().parent().map(Path::to_owned).unwrap_or_default();
    listen()?;
    let _way = Way::make(&to)?;
    let output = Output::new(target.clone(), &to, None)?;
    let all: Vec<_> = folders.iter().map(|folder| Parts::of(&plan, folder, &methods)).collect();
    let mut rows = Vec::new();
    let mut missing = Vec::new();
    for seed in 0..plan.experiment.seeds {
        heed()?;
        match of_seed(&all, seed)? {
            Some(found) => rows.extend(found),
            None => missing.push(seed),
        }
    }
    if !missing.is_empty() {
        let (of, which) = (count(plan.experiment.seeds.into(), "seed"), in_words(&missing));
        let again = "run their shards again, with --resume";
        return Err(Stop::Files(format!("{} of {of} are missing: {which}; {again}", missing.len())));
    }
    write(&plan, &rows, output, &String::from_utf8_lossy(text), methods)?;
    all.iter()
        .zip(folders)
        .filter(|(_, folder)| whole(folder) == whole(&target))
        .for_each(|(p, _)| p.remove());
    index::write(&to)
}

/// The rows of a seed, which are the same wherever they are.
fn of_seed(all: &[Parts<'_>], seed: u32) -> Result<Option<Vec<Row>>, Stop> {
    let mut found: Option<(Vec<Row>, &Parts<'_>)> = None;
    for parts in all {
        match (parts.load(seed), &found) {
            (Ok(None), _) => {}
            (Ok(Some(rows)), None) => found = Some((rows, parts)),
            (Ok(Some(rows)), Some((first, _))) if rows == *first => {}
            (Ok(Some(_)), Some((_, first))) => {
                let [one, other] = [first, parts].map(|parts| parts.path(seed));
                let what = format!("{} and {} are of one seed and differ", one.display(), other.display());
                return Err(Stop::Files(format!("{what}; delete the one that you do not trust")));
            }
            (Err(Unfit::Damaged(why)), _) => eprintln!("note: {why}"),
            (Err(unfit), _) => return Err(unfit.stop()),
        }
    }
    Ok(found.map(|(rows, _)| rows))
}

/// Numbers in order, runs of them by their ends.
fn in_words(numbers: &[u32]) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b);
    let words = runs.map(|run| match run {
        [one] => one.to_string(),
        [first, .., last] => format!("{first}–{last}"),
        [] => unreachable!("no run is empty"),
    });
    words.collect::<Vec<_>>().join(", ")
}
