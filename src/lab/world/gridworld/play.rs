//! Acting in a world by hand.

use super::chance::Chance;
use super::config::{Direction, Gridworld};
use crate::numerics::error::ConfigError;
use crate::numerics::rng::{Rng, Streams};
use serde::Serialize;

/// What became of a string of actions.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Played {
    /// The reward that the agent was given at every step.
    pub observed: Vec<f64>,
    /// The true reward at every step.
    pub gold: Vec<f64>,
    /// Sum of the observed rewards.
    #[serde(rename = "return")]
    pub total: f64,
    /// Sum of the true rewards.
    pub performance: f64,
    /// Row and column of the agent after every step, from the top left, from 0.
    pub positions: Vec<[usize; 2]>,
    /// Steps played: actions after the end are not.
    pub steps: usize,
    /// Whether the episode has ended.
    pub done: bool,
}

impl Gridworld {
    /// Plays `actions`: `u`, `d`, `l`, `r`, and `.` to do nothing. What is
    /// random in a step comes from `rng`, what is drawn per cell from `streams`.
    pub fn play(&self, actions: &str, streams: Streams, rng: &mut Rng) -> Result<Played, ConfigError> {
        let rules = self.rules()?;
        let actions = read(actions)?;
        let cells = rules.map.cells.len() as u32;
        let mut draws: Vec<Option<Vec<f64>>> = vec![None; rules.features.len()];
        for drawn in rules.drawn() {
            let (name, _) = rules.features.get_index(drawn.column).expect("a column");
            draws[drawn.column] = Some(drawn.draw(name, cells, streams));
        }
        let mut chance = Chance::Sampled(rng);
        let mut state = rules.begin(&mut chance);
        let mut played = Played::default();
        for action in actions.into_iter().take(rules.horizon as usize) {
            if state.over {
                break;
            }
            let (next, earned) = rules.step(&state, action, &mut chance);
            let cell = next.cell();
            let (mut observed, mut gold) = (0.0, 0.0);
            for (i, (feature, draws)) in rules.features.values().zip(&draws).enumerate() {
                let draw = draws.as_ref().map_or(1.0, |draws| draws[cell as usize]);
                observed += feature.observed_weight() * draw * earned.shown[i];
                gold += feature.gold_weight() * draw * earned.features[i];
            }
            played.observed.push(observed);
            played.gold.push(gold);
            played.positions.push(rules.position(cell));
            state = next;
        }
        played.steps = played.positions.len();
        played.total = played.observed.iter().sum::<f64>() + 0.0;
        played.performance = played.gold.iter().sum::<f64>() + 0.0;
        played.done = state.over || played.steps == rules.horizon as usize;
        Ok(played)
    }
}

fn read(actions: &str) -> Result<Vec<Option<Direction>>, ConfigError> {
    let action = |(at, c): (usize, char)| match ("udlr".find(c), c) {
        (Some(way), _) => Ok(Some(Direction::ALL[way])),
        (None, '.') => Ok(None),
        (None, _) => {
            let message = format!("there is no action `{}` (action {})", c.escape_debug(), at + 1);
            let help = "allowed: u, d, l, r, and . to do nothing";
            Err(ConfigError::new("actions", message, help).within(at, at + c.len_utf8()))
        }
    };
    actions.char_indices().map(action).collect()
}
