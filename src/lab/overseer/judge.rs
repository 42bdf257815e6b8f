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
use crate::numerics::math::{exp, sigmoid};
use crate::numerics::rng::{Rng, uniform};

/// An answer to "which of the two?".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        let mut returns = Returns { plain: 0.0, discounted: 0.0 };
        let mut weight = 1.0;
        // From the step that weighs 1.
        let add = |r: f64| {
            returns.plain += r;
            returns.discounted += weight * r;
            weight *= self.discount.get();
        };
        match self.compat {
            Some(Compat::Imitation) => rewards.for_each(add),
            _ => rewards.rev().for_each(add),
        }
        returns
    }

    /// The chances of each label for a pair of segments.
    pub fn chances(&self, first: Returns, second: Returns) -> LabelChances {
        if self.skip.is_some_and(|d| first.plain.max(second.plain) <= d.get()) {
            return LabelChances { skip: 1.0, ..LabelChances::default() };
        }
        if self.equal.is_some_and(|d| (first.plain - second.plain).abs() < d.get()) {
            return LabelChances { tie: 1.0, ..LabelChances::default() };
        }
        let difference = first.discounted - second.discounted;
        let (beta, epsilon) = (self.beta(), self.mistake.get());
        let bias = self.position.map_or(0.0, |b| b.get());
        let rational = |if_equal: f64| match difference {
            d if d > 0.0 => 1.0,
            d if d < 0.0 => 0.0,
            _ => if_equal,
        };
        let first = match self.compat {
            Some(Compat::Imitation) if beta == f64::INFINITY => {
                if difference == 0.0 {
                    return LabelChances { tie: 1.0, ..LabelChances::default() };
                }
                rational(0.5)
            }
            Some(Compat::Imitation) => 1.0 / (1.0 + exp((-beta * difference).clamp(-50.0, 50.0))),
            Some(Compat::Bpref) if beta == f64::INFINITY => rational(1.0),
            _ if beta == f64::INFINITY => rational(sigmoid(bias)),
            _ => sigmoid(beta * difference + bias),
        };
        let first = match self.compat {
            Some(Compat::Imitation) => epsilon / 2.0 + (1.0 - epsilon) * first,
            _ => epsilon + (1.0 - 2.0 * epsilon) * first,
        };
        LabelChances { first, second: 1.0 - first, tie: 0.0, skip: 0.0 }
    }
}

impl LabelChances {
    /// Draws a label, with one uniform.
    pub fn draw(self, rng: &mut Rng) -> Label {
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
