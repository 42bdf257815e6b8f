//! A plan: every cell of an experiment, ready to run one repetition at a time.
//!
//! One job is one repetition with all cells inside. Cells whose worlds are
//! drawn alike run together on the same draws, and only one set of draws is in
//! memory at a time. Threads, progress, interruption are loops around
//! [`Plan::seed`]; what it returns depends on nothing but the repetition.

mod between;
mod conditions;
mod oracle;

pub use conditions::Condition;
pub use oracle::Oracle;

use crate::lab::overseer::Overseer;
use crate::lab::policy::Policy;
use crate::lab::solve::visits;
use crate::lab::trial::{self, Record, SharedInWorld};
use crate::lab::world::{Blueprint, Draw, World};
use crate::numerics::math::dot;
use crate::numerics::rng::Streams;
use crate::numerics::stats::Discrimination;
use crate::study::config::{Cell, ConfigError, Experiment, Overrides};
use indexmap::IndexMap;

/// An experiment that can run.
pub struct Plan {
    /// The checked experiment.
    pub experiment: Experiment,
    /// What is known of each cell's world before any seed; \[cells\].
    blueprints: Vec<Blueprint>,
    /// Cells that share their draws, in order of first appearance.
    groups: Vec<Vec<usize>>,
    /// Where each row of a repetition is measured.
    conditions: Vec<Condition>,
}

/// What a run takes, roughly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Work {
    /// CPU-seconds for one repetition of all cells, within a factor of two or
    /// three on a machine of 2020.
    pub seconds_per_seed: f64,
    /// Bytes of tables that each thread holds at a time.
    pub bytes_per_thread: f64,
    /// Rows of `results.csv`.
    pub rows: u64,
}

