//! Floor 1: numbers. What every floor above counts with, and nothing that knows of a world.

pub mod fault;
pub mod math;
pub mod ranges;
pub mod rng;
pub mod stats;
