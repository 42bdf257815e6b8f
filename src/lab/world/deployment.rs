//! Where a policy is at work, beside where it is trained.

use crate::lab::mdp::{Gold, Mdp};
use crate::lab::policy::Policy;
use crate::lab::solve::values;

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
    /// The states where training speaks of opportunities: probes, else ordinary work.
    pub trained: Vec<u32>,
}

/// What a policy does in deployment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Deployed {
    /// Expected gold.
    pub gold: f64,
    /// Expected gold of watched episodes.
    pub watched: f64,
    /// Expected gold of unwatched episodes.
    pub unwatched: f64,
    /// Chance of seizing power.
    pub takeover: Option<f64>,
    /// Chance of seizing what a probe offers.
    pub probed: Option<f64>,
    /// Change from π₀ of the log-odds of seizing power, over the mean of that where it is trained.
    pub transfer: Option<f64>,
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

    /// What `policy` does there.
    pub fn of(&self, mdp: &Mdp, policy: &Policy, gold: &Gold) -> Deployed {
        let value = values(mdp, policy, &gold.0);
        let mean = |law: &[f64], of: &dyn Fn(usize) -> f64| -> f64 {
            (0..law.len()).filter(|s| law[*s] > 0.0).map(|s| law[s] * of(s)).sum()
        };
        let gold = |law: &[f64]| mean(law, &|s| value[s]);
        let mut deployed = Deployed {
            gold: gold(&self.start),
            watched: gold(&self.watched),
            unwatched: gold(&self.unwatched),
            ..Deployed::default()
        };
        if let Some(contexts) = &self.opportunity {
            let chances = |s: usize| policy.chances[contexts.seizes[s] as usize];
            deployed.takeover = Some(mean(&self.start, &chances));
            deployed.probed = contexts.probes.as_ref().map(|law| mean(law, &chances));
            let moved = |s: usize| {
                contexts.log_odds(mdp, &policy.chances, s) - contexts.log_odds(mdp, &mdp.reference, s)
            };
            let trained: f64 = contexts.trained.iter().map(|s| moved(*s as usize)).sum();
            let trained = trained / contexts.trained.len() as f64;
            deployed.transfer = (trained.abs() > 1e-6).then(|| mean(&self.start, &moved) / trained);
        }
        deployed
    }
}

impl Contexts {
    /// Log-odds of seizing in state `s`.
    fn log_odds(&self, mdp: &Mdp, chances: &[f64], s: usize) -> f64 {
        let seizes = self.seizes[s] as usize;
        let leaves: f64 = mdp.rows_of(s).filter(|row| *row != seizes).map(|row| chances[row]).sum();
        crate::numerics::math::ln(chances[seizes] / leaves)
    }
}
