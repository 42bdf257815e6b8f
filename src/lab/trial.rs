//! One trial: the loop.
//!
//! ```text
//! world → episodes → overseer → labels → reward model → optimizer → measurement
//! ```

use crate::lab::Setup;
use crate::lab::feedback::{From, Query};
use crate::lab::measure::{Metrics, Yardstick, expected_gold, measure, ratio};
use crate::lab::optimizer::OptimizerConfig;
use crate::lab::overseer::{Beliefs, Label, Overseer};
use crate::lab::policy::Policy;
use crate::lab::query::{Comparison, Pairs};
use crate::lab::reward_model::{Quality, RewardModel, learned};
use crate::lab::world::World;
use crate::numerics::ranges::Count;
use crate::numerics::rng::{Purpose, Streams};

/// What was measured of one policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Round, from 1.
    pub round: u32,
    /// Level of the optimizer's pressure axis.
    pub pressure: f64,
    /// The metrics.
    pub metrics: Metrics,
    /// Expected total of each feature under the policy; \[features\].
    pub features: Vec<f64>,
    /// Learned weight of each feature, in log-odds (of a pass-through: in units of gold);
    /// `None` where the model cannot represent it. \[features\]
    pub weights: Vec<Option<f64>>,
}

/// A look at the inside of a round.
pub struct Inside<'a> {
    /// Round, from 1.
    pub round: u32,
    /// All labels so far.
    pub labels: &'a [Comparison],
    /// What was fitted to them.
    pub model: &'a RewardModel,
    /// How well it predicts held-out labels.
    pub quality: &'a Quality,
}

