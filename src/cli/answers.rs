//! Somebody's own labels: what `trace --answers` takes in place of an overseer's.

use super::Stop;
use super::source::read_input;
use crate::lab::overseer::Label;
use crate::lab::policy::Episode;
use crate::lab::query::Comparison;
use crate::lab::trial::Trial;
use csv::StringRecord;

/// Labels of queries, in order.
pub(super) struct Answers {
    file: String,
    given: Vec<Answer>,
}

struct Answer {
    line: u64,
    label: Label,
    by: u32,
    /// The pair that it is of, where the file says so.
    about: Option<[String; 2]>,
}

impl Answers {
    /// Reads a CSV as `trace --labels` prints it, of which only the column `label` is needed.
    pub(super) fn read(path: &str, trial: &Trial<'_>) -> Result<Self, Stop> {
        if trial.setup().feedback.among.get() > 2 {
            let message = "labels are of pairs, and a query of this config shows more than two answers";
            return Err(Stop::Usage(format!("{message}; take it away: --set feedback.among=2")));
        }
        let (file, bytes) = read_input(path, "answers.csv")?;
        let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(&*bytes);
        let fault = |e: csv::Error| Stop::Usage(format!("{file}: {e}"));
        let header = reader.headers().map_err(fault)?.clone();
        let column = |name: &str| header.iter().position(|field| field.trim() == name);
        let Some(label) = column("label") else {
            let help =
                "one row per query with a column `label`, as `oversight trace CONFIG --labels` prints it";
            return Err(Stop::Usage(format!("{file} has no column `label`; {help}")));
        };
        let (by, about) = (column("annotator"), column("first").zip(column("second")));
        let annotators = trial.hearing().judges.len() as u32;
        let answer = |record: StringRecord| {
            let line = record.position().map_or(0, csv::Position::line);
            let fault = |field: &str, what: &str, allowed: String| {
                Stop::Usage(format!(
                    "{file}, line {line}: `{}` is no {what}; allowed: {allowed}",
                    field.escape_debug()
                ))
            };
            let said = record[label].trim();
            let label = match said.parse::<f64>() {
                Ok(1.0) => Label::First,
                Ok(0.0) => Label::Second,
                Ok(0.5) => Label::Tie,
                Err(_) if said.is_empty() => Label::Skip,
                _ => {
                    let allowed = "1 (first), 0 (second), 0.5 (tie) or nothing (skipped)".to_owned();
                    return Err(fault(said, "label", allowed));
                }
            };
            let by = by.map_or("0", |column| record[column].trim());
            let known = by.parse().ok().filter(|by| *by < annotators);
            let by = known.ok_or_else(|| fault(by, "annotator", format!("0 to {}", annotators - 1)))?;
            let about = about.map(|(first, second)| [record[first].to_owned(), record[second].to_owned()]);
            Ok(Answer { line, label, by, about })
        };
        let given =
            reader.records().map(|record| answer(record.map_err(fault)?)).collect::<Result<Vec<_>, _>>()?;
        if given.len() > trial.left() as usize {
            let (most, help) = (trial.left(), "raise feedback.labels, or leave the last rows out");
            return Err(Stop::Usage(format!(
                "{file} answers {} queries, and there are {most}; {help}",
                given.len()
            )));
        }
        Ok(Self { file, given })
    }

    /// The labels, and the number of who gave each.
    pub(super) fn labels(&self) -> Vec<(Label, u32)> {
        self.given.iter().map(|answer| (answer.label, answer.by)).collect()
    }

    /// Checks that these comparisons, the first of which is the `from`th query, are those that the file is about.
    pub(super) fn check(
        &self,
        from: usize,
        asked: &[Comparison],
        told: impl Fn(&Episode) -> String,
    ) -> Result<(), Stop> {
        for (answer, pair) in self.given[from..].iter().zip(asked) {
            let here = [told(&pair.first), told(&pair.second)];
            if answer.about.as_ref().is_some_and(|about| *about != here) {
                let [theirs, ours] =
                    [answer.about.as_ref().expect("some"), &here].map(|[a, b]| format!("{a} | {b}"));
                return Err(Stop::Usage(format!(
                    "{}, line {}: it is about {theirs}, and this trial asks about {ours}; \
                     give the config, --seed and --set that the pairs are from",
                    self.file, answer.line
                )));
            }
        }
        Ok(())
    }
}
