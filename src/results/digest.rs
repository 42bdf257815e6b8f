//! A digest of results: whether they are the same bits without keeping them.

use super::{Columns, number};
use crate::plan::{Plan, Row};

/// For each cell, its description and the FNV-1a digest of all its numbers in
/// `rows`, in order.
pub fn digests(plan: &Plan, columns: &Columns, rows: &[Row]) -> Vec<(String, u64)> {
    let mut digests: Vec<(String, u64)> =
        (0..plan.experiment.cells.len()).map(|cell| (plan.describe(cell), 0xcbf2_9ce4_8422_2325)).collect();
    for row in rows {
        let numbers = [f64::from(row.seed), f64::from(row.record.round), row.record.pressure];
        let values = numbers.into_iter().map(Some).chain(columns.values(row));
        for value in values {
            let text = value.map_or_else(String::new, number);
            for byte in text.bytes().chain([b',']) {
                let digest = &mut digests[row.cell].1;
                *digest = (*digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
    }
    digests
}
