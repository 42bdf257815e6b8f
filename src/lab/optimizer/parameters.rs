//! What the sampled optimizers learn, π ∝ π₀·exp(θ·x), and how it takes a step.
//!
//! The gradient of E\[return\] in θ is E\[x̄·A\] with the scores x̄ = x − E_π\[x | state\]
//! and the advantages A; a plain step follows it. Left-multiplied by the
//! inverse of E\[x̄·x̄ᵀ\], which makes a natural step, it is the regression of the advantages on the scores
//! (Kakade 2001), so it knows neither the scale of features nor how rarely a state
//! is visited. With a parameter per action the coefficients are the advantages
//! themselves, θ += rate·A, and since A contains −β ln(π/π₀) that is
//! ln(π/π₀) ← (1 − rate·β)·ln(π/π₀) + rate·Q: a damped soft policy iteration,
//! which converges like (1 − rate·β)ᵏ (Cen et al. 2022). Plain gradients of the
//! same table wait for actions that the policy has nearly stopped to take.
//!
//! With features, E\[x̄·x̄ᵀ\] is half counted and half expected over actions. Where
//! a policy is nearly sure of itself, either alone leaps: counts when only the sure action was
//! taken, whose score is nearly 0; expectations when a rare one was.
//!
//! An action that a batch did not take has no estimate, and stays. So noise has
//! a bias: an action that bad luck made rare is seldom put right, and the policy ends
//! greedier than the optimum, by about the variance of its log-ratios. Hence
//! rates fall, and 64 episodes a batch will do.

use super::Shape;
use crate::lab::mdp::{Mdp, Outcomes};
use crate::lab::policy::Policy;
use crate::lab::solve::state_visits;
use crate::numerics::math::{ROUNDING, Symmetric, exp, ln};

/// A policy as a point of its family.
pub(super) struct Parameters<'a> {
    mdp: &'a Mdp,
    /// How many steps of an episode it tells apart: all of them, or 1.
    steps: usize,
    /// The first state of the view of each state: what is learned of a view is
    /// kept there; \[states\].
    pub(super) leader: Vec<u32>,
    /// The row of that state that is taken where an outcome is met; \[outcomes\].
    pub(super) cell: Vec<u32>,
    /// The state of every row; \[rows\].
    pub(super) state: Vec<u32>,
    /// Leaders with a choice.
    choices: Vec<u32>,
    family: Family,
    /// ln(π/π₀); \[steps\]\[rows\], rows of leaders only.
    pub(super) log_ratio: Vec<f64>,
    pub(super) policy: Policy,
    /// States, and where their rows start, that are no law at the moment.
    queue: Vec<(u32, u32)>,
    /// Whether they are queued, by where their rows start.
    stale: Vec<bool>,
}

enum Family {
    /// θ is `log_ratio`.
    Tabular,
    LogLinear {
        theta: Vec<f64>,
        /// Expected features; \[rows\]\[features\], rows of leaders only.
        inputs: Vec<f64>,
    },
}

/// How far a step goes, and what it is measured in.
#[derive(Clone, Copy)]
pub(super) enum Stride {
    /// So much of the gradient summed over the batch.
    Plain(f64),
    /// So much of the advantages, regressed on the scores.
    Natural(f64),
}

/// Estimated advantages of a batch.
pub(super) struct Pull {
    /// Weighted sum over the visits of each row; laid out like `log_ratio`.
    pub(super) sum: Vec<f64>,
    /// Sum of their weights.
    pub(super) weight: Vec<f64>,
    /// Rows that were visited.
    pub(super) touched: Vec<u32>,
}

impl<'a> Parameters<'a> {
    /// π₀. With a parameter per action, one for each step where nothing is discounted:
    /// there the optimum depends on how many steps are left.
    pub(super) fn new(mdp: &'a Mdp, shape: Shape, discount: f64) -> Self {
        let states = mdp.states();
        let mut first = vec![u32::MAX; states];
        let mut leader = vec![0; states];
        let mut state = vec![0; mdp.row_count()];
        for s in 0..states {
            let of_view = &mut first[mdp.view[s] as usize];
            *of_view = (*of_view).min(s as u32);
            leader[s] = *of_view;
            state[mdp.rows_of(s)].fill(s as u32);
        }
        let cell = (0..mdp.outcome_count())
            .map(|k| {
                let row = mdp.row_of(k);
                let s = state[row] as usize;
                row as u32 - mdp.rows[s] + mdp.rows[leader[s] as usize]
            })
            .collect();
        let leads = |s: &usize| leader[*s] as usize == *s && mdp.rows_of(*s).len() > 1;
        let choices = (0..states).filter(leads).map(|s| s as u32).collect();
        let (family, steps) = match shape {
            Shape::Tabular if discount == 1.0 => (Family::Tabular, mdp.horizon as usize),
            Shape::Tabular => (Family::Tabular, 1),
            Shape::LogLinear => {
                let theta = vec![0.0; mdp.traits().count()];
                (Family::LogLinear { theta, inputs: inputs(mdp, &leader) }, 1)
            }
        };
        let policy = Policy { chances: mdp.reference.repeat(steps) };
        let log_ratio = vec![0.0; policy.chances.len()];
        let (queue, stale) = (Vec::new(), vec![false; log_ratio.len()]);
        Self { queue, stale, mdp, steps, leader, cell, state, choices, family, log_ratio, policy }
    }

