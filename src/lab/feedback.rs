//! What is asked of the overseer: how many queries, about whose episodes,
//! chosen how, told about by whom.

use crate::lab::inputs::Inputs;
use crate::lab::overseer::Overseer;
use crate::lab::policy::Episode;
use crate::lab::protocol::Protocol;
use crate::lab::query::Query;
use crate::lab::world::Blueprint;
use crate::numerics::error::ConfigError;
use crate::numerics::ranges::{Count, Positive};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// Queries over all rounds where neither `labels` nor a `budget` is given.
pub const LABELS: u32 = 1000;

const MOST_LABELS: u32 = 10_000_000;
const MOST_ROUNDS: u32 = 1000;
const MOST_SHOWN: u32 = 1000;

/// The queries of a trial.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Feedback {
    /// Queries over all rounds, skips included; 1000 unless given or a budget is.
    pub labels: Option<u32>,
    /// Instead of `labels`: what may be spent at the overseer's prices.
    pub budget: Option<Positive>,
    /// Steps of the segments that are compared; whole episodes from the same start
    /// unless given. A segment begins at any step that is played early enough for it, each by itself.
    pub segment: Option<Count>,
    /// Whether pairs that look alike to the overseer, feature by feature, are passed over and drawn again, a hundred
    /// times at most; false unless given.
    pub distinct: bool,
    /// Turns of label, fit, optimise; each optimises from the reference policy.
    pub rounds: Count,
    /// Whose episodes are labelled.
    pub from: From,
    /// Which episodes there are.
    pub inputs: Inputs,
    /// How the pairs to be labelled are chosen.
    pub query: Query,
    /// How many answers are shown in a query; 2 unless given. Of more than two the overseer picks one.
    pub among: Count,
    /// How often a pair is asked about.
    pub asked: Asked,
    /// Who helps the overseer, by telling it what it does not see.
    pub protocol: Protocol,
}

impl Default for Feedback {
    fn default() -> Self {
        Self {
            labels: None,
            budget: None,
            segment: None,
            distinct: false,
            rounds: Count::new(1).expect("in range"),
            from: From::Reference,
            inputs: Inputs::Training,
            query: Query::Uniform,
            among: Count::new(2).expect("in range"),
            asked: Asked::Once,
            protocol: Protocol::Direct,
        }
    }
}

impl Feedback {
    /// Writes the default number of labels where nothing else is given.
    pub(crate) fn settle(&mut self) {
        if self.labels.is_none() && self.budget.is_none() {
            self.labels = Some(LABELS);
        }
    }

    /// Checks what the types cannot say, given whom queries are put to.
    ///
    /// # Errors
    /// Labels and budget both given, a budget that buys labels for nothing,
    /// too many labels or rounds.
    pub fn check(&self, overseer: &Overseer, blueprint: &Blueprint) -> Result<(), ConfigError> {
        if let (Some(labels), Some(budget)) = (self.labels, self.budget) {
            let message = format!("both labels = {labels} and budget = {:?} are given", budget.get());
            let help = "give one of them; in a patch, `feedback.labels = {}` takes the other away";
            return Err(ConfigError::new("feedback.budget", message, help));
        }
        if self.budget.is_some() && self.price(overseer, blueprint) == 0.0 {
            let message = "a budget buys no end of labels that cost nothing";
            return Err(ConfigError::new(
                "feedback.budget",
                message,
                "give labels instead, or prices above 0: of a label, or of the truth that stands in for it",
            ));
        }
        let (labels, rounds) = (self.queries(overseer, blueprint), self.rounds.get());
        if labels > MOST_LABELS {
            let (path, message) = match self.budget {
                None => ("feedback.labels", format!("{labels} labels are too many")),
                Some(budget) => {
                    ("feedback.budget", format!("a budget of {:?} buys too many labels", budget.get()))
                }
            };
            return Err(ConfigError::new(path, message, format!("at most {MOST_LABELS} labels")));
        }
        if rounds > MOST_ROUNDS {
            let message = format!("{rounds} rounds are too many");
            return Err(ConfigError::new("feedback.rounds", message, format!("at most {MOST_ROUNDS}")));
        }
        if rounds > 1 && rounds > labels {
            let message = format!("{rounds} rounds are more than there are labels: {labels}");
            return Err(ConfigError::new("feedback.rounds", message, "every round needs at least one label"));
        }
        self.check_questions()
    }

