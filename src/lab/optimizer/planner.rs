//! Receding horizon: at every step, what would be best if the episode were over
//! after the next `depth` steps.
//!
//! At step t it takes the first step of the policy that maximises the rewards of
//! steps t … min(t + depth, H) − 1, tied rows in proportion to the reference mass
//! of what they lead to, as in the greedy limit; and then it thinks again. With
//! depth ≥ H that is the greedy limit. Or tied rows share by their own reference mass alone, as who looks at the next
//! step only and at no others.
//!
//! The trick: where states are told apart, the best first step depends on how
//! many steps are looked at and not on when, so the plan of every depth stands
//! in the greedy limit already, `depth` steps before its end. Where a view is
//! of several states their shares change with time, and each step is planned anew.

use super::{Axis, Optimizer, Reached};
use crate::lab::mdp::{Learned, Mdp};
use crate::lab::policy::Policy;
use crate::lab::solve::greedy;
use crate::numerics::ranges::{Count, Levels};
use crate::numerics::rng::Streams;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Looks some steps ahead and takes the best.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Planner {
    /// Steps it looks ahead.
    pub depth: Levels<Count>,
    /// How actions share that are equally good.
    #[serde(default)]
    pub ties: Ties,
}

/// How actions share that are equally good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ties {
    /// By the reference mass of all the best ways on from them: the limit of a tilt.
    #[default]
    Mass,
    /// By their own chance under the reference policy.
    Evenly,
}

impl Optimizer for Planner {
    fn axis(&self) -> Axis {
        Axis { key: "depth", words: "steps of look-ahead", levels: self.depth.numbers(), falls: false }
    }

    fn run(&self, mdp: &Mdp, reward: &Learned, _: Streams, visit: &mut dyn FnMut(Reached)) {
        let evenly = self.ties == Ties::Evenly;
        let whole = greedy(mdp, &reward.0, 0..mdp.horizon as usize, evenly).policy;
        let rows = mdp.row_count();
        let horizon = mdp.horizon as usize;
        for depth in self.depth.as_slice() {
            let mut chances = Vec::with_capacity(whole.chances.len());
            for step in 0..horizon {
                let end = horizon.min(step + depth.get() as usize);
                if end < horizon && mdp.merges_views() {
                    chances
                        .extend_from_slice(&greedy(mdp, &reward.0, step..end, evenly).policy.chances[..rows]);
                } else {
                    chances.extend_from_slice(whole.at(mdp, (horizon + step - end) as u32));
                }
            }
            let policy = Policy { chances };
            visit(Reached::policy(mdp, f64::from(depth.get()), policy));
        }
    }
}
