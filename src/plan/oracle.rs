//! Theory, asked row by row.

use super::{Plan, Row};
use crate::overseer::Overseer;
use crate::theory::{Fitted, Gain, Normal, Theory};

/// What a theory says of one metric in the rows of a plan. It keeps what rows
/// next to each other share, so ask in the order of a run.
pub struct Oracle<'a> {
    plan: &'a Plan,
    theory: Theory,
    metric: &'a str,
    gain: Gain,
    /// Cell, seed and round of the latest row.
    latest: Option<(usize, u32, u32)>,
    /// What was said of its levels of pressure.
    said: Vec<Option<f64>>,
}

impl Plan {
    /// A theory's word on a metric.
    pub fn oracle<'a>(&'a self, theory: Theory, metric: &'a str) -> Oracle<'a> {
        Oracle { plan: self, theory, metric, gain: Gain::default(), latest: None, said: Vec::new() }
    }
}

impl Oracle<'_> {
    /// What it says of a row; `None` where it says nothing.
    pub fn value(&mut self, row: &Row) -> Option<f64> {
        let m = &row.record.metrics;
        let lost = match self.theory {
            Theory::Optimum => m.proxy_error? + m.ignorance? + m.wrong_values?,
            Theory::Believed => m.proxy_error?,
            Theory::Normal | Theory::Quadrature => return self.at_pressure(row),
        };
        // Selected on something else, only gold is known.
        self.theory.speaks_of(self.metric).then_some(m.gold? + lost)
    }

    /// For each boundary of the theory, how far the row's cell lies on one side of it (above 0) or
    /// the other: continuous in the axes, and the same in all seeds. None where it has none.
    pub fn margins(&mut self, _row: &Row) -> Vec<f64> {
        match self.theory {
            Theory::Optimum | Theory::Believed | Theory::Normal | Theory::Quadrature => Vec::new(),
        }
    }

    fn at_pressure(&mut self, row: &Row) -> Option<f64> {
        let pressures = self.plan.experiment.cells[row.cell].config.optimizer.pressures();
        let key = (row.cell, row.seed, row.record.round);
        if self.latest != Some(key) {
            self.said = self.levels(row, &pressures);
            self.latest = Some(key);
        }
        let level = pressures.iter().position(|p| *p == row.record.pressure)?;
        self.said[level]
    }

    /// What it says at every level of pressure.
    fn levels(&mut self, row: &Row, pressures: &[f64]) -> Vec<Option<f64>> {
        let (plan, metric) = (self.plan, self.metric);
        let config = &plan.experiment.cells[row.cell].config;
        let ground = &plan.grounds[row.cell];
        let (Some(law), Some(candidates)) = (ground.law(), config.world.candidates()) else {
            return vec![None; pressures.len()];
        };
        let overseer: Overseer =
            config.overseer.overseer(ground, plan.streams(row.seed)).expect("checked on reading");
        let fresh = config.optimizer.draws_fresh();
        let said = |of: &mut dyn FnMut(f64) -> Option<f64>| pressures.iter().map(|p| of(*p)).collect();
        match self.theory {
            Theory::Normal => match Normal::new(law, &overseer) {
                None => vec![None; pressures.len()],
                Some(normal) => {
                    said(&mut |p| normal.value(metric, self.gain.at(&config.optimizer, candidates.get(), p)?))
                }
            },
            _ => match Fitted::new(law, &overseer, &row.record.weights).filter(|_| fresh) {
                None => vec![None; pressures.len()],
                Some(fitted) => said(&mut |p| fitted.value(metric, p as u32)),
            },
        }
    }
}
