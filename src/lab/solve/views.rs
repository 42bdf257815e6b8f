//! States that a policy cannot tell apart, and how much each of them counts.
//!
//! A policy acts on views. The exact solutions weigh the states of one view by
//! their share of its visits, which is only sound where that share does not
//! depend on the policy; [`check_views`] refuses other merges.

use super::state_visits;
use crate::lab::mdp::Mdp;
use crate::lab::policy::Policy;

/// The states of every view, and their weights at every step.
pub(crate) struct Views {
    /// States in order of their views.
    order: Vec<u32>,
    /// First of each view in `order`, and the number of states.
    first: Vec<u32>,
    /// Share of each state in the visits of its view; \[horizon\]\[states\], or empty
    /// where each state is its own view.
    share: Vec<f64>,
}

impl Views {
    /// The views of a world, weighed under π₀.
    pub(crate) fn new(mdp: &Mdp) -> Self {
        let states = mdp.states();
        let mut order: Vec<u32> = (0..states as u32).collect();
        if !mdp.merges_views() {
            return Self { order, first: (0..=states as u32).collect(), share: Vec::new() };
        }
        order.sort_by_key(|s| mdp.view[*s as usize]);
        let count = mdp.view.iter().max().map_or(0, |v| *v as usize + 1);
        let mut first = vec![0; count + 1];
        for view in &mdp.view {
            first[*view as usize + 1] += 1;
        }
        (0..count).for_each(|v| first[v + 1] += first[v]);
        let share = shares(mdp, &Policy::reference(mdp));
        Self { order, first, share }
    }

    /// The states of each view.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &[u32]> {
        self.first.windows(2).map(|w| &self.order[w[0] as usize..w[1] as usize])
    }

    /// Share of state `s` in the visits of its view at `step`.
    pub(crate) fn share(&self, mdp: &Mdp, step: usize, s: u32) -> f64 {
        if self.share.is_empty() { 1.0 } else { self.share[step * mdp.states() + s as usize] }
    }

    /// Replaces per-row values of the states of one view by their weighed mean,
    /// row by row; what each state's own are stays in the returned copy.
    pub(crate) fn pool(&self, mdp: &Mdp, step: usize, group: &[u32], values: &mut [f64]) -> Vec<f64> {
        if group.len() < 2 {
            return Vec::new();
        }
        let rows = mdp.rows_of(group[0] as usize).len();
        let mut own = Vec::with_capacity(rows * group.len());
        let mut mean = vec![0.0; rows];
        for &s in group {
            let of_state = &values[mdp.rows_of(s as usize)];
            own.extend_from_slice(of_state);
            let share = self.share(mdp, step, s);
            mean.iter_mut().zip(of_state).for_each(|(m, q)| *m += share * q);
        }
        for &s in group {
            values[mdp.rows_of(s as usize)].copy_from_slice(&mean);
        }
        own
    }
}

/// Share of each state in the visits of its view under a policy; equal where a
/// view is not visited. \[horizon\]\[states\]
fn shares(mdp: &Mdp, policy: &Policy) -> Vec<f64> {
    let count = mdp.view.iter().max().map_or(0, |v| *v as usize + 1);
    let mut shares = state_visits(mdp, policy, mdp.horizon);
    for step in shares.chunks_mut(mdp.states()) {
        let (mut mass, mut members) = (vec![0.0; count], vec![0.0; count]);
        for (visits, view) in step.iter().zip(&mdp.view) {
            mass[*view as usize] += visits;
            members[*view as usize] += 1.0;
        }
        for (share, view) in step.iter_mut().zip(&mdp.view) {
            let view = *view as usize;
            *share = if mass[view] > 0.0 { *share / mass[view] } else { 1.0 / members[view] };
        }
    }
    shares
}

/// A view whose states' shares of its visits depend on what the policy does, so
/// that no exact solution weighs them rightly: at a step, two of its states.
/// `None` if there is none. States without a choice may be merged freely.
///
/// The shares under π₀ are compared with those under two policies that weigh the
/// rows of every view differently; a dependence that shows in neither would be an accident.
pub fn check_views(mdp: &Mdp) -> Option<(u32, usize, usize)> {
    if !mdp.merges_views() {
        return None;
    }
    let reference = shares(mdp, &Policy::reference(mdp));
    let visited = state_visits(mdp, &Policy::reference(mdp), mdp.horizon);
    for trial in 1..=2 {
        let mut chances = mdp.reference.clone();
        for s in 0..mdp.states() {
            let of_state = &mut chances[mdp.rows_of(s)];
            // Multiples of an irrational number, so that no two views and no two rows are weighed
            // alike, and no symmetry hides a dependence.
            for (c, i) in of_state.iter_mut().zip(1u32..) {
                let place = f64::from(trial * i) + 16.0 * f64::from(mdp.view[s]);
                *c *= 0.1 + (place * 0.618_033_988_749_895).fract();
            }
            let mass: f64 = of_state.iter().sum();
            of_state.iter_mut().for_each(|c| *c /= mass);
        }
        let policy = Policy { chances };
        let (other, seen) = (shares(mdp, &policy), state_visits(mdp, &policy, mdp.horizon));
        for (i, (a, b)) in reference.iter().zip(&other).enumerate() {
            let (step, s) = (i / mdp.states(), i % mdp.states());
            let chooses = mdp.rows_of(s).len() > 1;
            if chooses && visited[i] > 0.0 && seen[i] > 0.0 && (a - b).abs() > 1e-9 {
                let twin = (0..mdp.states()).find(|t| *t != s && mdp.view[*t] == mdp.view[s]);
                return twin.map(|twin| (step as u32, s, twin));
            }
        }
    }
    None
}
