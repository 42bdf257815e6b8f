//! `results.csv` back into rows: exactly, or not at all.
//!
//! A table fits a plan if, values apart, every byte of it is where a run of the plan would have
//! written it. Nothing else is ever read back.

use super::{Columns, header, lead, results_csv};
use crate::numerics::words::count;
use crate::study::plan::{Plan, Row};
use csv::StringRecord;
use std::ops::Range;

/// Why a table is not one that a run of the plan would have written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub what: String,
}

/// The rows of a table that [`results_csv`] wrote.
///
/// # Errors
/// The first line that a run of the plan would have written otherwise.
pub fn read_results(plan: &Plan, columns: &Columns, csv: &[u8]) -> Result<Vec<Row>, Misfit> {
    read(plan, columns, 0..plan.experiment.seeds, csv)
}

/// The rows of a table that [`results_csv`] wrote of the rows of one seed.
///
/// # Errors
/// The first line that it would have written otherwise.
pub fn read_seed(plan: &Plan, columns: &Columns, seed: u32, csv: &[u8]) -> Result<Vec<Row>, Misfit> {
    read(plan, columns, seed..seed + 1, csv)
}

fn read(plan: &Plan, columns: &Columns, seeds: Range<u32>, csv: &[u8]) -> Result<Vec<Row>, Misfit> {
    let header = header(plan, columns);
    let total = plan.conditions().len() * seeds.len();
    let mut rows: Vec<Row> = Vec::new();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv);
    for (index, record) in reader.records().enumerate() {
        let misfit = |what| Misfit { line: index + 1, what };
        let record = record.map_err(|_| misfit("this is not UTF-8".to_owned()))?;
        if index == 0 {
            check(&header, header.iter().cloned(), &record).map_err(misfit)?;
        } else if rows.len() < total {
            rows.push(row(plan, columns, &header, (seeds.start, rows.len()), &record).map_err(misfit)?);
        } else {
            return Err(misfit(format!("a row too many: this config makes {total}")));
        }
    }
    if rows.len() < total {
        let what = format!("the table ends after {} of {}", rows.len(), count(total as u64, "row"));
        return Err(Misfit { line: csv.split(|b| *b == b'\n').count(), what });
    }
    let again = results_csv(plan, columns, &rows);
    let mut lines = again.split_inclusive(|b| *b == b'\n').zip(csv.split_inclusive(|b| *b == b'\n'));
    match lines.position(|(ours, theirs)| ours != theirs) {
        None if again.len() == csv.len() => Ok(rows),
        other => {
            let line = other.unwrap_or(total + 1) + 1;
            Err(Misfit { line, what: "a run would write this in other characters".to_owned() })
        }
    }
}

/// Row `index` of a run from seed `first` on.
fn row(
    plan: &Plan,
    columns: &Columns,
    header: &[String],
    (first, index): (u32, usize),
    record: &StringRecord,
) -> Result<Row, String> {
    let place = &plan.conditions()[index % plan.conditions().len()];
    let seed = first + (index / plan.conditions().len()) as u32;
    check(header, lead(plan, place, seed), record)?;
    let value = |(name, text): (&String, &str)| match text.parse::<f64>() {
        _ if text.is_empty() => Ok(None),
        Ok(x) if !x.is_nan() => Ok(Some(x)),
        _ => Err(format!("`{name}` is `{}`, which is no number", shown(text))),
    };
    let first = header.len() - columns.names().len();
    let values = header.iter().zip(record).skip(first).map(value).collect::<Result<Vec<_>, _>>()?;
    match columns.record(place, &values) {
        Ok(record) => Ok(Row { cell: place.cell, seed, record }),
        Err(column) => Err(format!("`{column}` is there and should not be, or the other way round")),
    }
}

/// Checks how many columns there are, and what the first ones say.
fn check(header: &[String], due: impl Iterator<Item = String>, record: &StringRecord) -> Result<(), String> {
    if record.len() != header.len() {
        return Err(format!("{}, which should be {}", count(record.len() as u64, "column"), header.len()));
    }
    match due.zip(record).zip(header).find(|((due, found), _)| due != found) {
        None => Ok(()),
        Some(((due, found), name)) => Err(format!("`{name}` is `{}` and should be `{due}`", shown(found))),
    }
}

/// The start of whatever stands there.
fn shown(text: &str) -> String {
    text.chars().take(40).flat_map(char::escape_debug).collect()
}
