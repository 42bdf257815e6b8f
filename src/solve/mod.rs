//! Exact solutions of an [`Mdp`] by dynamic programming: nothing is sampled.

mod soft;
mod trajectories;
mod unfold;
mod views;

pub(crate) use soft::greedy;
pub use soft::{Soft, greedy_limit, soft};
pub use trajectories::{Trajectory, trajectories};
pub use unfold::{Unfolded, unfold};
pub(crate) use views::Views;
pub use views::check_views;

use crate::math::{ln, ln_1p};
use crate::mdp::{Mdp, Outcomes, Table};
use crate::policy::Policy;

/// Chance of being in each state at the first `steps` steps; \[steps\]\[states\].
pub(crate) fn state_visits(mdp: &Mdp, policy: &Policy, steps: u32) -> Vec<f64> {
    let mut visits = mdp.start.clone();
    visits.reserve(mdp.states() * (steps as usize - 1));
    let mut states = mdp.start.clone();
    for step in 1..steps {
        let next = forward(mdp, &states, policy.at(mdp, step - 1));
        visits.extend_from_slice(&next);
        states = next;
    }
    visits
}

/// Expected visits of every outcome over the whole episode; \[outcomes\]. The
/// expected total of any reward table is its dot product with this.
pub fn visits(mdp: &Mdp, policy: &Policy) -> Table {
    let mut visits = vec![0.0; mdp.outcome_count()];
    let mut states = mdp.start.clone();
    for step in 0..mdp.horizon {
        let chances = policy.at(mdp, step);
        for (s, p) in states.iter().enumerate().filter(|(_, p)| **p > 0.0) {
            for row in mdp.rows_of(s) {
                match &mdp.outcomes {
                    Outcomes::Ends => visits[row] += p * chances[row],
                    Outcomes::Moves { offset, chance, .. } => {
                        for k in offset[row] as usize..offset[row + 1] as usize {
                            visits[k] += p * chances[row] * chance[k];
                        }
                    }
                }
            }
        }
        states = forward(mdp, &states, chances);
    }
    visits
}

/// KL(law of trajectories under `policy` ‖ under π₀) in nats. Infinite where
/// the policy leaves π₀'s support.
///
/// Per visited state it is Σ π₀·(q ln q − q + 1) with q = π/π₀: the added terms
/// sum to 0, and no term is negative, so neither a tiny KL nor that of a policy
/// far out on a single row is lost to cancellation.
pub fn kl(mdp: &Mdp, policy: &Policy) -> f64 {
    let mut states = mdp.start.clone();
    let mut kl = 0.0;
    for step in 0..mdp.horizon {
        let chances = policy.at(mdp, step);
        for (s, visits) in states.iter().enumerate().filter(|(_, visits)| **visits > 0.0) {
            let divergence = |row: usize| match (chances[row], mdp.reference[row]) {
                (0.0, p0) => p0,
                (_, 0.0) => f64::INFINITY,
                (p, p0) if p < 0.5 * p0 => p0 - p + p * ln(p / p0),
                (p, p0) => {
                    let excess = (p - p0) / p0;
                    p0 * ((1.0 + excess) * ln_1p(excess) - excess)
                }
            };
            kl += visits * mdp.rows_of(s).map(divergence).sum::<f64>();
        }
        states = forward(mdp, &states, chances);
    }
    kl
}

/// The law of the next state, from that of the present one.
fn forward(mdp: &Mdp, states: &[f64], chances: &[f64]) -> Vec<f64> {
    let mut onward = vec![0.0; states.len()];
    if let Outcomes::Moves { offset, next, chance } = &mdp.outcomes {
        for (s, visits) in states.iter().enumerate() {
            for row in mdp.rows_of(s) {
                for k in offset[row] as usize..offset[row + 1] as usize {
                    onward[next[k] as usize] += visits * chances[row] * chance[k];
                }
            }
        }
    }
    onward
}

/// Expected return of a policy under a reward table.
pub fn evaluate(mdp: &Mdp, policy: &Policy, table: &[f64]) -> f64 {
    let mut value = vec![0.0; mdp.states()];
    for step in (0..mdp.horizon).rev() {
        let chances = policy.at(mdp, step);
        value = (0..mdp.states())
            .map(|s| mdp.rows_of(s).map(|row| chances[row] * mdp.worth(row, table, &value)).sum())
            .collect();
    }
    from_start(mdp, &value)
}

