//! Batches of episodes for the sampled optimizers, in flat arrays.
//!
//! All episodes take a step before any takes the next: draws of different
//! episodes do not wait for each other, and what is done per step of a batch
//! (baselines, say) finds it in one place.

use crate::lab::mdp::Mdp;
use crate::lab::policy::Sampler;
use crate::numerics::rng::Rng;

pub(super) struct Batch {
    episodes: usize,
    /// Outcomes; \[horizon\]\[episodes\].
    outcomes: Vec<u32>,
    /// Where every episode is; \[episodes\].
    state: Vec<u32>,
}

impl Batch {
    pub(super) fn new(mdp: &Mdp, episodes: u32) -> Self {
        let episodes = episodes as usize;
        Self { episodes, outcomes: vec![0; episodes * mdp.horizon as usize], state: vec![0; episodes] }
    }

    pub(super) fn draw(&mut self, sampler: &Sampler, rng: &mut Rng) {
        self.state.iter_mut().for_each(|s| *s = sampler.start(rng) as u32);
        for (step, outcomes) in (0..).zip(self.outcomes.chunks_mut(self.episodes)) {
            sampler.advance(step, &mut self.state, outcomes, rng);
        }
    }

    /// The outcomes of one step; \[episodes\].
    pub(super) fn at(&self, step: usize) -> &[u32] {
        &self.outcomes[step * self.episodes..][..self.episodes]
    }
}
