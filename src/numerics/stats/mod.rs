//! Statistics over seeds: summaries and bands for figures, tests for verdicts,
//! comparisons of runs.
//!
//! Verdicts rest on [`Location`] and [`holm`], never on bootstrap intervals: at
//! small error rates the percentile bootstrap raises several times the false
//! alarms it promises.

mod average;
mod bootstrap;
mod compare;
mod discrimination;
mod location;
mod ratio;
mod summary;

pub use average::Average;
pub use bootstrap::{iqm_of_tasks, stratified_interval};
pub use compare::{difference, holm, improvement, profile};
pub use discrimination::{Discrimination, Told};
pub use location::{Location, skewness};
pub use ratio::ratio_of_means;
pub use summary::{Summariser, Summary, iqm, mean, quantile, sd};
