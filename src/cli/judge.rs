//! `judge`: what an overseer says of two segments, as exact chances.

use super::source::read_input;
use super::{Stop, plan, print};
use crate::lab::overseer::{Choice, LabelChances};
use crate::numerics::ranges::Finite;
use crate::study::config::{ConfigError, Overrides};
use crate::study::results::number;
use serde::Deserialize;
use std::fmt::Write as _;

const LINE: &str = r#"a line is {"first": [r, …], "second": [r, …]}: the rewards believed at each step, numbers from -1e30 to 1e30"#;

/// Two segments, by the reward that the overseer believes in at each step.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    first: Vec<Finite>,
    second: Vec<Finite>,
}

/// Judges every pair of a file, or none.
pub(super) fn judge(config: &str, pairs: &str, overrides: &Overrides) -> Result<(), Stop> {
    if config == "-" && pairs == "-" {
        return Err(Stop::Usage("CONFIG and PAIRS cannot both be standard input".to_owned()));
    }
    let plan = plan(config, overrides)?;
    let choice = &plan.experiment.cells[0].setup.overseer.choice;
    let (name, bytes) = read_input(pairs, "stdin.jsonl")?;
    let text = ConfigError::text(&name, &bytes)?;
    let mut output = String::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim().is_empty() {
            let flawed =
                |Flaw { at, message, help }| ConfigError::in_text(&name, text, start + at, message, help);
            let LabelChances { first, second, tie, skip } = chances(choice, line).map_err(flawed)?;
            let [first, second, tie, skip] = [first, second, tie, skip].map(number);
            let _ =
                writeln!(output, r#"{{"first": {first}, "second": {second}, "tie": {tie}, "skip": {skip}}}"#);
        }
        start += line.len();
    }
    print(&output)
}

/// What is wrong with a line, at a byte of it.
struct Flaw {
    at: usize,
    message: String,
    help: String,
}

fn chances(choice: &Choice, line: &str) -> Result<LabelChances, Flaw> {
    let start = line.len() - line.trim_start().len();
    if !line[start..].starts_with('{') {
        let message = "expected an object with first and second".to_owned();
        return Err(Flaw { at: start, message, help: LINE.to_owned() });
    }
    let pair: Pair = serde_json::from_str(line).map_err(|e| {
        let message = e.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        // The column is that of the last byte read, from 1.
        let at = e.column().saturating_sub(1).min(line.trim_end().len());
        Flaw { at, message: message.to_owned(), help: LINE.to_owned() }
    })?;
    let flaw = |key: &str, message: String, help: &str| {
        let at = line.find(&format!("\"{key}\"")).unwrap_or(0);
        Err(Flaw { at, message, help: help.to_owned() })
    };
    let steps = [("first", pair.first.len()), ("second", pair.second.len())];
    if let Some((key, _)) = steps.iter().find(|(_, steps)| *steps == 0) {
        return flaw(key, format!("`{key}` has no steps"), "a segment has at least one step");
    }
    // A return is defined for any number of steps; the peers compare equal ones only.
    if choice.compat.is_some() && steps[0].1 != steps[1].1 {
        let message = format!("segments of {} and {} steps", steps[0].1, steps[1].1);
        return flaw(
            "second",
            message,
            "compat compares segments of equal length only: cut one, or take away compat",
        );
    }
    let [first, second] =
        [pair.first, pair.second].map(|steps| choice.returns(steps.iter().map(|r| r.get())));
    Ok(choice.chances(first, second))
}
