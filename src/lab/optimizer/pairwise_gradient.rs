//! Sampled policy gradient among answers, on a log-linear policy π ∝ π₀·exp(θ·φ),
//! for E\[return\] − β·KL(π‖π₀). Features of answers have a scale of their own
//! making, near 1, so the gradient is plain.
//!
//! Episodes come in pairs from one start and are each other's baseline: the
//! estimate ½(A₁ − A₂)(∇ln π₁ − ∇ln π₂), A = return − β ln(π/π₀), has the
//! gradient as its mean. For a reward linear in the features the optimum is
//! the tilt, θ = w/β in a bandit; there A is the same for all answers to a
//! prompt, so the noise vanishes with the error and a constant step converges
//! to the tilt exactly.

use super::Reached;
use super::policy_gradient::Gradient;
use crate::lab::mdp::{Learned, Mdp};
use crate::lab::policy::{Episode, Policy, Sampler};
use crate::numerics::math::dot;
use crate::numerics::rng::{Purpose, Streams};

pub(super) fn optimise(
    settings: &Gradient,
    mdp: &Mdp,
    reward: &Learned,
    streams: Streams,
    visit: &mut dyn FnMut(Reached),
) {
    let d = mdp.traits().count();
    let mut theta = vec![0.0; d];
    let mut done = 0;
    for target in settings.iterations.as_slice() {
        while done < target.get() {
            let now = LogLinear::new(mdp, &theta);
            let sampler = Sampler::new(mdp, &now.policy);
            let mut rng = streams.stream(Purpose::Batches, "", u64::from(done));
            let mut gradient = vec![0.0; d];
            let [mut first, mut second] = [vec![0.0; d], vec![0.0; d]];
            let pairs = settings.episodes.get().div_ceil(2);
            for pair in sampler.alike(pairs as usize, 2, &mut rng).as_chunks::<2>().0 {
                let [one, two] = pair;
                now.score(one, &mut first);
                now.score(two, &mut second);
                let gain = |e: &Episode| e.total(&reward.0) - settings.beta.get() * e.total(&now.log_ratio);
                let advantage = 0.5 * (gain(one) - gain(two)) / f64::from(pairs);
                for (g, (a, b)) in gradient.iter_mut().zip(first.iter().zip(&second)) {
                    *g += advantage * (a - b);
                }
            }
            for (t, g) in theta.iter_mut().zip(&gradient) {
                *t += settings.rate.get() * g;
            }
            done += 1;
        }
        let policy = LogLinear::new(mdp, &theta).policy;
        visit(Reached::policy(mdp, f64::from(target.get()), policy));
    }
}

/// A log-linear policy, and what its gradient needs.
struct LogLinear<'a> {
    mdp: &'a Mdp,
    policy: Policy,
    /// ln(π/π₀) of every row; \[rows\].
    log_ratio: Vec<f64>,
    /// State of every row; \[rows\].
    state: Vec<u32>,
    /// E_π\[φ | state\]; \[states\]\[features\].
    mean: Vec<Vec<f64>>,
}

impl<'a> LogLinear<'a> {
    fn new(mdp: &'a Mdp, theta: &[f64]) -> Self {
        let mut log_ratio = mdp.traits().combine(theta, 0.0);
        let chances = mdp.tilted(&mut log_ratio);
        let mut state = vec![0; mdp.row_count()];
        let mut mean = Vec::with_capacity(mdp.states());
        for s in 0..mdp.states() {
            let rows = mdp.rows_of(s);
            state[rows.clone()].fill(s as u32);
            let expected = |column: &[f64]| dot(&chances[rows.clone()], &column[rows.clone()]);
            mean.push(mdp.traits().columns().map(expected).collect());
        }
        Self { mdp, policy: Policy { chances }, log_ratio, state, mean }
    }

    /// ∇_θ ln π(episode) = Σ_t (φ_t − E_π\[φ | s_t\]), written over `into`.
    fn score(&self, episode: &Episode, into: &mut [f64]) {
        episode.features(self.mdp.traits(), into);
        for &outcome in &episode.steps {
            for (g, m) in into.iter_mut().zip(&self.mean[self.state[outcome as usize] as usize]) {
                *g -= m;
            }
        }
    }
}
