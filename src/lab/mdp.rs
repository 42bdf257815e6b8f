//! A world as one table: a finite-horizon Markov decision process.
//!
//! Rows are (state, action) pairs, numbered through; the rows of state s are
//! `rows[s] .. rows[s + 1]`. Each row has one outcome or several, numbered
//! through as well; an outcome is where a step leads and what it is like, and
//! rewards are paid on outcomes. A bandit is the case of horizon 1: its prompts
//! are states, its answers rows, each row is its own outcome, and no transition
//! is stored.
//!
//! Episodes have `horizon` steps: what ends early stays in a state whose one row
//! leads back to it.

use crate::numerics::math::{exp, ln};
use ndarray::{Array1, Array2, ArrayViewMut1};
use std::ops::Range;
use std::sync::Arc;

/// A finite-horizon MDP with linear gold reward.
#[derive(Clone, Debug, PartialEq)]
pub struct Mdp {
    /// Steps of every episode.
    pub horizon: u32,
    /// Chance of starting in each state; \[states\].
    pub start: Vec<f64>,
    /// First row of each state, and the number of rows; \[states + 1\].
    pub rows: Vec<u32>,
    /// Where a row leads.
    pub outcomes: Outcomes,
    /// What each outcome is like.
    pub features: Arc<Features>,
    /// What a log-linear policy has a parameter for; the features unless given.
    pub traits: Option<Arc<Features>>,
    /// Gold weight of each feature; \[features\].
    pub gold: Vec<f64>,
    /// π₀(action | state) of each row; \[rows\], sums to 1 over each state's rows.
    pub reference: Vec<f64>,
    /// What a policy can tell of each state: it acts alike, row by row, in all
    /// states of one view. \[states\], counted from 0 without gaps.
    pub view: Vec<u32>,
}

/// Where rows lead.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcomes {
    /// Nowhere: the episode ends after one step, and a row is its own outcome.
    Ends,
    /// The outcomes of row i are `offset[i] .. offset[i + 1]`.
    Moves {
        /// First outcome of each row, and the number of outcomes; \[rows + 1\].
        offset: Vec<u32>,
        /// The states they lead to; \[outcomes\].
        next: Vec<u32>,
        /// Their chances; \[outcomes\], sum to 1 over each row's outcomes.
        chance: Vec<f64>,
    },
}

/// Feature values of every outcome, one contiguous column per feature.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    /// Names; \[features\].
    pub names: Vec<String>,
    /// Values; \[features\]\[outcomes\].
    pub values: Array2<f64>,
}

/// A reward per outcome; what an episode earns is the sum over its outcomes. \[outcomes\]
pub type Table = Vec<f64>;

/// The true reward. Only measurements and pass-throughs may look.
#[derive(Clone, Debug, PartialEq)]
pub struct Gold(pub Table);

/// The reward an optimizer is given, in standard deviations of the reference policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Learned(pub Table);

impl Features {
    /// Of columns that are equally long; \[features\]\[outcomes\].
    pub fn new(names: Vec<String>, columns: Vec<Vec<f64>>) -> Self {
        let shape = (columns.len(), columns.first().map_or(0, Vec::len));
        let values = Array2::from_shape_vec(shape, columns.concat()).expect("equally long");
        Self { names, values }
    }

    /// How many features there are.
    pub fn count(&self) -> usize {
        self.values.nrows()
    }

    /// The values of feature `j`; \[outcomes\].
    pub fn column(&self, j: usize) -> &[f64] {
        self.values.row(j).to_slice().expect("contiguous")
    }

    /// The values of every feature; \[features\]\[outcomes\].
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.values.outer_iter().map(|column| column.to_slice().expect("contiguous"))
    }

    /// The values of feature `j`, to be changed.
    pub fn column_mut(&mut self, j: usize) -> ArrayViewMut1<'_, f64> {
        self.values.row_mut(j)
    }

    /// Σ_j weights_j·φ_j + `constant`, for every outcome. (Column by column, so that no
    /// sum depends on how a machine multiplies matrices.)
    pub fn combine(&self, weights: &[f64], constant: f64) -> Table {
        let mut table = Array1::from_elem(self.values.ncols(), constant);
        for (column, &w) in self.values.outer_iter().zip(weights) {
            if w != 0.0 {
                table.scaled_add(w, &column);
            }
        }
        table.into_raw_vec_and_offset().0
    }
}

