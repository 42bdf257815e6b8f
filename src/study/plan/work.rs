//! What a run takes. What a repetition does is counted in a few kinds of steps, and each kind has a
//! price, which was measured once.

use super::Plan;
use crate::lab::Setup;
use crate::lab::mdp::Outcomes;
use crate::lab::measure::METRICS;
use crate::lab::optimizer::{
    BestOfN, Draws, NaturalPolicyGradient, OptimizerConfig, PolicyGradient, Shape, Tilt,
};
use crate::lab::overseer::{Beliefs, Overseer, Unseen};
use crate::lab::protocol::Protocol;
use crate::lab::reward_model::{Of, RewardModelConfig};
use crate::lab::world::{Blueprint, Screen};
use crate::numerics::math::ln;
use crate::numerics::ranges::Count as Episodes;
use std::collections::BTreeSet;
use std::ops::{Add, Mul};

/// What a run takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Work {
    /// CPU-seconds for one repetition of all cells: of the built-in experiments within a factor of two,
    /// on a machine of 2020.
    pub seconds_per_seed: f64,
    /// Bytes of memory, but for what each thread has on top.
    pub bytes: f64,
    /// Bytes of tables and labels that each thread holds at a time.
    pub bytes_per_thread: f64,
    /// Rows of `results.csv`.
    pub rows: u64,
    /// Bytes of the folder of results.
    pub bytes_of_results: f64,
}

/// How often each kind of step is done.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Count {
    /// Variates drawn for a world.
    pub(super) draws: f64,
    /// Comparisons of a sort.
    pub(super) compares: f64,
    /// Products that are added up.
    pub(super) products: f64,
    /// Exponentials, logarithms, random picks, and looks into a table in no order.
    pub(super) looks: f64,
    /// Passes over one step of a table, and batches: what has a cost of its own, however small the table.
    pub(super) passes: f64,
}

impl Count {
    /// At prices that were fitted to the CPU time of every cell of every built-in experiment.
    fn seconds(self) -> f64 {
        let Self { draws, compares, products, looks, passes } = self;
        1e-9 * (40.0 * draws + 5.0 * compares + 0.5 * products + 18.0 * looks + 500.0 * passes)
    }
}

impl Add for Count {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            draws: self.draws + other.draws,
            compares: self.compares + other.compares,
            products: self.products + other.products,
            looks: self.looks + other.looks,
            passes: self.passes + other.passes,
        }
    }
}

impl Mul<f64> for Count {
    type Output = Self;
    fn mul(self, n: f64) -> Self {
        let Self { draws, compares, products, looks, passes } = self;
        Self {
            draws: n * draws,
            compares: n * compares,
            products: n * products,
            looks: n * looks,
            passes: n * passes,
        }
    }
}

/// The table of a world.
struct Size {
    states: f64,
    /// (state, action) pairs.
    rows: f64,
    outcomes: f64,
    horizon: f64,
    features: f64,
    traits: f64,
    /// Whether an episode is over after one choice.
    ends: bool,
}

impl Size {
    fn of(blueprint: &Blueprint) -> Self {
        let features = blueprint.names().len() as f64;
        match blueprint {
            Blueprint::AnswerLaw(law) => {
                let rows = f64::from(law.rows);
                let states = rows / f64::from(law.candidates);
                Self { states, rows, outcomes: rows, horizon: 1.0, features, traits: features, ends: true }
            }
            Blueprint::Compiled(compiled) => {
                let mdp = &compiled.mdp;
                Self {
                    states: mdp.states() as f64,
                    rows: mdp.row_count() as f64,
                    outcomes: mdp.outcome_count() as f64,
                    horizon: f64::from(mdp.horizon),
                    features,
                    traits: mdp.traits().count() as f64,
                    ends: matches!(mdp.outcomes, Outcomes::Ends),
                }
            }
        }
    }

    /// One pass over the table, at every step.
    fn sweep(&self) -> Count {
        let products = 3.0 * (self.outcomes + self.states) * self.horizon;
        Count { products, passes: self.horizon, ..Count::default() }
    }

