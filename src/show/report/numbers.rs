//! The table of numbers: gold, approval and efficiency of every cell where its
//! pressure is highest.

use super::text::{Estimate, Written, column, count, number};
use crate::numerics::stats::Summary;
use crate::study::plan::{Plan, words};
use crate::study::results::{Columns, LevelSummary};
use serde::Serialize;

/// Cells shown; a longer table is read from the file.
const MOST: usize = 40;

/// One row per cell.
#[derive(Serialize)]
pub(super) struct Numbers {
    caption: String,
    /// Names of the columns of levels, then of metrics.
    axes: Vec<String>,
    metrics: [&'static str; 3],
    rows: Vec<Row>,
    /// Cells that are not shown.
    left_out: usize,
}

#[derive(Serialize)]
struct Row {
    levels: Vec<String>,
    values: Vec<Option<Written>>,
}

impl Numbers {
    /// What is shown of each cell.
    pub(super) const METRICS: [&'static str; 3] = ["gold", "approval", "efficiency"];

    /// The table of a run.
    pub(super) fn new(plan: &Plan, columns: &Columns, summaries: &[LevelSummary]) -> Self {
        let experiment = &plan.experiment;
        let cells = experiment.cells.len();
        let last = |cell| summaries.iter().rev().find(|s| s.cell == cell);
        let last: Vec<&LevelSummary> = (0..cells).filter_map(last).collect();
        let places = Self::METRICS.map(|m| columns.names().iter().position(|n| n == m).expect("a metric"));
        let several: Vec<usize> =
            (0..experiment.axes.len()).filter(|i| experiment.axes[*i].levels.len() > 1).collect();
        let with_variant = experiment.variants.len() > 1 || several.is_empty();
        let same_pressure = last.windows(2).all(|w| w[0].pressure == w[1].pressure);
        let mut axes: Vec<String> = several.iter().map(|i| words(&experiment.axes[*i].name)).collect();
        axes.extend(with_variant.then(|| "variant".to_owned()));
        axes.extend((!same_pressure).then(|| "pressure".to_owned()));
        let levels = |summary: &LevelSummary| {
            let cell = &experiment.cells[summary.cell];
            let mut levels: Vec<String> =
                several.iter().map(|i| cell.levels[*i].to_string().replace('_', " ")).collect();
            levels.extend(with_variant.then(|| cell.variant.replace('_', " ")));
            levels.extend((!same_pressure).then(|| number(summary.pressure)));
            levels
        };
        let shown = &last[..last.len().min(MOST)];
        let of_metric =
            |m: usize| column(&shown.iter().map(|s| s.metrics[m].as_ref().map(value)).collect::<Vec<_>>());
        let mut values = places.map(|m| of_metric(m).into_iter());
        let mut row = |summary| Row {
            levels: levels(summary),
            values: values.iter_mut().map(|of_metric| of_metric.next().flatten()).collect(),
        };
        Self {
            caption: caption(plan, &last, same_pressure),
            axes,
            metrics: Self::METRICS,
            rows: shown.iter().map(|summary| row(summary)).collect(),
            left_out: cells.saturating_sub(MOST),
        }
    }
}

fn value(summary: &Summary) -> Estimate {
    (summary.mean, summary.mean_interval.map(|(lo, hi)| [lo, hi]))
}

fn caption(plan: &Plan, last: &[&LevelSummary], same_pressure: bool) -> String {
    let experiment = &plan.experiment;
    let mut at = match last.first().filter(|_| same_pressure) {
        Some(summary) => {
            let words = experiment.cells[summary.cell].setup.optimizer.pressure_words();
            format!("At the last level of pressure, {} ({words})", summary.pressure)
        }
        None => "At the last level of pressure of each cell".to_owned(),
    };
    let rounds = last.iter().map(|s| s.round).max().unwrap_or(1);
    if rounds > 1 {
        at += ", after the last round";
    }
    let over = count(u64::from(experiment.seeds), "seed");
    match experiment.seeds {
        1 => format!("{at}: values of one seed."),
        _ => format!("{at}: mean over {over} and its 95 % bootstrap interval."),
    }
}
