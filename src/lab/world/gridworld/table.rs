//! A map as a table: every state that can be reached, every outcome.
//!
//! A state's rows are its actions up, down, left, right. What ends an episode
//! leads to one last state that pays nothing and leads to itself by its only row.

use super::chance::Chance;
use super::config::{Direction, GridFeature};
use super::map::place;
use super::rules::Rules;
use super::step::{Earned, State};
use crate::lab::inputs::{Inputs, Stage};
use crate::lab::mdp::{Features, Mdp, Outcomes};
use crate::lab::world::{CompiledWorld, Deployment, Screen};
use crate::numerics::error::ConfigError;
use indexmap::IndexSet;
use std::cmp::Ordering;
use std::sync::Arc;

const MOST_OUTCOMES: usize = 2_000_000;
const MOST_BYTES: usize = 256 << 20;
/// Stands for the end until its number is known.
const END: u32 = u32::MAX;

impl Rules {
    /// Every beginning of an episode that is watched with chance `watched`, or audited, with its chance.
    pub(super) fn beginnings_of(&self, watched: f64, inputs: &Inputs) -> Vec<(f64, State)> {
        let mut all = every(|chance| self.begin_watched(watched, inputs, chance), usize::MAX);
        all.sort_by(|a, b| a.1.cmp(&b.1));
        all.dedup_by(|b, a| a.1 == b.1 && merged(&mut a.0, b.0));
        all
    }

    /// An action of the agent: it may tremble.
    pub(super) fn act(&self, state: &State, action: Direction, chance: &mut Chance) -> (State, Earned) {
        let action = self.tremble(state, action, chance);
        self.step(state, Some(action), chance)
    }

    /// All states that can be reached from where some law begins, in the order in which they are
    /// found, and the outcomes of their actions; `None` if there are more than `most`.
    fn explore(&self, laws: &[Vec<(f64, State)>], most: usize) -> Option<(IndexSet<State>, Grid)> {
        let columns = vec![Vec::new(); self.features.len()];
        let mut grid = Grid { offset: vec![0], features: columns.clone(), shown: columns, ..Grid::default() };
        let mut states: IndexSet<State> = laws.iter().flatten().map(|(_, state)| state.clone()).collect();
        let mut expanded = 0;
        let mut row: Vec<Leads> = Vec::new();
        while let Some(state) = states.get_index(expanded).cloned() {
            for action in Direction::ALL {
                let paths = every(|chance| self.act(&state, action, chance), most);
                if paths.len() == most {
                    return None;
                }
                row.extend(paths.into_iter().map(|(chance, (next, earned))| {
                    let cell = next.cell();
                    let next = if next.over { END } else { states.insert_full(next).0 as u32 };
                    Leads { next, cell, chance, earned }
                }));
                row.sort_by(|a, b| {
                    (a.next, a.cell).cmp(&(b.next, b.cell)).then_with(|| a.earned.cmp(&b.earned))
                });
                row.dedup_by(|b, a| {
                    (a.next, a.cell) == (b.next, b.cell)
                        && a.earned == b.earned
                        && merged(&mut a.chance, b.chance)
                });
                row.drain(..).for_each(|leads| {
                    let seen = self.in_view(leads.cell as u16);
                    grid.push(leads, seen);
                });
                grid.close_row();
            }
            expanded += 1;
            // Every state found has four rows, and each at least one outcome.
            if grid.next.len() + 4 * (states.len() - expanded) > most {
                return None;
            }
        }
        Some((states, grid))
    }