    /// All rows of each state in order.
    fn sort(&self) -> Count {
        Count { compares: self.rows * ln((self.rows / self.states).max(2.0)) / ln(2.0), ..Count::default() }
    }
}

impl Plan {
    /// What a run takes.
    pub fn work(&self) -> Work {
        let of_a_seed = self.conditions.len() as f64;
        let rows = self.conditions.len() as u64 * u64::from(self.experiment.seeds);
        let mut seconds = 0.0;
        let mut bytes_per_thread = 0.0f64;
        for group in &self.groups {
            let blueprint = &self.blueprints[group[0]];
            let mut count = Count::default();
            if let Blueprint::AnswerLaw(law) = blueprint {
                count.draws = f64::from(law.rows) * law.columns.len() as f64;
            }
            let mut met = BTreeSet::new();
            for &cell in group {
                count = count + self.count(cell, &mut met);
                bytes_per_thread = bytes_per_thread.max(self.bytes(cell));
            }
            seconds += count.seconds();
        }
        // Every number is drawn again two thousand times for its interval.
        let columns = self.columns();
        seconds += Count { products: 9000.0 * of_a_seed * columns, ..Count::default() }.seconds();
        let figures = self.experiment.figures.len().max(1) as f64;
        Work {
            seconds_per_seed: seconds,
            // Whatever is run, figures are drawn; and rows are kept until they are written.
            bytes: 6e7 + 2300.0 * rows as f64,
            bytes_per_thread,
            rows,
            // Ten bytes a number in `results.csv`, ninety a line of `summary.csv`, and figures: as SVG, as
            // PNG and in the report.
            bytes_of_results: columns * (10.0 * rows as f64 + 90.0 * of_a_seed) + 2.2e5 * figures,
        }
    }

    /// Columns of `results.csv`.
    fn columns(&self) -> f64 {
        let cells = 0..self.experiment.cells.len();
        let features: BTreeSet<&str> = cells.flat_map(|cell| self.features(cell)).collect();
        (self.experiment.axes.len() + METRICS.len() + 2 * features.len()) as f64
    }

    /// What a repetition of a cell does but for drawing its world. `met` is what cells before it in
    /// the same world have worked out.
    ///
    /// | part | counted |
    /// |---|---|
    /// | labels | of every pair, held-out ones too, its steps |
    /// | a fit | Newton's steps, 12 for features and 13 for a table, times labels times their features²; times its starts where labels may be flipped |
    /// | a policy | sweeps of the table; episodes times steps times iterations; candidates sorted |
    /// | policies | one per round, and those of the pass-throughs that are new |
    /// | measures | sweeps of the table, per level of pressure and per round |
    pub(super) fn count(&self, cell: usize, met: &mut BTreeSet<String>) -> Count {
        let (setup, blueprint) = (&self.experiment.cells[cell].setup, &self.blueprints[cell]);
        let size = Size::of(blueprint);
        let overseer = setup.overseer.overseer(blueprint, self.streams(0)).expect("checked on reading");
        let gold = Beliefs::of_truth(blueprint.gold());
        let mut new = |what: String| f64::from(u8::from(met.insert(what)));
        let heard = (&overseer.beliefs, setup.feedback.protocol, &gold.weights);
        let judged = new(format!("{heard:?}"));
        let heard = new(format!("{:?}", (heard, &setup.optimizer)));
        let passed = [&overseer.seeing_everything, &gold]
            .map(|beliefs| new(format!("{:?}", (beliefs, &gold.weights, &setup.optimizer))));
        let rounds = f64::from(setup.feedback.rounds.get());
        // An overseer who goes by the record believes something else in every round.
        let again = if setup.overseer.unseen == Unseen::Record { rounds } else { 0.0 };
        let (policies, judged) = (rounds + again + heard + passed.iter().sum::<f64>(), judged + again);
        let levels = setup.optimizer.pressures().len() as f64;
        let measured = rounds * levels;

        let mut count =
            labels(setup, &overseer, blueprint, &size) + optimised(&setup.optimizer, &size) * policies;
        count = count + size.sweep() * (6.0 * judged + 4.0 * rounds);
        let slots = slots_told(setup, &overseer);
        count.compares += size.outcomes * slots * ln(slots.max(2.0)) / ln(2.0) * (1.0 + again);
        if size.ends {
            count = count + size.sort() * (2.0 * judged);
        }
        if blueprint.compiled().is_some_and(|compiled| compiled.deployment.is_some()) {
            count = count + size.sweep() * measured;
        }
        // Totals of all features; what is reached is read off by every measure.
        count.products += 3.0 * size.rows * size.features * (measured + policies);
        count.passes += 8.0 * measured + 10.0;
        count
    }

