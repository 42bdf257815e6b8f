//! The metric columns of an experiment.

use crate::measure::METRICS;
use crate::plan::{Plan, Row};
use std::collections::BTreeSet;

/// Metric columns: the fixed ones, then `feature.NAME` and `weight.NAME`,
/// alphabetically, over the features of all cells.
pub struct Columns {
    names: Vec<String>,
    /// Where each feature column stands in a cell's world; \[cells\]\[features\].
    places: Vec<Vec<Option<usize>>>,
}

impl Columns {
    /// The columns of a plan.
    pub fn new(plan: &Plan) -> Self {
        let cells: Vec<Vec<&str>> =
            (0..plan.experiment.cells.len()).map(|c| plan.features(c).collect()).collect();
        let features: BTreeSet<&str> = cells.iter().flatten().copied().collect();
        let prefixed = |prefix: &'static str| features.iter().map(move |name| format!("{prefix}.{name}"));
        Self {
            names: METRICS
                .map(str::to_owned)
                .into_iter()
                .chain(prefixed("feature"))
                .chain(prefixed("weight"))
                .collect(),
            places: cells
                .iter()
                .map(|here| features.iter().map(|name| here.iter().position(|n| n == name)).collect())
                .collect(),
        }
    }

    /// Names, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Values of a row, in order; missing where the cell's world or model has no such feature.
    pub fn values(&self, row: &Row) -> impl Iterator<Item = Option<f64>> {
        let places = &self.places[row.cell];
        let record = &row.record;
        let features = places.iter().map(|place| place.map(|j| record.features[j]));
        let weights = places.iter().map(|place| place.and_then(|j| record.weights[j]));
        record.metrics.values().into_iter().chain(features).chain(weights)
    }
}