/// The largest expected return under a reward table.
pub fn optimum(mdp: &Mdp, table: &[f64]) -> f64 {
    let views = Views::new(mdp);
    let mut value = vec![0.0; mdp.states()];
    let mut worth = vec![0.0; mdp.row_count()];
    for step in (0..mdp.horizon as usize).rev() {
        for (row, q) in worth.iter_mut().enumerate() {
            *q = mdp.worth(row, table, &value);
        }
        for group in views.groups() {
            let own = views.pool(mdp, step, group, &mut worth);
            let rows = mdp.rows_of(group[0] as usize);
            let best = (0..rows.len()).max_by(|a, b| worth[rows.start + a].total_cmp(&worth[rows.start + b]));
            for (i, &s) in group.iter().enumerate() {
                value[s as usize] = match best {
                    None => 0.0,
                    Some(best) if own.is_empty() => worth[rows.start + best],
                    Some(best) => own[i * rows.len() + best],
                };
            }
        }
    }
    from_start(mdp, &value)
}

/// First and second moments of two returns under π₀, pooled within start states.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// E\[A\] and E\[B\].
    pub mean: [f64; 2],
    /// E\[Var(A | start)\] and E\[Var(B | start)\].
    pub variance: [f64; 2],
    /// E\[Cov(A, B | start)\].
    pub covariance: f64,
}

/// Moments of the returns of two reward tables under π₀.
///
/// Backwards over the steps, with products of returns about the tables' own
/// per-state means, so that nothing cancels.
pub fn moments(mdp: &Mdp, a: &[f64], b: &[f64]) -> Moments {
    #[derive(Clone, Copy, Default)]
    struct State {
        mean: [f64; 2],
        variance: [f64; 2],
        covariance: f64,
    }
    let mut value = vec![State::default(); mdp.states()];
    let mut component = vec![0.0; mdp.states()];
    for _ in 0..mdp.horizon {
        value = (0..mdp.states())
            .map(|s| {
                let mut state = State::default();
                let rows = mdp.rows_of(s);
                let ends = matches!(mdp.outcomes, Outcomes::Ends);
                for row in rows.clone() {
                    let p = mdp.reference[row];
                    for_each_outcome(mdp, row, |k, next, chance| {
                        let onward = if ends { State::default() } else { value[next] };
                        state.mean[0] += p * chance * (a[k] + onward.mean[0]);
                        state.mean[1] += p * chance * (b[k] + onward.mean[1]);
                    });
                }
                for row in rows {
                    let p = mdp.reference[row];
                    for_each_outcome(mdp, row, |k, next, chance| {
                        let onward = if ends { State::default() } else { value[next] };
                        let da = a[k] + onward.mean[0] - state.mean[0];
                        let db = b[k] + onward.mean[1] - state.mean[1];
                        state.variance[0] += p * chance * (onward.variance[0] + da * da);
                        state.variance[1] += p * chance * (onward.variance[1] + db * db);
                        state.covariance += p * chance * (onward.covariance + da * db);
                    });
                }
                state
            })
            .collect();
    }
    let mut pooled = |pick: fn(&State) -> f64| {
        for (c, state) in component.iter_mut().zip(&value) {
            *c = pick(state);
        }
        from_start(mdp, &component)
    };
    Moments {
        mean: [pooled(|v| v.mean[0]), pooled(|v| v.mean[1])],
        variance: [pooled(|v| v.variance[0]), pooled(|v| v.variance[1])],
        covariance: pooled(|v| v.covariance),
    }
}

/// Calls `visit(outcome, state, chance)` for every outcome of a row; with any
/// state where the episode ends.
#[inline]
fn for_each_outcome(mdp: &Mdp, row: usize, mut visit: impl FnMut(usize, usize, f64)) {
    match &mdp.outcomes {
        Outcomes::Ends => visit(row, 0, 1.0),
        Outcomes::Moves { offset, next, chance } => {
            for k in offset[row] as usize..offset[row + 1] as usize {
                visit(k, next[k] as usize, chance[k]);
            }
        }
    }
}

fn from_start(mdp: &Mdp, value: &[f64]) -> f64 {
    mdp.start.iter().zip(value).map(|(p, v)| p * v).sum()
}
