//! What an experiment showed, small enough to keep beside its config: verdicts,
//! the numbers they rest on, a digest of the results, a summary, figures, and a
//! page that says it in words.
//!
//! Results are the same bits everywhere, so nothing else need be kept: whoever
//! doubts them reruns two seeds (a few seconds), compares digests, and judges the
//! kept numbers again.

use crate::numerics::rng::fnv;
use crate::study::plan::Row;
use crate::study::results::{Results, results_csv, summary_csv};
use std::collections::BTreeSet;

/// Seeds whose results are digested.
pub const DIGESTED: u32 = 2;

/// `digests.csv`: of each column of `results.csv` that is not empty, the FNV-1a digest over the
/// first seeds. A new metric adds a line and changes no other.
pub fn digests_csv(results: &Results<'_>) -> String {
    let first: Vec<Row> = results.rows.iter().filter(|r| r.seed < DIGESTED).cloned().collect();
    digests_of(&results_csv(results.plan, &results.columns, &first))
}

/// The digests of the columns of a table.
pub fn digests_of(table: &[u8]) -> String {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table);
    let mut columns: Vec<Vec<String>> = Vec::new();
    for record in reader.records().map(|record| record.expect("a table")) {
        columns.resize(record.len(), Vec::new());
        columns.iter_mut().zip(&record).for_each(|(column, value)| column.push(value.to_owned()));
    }
    let full = columns.iter().filter(|column| column[1..].iter().any(|value| !value.is_empty()));
    let line = |column: &Vec<String>| format!("{},{:016x}\n", column[0], fnv(&column[1..].join("\n")));
    "column,digest\n".to_owned() + &full.map(line).collect::<String>()
}

/// `summary.csv`, of the metrics that figures draw and claims test.
pub fn short_summary_csv(results: &Results<'_>) -> Vec<u8> {
    let experiment = &results.plan.experiment;
    let drawn = experiment.figures.iter().flat_map(|f| f.y.iter());
    let used: BTreeSet<&str> =
        drawn.chain(experiment.claims.iter().map(|c| &c.metric)).map(String::as_str).collect();
    summary_csv(results, |metric| used.contains(metric))
}