    /// Checks what is shown in a query, and how it is chosen.
    fn check_questions(&self) -> Result<(), ConfigError> {
        let among = self.among.get();
        if !(2..=MOST_SHOWN).contains(&among) {
            let message = format!("a query shows from 2 to {MOST_SHOWN} answers, and not {among}");
            return Err(ConfigError::new("feedback.among", message, "leave it out for pairs"));
        }
        self.query.check()?;
        let fault = |path, message: &str, help| Err(ConfigError::new(path, message, help));
        if among > 2 && self.query != Query::Uniform {
            let message = "rules choose pairs, and a query shows more than two answers";
            return fault("feedback.query", message, "use query = \"uniform\", or take among away");
        }
        if among > 2 && self.distinct {
            let message = "a query shows more than two answers, and not pairs that could look alike";
            return fault("feedback.distinct", message, "take it away, or among");
        }
        if among > 2 && self.asked != Asked::Once {
            let message = "pairs are asked about again, and a query shows more than two answers";
            return fault("feedback.asked", message, "use asked = \"once\", or take among away");
        }
        if among > 2 && self.protocol.tells() {
            let message = "helpers tell of pairs, and a query shows more than two answers";
            return fault("feedback.protocol", message, "use protocol = \"direct\", or take among away");
        }
        if self.query != Query::Uniform && self.rounds.get() == 1 {
            let message = format!("`{}` never chooses in one round: the first is uniform", self.query.name());
            let help = "give feedback.rounds, e.g. 4; a rule goes by the model of the rounds before";
            return Err(ConfigError::new("feedback.query", message, help));
        }
        Ok(())
    }

    /// Checks that segments fit into the episodes of a world.
    ///
    /// # Errors
    /// Segments of answers, or longer than an episode.
    pub fn check_segment(&self, blueprint: &Blueprint) -> Result<(), ConfigError> {
        let (path, segment) = ("feedback.segment", self.segment.map_or(1, Count::get));
        match blueprint {
            Blueprint::AnswerLaw(_) if self.segment.is_some() => Err(ConfigError::new(
                path,
                "an answer has no segments",
                "take it away, or use a world over time",
            )),
            Blueprint::Compiled(world) if segment > world.mdp.horizon => {
                let message = format!("a segment of {segment} steps is longer than an episode");
                Err(ConfigError::new(path, message, format!("at most {}, the horizon", world.mdp.horizon)))
            }
            Blueprint::AnswerLaw(_) | Blueprint::Compiled(_) => Ok(()),
        }
    }

    /// Steps of what is compared: segments, or whole episodes.
    pub fn steps(&self, blueprint: &Blueprint) -> u32 {
        self.segment
            .map_or_else(|| blueprint.compiled().map_or(1, |compiled| compiled.mdp.horizon), Count::get)
    }

    /// What a query costs on average, skipped or not: a label, the audits and calls
    /// of a red team that its pair takes, and what is told of it.
    pub fn price(&self, overseer: &Overseer, blueprint: &Blueprint) -> f64 {
        let (slots, steps, mut prices) =
            (overseer.slots.len(), self.steps(blueprint), overseer.prices.clone());
        if self.among.get() > 2 {
            prices.label = prices.demonstration;
        }
        self.inputs.price(&prices) + self.protocol.price(slots, steps, &prices)
    }

    /// Queries over all rounds: as given, or what the budget buys.
    pub fn queries(&self, overseer: &Overseer, blueprint: &Blueprint) -> u32 {
        match (self.labels, self.budget) {
            (Some(labels), _) => labels,
            (None, Some(budget)) => affordable(budget.get(), self.price(overseer, blueprint)),
            (None, None) => LABELS,
        }
    }
}

/// What the `place`-th of so many gets of a total, the first ones taking what is left over; from 1.
pub(crate) fn share_of(total: u32, among: u32, place: u32) -> u32 {
    total / among + u32::from(place <= total % among)
}

/// How many things at `price` a budget buys; 0.3 buys three at 0.1, whatever the rounding.
fn affordable(budget: f64, price: f64) -> u32 {
    (budget / price * (1.0 + 1e-12)).min(f64::from(u32::MAX)) as u32
}

/// Whose episodes are labelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum From {
    /// The reference policy's.
    Reference,
    /// The latest policy's (the reference policy's in the first round).
    Policy,
}

/// How often a pair is asked about, each time as a query with its price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// Once.
    #[default]
    Once,
    /// Twice, in the same order.
    Twice,
    /// Once in either order, so that what is said for the place of an answer and not for the answer cancels.
    BothWays,
}

impl Asked {
    /// Pairs that so many queries are about: of an odd number the last is asked about once.
    pub(crate) fn pairs(self, queries: u32) -> u32 {
        if self == Self::Once { queries } else { queries.div_ceil(2) }
    }

    /// The queries about these pairs, at most so many.
    pub(crate) fn queries(self, pairs: Vec<Episode>, at_most: u32) -> Vec<Episode> {
        let again = |[first, second]: &[Episode; 2]| match self {
            Self::Twice => [first.clone(), second.clone(), first.clone(), second.clone()],
            Self::Once | Self::BothWays => [first.clone(), second.clone(), second.clone(), first.clone()],
        };
        match self {
            Self::Once => pairs,
            _ => pairs.as_chunks().0.iter().flat_map(again).take(2 * at_most as usize).collect(),
        }
    }
}
