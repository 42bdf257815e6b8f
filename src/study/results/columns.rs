//! The metric columns of an experiment.

use crate::lab::measure::{self, METRICS, Metrics};
use crate::lab::trial::Record;
use crate::numerics::stats::{Discrimination, Told};
use crate::study::plan::{Condition, Plan, Row};
use std::collections::BTreeSet;

/// Metric columns: the fixed ones, then `feature.NAME` and `weight.NAME`,
/// alphabetically, over the features of all cells.
pub struct Columns {
    names: Vec<String>,
    /// What figures draw and claims test that only all seeds together have.
    over_seeds: Vec<String>,
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
        let figures = plan.experiment.figures.iter().flat_map(|figure| &figure.y);
        let asked = figures.chain(plan.experiment.claims.iter().map(|claim| &claim.metric));
        let over_seeds: BTreeSet<&String> =
            asked.filter(|name| Discrimination::split(name).is_some()).collect();
        Self {
            over_seeds: over_seeds.into_iter().cloned().collect(),
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

    /// What is summarised: the columns, then `auc.NAME` and `missed.NAME` that figures draw
    /// or claims test.
    pub fn summarised(&self) -> impl Iterator<Item = &str> {
        self.names.iter().chain(&self.over_seeds).map(String::as_str)
    }

    /// A column over `rows`, which are those of one place, a row per seed; of `auc.NAME` and
    /// `missed.NAME` the pseudo-values.
    pub fn over_seeds<'r>(&self, name: &str, rows: impl Iterator<Item = &'r Row>) -> Vec<Option<f64>> {
        match Discrimination::split(name) {
            Some((of, _)) => of.pseudo_values(&self.told(name, rows)),
            None => {
                let column = self.index(name);
                rows.map(|row| self.values(row).nth(column).flatten()).collect()
            }
        }
    }

    /// What `auc.NAME` and `missed.NAME` rest on in each row.
    pub fn told<'r>(&self, name: &str, rows: impl Iterator<Item = &'r Row>) -> Vec<Told> {
        let column = Discrimination::split(name).map_or(name, |(_, column)| column);
        rows.map(|row| Discrimination::told(self.value(column, row), row.record.metrics.takeover)).collect()
    }

    /// What a row has in the column of this name.
    pub fn value(&self, name: &str, row: &Row) -> Option<f64> {
        self.values(row).nth(self.index(name)).flatten()
    }

    fn index(&self, name: &str) -> usize {
        self.names.iter().position(|n| n == name).expect("checked on reading")
    }

    /// Values of a row, in order; missing where the cell's world or model has no such feature.
    /// −0 is 0, as in the table, so that what is made of a table is made of the same numbers.
    pub fn values(&self, row: &Row) -> impl Iterator<Item = Option<f64>> {
        let places = &self.places[row.cell];
        let record = &row.record;
        let features = places.iter().map(|place| place.map(|j| record.features[j]));
        let weights = places.iter().map(|place| place.and_then(|j| record.weights[j]));
        let values = record.metrics.values().into_iter().chain(features).chain(weights);
        values.map(|value| value.map(|x| x + 0.0))
    }

    /// The record at a place that has these values; else the column that is empty where the
    /// cell's world has such a feature, or is not where it has none.
    pub(super) fn record(&self, place: &Condition, values: &[Option<f64>]) -> Result<Record, &str> {
        let here = &self.places[place.cell];
        let (metrics, others) = values.split_at(METRICS.len());
        let (expected, learned) = others.split_at(here.len());
        let count = here.iter().flatten().count();
        let (mut features, mut weights) = (vec![0.0; count], vec![None; count]);
        for (i, (expected, learned)) in expected.iter().zip(learned).enumerate() {
            match (here[i], expected) {
                (Some(j), Some(x)) => (features[j], weights[j]) = (*x, *learned),
                (None, None) if learned.is_none() => {}
                (Some(_), None) | (None, Some(_)) => return Err(&self.names[METRICS.len() + i]),
                (None, None) => return Err(&self.names[METRICS.len() + here.len() + i]),
            }
        }
        let metrics = Metrics::of_values(metrics.try_into().expect("as many as there are"));
        Ok(Record { round: place.round, pressure: place.pressure, metrics, features, weights })
    }
}

/// What a metric is that a figure or claim can name; `None` if there is none.
pub fn definition(name: &str) -> Option<String> {
    match Discrimination::split(name) {
        Some((of, column)) => measure::definition(column).map(|_| of.definition(column)),
        None => measure::definition(name),
    }
}
