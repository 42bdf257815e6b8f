//! Exact solutions against numbers from sums over all trajectories, and
//! against such sums made here for random MDPs.

use crate::common::{assert_all_close, assert_close, items, json, number, numbers};
use oversight::lab::mdp::{Features, Mdp, Outcomes};
use oversight::lab::policy::Policy;
use oversight::lab::solve::{chi2, evaluate, greedy_limit, kl, moments, optimum, soft, visits};
use oversight::numerics::math::ln;
use oversight::numerics::rng::{Purpose, Rng, Streams, uniform};
use serde_json::Value;
use std::sync::Arc;

/// The MDP of a case, with `reward` and `reward2` as its features.
fn mdp_of(case: &Value) -> Mdp {
    let mut rows = vec![0];
    for actions in items(&case["actions"]) {
        rows.push(rows[rows.len() - 1] + number(actions) as u32);
    }
    let states = rows.len() as u32 - 1;
    let count = rows[states as usize];
    Mdp {
        traits: None,
        horizon: number(&case["horizon"]) as u32,
        start: numbers(&case["start"]),
        rows,
        outcomes: Outcomes::Moves {
            offset: (0..=count).map(|row| row * states).collect(),
            next: (0..count).flat_map(|_| 0..states).collect(),
            chance: numbers(&case["transition"]),
        },
        features: Arc::new(Features::new(
            vec!["reward".into(), "reward2".into()],
            // The file pays a row whatever comes of it.
            ["reward", "reward2"]
                .map(|key| numbers(&case[key]).iter().flat_map(|r| vec![*r; states as usize]).collect())
                .to_vec(),
        )),
        gold: vec![1.0, 0.0],
        reference: numbers(&case["reference"]),
        view: (0..states).collect(),
    }
}

#[test]
fn reference_numbers() {
    for case in items(&json("small_mdps.json")["mdps"]) {
        let mdp = mdp_of(case);
        let [a, b] = [0, 1].map(|j| mdp.features.column(j).to_vec());
        let expected = |key: &str| number(&case["expected"][key]);
        let reference = Policy::reference(&mdp);

        assert_close("return", evaluate(&mdp, &reference, &a), expected("return"), 1e-9);
        assert_close("return2", evaluate(&mdp, &reference, &b), expected("return2"), 1e-9);
        assert_close("optimum", optimum(&mdp, &a), expected("optimum"), 1e-9);
        assert_close("support", greedy_limit(&mdp, &a).gain, expected("optimum_on_support"), 1e-9);
        // Of rows, step by step, in the file; of outcomes over the episode here.
        let rows = mdp.row_count();
        let mut occupancy = vec![0.0; rows];
        for step in numbers(&case["expected"]["occupancy"]).chunks(rows) {
            occupancy.iter_mut().zip(step).for_each(|(total, v)| *total += v);
        }
        let visits = visits(&mdp, &reference);
        let of_rows: Vec<f64> = visits.chunks(visits.len() / rows).map(|row| row.iter().sum()).collect();
        assert_all_close("occupancy", &of_rows, &occupancy, 1e-9);

        // The file pools over starts; `moments` stays within them: the law of total covariance.
        let m = moments(&mdp, &a, &b);
        let (mut variance, mut covariance) = (m.variance[0], m.covariance);
        for s in 0..mdp.states() {
            let mut from_s = mdp.clone();
            from_s.start.fill(0.0);
            from_s.start[s] = 1.0;
            let [da, db] = [&a, &b].map(|t| evaluate(&from_s, &reference, t) - evaluate(&mdp, &reference, t));
            variance += mdp.start[s] * da * da;
            covariance += mdp.start[s] * da * db;
        }
        assert_all_close("means", &m.mean, &[expected("return"), expected("return2")], 1e-9);
        assert_close("variance", variance, expected("variance"), 1e-9);
        assert_close("covariance", covariance, expected("covariance"), 1e-9);

        for tilt in items(&case["expected"]["regularised"]) {
            let beta = number(&tilt["beta"]);
            let s = soft(&mdp, &a, 1.0 / beta);
            assert_close("value", beta * s.value, number(&tilt["value"]), 1e-9);
            assert_close("gain", s.gain, number(&tilt["return"]), 1e-9);
            assert_close("kl", s.kl, number(&tilt["kl"]), 1e-9);
            assert_close("kl of the policy", kl(&mdp, &s.policy), s.kl, 1e-12);
            assert_close("return of the policy", evaluate(&mdp, &s.policy, &a), s.gain, 1e-12);
            for (step, states) in items(&tilt["policy"]).iter().enumerate() {
                for (state, chances) in items(states).iter().enumerate().filter(|(_, c)| !c.is_null()) {
                    let got = &s.policy.at(&mdp, step as u32)[mdp.rows_of(state)];
                    assert_all_close("policy", got, &numbers(chances), 1e-9);
                }
            }
            // A central difference errs by h²/6·KL‴, here below 1e-7.
            let (h, lambda) = (1e-4, 1.0 / beta);
            let slope = (soft(&mdp, &a, lambda + h).kl - soft(&mdp, &a, lambda - h).kl) / (2.0 * h);
            assert_close("slope", s.slope, slope, 1e-6);
        }
    }
}

