//! Laws on ranks: what is chosen depends on the order in which the reward puts candidates, and not on how
//! much it puts between them. So a law is exact.
//!
//! Where a row is its own outcome the candidates are the answers of a prompt. Over time a number of
//! episodes of π₀ from each start are the candidates, as answers are in a bandit, and their total rewards rank
//! them. The KL is then that of the law on episodes: it counts which episode was kept, so it is that
//! of whole episodes and never more than ln of their number. What is reached is no policy, but what the kept
//! episodes visit.
//!
//! The trap: equal totals are equal only up to the order of their terms, and
//! rounding would decide what ought to be shared. So totals within 10⁻¹² of the
//! scale of their terms count as the same.

use super::Reached;
use crate::lab::mdp::{Learned, Mdp, Outcomes};
use crate::lab::policy::{Policy, Sampler};
use crate::lab::solve::{check_told_apart, chi_squared};
use crate::numerics::error::ConfigError;
use crate::numerics::math::largest;
use crate::numerics::ranges::Count;
use crate::numerics::rng::{Purpose, Streams};

/// The candidates of one start.
#[derive(Clone, Copy, Debug)]
pub struct Candidates<'a> {
    /// Their indices, from the worst.
    pub order: &'a [u32],
    /// What each is worth; \[candidates\].
    pub reward: &'a [f64],
    /// Its chance under π₀; \[candidates\].
    pub reference: &'a [f64],
}

impl<'a> Candidates<'a> {
    /// Groups of equal reward, from the worst.
    pub(super) fn groups(&self) -> impl DoubleEndedIterator<Item = &'a [u32]> {
        let reward = self.reward;
        self.order.chunk_by(move |&a, &b| reward[a as usize] == reward[b as usize])
    }

    /// Chance under π₀ of a group.
    pub(super) fn mass(&self, group: &[u32]) -> f64 {
        group.iter().map(|&i| self.reference[i as usize]).sum()
    }
}

/// Writes the chance of every candidate at a level of pressure, and returns the KL in nats, if there is one.
type Law<'a> = dyn Fn(f64, &Candidates<'_>, &mut [f64]) -> Option<f64> + 'a;

/// Hands over what a law on ranks reaches at each level; over time among so many episodes from each start.
pub(super) fn pick(
    (mdp, reward, streams): (&Mdp, &Learned, Streams),
    episodes: Count,
    levels: &[f64],
    law: &Law<'_>,
    visit: &mut dyn FnMut(Reached),
) {
    match mdp.outcomes {
        Outcomes::Ends => of_answers(mdp, reward, levels, law, visit),
        Outcomes::Moves { .. } => of_episodes((mdp, reward, streams), episodes, levels, law, visit),
    }
}

/// Checks that starts are told apart: a law on ranks is another for each.
pub(super) fn check_starts(mdp: &Mdp, path: &str) -> Result<(), ConfigError> {
    let fault = [
        path,
        "the policy cannot tell all starts of this world apart, and the best episodes from each would",
        "use tilt or policy_gradient, or a world whose starts are all told apart",
    ];
    check_told_apart(mdp, |s| mdp.start[s] > 0.0, fault)
}

/// Where a row is its own outcome.
fn of_answers(mdp: &Mdp, reward: &Learned, levels: &[f64], law: &Law<'_>, visit: &mut dyn FnMut(Reached)) {
    debug_assert_eq!(mdp.horizon, 1);
    let ranked: Vec<Ranked> = (0..mdp.states()).map(|s| Ranked::new(mdp, &reward.0, s)).collect();
    for &level in levels {
        let mut chances = vec![0.0; mdp.row_count()];
        let mut kl = Some(0.0);
        // Where no answers tie and all are equally likely, the law depends on ranks alone.
        let mut by_rank: Option<(Vec<f64>, Option<f64>)> = None;
        for (s, Ranked { order, plain }) in ranked.iter().enumerate() {
            let rows = mdp.rows_of(s);
            let chances = &mut chances[rows.clone()];
            let of_prompt = match &by_rank {
                Some((law, kl)) if *plain && law.len() == order.len() => {
                    for (&i, p) in order.iter().zip(law) {
                        chances[i as usize] = *p;
                    }
                    *kl
                }
                _ => {
                    let (reward, reference) = (&reward.0[rows.clone()], &mdp.reference[rows]);
                    law(level, &Candidates { order, reward, reference }, chances)
                }
            };
            if *plain && by_rank.is_none() {
                by_rank = Some((order.iter().map(|&i| chances[i as usize]).collect(), of_prompt));
            }
            kl = kl.zip(of_prompt).map(|(kl, of_prompt)| kl + mdp.start[s] * of_prompt);
        }
        visit(Reached::with_kl(mdp, level, Policy { chances }, kl));
    }
}

/// What a law on episodes reaches so far.
#[derive(Clone)]
struct Kept {
    visits: Vec<f64>,
    /// KL and χ², if the law has them.
    far: Option<[f64; 2]>,
}

/// Where episodes take several steps.
fn of_episodes(
    (mdp, reward, streams): (&Mdp, &Learned, Streams),
    episodes: Count,
    levels: &[f64],
    law: &Law<'_>,
    visit: &mut dyn FnMut(Reached),
) {
    let sampler = Sampler::new(mdp, &Policy::reference(mdp));
    let (count, horizon) = (episodes.get() as usize, mdp.horizon as usize);
    let reference = vec![1.0 / count as f64; count];
    let mut weights = vec![0.0; count];
    let nothing = Kept { visits: vec![0.0; mdp.outcome_count()], far: Some([0.0; 2]) };
    let mut reached = vec![nothing; levels.len()];
    for (s, &chance) in mdp.start.iter().enumerate().filter(|(_, chance)| **chance > 0.0) {
        let mut rng = streams.stream(Purpose::Batches, "best_of_n", s as u64);
        let drawn = sampler.episodes(count, mdp.horizon, &mut rng, |_| (s, 0));
        let mut totals: Vec<f64> = drawn.iter().map(|episode| episode.total(&reward.0)).collect();
        let order = rank(&totals);
        merge_near(&mut totals, &order, 1e-12 * horizon as f64 * largest(&reward.0));
        let candidates = Candidates { order: &order, reward: &totals, reference: &reference };
        for (&level, Kept { visits, far }) in levels.iter().zip(&mut reached) {
            let kl = law(level, &candidates, &mut weights);
            *far = far
                .zip(kl)
                .map(|([a, b], kl)| [a + chance * kl, b + chance * chi_squared(&weights, &reference)]);
            for (episode, weight) in drawn.iter().zip(&weights).filter(|(_, weight)| **weight > 0.0) {
                episode.steps.iter().for_each(|k| visits[*k as usize] += chance * weight);
            }
        }
    }
    for (&pressure, Kept { visits, far }) in levels.iter().zip(reached) {
        let [kl, chi2] = [0, 1].map(|i| far.map(|far| far[i]));
        visit(Reached { pressure, visits, policy: None, kl, chi2 });
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

/// Makes neighbours in `order` equal that differ by no more than `slack`.
pub(crate) fn merge_near(totals: &mut [f64], order: &[u32], slack: f64) {
    let mut last = order.first().map_or(0.0, |first| totals[*first as usize]);
    for pair in order.windows(2) {
        let [below, above] = [pair[0] as usize, pair[1] as usize];
        let own = totals[above];
        if own - last <= slack {
            totals[above] = totals[below];
        }
        last = own;
    }
}
