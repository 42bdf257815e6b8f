//! `verify`: run, and judge every claim. Writes nothing.

use super::method::Methods;
use super::trials::{listen, trials};
use super::{Stop, plan, print};
use crate::show::report::{effect, evidence, tallies};
use crate::study::claims::{Judgement, Verdict, gather, judge};
use crate::study::config::Overrides;
use crate::study::experiments::experiments;
use crate::study::plan::Plan;
use crate::study::results::Results;
use std::fmt::Write as _;

/// Runs the configs, all built-in ones unless given, and judges their claims:
/// every one must hold, or, in a quick run, none must fail.
pub(super) fn verify(configs: &[String], threads: Option<u16>, overrides: &Overrides) -> Result<(), Stop> {
    let all: Vec<String> = experiments().into_iter().map(|(name, _)| name.to_owned()).collect();
    let configs = if configs.is_empty() { &all } else { configs };
    let plans = configs.iter().map(|c| plan(c, overrides)).collect::<Result<Vec<Plan>, Stop>>()?;
    listen()?;
    let mut all = Vec::new();
    for plan in &plans {
        let seeds: Vec<u32> = (0..plan.experiment.seeds).collect();
        let rows = trials(plan, &seeds, threads, &Methods::default(), |_, rows| Ok(rows))?.concat();
        let judgements = judge(plan, &gather(&Results::new(plan, &rows)));
        print(&account(plan, &judgements))?;
        all.extend(judgements);
    }
    print(&tallies(&all).map_or_else(String::new, |tallies| tallies + "\n"))?;
    let good = |j: &Judgement| match j.verdict {
        Verdict::Holds => true,
        Verdict::Undecided => overrides.quick,
        Verdict::Fails => false,
    };
    if all.iter().all(good) { Ok(()) } else { Err(Stop::Claims) }
}

fn account(plan: &Plan, judgements: &[Judgement]) -> String {
    let said =
        if judgements.is_empty() { "It makes no claims.".to_owned() } else { evidence(&plan.experiment) };
    let mut text = format!("{}. {said}\n", plan.experiment.name);
    for j in judgements {
        let kind: &str = j.kind.into();
        let _ = writeln!(text, "  {:<9}  {}", j.verdict.to_string(), j.say);
        let _ = writeln!(text, "             {kind}: {}", j.tested);
        if let Some(estimate) = j.estimate {
            let _ = writeln!(text, "             {}: {}", j.quantity, effect(estimate, j.interval));
        }
        let _ = writeln!(text, "             {}", j.why);
    }
    text + "\n"
}
