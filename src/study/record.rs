//! What an experiment showed, small enough to keep beside its config: verdicts,
//! the numbers they rest on, a digest of the results, a summary, figures, and a
//! page that says it in words.
//!
//! Results are the same bits everywhere, so nothing else need be kept: whoever
//! doubts them reruns two seeds (a few seconds), compares digests, and judges the
//! kept numbers again.

use crate::study::claims::{Judgement, tally};
use crate::study::plan::{Plan, Row};
use crate::study::results::{Columns, LevelSummary, digests, summary_csv};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Seeds whose results are digested.
pub const DIGESTED: u32 = 2;

/// `digests.csv`: a line per cell, its digest over the first seeds.
pub fn digests_csv(plan: &Plan, columns: &Columns, rows: &[Row]) -> String {
    let first: Vec<Row> = rows.iter().filter(|r| r.seed < DIGESTED).cloned().collect();
    let mut text = "cell,digest\n".to_owned();
    for (cell, digest) in digests(plan, columns, &first) {
        let _ = writeln!(text, "\"{cell}\",{digest:016x}");
    }
    text
}

/// `summary.csv`, of the metrics that figures draw and claims test.
pub fn short_summary_csv(plan: &Plan, columns: &Columns, summaries: &[LevelSummary]) -> String {
    let experiment = &plan.experiment;
    let drawn = experiment.figures.iter().flat_map(|f| f.y.iter());
    let used: BTreeSet<&str> =
        drawn.chain(experiment.claims.iter().map(|c| &c.metric)).map(String::as_str).collect();
    let all = String::from_utf8(summary_csv(plan, columns, summaries)).expect("text");
    let at = experiment.axes.len() + 4;
    let keep =
        |(i, line): &(usize, &str)| *i == 0 || line.split(',').nth(at).is_some_and(|m| used.contains(m));
    let lines = all.lines().enumerate().filter(keep);
    lines.fold(String::new(), |text, (_, line)| text + line + "\n")
}

/// `README.md`: what was asked, what was found.
pub fn readme(plan: &Plan, judgements: &[Judgement]) -> String {
    let e = &plan.experiment;
    let mut text = format!("# {}\n\n{}\n\n", e.title, e.about.trim());
    let [hold, fail, undecided] = tally(judgements);
    let _ = writeln!(
        text,
        "Of {} claims, tested on {} seeds, {hold} hold, {fail} fail and {undecided} are undecided.\n",
        judgements.len(),
        e.seeds
    );
    for j in judgements {
        let interval = j
            .interval
            .map_or_else(String::new, |[lo, hi]| format!(", 95 % interval {} to {}", number(lo), number(hi)));
        let estimate = j
            .estimate
            .map_or_else(String::new, |x| format!(" {}: {}{interval}.", capital(&j.quantity), number(x)));
        let control = j
            .control
            .as_ref()
            .and_then(|c| Some(format!(" On the control ({}): {}.", c.at, number(c.estimate?))));
        let _ = writeln!(
            text,
            "- **{}** ({}).{estimate}{} {}\n",
            j.say,
            j.verdict,
            control.unwrap_or_default(),
            j.why
        );
        let chance = j.improvement.map_or_else(String::new, |i| {
            format!(" The greater of two unpaired seeds is from here with chance {:.2}.", i.chance)
        });
        let _ = writeln!(text, "  Tested: {}.{chance}\n", j.tested);
    }
    for figure in &e.figures {
        let _ = writeln!(text, "![{} of {}]({}.svg)\n", figure.y.join(", "), e.name, figure.name);
    }
    let _ = writeln!(text, "```sh\noversight run {}\noversight verify {}\n```\n", e.name, e.name);
    text + "Written by `just regenerate`: the claims in `claims.json`, the numbers they rest on in \
        `contrasts.csv`, a digest of the first two seeds in `digests.csv`.\n"
}

/// Three decimals and a true minus.
fn number(x: f64) -> String {
    format!("{x:.3}").replace('-', "−")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
