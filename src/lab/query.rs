//! Queries: which pairs are put to the overseer, and what it said.
//!
//! ```text
//! draw a pool of pairs → choose some of them → have them answered
//! ```
//!
//! A rule looks at the pairs and at the model of the labels so far, and not at what the overseer will say. So it
//! cannot choose before there is a model, and the first round is uniform under every rule.
//!
//! To add a rule: a variant of [`Query`], and how it chooses.

use crate::lab::mdp::Features;
use crate::lab::overseer::Label;
use crate::lab::policy::Episode;
use crate::lab::reward_model::{Posterior, RewardModel};
use crate::numerics::error::ConfigError;
use crate::numerics::math::{dot, sigmoids};
use crate::numerics::ranges::Count;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the pairs to be labelled are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Query {
    /// Two independent episodes from one start.
    Uniform,
    /// Those of whose log-odds the model is least sure: the largest posterior variance.
    Wide(Pool),
    /// Those that the model finds most nearly even.
    Entropy(Pool),
    /// Those that together leave the least volume of weights: one after the other, each the one that adds most
    /// to the determinant of the information, given those before it.
    DOptimal(Pool),
}

/// What a rule chooses from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Pool {
    /// How many times as many pairs are drawn as are chosen, from 2 to 1000.
    pub pool: Count,
}

impl Default for Pool {
    fn default() -> Self {
        Self { pool: Count::new(8).expect("in range") }
    }
}

impl Query {
    /// Its name in a config.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// How many times as many pairs are drawn as are put to the overseer.
    pub fn pool(self) -> u32 {
        match self {
            Self::Uniform => 1,
            Self::Wide(Pool { pool }) | Self::Entropy(Pool { pool }) | Self::DOptimal(Pool { pool }) => {
                pool.get()
            }
        }
    }

    /// Checks its pool.
    ///
    /// # Errors
    /// A pool of one, from which nothing is chosen, or of more than a thousand pairs for each that is.
    pub(crate) fn check(self) -> Result<(), ConfigError> {
        if self == Self::Uniform || (2..=1000).contains(&self.pool()) {
            return Ok(());
        }
        let message =
            format!("a pool has from 2 to 1000 pairs for each that is chosen, and not {}", self.pool());
        Err(ConfigError::new(&format!("feedback.query.{}.pool", self.name()), message, "use 8"))
    }

    /// Chooses `count` pairs of a pool, by their places in it: by what `model` learned of the labels so far, or the
    /// first ones where it learned nothing.
    pub fn choose(self, pool: &[Episode], model: Option<&RewardModel>, count: usize) -> Vec<usize> {
        let pairs = pool.as_chunks().0;
        let Some(model) = model else { return (0..count.min(pairs.len())).collect() };
        let highest = |of_pair: &dyn Fn(&[Episode; 2]) -> f64| {
            let heights: Vec<f64> = pairs.iter().map(of_pair).collect();
            let mut places: Vec<usize> = (0..pairs.len()).collect();
            places.sort_by(|a, b| heights[*b].total_cmp(&heights[*a]));
            places.truncate(count);
            places
        };
        match (self, &model.posterior) {
            (Self::Uniform, _) => (0..count.min(pairs.len())).collect(),
            (Self::Wide(_), Some(posterior)) => highest(&|[first, second]| posterior.variance(first, second)),
            (Self::Entropy(_), _) => {
                highest(&|[first, second]| -first.lead(second, &model.reward.table).abs())
            }
            (Self::DOptimal(_), Some(posterior @ Posterior::Laplace { .. })) => {
                d_optimal(pairs, posterior, model, count)
            }
            (Self::Wide(_) | Self::DOptimal(_), _) => {
                unreachable!("checked: such a model is sure of its reward")
            }
        }
    }
}

/// Pairs that add most to the determinant of the information, each given those before it (Wynn 1970; for
/// comparisons: Mukherjee et al. 2024).
///
/// A label of a pair with difference d and chance p adds β²p(1 − p)·ddᵀ = xxᵀ to the information, which multiplies its
/// determinant by 1 + xᵀΣx and takes (Σx)(Σx)ᵀ/(1 + xᵀΣx) from the covariance Σ. (So the variances of
/// all other pairs are brought up to date by one product each, and no matrix is inverted.)
fn d_optimal(pairs: &[[Episode; 2]], posterior: &Posterior, model: &RewardModel, count: usize) -> Vec<usize> {
    let Posterior::Laplace { inputs, columns, covariance } = posterior else { unreachable!("of one fit") };
    let information = |[first, second]: &[Episode; 2]| -> Vec<f64> {
        let (p, q) = sigmoids(model.rationality * first.lead(second, &model.reward.table));
        let scale = model.rationality * (p * q).sqrt();
        let lead = |&j: &usize| scale * (first.total(inputs.column(j)) - second.total(inputs.column(j)));
        columns.iter().map(lead).collect()
    };
    let of_pairs: Vec<Vec<f64>> = pairs.iter().map(information).collect();
    let mut covariance = covariance.clone();
    let mut variances: Vec<f64> = of_pairs.iter().map(|x| covariance.quadratic(x)).collect();
    let mut chosen = Vec::with_capacity(count);
    for _ in 0..count.min(pairs.len()) {
        // The first of the largest.
        let first_of_largest = |best: usize, i: usize| if variances[i] > variances[best] { i } else { best };
        let best = (0..pairs.len()).reduce(first_of_largest).expect("some are left");
        let (told, rest) = (covariance.times(&of_pairs[best]), 1.0 + variances[best]);
        chosen.push(best);
        for (variance, x) in variances.iter_mut().zip(&of_pairs) {
            let common = dot(&told, x);
            *variance -= common * common / rest;
        }
        variances[best] = f64::NEG_INFINITY;
        covariance.add_outer(-1.0 / rest, &told);
        covariance.mirror();
    }
    chosen
}

/// A pair of episodes and the answer to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The episode shown first.
    pub first: Episode,
    /// The episode shown second.
    pub second: Episode,
    /// The answer.
    pub label: Label,
    /// Who gave it: a place among the judges of a [`Hearing`](crate::lab::hearing::Hearing).
    pub by: u32,
}

impl Comparison {
    /// φ(first) − φ(second), written over `into`; `scratch` is overwritten.
    pub fn difference(&self, features: &Features, into: &mut [f64], scratch: &mut [f64]) {
        self.first.features(features, into);
        self.second.features(features, scratch);
        for (d, x) in into.iter_mut().zip(scratch) {
            *d -= *x;
        }
    }
}
