//! Going from state to state under a policy that does not change: outcomes that
//! lead from one state to another are one.

use super::for_each_outcome;
use crate::mdp::Mdp;

/// Chances of going from state to state, zeros left out.
pub(crate) struct Flow {
    /// First entry of each state, and the number of entries; \[states + 1\].
    first: Vec<u32>,
    next: Vec<u32>,
    chance: Vec<f64>,
}

impl Flow {
    /// Of a policy with these chances of every row.
    pub(crate) fn new(mdp: &Mdp, chances: &[f64]) -> Self {
        let mut flow = Self { first: vec![0], next: Vec::new(), chance: Vec::new() };
        // Where each state stands among those at hand; before `begin` it does not.
        let mut place = vec![usize::MAX; mdp.states()];
        for s in 0..mdp.states() {
            let begin = flow.next.len();
            for row in mdp.rows_of(s).filter(|row| chances[*row] > 0.0) {
                for_each_outcome(mdp, row, |_, next, chance| {
                    let at = place[next];
                    if at != usize::MAX && at >= begin {
                        flow.chance[at] += chances[row] * chance;
                    } else {
                        place[next] = flow.next.len();
                        flow.next.push(next as u32);
                        flow.chance.push(chances[row] * chance);
                    }
                });
            }
            flow.first.push(flow.next.len() as u32);
        }
        flow
    }

    /// The law of the next state, from that of the present one.
    pub(super) fn onward(&self, states: &[f64]) -> Vec<f64> {
        let mut onward = vec![0.0; states.len()];
        for (s, visits) in states.iter().enumerate() {
            self.of(s).for_each(|(t, chance)| onward[t] += visits * chance);
        }
        onward
    }

    /// What state `s` leads to, and with what chance.
    fn of(&self, s: usize) -> impl Iterator<Item = (usize, f64)> {
        let of = self.first[s] as usize..self.first[s + 1] as usize;
        self.next[of.clone()].iter().map(|t| *t as usize).zip(self.chance[of].iter().copied())
    }

    /// The chance of going from `s` to `t`.
    pub(crate) fn between(&self, s: usize, t: usize) -> f64 {
        self.of(s).find(|(next, _)| *next == t).map_or(0.0, |(_, chance)| chance)
    }

    /// Expected value of the state after `s`.
    pub(crate) fn expected(&self, s: usize, value: &[f64]) -> f64 {
        self.of(s).map(|(t, chance)| chance * value[t]).sum()
    }
}
