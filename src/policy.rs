//! Policies as tables of chances, and drawing episodes from them.

use crate::mdp::{Features, Mdp, Outcomes};
use crate::rng::{Rng, uniform};
use rand::Rng as _;
use std::ops::Range;

/// Chances of every row, at each step or the same at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// π(action | state); \[rows\] if it is the same at every step, else
    /// \[horizon\]\[rows\]. Sums to 1 over each state's rows.
    pub chances: Vec<f64>,
}

impl Policy {
    /// π₀.
    pub fn reference(mdp: &Mdp) -> Self {
        Self { chances: mdp.reference.clone() }
    }

    /// Chances of every row at `step`; \[rows\].
    pub fn at(&self, mdp: &Mdp, step: u32) -> &[f64] {
        let rows = mdp.row_count();
        if self.chances.len() == rows { &self.chances } else { &self.chances[step as usize * rows..][..rows] }
    }
}

/// One episode, or a segment of one: the outcomes it went through, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Episode {
    /// The state it starts in.
    pub start: u32,
    /// Outcomes, one per step.
    pub steps: Vec<u32>,
}

impl Episode {
    /// The episode's features, summed over its steps, written over `into`.
    pub fn features(&self, features: &Features, into: &mut [f64]) {
        into.fill(0.0);
        for (x, column) in into.iter_mut().zip(&features.columns) {
            *x = self.total(column);
        }
    }

    /// What the episode earns under a reward table.
    pub fn total(&self, table: &[f64]) -> f64 {
        self.steps.iter().map(|&k| table[k as usize]).sum()
    }
}

/// Draws episodes of one policy: a start takes one uniform, a step one word.
///
/// In a bandit a step is a binary search in cumulative chances. In worlds over
/// time half the word picks the row, by comparing it with the cumulative chances
/// of the state's rows, and half the outcome, from an alias table (Walker 1977):
/// no loop depends on how many outcomes there are, and no chance is off by more
/// than 2⁻³².
pub struct Sampler<'a> {
    mdp: &'a Mdp,
    start: Vec<f64>,
    picks: Picks,
}

enum Picks {
    /// Cumulative chances within each state's rows; laid out like `Policy::chances`.
    Rows(Vec<f64>),
    /// The same in units of 2⁻³², the last row with a chance at 2³²; and the
    /// outcomes of every row in columns of equal mass.
    Steps { cumulative: Vec<u64>, columns: Vec<Column> },
}

/// A column of an alias table: its own outcome with a chance of `own`·2⁻³², else another.
#[derive(Clone, Copy, Default)]
struct Column {
    own: u32,
    other: u32,
}

impl<'a> Sampler<'a> {
    /// A sampler for `policy`.
    pub fn new(mdp: &'a Mdp, policy: &Policy) -> Self {
        let mut start = mdp.start.clone();
        accumulate(&mut start);
        let picks = match &mdp.outcomes {
            Outcomes::Ends => Picks::Rows(Vec::new()),
            Outcomes::Moves { offset, chance, .. } => {
                let mut columns = Vec::with_capacity(chance.len());
                for of_row in offset.windows(2) {
                    alias(of_row[0], &chance[of_row[0] as usize..of_row[1] as usize], &mut columns);
                }
                Picks::Steps { cumulative: Vec::new(), columns }
            }
        };
        let mut sampler = Self { mdp, start, picks };
        sampler.follow(policy);
        sampler
    }

    /// Draws from another policy from now on.
    pub fn follow(&mut self, policy: &Policy) {
        let mdp = self.mdp;
        let steps = policy.chances.chunks(mdp.row_count());
        match &mut self.picks {
            Picks::Rows(cumulative) => {
                cumulative.clone_from(&policy.chances);
                for step in cumulative.chunks_mut(mdp.row_count()) {
                    (0..mdp.states()).for_each(|s| accumulate(&mut step[mdp.rows_of(s)]));
                }
            }
            Picks::Steps { cumulative, .. } => {
                cumulative.clear();
                for step in steps {
                    (0..mdp.states()).for_each(|s| thresholds(&step[mdp.rows_of(s)], cumulative));
                }
            }
        }
    }

    /// Draws a start state.
    pub fn start(&self, rng: &mut Rng) -> usize {
        pick(&self.start, rng)
    }

