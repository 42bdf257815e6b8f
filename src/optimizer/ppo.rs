//! Proximal policy optimisation (Schulman et al. 2017), with the price of KL in
//! the reward: r − β·ln(π/π₀).
//!
//! Each iteration draws a batch, estimates advantages with a critic and the
//! generalised trace Âₜ = Σ_k (γλ)ᵏ·δₜ₊ₖ, δ = r − β·ln(π/π₀) + γV(s′) − V(s)
//! (Schulman et al. 2016), and climbs min(q·Â, clip(q, 1 ± ε)·Â), q = π/π_batch,
//! for some epochs over the same batch.
//!
//! The trick: q is the same for all visits of a row, so of a batch only the sums
//! of positive and of negative advantages per row are needed, and an epoch costs
//! rows instead of steps. The critic is a table, and forgets: half of what it knew counts
//! beside a new batch. The first batch trains it before it judges.

use super::parameters::{Parameters, Pull};
use super::rollout::Batch;
use super::{Reached, Shape};
use crate::math::{exp, powi};
use crate::mdp::{Learned, Mdp, Outcomes};
use crate::policy::Sampler;
use crate::ranges::Count;
use crate::rng::{Purpose, Streams};
use crate::solve::kl;

/// What it may be told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    /// Episodes per batch.
    pub(super) episodes: u32,
    /// Passes over each batch.
    pub(super) epochs: u32,
    /// How far q may go from 1.
    pub(super) clip: f64,
    /// Step size.
    pub(super) rate: f64,
    /// Price of a nat of KL.
    pub(super) beta: f64,
    /// Weight of a step relative to the one before it.
    pub(super) discount: f64,
    /// λ.
    pub(super) trace: f64,
    pub(super) shape: Shape,
    pub(super) timed: bool,
}

pub(super) fn optimise(
    mdp: &Mdp,
    reward: &Learned,
    iterations: &[Count],
    settings: Settings,
    streams: Streams,
    mut visit: impl FnMut(Reached),
) {
    let mut parameters = Parameters::new(mdp, settings.shape, settings.timed);
    let mut batch = Batch::new(mdp, settings.episodes);
    let mut critic = Critic::new(mdp, settings);
    let mut surrogate = Surrogate::new(&parameters);
    let mut done = 0;
    for target in iterations {
        while done < target.get() {
            let mut rng = streams.stream(Purpose::Batches, "ppo", u64::from(done));
            batch.draw(mdp, &Sampler::new(mdp, &parameters.policy), &mut rng);
            surrogate.clear();
            if done == 0 {
                critic.judge(mdp, &batch, &reward.0, &parameters, |_, _, _| {});
                critic.learn();
            }
            critic.judge(mdp, &batch, &reward.0, &parameters, |at, weight, advantage| {
                surrogate.add(at, weight, advantage)
            });
            critic.learn();
            surrogate.climb(settings, &mut parameters);
            parameters.spread();
            done += 1;
        }
        let policy = parameters.policy.clone();
        let kl = kl(mdp, &policy);
        visit(Reached::policy(mdp, f64::from(target.get()), policy, Some(kl)));
    }
}

/// Values of views, one for each step where the future is not discounted.
struct Critic {
    settings: Settings,
    /// γᵗ; \[horizon\].
    weight: Vec<f64>,
    /// Expected to be earned from a view on, kept at its leader; \[steps + 1\]\[states\],
    /// with 0 where the episode is over, or \[states\].
    value: Vec<f64>,
    /// Sums of what was, and their weights; \[steps\]\[states\] or \[states\].
    seen: Vec<(f64, f64)>,
    timed: bool,
    /// Âₜ₊₁; \[episodes\].
    trace: Vec<f64>,
}

