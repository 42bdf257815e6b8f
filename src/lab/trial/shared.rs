//! What the trials of one world share.

use crate::lab::Setup;
use crate::lab::hearing::Hearing;
use crate::lab::mdp::{Gold, Mdp};
use crate::lab::measure::{Yardstick, expected_gold};
use crate::lab::optimizer::OptimizerConfig;
use crate::lab::overseer::{Overseer, Reward};
use crate::lab::reward_model::learned;
use crate::lab::world::World;
use crate::numerics::rng::Streams;
use std::sync::Arc;

/// Gold of the pass-throughs by level of pressure: of the policy of S as heard, of S if everything were
/// told, and of gold. Exact where the optimizer is; a sampled optimizer may by luck do better than its own
/// ceiling.
pub(super) type Ceilings = [Vec<f64>; 3];

/// What the trials of one world share: gold of the policies that pass-throughs lead to,
/// and the latest yardstick. For one draw of features in one repetition; within it, keyed
/// by all that shapes them, so it never changes a number.
#[derive(Default)]
pub struct SharedInWorld {
    passed_through: Vec<(Reward, Gold, OptimizerConfig, Vec<f64>)>,
    latest: Option<Arc<Yardstick>>,
}

impl SharedInWorld {
    pub(super) fn ceilings(
        &mut self,
        setup: &Setup,
        world: &World,
        overseer: &Overseer,
        hearing: &Hearing,
        streams: Streams,
    ) -> Ceilings {
        let (mdp, gold) = (&world.mdp, world.mdp.gold_table());
        let of_gold = Reward::linear(&mdp.features, &mdp.gold, 0.0);
        [hearing.mean.clone(), overseer.seeing_everything.of(world), of_gold]
            .map(|reward| self.gold_of_pass_through(reward, &gold, &setup.optimizer, mdp, streams))
    }

    /// Gold of the policies that a reward leads to when passed through, by level of pressure.
    fn gold_of_pass_through(
        &mut self,
        reward: Reward,
        gold: &Gold,
        optimizer: &OptimizerConfig,
        mdp: &Mdp,
        streams: Streams,
    ) -> Vec<f64> {
        let known =
            self.passed_through.iter().find(|(r, g, o, _)| *r == reward && g == gold && o == optimizer);
        if let Some((.., golds)) = known {
            return golds.clone();
        }
        let mut golds = Vec::new();
        optimizer.optimise(mdp, &learned(mdp, &reward), streams, |reached| {
            golds.push(expected_gold(&reached, gold))
        });
        self.passed_through.push((reward, gold.clone(), optimizer.clone(), golds.clone()));
        golds
    }

    pub(super) fn yardstick(
        &mut self,
        world: &World,
        overseer: &Overseer,
        hearing: &Hearing,
    ) -> Arc<Yardstick> {
        let (mdp, gold) = (&world.mdp, world.mdp.gold_table());
        let (believed, heard) = (overseer.beliefs.of(world).table, &hearing.mean.table);
        let known = self.latest.take().filter(|known| known.is_of(&gold, &believed, heard));
        let yardstick = known.unwrap_or_else(|| Arc::new(Yardstick::aided(mdp, gold, believed, heard)));
        self.latest = Some(Arc::clone(&yardstick));
        yardstick
    }
}