/// One way an episode can go, and the chance that start and transitions let it.
struct Path {
    start: usize,
    chance: f64,
    rows: Vec<usize>,
    outcomes: Vec<usize>,
}

impl Path {
    fn all(mdp: &Mdp) -> Vec<Path> {
        let mut done = Vec::new();
        for (s, &chance) in mdp.start.iter().enumerate() {
            extend(mdp, s, Path { start: s, chance, rows: Vec::new(), outcomes: Vec::new() }, &mut done);
        }
        done
    }

    fn chance(&self, mdp: &Mdp, policy: &Policy) -> f64 {
        let steps = self.rows.iter().zip(0..);
        self.chance * steps.map(|(&row, t)| policy.at(mdp, t)[row]).product::<f64>()
    }

    fn total(&self, table: &[f64]) -> f64 {
        self.outcomes.iter().map(|&k| table[k]).sum()
    }
}

fn extend(mdp: &Mdp, s: usize, path: Path, done: &mut Vec<Path>) {
    if path.rows.len() == mdp.horizon as usize || mdp.rows_of(s).is_empty() {
        done.push(path);
        return;
    }
    for row in mdp.rows_of(s) {
        let rows = [path.rows.as_slice(), &[row]].concat();
        match &mdp.outcomes {
            Outcomes::Ends => done.push(Path { outcomes: rows.clone(), rows, ..path }),
            Outcomes::Moves { offset, next, chance } => {
                for k in offset[row] as usize..offset[row + 1] as usize {
                    let outcomes = [path.outcomes.as_slice(), &[k]].concat();
                    let chance = path.chance * chance[k];
                    let longer = Path { start: path.start, chance, rows: rows.clone(), outcomes };
                    extend(mdp, next[k] as usize, longer, done);
                }
            }
        }
    }
}

/// A whole number below `n`.
fn below(n: u32, rng: &mut Rng) -> u32 {
    (uniform(rng) * f64::from(n)) as u32
}

/// Multiples of ¼ that sum to 1, some of them 0.
fn quarters(count: usize, rng: &mut Rng) -> Vec<f64> {
    let mut chances = vec![0.0; count];
    for _ in 0..4 {
        chances[below(count as u32, rng) as usize] += 0.25;
    }
    chances
}

/// Three states and an end, up to three rows each, sparse outcomes, a
/// reference with gaps. All numbers are quarters, so that ties are exact.
fn random_mdp(rng: &mut Rng) -> Mdp {
    let horizon = 1 + below(3, rng);
    let mut rows = vec![0];
    let mut reference = Vec::new();
    for _ in 0..3 {
        reference.extend(quarters(1 + below(3, rng) as usize, rng));
        rows.push(reference.len() as u32);
    }
    rows.push(reference.len() as u32); // the end has none
    let (mut offset, mut next, mut chance) = (vec![0], Vec::new(), Vec::new());
    for _ in 0..reference.len() {
        for (state, p) in quarters(4, rng).into_iter().enumerate().filter(|(_, p)| *p > 0.0) {
            next.push(state as u32);
            chance.push(p);
        }
        offset.push(next.len() as u32);
    }
    let outcomes = if horizon == 1 && below(2, rng) == 0 {
        Outcomes::Ends
    } else {
        Outcomes::Moves { offset, next, chance }
    };
    let count = match &outcomes {
        Outcomes::Ends => reference.len(),
        Outcomes::Moves { next, .. } => next.len(),
    };
    let column = |rng: &mut Rng| (0..count).map(|_| f64::from(below(9, rng)) / 4.0 - 1.0).collect();
    let features = Features::new(vec!["a".into(), "b".into()], vec![column(rng), column(rng)]);
    let start = [quarters(3, rng), vec![0.0]].concat();
    let view = vec![0, 1, 2, 3];
    Mdp {
        traits: None,
        horizon,
        start,
        rows,
        outcomes,
        features: Arc::new(features),
        gold: vec![1.0, 0.0],
        reference,
        view,
    }
}

