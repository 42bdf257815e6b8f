//! Sampled policy gradients, for E\[Σ γᵗ·(rₜ − β·ln(π/π₀)(aₜ|sₜ))\]: the plain one, REINFORCE
//! (Williams 1992) with a baseline, and the natural one (Kakade 2001).
//!
//! The advantage of a step is what it and the rest of its episode earned, less
//! what the critic expected there. The critic learned from earlier batches, so it
//! knows nothing of the action and leaves the estimate without bias; only the
//! first batch is held against itself. Among answers, where a log-linear policy has features of
//! a scale near 1, the plain gradient takes episodes in pairs that are each other's baseline: see
//! [`super::pairwise_gradient`].
//!
//! The plain gradient climbs at a constant rate. It weighs an action by how often it is taken, so
//! what the policy has nearly stopped to do, or seldom comes to, hardly moves. The natural one
//! divides by that; its rate falls, rate/(1 + rate·β·k/5) at iteration k; see [`super::parameters`].
//!
//! The trick: the penalty is paid as drawn, not in expectation. At the optimum
//! r + V′ − β·ln(π/π₀) is the same for all actions of a state, so where
//! transitions are certain the noise vanishes with the error.
//!
//! The trap: over a finite horizon the optimum depends on time. A policy that
//! does not know the step ended .01 to .06 of the gold that can be gained below
//! the exact tilt on small maps, one with a parameter per step within .02; so
//! where nothing is discounted, a tabular policy has one.

use super::critic::Critic;
use super::parameters::{Parameters, Stride, calmed};
use super::rollout::Batch;
use super::sampled::{self, Shape};
use super::{Axis, Optimizer, Reached, pairwise_gradient};
use crate::lab::mdp::{Learned, Mdp, Outcomes};
use crate::numerics::ranges::{Count, Levels, Positive, Probability, Whole, unless_given};
use crate::numerics::rng::{Purpose, Streams};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// REINFORCE: gradient steps of a constant rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct PolicyGradient(pub Gradient);

/// Natural gradient steps: advantages regressed on the scores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct NaturalPolicyGradient(pub Gradient);

/// Settings of a policy gradient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gradient {
    /// Gradient steps, each on a fresh batch; 0 is the reference policy.
    pub iterations: Levels<Whole>,
    /// Episodes per gradient step.
    #[serde(default = "unless_given::sixty_four")]
    pub episodes: Count,
    /// Step size.
    #[serde(default = "unless_given::tenth")]
    pub rate: Positive,
    /// Price β of a nat of KL from the reference policy.
    #[serde(default = "unless_given::one")]
    pub beta: Positive,
    /// Weight of a step relative to the one before it.
    #[serde(default = "unless_given::always")]
    pub discount: Probability,
    /// What the policy has a parameter for.
    #[serde(default)]
    pub policy: Shape,
}

impl Optimizer for PolicyGradient {
    fn axis(&self) -> Axis {
        sampled::axis(&self.0.iterations)
    }

    fn run(&self, mdp: &Mdp, reward: &Learned, streams: Streams, visit: &mut dyn FnMut(Reached)) {
        let answers = matches!(mdp.outcomes, Outcomes::Ends) && !mdp.merges_views();
        match self.0.policy {
            Shape::LogLinear if answers => pairwise_gradient::optimise(&self.0, mdp, reward, streams, visit),
            Shape::LogLinear | Shape::Tabular => self.0.over_time(false, mdp, reward, streams, visit),
        }
    }

    fn episodes(&self) -> Option<Count> {
        Some(self.0.episodes)
    }
}

impl Optimizer for NaturalPolicyGradient {
    fn axis(&self) -> Axis {
        sampled::axis(&self.0.iterations)
    }

    fn run(&self, mdp: &Mdp, reward: &Learned, streams: Streams, visit: &mut dyn FnMut(Reached)) {
        self.0.over_time(true, mdp, reward, streams, visit);
    }

    fn episodes(&self) -> Option<Count> {
        Some(self.0.episodes)
    }
}

impl Gradient {
    fn over_time(
        &self,
        natural: bool,
        mdp: &Mdp,
        reward: &Learned,
        streams: Streams,
        visit: &mut dyn FnMut(Reached),
    ) {
        let (rate, beta, discount) = (self.rate.get(), self.beta.get(), self.discount.get());
        let parameters = Parameters::new(mdp, self.policy, discount);
        let mut critic = Critic::new(mdp, &reward.0, self.episodes.get(), beta, discount, 1.0);
        let mut pull = parameters.pull();
        // Both climb from the same first batch.
        let stream = |k: u32| streams.stream(Purpose::Batches, "policy_gradient", u64::from(k));
        let plain = Stride::Plain(rate / f64::from(self.episodes.get()));
        let learn = |parameters: &mut Parameters<'_>, batch: &Batch, k: u32| {
            pull.clear();
            critic.judge(batch, parameters, |at, weight, advantage| pull.add(at, weight, advantage));
            let stride = if natural { Stride::Natural(calmed(rate, beta, k)) } else { plain };
            parameters.step(stride, &pull);
        };
        sampled::train(mdp, parameters, (&self.iterations, self.episodes), stream, learn, visit);
    }
}
