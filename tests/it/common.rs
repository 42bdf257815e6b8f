//! What the tests share: reference numbers, worlds from text, intervals.

use oversight::lab::inputs::Inputs;
use oversight::lab::mdp::{Features, Learned, Mdp, Outcomes};
use oversight::lab::optimizer::{OptimizerConfig, Reached};
use oversight::lab::policy::Policy;
use oversight::lab::world::{Tail, World, WorldConfig};
use oversight::numerics::rng::Streams;
use oversight::numerics::stats;
use oversight::study::config::{ConfigError, Kind};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// A file of `tests/data`.
pub(crate) fn text(name: &str) -> String {
    let path = format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Every file below a folder, by its path.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            all.extend(
                files(&path).into_iter().map(|(inside, content)| (format!("{name}/{inside}"), content)),
            );
        } else {
            all.insert(name, std::fs::read(&path).unwrap());
        }
    }
    all
}

/// A JSON file of `tests/data`.
pub(crate) fn json(name: &str) -> Value {
    serde_json::from_str(&text(name)).expect("valid JSON")
}

/// A JSON number.
#[track_caller]
pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

/// The numbers of a JSON array, nested ones in order.
pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        other => vec![number(other)],
    }
}

/// The items of a JSON array.
#[track_caller]
pub(crate) fn items(value: &Value) -> &[Value] {
    value.as_array().expect("an array")
}

#[track_caller]
pub(crate) fn assert_close(what: &str, got: f64, expected: f64, tolerance: f64) {
    assert!((got - expected).abs() <= tolerance, "{what}: {got}, expected {expected} ± {tolerance}");
}

#[track_caller]
pub(crate) fn assert_all_close(what: &str, got: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (i, (g, e)) in got.iter().zip(expected).enumerate() {
        assert_close(&format!("{what} [{i}]"), *g, *e, tolerance);
    }
}

/// Mean of independent values and its standard error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Estimate {
    pub(crate) mean: f64,
    pub(crate) se: f64,
}

impl Estimate {
    pub(crate) fn of(values: &[f64]) -> Self {
        Self { mean: stats::mean(values), se: stats::sd(values) / (values.len() as f64).sqrt() }
    }

    /// Asserts that `truth` lies within so many standard errors of the mean.
    #[track_caller]
    pub(crate) fn assert_covers(&self, what: &str, truth: f64, errors: f64) {
        let z = (self.mean - truth) / self.se;
        assert!(
            z.abs() <= errors,
            "{what}: {} ± {}, expected {truth}: {z:.2} standard errors",
            self.mean,
            self.se
        );
    }
}

/// A world of answers, from the TOML of its config.
pub(crate) fn world(toml: &str, seed: u32) -> World {
    let config = WorldConfig::Answers(toml::from_str(toml).expect("valid TOML"));
    let blueprint = config.blueprint(&Inputs::Training).expect("a law");
    let draw = blueprint.draw(Streams { seed, repetition: 0 });
    blueprint.world(draw)
}

/// The law of a feature, from its TOML.
pub(crate) fn tail(toml: &str) -> Tail {
    toml::from_str(toml).expect("valid TOML")
}

/// A bandit by hand: each prompt's reference chances, and feature columns over all rows.
pub(crate) fn bandit(reference: &[&[f64]], columns: &[(&str, &[f64])], gold: &[f64]) -> Mdp {
    let mut rows = vec![0];
    for prompt in reference {
        rows.push(rows[rows.len() - 1] + prompt.len() as u32);
    }
    Mdp {
        traits: None,
        horizon: 1,
        start: vec![1.0 / reference.len() as f64; reference.len()],
        rows,
        outcomes: Outcomes::Ends,
        features: Arc::new(Features::new(
            columns.iter().map(|(name, _)| (*name).to_owned()).collect(),
            columns.iter().map(|(_, column)| column.to_vec()).collect(),
        )),
        gold: gold.to_vec(),
        reference: reference.concat(),
        view: (0..reference.len() as u32).collect(),
    }
}

/// What the optimizer of this TOML reaches at each level.
pub(crate) fn optimise(toml: &str, mdp: &Mdp, reward: &Learned) -> Vec<Reached> {
    let optimizer: OptimizerConfig = toml::from_str(toml).expect("valid TOML");
    let mut reached = Vec::new();
    optimizer.optimise(mdp, reward, Streams { seed: 5, repetition: 0 }, |r| reached.push(r));
    reached
}

/// The policy that was reached.
pub(crate) fn policy(reached: &Reached) -> &Policy {
    reached.policy.as_ref().expect("a policy")
}

/// Expected value of a table under a policy, prompt by prompt.
pub(crate) fn by_prompt(mdp: &Mdp, policy: &Policy, table: &[f64]) -> Vec<f64> {
    let expected = |s: usize| mdp.rows_of(s).map(|row| policy.chances[row] * table[row]).sum();
    (0..mdp.states()).map(expected).collect()
}

/// Indices in order of increasing value, equal ones by index.
pub(crate) fn order(values: &[f64]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    order.sort_by(|&a, &b| values[a as usize].total_cmp(&values[b as usize]));
    order
}

/// All sequences of `length` indices below `base`.
pub(crate) fn tuples(base: usize, length: u32) -> impl Iterator<Item = Vec<usize>> {
    (0..base.pow(length)).map(move |mut code| {
        (0..length)
            .map(|_| {
                let digit = code % base;
                code /= base;
                digit
            })
            .collect()
    })
}

/// What is shown of an error.
pub(crate) fn said(error: Option<ConfigError>) -> String {
    error.map_or_else(|| "nothing is wrong".to_owned(), |error| error.to_string())
}

/// Each is refused at its line and column, and its error is of its kind.
#[track_caller]
pub(crate) fn refused(cases: &[(Option<ConfigError>, &str, Kind)]) {
    let wrong = cases.iter().filter_map(|(error, place, kind)| {
        let found = error.as_ref().map(|e| (format!("{}:{}", e.line(), e.column()), e.kind));
        let meant = found.as_ref().is_some_and(|(at, of)| at == place && of == kind);
        (!meant).then(|| format!("expected {kind:?} at {place}: {}", said(error.clone())))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
