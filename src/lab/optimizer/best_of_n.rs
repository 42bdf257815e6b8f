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

use super::{Axis, Optimizer, Reached, Selection, check_told_apart};
use crate::lab::mdp::{Learned, Mdp, Outcomes};
use crate::lab::policy::Policy;
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
        match mdp.outcomes {
            Outcomes::Ends => self.of_answers(mdp, reward, visit),
            Outcomes::Moves { .. } => self.of_episodes(mdp, reward, streams, visit),
        }
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
        let fault = [
            "optimizer.best_of_n",
            "the policy cannot tell all starts of this world apart, and the best episodes from each would",
            "use tilt or policy_gradient, or a world whose starts are all told apart",
        ];
        check_told_apart(mdp, |s| mdp.start[s] > 0.0, fault)
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

impl BestOfN {
    /// Where a row is its own outcome.
    fn of_answers(&self, mdp: &Mdp, reward: &Learned, visit: &mut dyn FnMut(Reached)) {
        debug_assert_eq!(mdp.horizon, 1);
        let ranked: Vec<Ranked> = (0..mdp.states()).map(|s| Ranked::new(mdp, &reward.0, s)).collect();
        for n in self.n.as_slice() {
            let mut chances = vec![0.0; mdp.row_count()];
            let mut kl = 0.0;
            // Where no answers tie and all are equally likely, the law depends on ranks alone.
            let mut by_rank: Option<(Vec<f64>, f64)> = None;
            for (s, Ranked { order, plain }) in ranked.iter().enumerate() {
                let rows = mdp.rows_of(s);
                let (reward, chances) = (&reward.0[rows.clone()], &mut chances[rows.clone()]);
                let of_prompt = match &by_rank {
                    Some((law, kl)) if *plain && law.len() == order.len() => {
                        for (&i, p) in order.iter().zip(law) {
                            chances[i as usize] = *p;
                        }
                        *kl
                    }
                    _ => match self.draws {
                        Draws::Pool => pool(order, reward, &mdp.reference[rows], n.get(), chances),
                        Draws::Fresh => {
                            fresh(order, reward, n.get(), chances);
                            0.0
                        }
                    },
                };
                if *plain && by_rank.is_none() {
                    by_rank = Some((order.iter().map(|&i| chances[i as usize]).collect(), of_prompt));
                }
                kl += mdp.start[s] * of_prompt;
            }
            let kl = (self.draws == Draws::Pool).then_some(kl);
            visit(Reached::with_kl(mdp, f64::from(n.get()), Policy { chances }, kl));
        }
    }
}

/// The candidates of one prompt in order of reward.
struct Ranked {
    /// Indices, from the worst.
    order: Vec<u32>,
    /// No two rewards are equal, and all candidates are equally likely.
    plain: bool,
}

impl Ranked {
    fn new(mdp: &Mdp, reward: &[f64], s: usize) -> Self {
        let (reward, reference) = (&reward[mdp.rows_of(s)], &mdp.reference[mdp.rows_of(s)]);
        let order = rank(reward);
        let untied = order.windows(2).all(|w| reward[w[0] as usize] != reward[w[1] as usize]);
        let plain = untied && reference.windows(2).all(|w| w[0] == w[1]);
        Self { order, plain }
    }
}

/// Indices in order of increasing reward, equal ones by index.
pub(crate) fn rank(reward: &[f64]) -> Vec<u32> {
    // Sorting (key, index) pairs of integers is several times faster than
    // sorting indices by a comparison of what they point to.
    let mut keyed: Vec<(u64, u32)> = reward.iter().zip(0..).map(|(x, i)| (ordered_bits(*x), i)).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, i)| i).collect()
}

/// A u64 in the order of `f64::total_cmp`, −0 counting as 0.
fn ordered_bits(x: f64) -> u64 {
    let bits = (x + 0.0).to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

/// Writes the chance that each candidate is the best of `n` draws from
/// `reference`, and returns the KL in nats. `order` ranks `reward` from below.
pub fn pool(order: &[u32], reward: &[f64], reference: &[f64], n: u32, chances: &mut [f64]) -> f64 {
    let group_mass = |group: &[u32]| group.iter().map(|&i| reference[i as usize]).sum::<f64>();
    let groups = || order.chunk_by(|&a, &b| reward[a as usize] == reward[b as usize]);
    // Added in the order of `mass`, so that the last of n powers is 1 exactly.
    let total: f64 = groups().map(group_mass).sum();
    let (mut mass, mut below, mut kl) = (0.0, 0.0, 0.0);
    for group in groups() {
        let of_group = group_mass(group);
        mass += of_group;
        let power = flush(powi((mass / total).min(1.0), n));
        let ratio = if of_group > 0.0 { (power - below) / of_group } else { 0.0 };
        below = power;
        for &i in group {
            chances[i as usize] = reference[i as usize] * ratio;
        }
        if ratio > 0.0 {
            kl += of_group * ratio * ln(ratio);
        }
    }
    kl
}

/// Writes the weight of each candidate in the unbiased estimate of best of `n`
/// fresh draws. `order` ranks `reward` from below; n ≤ K.
pub fn fresh(order: &[u32], reward: &[f64], n: u32, weights: &mut [f64]) {
    let (k, n) = (order.len() as f64, f64::from(n));
    // C(i−1, n−1)/C(K, n) from the top down: n/K, then times (i−n)/(i−1) from rank i to i−1.
    let mut weight = n / k;
    let mut rank = k;
    for group in order.chunk_by(|&a, &b| reward[a as usize] == reward[b as usize]).rev() {
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
