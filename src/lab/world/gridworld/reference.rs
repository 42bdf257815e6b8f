//! What an agent on a map does before anybody trains it.

use super::config::{GridFeature, Habits};
use super::map::place;
use super::rules::pay;
use crate::lab::mdp::Mdp;
use crate::lab::solve::{Endless, check_told_apart};
use crate::numerics::error::ConfigError;
use indexmap::IndexMap;

/// γ unless given.
const DISCOUNT: f64 = 0.98;

/// Habits, with names resolved.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    /// What a unit of each feature is worth to it; \[features\].
    weights: Vec<f64>,
    beta: f64,
    discount: f64,
}

impl Habits {
    /// # Errors
    /// A feature that there is not, or whose pay is drawn by each seed, so that no habit could know where it is.
    pub(super) fn reference(
        &self,
        names: &IndexMap<&str, usize>,
        features: &IndexMap<String, GridFeature>,
    ) -> Result<Reference, ConfigError> {
        let mut weights = vec![0.0; names.len()];
        match &self.habit {
            None => weights.iter_mut().zip(features.values()).for_each(|(w, f)| *w = f.gold_weight()),
            Some(habit) => {
                for (column, weight) in pay(&["reference", "habit"], Some(habit), names)? {
                    weights[column] = weight;
                }
            }
        }
        let unknown = features.iter().zip(&weights).find(|((_, f), w)| f.drawn.is_some() && **w != 0.0);
        if let Some(((name, _), _)) = unknown {
            let message = format!("each seed draws where `{name}` is paid, and no habit knows it");
            return Err(place(&["reference"], message, format!("give habit without `{name}`")));
        }
        let discount = self.discount.map_or(DISCOUNT, |discount| discount.get());
        Ok(Reference { weights, beta: self.beta.get(), discount })
    }
}

impl Reference {
    /// The chances of every row; \[rows\].
    ///
    /// # Errors
    /// A policy that cannot tell all states of the map apart.
    pub(super) fn chances(&self, mdp: &Mdp) -> Result<Vec<f64>, ConfigError> {
        let fault = [
            "world.gridworld.reference",
            "the agent cannot tell all states of this map apart, and has no habits of its own in each",
            "take reference away, or use awareness = 1 and no covert audits",
        ];
        check_told_apart(mdp, |s| mdp.rows_of(s).len() > 1, fault)?;
        let table = mdp.features.combine(&self.weights, 0.0);
        let problem = Endless { mdp, table: &table, beta: self.beta, discount: self.discount };
        Ok(problem.solve(&mut vec![0.0; mdp.states()]))
    }
}
