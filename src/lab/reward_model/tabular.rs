//! Bradley–Terry with a weight of its own for everything there is to enter, do
//! or see: P(first) = σ(Σ w over the first segment − Σ w over the second).
//!
//! The trap: a table over states cannot say what an overseer makes of a whole
//! episode. Where beliefs are about episodes it is misspecified, whatever the
//! number of labels; a table over what was observed is not. A model that knows
//! the beliefs explains a label by the visits that the overseer believes in, and
//! keeps its weights for those that were made (Lang et al. 2024).

use super::bradley_terry::maximum;
use super::descent::{Columns, Descent};
use super::{Comparisons, RewardModel, Sparse};
use crate::lab::overseer::Reward;
use crate::lab::policy::Episode;
use crate::lab::query::Comparison;
use crate::lab::world::{Blueprint, CompiledWorld, NEVER, Screen, World};
use crate::numerics::error::ConfigError;
use crate::numerics::ranges::{FlipRate, Positive};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Bradley–Terry with a weight for everything there is to enter, do or see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Tabular {
    /// What a weight is of.
    pub of: Of,
    /// Prior precision of every weight.
    pub l2: Positive,
    /// Flip rate its likelihood allows for.
    pub mistake: FlipRate,
    /// Gradient steps in place of the maximum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub descent: Option<Descent>,
    /// Whether it knows what the overseer makes of the symbols it is shown.
    pub beliefs: Awareness,
}

/// What a tabular model has a weight of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// Every place that a step can lead to: a cell of a map, a state of a graph.
    #[default]
    Place,
    /// Every action in every state.
    StateAction,
    /// Every sequence of symbols that an episode of a graph can show.
    Observations,
}

/// What a tabular model knows of the overseer's beliefs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Awareness {
    /// Nothing: it takes the overseer to see what there is.
    #[default]
    Ignored,
    /// Which episodes the overseer takes a sequence of symbols to mean: labels are
    /// explained by what it believes happened, weights are of what did.
    Known,
}

impl Default for Tabular {
    fn default() -> Self {
        Self {
            of: Of::Place,
            l2: Positive::new(1e-3).expect("in range"),
            mistake: FlipRate::new(0.0).expect("in range"),
            descent: None,
            beliefs: Awareness::Ignored,
        }
    }
}

impl Tabular {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        self.descent.as_ref().map_or(Ok(()), |descent| descent.check(self.l2))
    }

    pub(super) fn check_blueprint(&self, blueprint: &Blueprint) -> Result<(), ConfigError> {
        let Some(compiled) = blueprint.compiled() else {
            let message = "a table needs a world over time: every answer is new";
            return Err(ConfigError::new("reward_model.tabular", message, "use reward_model.linear").at_key());
        };
        let asks = [
            ("of", self.of == Of::Observations, "a table of observations"),
            ("beliefs", self.beliefs == Awareness::Known, "knowing the overseer's beliefs"),
        ];
        match (asks.iter().find(|(_, asked, _)| *asked), &compiled.screen) {
            (None, _) | (_, Screen::Symbols(_)) => Ok(()),
            (Some((key, _, what)), Screen::Sensors { .. }) => {
                let message = format!("{what} needs symbols, and this world shows none");
                let help = "let states of a world.graph be `shown`, or take it away";
                Err(ConfigError::new(&format!("reward_model.tabular.{key}"), message, help))
            }
        }
    }

    /// What it makes of a label are the visits of the first segment less those of the
    /// second, cell by cell: as made, or as who sees the symbols believes.
    pub(super) fn fit(&self, world: &World, labels: &[Comparison]) -> RewardModel {
        let compiled = world.blueprint().compiled().expect("checked on reading");
        let (l2, mistake) = (self.l2.get(), self.mistake.get());
        let (cells, width) = cells(world, compiled, self.of);
        let believed = (self.beliefs == Awareness::Known).then_some(compiled);
        let mut tally = Tally::new(&cells, width, believed);
        let answered = labels.iter().filter_map(|pair| pair.label.value().map(|y| (pair, y)));
        let (weights, optima) = match &self.descent {
            Some(descent) => {
                let mut data = Columns::new(width);
                for (pair, y) in answered {
                    tally.differences(pair, |cell, x| data.push(cell, x));
                    data.labels.push(y);
                }
                (data.descend(l2, mistake, descent), 1)
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
                let (weights, _, optima) = maximum(&data, l2, mistake);
                (weights, optima)
            }
        };
        let (reward, none) = (reward(&cells, &weights), vec![None; world.names().len()]);
        RewardModel {
            reward,
            weights: none,
            posterior: None,
            rationality: 1.0,
            reliability: Vec::new(),
            optima,
        }
    }
}

/// The weights as a reward.
fn reward(cells: &[u32], weights: &[f64]) -> Reward {
    let weight = |cell: &u32| if *cell == NEVER { 0.0 } else { weights[*cell as usize] };
    Reward::of_table(cells.iter().map(weight).collect())
}

/// The cell of every outcome, and the number of cells. What follows the end of an episode
/// is in none: that nothing is done there is no behaviour.
fn cells(world: &World, compiled: &CompiledWorld, of: Of) -> (Vec<u32>, usize) {
    let mdp = &world.mdp;
    let (mut cells, width) = match (of, &compiled.screen) {
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
        (Of::Place, _) | (Of::Observations, Screen::Sensors { .. }) => {
            (compiled.place.clone(), compiled.places.len())
        }
    };
    for s in mdp.over().into_iter().enumerate().filter_map(|(s, over)| over.then_some(s)) {
        mdp.outcomes_of(s).for_each(|k| cells[k] = NEVER);
    }
    (cells, width)
}

/// Counts the visits of a pair.
struct Tally<'a> {
    cells: &'a [u32],
    believed: Option<&'a CompiledWorld>,
    count: Vec<f64>,
    /// Which cells a pair touched, a bit each: they are read off in order.
    touched: Vec<u64>,
}

impl<'a> Tally<'a> {
    fn new(cells: &'a [u32], width: usize, believed: Option<&'a CompiledWorld>) -> Self {
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
            match believed.and_then(|compiled| believed_visits(compiled, episode)) {
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
fn believed_visits<'a>(compiled: &'a CompiledWorld, episode: &Episode) -> Option<&'a Vec<f64>> {
    let Screen::Symbols(symbols) = &compiled.screen else { return None };
    let last = *episode.steps.last()? as usize;
    symbols.visits.get(symbols.sequence[last] as usize)
}
