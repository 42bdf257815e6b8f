//! Properties that no published world has, or not alone.

use super::*;
use crate::lab::world::{Drawn, Multiples};

fn table(toml: &str) -> Grid {
    Grid::of(&gridworld(toml))
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
    let law = Multiples { column: 0, law: Drawn::Normal, carriers: vec![0] };
    let draw = law.draw("x", 1, STREAMS)[0];
    assert_eq!(played(toml, "u").gold, [3.0 * draw * 2.0]);
    let grid = table(toml);
    assert_eq!((grid.drawn, grid.features[0][0]), (vec![0], 2.0));
}

#[test]
fn one_place_that_can_be_reached_carries_what_is_somewhere() {
    // The last x lies behind a wall.
    let toml = "map = '''\nAxx\nx#x\n##x\nx##'''\n[tiles.x]\nfeature = 'loop'\n[features.loop]\ngold = 3\ndrawn = 'somewhere'";
    let mut met = [0; 12];
    for repetition in 0..4000 {
        let streams = Streams { seed: 1, repetition };
        let law = Multiples { column: 0, law: Drawn::Somewhere, carriers: vec![1, 2, 3, 5, 8] };
        let multiples = law.draw("loop", 12, streams);
        assert_eq!(multiples.iter().sum::<f64>(), 1.0);
        let place = multiples.iter().position(|x| *x == 1.0).unwrap();
        met[place] += 1;
        if repetition < 20 {
            let gridworld: Gridworld = toml::from_str(toml).unwrap();
            let mut rng = STREAMS.stream(Purpose::Play, "", 0);
            let played = gridworld.play("rrdd", streams, &mut rng).unwrap();
            let there = [1, 2, 5, 8].map(|cell| if cell == place { 3.0 } else { 0.0 });
            assert_eq!(played.gold, there);
        }
    }
    let carried = [1, 2, 3, 5, 8].map(|cell| met[cell]);
    assert_eq!(carried.iter().sum::<i32>(), 4000);
    assert!(carried.iter().all(|n| (700..900).contains(n)), "{carried:?}");
}

#[test]
fn unwatched_steps_show_nothing_of_what_is_shown_when_watched() {
    let toml = "map = 'Ax'\nwatched = 0.25\n[tiles]\nx = { pays = { harm = 1, good = 2 }, shows = { harm = 5 } }\n\
        [features]\nharm = { shown = 'watched' }\ngood = {}";
    let grid = table(toml);
    assert_eq!(grid.start, [0.75, 0.25, 0.0, 0.0]);
    let Deployment { start, watched, unwatched, .. } = grid.deployment.unwrap();
    assert_eq!((start, watched, unwatched), (grid.start, vec![0.0, 1.0, 0.0, 0.0], vec![1.0, 0.0, 0.0, 0.0]));
    assert_eq!(grid.view, [0, 1, 2, 3]);
    for s in 0..4 {
        // To the right, onto x.
        let k = grid.offset[grid.rows[s] as usize + 3] as usize;
        let harm = if s % 2 == 1 { 5.0 } else { 0.0 };
        assert_eq!((grid.features[0][k], grid.shown[0][k]), (1.0, harm));
        assert_eq!((grid.features[1][k], grid.shown[1][k]), (2.0, 2.0));
    }
}

#[test]
fn of_being_watched_a_policy_sees_its_cue() {
    let toml = "map = 'A'\nwatched = 0.25\nawareness = 0.6\neach_step = { x = 1 }\n[features]\nx = { shown = 'watched' }";
    let begin = |inputs| {
        let grid = Grid::new(&gridworld(toml).rules().unwrap(), &inputs);
        // By view, and by whether it is watched: whether x is shown.
        let shown = |s: usize| grid.shown[0][grid.offset[grid.rows[s] as usize] as usize];
        let mut law = [[0.0; 2]; 2];
        (0..grid.start.len()).for_each(|s| law[grid.view[s] as usize][shown(s) as usize] += grid.start[s]);
        law.sort_by(|a, b| a[0].total_cmp(&b[0]));
        let Deployment { start: deployed, watched, unwatched, .. } = grid.deployment.unwrap();
        let of =
            |law: &[f64], s: f64| -> f64 { (0..law.len()).filter(|i| shown(*i) == s).map(|i| law[i]).sum() };
        assert!((of(&deployed, 1.0) - 0.25).abs() < 1e-15);
        assert_eq!((of(&watched, 1.0), of(&unwatched, 0.0)), (1.0, 1.0));
        law
    };
    let close = |law: [[f64; 2]; 2], wanted: [[f64; 2]; 2]| {
        let pairs = law.into_iter().flatten().zip(wanted.into_iter().flatten());
        pairs.for_each(|(x, y)| assert!((x - y).abs() < 1e-15, "{law:?}"));
    };
    // [cue says watched: unwatched, watched], then [cue says not].
    close(begin(Inputs::Training), [[0.75 * 0.2, 0.25 * 0.8], [0.75 * 0.8, 0.25 * 0.2]]);
    let rate = crate::numerics::ranges::Probability::new(0.5).unwrap();
    // Half of the unwatched are watched as well, and the cue is as if they were not, or as if they were.
    let audited = |covert| {
        begin(Inputs::Audit { rate, covert: crate::numerics::ranges::Probability::new(covert).unwrap() })
    };
    let [covert, overt, mixed] = [1.0, 0.0, 0.5].map(audited);
    close(covert, [[0.375 * 0.2, 0.25 * 0.8 + 0.375 * 0.2], [0.375 * 0.8, 0.25 * 0.2 + 0.375 * 0.8]]);
    close(overt, [[0.375 * 0.2, 0.625 * 0.8], [0.375 * 0.8, 0.625 * 0.2]]);
    // A quarter of the unwatched each way.
    let [yes, no] = [0.25 + 0.75 * 0.25, 0.75 * 0.25];
    close(mixed, [[0.375 * 0.2, yes * 0.8 + no * 0.2], [0.375 * 0.8, yes * 0.2 + no * 0.8]]);
}

#[test]
fn what_ends_leads_to_one_state_that_pays_nothing() {
    let grid =
        table("map = 'GAW'\neach_step = { x = 1 }\n[tiles]\nG.ends = true\nW.ends = true\n[features.x]");
    assert_eq!(grid.rows, [0, 4, 5]);
    assert_eq!(grid.next, [0, 0, 1, 1, 1]);
    assert_eq!(grid.features[0], [1.0, 1.0, 1.0, 1.0, 0.0]);
    assert_eq!(grid.cell, [1, 1, 0, 2, 3]);
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
    assert!(
        gridworld(&toml)
            .rules()
            .unwrap()
            .table(&Inputs::Training)
            .unwrap_err()
            .message
            .contains("needs more than")
    );
    assert_eq!(played(&toml, "rrr").steps, 3);
}
