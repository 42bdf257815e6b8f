//! Gridworlds: an agent on a map of tiles, each a bundle of properties.
//!
//! The rules of a step are written once ([`Rules::step`]). A table is compiled
//! from them by enumerating every way chance can go, and [`Gridworld::play`]
//! runs the same rules sampled. The published worlds of Leike et al. 2017, *AI
//! Safety Gridworlds*, are config files in `maps/`, in the same grammar as a
//! user's own.

mod board;
mod builtin;
mod chance;
mod config;
mod map;
mod play;
mod rules;
mod step;
mod table;
#[cfg(test)]
mod tests;

pub use builtin::gridworlds;
pub use chance::{Chance, Turns};
pub use config::{Direction, Drawn, Earning, GridFeature, Gridworld, Heading, Odds, Shown, Tile};
pub use play::Played;
pub use rules::{PaidFeature, Rules};
pub use step::{Earned, State};
pub use table::{Grid, Outcome};

use crate::numerics::error::ConfigError;
use crate::numerics::ranges::Finite;
use indexmap::IndexMap;

impl Gridworld {
    /// Checks what the types cannot say.
    ///
    /// # Errors
    /// Those of [`Gridworld::rules`].
    pub fn check(&self) -> Result<(), ConfigError> {
        self.rules().map(drop)
    }

    /// Every name by which a config can address features, and the columns it
    /// stands for: itself.
    ///
    /// # Errors
    /// An unknown map.
    pub fn addresses(&self) -> Result<IndexMap<String, Vec<String>>, ConfigError> {
        Ok(self.whole()?.features.into_keys().map(|name| (name.clone(), vec![name])).collect())
    }

    /// What shapes the table, weights set aside: worlds that agree in this
    /// differ in their weights only.
    pub fn shape(&self) -> Self {
        let mut shape = self.clone();
        for feature in shape.features.values_mut() {
            (feature.gold, feature.observed) = (None::<Finite>, None);
        }
        shape
    }
}
