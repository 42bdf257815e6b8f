//! One trial: the loop.
//!
//! ```text
//! world → episodes → overseer → labels → reward model → optimizer → measurement
//! ```

use crate::lab::Setup;
use crate::lab::feedback::{From, share_of};
use crate::lab::hearing::Hearing;
use crate::lab::mdp::{Gold, Mdp};
use crate::lab::measure::{Metrics, Totals, Yardstick, expected_gold, measure, measure_deployed, ratio};
use crate::lab::optimizer::{OptimizerConfig, Reached};
use crate::lab::overseer::{Label, Overseer, Reward};
use crate::lab::pairs::Pairs;
use crate::lab::policy::Policy;
use crate::lab::query::Comparison;
use crate::lab::recursion::ask_in_parts;
use crate::lab::reward_model::{Quality, RewardModel, learned};
use crate::lab::world::World;
use crate::numerics::ranges::Count;
use crate::numerics::rng::{Purpose, Streams};
use std::sync::Arc;

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
    /// What labels are of.
    pub hearing: &'a Hearing,
    /// All labels so far.
    pub labels: &'a [Comparison],
    /// What was fitted to them.
    pub model: &'a RewardModel,
    /// How well it predicts held-out labels.
    pub quality: &'a Quality,
}

/// Runs one trial of `setup` in `world`. `shared` carries what trials in the
/// same world share; `look` sees each round before its policy is optimised.
pub fn run(
    setup: &Setup,
    world: &World,
    overseer: &Overseer,
    streams: Streams,
    shared: &mut SharedInWorld,
    mut look: impl FnMut(Inside<'_>),
) -> Vec<Record> {
    let mut trial = Trial::new(setup, world, overseer, streams, shared);
    let (mut records, mut last) = (Vec::new(), None);
    for round in 1..=setup.feedback.rounds.get() {
        trial.ask(round, last.as_ref());
        let model = trial.fit();
        let quality = trial.quality(&model);
        let (hearing, labels) = (&trial.mind.hearing, &trial.labels[..]);
        look(Inside { round, hearing, labels, model: &model, quality: &quality });
        records.extend(trial.measure(round, &model, &quality));
        last = Some(model);
    }
    records
}

struct Trial<'a> {
    setup: &'a Setup,
    world: &'a World,
    streams: Streams,
    shared: &'a mut SharedInWorld,
    overseer: Overseer,
    mind: Mind,
    /// Queries about parts of questions, about whole ones, over all rounds, and those put so far; what each costs.
    in_part: u32,
    queries: u32,
    put: u32,
    price: f64,
    /// All labels so far, and the first of those that a model is fitted to.
    labels: Vec<Comparison>,
    fitted_from: usize,
    policy: Policy,
}

/// What an overseer is of a mind to say, whose word it takes for what it cannot see, and what follows from that.
struct Mind {
    hearing: Hearing,
    yardstick: Arc<Yardstick>,
    ceilings: Ceilings,
    held_out: Vec<Comparison>,
}

impl Mind {
    /// That of an overseer, and the same one with a model's word for what it cannot see.
    fn new(
        setup: &Setup,
        world: &World,
        overseer: &Overseer,
        with_word: &Overseer,
        streams: Streams,
        shared: &mut SharedInWorld,
    ) -> Self {
        let hearing = with_word.hears(world, &setup.feedback.protocol);
        let count = setup.feedback.queries(overseer, world.blueprint()).min(1000);
        let purposes = [Purpose::HeldOutPairs, Purpose::HeldOutChoices, Purpose::HeldOutTelling];
        let reference = Policy::reference(&world.mdp);
        Self {
            yardstick: shared.yardstick(world, overseer, &hearing),
            ceilings: shared.ceilings(setup, world, overseer, &hearing, streams),
            held_out: episodes(setup, world, &reference).ask(
                &hearing,
                count,
                purposes.map(|p| streams.stream(p, "", 0)),
            ),
            hearing,
        }
    }
}

/// What pairs are drawn from.
fn episodes<'a>(setup: &Setup, world: &'a World, policy: &Policy) -> Pairs<'a> {
    Pairs::new(&world.mdp, policy, setup.feedback.segment.map(Count::get))
}

impl<'a> Trial<'a> {
    fn new(
        setup: &'a Setup,
        world: &'a World,
        overseer: &Overseer,
        streams: Streams,
        shared: &'a mut SharedInWorld,
    ) -> Self {
        let (feedback, blueprint) = (&setup.feedback, world.blueprint());
        let (with_word, in_part) =
            ask_in_parts(setup, world, overseer, streams).unwrap_or_else(|| (overseer.clone(), 0));
        let queries = feedback.queries(overseer, blueprint) - in_part;
        Self {
            setup,
            world,
            streams,
            mind: Mind::new(setup, world, overseer, &with_word, streams, shared),
            shared,
            overseer: overseer.clone(),
            in_part,
            queries: if setup.reward_model.learns() { queries } else { 0 },
            put: 0,
            price: feedback.price(overseer, blueprint),
            labels: Vec::new(),
            fitted_from: 0,
            policy: Policy::reference(&world.mdp),
        }
    }

