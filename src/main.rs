//! The command line.
fn main() { println!("{}", serde_json::to_string_pretty(&schemars::schema_for!(oversight::config::Config)).unwrap()); }
