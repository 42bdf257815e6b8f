//! What a trial spends its time on. See README.md beside this file.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use oversight::config::Overrides;
use oversight::experiments::experiment;
use oversight::mdp::Learned;
use oversight::optimizer::OptimizerConfig;
use oversight::plan::Plan;
use oversight::reward_model::{Comparisons, fit, learned};
use oversight::rng::{Purpose, Streams, normal};
use oversight::world::World;
use std::hint::black_box;

const STREAMS: Streams = Streams { seed: 1, repetition: 0 };

fn plan(text: &str) -> Plan {
    Plan::read("bench.toml", text.as_bytes(), &Overrides::default()).unwrap_or_else(|e| panic!("{e}"))
}

/// One prompt with 65,536 answers, insight and eight styles of t₃ tails.
const LARGE: &str = r#"
[world.answers]
prompts = 1
answers = 65536
[world.answers.features]
insight = { gold = 1.0 }
style = { count = 8, tail = { student_t = { df = 3 } } }
"#;

fn large() -> (World, Learned) {
    let (world, overseer, _) = plan(LARGE).open(0, 0);
    let reward = learned(&world.mdp, &overseer.beliefs.of(&world));
    (world, reward)
}

fn optimise(c: &mut Criterion, name: &str, optimizer: &str) {
    let optimizer: OptimizerConfig = toml::from_str(optimizer).expect("a valid optimizer");
    let (world, reward) = large();
    c.bench_function(name, |b| {
        b.iter(|| optimizer.optimise(&world.mdp, &reward, STREAMS, |reached| drop(black_box(reached))));
    });
}

fn best_of_n(c: &mut Criterion) {
    optimise(c, "pool best-of-256, K = 65,536", "best_of_n = { n = 256 }");
    optimise(c, "fresh best-of-256, K = 65,536", "best_of_n = { n = 256, draws = 'fresh' }");
}

fn tilt(c: &mut Criterion) {
    optimise(c, "tilt to β = 1, K = 65,536", "tilt = { beta = 1.0 }");
    optimise(c, "tilt to KL = 2, K = 65,536", "tilt = { kl = 2.0 }");
}

fn newton(c: &mut Criterion) {
    let mut rng = STREAMS.stream(Purpose::Pairs, "bench", 0);
    let mut data = Comparisons { width: 10, ..Comparisons::default() };
    for _ in 0..1000 {
        let d: Vec<f64> = (0..10).map(|_| normal(&mut rng)).collect();
        data.labels.push(f64::from(u8::from(d[0] - 0.5 * d[1] + normal(&mut rng) > 0.0)));
        data.differences.extend(d);
    }
    c.bench_function("Newton fit, 1,000 labels × 10 features", |b| {
        b.iter(|| fit(black_box(&data), 0.1, 0.0))
    });
}

fn draw(c: &mut Criterion) {
    let plan = plan(LARGE);
    let config = &plan.experiment.cells[0].config.world;
    let ground = config.ground().expect("a valid world");
    c.bench_function("draw a world, 65,536 × 9", |b| b.iter(|| config.draw(black_box(&ground), STREAMS)));
}

fn seed(c: &mut Criterion) {
    let text = experiment("three_failures").expect("built in");
    let plan =
        Plan::read("three_failures.toml", text.as_bytes(), &Overrides::default()).expect("a valid config");
    c.bench_function("one seed of three_failures", |b| {
        b.iter_batched(|| (), |()| plan.seed(0, || true), BatchSize::PerIteration);
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = best_of_n, tilt, newton, draw, seed
}
criterion_main!(benches);