/// A random policy on π₀'s support, different at every step.
fn random_policy(mdp: &Mdp, rng: &mut Rng) -> Policy {
    let mut chances = Vec::new();
    for _ in 0..mdp.horizon {
        let mut step: Vec<f64> =
            mdp.reference.iter().map(|p| if *p > 0.0 { uniform(rng) } else { 0.0 }).collect();
        for s in 0..mdp.states() {
            let mass: f64 = step[mdp.rows_of(s)].iter().sum();
            step[mdp.rows_of(s)].iter_mut().for_each(|p| *p /= mass);
        }
        chances.extend(step);
    }
    Policy { chances }
}

fn each_random_mdp(mut check: impl FnMut(&Mdp, &[f64], &[f64], &mut Rng)) {
    for i in 0..60 {
        let mut rng = Streams { seed: 1, repetition: i }.stream(Purpose::Pairs, "solve", 0);
        let mdp = random_mdp(&mut rng);
        let [a, b] = [0, 1].map(|j| mdp.features.column(j).to_vec());
        check(&mdp, &a, &b, &mut rng);
    }
}

#[test]
fn sums_over_all_trajectories() {
    each_random_mdp(|mdp, a, b, rng| {
        let paths = Path::all(mdp);
        let reference = Policy::reference(mdp);
        for policy in [reference.clone(), random_policy(mdp, rng)] {
            let law: Vec<f64> = paths.iter().map(|p| p.chance(mdp, &policy)).collect();
            let mean =
                |f: &dyn Fn(&Path) -> f64| paths.iter().zip(&law).map(|(path, p)| p * f(path)).sum::<f64>();
            assert_close("mass", law.iter().sum(), 1.0, 1e-12);
            assert_close("return", evaluate(mdp, &policy, a), mean(&|p| p.total(a)), 1e-12);

            let divergence: f64 = paths
                .iter()
                .zip(&law)
                .filter(|(_, p)| **p > 0.0)
                .map(|(path, p)| p * ln(p / path.chance(mdp, &reference)))
                .sum();
            assert_close("kl", kl(mdp, &policy), divergence, 1e-12);

            let squares = paths.iter().zip(&law).map(|(path, p)| (path.chance(mdp, &reference), p));
            let squares: f64 =
                squares.filter(|(p0, _)| *p0 > 0.0).map(|(p0, p)| (p - p0) * (p - p0) / p0).sum();
            assert_close("χ²", chi2(mdp, &policy), squares, 1e-12);

            let total = visits(mdp, &policy);
            for outcome in 0..mdp.outcome_count() {
                let count = mean(&|p| p.outcomes.iter().filter(|&&k| k == outcome).count() as f64);
                assert_close("visits", total[outcome], count, 1e-12);
            }
            let by_visits: f64 = total.iter().zip(a).map(|(v, r)| v * r).sum();
            assert_close("return by visits", by_visits, mean(&|p| p.total(a)), 1e-12);
        }

        let law: Vec<f64> = paths.iter().map(|p| p.chance(mdp, &reference)).collect();
        // E[Cov(x, y | start)], from the definition.
        let within = |x: &[f64], y: &[f64]| {
            let of_start = |s: usize, f: &dyn Fn(&Path) -> f64| {
                paths.iter().zip(&law).filter(|(p, _)| p.start == s).map(|(path, p)| p * f(path)).sum::<f64>()
            };
            (0..mdp.states())
                .filter(|&s| mdp.start[s] > 0.0)
                .map(|s| {
                    let [mx, my] = [x, y].map(|t| of_start(s, &|p| p.total(t)) / mdp.start[s]);
                    of_start(s, &|p| (p.total(x) - mx) * (p.total(y) - my))
                })
                .sum::<f64>()
        };
        let m = moments(mdp, a, b);
        assert_all_close("variances", &m.variance, &[within(a, a), within(b, b)], 1e-12);
        assert_close("covariance", m.covariance, within(a, b), 1e-12);

        // Laidlaw, Singhal and Dragan (2024), of returns: Δb/σ_b ≥ ρ·Δa/σ_a − √((1 − ρ²)χ²).
        let sd = m.variance.map(f64::sqrt);
        if sd[0] > 0.0 && sd[1] > 0.0 {
            let rho = m.covariance / (sd[0] * sd[1]);
            let any = random_policy(mdp, rng);
            let gain = |table: &[f64]| evaluate(mdp, &any, table) - evaluate(mdp, &reference, table);
            let lost = ((1.0 - rho * rho).max(0.0) * chi2(mdp, &any)).sqrt();
            let slack = gain(b) / sd[1] - rho * gain(a) / sd[0] + lost;
            assert!(slack >= -1e-9, "{slack}");
        }
    });
}

