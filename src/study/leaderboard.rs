//! Who does best over tasks, for the money: [`LeaderboardConfig`] applied to the rows of a run.
//!
//! In a seed an entrant's score at a task is the mean height of its curve over the logarithm of what is spent,
//! which is there whether or not a height is ever reached. Its score is the mean over tasks, seed by seed. Where a
//! seed lacks the metric for one entrant at a task, it is left out there for all.
//!
//! Two entrants are told apart if the mean of their paired differences over seeds is not 0 by the t of claims
//! ([`Location::above`], two-sided), with Holm's correction over all pairs: the chance that any two equal ones
//! are told apart is below [`ALARM`]. With fewer seeds than claims need nobody is.

use super::config::{Along, LeaderboardConfig, Level, Pin, Pins, Quantity, replaced};
use super::plan::Row;
use super::quantity::{curve, reduce};
use super::results::Results;
use crate::numerics::math::{exp, ln};
use crate::numerics::stats::{
    Location, Summariser, Summary, difference, holm, improvement, iqm_of_tasks, mean, stratified_interval,
};

/// The chance that any two equal entrants are told apart.
pub const ALARM: f64 = 0.01;

/// Entrants from the best score to the least; those without a score last.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaderboard {
    /// What is said of each entrant.
    pub entries: Vec<Entry>,
    /// The entrant with whom the others are compared.
    pub first: Level,
    /// The axes of the tasks, and of each task its levels.
    pub axes: Vec<String>,
    /// \[tasks\]\[axes\]
    pub tasks: Vec<Vec<Level>>,
    /// The heights to be reached.
    pub reach: Vec<f64>,
    /// The least and the most that can be spent.
    pub spent: [f64; 2],
}

/// One entrant.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its level.
    pub entrant: Level,
    /// Over all tasks; `None` where it lacks one.
    pub overall: Option<Overall>,
    /// By task; `None` where it has none.
    pub tasks: Vec<Option<OfTask>>,
}

/// An entrant over all tasks.
#[derive(Clone, Debug, PartialEq)]
pub struct Overall {
    /// The score over seeds.
    pub score: Summary,
    /// Interquartile mean over tasks × seeds, and its 95 % bootstrap interval, stratified by task.
    pub iqm: (f64, Option<[f64; 2]>),
    /// The chance that its score at a task, in some seed, is above the first entrant's in another; over tasks.
    pub improvement: f64,
    /// The best and the worst rank that the seeds leave open.
    pub rank: [usize; 2],
}

/// An entrant at a task.
#[derive(Clone, Debug, PartialEq)]
pub struct OfTask {
    /// The score over seeds.
    pub score: Summary,
    /// What it takes to reach each height.
    pub reached: Vec<Reached>,
}

/// What it takes to reach a height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reached {
    /// The share of seeds that do.
    pub share: f64,
    /// The median over seeds of what was spent when the curve is there first, linear in the logarithm between two
    /// levels; ∞ where half of the seeds never are.
    pub spent: f64,
}

/// A curve in each seed, from the least spent to the most; \[seeds\], `None` where the metric is missing.
type Curves = Vec<Option<Vec<(f64, f64)>>>;

/// Scores of an entrant by task and seed; `None` where the metric is missing.
type Scores = Vec<Vec<Option<f64>>>;

/// The leaderboard of a run, if its config asks for one.
pub fn leaderboard(results: &Results<'_>) -> Option<Leaderboard> {
    let plan = results.plan;
    let config = plan.experiment.leaderboard.as_ref()?;
    let all: Vec<usize> = plan.select(&config.pins);
    let entrants = plan.levels(&all, &config.entrants);
    let mut tasks: Vec<Vec<Level>> = vec![Vec::new()];
    for axis in &config.tasks {
        let levels = plan.levels(&all, axis);
        let with = |of: &Vec<Level>| {
            levels.iter().map(|level| [&of[..], std::slice::from_ref(level)].concat()).collect::<Vec<_>>()
        };
        tasks = tasks.iter().flat_map(with).collect();
    }
    let levels = plan.levels(&all, &config.along);
    let curves = |entrant: &Level, task: &Vec<Level>| {
        let axes = config.tasks.iter().zip(task).chain([(&config.entrants, entrant)]);
        let here: Pins = axes.map(|(axis, level)| (axis.clone(), Pin::Level(level.clone()))).collect();
        curves(results, config, levels.len(), &plan.select(&replaced(&config.pins, &here)))
    };
    let mut curves: Vec<Vec<Option<Curves>>> =
        entrants.iter().map(|entrant| tasks.iter().map(|task| curves(entrant, task)).collect()).collect();
    leave_out(&mut curves);
    let numbers = || levels.iter().filter_map(Level::number);
    let spent = [numbers().fold(f64::INFINITY, f64::min), numbers().fold(0.0, f64::max)];
    let reach: Vec<f64> = config.reach.iter().map(|at| at.get()).collect();
    let (scores, overall) = overall(&curves, &config.along);
    let mut summariser = Summariser::default();
    let mut of_task = |(curves, scores): (&Option<Curves>, &Vec<Option<f64>>)| {
        let there: Vec<f64> = scores.iter().copied().flatten().collect();
        let curves: Vec<&Vec<(f64, f64)>> = curves.as_ref()?.iter().flatten().collect();
        let score = summariser.summarise(&there)?;
        Some(OfTask { score, reached: reach.iter().map(|at| reached(&curves, *at)).collect() })
    };
    let found = curves.iter().zip(&scores).zip(overall);
    let entry = |(entrant, ((curves, scores), overall)): (&Level, ((&Vec<_>, &Scores), _))| Entry {
        entrant: entrant.clone(),
        overall,
        tasks: curves.iter().zip(scores).map(&mut of_task).collect(),
    };
    let mut entries: Vec<Entry> = entrants.iter().zip(found).map(entry).collect();
    let height = |entry: &Entry| entry.overall.as_ref().map_or(f64::NEG_INFINITY, |o| o.score.mean);
    entries.sort_by(|a, b| height(b).total_cmp(&height(a)));
    Some(Leaderboard {
        entries,
        first: entrants.first()?.clone(),
        axes: config.tasks.clone(),
        tasks,
        reach,
        spent,
    })
}

