//! Going from state to state under a policy that does not change: outcomes that
//! lead from one state to another are one.

use super::for_each_outcome;
use crate::lab::mdp::{Mdp, Outcomes};

/// Chances of going from state to state.
pub(crate) struct Flow {
    /// First way of each state, and the number of ways; \[states + 1\].
    first: Vec<u32>,
    ways: Vec<Way>,
    /// The rows that are taken at all, and which way each of their outcomes is.
    rows: Vec<u32>,
    way_of: Vec<u32>,
}

/// A state that another leads to, and with what chance.
#[derive(Clone, Copy)]
struct Way {
    next: u32,
    chance: f64,
}

impl Flow {
    /// Of a policy with these chances of every row.
    pub(crate) fn new(mdp: &Mdp, chances: &[f64]) -> Self {
        let mut flow = Self { first: vec![0], ways: Vec::new(), rows: Vec::new(), way_of: Vec::new() };
        // Which way each state is; those before `begin` are another state's.
        let mut place = vec![u32::MAX; mdp.states()];
        for s in 0..mdp.states() {
            let begin = flow.ways.len() as u32;
            for row in mdp.rows_of(s).filter(|row| chances[*row] > 0.0) {
                flow.rows.push(row as u32);
                for_each_outcome(mdp, row, |_, next, _| {
                    if place[next] == u32::MAX || place[next] < begin {
                        place[next] = flow.ways.len() as u32;
                        flow.ways.push(Way { next: next as u32, chance: 0.0 });
                    }
                    flow.way_of.push(place[next]);
                });
            }
            flow.first.push(flow.ways.len() as u32);
        }
        flow.follow(mdp, chances);
        flow
    }

    /// Of another policy from now on, which takes no row that the first did not.
    pub(crate) fn follow(&mut self, mdp: &Mdp, chances: &[f64]) {
        self.ways.iter_mut().for_each(|way| way.chance = 0.0);
        let mut way_of = self.way_of.as_slice();
        for row in self.rows.iter().map(|row| *row as usize) {
            let of_row = match &mdp.outcomes {
                Outcomes::Ends => &[1.0],
                Outcomes::Moves { offset, chance, .. } => {
                    &chance[offset[row] as usize..offset[row + 1] as usize]
                }
            };
            let (ways, rest) = way_of.split_at(of_row.len());
            for (way, chance) in ways.iter().zip(of_row) {
                self.ways[*way as usize].chance += chances[row] * chance;
            }
            way_of = rest;
        }
    }

    /// The ways into every state, first states first.
    pub(super) fn inflow(&self) -> Inflow {
        let states = self.first.len() - 1;
        let mut first = vec![0u32; states + 1];
        self.ways.iter().for_each(|way| first[way.next as usize + 1] += 1);
        (0..states).for_each(|t| first[t + 1] += first[t]);
        let mut free = first.clone();
        let mut from = vec![(0, 0.0); self.ways.len()];
        for s in 0..states {
            for way in self.of(s) {
                let at = &mut free[way.next as usize];
                from[*at as usize] = (s as u32, way.chance);
                *at += 1;
            }
        }
        Inflow { first, from }
    }

    /// What state `s` leads to.
    fn of(&self, s: usize) -> &[Way] {
        &self.ways[self.first[s] as usize..self.first[s + 1] as usize]
    }

    /// The chance of going from `s` to `t`.
    pub(crate) fn between(&self, s: usize, t: usize) -> f64 {
        self.of(s).iter().find(|way| way.next as usize == t).map_or(0.0, |way| way.chance)
    }

    /// Expected value of the state after `s`.
    pub(crate) fn expected(&self, s: usize, value: &[f64]) -> f64 {
        self.of(s).iter().map(|way| way.chance * value[way.next as usize]).sum()
    }
}

/// What leads to every state, and with what chance.
pub(super) struct Inflow {
    /// First way into each state, and the number of ways; \[states + 1\].
    first: Vec<u32>,
    from: Vec<(u32, f64)>,
}

impl Inflow {
    /// The law of the next state, from that of the present one.
    pub(super) fn onward(&self, states: &[f64], next: &mut [f64]) {
        for (p, of) in next.iter_mut().zip(self.first.windows(2)) {
            let from = &self.from[of[0] as usize..of[1] as usize];
            *p = from.iter().map(|(s, chance)| states[*s as usize] * chance).sum();
        }
    }
}
