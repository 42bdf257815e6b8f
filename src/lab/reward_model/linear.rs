//! Bradley–Terry, linear in the features.

use super::doubt::below;
use super::posterior::less_reference;
use super::{Bootstrap, Comparisons, Fit, Posterior, RewardModel, fit, reliable, squared, squares};
use crate::lab::mdp::{Features, Table};
use crate::lab::overseer::{Reward, filmed};
use crate::lab::query::Comparison;
use crate::lab::world::{Blueprint, CompiledWorld, Screen, World};
use crate::numerics::error::{ConfigError, check_names};
use crate::numerics::ranges::{FlipRate, NonNegative, Positive};
use crate::numerics::rng::{Purpose, Streams};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

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
    /// What its fit minimises.
    pub loss: Loss,
    /// What it makes of who gave each label.
    pub annotators: Annotators,
    /// An ensemble of fits to resampled labels, in place of one fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bootstrap: Option<Bootstrap>,
    /// How many posterior standard deviations below its reward it takes every outcome to be.
    pub lower: NonNegative,
}

/// What a linear model's fit minimises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// The negative log-likelihood of the labels, by Bradley and Terry.
    #[default]
    Likelihood,
    /// The square of what it is off from ½ for the one that was chosen and −½ for the other.
    Squared,
}

/// What a linear model makes of who gave each label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Annotators {
    /// Nothing: one is as good as another.
    #[default]
    Alike,
    /// It learns how reliable each is: a factor on the log-odds of its labels, below 0 for one who says the contrary.
    Reliability,
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
    /// As they are filmed: as the sensors show them where the camera sees, and nothing elsewhere, but for those
    /// that are seen anyway.
    Film,
}

impl Reads {
    /// The features of every outcome, so read.
    pub fn features(self, world: &World) -> Arc<Features> {
        match self {
            Reads::Shown => Arc::clone(&world.shown),
            Reads::Truth => Arc::clone(&world.mdp.features),
            Reads::Film => filmed(world),
        }
    }
}

impl Default for Linear {
    fn default() -> Self {
        let l2 = Positive::new(0.1).expect("in range");
        let mistake = FlipRate::new(0.0).expect("in range");
        let lower = NonNegative::new(0.0).expect("in range");
        Self {
            l2,
            features: None,
            mistake,
            reads: Reads::Shown,
            loss: Loss::Likelihood,
            annotators: Annotators::Alike,
            bootstrap: None,
            lower,
        }
    }
}

impl Linear {
    pub(super) fn check(&self, addresses: &IndexMap<String, Vec<String>>) -> Result<(), ConfigError> {
        let fault = |setting: &str, message: &str, help: &str| {
            Err(ConfigError::new(&format!("reward_model.linear.{setting}"), message, help))
        };
        if self.loss == Loss::Squared && self.mistake.get() > 0.0 {
            let help = "take mistake away, or use loss = \"likelihood\"";
            return fault("mistake", "the squared loss has no likelihood that could allow for flips", help);
        }
        let plain = self.loss == Loss::Likelihood && self.mistake.get() == 0.0;
        if self.annotators == Annotators::Reliability && !plain {
            let message = "reliability is a factor on log-odds, without a share of flips or a squared loss";
            return fault("annotators", message, "take mistake and loss away, or use annotators = \"alike\"");
        }
        if let Some(Bootstrap { members, .. }) = self.bootstrap {
            if self.lower.get() > 0.0 {
                let help = "take lower away, or use bootstrap.take = { less_variance = 0.5 }";
                return fault("lower", "an ensemble has its own way to doubt itself", help);
            }
            if !(2..=1000).contains(&members.get()) {
                let message = format!(
                    "an ensemble has from 2 to 1000 members, and not {members}",
                    members = members.get()
                );
                return fault("bootstrap.members", &message, "use 5");
            }
        }
        match &self.features {
            None => Ok(()),
            Some(none) if none.is_empty() => fault(
                "features",
                "a model without features can represent nothing",
                "name at least one, or leave it out for all",
            ),
            Some(names) => check_names("reward_model.linear.features", names, addresses),
        }
    }