/// Runs one trial of `setup` in `world`. `memo` carries what trials in the
/// same world share; `look` sees each round before its policy is optimised.
pub fn run(
    setup: &Setup,
    world: &World,
    overseer: &Overseer,
    streams: Streams,
    memo: &mut Memo,
    mut look: impl FnMut(Inside<'_>),
) -> Vec<Record> {
    let mdp = &world.mdp;
    let feedback = &setup.feedback;
    // One so far; another needs its place in the loop below.
    let Query::Uniform = feedback.query;
    let price = feedback.price(&overseer.prices);
    let queries = if setup.reward_model.learns() { feedback.queries(&overseer.prices) } else { 0 };
    let segment = feedback.segment.map(Count::get);
    let ceilings = memo.ceilings(setup, world, overseer, streams);
    let yardstick = memo.yardstick(world, overseer);
    let held_out = {
        let count = feedback.queries(&overseer.prices).min(1000);
        let [mut pairs, mut choices] =
            [Purpose::HeldOutPairs, Purpose::HeldOutChoices].map(|p| streams.stream(p, "", 0));
        let reference = Pairs::new(mdp, &Policy::reference(mdp), segment);
        reference.ask(yardstick.believed(), &overseer.choice, count, &mut pairs, &mut choices)
    };

    let mut records = Vec::new();
    let mut labels: Vec<Comparison> = Vec::new();
    let mut policy = Policy::reference(mdp);
    let rounds = feedback.rounds.get();
    for round in 1..=rounds {
        let count = share(queries, rounds, round);
        let [mut pairs, mut choices] =
            [Purpose::Pairs, Purpose::Choices].map(|p| streams.stream(p, "", u64::from(round)));
        if feedback.from == From::Reference {
            policy = Policy::reference(mdp);
        }
        let episodes = Pairs::new(mdp, &policy, segment);
        labels.extend(episodes.ask(yardstick.believed(), &overseer.choice, count, &mut pairs, &mut choices));

        let model = setup.reward_model.fit(world, overseer, &labels);
        let reward = learned(mdp, &model.reward);
        let quality = model.quality(&held_out, &yardstick.gold().0);
        look(Inside { round, labels: &labels, model: &model, quality: &quality });

        let against = yardstick.moments_with(mdp, &reward);
        let answered = label_accuracy(&labels, &yardstick.gold().0);
        let mut level = 0;
        setup.optimizer.optimise(mdp, &reward, streams, |reached| {
            let mut totals = measure(mdp, yardstick, &reward, &against, &reached);
            let m = &mut totals.metrics;
            let gold = m.gold.expect("always measured");
            let ceiling = &ceilings[level];
            m.efficiency =
                ratio(gold - yardstick.gold_reference(), ceiling.gold - yardstick.gold_reference());
            m.proxy_error = Some(ceiling.overseer - gold);
            m.ignorance = Some(ceiling.seeing_everything - ceiling.overseer);
            m.wrong_values = Some(ceiling.gold - ceiling.seeing_everything);
            m.unreached = Some(0.0);
            let policy_at_work = world.deployment().zip(reached.policy.as_ref());
            if let Some((deployment, policy)) = policy_at_work {
                let deployed = deployment.of(mdp, policy, yardstick.gold());
                m.unreached = Some(gold - deployed.gold);
                m.gold_watched = Some(deployed.watched);
                m.gold_unwatched = Some(deployed.unwatched);
                m.deploy_gap = Some(deployed.watched - deployed.unwatched);
                m.takeover = deployed.takeover;
                m.probed = deployed.probed;
                m.transfer = deployed.transfer;
            }
            m.label_accuracy = answered;
            m.rm_accuracy = quality.accuracy;
            m.rm_brier = quality.brier;
            m.rm_accuracy_gold = quality.accuracy_gold;
            m.labels = Some(labels.len() as f64);
            m.cost = Some(labels.len() as f64 * price);
            let (metrics, features) = (totals.metrics, totals.features);
            let (pressure, weights) = (reached.pressure, model.weights.clone());
            records.push(Record { round, pressure, metrics, features, weights });
            policy = reached.policy.unwrap_or_else(|| Policy::reference(mdp));
            level += 1;
        });
    }
    records
}

/// The queries of `round` when `total` are shared over `rounds`, the earlier
/// rounds taking what is left over.
fn share(total: u32, rounds: u32, round: u32) -> u32 {
    total / rounds + u32::from(round <= total % rounds)
}

/// Share of answered, untied labels on pairs of different gold that agree with gold.
fn label_accuracy(labels: &[Comparison], gold: &[f64]) -> Option<f64> {
    let (mut agree, mut judged) = (0u32, 0u32);
    for pair in labels {
        let difference = pair.first.total(gold) - pair.second.total(gold);
        let better = match pair.label {
            Label::First => difference > 0.0,
            Label::Second => difference < 0.0,
            Label::Tie | Label::Skip => continue,
        };
        if difference != 0.0 {
            judged += 1;
            agree += u32::from(better);
        }
    }
    (judged > 0).then(|| f64::from(agree) / f64::from(judged))
}

/// Gold of the pass-throughs at one level of pressure: exact where the optimizer
/// is; a sampled optimizer may by luck do better than its own ceiling.
struct Ceiling {
    /// Of the policy of S.
    overseer: f64,
    /// Of the policy of S if everything were seen.
    seeing_everything: f64,
    /// Of the policy of gold.
    gold: f64,
}

/// What the trials of one world share: gold of pass-through policies, and the
/// latest yardstick. For one draw of features in one repetition; within it, keyed
/// by all that shapes them, so it never changes a number.
#[derive(Default)]
pub struct Memo {
    passes: Vec<(Beliefs, Vec<f64>, OptimizerConfig, Vec<f64>)>,
    yardstick: Option<(Beliefs, Vec<f64>, Yardstick)>,
}

impl Memo {
    fn ceilings(
        &mut self,
        setup: &Setup,
        world: &World,
        overseer: &Overseer,
        streams: Streams,
    ) -> Vec<Ceiling> {
        let gold = Beliefs::of_truth(world.mdp.gold.clone());
        let [s, everything, gold] = [&overseer.beliefs, &overseer.seeing_everything, &gold]
            .map(|beliefs| self.pass(beliefs, &setup.optimizer, world, streams));
        let levels = s.into_iter().zip(everything).zip(gold);
        levels
            .map(|((overseer, seeing_everything), gold)| Ceiling { overseer, seeing_everything, gold })
            .collect()
    }

    /// Gold of the policies that `beliefs` lead to when passed through, by level of pressure.
    fn pass(
        &mut self,
        beliefs: &Beliefs,
        optimizer: &OptimizerConfig,
        world: &World,
        streams: Streams,
    ) -> Vec<f64> {
        let mdp = &world.mdp;
        let known = self.passes.iter().find(|(b, g, o, _)| b == beliefs && *g == mdp.gold && o == optimizer);
        if let Some((.., golds)) = known {
            return golds.clone();
        }
        let gold = mdp.gold_table();
        let mut golds = Vec::new();
        optimizer.optimise(mdp, &learned(mdp, &beliefs.of(world)), streams, |reached| {
            golds.push(expected_gold(&reached, &gold))
        });
        self.passes.push((beliefs.clone(), mdp.gold.clone(), optimizer.clone(), golds.clone()));
        golds
    }

    fn yardstick(&mut self, world: &World, overseer: &Overseer) -> &Yardstick {
        let mdp = &world.mdp;
        let fresh = |(b, g, _): &(Beliefs, Vec<f64>, Yardstick)| *b == overseer.beliefs && *g == mdp.gold;
        if !self.yardstick.as_ref().is_some_and(fresh) {
            self.yardstick = None;
            let yardstick = Yardstick::new(mdp, mdp.gold_table(), overseer.beliefs.of(world).table);
            self.yardstick = Some((overseer.beliefs.clone(), mdp.gold.clone(), yardstick));
        }
        &self.yardstick.as_ref().expect("just set").2
    }
}
