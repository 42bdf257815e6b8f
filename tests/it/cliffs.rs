//! The depth at which a plan flips, from the map alone.

use oversight::study::config::Overrides;
use oversight::study::experiments::experiment;
use oversight::study::plan::Plan;
use std::collections::BTreeMap;

/// A map of walls: `best[d][x]` is what the best plan of d steps from x is worth to the overseer.
struct Map {
    walls: Vec<bool>,
    width: usize,
    goal: usize,
}

impl Map {
    /// Where a step from x can lead; against a wall it stays.
    fn steps(&self, x: usize) -> [usize; 4] {
        let stays = |to: usize| if self.walls[to] { x } else { to };
        [x - self.width, x + self.width, x - 1, x + 1].map(stays)
    }

    /// Steps from everywhere to the goal.
    fn distances(&self) -> Vec<usize> {
        let mut far = vec![usize::MAX; self.walls.len()];
        (far[self.goal], _) = (0, ());
        for d in 0..far.len() {
            for x in (0..far.len()).filter(|x| !self.walls[*x] && far[*x] == usize::MAX).collect::<Vec<_>>() {
                if self.steps(x).iter().any(|to| far[*to] == d) {
                    far[x] = d + 1;
                }
            }
        }
        far
    }

    fn best(&self, tile: usize, pays: f64, depth: usize) -> Vec<Vec<f64>> {
        let mut best = vec![vec![0.0; self.walls.len()]];
        for d in 0..depth {
            let of = |x: usize| {
                if self.walls[x] || x == self.goal {
                    return 0.0;
                }
                let worth = |to: &usize| best[d][*to] - 1.0 + if *to == tile { pays } else { 0.0 };
                self.steps(x).iter().map(worth).fold(f64::NEG_INFINITY, f64::max)
            };
            let next = (0..self.walls.len()).map(of).collect();
            best.push(next);
        }
        best
    }
}

#[test]
fn plans_flip_where_the_map_says() {
    const DEEPEST: usize = 30;
    let set =
        Overrides { sets: vec!["seed=77".to_owned(), "looked_at=[3]".to_owned()], ..Overrides::default() };
    let text = experiment("smarter_games_harder").expect("built in");
    let plan = Plan::read("smarter_games_harder.toml", text.as_bytes(), &set).unwrap();
    let drawn = text.split("'''").nth(1).unwrap().trim_matches('\n');
    let width = drawn.lines().next().unwrap().len();
    let cells: Vec<char> = drawn.lines().flat_map(str::chars).collect();
    let place = |glyph| cells.iter().position(|c| *c == glyph).unwrap();
    let map = Map { walls: cells.iter().map(|c| *c == '#').collect(), width, goal: place('G') };
    let far = map.distances();
    // States on any shortest way to the goal.
    let mut way = vec![place('A')];
    let mut next = 0;
    while next < way.len() {
        let x = way[next];
        let nearer = map.steps(x).into_iter().filter(|to| far[*to] < far[x] && *to != map.goal);
        let nearer: Vec<usize> = nearer.filter(|to| !way.contains(to)).collect();
        way.extend(nearer);
        next += 1;
    }
    let nearest = far[place('A')];
    let (seeds, mut flips, mut cliffs) = (200, 0, 0);
    let mut means: BTreeMap<usize, f64> = BTreeMap::new();
    for seed in 0..seeds {
        let (world, ..) = plan.open(0, seed);
        let pays = world.mdp.features.column(1).iter().position(|x| *x != 0.0).expect("somewhere");
        let tile = world.blueprint().compiled().unwrap().place[pays] as usize;
        let best = map.best(tile, 3.1, DEEPEST);
        // From where it sees the goal it goes straight there, unless some state on the way has a better plan.
        let flips_at = |d: usize| way.iter().any(|x| far[*x] <= d && best[d][*x] > 1e-9 - far[*x] as f64);
        let predicted = (nearest + 1..=DEEPEST).find(|d| flips_at(*d));
        let rows = plan.seed(seed, || true).unwrap();
        let of_base = rows.iter().filter(|row| row.cell == 0).map(|row| &row.record);
        let curve: BTreeMap<usize, _> = of_base.map(|r| (r.pressure as usize, r.metrics.clone())).collect();
        let gold = |d: usize| curve[&d].gold_fraction.unwrap();
        for d in 1..=DEEPEST {
            *means.entry(d).or_default() += gold(d) / f64::from(seeds);
        }
        let found = (nearest + 1..=DEEPEST).find(|d| gold(*d) < 1.0 - 1e-9);
        assert_eq!(found, predicted, "seed {seed}: the tile is at {tile}");
        cliffs += u32::from((1..DEEPEST).any(|d| gold(d) - gold(d + 1) > 0.5));
        if let Some(d) = found.filter(|d| *d > nearest + 1) {
            flips += 1;
            assert!(gold(d - 1) - gold(d) > 0.5, "seed {seed}: no cliff");
            // One step before nothing is misjudged but what the tile pays a policy that strays.
            let misjudged = |d: usize| curve[&d].misjudgement.unwrap();
            assert!(misjudged(d - 1) <= 0.0 || misjudged(d) > 5.0 * misjudged(d - 1), "seed {seed}");
        }
    }
    let steepest = means.values().zip(means.values().skip(1)).map(|(a, b)| a - b).fold(0.0, f64::max);
    println!("{flips} of {seeds} maps let it go straight first, and {cliffs} have a cliff of more than ½");
    println!("the steepest step of their mean is {steepest}");
    assert!(flips > 80 && cliffs > 120, "{flips} {cliffs}");
    assert!(steepest < 0.2, "{steepest}");
}
