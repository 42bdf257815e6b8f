//! Where a policy is at work, beside where it is trained.

use crate::lab::inputs::Gate;
use crate::lab::mdp::Mdp;

/// Laws of episodes that nobody trains on, and what is asked of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    /// Chance of starting in each state, in deployment; \[states\].
    pub start: Vec<f64>,
    /// The same of watched episodes; \[states\].
    pub watched: Vec<f64>,
    /// The same of unwatched episodes; \[states\].
    pub unwatched: Vec<f64>,
    /// Whether an episode that starts in a state is watched, and whether the policy's cue
    /// says so; of starts. \[states\]
    pub seen: Vec<bool>,
    /// See `seen`; \[states\].
    pub told: Vec<bool>,
    /// Contexts in which power can be seized, if there are any.
    pub opportunity: Option<Contexts>,
}

/// Contexts of one step, in each of which a policy seizes power or leaves it.
#[derive(Clone, Debug, PartialEq)]
pub struct Contexts {
    /// The row of every state that seizes it; \[states\].
    pub seizes: Vec<u32>,
    /// Law of the states that are probes; `None` without any. \[states\]
    pub probes: Option<Vec<f64>>,
    /// Law of the states that are ordinary work; \[states\].
    pub work: Vec<f64>,
    /// The states where training speaks of opportunities: probes, else ordinary work.
    pub trained: Vec<u32>,
    /// Which policies are released, by what they do in probes.
    pub gate: Option<Gate>,
}

impl Deployment {
    /// Adds the state after the end, where nothing starts.
    pub(super) fn push_end(&mut self) {
        for law in [&mut self.start, &mut self.watched, &mut self.unwatched] {
            law.push(0.0);
        }
        for flags in [&mut self.seen, &mut self.told] {
            flags.push(true);
        }
    }
}

impl Contexts {
    /// Log-odds of seizing in state `s`.
    pub(crate) fn log_odds(&self, mdp: &Mdp, chances: &[f64], s: usize) -> f64 {
        let seizes = self.seizes[s] as usize;
        let leaves: f64 = mdp.rows_of(s).filter(|row| *row != seizes).map(|row| chances[row]).sum();
        crate::numerics::math::ln(chances[seizes] / leaves)
    }
}