fn curves(
    results: &Results<'_>,
    config: &LeaderboardConfig,
    levels: usize,
    places: &[usize],
) -> Option<Curves> {
    let along = Along { along: config.along.clone(), log: false };
    let of_seed = |of_seed: &[Row]| {
        let value = |place: usize| results.columns.value(&config.metric, &of_seed[place]);
        let mut curve = curve(results.plan, &along, places.iter().copied(), value)?;
        curve.sort_by(|a, b| a.0.total_cmp(&b.0));
        Some(curve)
    };
    // Areas over different ranges cannot be compared.
    (places.len() == levels && levels > 1).then(|| results.by_seed().map(of_seed).collect())
}

/// Where a seed lacks the metric for one of those that have all tasks, it is left out there for all.
fn leave_out(curves: &mut [Vec<Option<Curves>>]) {
    let whole: Vec<bool> = curves.iter().map(|of| of.iter().all(Option::is_some)).collect();
    for task in 0..curves.first().map_or(0, Vec::len) {
        let there =
            curves.iter().zip(&whole).filter(|(_, whole)| **whole).filter_map(|(of, _)| of[task].as_ref());
        let gone: Vec<bool> = there
            .map(|of| of.iter().map(Option::is_none).collect::<Vec<_>>())
            .reduce(|a, b| a.iter().zip(&b).map(|(a, b)| *a || *b).collect())
            .unwrap_or_default();
        for of in curves.iter_mut().filter_map(|of| of[task].as_mut()) {
            of.iter_mut().zip(&gone).filter(|(_, gone)| **gone).for_each(|(curve, _)| *curve = None);
        }
    }
}

/// Scores by entrant, task and seed, and what they say over all tasks.
fn overall(curves: &[Vec<Option<Curves>>], along: &str) -> (Vec<Scores>, Vec<Option<Overall>>) {
    let area = Quantity::Auc(Along { along: along.to_owned(), log: true });
    let score = |curve: &Option<Vec<(f64, f64)>>| {
        reduce(&area, &curve.as_ref()?.iter().map(|(x, y)| (ln(*x), *y)).collect::<Vec<_>>())
    };
    let of_task = |of: &Option<Curves>| of.iter().flatten().map(score).collect::<Vec<_>>();
    let scores: Vec<Scores> = curves.iter().map(|of| of.iter().map(of_task).collect()).collect();
    let whole: Vec<usize> = (0..curves.len()).filter(|i| curves[*i].iter().all(Option::is_some)).collect();
    let means: Vec<Vec<f64>> = whole.iter().map(|i| over_tasks(&scores[*i])).collect();
    let ranks = ranks(&means);
    let there = |of: &Scores| -> Vec<Vec<f64>> {
        of.iter().map(|seeds| seeds.iter().copied().flatten().collect()).collect()
    };
    let first = scores.first().map(there).unwrap_or_default();
    let mut summariser = Summariser::default();
    let mut all = vec![None; curves.len()];
    for ((i, means), rank) in whole.iter().zip(&means).zip(ranks) {
        let mut tasks = there(&scores[*i]);
        let better = tasks.iter().zip(&first).filter(|(x, y)| !x.is_empty() && !y.is_empty());
        let better: Vec<f64> = better.map(|(x, y)| improvement(x, y)).collect();
        tasks.retain(|seeds| !seeds.is_empty());
        let slices: Vec<&[f64]> = tasks.iter().map(Vec::as_slice).collect();
        let pooled = |runs: &[Vec<f64>]| iqm_of_tasks(&runs.iter().map(Vec::as_slice).collect::<Vec<_>>());
        all[*i] = summariser.summarise(means).map(|score| Overall {
            score,
            iqm: (iqm_of_tasks(&slices), stratified_interval(&slices, pooled, "leaderboard")),
            improvement: mean(&better),
            rank,
        });
    }
    (scores, all)
}

