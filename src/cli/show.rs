//! What only tells: the bare command, `show`, `check`, `schema`.

use super::{Stop, plan, print};
use crate::numerics::words::count;
use crate::study::config::Overrides;
use crate::study::schema::schema;

pub(super) fn welcome() -> Result<(), Stop> {
    print(
        "oversight: what happens when a policy is optimised against somebody's judgement of it?

Small worlds, an overseer who does not know, is wrong or can be fooled, a reward
model learned from what they say, and an optimizer that makes the most of it:
one loop, described by one TOML file, measured exactly.

Try next:
  oversight run three_failures            three ways feedback fails, and what repairs each
  oversight trace overseer_is_wrong       one trial in plain text
  oversight show overseer_is_wrong        a config to copy and change, defaults and all

oversight --help lists all commands, oversight list all there is to combine.
",
    )
}

pub(super) fn show(config: &str, overrides: &Overrides) -> Result<(), Stop> {
    print(&plan(config, overrides)?.experiment.resolved)
}

pub(super) fn print_schema() -> Result<(), Stop> {
    print(&(serde_json::to_string_pretty(&schema()).expect("plain data") + "\n"))
}

/// `check`: cells × seeds and an estimate of the work.
pub(super) fn check(configs: &[String], overrides: &Overrides) -> Result<(), Stop> {
    for config in configs {
        let plan = plan(config, overrides)?;
        let (experiment, work) = (&plan.experiment, plan.work());
        let seeds = experiment.seeds;
        print(&format!(
            "{}: ok; {} × {}, {}; about {}, {} of memory and {} more per thread, {} on disk\n",
            experiment.name,
            count(experiment.cells.len() as u64, "cell"),
            count(u64::from(seeds), "seed"),
            count(work.rows, "row"),
            seconds(work.seconds_per_seed * f64::from(seeds)),
            bytes(work.bytes),
            bytes(work.bytes_per_thread),
            bytes(work.bytes_of_results),
        ))?;
    }
    Ok(())
}

fn seconds(s: f64) -> String {
    match s {
        s if s < 10.0 => format!("{:.1} CPU-seconds", s.max(0.1)),
        s if s < 120.0 => format!("{s:.0} CPU-seconds"),
        s if s < 7200.0 => format!("{:.0} CPU-minutes", s / 60.0),
        s => format!("{:.0} CPU-hours", s / 3600.0),
    }
}

fn bytes(b: f64) -> String {
    match b {
        b if b < 1e7 => format!("{:.1} MB", (b / 1e6).max(0.1)),
        b if b < 1e9 => format!("{:.0} MB", b / 1e6),
        b => format!("{:.1} GB", b / 1e9),
    }
}
