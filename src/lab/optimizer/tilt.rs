//! The exact tilt π ∝ π₀·exp(r/β), by soft value iteration: by price β, or to
//! a given KL with one β for all prompts. To a given χ² it is another one: see `chi_squared`.
//!
//! To a given KL: √KL is nearly linear in λ = 1/β (for a Gaussian reward
//! exactly, √KL = λσ/√2), so Newton on √KL converges in a few steps; a bracket
//! catches it where the reward is far from Gaussian. A KL beyond that of the
//! greedy limit cannot be reached: the limit is returned, with its own KL.

use super::chi_squared::tilt_to_chi2;
use super::{Axis, Optimizer, Reached, Selection};
use crate::lab::mdp::{Learned, Mdp, Outcomes};
use crate::lab::solve::{Soft, greedy_limit, soft};
use crate::numerics::error::ConfigError;
use crate::numerics::ranges::{Levels, NonNegative, Positive};
use crate::numerics::rng::Streams;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The pressure axis of a tilt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tilt {
    /// Price of a nat of KL, in standard deviations of the reward.
    Beta(Levels<Positive>),
    /// KL from the reference policy, in nats.
    Kl(Levels<NonNegative>),
    /// χ² from the reference policy, of answers: π ∝ π₀·max(0, 1 + (r − c)/β).
    Chi2(Levels<NonNegative>),
}

impl Optimizer for Tilt {
    fn axis(&self) -> Axis {
        let (key, words, levels, falls) = match self {
            Tilt::Beta(betas) => ("beta", "β, price of a nat of KL", betas.numbers(), true),
            Tilt::Kl(kls) => ("kl", "KL asked for, nats", kls.numbers(), false),
            Tilt::Chi2(squares) => ("chi2", "χ² asked for", squares.numbers(), false),
        };
        Axis { key, words, levels, falls }
    }

    fn run(&self, mdp: &Mdp, reward: &Learned, _: Streams, visit: &mut dyn FnMut(Reached)) {
        let mut hand_over = |pressure: f64, reached: Soft| {
            visit(Reached::with_kl(mdp, pressure, reached.policy, Some(reached.kl)))
        };
        match self {
            Tilt::Beta(betas) => {
                for beta in betas.numbers() {
                    hand_over(beta, soft(mdp, &reward.0, 1.0 / beta));
                }
            }
            Tilt::Kl(kls) => {
                let limit = greedy_limit(mdp, &reward.0);
                let mut latest = None;
                for kl in kls.numbers() {
                    let (reached, lambda) = to_kl(mdp, &reward.0, kl, &limit, latest);
                    latest = Some((kl, lambda)).filter(|(kl, lambda)| *kl > 0.0 && lambda.is_finite());
                    hand_over(kl, reached);
                }
            }
            Tilt::Chi2(squares) => tilt_to_chi2(mdp, reward, &squares.numbers(), visit),
        }
    }

    fn check_table(&self, mdp: &Mdp) -> Result<(), ConfigError> {
        match (self, &mdp.outcomes) {
            (Tilt::Chi2(_), Outcomes::Moves { .. }) => Err(ConfigError::new(
                "optimizer.tilt.chi2",
                "χ² of episodes is no sum over their steps, and a tilt to it is for answers alone",
                "use kl or beta",
            )),
            _ => Ok(()),
        }
    }

    fn selection(&self) -> Option<Selection> {
        Some(match self {
            Tilt::Beta(_) => Selection::TiltByPrice,
            Tilt::Kl(_) => Selection::TiltByKl,
            Tilt::Chi2(_) => Selection::TiltByChi2,
        })
    }
}

/// The tilt whose KL is `target`, to 1 part in 10¹², and its λ; from that of a
/// smaller KL on, if there is one.
fn to_kl(mdp: &Mdp, table: &[f64], target: f64, limit: &Soft, smaller: Option<(f64, f64)>) -> (Soft, f64) {
    if target == 0.0 {
        return (soft(mdp, table, 0.0), 0.0);
    }
    if target >= limit.kl * (1.0 - 1e-12) {
        return (limit.clone(), f64::INFINITY);
    }
    // The reward has unit variance under π₀, so λ = √(2·KL) is where a Gaussian would be.
    let mut lambda = match smaller {
        Some((kl, lambda)) => lambda * (target / kl).sqrt(),
        None => (2.0 * target).sqrt(),
    };
    let (mut low, mut high) = (0.0, f64::INFINITY);
    loop {
        let reached = soft(mdp, table, lambda);
        if (reached.kl - target).abs() <= 1e-12 * target {
            return (reached, lambda);
        }
        if reached.kl < target {
            low = lambda;
        } else {
            high = lambda;
        }
        if high.is_finite() && high - low <= 1e-15 * high {
            return (reached, lambda);
        }
        // d√KL/dλ = slope / (2√KL)
        let root = reached.kl.sqrt();
        let newton = lambda + (target.sqrt() - root) * 2.0 * root / reached.slope;
        lambda = if newton > low && newton < high {
            newton
        } else if high.is_finite() {
            0.5 * (low + high)
        } else {
            2.0 * lambda
        };
        if lambda > 1e300 {
            return (limit.clone(), f64::INFINITY);
        }
    }
}
