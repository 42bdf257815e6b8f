//! Best of n against laws of order statistics.

use crate::common::{
    Estimate, assert_all_close, assert_close, bandit, by_prompt, items, json, number, numbers, optimise,
    order, policy, tuples, world,
};
use oversight::lab::mdp::Learned;
use oversight::lab::measure::win_rates;
use oversight::lab::optimizer::{Candidates, fresh, pool};
use oversight::lab::overseer::Reward;
use oversight::lab::reward_model::learned;
use oversight::numerics::math::ln;
use oversight::numerics::rng::{Purpose, Rng, Streams, uniform};

fn rng(index: u64) -> Rng {
    Streams { seed: 2, repetition: 0 }.stream(Purpose::Pairs, "best_of_n", index)
}

/// Law, KL and win rate of best of n from a pool.
fn pooled(reward: &[f64], reference: &[f64], n: u32) -> (Vec<f64>, f64, f64) {
    let mut law = vec![f64::NAN; reward.len()];
    let kl = pool(&Candidates { order: &order(reward), reward, reference }, n, &mut law);
    let wins = win_rates(reward, reference).iter().zip(&law).map(|(w, p)| w * p).sum();
    (law, kl, wins)
}

fn estimated(reward: &[f64], n: u32) -> Vec<f64> {
    let mut weights = vec![f64::NAN; reward.len()];
    fresh(&Candidates { order: &order(reward), reward, reference: &[] }, f64::from(n), &mut weights);
    weights
}

/// Distinct rewards 0 … k−1, equally likely.
fn distinct(k: usize) -> (Vec<f64>, Vec<f64>) {
    ((0..k).map(|i| i as f64).collect(), vec![1.0 / k as f64; k])
}

#[test]
fn pool_of_distinct_answers() {
    for case in items(&json("order_statistics.json")["pool"]) {
        let [k, n] = ["k", "n"].map(|key| number(&case[key]) as u32);
        let (reward, reference) = distinct(k as usize);
        let (law, kl, wins) = pooled(&reward, &reference, n);
        assert_close("kl", kl, number(&case["kl"]), 1e-9);
        assert_close("win rate", wins, number(&case["win_rate"]), 1e-9);
        if !case["law"].is_null() {
            assert_all_close("law", &law, &numbers(&case["law"]), 1e-9);
        }
    }
    // The values derived elsewhere, to the digits printed there.
    for (k, n, kl) in [
        (2, 2, 0.13081),
        (2, 4, 0.45936),
        (2, 16, 0.69296),
        (10, 2, 0.18932),
        (10, 4, 0.62883),
        (10, 16, 1.73306),
    ] {
        let (reward, reference) = distinct(k);
        assert_close("kl", pooled(&reward, &reference, n).1, kl, 6e-6);
    }
    for (n, win) in [(2, 0.625), (4, 0.71875), (16, 0.74999)] {
        assert_close("win rate", pooled(&[0.0, 1.0], &[0.5, 0.5], n).2, win, 6e-6);
    }
}

#[test]
fn pool_is_the_sum_over_all_tuples() {
    // Ties at the top, in the middle and at the bottom; one answer that π₀ never gives.
    let reward = [1.0, 0.0, 2.0, 1.0, 2.0, 3.0, -0.0];
    let reference = [0.1, 0.2, 0.05, 0.3, 0.15, 0.0, 0.2];
    for n in 1..=5 {
        let mut expected = [0.0; 7];
        for draws in tuples(7, n) {
            let chance: f64 = draws.iter().map(|&i| reference[i]).product();
            let best = draws.iter().map(|&i| reward[i]).fold(f64::NEG_INFINITY, f64::max);
            let kept: Vec<usize> = draws.into_iter().filter(|&i| reward[i] == best).collect();
            for &i in &kept {
                expected[i] += chance / kept.len() as f64;
            }
        }
        let (law, kl, _) = pooled(&reward, &reference, n);
        assert_all_close("law", &law, &expected, 1e-12);
        let terms = expected.iter().zip(reference).filter(|(p, _)| **p > 0.0);
        assert_close("kl", kl, terms.map(|(p, q)| p * ln(p / q)).sum(), 1e-12);
        // Tied answers keep their odds.
        assert_close("odds", law[0] * reference[3], law[3] * reference[0], 1e-15);
    }
}