    /// The table of episodes as `inputs` arranges them, its sensors and its camera.
    ///
    /// # Errors
    /// There are too many outcomes to hold; `inputs` that have nothing to arrange.
    pub fn table(&self, inputs: &Inputs) -> Result<CompiledWorld, ConfigError> {
        inputs.check_stage(self.watches.then_some(Stage::Watching))?;
        let features = self.features.len();
        // The bytes of an outcome, and of the state that it may be the first to reach.
        let bytes = 176 + 16 * features + self.marks.len() + 4 * self.things.len();
        let most = MOST_OUTCOMES.min(MOST_BYTES / bytes);
        let too_large = || {
            let message = format!("this map needs more than {most} states or outcomes");
            place(&["map"], message, "a smaller map; `play` works on any size")
        };
        if every(|chance| self.begin(chance), most).len() == most {
            return Err(too_large());
        }
        let mut laws = vec![self.beginnings_of(self.watched, inputs)];
        if self.watches {
            let deployed = [self.watched, 1.0, 0.0];
            laws.extend(deployed.map(|watched| self.beginnings_of(watched, &Inputs::Training)));
        }
        let (states, mut grid) = self.explore(&laws, most).ok_or_else(too_large)?;
        let mut views = IndexSet::new();
        let mut view: Vec<u32> =
            states.iter().map(|state| views.insert_full(state.view()).0 as u32).collect();
        let mut laws = laws.into_iter().map(|law| {
            let mut start = vec![0.0; states.len()];
            law.iter().for_each(|(p, state)| start[states.get_index_of(state).expect("known")] += p);
            start
        });
        let mut start = laws.next().expect("training");
        let mut deployment =
            laws.next().zip(laws.next()).zip(laws.next()).map(|((start, watched), unwatched)| {
                let seen = states.iter().map(|state| state.watched).collect();
                let told = states.iter().map(|state| state.cue).collect();
                Deployment { start, watched, unwatched, seen, told, opportunity: None }
            });
        let count = states.len();
        let cells = self.map.cells.len() as u32;
        let mut rows: Vec<u32> = (0..=count as u32).map(|s| 4 * s).collect();
        let mut reference = vec![0.25; 4 * count];
        let mut actions = ["u", "d", "l", "r"].repeat(count);
        // The state after the end, if any outcome leads there: a place of its own.
        if grid.next.contains(&END) {
            let end = count as u32;
            grid.next.iter_mut().filter(|next| **next == END).for_each(|next| *next = end);
            let nothing = vec![0.0; features];
            let earned = Earned { features: nothing.clone(), shown: nothing };
            grid.push(Leads { next: end, cell: cells, chance: 1.0, earned }, true);
            grid.close_row();
            start.push(0.0);
            view.push(views.len() as u32);
            deployment.iter_mut().for_each(Deployment::push_end);
            rows.push(4 * end + 1);
            reference.push(1.0);
            actions.push(".");
        }
        let names: Vec<String> = self.features.keys().cloned().collect();
        let mut mdp = Mdp {
            horizon: self.horizon,
            start,
            rows,
            outcomes: Outcomes::Moves { offset: grid.offset, next: grid.next, chance: grid.chance },
            features: Arc::new(Features::new(names.clone(), grid.features)),
            traits: None,
            gold: self.features.values().map(GridFeature::gold_weight).collect(),
            reference,
            view,
        };
        if let Some(reference) = &self.reference {
            mdp.reference = reference.chances(&mdp)?;
        }
        let shown = Arc::new(Features::new(names, grid.shown));
        let screen = Screen::Sensors { shown, in_view: grid.in_view };
        let place = |cell| {
            let [row, column] = self.position(cell);
            format!("{row},{column}")
        };
        let places = (0..cells).map(place).chain(["end".to_owned()]).collect();
        Ok(CompiledWorld {
            seen_anyway: self.seen_anyway(),
            drawn: self.drawn(),
            deployment,
            ..CompiledWorld::new(mdp, screen, (grid.cell, places), &actions)
        })
    }
}

/// Every way that `rules` can go, with its chance, or the first `most`.
pub(super) fn every<T>(rules: impl FnMut(&mut Chance) -> T, most: usize) -> Vec<(f64, T)> {
    let mut all = Vec::new();
    Chance::every(rules, |p, result| {
        all.push((p, result));
        all.len() < most
    });
    all
}

/// An outcome whose state has its number.
struct Leads {
    next: u32,
    cell: u32,
    chance: f64,
    earned: Earned,
}

pub(super) fn merged(into: &mut f64, chance: f64) -> bool {
    *into += chance;
    true
}

/// The outcomes of a table in the making.
#[derive(Default)]
struct Grid {
    /// First outcome of each row, and the number of outcomes; \[rows + 1\].
    offset: Vec<u32>,
    /// Where they lead, by what chance; \[outcomes\].
    next: Vec<u32>,
    chance: Vec<f64>,
    /// The cell the agent is on after the step, and whether the overseer sees it; \[outcomes\].
    cell: Vec<u32>,
    in_view: Vec<bool>,
    /// True values φ and shown values φ̃; \[features\]\[outcomes\].
    features: Vec<Vec<f64>>,
    shown: Vec<Vec<f64>>,
}

impl Grid {
    fn push(&mut self, leads: Leads, in_view: bool) {
        self.next.push(leads.next);
        self.chance.push(leads.chance);
        self.cell.push(leads.cell);
        self.in_view.push(in_view);
        let columns = self.features.iter_mut().chain(&mut self.shown);
        let earned = leads.earned.features.iter().chain(&leads.earned.shown);
        columns.zip(earned).for_each(|(column, x)| column.push(*x));
    }

    fn close_row(&mut self) {
        self.offset.push(self.chance.len() as u32);
    }
}

impl Earned {
    /// An order, for merging what agrees.
    pub(super) fn cmp(&self, other: &Self) -> Ordering {
        let mine = self.features.iter().chain(&self.shown);
        let theirs = other.features.iter().chain(&other.shown);
        mine.zip(theirs).map(|(x, y)| x.total_cmp(y)).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    }
}
