//! What is known of a world before any seed.

use super::{CompiledWorld, Law, World, WorldConfig};
use crate::lab::inputs::Inputs;
use crate::lab::mdp::{Features, Mdp};
use crate::numerics::error::ConfigError;
use crate::numerics::math::Symmetric;
use crate::numerics::rng::Streams;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

/// A world before any seed.
#[derive(Clone, Debug)]
pub enum Blueprint {
    /// The law that answers are drawn from.
    AnswerLaw(Law),
    /// A world over time, compiled.
    Compiled(Arc<CompiledWorld>),
}

/// Worlds that are known before any seed, each made once however many cells are in it.
#[derive(Default)]
pub struct Blueprints(BTreeMap<String, Blueprint>);

impl Blueprints {
    /// That of a world, with its training episodes as `inputs` arranges them.
    ///
    /// # Errors
    /// As [`WorldConfig::blueprint`].
    pub fn of(&mut self, world: &WorldConfig, inputs: &Inputs) -> Result<&Blueprint, ConfigError> {
        match self.0.entry(format!("{:?}", (world, inputs))) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(new) => Ok(new.insert(world.blueprint(inputs)?)),
        }
    }
}

/// What one repetition draws: the features of every outcome, as they are and as shown,
/// and the reference policy, if it is drawn.
#[derive(Clone, Debug)]
pub struct Draw {
    /// As they are.
    pub features: Arc<Features>,
    /// As the sensors show them.
    pub shown: Arc<Features>,
    /// π₀ of every row; `None` where it is no draw.
    pub reference: Option<Vec<f64>>,
}

impl Blueprint {
    /// Names of the feature columns.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Blueprint::AnswerLaw(law) => law.columns.iter().map(|c| c.name.as_str()).collect(),
            Blueprint::Compiled(compiled) => compiled.mdp.features.names.iter().map(String::as_str).collect(),
        }
    }

    /// Gold weights of the feature columns.
    pub fn gold(&self) -> Vec<f64> {
        match self {
            Blueprint::AnswerLaw(law) => law.gold(),
            Blueprint::Compiled(compiled) => compiled.mdp.gold.clone(),
        }
    }

    /// The columns that a name of the config addresses.
    pub fn columns_of(&self, name: &str) -> Vec<usize> {
        match self {
            Blueprint::AnswerLaw(law) => law.columns_of(name).to_vec(),
            Blueprint::Compiled(compiled) => {
                compiled.mdp.features.names.iter().position(|n| n == name).into_iter().collect()
            }
        }
    }

    /// The columns that are made of any of these.
    pub fn products_of(&self, columns: &[usize]) -> Vec<usize> {
        self.law().map_or_else(Vec::new, |law| law.products_of(columns))
    }

    /// The columns that a column is the product of, if it is one.
    pub fn factors(&self, column: usize) -> Option<[usize; 2]> {
        self.law()?.factors(column)
    }

    /// The law that answers are drawn from.
    pub fn law(&self) -> Option<&Law> {
        match self {
            Blueprint::AnswerLaw(law) => Some(law),
            Blueprint::Compiled(_) => None,
        }
    }

    /// The table of a map or a graph.
    pub fn compiled(&self) -> Option<&CompiledWorld> {
        match self {
            Blueprint::AnswerLaw(_) => None,
            Blueprint::Compiled(compiled) => Some(compiled),
        }
    }

    /// How many rows a table of it has, each outcome at each step counted.
    pub fn size(&self) -> f64 {
        match self {
            Blueprint::AnswerLaw(law) => f64::from(law.rows),
            Blueprint::Compiled(compiled) => {
                compiled.mdp.outcome_count() as f64 * f64::from(compiled.mdp.horizon)
            }
        }
    }

    /// Draws the features of every outcome.
    pub fn draw(&self, streams: Streams) -> Draw {
        match self {
            Blueprint::AnswerLaw(law) => {
                let features = Arc::new(law.draw(streams));
                Draw { shown: Arc::clone(&features), features, reference: None }
            }
            Blueprint::Compiled(compiled) => compiled.draw(streams),
        }
    }

    /// The world with what was drawn.
    pub fn world(self, draw: Draw) -> World {
        let mdp = match &self {
            Blueprint::AnswerLaw(law) => law.table(draw.features),
            Blueprint::Compiled(compiled) => {
                let mdp = compiled.mdp.clone();
                Mdp { features: draw.features, reference: draw.reference.unwrap_or(mdp.reference), ..mdp }
            }
        };
        World { mdp, shown: draw.shown, blueprint: self }
    }

    /// Mean and covariance of the features of an answer, where they are finite.
    pub fn moments(&self) -> Option<(Vec<f64>, Symmetric)> {
        self.law().and_then(Law::moments)
    }
}
