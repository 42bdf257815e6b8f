//! Floor 3: a study, which is many trials and what follows from them: from a config to its
//! cells ([`config`], [`plan`]), from their rows to tables ([`results`]) and verdicts ([`claims`]).

pub mod claims;
pub mod config;
pub mod dialogue;
pub mod experiments;
pub mod leaderboard;
pub mod plan;
pub mod quantity;
pub mod record;
pub mod results;
pub mod schema;
pub mod theory;
