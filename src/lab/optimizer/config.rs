//! What a config may say about an optimizer.

use crate::numerics::error::ConfigError;
use crate::numerics::ranges::{Count, Discount, Levels, NonNegative, Positive, Probability, Whole};
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
        #[serde(default = "powers_of_four")]
        n: Levels<Count>,
        /// In worlds over time: episodes drawn from each start, which are then the candidates.
        #[serde(default = "four_thousand")]
        episodes: Count,
    },
    /// π ∝ π₀·exp(r/β), by soft value iteration; pressure is β or the KL.
    Tilt(Tilt),
    /// Sampled policy gradient; pressure is the number of iterations.
    PolicyGradient {
        /// Gradient steps, each on a fresh batch; 0 is the reference policy.
        iterations: Levels<Whole>,
        /// Episodes per gradient step.
        #[serde(default = "sixty_four")]
        episodes: Count,
        /// Step size.
        #[serde(default = "tenth")]
        rate: Positive,
        /// Price β of a nat of KL from the reference policy.
        #[serde(default = "one")]
        beta: Positive,
        /// Weight of a step relative to the one before it.
        #[serde(default = "undiscounted")]
        discount: Probability,
        /// What the policy has a parameter for.
        #[serde(default)]
        policy: Shape,
    },
    /// Proximal policy optimisation, sampled; pressure is the number of iterations.
    Ppo {
        /// Iterations, each on a fresh batch; 0 is the reference policy.
        iterations: Levels<Whole>,
        /// Episodes per batch.
        #[serde(default = "sixty_four")]
        episodes: Count,
        /// Passes over each batch.
        #[serde(default = "ten")]
        epochs: Count,
        /// How far a ratio of chances may go before its gain no longer counts.
        #[serde(default = "fifth")]
        clip: Positive,
        /// Step size.
        #[serde(default = "tenth")]
        rate: Positive,
        /// Price β of a nat of KL from the reference policy.
        #[serde(default = "one")]
        beta: Positive,
        /// Weight of a step relative to the one before it.
        #[serde(default = "undiscounted")]
        discount: Probability,
        /// λ of the generalised advantage: 0 one step and the critic's word, 1 the whole episode.
        #[serde(default = "most")]
        trace: Probability,
        /// What the policy has a parameter for.
        #[serde(default)]
        policy: Shape,
    },
    /// Soft value iteration without end: the stationary policy that maximises the
    /// discounted sum of r − β·KL per step; pressure is β.
    SoftValueIteration {
        /// Price of a nat of KL.
        beta: Levels<Positive>,
        /// γ: weight of a step relative to the one before it.
        discount: Discount,
    },
    /// Looks some steps ahead and takes the best; pressure is the number of steps.
    Planner {
        /// Steps it looks ahead.
        depth: Levels<Count>,
    },
}

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

const MOST_EPISODES: u64 = 1_000_000_000;

impl OptimizerConfig {
    /// Checks what the types cannot say, given the candidates of a prompt.
    ///
    /// # Errors
    /// Levels that are not in order of increasing pressure; more draws than
    /// there are candidates; too much work.
    pub fn check(&self, answers: Option<Count>) -> Result<(), ConfigError> {
        self.check_order()?;
        match self {
            Self::BestOfN { draws, n, episodes } => {
                let path = "optimizer.best_of_n.n";
                let candidates = answers.unwrap_or(*episodes);
                let too_many = n.as_slice().iter().position(|n| *draws == Draws::Fresh && *n > candidates);
                too_many.map_or(Ok(()), |i| {
                    let (n, k) = (n.as_slice()[i].get(), candidates.get());
                    let (what, limit) = match answers {
                        Some(_) => ("answers", "world.answers.answers"),
                        None => ("episodes", "optimizer.best_of_n.episodes"),
                    };
                    let message = format!("n = {n} draws without replacement from {k} {what}");
                    let help = format!("n ≤ {limit}, or draws = \"pool\"");
                    Err(ConfigError::new(&format!("{path}.{i}"), message, help))
                })
            }
            Self::Tilt(_) | Self::SoftValueIteration { .. } | Self::Planner { .. } => Ok(()),
            Self::PolicyGradient { iterations, episodes, .. } | Self::Ppo { iterations, episodes, .. } => {
                let path = format!("optimizer.{}.iterations", self.name());
                let work = |i: &Whole| u64::from(i.get()) * u64::from(episodes.get());
                let too_long = iterations.as_slice().iter().position(|i| work(i) > MOST_EPISODES);
                too_long.map_or(Ok(()), |i| {
                    let (iterations, episodes) = (iterations.as_slice()[i].get(), episodes.get());
                    let message = format!("{iterations} iterations of {episodes} episodes are too much work");
                    Err(ConfigError::new(
                        &format!("{path}.{i}"),
                        message,
                        format!("at most {MOST_EPISODES} episodes in all"),
                    ))
                })
            }
        }
    }

    /// Checks that levels are listed in order of increasing pressure.
    fn check_order(&self) -> Result<(), ConfigError> {
        let (path, falls) = match self {
            Self::BestOfN { .. } => ("best_of_n.n", false),
            Self::Tilt(Tilt::Beta(_)) => ("tilt.beta", true),
            Self::Tilt(Tilt::Kl(_)) => ("tilt.kl", false),
            Self::PolicyGradient { .. } => ("policy_gradient.iterations", false),
            Self::Ppo { .. } => ("ppo.iterations", false),
            Self::SoftValueIteration { .. } => ("soft_value_iteration.beta", true),
            Self::Planner { .. } => ("planner.depth", false),
        };
        let levels = self.pressures();
        let stronger = |a: f64, b: f64| if falls { b < a } else { b > a };
        match (1..levels.len()).find(|&i| !stronger(levels[i - 1], levels[i])) {
            None => Ok(()),
            Some(i) => {
                let verb = if falls { "decrease" } else { "increase" };
                let message = format!("{} after {}: the levels must {verb}", levels[i], levels[i - 1]);
                Err(ConfigError::new(
                    &format!("optimizer.{path}.{i}"),
                    message,
                    "list them from weak to strong pressure, none twice",
                ))
            }
        }
    }
}

fn powers_of_four() -> Levels<Count> {
    let n = [1, 4, 16, 64, 256].map(|n| Count::new(n).expect("in range"));
    Levels::new(n.to_vec()).expect("not empty")
}
fn four_thousand() -> Count {
    Count::new(4096).expect("in range")
}
fn ten() -> Count {
    Count::new(10).expect("in range")
}
fn fifth() -> Positive {
    Positive::new(0.2).expect("in range")
}
fn most() -> Probability {
    Probability::new(0.95).expect("in range")
}
fn undiscounted() -> Probability {
    Probability::new(1.0).expect("in range")
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
        Self::BestOfN { draws: Draws::Pool, n: powers_of_four(), episodes: four_thousand() }
    }
}
