//! The table as a world that overseers and optimizers take.

use super::Gridworld;
use crate::lab::mdp::{Features, Mdp, Outcomes};
use crate::lab::protocol::Protocol;
use crate::lab::world::{CompiledWorld, Screen};
use crate::numerics::error::ConfigError;
use std::iter::repeat_n;
use std::sync::Arc;

impl Gridworld {
    /// The table of episodes as `protocol` arranges them, its sensors and its camera.
    ///
    /// # Errors
    /// Those of [`Gridworld::table`].
    pub fn compile(&self, protocol: &Protocol) -> Result<CompiledWorld, ConfigError> {
        let rules = self.rules()?;
        let mut grid = rules.table(*protocol)?;
        let places = (0..grid.cells).map(|cell| {
            let [row, column] = rules.position(cell);
            format!("{row},{column}")
        });
        let places = places.chain(["end".to_owned()]).collect();
        let rows_of = |s: usize| grid.rows[s + 1] - grid.rows[s];
        let states = 0..grid.start.len();
        let actions = |s: usize| if rows_of(s) == 4 { &["u", "d", "l", "r"][..] } else { &["."] };
        let actions = states.clone().flat_map(actions).map(|a| (*a).to_owned()).collect();
        let reference =
            states.clone().flat_map(|s| repeat_n(1.0 / f64::from(rows_of(s)), rows_of(s) as usize));
        let reference = reference.collect();
        let addresses = grid.names.iter().enumerate().map(|(j, name)| (name.clone(), vec![j])).collect();
        // What follows the end is a place of its own.
        if let Some(end) = states.into_iter().find(|s| rows_of(*s) == 1) {
            grid.cell[grid.offset[grid.rows[end] as usize] as usize] = grid.cells;
        }
        let shown = Arc::new(Features::new(grid.names.clone(), grid.shown));
        let mdp = Mdp {
            horizon: grid.horizon,
            start: grid.start,
            rows: grid.rows,
            outcomes: Outcomes::Moves { offset: grid.offset, next: grid.next, chance: grid.chance },
            features: Arc::new(Features::new(grid.names, grid.features)),
            traits: None,
            gold: grid.gold,
            reference,
            view: grid.view,
        };
        Ok(CompiledWorld {
            mdp,
            screen: Screen::Sensors { shown, in_view: grid.in_view },
            addresses,
            drawn: (0..grid.drawn.len()).filter(|j| grid.drawn[*j]).collect(),
            disposition: 0.0,
            place: grid.cell,
            places,
            actions,
            deployment: grid.deployment,
        })
    }
}
