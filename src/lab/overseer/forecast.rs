//! Foresight: an overseer who adds to what it sees of a step how much better it takes the future to be after it.
//!
//! Approval of a step is V(next) − V(now), with V the overseer's forecast of all that is to come. It is a potential:
//! over an episode that comes to its end it cancels but for where it starts, and what an optimizer makes of
//! it depends on how far it looks (Farquhar et al. 2025, "MONA": myopic optimisation with non-myopic approval).
//! (The trap: V takes a whole episode to be still to come, since a table of rewards has no clock. So where time
//! runs out before the end, V of the last state is left over.)

use crate::lab::mdp::{Mdp, Outcomes};
use crate::lab::overseer::{Overseer, Reward};
use crate::lab::policy::Policy;
use crate::lab::solve::{best_values, values};
use crate::lab::world::{Blueprint, Screen, World};
use crate::numerics::error::ConfigError;
use crate::numerics::math::largest;
use crate::numerics::ranges::NonNegative;
use crate::numerics::rng::{Purpose, Streams, normal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An overseer's forecast of what is to come, which is added to what it sees as V(next) − V(now).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ForecastConfig {
    /// Of what policy.
    pub of: ForecastOf,
    /// Whether it does not know of the mechanism by which the world deceives, and takes what is shown for what is.
    pub blind: bool,
    /// Standard deviation of an error on V of every state, the same at all times, drawn once per trial.
    pub noise: NonNegative,
}

/// The policy that a forecast is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ForecastOf {
    /// The one that is optimal for the overseer's values.
    #[default]
    Optimal,
    /// The reference policy.
    Reference,
}

impl Default for ForecastConfig {
    fn default() -> Self {
        Self { of: ForecastOf::Optimal, blind: false, noise: NonNegative::new(0.0).expect("in range") }
    }
}

/// A forecast of one repetition.
#[derive(Clone, Debug)]
pub struct Forecast {
    of: ForecastOf,
    blind: bool,
    /// The error of every state; \[states\].
    noise: Vec<f64>,
}

impl ForecastConfig {
    /// That of one repetition.
    ///
    /// # Errors
    /// Answers, which have no future; symbols, which tell of whole episodes; a world without a mechanism that
    /// one may not know of.
    pub(super) fn forecast(&self, blueprint: &Blueprint, streams: Streams) -> Result<Forecast, ConfigError> {
        let fault = |path: &str, message, help| Err(ConfigError::new(path, message, help));
        let compiled = match blueprint.compiled() {
            Some(compiled) if matches!(compiled.screen, Screen::Sensors { .. }) => compiled,
            _ => {
                let message = "a forecast is of the steps to come, and here whole episodes are judged";
                return fault(
                    "overseer.forecast",
                    message,
                    "take it away, or use a world over time with sensors",
                );
            }
        };
        if self.blind && compiled.supposed.is_none() {
            let message = "this world has no mechanism that a forecast could be blind to";
            return fault("overseer.forecast.blind", message, "use world.camera_dropbox, or take it away");
        }
        if compiled.mdp.merges_views() {
            let message =
                "a forecast is of states, and the policy cannot tell all states of this world apart";
            return fault(
                "overseer.forecast",
                message,
                "take it away, or use a world whose states are told apart",
            );
        }
        let mut rng = streams.stream(Purpose::OverseerError, "forecast", 0);
        let noise = compiled.mdp.over().into_iter().map(|over| {
            let error = self.noise.get() * normal(&mut rng);
            // What is over has nothing to come, and nobody errs about that.
            if over { 0.0 } else { error }
        });
        Ok(Forecast { of: self.of, blind: self.blind, noise: noise.collect() })
    }
}

impl Forecast {
    /// V of every state, with a whole episode to come; \[states\].
    pub fn values(&self, world: &World, overseer: &Overseer) -> Vec<f64> {
        let supposed = world.blueprint().compiled().and_then(|compiled| compiled.supposed.as_ref());
        let mdp: &Mdp = supposed.filter(|_| self.blind).map_or(&world.mdp, |supposed| supposed);
        let table = mdp.features.combine(&overseer.values, 0.0);
        let value = match self.of {
            ForecastOf::Optimal => best_values(mdp, &table),
            ForecastOf::Reference => values(mdp, &Policy::reference(mdp), &table),
        };
        value.iter().zip(&self.noise).map(|(value, error)| value + error).collect()
    }

    /// What it sees, and its approval.
    pub(crate) fn approve(&self, world: &World, overseer: &Overseer, seen: Reward) -> Reward {
        let (mdp, value) = (&world.mdp, self.values(world, overseer));
        let Outcomes::Moves { next, .. } = &mdp.outcomes else { return seen };
        let approval = |k: usize| value[next[k] as usize] - value[mdp.state_of(mdp.row_of(k))];
        let table = seen.table.iter().enumerate().map(|(k, r)| r + approval(k)).collect();
        Reward { table, terms: seen.terms + 2.0 * largest(&value) }
    }
}
