//! Policies as tables of chances, and drawing episodes from them.

use crate::lab::mdp::{Features, Mdp, Outcomes};
use crate::numerics::math::unless_rounding;
use crate::numerics::rng::{Rng, uniform};
use rand::Rng as _;
use std::hint::select_unpredictable;
use std::num::NonZero;

/// Chances of every row, at each step or the same at all.
///
/// ```
/// use oversight::lab::{Features, Mdp, Policy};
/// use oversight::lab::solve::kl;
/// let mdp = Mdp::answers(1, Features::new(vec!["x".into()], vec![vec![0.0, 1.0]]).into(), vec![1.0]);
/// assert_eq!(kl(&mdp, &Policy::reference(&mdp)), 0.0);
/// // To be sure of one of two equally likely answers is ln 2 away from π₀.
/// assert!((kl(&mdp, &Policy { chances: vec![0.0, 1.0] }) - 2f64.ln()).abs() < 1e-15);
/// ```
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

    /// Whether it is the same at every step.
    pub fn is_steady(&self, mdp: &Mdp) -> bool {
        self.chances.len() == mdp.row_count()
    }

    /// Chances of every row at `step`; \[rows\].
    pub fn at(&self, mdp: &Mdp, step: u32) -> &[f64] {
        let rows = mdp.row_count();
        if self.is_steady(mdp) { &self.chances } else { &self.chances[step as usize * rows..][..rows] }
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
        for (x, column) in into.iter_mut().zip(features.columns()) {
            *x = self.total(column);
        }
    }

    /// What the episode earns under a reward table.
    pub fn total(&self, table: &[f64]) -> f64 {
        self.steps.iter().map(|&k| table[k as usize]).sum()
    }

    /// What it earns more than another; 0 where the two differ by rounding alone.
    pub fn lead(&self, other: &Self, table: &[f64]) -> f64 {
        let size = |e: &Self| e.steps.iter().map(|&k| table[k as usize].abs()).sum::<f64>();
        unless_rounding(self.total(table) - other.total(table), size(self) + size(other))
    }
}

/// Draws episodes of one policy: a start takes one uniform, a step one word. In worlds
/// over time no state may be without rows.
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
    /// Rows by their cumulative chances, outcomes by an alias table.
    Steps(Steps),
}

/// What a step needs to know, in as few places as there can be.
struct Steps {
    states: usize,
    /// \[states\] if the policy is the same at every step, else \[horizon\]\[states\].
    spots: Vec<Spot>,
    /// Cumulative chances in units of 2⁻³² of the rows of states that have more than four.
    wide: Vec<u64>,
    /// First outcome of each row, and how many it has; \[rows\].
    spans: Vec<[u32; 2]>,
    /// The outcomes of every row in columns of equal mass; \[outcomes\].
    columns: Vec<Column>,
}

/// A state, under a policy.
#[derive(Clone, Copy)]
struct Spot {
    /// Cumulative chances of the first three rows in units of 2⁻³²; 2³² from the last
    /// row on that has a chance.
    cumulative: [u64; 3],
    /// Its first row.
    first: u32,
    /// Where its rows begin in `wide`, if there are more than four.
    wide: Option<NonZero<u32>>,
}

/// A column of an alias table: its own outcome with a chance of `own`·2⁻³², else another;
/// and where the two lead.
#[derive(Clone, Copy)]
struct Column {
    own: u32,
    other: u32,
    next: [u32; 2],
}

/// How many episodes are walked side by side.
const ABREAST: usize = 8;

const WHOLE: f64 = 4_294_967_296.0;

impl Steps {
    fn new(mdp: &Mdp, offset: &[u32], next: &[u32], chance: &[f64]) -> Self {
        let mut columns = Vec::with_capacity(chance.len());
        for of_row in offset.windows(2) {
            alias(of_row[0], &chance[of_row[0] as usize..of_row[1] as usize], next, &mut columns);
        }
        assert!(mdp.rows.windows(2).all(|w| w[0] < w[1]), "a state without rows");
        let spans = offset.windows(2).map(|w| [w[0], w[1] - w[0]]).collect();
        let (spots, wide) = (Vec::new(), Vec::new());
        Self { states: mdp.states(), spots, wide, spans, columns }
    }

