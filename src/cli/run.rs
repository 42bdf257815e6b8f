//! `run`: all repetitions of every config; then the files.

use super::arguments::Going;
use super::method::Methods;
use super::output::{Output, Way};
use super::parts::{Parts, Shard};
use super::results::write;
use super::trials::{listen, trials};
use super::{Stop, index, plan, print};
use crate::numerics::words::count;
use crate::study::config::{Experiment, Overrides};
use crate::study::plan::Plan;
use std::path::Path;

pub(super) fn run(
    configs: &[String],
    to: &Path,
    threads: Option<u16>,
    methods: &Methods,
    Going { resume, shard }: Going,
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
    for Experiment { name, left_out, .. } in plans.iter().map(|plan| &plan.experiment) {
        left_out.iter().for_each(|what| eprintln!("note: {name}: {what}"));
    }
    if overrides.quick {
        plans.iter_mut().for_each(Plan::unjudged);
    }
    listen()?;
    let _way = Way::make(to)?;
    let open = |plan: &Plan| Output::new(to.join(&plan.experiment.name), to, shard);
    let outputs = plans.iter().map(open).collect::<Result<Vec<_>, Stop>>()?;
    let begin = |(plan, output): (_, &Output)| {
        let mut parts = Parts::of(plan, &output.target, &methods.commands(plan));
        parts.begin(shard, resume).map(|due| (parts, due))
    };
    let begun = plans.iter().zip(&outputs).map(begin).collect::<Result<Vec<_>, Stop>>()?;
    let mut done = 0;
    let jobs = plans.iter().zip(outputs).zip(begun);
    let outcome = jobs.into_iter().try_for_each(|((plan, output), (parts, due))| {
        let ran = trials(plan, &due, threads, methods, |seed, rows| parts.save(seed, &rows));
        ran.inspect_err(|_| parts.tell())?;
        if let Some(shard) = shard {
            return told(shard, plan, due.len(), &output);
        }
        write(plan, &parts.all()?, output, &plan.experiment.resolved, methods.commands(plan))?;
        parts.remove();
        done += 1;
        Ok(())
    });
    if done > 0 {
        index::write(to)?;
    }
    outcome
}

/// Says what a shard has done, and what comes next.
fn told(shard: Shard, plan: &Plan, seeds: usize, output: &Output) -> Result<(), Stop> {
    let (name, folder) = (&plan.experiment.name, output.target.display());
    let ran = count(seeds as u64, "seed");
    print(&format!("{name}: shard {shard} has run {ran}; then `oversight merge {folder}`\n"))
}
