//! Debate about digits, on which published numbers stand.

#[path = "../../examples/digits_debate.rs"]
#[allow(dead_code, unreachable_pub)] // its `main`, and an example has no outside
mod digits_debate;

use crate::common::{assert_close, tuples};
use digits_debate::{table, told};
use oversight::lab::protocol::Protocol;
use oversight::numerics::rng::{Purpose, Streams, normal};

#[test]
fn debate_beats_random_pixels_as_published() {
    // A recomputation elsewhere, over 20 splits: random .447 (sd .014) and .559 (.011), debate .833 (.013) and
    // .849 (.014); means of 20, ± 4 standard errors.
    for (pixels, random, debate) in [(4, 0.447, 0.833), (6, 0.559, 0.849)] {
        let found = table(pixels, 20);
        assert_close("random", found[0], random, 0.014);
        assert_close("debate", found[1], debate, 0.014);
        assert!(found[2] > 0.99, "a lone liar: {}", found[2]);
    }
}

/// The value if debaters take turns, each to pick what is best for it; `turns` says whose is next.
fn minimax(left: &[f64], turns: &[bool]) -> f64 {
    let Some((&honest, turns)) = turns.split_first() else { return 0.0 };
    let values = (0..left.len()).map(|i| {
        let rest = [&left[..i], &left[i + 1..]].concat();
        left[i] + minimax(&rest, turns)
    });
    if honest { values.fold(f64::MIN, f64::max) } else { values.fold(f64::MAX, f64::min) }
}

#[test]
fn the_order_of_moves_makes_no_difference() {
    let debate: Protocol = toml::from_str("debate.slots = 4").unwrap();
    let mut rng = Streams { seed: 1, repetition: 0 }.stream(Purpose::Play, "evidence", 0);
    for _ in 0..20 {
        let mut evidence: Vec<f64> = (0..6).map(|_| normal(&mut rng)).collect();
        evidence.sort_by(|a, b| b.total_cmp(a));
        let value = told(&debate, &evidence);
        let fair = tuples(2, 4).filter(|turns| turns.iter().sum::<usize>() == 2);
        for turns in fair {
            let turns: Vec<bool> = turns.iter().map(|turn| *turn == 1).collect();
            assert_close(&format!("{turns:?}"), minimax(&evidence, &turns), value, 1e-12);
        }
    }
}
