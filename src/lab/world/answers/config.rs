//! What a config may say about a world of answers.

use crate::numerics::error::{ConfigError, check_feature_names, check_names};
use crate::numerics::ranges::{
    Correlation, Count, Finite, Freedom, LogDeviation, Positive, Probability, unless_given,
};
use crate::numerics::words::count;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// Prompts, each with `answers` candidates drawn from the reference policy.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// Prompts per trial; measurements average over them.
    #[serde(default = "unless_given::eight")]
    pub prompts: Count,
    /// Candidates K drawn for each prompt from the reference policy.
    #[serde(default = "unless_given::four_thousand")]
    pub answers: Count,
    /// The features of an answer, by name.
    pub features: IndexMap<String, Feature>,
    /// A budget that some features share.
    pub budget: Option<Budget>,
}

const MOST_BYTES: u64 = 2 << 30;
const MOST_FEATURES: u64 = 1000;

impl Answers {
    /// Every name by which a config can address features, and the columns it
    /// stands for: a feature's own name stands for all its copies, and where
    /// it has a curvature, `NAME_squared` likewise for their squares.
    pub fn addresses(&self) -> IndexMap<String, Vec<String>> {
        self.addresses_of(Feature::groups)
    }

    /// The addresses of some groups of each feature.
    fn addresses_of(&self, groups: fn(&Feature, &str) -> Vec<Group>) -> IndexMap<String, Vec<String>> {
        let mut addresses = IndexMap::new();
        for (group, columns) in self.features.iter().flat_map(|(name, feature)| groups(feature, name)) {
            addresses.insert(group, columns.clone());
            addresses.extend(columns.into_iter().map(|column| (column.clone(), vec![column])));
        }
        addresses
    }

    /// Checks what the types cannot say.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let path = "world.answers.features";
        if self.features.is_empty() {
            let message = "a world needs at least one feature";
            return Err(ConfigError::new(path, message, "e.g. insight = { gold = 1 }"));
        }
        check_feature_names(path, self.features.keys())?;
        self.check_size()?;
        self.check_clashes()?;
        for (name, feature) in &self.features {
            if let Some(other) = feature.correlation.keys().find(|other| !self.features.contains_key(*other))
            {
                let known = self.features.keys().map(String::as_str);
                let path = format!("{path}.{name}.correlation.{other}");
                return Err(ConfigError::unknown(&path, "feature", other, known).at_key());
            }
        }
        // What is drawn shares a budget and makes products, and not what is made of it.
        let drawn = self.addresses_of(|feature, name| match feature.product {
            None => feature.groups(name).drain(..1).collect(),
            Some(_) => Vec::new(),
        });
        for (name, feature) in &self.features {
            feature.check_product(&format!("{path}.{name}.product"), &drawn)?;
        }
        self.budget.as_ref().map_or(Ok(()), |budget| budget.check(&drawn))
    }

    /// How many feature columns there are.
    pub(crate) fn width(&self) -> u64 {
        self.features.values().map(Feature::width).sum()
    }

    fn check_size(&self) -> Result<(), ConfigError> {
        let (prompts, answers) = (u64::from(self.prompts.get()), u64::from(self.answers.get()));
        let features = self.width();
        if features > MOST_FEATURES {
            let (widest, _) = self.features.iter().max_by_key(|(_, f)| f.width()).expect("not empty");
            let path = format!("world.answers.features.{widest}.count");
            let message = format!("{features} features, copies and squares included, are too many");
            return Err(ConfigError::new(&path, message, format!("at most {MOST_FEATURES}")));
        }
        let bytes = prompts.saturating_mul(answers).saturating_mul(8 * (features + 8));
        if bytes > MOST_BYTES {
            let message = format!(
                "{} × {} × {} need {:.1} GiB",
                count(prompts, "prompt"),
                count(answers, "answer"),
                count(features, "feature"),
                bytes as f64 / f64::from(1 << 30)
            );
            let help = "at most 2 GiB: fewer answers or prompts";
            return Err(ConfigError::new("world.answers.answers", message, help));
        }
        Ok(())
    }

    fn check_clashes(&self) -> Result<(), ConfigError> {
        let mut owners: IndexMap<String, &str> = IndexMap::new();
        for (name, feature) in &self.features {
            for (group, columns) in feature.groups(name) {
                for made in [group].into_iter().chain(columns) {
                    let Some(other) = owners.insert(made.clone(), name).filter(|other| other != name) else {
                        continue;
                    };
                    let message = format!("`{name}` and `{other}` both make a feature called `{made}`");
                    let path = format!("world.answers.features.{name}");
                    return Err(ConfigError::new(&path, message, "rename one of them").at_key());
                }
            }
        }
        Ok(())
    }
}

