//! Optimizers: from a learned reward and the reference policy to a policy.
//! An optimizer is given a table and cannot ask whose.

mod best_of_n;
mod config;
mod policy_gradient;
mod tilt;

pub(crate) use best_of_n::rank;
pub use best_of_n::{fresh, pool};
pub use config::*;

use crate::mdp::{Learned, Mdp};
use crate::policy::Policy;
use crate::rng::Streams;

/// What an optimizer reached at one level of its pressure.
#[derive(Clone, Debug)]
pub struct Reached {
    /// The level, as configured.
    pub pressure: f64,
    /// The policy. Under `fresh` its chances are the weights of an unbiased estimate.
    pub policy: Policy,
    /// KL(π‖π₀) in nats, where defined.
    pub kl: Option<f64>,
}

impl OptimizerConfig {
    /// Its name in a config.
    pub fn name(&self) -> &'static str {
        match self {
            OptimizerConfig::BestOfN { .. } => "best_of_n",
            OptimizerConfig::Tilt(_) => "tilt",
            OptimizerConfig::PolicyGradient { .. } => "policy_gradient",
        }
    }

    /// What its pressure axis is called on a figure.
    pub fn pressure_words(&self) -> &'static str {
        match self {
            OptimizerConfig::BestOfN { .. } => "n, best of n",
            OptimizerConfig::Tilt(Tilt::Beta(_)) => "β, price of a nat of KL",
            OptimizerConfig::Tilt(Tilt::Kl(_)) => "KL from the reference policy, nats",
            OptimizerConfig::PolicyGradient { .. } => "iterations",
        }
    }

    /// Whether it is best of n fresh draws, whose law is that of the continuous world.
    pub fn draws_fresh(&self) -> bool {
        matches!(self, OptimizerConfig::BestOfN { draws: Draws::Fresh, .. })
    }

    /// The levels of its pressure axis, as listed.
    pub fn pressures(&self) -> Vec<f64> {
        match self {
            OptimizerConfig::BestOfN { n, .. } => n.as_slice().iter().map(|n| f64::from(n.get())).collect(),
            OptimizerConfig::Tilt(Tilt::Beta(beta)) => beta.as_slice().iter().map(|b| b.get()).collect(),
            OptimizerConfig::Tilt(Tilt::Kl(kl)) => kl.as_slice().iter().map(|k| k.get()).collect(),
            OptimizerConfig::PolicyGradient { iterations, .. } => {
                iterations.as_slice().iter().map(|i| f64::from(i.get())).collect()
            }
        }
    }

    /// Optimises from π₀, and hands over what is reached at each level.
    pub fn optimise(&self, mdp: &Mdp, reward: &Learned, streams: Streams, visit: impl FnMut(Reached)) {
        match self {
            OptimizerConfig::BestOfN { draws, n } => {
                best_of_n::optimise(mdp, reward, *draws, n.as_slice(), visit)
            }
            OptimizerConfig::Tilt(levels) => tilt::optimise(mdp, reward, levels, visit),
            OptimizerConfig::PolicyGradient { iterations, episodes, rate, beta } => {
                let settings = policy_gradient::Settings {
                    episodes: episodes.get(),
                    rate: rate.get(),
                    beta: beta.get(),
                };
                policy_gradient::optimise(mdp, reward, iterations.as_slice(), settings, streams, visit);
            }
        }
    }
}
