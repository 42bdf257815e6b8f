//! Optimizers: from a learned reward and the reference policy to a policy.
//! An optimizer is given a table and cannot ask whose.
//!
//! To add one: a file here with its settings, which are an `Optimizer`, and a variant
//! of [`OptimizerConfig`] with its line in `deref`.

mod best_of_n;
mod chi_squared;
mod critic;
mod pairwise_gradient;
mod parameters;
mod planner;
mod policy_gradient;
mod ppo;
mod quantilizer;
mod ranks;
mod rollout;
mod sampled;
mod soft_value_iteration;
#[cfg(test)]
mod tests;
mod tilt;

pub use best_of_n::{BestOfN, Draws, fresh, pool};
pub use planner::{Planner, Ties};
pub use policy_gradient::{Gradient, NaturalPolicyGradient, PolicyGradient};
pub use ppo::Ppo;
pub use quantilizer::{Quantilizer, quantilize};
pub use ranks::Candidates;
pub(crate) use ranks::{merge_near, rank};
pub use sampled::Shape;
pub use soft_value_iteration::SoftValueIteration;
pub use tilt::Tilt;

use crate::lab::mdp::{Learned, Mdp, Table};
use crate::lab::policy::Policy;
use crate::lab::solve::{chi2, visits, visits_and_kl};
use crate::numerics::error::ConfigError;
use crate::numerics::ranges::Count;
use crate::numerics::rng::Streams;
use crate::numerics::words::count;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::ops::Deref;

/// The most episodes that a sampled optimizer may draw.
const MOST_EPISODES: f64 = 1e9;

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
    /// χ²(π‖π₀), likewise.
    pub chi2: Option<f64>,
}

impl Reached {
    /// A policy, what it visits and how far it is from π₀.
    pub fn policy(mdp: &Mdp, pressure: f64, policy: Policy) -> Self {
        let ((visits, kl), chi2) = (visits_and_kl(mdp, &policy), chi2(mdp, &policy));
        Self { pressure, visits, policy: Some(policy), kl: Some(kl), chi2: Some(chi2) }
    }

    /// A policy of known KL, and what it visits.
    pub fn with_kl(mdp: &Mdp, pressure: f64, policy: Policy, kl: Option<f64>) -> Self {
        let (visits, chi2) = (visits(mdp, &policy), kl.map(|_| chi2(mdp, &policy)));
        Self { pressure, visits, policy: Some(policy), kl, chi2 }
    }
}

/// How a policy is made from a reward and the reference policy. Each has one
/// pressure axis, whose levels are listed from weak to strong.
///
/// ```
/// use oversight::lab::OptimizerConfig;
/// let tilt: OptimizerConfig = toml::from_str("tilt.beta = [2.0, 1.0]").unwrap();
/// assert_eq!((tilt.name(), tilt.pressures()), ("tilt", vec![2.0, 1.0]));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OptimizerConfig {
    /// The best of n draws by the reward; pressure is n.
    BestOfN(BestOfN),
    /// A draw from the best share of π₀ by the reward; pressure is that share.
    Quantilizer(Quantilizer),
    /// π ∝ π₀·exp(r/β), by soft value iteration; pressure is β or the KL. Or what has the most reward at a χ².
    Tilt(Tilt),
    /// The plain policy gradient (REINFORCE), sampled; pressure is the number of iterations.
    PolicyGradient(PolicyGradient),
    /// The natural policy gradient, sampled; pressure is the number of iterations.
    NaturalPolicyGradient(NaturalPolicyGradient),
    /// Proximal policy optimisation, sampled; pressure is the number of iterations.
    Ppo(Ppo),
    /// Soft value iteration without end: the stationary policy that maximises the
    /// discounted sum of r − β·KL per step; pressure is β.
    SoftValueIteration(SoftValueIteration),
    /// Looks some steps ahead and takes the best; pressure is the number of steps.
    Planner(Planner),
}

impl Deref for OptimizerConfig {
    type Target = dyn Optimizer;

    /// Whichever it is.
    fn deref(&self) -> &Self::Target {
        match self {
            Self::BestOfN(settings) => settings,
            Self::Quantilizer(settings) => settings,
            Self::Tilt(settings) => settings,
            Self::PolicyGradient(settings) => settings,
            Self::NaturalPolicyGradient(settings) => settings,
            Self::Ppo(settings) => settings,
            Self::SoftValueIteration(settings) => settings,
            Self::Planner(settings) => settings,
        }
    }
}

/// What an optimizer does, and what else may be asked of it.
pub trait Optimizer {
    /// Its pressure axis.
    fn axis(&self) -> Axis;