/// A name, and the columns that it stands for.
type Group = (String, Vec<String>);

impl Feature {
    /// The columns it makes: its copies and, where it is curved, their squares.
    pub(super) fn columns(&self, name: &str) -> [Vec<String>; 2] {
        let copies: Vec<String> = match self.count {
            None => vec![name.to_owned()],
            Some(count) => (1..=count.get()).map(|i| format!("{name}_{i}")).collect(),
        };
        let curved = copies.iter().filter(|_| self.curvature.is_some());
        let squares = curved.map(|copy| format!("{copy}_squared")).collect();
        [copies, squares]
    }

    /// The names that stand for its columns: its own and, where it is curved,
    /// that of its square.
    fn groups(&self, name: &str) -> Vec<Group> {
        let [copies, squares] = self.columns(name);
        let square = (!squares.is_empty()).then(|| (format!("{name}_squared"), squares));
        [(name.to_owned(), copies)].into_iter().chain(square).collect()
    }

    fn check_product(&self, path: &str, drawn: &IndexMap<String, Vec<String>>) -> Result<(), ConfigError> {
        let Some(of) = &self.product else { return Ok(()) };
        for (i, name) in of.iter().enumerate() {
            if drawn.get(name).is_none_or(|columns| columns.len() != 1) {
                let names =
                    drawn.iter().filter(|(_, columns)| columns.len() == 1).map(|(name, _)| name.as_str());
                return Err(ConfigError::unknown(
                    &format!("{path}.{i}"),
                    "single feature that is drawn",
                    name,
                    names,
                ));
            }
        }
        let more = self.tail != Tail::Normal
            || self.count.is_some()
            || self.curvature.is_some()
            || !self.correlation.is_empty();
        if more {
            let message =
                "a product is made of others: it has no tail, count, curvature or correlation of its own";
            return Err(ConfigError::new(path, message, "take these away, or the product"));
        }
        Ok(())
    }

    fn width(&self) -> u64 {
        let copies = self.count.map_or(1, |count| u64::from(count.get()));
        if self.curvature.is_none() { copies } else { 2 * copies }
    }
}

impl Budget {
    fn check(&self, addresses: &IndexMap<String, Vec<String>>) -> Result<(), ConfigError> {
        let path = "world.answers.budget.features";
        check_names(path, &self.features, addresses)?;
        if self.features.iter().flat_map(|name| &addresses[name]).count() < 2 {
            let message = "a budget is shared by at least two features";
            return Err(ConfigError::new(path, message, "name another, or drop the budget"));
        }
        Ok(())
    }
}

/// One feature of an answer, or `count` exchangeable copies of it.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    /// Gold weight: what one unit of the feature is truly worth.
    #[serde(default)]
    pub gold: Finite,
    /// Gold weight of the derived feature `NAME_squared` = x² − E₀x², which
    /// exists where this is given, 0 included (overseers may value it).
    pub curvature: Option<Finite>,
    /// The law of the feature under the reference policy.
    #[serde(default)]
    pub tail: Tail,
    /// Copies `NAME_1` … `NAME_count`, mutually uncorrelated; `NAME` addresses all.
    pub count: Option<Count>,
    /// Makes it the product of two other features, less its mean: an interaction, which neither tells by itself.
    pub product: Option<[String; 2]>,
    /// Correlations with other features; both must have normal tails.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub correlation: IndexMap<String, Correlation>,
}

/// The law of a feature under the reference policy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Tail {
    /// Standard normal.
    #[default]
    Normal,
    /// `scale` times Student's t with `df` degrees of freedom (not standardised).
    StudentT {
        /// Degrees of freedom.
        df: Freedom,
        /// Factor on the variate.
        #[serde(default = "unless_given::one")]
        scale: Positive,
    },
    /// exp(sigma·z) − 1: log-normal with log-mean 0, minus its median.
    LogNormal {
        /// Standard deviation of the logarithm.
        sigma: LogDeviation,
    },
    /// Something an answer has or has not: 1 with a chance, else 0.
    Rare {
        /// The chance.
        chance: Probability,
    },
}

/// Features that share a budget: x ← x − mean(x) + total/m over its m members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// The features that share it; a counted feature brings all its copies.
    pub features: Vec<String>,
    /// What they always add up to.
    #[serde(default)]
    pub total: Finite,
}
