//! The overseer: sees, fills in, values, judges.
//!
//! What it makes of an episode is a linear image of features, as they are or as
//! they are shown and filled in, so the return it believes is linear in its
//! values: S = c + Σ u_j φ̃_j. Labels depend on the world through S alone.

mod annotators;
mod config;
mod forecast;
mod judge;
mod sight;
mod slots;

pub use annotators::Annotator;
pub use config::*;
pub use forecast::{Forecast, ForecastConfig, ForecastOf};
pub use judge::{Believed, Judge, Label, LabelChances, Returns};
pub use sight::{Sight, filmed};
pub use slots::Slot;

use crate::lab::mdp::{Features, Mdp, Table};
use crate::lab::policy::Policy;
use crate::lab::solve::visits;
use crate::lab::world::{Blueprint, World};
use crate::numerics::error::ConfigError;
use crate::numerics::math::largest;
use crate::numerics::rng::{Purpose, Streams, normal};
use std::sync::Arc;

/// A believed reward per step: `constant` + Σ_j `weights`_j·φ_j.
#[derive(Clone, Debug, PartialEq)]
pub struct Beliefs {
    /// On the features; \[features\].
    pub weights: Vec<f64>,
    /// Paid at every step.
    pub constant: f64,
    /// The features that are meant: as they are, or as seen.
    pub sight: Sight,
}

/// A reward of every outcome, and what it is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Reward {
    /// The reward; \[outcomes\].
    pub table: Table,
    /// What the largest terms of its sums add up to: a spread far below it is rounding.
    pub terms: f64,
}

/// An overseer of one repetition.
#[derive(Clone, Debug)]
pub struct Overseer {
    /// The features it cannot see, by column.
    pub hidden: Vec<usize>,
    /// What it believes, given what it sees.
    pub beliefs: Beliefs,
    /// What it would believe if it were told everything: its values are kept, but for what it is open to.
    pub seeing_everything: Beliefs,
    /// What each feature is worth to it; of a crowd, on average. \[features\]
    pub values: Vec<f64>,
    /// What each rater of a crowd believes; empty where there is none.
    pub raters: Vec<Beliefs>,
    /// Chance that it notices a feature, in every query by itself.
    pub attention: f64,
    /// Who answers in its place, itself among them if they leave it a share, and in which share of queries; empty
    /// where nobody does.
    pub annotators: Vec<(f64, Overseer)>,
    /// What stands in for features of answers that it cannot see, where anything does, by column.
    pub guesses: Vec<(usize, Beliefs)>,
    /// How it takes the future to turn out, where it looks that far.
    pub forecast: Option<Forecast>,
    /// What it could be told of an outcome.
    pub slots: Vec<Slot>,
    /// How it chooses.
    pub choice: Choice,
    /// What it costs.
    pub prices: Prices,
}

impl Beliefs {
    /// Of the features as they are.
    pub fn of_truth(weights: Vec<f64>) -> Self {
        Self { weights, constant: 0.0, sight: Sight::Truth }
    }

    /// A share of others in place of these, where they are about the same features.
    pub fn mixed(&self, others: &Self, share: f64) -> Option<Self> {
        match share {
            0.0 => return Some(self.clone()),
            1.0 => return Some(others.clone()),
            _ if self.sight != others.sight => return None,
            _ => {}
        }
        let mix = |a: f64, b: f64| (1.0 - share) * a + share * b;
        let weights = self.weights.iter().zip(&others.weights).map(|(a, b)| mix(*a, *b)).collect();
        Some(Self { weights, constant: mix(self.constant, others.constant), sight: self.sight.clone() })
    }

    /// Believed reward of every outcome.
    pub fn of(&self, world: &World) -> Reward {
        Reward::linear(&self.sight.features(world), &self.weights, self.constant)
    }
}

impl Reward {
    /// Of a table that is no sum.
    pub fn of_table(table: Table) -> Self {
        Self { terms: largest(&table), table }
    }

    /// A share of another reward in place of this one.
    pub fn mixed(&self, other: &Self, share: f64) -> Self {
        let mix = |(a, b): (&f64, &f64)| (1.0 - share) * a + share * b;
        Self {
            table: self.table.iter().zip(&other.table).map(mix).collect(),
            terms: mix((&self.terms, &other.terms)),
        }
    }

    /// `constant` + Σ_j `weights`_j·φ_j.
    pub fn linear(features: &Features, weights: &[f64], constant: f64) -> Self {
        let terms = weights.iter().zip(features.columns()).map(|(w, c)| w.abs() * largest(c));
        Self { terms: constant.abs() + terms.sum::<f64>(), table: features.combine(weights, constant) }
    }
}

