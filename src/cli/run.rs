//! `run`: all repetitions of every config; then the files.

use super::method::Methods;
use super::output::{Output, Way};
use super::results::write;
use super::trials::{listen, trials};
use super::{Stop, index, plan};
use crate::study::config::Overrides;
use crate::study::plan::Plan;
use std::path::Path;

pub(super) fn run(
    configs: &[String],
    to: &Path,
    threads: Option<u16>,
    methods: &Methods,
    overrides: &Overrides,
) -> Result<(), Stop> {
    // All configs are checked, and all targets writable, before the first trial.
    let mut plans = configs.iter().map(|c| plan(c, overrides)).collect::<Result<Vec<Plan>, Stop>>()?;
    for (i, plan) in plans.iter().enumerate() {
        let name = &plan.experiment.name;
        if plans[..i].iter().any(|p| p.experiment.name == *name) {
            let message = format!("two configs are called `{name}` and would write to the same folder");
            return Err(Stop::Usage(message));
        }
    }
    if overrides.quick {
        plans.iter_mut().for_each(unjudged);
    }
    let _way = Way::make(to)?;
    let open = |plan: &Plan| Output::new(to.join(&plan.experiment.name), to);
    let outputs = plans.iter().map(open).collect::<Result<Vec<_>, Stop>>()?;
    listen()?;
    let mut done = 0;
    let outcome = plans.iter().zip(outputs).try_for_each(|(plan, output)| {
        let rows = trials(plan, threads, methods)?;
        write(plan, &rows, output, &plan.experiment.resolved, methods.commands(plan))?;
        done += 1;
        Ok(())
    });
    if done > 0 {
        index::write(to)?;
    }
    outcome
}

/// A rough look judges nothing: it makes no claims, nor does the config that it leaves.
fn unjudged(plan: &mut Plan) {
    let experiment = &mut plan.experiment;
    experiment.claims.clear();
    let mut config: toml::Table = toml::from_str(&experiment.resolved).expect("what was written reads");
    config.remove("claims");
    experiment.resolved = toml::to_string(&config).expect("what was read writes");
}
