//! What a trial spends its time on. See README.md beside this file.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use oversight::lab::inputs::Inputs;
use oversight::lab::mdp::Learned;
use oversight::lab::optimizer::OptimizerConfig;
use oversight::lab::pairs::Pairs;
use oversight::lab::policy::{Policy, Sampler};
use oversight::lab::reward_model::{Comparisons, fit, learned};
use oversight::lab::world::World;
use oversight::numerics::math::dot;
use oversight::numerics::rng::{Purpose, Streams, normal, uniform};
use oversight::study::config::Overrides;
use oversight::study::experiments::experiment;
use oversight::study::plan::Plan;
use std::hint::black_box;

/// The binary's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    let config = &plan.experiment.cells[0].setup.world;
    let blueprint = config.blueprint(&Inputs::Training).expect("a valid world");
    c.bench_function("draw a world, 65,536 × 9", |b| b.iter(|| black_box(&blueprint).draw(STREAMS)));
}

fn seed(c: &mut Criterion) {
    let text = experiment("three_failures").expect("built in");
    let plan =
        Plan::read("three_failures.toml", text.as_bytes(), &Overrides::default()).expect("a valid config");
    c.bench_function("one seed of three_failures", |b| {
        b.iter_batched(|| (), |()| plan.seed(0, || true), BatchSize::PerIteration);
    });
}

/// A batch of 64 episodes of 100 steps of the uniform policy on the map of the pipeline:
/// by the library, and by a loop that knows the map.
fn stepping(c: &mut Criterion) {
    let (world, _, _) = pipeline().open(0, 0);
    let sampler = Sampler::new(&world.mdp, &Policy::reference(&world.mdp));
    let mut outcomes = vec![0u32; 64];
    c.bench_function("6,400 steps, from a table", |b| {
        b.iter(|| {
            let mut rng = STREAMS.stream(Purpose::Batches, "bench", 0);
            let mut states: Vec<u32> = (0..64).map(|_| sampler.start(&mut rng) as u32).collect();
            for step in 0..100 {
                sampler.advance(step, &mut states, &mut outcomes, &mut rng);
                black_box(&outcomes);
            }
        });
    });
    // The same work: an action from the policy's cumulative chances, a slip, a move between walls, a record
    // of what was done where.
    let policy = [[0.25, 0.5, 0.75]; 100];
    c.bench_function("6,400 steps, by hand", |b| {
        b.iter(|| {
            let mut rng = STREAMS.stream(Purpose::Batches, "bench", 0);
            let mut cells: Vec<u32> = (0..64).map(|_| (uniform(&mut rng) * 100.0) as u32).collect();
            for _ in 0..100 {
                for (cell, outcome) in cells.iter_mut().zip(&mut outcomes) {
                    let (u, chances) = (uniform(&mut rng), &policy[*cell as usize]);
                    let intended = chances.iter().map(|c| u32::from(*c <= u)).sum::<u32>();
                    let slip = uniform(&mut rng);
                    let action = if slip < 0.1 { (slip * 40.0) as u32 } else { intended };
                    let (row, column) = (*cell / 10, *cell % 10);
                    let next = match action {
                        0 => row.saturating_sub(1) * 10 + column,
                        1 => (row + 1).min(9) * 10 + column,
                        2 => row * 10 + column.saturating_sub(1),
                        _ => row * 10 + (column + 1).min(9),
                    };
                    *outcome = (*cell * 4 + intended) * 4 + action;
                    *cell = next;
                }
                black_box(&outcomes);
            }
        });
    });
}

fn pipeline() -> Plan {
    let text = experiment("pipeline_tabular").expect("built in");
    Plan::read("pipeline_tabular.toml", text.as_bytes(), &Overrides::default()).expect("a valid config")
}

/// The pipeline and nothing else: a world, 700 labels, a fit, a policy, its gold.
fn one_seed(plan: &Plan, cell: usize, seed: u32) -> f64 {
    let (world, overseer, streams) = plan.open(cell, seed);
    let (mdp, config) = (&world.mdp, &plan.experiment.cells[cell].setup);
    let asking = [Purpose::Pairs, Purpose::Choices, Purpose::Telling].map(|p| streams.stream(p, "", 1));
    let hearing = overseer.hears(&world, &config.feedback.protocol);
    let segments = Pairs::new(mdp, &Policy::reference(mdp), config.feedback.segment.map(|s| s.get()));
    let labels = segments.ask(&hearing, 700, asking);
    let model = config.reward_model.fit(&world, &hearing, &labels, streams);
    let mut gold = 0.0;
    config.optimizer.optimise(mdp, &learned(mdp, &model.reward), streams, |reached| {
        gold = dot(&reached.visits, &mdp.gold_table().0);
    });
    gold
}

fn pipelines(c: &mut Criterion) {
    let plan = pipeline();
    let cell = |name: &str| plan.experiment.cells.iter().position(|c| c.variant == name).expect("a variant");
    for (name, cell) in [("base", cell("base")), ("exact", cell("exact")), ("converged", cell("converged"))] {
        let mut seed = 0;
        c.bench_function(&format!("pipeline_tabular, {name}, one seed"), |b| {
            b.iter(|| {
                seed += 1;
                one_seed(&plan, cell, seed)
            })
        });
    }
    c.bench_function("pipeline_tabular, all cells and metrics, one seed", |b| {
        b.iter(|| plan.seed(0, || true))
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = best_of_n, tilt, newton, draw, seed, stepping, pipelines
}
criterion_main!(benches);
