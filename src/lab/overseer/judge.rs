//! From believed returns to labels: skip, tie, or a Boltzmann choice with
//! position bias and mistakes, in this order: skip if max S ≤ δ_skip,
//! tie if |ΔS| < δ_equal (both undiscounted), else first with σ(βΔS + b), then
//! flipped with ε.
//!
//! The chances are computed first and a label drawn from them with one
//! uniform, so sampled labels cannot disagree with exact ones.
//!
//! The peers differ where one would not expect it: B-Pref lets the *last* step
//! weigh 1 under discounting and imitation the *first*; a mistake of ε flips in
//! the one and mixes in a coin in the other, so ε there equals ε/2 here.

use super::{Choice, Compat};
use crate::lab::hearing::{Noticed, Told};
use crate::lab::mdp::Table;
use crate::lab::policy::{Episode, accumulate, pick};
use crate::numerics::math::{exp, sigmoid, unless_rounding};
use crate::numerics::rng::{Distribution, Rng, uniform};

/// Who answers queries. Labels come from here and nowhere else, so whatever makes them
/// differ enters here: other annotators, what a protocol shows, a human.
///
/// ```
/// use oversight::lab::overseer::{Believed, Choice, Judge, Label};
/// use oversight::lab::policy::Episode;
/// use oversight::numerics::rng::{Purpose, Streams};
/// let choice: Choice = toml::from_str("rationality = inf").unwrap();
/// let judge = Judge { share: 1.0, believed: Believed::Table(vec![0.0, 1.0]), choice };
/// let [poor, good] = [0, 1].map(|outcome| Episode { start: 0, steps: vec![outcome] });
/// let [mut choices, mut telling] =
///     [Purpose::Choices, Purpose::Telling].map(|p| Streams { seed: 0, repetition: 0 }.stream(p, "", 0));
/// assert_eq!(judge.answer(&poor, &good, &mut choices, &mut telling), Label::Second);
/// ```
#[derive(Clone, Debug)]
pub struct Judge {
    /// The share of queries that it answers.
    pub share: f64,
    /// What it believes of every outcome when it judges.
    pub believed: Believed,
    /// How believed returns become labels.
    pub choice: Choice,
}

/// The reward that a judge believes of every outcome.
#[derive(Clone, Debug)]
pub enum Believed {
    /// The same in every query; \[outcomes\].
    Table(Table),
    /// As a protocol tells it, drawn at every query.
    Told(Told),
    /// By what is noticed, drawn at every query.
    Noticed(Noticed),
}

impl Judge {
    /// An answer to "which of the two?", by one uniform of `choices`, and of `telling` whatever is left to
    /// chance in what is told.
    pub fn answer(&self, first: &Episode, second: &Episode, choices: &mut Rng, telling: &mut Rng) -> Label {
        let mut returns = self.returns(telling);
        let [first, second] = [returns(first), returns(second)];
        self.choice.chances(first, second).sample(choices)
    }

    /// A pick of one of several, by one uniform of `choices`: with chances ∝ exp(βD), and by mistake one of
    /// the others, each as likely.
    pub fn pick(&self, shown: &[Episode], choices: &mut Rng, telling: &mut Rng) -> usize {
        let returns: Vec<Returns> = shown.iter().map(self.returns(telling)).collect();
        let mut chances = self.choice.picks(&returns);
        accumulate(&mut chances);
        pick(&chances, choices)
    }

    /// What each of the segments shown in one query is believed to be worth.
    fn returns<'a>(&'a self, telling: &'a mut Rng) -> impl FnMut(&Episode) -> Returns + 'a {
        let noticed = match &self.believed {
            Believed::Noticed(by_chance) => by_chance.notice(telling),
            Believed::Table(_) | Believed::Told(_) => Vec::new(),
        };
        move |episode| {
            let steps = &episode.steps;
            match &self.believed {
                Believed::Table(table) => self.choice.returns(steps.iter().map(|k| table[*k as usize])),
                Believed::Told(told) => self.choice.returns(told.hear(steps, telling).into_iter()),
                Believed::Noticed(by_chance) => {
                    self.choice.returns(steps.iter().map(|k| by_chance.by(&noticed, *k as usize)))
                }
            }
        }
    }
}

/// An answer to "which of the two?".
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Label {
    /// The first.
    First,
    /// The second.
    Second,
    /// Neither is better.
    Tie,
    /// No answer.
    Skip,
}

impl Label {
    /// 1 first, 0 second, ½ tie; `None` if skipped.
    pub fn value(self) -> Option<f64> {
        match self {
            Label::First => Some(1.0),
            Label::Second => Some(0.0),
            Label::Tie => Some(0.5),
            Label::Skip => None,
        }
    }
}

