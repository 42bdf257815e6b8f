//! What a linear model makes of how sure it is: an ensemble of fits to resampled labels, and a lower bound.

use super::posterior::variance;
use super::{Comparisons, Posterior};
use crate::lab::mdp::{Mdp, Table};
use crate::lab::overseer::Reward;
use crate::numerics::math::largest;
use crate::numerics::ranges::{Count, NonNegative};
use crate::numerics::rng::{Rng, uniform};
use crate::numerics::stats::mean;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Fits to labels that are drawn with replacement from those there are, as many. (Without it all members
/// would be one: the loss is convex.)
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Bootstrap {
    /// How many fits, from 2 to 1000.
    pub members: Count,
    /// What is made of them.
    pub take: Take,
}

/// What an ensemble takes the reward of an outcome to be. Members are 0 on average under π₀ first, since
/// nothing else of their level is learned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Take {
    /// The mean of the members.
    #[default]
    Mean,
    /// The least of them.
    Min,
    /// The mean, less so many times the variance (over members, not members − 1).
    LessVariance(NonNegative),
}

impl Default for Bootstrap {
    fn default() -> Self {
        Self { members: Count::new(5).expect("in range"), take: Take::Mean }
    }
}

impl Take {
    /// The reward that it makes of the members'.
    pub(super) fn of(self, members: &[Table]) -> Reward {
        let mut of = vec![0.0; members.len()];
        let mut take = |k: usize| {
            of.iter_mut().zip(members).for_each(|(x, table)| *x = table[k]);
            match self {
                Take::Mean => mean(&of),
                Take::Min => of.iter().copied().fold(f64::INFINITY, f64::min),
                Take::LessVariance(times) => mean(&of) - times.get() * variance(&of),
            }
        };
        let table: Table = (0..members[0].len()).map(&mut take).collect();
        Reward { terms: members.iter().map(|table| largest(table)).sum::<f64>() + largest(&table), table }
    }
}

/// So many posterior standard deviations below a reward.
pub(super) fn below(mdp: &Mdp, reward: Reward, posterior: &Posterior, radius: f64) -> Reward {
    let spread = posterior.spread(mdp);
    let terms = reward.terms + radius * largest(&spread);
    let table = reward.table.iter().zip(&spread).map(|(r, sd)| r - radius * sd).collect();
    Reward { table, terms }
}

impl Comparisons {
    /// As many comparisons, drawn from these with replacement.
    pub(super) fn resampled(&self, rng: &mut Rng) -> Self {
        let n = self.labels.len();
        let mut drawn = Self { width: self.width, ..Self::default() };
        for _ in 0..n {
            let i = (uniform(rng) * n as f64) as usize;
            drawn.differences.extend_from_slice(&self.differences[i * self.width..][..self.width]);
            drawn.labels.push(self.labels[i]);
            drawn.by.extend(self.by.get(i));
        }
        drawn
    }
}