    /// See [`OptimizerConfig::optimise`].
    fn run(&self, mdp: &Mdp, reward: &Learned, streams: Streams, visit: &mut dyn FnMut(Reached));

    /// Checks what types cannot say, given the candidates of a prompt.
    fn check_candidates(&self, _candidates: Option<Count>) -> Result<(), ConfigError> {
        Ok(())
    }

    /// Checks what only the table can tell.
    fn check_table(&self, _mdp: &Mdp) -> Result<(), ConfigError> {
        Ok(())
    }

    /// How it selects, where what that does to a normal return has a closed form.
    fn selection(&self) -> Option<Selection> {
        None
    }

    /// Whether what it reaches over time is a policy, whose episodes can be drawn.
    fn reaches_policies(&self) -> bool {
        true
    }

    /// The episodes of each of its iterations, if it learns from samples.
    fn episodes(&self) -> Option<Count> {
        None
    }
}

/// A pressure axis.
pub struct Axis {
    /// Its key in a config.
    pub key: &'static str,
    /// What a figure calls it.
    pub words: &'static str,
    /// The levels, as listed.
    pub levels: Vec<f64>,
    /// Whether pressure rises as the levels fall.
    pub falls: bool,
}

/// A way to select outputs by a return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// The best of n fresh draws; pressure is n.
    BestOfFresh,
    /// The best of n draws from the candidates; pressure is n.
    BestOfPool,
    /// π ∝ π₀·exp(r/β); pressure is β.
    TiltByPrice,
    /// The same; pressure is the KL.
    TiltByKl,
    /// π ∝ π₀·max(0, 1 + (r − c)/β); pressure is the χ².
    TiltByChi2,
    /// A draw from the best share of the candidates; pressure is that share.
    BestShare,
}

impl OptimizerConfig {
    /// Its name in a config.
    pub fn name(&self) -> &'static str {
        self.into()
    }

    /// What its pressure axis is called on a figure.
    pub fn pressure_words(&self) -> &'static str {
        self.axis().words
    }

    /// The levels of its pressure axis, as listed.
    pub fn pressures(&self) -> Vec<f64> {
        self.axis().levels
    }

    /// Checks what the types cannot say, given the candidates of a prompt.
    pub fn check(&self, candidates: Option<Count>) -> Result<(), ConfigError> {
        let Axis { key, levels, falls, .. } = self.axis();
        let fault = |i: usize, message: String, help: String| {
            Err(ConfigError::new(&format!("optimizer.{}.{key}.{i}", self.name()), message, help))
        };
        let stronger = |a: f64, b: f64| if falls { b < a } else { b > a };
        if let Some(i) = (1..levels.len()).find(|&i| !stronger(levels[i - 1], levels[i])) {
            let verb = if falls { "decrease" } else { "increase" };
            let message = format!("{} after {}: the levels must {verb}", levels[i], levels[i - 1]);
            return fault(i, message, "list them from weak to strong pressure, none twice".to_owned());
        }
        let episodes = self.episodes().map_or(0, Count::get);
        if let Some(i) = levels.iter().position(|n| n * f64::from(episodes) > MOST_EPISODES) {
            let iterations = count(levels[i] as u64, "iteration");
            let message = format!("{iterations} of {} are too much work", count(episodes.into(), "episode"));
            return fault(i, message, format!("at most {MOST_EPISODES} episodes in all"));
        }
        self.check_candidates(candidates)
    }

    /// Optimises from π₀, and hands over what is reached at each level.
    ///
    /// ```
    /// use oversight::lab::{Features, Learned, Mdp, OptimizerConfig};
    /// use oversight::numerics::rng::Streams;
    /// // Of two answers that are equally likely, the better by 1: at β = 1 it is e times as likely.
    /// let good = Features::new(vec!["good".into()], vec![vec![0.0, 1.0]]);
    /// let mdp = Mdp::answers(1, good.into(), vec![1.0]);
    /// let tilt: OptimizerConfig = toml::from_str("tilt.beta = 1.0").unwrap();
    /// let streams = Streams { seed: 0, repetition: 0 };
    /// tilt.optimise(&mdp, &Learned(vec![0.0, 1.0]), streams, |reached| {
    ///     assert!((reached.visits[1] / reached.visits[0] - 1f64.exp()).abs() < 1e-12);
    /// });
    /// ```
    pub fn optimise(&self, mdp: &Mdp, reward: &Learned, streams: Streams, mut visit: impl FnMut(Reached)) {
        self.run(mdp, reward, streams, &mut visit);
    }
}

impl Default for OptimizerConfig {
    fn default() -> Self {
        Self::BestOfN(BestOfN::default())
    }
}
