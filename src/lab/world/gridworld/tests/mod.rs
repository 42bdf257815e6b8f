mod conformance;
mod exact;
mod faults;
mod golden;
mod properties;

use super::*;
use crate::lab::protocol::Protocol;
use crate::numerics::rng::{Purpose, Rng, Streams};

const STREAMS: Streams = Streams { seed: 0, repetition: 0 };

fn rng(index: u64) -> Rng {
    STREAMS.stream(Purpose::Pairs, "gridworld", index)
}

/// A gridworld from the lines of its table.
fn gridworld(toml: &str) -> Gridworld {
    toml::from_str(toml).unwrap_or_else(|e| panic!("{e}"))
}

fn named(name: &str) -> Gridworld {
    gridworld(&format!("map = \"{name}\""))
}

fn played(toml: &str, actions: &str) -> Played {
    gridworld(toml).play(actions, STREAMS, &mut rng(0)).unwrap()
}
