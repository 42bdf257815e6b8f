//! Proximal policy optimisation (Schulman et al. 2017), with the price of KL in
//! the reward: r − β·ln(π/π₀).
//!
//! Each iteration draws a batch, takes advantages Â from the [critic](super::critic)
//! and climbs min(q·Â, clip(q, 1 ± ε)·Â), q = π/π_batch, for some epochs over the
//! same batch. The steps are natural ones, of a rate that falls, as those of the
//! [policy gradient](super::policy_gradient); one epoch and λ = 1 make it that.
//!
//! The trick: q is the same for all visits of a row, so all that is needed of a
//! batch are the sums of positive and of negative advantages per row, and an
//! epoch costs rows instead of steps.

use super::critic::Critic;
use super::parameters::{Parameters, Pull, calmed};
use super::rollout::Batch;
use super::{Reached, Shape};
use crate::lab::mdp::{Learned, Mdp};
use crate::lab::policy::Sampler;
use crate::numerics::math::exp;
use crate::numerics::ranges::Whole;
use crate::numerics::rng::{Purpose, Streams};

/// What it may be told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    /// Episodes per batch.
    pub(super) episodes: u32,
    /// Passes over each batch.
    pub(super) epochs: u32,
    /// ε: how far q may go from 1.
    pub(super) clip: f64,
    /// Step size of an epoch.
    pub(super) rate: f64,
    /// Price of a nat of KL.
    pub(super) beta: f64,
    /// Weight of a step relative to the one before it.
    pub(super) discount: f64,
    /// λ.
    pub(super) trace: f64,
    /// What the policy has a parameter for.
    pub(super) shape: Shape,
}

pub(super) fn optimise(
    mdp: &Mdp,
    reward: &Learned,
    iterations: &[Whole],
    settings: Settings,
    streams: Streams,
    mut visit: impl FnMut(Reached),
) {
    let Settings { episodes, epochs, rate, beta, discount, trace, shape, .. } = settings;
    let mut parameters = Parameters::new(mdp, shape, discount);
    let mut sampler = Sampler::new(mdp, &parameters.policy);
    let mut batch = Batch::new(mdp, episodes);
    let mut critic = Critic::new(mdp, &reward.0, episodes, beta, discount, trace);
    let mut surrogate = Surrogate::new(&parameters, settings.clip);
    let per_batch = rate * f64::from(epochs);
    let mut done = 0;
    for target in iterations {
        while done < target.get() {
            let mut rng = streams.stream(Purpose::Batches, "ppo", u64::from(done));
            sampler.follow(&parameters.policy);
            batch.draw(&sampler, &mut rng);
            surrogate.restart(&parameters);
            critic.judge(&batch, &parameters, |at, weight, advantage| surrogate.add(at, weight, advantage));
            for _ in 0..epochs {
                surrogate.climb(calmed(per_batch, beta, done) / f64::from(epochs), &mut parameters);
            }
            parameters.spread();
            done += 1;
        }
        let policy = parameters.policy.clone();
        visit(Reached::policy(mdp, f64::from(target.get()), policy));
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

    /// One epoch.
    fn climb(&mut self, rate: f64, parameters: &mut Parameters) {
        for &at in &self.pull.touched {
            let at = at as usize;
            let ratio = exp(parameters.log_ratio[at] - self.before[at]);
            // Past the clip, an advantage no longer pulls further that way.
            let gain = if ratio < 1.0 + self.clip { self.gain[at] } else { 0.0 };
            let loss = if ratio > 1.0 - self.clip { self.loss[at] } else { 0.0 };
            self.pull.sum[at] = ratio * (gain + loss);
        }
        parameters.step(rate, &self.pull);
    }
}