    fn bytes(&self, cell: usize) -> f64 {
        let (setup, blueprint) = (&self.experiment.cells[cell].setup, &self.blueprints[cell]);
        let size = Size::of(blueprint);
        let overseer = setup.overseer.overseer(blueprint, self.streams(0)).expect("checked on reading");
        let queries = f64::from(setup.feedback.queries(&overseer, blueprint));
        let steps = f64::from(setup.feedback.steps(blueprint));
        let others = 2.0 * slots_told(setup, &overseer) + overseer.raters.len() as f64;
        let tables = size.outcomes * (size.features + others + 10.0) + 6.0 * size.rows * size.horizon;
        8.0 * tables + queries * (8.0 * (size.features + steps) + 150.0)
    }
}

/// Slots that are looked at for every outcome.
fn slots_told(setup: &Setup, overseer: &Overseer) -> f64 {
    if setup.feedback.protocol == Protocol::Direct { 0.0 } else { overseer.slots.len() as f64 }
}

/// Asking for all labels of a trial, and fitting them in every round.
fn labels(setup: &Setup, overseer: &Overseer, blueprint: &Blueprint, size: &Size) -> Count {
    let queries = f64::from(setup.feedback.queries(overseer, blueprint));
    let steps = f64::from(setup.feedback.steps(blueprint));
    let rounds = f64::from(setup.feedback.rounds.get());
    let learns = setup.reward_model.learns();
    let asked = queries.min(1000.0) + if learns { queries } else { 0.0 };
    let mut count = Count { looks: asked * (8.0 + 2.0 * steps), ..Count::default() };
    if size.ends {
        // An answer is found among all by bisection.
        count.looks += asked * 2.0 * ln((size.rows / size.states).max(1.0)) / ln(2.0);
    }
    // Features of a label that are not 0, and all of them; Newton's steps, and flips.
    let (some, all, newton, mistake) = match &setup.reward_model {
        RewardModelConfig::Overseer | RewardModelConfig::Gold => return count,
        RewardModelConfig::Linear(linear) => {
            let all = match &linear.features {
                None => size.features,
                Some(names) => names.iter().map(|n| blueprint.columns_of(n).len()).sum::<usize>() as f64,
            };
            let members = linear.bootstrap.map_or(1.0, |bootstrap| f64::from(bootstrap.members.get()));
            (all, all, 12.0 * members, linear.mistake)
        }
        RewardModelConfig::Tabular(tabular) => {
            let compiled = blueprint.compiled().expect("checked on reading");
            let all = match (tabular.of, &compiled.screen) {
                (Of::Observations, Screen::Symbols(symbols)) => symbols.sequences.len() as f64,
                (Of::StateAction, _) => size.rows,
                (Of::Place | Of::Observations, _) => compiled.places.len() as f64,
            };
            ((2.0 * steps).min(all), all, 13.0, tabular.mistake)
        }
    };
    // Later rounds fit the labels of the earlier ones again.
    let fitted = queries * (rounds + 1.0) / 2.0;
    count.products += 24.0 * fitted * steps * size.features;
    let descent = f64::from(setup.reward_model.descent_steps());
    if descent > 0.0 {
        count.products += 8.0 * descent * fitted * steps;
        return count;
    }
    let starts = match mistake.get() {
        0.0 => 1.0,
        _ => 3.0 + (3000.0 * all / queries.max(1.0)).clamp(2.0, 30.0),
    };
    count.looks += 3.0 * starts * newton * fitted;
    count.products += starts * newton * (fitted * some * some / 2.0 + rounds * all * all * all / 6.0);
    count
}

