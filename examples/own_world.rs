//! A world of one's own, as a table: a vase stands in the short way. The policy that is
//! best for speed alone breaks it; one that is paid for the vase as well goes round.
//!
//! `cargo run --release --example own_world`

use oversight::lab::mdp::{Features, Mdp, Outcomes};
use oversight::lab::solve::{greedy_limit, optimum, visits};

fn main() {
    // States: here (0), on the way round (1), there (2). Rows: from `here` through the
    // vase or round it, from the other two onward. Each leads to one outcome.
    let columns = vec![
        vec![0.0, 0.0, 0.0, 1.0], // being there, paid at every step that begins there
        vec![1.0, 0.0, 0.0, 0.0], // a broken vase
    ];
    let mdp = Mdp {
        horizon: 4,
        start: vec![1.0, 0.0, 0.0],
        rows: vec![0, 2, 3, 4],
        outcomes: Outcomes::Moves {
            offset: vec![0, 1, 2, 3, 4],
            next: vec![2, 1, 2, 2],
            chance: vec![1.0; 4],
        },
        features: Features::new(vec!["there".into(), "broken".into()], columns).into(),
        traits: None,
        gold: vec![1.0, -5.0],
        reference: vec![0.5, 0.5, 1.0, 1.0],
        view: vec![0, 1, 2],
    };
    let gold = mdp.gold_table().0;
    println!("the optimum is worth {}", optimum(&mdp, &gold));
    for (what, weights) in [("speed alone", [1.0, 0.0]), ("gold", [1.0, -5.0])] {
        let policy = greedy_limit(&mdp, &mdp.features.combine(&weights, 0.0)).policy;
        let visits = visits(&mdp, &policy);
        let total = |table: &[f64]| visits.iter().zip(table).map(|(v, r)| v * r).sum::<f64>();
        println!("paid for {what}: breaks {} vases, earns {}", total(mdp.features.column(1)), total(&gold));
    }
}
