//! Optimizers over time, held against exact solutions.

mod worlds;
mod lab;
