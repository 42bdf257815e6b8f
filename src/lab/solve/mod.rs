//! Exact solutions of an [`Mdp`] by dynamic programming: nothing is sampled.

mod endless;
mod flow;
mod soft;
mod trajectories;
mod unfold;
mod views;

pub(crate) use endless::{Endless, check_told_apart};
pub(crate) use flow::Flow;
pub(crate) use soft::greedy;
pub use soft::{Soft, greedy_limit, soft};
pub use trajectories::{Trajectory, trajectories};
pub use unfold::{Unfolded, unfold};
pub(crate) use views::Views;
pub use views::check_views;

use crate::lab::mdp::{Mdp, Outcomes, Table};
use crate::lab::policy::Policy;
use crate::numerics::math::{dot, ln, ln_1p};

/// Chance of being in each state at the first `steps` steps; \[steps\]\[states\].
pub(crate) fn state_visits(mdp: &Mdp, policy: &Policy, steps: u32) -> Vec<f64> {
    let mut visits = Vec::with_capacity(mdp.states() * steps as usize);
    let mut states = mdp.start.clone();
    visits.extend_from_slice(&states);
    let steady = policy.is_steady(mdp) && steps > 2;
    let inflow = steady.then(|| Flow::new(mdp, &policy.chances).inflow());
    let mut next = states.clone();
    for step in 1..steps {
        match &inflow {
            Some(inflow) => inflow.onward(&states, &mut next),
            None => next = forward(mdp, &states, policy.at(mdp, step - 1)),
        }
        std::mem::swap(&mut states, &mut next);
        visits.extend_from_slice(&states);
    }
    visits
}

/// Expected visits of every state over the first `steps` steps, under chances of every row
/// that are the same at each of them; \[states\].
pub(crate) fn steady_visits(mdp: &Mdp, chances: &[f64], steps: u32) -> Vec<f64> {
    let inflow = Flow::new(mdp, chances).inflow();
    let (mut total, mut states) = (mdp.start.clone(), mdp.start.clone());
    let mut next = states.clone();
    for _ in 1..steps {
        inflow.onward(&states, &mut next);
        std::mem::swap(&mut states, &mut next);
        total.iter_mut().zip(&states).for_each(|(t, s)| *t += s);
    }
    total
}

/// Expected visits of every outcome over the whole episode; \[outcomes\]. The
/// expected total of any reward table is its dot product with this.
pub fn visits(mdp: &Mdp, policy: &Policy) -> Table {
    let mut visits = vec![0.0; mdp.outcome_count()];
    for_each_stretch(mdp, policy, |states, chances| add_visits(mdp, states, chances, &mut visits));
    visits
}

/// KL(law of trajectories under `policy` ‖ under π₀) in nats. Infinite where
/// the policy leaves π₀'s support.
///
/// Per visited state it is Σ π₀·(q ln q − q + 1) with q = π/π₀: the added terms
/// sum to 0, and no term is negative, so neither a tiny KL nor that of a policy
/// far out on a single row is lost to cancellation.
pub fn kl(mdp: &Mdp, policy: &Policy) -> f64 {
    let mut kl = 0.0;
    for_each_stretch(mdp, policy, |states, chances| add_kl(mdp, states, chances, &mut kl));
    kl
}

/// χ²(law of trajectories under `policy` ‖ under π₀), which is E₀\[(π/π₀ − 1)²\]. Infinite where the policy
/// leaves π₀'s support.
///
/// Backwards over the steps: from a state on it is Σ π₀·((q − 1)² + q²·E\[χ² from the next\]) with q = π/π₀,
/// of which no term is negative.
pub fn chi2(mdp: &Mdp, policy: &Policy) -> f64 {
    let mut value = vec![0.0; mdp.states()];
    for step in (0..mdp.horizon).rev() {
        let chances = policy.at(mdp, step);
        let onward =
            |row: usize| match step + 1 < mdp.horizon && chances[row] > 0.0 && mdp.reference[row] > 0.0 {
                true => chances[row] * chances[row] / mdp.reference[row] * mdp.onward(row, &value),
                false => 0.0,
            };
        let of_state = |s: usize| {
            let rows = mdp.rows_of(s);
            let own = chi_squared(&chances[rows.clone()], &mdp.reference[rows.clone()]);
            own + rows.map(onward).sum::<f64>()
        };
        value = (0..mdp.states()).map(of_state).collect();
    }
    let of_start = |(p, chi2): (&f64, &f64)| if *p > 0.0 { p * chi2 } else { 0.0 };
    mdp.start.iter().zip(&value).map(of_start).sum()
}