impl Overseer {
    /// Takes note of what a policy did, by its expected visits of outcomes, where it goes by the
    /// record of policies, which π₀'s begins. Whether that changes what it believes.
    pub fn take_note(&mut self, mdp: &Mdp, of: &Table) -> bool {
        let annotators = self.annotators.iter_mut();
        let noted = annotators.fold(false, |noted, (_, annotator)| annotator.take_note(mdp, of) || noted);
        let Sight::Seen { unseen: Unseen::Record, record, .. } = &mut self.beliefs.sight else {
            return noted;
        };
        let before = record.take().unwrap_or_else(|| visits(mdp, &Policy::reference(mdp)).into());
        *record = Some(Arc::new(before.iter().zip(of).map(|(sum, new)| sum + new).collect()));
        true
    }
}

impl OverseerConfig {
    /// Adds its error to the values; of a crowd the mean error, and the values of each rater. What raters
    /// have in common is the error that one overseer would have by itself.
    fn err(&self, whose: u32, values: &mut [f64], blueprint: &Blueprint, streams: Streams) -> Vec<Vec<f64>> {
        let Some(sd) = self.error else { return Vec::new() };
        let error = |name: &str, of: u32| {
            sd.get() * normal(&mut streams.stream(Purpose::OverseerError, name, u64::from(of)))
        };
        let Some(Crowd { raters, common }) = self.crowd else {
            values.iter_mut().zip(blueprint.names()).for_each(|(value, name)| *value += error(name, whose));
            return Vec::new();
        };
        let [shared, own] = [common.get(), 1.0 - common.get()].map(f64::sqrt);
        let of_rater = |rater: u32| -> Vec<f64> {
            let errs =
                |(value, name): (&f64, &str)| value + shared * error(name, 0) + own * error(name, rater);
            values.iter().zip(blueprint.names()).map(errs).collect()
        };
        let all: Vec<Vec<f64>> = (1..=raters.get()).map(of_rater).collect();
        for (j, value) in values.iter_mut().enumerate() {
            *value = all.iter().map(|of| of[j]).sum::<f64>() / all.len() as f64;
        }
        all
    }

    /// The overseer of one repetition.
    ///
    /// # Errors
    /// `unseen = "reference"` where the covariances it needs are infinite or
    /// have no closed form; beliefs or a camera where there are none. Depends on
    /// the config alone.
    pub fn overseer(&self, blueprint: &Blueprint, streams: Streams) -> Result<Overseer, ConfigError> {
        let mut overseer = self.by_itself(0, blueprint, streams)?;
        let mut rest = 1.0;
        for (place, annotator) in self.annotators.iter().enumerate() {
            // Whoever is given no error of its own has that of the overseer.
            let whose = annotator.error.map_or(0, |_| place as u32 + 1);
            let of = annotator.traits(self).by_itself(whose, blueprint, streams);
            let of = of.map_err(|error| annotators::of_annotator(place, error))?;
            overseer.annotators.push((annotator.share.get(), of));
            rest -= annotator.share.get();
        }
        if !self.annotators.is_empty() && rest > annotators::NONE {
            overseer.annotators.push((rest, self.by_itself(0, blueprint, streams)?));
        }
        Ok(overseer)
    }

    fn by_itself(
        &self,
        whose: u32,
        blueprint: &Blueprint,
        streams: Streams,
    ) -> Result<Overseer, ConfigError> {
        let mut values = blueprint.gold();
        for (name, weight) in &self.believes {
            for j in blueprint.columns_of(name) {
                values[j] = weight.get();
            }
        }
        let raters = self.err(whose, &mut values, blueprint, streams);
        let mut hidden: Vec<usize> = self.hidden.iter().flat_map(|name| blueprint.columns_of(name)).collect();
        hidden.extend(blueprint.products_of(&hidden));
        let believes = |values: &[f64]| match blueprint {
            Blueprint::AnswerLaw(_) => self.of_answers(blueprint, values, &hidden),
            Blueprint::Compiled(compiled) => {
                self.check_beliefs(compiled)?;
                self.check_hidden(compiled)?;
                let sight = Sight::new(self.sees, self.unseen, &hidden, compiled);
                Ok((Beliefs { weights: values.to_vec(), constant: 0.0, sight }, Vec::new()))
            }
        };
        let (beliefs, guesses) = believes(&values)?;
        let raters = raters.iter().map(|values| Ok(believes(values)?.0)).collect::<Result<_, _>>()?;
        let open = self.open.get();
        let told =
            values.iter().zip(blueprint.gold()).map(|(value, gold)| (1.0 - open) * value + open * gold);
        Ok(Overseer {
            beliefs,
            seeing_everything: Beliefs::of_truth(told.collect()),
            guesses,
            forecast: self.forecast.map(|forecast| forecast.forecast(blueprint, streams)).transpose()?,
            slots: self.slots(blueprint, &hidden, &values),
            values,
            raters,
            attention: self.attention.get(),
            annotators: Vec::new(),
            hidden,
            choice: self.choice.clone(),
            prices: self.prices.clone(),
        })
    }
}
