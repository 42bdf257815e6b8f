//! The overseer: sees, fills in, values, judges.
mod config;
pub use config::*;
