//! Floor 1: numbers. What every floor above counts with, and nothing that knows of a world.

pub mod error;
pub mod math;
pub mod ranges;
pub mod rng;
pub mod stats;
pub mod words;
