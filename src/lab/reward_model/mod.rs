//! Reward models: what is fitted to the labels, or passed through in their place.
//!
//! To add one: a file here with its settings, their checks and its fit, and a variant of
//! [`RewardModelConfig`] with its arms below.

pub mod annotators;
mod bradley_terry;
mod descent;
mod doubt;
mod linear;
mod posterior;
mod quality;
mod reliability;
mod squares;
mod tabular;
pub mod tally;

pub use bradley_terry::{Comparisons, Fit, Sparse, fit};
pub use descent::Descent;
pub use doubt::{Bootstrap, Take};
pub use linear::{Annotators, Linear, Loss, Reads};
pub use posterior::{Posterior, less_reference};
pub use quality::{Quality, ReliabilityBin};
pub use reliability::reliable;
pub use squares::squared;
pub use tabular::{Awareness, Of, Tabular};

use crate::lab::hearing::Hearing;
use crate::lab::mdp::{Features, Learned, Mdp};
use crate::lab::overseer::Reward;
use crate::lab::query::Comparison;
use crate::lab::solve::spread;
use crate::lab::world::{Blueprint, World};
use crate::numerics::error::ConfigError;
use crate::numerics::rng::Streams;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What is fitted to the labels, or passed through in their place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RewardModelConfig {
    /// Bradley–Terry, linear in the features, maximum a posteriori.
    Linear(Linear),
    /// Bradley–Terry with a weight for everything there is to enter, do or see, in worlds over time.
    Tabular(Tabular),
    /// Pass-through: the return the overseer believes, as it is told, exactly.
    Overseer,
    /// Pass-through: the gold return.
    Gold,
}

impl Default for RewardModelConfig {
    fn default() -> Self {
        Self::Linear(Linear::default())
    }
}

/// A reward, in the unit of its labels' log-odds.
#[derive(Clone, Debug)]
pub struct RewardModel {
    /// The reward of every outcome.
    pub reward: Reward,
    /// Weight of every feature, where it is represented, of an ensemble on average; \[features\]. A lower bound
    /// is below what they make of an outcome.
    pub weights: Vec<Option<f64>>,
    /// How sure it is of its reward, where that is known.
    pub posterior: Option<Posterior>,
    /// Log-odds of a preference per unit of reward.
    pub rationality: f64,
    /// Reliability of every annotator, where that is learned; else empty.
    pub reliability: Vec<f64>,
    /// Local optima that its fit came upon, of which it is the best; 1 where there is one at most.
    pub optima: usize,
}

impl RewardModelConfig {
    /// Whether it learns from labels at all.
    pub fn learns(&self) -> bool {
        match self {
            Self::Linear(_) | Self::Tabular(_) => true,
            Self::Overseer | Self::Gold => false,
        }
    }

    /// Whether its reward is the sum of features that its weights say.
    pub fn is_sum_of_features(&self) -> bool {
        match self {
            Self::Linear(linear) => {
                linear.lower.get() == 0.0
                    && linear.bootstrap.is_none_or(|bootstrap| bootstrap.take == Take::Mean)
            }
            Self::Overseer | Self::Gold => true,
            Self::Tabular(_) => false,
        }
    }

    /// Gradient steps of a fit; 0 where it is not by descent.
    pub fn descent_steps(&self) -> u32 {
        match self {
            Self::Tabular(tabular) => tabular.descent.as_ref().map_or(0, |descent| descent.steps.get()),
            Self::Linear(_) | Self::Overseer | Self::Gold => 0,
        }
    }

    /// Checks what the types cannot say, given the names of the world's features.
    ///
    /// # Errors
    /// A feature that is unknown or named twice; a model of nothing; a descent that would
    /// not end, or not stay finite.
    pub fn check(&self, addresses: &IndexMap<String, Vec<String>>) -> Result<(), ConfigError> {
        match self {
            Self::Linear(linear) => linear.check(addresses),
            Self::Tabular(tabular) => tabular.check(),
            Self::Overseer | Self::Gold => Ok(()),
        }
    }

    /// Checks that the world has what a table would be of.
    ///
    /// # Errors
    /// A table of answers; a table of symbols, or beliefs about them, where there are none; a film of what no camera
    /// films.
    pub fn check_blueprint(&self, blueprint: &Blueprint) -> Result<(), ConfigError> {
        match self {
            Self::Tabular(tabular) => tabular.check_blueprint(blueprint),
            Self::Linear(linear) => linear.check_blueprint(blueprint),
            Self::Overseer | Self::Gold => Ok(()),
        }
    }

    /// The features of every outcome that a linear model reads; as they are shown for those that read none.
    pub fn reads(&self, world: &World) -> Arc<Features> {
        match self {
            Self::Linear(linear) => linear.reads.features(world),
            Self::Tabular(_) | Self::Overseer | Self::Gold => Arc::clone(&world.shown),
        }
    }

    /// Fits the model to the labels, or passes through what it stands for. An ensemble draws its resamples
    /// from `streams`.
    ///
    /// ```
    /// use oversight::lab::{RewardModelConfig, Setup};
    /// use oversight::numerics::rng::Streams;
    /// let setup = Setup {
    ///     world: toml::from_str("answers.features.insight.gold = 2.0").unwrap(),
    ///     overseer: Default::default(),
    ///     feedback: Default::default(),
    ///     reward_model: RewardModelConfig::Overseer,
    ///     optimizer: Default::default(),
    /// };
    /// let streams = Streams { seed: 0, repetition: 0 };
    /// let (world, overseer) = setup.open(streams).unwrap();
    /// // This overseer sees everything and values it as it is worth; it needs no labels.
    /// let hearing = overseer.hears(&world, &setup.feedback.protocol);
    /// let model = setup.reward_model.fit(&world, &hearing, &[], streams);
    /// assert_eq!(model.weights, [Some(2.0)]);
    /// ```
    pub fn fit(
        &self,
        world: &World,
        hearing: &Hearing,
        labels: &[Comparison],
        streams: Streams,
    ) -> RewardModel {
        let passed = |reward: Reward, weights: Vec<Option<f64>>| {
            let rationality = hearing.judges[0].choice.beta();
            RewardModel { reward, weights, posterior: None, rationality, reliability: Vec::new(), optima: 1 }
        };
        let mdp = &world.mdp;
        match self {
            Self::Linear(linear) => linear.fit(world, labels, streams),
            Self::Tabular(tabular) => tabular.fit(world, labels),
            Self::Overseer => passed(hearing.mean.clone(), hearing.weights.clone()),
            Self::Gold => passed(
                Reward::linear(&mdp.features, &mdp.gold, 0.0),
                mdp.gold.iter().copied().map(Some).collect(),
            ),
        }
    }
}

impl RewardModel {
    /// Somebody else's: a weight for features as they are read, and none for those that it does not represent;
    /// \[features\].
    pub fn of_weights(read: &Arc<Features>, weights: Vec<Option<f64>>) -> Self {
        let table: Vec<f64> = weights.iter().map(|weight| weight.unwrap_or(0.0)).collect();
        Self::given(Reward::linear(read, &table, 0.0), weights)
    }

    /// Somebody else's: a value for every outcome, which need not be a sum of features; \[outcomes\].
    pub fn of_values(world: &World, values: Vec<f64>) -> Self {
        Self::given(Reward::of_table(values), vec![None; world.names().len()])
    }

    fn given(reward: Reward, weights: Vec<Option<f64>>) -> Self {
        Self { reward, weights, posterior: None, rationality: 1.0, reliability: Vec::new(), optima: 1 }
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
