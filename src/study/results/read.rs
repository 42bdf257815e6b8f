//! `results.csv` back into rows: exactly, or not at all.
//!
//! A table fits a plan if every byte of it is where a run of the plan would have written it, but
//! for the values. Nothing else is ever read back.

use super::{Columns, header, lead, results_csv};
use crate::study::plan::{Plan, Row};
use csv::StringRecord;

/// Why a table is not one that a run of the plan would have written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Line, from 1.
    pub line: u64,
    /// What is wrong there.
    pub what: String,
}

/// The rows of a table that [`results_csv`] wrote.
///
/// # Errors
/// The first line that a run of the plan would have written otherwise.
pub fn read_results(plan: &Plan, columns: &Columns, csv: &[u8]) -> Result<Vec<Row>, Misfit> {
    let header = header(plan, columns);
    let total = plan.places().len() * plan.experiment.seeds as usize;
    let mut rows: Vec<Row> = Vec::new();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv);
    for (i, record) in reader.records().enumerate() {
        let record = record.map_err(|e| Misfit {
            line: e.position().map_or(1, csv::Position::line),
            what: "the line is not UTF-8".to_owned(),
        })?;
        let misfit = |what| Misfit { line: record.position().map_or(1, csv::Position::line), what };
        if i == 0 {
            check_names(&header, &record).map_err(misfit)?;
        } else if rows.len() == total {
            return Err(misfit(format!("a row too many: this config makes {total}")));
        } else {
            rows.push(row(plan, columns, &header, i - 1, &record).map_err(misfit)?);
        }
    }
    if rows.len() < total {
        let what = format!("the table ends after {} of {total} rows", rows.len());
        return Err(Misfit { line: csv.split(|b| *b == b'\n').count() as u64, what });
    }
    let again = results_csv(plan, columns, &rows);
    let mut lines = again.split_inclusive(|b| *b == b'\n').zip(csv.split_inclusive(|b| *b == b'\n'));
    match lines.position(|(ours, theirs)| ours != theirs) {
        None if again.len() == csv.len() => Ok(rows),
        other => {
            let line = other.unwrap_or(rows.len() + 1) as u64 + 1;
            Err(Misfit { line, what: "the line says so in other characters than `run` would".to_owned() })
        }
    }
}

fn check_names(header: &[String], record: &StringRecord) -> Result<(), String> {
    let both = header.iter().zip(record).enumerate();
    match both.into_iter().find(|(_, (ours, theirs))| ours != theirs) {
        Some((i, (ours, theirs))) => {
            Err(format!("column {} is `{}` and should be `{ours}`", i + 1, shown(theirs)))
        }
        None => check_count(header, record),
    }
}

fn check_count(header: &[String], record: &StringRecord) -> Result<(), String> {
    let (found, due) = (record.len(), header.len());
    if found == due { Ok(()) } else { Err(format!("{found} columns, which should be {due}")) }
}

/// Row `index` of a run.
fn row(
    plan: &Plan,
    columns: &Columns,
    header: &[String],
    index: usize,
    record: &StringRecord,
) -> Result<Row, String> {
    check_count(header, record)?;
    let place = &plan.places()[index % plan.places().len()];
    let seed = (index / plan.places().len()) as u32;
    let first = header.len() - columns.names().len();
    if let Some((i, due)) = lead(plan, place, seed).enumerate().find(|(i, due)| record[*i] != **due) {
        return Err(format!("`{}` is `{}` and should be `{due}`", header[i], shown(&record[i])));
    }
    let value = |(name, text): (&String, &str)| match text {
        "" => Ok(None),
        text => match text.parse::<f64>() {
            Ok(x) if !x.is_nan() => Ok(Some(x)),
            _ => Err(format!("`{name}` is `{}`, which is no number", shown(text))),
        },
    };
    let values = header.iter().zip(record).skip(first).map(value).collect::<Result<Vec<_>, _>>()?;
    match columns.record(place, &values) {
        Ok(record) => Ok(Row { cell: place.cell, seed, record }),
        Err(column) => Err(format!("`{column}` is there and should not be, or the other way round")),
    }
}

/// The start of whatever stands there.
fn shown(text: &str) -> String {
    text.chars().take(40).flat_map(char::escape_debug).collect()
}
