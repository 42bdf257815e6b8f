//! A fit as text, as a table and as one object.

use super::Fitted;
use super::read::short;
use crate::cli::results::aligned;
use crate::lab::reward_model::tally::Estimate;
use crate::numerics::words::count;
use crate::study::results::number;
use serde_json::{Value, json};

/// What the table lists after items or features.
struct Listed<'a> {
    kind: &'static str,
    name: String,
    of: &'a Estimate,
    comparisons: u64,
}

/// Items or features in order, then thresholds, then annotators.
fn listed(fitted: &Fitted) -> Vec<Listed<'_>> {
    let Fitted { table, estimates, .. } = fitted;
    let (involved, answered) = (table.tally.involved(), table.tally.answered(table.annotators.len()));
    let weight = |j: &usize| Listed {
        kind: fitted.noun(),
        name: table.names[*j].clone(),
        of: &estimates.weights[*j],
        comparisons: involved[*j],
    };
    let grades = table.tally.grades();
    let of_grades = |sides: [f64; 2]| {
        let given =
            |y: f64| grades[(y * 4.0) as usize] + if y == 0.5 { 0 } else { grades[4 - (y * 4.0) as usize] };
        sides.map(given).iter().sum()
    };
    let threshold = |(of, sides): (_, [f64; 2])| Listed {
        kind: "threshold",
        name: format!("{}|{}", sides[0], sides[1]),
        of,
        comparisons: of_grades(sides),
    };
    let annotator = |((of, name), n): ((_, &String), &u64)| Listed {
        kind: "annotator",
        name: name.clone(),
        of,
        comparisons: *n,
    };
    let thresholds = estimates.thresholds.iter().zip(fitted.how.scale.between()).map(threshold);
    let annotators = estimates.annotators.iter().zip(&table.annotators).zip(&answered).map(annotator);
    fitted.order.iter().map(weight).chain(thresholds).chain(annotators).collect()
}

/// What was fitted to what, in one sentence.
pub(super) fn heading(fitted: &Fitted) -> String {
    let Fitted { table, how, .. } = fitted;
    let model = if fitted.is_graded() { "Ordered logit" } else { "Bradley–Terry" };
    let [comparisons, of] =
        [(table.tally.comparisons(), "comparison"), (table.names.len() as u64, fitted.noun())]
            .map(|(n, noun)| count(n, noun));
    let prior = match how.l2 {
        0.0 => "maximum likelihood".to_owned(),
        l2 => format!("prior precision {}", number(l2)),
    };
    let ties = match table.tally.grades()[2] {
        0 => String::new(),
        n => format!(", {} among them", count(n, "tie")),
    };
    let annotators = match table.annotators.len() {
        0 => String::new(),
        n => format!(" by {}", count(n as u64, "annotator")),
    };
    format!("{model} on {comparisons} of {of}{annotators}{ties}; {prior}")
}

/// How intervals come about.
pub(super) fn intervals(fitted: &Fitted) -> String {
    match fitted.how.resamples {
        0 => "95 % intervals by Laplace".to_owned(),
        _ => format!(
            "95 % intervals from {} of the comparisons",
            count(fitted.estimates.resamples.into(), "resample")
        ),
    }
}

/// Tables, one below the other, and notes.
pub(super) fn text(fitted: &Fitted) -> String {
    let mut text = format!("{}; {}\n", heading(fitted), intervals(fitted));
    let all = listed(fitted);
    for of_kind in all.chunk_by(|a, b| a.kind == b.kind) {
        let header = [of_kind[0].kind, "estimate", "se", "2.5 %", "97.5 %", "comparisons"].map(str::to_owned);
        let line = |listed: &Listed<'_>| {
            let Estimate { estimate, se, low, high } = listed.of;
            let numbers = [estimate, se, low, high].map(|x| shown(*x, *se));
            let ends = [listed.comparisons.to_string()];
            [short(&listed.name)].into_iter().chain(numbers).chain(ends).collect()
        };
        let lines: Vec<Vec<String>> =
            std::iter::once(header.to_vec()).chain(of_kind.iter().map(line)).collect();
        text += &format!("\n{}", aligned(&lines, 1));
    }
    if !fitted.notes.is_empty() {
        text += "\n";
    }
    fitted.notes.iter().for_each(|note| text += &format!("{note}\n"));
    text
}

/// Three digits after the point, or three in all where that says little of a number with this error.
fn shown(x: f64, se: f64) -> String {
    if x.abs() < 1e6 && (se >= 1e-3 || x == 0.0) {
        // No zero with a sign.
        format!("{:.3}", (x * 1e3).round() / 1e3 + 0.0)
    } else {
        format!("{x:.2e}")
    }
}

/// `fit.csv`.
pub(super) fn csv(fitted: &Fitted) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut line = |fields: &[String]| writer.write_record(fields).expect("writing to memory");
    line(&["kind", "name", "estimate", "se", "low", "high", "comparisons"].map(str::to_owned));
    for Listed { kind, name, of, comparisons } in listed(fitted) {
        let [estimate, se, low, high] = [of.estimate, of.se, of.low, of.high].map(number);
        line(&[kind.to_owned(), name, estimate, se, low, high, comparisons.to_string()]);
    }
    writer.into_inner().expect("writing to memory")
}

/// Everything as one object.
pub(super) fn json(fitted: &Fitted) -> Value {
    let Fitted { table, how, estimates, tournament, notes, .. } = fitted;
    let list = |kind: &str| -> Vec<Value> {
        let of_kind = listed(fitted).into_iter().filter(|listed| listed.kind == kind);
        of_kind
            .map(|Listed { name, of: Estimate { estimate, se, low, high }, comparisons, .. }| {
                json!({ "name": name, "estimate": estimate, "se": se, "low": low, "high": high, "comparisons": comparisons })
            })
            .collect()
    };
    let [second, slightly_second, tie, slightly_first, first] = table.tally.grades();
    let names = |lists: &[Vec<u32>]| -> Vec<Vec<&String>> {
        lists.iter().map(|list| list.iter().map(|j| &table.names[*j as usize]).collect()).collect()
    };
    let mut all = json!({
        "model": if fitted.is_graded() { "ordered_logit" } else { "bradley_terry" },
        "l2": how.l2,
        "comparisons": table.tally.comparisons(),
        "answers": { "0": second, "0.25": slightly_second, "0.5": tie, "0.75": slightly_first, "1": first },
        "skipped": table.skipped,
        "intervals": if how.resamples > 0 { "bootstrap" } else { "laplace" },
        "resamples": estimates.resamples,
    });
    all[format!("{}s", fitted.noun())] = list(fitted.noun()).into();
    all["thresholds"] = list("threshold").into();
    all["annotators"] = list("annotator").into();
    if let Some(tournament) = tournament {
        let triads = tournament.triads;
        all["components"] = json!(names(&tournament.components));
        all["groups"] = json!(names(&tournament.groups));
        all["triads"] = json!({
            "decided": triads.decided, "circular": triads.circular, "consistence": triads.consistence,
        });
    }
    all["ignored"] = json!(table.ignored);
    all["notes"] = json!(notes);
    all
}
