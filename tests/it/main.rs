//! One binary for all integration tests.

mod answers;
mod bad_claims;
mod bad_configs;
mod bad_worlds;
mod bands;
mod best_of_n;
mod bradley_terry;
mod claims;
mod cli;
mod common;
mod experiments;
mod good_configs;
mod judge;
mod lab;
mod measure;
mod partial;
mod peers;
mod record;
mod report;
mod samplers;
mod schema;
mod solve;
mod statistics;
mod theory;
mod tilt;
mod wrong;
