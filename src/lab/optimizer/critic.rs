//! The critic of the sampled optimizers: a table of what is yet to be earned.
//!
//! An advantage is the generalised one (Schulman et al. 2016): with the
//! surprises δ = r − β·ln(π/π₀) + γV(s′) − V(s), Âₜ = Σ_k (γλ)ᵏ·δₜ₊ₖ. At λ = 1 it
//! is what was earned from t on, less V; at 0 it is one surprise. V is a running
//! mean of Â + V over visits, in which what a batch adds counts half as much
//! one batch later. It knows the view and, where nothing is discounted and the
//! end is felt, the step.
//!
//! The trap: advantages against an untrained critic are all of one sign, and
//! push down or up whatever was taken. So the first batch trains it before it judges.

use super::parameters::Parameters;
use super::rollout::Batch;
use crate::lab::mdp::{Mdp, Outcomes};
use crate::numerics::math::powi;

pub(super) struct Critic<'a> {
    mdp: &'a Mdp,
    reward: &'a [f64],
    beta: f64,
    discount: f64,
    lambda: f64,
    /// γᵗ; \[horizon\].
    weight: Vec<f64>,
    /// V, kept at the leader of a view; \[horizon + 1\]\[states\] with 0 where the
    /// episode is over, or \[states\].
    value: Vec<f64>,
    /// Sums of what it is a mean of, and of their weights; \[horizon\]\[states\] or \[states\].
    seen: Vec<(f64, f64)>,
    /// Âₜ₊₁; \[episodes\].
    ahead: Vec<f64>,
    trained: bool,
}

/// What the critic sees in an outcome: its surprise, V of where it is met, and which row and
/// state that is.
#[derive(Clone, Copy)]
struct Look {
    surprise: f64,
    value: f64,
    cell: u32,
    state: u32,
}

impl<'a> Critic<'a> {
    pub(super) fn new(
        mdp: &'a Mdp,
        reward: &'a [f64],
        episodes: u32,
        beta: f64,
        discount: f64,
        lambda: f64,
    ) -> Self {
        let steps = if discount == 1.0 { mdp.horizon as usize } else { 1 };
        let tables = if discount == 1.0 { steps + 1 } else { 1 };
        Self {
            mdp,
            reward,
            beta,
            discount,
            lambda,
            weight: (0..mdp.horizon).map(|t| powi(discount, t)).collect(),
            value: vec![0.0; tables * mdp.states()],
            seen: vec![(0.0, 0.0); steps * mdp.states()],
            ahead: vec![0.0; episodes as usize],
            trained: false,
        }
    }

    /// Hands over every step of a batch drawn from `parameters`: its place there,
    /// its weight γᵗ, and its advantage. Then learns from the batch.
    pub(super) fn judge(
        &mut self,
        batch: &Batch,
        parameters: &Parameters,
        hand_over: impl FnMut(usize, f64, f64),
    ) {
        if !self.trained {
            self.sweep(batch, parameters, |_, _, _| {});
            self.learn();
            self.trained = true;
        }
        self.sweep(batch, parameters, hand_over);
        self.learn();
    }

    /// One pass over a batch, from its last step to its first.
    #[inline]
    fn sweep(&mut self, batch: &Batch, parameters: &Parameters, mut hand_over: impl FnMut(usize, f64, f64)) {
        let Self { mdp, reward, beta, discount, lambda, .. } = *self;
        let (states, timed) = (mdp.states(), discount == 1.0);
        let keep = discount * lambda;
        self.seen.iter_mut().for_each(|(sum, weight)| (*sum, *weight) = (0.5 * *sum, 0.5 * *weight));
        self.ahead.fill(0.0);
        let (values, seen) = (&self.value, &mut self.seen);
        let look = |k: usize, offset: usize, now: usize, then: Option<usize>| {
            let cell = parameters.cell[k];
            let state = parameters.state[cell as usize];
            let onward = match (&mdp.outcomes, then) {
                (Outcomes::Moves { next, .. }, Some(then)) => {
                    values[then + parameters.leader[next[k] as usize] as usize]
                }
                _ => 0.0,
            };
            let value = values[now + state as usize];
            let earned = reward[k] - beta * parameters.log_ratio[offset + cell as usize];
            Look { surprise: earned + discount * onward - value, value, cell, state }
        };
        // The same at every step but the last, where values do not know the step.
        let steady: Vec<Look> = match timed {
            true => Vec::new(),
            false => (0..mdp.outcome_count()).map(|k| look(k, 0, 0, Some(0))).collect(),
        };
        for (step, &weight) in self.weight.iter().enumerate().rev() {
            let last = step + 1 == self.weight.len();
            let offset = parameters.offset(step);
            let now = if timed { step * states } else { 0 };
            let then = (!last).then_some(now + states);
            let known = !timed && !last;
            for (ahead, &k) in self.ahead.iter_mut().zip(batch.at(step)) {
                let k = k as usize;
                let Look { surprise, value, cell, state } =
                    if known { steady[k] } else { look(k, offset, now, then) };
                *ahead = surprise + keep * *ahead;
                let seen = &mut seen[now + state as usize];
                seen.0 += weight * (*ahead + value);
                seen.1 += weight;
                hand_over(offset + cell as usize, weight, *ahead);
            }
        }
    }

    /// Values become means of what was seen; of what was not seen for long, they stay.
    fn learn(&mut self) {
        for (value, (sum, weight)) in self.value.iter_mut().zip(&self.seen) {
            if *weight > 1e-9 {
                *value = sum / weight;
            }
        }
    }
}
