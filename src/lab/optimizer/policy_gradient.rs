//! Sampled policy gradient over time, for E\[Σ γᵗ·(rₜ − β·ln(π/π₀)(aₜ|sₜ))\].
//!
//! The advantage of a step is what it and the rest of its episode earned, less
//! what the critic expected there. The critic learned from earlier batches, so it
//! knows nothing of the action and leaves the estimate without bias; only the
//! first batch is held against itself. The steps are natural ones, and their
//! rate falls: rate/(1 + rate·β·k/5) at iteration k; see [`super::parameters`].
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
use super::parameters::{Parameters, calmed};
use super::rollout::Batch;
use super::{Reached, Shape};
use crate::lab::mdp::{Learned, Mdp};
use crate::lab::policy::Sampler;
use crate::numerics::ranges::Whole;
use crate::numerics::rng::{Purpose, Streams};

/// What a policy gradient may be told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    /// Episodes per step.
    pub(super) episodes: u32,
    /// Step size.
    pub(super) rate: f64,
    /// Price of a nat of KL.
    pub(super) beta: f64,
    /// Weight of a step relative to the one before it.
    pub(super) discount: f64,
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
    let Settings { episodes, rate, beta, discount, shape } = settings;
    let mut parameters = Parameters::new(mdp, shape, discount);
    let mut sampler = Sampler::new(mdp, &parameters.policy);
    let mut batch = Batch::new(mdp, episodes);
    let mut critic = Critic::new(mdp, &reward.0, episodes, beta, discount, 1.0);
    let mut pull = parameters.pull();
    let mut done = 0;
    for target in iterations {
        while done < target.get() {
            let mut rng = streams.stream(Purpose::Batches, "policy_gradient", u64::from(done));
            sampler.follow(&parameters.policy);
            batch.draw(&sampler, &mut rng);
            pull.clear();
            critic.judge(&batch, &parameters, |at, weight, advantage| pull.add(at, weight, advantage));
            parameters.step(calmed(rate, beta, done), &pull);
            parameters.spread();
            done += 1;
        }
        let policy = parameters.policy.clone();
        visit(Reached::policy(mdp, f64::from(target.get()), policy));
    }
}
