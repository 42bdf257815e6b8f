//! Unfolding: the state becomes the history of outcomes, so that whatever is
//! about a whole episode can be paid on its last step.
//!
//! A policy gains no memory by it: the view of a history is that of the state it
//! ends in.

use crate::mdp::{Features, Mdp, Outcomes};
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
    let of_state = |s: u32| {
        let rows = mdp.rows_of(s as usize);
        offset[rows.start] as usize..offset[rows.end] as usize
    };
    let size = count(mdp, from, |s| of_state(s).map(|k| next[k]));
    if size.saturating_mul(u64::from(mdp.horizon)) > most {
        return Err(size);
    }

    let roots = from.len() as u32;
    let mut state = from.to_vec();
    let mut start: Vec<f64> = from.iter().map(|s| mdp.start[*s as usize]).collect();
    let (mut rows, mut reference) = (vec![0], Vec::new());
    let (mut offsets, mut outcome, mut chances) = (vec![0], Vec::new(), Vec::new());
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
                    outcome.push(k as u32);
                    chances.push(chance[k]);
                    if !is_last {
                        state.push(next[k]);
                    }
                }
                reference.push(mdp.reference[row]);
                offsets.push(outcome.len() as u32);
            }
            rows.push(reference.len() as u32);
        }
        first = end;
    }
    let end = state.len() as u32;
    // Outcomes lead to the histories they make, in order; those of the last step to the end.
    let mut onward: Vec<u32> =
        (0..outcome.len() as u32).map(|k| if k < last { roots + k } else { end }).collect();
    state.push(u32::MAX);
    outcome.push(u32::MAX);
    onward.push(end);
    chances.push(1.0);
    reference.push(1.0);
    offsets.push(outcome.len() as u32);
    rows.push(reference.len() as u32);
    start.resize(state.len(), 0.0);

    let read = |column: &Vec<f64>| {
        outcome.iter().map(|k| column.get(*k as usize).copied().unwrap_or(0.0)).collect::<Vec<f64>>()
    };
    let features = Features {
        names: mdp.features.names.clone(),
        columns: mdp.features.columns.iter().map(read).collect(),
    };
    let unfolded = Mdp {
        horizon: mdp.horizon,
        start,
        rows,
        outcomes: Outcomes::Moves { offset: offsets, next: onward, chance: chances },
        features: Arc::new(features),
        gold: mdp.gold.clone(),
        reference,
        view: without_gaps(state.iter().map(|s| mdp.view.get(*s as usize).copied().unwrap_or(u32::MAX))),
    };
    Ok(Unfolded { mdp: unfolded, outcome, state, last, roots })
}

/// How many outcomes all histories have.
fn count<I: Iterator<Item = u32>>(mdp: &Mdp, from: &[u32], next: impl Fn(u32) -> I) -> u64 {
    let mut ways = vec![0u64; mdp.states()];
    from.iter().for_each(|s| ways[*s as usize] += 1);
    let mut size = 0u64;
    for _ in 0..mdp.horizon {
        let mut onward = vec![0u64; mdp.states()];
        for (s, ways) in ways.iter().enumerate().filter(|(_, ways)| **ways > 0) {
            for t in next(s as u32) {
                size = size.saturating_add(*ways);
                let reached = &mut onward[t as usize];
                *reached = reached.saturating_add(*ways);
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
    /// The outcomes that a history of outcomes went through before this one, latest first.
    pub fn before(&self, outcome: u32) -> impl Iterator<Item = u32> {
        let history = |k: u32| self.mdp.state_of(self.mdp.row_of(k as usize)) as u32;
        let previous = move |k: u32| history(k).checked_sub(self.roots);
        std::iter::successors(previous(outcome), move |k| previous(*k))
    }
}
