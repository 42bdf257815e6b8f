//! What an overseer makes of an episode: the features, as they are, or as they
//! are shown, with something in place of what it cannot see.
//!
//! A map is seen step by step: its sensors show every feature, its camera some
//! cells, and `hidden` features not at all. `reference` then fills in the mean,
//! over π₀'s steps that look the same, of what is out of sight. A graph is judged
//! when the episode is over, by the symbols its states showed.

use super::{Sees, Unseen};
use crate::lab::mdp::Features;
use crate::lab::policy::Policy;
use crate::lab::solve::visits;
use crate::lab::world::{CompiledWorld, Screen, World};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The features that a believed return is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// As they are.
    Truth,
    /// As seen in a world over time.
    Seen {
        /// The features that cannot be seen, by column.
        hidden: Vec<usize>,
        /// What stands in for what cannot be seen.
        unseen: Unseen,
        /// Whether sensors, camera and symbols are in between.
        screened: bool,
    },
}

impl Sight {
    /// Of what `sees` names, without the `hidden` features.
    pub(super) fn new(sees: Sees, unseen: Unseen, hidden: &[usize], compiled: &CompiledWorld) -> Self {
        let clear = match &compiled.screen {
            Screen::Sensors { shown, in_view } => {
                *shown == compiled.mdp.features && in_view.iter().all(|seen| *seen)
            }
            Screen::Symbols(_) => false,
        };
        let screened = sees == Sees::Shown && !clear;
        if !screened && hidden.is_empty() {
            return Sight::Truth;
        }
        Sight::Seen { hidden: hidden.to_vec(), unseen, screened }
    }

    /// The features of every outcome, so seen.
    pub fn features(&self, world: &World) -> Arc<Features> {
        let (Sight::Seen { hidden, unseen, screened }, Some(compiled)) = (self, world.blueprint().compiled())
        else {
            return Arc::clone(&world.mdp.features);
        };
        match (&compiled.screen, *screened) {
            (Screen::Symbols(symbols), true) => match unseen {
                Unseen::Nothing => without(&symbols.nothing, hidden),
                Unseen::Reference => Arc::clone(&symbols.reference),
                Unseen::Posterior => Arc::clone(&symbols.posterior),
            },
            (Screen::Sensors { in_view, .. }, true) => {
                stepwise(world, &world.shown, Some(in_view), hidden, *unseen)
            }
            (Screen::Symbols(_) | Screen::Sensors { .. }, false) => {
                stepwise(world, &world.mdp.features, None, hidden, *unseen)
            }
        }
    }
}

fn without(features: &Arc<Features>, hidden: &[usize]) -> Arc<Features> {
    if hidden.is_empty() {
        return Arc::clone(features);
    }
    let mut seen = Features::clone(features);
    hidden.iter().for_each(|&h| seen.column_mut(h).fill(0.0));
    Arc::new(seen)
}

/// Step by step: what is shown, where it is in view; else nothing, or the mean
/// of the truth over the steps of π₀ that look the same.
fn stepwise(
    world: &World,
    shown: &Arc<Features>,
    in_view: Option<&Vec<bool>>,
    hidden: &[usize],
    unseen: Unseen,
) -> Arc<Features> {
    let blind = |k: usize| in_view.is_some_and(|seen| !seen[k]);
    if hidden.is_empty() && in_view.is_none_or(|seen| seen.iter().all(|s| *s)) {
        return Arc::clone(shown);
    }
    let mut seen = Features::clone(&without(shown, hidden));
    let outcomes = world.mdp.outcome_count();
    for mut column in seen.values.outer_iter_mut() {
        (0..outcomes).filter(|k| blind(*k)).for_each(|k| column[k] = 0.0);
    }
    match unseen {
        Unseen::Nothing | Unseen::Posterior => return Arc::new(seen),
        Unseen::Reference => {}
    }
    let mdp = &world.mdp;
    let weights = visits(mdp, &Policy::reference(mdp));
    // Steps that look the same: one group, and its mass and sums.
    let mut looks: BTreeMap<Vec<u64>, Vec<usize>> = BTreeMap::new();
    for k in 0..outcomes {
        let mut look = vec![u64::from(blind(k))];
        look.extend(seen.columns().map(|c| (c[k] + 0.0).to_bits()));
        looks.entry(look).or_default().push(k);
    }
    for alike in looks.values() {
        let mass: f64 = alike.iter().map(|&k| weights[k]).sum();
        // Steps that π₀ never takes look like nothing it knows: all alike.
        let weight = |k: usize| if mass > 0.0 { weights[k] / mass } else { 1.0 / alike.len() as f64 };
        for (j, truth) in mdp.features.columns().enumerate() {
            if hidden.contains(&j) || blind(alike[0]) {
                let mean: f64 = alike.iter().map(|&k| weight(k) * truth[k]).sum();
                alike.iter().for_each(|&k| seen.values[[j, k]] = mean);
            }
        }
    }
    Arc::new(seen)
}
