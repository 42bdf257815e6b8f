//! A plan: every cell of an experiment, ready to run one repetition at a time.
//!
//! One job is one repetition with all cells inside. Cells whose worlds are
//! drawn alike run together on the same draws, and only one set of draws is in
//! memory at a time. Threads, progress, interruption are loops around
//! [`Plan::seed`]; what it returns depends on nothing but the repetition.

mod between;
mod conditions;
mod oracle;
mod work;

pub use conditions::Condition;
pub use oracle::Oracle;
pub use work::Work;

use crate::lab::overseer::Overseer;
use crate::lab::policy::Policy;
use crate::lab::solve::visits;
use crate::lab::trial::{self, Record, SharedInWorld, Trial};
use crate::lab::world::{Blueprint, Blueprints, Draw, World};
use crate::numerics::math::dot;
use crate::numerics::rng::Streams;
use crate::numerics::stats::Discrimination;
use crate::study::config::{Cell, ConfigError, Experiment, Overrides};
use crate::study::dialogue::Dialogue;
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
        let mut met = Blueprints::default();
        let mut blueprint = |Cell { setup, .. }: &Cell| {
            met.of(&setup.world, &setup.feedback.inputs).expect("checked on reading").clone()
        };
        let blueprints = experiment.cells.iter().map(&mut blueprint).collect();
        let mut groups: IndexMap<String, Vec<usize>> = IndexMap::new();
        for (i, Cell { setup, .. }) in experiment.cells.iter().enumerate() {
            let shape = format!("{:?}", (setup.world.shape(), setup.feedback.inputs));
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

    /// Leaves the claims out, here and in the config that is kept: a rough look judges nothing.
    pub fn unjudged(&mut self) {
        let experiment = &mut self.experiment;
        experiment.claims.clear();
        let mut config: toml::Table = toml::from_str(&experiment.resolved).expect("what was written reads");
        config.remove("claims");
        experiment.resolved = toml::to_string(&config).expect("what was read writes");
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

    /// Runs repetition `seed` of every cell; rows in order of cells. `proceed`
    /// is asked after each cell; `None` if it says no.
    pub fn seed(&self, seed: u32, proceed: impl Fn() -> bool) -> Option<Vec<Row>> {
        self.seed_with(seed, proceed, |_, _| None)
    }

    /// The same, where `other` runs the dialogues of cells whose method is somebody else's: a record for each
    /// round and level of pressure, in order; `None` if that fails, and then of the whole repetition.
    pub fn seed_with(
        &self,
        seed: u32,
        proceed: impl Fn() -> bool,
        other: impl Fn(usize, Dialogue<'_>) -> Option<Vec<Record>>,
    ) -> Option<Vec<Row>> {
        let mut rows: Vec<Vec<Row>> = vec![Vec::new(); self.experiment.cells.len()];
        for group in &self.groups {
            let draw = self.draw(group[0], seed);
            let mut shared = SharedInWorld::default();
            for &cell in group {
                let (world, overseer, streams) = self.set_up(cell, seed, draw.clone());
                let config = &self.experiment.cells[cell].setup;
                let trial = Trial::new(config, &world, &overseer, streams, &mut shared);
                let records = match self.experiment.method(cell) {
                    None => trial::run(trial, |_| {}),
                    Some(_) => other(cell, Dialogue::new(trial, streams))?,
                };
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
