//! Sampled policy gradient over time, for E\[Σ γᵗ·(rₜ − β·ln(π/π₀)(aₜ|sₜ))\].
//!
//! The advantage of a step is what it and the rest of its episode earned, less
//! the mean of the other episodes that were in the same view at the same step. An
//! episode is there at most once, so the mean of the others knows nothing of its
//! action and the estimate has no bias; a step that no other episode shared says
//! nothing. Steps weigh γᵗ, as they do in the objective.
//!
//! The trick: the penalty is earned as drawn, not in expectation. At the optimum
//! r + V′ − β·ln(π/π₀) is the same for all actions of a state, so where
//! transitions are certain the noise vanishes with the error, and a constant
//! rate converges; see [`super::parameters`] for the step.

use super::parameters::{Parameters, Pull};
use super::rollout::Batch;
use super::{Reached, Shape};
use crate::math::powi;
use crate::mdp::{Learned, Mdp};
use crate::policy::Sampler;
use crate::ranges::Count;
use crate::rng::{Purpose, Streams};
use crate::solve::kl;

/// What a policy gradient may be told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    /// Episodes per step.
    pub(super) episodes: u32,
    /// Step size.
    pub(super) rate: f64,
    /// Price of a nat of KL.
    pub(super) beta: f64,
    /// Weight of a step relative to the one before it.
    pub(super) discount: f64,
    pub(super) shape: Shape,
    pub(super) timed: bool,
}

pub(super) fn optimise(
    mdp: &Mdp,
    reward: &Learned,
    iterations: &[Count],
    settings: Settings,
    streams: Streams,
    mut visit: impl FnMut(Reached),
) {
    let mut parameters = Parameters::new(mdp, settings.shape, settings.timed);
    let mut pull = parameters.pull();
    let mut batch = Batch::new(mdp, settings.episodes);
    let mut returns = Returns::new(mdp, settings);
    let mut done = 0;
    for target in iterations {
        while done < target.get() {
            let mut rng = streams.stream(Purpose::Batches, "policy_gradient", u64::from(done));
            batch.draw(mdp, &Sampler::new(mdp, &parameters.policy), &mut rng);
            pull.clear();
            returns.advantages(&batch, &reward.0, settings, &parameters, &mut pull);
            parameters.step(settings.rate, &pull);
            parameters.spread();
            done += 1;
        }
        let policy = parameters.policy.clone();
        let kl = kl(mdp, &policy);
        visit(Reached::policy(mdp, f64::from(target.get()), policy, Some(kl)));
    }
}

/// Room for a backward pass over a batch.
struct Returns {
    /// γᵗ; \[horizon\].
    weight: Vec<f64>,
    /// Earned from the present step on; \[episodes\].
    to_go: Vec<f64>,
    /// Row and leader that each episode is at; \[episodes\].
    place: Vec<(u32, u32)>,
    /// Sum of the returns of a view and their number, at the present step; \[states\].
    view: Vec<(f64, f64)>,
}

impl Returns {
    fn new(mdp: &Mdp, settings: Settings) -> Self {
        Self {
            weight: (0..mdp.horizon).map(|t| powi(settings.discount, t)).collect(),
            to_go: vec![0.0; settings.episodes as usize],
            place: vec![(0, 0); settings.episodes as usize],
            view: vec![(0.0, 0.0); mdp.states()],
        }
    }

    /// Adds the advantages of a batch to `pull`.
    fn advantages(
        &mut self,
        batch: &Batch,
        reward: &[f64],
        settings: Settings,
        parameters: &Parameters,
        pull: &mut Pull,
    ) {
        self.to_go.fill(0.0);
        for (step, &weight) in self.weight.iter().enumerate().rev() {
            let offset = parameters.offset(step);
            for ((to_go, place), &k) in self.to_go.iter_mut().zip(&mut self.place).zip(batch.at(step)) {
                let cell = parameters.cell[k as usize];
                let leader = parameters.state[cell as usize];
                let earned = reward[k as usize] - settings.beta * parameters.log_ratio[offset + cell as usize];
                *to_go = earned + settings.discount * *to_go;
                *place = (cell, leader);
                let of_view = &mut self.view[leader as usize];
                of_view.0 += *to_go;
                of_view.1 += 1.0;
            }
            for (to_go, &(cell, leader)) in self.to_go.iter().zip(&self.place) {
                let (sum, count) = self.view[leader as usize];
                if count > 1.0 {
                    let at = offset + cell as usize;
                    // Less the mean of the others: (sum − to_go)/(count − 1).
                    pull.sum[at] += weight * (count * to_go - sum) / (count - 1.0);
                    pull.weight[at] += weight;
                }
            }
            self.place.iter().for_each(|(_, leader)| self.view[*leader as usize] = (0.0, 0.0));
        }
    }
}
