//! Optimizers.
mod config;
pub use config::*;
