//! `summary.csv`: every metric over the seeds.

use super::{Columns, Csv, number};
use crate::numerics::stats::{Discrimination, Summariser, Summary};
use crate::study::plan::{Plan, Row};

/// The metrics of one cell at one round and level of pressure, over the seeds.
pub struct LevelSummary {
    /// Index of the cell.
    pub cell: usize,
    /// Round, from 1.
    pub round: u32,
    /// Level of pressure.
    pub pressure: f64,
    /// By metric, in the order of [`Columns::summarised`]; `None` where no seed has it.
    pub metrics: Vec<Option<Summary>>,
}

/// Summaries in the order of cells, rounds and levels.
pub fn summaries(plan: &Plan, columns: &Columns, rows: &[Row]) -> Vec<LevelSummary> {
    let mut summariser = Summariser::default();
    let mut summaries = Vec::new();
    let mut by_cell: Vec<Vec<&Row>> = vec![Vec::new(); plan.experiment.cells.len()];
    for row in rows {
        by_cell[row.cell].push(row);
    }
    for (cell, rows) in by_cell.iter().enumerate() {
        // Every repetition has the same levels, in the same order.
        let levels = rows.iter().take_while(|r| r.seed == rows[0].seed).count();
        for level in 0..levels {
            let here: Vec<&Row> = rows.iter().skip(level).step_by(levels).copied().collect();
            let mut values = vec![Vec::with_capacity(here.len()); columns.names().len()];
            for row in &here {
                for (of_metric, x) in values.iter_mut().zip(columns.values(row)) {
                    of_metric.extend(x);
                }
            }
            for name in columns.summarised().skip(columns.names().len()) {
                values.push(columns.over_seeds(name, here.iter().copied()).into_iter().flatten().collect());
            }
            let (round, pressure) = (here[0].record.round, here[0].record.pressure);
            let metrics = values.iter().map(|v| summariser.summarise(v)).collect();
            summaries.push(LevelSummary { cell, round, pressure, metrics });
        }
    }
    summaries
}

/// `summary.csv`.
pub fn summary_csv(plan: &Plan, columns: &Columns, summaries: &[LevelSummary]) -> Vec<u8> {
    let statistics = ["n", "mean", "sd", "mean_lo", "mean_hi", "iqm", "iqm_lo", "iqm_hi"].map(str::to_owned);
    let mut csv = Csv::new(plan, None, &["round", "pressure", "metric"], &statistics);
    for level in summaries {
        for (name, summary) in columns.summarised().zip(&level.metrics) {
            let Some(s) = summary else { continue };
            let optional = |x: Option<f64>| x.map_or_else(String::new, number);
            // Pseudo-values have a mean and nothing else.
            let of_seeds = |x: Option<f64>| optional(x.filter(|_| Discrimination::split(name).is_none()));
            let (mean, iqm) = (s.mean_interval.unzip(), s.iqm_interval.unzip());
            let values = [
                level.round.to_string(),
                number(level.pressure),
                name.to_owned(),
                s.n.to_string(),
                number(s.mean),
                optional(s.sd),
                optional(mean.0),
                optional(mean.1),
                of_seeds(Some(s.iqm)),
                of_seeds(iqm.0),
                of_seeds(iqm.1),
            ];
            csv.record(&plan.experiment.cells[level.cell], values);
        }
    }
    csv.finish()
}
