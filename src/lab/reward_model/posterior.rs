//! How sure a model is of what it learned.

use super::RewardModel;
use crate::lab::mdp::{Features, Mdp, Outcomes, Table};
use crate::lab::policy::{Episode, Policy};
use crate::lab::solve::evaluate;
use crate::numerics::math::{Symmetric, dot};
use crate::numerics::stats::mean;
use std::sync::Arc;

/// What is not known of a reward once it is fitted.
#[derive(Clone, Debug)]
pub enum Posterior {
    /// Weights are normal about those that were fitted.
    Laplace {
        /// What they are weights of.
        inputs: Arc<Features>,
        /// Those that were fitted; \[d\].
        columns: Vec<usize>,
        /// Their covariance, of order d.
        covariance: Symmetric,
    },
    /// Rewards fitted to resampled labels, each [less π₀'s](less_reference); \[members\]\[outcomes\].
    Members(Vec<Table>),
}

impl Posterior {
    /// Variance of the reward by which one episode leads another, in squared units of the model's reward.
    pub fn variance(&self, first: &Episode, second: &Episode) -> f64 {
        match self {
            Self::Laplace { inputs, columns, covariance } => {
                let lead = |&j: &usize| first.total(inputs.column(j)) - second.total(inputs.column(j));
                covariance.quadratic(&columns.iter().map(lead).collect::<Vec<_>>())
            }
            Self::Members(tables) => {
                let leads = tables.iter().map(|table| first.total(table) - second.total(table));
                variance(&leads.collect::<Vec<_>>())
            }
        }
    }

    /// Standard deviation of the reward of every outcome less what π₀ has on average, of w·(φ − E₀φ), with E₀ as in
    /// [`less_reference`]; \[outcomes\]. Only such differences are learned.
    pub fn spread(&self, mdp: &Mdp) -> Table {
        match self {
            Self::Laplace { inputs, columns, covariance } => {
                let columns: Vec<Table> =
                    columns.iter().map(|j| less_reference(mdp, inputs.column(*j).to_vec())).collect();
                let mut off = vec![0.0; columns.len()];
                let of_outcome = |k: usize| {
                    off.iter_mut().zip(&columns).for_each(|(off, column)| *off = column[k]);
                    covariance.quadratic(&off).max(0.0).sqrt()
                };
                (0..mdp.outcome_count()).map(of_outcome).collect()
            }
            Self::Members(tables) => {
                let of_outcome = |k: usize| variance(&tables.iter().map(|t| t[k]).collect::<Vec<_>>()).sqrt();
                (0..mdp.outcome_count()).map(of_outcome).collect()
            }
        }
    }
}

impl RewardModel {
    /// Standard error of a weight; `None` unless its posterior is normal in it.
    pub fn error(&self, feature: usize) -> Option<f64> {
        let Some(Posterior::Laplace { columns, covariance, .. }) = &self.posterior else { return None };
        let i = columns.iter().position(|j| *j == feature)?;
        Some(covariance.at(i, i).sqrt())
    }
}

/// A table less what π₀ has of it on average: from the same start where an outcome is a whole episode, else in a
/// step of an episode, whichever.
pub fn less_reference(mdp: &Mdp, mut table: Table) -> Table {
    match mdp.outcomes {
        Outcomes::Ends => {
            for rows in (0..mdp.states()).map(|s| mdp.rows_of(s)) {
                let mean = dot(&mdp.reference[rows.clone()], &table[rows.clone()]);
                table[rows].iter_mut().for_each(|x| *x -= mean);
            }
        }
        Outcomes::Moves { .. } => {
            let mean = evaluate(mdp, &Policy::reference(mdp), &table) / f64::from(mdp.horizon);
            table.iter_mut().for_each(|x| *x -= mean);
        }
    }
    table
}

/// The variance of so many numbers about their own mean: over n, not n − 1.
pub(super) fn variance(x: &[f64]) -> f64 {
    let middle = mean(x);
    mean(&x.iter().map(|x| (x - middle) * (x - middle)).collect::<Vec<_>>())
}
