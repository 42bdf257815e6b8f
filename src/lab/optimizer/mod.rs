//! Optimizers: from a learned reward and the reference policy to a policy.
//! An optimizer is given a table and cannot ask whose.

mod best_of_episodes;
mod best_of_n;
mod config;
mod critic;
mod pairwise_gradient;
mod parameters;
mod planner;
mod policy_gradient;
mod ppo;
mod rollout;
mod soft_value_iteration;
#[cfg(test)]
mod tests;
mod tilt;

pub(crate) use best_of_n::rank;
pub use best_of_n::{fresh, pool};
pub use config::*;

use crate::lab::mdp::{Learned, Mdp, Outcomes, Table};
use crate::lab::policy::Policy;
use crate::lab::solve::{visits, visits_and_kl};
use crate::numerics::error::ConfigError;
use crate::numerics::rng::Streams;

/// What an optimizer reached at one level of its pressure.
#[derive(Clone, Debug)]
pub struct Reached {
    /// The level, as configured.
    pub pressure: f64,
    /// Expected visits of every outcome. Under `fresh`, an unbiased estimate of those
    /// of the continuous law; \[outcomes\].
    pub visits: Table,
    /// The policy; `None` where episodes are picked whole, which is no policy.
    pub policy: Option<Policy>,
    /// KL(π‖π₀) in nats, where defined.
    pub kl: Option<f64>,
}

impl Reached {
    /// A policy, what it visits and how far it is from π₀.
    pub fn policy(mdp: &Mdp, pressure: f64, policy: Policy) -> Self {
        let (visits, kl) = visits_and_kl(mdp, &policy);
        Self { pressure, visits, policy: Some(policy), kl: Some(kl) }
    }

    /// A policy of known KL, and what it visits.
    pub fn with_kl(mdp: &Mdp, pressure: f64, policy: Policy, kl: Option<f64>) -> Self {
        Self { pressure, visits: visits(mdp, &policy), policy: Some(policy), kl }
    }
}

impl OptimizerConfig {
    /// Its name in a config.
    pub fn name(&self) -> &'static str {
        match self {
            OptimizerConfig::BestOfN { .. } => "best_of_n",
            OptimizerConfig::Tilt(_) => "tilt",
            OptimizerConfig::PolicyGradient { .. } => "policy_gradient",
            OptimizerConfig::Ppo { .. } => "ppo",
            OptimizerConfig::SoftValueIteration { .. } => "soft_value_iteration",
            OptimizerConfig::Planner { .. } => "planner",
        }
    }

    /// What its pressure axis is called on a figure.
    pub fn pressure_words(&self) -> &'static str {
        match self {
            OptimizerConfig::BestOfN { .. } => "n, best of n",
            OptimizerConfig::Tilt(Tilt::Beta(_)) => "β, price of a nat of KL",
            OptimizerConfig::Tilt(Tilt::Kl(_)) => "KL from the reference policy, nats",
            OptimizerConfig::PolicyGradient { .. } | OptimizerConfig::Ppo { .. } => "iterations",
            OptimizerConfig::SoftValueIteration { .. } => "β, price of a nat of KL",
            OptimizerConfig::Planner { .. } => "steps of look-ahead",
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
            OptimizerConfig::SoftValueIteration { beta, .. } => {
                beta.as_slice().iter().map(|b| b.get()).collect()
            }
            OptimizerConfig::PolicyGradient { iterations, .. } | OptimizerConfig::Ppo { iterations, .. } => {
                iterations.as_slice().iter().map(|i| f64::from(i.get())).collect()
            }
            OptimizerConfig::Planner { depth } => {
                depth.as_slice().iter().map(|d| f64::from(d.get())).collect()
            }
        }
    }

    /// Checks what only the table can tell.
    ///
    /// # Errors
    /// Soft value iteration without end where the policy cannot tell apart states
    /// in which it has a choice: how often each is met would depend on the policy. Best of n
    /// where it cannot tell starts apart: episodes picked for each start would.
    pub fn check_table(&self, mdp: &Mdp) -> Result<(), ConfigError> {
        // Whether two of these states are of one view.
        let alike = |of: &dyn Fn(usize) -> bool| {
            let mut met = vec![false; mdp.states()];
            let mut states = (0..mdp.states()).filter(|s| of(*s));
            states.any(|s| std::mem::replace(&mut met[mdp.view[s] as usize], true))
        };
        match self {
            Self::BestOfN { .. } if alike(&|s| mdp.start[s] > 0.0) => Err(ConfigError::new(
                "optimizer.best_of_n",
                "the policy cannot tell all starts of this world apart, and the best episodes from each would",
                "use tilt or policy_gradient, or a world whose starts are all told apart",
            )),
            Self::SoftValueIteration { .. } if alike(&|s| mdp.rows_of(s).len() > 1) => Err(ConfigError::new(
                "optimizer.soft_value_iteration",
                "the policy cannot tell all states of this world apart, and no stationary policy of views is exact",
                "use tilt or policy_gradient, or a world whose states are all told apart",
            )),
            _ => Ok(()),
        }
    }

    /// Optimises from π₀, and hands over what is reached at each level.
    pub fn optimise(&self, mdp: &Mdp, reward: &Learned, streams: Streams, visit: impl FnMut(Reached)) {
        match self {
            OptimizerConfig::BestOfN { draws, n, episodes } => {
                if matches!(mdp.outcomes, Outcomes::Ends) {
                    best_of_n::optimise(mdp, reward, *draws, n.as_slice(), visit);
                } else {
                    let episodes = episodes.get();
                    best_of_episodes::optimise(mdp, reward, *draws, n.as_slice(), episodes, streams, visit);
                }
            }
            OptimizerConfig::Tilt(levels) => tilt::optimise(mdp, reward, levels, visit),
            OptimizerConfig::PolicyGradient { iterations, episodes, rate, beta, discount, policy } => {
                let settings = policy_gradient::Settings {
                    episodes: episodes.get(),
                    rate: rate.get(),
                    beta: beta.get(),
                    discount: discount.get(),
                    shape: *policy,
                };
                let answers = matches!(mdp.outcomes, Outcomes::Ends) && !mdp.merges_views();
                if answers && *policy == Shape::LogLinear {
                    pairwise_gradient::optimise(mdp, reward, iterations.as_slice(), settings, streams, visit);
                } else {
                    policy_gradient::optimise(mdp, reward, iterations.as_slice(), settings, streams, visit);
                }
            }
            OptimizerConfig::Ppo {
                iterations,
                episodes,
                epochs,
                clip,
                rate,
                beta,
                discount,
                trace,
                policy,
            } => {
                let settings = ppo::Settings {
                    episodes: episodes.get(),
                    epochs: epochs.get(),
                    clip: clip.get(),
                    rate: rate.get(),
                    beta: beta.get(),
                    discount: discount.get(),
                    trace: trace.get(),
                    shape: *policy,
                };
                ppo::optimise(mdp, reward, iterations.as_slice(), settings, streams, visit);
            }
            OptimizerConfig::SoftValueIteration { beta, discount } => {
                soft_value_iteration::optimise(mdp, reward, beta.as_slice(), *discount, visit);
            }
            OptimizerConfig::Planner { depth } => planner::optimise(mdp, reward, depth.as_slice(), visit),
        }
    }
}
