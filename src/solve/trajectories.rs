//! All trajectories of a world in which no two histories meet.

use crate::mdp::{Mdp, Outcomes};

/// A trajectory, by its last step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trajectory {
    /// The state it starts in.
    pub start: u32,
    /// The outcome of its last step.
    pub last: u32,
    /// Its chance under π₀, given where it starts.
    pub chance: f64,
    /// What it earns under each of two reward tables.
    pub totals: [f64; 2],
}

/// Every trajectory, those of one start together; `None` where two histories
/// meet in a state, so that a last step does not tell the trajectory.
pub fn trajectories(mdp: &Mdp, tables: [&[f64]; 2]) -> Option<Vec<Trajectory>> {
    let Outcomes::Moves { offset, next, chance } = &mdp.outcomes else { return None };
    let mut met = vec![false; mdp.states()];
    let starts = (0..mdp.states()).filter(|s| mdp.start[*s] > 0.0);
    // Trajectories so far, and the state each has come to.
    let mut here: Vec<(usize, Trajectory)> = starts
        .map(|s| (s, Trajectory { start: s as u32, last: u32::MAX, chance: 1.0, totals: [0.0; 2] }))
        .collect();
    for step in 0..mdp.horizon {
        let mut onward = Vec::new();
        for (s, so_far) in here {
            if std::mem::replace(&mut met[s], true) {
                return None;
            }
            for row in mdp.rows_of(s) {
                for k in offset[row] as usize..offset[row + 1] as usize {
                    let [a, b] = so_far.totals;
                    let trajectory = Trajectory {
                        last: k as u32,
                        chance: so_far.chance * mdp.reference[row] * chance[k],
                        totals: [a + tables[0][k], b + tables[1][k]],
                        ..so_far
                    };
                    onward.push((next[k] as usize, trajectory));
                }
            }
        }
        here = onward;
        // More than the states that are left: some will meet.
        if step + 1 < mdp.horizon && here.len() > mdp.states() {
            return None;
        }
    }
    Some(here.into_iter().map(|(_, trajectory)| trajectory).collect())
}
