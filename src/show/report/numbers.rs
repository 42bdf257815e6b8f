//! The table of numbers: some metrics of every cell where its pressure is highest.

use super::text::{Estimate, Written, column, number};
use crate::numerics::stats::Summary;
use crate::numerics::words::count;
use crate::study::plan::{Plan, words};
use crate::study::results::{Columns, LevelSummary};
use serde::Serialize;

/// One row per cell.
#[derive(Serialize)]
pub struct Numbers {
    /// Where the numbers are from, and what they are.
    pub caption: String,
    /// Names of the columns of levels, then of metrics.
    pub axes: Vec<String>,
    /// The metrics, as in `results.csv`.
    pub metrics: Vec<String>,
    /// The first cells.
    pub rows: Vec<Row>,
    /// Cells that are not shown.
    pub left_out: usize,
}

/// One cell.
#[derive(Serialize)]
pub struct Row {
    /// One per column of levels.
    pub levels: Vec<String>,
    /// Of each metric the estimate and its interval, where there are any.
    pub values: Vec<Option<Written>>,
}

impl Numbers {
    /// What a report shows of each cell.
    pub(super) const METRICS: [&'static str; 3] = ["gold", "approval", "efficiency"];

    /// The table of some metrics of a run, of at most so many cells.
    pub fn new(
        plan: &Plan,
        columns: &Columns,
        summaries: &[LevelSummary],
        metrics: &[&str],
        most: usize,
    ) -> Self {
        let experiment = &plan.experiment;
        let cells = experiment.cells.len();
        let last = |cell| summaries.iter().rev().find(|s| s.cell == cell);
        let last: Vec<&LevelSummary> = (0..cells).filter_map(last).collect();
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
        let shown = &last[..last.len().min(most)];
        let of_metric = |name: &&str| {
            let at = columns.summarised().position(|n| n == *name).expect("checked on reading");
            column(&shown.iter().map(|s| s.metrics[at].as_ref().map(value)).collect::<Vec<_>>()).into_iter()
        };
        let mut values: Vec<_> = metrics.iter().map(of_metric).collect();
        let mut row = |summary: &&LevelSummary| Row {
            levels: levels(summary),
            values: values.iter_mut().map(|of_metric| of_metric.next().flatten()).collect(),
        };
        Self {
            caption: caption(plan, &last, same_pressure),
            axes,
            metrics: metrics.iter().map(|&name| name.to_owned()).collect(),
            rows: shown.iter().map(&mut row).collect(),
            left_out: cells.saturating_sub(most),
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
