//! What the words mean: the metrics that an experiment speaks of.

use super::numbers::Numbers;
use crate::lab::measure::METRICS;
use crate::study::config::Experiment;
use crate::study::results::definition;
use serde_json::{Value, json};

/// The metrics of the table, of the figures and of the claims with their definitions, in the order
/// of `results.csv`.
pub(super) fn terms(experiment: &Experiment) -> Vec<Value> {
    let drawn = experiment.figures.iter().flat_map(|figure| figure.x.iter().chain(&figure.y));
    let asked = drawn.chain(experiment.claims.iter().map(|claim| &claim.metric)).map(String::as_str);
    let asked = Numbers::METRICS.into_iter().chain(asked);
    let mut names: Vec<&str> = asked.map(|name| if name == "sqrt_kl" { "kl" } else { name }).collect();
    let place = |name: &str| METRICS.iter().position(|m| *m == name).unwrap_or(METRICS.len());
    names.sort_by_key(|name| (place(name), *name));
    names.dedup();
    let term = |name: &str| Some(json!({ "name": name, "means": definition(name)? }));
    names.into_iter().filter_map(term).collect()
}
