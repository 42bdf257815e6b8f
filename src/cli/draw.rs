//! `draw`: the files of a run again, from its table and its config, which may have changed in
//! what figures show and claims say. Nothing is run.

use super::output::{MANIFEST, Output, sha256};
use super::results::{RAN, ran, write};
use super::source::read_input;
use super::trials::listen;
use super::{Stop, index};
use crate::study::config::Overrides;
use crate::study::plan::Plan;
use crate::study::results::{Columns, read_results};
use serde_json::Value;
use std::path::Path;

pub(super) fn draw(folder: &Path, sets: Vec<String>) -> Result<(), Stop> {
    let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let (source, config) = read_input(&path("config.toml"), "")?;
    let overrides = Overrides { sets, ..Overrides::default() };
    let plan = Plan::read(&source, &config, &overrides)?;
    let (table, csv) = read_input(&path("results.csv"), "")?;
    let unfit = |at: &str, what: &str| {
        let again = format!("`oversight run {source}` makes a new table");
        Stop::Files(format!("{at}: {what}; either put {source} back to what was run, or {again}"))
    };
    let rows = read_results(&plan, &Columns::new(&plan), &csv)
        .map_err(|misfit| unfit(&format!("{table}:{}", misfit.line), &misfit.what))?;
    let manifest: Value =
        std::fs::read(path(MANIFEST)).ok().and_then(|m| serde_json::from_slice(&m).ok()).unwrap_or_default();
    let files = manifest["files"].as_array().into_iter().flatten();
    let written = files.filter(|file| file["name"] == "results.csv").find_map(|file| file["sha256"].as_str());
    if written.is_some_and(|written| written != sha256(&csv)) {
        return Err(unfit(&table, "its numbers are not those that the run wrote"));
    }
    if manifest[RAN].as_str().is_some_and(|run| run != ran(&plan)) {
        return Err(unfit(&source, "it asks for other trials than those of results.csv"));
    }
    listen()?;
    let config = if overrides.sets.is_empty() { config } else { plan.experiment.resolved.clone().into() };
    write(&plan, &rows, Output::new(folder.to_owned(), folder)?, &String::from_utf8_lossy(&config))?;
    let whole = folder.canonicalize().unwrap_or_default();
    whole.parent().filter(|to| to.join("index.html").exists()).map_or(Ok(()), index::write)
}
