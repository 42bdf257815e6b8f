//! Gridworlds: an agent on a map of tiles, each a bundle of properties.
//!
//! The rules of a step are written once ([`Rules::step`]). [`Rules::table`]
//! enumerates every way that chance can go, and [`Gridworld::play`]
//! runs the same rules sampled. The published worlds of Leike et al. 2017, *AI
//! Safety Gridworlds*, are config files in `maps/`, in the same grammar as a
//! user's own.

mod builtin;
mod chance;
mod config;
mod map;
mod play;
mod reference;
mod rules;
mod step;
mod table;
#[cfg(test)]
mod tests;

pub use builtin::gridworlds;
pub(crate) use builtin::toml_files;
pub use chance::{Chance, Turns};
pub use config::{Direction, Earning, GridFeature, Gridworld, Habits, Heading, Odds, Seen, Shown, Tile};
pub use play::{Play, Played};
pub use rules::Rules;
pub use step::{Earned, State};
