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
        if !trial.setup().reward_model.learns() {
            let message = "this reward model learns from no labels, and yours would change nothing";
            return Err(Stop::Usage(format!("{message}; use reward_model.linear")));
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
        // A reader of CSV passes over empty lines, and with one column nothing else could stand for a skip.
        let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        if header.len() == 1 && lines.by_ref().any(<[u8]>::is_empty) && lines.any(|line| !line.is_empty()) {
            let help = "give a second column, such as `query`, to skip one";
            return Err(Stop::Usage(format!("{file} has an empty line, which is no label; {help}")));
        }
        let query = column("query");
        let (by, about) = (column("annotator"), column("first").zip(column("second")));
        let annotators = trial.hearing().judges.len() as u32;
        let answer = |(i, record): (usize, StringRecord)| {
            let line = record.position().map_or(0, csv::Position::line);
            let fault = |field: &str, what: &str, allowed: String| {
                Stop::Usage(format!(
                    "{file}, line {line}: `{}` is no {what}; allowed: {allowed}",
                    field.escape_debug()
                ))
            };
            if let Some(said) = query.map(|column| record[column].trim())
                && said.parse() != Ok(i + 1)
            {
                let allowed = format!("{}; rows are all queries in order", i + 1);
                return Err(fault(said, "query of this row", allowed));
            }
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
        let records = reader.records().enumerate();
        let given =
            records.map(|(i, record)| answer((i, record.map_err(fault)?))).collect::<Result<Vec<_>, _>>()?;
        if given.len() > trial.left() as usize {
            let (most, help) = (trial.left(), "raise feedback.labels, or leave the last rows out");
            return Err(Stop::Usage(format!(
                "{file} answers {} queries, and there are {most}; {help}",
                given.len()
            )));
        }
        if trial.setup().feedback.rounds.get() > 1 && given.len() < trial.left() as usize {
            let (all, help) =
                (trial.left(), "answer all of them, or set feedback.labels to as many as you do");
            return Err(Stop::Usage(format!(
                "{file} answers {} of {all} queries, and rounds would share them otherwise; {help}",
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
            if let Some(about) = &answer.about
                && *about != here
            {
                let [theirs, ours] = [about, &here].map(|[a, b]| format!("{a} | {b}"));
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
