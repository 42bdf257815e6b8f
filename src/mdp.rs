//! A world as one table: a finite-horizon Markov decision process.
//!
//! Rows are (state, action) pairs, numbered through; the rows of state s are
//! `rows[s] .. rows[s + 1]`. A state without rows ends the episode. A bandit is
//! the case of horizon 1: its prompts are states, its answers rows, and no
//! transition is stored.

use std::ops::Range;
use std::sync::Arc;

/// A finite-horizon MDP with linear gold reward.
#[derive(Clone, Debug)]
pub struct Mdp {
    /// Steps until every episode ends.
    pub horizon: u32,
    /// Chance of starting in each state; \[states\].
    pub start: Vec<f64>,
    /// First row of each state, and the number of rows; \[states + 1\].
    pub rows: Vec<u32>,
    /// Where a row leads.
    pub outcomes: Outcomes,
    /// What each row is like.
    pub features: Arc<Features>,
    /// Gold weight of each feature; \[features\].
    pub gold: Vec<f64>,
    /// π₀(action | state) of each row; \[rows\], sums to 1 over each state's rows.
    pub reference: Vec<f64>,
}

/// Where rows lead.
#[derive(Clone, Debug)]
pub enum Outcomes {
    /// Nowhere: the episode ends after one step.
    Ends,
    /// Row i leads to `next[k]` with `chance[k]` for k in `offset[i] .. offset[i + 1]`.
    Moves {
        /// First outcome of each row, and the number of outcomes; \[rows + 1\].
        offset: Vec<u32>,
        /// States; \[outcomes\].
        next: Vec<u32>,
        /// Chances; \[outcomes\], sum to 1 over each row's outcomes.
        chance: Vec<f64>,
    },
}

/// Feature values of every row, one column per feature.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    /// Names; \[features\].
    pub names: Vec<String>,
    /// Values; \[features\]\[rows\].
    pub columns: Vec<Vec<f64>>,
}

/// A reward per row; what an episode earns is the sum over its rows. \[rows\]
pub type Table = Vec<f64>;

/// The true reward. Only measurements and pass-throughs may look.
#[derive(Clone, Debug, PartialEq)]
pub struct Gold(pub Table);

/// The reward an optimizer is given, in standard deviations of the reference policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Learned(pub Table);

impl Features {
    /// The features of one row, written over `into`.
    pub fn read(&self, row: u32, into: &mut [f64]) {
        for (x, column) in into.iter_mut().zip(&self.columns) {
            *x = column[row as usize];
        }
    }

    /// Σ_j weights_j·φ_j + `constant`, for every row.
    pub fn combine(&self, weights: &[f64], constant: f64) -> Table {
        let rows = self.columns.first().map_or(0, Vec::len);
        let mut table = vec![constant; rows];
        for (column, &w) in self.columns.iter().zip(weights) {
            if w != 0.0 {
                for (t, x) in table.iter_mut().zip(column) {
                    *t += w * x;
                }
            }
        }
        table
    }
}

impl Mdp {
    /// Number of states.
    pub fn states(&self) -> usize {
        self.start.len()
    }

    /// Number of rows.
    pub fn row_count(&self) -> usize {
        self.reference.len()
    }

    /// The rows of state `s`.
    pub fn rows_of(&self, s: usize) -> Range<usize> {
        self.rows[s] as usize..self.rows[s + 1] as usize
    }

    /// Gold reward of every row: w*·φ.
    pub fn gold_table(&self) -> Gold {
        Gold(self.features.combine(&self.gold, 0.0))
    }

    /// Expected value of the state that `row` leads to; 0 where the episode ends.
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
