//! Bradley–Terry, linear in the features.

use super::{Comparisons, RewardModel, fit};
use crate::lab::overseer::Reward;
use crate::lab::query::Comparison;
use crate::lab::world::World;
use crate::numerics::error::{ConfigError, check_names};
use crate::numerics::ranges::{FlipRate, Positive};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Bradley–Terry, linear in the features, maximum a posteriori.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Linear {
    /// Prior precision of every weight.
    pub l2: Positive,
    /// The features it can represent; all of them unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub features: Option<Vec<String>>,
    /// Flip rate its likelihood allows for.
    pub mistake: FlipRate,
    /// The features it reads.
    pub reads: Reads,
}

/// The features that a linear model reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reads {
    /// As the sensors show them, tampered with or not.
    #[default]
    Shown,
    /// As they are.
    Truth,
}

impl Default for Linear {
    fn default() -> Self {
        let l2 = Positive::new(0.1).expect("in range");
        Self { l2, features: None, mistake: FlipRate::new(0.0).expect("in range"), reads: Reads::Shown }
    }
}

impl Linear {
    pub(super) fn check(&self, addresses: &IndexMap<String, Vec<String>>) -> Result<(), ConfigError> {
        let path = "reward_model.linear.features";
        match &self.features {
            None => Ok(()),
            Some(none) if none.is_empty() => Err(ConfigError::new(
                path,
                "a model without features can represent nothing",
                "name at least one, or leave it out for all",
            )),
            Some(names) => check_names(path, names, addresses),
        }
    }

    pub(super) fn fit(&self, world: &World, labels: &[Comparison]) -> RewardModel {
        let mut represented: Vec<usize> = match &self.features {
            None => (0..world.names().len()).collect(),
            Some(names) => names.iter().flat_map(|n| world.blueprint().columns_of(n)).collect(),
        };
        represented.sort_unstable();
        let inputs = match self.reads {
            Reads::Shown => &world.shown,
            Reads::Truth => &world.mdp.features,
        };
        let data = Comparisons::of_features(inputs, labels, &represented);
        let fitted = fit(&data, self.l2.get(), self.mistake.get());
        let mut weights = vec![0.0; world.names().len()];
        let mut errors = vec![None; weights.len()];
        for (i, &j) in represented.iter().enumerate() {
            weights[j] = fitted.weights[i];
            errors[j] = Some(fitted.covariance.at(i, i).sqrt());
        }
        let reward = Reward::linear(inputs, &weights, 0.0);
        let learned = weights.iter().zip(&errors).map(|(w, e)| e.map(|_| *w));
        RewardModel { reward, weights: learned.collect(), errors, rationality: 1.0, optima: fitted.optima }
    }
}
