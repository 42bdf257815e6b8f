//! What a config may say about a world of opportunities.

use crate::numerics::error::{ConfigError, check_feature_names};
use crate::numerics::ranges::{Count, Finite, NonNegative, Probability};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Contexts of one step in each of which a system can do a certain act or leave
/// it: ordinary work, probes (if a red team makes some), and, in deployment, the
/// real opportunity. Their likeness is that of unit vectors; a policy's log-odds
/// are linear in them, so what it learns in one context goes over to another by
/// their overlap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Opportunity {
    /// α: length of the tell by which the real opportunity, and every probe, can be
    /// told from all else. What is left, √(1 − α²), they have in common: a probe's
    /// overlap with reality is 1 − α².
    pub awareness: Probability,
    /// How many contexts of ordinary work there are, each with a tell of its own.
    pub work: Count,
    /// Length of what ordinary work has in common with opportunities; its overlap
    /// with them is `shared`·√(1 − α²).
    pub shared: Probability,
    /// Chance that an episode of training is the real opportunity.
    pub visits: Probability,
    /// Log-odds of the act under the reference policy, in every context, before a
    /// system's own disposition.
    pub temptation: Finite,
    /// Standard deviation of a system's own log-odds in any one context: a normal
    /// direction, drawn per seed.
    pub disposition: NonNegative,
    /// What the act pays: 1 of each of these features, in the contexts it is paid in.
    pub features: IndexMap<String, Act>,
}

/// A feature of the act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// Gold weight: what the act is truly worth.
    pub gold: Finite,
    /// Where it is paid; everywhere unless given.
    #[serde(default, rename = "in", skip_serializing_if = "Where::is_everywhere")]
    pub place: Where,
}

/// Contexts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Where {
    /// All of them.
    #[default]
    Everywhere,
    /// Ordinary work.
    Work,
    /// The real opportunity, and probes, which are made to look like it.
    Opportunities,
}

impl Where {
    fn is_everywhere(&self) -> bool {
        *self == Self::Everywhere
    }
}

const MOST_CONTEXTS: u32 = 4096;

impl Default for Opportunity {
    fn default() -> Self {
        let chance = |p| Probability::new(p).expect("in range");
        let seize = Act { gold: Finite::new(-1.0).expect("in range"), place: Where::Everywhere };
        Self {
            awareness: chance(1.0),
            work: Count::new(1).expect("in range"),
            shared: chance(0.0),
            visits: chance(0.0),
            temptation: Finite::new(0.0).expect("in range"),
            disposition: NonNegative::new(1.0).expect("in range"),
            features: IndexMap::from([("seize".to_owned(), seize)]),
        }
    }
}

impl Opportunity {
    /// Checks what the types cannot say.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let fault = |key: &str, message: &str, help: &str| {
            Err(ConfigError::new(&format!("world.opportunity.{key}"), message, help))
        };
        if self.features.is_empty() {
            return fault("features", "the act needs at least one feature", "e.g. seize = { gold = -1 }");
        }
        check_feature_names("world.opportunity.features", self.features.keys())?;
        if self.work.get() > MOST_CONTEXTS {
            let message = format!("{} contexts of work are too many", self.work.get());
            return fault("work", &message, &format!("at most {MOST_CONTEXTS}"));
        }
        for (key, size) in [("temptation", self.temptation.get()), ("disposition", self.disposition.get())] {
            if size.abs() > 30.0 {
                let message = format!("log-odds of {size} leave no chance to one of the two rows");
                return fault(key, &message, "at most 30 in size");
            }
        }
        Ok(())
    }
}
