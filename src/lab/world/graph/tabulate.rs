//! From a graph to a table.
//!
//! What a state pays is paid on entering it. A start is not entered, so what it
//! pays is added to the first step: a start that pays becomes a state of its own,
//! to which no move leads and whose view is that of the state it is.

use super::resolve::{Action, Resolved};
use crate::lab::mdp::{Features, Mdp, Outcomes};
use indexmap::IndexSet;
use std::sync::Arc;

/// A graph as a table, not unfolded.
pub(super) struct Folded<'a> {
    pub(super) mdp: Mdp,
    /// The state of the graph that each is; \[states\].
    pub(super) state: Vec<u32>,
    /// The states of the graph that outcomes lead to; \[outcomes\].
    pub(super) place: Vec<u32>,
    /// Name of each row's action; \[rows\].
    pub(super) actions: Vec<&'a str>,
    /// States that may be starts.
    pub(super) starts: Vec<u32>,
}

/// What the one action of a state without moves is called.
const STAY: &str = "stay";

impl<'a> Resolved<'a> {
    pub(super) fn tabulate(&self, horizon: u32) -> Folded<'a> {
        let nodes = self.nodes();
        let node = |s: usize| nodes.iter().position(|n| *n == (s, false)).expect("what is entered is there");
        let mut start = vec![0.0; nodes.len()];
        let mut starts = Vec::new();
        for (s, chance) in &self.start {
            let first = nodes.iter().position(|n| *n == (*s, self.pays_at_start(*s))).expect("there");
            start[first] = *chance;
            starts.push(first as u32);
        }
        let (mut rows, mut reference, mut actions) = (vec![0], Vec::new(), Vec::new());
        let (mut offset, mut next, mut chances, mut place) = (vec![0], Vec::new(), Vec::new(), Vec::new());
        let mut columns = vec![Vec::new(); self.features.len()];
        for &(s, is_start) in &nodes {
            let nothing = vec![0.0; self.features.len()];
            let stay = [Action { name: STAY, chance: 1.0, to: vec![(s, 1.0)], pays: nothing }];
            let of_state = if self.actions[s].is_empty() { &stay[..] } else { &self.actions[s] };
            for Action { name, chance, to, pays } in of_state {
                for (t, chance) in to {
                    next.push(node(*t) as u32);
                    place.push(*t as u32);
                    chances.push(*chance);
                    for (j, column) in columns.iter_mut().enumerate() {
                        let at_start = if is_start { self.pays[s][j] } else { 0.0 };
                        column.push(at_start + pays[j] + self.pays[*t][j]);
                    }
                }
                offset.push(next.len() as u32);
                reference.push(*chance);
                actions.push(*name);
            }
            rows.push(reference.len() as u32);
        }
        // A start of its own looks like the state it is.
        let mut views = IndexSet::new();
        let view = nodes.iter().map(|(s, _)| views.insert_full(self.seen[*s]).0 as u32).collect();
        let names = self.features.iter().map(|name| (*name).to_owned()).collect();
        let mdp = Mdp {
            horizon,
            start,
            rows,
            outcomes: Outcomes::Moves { offset, next, chance: chances },
            features: Arc::new(Features::new(names, columns)),
            traits: None,
            gold: self.gold.clone(),
            reference,
            view,
        };
        Folded { mdp, state: nodes.iter().map(|(s, _)| *s as u32).collect(), place, actions, starts }
    }

    fn pays_at_start(&self, s: usize) -> bool {
        self.pays[s].iter().any(|x| *x != 0.0)
    }

    /// The states of the table: those that are starts and pay, and those that are entered
    /// or are starts and pay nothing.
    fn nodes(&self) -> Vec<(usize, bool)> {
        let entered = |t: usize| (0..self.states.len()).any(|s| self.follows(s, t));
        let is_start = |s: usize| self.start.iter().any(|(t, _)| *t == s);
        let mut nodes = Vec::new();
        for s in 0..self.states.len() {
            let own = is_start(s) && self.pays_at_start(s);
            if own {
                nodes.push((s, true));
            }
            if entered(s) || (is_start(s) && !own) {
                nodes.push((s, false));
            }
        }
        nodes
    }
}
