//! What a config may say about an overseer.

use super::{Annotator, ForecastConfig, annotators};
use crate::numerics::error::{ConfigError, check_feature_names, check_names};
use crate::numerics::ranges::{Count, Extended, Finite, NonNegative, Probability, unless_given};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// Who judges: what they see, what stands in for the rest, what they value,
/// how they choose.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OverseerConfig {
    /// What it looks at, in worlds over time.
    pub sees: Sees,
    /// Features it cannot see.
    pub hidden: Vec<String>,
    /// What stands in for the features it cannot see.
    pub unseen: Unseen,
    /// Weights it holds where they differ from gold.
    pub believes: IndexMap<String, Finite>,
    /// Standard deviation of a random error on every weight, drawn once per trial.
    pub error: Option<NonNegative>,
    /// Several raters who share the work, each with an error of its own.
    pub crowd: Option<Crowd>,
    /// How it takes the future to turn out, over time: what it hears of a step is what it sees of it, and how much
    /// better it takes the future to be after it.
    pub forecast: Option<ForecastConfig>,
    /// How far it lets itself be told that what it values is worth something else: 0, not at all, unless
    /// given; at 1 it takes gold's weight for every feature that it is told of.
    pub open: Probability,
    /// Features that rest on one premise, by the premise's name: they are told together.
    pub premises: IndexMap<String, Vec<String>>,
    /// Chance that it notices a feature, in every query by itself; 1 unless given. What goes unnoticed counts as
    /// nothing in all that is shown.
    pub attention: Probability,
    /// How believed returns become labels.
    pub choice: Choice,
    /// What its help costs.
    pub prices: Prices,
    /// Who answers in its place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub annotators: Vec<Annotator>,
}

impl Default for OverseerConfig {
    fn default() -> Self {
        Self {
            sees: Sees::Shown,
            hidden: Vec::new(),
            unseen: Unseen::Nothing,
            believes: IndexMap::new(),
            error: None,
            crowd: None,
            forecast: None,
            open: unless_given::never(),
            premises: IndexMap::new(),
            attention: unless_given::always(),
            choice: Choice::default(),
            prices: Prices::default(),
            annotators: Vec::new(),
        }
    }
}

impl OverseerConfig {
    /// Checks what the types cannot say, given the names of the world's features.
    pub fn check(&self, addresses: &IndexMap<String, Vec<String>>) -> Result<(), ConfigError> {
        check_names("overseer.hidden", &self.hidden, addresses)?;
        let believed: Vec<String> = self.believes.keys().cloned().collect();
        check_names("overseer.believes", &believed, addresses).map_err(|mut fault| {
            // What is a place in a list there is a key of a table here.
            let place = fault.path.pop().and_then(|i| i.parse::<usize>().ok()).expect("a place");
            fault.path.push(believed[place].clone());
            fault.at_key()
        })?;
        for (name, features) in &self.premises {
            let path = format!("overseer.premises.{name}");
            if features.is_empty() {
                let help = "name features that rest on it, or take it away";
                return Err(ConfigError::new(&path, format!("nothing rests on the premise `{name}`"), help));
            }
            if addresses.contains_key(name) {
                let message = format!("`{name}` is a feature, and cannot be a premise as well");
                return Err(ConfigError::new(&path, message, "give the premise another name").at_key());
            }
            check_names(&path, features, addresses)?;
            let columns = |features: &[String]| features.iter().flat_map(|f| addresses[f].clone()).collect();
            let mine: Vec<String> = columns(features);
            let before = self.premises.iter().take_while(|(other, _)| *other != name);
            for (other, theirs) in before {
                if let Some(both) = columns(theirs).into_iter().find(|column| mine.contains(column)) {
                    let message = format!("`{both}` rests on two premises, `{other}` and `{name}`");
                    return Err(ConfigError::new(&path, message, "name it in one of them"));
                }
            }
        }
        check_feature_names("overseer.premises", self.premises.keys())?;
        if let Some(Crowd { raters, .. }) = self.crowd
            && raters.get() > MOST_RATERS
        {
            let message = format!("{} raters are too many", raters.get());
            return Err(ConfigError::new("overseer.crowd.raters", message, format!("at most {MOST_RATERS}")));
        }
        if self.crowd.is_some() && self.error.is_none() {
            let message = "raters differ by their errors, and no error is given";
            let help = "give overseer.error, e.g. 0.5, or take the crowd away";
            return Err(ConfigError::new("overseer.crowd", message, help));
        }
        self.choice.check()?;
        annotators::check(self, addresses)
    }
}

