//! What the sampled optimizers share: settings, and the walk from batch to batch.

use super::parameters::Parameters;
use super::rollout::Batch;
use super::{Axis, Reached};
use crate::lab::mdp::Mdp;
use crate::lab::policy::Sampler;
use crate::numerics::error::ConfigError;
use crate::numerics::ranges::{Count, Levels, Positive, Probability, Whole};
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

const MOST_EPISODES: u64 = 1_000_000_000;

/// The axis of iterations.
pub(super) fn axis(iterations: &Levels<Whole>) -> Axis {
    let levels = iterations.as_slice().iter().map(|i| f64::from(i.get())).collect();
    Axis { key: "iterations", words: "iterations", levels, falls: false }
}

/// The most iterations asked for.
pub(super) fn most(iterations: &Levels<Whole>) -> f64 {
    iterations.as_slice().last().map_or(0.0, |i| f64::from(i.get()))
}

/// Checks that there is not too much to draw.
pub(super) fn check_work(name: &str, iterations: &Levels<Whole>, episodes: Count) -> Result<(), ConfigError> {
    let work = |i: &Whole| u64::from(i.get()) * u64::from(episodes.get());
    let too_long = iterations.as_slice().iter().position(|i| work(i) > MOST_EPISODES);
    too_long.map_or(Ok(()), |i| {
        let (iterations, episodes) = (iterations.as_slice()[i].get(), episodes.get());
        let message = format!("{iterations} iterations of {episodes} episodes are too much work");
        let help = format!("at most {MOST_EPISODES} episodes in all");
        Err(ConfigError::new(&format!("optimizer.{name}.iterations.{i}"), message, help))
    })
}

/// Draws batch after batch of `episodes`, each from what was learned of those before, and
/// hands them to `learn` with their number; calls `visit` at every level.
pub(super) fn train<'a>(
    mdp: &Mdp,
    mut parameters: Parameters<'a>,
    (iterations, episodes): (&Levels<Whole>, Count),
    stream: impl Fn(u32) -> Rng,
    mut learn: impl FnMut(&mut Parameters<'a>, &Batch, u32),
    mut visit: impl FnMut(Reached),
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

pub(super) fn sixty_four() -> Count {
    Count::new(64).expect("in range")
}
pub(super) fn tenth() -> Positive {
    Positive::new(0.1).expect("in range")
}
pub(super) fn one() -> Positive {
    Positive::new(1.0).expect("in range")
}
pub(super) fn undiscounted() -> Probability {
    Probability::new(1.0).expect("in range")
}
