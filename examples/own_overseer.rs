//! An overseer of one's own: who answers pairs need not be linear in anything. This one
//! cannot tell good work from very good work; a model is fitted to its labels, and a
//! policy optimised against it.
//!
//! `cargo run --release --example own_overseer`

use oversight::lab::hearing::Hearing;
use oversight::lab::overseer::{Choice, Reward};
use oversight::lab::pairs::Pairs;
use oversight::lab::reward_model::learned;
use oversight::lab::{Policy, Setup};
use oversight::numerics::rng::{Purpose, Streams};

fn main() {
    let parse = "what a config file says, room by room";
    let setup = Setup {
        world: toml::from_str("answers.features.quality.gold = 1.0").expect(parse),
        overseer: Default::default(),
        feedback: Default::default(),
        reward_model: Default::default(),
        optimizer: toml::from_str("tilt.kl = [0.0, 1.0, 4.0]").expect(parse),
    };
    let streams = Streams { seed: 0, repetition: 0 };
    let (world, _) = setup.open(streams).unwrap_or_else(|fault| panic!("{fault:?}"));
    let gold = world.mdp.gold_table().0;

    let believed = gold.iter().map(|quality| quality.min(0.5)).collect();
    let hearing = Hearing::new(Reward::of_table(believed), Choice::default());

    let asking = [Purpose::Pairs, Purpose::Choices, Purpose::Telling].map(|p| streams.stream(p, "", 1));
    let reference = Pairs::new(&world.mdp, &Policy::reference(&world.mdp), None);
    let labels = reference.ask(&hearing, 2000, asking);
    let model = setup.reward_model.fit(&world, &hearing, &labels, streams);
    println!("quality is worth 1 in truth, and to the model {:.2}\n", model.weights[0].unwrap_or(0.0));

    println!("  KL   gold  believed");
    setup.optimizer.optimise(&world.mdp, &learned(&world.mdp, &model.reward), streams, |reached| {
        let total = |table: &[f64]| reached.visits.iter().zip(table).map(|(v, r)| v * r).sum::<f64>();
        println!("{:4} {:6.2} {:9.2}", reached.pressure, total(&gold), total(&hearing.mean.table));
    });
}