#[test]
fn pool_stays_below_its_bounds() {
    // KL ≤ ln n − (n−1)/n and win rate ≤ n/(n+1): the values of a continuous law.
    for i in 0..50 {
        let mut rng = rng(i);
        let k = 2 + (uniform(&mut rng) * 30.0) as usize;
        let mass: Vec<f64> = (0..k).map(|_| uniform(&mut rng)).collect();
        let reference: Vec<f64> = mass.iter().map(|m| m / mass.iter().sum::<f64>()).collect();
        let reward: Vec<f64> = (0..k).map(|_| (uniform(&mut rng) * 20.0).floor()).collect();
        for n in [1, 2, 3, 10, 100, 10_000, 1_000_000_000] {
            let (law, kl, wins) = pooled(&reward, &reference, n);
            let n = f64::from(n);
            assert_close("mass", law.iter().sum(), 1.0, 1e-12);
            assert!(kl >= -1e-15 && kl <= ln(n) - (n - 1.0) / n + 1e-12, "{kl} at n = {n}");
            assert!(wins >= 0.5 - 1e-12 && wins <= n / (n + 1.0) + 1e-12, "{wins} at n = {n}");
        }
        assert_all_close("n = 1", &pooled(&reward, &reference, 1).0, &reference, 1e-15);
    }
}

#[test]
fn kl_averages_over_prompts() {
    // Prompts of different sizes, one of them indifferent.
    let (half, quarter) = ([0.5; 2], [0.25; 4]);
    let mdp = bandit(&[&half, &quarter], &[], &[]);
    let reward = Learned(vec![0.0, 1.0, 7.0, 7.0, 7.0, 7.0]);
    let reached = optimise("best_of_n = { n = [2, 4] }", &mdp, &reward);
    assert_close("kl", reached[0].kl.unwrap(), 0.130812035941137 / 2.0, 1e-12);
    assert_all_close("chances", &policy(&reached[0]).chances, &[0.25, 0.75, 0.25, 0.25, 0.25, 0.25], 1e-15);
    assert_eq!([reached[0].pressure, reached[1].pressure], [2.0, 4.0]);
    assert_eq!(optimise("best_of_n = { n = 2, draws = \"fresh\" }", &mdp, &reward)[0].kl, None);
}

#[test]
fn fresh_is_the_mean_over_all_subsets() {
    for reward in [[4.0, 1.0, 3.0, 0.0, 2.0, 6.0, 5.0], [1.0, 0.0, 2.0, 1.0, 2.0, 0.0, 1.0], [3.0; 7]] {
        for n in 1..=7 {
            let (mut expected, mut subsets) = ([0.0; 7], 0.0);
            for mask in (0u32..1 << 7).filter(|m| m.count_ones() == n) {
                let drawn = || (0..7).filter(|i| mask >> i & 1 == 1);
                let best = drawn().map(|i| reward[i]).fold(f64::NEG_INFINITY, f64::max);
                let kept: Vec<usize> = drawn().filter(|&i| reward[i] == best).collect();
                for &i in &kept {
                    expected[i] += 1.0 / kept.len() as f64;
                }
                subsets += 1.0;
            }
            assert_all_close("weights", &estimated(&reward, n), &expected.map(|w| w / subsets), 1e-14);
        }
    }
}