    /// Draws the outcome of a step in state `s`, which has rows.
    #[inline]
    pub fn step(&self, s: usize, step: u32, rng: &mut Rng) -> usize {
        let rows = self.mdp.row_count();
        let of_state = self.mdp.rows_of(s);
        match (&self.picks, &self.mdp.outcomes) {
            (Picks::Steps { cumulative, columns }, Outcomes::Moves { offset, .. }) => {
                let at = if cumulative.len() == rows { 0 } else { step as usize * rows };
                let word = rng.next_u64();
                let (high, low) = (word >> 32, word & 0xffff_ffff);
                let row = of_state.start
                    + match cumulative[at + of_state.start..at + of_state.end] {
                        // As on a map, and so often that it pays.
                        [a, b, c, _] => {
                            usize::from(a <= high) + usize::from(b <= high) + usize::from(c <= high)
                        }
                        ref others => others.iter().take_while(|c| **c <= high).count(),
                    };
                let (first, end) = (offset[row], offset[row + 1]);
                let place = low * u64::from(end - first);
                let outcome = first as usize + (place >> 32) as usize;
                let column = columns[outcome];
                if (place as u32) < column.own { outcome } else { column.other as usize }
            }
            (Picks::Rows(cumulative), _) => {
                let at = if cumulative.len() == rows { 0 } else { step as usize * rows };
                of_state.start + pick(&cumulative[at + of_state.start..at + of_state.end], rng)
            }
            (Picks::Steps { .. }, Outcomes::Ends) => unreachable!("made for the same table"),
        }
    }

    /// Draws an episode from state `s` on.
    pub fn episode(&self, s: usize, rng: &mut Rng) -> Episode {
        self.segment(s, 0..self.mdp.horizon, rng)
    }

    /// Draws the `steps` of an episode that is in state `s` at the first of them.
    pub fn segment(&self, s: usize, steps: Range<u32>, rng: &mut Rng) -> Episode {
        let mut segment = Episode { start: s as u32, steps: Vec::with_capacity(steps.len()) };
        match &self.mdp.outcomes {
            Outcomes::Ends => segment.steps.push(self.step(s, steps.start, rng) as u32),
            Outcomes::Moves { next, .. } => {
                let mut s = s;
                for step in steps {
                    if self.mdp.rows_of(s).is_empty() {
                        break;
                    }
                    let outcome = self.step(s, step, rng);
                    segment.steps.push(outcome as u32);
                    s = next[outcome] as usize;
                }
            }
        }
        segment
    }
}

/// Appends the cumulative chances of one state's rows in units of 2⁻³².
fn thresholds(chances: &[f64], into: &mut Vec<u64>) {
    const WHOLE: f64 = 4_294_967_296.0;
    let total: f64 = chances.iter().sum();
    let last = chances.iter().rposition(|c| *c > 0.0).unwrap_or(0);
    let mut sum = 0.0;
    for (i, c) in chances.iter().enumerate() {
        sum += c;
        into.push(if i < last { (sum / total * WHOLE) as u64 } else { WHOLE as u64 });
    }
}

/// Appends the columns of one row's outcomes, the first of which is `first`.
fn alias(first: u32, chances: &[f64], into: &mut Vec<Column>) {
    let count = chances.len();
    let total: f64 = chances.iter().sum();
    let mut mass: Vec<f64> = chances.iter().map(|c| c / total * count as f64).collect();
    let (mut poor, mut rich): (Vec<usize>, Vec<usize>) = (0..count).partition(|i| mass[*i] < 1.0);
    let at = into.len();
    into.extend((0..count).map(|i| Column { own: u32::MAX, other: first + i as u32 }));
    while let (Some(i), Some(&giver)) = (poor.pop(), rich.last()) {
        into[at + i] = Column { own: (mass[i] * 4_294_967_296.0) as u32, other: first + giver as u32 };
        mass[giver] -= 1.0 - mass[i];
        if mass[giver] < 1.0 {
            rich.pop();
            poor.push(giver);
        }
    }
}

/// Running sums.
pub(crate) fn accumulate(chances: &mut [f64]) {
    let mut sum = 0.0;
    for c in chances {
        sum += *c;
        *c = sum;
    }
}

/// The first index whose cumulative chance exceeds a uniform; never one of
/// chance 0, whatever the rounding of the total.
pub(crate) fn pick(cumulative: &[f64], rng: &mut Rng) -> usize {
    let total = cumulative.last().copied().unwrap_or(0.0);
    let u = uniform(rng) * total;
    cumulative.partition_point(|&c| c <= u)
}
