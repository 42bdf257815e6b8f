//! The stationary policy that is best over an endless horizon, at a price of KL; see [`crate::lab::solve`].

use super::{Axis, Optimizer, Reached};
use crate::lab::mdp::{Learned, Mdp};
use crate::lab::policy::Policy;
use crate::lab::solve::{Endless, check_told_apart, keep_reference_where_unvisited};
use crate::numerics::error::ConfigError;
use crate::numerics::ranges::{Discount, Levels, Positive};
use crate::numerics::rng::Streams;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Soft value iteration without end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SoftValueIteration {
    /// Price of a nat of KL.
    pub beta: Levels<Positive>,
    /// γ: weight of a step relative to the one before it.
    pub discount: Discount,
}

impl Optimizer for SoftValueIteration {
    fn axis(&self) -> Axis {
        Axis { key: "beta", words: "β, price of a nat of KL", levels: self.beta.numbers(), falls: true }
    }

    fn run(&self, mdp: &Mdp, reward: &Learned, _: Streams, visit: &mut dyn FnMut(Reached)) {
        let mut value = vec![0.0; mdp.states()];
        for beta in self.beta.numbers() {
            let problem = Endless { mdp, table: &reward.0, beta, discount: self.discount.get() };
            let mut policy = Policy { chances: problem.solve(&mut value) };
            keep_reference_where_unvisited(mdp, &mut policy.chances);
            visit(Reached::policy(mdp, beta, policy));
        }
    }

    fn check_table(&self, mdp: &Mdp) -> Result<(), ConfigError> {
        let fault = [
            "optimizer.soft_value_iteration",
            "the policy cannot tell all states of this world apart, and no stationary policy of views is exact",
            "use tilt or policy_gradient, or a world whose states are all told apart",
        ];
        check_told_apart(mdp, |s| mdp.rows_of(s).len() > 1, fault)
    }
}
