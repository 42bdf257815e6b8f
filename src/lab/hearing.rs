//! What is heard of every outcome when labels are given: what an overseer believes by itself, and what a
//! protocol tells it; or what others believe, who answer in its place.
//!
//! Labels are of what is heard, and so are the policies that the bands compare; `approval` is of
//! what is believed unaided. What a helper picks differs from answer to answer, so that what is heard is
//! in general no sum of features, and a model that is one averages over what was told.

use crate::lab::mdp::{Features, Table};
use crate::lab::overseer::{Beliefs, Believed, Choice, Judge, Label, Overseer, Reward};
use crate::lab::policy::Episode;
use crate::lab::protocol::Protocol;
use crate::lab::query::Comparison;
use crate::lab::reward_model::RewardModel;
use crate::lab::world::World;
use crate::numerics::math::largest;
use crate::numerics::rng::{Rng, branch, uniform};

/// What is heard of a world, and who answers.
#[derive(Clone, Debug)]
pub struct Hearing {
    /// The mean, over judges and all that a protocol leaves to chance, of what is heard of every outcome.
    pub mean: Reward,
    /// Weight of every feature in it, where it has one; \[features\].
    pub weights: Vec<Option<f64>>,
    /// Who answers queries; their shares add up to 1.
    pub judges: Vec<Judge>,
}

impl Hearing {
    /// Of one judge who believes this of every outcome, for whatever reason.
    pub fn new(believed: Reward, choice: Choice) -> Self {
        let judge = Judge { share: 1.0, believed: Believed::Table(believed.table.clone()), choice };
        Self { mean: believed, weights: Vec::new(), judges: vec![judge] }
    }

    /// Of several who each answer a share of the queries.
    fn shared(several: impl Iterator<Item = (f64, Hearing)>) -> Self {
        let mut all = Self { mean: Reward::of_table(Vec::new()), weights: Vec::new(), judges: Vec::new() };
        for (share, one) in several {
            all.mean.table.resize(one.mean.table.len(), 0.0);
            all.mean.table.iter_mut().zip(&one.mean.table).for_each(|(sum, x)| *sum += share * x);
            all.mean.terms += share * one.mean.terms;
            all.weights.resize(one.weights.len(), Some(0.0));
            let add = |(sum, x): (&mut Option<f64>, &Option<f64>)| {
                *sum = sum.zip(*x).map(|(sum, x)| sum + share * x)
            };
            all.weights.iter_mut().zip(&one.weights).for_each(add);
            all.judges
                .extend(one.judges.into_iter().map(|judge| Judge { share: share * judge.share, ..judge }));
        }
        all
    }

    /// Answers to questions of `among` episodes each, one after the other. Of two: which of them is better? Of more, a
    /// demonstration: one of them is picked, which is a comparison with each of the others.
    ///
    /// One word of `telling` begins a stream for all that is left to chance before the choice, and a choice takes one
    /// of `choices`, so that as much is used of either stream by every question.
    pub fn answers(
        &self,
        shown: Vec<Episode>,
        among: usize,
        choices: &mut Rng,
        telling: &mut Rng,
    ) -> Vec<Comparison> {
        let mut comparisons = Vec::with_capacity(shown.len() / among * (among - 1));
        let mut shown = shown.into_iter();
        while shown.len() >= among {
            let mut rng = branch(telling);
            let (by, judge) = self.whose_turn(&mut rng);
            if among == 2
                && let (Some(first), Some(second)) = (shown.next(), shown.next())
            {
                let label = judge.answer(&first, &second, choices, &mut rng);
                comparisons.push(Comparison { first, second, label, by });
                continue;
            }
            let all: Vec<Episode> = shown.by_ref().take(among).collect();
            let picked = judge.pick(&all, choices, &mut rng);
            let others = all.iter().enumerate().filter(|(i, _)| *i != picked);
            comparisons.extend(others.map(|(_, other)| Comparison {
                first: all[picked].clone(),
                second: other.clone(),
                label: Label::First,
                by,
            }));
        }
        comparisons
    }

    fn whose_turn(&self, rng: &mut Rng) -> (u32, &Judge) {
        match &self.judges[..] {
            [judge] => (0, judge),
            several => {
                let mut height = uniform(rng);
                let mut reaches = |judge: &Judge| {
                    height -= judge.share;
                    height < 0.0
                };
                let place = several.iter().position(&mut reaches).unwrap_or(several.len() - 1);
                (place as u32, &several[place])
            }
        }
    }
}

