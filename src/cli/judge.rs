//! `judge`: what an overseer says of two segments, as exact chances.

use super::source::read_input;
use super::{Stop, plan, print};
use crate::lab::overseer::{Choice, LabelChances};
use crate::numerics::ranges::Finite;
use crate::study::config::{ConfigError, Overrides};
use crate::study::results::number;
use serde::Deserialize;

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
    let (mut output, mut start) = (String::new(), 0);
    for line in text.split_inclusive('\n') {
        if !line.trim().is_empty() {
            let flaw = |(at, message, help)| {
                ConfigError::in_text(&name, text, start + at, message, String::from(help))
            };
            let LabelChances { first, second, tie, skip } = chances(choice, line).map_err(flaw)?;
            let [first, second, tie, skip] = [first, second, tie, skip].map(number);
            let chances = format!(r#""first": {first}, "second": {second}, "tie": {tie}, "skip": {skip}"#);
            output += &format!("{{{chances}}}\n");
        }
        start += line.len();
    }
    print(&output)
}

/// What is said of the pair of a line; or the byte where it is wrong, what is, and what is allowed.
fn chances(choice: &Choice, line: &str) -> Result<LabelChances, (usize, String, &'static str)> {
    let start = line.len() - line.trim_start().len();
    if !line[start..].starts_with('{') {
        return Err((start, "expected an object with first and second".to_owned(), LINE));
    }
    let Pair { first, second } = serde_json::from_str(line).map_err(|e| {
        let message = e.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        // The column is that of the last byte read, from 1.
        (e.column().saturating_sub(1).min(line.trim_end().len()), message.to_owned(), LINE)
    })?;
    let at = |key: &str| line.find(&format!("\"{key}\"")).unwrap_or(0);
    for (key, steps) in [("first", first.len()), ("second", second.len())] {
        if steps == 0 {
            return Err((at(key), format!("`{key}` has no steps"), "a segment has at least one step"));
        }
    }
    // A return is defined for any number of steps; the peers compare equal ones only.
    if choice.compat.is_some() && first.len() != second.len() {
        let message = format!("segments of {} and {} steps", first.len(), second.len());
        let help = "compat compares segments of equal length only: cut one, or take away compat";
        return Err((at("second"), message, help));
    }
    let [first, second] = [first, second].map(|steps| choice.returns(steps.iter().map(|r| r.get())));
    Ok(choice.chances(first, second))
}