/// χ² of one law from another.
pub(crate) fn chi_squared(law: &[f64], from: &[f64]) -> f64 {
    let part = |(p, p0): (&f64, &f64)| match (*p, *p0) {
        (0.0, p0) => p0,
        (_, 0.0) => f64::INFINITY,
        (p, p0) => (p - p0) * (p - p0) / p0,
    };
    law.iter().zip(from).map(part).sum()
}

/// [`visits`] and [`kl`] in one walk.
pub fn visits_and_kl(mdp: &Mdp, policy: &Policy) -> (Table, f64) {
    let (mut visits, mut kl) = (vec![0.0; mdp.outcome_count()], 0.0);
    for_each_stretch(mdp, policy, |states, chances| {
        add_visits(mdp, states, chances, &mut visits);
        add_kl(mdp, states, chances, &mut kl);
    });
    (visits, kl)
}

fn add_visits(mdp: &Mdp, states: &[f64], chances: &[f64], visits: &mut [f64]) {
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
}

fn add_kl(mdp: &Mdp, states: &[f64], chances: &[f64], kl: &mut f64) {
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
        *kl += visits * mdp.rows_of(s).map(divergence).sum::<f64>();
    }
}

/// Calls `visit(visits of every state, chances of every row)` for every stretch of
/// steps on which a policy does not change: all of them, or each.
fn for_each_stretch(mdp: &Mdp, policy: &Policy, mut visit: impl FnMut(&[f64], &[f64])) {
    let mut states = mdp.start.clone();
    if policy.is_steady(mdp) && mdp.horizon > 1 {
        let chances = policy.at(mdp, 0);
        return visit(&steady_visits(mdp, chances, mdp.horizon), chances);
    }
    for step in 0..mdp.horizon {
        let chances = policy.at(mdp, step);
        visit(&states, chances);
        if step + 1 < mdp.horizon {
            states = forward(mdp, &states, chances);
        }
    }
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
    if let Outcomes::Moves { .. } = mdp.outcomes {
        return dot(&visits(mdp, policy), table);
    }
    let of_state = |s: usize| mdp.rows_of(s).map(|row| policy.chances[row] * table[row]).sum();
    from_start(mdp, &(0..mdp.states()).map(of_state).collect::<Vec<_>>())
}

/// Expected return of a policy from every state at the first step; \[states\].
pub fn values(mdp: &Mdp, policy: &Policy, table: &[f64]) -> Vec<f64> {
    let mut value = vec![0.0; mdp.states()];
    for step in (0..mdp.horizon).rev() {
        let chances = policy.at(mdp, step);
        let of_state =
            |s: usize| mdp.rows_of(s).map(|row| chances[row] * mdp.worth(row, table, &value)).sum();
        value = (0..mdp.states()).map(of_state).collect();
    }
    value
}

/// Gives π₀ back where no episode ever comes: nothing is learned there. A view that
/// is met in one of its states is met. `chances` are \[steps\]\[rows\].
pub(crate) fn keep_reference_where_unvisited(mdp: &Mdp, chances: &mut [f64]) {
    if mdp.start.iter().all(|p| *p > 0.0) {
        return;
    }
    let mut met: Vec<bool> = mdp.start.iter().map(|p| *p > 0.0).collect();
    let mut open: Vec<usize> = (0..met.len()).filter(|s| met[*s]).collect();
    while let (Some(s), Outcomes::Moves { offset, next, .. }) = (open.pop(), &mdp.outcomes) {
        for row in mdp.rows_of(s).filter(|row| mdp.reference[*row] > 0.0) {
            for to in &next[offset[row] as usize..offset[row + 1] as usize] {
                if !std::mem::replace(&mut met[*to as usize], true) {
                    open.push(*to as usize);
                }
            }
        }
    }
    let mut seen = vec![false; met.len()];
    (0..met.len()).filter(|s| met[*s]).for_each(|s| seen[mdp.view[s] as usize] = true);
    for s in (0..met.len()).filter(|s| !seen[mdp.view[*s] as usize]) {
        let rows = mdp.rows_of(s);
        for step in chances.chunks_mut(mdp.row_count()) {
            step[rows.clone()].copy_from_slice(&mdp.reference[rows.clone()]);
        }
    }
}

