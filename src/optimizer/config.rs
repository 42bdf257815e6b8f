//! What a config may say about an optimizer.

use crate::ranges::{Count, Levels, NonNegative, Positive};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a policy is made from a reward and the reference policy. Each has one
/// pressure axis, whose levels are listed from weak to strong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum OptimizerConfig {
    /// The best of n draws by the reward; pressure is n.
    BestOfN {
        /// Where the n draws come from.
        #[serde(default)]
        draws: Draws,
        /// How many draws.
        n: Levels<Count>,
    },
    /// π ∝ π₀·exp(r/β), by soft value iteration; pressure is β or the KL.
    Tilt(Tilt),
    /// Sampled policy gradient on a log-linear policy; pressure is the number of iterations.
    PolicyGradient {
        /// Gradient steps, each on a fresh batch.
        iterations: Levels<Count>,
        /// Episodes per gradient step.
        #[serde(default = "sixty_four")]
        episodes: Count,
        /// Step size.
        #[serde(default = "tenth")]
        rate: Positive,
        /// Price β of a nat of KL from the reference policy.
        #[serde(default = "one")]
        beta: Positive,
    },
}

/// Where best-of-n draws from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Draws {
    /// With replacement from the K candidates: exact, with exact KL.
    #[default]
    Pool,
    /// From the law the candidates were drawn from: unbiased, n ≤ K, no KL.
    Fresh,
}

/// The pressure axis of a tilt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tilt {
    /// Price of a nat of KL, in standard deviations of the reward.
    Beta(Levels<Positive>),
    /// KL from the reference policy, in nats.
    Kl(Levels<NonNegative>),
}

fn sixty_four() -> Count {
    Count::new(64).expect("in range")
}
fn tenth() -> Positive {
    Positive::new(0.1).expect("in range")
}
fn one() -> Positive {
    Positive::new(1.0).expect("in range")
}

impl Default for OptimizerConfig {
    fn default() -> Self {
        let n = [1, 4, 16, 64, 256].map(|n| Count::new(n).expect("in range"));
        Self::BestOfN { draws: Draws::Pool, n: Levels::new(n.to_vec()).expect("not empty") }
    }
}
