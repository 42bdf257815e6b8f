//! Best of n over time: from each start, a number of episodes of π₀ are the
//! candidates, as answers are in a bandit, and their total rewards rank them.
//!
//! `pool` picks from these episodes with replacement, and its KL is that of the
//! law on them: it counts which episode was kept, so it is that of whole
//! episodes and never more than ln of their number. `fresh` is unbiased for best
//! of n of π₀ itself. Neither is a policy: what is reached is what the kept
//! episodes visit.
//!
//! The trap: equal totals are equal only up to the order of their terms, and
//! rounding would decide what ought to be shared. So totals within 10⁻¹² of the
//! scale of their terms count as the same.

use super::{BestOfN, Draws, Reached, fresh, pool, rank};
use crate::lab::mdp::{Learned, Mdp};
use crate::lab::policy::{Policy, Sampler};
use crate::numerics::math::largest;
use crate::numerics::rng::{Purpose, Streams};

impl BestOfN {
    /// Where episodes take several steps.
    pub(super) fn of_episodes(
        &self,
        mdp: &Mdp,
        reward: &Learned,
        streams: Streams,
        visit: &mut dyn FnMut(Reached),
    ) {
        let n = self.n.as_slice();
        let sampler = Sampler::new(mdp, &Policy::reference(mdp));
        let episodes = self.episodes.get() as usize;
        let horizon = mdp.horizon as usize;
        let reference = vec![1.0 / episodes as f64; episodes];
        let mut weights = vec![0.0; episodes];
        let mut reached = vec![(vec![0.0; mdp.outcome_count()], 0.0); n.len()];
        for (s, &chance) in mdp.start.iter().enumerate().filter(|(_, chance)| **chance > 0.0) {
            let mut rng = streams.stream(Purpose::Batches, "best_of_n", s as u64);
            let drawn = sampler.episodes(episodes, mdp.horizon, &mut rng, |_| (s, 0));
            let mut totals: Vec<f64> = drawn.iter().map(|episode| episode.total(&reward.0)).collect();
            let order = rank(&totals);
            merge_near(&mut totals, &order, 1e-12 * scale(&reward.0, horizon));
            for (n, (visits, kl)) in n.iter().zip(&mut reached) {
                match self.draws {
                    Draws::Pool => *kl += chance * pool(&order, &totals, &reference, n.get(), &mut weights),
                    Draws::Fresh => fresh(&order, &totals, n.get(), &mut weights),
                }
                for (episode, weight) in drawn.iter().zip(&weights).filter(|(_, weight)| **weight > 0.0) {
                    episode.steps.iter().for_each(|k| visits[*k as usize] += chance * weight);
                }
            }
        }
        for (n, (visits, kl)) in n.iter().zip(reached) {
            let kl = (self.draws == Draws::Pool).then_some(kl);
            visit(Reached { pressure: f64::from(n.get()), visits, policy: None, kl });
        }
    }
}

/// The most that a total's terms can come to.
fn scale(table: &[f64], horizon: usize) -> f64 {
    horizon as f64 * largest(table)
}

/// Makes neighbours in `order` equal that differ by no more than `slack`.
fn merge_near(totals: &mut [f64], order: &[u32], slack: f64) {
    let mut last = f64::NEG_INFINITY;
    for pair in order.windows(2) {
        let [below, above] = [pair[0] as usize, pair[1] as usize];
        if last == f64::NEG_INFINITY {
            last = totals[below];
        }
        let own = totals[above];
        if own - last <= slack {
            totals[above] = totals[below];
        }
        last = own;
    }
}
