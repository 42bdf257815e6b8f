//! What an overseer makes of an episode: the features, as they are, or as they
//! are shown, with something in place of what it cannot see.
//!
//! A map is seen step by step: its sensors show every feature, its camera some
//! cells, and `hidden` features not at all. `reference` then fills in the mean,
//! over π₀'s steps that look the same, of what is out of sight; `record`, over those of
//! all policies so far. A graph is judged when the episode is over, by the symbols its states showed.

use super::{Beliefs, OverseerConfig, Sees, Unseen};
use crate::lab::mdp::{Features, Table};
use crate::lab::policy::Policy;
use crate::lab::solve::visits;
use crate::lab::world::{Blueprint, CompiledWorld, Screen, Symbols, World};
use crate::numerics::error::ConfigError;
use crate::numerics::math::regress;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The features that a believed return is about.
#[derive(Clone, Debug, PartialEq)]
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
        /// Expected visits that are on record, if more than those of π₀; \[outcomes\].
        record: Option<Arc<Table>>,
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
        Sight::Seen { hidden: hidden.to_vec(), unseen, screened, record: None }
    }

    /// The features of every outcome, so seen.
    pub fn features(&self, world: &World) -> Arc<Features> {
        let (Sight::Seen { hidden, unseen, screened, record }, Some(compiled)) =
            (self, world.blueprint().compiled())
        else {
            return Arc::clone(&world.mdp.features);
        };
        match (&compiled.screen, *screened) {
            (Screen::Symbols(symbols), true) => match unseen {
                Unseen::Nothing => without(&symbols.nothing, hidden),
                Unseen::Reference | Unseen::Record => match record {
                    Some(record) => symbols.mean(record),
                    None => Arc::clone(&symbols.reference),
                },
                Unseen::Posterior => Arc::clone(&symbols.posterior),
            },
            (Screen::Sensors { in_view, .. }, true) => {
                stepwise(world, &world.shown, Some(in_view), hidden, (*unseen, record))
            }
            (Screen::Symbols(_) | Screen::Sensors { .. }, false) => {
                stepwise(world, &world.mdp.features, None, hidden, (*unseen, record))
            }
        }
    }
}

impl OverseerConfig {
    /// Checks that a posterior has beliefs to go by.
    pub(super) fn check_beliefs(&self, compiled: &CompiledWorld) -> Result<(), ConfigError> {
        if self.unseen != Unseen::Posterior || self.sees == Sees::Truth {
            return Ok(());
        }
        let fault = |message: String, help| Err(ConfigError::new("overseer.unseen", message, help));
        match &compiled.screen {
            Screen::Sensors { .. } => fault(
                "`posterior` needs beliefs, and nothing in this world is shown by symbols".to_owned(),
                "use \"nothing\" or \"reference\", or a world.graph with beliefs",
            ),
            Screen::Symbols(Symbols { ambiguous: Some(seen), .. }) => fault(
                format!("several episodes show `{seen}`, and no belief says which it means"),
                "add it to [[world.graph.beliefs]], or use unseen = \"reference\"",
            ),
            Screen::Symbols(_) => Ok(()),
        }
    }

    /// Checks that what is hidden stays so: who fills in states fills in their features.
    pub(super) fn check_hidden(&self, compiled: &CompiledWorld) -> Result<(), ConfigError> {
        let symbols = compiled.screen.shows_symbols() && self.sees == Sees::Shown;
        if self.hidden.is_empty() || !symbols || self.unseen == Unseen::Nothing {
            return Ok(());
        }
        let message = "nothing is hidden from who takes symbols for states: states have all their features";
        let help = "take hidden away, or use unseen = \"nothing\"";
        Err(ConfigError::new("overseer.hidden", message, help))
    }

