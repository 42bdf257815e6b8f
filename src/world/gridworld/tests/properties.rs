//! Properties that no published world has, or not alone.

use super::*;
use crate::world::draws;

fn table(toml: &str) -> Grid {
    gridworld(toml).table().unwrap()
}

#[test]
fn cameras_see_the_steps_that_end_on_them() {
    let toml = "map = 'A c'\n[tiles.c]\ncamera = true\n[features.x]";
    let grid = table(toml);
    assert_eq!(grid.in_view, grid.cell.iter().map(|&cell| cell == 2).collect::<Vec<_>>());
    assert!(table("map = 'A c'\n[tiles.c]\n[features.x]").in_view.iter().all(|seen| *seen));
}

#[test]
fn cells_pay_what_was_drawn_for_them() {
    let toml = "map = 'A'\neach_step = { x = 2 }\n[features.x]\ngold = 3\ndrawn = 'normal'";
    let draw = draws("x", 1, STREAMS)[0];
    assert_eq!(played(toml, "u").gold, [3.0 * draw * 2.0]);
    let grid = table(toml);
    assert_eq!((grid.drawn, grid.features[0][0]), (vec![true], 2.0));
}

#[test]
fn unwatched_steps_show_nothing_of_what_is_shown_when_watched() {
    let toml = "map = 'Ax'\nwatched = 0.25\n[tiles]\nx = { pays = { harm = 1, good = 2 }, shows = { harm = 5 } }\n\
        [features]\nharm = { shown = 'watched' }\ngood = {}";
    let grid = table(toml);
    assert_eq!(grid.start, [0.75, 0.25, 0.0, 0.0]);
    assert_eq!(grid.watched, [false, true, false, true]);
    for s in 0..4 {
        // To the right, onto x.
        let k = grid.offset[grid.rows[s] as usize + 3] as usize;
        let harm = if grid.watched[s] { 5.0 } else { 0.0 };
        assert_eq!((grid.features[0][k], grid.shown[0][k]), (1.0, harm));
        assert_eq!((grid.features[1][k], grid.shown[1][k]), (2.0, 2.0));
    }
}

#[test]
fn what_ends_leads_to_one_state_that_pays_nothing() {
    let grid =
        table("map = 'GAW'\neach_step = { x = 1 }\n[tiles]\nG.ends = true\nW.ends = true\n[features.x]");
    assert_eq!(grid.rows, [0, 4, 5]);
    assert_eq!(grid.next, [0, 0, 1, 1, 1]);
    assert_eq!(grid.features[0], [1.0, 1.0, 1.0, 1.0, 0.0]);
    assert_eq!(grid.cell, [1, 1, 0, 2, 0]);
}

#[test]
fn several_starts_are_equally_likely() {
    let grid = table("map = 'AAB'\n[tiles]\nB.start = true\n[features.x]");
    assert_eq!(grid.start, [1.0 / 3.0; 3]);
}

#[test]
fn a_garden_of_hundreds_is_refused() {
    let garden = "T".repeat(300);
    let toml = format!("map = 'A{garden}'\n[tiles]\nT = {{ dries = 0.5, wet = true }}\n[features.x]");
    assert!(gridworld(&toml).table().unwrap_err().message.contains("needs more than"));
    assert_eq!(played(&toml, "rrr").steps, 3);
}
