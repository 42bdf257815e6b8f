//! A laboratory for one question: what happens when a policy is optimised
//! against somebody's judgement of it?
//!
//! Everything is one loop, described by one TOML file (see [`trial`]):
//!
//! ```text
//!             ┌────────── world ──────────┐   features φ, gold weights w*
//!             ▲                           ▼
//!   π₀ ─► policy π ──► episodes ──► overseer (sees → fills in → values → judges)
//!             ▲                           ▼ labels, each with a cost
//!         optimizer ◄──── reward model fitted to the labels
//! ```
//!
//! Rooms, from left to right; none knows those to its right:
//! [`math`], [`rng`], [`stats`] → [`mdp`], [`solve`], [`policy`] → [`protocol`],
//! [`world`], [`overseer`], [`feedback`], [`query`] → [`reward_model`], [`optimizer`] →
//! [`measure`] → [`config`] → [`trial`], [`plan`] → [`results`], [`figure`] →
//! [`report`] → `cli`.

pub mod claims;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod experiments;
pub mod fault;
pub mod feedback;
pub mod figure;
pub mod math;
pub mod mdp;
pub mod measure;
pub mod optimizer;
pub mod overseer;
pub mod plan;
pub mod policy;
pub mod protocol;
pub mod query;
pub mod ranges;
pub mod record;
pub mod report;
pub mod results;
pub mod reward_model;
pub mod rng;
pub mod schema;
pub mod solve;
pub mod stats;
pub mod theory;
pub mod trial;
pub mod world;
