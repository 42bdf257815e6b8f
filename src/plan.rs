//! A plan: every cell of an experiment, ready to run one repetition at a time.
//!
//! One job is one repetition with all cells inside. Cells whose worlds are
//! drawn alike run together on the same draws, and only one set of draws is in
//! memory at a time. Threads, progress, interruption are loops around
//! [`Plan::seed`]; what it returns depends on nothing but the repetition.

use crate::config::{ConfigError, Experiment};
use crate::rng::Streams;
use crate::trial::{self, Memo, Record};
use crate::world::Law;
use std::sync::Arc;

/// An experiment that can run.
pub struct Plan {
    /// The checked experiment.
    pub experiment: Experiment,
    /// The law of each cell's world; \[cells\].
    laws: Vec<Law>,
    /// Cells that share their draws, in order of first appearance.
    groups: Vec<Vec<usize>>,
}

/// A record, and where it belongs.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Index of the cell.
    pub cell: usize,
    /// Number of the repetition.
    pub seed: u32,
    /// What was measured.
    pub record: Record,
}

impl Plan {
    /// Plans an experiment.
    pub fn new(experiment: Experiment) -> Self {
        let laws = experiment.cells.iter().map(|c| c.config.world.law().expect("checked on reading")).collect();
        let mut shapes = Vec::new();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for (i, cell) in experiment.cells.iter().enumerate() {
            let shape = cell.config.world.shape();
            match shapes.iter().position(|s| *s == shape) {
                Some(g) => groups[g].push(i),
                None => {
                    shapes.push(shape);
                    groups.push(vec![i]);
                }
            }
        }
        Self { experiment, laws, groups }
    }

    /// Reads and plans.
    ///
    /// # Errors
    /// Whatever is wrong with the config.
    pub fn read(
        source: &str,
        text: &[u8],
        overrides: &crate::config::Overrides,
    ) -> Result<Self, ConfigError> {
        Ok(Self::new(Experiment::read(source, text, overrides)?))
    }

    /// Names of a cell's features.
    pub fn features(&self, cell: usize) -> impl Iterator<Item = &str> {
        self.laws[cell].columns.iter().map(|c| c.name.as_str())
    }

    /// A cell by its levels on the axes that have several.
    pub fn describe(&self, cell: usize) -> String {
        let Experiment { axes, cells, variants, .. } = &self.experiment;
        let cell = &cells[cell];
        let levels = axes.iter().zip(&cell.levels).filter(|(axis, _)| axis.levels.len() > 1);
        let mut parts: Vec<String> = levels.map(|(axis, level)| format!("{} {level}", axis.short_name())).collect();
        if variants.len() > 1 || parts.is_empty() {
            parts.push(cell.variant.clone());
        }
        parts.join(", ")
    }

    /// Runs repetition `seed` of every cell; rows in order of cells. `proceed`
    /// is asked after each cell; `None` if it says no.
    pub fn seed(&self, seed: u32, proceed: impl Fn() -> bool) -> Option<Vec<Row>> {
        let streams = Streams { seed: self.experiment.seed, repetition: seed };
        let mut rows: Vec<Vec<Row>> = vec![Vec::new(); self.experiment.cells.len()];
        for group in &self.groups {
            let first = group[0];
            let features = Arc::new(self.experiment.cells[first].config.world.draw(&self.laws[first], streams));
            let mut memo = Memo::default();
            for &cell in group {
                let config = &self.experiment.cells[cell].config;
                let world = config.world.world(self.laws[cell].clone(), Arc::clone(&features));
                let overseer = config.overseer.overseer(&self.laws[cell], streams).expect("checked on reading");
                let records = trial::run(config, &world, &overseer, streams, &mut memo, |_| {});
                rows[cell] = records.into_iter().map(|record| Row { cell, seed, record }).collect();
                if !proceed() {
                    return None;
                }
            }
        }
        Some(rows.into_iter().flatten().collect())
    }
}
