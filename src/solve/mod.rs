//! Exact solutions of an [`Mdp`] by dynamic programming: nothing is sampled.

mod soft;

pub use soft::{Soft, greedy_limit, soft};

use crate::math::{ln, ln_1p};
use crate::mdp::{Mdp, Outcomes};
use crate::policy::Policy;

/// Expected visits of every row at every step; \[horizon\]\[rows\].
pub fn occupancies(mdp: &Mdp, policy: &Policy) -> Vec<f64> {
    let rows = mdp.row_count();
    let mut visits = vec![0.0; rows * mdp.horizon as usize];
    let mut states = mdp.start.clone();
    for step in 0..mdp.horizon {
        let chances = policy.at(mdp, step);
        let now = &mut visits[step as usize * rows..][..rows];
        for (s, p) in states.iter().enumerate() {
            for row in mdp.rows_of(s) {
                now[row] = p * chances[row];
            }
        }
        states = forward(mdp, &states, chances);
    }
    visits
}

/// Expected visits of every row over the whole episode; \[rows\]. The expected
/// total of any per-row quantity is its dot product with this.
pub fn total_occupancy(mdp: &Mdp, policy: &Policy) -> Vec<f64> {
    let mut visits = occupancies(mdp, policy);
    let rows = mdp.row_count();
    let (total, later) = visits.split_at_mut(rows);
    for step in later.chunks(rows) {
        for (t, v) in total.iter_mut().zip(step) {
            *t += v;
        }
    }
    visits.truncate(rows);
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
            .map(|s| mdp.rows_of(s).map(|row| chances[row] * (table[row] + mdp.onward(row, &value))).sum())
            .collect();
    }
    from_start(mdp, &value)
}

/// The largest expected return under a reward table.
pub fn optimum(mdp: &Mdp, table: &[f64]) -> f64 {
    let mut value = vec![0.0; mdp.states()];
    for _ in 0..mdp.horizon {
        value = (0..mdp.states())
            .map(|s| {
                let best =
                    mdp.rows_of(s).map(|row| table[row] + mdp.onward(row, &value)).max_by(f64::total_cmp);
                best.unwrap_or(0.0)
            })
            .collect();
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
                    for_each_next(mdp, row, |next, chance| {
                        let onward = if ends { State::default() } else { value[next] };
                        state.mean[0] += p * chance * (a[row] + onward.mean[0]);
                        state.mean[1] += p * chance * (b[row] + onward.mean[1]);
                    });
                }
                for row in rows {
                    let p = mdp.reference[row];
                    for_each_next(mdp, row, |next, chance| {
                        let onward = if ends { State::default() } else { value[next] };
                        let da = a[row] + onward.mean[0] - state.mean[0];
                        let db = b[row] + onward.mean[1] - state.mean[1];
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

/// Calls `visit(state, chance)` for every outcome of a row; once, with chance
/// 1 and any state, where the episode ends.
#[inline]
fn for_each_next(mdp: &Mdp, row: usize, mut visit: impl FnMut(usize, f64)) {
    match &mdp.outcomes {
        Outcomes::Ends => visit(0, 1.0),
        Outcomes::Moves { offset, next, chance } => {
            for k in offset[row] as usize..offset[row + 1] as usize {
                visit(next[k] as usize, chance[k]);
            }
        }
    }
}

fn from_start(mdp: &Mdp, value: &[f64]) -> f64 {
    mdp.start.iter().zip(value).map(|(p, v)| p * v).sum()
}
