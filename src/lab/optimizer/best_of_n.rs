//! Best of n: draw n answers from the reference policy, keep the best by the
//! reward. A law on ranks, so exact.
//!
//! `pool` draws with replacement from the K candidates. Let F be the reference
//! mass of candidates up to and including a group of equal reward, F₋ the mass
//! strictly below it: the group is kept with chance Fⁿ − F₋ⁿ, shared in
//! proportion to reference mass.
//!
//! `fresh` estimates the continuous law the candidates were drawn from, without
//! bias: over all C(K, n) subsets, the candidate of rank i (from below, 1-based)
//! is the best of C(i−1, n−1), so it weighs C(i−1, n−1)/C(K, n); equal rewards
//! share their weight. The weights are no policy of a finite table, so they
//! have no KL.

use super::ranks::{Candidates, check_starts, pick};
use super::{Axis, Optimizer, Reached, Selection};
use crate::lab::mdp::{Learned, Mdp};
use crate::numerics::error::ConfigError;
use crate::numerics::math::{ln, powi};
use crate::numerics::ranges::{Count, Levels};
use crate::numerics::rng::Streams;
use crate::numerics::words::count;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The best of n draws by the reward.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BestOfN {
    /// Where the n draws come from.
    pub draws: Draws,
    /// How many draws.
    pub n: Levels<Count>,
    /// In worlds over time: episodes drawn from each start, which are then the candidates.
    pub episodes: Count,
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

impl Default for BestOfN {
    fn default() -> Self {
        let n = [1, 4, 16, 64, 256].map(|n| Count::new(n).expect("in range"));
        let n = Levels::new(n.to_vec()).expect("not empty");
        Self { draws: Draws::Pool, n, episodes: Count::new(4096).expect("in range") }
    }
}

impl Optimizer for BestOfN {
    fn axis(&self) -> Axis {
        Axis { key: "n", words: "n, best of n", levels: self.n.numbers(), falls: false }
    }

    fn run(&self, mdp: &Mdp, reward: &Learned, streams: Streams, visit: &mut dyn FnMut(Reached)) {
        let law = |n: f64, candidates: &Candidates<'_>, chances: &mut [f64]| match self.draws {
            Draws::Pool => Some(pool(candidates, n as u32, chances)),
            Draws::Fresh => {
                fresh(candidates, n, chances);
                None
            }
        };
        pick((mdp, reward, streams), self.episodes, &self.n.numbers(), &law, visit);
    }

    fn check_candidates(&self, answers: Option<Count>) -> Result<(), ConfigError> {
        let (what, limit, candidates) = match answers {
            Some(answers) => ("answer", "world.answers.answers", answers),
            None => ("episode", "optimizer.best_of_n.episodes", self.episodes),
        };
        let too_many = |n: &Count| self.draws == Draws::Fresh && *n > candidates;
        let Some(i) = self.n.as_slice().iter().position(too_many) else { return Ok(()) };
        let (n, k) = (self.n.as_slice()[i].get(), candidates.get());
        let message = format!("n = {n} draws without replacement from {}", count(k.into(), what));
        let help = format!("n ≤ {limit}, or draws = \"pool\"");
        Err(ConfigError::new(&format!("optimizer.best_of_n.n.{i}"), message, help))
    }

    fn check_table(&self, mdp: &Mdp) -> Result<(), ConfigError> {
        check_starts(mdp, "optimizer.best_of_n")
    }

    fn selection(&self) -> Option<Selection> {
        Some(match self.draws {
            Draws::Fresh => Selection::BestOfFresh,
            Draws::Pool => Selection::BestOfPool,
        })
    }

    fn reaches_policies(&self) -> bool {
        false
    }
}

/// Writes the chance that each candidate is the best of `n` draws from `reference`, and returns the KL in nats.
pub fn pool(candidates: &Candidates<'_>, n: u32, chances: &mut [f64]) -> f64 {
    // Added in the order of `mass`, so that the last of n powers is 1 exactly.
    let total: f64 = candidates.groups().map(|group| candidates.mass(group)).sum();
    let (mut mass, mut below, mut kl) = (0.0, 0.0, 0.0);
    for group in candidates.groups() {
        let of_group = candidates.mass(group);
        mass += of_group;
        let power = flush(powi((mass / total).min(1.0), n));
        let ratio = if of_group > 0.0 { (power - below) / of_group } else { 0.0 };
        below = power;
        for &i in group {
            chances[i as usize] = candidates.reference[i as usize] * ratio;
        }
        if ratio > 0.0 {
            kl += of_group * ratio * ln(ratio);
        }
    }
    kl
}

/// Writes the weight of each candidate in the unbiased estimate of best of `n` fresh draws; n ≤ K.
pub fn fresh(candidates: &Candidates<'_>, n: f64, weights: &mut [f64]) {
    let k = candidates.order.len() as f64;
    // C(i−1, n−1)/C(K, n) from the top down: n/K, then times (i−n)/(i−1) from rank i to i−1.
    let mut weight = n / k;
    let mut rank = k;
    for group in candidates.groups().rev() {
        let mut of_group = 0.0;
        for _ in group {
            of_group += weight;
            // At rank 1 the factor is 0/0 or unused; there is nothing below.
            weight = if rank > 1.0 { flush(weight * ((rank - n) / (rank - 1.0)).max(0.0)) } else { 0.0 };
            rank -= 1.0;
        }
        for &i in group {
            weights[i as usize] = of_group / group.len() as f64;
        }
    }
}

/// Chances below 1e-290 are 0: subnormal numbers cost a hundred times the
/// arithmetic and no sum could tell.
fn flush(chance: f64) -> f64 {
    if chance < 1e-290 { 0.0 } else { chance }
}
