//! Reward models: what is fitted to the labels, or passed through in their place.

mod bradley_terry;
mod config;
mod quality;

pub use bradley_terry::{Comparisons, Fit, fit};
pub use config::*;
pub use quality::{Quality, ReliabilityBin};

use crate::math::Symmetric;
use crate::mdp::{Learned, Mdp};
use crate::overseer::{Beliefs, Overseer};
use crate::query::Comparison;
use crate::solve::moments;
use crate::world::World;

/// A reward linear in the features, in the unit of its labels' log-odds.
#[derive(Clone, Debug)]
pub struct RewardModel {
    /// Weight of every feature, 0 where it is not represented; and a constant per step.
    pub beliefs: Beliefs,
    /// The features it can represent; \[d\], increasing.
    pub represented: Vec<usize>,
    /// Laplace covariance of the represented weights; `None` for pass-throughs.
    pub covariance: Option<Symmetric>,
    /// Log-odds of a preference per unit of reward.
    pub rationality: f64,
}

impl RewardModelConfig {
    /// Whether it learns from labels at all.
    pub fn learns(&self) -> bool {
        matches!(self, RewardModelConfig::Linear { .. })
    }

    /// Fits the model to the labels, or passes through what it stands for.
    pub fn fit(&self, world: &World, overseer: &Overseer, labels: &[Comparison]) -> RewardModel {
        let all = || (0..world.names().len()).collect();
        let rationality = overseer.choice.beta();
        match self {
            RewardModelConfig::Linear { l2, features, mistake } => {
                let mut represented: Vec<usize> = match features {
                    None => all(),
                    Some(names) => names.iter().flat_map(|n| world.columns_of(n)).copied().collect(),
                };
                represented.sort_unstable();
                let data = Comparisons::new(&world.mdp, labels, &represented);
                let fitted = fit(&data, l2.get(), mistake.get());
                let mut weights = vec![0.0; world.names().len()];
                for (&j, w) in represented.iter().zip(&fitted.weights) {
                    weights[j] = *w;
                }
                RewardModel {
                    beliefs: Beliefs { weights, constant: 0.0 },
                    represented,
                    covariance: Some(fitted.covariance),
                    rationality: 1.0,
                }
            }
            RewardModelConfig::Overseer => RewardModel {
                beliefs: overseer.beliefs.clone(),
                represented: all(),
                covariance: None,
                rationality,
            },
            RewardModelConfig::Gold => RewardModel {
                beliefs: Beliefs { weights: world.mdp.gold.clone(), constant: 0.0 },
                represented: all(),
                covariance: None,
                rationality,
            },
        }
    }
}

/// What an optimizer is given for a believed reward: its return centred under
/// π₀ and divided by its pooled within-prompt standard deviation; 0 on every row
/// if it has none but rounding. The shift is spread evenly over the steps.
pub fn learned(mdp: &Mdp, beliefs: &Beliefs) -> Learned {
    let mut table = beliefs.table(mdp);
    let m = moments(mdp, &table, &table);
    let shift = m.mean[0] / f64::from(mdp.horizon);
    let sd = m.variance[0].sqrt();
    // What the terms of the sum are worth: a spread far below it is rounding, not reward.
    let largest = |column: &Vec<f64>| column.iter().fold(0.0f64, |m, x| m.max(x.abs()));
    let terms = beliefs.weights.iter().zip(&mdp.features.columns).map(|(w, c)| w.abs() * largest(c));
    if sd <= 1e-12 * (beliefs.constant.abs() + terms.sum::<f64>()) {
        return Learned(vec![0.0; table.len()]);
    }
    let scale = 1.0 / sd;
    for x in &mut table {
        *x = (*x - shift) * scale;
    }
    Learned(table)
}