    fn follow(&mut self, mdp: &Mdp, policy: &Policy) {
        self.spots.clear();
        // Nothing begins at 0, so that it can stand for none.
        self.wide.clear();
        self.wide.push(0);
        for chances in policy.chances.chunks(mdp.row_count()) {
            for s in 0..mdp.states() {
                let rows = mdp.rows_of(s);
                let mut spot = Spot { cumulative: [WHOLE as u64; 3], first: rows.start as u32, wide: None };
                if rows.len() <= 4 {
                    cumulate(&chances[rows], |i, c| {
                        if i < 3 {
                            spot.cumulative[i] = c;
                        }
                    });
                } else {
                    spot.wide = NonZero::new(self.wide.len() as u32);
                    cumulate(&chances[rows], |_, c| self.wide.push(c));
                }
                self.spots.push(spot);
            }
        }
    }

    /// How far apart the spots of a state are at one step and at the next.
    #[inline(always)]
    fn spots_of_a_step(&self) -> u32 {
        if self.spots.len() == self.states { 0 } else { self.states as u32 }
    }

    /// The spot of the first state at `step`; those of all others follow.
    #[inline(always)]
    fn first_spot(&self, step: u32) -> u32 {
        step * self.spots_of_a_step()
    }

    /// The outcome of a step from `spot`, and where it leads.
    #[inline(always)]
    fn step(&self, spot: &Spot, word: u64) -> (u32, u32) {
        let (high, low) = (word >> 32, word & 0xffff_ffff);
        let [a, b, c] = spot.cumulative;
        let row = match spot.wide {
            None => u32::from(a <= high) + u32::from(b <= high) + u32::from(c <= high),
            Some(begin) => self.among_many(begin, high),
        };
        let [first, count] = self.spans[(spot.first + row) as usize];
        let place = low * u64::from(count);
        let outcome = first + (place >> 32) as u32;
        let Column { own, other, next } = self.columns[outcome as usize];
        // A branch would often be guessed wrong.
        let pick = |a, b| select_unpredictable((place as u32) < own, a, b);
        (pick(outcome, other), pick(next[0], next[1]))
    }

    /// The row that `high` picks where there are more than four.
    #[cold]
    fn among_many(&self, begin: NonZero<u32>, high: u64) -> u32 {
        self.wide[begin.get() as usize..].iter().take_while(|c| **c <= high).count() as u32
    }
}

impl<'a> Sampler<'a> {
    /// A sampler for `policy`.
    pub fn new(mdp: &'a Mdp, policy: &Policy) -> Self {
        let mut start = mdp.start.clone();
        accumulate(&mut start);
        let picks = match &mdp.outcomes {
            Outcomes::Ends => Picks::Rows(Vec::new()),
            Outcomes::Moves { offset, next, chance } => Picks::Steps(Steps::new(mdp, offset, next, chance)),
        };
        let mut sampler = Self { mdp, start, picks };
        sampler.follow(policy);
        sampler
    }

    /// Draws from another policy from now on.
    pub fn follow(&mut self, policy: &Policy) {
        let mdp = self.mdp;
        match &mut self.picks {
            Picks::Steps(steps) => steps.follow(mdp, policy),
            Picks::Rows(cumulative) => {
                cumulative.clone_from(&policy.chances);
                for step in cumulative.chunks_mut(mdp.row_count()) {
                    (0..mdp.states()).for_each(|s| accumulate(&mut step[mdp.rows_of(s)]));
                }
            }
        }
    }

    /// Draws a start state.
    pub fn start(&self, rng: &mut Rng) -> usize {
        pick(&self.start, rng)
    }

    /// Draws `count` times `among` episodes that start alike, one after the other.
    pub fn alike(&self, count: usize, among: usize, rng: &mut Rng) -> Vec<Episode> {
        let (mut start, mut drawn) = (0, 0);
        self.episodes(among * count, self.mdp.horizon, rng, |rng| {
            if drawn % among == 0 {
                start = self.start(rng);
            }
            drawn += 1;
            (start, 0)
        })
    }

