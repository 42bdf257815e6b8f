//! All trajectories of a world in which different histories do not meet.

use crate::lab::mdp::{Mdp, Outcomes};

/// A trajectory, by its last step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trajectory<const N: usize> {
    /// The state it starts in.
    pub start: u32,
    /// The outcome of its last step.
    pub last: u32,
    /// Its chance under π₀, given where it starts.
    pub chance: f64,
    /// What it earns under each of the reward tables.
    pub totals: [f64; N],
}

/// Every trajectory, those of one start together; `None` where different histories
/// meet in a state, so that a last step does not tell the trajectory. Two actions
/// that lead from one state to one other, and earn the same, do not differ.
pub fn trajectories<const N: usize>(mdp: &Mdp, tables: [&[f64]; N]) -> Option<Vec<Trajectory<N>>> {
    let Outcomes::Moves { offset, next, chance } = &mdp.outcomes else { return None };
    // The state each was entered from, and its place among those of this step.
    let mut entered: Vec<Option<(usize, usize)>> = vec![None; mdp.states()];
    let starts = (0..mdp.states()).filter(|s| mdp.start[*s] > 0.0);
    // Trajectories so far, and the state each has come to.
    let mut here: Vec<(usize, Trajectory<N>)> = starts
        .map(|s| (s, Trajectory { start: s as u32, last: u32::MAX, chance: 1.0, totals: [0.0; N] }))
        .collect();
    for (s, _) in &here {
        entered[*s] = Some((usize::MAX, 0));
    }
    for step in 0..mdp.horizon {
        let mut onward: Vec<(usize, Trajectory<N>)> = Vec::new();
        for (s, so_far) in here {
            for row in mdp.rows_of(s) {
                for k in offset[row] as usize..offset[row + 1] as usize {
                    let trajectory = Trajectory {
                        last: k as u32,
                        chance: so_far.chance * mdp.reference[row] * chance[k],
                        totals: std::array::from_fn(|i| so_far.totals[i] + tables[i][k]),
                        ..so_far
                    };
                    let next = next[k] as usize;
                    if step + 1 < mdp.horizon {
                        match entered[next] {
                            None => entered[next] = Some((s, onward.len())),
                            Some((from, place)) if from == s => {
                                let (_, other) = onward.get_mut(place).filter(|(t, _)| *t == next)?;
                                if other.totals != trajectory.totals {
                                    return None;
                                }
                                other.chance += trajectory.chance;
                                continue;
                            }
                            Some(_) => return None,
                        }
                    }
                    onward.push((next, trajectory));
                }
            }
        }
        here = onward;
    }
    Some(here.into_iter().map(|(_, trajectory)| trajectory).collect())
}