    /// Draws questions, chooses among them by what the last round learned, and has them answered.
    fn ask(&mut self, round: u32, last: Option<&RewardModel>) {
        let feedback = &self.setup.feedback;
        match feedback.from {
            From::Reference => self.policy = Policy::reference(&self.world.mdp),
            From::Policy => {}
        }
        if feedback.protocol.is_amplified() {
            self.fitted_from = self.labels.len();
        }
        let stream = |purpose| self.streams.stream(purpose, "", u64::from(round));
        let (queries, among) =
            (share_of(self.queries, feedback.rounds.get(), round), feedback.among.get() as usize);
        let pairs = feedback.asked.pairs(queries) as usize;
        let pool = if last.is_some() { feedback.query.pool() as usize * pairs } else { pairs };
        let episodes = episodes(self.setup, self.world, &self.policy);
        let mut shown = episodes.draw(pool, among, &mut stream(Purpose::Pairs));
        if pool > pairs {
            let chosen = feedback.query.choose(&shown, last, pairs);
            shown = chosen.iter().flat_map(|i| [shown[2 * i].clone(), shown[2 * i + 1].clone()]).collect();
        }
        let shown = feedback.asked.queries(shown, queries);
        let (mut choices, mut telling) = (stream(Purpose::Choices), stream(Purpose::Telling));
        self.labels.extend(self.mind.hearing.answers(shown, among, &mut choices, &mut telling));
        self.put += queries;
    }

    fn fit(&self) -> RewardModel {
        let labels = &self.labels[self.fitted_from..];
        self.setup.reward_model.fit(self.world, &self.mind.hearing, labels, self.streams)
    }

    fn quality(&self, model: &RewardModel) -> Quality {
        model.quality(&self.mind.held_out, &self.mind.yardstick.gold().0)
    }

    /// Optimises what was fitted, and measures what is reached at each level of pressure.
    fn measure(&mut self, round: u32, model: &RewardModel, quality: &Quality) -> Vec<Record> {
        let (mdp, yardstick) = (&self.world.mdp, &*self.mind.yardstick);
        let reward = learned(mdp, &model.reward);
        let against = yardstick.moments_with(mdp, &reward);
        let label_accuracy = label_accuracy(&self.labels, &yardstick.gold().0);
        let labels = f64::from(self.in_part + self.put);
        let (mut records, mut latest) = (Vec::new(), None);
        self.setup.optimizer.optimise(mdp, &reward, self.streams, |reached| {
            let Totals { metrics, features } = measure(mdp, yardstick, &reward, &against, &reached);
            let metrics = Metrics {
                label_accuracy,
                rm_accuracy: quality.accuracy,
                rm_brier: quality.brier,
                rm_accuracy_gold: quality.accuracy_gold,
                labels: Some(labels),
                cost: Some(labels * self.price),
                ..self.bands(&reached, records.len(), metrics)
            };
            let (pressure, weights) = (reached.pressure, model.weights.clone());
            records.push(Record { round, pressure, metrics, features, weights });
            latest = Some((reached.policy, reached.visits));
        });
        let (policy, visits) = latest.expect("at least one level");
        self.policy = policy.unwrap_or_else(|| Policy::reference(mdp));
        let (noted, amplified) =
            (self.overseer.take_note(mdp, &visits), self.setup.feedback.protocol.is_amplified());
        if noted || amplified {
            let overseer = &self.overseer;
            let with_word = if amplified { overseer.taking_word(model) } else { overseer.clone() };
            self.mind = Mind::new(self.setup, self.world, overseer, &with_word, self.streams, self.shared);
        }
        records
    }

    /// The four bands of lost gold, and what else is seen of a policy at work.
    fn bands(&self, reached: &Reached, level: usize, metrics: Metrics) -> Metrics {
        let (mdp, Mind { yardstick, ceilings, .. }) = (&self.world.mdp, &self.mind);
        let [of_overseer, of_seeing_everything, of_gold] = ceilings.each_ref().map(|golds| golds[level]);
        let gold = metrics.gold.expect("always measured");
        let reference = yardstick.gold_reference();
        let gap = |a: f64, b: f64| yardstick.gap(a, b);
        let metrics = Metrics {
            efficiency: ratio(gap(gold, reference), gap(of_gold, reference)),
            proxy_error: Some(gap(of_overseer, gold)),
            ignorance: Some(gap(of_seeing_everything, of_overseer)),
            wrong_values: Some(gap(of_gold, of_seeing_everything)),
            regret: Some(gap(of_gold, gold)),
            unreached: Some(0.0),
            ..metrics
        };
        let Some((deployment, policy)) = self.world.deployment().zip(reached.policy.as_ref()) else {
            return metrics;
        };
        measure_deployed(mdp, deployment, policy, yardstick, metrics)
    }
}

/// Share of answered, untied labels on pairs of different gold that agree with gold.
fn label_accuracy(labels: &[Comparison], gold: &[f64]) -> Option<f64> {
    let (mut agree, mut judged) = (0u32, 0u32);
    for pair in labels {
        let difference = pair.first.lead(&pair.second, gold);
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

/// Gold of the pass-throughs by level of pressure: of the policy of S as heard, of S if everything were
/// told, and of gold. Exact where the optimizer is; a sampled optimizer may by luck do better than its own
/// ceiling.
type Ceilings = [Vec<f64>; 3];

/// What the trials of one world share: gold of the policies that pass-throughs lead to,
/// and the latest yardstick. For one draw of features in one repetition; within it, keyed
/// by all that shapes them, so it never changes a number.
#[derive(Default)]
pub struct SharedInWorld {
    passed_through: Vec<(Reward, Gold, OptimizerConfig, Vec<f64>)>,
    latest: Option<Arc<Yardstick>>,
}

impl SharedInWorld {
    fn ceilings(
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

    fn yardstick(&mut self, world: &World, overseer: &Overseer, hearing: &Hearing) -> Arc<Yardstick> {
        let (mdp, gold) = (&world.mdp, world.mdp.gold_table());
        let (believed, heard) = (overseer.beliefs.of(world).table, &hearing.mean.table);
        let known = self.latest.take().filter(|known| known.is_of(&gold, &believed, heard));
        let yardstick = known.unwrap_or_else(|| Arc::new(Yardstick::aided(mdp, gold, believed, heard)));
        self.latest = Some(Arc::clone(&yardstick));
        yardstick
    }
}
