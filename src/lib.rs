//! Oversight.
pub mod config;
pub mod fault;
pub mod feedback;
pub mod measure;
pub mod optimizer;
pub mod overseer;
pub mod ranges;
pub mod reward_model;
pub mod world;
