//! A map as a table: every state that can be reached, every outcome.

use super::chance::Chance;
use super::config::{Direction, Gridworld};
use super::map::place;
use super::rules::Rules;
use super::step::{Earned, State};
use crate::lab::protocol::Protocol;
use crate::lab::world::Deployment;
use crate::numerics::error::ConfigError;
use indexmap::IndexSet;
use std::cmp::Ordering;

/// A gridworld as a table. Rows are (state, action), numbered through; a
/// state's rows are its actions up, down, left, right. What ends an episode
/// leads to one last state that pays nothing and leads to itself by its only
/// row. Row i leads to the outcomes `offset[i] .. offset[i + 1]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// Steps until every episode ends.
    pub horizon: u32,
    /// Chance of starting in each state; \[states\].
    pub start: Vec<f64>,
    /// First row of each state, and the number of rows; \[states + 1\].
    pub rows: Vec<u32>,
    /// First outcome of each row, and the number of outcomes; \[rows + 1\].
    pub offset: Vec<u32>,
    /// The state it leads to; \[outcomes\].
    pub next: Vec<u32>,
    /// Its chance; \[outcomes\], sums to 1 over each row's.
    pub chance: Vec<f64>,
    /// Names; \[features\].
    pub names: Vec<String>,
    /// Gold weights of true values; \[features\].
    pub gold: Vec<f64>,
    /// Weights of shown values in the observed reward; \[features\].
    pub observed: Vec<f64>,
    /// Whether true and shown values are still to be multiplied by a draw of
    /// the outcome's cell; \[features\].
    pub drawn: Vec<bool>,
    /// True values φ; \[features\]\[outcomes\].
    pub features: Vec<Vec<f64>>,
    /// Shown values φ̃; \[features\]\[outcomes\].
    pub shown: Vec<Vec<f64>>,
    /// The cell the agent is on after the step, row by row; \[outcomes\], 0
    /// after the end.
    pub cell: Vec<u32>,
    /// Whether the overseer sees the step; \[outcomes\].
    pub in_view: Vec<bool>,
    /// What the policy can tell of each state, numbered without gaps: of being watched
    /// it has a cue; \[states\].
    pub view: Vec<u32>,
    /// What is asked of a policy in deployment, where the config says anything of being
    /// watched.
    pub deployment: Option<Deployment>,
    /// How many cells the map has.
    pub cells: u32,
}

const MOST_OUTCOMES: usize = 2_000_000;
const MOST_BYTES: usize = 256 << 20;
/// Stands for the end until its number is known.
const END: u32 = u32::MAX;

/// An outcome: its chance, the state after it, what it pays.
pub type Outcome = (f64, State, Earned);

impl Rules {
    /// Every beginning of an episode, with its chance.
    pub fn beginnings(&self) -> Vec<(f64, State)> {
        self.beginnings_of(self.watched, Protocol::Direct)
    }

    /// The same if it is watched with chance `watched`, or audited.
    fn beginnings_of(&self, watched: f64, protocol: Protocol) -> Vec<(f64, State)> {
        let mut all = every(|chance| self.begin_watched(watched, protocol, chance), usize::MAX);
        all.sort_by(|a, b| a.1.cmp(&b.1));
        all.dedup_by(|b, a| a.1 == b.1 && merged(&mut a.0, b.0));
        all
    }

