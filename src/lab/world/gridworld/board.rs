//! The table as a world that overseers and optimizers take.

use super::{Grid, Gridworld};
use crate::lab::mdp::{Features, Mdp, Outcomes};
use crate::lab::protocol::Protocol;
use crate::lab::world::{Board, Screen};
use crate::numerics::error::ConfigError;
use std::sync::Arc;

impl Gridworld {
    /// The table of episodes as `protocol` arranges them, its sensors and its camera.
    ///
    /// # Errors
    /// Those of [`Gridworld::table`].
    pub fn board(&self, protocol: &Protocol) -> Result<Board, ConfigError> {
        let rules = self.rules()?;
        let grid = rules.table(*protocol)?;
        let places = (0..grid.cells).map(|cell| {
            let [row, column] = rules.position(cell);
            format!("{row},{column}")
        });
        let places: Vec<String> = places.chain(["end".to_owned()]).collect();
        let actions =
            |s: usize| if grid.rows[s + 1] - grid.rows[s] == 4 { &["u", "d", "l", "r"][..] } else { &["."] };
        let actions = (0..grid.start.len()).flat_map(actions).map(|a| (*a).to_owned()).collect();
        let reference = (0..grid.start.len()).flat_map(|s| {
            let rows = grid.rows[s + 1] - grid.rows[s];
            (0..rows).map(move |_| 1.0 / f64::from(rows))
        });
        let reference = reference.collect();
        let Grid {
            horizon,
            start,
            rows,
            offset,
            next,
            chance,
            names,
            gold,
            drawn,
            features,
            shown,
            cell,
            in_view,
            cells,
            view,
            deployment,
            ..
        } = grid;
        let addresses = names.iter().enumerate().map(|(j, name)| (name.clone(), vec![j])).collect();
        let drawn = (0..names.len()).filter(|j| drawn[*j]).collect();
        // What follows the end is a place of its own.
        let end = rows.windows(2).position(|w| w[1] - w[0] == 1);
        let mut place = cell;
        if let Some(end) = end {
            let outcome = offset[rows[end] as usize] as usize;
            place[outcome] = cells;
        }
        let features = Arc::new(Features { names: names.clone(), columns: features });
        let mdp = Mdp {
            horizon,
            start,
            rows,
            outcomes: Outcomes::Moves { offset, next, chance },
            features,
            traits: None,
            gold,
            reference,
            view,
        };
        let screen = Screen::Sensors { shown: Arc::new(Features { names, columns: shown }), in_view };
        Ok(Board { mdp, screen, addresses, drawn, disposition: 0.0, place, places, actions, deployment })
    }
}
