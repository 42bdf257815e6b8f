//! `draw`: the files of a run again, from its table and its config, which may have changed in
//! what figures show and claims say. Nothing is run.

use super::output::{MANIFEST, Output, sha256};
use super::results::{METHODS, RAN, ran, write};
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
    let manifest = read_input(&path(MANIFEST), "").map(|(_, text)| text);
    let known: Value =
        manifest.as_ref().ok().and_then(|text| serde_json::from_slice(text).ok()).unwrap_or_default();
    let methods = known[METHODS].as_object().cloned().unwrap_or_default();
    let overrides = Overrides { sets, methods: methods.keys().cloned().collect(), ..Overrides::default() };
    let plan = Plan::read(&source, &config, &overrides)?;
    let (table, csv) = read_input(&path("results.csv"), "")?;
    manifest?;
    let manifest = known;
    let files = manifest["files"].as_array().into_iter().flatten();
    let written = files.filter(|file| file["name"] == "results.csv").find_map(|file| file["sha256"].as_str());
    let again = format!("`oversight run '{source}'` makes a new table");
    let (Some(written), Some(run)) = (written, manifest[RAN].as_str()) else {
        let what = format!("{} does not say what was run", path(MANIFEST));
        return Err(Stop::Files(format!("{what}: whether the table fits cannot be told; {again}")));
    };
    let whole = written == sha256(&csv);
    let unfit = |at: &str, what: &str| {
        Stop::Files(match (whole, overrides.sets.is_empty()) {
            (false, _) => format!("{at}: {what}; {table} is not as the run wrote it, and {again}"),
            (true, true) => format!("{at}: {what}; either put {source} back to what was run, or {again}"),
            (true, false) => format!("{at}: {what}; leave out the --set that asks for it, or {again}"),
        })
    };
    let rows = read_results(&plan, &Columns::new(&plan), &csv)
        .map_err(|misfit| unfit(&format!("{table}:{}", misfit.line), &misfit.what))?;
    if !whole {
        return Err(unfit(&table, "its numbers are not those that the run wrote"));
    }
    if run != ran(&plan) {
        return Err(unfit(&source, "it asks for other trials than those of results.csv"));
    }
    listen()?;
    let config = if overrides.sets.is_empty() { config } else { plan.experiment.resolved.clone().into() };
    write(
        &plan,
        &rows,
        Output::new(folder.to_owned(), folder, None)?,
        &String::from_utf8_lossy(&config),
        methods,
    )?;
    let whole = folder.canonicalize().unwrap_or_default();
    whole.parent().filter(|to| to.join("index.html").exists()).map_or(Ok(()), index::write)
}
