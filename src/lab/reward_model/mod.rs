//! Reward models: what is fitted to the labels, or passed through in their place.

mod bradley_terry;
mod config;
mod descent;
mod quality;
mod tabular;

pub use bradley_terry::{Comparisons, Fit, Sparse, fit};
pub use config::*;
pub use quality::{Quality, ReliabilityBin};

use crate::lab::mdp::{Learned, Mdp};
use crate::lab::overseer::{Beliefs, Overseer, Reward};
use crate::lab::query::Comparison;
use crate::lab::solve::spread;
use crate::lab::world::World;

/// A reward, in the unit of its labels' log-odds.
#[derive(Clone, Debug)]
pub struct RewardModel {
    /// The reward of every outcome.
    pub reward: Reward,
    /// Weight of every feature, where it is represented; \[features\].
    pub weights: Vec<Option<f64>>,
    /// Laplace standard error of every weight that was learned; \[features\].
    pub errors: Vec<Option<f64>>,
    /// Log-odds of a preference per unit of reward.
    pub rationality: f64,
}

impl RewardModelConfig {
    /// Whether it learns from labels at all.
    pub fn learns(&self) -> bool {
        matches!(self, RewardModelConfig::Linear { .. } | RewardModelConfig::Tabular { .. })
    }

    /// Fits the model to the labels, or passes through what it stands for.
    pub fn fit(&self, world: &World, overseer: &Overseer, labels: &[Comparison]) -> RewardModel {
        match self {
            RewardModelConfig::Linear { l2, features, mistake, reads } => {
                let mut represented: Vec<usize> = match features {
                    None => (0..world.names().len()).collect(),
                    Some(names) => names.iter().flat_map(|n| world.ground().columns_of(n)).copied().collect(),
                };
                represented.sort_unstable();
                let inputs = match reads {
                    Reads::Shown => &world.shown,
                    Reads::Truth => &world.mdp.features,
                };
                let data = Comparisons::of_features(inputs, labels, &represented);
                let fitted = fit(&data, l2.get(), mistake.get());
                let mut weights = vec![0.0; world.names().len()];
                let mut errors = vec![None; weights.len()];
                for (i, &j) in represented.iter().enumerate() {
                    weights[j] = fitted.weights[i];
                    errors[j] = Some(fitted.covariance.at(i, i).sqrt());
                }
                let reward = Reward::linear(inputs, &weights, 0.0);
                let learned = weights.iter().zip(&errors).map(|(w, e)| e.map(|_| *w));
                RewardModel { reward, weights: learned.collect(), errors, rationality: 1.0 }
            }
            RewardModelConfig::Tabular { of, beliefs, l2, mistake, descent } => {
                let (l2, mistake) = (l2.get(), mistake.get());
                let reward = tabular::fit(world, *of, *beliefs, labels, l2, mistake, descent.as_ref());
                let none = vec![None; world.names().len()];
                RewardModel { reward, weights: none.clone(), errors: none, rationality: 1.0 }
            }
            RewardModelConfig::Overseer => passed(&overseer.beliefs, world, overseer),
            RewardModelConfig::Gold => passed(&Beliefs::of_truth(world.mdp.gold.clone()), world, overseer),
        }
    }
}

/// A pass-through of what somebody believes.
fn passed(beliefs: &Beliefs, world: &World, overseer: &Overseer) -> RewardModel {
    RewardModel {
        reward: beliefs.of(world),
        weights: beliefs.weights.iter().copied().map(Some).collect(),
        errors: vec![None; beliefs.weights.len()],
        rationality: overseer.choice.beta(),
    }
}

/// What an optimizer is given for a reward: its return centred under π₀ and
/// divided by its pooled within-prompt standard deviation; 0 on every outcome if
/// it has none but rounding. The shift is spread evenly over the steps.
pub fn learned(mdp: &Mdp, reward: &Reward) -> Learned {
    let mut table = reward.table.clone();
    let (mean, variance) = spread(mdp, &table);
    let (shift, sd) = (mean / f64::from(mdp.horizon), variance.sqrt());
    if sd <= 1e-12 * reward.terms {
        return Learned(vec![0.0; table.len()]);
    }
    let scale = 1.0 / sd;
    for x in &mut table {
        *x = (*x - shift) * scale;
    }
    Learned(table)
}