#[test]
fn no_policy_beats_the_soft_optimum() {
    each_random_mdp(|mdp, a, _, rng| {
        let at_zero = soft(mdp, a, 0.0);
        assert_all_close(
            "λ = 0",
            &at_zero.policy.chances,
            &mdp.reference.repeat(mdp.horizon as usize),
            1e-15,
        );
        assert_all_close("λ = 0", &[at_zero.kl, at_zero.value], &[0.0, 0.0], 1e-15);
        for lambda in [0.3, 1.0, 4.0] {
            let best = soft(mdp, a, lambda);
            assert_close("value", best.value, lambda * best.gain - best.kl, 1e-12);
            assert_close("kl", kl(mdp, &best.policy), best.kl, 1e-12);
            assert_close("gain", evaluate(mdp, &best.policy, a), best.gain, 1e-12);
            for _ in 0..20 {
                // Far ones and near ones: mixtures of the optimum with a random policy.
                let other = random_policy(mdp, rng);
                for share in [1.0, 0.1, 0.001] {
                    let mixed = best.policy.chances.iter().zip(&other.chances);
                    let policy = Policy { chances: mixed.map(|(p, q)| p + share * (q - p)).collect() };
                    let value = lambda * evaluate(mdp, &policy, a) - kl(mdp, &policy);
                    assert!(value <= best.value + 1e-12, "{value} > {}", best.value);
                }
            }
        }
    });
}

#[test]
fn the_greedy_limit_is_a_limit() {
    // Rewards of outcomes and chances are quarters and there are at most three steps,
    // so values that differ do so by at least ¼·(¼)³ = 1/256: at λ = 256·40 the worse
    // row keeps e⁻⁴⁰ of its mass.
    each_random_mdp(|mdp, a, _, _| {
        let limit = greedy_limit(mdp, a);
        let near = soft(mdp, a, 256.0 * 40.0);
        assert_close("gain", limit.gain, near.gain, 1e-9);
        // V is about 4·10⁴ here, so KL = λV′ − V would keep 11 digits of it.
        assert_close("kl", limit.kl, kl(mdp, &near.policy), 1e-9);
        assert_close("kl of the policy", limit.kl, kl(mdp, &limit.policy), 1e-12);
        let mut here = mdp.start.clone();
        for t in 0..mdp.horizon {
            let [got, expected] = [&limit.policy, &near.policy].map(|p| p.at(mdp, t));
            let mut onward = vec![0.0; mdp.states()];
            for (s, v) in here.iter().enumerate() {
                for row in mdp.rows_of(s).filter(|&row| v * expected[row] > 1e-9) {
                    assert_close("chance", got[row], expected[row], 1e-9 / (v * expected[row]));
                    if let Outcomes::Moves { offset, next, chance } = &mdp.outcomes {
                        for k in offset[row] as usize..offset[row + 1] as usize {
                            onward[next[k] as usize] += v * expected[row] * chance[k];
                        }
                    }
                }
            }
            here = onward;
        }
        let unbounded = Mdp { reference: vec![1.0; mdp.row_count()], ..mdp.clone() };
        assert_close("optimum", optimum(mdp, a), greedy_limit(&unbounded, a).gain, 1e-12);
    });
}

