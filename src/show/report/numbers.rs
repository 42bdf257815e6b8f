//! The table of numbers: some metrics of every cell where its pressure is highest.

use super::text::{Estimate, Written, column, number};
use crate::numerics::stats::Summary;
use crate::numerics::words::count;
use crate::study::plan::{Condition, Plan, words};
use crate::study::results::Results;
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
    pub fn new(results: &Results<'_>, metrics: &[&str], most: usize) -> Self {
        let plan = results.plan;
        let experiment = &plan.experiment;
        let cells = experiment.cells.len();
        let places = plan.conditions();
        let last = |cell| places.iter().rposition(|place| place.cell == cell);
        let last: Vec<usize> = (0..cells).filter_map(last).collect();
        let several: Vec<usize> =
            (0..experiment.axes.len()).filter(|i| experiment.axes[*i].levels.len() > 1).collect();
        let with_variant = experiment.variants.len() > 1 || several.is_empty();
        let same_pressure = last.windows(2).all(|w| places[w[0]].pressure == places[w[1]].pressure);
        let mut axes: Vec<String> = several.iter().map(|i| words(&experiment.axes[*i].name)).collect();
        axes.extend(with_variant.then(|| "variant".to_owned()));
        axes.extend((!same_pressure).then(|| "pressure".to_owned()));
        let levels = |place: usize| {
            let Condition { cell, pressure, .. } = places[place];
            let cell = &experiment.cells[cell];
            let mut levels: Vec<String> =
                several.iter().map(|i| cell.levels[*i].to_string().replace('_', " ")).collect();
            levels.extend(with_variant.then(|| cell.variant.replace('_', " ")));
            levels.extend((!same_pressure).then(|| number(pressure)));
            levels
        };
        let shown = &last[..last.len().min(most)];
        let of_metric = |name: &&str| {
            let values = shown.iter().map(|place| results.summary(*place, name).as_ref().map(value));
            column(&values.collect::<Vec<_>>()).into_iter()
        };
        let mut values: Vec<_> = metrics.iter().map(of_metric).collect();
        let mut row = |place: &usize| Row {
            levels: levels(*place),
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

fn caption(plan: &Plan, last: &[usize], same_pressure: bool) -> String {
    let experiment = &plan.experiment;
    let last: Vec<&Condition> = last.iter().map(|place| &plan.conditions()[*place]).collect();
    let mut at = match last.first().filter(|_| same_pressure) {
        Some(place) => {
            let words = experiment.cells[place.cell].setup.optimizer.pressure_words();
            format!("At the last level of pressure, {} ({words})", place.pressure)
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
