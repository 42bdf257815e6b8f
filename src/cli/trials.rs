//! The trials of a plan on all cores, with a bar, until Ctrl-C.

use super::Stop;
use super::method::Methods;
use crate::study::plan::{Plan, Row};
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From here on Ctrl-C stops after the trials that have begun.
pub(super) fn listen() -> Result<(), Stop> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed))
        .map_err(|e| Stop::Files(format!("cannot listen for Ctrl-C: {e}")))
}

/// Stops if there was a Ctrl-C.
pub(super) fn heed() -> Result<(), Stop> {
    if INTERRUPTED.load(Ordering::Relaxed) { Err(Stop::Interrupted) } else { Ok(()) }
}

/// Runs these seeds, and gives what `keep` makes of the rows of each, in order.
pub(super) fn trials<T: Send>(
    plan: &Plan,
    seeds: &[u32],
    threads: Option<u16>,
    methods: &Methods,
    keep: impl Fn(u32, Vec<Row>) -> Result<T, Stop> + Sync + Send,
) -> Result<Vec<T>, Stop> {
    let bar = ProgressBar::new(seeds.len() as u64 * plan.experiment.cells.len() as u64);
    let style = "{msg} {bar:30} {percent}% {elapsed} elapsed, {eta} left";
    bar.set_style(ProgressStyle::with_template(style).expect("a valid template"));
    bar.set_message(plan.experiment.name.clone());
    let proceed = || {
        bar.inc(1);
        heed().is_ok()
    };
    let kept = every_seed(seeds, threads, |seed| {
        heed()?;
        let rows = plan.seed_with(seed, proceed, |cell, dialogue| methods.run(plan, cell, seed, dialogue));
        keep(seed, rows.ok_or_else(|| methods.stop())?)
    });
    bar.finish_and_clear();
    kept
}

fn every_seed<T: Send>(
    seeds: &[u32],
    threads: Option<u16>,
    one: impl Fn(u32) -> Result<T, Stop> + Sync + Send,
) -> Result<Vec<T>, Stop> {
    #[cfg(not(feature = "parallel"))]
    {
        let _ = threads;
        seeds.iter().copied().map(one).collect()
    }
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads.map_or(0, usize::from))
            .build()
            .map_err(|e| Stop::Usage(format!("cannot start the threads: {e}")))?;
        pool.install(|| seeds.par_iter().copied().map(one).collect())
    }
}