impl Overseer {
    /// What stands in for its own beliefs in a share of what it hears: all that could be told, where everything is
    /// told with the same chance, or gold. None where helpers pick.
    fn in_place(&self, protocol: &Protocol, gold: &[f64]) -> Option<(Beliefs, f64)> {
        if let Protocol::GroundTruth { share } = protocol {
            return Some((Beliefs::of_truth(gold.to_vec()), share.get()));
        }
        let chances = protocol.chances(self.slots.len());
        let told = chances.first().copied().unwrap_or(0.0);
        chances.iter().all(|chance| *chance == told).then(|| (self.seeing_everything.clone(), told))
    }

    /// What it hears on average under a protocol in the first round, where that is a sum of features.
    pub fn on_average(&self, protocol: &Protocol, gold: &[f64]) -> Option<Beliefs> {
        if !self.annotators.is_empty() {
            return None;
        }
        let (others, share) = self.in_place(protocol, gold)?;
        self.noticed().mixed(&others, share)
    }

    /// What it believes by itself of what it notices, on average.
    fn noticed(&self) -> Beliefs {
        let mut noticed = self.beliefs.clone();
        noticed.weights.iter_mut().for_each(|weight| *weight *= self.attention);
        noticed
    }

    /// What it hears in a world under a protocol, or what its annotators do.
    pub fn hears(&self, world: &World, protocol: &Protocol) -> Hearing {
        match &self.annotators[..] {
            [] => self.hears_itself(world, protocol),
            several => {
                Hearing::shared(several.iter().map(|(share, of)| (*share, of.hears_itself(world, protocol))))
            }
        }
    }

    fn hears_itself(&self, world: &World, protocol: &Protocol) -> Hearing {
        let gold = &world.mdp.gold;
        let (beliefs, unaided) = (self.noticed(), || self.beliefs.of(world));
        let (slots, chances) = (|| self.worth_of_slots(world), protocol.chances(self.slots.len()));
        let in_place = self.in_place(protocol, gold);
        let linear = in_place.as_ref().and_then(|(others, share)| beliefs.mixed(others, *share));
        let mean = match (&linear, in_place) {
            (Some(beliefs), _) => beliefs.of(world),
            (None, Some((others, share))) => unaided().mixed(&others.of(world), share),
            (None, None) => told_on_average(&unaided(), &slots(), &chances),
        };
        let mean = match &self.forecast {
            Some(forecast) => forecast.approve(world, self, mean),
            None => mean,
        };
        let (by_truth, left_to_chance) =
            (protocol.by_truth(), chances.iter().any(|chance| *chance > 0.0 && *chance < 1.0));
        let judge = |share: f64, believed| Judge { share, believed, choice: self.choice.clone() };
        let table = |beliefs: &Beliefs| Believed::Table(beliefs.of(world).table);
        let by_itself = |share: f64, beliefs: &Beliefs| {
            let noticed = || Believed::Noticed(Noticed::new(beliefs, self.attention, world));
            judge(share, if self.attention < 1.0 { noticed() } else { table(beliefs) })
        };
        let mut judges = if left_to_chance {
            let told = Told { unaided: unaided().table, slots: slots(), protocol: *protocol };
            vec![judge(1.0, Believed::Told(told))]
        } else if !self.raters.is_empty() {
            let share = (1.0 - by_truth) / self.raters.len() as f64;
            self.raters.iter().map(|beliefs| by_itself(share, beliefs)).collect()
        } else if by_truth > 0.0 || self.attention < 1.0 {
            vec![by_itself(1.0 - by_truth, &self.beliefs)]
        } else {
            vec![judge(1.0, Believed::Table(mean.table.clone()))]
        };
        if by_truth > 0.0 {
            judges.push(judge(by_truth, table(&Beliefs::of_truth(gold.clone()))));
        }
        let weights = match linear {
            _ if self.forecast.is_some() => vec![None; self.values.len()],
            Some(beliefs) => beliefs.weights.into_iter().map(Some).collect(),
            None => {
                let told = |j: usize| self.slots.iter().any(|slot| slot.columns.contains(&j));
                let own = |(j, w): (usize, &f64)| Some(*w).filter(|_| self.guesses.is_empty() && !told(j));
                self.beliefs.weights.iter().enumerate().map(own).collect()
            }
        };
        Hearing { mean, weights, judges }
    }

    /// One who takes a model's word for the features of answers that it cannot see: by their log-odds, of which
    /// there are β in a unit of what is believed.
    pub fn taking_word(&self, model: &RewardModel) -> Self {
        let unit = self.choice.beta() / model.rationality;
        self.taking(|h| model.weights[h].map(|weight| weight / unit))
    }