impl Critic {
    fn new(mdp: &Mdp, settings: Settings) -> Self {
        let timed = settings.discount == 1.0;
        let tables = if timed { mdp.horizon as usize } else { 1 };
        Self {
            settings,
            weight: (0..mdp.horizon).map(|t| powi(settings.discount, t)).collect(),
            value: vec![0.0; (tables + 1) * mdp.states()],
            seen: vec![(0.0, 0.0); tables * mdp.states()],
            timed,
            trace: vec![0.0; settings.episodes as usize],
        }
    }

    /// Hands over the advantage of every step: where in the parameters, its weight, and Â.
    fn judge(
        &mut self,
        mdp: &Mdp,
        batch: &Batch,
        reward: &[f64],
        parameters: &Parameters,
        mut hand_over: impl FnMut(usize, f64, f64),
    ) {
        let Settings { beta, discount, trace, .. } = self.settings;
        let states = mdp.states();
        self.seen.iter_mut().for_each(|(sum, weight)| (*sum, *weight) = (0.5 * *sum, 0.5 * *weight));
        self.trace.fill(0.0);
        for (step, &weight) in self.weight.iter().enumerate().rev() {
            let offset = parameters.offset(step);
            let now = if self.timed { step * states } else { 0 };
            let last = step + 1 == self.weight.len();
            for (ahead, &k) in self.trace.iter_mut().zip(batch.at(step)) {
                let cell = parameters.cell[k as usize] as usize;
                let at = now + parameters.state[cell] as usize;
                let onward = match &mdp.outcomes {
                    Outcomes::Moves { next, .. } if !last => {
                        let leader = parameters.leader[next[k as usize] as usize] as usize;
                        self.value[leader + if self.timed { now + states } else { 0 }]
                    }
                    _ => 0.0,
                };
                let earned = reward[k as usize] - beta * parameters.log_ratio[offset + cell];
                let surprise = earned + discount * onward - self.value[at];
                *ahead = surprise + discount * trace * *ahead;
                self.seen[at].0 += weight * (*ahead + self.value[at]);
                self.seen[at].1 += weight;
                hand_over(offset + cell, weight, *ahead);
            }
        }
    }

    /// Values become means of what was seen.
    fn learn(&mut self) {
        for (value, (sum, weight)) in self.value.iter_mut().zip(&self.seen) {
            if *weight > 1e-9 {
                *value = sum / weight;
            }
        }
    }
}

/// The clipped objective of one batch, row by row.
struct Surrogate {
    /// Weighed sums of positive advantages, and of negative ones.
    gain: Vec<f64>,
    loss: Vec<f64>,
    /// ln(π/π₀) that the batch was drawn from.
    before: Vec<f64>,
    pull: Pull,
}

impl Surrogate {
    fn new(parameters: &Parameters) -> Self {
        let rows = parameters.log_ratio.len();
        Self { gain: vec![0.0; rows], loss: vec![0.0; rows], before: vec![0.0; rows], pull: parameters.pull() }
    }

    fn clear(&mut self) {
        self.gain.fill(0.0);
        self.loss.fill(0.0);
        self.pull.clear();
    }

    fn add(&mut self, at: usize, weight: f64, advantage: f64) {
        if advantage > 0.0 {
            self.gain[at] += weight * advantage;
        } else {
            self.loss[at] += weight * advantage;
        }
        self.pull.weight[at] += weight;
    }

    fn climb(&mut self, settings: Settings, parameters: &mut Parameters) {
        self.before.copy_from_slice(&parameters.log_ratio);
        for _ in 0..settings.epochs {
            for at in 0..self.gain.len() {
                if self.pull.weight[at] > 0.0 {
                    let ratio = exp(parameters.log_ratio[at] - self.before[at]);
                    // Past the clip an advantage no longer pulls further that way.
                    let gain = if ratio < 1.0 + settings.clip { self.gain[at] } else { 0.0 };
                    let loss = if ratio > 1.0 - settings.clip { self.loss[at] } else { 0.0 };
                    self.pull.sum[at] = ratio * (gain + loss);
                }
            }
            parameters.step(settings.rate, &self.pull);
        }
    }
}
