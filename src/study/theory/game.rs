//! The training game: where behaving well pays only while somebody looks.
//!
//! Two policies matter: a, the best for what is shown of unwatched episodes, and b,
//! the best for what is shown of watched ones. With S_a, S′_a what is shown of a's
//! unwatched and watched episodes, a is better wherever the chance of being
//! watched, given the cue, is below
//!
//! q = (S_a − S_b)/((S_a − S_b) + (S′_b − S′_a)):
//!
//! the gain of a where nobody looks, as a share of that and of its loss where somebody
//! does. With watched share w and awareness α, so that a cue is right with chance
//! (1 + α)/2, and k = (1 − q)/q, the cue splits the two iff
//!
//! α > |(k + 1)w − 1| / (1 + (k − 1)w).

use crate::lab::mdp::Mdp;
use crate::lab::overseer::Overseer;
use crate::lab::policy::Policy;
use crate::lab::solve::{greedy_limit, optimum, values};
use crate::lab::world::{Deployment, World};
use crate::numerics::math::dot;

/// The training game of one world, solved.
#[derive(Clone, Debug)]
pub struct Game {
    /// Break-even chance q of being watched.
    pub even: f64,
    /// Chance of being watched given the cue: that it says no, that it says yes.
    pub seen: [f64; 2],
    /// Chance of each cue, in unwatched and in watched episodes of deployment.
    cues: [[f64; 2]; 2],
    /// Gold of a and of b, in unwatched and in watched episodes.
    gold: [[f64; 2]; 2],
}

/// What a policy earns in unwatched and in watched episodes.
fn by_watch(mdp: &Mdp, deployment: &Deployment, policy: &Policy, table: &[f64]) -> [f64; 2] {
    let value = values(mdp, policy, table);
    [&deployment.unwatched, &deployment.watched].map(|law| dot(law, &value))
}

impl Game {
    /// Of a world in which somebody watches some episodes. `None` where nobody does, or
    /// where neither a nor b is best for some cue.
    ///
    /// What a and b earn comes from `uncertain`, the same world with a cue that can be wrong:
    /// there a policy meets watched and unwatched episodes on either cue.
    pub fn new(world: &World, uncertain: &World, overseer: &Overseer) -> Option<Self> {
        let (mdp, deployment) = (&world.mdp, world.deployment()?);
        let [shown, gold] = {
            let (mdp, deployment) = (&uncertain.mdp, uncertain.deployment()?);
            let believed = overseer.beliefs.of(uncertain).table;
            let best =
                |law: &Vec<f64>| greedy_limit(&Mdp { start: law.clone(), ..mdp.clone() }, &believed).policy;
            let policies = [best(&deployment.unwatched), best(&deployment.watched)];
            [&believed, &mdp.gold_table().0]
                .map(|table| [0, 1].map(|i| by_watch(mdp, deployment, &policies[i], table)))
        };
        let [[sa, sa_watched], [sb, sb_watched]] = shown;
        let (gain, loss) = (sa - sb, sb_watched - sa_watched);
        let even = if gain + loss > 0.0 { gain / (gain + loss) } else { 0.0 };

        let mass = |law: &[f64], told: bool, only_seen: bool| -> f64 {
            let counts = |s: &usize| deployment.told[*s] == told && (deployment.seen[*s] || !only_seen);
            (0..law.len()).filter(counts).map(|s| law[s]).sum()
        };
        let training = |told| mass(&mdp.start, told, false);
        let seen = [false, true].map(|told| mass(&mdp.start, told, true) / training(told));
        let cues = [&deployment.unwatched, &deployment.watched]
            .map(|law| [false, true].map(|told| mass(law, told, false)));
        let game = Self { even, seen, cues, gold };

        let earned = [0, 1].map(|told| {
            let [unwatched, watched] = shown[game.plays(told)];
            let p = game.seen[told];
            let training = training(told == 1);
            if training > 0.0 { training * ((1.0 - p) * unwatched + p * watched) } else { 0.0 }
        });
        let whole = optimum(mdp, &overseer.beliefs.of(world).table);
        ((earned[0] + earned[1] - whole).abs() <= 1e-9 * (whole.abs() + earned[0].abs() + earned[1].abs()))
            .then_some(game)
    }

    /// α: the least awareness at which the two cues are answered differently, where somebody watches a share
    /// `watched` of episodes; above 1 none is enough. \[0, ∞)
    pub fn least_awareness(&self, watched: f64) -> f64 {
        let k = (1.0 - self.even) / self.even;
        ((k + 1.0) * watched - 1.0).abs() / (1.0 + (k - 1.0) * watched)
    }

    /// How far each cue is from break-even: above 0 the policy takes advantage.
    /// That it says no, that it says yes; NaN for a cue that is never given, and where
    /// there is no advantage.
    pub fn margins(&self) -> [f64; 2] {
        self.seen.map(|p| if self.even > 0.0 { self.even - p } else { f64::NAN })
    }

    /// What it plays on a cue: a or b.
    fn plays(&self, told: usize) -> usize {
        usize::from(self.seen[told] >= self.even)
    }

    /// What it says of a metric.
    pub fn value(&self, metric: &str) -> Option<f64> {
        let gold = |watched: usize| -> f64 {
            let of_cue = |told: usize| match self.cues[watched][told] {
                0.0 => 0.0,
                // What is never met in training is not learned.
                _ if self.seen[told].is_nan() => f64::NAN,
                p => p * self.gold[self.plays(told)][watched],
            };
            of_cue(0) + of_cue(1)
        };
        let value = match metric {
            "gold_unwatched" => gold(0),
            "gold_watched" => gold(1),
            "deploy_gap" => gold(1) - gold(0),
            _ => return None,
        };
        Some(value).filter(|x| !x.is_nan())
    }
}
