//! `summary.csv`: every metric over the seeds.

use super::{Columns, axes, levels, number, table, text};
use crate::numerics::stats::{Discrimination, Summariser, Summary};
use crate::study::plan::{Condition, Plan, Row};

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
    let conditions = plan.conditions();
    let at = |(place, condition): (usize, &Condition)| {
        // Every repetition has the same conditions, in the same order.
        let here: Vec<&Row> = rows.iter().skip(place).step_by(conditions.len()).collect();
        let mut values = vec![Vec::with_capacity(here.len()); columns.names().len()];
        for row in &here {
            for (of_metric, x) in values.iter_mut().zip(columns.values(row)) {
                of_metric.extend(x);
            }
        }
        for name in columns.summarised().skip(columns.names().len()) {
            values.push(columns.over_seeds(name, here.iter().copied()).into_iter().flatten().collect());
        }
        let Condition { cell, round, pressure } = *condition;
        LevelSummary {
            cell,
            round,
            pressure,
            metrics: values.iter().map(|v| summariser.summarise(v)).collect(),
        }
    };
    conditions.iter().enumerate().map(at).collect()
}

/// `summary.csv`.
pub fn summary_csv(plan: &Plan, columns: &Columns, summaries: &[LevelSummary]) -> Vec<u8> {
    let fixed = ["round", "pressure", "metric"];
    let statistics = ["n", "mean", "sd", "mean_lo", "mean_hi", "iqm", "iqm_lo", "iqm_hi"];
    let header = axes(plan).chain(fixed).chain(statistics).map(str::to_owned).collect();
    let line = |level: &LevelSummary, name: &str, s: &Summary| {
        // Pseudo-values have a mean and nothing else.
        let of_seeds = |x: Option<f64>| x.filter(|_| Discrimination::split(name).is_none());
        let (mean, iqm) = (s.mean_interval.unzip(), s.iqm_interval.unzip());
        let iqm = [Some(s.iqm), iqm.0, iqm.1].map(of_seeds);
        let numbers = [Some(s.mean), s.sd, mean.0, mean.1].into_iter().chain(iqm).map(text);
        let at = [level.round.to_string(), number(level.pressure), name.to_owned(), s.n.to_string()];
        levels(&plan.experiment.cells[level.cell]).chain(at).chain(numbers).collect()
    };
    let lines = summaries.iter().flat_map(|level| {
        let there = columns.summarised().zip(&level.metrics);
        there.filter_map(move |(name, s)| Some(line(level, name, s.as_ref()?)))
    });
    table(header, lines)
}
