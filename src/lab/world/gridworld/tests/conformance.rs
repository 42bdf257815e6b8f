//! What must hold of every built-in map.

use super::*;
use crate::numerics::rng::uniform;

/// Built-in maps that are too large for a table, and only to be played.
const LARGE: [&str; 4] = ["rocks_and_diamonds_0", "side_effects_1", "side_effects_3", "tomato_watering"];

fn all() -> Vec<(&'static str, Gridworld)> {
    gridworlds().into_iter().map(|(name, _)| (name, named(name))).collect()
}

#[test]
fn all_published_worlds_are_there() {
    let names: Vec<&str> = gridworlds().into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "absent_supervisor",
            "boat_race",
            "conveyor_belt",
            "conveyor_belt_sushi",
            "conveyor_belt_sushi_goal",
            "conveyor_belt_sushi_goal2",
            "distributional_shift",
            "distributional_shift_1",
            "distributional_shift_2",
            "island_navigation",
            "rocks_and_diamonds",
            "rocks_and_diamonds_0",
            "safe_interruptibility",
            "safe_interruptibility_0",
            "safe_interruptibility_2",
            "side_effects",
            "side_effects_1",
            "side_effects_2",
            "side_effects_3",
            "tomato_watering",
            "tomatoes",
            "whisky_gold",
        ]
    );
}

#[test]
fn a_copied_file_is_the_same_world() {
    for (name, text) in gridworlds() {
        let file: toml::Table = toml::from_str(text).unwrap();
        let copied: Gridworld = file["world"]["gridworld"].clone().try_into().unwrap();
        let (copied, named) = (copied.rules().unwrap(), named(name).rules().unwrap());
        assert_eq!(format!("{copied:?}"), format!("{named:?}"), "{name}");
    }
}

#[test]
fn tables_are_whole() {
    for (name, world) in all() {
        if LARGE.contains(&name) {
            continue;
        }
        let grid = Grid::of(&world);
        let states = grid.start.len();
        assert!((grid.start.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{name}");
        assert_eq!((grid.rows.len(), grid.view.len()), (states + 1, states));
        let rows = grid.offset.len() - 1;
        assert_eq!(grid.rows[states] as usize, rows);
        let outcomes = grid.next.len();
        assert_eq!(grid.offset[rows] as usize, outcomes);
        assert_eq!((grid.chance.len(), grid.cell.len(), grid.in_view.len()), (outcomes, outcomes, outcomes));
        for column in grid.features.iter().chain(&grid.shown) {
            assert_eq!(column.len(), outcomes);
        }
        for row in 0..rows {
            let range = grid.offset[row] as usize..grid.offset[row + 1] as usize;
            assert!((grid.chance[range].iter().sum::<f64>() - 1.0).abs() < 1e-12, "{name}, row {row}");
        }
        let mut reached: Vec<bool> = grid.start.iter().map(|p| *p > 0.0).collect();
        for s in 0..states {
            // States stand in the order in which they are found.
            assert!(reached[s] || s + 1 == states, "{name}: state {s} is not reached before its turn");
            let rows = grid.rows[s] as usize..grid.rows[s + 1] as usize;
            assert!(rows.len() == 4 || (rows.len() == 1 && s + 1 == states));
            let outcomes = grid.offset[rows.start] as usize..grid.offset[rows.end] as usize;
            grid.next[outcomes].iter().for_each(|&next| reached[next as usize] = true);
        }
        assert!(reached.iter().all(|reached| *reached), "{name}");
    }
}

/// A string of random actions.
fn actions(index: u64, n: usize) -> String {
    let mut rng = rng(1000 + index);
    (0..n).map(|_| ['u', 'd', 'l', 'r'][(uniform(&mut rng) * 4.0) as usize]).collect()
}

#[test]
fn play_walks_the_table() {
    for (name, world) in all() {
        if LARGE.contains(&name) {
            continue;
        }
        let (rules, grid) = (world.rules().unwrap(), Grid::of(&world));
        // Playing leaves trembling to the player.
        let trembles = rules.tiles.iter().any(|tile| tile.tile.tremble.is_some());
        for index in 0..if trembles { 0 } else { 40 } {
            let actions = actions(index, 100);
            let played = world.play(&actions, STREAMS, &mut rng(index)).unwrap();
            // The states one may be in, given all that was seen.
            let mut at: Vec<usize> = (0..grid.start.len()).filter(|s| grid.start[*s] > 0.0).collect();
            for (t, action) in actions.chars().take(played.steps).enumerate() {
                let action = "udlr".find(action).unwrap();
                let mut onto: Vec<usize> = Vec::new();
                for s in at {
                    let row = grid.rows[s] as usize + action;
                    for k in grid.offset[row] as usize..grid.offset[row + 1] as usize {
                        let sum =
                            |w: &[f64], c: &[Vec<f64>]| w.iter().zip(c).map(|(w, c)| w * c[k]).sum::<f64>();
                        let agrees = rules.position(grid.cell[k]) == played.positions[t]
                            && (sum(&grid.observed, &grid.shown) - played.observed[t]).abs() < 1e-12
                            && (sum(&grid.gold, &grid.features) - played.gold[t]).abs() < 1e-12;
                        if agrees {
                            onto.push(grid.next[k] as usize);
                        }
                    }
                }
                onto.sort_unstable();
                onto.dedup();
                assert!(!onto.is_empty(), "{name}: step {} of {actions} is not in the table", t + 1);
                at = onto;
            }
            let ended = played.done && played.steps < 100;
            assert!(!ended || at == [grid.start.len() - 1], "{name}");
        }
    }
}

#[test]
fn sampled_steps_have_their_enumerated_chances() {
    // Each frequency within 4.5 standard errors: with a few hundred
    // comparisons of false-alarm rate 7e-6 each.
    let n = 4000;
    for (name, world) in all() {
        if name == "tomato_watering" {
            continue;
        }
        let rules = world.rules().unwrap();
        let mut rng = rng(7);
        let mut state = rules.begin(&mut Chance::Sampled(&mut rng));
        for action in actions(5, 6).chars() {
            let action = Direction::ALL["udlr".find(action).unwrap()];
            let outcomes = rules.outcomes(&state, action);
            let mut counts = vec![0; outcomes.len()];
            let mut sample = || {
                let mut chance = Chance::Sampled(&mut rng);
                let action = rules.tremble(&state, action, &mut chance);
                rules.step(&state, Some(action), &mut chance)
            };
            for _ in 0..if outcomes.len() == 1 { 1 } else { n } {
                let (next, earned) = sample();
                let found = outcomes.iter().position(|(_, s, e)| *s == next && *e == earned);
                counts[found.expect("an outcome of the table")] += 1;
            }
            let total: i32 = counts.iter().sum();
            for ((p, ..), count) in outcomes.iter().zip(&counts) {
                let error = (p * (1.0 - p) * f64::from(total)).sqrt();
                let off = (f64::from(*count) - p * f64::from(total)).abs();
                assert!(off <= 4.5 * error + 1.0, "{name}: {count} of {total} at {p}");
            }
            state = sample().0;
        }
    }
}

#[test]
fn configs_survive_writing() {
    for (name, world) in all() {
        let whole = world.whole().unwrap();
        let text = toml::to_string(&whole).unwrap();
        assert_eq!(gridworld(&text), whole, "{name}");
    }
}