    /// Every outcome of an action of the agent, with its chance. Outcomes that
    /// agree are one.
    pub fn outcomes(&self, state: &State, action: Direction) -> Vec<Outcome> {
        let mut all = every(|chance| self.act(state, action, chance), usize::MAX);
        all.sort_by(|(_, a), (_, b)| a.0.cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
        all.dedup_by(|b, a| a.1 == b.1 && merged(&mut a.0, b.0));
        all.into_iter().map(|(p, (state, earned))| (p, state, earned)).collect()
    }

    /// An action of the agent: it may tremble.
    fn act(&self, state: &State, action: Direction, chance: &mut Chance) -> (State, Earned) {
        let action = self.tremble(state, action, chance);
        self.step(state, Some(action), chance)
    }

    /// The table of episodes as `protocol` arranges them.
    ///
    /// # Errors
    /// There are too many outcomes to hold; nothing to audit, or to probe.
    pub fn table(&self, protocol: Protocol) -> Result<Grid, ConfigError> {
        self.check_protocol(protocol)?;
        let features = self.features.len();
        // The bytes of an outcome, and of the state that it may be the first to reach.
        let bytes = 176 + 16 * features + self.marks.len() + 4 * self.things.len();
        let most = MOST_OUTCOMES.min(MOST_BYTES / bytes);
        let too_large = || {
            let message = format!("this map needs more than {most} states or outcomes");
            Err(place(&["map"], message, "a smaller map; `play` works on any size"))
        };
        let of = |f: fn(&super::rules::PaidFeature) -> f64| self.features.iter().map(f).collect();
        let mut grid = Grid {
            horizon: self.horizon,
            rows: vec![0],
            offset: vec![0],
            names: self.features.iter().map(|f| f.name.clone()).collect(),
            gold: of(|f| f.gold),
            observed: of(|f| f.observed),
            drawn: self.features.iter().map(|f| f.drawn).collect(),
            features: vec![Vec::new(); features],
            shown: vec![Vec::new(); features],
            cells: self.map.cells.len() as u32,
            ..Grid::default()
        };
        let mut states = IndexSet::new();
        if every(|chance| self.begin(chance), most).len() == most {
            return too_large();
        }
        let mut laws = vec![self.beginnings_of(self.watched, protocol)];
        if self.watches {
            laws.extend(
                [self.watched, 1.0, 0.0].map(|watched| self.beginnings_of(watched, Protocol::Direct)),
            );
        }
        for (_, state) in laws.iter().flatten() {
            states.insert(state.clone());
        }
        let mut expanded = 0;
        let mut row: Vec<Leads> = Vec::new();
        while let Some(state) = states.get_index(expanded).cloned() {
            for action in Direction::ALL {
                let paths = every(|chance| self.act(&state, action, chance), most);
                if paths.len() == most {
                    return too_large();
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
                row.drain(..).for_each(|leads| grid.push(self, &leads));
                grid.close_row();
            }
            grid.rows.push(grid.offset.len() as u32 - 1);
            expanded += 1;
            // Every state found has four rows, and each at least one outcome.
            if grid.next.len() + 4 * (states.len() - expanded) > most {
                return too_large();
            }
        }
        let mut views = IndexSet::new();
        grid.view = states.iter().map(|state| views.insert_full(state.view()).0 as u32).collect();
        let mut laws = laws.into_iter().map(|law| {
            let mut start = vec![0.0; states.len()];
            law.iter().for_each(|(p, state)| start[states.get_index_of(state).expect("known")] += p);
            start
        });
        grid.start = laws.next().expect("training");
        grid.deployment =
            laws.next().zip(laws.next()).zip(laws.next()).map(|((start, watched), unwatched)| {
                let seen = states.iter().map(|state| state.watched).collect();
                let told = states.iter().map(|state| state.cue).collect();
                Deployment { start, watched, unwatched, seen, told, opportunity: None }
            });
        grid.close(views.len() as u32);
        Ok(grid)
    }
}

impl Rules {
    fn check_protocol(&self, protocol: Protocol) -> Result<(), ConfigError> {
        let (message, help) = match protocol {
            Protocol::Audit { .. } if !self.watches => (
                "every episode is watched in this world: there is nothing to audit",
                "give world.gridworld.watched, e.g. 0.5",
            ),
            Protocol::RedTeam { .. } => {
                ("a red team has nothing to probe on a map", "use a world.opportunity, or an audit")
            }
            _ => return Ok(()),
        };
        Err(ConfigError::new(&format!("feedback.protocol.{}", protocol.name()), message.to_owned(), help))
    }
}

/// Every way that `rules` can go, with its chance, or the first `most`.
fn every<T>(rules: impl FnMut(&mut Chance) -> T, most: usize) -> Vec<(f64, T)> {
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

/// Adds the chance of an outcome to that of an equal one.
fn merged(into: &mut f64, chance: f64) -> bool {
    *into += chance;
    true
}

impl Grid {
    fn push(&mut self, rules: &Rules, leads: &Leads) {
        self.next.push(leads.next);
        self.chance.push(leads.chance);
        self.cell.push(leads.cell);
        self.in_view.push(!rules.camera || rules.tile(leads.cell as u16).camera);
        for (column, x) in self.features.iter_mut().zip(&leads.earned.features) {
            column.push(*x);
        }
        for (column, x) in self.shown.iter_mut().zip(&leads.earned.shown) {
            column.push(*x);
        }
    }

    fn close_row(&mut self) {
        self.offset.push(self.chance.len() as u32);
    }

    /// Adds the state after the end, if any outcome leads there.
    fn close(&mut self, views: u32) {
        let end = self.start.len() as u32;
        if !self.next.contains(&END) {
            return;
        }
        self.next.iter_mut().filter(|next| **next == END).for_each(|next| *next = end);
        self.start.push(0.0);
        self.view.push(views);
        if let Some(deployment) = &mut self.deployment {
            deployment.push_end();
        }
        self.next.push(end);
        self.chance.push(1.0);
        self.cell.push(0);
        self.in_view.push(true);
        self.features.iter_mut().chain(&mut self.shown).for_each(|column| column.push(0.0));
        self.close_row();
        self.rows.push(self.offset.len() as u32 - 1);
    }
}

impl Earned {
    /// An order, for merging what agrees.
    fn cmp(&self, other: &Self) -> Ordering {
        let mine = self.features.iter().chain(&self.shown);
        let theirs = other.features.iter().chain(&other.shown);
        mine.zip(theirs).map(|(x, y)| x.total_cmp(y)).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    }
}

impl Gridworld {
    /// The table of this world.
    ///
    /// # Errors
    /// Those of [`Gridworld::rules`] and [`Rules::table`].
    pub fn table(&self) -> Result<Grid, ConfigError> {
        self.rules()?.table(Protocol::Direct)
    }
}
