//! Bradley–Terry with a weight of its own for everything there is to enter, do
//! or see: P(first) = σ(Σ w over the first segment − Σ w over the second).
//!
//! The trap: a table over states cannot say what an overseer makes of a whole
//! episode. Where beliefs are about episodes it is misspecified, whatever the
//! number of labels; a table over what was observed is not. A model that knows
//! the beliefs explains a label by the visits that the overseer believes in, and
//! keeps its weights for those that were made (Lang et al. 2024).

use super::bradley_terry::newton;
use super::descent::Columns;
use super::{Awareness, Comparisons, Descent, Of, Sparse};
use crate::lab::overseer::Reward;
use crate::lab::policy::Episode;
use crate::lab::query::Comparison;
use crate::lab::world::{Board, NEVER, Screen, World};

/// The reward that a model of `of` fits to labels. What it makes of a label are the visits
/// of the first segment less those of the second, cell by cell: as made, or as who sees
/// the symbols believes.
pub(super) fn fit(
    world: &World,
    of: Of,
    beliefs: Awareness,
    labels: &[Comparison],
    l2: f64,
    mistake: f64,
    descent: Option<&Descent>,
) -> Reward {
    let board = world.ground().board().expect("checked on reading");
    let (cells, width) = cells(world, board, of);
    let believed = (beliefs == Awareness::Known).then_some(board);
    let mut tally = Tally::new(&cells, width, believed);
    let answered = labels.iter().filter_map(|pair| pair.label.value().map(|y| (pair, y)));
    let weights = match descent {
        Some(descent) => {
            let mut data = Columns::new(width);
            for (pair, y) in answered {
                tally.differences(pair, |cell, x| data.push(cell, x));
                data.labels.push(y);
            }
            data.descend(l2, mistake, descent)
        }
        None => {
            let mut data = Comparisons { width, ..Comparisons::default() };
            let (mut offset, mut feature) = (vec![0], Vec::new());
            for (pair, y) in answered {
                tally.differences(pair, |cell, x| {
                    feature.push(cell);
                    data.differences.push(x);
                });
                offset.push(feature.len() as u32);
                data.labels.push(y);
            }
            data.some = Some(Sparse { offset, feature });
            newton(&data, l2, mistake).0
        }
    };
    reward(&cells, &weights)
}

/// The weights as a reward.
fn reward(cells: &[u32], weights: &[f64]) -> Reward {
    let weight = |cell: &u32| if *cell == NEVER { 0.0 } else { weights[*cell as usize] };
    let table: Vec<f64> = cells.iter().map(weight).collect();
    Reward { terms: table.iter().fold(0.0, |m: f64, x| m.max(x.abs())), table }
}

/// The cell of every outcome, and the number of cells.
fn cells(world: &World, board: &Board, of: Of) -> (Vec<u32>, usize) {
    let mdp = &world.mdp;
    match (of, &board.screen) {
        (Of::Observations, Screen::Symbols(symbols)) => (symbols.sequence.clone(), symbols.sequences.len()),
        (Of::StateAction, _) => {
            // Rows of states that look the same to the policy are one.
            let mut first = vec![u32::MAX; mdp.states()];
            let mut width = 0;
            for s in 0..mdp.states() {
                let cell = &mut first[mdp.view[s] as usize];
                if *cell == u32::MAX {
                    *cell = width;
                    width += mdp.rows_of(s).len() as u32;
                }
            }
            let cell = |k: usize| {
                let row = mdp.row_of(k);
                let s = mdp.state_of(row);
                first[mdp.view[s] as usize] + (row - mdp.rows[s] as usize) as u32
            };
            ((0..mdp.outcome_count()).map(cell).collect(), width as usize)
        }
        _ => (board.place.clone(), board.places.len()),
    }
}

/// Counts the visits of a pair.
struct Tally<'a> {
    cells: &'a [u32],
    believed: Option<&'a Board>,
    count: Vec<f64>,
    /// Which cells a pair touched, a bit each: they are read off in order.
    touched: Vec<u64>,
}

impl<'a> Tally<'a> {
    fn new(cells: &'a [u32], width: usize, believed: Option<&'a Board>) -> Self {
        Self { cells, believed, count: vec![0.0; width], touched: vec![0; width.div_ceil(64)] }
    }

    /// Calls `visit(cell, difference)` for every cell that the segments visit differently.
    fn differences(&mut self, pair: &Comparison, mut visit: impl FnMut(u32, f64)) {
        let Self { cells, believed, count, touched } = self;
        let mut add = |cell: u32, x: f64| {
            if cell != NEVER {
                count[cell as usize] += x;
                touched[cell as usize / 64] |= 1 << (cell % 64);
            }
        };
        for (episode, sign) in [(&pair.first, 1.0), (&pair.second, -1.0)] {
            match believed.and_then(|board| believed_visits(board, episode)) {
                Some(visits) => (0..).zip(visits).for_each(|(place, n)| add(place, sign * n)),
                None => episode.steps.iter().for_each(|k| add(cells[*k as usize], sign)),
            }
        }
        for (set, first) in touched.iter_mut().zip((0..).step_by(64)) {
            let mut bits = std::mem::take(set);
            while bits != 0 {
                let cell = first + bits.trailing_zeros();
                bits &= bits - 1;
                let x = std::mem::take(&mut count[cell as usize]);
                if x != 0.0 {
                    visit(cell, x);
                }
            }
        }
    }
}

/// Visits of every place that an overseer believes in who saw the symbols of an episode.
fn believed_visits<'a>(board: &'a Board, episode: &Episode) -> Option<&'a Vec<f64>> {
    let Screen::Symbols(symbols) = &board.screen else { return None };
    let last = *episode.steps.last()? as usize;
    symbols.visits.get(symbols.sequence[last] as usize)
}