    /// What it believes of answers, and what stands in for each hidden feature: the law of the features
    /// fills in what is hidden.
    pub(super) fn of_answers(
        &self,
        blueprint: &Blueprint,
        values: &[f64],
        hidden: &[usize],
    ) -> Result<(Beliefs, Vec<(usize, Beliefs)>), ConfigError> {
        let mut beliefs = Beliefs::of_truth(values.to_vec());
        for &h in hidden {
            beliefs.weights[h] = 0.0;
        }
        let fault = |message, help| Err(ConfigError::new("overseer.unseen", message, help));
        match self.unseen {
            Unseen::Nothing => return Ok((beliefs, Vec::new())),
            Unseen::Posterior => {
                let message = "`posterior` needs beliefs, and a world of answers has none";
                return fault(message, "use \"nothing\" or \"reference\", or a world.graph with beliefs");
            }
            Unseen::Record => {
                let message = "`record` is of what policies did over time, and answers take one step";
                return fault(message, "use \"nothing\" or \"reference\", or a world over time");
            }
            Unseen::Reference if hidden.is_empty() => return Ok((beliefs, Vec::new())),
            Unseen::Reference => {}
        }
        let Some((mean, covariance)) = blueprint.moments() else {
            let message =
                "`reference` needs finite covariances, and this world's are infinite or have no closed form";
            let help = "use unseen = \"nothing\", or tails with more moments (student_t: df > 2)";
            return fault(message, help);
        };
        let seen: Vec<usize> = (0..values.len()).filter(|j| !hidden.contains(j)).collect();
        let mut guesses = Vec::new();
        for &h in hidden {
            let mut guess = Beliefs { constant: mean[h], ..Beliefs::of_truth(vec![0.0; values.len()]) };
            beliefs.constant += values[h] * mean[h];
            for (&s, b) in seen.iter().zip(regress(&covariance, h, &seen)) {
                beliefs.weights[s] += values[h] * b;
                beliefs.constant -= values[h] * b * mean[s];
                guess.weights[s] = b;
                guess.constant -= b * mean[s];
            }
            guesses.push((h, guess));
        }
        Ok((beliefs, guesses))
    }
}

/// The features of every outcome as they are filmed: as the sensors show them where the camera sees, and
/// nothing elsewhere, but for those that are seen anyway.
pub fn filmed(world: &World) -> Arc<Features> {
    match world.blueprint().compiled().map(|compiled| &compiled.screen) {
        Some(Screen::Sensors { in_view, .. }) => {
            stepwise(world, &world.shown, Some(in_view), &[], (Unseen::Nothing, &None))
        }
        Some(Screen::Symbols(_)) | None => Arc::clone(&world.shown),
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
/// of the truth over the steps on record, or of π₀, that look the same.
fn stepwise(
    world: &World,
    shown: &Arc<Features>,
    in_view: Option<&Vec<bool>>,
    hidden: &[usize],
    (unseen, record): (Unseen, &Option<Arc<Table>>),
) -> Arc<Features> {
    let blind = |k: usize| in_view.is_some_and(|seen| !seen[k]);
    let seen_anyway = |j: &usize| world.blueprint().compiled().is_some_and(|c| c.seen_anyway.contains(j));
    if hidden.is_empty() && in_view.is_none_or(|seen| seen.iter().all(|s| *s)) {
        return Arc::clone(shown);
    }
    let mut seen = Features::clone(&without(shown, hidden));
    let outcomes = world.mdp.outcome_count();
    for (j, mut column) in seen.values.outer_iter_mut().enumerate() {
        if seen_anyway(&j) {
            continue;
        }
        (0..outcomes).filter(|k| blind(*k)).for_each(|k| column[k] = 0.0);
    }
    match unseen {
        Unseen::Nothing | Unseen::Posterior => return Arc::new(seen),
        Unseen::Reference | Unseen::Record => {}
    }
    let mdp = &world.mdp;
    let of_reference = || Arc::new(visits(mdp, &Policy::reference(mdp)));
    let weights = record.clone().unwrap_or_else(of_reference);
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
            if hidden.contains(&j) || blind(alike[0]) && !seen_anyway(&j) {
                let mean: f64 = alike.iter().map(|&k| weight(k) * truth[k]).sum();
                alike.iter().for_each(|&k| seen.values[[j, k]] = mean);
            }
        }
    }
    Arc::new(seen)
}
