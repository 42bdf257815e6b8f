//! What the sampled optimizers share: settings, and the walk from batch to batch.

use super::parameters::Parameters;
use super::rollout::Batch;
use super::{Axis, Reached};
use crate::lab::mdp::Mdp;
use crate::lab::policy::Sampler;
use crate::numerics::ranges::{Count, Levels, Whole};
use crate::numerics::rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a policy π ∝ π₀·exp(θ·…) has a parameter for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Every feature of what an action leads to.
    #[default]
    LogLinear,
    /// Every action in every state that the policy can tell apart; at every step,
    /// where nothing is discounted.
    Tabular,
}

pub(super) fn axis(iterations: &Levels<Whole>) -> Axis {
    Axis { key: "iterations", words: "iterations", levels: iterations.numbers(), falls: false }
}

/// Draws batch after batch of `episodes`, each from what was learned of those before, and
/// hands them to `learn` with their number; calls `visit` at every level.
pub(super) fn train<'a>(
    mdp: &Mdp,
    mut parameters: Parameters<'a>,
    (iterations, episodes): (&Levels<Whole>, Count),
    stream: impl Fn(u32) -> Rng,
    mut learn: impl FnMut(&mut Parameters<'a>, &Batch, u32),
    visit: &mut dyn FnMut(Reached),
) {
    let mut sampler = Sampler::new(mdp, &parameters.policy);
    let mut batch = Batch::new(mdp, episodes.get());
    let mut done = 0;
    for target in iterations.as_slice() {
        while done < target.get() {
            sampler.follow(&parameters.policy);
            batch.draw(&sampler, &mut stream(done));
            learn(&mut parameters, &batch, done);
            parameters.spread();
            done += 1;
        }
        visit(Reached::policy(mdp, f64::from(target.get()), parameters.policy.clone()));
    }
}