    /// One who takes hidden features of answers to be worth what is said of them, if anything is.
    pub fn taking(&self, says: impl Fn(usize) -> Option<f64>) -> Self {
        let mut said = self.clone();
        for &h in &self.hidden {
            let Some(weight) = says(h) else { continue };
            if let Some((_, guess)) = self.guesses.iter().find(|(j, _)| *j == h) {
                said.beliefs.constant -= self.values[h] * guess.constant;
                for (b, g) in said.beliefs.weights.iter_mut().zip(&guess.weights) {
                    *b -= self.values[h] * g;
                }
            }
            said.values[h] = weight;
            said.beliefs.weights[h] = weight;
        }
        said.hidden.retain(|h| says(*h).is_none());
        said.guesses.retain(|(h, _)| says(*h).is_none());
        said
    }
}

/// S + Σ_r p_r·c₍ᵣ₎: of each outcome the slots in order, each with its chance to be told.
fn told_on_average(unaided: &Reward, slots: &Features, chances: &[f64]) -> Reward {
    let mut worths = vec![0.0; chances.len()];
    let heard = unaided.table.iter().enumerate().map(|(outcome, believed)| {
        gather(slots, outcome, &mut worths);
        worths.sort_unstable_by(|a, b| b.total_cmp(a));
        let told = worths.iter().zip(chances).filter(|(_, chance)| **chance != 0.0);
        told.fold(*believed, |sum, (worth, chance)| sum + chance * worth)
    });
    let table: Table = heard.collect();
    Reward { table, terms: unaided.terms + slots.columns().map(largest).sum::<f64>() }
}

fn gather(slots: &Features, outcome: usize, worths: &mut [f64]) {
    for (worth, column) in worths.iter_mut().zip(slots.columns()) {
        *worth = column[outcome];
    }
}

/// What is heard where it is drawn at every query.
#[derive(Clone, Debug)]
pub struct Told {
    /// What is believed of every outcome if nothing is told; \[outcomes\].
    unaided: Table,
    /// What each slot adds if it is told; \[slots\]\[outcomes\].
    slots: Features,
    protocol: Protocol,
}

impl Told {
    /// What is heard of each of these outcomes. Slots to look at are drawn, then which of the tellings.
    pub fn hear(&self, outcomes: &[u32], rng: &mut Rng) -> Vec<f64> {
        let telling = self.protocol.telling();
        let count = self.slots.names.len();
        let mut worths = vec![0.0; count];
        let hear = |outcome: &u32| {
            gather(&self.slots, *outcome as usize, &mut worths);
            let looked_at = telling.count(count, uniform(rng));
            for i in 0..looked_at {
                worths.swap(i, i + (uniform(rng) * (count - i) as f64) as usize);
            }
            let worths = &mut worths[..looked_at];
            worths.sort_unstable_by(|a, b| b.total_cmp(a));
            let [best, worst] = telling.tells[(uniform(rng) * telling.tells.len() as f64) as usize];
            let best = best.min(looked_at);
            let worst = best.max(looked_at.saturating_sub(worst));
            let told = worths[..best].iter().chain(&worths[worst..]).sum::<f64>();
            self.unaided[*outcome as usize] + told
        };
        outcomes.iter().map(hear).collect()
    }
}

/// What is heard where each feature is noticed by chance, drawn at every query and alike for all that is shown in it.
#[derive(Clone, Debug)]
pub struct Noticed {
    /// The chance.
    attention: f64,
    /// What each feature adds to what is believed if it is noticed; \[features\]\[outcomes\].
    worths: Features,
    constant: f64,
}

impl Noticed {
    fn new(beliefs: &Beliefs, attention: f64, world: &World) -> Self {
        let seen = beliefs.sight.features(world);
        let worth = |(weight, column): (&f64, &[f64])| column.iter().map(|x| weight * x).collect();
        let worths = beliefs.weights.iter().zip(seen.columns()).map(worth).collect();
        Self { attention, worths: Features::new(seen.names.clone(), worths), constant: beliefs.constant }
    }

    /// The features that are noticed in a query, one uniform each.
    pub fn notice(&self, rng: &mut Rng) -> Vec<usize> {
        (0..self.worths.count()).filter(|_| uniform(rng) < self.attention).collect()
    }

    /// What is heard of an outcome by these features.
    pub fn by(&self, noticed: &[usize], outcome: usize) -> f64 {
        noticed.iter().fold(self.constant, |sum, j| sum + self.worths.column(*j)[outcome])
    }
}