    /// Where the rows of `step` start in `log_ratio`.
    pub(super) fn offset(&self, step: usize) -> usize {
        if self.steps == 1 { 0 } else { step * self.mdp.row_count() }
    }

    /// No advantages yet.
    pub(super) fn pull(&self) -> Pull {
        let zeros = vec![0.0; self.log_ratio.len()];
        Pull { sum: zeros.clone(), weight: zeros, touched: Vec::new() }
    }

    /// A step by what a batch says.
    pub(super) fn step(&mut self, stride: Stride, pull: &Pull) {
        match self.family {
            Family::Tabular => self.step_table(stride, pull),
            Family::LogLinear { .. } => self.step_features(stride, pull),
        }
    }

    fn step_table(&mut self, stride: Stride, pull: &Pull) {
        let rows = self.mdp.row_count();
        for &at in &pull.touched {
            let at = at as usize;
            let s = self.state[at % rows];
            let first = at - at % rows + self.mdp.rows[s as usize] as usize;
            if let Stride::Natural(rate) = stride {
                self.log_ratio[at] += rate * pull.sum[at] / pull.weight[at];
            }
            if !std::mem::replace(&mut self.stale[first], true) {
                self.queue.push((first as u32, s));
            }
        }
        while let Some((first, s)) = self.queue.pop() {
            let (first, s) = (first as usize, s as usize);
            self.stale[first] = false;
            if let Stride::Plain(rate) = stride {
                let of_state = first..first + self.mdp.rows_of(s).len();
                let all: f64 = pull.sum[of_state.clone()].iter().sum();
                for at in of_state {
                    self.log_ratio[at] += rate * (pull.sum[at] - self.policy.chances[at] * all);
                }
            }
            self.normalise(first, s);
        }
    }

    fn step_features(&mut self, stride: Stride, pull: &Pull) {
        let Family::LogLinear { theta, inputs } = &mut self.family else { return };
        let d = theta.len();
        let mut moments = Symmetric::diagonal(&vec![0.0; d]);
        let (mut score, mut gradient) = (vec![0.0; d], vec![0.0; d]);
        for &s in &self.choices {
            let of_state = self.mdp.rows_of(s as usize);
            let visits: f64 = pull.weight[of_state.clone()].iter().sum();
            if visits == 0.0 {
                continue;
            }
            let chances = &self.policy.chances;
            let mean: Vec<f64> = (0..d)
                .map(|j| of_state.clone().map(|row| chances[row] * inputs[row * d + j]).sum())
                .collect();
            for row in of_state {
                for j in 0..d {
                    let x = inputs[row * d + j];
                    score[j] = x - mean[j];
                    // What is the same for all actions has no score, but for rounding,
                    // and a regression would blow that up.
                    if score[j].abs() <= 1e-12 * x.abs() {
                        score[j] = 0.0;
                    }
                    gradient[j] += pull.sum[row] * score[j];
                }
                if let Stride::Natural(_) = stride {
                    moments.add_outer(0.5 * (pull.weight[row] + visits * chances[row]), &score);
                }
            }
        }
        moments.mirror();
        let (rate, direction) = match stride {
            Stride::Plain(rate) => (rate, gradient),
            Stride::Natural(rate) => (rate, least_change(moments, &gradient)),
        };
        for (t, g) in theta.iter_mut().zip(direction) {
            *t += rate * g;
        }
        for &s in &self.choices {
            for row in self.mdp.rows_of(s as usize) {
                self.log_ratio[row] = (0..d).map(|j| theta[j] * inputs[row * d + j]).sum();
            }
        }
        for i in 0..self.choices.len() {
            let s = self.choices[i] as usize;
            self.normalise(self.mdp.rows[s] as usize, s);
        }
    }

