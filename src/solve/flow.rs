//! Going from state to state under a policy that does not change: outcomes that
//! lead from one state to another are one.

use super::for_each_outcome;
use crate::mdp::Mdp;

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
        let mut way_of = self.way_of.iter();
        for row in &self.rows {
            let p = chances[*row as usize];
            for_each_outcome(mdp, *row as usize, |_, _, chance| {
                let way = *way_of.next().expect("as many as outcomes");
                self.ways[way as usize].chance += p * chance;
            });
        }
    }

    /// Replaces the law of the present state by that of the next; `scratch` is overwritten.
    pub(super) fn onward(&self, states: &mut Vec<f64>, scratch: &mut Vec<f64>) {
        scratch.clear();
        scratch.resize(states.len(), 0.0);
        for (visits, of) in states.iter().zip(self.first.windows(2)) {
            for way in &self.ways[of[0] as usize..of[1] as usize] {
                scratch[way.next as usize] += visits * way.chance;
            }
        }
        std::mem::swap(states, scratch);
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
