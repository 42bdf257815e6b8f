//! Unfolding: the state becomes the history of outcomes, so that whatever is
//! about a whole episode can be paid on its last step. Two actions that lead from one
//! history to one state, and are alike in their features, make one history.
//!
//! A policy gains no memory by it: the view of a history is that of the state it
//! ends in.

use crate::lab::mdp::{Features, Mdp, Outcomes};
use std::sync::Arc;

/// A world whose states are histories, and what they were in the world it is of.
#[derive(Clone, Debug)]
pub struct Unfolded {
    /// The table. The last state is where every history ends up: one row, back to itself.
    pub mdp: Mdp,
    /// The outcome that each was; \[outcomes\], [`u32::MAX`] for that of the last state.
    pub outcome: Vec<u32>,
    /// The state that each history ends in; \[states\], [`u32::MAX`] for the last.
    pub state: Vec<u32>,
    /// The outcome that made each history, one of several alike; \[states\],
    /// [`u32::MAX`] for those of no step and for the last.
    pub made_by: Vec<u32>,
    /// First outcome of the last step.
    pub last: u32,
    /// Number of histories of no step.
    pub roots: u32,
}

/// Unfolds a world over time from these states, each of which may be a start
/// (chance 0 included). Outcomes that cannot happen are kept.
///
/// # Errors
/// The number of outcomes there would be, if they times the horizon are more than `most`.
pub fn unfold(mdp: &Mdp, from: &[u32], most: u64) -> Result<Unfolded, u64> {
    let Outcomes::Moves { offset, next, chance } = &mdp.outcomes else {
        unreachable!("an episode of one step is its own history");
    };
    // Of every outcome the first of its state that makes the same history.
    let mut first_alike: Vec<usize> = (0..next.len()).collect();
    for s in 0..mdp.states() {
        let rows = mdp.rows_of(s);
        let of_state = offset[rows.start] as usize..offset[rows.end] as usize;
        for k in of_state.clone() {
            let alike = |j: &usize| {
                next[*j] == next[k] && mdp.features.columns().all(|column| column[*j] == column[k])
            };
            first_alike[k] = of_state.clone().find(alike).expect("itself");
        }
    }
    let size = count(mdp, from, &first_alike);
    if size.saturating_mul(u64::from(mdp.horizon)) > most {
        return Err(size);
    }

    let roots = from.len() as u32;
    let (mut state, mut made_by) = (from.to_vec(), vec![u32::MAX; from.len()]);
    let mut start: Vec<f64> = from.iter().map(|s| mdp.start[*s as usize]).collect();
    let (mut rows, mut reference) = (vec![0], Vec::new());
    let (mut offsets, mut outcome, mut onward) = (vec![0], Vec::new(), Vec::new());
    let (mut chances, mut made) = (Vec::new(), vec![u32::MAX; next.len()]);
    let (mut first, mut last) = (0, 0);
    for step in 0..mdp.horizon {
        let end = state.len();
        let is_last = step + 1 == mdp.horizon;
        if is_last {
            last = outcome.len() as u32;
        }
        for h in first..end {
            for row in mdp.rows_of(state[h] as usize) {
                for k in offset[row] as usize..offset[row + 1] as usize {
                    if !is_last && first_alike[k] == k {
                        made[k] = state.len() as u32;
                        state.push(next[k]);
                        made_by.push(outcome.len() as u32);
                    }
                    onward.push(if is_last { u32::MAX } else { made[first_alike[k]] });
                    outcome.push(k as u32);
                    chances.push(chance[k]);
                }
                reference.push(mdp.reference[row]);
                offsets.push(outcome.len() as u32);
            }
            rows.push(reference.len() as u32);
        }
        first = end;
    }
    let end = state.len() as u32;
    onward[last as usize..].fill(end);
    state.push(u32::MAX);
    made_by.push(u32::MAX);
    outcome.push(u32::MAX);
    onward.push(end);
    chances.push(1.0);
    reference.push(1.0);
    offsets.push(outcome.len() as u32);
    rows.push(reference.len() as u32);
    start.resize(state.len(), 0.0);

    let read = |column: &[f64]| {
        outcome.iter().map(|k| column.get(*k as usize).copied().unwrap_or(0.0)).collect::<Vec<f64>>()
    };
    let features = Features::new(mdp.features.names.clone(), mdp.features.columns().map(read).collect());
    let unfolded = Mdp {
        horizon: mdp.horizon,
        start,
        rows,
        outcomes: Outcomes::Moves { offset: offsets, next: onward, chance: chances },
        features: Arc::new(features),
        traits: None,
        gold: mdp.gold.clone(),
        reference,
        view: without_gaps(state.iter().map(|s| mdp.view.get(*s as usize).copied().unwrap_or(u32::MAX))),
    };
    Ok(Unfolded { mdp: unfolded, outcome, state, made_by, last, roots })
}

/// How many outcomes all histories have.
fn count(mdp: &Mdp, from: &[u32], first_alike: &[usize]) -> u64 {
    let Outcomes::Moves { offset, next, .. } = &mdp.outcomes else { return 0 };
    let mut ways = vec![0u64; mdp.states()];
    from.iter().for_each(|s| ways[*s as usize] += 1);
    let mut size = 0u64;
    for _ in 0..mdp.horizon {
        let mut onward = vec![0u64; mdp.states()];
        for (s, ways) in ways.iter().enumerate().filter(|(_, ways)| **ways > 0) {
            let rows = mdp.rows_of(s);
            for k in offset[rows.start] as usize..offset[rows.end] as usize {
                size = size.saturating_add(*ways);
                if first_alike[k] == k {
                    let reached = &mut onward[next[k] as usize];
                    *reached = reached.saturating_add(*ways);
                }
            }
        }
        ways = onward;
    }
    size
}

/// Numbers in order of first appearance.
fn without_gaps(views: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut known = std::collections::BTreeMap::new();
    views
        .map(|view| {
            let fresh = known.len() as u32;
            *known.entry(view).or_insert(fresh)
        })
        .collect()
}

impl Unfolded {
    /// The states that a history went through, in order.
    pub fn states(&self, mut history: usize) -> Vec<u32> {
        let mut states = vec![self.state[history]];
        while let Some(k) = Some(self.made_by[history]).filter(|k| *k != u32::MAX) {
            history = self.mdp.state_of(self.mdp.row_of(k as usize));
            states.push(self.state[history]);
        }
        states.reverse();
        states
    }
}
