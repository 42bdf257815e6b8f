//! The quantilizer (Taylor 2016): a draw from π₀ among the share of candidates that the reward puts highest.
//!
//! Its KL is −ln q and its χ² 1/q − 1, exactly, where the share q cuts through no group of equal reward; such a
//! group is kept in part, each of it alike. No cost c ≥ 0 can be more than E₀\[c\]/q on average, whatever
//! the reward is wrong about.

use super::ranks::{Candidates, check_starts, pick};
use super::{Axis, Optimizer, Reached, Selection};
use crate::lab::mdp::{Learned, Mdp};
use crate::numerics::error::ConfigError;
use crate::numerics::math::ln;
use crate::numerics::ranges::{Count, Levels, Share, unless_given};
use crate::numerics::rng::Streams;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A draw from the best share of the candidates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quantilizer {
    /// The share of π₀ that is kept.
    pub share: Levels<Share>,
    /// In worlds over time: episodes drawn from each start, which are then the candidates.
    #[serde(default = "unless_given::four_thousand")]
    pub episodes: Count,
}

impl Optimizer for Quantilizer {
    fn axis(&self) -> Axis {
        Axis { key: "share", words: "share of candidates kept", levels: self.share.numbers(), falls: true }
    }

    fn run(&self, mdp: &Mdp, reward: &Learned, streams: Streams, visit: &mut dyn FnMut(Reached)) {
        let law = |share: f64, candidates: &Candidates<'_>, chances: &mut [f64]| {
            Some(quantilize(candidates, share, chances))
        };
        pick((mdp, reward, streams), self.episodes, &self.share.numbers(), &law, visit);
    }

    fn check_table(&self, mdp: &Mdp) -> Result<(), ConfigError> {
        check_starts(mdp, "optimizer.quantilizer")
    }

    fn selection(&self) -> Option<Selection> {
        Some(Selection::BestShare)
    }

    fn reaches_policies(&self) -> bool {
        false
    }
}

/// Writes the chance of each candidate in the best `share`, and returns the KL in nats.
pub fn quantilize(candidates: &Candidates<'_>, share: f64, chances: &mut [f64]) -> f64 {
    let total: f64 = candidates.groups().map(|group| candidates.mass(group)).sum();
    let kept = share * total;
    let (mut left, mut kl) = (kept, 0.0);
    for group in candidates.groups().rev() {
        let mass = candidates.mass(group);
        // What is left by rounding alone is nothing: an empty share keeps no candidate.
        let taken = if left > 1e-12 * kept { mass.min(left) } else { 0.0 };
        left -= mass;
        let ratio = if taken > 0.0 { taken / (mass * kept) } else { 0.0 };
        for &i in group {
            chances[i as usize] = candidates.reference[i as usize] * ratio;
        }
        if ratio > 0.0 {
            kl += mass * ratio * ln(ratio);
        }
    }
    kl
}
