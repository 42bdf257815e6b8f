//! One trial: the loop.
//!
//! ```text
//! world → episodes → overseer → labels → reward model → optimizer → measurement
//! ```

mod shared;

pub use shared::SharedInWorld;

use crate::lab::Setup;
use crate::lab::feedback::{From, share_of};
use crate::lab::hearing::Hearing;
use crate::lab::measure::{Metrics, Totals, Yardstick, measure, measure_deployed, ratio};
use crate::lab::optimizer::Reached;
use crate::lab::overseer::{Label, Overseer};
use crate::lab::pairs::Pairs;
use crate::lab::policy::{Episode, Policy};
use crate::lab::query::Comparison;
use crate::lab::recursion::ask_in_parts;
use crate::lab::reward_model::{Quality, RewardModel, learned};
use crate::lab::world::World;
use crate::numerics::ranges::Count;
use crate::numerics::rng::{Purpose, Rng, Streams};
use shared::Ceilings;
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
    trial: &'a Trial<'a>,
}

impl Inside<'_> {
    /// How well the model predicts held-out labels.
    pub fn quality(&self) -> Quality {
        self.trial.quality(self.model)
    }
}

/// Runs a trial to its end; `look` sees each round before its policy is optimised.
pub fn run(mut trial: Trial<'_>, mut look: impl FnMut(Inside<'_>)) -> Vec<Record> {
    let feedback = &trial.setup.feedback;
    let rounds = feedback.rounds.get();
    let queries = if trial.setup.reward_model.learns() { trial.left() } else { 0 };
    let (mut records, mut last) = (Vec::new(), None);
    for round in 1..=rounds {
        let of_round = share_of(queries, rounds, round);
        let pairs = feedback.asked.pairs(of_round);
        let pool = if last.is_some() { feedback.query.pool() * pairs } else { pairs };
        let mut shown = trial.pairs(pool);
        if pool > pairs {
            let chosen = feedback.query.choose(&shown, last.as_ref(), pairs as usize);
            shown = chosen.iter().flat_map(|i| [shown[2 * i].clone(), shown[2 * i + 1].clone()]).collect();
        }
        trial.ask(feedback.asked.queries(shown, of_round)).expect("shares add up to the whole");
        let model = trial.fit();
        let (hearing, labels) = (trial.hearing(), trial.labels());
        look(Inside { round, hearing, labels, model: &model, trial: &trial });
        records.extend(trial.measure(&model));
        last = Some(model);
    }
    records
}

/// A trial by its verbs: draw pairs, ask about them, measure what a reward leads to.
///
/// Each round has its own streams, of which every pair and every query takes as much as any other. So two draws of a
/// hundred pairs are one of two hundred, and whoever draws and asks as [`run`] does gets the same labels.
pub struct Trial<'a> {
    setup: &'a Setup,
    world: &'a World,
    streams: Streams,
    shared: &'a mut SharedInWorld,
    overseer: Overseer,
    mind: Mind,
    round: u32,
    /// Queries about parts of questions, about whole ones, over all rounds, and those put so far; what each costs.
    in_part: u32,
    queries: u32,
    put: u32,
    price: f64,
    /// Labels to come and who gives them, last first, where somebody gives them in place of what is heard.
    given: Option<Vec<(Label, u32)>>,
    /// All labels so far, and the first of those that a model is fitted to.
    labels: Vec<Comparison>,
    fitted_from: usize,
    /// Whose episodes are drawn in this round, how once any are, and the streams of pairs, choices and tellings.
    policy: Policy,
    episodes: Option<Pairs<'a>>,
    drawn_from: [Rng; 3],
}

/// More was asked than is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overspent {
    /// Queries asked for.
    pub asked: u32,
    /// Queries left.
    pub left: u32,
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
            held_out: episodes(setup, world, overseer, &reference).ask(
                &hearing,
                count,
                purposes.map(|p| streams.stream(p, "", 0)),
            ),
            hearing,
        }
    }
}

/// What pairs are drawn from.
fn episodes<'a>(setup: &Setup, world: &'a World, overseer: &Overseer, policy: &Policy) -> Pairs<'a> {
    let all = Pairs::new(&world.mdp, policy, setup.feedback.segment.map(Count::get));
    if setup.feedback.distinct { all.distinct(overseer.takes_for(world)) } else { all }
}

