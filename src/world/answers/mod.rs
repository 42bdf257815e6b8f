//! A world of answers.
mod config;
pub use config::*;
