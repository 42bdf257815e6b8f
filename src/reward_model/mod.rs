//! Reward models.
mod config;
pub use config::*;