/// Seconds to draw a variate; to rank a row; to optimise and measure a row at
/// one level; per row and feature on top; to ask for a label; to fit it, per
/// square of the features.
const DRAW: f64 = 30e-9;
const RANK: f64 = 60e-9;
const LEVEL: f64 = 30e-9;
const DOT: f64 = 1e-9;
const LABEL: f64 = 400e-9;
const FIT: f64 = 6e-9;
/// To go through a step of both segments of a label once.
const PASS: f64 = 2e-9;

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
        let blueprint =
            |c: &Cell| c.setup.world.blueprint(&c.setup.feedback.protocol).expect("checked on reading");
        let blueprints = experiment.cells.iter().map(blueprint).collect();
        let mut groups: IndexMap<String, Vec<usize>> = IndexMap::new();
        for (i, Cell { setup, .. }) in experiment.cells.iter().enumerate() {
            let shape = format!("{:?}", (setup.world.shape(), setup.feedback.protocol));
            groups.entry(shape).or_default().push(i);
        }
        let groups = groups.into_values().collect();
        let mut plan = Self { experiment, blueprints, groups, conditions: Vec::new() };
        plan.conditions = plan.all_conditions();
        plan
    }

    /// Reads and plans.
    pub fn read(source: &str, text: &[u8], overrides: &Overrides) -> Result<Self, ConfigError> {
        Ok(Self::new(Experiment::read(source, text, overrides)?))
    }

    /// Names of a cell's features.
    pub fn features(&self, cell: usize) -> impl Iterator<Item = &str> {
        self.blueprints[cell].names().into_iter()
    }

    /// A cell by its levels on the axes that have several.
    pub fn describe(&self, cell: usize) -> String {
        let Experiment { axes, cells, variants, .. } = &self.experiment;
        let cell = &cells[cell];
        let levels = axes.iter().zip(&cell.levels).filter(|(axis, _)| axis.levels.len() > 1);
        let mut parts: Vec<String> =
            levels.map(|(axis, level)| format!("{} {level}", words(&axis.name))).collect();
        if variants.len() > 1 || parts.is_empty() {
            parts.push(cell.variant.clone());
        }
        parts.join(", ")
    }

    /// Gold and approval of a cell's reference policy, if they can be known before
    /// any seed and the overseer errs alike in all repetitions.
    pub fn reference(&self, cell: usize) -> Option<(f64, f64)> {
        let (blueprint, config) = (&self.blueprints[cell], &self.experiment.cells[cell].setup);
        let overseer = config.overseer.overseer(blueprint, self.streams(0)).expect("checked on reading");
        let law = match blueprint {
            Blueprint::AnswerLaw(law) => law,
            Blueprint::Compiled(compiled) => {
                let world = blueprint.clone().world(blueprint.draw(self.streams(0)));
                let visits = visits(&world.mdp, &Policy::reference(&world.mdp));
                let of = |table: &[f64]| dot(&visits, table);
                let drawn = config.overseer.error.is_some()
                    || !compiled.drawn.is_empty()
                    || compiled.disposition > 0.0;
                return (!drawn)
                    .then(|| (of(&world.mdp.gold_table().0), of(&overseer.beliefs.of(&world).table)));
            }
        };
        let mean = law.mean();
        let gold: f64 = law.columns.iter().zip(&mean).map(|(c, m)| c.gold * m).sum();
        let beliefs = &overseer.beliefs;
        let approval = beliefs.constant + beliefs.weights.iter().zip(&mean).map(|(u, m)| u * m).sum::<f64>();
        let steady = config.overseer.error.is_none() && gold.is_finite() && approval.is_finite();
        steady.then_some((gold, approval))
    }

    /// What a run takes.
    pub fn work(&self) -> Work {
        let mut work = Work { seconds_per_seed: 0.0, bytes_per_thread: 0.0, rows: 0 };
        for group in &self.groups {
            let columns = self.blueprints[group[0]].names().len() as f64;
            let rows = self.blueprints[group[0]].size();
            work.bytes_per_thread = work.bytes_per_thread.max(rows * (columns + 10.0) * 8.0);
            work.seconds_per_seed += rows * columns * DRAW;
            for &cell in group {
                let config = &self.experiment.cells[cell].setup;
                let levels = config.optimizer.pressures();
                let labels = f64::from(config.feedback.queries(&config.overseer.prices));
                let rounds = f64::from(config.feedback.rounds.get());
                work.rows += u64::from(self.experiment.seeds) * levels.len() as u64 * rounds as u64;
                // Each level is optimised, and measured on every row.
                let mut per_round = rows * (RANK + levels.len() as f64 * (LEVEL + columns * DOT));
                per_round += config.optimizer.sweeps() * rows * (LEVEL + columns * DOT);
                let steps = f64::from(config.feedback.steps(&self.blueprints[cell]));
                let descent = f64::from(config.reward_model.descent_steps()) * steps * PASS;
                work.seconds_per_seed +=
                    rounds * per_round + rounds * labels * (LABEL + columns * columns * FIT + descent);
            }
        }
        work
    }

    /// Runs repetition `seed` of every cell; rows in order of cells. `proceed`
    /// is asked after each cell; `None` if it says no.
    pub fn seed(&self, seed: u32, proceed: impl Fn() -> bool) -> Option<Vec<Row>> {
        let mut rows: Vec<Vec<Row>> = vec![Vec::new(); self.experiment.cells.len()];
        for group in &self.groups {
            let draw = self.draw(group[0], seed);
            let mut shared = SharedInWorld::default();
            for &cell in group {
                let (world, overseer, streams) = self.set_up(cell, seed, draw.clone());
                let config = &self.experiment.cells[cell].setup;
                let records = trial::run(config, &world, &overseer, streams, &mut shared, |_| {});
                rows[cell] = records.into_iter().map(|record| Row { cell, seed, record }).collect();
                if !proceed() {
                    return None;
                }
            }
        }
        Some(rows.into_iter().flatten().collect())
    }

    /// The world, overseer and streams of one trial.
    pub fn open(&self, cell: usize, seed: u32) -> (World, Overseer, Streams) {
        self.set_up(cell, seed, self.draw(cell, seed))
    }

    fn draw(&self, cell: usize, seed: u32) -> Draw {
        self.blueprints[cell].draw(self.streams(seed))
    }

    fn set_up(&self, cell: usize, seed: u32, draw: Draw) -> (World, Overseer, Streams) {
        let (config, blueprint, streams) =
            (&self.experiment.cells[cell].setup, &self.blueprints[cell], self.streams(seed));
        let overseer = config.overseer.overseer(blueprint, streams).expect("checked on reading");
        (blueprint.clone().world(draw), overseer, streams)
    }

    fn streams(&self, seed: u32) -> Streams {
        Streams { seed: self.experiment.seed, repetition: seed }
    }
}

/// The last part of a dotted name, in words.
pub fn words(name: &str) -> String {
    match Discrimination::split(name) {
        Some((Discrimination::Auc, name)) => return format!("AUC of {}", words(name)),
        Some((Discrimination::Missed, name)) => return format!("share missed by {}", words(name)),
        None => {}
    }
    name.rsplit('.').next().unwrap_or(name).replace('_', " ")
}
