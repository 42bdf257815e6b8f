//! One binary for all integration tests.

mod bad_configs;
mod bands;
mod good_configs;
mod lab;
mod theory;
mod wrong;
