//! The laboratory as a browser sees it: a thin layer over the library. Strings and bytes go across, no trees of
//! objects; what is wrong with a config is thrown as a string of JSON, and a panic as an `Error` with its message.
//!
//! Nothing here draws, waits or reads a clock. A worker of the page holds one instance of this, and objects live in
//! it until they are freed.

pub mod desk;
pub mod walk;

use oversight::show::report::Picture;
use oversight::show::{figure, report};
use oversight::study::claims::{Judgement, claims_json, gather, judge};
use oversight::study::config::{self, ConfigError, Overrides};
use oversight::study::experiments::{experiment, experiments, said};
use oversight::study::leaderboard::leaderboard;
use oversight::study::plan::{Plan, Row};
use oversight::study::results::{Columns, Results, read_seed, results_csv, summary_csv};
use serde_json::{Value, json};
use wasm_bindgen::prelude::wasm_bindgen;

/// A panic ends the instance: its message goes to whoever called, for the worker to pass on.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| wasm_bindgen::throw_str(&panic.to_string())));
}

/// Version of the library.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// The built-in experiments, in alphabetical order: `[{name, title, about}]`.
#[wasm_bindgen]
pub fn list() -> String {
    let entry =
        |(name, text)| json!({ "name": name, "title": said(text, "title"), "about": said(text, "about") });
    Value::from_iter(experiments().into_iter().map(entry)).to_string()
}

/// The config of a built-in experiment; `undefined` if there is none of this name.
#[wasm_bindgen]
pub fn text(name: &str) -> Option<String> {
    experiment(name).map(str::to_owned)
}

/// What a config asks for: `{name, title, about, seeds, cells, seconds_per_seed}`.
///
/// # Errors
/// What is wrong with it: a `ConfigError` as data.
#[wasm_bindgen]
pub fn check(text: &str, sets: Vec<String>, quick: bool) -> Result<String, String> {
    let plan = plan("config", text, sets, quick)?;
    let experiment = &plan.experiment;
    let facts = json!({
        "name": experiment.name,
        "title": experiment.title,
        "about": experiment.about.trim(),
        "seeds": experiment.seeds,
        "cells": experiment.cells.len(),
        "seconds_per_seed": plan.work().seconds_per_seed,
    });
    Ok(facts.to_string())
}

/// What can be turned about a config, `[Knob]`, whatever else is wrong with it.
///
/// # Errors
/// As of [`check`].
#[wasm_bindgen]
pub fn knobs(text: &str, quick: bool) -> Result<String, String> {
    Ok(json!(config::knobs("config.toml", text.as_bytes(), quick).map_err(wrong)?).to_string())
}

fn plan(name: &str, text: &str, sets: Vec<String>, quick: bool) -> Result<Plan, String> {
    let overrides = Overrides { sets, quick, ..Overrides::default() };
    let mut plan = Plan::read(&format!("{name}.toml"), text.as_bytes(), &overrides).map_err(wrong)?;
    if quick {
        plan.unjudged();
    }
    Ok(plan)
}

fn wrong(error: ConfigError) -> String {
    json!(error).to_string()
}

/// An experiment, and what is known of its seeds so far.
#[wasm_bindgen]
pub struct Run {
    plan: Plan,
    columns: Columns,
    /// In the order of seeds, however they came.
    rows: Vec<Row>,
}

#[wasm_bindgen]
impl Run {
    /// Reads a config, which is called `name` unless it says otherwise; `sets` are those of `--set`.
    ///
    /// # Errors
    /// As of [`check`].
    pub fn open(name: &str, text: &str, sets: Vec<String>, quick: bool) -> Result<Run, String> {
        let plan = plan(name, text, sets, quick)?;
        Ok(Self { columns: Columns::new(&plan), plan, rows: Vec::new() })
    }

    /// The config with all its defaults filled in, and every `--set` applied.
    pub fn config(&self) -> String {
        self.plan.experiment.resolved.clone()
    }

    /// Runs a seed: its rows as `results.csv` has them, for [`Run::absorb`], here or in another instance.
    ///
    /// # Errors
    /// It is none of the config's.
    pub fn seed(&self, seed: u32) -> Result<Vec<u8>, String> {
        self.has(seed)?;
        let rows = self.plan.seed(seed, || true).expect("nobody stops it");
        Ok(results_csv(&self.plan, &self.columns, &rows))
    }

    /// Takes what [`Run::seed`] made of a seed of the same experiment; one that is there already is replaced.
    ///
    /// # Errors
    /// Why these are not such rows.
    pub fn absorb(&mut self, seed: u32, csv: &[u8]) -> Result<(), String> {
        self.has(seed)?;
        let rows = read_seed(&self.plan, &self.columns, seed, csv);
        let rows =
            rows.map_err(|misfit| json!({ "message": misfit.what, "line": misfit.line }).to_string())?;
        let place = |least| self.rows.partition_point(|row| row.seed < least);
        let place = place(seed)..place(seed + 1);
        self.rows.splice(place, rows);
        Ok(())
    }

    /// The figures of the seeds so far, `[{name, svg, words}]`; none of no seed. So many pixels wide, where the config
    /// does not say; as in a terminal unless given.
    pub fn figures(&self, width: Option<f64>) -> String {
        let results = self.results();
        let figure = |Picture { name, svg, words }| json!({ "name": name, "svg": svg, "words": words });
        Value::from_iter(drawn(&results, width, &judged(&results)).into_iter().map(figure)).to_string()
    }

    /// The claims with what the seeds so far say of them: `claims.json`.
    pub fn verdicts(&self) -> String {
        claims_json(&judged(&self.results()))
    }

    /// `results.csv` of the seeds so far.
    pub fn csv(&self) -> Vec<u8> {
        results_csv(&self.plan, &self.columns, &self.rows)
    }

    /// `summary.csv` of the seeds so far, of some metrics.
    pub fn summary(&self, metrics: Vec<String>) -> Vec<u8> {
        summary_csv(&self.results(), |name| metrics.iter().any(|metric| metric == name))
    }

    /// `report.html` of the seeds so far.
    pub fn report(&self) -> String {
        let results = self.results();
        let judgements = judged(&results);
        let pictures = drawn(&results, None, &judgements);
        report::page(&results, leaderboard(&results).as_ref(), &judgements, &pictures)
    }
}

impl Run {
    fn has(&self, seed: u32) -> Result<(), String> {
        let seeds = self.plan.experiment.seeds;
        let none = || {
            json!({ "message": format!("there is no seed {seed}: there are {seeds}, from 0") }).to_string()
        };
        (seed < seeds).then_some(()).ok_or_else(none)
    }

    fn results(&self) -> Results<'_> {
        Results::new(&self.plan, &self.rows)
    }
}

fn judged(results: &Results<'_>) -> Vec<Judgement> {
    judge(results.plan, &gather(results))
}

fn drawn(results: &Results<'_>, width: Option<f64>, judgements: &[Judgement]) -> Vec<Picture> {
    if results.rows.is_empty() {
        return Vec::new();
    }
    let mut charts = figure::charts(results, judgements);
    charts.iter_mut().for_each(|(_, chart)| chart.style.width = chart.style.width.or(width));
    charts.into_iter().map(Picture::new).collect()
}