#[test]
fn ties_are_shared_by_reference_mass() {
    // From s: row 0 to u at once; row 1 to v. Both lead to 1, over one of two
    // rows of u and over both of v, so the limit's odds are ½·¼ to ½·1.
    let mdp = Mdp {
        traits: None,
        horizon: 2,
        start: vec![1.0, 0.0, 0.0],
        rows: vec![0, 2, 4, 6],
        outcomes: Outcomes::Moves {
            offset: (0..=6).collect(),
            next: vec![1, 2, 0, 0, 0, 0],
            chance: vec![1.0; 6],
        },
        features: Arc::default(),
        gold: Vec::new(),
        reference: vec![0.5, 0.5, 0.25, 0.75, 0.5, 0.5],
        view: vec![0, 1, 2],
    };
    let limit = greedy_limit(&mdp, &[0.0, 0.0, 1.0, 0.0, 1.0, 1.0]);
    assert_all_close("at s", &limit.policy.at(&mdp, 0)[..2], &[0.2, 0.8], 1e-15);
    assert_all_close("at u", &limit.policy.at(&mdp, 1)[2..4], &[1.0, 0.0], 1e-15);
    assert_all_close("at v", &limit.policy.at(&mdp, 1)[4..6], &[0.5, 0.5], 1e-15);
    assert_close("kl", limit.kl, -ln(0.625), 1e-15);
}

#[test]
fn kl_is_infinite_off_the_support() {
    let mdp = Mdp {
        traits: None,
        horizon: 1,
        start: vec![1.0],
        rows: vec![0, 2],
        outcomes: Outcomes::Ends,
        features: Arc::default(),
        gold: Vec::new(),
        reference: vec![1.0, 0.0],
        view: vec![0],
    };
    assert_eq!(kl(&mdp, &Policy { chances: vec![0.5, 0.5] }), f64::INFINITY);
    assert_eq!(greedy_limit(&mdp, &[0.0, 1.0]).gain, 0.0);
    assert_eq!(optimum(&mdp, &[0.0, 1.0]), 1.0);
}

/// Karwowski et al. (2023): let θ be the angle between proxy and gold as far as policies can tell them apart, and α
/// that between a step of occupancies and the proxy. While α + θ < 90°, no step lowers gold; beyond, some do. So
/// who knows a bound on θ knows when to stop.
#[test]
fn gold_falls_only_beyond_the_angle() {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let angle = |a: &[f64], b: &[f64]| (dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()).clamp(-1.0, 1.0).acos();
    let (mut within, mut beyond, mut falls) = (0, 0, 0);
    for i in 0..10_000 {
        let mut rng = Streams { seed: 1, repetition: i }.stream(Purpose::Pairs, "angle", 0);
        let mdp = random_mdp(&mut rng);
        let [proxy, gold] = [0, 1].map(|j| mdp.features.column(j).to_vec());
        let reference = visits(&mdp, &Policy::reference(&mdp));
        // An orthonormal basis of all that policies differ in.
        let mut basis: Vec<Vec<f64>> = Vec::new();
        for _ in 0..2 * mdp.outcome_count() {
            let other = visits(&mdp, &random_policy(&mdp, &mut rng));
            let mut off: Vec<f64> = other.iter().zip(&reference).map(|(a, b)| a - b).collect();
            for _ in 0..2 {
                for axis in &basis {
                    let along = dot(axis, &off);
                    off.iter_mut().zip(axis).for_each(|(x, a)| *x -= along * a);
                }
            }
            let length = dot(&off, &off).sqrt();
            if length > 1e-6 {
                basis.push(off.into_iter().map(|x| x / length).collect());
            }
        }
        let seen = |table: &[f64]| basis.iter().map(|axis| dot(axis, table)).collect::<Vec<f64>>();
        let (proxy_seen, gold_seen) = (seen(&proxy), seen(&gold));
        if [&proxy_seen, &gold_seen].iter().any(|x| dot(x, x) < 1e-12) {
            continue;
        }
        let theta = angle(&proxy_seen, &gold_seen);
        let path = [0.0, 0.3, 1.0, 3.0, 10.0].map(|lambda| visits(&mdp, &soft(&mdp, &proxy, lambda).policy));
        for pair in path.windows(2) {
            let step: Vec<f64> = pair[1].iter().zip(&pair[0]).map(|(a, b)| a - b).collect();
            if dot(&step, &step) < 1e-12 {
                continue;
            }
            let rises = dot(&step, &gold) > -1e-9;
            if angle(&seen(&step), &proxy_seen) + theta < std::f64::consts::FRAC_PI_2 {
                within += 1;
                assert!(rises, "{i}: gold falls within the bound");
            } else {
                beyond += 1;
                falls += usize::from(!rises);
            }
        }
    }
    println!("{within} steps within, {beyond} beyond, of which {falls} fall");
    assert!(within > 5000 && falls > 1000);
}
