//! Floor 2: the laboratory. One trial is one loop ([`trial::run`], over the verbs of [`trial::Trial`]):
//!
//! ```text
//! world, overseer = setup.open(streams)        drawn for one seed
//! hearing         = overseer.hears(world)      what it believes of every outcome, as a protocol tells it
//! policy          = π₀
//! for round in 1 ..= rounds:
//!     pairs   = two episodes of π₀ or of the latest policy, or two of their segments; a rule may choose among them
//!     labels += what the overseer says of each pair: first, second, tie, skip
//!     model   = Bradley–Terry on all labels so far
//!     reward  = the model's value of every outcome
//!     for level of pressure:
//!         policy = the most that the optimizer makes of `reward`, starting from π₀
//!         record = gold, approval, proxy, KL, … of `policy`, exactly
//! ```
//!
//! Each noun is a room: [`world`] (held as one table, [`mdp`]), [`overseer`], [`feedback`],
//! [`pairs`], [`query`], [`reward_model`], [`optimizer`], [`policy`], [`measure`]; [`solve`] has the exact
//! solutions that several of them stand on.

pub mod feedback;
pub mod hearing;
pub mod inputs;
pub mod mdp;
pub mod measure;
pub mod optimizer;
pub mod overseer;
pub mod pairs;
pub mod policy;
pub mod protocol;
pub mod query;
pub mod recursion;
pub mod reward_model;
mod setup;
pub mod solve;
pub mod trial;
pub mod world;

pub use feedback::Feedback;
pub use mdp::{Features, Gold, Learned, Mdp, Table};
pub use measure::Metrics;
pub use optimizer::OptimizerConfig;
pub use overseer::{Judge, Overseer, OverseerConfig};
pub use policy::Policy;
pub use reward_model::{RewardModel, RewardModelConfig};
pub use setup::Setup;
pub use trial::Record;
pub use world::{World, WorldConfig};