/// The largest expected return under a reward table.
pub fn optimum(mdp: &Mdp, table: &[f64]) -> f64 {
    from_start(mdp, &best_values(mdp, table))
}

/// The expected return from every state at the first step of a policy that is optimal for a reward table; \[states\].
pub fn best_values(mdp: &Mdp, table: &[f64]) -> Vec<f64> {
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
    value
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
pub fn moments(mdp: &Mdp, a: &[f64], b: &[f64]) -> Moments {
    let (mean, [[of_a, covariance], [_, of_b]]) = joint(mdp, [a, b]);
    Moments { mean, variance: [of_a, of_b], covariance }
}

/// Mean and variance of the return of a reward table under π₀, pooled within start states.
pub(crate) fn spread(mdp: &Mdp, table: &[f64]) -> (f64, f64) {
    let ([mean], [[variance]]) = joint(mdp, [table]);
    (mean, variance)
}

/// Means and, from the diagonal on, covariances of the returns of N reward tables.
///
/// Backwards over the steps, with products of returns about the tables' own
/// per-state means, so that nothing cancels.
fn joint<const N: usize>(mdp: &Mdp, tables: [&[f64]; N]) -> ([f64; N], [[f64; N]; N]) {
    #[derive(Clone, Copy)]
    struct State<const N: usize> {
        mean: [f64; N],
        covariance: [[f64; N]; N],
    }
    let ways = Ways::new(mdp, tables);
    let nothing = State { mean: [0.0; N], covariance: [[0.0; N]; N] };
    let (mut value, mut next) = (vec![nothing; mdp.states()], Vec::with_capacity(mdp.states()));
    for _ in 0..mdp.horizon {
        next.clear();
        next.extend((0..mdp.states()).map(|s| {
            let mut state = nothing;
            for way in ways.of(s) {
                let onward = &value[way.next as usize];
                for i in 0..N {
                    state.mean[i] += way.chance * (way.reward[i] + onward.mean[i]);
                }
            }
            for way in ways.of(s) {
                let onward = &value[way.next as usize];
                let off: [f64; N] = std::array::from_fn(|i| way.reward[i] + onward.mean[i] - state.mean[i]);
                for i in 0..N {
                    for j in i..N {
                        state.covariance[i][j] += way.chance * (onward.covariance[i][j] + off[i] * off[j]);
                    }
                }
            }
            state
        }));
        std::mem::swap(&mut value, &mut next);
    }
    let mut pooled = nothing;
    for (p, state) in mdp.start.iter().zip(&value) {
        for i in 0..N {
            pooled.mean[i] += p * state.mean[i];
            for j in i..N {
                pooled.covariance[i][j] += p * state.covariance[i][j];
            }
        }
    }
    (pooled.mean, pooled.covariance)
}

/// The ways π₀ takes from every state; those that pay and lead alike are one.
struct Ways<const N: usize> {
    all: Vec<Way<N>>,
    /// First way of each state, and the number of ways; \[states + 1\].
    first: Vec<u32>,
}

#[derive(Clone, Copy)]
struct Way<const N: usize> {
    next: u32,
    chance: f64,
    reward: [f64; N],
}

impl<const N: usize> Ways<N> {
    fn new(mdp: &Mdp, tables: [&[f64]; N]) -> Self {
        let mut ways = Self { all: Vec::with_capacity(mdp.outcome_count()), first: vec![0] };
        for s in 0..mdp.states() {
            let begin = ways.all.len();
            for row in mdp.rows_of(s) {
                let p = mdp.reference[row];
                for_each_outcome(mdp, row, |k, next, chance| {
                    let reward = tables.map(|table| table[k]);
                    let way = Way { next: next as u32, chance: p * chance, reward };
                    // Answers lead nowhere and hardly ever pay alike: not worth the search.
                    let alike = |w: &&mut Way<N>| w.next == way.next && w.reward == way.reward;
                    let twin = match mdp.horizon {
                        1 => None,
                        _ => ways.all[begin..].iter_mut().find(alike),
                    };
                    match twin {
                        Some(twin) => twin.chance += way.chance,
                        None => ways.all.push(way),
                    }
                });
            }
            ways.first.push(ways.all.len() as u32);
        }
        ways
    }

    fn of(&self, s: usize) -> &[Way<N>] {
        &self.all[self.first[s] as usize..self.first[s + 1] as usize]
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