#[test]
fn fresh_worked_example() {
    // A worked example computed by hand over all six pairs.
    let (proxy, gold) = ([0.1, 0.2, 0.5, 0.9], [0.3, 0.6, 0.4, 0.0]);
    let weights = estimated(&proxy, 2);
    let expect = |x: &[f64]| weights.iter().zip(x).map(|(w, x)| w * x).sum();
    assert_close("proxy", expect(&proxy), 0.65, 1e-15);
    assert_close("gold", expect(&gold), 0.7 / 3.0, 1e-15);
}

#[test]
fn fresh_at_its_ends() {
    let k = 65_536;
    let reward: Vec<f64> = (0..k).map(|i| f64::from(i * 7919 % k)).collect();
    assert_all_close("n = 1", &estimated(&reward, 1), &vec![1.0 / f64::from(k); k as usize], 1e-16);
    let all = estimated(&reward, k as u32);
    assert!(reward.iter().zip(&all).all(|(r, w)| *w == f64::from(u8::from(*r == f64::from(k - 1)))));
    for n in [2, 100, 4096, 65_535] {
        // 65,536 factors, each rounded twice: 2·65,536·2⁻⁵³ ≈ 1.5e-11 relative.
        assert_close("mass", estimated(&reward, n).iter().sum(), 1.0, 1.5e-11);
    }
    assert_eq!(estimated(&[5.0], 1), [1.0]);
}

/// Under fresh best of n by `proxy`: the mean of each of `values`, by level and prompt;
/// \[values\]\[n\]\[prompts\]. All three are weights of the features.
fn repetitions(toml: &str, seed: u32, proxy: &[f64], values: &[&[f64]], n: &[u32]) -> Vec<Vec<Vec<f64>>> {
    let world = world(toml, seed);
    let reward = Learned(world.mdp.features.combine(proxy, 0.0));
    let reached = optimise(&format!("best_of_n = {{ draws = \"fresh\", n = {n:?} }}"), &world.mdp, &reward);
    let of = |value: &&[f64]| {
        let table = world.mdp.features.combine(value, 0.0);
        reached.iter().map(|r| by_prompt(&world.mdp, policy(r), &table)).collect()
    };
    values.iter().map(of).collect()
}

#[test]
fn fresh_maximum_of_normals() {
    // 40 independent prompts. Twelve two-sided comparisons at 4.4 standard errors
    // of a t with 39 degrees of freedom: a false alarm of 12·8e-5 ≈ 1e-3.
    let truth = json("order_statistics.json");
    let truth: Vec<(u32, f64)> = items(&truth["normal"])
        .iter()
        .map(|case| (number(&case["n"]) as u32, number(&case["mean"])))
        .filter(|(n, _)| (2..=4096).contains(n))
        .collect();
    assert_eq!(truth.len(), 12);
    let n: Vec<u32> = truth.iter().map(|(n, _)| *n).collect();
    let toml = "prompts = 40\nanswers = 65536\nfeatures.insight.gold = 1.0";
    for (values, (n, mean)) in repetitions(toml, 11, &[1.0], &[&[1.0]], &n)[0].iter().zip(truth) {
        let got = Estimate::of(values);
        println!("m_{n}: {:.5} ± {:.5}, {:+.5}", got.mean, got.se, got.mean - mean);
        got.assert_covers(&format!("m_{n}"), mean, 4.4);
    }
}

#[test]
fn heavy_tailed_errors() {
    // E[2u] of best of n by 2u + error. 3 tails × 8 levels, 40 prompts each, at 4.6
    // standard errors: a false alarm of 24·4.4e-5 ≈ 1e-3.
    let truth = json("heavy_tails.json");
    let n: Vec<u32> = numbers(&truth["n"])[1..].iter().map(|n| *n as u32).collect();
    let tails = [
        ("t3_unit_variance", "student_t = { df = 3, scale = 0.5773502691896258 }"),
        ("t3", "student_t = { df = 3 }"),
        ("log_normal", "log_normal = { sigma = 0.6931471805599453 }"),
    ];
    for (seed, (name, tail)) in (21..).zip(tails) {
        let toml =
            format!("prompts = 40\nanswers = 65536\nfeatures.u.gold = 2.0\nfeatures.error.tail.{tail}");
        let expected = &numbers(&truth[name])[1..];
        for ((values, n), mean) in
            repetitions(&toml, seed, &[2.0, 1.0], &[&[2.0, 0.0]], &n)[0].iter().zip(&n).zip(expected)
        {
            let got = Estimate::of(values);
            println!("{name} n = {n}: {:.4} ± {:.4}, {:+.4}", got.mean, got.se, got.mean - mean);
            got.assert_covers(&format!("{name}, n = {n}"), *mean, 4.6);
        }
    }
}

