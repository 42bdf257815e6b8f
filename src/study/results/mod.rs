//! Results as text: `results.csv`, one row per policy, and `summary.csv`, one
//! row per cell, level and metric. Pure functions from rows to bytes.

mod columns;
mod digest;
mod summary;

pub use columns::{Columns, definition};
pub use digest::digests;
pub use summary::{LevelSummary, summaries, summary_csv};

use crate::study::config::{Cell, Level};
use crate::study::plan::{Plan, Row};

/// `results.csv`.
pub fn results_csv(plan: &Plan, columns: &Columns, rows: &[Row]) -> Vec<u8> {
    let mut csv = Csv::new(
        plan,
        Some(("experiment", &plan.experiment.name)),
        &["seed", "round", "pressure"],
        columns.names(),
    );
    for row in rows {
        let fixed = [row.seed.to_string(), row.record.round.to_string(), number(row.record.pressure)];
        let values = columns.values(row).map(|x| x.map_or_else(String::new, number));
        csv.record(&plan.experiment.cells[row.cell], fixed.into_iter().chain(values));
    }
    csv.finish()
}

/// A table whose rows start with `lead` and the levels of the axes.
struct Csv<'a> {
    lead: Option<&'a str>,
    writer: csv::Writer<Vec<u8>>,
}

impl<'a> Csv<'a> {
    /// With the columns `fixed` and then `names` after the levels.
    fn new(plan: &Plan, lead: Option<(&str, &'a str)>, fixed: &[&str], names: &[String]) -> Self {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let mut header: Vec<&str> = lead.iter().map(|(name, _)| *name).collect();
        header.extend(plan.experiment.axes.iter().map(|a| a.name.as_str()));
        header.extend(["variant", "optimizer"]);
        header.extend(fixed);
        header.extend(names.iter().map(String::as_str));
        writer.write_record(header).expect("writing to memory");
        Self { lead: lead.map(|(_, value)| value), writer }
    }

    fn record(&mut self, cell: &Cell, values: impl IntoIterator<Item = String>) {
        let lead = self.lead.map(str::to_owned);
        let labels = [cell.variant.clone(), cell.setup.optimizer.name().to_owned()];
        let record = lead.into_iter().chain(cell.levels.iter().map(level)).chain(labels).chain(values);
        self.writer.write_record(record).expect("writing to memory");
    }

    fn finish(self) -> Vec<u8> {
        self.writer.into_inner().expect("writing to memory")
    }
}

fn level(level: &Level) -> String {
    match level {
        Level::Text(text) => text.clone(),
        Level::Integer(i) => i.to_string(),
        Level::Number(x) => number(*x),
        Level::Flag(b) => b.to_string(),
    }
}

/// The shortest text that reads back as the same number; −0 is written 0.
pub fn number(x: f64) -> String {
    let x = x + 0.0;
    if x == 0.0 || !x.is_finite() || (1e-5..1e17).contains(&x.abs()) {
        format!("{x}")
    } else {
        format!("{x:e}")
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_read_back() {
        assert_eq!(number(-0.0), "0");
        assert_eq!(number(0.1 + 0.2), "0.30000000000000004");
        assert_eq!(number(f64::INFINITY), "inf");
        assert_eq!(number(1e-300), "1e-300");
        for x in [1.0, -2.5e-9, 1e17, 123_456.789, f64::MIN_POSITIVE, f64::MAX] {
            assert_eq!(number(x).parse::<f64>().unwrap().to_bits(), x.to_bits());
        }
    }
}
