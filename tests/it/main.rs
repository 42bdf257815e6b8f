//! One binary for all integration tests.

mod answers;
mod bad_claims;
mod bad_configs;
mod bands;
mod best_of_n;
mod bradley_terry;
mod claims;
mod cli;
mod common;
mod experiments;
mod good_configs;
mod lab;
mod measure;
mod peers;
mod record;
mod samplers;
mod solve;
mod theory;
mod tilt;
mod wrong;
