//! Theory, asked row by row, or where nothing was run.

use super::{Plan, Row};
use crate::lab::inputs::Inputs;
use crate::lab::optimizer::Selection;
use crate::lab::overseer::Overseer;
use crate::lab::world::{Gridworld, WorldConfig};
use crate::numerics::ranges::Probability;
use crate::study::theory::{Fitted, Gain, Game, Normal, Overlap, Theory};
use std::collections::BTreeMap;

/// What a theory says of one metric in the rows of a plan. It keeps what rows
/// next to each other share, so ask in the order of a run.
pub struct Oracle<'a> {
    plan: &'a Plan,
    theory: Theory,
    metric: &'a str,
    gain: Gain,
    /// What is the same in all rows of a cell.
    games: BTreeMap<usize, Option<Game>>,
    overlaps: BTreeMap<usize, Option<Overlap>>,
    /// Cell, seed and round of the latest row.
    latest: Option<(usize, u32, u32)>,
    /// What was said of its levels of pressure.
    said: Vec<Option<f64>>,
}

impl Plan {
    /// A theory's word on a metric.
    pub fn oracle<'a>(&'a self, theory: Theory, metric: &'a str) -> Oracle<'a> {
        let (games, overlaps, said) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        Oracle { plan: self, theory, metric, gain: Gain::default(), games, overlaps, latest: None, said }
    }
}

impl Oracle<'_> {
    /// What it says of a row; `None` where it says nothing.
    pub fn value(&mut self, row: &Row) -> Option<f64> {
        let m = &row.record.metrics;
        let lost = match self.theory {
            // Fitted to series, and of no one row.
            Theory::Gao => return None,
            Theory::Optimum => m.regret?,
            Theory::Believed => m.proxy_error?,
            Theory::Normal | Theory::Quadrature => return self.at_pressure(row),
            Theory::Game | Theory::Overlap => return self.in_cell(row.cell, row.seed, row.record.pressure),
        };
        // Selected on something else, only gold is known.
        self.theory.speaks_of(self.metric).then_some(m.gold? + lost)
    }

    /// What it says of a cell that need not be run; `None` where it says nothing, or needs to know what
    /// was drawn or learned.
    pub fn in_cell(&mut self, cell: usize, seed: u32, pressure: f64) -> Option<f64> {
        let (plan, metric) = (self.plan, self.metric);
        match self.theory {
            Theory::Normal => {
                let last = plan.experiment.cells[cell].setup.feedback.rounds.get();
                self.levels((cell, seed, last), &[], &[pressure])[0]
            }
            Theory::Game => self.game(cell, seed)?.value(metric),
            Theory::Overlap => {
                let solve = || Overlap::new(&plan.open(cell, seed).0);
                self.overlaps.entry(cell).or_insert_with(solve).as_ref()?.value(metric, pressure > 0.0)
            }
            Theory::Optimum | Theory::Believed | Theory::Quadrature | Theory::Gao => None,
        }
    }

    /// What it says of the trial of a row at other pressures.
    pub fn at_pressures(&mut self, row: &Row, pressures: &[f64]) -> Vec<Option<f64>> {
        self.levels((row.cell, row.seed, row.record.round), &row.record.weights, pressures)
    }

    /// The training game of a cell, where all seeds play the same.
    fn game(&mut self, cell: usize, seed: u32) -> Option<&Game> {
        let plan = self.plan;
        let solve = || {
            plan.reference(cell)?;
            let WorldConfig::Gridworld(gridworld) = &plan.experiment.cells[cell].setup.world else {
                return None;
            };
            let (world, overseer, streams) = plan.open(cell, seed);
            let awareness = Probability::new(0.5);
            let uncertain = WorldConfig::Gridworld(Gridworld { awareness, ..gridworld.clone() });
            let blueprint = uncertain.blueprint(&Inputs::Training).ok()?;
            let draw = blueprint.draw(streams);
            Game::new(&world, &blueprint.world(draw), &overseer)
        };
        self.games.entry(cell).or_insert_with(solve).as_ref()
    }

    /// For each boundary of the theory, how far a cell lies on one side of it (above 0) or
    /// the other: continuous in the axes, and the same in all seeds. None where it has none.
    pub fn margins(&mut self, cell: usize) -> Vec<f64> {
        if self.theory.bounds_phases() {
            return self.game(cell, 0).map_or_else(Vec::new, |game| game.margins().to_vec());
        }
        Vec::new()
    }

    fn at_pressure(&mut self, row: &Row) -> Option<f64> {
        let pressures = self.plan.experiment.cells[row.cell].setup.optimizer.pressures();
        let key = (row.cell, row.seed, row.record.round);
        if self.latest != Some(key) {
            self.said = self.at_pressures(row, &pressures);
            self.latest = Some(key);
        }
        let level = pressures.iter().position(|p| *p == row.record.pressure)?;
        self.said[level]
    }

    /// What it says of the fitted weights of a cell and seed at every level of pressure.
    fn levels(
        &mut self,
        (cell, seed, round): (usize, u32, u32),
        weights: &[Option<f64>],
        pressures: &[f64],
    ) -> Vec<Option<f64>> {
        let (plan, metric) = (self.plan, self.metric);
        let config = &plan.experiment.cells[cell].setup;
        let blueprint = &plan.blueprints[cell];
        let (Some(law), Some(candidates)) = (blueprint.law(), config.world.candidates()) else {
            return vec![None; pressures.len()];
        };
        let overseer: Overseer =
            config.overseer.overseer(blueprint, plan.streams(seed)).expect("checked on reading");
        let fresh = config.optimizer.selection() == Some(Selection::BestOfFresh);
        let said = |of: &mut dyn FnMut(f64) -> Option<f64>| pressures.iter().map(|p| of(*p)).collect();
        let of_pressures = match self.theory {
            Theory::Normal => Normal::new(law, &overseer, &config.feedback.protocol, round).map(|normal| {
                said(&mut |p| normal.value(metric, self.gain.at(&config.optimizer, candidates.get(), p)?))
            }),
            Theory::Quadrature => Fitted::new(law, &overseer, weights)
                .filter(|_| fresh && config.reward_model.is_sum_of_features())
                .map(|fitted| said(&mut |p| fitted.value(metric, p as u32))),
            Theory::Optimum | Theory::Believed | Theory::Game | Theory::Overlap | Theory::Gao => None,
        };
        of_pressures.unwrap_or_else(|| vec![None; pressures.len()])
    }
}
