//! `dialogue`: a trial as JSON lines, for a method of one's own.

use super::{Stop, plan, print};
use crate::lab::trial::{SharedInWorld, Trial};
use crate::study::config::Overrides;
use crate::study::dialogue::Dialogue;
use serde_json::{Value, json};
use std::io::{BufRead, Write};

/// Answers every line of standard input with a line on standard output, until its end.
pub(super) fn dialogue(config: &str, seed: u32, overrides: &Overrides) -> Result<(), Stop> {
    if config == "-" {
        let message = "CONFIG cannot be standard input: requests are read there; give a path";
        return Err(Stop::Usage(message.to_owned()));
    }
    let plan = plan(config, overrides)?;
    let (world, overseer, streams) = plan.open(0, seed);
    let mut shared = SharedInWorld::default();
    let setup = &plan.experiment.cells[0].setup;
    Dialogue::check(setup).map_err(|fault| Stop::Usage(format!("{}; {}", fault.message, fault.help)))?;
    let trial = Trial::new(setup, &world, &overseer, streams, &mut shared);
    let mut dialogue = Dialogue::new(trial, streams);
    say(&dialogue.opening())?;
    for line in std::io::stdin().lock().split(b'\n') {
        let line = line.map_err(|e| Stop::Files(format!("cannot read standard input: {e}")))?;
        let line = String::from_utf8_lossy(&line);
        if !line.trim().is_empty() {
            say(&dialogue.answer(&line).unwrap_or_else(|error| json!({ "error": error })))?;
        }
    }
    Ok(())
}

/// A line, at once.
fn say(answer: &Value) -> Result<(), Stop> {
    print(&format!("{answer}\n"))?;
    // A reader that has had enough is no error.
    std::io::stdout().flush().or(Ok(()))
}
