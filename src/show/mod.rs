//! Floor 4: what a study looks like. Figures and reports read a study's results and never simulate.

pub mod figure;
pub mod report;
