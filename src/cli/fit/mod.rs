//! `fit`: Bradley–Terry on somebody's own comparisons.

mod columns;
mod draw;
mod notes;
mod read;
mod tell;
mod window;

use super::output::{MANIFEST, Output, Way};
use super::{Stop, print};
use crate::lab::reward_model::tally::{Compared, Estimates, How, Scale, Tournament, estimate};
use crate::show::figure;
use read::Table;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// What to fit, and where the answer goes.
pub(super) struct Asked {
    pub(super) path: String,
    pub(super) l2: f64,
    pub(super) graded: bool,
    pub(super) resamples: u32,
    pub(super) json: bool,
    pub(super) out: Option<PathBuf>,
}

/// Everything that is told of a fit.
struct Fitted {
    table: Table,
    how: How,
    estimates: Estimates,
    /// Of items only.
    tournament: Option<Tournament>,
    /// Items from the highest score on, or features as they stand.
    order: Vec<usize>,
    /// What a reader should know, a sentence or two each.
    notes: Vec<String>,
}

impl Fitted {
    /// What is estimated.
    fn noun(&self) -> &'static str {
        match self.table.tally.compared {
            Compared::Items(_) => "item",
            Compared::Features(_) => "feature",
        }
    }

    fn is_graded(&self) -> bool {
        self.how.scale != Scale::plain()
    }
}

/// Fits, prints, and writes a folder if asked to.
pub(super) fn fit(asked: &Asked) -> Result<(), Stop> {
    if let Some(out) = &asked.out {
        not_of_a_run(out)?;
    }
    let table = read::read(&asked.path)?;
    let given = table.tally.grades();
    let scale = if asked.graded || given[1] + given[3] > 0 { Scale::graded(given) } else { Scale::plain() };
    let how = How { l2: asked.l2, scale, annotators: table.annotators.len(), resamples: asked.resamples };
    let tournament = Tournament::of(&table.tally);
    notes::impossible(&table, &how, tournament.as_ref())?;
    let estimates =
        estimate(&table.tally, &how).map_err(|unbounded| notes::unbounded(&table, &how, &unbounded))?;
    let mut order: Vec<usize> = (0..table.names.len()).collect();
    if tournament.is_some() {
        order.sort_by(|a, b| estimates.weights[*b].estimate.total_cmp(&estimates.weights[*a].estimate));
    }
    let notes = notes::notes(&table, &how, &estimates, tournament.as_ref());
    let fitted = Fitted { table, how, estimates, tournament, order, notes };
    let json = serde_json::to_string_pretty(&tell::json(&fitted)).expect("plain data") + "\n";
    let mut text = if asked.json { json.clone() } else { tell::text(&fitted) };
    if let Some(out) = &asked.out {
        let target = write(&fitted, &json, out, &asked.path)?;
        if !asked.json {
            text += &format!("\nResults in {}\n", target.display());
        }
    }
    print(&text)
}

/// Writes table, object and figure.
fn write(fitted: &Fitted, json: &str, out: &Path, path: &str) -> Result<PathBuf, Stop> {
    let _way = Way::make(out)?;
    let mut output = Output::new(out.to_owned(), out, None)?;
    output.write("fit.csv", &tell::csv(fitted))?;
    output.write("fit.json", json.as_bytes())?;
    let svg = figure::svg(&draw::chart(fitted));
    let png = figure::png(&svg, 3.0).map_err(|e| Stop::Files(format!("cannot draw fit.png: {e}")))?;
    output.write("fit.svg", figure::with_font(&svg).as_bytes())?;
    output.write("fit.png", &png)?;
    output.finish(json!({ "oversight": env!("CARGO_PKG_VERSION"), "fit": path }))
}

/// The files of a run would go, as those of an earlier fit do.
fn not_of_a_run(out: &Path) -> Result<(), Stop> {
    let manifest: Option<Value> =
        std::fs::read(out.join(MANIFEST)).ok().and_then(|text| serde_json::from_slice(&text).ok());
    match manifest {
        Some(manifest) if manifest.get("fit").is_none() => {
            let message =
                format!("{} holds the results of a run: name another folder with --out", out.display());
            Err(Stop::Usage(message))
        }
        _ => Ok(()),
    }
}
