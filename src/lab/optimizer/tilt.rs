//! The exact tilt π ∝ π₀·exp(r/β), by soft value iteration: by price β, or to
//! a given KL with one β for all prompts.
//!
//! To a given KL: √KL is nearly linear in λ = 1/β (for a Gaussian reward
//! exactly, √KL = λσ/√2), so Newton on √KL converges in a few steps; a bracket
//! catches it where the reward is far from Gaussian. A KL beyond that of the
//! greedy limit cannot be reached: the limit is returned, with its own KL.

use super::{Reached, Tilt};
use crate::lab::mdp::{Learned, Mdp};
use crate::lab::solve::{Soft, greedy_limit, soft};

pub(super) fn optimise(mdp: &Mdp, reward: &Learned, levels: &Tilt, mut visit: impl FnMut(Reached)) {
    let mut hand_over = |pressure: f64, reached: Soft| {
        visit(Reached::with_kl(mdp, pressure, reached.policy, Some(reached.kl)))
    };
    match levels {
        Tilt::Beta(betas) => {
            for beta in betas.as_slice() {
                hand_over(beta.get(), soft(mdp, &reward.0, 1.0 / beta.get()));
            }
        }
        Tilt::Kl(kls) => {
            let limit = greedy_limit(mdp, &reward.0);
            let mut latest = None;
            for kl in kls.as_slice() {
                let (reached, lambda) = to_kl(mdp, &reward.0, kl.get(), &limit, latest);
                latest = Some((kl.get(), lambda)).filter(|(kl, lambda)| *kl > 0.0 && lambda.is_finite());
                hand_over(kl.get(), reached);
            }
        }
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
