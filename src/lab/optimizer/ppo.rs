//! Proximal policy optimisation (Schulman et al. 2017), with the price of KL in
//! the reward: r − β·ln(π/π₀).
//!
//! Each iteration draws a batch, takes advantages Â from the [critic](super::critic)
//! and climbs min(q·Â, clip(q, 1 ± ε)·Â), q = π/π_batch, for some epochs over the
//! same batch. The steps are natural ones, of a rate that falls, as those of the
//! [natural policy gradient](super::policy_gradient); one epoch and λ = 1 make it that.
//!
//! The trick: q is the same for all visits of a row, so all that is needed of a
//! batch are the sums of positive and of negative advantages per row, and an
//! epoch costs rows instead of steps.

use super::critic::Critic;
use super::parameters::{Parameters, Pull, Stride, calmed};
use super::rollout::Batch;
use super::sampled::{self, Shape};
use super::{Axis, Optimizer, Reached};
use crate::lab::mdp::{Learned, Mdp};
use crate::numerics::math::exp;
use crate::numerics::ranges::{Count, Levels, Positive, Probability, Whole, unless_given};
use crate::numerics::rng::{Purpose, Streams};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Proximal policy optimisation, sampled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ppo {
    /// Iterations, each on a fresh batch; 0 is the reference policy.
    pub iterations: Levels<Whole>,
    /// Episodes per batch.
    #[serde(default = "unless_given::sixty_four")]
    pub episodes: Count,
    /// Passes over each batch.
    #[serde(default = "unless_given::ten")]
    pub epochs: Count,
    /// How far a ratio of chances may go before its gain no longer counts.
    #[serde(default = "unless_given::fifth")]
    pub clip: Positive,
    /// Step size.
    #[serde(default = "unless_given::tenth")]
    pub rate: Positive,
    /// Price β of a nat of KL from the reference policy.
    #[serde(default = "unless_given::one")]
    pub beta: Positive,
    /// Weight of a step relative to the one before it.
    #[serde(default = "unless_given::always")]
    pub discount: Probability,
    /// λ of the generalised advantage: 0 one step and the critic's word, 1 the whole episode.
    #[serde(default = "unless_given::most")]
    pub trace: Probability,
    /// What the policy has a parameter for.
    #[serde(default)]
    pub policy: Shape,
}

impl Optimizer for Ppo {
    fn axis(&self) -> Axis {
        sampled::axis(&self.iterations)
    }

    fn run(&self, mdp: &Mdp, reward: &Learned, streams: Streams, visit: &mut dyn FnMut(Reached)) {
        let (beta, discount, epochs) = (self.beta.get(), self.discount.get(), self.epochs.get());
        let parameters = Parameters::new(mdp, self.policy, discount);
        let mut critic = Critic::new(mdp, &reward.0, self.episodes.get(), beta, discount, self.trace.get());
        let mut surrogate = Surrogate::new(&parameters, self.clip.get());
        let per_batch = self.rate.get() * f64::from(epochs);
        let stream = |k: u32| streams.stream(Purpose::Batches, "ppo", u64::from(k));
        let learn = |parameters: &mut Parameters<'_>, batch: &Batch, k: u32| {
            surrogate.restart(parameters);
            critic.judge(batch, parameters, |at, weight, advantage| surrogate.add(at, weight, advantage));
            let rate = calmed(per_batch, beta, k) / f64::from(epochs);
            (0..epochs).for_each(|_| surrogate.climb(rate, parameters));
        };
        sampled::train(mdp, parameters, (&self.iterations, self.episodes), stream, learn, visit);
    }

    fn episodes(&self) -> Option<Count> {
        Some(self.episodes)
    }
}

/// The clipped objective of one batch, row by row.
struct Surrogate {
    clip: f64,
    /// Weighed sums of positive advantages, and of negative ones.
    gain: Vec<f64>,
    loss: Vec<f64>,
    /// ln(π/π₀) that the batch was drawn from.
    before: Vec<f64>,
    pull: Pull,
}

impl Surrogate {
    fn new(parameters: &Parameters, clip: f64) -> Self {
        let zeros = vec![0.0; parameters.log_ratio.len()];
        Self { clip, gain: zeros.clone(), loss: zeros.clone(), before: zeros, pull: parameters.pull() }
    }

    /// For a new batch, drawn from `parameters`.
    fn restart(&mut self, parameters: &Parameters) {
        for &at in &self.pull.touched {
            self.gain[at as usize] = 0.0;
            self.loss[at as usize] = 0.0;
        }
        self.pull.clear();
        self.before.copy_from_slice(&parameters.log_ratio);
    }

    #[inline]
    fn add(&mut self, at: usize, weight: f64, advantage: f64) {
        let sum = if advantage > 0.0 { &mut self.gain } else { &mut self.loss };
        sum[at] += weight * advantage;
        self.pull.add(at, weight, 0.0);
    }

    fn climb(&mut self, rate: f64, parameters: &mut Parameters) {
        for &at in &self.pull.touched {
            let at = at as usize;
            let ratio = exp(parameters.log_ratio[at] - self.before[at]);
            // Past the clip, an advantage no longer pulls further that way.
            let gain = if ratio < 1.0 + self.clip { self.gain[at] } else { 0.0 };
            let loss = if ratio > 1.0 - self.clip { self.loss[at] } else { 0.0 };
            self.pull.sum[at] = ratio * (gain + loss);
        }
        parameters.step(Stride::Natural(rate), &self.pull);
    }
}
