//! Small worlds over time, by hand.

use crate::lab::mdp::{Features, Learned, Mdp, Outcomes};
use crate::lab::overseer::Reward;
use crate::lab::reward_model::learned;
use crate::numerics::rng::{Purpose, Streams, normal, uniform};
use std::sync::Arc;

/// Where a row may lead: state, chance, and features.
pub(super) type Way<'a> = (usize, f64, &'a [(usize, f64)]);

/// A table from the rows of every state; the reference is uniform.
pub(super) fn table(horizon: u32, start: &[f64], gold: &[f64], states: &[Vec<Vec<Way>>]) -> Mdp {
    let (mut rows, mut offset, mut next, mut chance) = (vec![0], vec![0], Vec::new(), Vec::new());
    let mut columns = vec![Vec::new(); gold.len()];
    let mut reference = Vec::new();
    for actions in states {
        for ways in actions {
            for (to, p, features) in ways {
                next.push(*to as u32);
                chance.push(*p);
                columns.iter_mut().for_each(|column| column.push(0.0));
                features.iter().for_each(|(j, x)| *columns[*j].last_mut().unwrap() = *x);
            }
            offset.push(next.len() as u32);
            reference.push(1.0 / actions.len() as f64);
        }
        rows.push(reference.len() as u32);
    }
    let names = (0..gold.len()).map(|j| format!("f{j}")).collect();
    Mdp {
        traits: None,
        horizon,
        start: start.to_vec(),
        rows,
        outcomes: Outcomes::Moves { offset, next, chance },
        features: Arc::new(Features::new(names, columns)),
        gold: gold.to_vec(),
        reference,
        view: (0..states.len() as u32).collect(),
    }
}

fn from(s: usize, states: usize) -> Vec<f64> {
    (0..states).map(|t| if t == s { 1.0 } else { 0.0 }).collect()
}

/// A square of cells; a step slips to either side with chance `slip`/2; the far
/// corner pays once and is not left; a step elsewhere costs a little.
pub(super) fn grid(side: usize, slip: f64, horizon: u32) -> Mdp {
    let goal = side * side - 1;
    let to = |s: usize, direction: usize| {
        let (x, y) = (s % side, s / side);
        match direction % 4 {
            0 => s - side * usize::from(y > 0),
            1 => s + usize::from(x + 1 < side),
            2 => s + side * usize::from(y + 1 < side),
            _ => s - usize::from(x > 0),
        }
    };
    let states: Vec<Vec<Vec<Way>>> = (0..side * side)
        .map(|s| {
            if s == goal {
                return vec![vec![(goal, 1.0, &[][..])]];
            }
            let way = |direction: usize, p: f64| -> Way {
                let t = to(s, direction);
                (t, p, if t == goal { &[(0, 1.0), (1, 1.0)] } else { &[(1, 1.0)] })
            };
            let ways = |d| match slip {
                0.0 => vec![way(d, 1.0)],
                _ => vec![way(d, 1.0 - slip), way(d + 1, slip / 2.0), way(d + 3, slip / 2.0)],
            };
            (0..4).map(ways).collect()
        })
        .collect();
    table(horizon, &from(0, side * side), &[1.0, -0.02], &states)
}

/// A ring of eight cells: clockwise past the mark pays 1, the other way 0.3;
/// standing still costs nothing.
pub(super) fn ring() -> Mdp {
    let states: Vec<Vec<Vec<Way>>> = (0..8)
        .map(|s| {
            let on: &[(usize, f64)] = if s == 7 { &[(0, 1.0)] } else { &[] };
            let back: &[(usize, f64)] = if s == 1 { &[(1, 1.0)] } else { &[] };
            vec![vec![((s + 1) % 8, 1.0, on)], vec![((s + 7) % 8, 1.0, back)], vec![(s, 1.0, &[])]]
        })
        .collect();
    table(24, &from(0, 8), &[1.0, 0.3], &states)
}

/// Nine cells in a row and a pit. The left end pays 1, the right end 3, but on
/// the way there a step falls into the pit with chance ½, unless it is a careful one, which
/// gets on with chance ½ only.
pub(super) fn corridor() -> Mdp {
    const PIT: usize = 9;
    let states: Vec<Vec<Vec<Way>>> = (0..10)
        .map(|s| match s {
            0 | 8 | PIT => vec![vec![(s, 1.0, &[][..])]],
            _ => {
                let left: Way = if s == 1 { (0, 1.0, &[(0, 1.0)]) } else { (s - 1, 1.0, &[]) };
                let on = |p: f64| -> Way { (s + 1, p, if s == 7 { &[(1, 1.0)] } else { &[] }) };
                let right = if s == 6 { vec![on(0.5), (PIT, 0.5, &[(2, 1.0)][..])] } else { vec![on(1.0)] };
                vec![vec![left], right, vec![on(0.5), (s, 0.5, &[])]]
            }
        })
        .collect();
    table(12, &from(4, 10), &[1.0, 3.0, -2.0], &states)
}

/// Gold as an optimizer is given it.
pub(super) fn gold(mdp: &Mdp) -> Learned {
    learned(mdp, &Reward { table: mdp.gold_table().0, terms: 1.0 })
}

/// Every row leads to one of two states, and every outcome pays something else.
pub(super) fn random(seed: u32, states: usize, actions: usize, horizon: u32) -> Mdp {
    let mut rng = Streams { seed, repetition: 0 }.stream(Purpose::Feature, "random", 0);
    let mut pays = Vec::new();
    let rows = states * actions;
    let ways: Vec<(usize, usize, f64)> = (0..rows)
        .map(|_| {
            let [a, b] = [(); 2].map(|()| (uniform(&mut rng) * states as f64) as usize);
            (a, b, uniform(&mut rng))
        })
        .collect();
    (0..2 * rows).for_each(|_| pays.push([(0, normal(&mut rng))]));
    let table_of: Vec<Vec<Vec<Way>>> = (0..states)
        .map(|s| {
            let way = |row: usize| {
                let (a, b, p) = ways[row];
                vec![(a, p, &pays[2 * row][..]), (b, 1.0 - p, &pays[2 * row + 1][..])]
            };
            (s * actions..(s + 1) * actions).map(way).collect()
        })
        .collect();
    let mut start = vec![0.0; states];
    start[0] = if states > 1 { 0.75 } else { 1.0 };
    if states > 1 {
        start[1] = 0.25;
    }
    table(horizon, &start, &[1.0], &table_of)
}

/// Two hidden halves that look alike, for two steps. 'Safe' pays 1 in one and 0.5
/// in the other; 'risky' pays ±1 at once, and leads to where the next step may
/// pay 5 in one half and −1 in the other.
pub(super) fn blind() -> Mdp {
    let one = |to: usize, pays: &'static [(usize, f64)]| -> Vec<Way<'static>> { vec![(to, 1.0, pays)] };
    let states = [
        vec![one(4, &[(0, 1.0)]), one(2, &[(0, -1.0)])],
        vec![one(4, &[(0, 0.5)]), one(3, &[(0, 1.0)])],
        vec![one(4, &[(0, 5.0)]), one(4, &[])],
        vec![one(4, &[(0, -1.0)]), one(4, &[])],
        vec![one(4, &[])],
    ];
    let mut mdp = table(2, &[0.5, 0.5, 0.0, 0.0, 0.0], &[1.0], &states);
    mdp.view = vec![0, 0, 1, 1, 2];
    mdp
}