    /// Makes the rows of state `s` a law again, the first of which is at `first`.
    fn normalise(&mut self, first: usize, s: usize) {
        let reference = &self.mdp.reference[self.mdp.rows_of(s)];
        let at = first..first + reference.len();
        let (log_ratio, chances) = (&mut self.log_ratio[at.clone()], &mut self.policy.chances[at]);
        let supported = log_ratio.iter().zip(reference).filter(|(_, p)| **p > 0.0);
        let peak = supported.map(|(x, _)| *x).fold(f64::NEG_INFINITY, f64::max);
        let mut mass = 0.0;
        for ((chance, x), p) in chances.iter_mut().zip(&*log_ratio).zip(reference) {
            *chance = if *p > 0.0 { p * exp(x - peak) } else { 0.0 };
            mass += *chance;
        }
        chances.iter_mut().for_each(|chance| *chance /= mass);
        let log_mass = peak + ln(mass);
        log_ratio.iter_mut().for_each(|x| *x -= log_mass);
    }

    /// Copies to all states of a view what is kept at the first.
    pub(super) fn spread(&mut self) {
        if !self.mdp.merges_views() {
            return;
        }
        let rows = self.mdp.row_count();
        for offset in (0..self.log_ratio.len()).step_by(rows) {
            for (s, leader) in self.leader.iter().enumerate().filter(|(s, leader)| **leader as usize != *s) {
                let from = self.mdp.rows_of(*leader as usize);
                let to = offset + self.mdp.rows[s] as usize;
                self.policy.chances.copy_within(offset + from.start..offset + from.end, to);
            }
        }
    }
}

/// The smallest x with `moments`·x = `gradient`, but for a part in 10¹²: parameters that no
/// visit speaks of stay, and ones that visits speak of alike share.
fn least_change(mut moments: Symmetric, gradient: &[f64]) -> Vec<f64> {
    let d = gradient.len();
    let largest = (0..d).map(|j| moments.at(j, j)).fold(0.0, f64::max);
    (0..d).for_each(|j| moments.set(j, j, moments.at(j, j) + 1e-12 * largest));
    moments.solve(gradient, ROUNDING).unwrap_or_else(|| vec![0.0; d])
}

/// The rate of iteration `k`: it falls once there have been enough to forget the
/// start, so that noise dies down: rate/(1 + rate·β·k/5).
pub(super) fn calmed(rate: f64, beta: f64, k: u32) -> f64 {
    rate / (1.0 + 0.2 * rate * beta * f64::from(k))
}

impl Pull {
    #[inline]
    pub(super) fn add(&mut self, at: usize, weight: f64, advantage: f64) {
        if weight > 0.0 {
            if self.weight[at] == 0.0 {
                self.touched.push(at as u32);
            }
            self.sum[at] += weight * advantage;
            self.weight[at] += weight;
        }
    }

    pub(super) fn clear(&mut self) {
        for at in self.touched.drain(..) {
            self.sum[at as usize] = 0.0;
            self.weight[at as usize] = 0.0;
        }
    }
}

/// Expected features of every row; of a view, the mean over its states as π₀ visits them.
fn inputs(mdp: &Mdp, leader: &[u32]) -> Vec<f64> {
    let d = mdp.traits().count();
    let of_row = |row: usize, column: &[f64]| match &mdp.outcomes {
        Outcomes::Ends => column[row],
        Outcomes::Moves { offset, chance, .. } => {
            (offset[row] as usize..offset[row + 1] as usize).map(|k| chance[k] * column[k]).sum()
        }
    };
    let mut share = vec![0.0; mdp.states()];
    if mdp.merges_views() {
        for step in state_visits(mdp, &Policy::reference(mdp), mdp.horizon).chunks(mdp.states()) {
            share.iter_mut().zip(step).for_each(|(all, now)| *all += now);
        }
    }
    let mut mass = vec![0.0; mdp.states()];
    leader.iter().zip(&share).for_each(|(leader, share)| mass[*leader as usize] += share);
    let mut inputs = vec![0.0; mdp.row_count() * d];
    for (s, leader) in leader.iter().map(|leader| *leader as usize).enumerate() {
        let weight =
            if mass[leader] > 0.0 { share[s] / mass[leader] } else { f64::from(u8::from(leader == s)) };
        for (row, to) in mdp.rows_of(s).zip(mdp.rows_of(leader)) {
            for (j, column) in mdp.traits().columns().enumerate() {
                inputs[to * d + j] += weight * of_row(row, column);
            }
        }
    }
    inputs
}
