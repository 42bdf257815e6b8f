//! The overseer: sees, fills in, values, judges.
//!
//! What it sees of an episode is a linear image of the true features, so the
//! return it believes is again linear: S = c + Σ u_j φ_j. Labels depend on the
//! world through S alone.

mod config;
mod judge;

pub use config::*;
pub use judge::{Label, LabelChances, Returns};

use crate::fault::Fault;
use crate::math::regress;
use crate::mdp::{Mdp, Table};
use crate::rng::{Purpose, Streams, normal};
use crate::world::Law;

/// A believed reward per step: `constant` + Σ_j `weights`_j·φ_j.
#[derive(Clone, Debug, PartialEq)]
pub struct Beliefs {
    /// On the true features; \[features\].
    pub weights: Vec<f64>,
    /// Paid at every step.
    pub constant: f64,
}

/// An overseer of one repetition.
#[derive(Clone, Debug)]
pub struct Overseer {
    /// The features it cannot see, by column.
    pub hidden: Vec<usize>,
    /// What it believes, given what it sees.
    pub beliefs: Beliefs,
    /// What it would believe if it saw everything, its values kept.
    pub seeing_everything: Beliefs,
    /// How it chooses.
    pub choice: Choice,
    /// What it costs.
    pub prices: Prices,
}

impl Beliefs {
    /// Believed reward of every row.
    pub fn table(&self, mdp: &Mdp) -> Table {
        mdp.features.combine(&self.weights, self.constant)
    }
}

impl OverseerConfig {
    /// The overseer of one repetition, in a world whose features follow `law`.
    ///
    /// # Errors
    /// `unseen = "reference"` where the covariances it needs are infinite or
    /// have no closed form. Depends on the config alone.
    pub fn overseer(&self, law: &Law, streams: Streams) -> Result<Overseer, Fault> {
        let mut values = law.gold();
        for (name, weight) in &self.believes {
            for &j in law.columns_of(name) {
                values[j] = weight.get();
            }
        }
        if let Some(sd) = self.error {
            for (value, column) in values.iter_mut().zip(&law.columns) {
                *value += sd.get() * normal(&mut streams.stream(Purpose::OverseerError, &column.name, 0));
            }
        }
        let mut hidden: Vec<usize> =
            self.hidden.iter().flat_map(|name| law.columns_of(name)).copied().collect();
        hidden.extend(law.squares_of(&hidden));
        let mut beliefs = Beliefs { weights: values.clone(), constant: 0.0 };
        for &h in &hidden {
            beliefs.weights[h] = 0.0;
        }
        if self.unseen == Unseen::Reference && !hidden.is_empty() {
            let seen: Vec<usize> = (0..values.len()).filter(|j| !hidden.contains(j)).collect();
            let (mean, covariance) = law.moments().ok_or_else(|| {
                let message = "`reference` needs finite covariances, and this world's are infinite or have no closed form";
                Fault::new("overseer.unseen", message, "use unseen = \"nothing\", or tails with more moments (student_t: df > 2)")
            })?;
            for &h in &hidden {
                beliefs.constant += values[h] * mean[h];
                for (&s, b) in seen.iter().zip(regress(&covariance, h, &seen)) {
                    beliefs.weights[s] += values[h] * b;
                    beliefs.constant -= values[h] * b * mean[s];
                }
            }
        }
        let seeing_everything = Beliefs { weights: values, constant: 0.0 };
        Ok(Overseer {
            hidden,
            beliefs,
            seeing_everything,
            choice: self.choice.clone(),
            prices: self.prices.clone(),
        })
    }
}
