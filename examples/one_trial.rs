//! One trial through the library: the loop of a config file, without the file.
//!
//! `cargo run --release --example one_trial`

use oversight::lab::trial::{SharedInWorld, Trial, run};
use oversight::lab::{Feedback, Setup};
use oversight::numerics::rng::Streams;

fn main() {
    let parse = "what a config file says, room by room";
    let setup = Setup {
        world: toml::from_str(
            "[answers.features]
             insight = { gold = 1.0 }
             flattery = { gold = -0.5 }",
        )
        .expect(parse),
        // This overseer likes to be flattered.
        overseer: toml::from_str("believes.flattery = 0.5").expect(parse),
        feedback: Feedback { labels: Some(500), ..Feedback::default() },
        reward_model: toml::from_str("linear.l2 = 0.1").expect(parse),
        optimizer: toml::from_str("best_of_n.n = [1, 4, 16, 64, 256]").expect(parse),
    };
    let streams = Streams { seed: 0, repetition: 0 };
    let (world, overseer) = setup.open(streams).unwrap_or_else(|fault| panic!("{fault:?}"));
    let records =
        run(Trial::new(&setup, &world, &overseer, streams, &mut SharedInWorld::default()), |inside| {
            println!("learned {:.2?} from {} labels\n", inside.model.weights, inside.labels.len());
        });
    println!("   n   gold  approval");
    for record in records {
        let [gold, approval] = [record.metrics.gold, record.metrics.approval].map(Option::unwrap_or_default);
        println!("{:4} {gold:6.2} {approval:9.2}", record.pressure);
    }
}