impl<'a> Trial<'a> {
    /// The first round of a trial of `setup` in `world`; `shared` carries what trials in the same world share.
    pub fn new(
        setup: &'a Setup,
        world: &'a World,
        overseer: &Overseer,
        streams: Streams,
        shared: &'a mut SharedInWorld,
    ) -> Self {
        let (feedback, blueprint) = (&setup.feedback, world.blueprint());
        let (with_word, in_part) =
            ask_in_parts(setup, world, overseer, streams).unwrap_or_else(|| (overseer.clone(), 0));
        Self {
            setup,
            world,
            streams,
            mind: Mind::new(setup, world, overseer, &with_word, streams, shared),
            shared,
            overseer: overseer.clone(),
            round: 1,
            in_part,
            queries: feedback.queries(overseer, blueprint) - in_part,
            put: 0,
            price: feedback.price(overseer, blueprint),
            given: None,
            labels: Vec::new(),
            fitted_from: 0,
            policy: Policy::reference(&world.mdp),
            episodes: None,
            drawn_from: of_round(streams, 1),
        }
    }

    /// The same with somebody's own labels, and the number of who gave each, in place of what is heard: as many queries
    /// are left as there are labels, or fewer.
    pub fn answered_by(self, labels: Vec<(Label, u32)>) -> Self {
        let queries = self.put + self.left().min(labels.len() as u32);
        Self { queries, given: Some(labels.into_iter().rev().collect()), ..self }
    }

    /// What is tried.
    pub fn setup(&self) -> &'a Setup {
        self.setup
    }

    /// The world it is tried in.
    pub fn world(&self) -> &'a World {
        self.world
    }

    /// The round that it is in, from 1.
    pub fn round(&self) -> u32 {
        self.round
    }

    /// Queries left, over all rounds.
    pub fn left(&self) -> u32 {
        self.queries - self.put
    }

    /// What a query costs.
    pub fn price(&self) -> f64 {
        self.price
    }

    /// What labels of this round are of.
    pub fn hearing(&self) -> &Hearing {
        &self.mind.hearing
    }

    /// All labels so far.
    pub fn labels(&self) -> &[Comparison] {
        &self.labels
    }

    /// Draws questions of this round, an episode after the other: two are a pair, or as many as are shown in a query.
    pub fn pairs(&mut self, count: u32) -> Vec<Episode> {
        let Self { setup, world, overseer, policy, drawn_from, .. } = self;
        let episodes = self.episodes.get_or_insert_with(|| episodes(setup, world, overseer, policy));
        episodes.draw(count as usize, setup.feedback.among.get() as usize, &mut drawn_from[0])
    }

    /// Has questions answered, in order; a query costs its price each time it is put.
    ///
    /// # Errors
    /// More queries than are left: none is put, and nothing is spent.
    pub fn ask(&mut self, shown: Vec<Episode>) -> Result<&[Comparison], Overspent> {
        let among = self.setup.feedback.among.get() as usize;
        let (asked, left, before) = ((shown.len() / among) as u32, self.left(), self.labels.len());
        if asked > left {
            return Err(Overspent { asked, left });
        }
        let [_, choices, telling] = &mut self.drawn_from;
        match &mut self.given {
            None => self.labels.extend(self.mind.hearing.answers(shown, among, choices, telling)),
            Some(given) => {
                let said = given.drain(given.len() - asked as usize..).rev();
                let pairs = shown.as_chunks().0.iter();
                self.labels.extend(pairs.zip(said).map(|([first, second], (label, by))| Comparison {
                    first: first.clone(),
                    second: second.clone(),
                    label,
                    by,
                }));
            }
        }
        self.put += asked;
        Ok(&self.labels[before..])
    }

    /// Fits the setup's own reward model to the labels.
    pub fn fit(&self) -> RewardModel {
        let labels = &self.labels[self.fitted_from..];
        self.setup.reward_model.fit(self.world, &self.mind.hearing, labels, self.streams)
    }

    /// How well a model predicts held-out labels.
    pub fn quality(&self, model: &RewardModel) -> Quality {
        model.quality(&self.mind.held_out, &self.mind.yardstick.gold().0)
    }

    /// Optimises against a reward, measures what is reached at each level of pressure, and begins the next round.
    pub fn measure(&mut self, model: &RewardModel) -> Vec<Record> {
        let (round, quality) = (self.round, self.quality(model));
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
        if self.setup.feedback.from == From::Policy {
            (self.policy, self.episodes) = (policy.unwrap_or_else(|| Policy::reference(mdp)), None);
        }
        self.round += 1;
        self.drawn_from = of_round(self.streams, self.round);
        let (noted, amplified) =
            (self.overseer.take_note(mdp, &visits), self.setup.feedback.protocol.is_amplified());
        if noted || amplified {
            let overseer = &self.overseer;
            let with_word = if amplified { overseer.taking_word(model) } else { overseer.clone() };
            self.mind = Mind::new(self.setup, self.world, overseer, &with_word, self.streams, self.shared);
        }
        if amplified {
            self.fitted_from = self.labels.len();
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

/// The streams that a round draws from: pairs, choices, tellings.
fn of_round(streams: Streams, round: u32) -> [Rng; 3] {
    [Purpose::Pairs, Purpose::Choices, Purpose::Telling].map(|p| streams.stream(p, "", u64::from(round)))
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
