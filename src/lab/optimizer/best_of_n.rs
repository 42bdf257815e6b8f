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

use super::{Draws, Reached};
use crate::lab::mdp::{Learned, Mdp};
use crate::lab::policy::Policy;
use crate::numerics::math::{ln, powi};
use crate::numerics::ranges::Count;

/// See [`super::OptimizerConfig::optimise`]. Only where a row is its own outcome.
pub(super) fn optimise(
    mdp: &Mdp,
    reward: &Learned,
    draws: Draws,
    n: &[Count],
    mut visit: impl FnMut(Reached),
) {
    debug_assert_eq!(mdp.horizon, 1);
    let ranked: Vec<Ranked> = (0..mdp.states()).map(|s| Ranked::new(mdp, &reward.0, s)).collect();
    for n in n {
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
                _ => match draws {
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
        let kl = (draws == Draws::Pool).then_some(kl);
        visit(Reached::with_kl(mdp, f64::from(n.get()), Policy { chances }, kl));
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
