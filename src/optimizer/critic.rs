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
use crate::math::powi;
use crate::mdp::{Mdp, Outcomes};

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
        for (step, &weight) in self.weight.iter().enumerate().rev() {
            let offset = parameters.offset(step);
            let (now, then) = if timed { (step * states, (step + 1) * states) } else { (0, 0) };
            let last = step + 1 == self.weight.len();
            for (ahead, &k) in self.ahead.iter_mut().zip(batch.at(step)) {
                let cell = parameters.cell[k as usize] as usize;
                let at = now + parameters.state[cell] as usize;
                let onward = match &mdp.outcomes {
                    Outcomes::Moves { next, .. } if !last => {
                        self.value[then + parameters.leader[next[k as usize] as usize] as usize]
                    }
                    _ => 0.0,
                };
                let earned = reward[k as usize] - beta * parameters.log_ratio[offset + cell];
                let value = self.value[at];
                *ahead = earned + discount * onward - value + keep * *ahead;
                self.seen[at].0 += weight * (*ahead + value);
                self.seen[at].1 += weight;
                hand_over(offset + cell, weight, *ahead);
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
