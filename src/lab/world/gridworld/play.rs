//! Acting in a world by hand.

use super::chance::Chance;
use super::config::{Direction, Gridworld};
use super::rules::Rules;
use super::step::State;
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
    /// What the agent takes for being watched: its cue, a lamp; `None` where nothing is said of being watched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lamp: Option<bool>,
    /// Steps played: actions after the end are not.
    pub steps: usize,
    /// Whether the episode has ended.
    pub done: bool,
}

/// An episode that is played by hand, a step at a time.
#[derive(Clone, Debug)]
pub struct Play {
    rules: Rules,
    /// What each cell pays a multiple of, by feature, where a seed draws it; \[features\]\[cells\].
    draws: Vec<Option<Vec<f64>>>,
    state: State,
    played: Played,
}

impl Gridworld {
    /// Begins an episode. What is random comes from `rng`, what is drawn per cell from `streams`.
    ///
    /// # Errors
    /// As [`Self::rules`].
    pub fn begin(&self, streams: Streams, rng: &mut Rng) -> Result<Play, ConfigError> {
        let rules = self.rules()?;
        let cells = rules.map.cells.len() as u32;
        let mut draws: Vec<Option<Vec<f64>>> = vec![None; rules.features.len()];
        for drawn in rules.drawn() {
            let (name, _) = rules.features.get_index(drawn.column).expect("a column");
            draws[drawn.column] = Some(drawn.draw(name, cells, streams));
        }
        let state = rules.begin(&mut Chance::Sampled(rng));
        let played = Played { lamp: rules.watches.then_some(state.cue), ..Played::default() };
        Ok(Play { rules, draws, state, played })
    }

    /// Plays `actions`: `u`, `d`, `l`, `r`, and `.` to do nothing, until the end.
    ///
    /// # Errors
    /// As [`Self::rules`]; an action that there is not.
    pub fn play(&self, actions: &str, streams: Streams, rng: &mut Rng) -> Result<Played, ConfigError> {
        let mut play = self.begin(streams, rng)?;
        for action in read(actions)? {
            play.step(action, rng);
        }
        Ok(play.played)
    }
}

impl Play {
    /// Takes an action, `None` to do nothing; after the end nothing happens.
    pub fn step(&mut self, action: Option<Direction>, rng: &mut Rng) {
        let Self { rules, draws, state, played } = self;
        if played.done {
            return;
        }
        let (next, earned) = rules.step(state, action, &mut Chance::Sampled(rng));
        let cell = next.cell();
        let (mut observed, mut gold) = (0.0, 0.0);
        for (i, (feature, draws)) in rules.features.values().zip(draws).enumerate() {
            let draw = draws.as_ref().map_or(1.0, |draws| draws[cell as usize]);
            observed += feature.observed_weight() * draw * earned.shown[i];
            gold += feature.gold_weight() * draw * earned.features[i];
        }
        played.observed.push(observed);
        played.gold.push(gold);
        played.positions.push(rules.position(cell));
        played.steps += 1;
        played.total = played.observed.iter().sum::<f64>() + 0.0;
        played.performance = played.gold.iter().sum::<f64>() + 0.0;
        played.done = next.over || played.steps == rules.horizon as usize;
        *state = next;
    }

    /// Row and column of the agent, from the top left, from 0.
    pub fn position(&self) -> [usize; 2] {
        self.rules.position(self.state.cell())
    }

    /// Whether the episode is watched, which the agent has only its lamp to tell by.
    pub fn watched(&self) -> bool {
        self.state.watched
    }

    /// What has become of it so far.
    pub fn played(&self) -> &Played {
        &self.played
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
