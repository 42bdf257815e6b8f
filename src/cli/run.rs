//! `run`: all repetitions, on all cores, with a bar; then the files.

use super::output::Output;
use super::verify::tally;
use super::{Stop, index, plan, print};
use crate::show::{figure, report};
use crate::study::claims::{self, claims_json, gather, judge};
use crate::study::config::Overrides;
use crate::study::plan::{Plan, Row};
use crate::study::results::{Columns, LevelSummary, results_csv, summaries, summary_csv};
use indicatif::{ProgressBar, ProgressStyle};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

pub(super) fn run(
    configs: &[String],
    to: &Path,
    threads: Option<u16>,
    overrides: &Overrides,
) -> Result<(), Stop> {
    // All configs are checked, and all targets writable, before the first trial.
    let plans = configs.iter().map(|c| plan(c, overrides)).collect::<Result<Vec<Plan>, Stop>>()?;
    for (i, plan) in plans.iter().enumerate() {
        if plans[..i].iter().any(|p| p.experiment.name == plan.experiment.name) {
            let name = &plan.experiment.name;
            return Err(Stop::Usage(format!(
                "two configs are called `{name}` and would write to the same folder"
            )));
        }
    }
    let outputs =
        plans.iter().map(|p| Output::new(to, &p.experiment.name)).collect::<Result<Vec<_>, Stop>>()?;
    listen()?;
    let mut done = 0;
    let outcome = plans.iter().zip(outputs).try_for_each(|(plan, output)| {
        write(plan, &repetitions(plan, threads)?, output)?;
        done += 1;
        Ok(())
    });
    if done > 0 {
        index::write(to)?;
    }
    outcome
}

/// From here on Ctrl-C stops after the trials that have begun.
pub(super) fn listen() -> Result<(), Stop> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed))
        .map_err(|e| Stop::Files(format!("cannot listen for Ctrl-C: {e}")))
}

/// The rows of all repetitions, in order.
pub(super) fn repetitions(plan: &Plan, threads: Option<u16>) -> Result<Vec<Row>, Stop> {
    let seeds = plan.experiment.seeds;
    let bar = ProgressBar::new(u64::from(seeds) * plan.experiment.cells.len() as u64);
    let style = "{msg} {bar:30} {percent}% {elapsed} elapsed, {eta} left";
    bar.set_style(ProgressStyle::with_template(style).expect("a valid template"));
    bar.set_message(plan.experiment.name.clone());
    let proceed = || {
        bar.inc(1);
        !INTERRUPTED.load(Ordering::Relaxed)
    };
    let one = |seed| if INTERRUPTED.load(Ordering::Relaxed) { None } else { plan.seed(seed, proceed) };
    let rows = every_seed(seeds, threads, one)?;
    bar.finish_and_clear();
    Ok(rows.ok_or(Stop::Interrupted)?.into_iter().flatten().collect())
}

#[cfg(feature = "parallel")]
fn every_seed<T: Send>(
    seeds: u32,
    threads: Option<u16>,
    one: impl Fn(u32) -> Option<T> + Sync + Send,
) -> Result<Option<Vec<T>>, Stop> {
    use rayon::prelude::*;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.map_or(0, usize::from))
        .build()
        .map_err(|e| Stop::Usage(format!("cannot start {threads:?} threads: {e}")))?;
    Ok(pool.install(|| (0..seeds).into_par_iter().map(one).collect()))
}

#[cfg(not(feature = "parallel"))]
fn every_seed<T>(
    seeds: u32,
    _threads: Option<u16>,
    one: impl Fn(u32) -> Option<T>,
) -> Result<Option<Vec<T>>, Stop> {
    Ok((0..seeds).map(one).collect())
}