const MOST_RATERS: u32 = 1000;

/// Raters who answer one query each.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Crowd {
    /// How many there are; each query goes to one of them, each as likely.
    pub raters: Count,
    /// The share of the variance of their errors that they have in common.
    pub common: Probability,
}

/// What an overseer looks at in a world over time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sees {
    /// What sensors, camera and symbols show, tampered with or not.
    #[default]
    Shown,
    /// The world as it is.
    Truth,
}

/// What stands in for what the overseer cannot see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unseen {
    /// Zero.
    #[default]
    Nothing,
    /// The mean of what looks the same under the reference policy: of answers the best
    /// linear predictor from what is seen, over time the exact conditional mean.
    Reference,
    /// The beliefs that a graph gives.
    Posterior,
    /// The same mean over what all policies so far did, the reference policy first and then that
    /// of each round.
    Record,
}

/// How believed returns become labels.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Choice {
    /// β: log-odds of a preference per unit of believed return; `inf` is perfectly rational.
    pub rationality: Extended,
    /// γ: weight of a step relative to the one after it; the last step weighs 1.
    pub discount: Probability,
    /// ε: chance that an answer is flipped.
    pub mistake: Probability,
    /// Skip the pair if neither believed return is above this.
    pub skip: Option<Finite>,
    /// Call the pair equal if the believed returns differ by less than this.
    pub equal: Option<NonNegative>,
    /// b: log-odds added for the segment shown first.
    pub position: Option<Finite>,
    /// Follow a peer's order and conventions exactly.
    pub compat: Option<Compat>,
}

impl Default for Choice {
    fn default() -> Self {
        Self {
            rationality: Extended::new(1.0).expect("in range"),
            discount: Probability::new(1.0).expect("in range"),
            mistake: Probability::new(0.0).expect("in range"),
            skip: None,
            equal: None,
            position: None,
            compat: None,
        }
    }
}

impl Choice {
    fn check(&self) -> Result<(), ConfigError> {
        let rationality = self.rationality.get();
        if rationality <= 0.0 && self.compat != Some(Compat::Bpref) {
            let message =
                format!("a rationality of {rationality} is out of range: this must be above 0, or inf");
            let help = "under compat = \"bpref\" 0 and less mean perfectly rational";
            return Err(ConfigError::new("overseer.choice.rationality", message, help));
        }
        let off = [
            ("skip", self.skip.is_some()),
            ("equal", self.equal.is_some()),
            ("position", self.position.is_some()),
        ];
        match off.iter().find(|(_, given)| *given && self.compat == Some(Compat::Imitation)) {
            None => Ok(()),
            Some((name, _)) => {
                let message = format!("compat = \"imitation\" knows no {name}");
                let help = format!("take away {name} or compat");
                Err(ConfigError::new(&format!("overseer.choice.{name}"), message, help))
            }
        }
    }
}

/// A peer whose label semantics are followed exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Compat {
    /// B-Pref (Lee et al. 2021): rationality ≤ 0 is rational, a tie goes to the first.
    Bpref,
    /// imitation 1.0.1: the *first* step weighs 1, mistakes mix ε/2 + (1−ε)p.
    Imitation,
}

/// What an overseer's help costs, in any one currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Prices {
    /// One query, answered or skipped.
    pub label: NonNegative,
    /// One thing told of one answer, or of one of its steps.
    pub reveal: NonNegative,
    /// One call of a helper: who tells things of a pair, or makes a probe for a red team.
    pub call: NonNegative,
    /// One audit of a pair of episodes.
    pub audit: NonNegative,
    /// One query that ground truth answers in place of the overseer.
    pub truth: NonNegative,
    /// One query in which more than two answers are shown, and one of them is picked.
    pub demonstration: NonNegative,
}

impl Default for Prices {
    fn default() -> Self {
        let one = NonNegative::new(1.0).expect("in range");
        Self { label: one, reveal: one, call: one, audit: one, truth: one, demonstration: one }
    }
}
