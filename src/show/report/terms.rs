//! What the words mean: the metrics that an experiment speaks of.

use super::numbers::Numbers;
use crate::lab::measure::METRICS;
use crate::study::results::definition;
use serde::Serialize;

/// A metric and its definition.
#[derive(Serialize)]
pub(super) struct Term {
    name: String,
    means: String,
}

/// The metrics of the table, and of the figures and claims of a config, in the
/// order of `results.csv`.
pub(super) fn terms(config_text: &str) -> Vec<Term> {
    let mut asked: Vec<String> = Numbers::METRICS.map(str::to_owned).to_vec();
    let config: toml::Table = toml::from_str(config_text).unwrap_or_default();
    for (section, key) in [("figures", "x"), ("figures", "y"), ("claims", "metric")] {
        let items = config.get(section).and_then(toml::Value::as_array).into_iter().flatten();
        items.filter_map(|item| item.get(key)).for_each(|value| collect(value, &mut asked));
    }
    let place = |name: &str| METRICS.iter().position(|m| *m == name).unwrap_or(METRICS.len());
    asked.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.cmp(b)));
    asked.dedup();
    asked.into_iter().filter_map(|name| Some(Term { means: definition(&name)?, name })).collect()
}

/// A text, or a list of them.
fn collect(value: &toml::Value, into: &mut Vec<String>) {
    match value {
        toml::Value::String(name) if name == "sqrt_kl" => into.push("kl".to_owned()),
        toml::Value::String(name) => into.push(name.clone()),
        toml::Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        _ => {}
    }
}