/// In each seed the mean over the tasks that it has; \[seeds\].
fn over_tasks(scores: &[Vec<Option<f64>>]) -> Vec<f64> {
    let seeds = scores.first().map_or(0, Vec::len);
    let of_seed = |seed| -> Vec<f64> { scores.iter().filter_map(|task| task[seed]).collect() };
    (0..seeds).map(of_seed).filter(|there| !there.is_empty()).map(|there| mean(&there)).collect()
}

/// The best and the worst rank of each that paired scores leave open; \[entrants\]\[seeds\].
pub fn ranks(scores: &[Vec<f64>]) -> Vec<[usize; 2]> {
    let pairs: Vec<(usize, usize)> = (0..scores.len()).flat_map(|a| (0..a).map(move |b| (a, b))).collect();
    let apart = |(a, b): &(usize, usize)| {
        let differences = difference(&scores[*a], &scores[*b]);
        let location = Location::of_mean(&differences);
        let enough = differences.len() >= location.seeds_required();
        let p = if enough { (2.0 * location.above(0.0).min(location.below(0.0))).min(1.0) } else { 1.0 };
        (p, location.estimate > 0.0)
    };
    let told: Vec<(f64, bool)> = pairs.iter().map(apart).collect();
    let adjusted = holm(&told.iter().map(|(p, _)| *p).collect::<Vec<_>>());
    let mut ranks = vec![[1, scores.len()]; scores.len()];
    for (((a, b), (_, a_is_above)), p) in pairs.iter().zip(&told).zip(adjusted) {
        if p < ALARM {
            let (above, below) = if *a_is_above { (*a, *b) } else { (*b, *a) };
            ranks[below][0] += 1;
            ranks[above][1] -= 1;
        }
    }
    ranks
}

/// What it takes curves, from the least spent to the most, to reach a height.
fn reached(curves: &[&Vec<(f64, f64)>], at: f64) -> Reached {
    let spent = |curve: &&Vec<(f64, f64)>| {
        let up = curve.iter().position(|(_, y)| *y >= at)?;
        let (x, y) = curve[up];
        let Some((x0, y0)) = up.checked_sub(1).map(|before| curve[before]) else { return Some(x) };
        Some(exp(ln(x0) + (at - y0) / (y - y0) * (ln(x) - ln(x0))))
    };
    let mut all: Vec<f64> = curves.iter().map(|curve| spent(curve).unwrap_or(f64::INFINITY)).collect();
    all.sort_unstable_by(f64::total_cmp);
    let n = all.len();
    let share = all.iter().filter(|x| x.is_finite()).count() as f64 / n as f64;
    Reached { share, spent: 0.5 * (all[(n - 1) / 2] + all[n / 2]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_takes_by_hand() {
        let [first, between, never] = [
            vec![(16.0, 0.95), (64.0, 0.5)],
            vec![(16.0, 0.5), (64.0, 0.75), (256.0, 1.0)],
            vec![(16.0, 0.0), (64.0, 0.25)],
        ];
        let of = |curves: &[&Vec<(f64, f64)>]| reached(curves, 0.875);
        assert_eq!(of(&[&first]), Reached { share: 1.0, spent: 16.0 });
        let half = of(&[&between]);
        assert!((half.spent - 128.0).abs() < 1e-9, "half way in the logarithm: {half:?}");
        assert_eq!(of(&[&first, &never]), Reached { share: 0.5, spent: f64::INFINITY });
        let most = of(&[&never, &between, &first]);
        assert!(most.spent == half.spent && most.share == 2.0 / 3.0);
    }

    #[test]
    fn ranks_by_hand() {
        // Of 40 seeds: the second is above the first by much, the third is the first under another name.
        let noise = |i: usize| ((i * 7919) % 101) as f64 / 101.0;
        let low: Vec<f64> = (0..40).map(noise).collect();
        let high: Vec<f64> = (0..40).map(|i| 3.0 + noise(3 * i + 1)).collect();
        assert_eq!(ranks(&[low.clone(), high.clone(), low.clone()]), [[2, 3], [1, 1], [2, 3]]);
        assert_eq!(ranks(&[low[..20].to_vec(), high[..20].to_vec()]), [[1, 2], [1, 2]], "too few seeds");
        assert_eq!(ranks(&[]), [[0usize; 2]; 0]);
    }
}