/// Making policies of all levels of pressure from one reward, and what they visit.
fn optimised(optimizer: &OptimizerConfig, size: &Size) -> Count {
    let levels = optimizer.pressures();
    let (count, last) = (levels.len() as f64, levels.last().copied().unwrap_or(0.0));
    match optimizer {
        OptimizerConfig::BestOfN(BestOfN { draws, episodes, .. }) => {
            of_ranks(size, count, *episodes, if *draws == Draws::Pool { 6.0 } else { 0.0 })
        }
        OptimizerConfig::Quantilizer(quantilizer) => of_ranks(size, count, quantilizer.episodes, 2.0),
        // A soft value iteration takes as long as six sweeps, and five of them lead to a KL.
        OptimizerConfig::Tilt(Tilt::Beta(_)) => size.sweep() * (6.0 * count),
        OptimizerConfig::Tilt(Tilt::Kl(_)) => size.sweep() * (2.0 + 30.0 * count),
        OptimizerConfig::Tilt(Tilt::Chi2(_)) => size.sort() + size.sweep() * (5.0 * count),
        OptimizerConfig::SoftValueIteration(_) => {
            size.sweep() * (3.0 * count)
                + Count { products: 180.0 * size.outcomes * count, ..Count::default() }
        }
        OptimizerConfig::Planner(_) => size.sweep() * (2.0 + 3.0 * count),
        OptimizerConfig::PolicyGradient(PolicyGradient(settings))
        | OptimizerConfig::NaturalPolicyGradient(NaturalPolicyGradient(settings)) => {
            let episodes = f64::from(settings.episodes.get());
            let tabular = settings.policy == Shape::Tabular;
            size.sweep() * (3.0 * count) + batch(size, episodes, 1.0, tabular, settings.discount.get()) * last
        }
        OptimizerConfig::Ppo(settings) => {
            let (episodes, epochs) = (f64::from(settings.episodes.get()), f64::from(settings.epochs.get()));
            let tabular = settings.policy == Shape::Tabular;
            size.sweep() * (3.0 * count)
                + batch(size, episodes, epochs, tabular, settings.discount.get()) * last
        }
    }
}

/// A law on ranks at so many levels, with so many products for each candidate.
fn of_ranks(size: &Size, count: f64, episodes: Episodes, products: f64) -> Count {
    if size.ends {
        return size.sort() + Count { products: (9.0 + products) * size.rows * count, ..Count::default() };
    }
    let episodes = f64::from(episodes.get());
    Count { looks: episodes * (size.horizon * (1.0 + 0.3 * count) + 3.0 * count), ..Count::default() }
}

/// An iteration of a sampled optimizer: a batch is drawn and judged, and its rows climb for some epochs.
fn batch(size: &Size, episodes: f64, epochs: f64, tabular: bool, discount: f64) -> Count {
    if size.ends && !tabular {
        // Pairs are each other's baseline.
        let (looks, products) =
            (3.0 * episodes + 4.0 * size.rows, 6.0 * (episodes + size.rows) * size.traits);
        return Count { looks, products, passes: 2.0, ..Count::default() };
    }
    let walked = episodes * size.horizon;
    let kept = size.rows * if tabular && discount == 1.0 { size.horizon } else { 1.0 };
    let (climbed, products) = match tabular {
        true => (walked.min(kept), 0.0),
        false => (size.rows, size.rows * size.traits * size.traits + size.traits * size.traits * size.traits),
    };
    let looks = walked + 2.5 * epochs * climbed;
    Count { looks, products: epochs * products, passes: 2.0, ..Count::default() }
}

#[cfg(test)]
mod tests;
