//! How to vary an experiment: commands that run as they stand, made from its
//! own axes and settings.

use crate::study::config::{Axis, Experiment, Level};
use crate::study::plan::{Plan, words};
use serde_json::{Value, json};

/// Twice as many rows as a run could hold are not suggested.
const MOST_ROWS: u64 = 1_000_000;

/// The commands for a run and what they are good for; `verify` among them if there are claims.
pub(super) fn ways(plan: &Plan, claims: bool) -> Vec<Value> {
    let experiment = &plan.experiment;
    // What is not to be torn apart: the command, and each of its options.
    let way = |command: String, does: &str| {
        let command = command.replace(" --", "\n--");
        json!({ "command": command.lines().collect::<Vec<_>>(), "does": does })
    };
    let mut ways = Vec::new();
    if let Some((setting, does)) = another_level(experiment) {
        ways.push(way(format!("oversight run config.toml --set {setting}"), &does));
    }
    if !experiment.axes.iter().any(|axis| axis.name.starts_with("reward_model")) {
        ways.push(way(
            "oversight run config.toml --set reward_model=overseer".to_owned(),
            "No labels and no fit: the optimizer is handed what the overseer believes. What is lost then, no number of labels would repair.",
        ));
    }
    let fresh = experiment.seed.wrapping_add(1);
    let twice = experiment.seeds.checked_mul(2).filter(|_| plan.work().rows <= MOST_ROWS);
    let (seeds, many) =
        twice.map_or_else(|| (String::new(), "As"), |n| (format!(" --seeds {n}"), "Twice as"));
    ways.push(way(
        format!("oversight run config.toml{seeds} --set seed={fresh}"),
        &format!("{many} many seeds, none of them used before: does it repeat?"),
    ));
    ways.push(way(
        format!("oversight trace config.toml{}", last_cell(experiment)),
        "One trial in plain text: pairs as the overseer saw them, labels, weights, policy.",
    ));
    if claims {
        ways.push(way(
            "oversight verify config.toml".to_owned(),
            "Run it and judge every claim; the exit code is 1 unless all hold.",
        ));
    }
    ways
}

/// A finer sweep; without a sweep of numbers, another number of labels.
fn another_level(experiment: &Experiment) -> Option<(String, String)> {
    if let Some((axis, levels)) = experiment.axes.iter().find_map(|axis| Some((axis, finer(axis)?))) {
        let does = format!("A finer sweep: one more level of {}.", words(&axis.name));
        return Some((format!("'{}=[{}]'", axis.name, levels.join(", ")), does));
    }
    let labels = experiment.cells[0].setup.feedback.labels.filter(|n| (1..=100_000).contains(n))?;
    let same = experiment.cells.iter().all(|cell| cell.setup.feedback.labels == Some(labels));
    same.then(|| (format!("feedback.labels={}", 2 * labels), "Twice as many labels.".to_owned()))
}

/// The levels of a sweep of numbers with one more, half-way between two.
fn finer(axis: &Axis) -> Option<Vec<String>> {
    let [first, second, ..] = axis.levels.as_slice() else { return None };
    let between = match (first, second) {
        // Half-way in ratio where levels spread, as figures do.
        (Level::Integer(a), Level::Integer(b)) if *a > 0 && *b >= 4 * *a => {
            Level::Integer(((*a as f64) * (*b as f64)).sqrt().round() as i64)
        }
        (Level::Integer(a), Level::Integer(b)) => Level::Integer(a.midpoint(*b)),
        (Level::Number(a), Level::Number(b)) => Level::Number(a.midpoint(*b)),
        _ => return None,
    };
    let mut levels = axis.levels.clone();
    let fits = between.number().is_some_and(f64::is_finite) && !levels.contains(&between);
    levels.insert(1, between);
    fits.then(|| levels.iter().map(Level::to_string).collect())
}

/// Settings that lead to the last cell.
fn last_cell(experiment: &Experiment) -> String {
    let Some(cell) = experiment.cells.last() else { return String::new() };
    let axes = experiment.axes.iter().zip(&cell.levels).filter(|(axis, _)| axis.levels.len() > 1);
    let mut settings: Vec<String> = axes.map(|(axis, level)| format!("{}={level}", axis.name)).collect();
    settings.extend((experiment.variants.len() > 1).then(|| format!("variant={}", cell.variant)));
    settings.iter().map(|setting| format!(" --set {setting}")).collect()
}
