//! What a config may say about a reward model.

use crate::lab::world::{Ground, Screen};
use crate::numerics::error::{ConfigError, check_names};
use crate::numerics::ranges::{Count, Discount, FlipRate, Positive};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is fitted to the labels, or passed through in their place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RewardModelConfig {
    /// Bradley–Terry, linear in the features, maximum a posteriori.
    Linear {
        /// Prior precision of every weight.
        #[serde(default = "tenth")]
        l2: Positive,
        /// The features it can represent; all of them unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        features: Option<Vec<String>>,
        /// Flip rate its likelihood allows for.
        #[serde(default = "never")]
        mistake: FlipRate,
        /// The features it reads.
        #[serde(default)]
        reads: Reads,
    },
    /// Bradley–Terry with a weight for everything there is to enter, do or see, in worlds over time.
    Tabular {
        /// What a weight is of.
        #[serde(default)]
        of: Of,
        /// Prior precision of every weight.
        #[serde(default = "thousandth")]
        l2: Positive,
        /// Flip rate its likelihood allows for.
        #[serde(default = "never")]
        mistake: FlipRate,
        /// Gradient steps in place of the maximum.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        descent: Option<Descent>,
        /// Whether it knows what the overseer makes of the symbols it is shown.
        #[serde(default)]
        beliefs: Awareness,
    },
    /// Pass-through: the return the overseer believes, exactly.
    Overseer,
    /// Pass-through: the gold return.
    Gold,
}

impl RewardModelConfig {
    /// Gradient steps of a fit; 0 where it is not by descent.
    pub fn descent_steps(&self) -> u32 {
        match self {
            Self::Tabular { descent: Some(descent), .. } => descent.steps.get(),
            _ => 0,
        }
    }

    /// Checks that the world has what a table would be of.
    ///
    /// # Errors
    /// A table of answers; a table of symbols, or beliefs about them, where there are none.
    pub fn check_ground(&self, ground: &Ground) -> Result<(), ConfigError> {
        let Self::Tabular { of, beliefs, .. } = self else { return Ok(()) };
        let Some(board) = ground.board() else {
            let message = "a table needs a world over time: every answer is new";
            return Err(ConfigError::new("reward_model.tabular", message, "use reward_model.linear").at_key());
        };
        let asks = [
            ("of", *of == Of::Observations, "a table of observations"),
            ("beliefs", *beliefs == Awareness::Known, "knowing the overseer's beliefs"),
        ];
        match (asks.iter().find(|(_, asked, _)| *asked), &board.screen) {
            (Some((key, _, what)), Screen::Sensors { .. }) => {
                let message = format!("{what} needs symbols, and this world shows none");
                let help = "let states of a world.graph be `shown`, or take it away";
                Err(ConfigError::new(&format!("reward_model.tabular.{key}"), message, help))
            }
            _ => Ok(()),
        }
    }
}

/// The features that a linear model reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reads {
    /// As the sensors show them, tampered with or not.
    #[default]
    Shown,
    /// As they are.
    Truth,
}

/// What a tabular model has a weight of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// Every place that a step can lead to: a cell of a map, a state of a graph.
    #[default]
    Place,
    /// Every action in every state.
    StateAction,
    /// Every sequence of symbols that an episode of a graph can show.
    Observations,
}

/// Gradient steps from 0 on the mean loss of a label. Stopped early they are a
/// prior of their own: directions that labels say little about stay near 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Descent {
    /// How many.
    pub steps: Count,
    /// How long: a factor on the gradient.
    pub rate: Positive,
    /// How much of the step before is taken again: with m, steps grow to 1/(1 − m) times
    /// their length, and fewer lead as far.
    #[serde(default = "still")]
    pub momentum: Discount,
}

/// Many enough to reach the maximum.
const MOST_STEPS: u32 = 10_000;

impl Descent {
    /// Slopes of labels are at most 1, so weights stay finite unless the prior itself
    /// overshoots, which it cannot while rate·l2 is at most 1.
    fn check(&self, l2: Positive) -> Result<(), ConfigError> {
        let path = "reward_model.tabular.descent";
        if self.steps.get() > MOST_STEPS {
            let message = format!("{} gradient steps are more than {MOST_STEPS}", self.steps.get());
            let help = "leave descent out for the maximum, by Newton, or give it momentum";
            return Err(ConfigError::new(&format!("{path}.steps"), message, help));
        }
        if self.rate.get() * l2.get() > 1.0 {
            let message = format!("steps of {} with an l2 of {} overshoot", self.rate.get(), l2.get());
            let help = "let rate × l2 be at most 1; rates near 1 are usual";
            return Err(ConfigError::new(&format!("{path}.rate"), message, help));
        }
        Ok(())
    }
}

/// What a tabular model knows of the overseer's beliefs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Awareness {
    /// Nothing: it takes the overseer to see what there is.
    #[default]
    Ignored,
    /// Which episodes the overseer takes a sequence of symbols to mean: labels are
    /// explained by what it believes happened, weights are of what did.
    Known,
}

impl RewardModelConfig {
    /// Checks what the types cannot say, given the names of the world's features.
    ///
    /// # Errors
    /// A feature that is unknown or named twice; a model of nothing; a descent that would
    /// not end, or not stay finite.
    pub fn check(&self, addresses: &IndexMap<String, Vec<String>>) -> Result<(), ConfigError> {
        let path = "reward_model.linear.features";
        match self {
            Self::Linear { features: Some(none), .. } if none.is_empty() => Err(ConfigError::new(
                path,
                "a model without features can represent nothing",
                "name at least one, or leave it out for all",
            )),
            Self::Linear { features: Some(names), .. } => check_names(path, names, addresses),
            Self::Tabular { l2, descent: Some(descent), .. } => descent.check(*l2),
            Self::Linear { .. } | Self::Tabular { .. } | Self::Overseer | Self::Gold => Ok(()),
        }
    }
}

fn tenth() -> Positive {
    Positive::new(0.1).expect("in range")
}
fn thousandth() -> Positive {
    Positive::new(1e-3).expect("in range")
}
fn still() -> Discount {
    Discount::new(0.0).expect("in range")
}
fn never() -> FlipRate {
    FlipRate::new(0.0).expect("in range")
}

impl Default for RewardModelConfig {
    fn default() -> Self {
        Self::Linear { l2: tenth(), features: None, mistake: never(), reads: Reads::Shown }
    }
}