    /// Draws `count` episodes of `length` steps; among answers the one step there is. `begin`
    /// draws the state that the next one starts in and the step at which that is; the words
    /// of its steps come after.
    ///
    /// The trick: a step waits for the one before it, so some episodes are walked side
    /// by side, each with the words that it would have had alone.
    pub fn episodes(
        &self,
        count: usize,
        length: u32,
        rng: &mut Rng,
        mut begin: impl FnMut(&mut Rng) -> (usize, u32),
    ) -> Vec<Episode> {
        let picks = match &self.picks {
            Picks::Steps(picks) => picks,
            Picks::Rows(_) => {
                let one = |_| {
                    let (s, step) = begin(rng);
                    Episode { start: s as u32, steps: vec![self.row(s, step, rng)] }
                };
                return (0..count).map(one).collect();
            }
        };
        let stride = picks.spots_of_a_step();
        let mut words = vec![[0; ABREAST]; length as usize];
        let mut outcomes = vec![[0; ABREAST]; length as usize];
        let mut episodes = Vec::with_capacity(count);
        while episodes.len() < count {
            let (mut states, mut first_spots) = ([0u32; ABREAST], [0u32; ABREAST]);
            let lanes = ABREAST.min(count - episodes.len());
            for lane in 0..lanes {
                let (s, step) = begin(rng);
                (states[lane], first_spots[lane]) = (s as u32, picks.first_spot(step));
                // A copy can stay in registers.
                let mut own = rng.clone();
                words.iter_mut().for_each(|words| words[lane] = own.next_u64());
                *rng = own;
            }
            let starts = states;
            for (words, outcomes) in words.iter().zip(&mut outcomes) {
                for lane in 0..ABREAST {
                    let spot = &picks.spots[(first_spots[lane] + states[lane]) as usize];
                    (outcomes[lane], states[lane]) = picks.step(spot, words[lane]);
                }
                first_spots.iter_mut().for_each(|first| *first += stride);
            }
            episodes.extend((0..lanes).map(|lane| Episode {
                start: starts[lane],
                steps: outcomes.iter().map(|outcomes| outcomes[lane]).collect(),
            }));
        }
        episodes
    }

    /// Draws one step of many episodes: replaces every state by the next and writes
    /// the outcomes.
    pub fn advance(&self, step: u32, states: &mut [u32], outcomes: &mut [u32], rng: &mut Rng) {
        match &self.picks {
            Picks::Rows(_) => {
                for (s, outcome) in states.iter().zip(outcomes) {
                    *outcome = self.row(*s as usize, step, rng);
                }
            }
            Picks::Steps(picks) => {
                let (spots, mut own) =
                    (&picks.spots[picks.first_spot(step) as usize..][..picks.states], rng.clone());
                for (s, outcome) in states.iter_mut().zip(outcomes) {
                    (*outcome, *s) = picks.step(&spots[*s as usize], own.next_u64());
                }
                *rng = own;
            }
        }
    }

    /// Draws a row of state `s` in a bandit.
    fn row(&self, s: usize, step: u32, rng: &mut Rng) -> u32 {
        let Picks::Rows(cumulative) = &self.picks else { unreachable!("of a bandit") };
        let (rows, of_state) = (self.mdp.row_count(), self.mdp.rows_of(s));
        let at = if cumulative.len() == rows { 0 } else { step as usize * rows };
        (of_state.start + pick(&cumulative[at + of_state.start..at + of_state.end], rng)) as u32
    }
}

/// Calls `visit` with the cumulative chance of every row in units of 2⁻³²; it is 2³²
/// from the last row on that has a chance.
fn cumulate(chances: &[f64], mut visit: impl FnMut(usize, u64)) {
    let total: f64 = chances.iter().sum();
    let last = chances.iter().rposition(|c| *c > 0.0).unwrap_or(0);
    let mut sum = 0.0;
    for (i, c) in chances.iter().enumerate() {
        sum += c;
        visit(i, if i < last { (sum / total * WHOLE) as u64 } else { WHOLE as u64 });
    }
}

/// Appends the columns of one row's outcomes, the first of which is `first`; `next` is
/// where all outcomes lead.
fn alias(first: u32, chances: &[f64], next: &[u32], into: &mut Vec<Column>) {
    let count = chances.len();
    let total: f64 = chances.iter().sum();
    let mut mass: Vec<f64> = chances.iter().map(|c| c / total * count as f64).collect();
    let (mut poor, mut rich): (Vec<usize>, Vec<usize>) = (0..count).partition(|i| mass[*i] < 1.0);
    let at = into.len();
    let column = |i: usize, own: u32, other: usize| {
        let of = [i, other].map(|i| first + i as u32);
        Column { own, other: of[1], next: of.map(|k| next[k as usize]) }
    };
    into.extend((0..count).map(|i| column(i, u32::MAX, i)));
    while let (Some(i), Some(&giver)) = (poor.pop(), rich.last()) {
        into[at + i] = column(i, (mass[i] * WHOLE) as u32, giver);
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
