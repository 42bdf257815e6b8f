use super::worlds::*;
use crate::mdp::Mdp;
use crate::optimizer::*;
use crate::ranges::Count;
use crate::rng::Streams;
use crate::solve::{evaluate, optimum, soft};

pub(super) fn fraction(mdp: &Mdp, p: &Policy) -> f64 {
    let g = mdp.gold_table().0;
    let r = evaluate(mdp, &Policy::reference(mdp), &g);
    (evaluate(mdp, p, &g) - r) / (optimum(mdp, &g) - r)
}
fn counts(c: &[u32]) -> Vec<Count> {
    c.iter().map(|c| Count::new(*c).unwrap()).collect()
}

#[test]
fn lab() {
    let lv = counts(&[25, 50, 100, 200, 400]);
    for (name, mdp) in all() {
        let r = gold(&mdp);
        for beta in [1.0, 0.3, 0.1] {
            let tilt = fraction(&mdp, &soft(&mdp, &r.0, 1.0 / beta).policy);
            println!("{name} β={beta} tilt {tilt:.4}");
            let show = |what: String, run: &dyn Fn(Streams, &mut dyn FnMut(Reached))| {
                let mut gaps = vec![vec![]; lv.len()];
                for seed in 0..6 {
                    let mut i = 0;
                    run(Streams { seed, repetition: 0 }, &mut |x| {
                        gaps[i].push(fraction(&mdp, &x.policy.unwrap()) - tilt);
                        i += 1;
                    });
                }
                print!("   {what:34}");
                for g in gaps {
                    let m = g.iter().sum::<f64>() / 6.0;
                    let w = g.iter().fold(0.0f64, |a, b| if b.abs() > a.abs() { *b } else { a });
                    print!("  {m:+.4}({w:+.4})");
                }
                println!();
            };
            for rate in [0.1 / beta, 0.2 / beta, 0.1] {
                let s = policy_gradient::Settings {
                    episodes: 64,
                    rate,
                    beta,
                    discount: 1.0,
                    shape: Shape::Tabular,
                };
                show(format!("pg rate·β={:.2}", rate * beta), &|st, v| {
                    policy_gradient::optimise(&mdp, &r, &lv, s, st, v)
                });
            }
            for rate in [0.03 / beta, 0.1, 0.3] {
                let s = ppo::Settings {
                    episodes: 64,
                    epochs: 10,
                    clip: 0.2,
                    trace: 0.95,
                    rate,
                    beta,
                    discount: 1.0,
                    shape: Shape::Tabular,
                };
                show(format!("ppo rate·β={:.2}", rate * beta), &|st, v| {
                    ppo::optimise(&mdp, &r, &lv, s, st, v)
                });
            }
        }
    }
}

#[test]
fn time() {
    let mdp = grid(10, 0.2, 100);
    let r = gold(&mdp);
    for (what, discount, shape) in [
        ("timed", 1.0, Shape::Tabular),
        ("stationary", 0.99, Shape::Tabular),
        ("log-linear", 1.0, Shape::LogLinear),
    ] {
        #[allow(clippy::disallowed_methods)]
        let begin = std::time::Instant::now();
        let s = policy_gradient::Settings { episodes: 64, rate: 0.1, beta: 1.0, discount, shape };
        policy_gradient::optimise(&mdp, &r, &counts(&[50]), s, Streams { seed: 1, repetition: 0 }, |_| {});
        let pg = begin.elapsed();
        let s = ppo::Settings {
            episodes: 64,
            epochs: 10,
            clip: 0.2,
            trace: 0.95,
            rate: 0.1,
            beta: 1.0,
            discount,
            shape,
        };
        ppo::optimise(&mdp, &r, &counts(&[50]), s, Streams { seed: 1, repetition: 0 }, |_| {});
        println!("{what}: pg {pg:?} ppo {:?}", begin.elapsed() - pg);
    }
}
