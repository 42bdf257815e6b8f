//! Running small experiments inside tests.

use oversight::numerics::stats::{mean, sd};
use oversight::study::config::Overrides;
use oversight::study::plan::{Plan, Row};

/// Plans a config.
pub(crate) fn plan(text: &str) -> Plan {
    Plan::read("test.toml", text.as_bytes(), &Overrides::default()).unwrap_or_else(|e| panic!("{e}"))
}

/// All rows of all repetitions.
pub(crate) fn run(plan: &Plan) -> Vec<Row> {
    (0..plan.experiment.seeds).flat_map(|seed| plan.seed(seed, || true).expect("not interrupted")).collect()
}

/// One number per repetition: of the rows that `pick` picks, what `read` reads.
pub(crate) fn values(
    rows: &[Row],
    pick: impl Fn(&Row) -> bool,
    read: impl Fn(&Row) -> Option<f64>,
) -> Vec<f64> {
    rows.iter().filter(|r| pick(r)).filter_map(read).collect()
}

/// Asserts that `expected` lies within 3.9 standard errors of the mean of
/// `values`: for means of repetitions, which are nearly normal, 1 in 10,000
/// false alarms.
#[track_caller]
pub(crate) fn assert_mean(what: &str, values: &[f64], expected: f64) {
    let (m, se) = (mean(values), sd(values) / (values.len() as f64).sqrt());
    let z = (m - expected) / se;
    assert!(
        z.abs() < 3.9,
        "{what}: mean {m:.5} ± {se:.5} over {}, expected {expected:.5} (z = {z:.2})",
        values.len()
    );
}