fn write(plan: &Plan, rows: &[Row], mut output: Output) -> Result<(), Stop> {
    let experiment = &plan.experiment;
    let columns = Columns::new(plan);
    let summaries = summaries(plan, &columns, rows);
    heed_interruption()?;
    output.write("results.csv", &results_csv(plan, &columns, rows))?;
    output.write("summary.csv", &summary_csv(plan, &columns, &summaries))?;
    output.write("config.toml", experiment.resolved.as_bytes())?;
    let judgements = judge(plan, &gather(plan, &columns, rows));
    heed_interruption()?;
    output.write("claims.json", claims_json(&judgements).as_bytes())?;
    let mut figures = Vec::new();
    for (name, chart) in figure::charts(plan, &columns, rows, &summaries, &judgements) {
        heed_interruption()?;
        let svg = figure::svg(&chart);
        // A picture too large for print resolution is drawn smaller.
        let png = figure::png(&svg, 3.0).or_else(|_| figure::png(&svg, 0.5));
        let png = png.map_err(|e| Stop::Files(format!("cannot draw figure `{name}`: {e}")))?;
        output.write(&format!("figures/{name}.svg"), svg.as_bytes())?;
        output.write(&format!("figures/{name}.png"), &png)?;
        figures.push((name, svg));
    }
    let page = report::page(plan, &columns, &summaries, &judgements, &figures, &experiment.resolved);
    output.write("report.html", page.as_bytes())?;
    let [hold, fail, undecided] = claims::tally(&judgements);
    let facts = serde_json::json!({
        "oversight": env!("CARGO_PKG_VERSION"),
        "experiment": experiment.name,
        "title": experiment.title,
        "about": experiment.about.trim(),
        "seed": experiment.seed,
        "seeds": experiment.seeds,
        "cells": experiment.cells.len(),
        "rows": rows.len(),
        "claims": { "holds": hold, "fails": fail, "undecided": undecided },
    });
    let serde_json::Value::Object(facts) = facts else { unreachable!("an object") };
    heed_interruption()?;
    let target = output.finish(facts)?;
    let verdicts = tally(&judgements);
    print(&format!(
        "{}\n{verdicts}; results in {}\n\n",
        headline(plan, &columns, &summaries),
        target.display()
    ))
}

/// Stops before anything is in its place.
fn heed_interruption() -> Result<(), Stop> {
    if INTERRUPTED.load(Ordering::Relaxed) { Err(Stop::Interrupted) } else { Ok(()) }
}

/// Gold and approval of every cell at its last round and pressure.
fn headline(plan: &Plan, columns: &Columns, summaries: &[LevelSummary]) -> String {
    let experiment = &plan.experiment;
    let mut text =
        format!("{}\n", if experiment.title.is_empty() { &experiment.name } else { &experiment.title });
    let at = |metric: &str| columns.names().iter().position(|n| n == metric).expect("a metric");
    let metrics = ["gold", "approval"].map(at);
    let last = |cell| summaries.iter().rev().find(|s| s.cell == cell);
    let labels: Vec<String> = (0..experiment.cells.len()).map(|cell| plan.describe(cell)).collect();
    let width = labels.iter().map(|l| l.chars().count()).max().unwrap_or(0);
    let _ = writeln!(text, "{:width$}  {:>24}  {:>24}", "at the highest pressure", "gold", "approval");
    const MOST: usize = 40;
    for (i, label) in labels.iter().enumerate().take(MOST) {
        let Some(summary) = last(i) else { continue };
        let values = metrics.map(|m| {
            let Some(s) = summary.metrics[m].as_ref() else { return "–".to_owned() };
            let interval = s.mean_interval.map_or_else(String::new, |(lo, hi)| format!("[{lo:.3}, {hi:.3}]"));
            format!("{:.3} {interval:>16}", s.mean)
        });
        let _ = writeln!(text, "{label:width$}  {:>24}  {:>24}", values[0], values[1]);
    }
    if labels.len() > MOST {
        let _ = writeln!(text, "… and {} more cells in summary.csv", labels.len() - MOST);
    }
    text
}
