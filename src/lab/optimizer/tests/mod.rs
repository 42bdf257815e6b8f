//! Optimizers over time, held against exact solutions.

mod endless;
mod episodes;
mod planner;
mod sampled;
mod worlds;

use super::{OptimizerConfig, Reached};
use crate::lab::mdp::{Learned, Mdp};
use crate::numerics::rng::Streams;

/// What an optimizer, given as TOML, reaches at each level.
fn reached(toml: &str, mdp: &Mdp, reward: &Learned, seed: u32) -> Vec<Reached> {
    let optimizer: OptimizerConfig = toml::from_str(toml).expect("valid TOML");
    let mut reached = Vec::new();
    optimizer.optimise(mdp, reward, Streams { seed, repetition: 0 }, |r| reached.push(r));
    reached
}

#[track_caller]
fn assert_close(what: &str, got: f64, expected: f64, tolerance: f64) {
    assert!((got - expected).abs() <= tolerance, "{what}: {got}, expected {expected} ± {tolerance}");
}

#[track_caller]
fn assert_all_close(what: &str, got: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (i, (g, e)) in got.iter().zip(expected).enumerate() {
        assert_close(&format!("{what} [{i}]"), *g, *e, tolerance);
    }
}