    pub(super) fn check_blueprint(&self, blueprint: &Blueprint) -> Result<(), ConfigError> {
        let films = |compiled: &CompiledWorld| matches!(compiled.screen, Screen::Sensors { .. });
        if self.reads != Reads::Film || blueprint.compiled().is_some_and(films) {
            return Ok(());
        }
        let message = "there is no film of answers, nor of what symbols show";
        Err(ConfigError::new(
            "reward_model.linear.reads",
            message,
            "use reads = \"shown\", or a world.gridworld",
        ))
    }

    /// What its loss makes of labels.
    pub(crate) fn fitted(&self, data: &Comparisons) -> Fit {
        match self.loss {
            Loss::Likelihood if self.annotators == Annotators::Reliability => reliable(data, self.l2.get()),
            Loss::Likelihood => fit(data, self.l2.get(), self.mistake.get()),
            Loss::Squared => squared(data, self.l2.get()),
        }
    }

    /// Log-odds of a preference per unit of its reward.
    pub(crate) fn rationality(&self) -> f64 {
        match self.loss {
            Loss::Likelihood => 1.0,
            Loss::Squared => squares::LOG_ODDS,
        }
    }

    pub(super) fn fit(&self, world: &World, labels: &[Comparison], streams: Streams) -> RewardModel {
        let mut columns: Vec<usize> = match &self.features {
            None => (0..world.names().len()).collect(),
            Some(names) => names.iter().flat_map(|n| world.blueprint().columns_of(n)).collect(),
        };
        columns.sort_unstable();
        let (mdp, inputs) = (&world.mdp, &self.reads.features(world));
        let data = Comparisons::of_features(inputs, labels, &columns);
        let whole = |fitted: &[f64]| {
            let mut weights = vec![0.0; inputs.count()];
            columns.iter().zip(fitted).for_each(|(j, weight)| weights[*j] = *weight);
            Reward::linear(inputs, &weights, 0.0)
        };
        let (weights, optima, reliability, reward, posterior) = match &self.bootstrap {
            None => {
                let Fit { weights, covariance, optima, reliability, .. } = self.fitted(&data);
                let (inputs, columns) = (Arc::clone(inputs), columns.clone());
                let posterior = Posterior::Laplace { inputs, columns, covariance };
                let reward = match self.lower.get() {
                    0.0 => whole(&weights),
                    radius => below(mdp, whole(&weights), &posterior, radius),
                };
                (weights, optima, reliability, reward, posterior)
            }
            Some(Bootstrap { members, take }) => {
                let resample = |i: u32| data.resampled(&mut streams.stream(Purpose::Resamples, "", i.into()));
                let fits: Vec<Fit> = (0..members.get()).map(|i| self.fitted(&resample(i))).collect();
                let tables: Vec<Table> =
                    fits.iter().map(|f| less_reference(mdp, whole(&f.weights).table)).collect();
                let mean = |i: usize, of: fn(&Fit) -> &[f64]| {
                    fits.iter().map(|f| of(f).get(i).copied().unwrap_or(1.0)).sum::<f64>() / fits.len() as f64
                };
                let optima = fits.iter().map(|f| f.optima).max().unwrap_or(1);
                let weights = (0..columns.len()).map(|i| mean(i, |f| &f.weights)).collect();
                let most = fits.iter().map(|f| f.reliability.len()).max().unwrap_or(0);
                let reliability = (0..most).map(|i| mean(i, |f| &f.reliability)).collect();
                (weights, optima, reliability, take.of(&tables), Posterior::Members(tables))
            }
        };
        let mut learned = vec![None; inputs.count()];
        columns.iter().zip(&weights).for_each(|(j, weight)| learned[*j] = Some(*weight));
        let (posterior, rationality) = (Some(posterior), self.rationality());
        RewardModel { reward, weights: learned, posterior, rationality, reliability, optima }
    }
}