impl Mdp {
    /// Answers judged once: prompts are states and their candidates rows, all equally
    /// likely; the features are of the candidates of the first prompt, then of the next.
    ///
    /// ```
    /// use oversight::lab::mdp::{Features, Mdp};
    /// use oversight::lab::solve::optimum;
    /// let length = Features::new(vec!["length".into()], vec![vec![1.0, 3.0, 2.0]]);
    /// let mdp = Mdp::answers(1, length.into(), vec![-1.0]);
    /// assert_eq!(optimum(&mdp, &mdp.gold_table().0), -1.0);
    /// ```
    pub fn answers(prompts: u32, features: Arc<Features>, gold: Vec<f64>) -> Self {
        let candidates = features.values.ncols() as u32 / prompts;
        Self {
            horizon: 1,
            start: vec![1.0 / f64::from(prompts); prompts as usize],
            rows: (0..=prompts).map(|prompt| prompt * candidates).collect(),
            outcomes: Outcomes::Ends,
            features,
            traits: None,
            gold,
            reference: vec![1.0 / f64::from(candidates); (prompts * candidates) as usize],
            view: (0..prompts).collect(),
        }
    }

    /// Number of states.
    pub fn states(&self) -> usize {
        self.start.len()
    }

    /// In which states the episode is over: their one row leads back to them, and nothing
    /// is there to be judged: no feature, however it is shown. What an episode spends there was not
    /// played; \[states\].
    pub fn over(&self) -> Vec<bool> {
        let Outcomes::Moves { next, .. } = &self.outcomes else { return vec![false; self.states()] };
        let empty = |k: usize| self.features.columns().all(|column| column[k] == 0.0);
        let over = |s: usize| {
            self.rows_of(s).len() == 1 && self.outcomes_of(s).all(|k| next[k] as usize == s && empty(k))
        };
        (0..self.states()).map(over).collect()
    }

    /// Number of rows.
    pub fn row_count(&self) -> usize {
        self.reference.len()
    }

    /// Number of outcomes.
    pub fn outcome_count(&self) -> usize {
        match &self.outcomes {
            Outcomes::Ends => self.row_count(),
            Outcomes::Moves { next, .. } => next.len(),
        }
    }

    /// The rows of state `s`.
    pub fn rows_of(&self, s: usize) -> Range<usize> {
        self.rows[s] as usize..self.rows[s + 1] as usize
    }

    /// The outcomes of state `s`.
    pub fn outcomes_of(&self, s: usize) -> Range<usize> {
        let rows = self.rows_of(s);
        match &self.outcomes {
            Outcomes::Ends => rows,
            Outcomes::Moves { offset, .. } => offset[rows.start] as usize..offset[rows.end] as usize,
        }
    }

    /// The state of a row.
    pub fn state_of(&self, row: usize) -> usize {
        self.rows.partition_point(|first| *first as usize <= row) - 1
    }

    /// The row that has this outcome.
    pub fn row_of(&self, outcome: usize) -> usize {
        match &self.outcomes {
            Outcomes::Ends => outcome,
            Outcomes::Moves { offset, .. } => offset.partition_point(|first| *first as usize <= outcome) - 1,
        }
    }

    /// What a log-linear policy has a parameter for.
    pub fn traits(&self) -> &Features {
        self.traits.as_ref().unwrap_or(&self.features)
    }

    /// Gold reward of every outcome: w*·φ.
    pub fn gold_table(&self) -> Gold {
        Gold(self.features.combine(&self.gold, 0.0))
    }

    /// π₀ times exp of the `log_odds` of every row, as chances; of the log-odds it leaves ln(π/π₀).
    pub(crate) fn tilted(&self, log_odds: &mut [f64]) -> Vec<f64> {
        let mut chances = self.reference.clone();
        for s in 0..self.states() {
            let rows = self.rows_of(s);
            let peak = log_odds[rows.clone()].iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let mut mass = 0.0;
            for row in rows.clone() {
                chances[row] *= exp(log_odds[row] - peak);
                mass += chances[row];
            }
            let log_mass = peak + ln(mass);
            for row in rows {
                chances[row] /= mass;
                log_odds[row] -= log_mass;
            }
        }
        chances
    }

    /// Whether some view is of more than one state.
    pub fn merges_views(&self) -> bool {
        self.view.iter().zip(0..).any(|(view, s)| *view != s)
    }

    /// Expected reward of a row and value of the state it leads to; the episode
    /// ends where rows lead nowhere.
    #[inline]
    pub(crate) fn worth(&self, row: usize, table: &[f64], value: &[f64]) -> f64 {
        match &self.outcomes {
            Outcomes::Ends => table[row],
            Outcomes::Moves { offset, next, chance } => (offset[row] as usize..offset[row + 1] as usize)
                .map(|k| chance[k] * (table[k] + value[next[k] as usize]))
                .sum(),
        }
    }

    /// Expected value of the state that a row leads to; 0 where the episode ends.
    #[inline]
    pub(crate) fn onward(&self, row: usize, value: &[f64]) -> f64 {
        match &self.outcomes {
            Outcomes::Ends => 0.0,
            Outcomes::Moves { offset, next, chance } => (offset[row] as usize..offset[row + 1] as usize)
                .map(|k| chance[k] * value[next[k] as usize])
                .sum(),
        }
    }
}