/// What a segment is believed to be worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Returns {
    /// Sum over the steps.
    pub plain: f64,
    /// Discounted sum, which the choice is made by.
    pub discounted: f64,
    /// Discounted sum of what they are without their signs: what rounding is small beside.
    pub size: f64,
}

/// The chances of each label; they sum to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LabelChances {
    /// The first is preferred.
    pub first: f64,
    /// The second is preferred.
    pub second: f64,
    /// They are called equal.
    pub tie: f64,
    /// The pair is skipped.
    pub skip: f64,
}

impl Choice {
    /// β, with infinity for perfectly rational, which B-Pref writes as β ≤ 0.
    pub fn beta(&self) -> f64 {
        let beta = self.rationality.get();
        if self.compat == Some(Compat::Bpref) && beta <= 0.0 { f64::INFINITY } else { beta }
    }

    /// The returns of a segment from its believed rewards, step by step.
    pub fn returns(&self, rewards: impl DoubleEndedIterator<Item = f64>) -> Returns {
        let mut returns = Returns { plain: 0.0, discounted: 0.0, size: 0.0 };
        let mut weight = 1.0;
        // From the step that weighs 1.
        let add = |r: f64| {
            returns.plain += r;
            returns.size += weight * r.abs();
            returns.discounted += weight * r;
            weight *= self.discount.get();
        };
        match self.compat {
            Some(Compat::Imitation) => rewards.for_each(add),
            Some(Compat::Bpref) | None => rewards.rev().for_each(add),
        }
        returns
    }

    /// The chances of each of several segments to be picked; two are picked from as [`Choice::chances`] says.
    pub fn picks(&self, returns: &[Returns]) -> Vec<f64> {
        let largest = returns.iter().map(|r| r.discounted).fold(f64::NEG_INFINITY, f64::max);
        let (beta, mistake, others) = (self.beta(), self.mistake.get(), returns.len() as f64 - 1.0);
        let weight = |r: &Returns| match unless_rounding(r.discounted - largest, r.size + largest.abs()) {
            0.0 => 1.0,
            below => exp(beta * below),
        };
        let weights: Vec<f64> = returns.iter().map(weight).collect();
        let total: f64 = weights.iter().sum();
        let chance = |weight: &f64| weight / total;
        weights.iter().map(chance).map(|p| (1.0 - mistake) * p + mistake * (1.0 - p) / others).collect()
    }

    /// The chances of each label for a pair of segments.
    pub fn chances(&self, first: Returns, second: Returns) -> LabelChances {
        if self.skip.is_some_and(|d| first.plain.max(second.plain) <= d.get()) {
            return LabelChances { skip: 1.0, ..LabelChances::default() };
        }
        if self.equal.is_some_and(|d| (first.plain - second.plain).abs() < d.get()) {
            return LabelChances { tie: 1.0, ..LabelChances::default() };
        }
        // Steps that are alike in another order are no reason to choose.
        let difference = unless_rounding(first.discounted - second.discounted, first.size + second.size);
        let (beta, epsilon) = (self.beta(), self.mistake.get());
        let bias = self.position.map_or(0.0, |b| b.get());
        let rational = |if_equal: f64| match difference {
            d if d > 0.0 => 1.0,
            d if d < 0.0 => 0.0,
            _ => if_equal,
        };
        let is_rational = beta == f64::INFINITY;
        let first = match self.compat {
            Some(Compat::Imitation) if is_rational && difference == 0.0 => {
                return LabelChances { tie: 1.0, ..LabelChances::default() };
            }
            Some(Compat::Imitation) if is_rational => rational(0.5),
            Some(Compat::Imitation) => 1.0 / (1.0 + exp((-beta * difference).clamp(-50.0, 50.0))),
            Some(Compat::Bpref) if is_rational => rational(1.0),
            None if is_rational => rational(sigmoid(bias)),
            Some(Compat::Bpref) | None => sigmoid(beta * difference + bias),
        };
        let first = match self.compat {
            Some(Compat::Imitation) => epsilon / 2.0 + (1.0 - epsilon) * first,
            Some(Compat::Bpref) | None => epsilon + (1.0 - 2.0 * epsilon) * first,
        };
        LabelChances { first, second: 1.0 - first, tie: 0.0, skip: 0.0 }
    }
}

/// By one uniform.
impl Distribution<Label> for LabelChances {
    fn sample<R: rand::Rng + ?Sized>(&self, rng: &mut R) -> Label {
        let u = uniform(rng);
        if self.skip > 0.0 && u >= self.first + self.second + self.tie {
            Label::Skip
        } else if self.tie > 0.0 && u >= self.first + self.second {
            Label::Tie
        } else if u < self.first {
            Label::First
        } else {
            Label::Second
        }
    }
}
