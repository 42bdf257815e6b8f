//! Results as text: `results.csv`, one row per policy, and `summary.csv`, one
//! row per cell, level and metric. Pure functions from rows to bytes, and of
//! `results.csv` back.

mod board;
mod columns;
mod read;
mod summary;

pub use board::leaderboard_csv;
pub use columns::{Columns, definition};
pub use read::{Misfit, read_results, read_seed};
pub use summary::{Results, summary_csv};

use crate::lab::trial::Record;
use crate::study::config::{Cell, Level};
use crate::study::plan::{Condition, Plan, Row};

/// `results.csv`.
pub fn results_csv(plan: &Plan, columns: &Columns, rows: &[Row]) -> Vec<u8> {
    let line = |row: &Row| {
        let Record { round, pressure, .. } = row.record;
        let place = Condition { cell: row.cell, round, pressure };
        let values = columns.values(row);
        lead(plan, &place, row.seed).chain(values.map(text)).collect()
    };
    table(header(plan, columns), rows.iter().map(line))
}

fn header(plan: &Plan, columns: &Columns) -> Vec<String> {
    let names = columns.names().iter().map(String::as_str);
    let all = std::iter::once("experiment").chain(axes(plan)).chain(["seed", "round", "pressure"]);
    all.chain(names).map(str::to_owned).collect()
}

/// What a row of `results.csv` says before its values: where it was measured.
fn lead(plan: &Plan, place: &Condition, seed: u32) -> impl Iterator<Item = String> {
    let cell = &plan.experiment.cells[place.cell];
    let at = [seed.to_string(), place.round.to_string(), number(place.pressure)];
    std::iter::once(plan.experiment.name.clone()).chain(levels(cell)).chain(at)
}

/// The columns that say of which cell a row is.
fn axes(plan: &Plan) -> impl Iterator<Item = &str> {
    plan.experiment.axes.iter().map(|axis| axis.name.as_str()).chain(["variant", "optimizer"])
}

fn levels(cell: &Cell) -> impl Iterator<Item = String> {
    let labels = [cell.variant.clone(), cell.setup.optimizer.name().to_owned()];
    cell.levels.iter().map(Level::to_string).chain(labels)
}

fn table(header: Vec<String>, lines: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    std::iter::once(header)
        .chain(lines)
        .for_each(|line| writer.write_record(line).expect("writing to memory"));
    writer.into_inner().expect("writing to memory")
}

/// Empty where there is no number.
fn text(x: Option<f64>) -> String {
    x.map_or_else(String::new, number)
}

/// The shortest text that reads back as the same number; −0 is written 0.
pub fn number(x: f64) -> String {
    let x = x + 0.0;
    if x == 0.0 || !x.is_finite() || (1e-5..1e17).contains(&x.abs()) {
        format!("{x}")
    } else {
        format!("{x:e}")
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_read_back() {
        assert_eq!(number(-0.0), "0");
        assert_eq!(number(0.1 + 0.2), "0.30000000000000004");
        assert_eq!(number(f64::INFINITY), "inf");
        assert_eq!(number(1e-300), "1e-300");
        for x in [1.0, -2.5e-9, 1e17, 123_456.789, f64::MIN_POSITIVE, f64::MAX] {
            assert_eq!(number(x).parse::<f64>().unwrap().to_bits(), x.to_bits());
        }
    }
}
