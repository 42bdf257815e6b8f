//! What the settings of the sampled optimizers share.

use super::Axis;
use crate::numerics::fault::Fault;
use crate::numerics::ranges::{Count, Levels, Positive, Probability, Whole};
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
pub(super) fn check_work(name: &str, iterations: &Levels<Whole>, episodes: Count) -> Result<(), Fault> {
    let work = |i: &Whole| u64::from(i.get()) * u64::from(episodes.get());
    let too_long = iterations.as_slice().iter().position(|i| work(i) > MOST_EPISODES);
    too_long.map_or(Ok(()), |i| {
        let (iterations, episodes) = (iterations.as_slice()[i].get(), episodes.get());
        let message = format!("{iterations} iterations of {episodes} episodes are too much work");
        let help = format!("at most {MOST_EPISODES} episodes in all");
        Err(Fault::new(&format!("optimizer.{name}.iterations.{i}"), message, help))
    })
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
