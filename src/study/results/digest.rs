//! A digest of results: whether they are the same bits without keeping them.

use super::{Columns, number};
use crate::numerics::rng::fnv;
use crate::study::plan::{Plan, Row};

/// For each cell, its description and the FNV-1a digest of all its numbers in
/// `rows`, in order.
pub fn digests(plan: &Plan, columns: &Columns, rows: &[Row]) -> Vec<(String, u64)> {
    let mut texts = vec![String::new(); plan.experiment.cells.len()];
    for row in rows {
        let numbers = [f64::from(row.seed), f64::from(row.record.round), row.record.pressure];
        for value in numbers.into_iter().map(Some).chain(columns.values(row)) {
            texts[row.cell] += &value.map_or_else(String::new, number);
            texts[row.cell].push(',');
        }
    }
    texts.iter().enumerate().map(|(cell, text)| (plan.describe(cell), fnv(text))).collect()
}