#[test]
fn regressional_goodhart() {
    // Independent normals: gold gain = proxy gain·σ_g²/(σ_g² + σ_e²) at every n. The
    // paired difference has mean 0; 8 comparisons at 4.3 standard errors, t with 63: 5e-4.
    let n = [2, 16, 128, 1024];
    for (gold, error) in [(1.0, 1.0), (0.5, 1.5)] {
        let toml = r"
            prompts = 64
            answers = 16384
            features.insight.gold = 1.0
            features.noise = {}
        ";
        let means = repetitions(toml, 31, &[gold, error], &[&[gold, 0.0], &[gold, error]], &n);
        let truth = gold * gold / (gold * gold + error * error);
        for ((g, p), n) in means[0].iter().zip(&means[1]).zip(n) {
            let difference: Vec<f64> = g.iter().zip(p).map(|(g, p)| g - truth * p).collect();
            let ratio = Estimate::of(g).mean / Estimate::of(p).mean;
            println!("ratio at n = {n}: {ratio:.5}, expected {truth:.5}");
            Estimate::of(&difference).assert_covers(&format!("ratio at n = {n}"), 0.0, 4.3);
        }
    }
}

#[test]
fn a_wrong_overseer() {
    // Best of n by S = insight + .8·flattery + Σ tail_k·t₃ and the like: wrong_overseer.json.
    // 3 cases × 6 levels × 2 means, 32 prompts, at 4.8 standard errors of a t with 31:
    // a false alarm of 36·3.8e-5 ≈ 1.4e-3.
    for (seed, case) in (41..).zip(items(&json("wrong_overseer.json")["cases"])) {
        let tails = numbers(&case["tails"]);
        let weights = [vec![number(&case["insight"]), number(&case["flattery"])], tails.clone()].concat();
        let mut toml =
            "prompts = 32\nanswers = 16384\nfeatures.insight.gold = 1.0\nfeatures.flattery = {}\n".to_owned();
        if !tails.is_empty() {
            toml += &format!(
                "features.style = {{ count = {}, tail = {{ student_t = {{ df = 3 }} }} }}",
                tails.len()
            );
        }
        let n: Vec<u32> = numbers(&case["n"])[1..].iter().map(|n| *n as u32).collect();
        let means = repetitions(&toml, seed, &weights, &[&[1.0], &[0.0, 1.0]], &n);
        for (means, name) in means.iter().zip(["mean_insight", "mean_flattery"]) {
            let expected = &numbers(&case[name])[1..];
            for ((values, n), mean) in means.iter().zip(&n).zip(expected) {
                Estimate::of(values).assert_covers(&format!("{name}, n = {n}, tails {tails:?}"), *mean, 4.8);
            }
        }
    }
}

#[test]
fn order_is_all_that_counts() {
    // Best of n by the standardised reward is best of n by the raw one.
    let world = world("prompts = 3\nanswers = 64\nfeatures.a.gold = 2.5", 51);
    let raw = Learned(world.mdp.gold_table().0);
    let unit = learned(&world.mdp, &Reward::linear(&world.mdp.features, &[2.5], 4.0));
    let toml = "best_of_n = { n = [2, 9] }";
    for (a, b) in optimise(toml, &world.mdp, &raw).iter().zip(optimise(toml, &world.mdp, &unit)) {
        assert_eq!(a.policy, b.policy);
    }
}
