//! How episodes rank under π₀, where an outcome tells the whole episode.

use crate::lab::mdp::{Mdp, Table};
use crate::lab::optimizer::{merge_near, rank};
use crate::lab::solve::trajectories;
use crate::numerics::math::largest;

/// How episodes rank under π₀, by the outcome they end with; 0 elsewhere. \[outcomes\]
#[derive(Clone, Debug)]
pub(super) struct Ranks {
    /// S − G.
    pub(super) error: Table,
    /// Chance that what is heard of it beats what is of π₀'s episode from the same start, ties ½.
    pub(super) win: Table,
    /// Gold below π₀'s median from the start.
    pub(super) poor: Vec<bool>,
    /// S above π₀'s median from the start.
    pub(super) passes: Vec<bool>,
}

/// Masses that differ by less are equal but for rounding.
const LEVEL: f64 = 1e-9;

impl Ranks {
    fn empty(outcomes: usize) -> Self {
        let (table, flags) = (vec![0.0; outcomes], vec![false; outcomes]);
        Self { error: table.clone(), win: table, poor: flags.clone(), passes: flags }
    }

    pub(super) fn of_rows(mdp: &Mdp, tables: [&[f64]; 3]) -> Self {
        let mut ranks = Self::empty(mdp.row_count());
        for s in 0..mdp.states() {
            let of: Vec<usize> = mdp.rows_of(s).collect();
            let range = mdp.rows_of(s);
            ranks.fill(&of, tables.map(|table| &table[range.clone()]), &mdp.reference[range]);
        }
        ranks
    }

    pub(super) fn of_trajectories(mdp: &Mdp, tables: [&[f64]; 3]) -> Option<Self> {
        let all = trajectories(mdp, tables)?;
        let mut ranks = Self::empty(mdp.outcome_count());
        for of_start in all.chunk_by(|a, b| a.start == b.start) {
            let last: Vec<usize> = of_start.iter().map(|t| t.last as usize).collect();
            let chances: Vec<f64> = of_start.iter().map(|t| t.chance).collect();
            let totals = [0, 1, 2].map(|i| level(of_start.iter().map(|t| t.totals[i]).collect()));
            ranks.fill(&last, totals.each_ref().map(Vec::as_slice), &chances);
        }
        Some(ranks)
    }

    /// Ranks episodes from one start by their gold, what is believed and what is heard of them,
    /// given their chances under π₀.
    fn fill(&mut self, outcomes: &[usize], [gold, believed, heard]: [&[f64]; 3], reference: &[f64]) {
        let gold_win = win_rates(gold, reference);
        let believed_win = win_rates(believed, reference);
        let win = if heard == believed { believed_win.clone() } else { win_rates(heard, reference) };
        for (i, &k) in outcomes.iter().enumerate() {
            self.error[k] = believed[i] - gold[i];
            self.poor[k] = gold_win[i] < 0.5 - LEVEL;
            self.passes[k] = believed_win[i] > 0.5 + LEVEL;
            self.win[k] = win[i];
        }
    }
}

/// Totals that differ by no more than rounding made equal, so that ties are ties.
fn level(mut totals: Vec<f64>) -> Vec<f64> {
    let (order, slack) = (rank(&totals), 1e-12 * largest(&totals));
    merge_near(&mut totals, &order, slack);
    totals
}

/// For each candidate, the chance that its value beats that of a draw from
/// `reference`, ties ½: the mass below plus half the mass level with it. Below
/// the median where it is under ½.
pub fn win_rates(value: &[f64], reference: &[f64]) -> Vec<f64> {
    let mut wins = vec![0.0; value.len()];
    let mut below = 0.0;
    for group in rank(value).chunk_by(|&a, &b| value[a as usize] == value[b as usize]) {
        let level: f64 = group.iter().map(|&i| reference[i as usize]).sum();
        for &i in group {
            wins[i as usize] = below + 0.5 * level;
        }
        below += level;
    }
    wins
}
