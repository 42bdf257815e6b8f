//! Every metric over the seeds: worked out when somebody asks, and `summary.csv`, which asks for all.

use super::{Columns, axes, levels, number, table, text};
use crate::numerics::stats::{Discrimination, Summariser, Summary};
use crate::study::plan::{Condition, Plan, Row};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// What a plan measured, and over seeds what is asked for, once.
pub struct Results<'a> {
    /// What was run.
    pub plan: &'a Plan,
    /// What was measured.
    pub columns: Columns,
    /// In the order of seeds, and in each of the plan's places.
    pub rows: &'a [Row],
    known: RefCell<Known>,
}

/// Summaries by place and column.
#[derive(Default)]
struct Known {
    summariser: Summariser,
    summaries: BTreeMap<(usize, usize), Option<Summary>>,
}

impl<'a> Results<'a> {
    /// The results of whole seeds.
    pub fn new(plan: &'a Plan, rows: &'a [Row]) -> Self {
        Self { plan, columns: Columns::new(plan), rows, known: RefCell::default() }
    }

    /// Seeds.
    pub fn seeds(&self) -> usize {
        self.rows.len() / self.plan.conditions().len()
    }

    /// The rows of each seed.
    pub fn by_seed(&self) -> impl Iterator<Item = &'a [Row]> {
        self.rows.chunks(self.plan.conditions().len())
    }

    /// The rows of a place, one for each seed.
    pub fn at(&self, place: usize) -> impl Iterator<Item = &'a Row> + Clone {
        self.rows.iter().skip(place).step_by(self.plan.conditions().len())
    }

    /// A metric at a place over the seeds, one of [`Columns::summarised`]; `None` where no seed has it.
    pub fn summary(&self, place: usize, metric: &str) -> Option<Summary> {
        let column = self.columns.summarised().position(|name| name == metric).expect("checked on reading");
        let Known { summariser, summaries } = &mut *self.known.borrow_mut();
        *summaries.entry((place, column)).or_insert_with(|| {
            let values = self.columns.over_seeds(metric, self.at(place));
            summariser.summarise(&values.into_iter().flatten().collect::<Vec<_>>())
        })
    }
}

/// `summary.csv`, of the metrics that are to be in it.
pub fn summary_csv(results: &Results<'_>, has: impl Fn(&str) -> bool) -> Vec<u8> {
    let Results { plan, columns, .. } = results;
    let fixed = ["round", "pressure", "metric"];
    let statistics = ["n", "mean", "sd", "mean_lo", "mean_hi", "iqm", "iqm_lo", "iqm_hi"];
    let header = axes(plan).chain(fixed).chain(statistics).map(str::to_owned).collect();
    let line = |(place, metric): (usize, &str)| {
        let s = results.summary(place, metric)?;
        let Condition { cell, round, pressure } = plan.conditions()[place];
        // Pseudo-values have a mean and nothing else.
        let of_seeds = |x: Option<f64>| x.filter(|_| Discrimination::split(metric).is_none());
        let (mean, iqm) = (s.mean_interval.unzip(), s.iqm_interval.unzip());
        let iqm = [Some(s.iqm), iqm.0, iqm.1].map(of_seeds);
        let numbers = [Some(s.mean), s.sd, mean.0, mean.1].into_iter().chain(iqm).map(text);
        let at = [round.to_string(), number(pressure), metric.to_owned(), s.n.to_string()];
        Some(levels(&plan.experiment.cells[cell]).chain(at).chain(numbers).collect())
    };
    let metrics: Vec<&str> = columns.summarised().filter(|name| has(name)).collect();
    let all =
        (0..plan.conditions().len()).flat_map(|place| metrics.iter().map(move |metric| (place, *metric)));
    table(header, all.filter_map(line))
}
