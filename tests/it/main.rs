//! One binary for all integration tests.

mod bad_configs;
mod bands;
mod cli;
mod experiments;
mod good_configs;
mod lab;
mod theory;
mod wrong;
