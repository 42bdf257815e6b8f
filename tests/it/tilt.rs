//! Tilts: by price, by KL, and as the end point of the policy gradient.

use crate::common::{assert_all_close, assert_close, bandit, by_prompt, optimise, policy, world};
use oversight::lab::mdp::{Learned, Mdp};
use oversight::lab::overseer::Reward;
use oversight::lab::policy::Policy;
use oversight::lab::reward_model::learned;
use oversight::lab::solve::{evaluate, kl};
use oversight::numerics::math::{exp, ln, normal_cdf, normal_quantile};
use oversight::numerics::stats::{mean, sd};

/// One prompt whose k answers sit at the normal quantiles (i + ½)/k.
fn quantile_world(k: usize) -> Mdp {
    let x: Vec<f64> = (0..k).map(|i| normal_quantile((i as f64 + 0.5) / k as f64)).collect();
    bandit(&[&vec![1.0 / k as f64; k]], &[("x", &x)], &[1.0])
}

fn gold(mdp: &Mdp) -> Learned {
    learned(mdp, &Reward::linear(&mdp.features, &mdp.gold, 0.0))
}

/// ln(π/π₀) of rows in the support, whose differences within a prompt are λ times those of the reward.
fn log_ratios(mdp: &Mdp, policy: &Policy) -> Vec<f64> {
    policy.chances.iter().zip(&mdp.reference).map(|(p, q)| ln(p / q)).collect()
}

#[test]
fn a_gaussian_gains_the_root_of_twice_its_kl() {
    // The tilt of N(0, 1) to a KL is N(λ, 1), λ = √(2·KL). What the grid of k quantiles lacks
    // is the tail beyond its last answer q = Φ⁻¹(1 − 1/2k), of which the tilt would hold
    // Φ(λ − q); so that is the order of the relative error, and it falls with k.
    for target in [0.125, 0.5, 2.0] {
        let lambda = (2.0f64 * target).sqrt();
        let mut last = f64::INFINITY;
        for k in [256, 4096, 65_536] {
            let mdp = quantile_world(k);
            let reached = &optimise(&format!("tilt.kl = {target:?}"), &mdp, &gold(&mdp))[0];
            let x = mdp.features.column(0);
            let sd = (x.iter().map(|x| x * x).sum::<f64>() / k as f64).sqrt();
            let gain = evaluate(&mdp, policy(reached), x);
            let error = (gain / (lambda * sd) - 1.0).abs();
            let beyond = normal_cdf(lambda - normal_quantile(1.0 - 0.5 / k as f64));
            println!("KL {target}, K = {k}: relative error {error:.2e}, mass beyond {beyond:.2e}");
            assert!(error < beyond, "{error} of {beyond}");
            assert!(error < last / 3.0, "{error} after {last}");
            last = error;
        }
    }
}

#[test]
fn a_kl_is_attained() {
    let toml = r"
        prompts = 5
        answers = 512
        features.a.gold = 1.0
        features.b = { gold = 0.7, tail = { student_t = { df = 3 } } }
    ";
    let mdp = world(toml, 1).mdp;
    let levels = [0.0, 1e-8, 1e-4, 0.01, 0.5, 2.0, 4.0, 5.5, 6.0, 6.2];
    for (reached, target) in optimise(&format!("tilt.kl = {levels:?}"), &mdp, &gold(&mdp)).iter().zip(levels)
    {
        assert_close("kl", reached.kl.unwrap(), target, 1e-9);
        assert_close("kl of the policy", kl(&mdp, policy(reached)), target, 1e-9);
        assert_eq!(reached.pressure, target);
    }
    // ln 512 = 6.238: beyond it there is only the best answer.
    for reached in optimise("tilt.kl = [6.24, 100, 1e9]", &mdp, &gold(&mdp)) {
        assert_close("kl of the limit", reached.kl.unwrap(), ln(512.0), 1e-12);
        assert!(policy(&reached).chances.iter().all(|p| *p == 0.0 || *p == 1.0));
    }
}

#[test]
fn ties_bound_the_kl() {
    // Two of four answers are best: no tilt leaves π₀ by more than ln 2.
    let mdp = bandit(&[&[0.25; 4]], &[("x", &[1.0, 0.0, 1.0, 0.5])], &[1.0]);
    let reached = optimise("tilt.kl = [0.69, 0.7]", &mdp, &gold(&mdp));
    assert_close("kl", reached[0].kl.unwrap(), 0.69, 1e-9);
    assert_close("kl", reached[1].kl.unwrap(), ln(2.0), 1e-12);
    assert_all_close("limit", &policy(&reached[1]).chances, &[0.5, 0.0, 0.5, 0.0], 1e-15);
}

#[test]
fn one_price_for_all_prompts() {
    // A prompt with twice the spread is pushed further, by the same λ.
    let x = [-1.0, 0.0, 1.0, -2.0, 0.0, 2.0];
    let mdp = bandit(&[&[0.25, 0.5, 0.25], &[0.25, 0.5, 0.25]], &[("x", &x)], &[1.0]);
    let reached = &optimise("tilt.kl = 0.3", &mdp, &gold(&mdp))[0];
    let ratios = log_ratios(&mdp, policy(reached));
    let lambda = ratios[1] - ratios[0];
    assert_all_close(
        "λ",
        &[ratios[2] - ratios[1], (ratios[4] - ratios[3]) / 2.0, (ratios[5] - ratios[4]) / 2.0],
        &[lambda; 3],
        1e-12,
    );
    let each: Vec<f64> = by_prompt(&mdp, policy(reached), &ratios);
    assert_close("mean KL", mean(&each), 0.3, 1e-9);
    assert!(each[1] > 2.0 * each[0]);
}

#[test]
fn price_and_kl_are_one_axis() {
    let mdp = world("prompts = 3\nanswers = 128\nfeatures.a.gold = 1.0", 2).mdp;
    let reward = gold(&mdp);
    for by_beta in optimise("tilt.beta = [20.0, 2.0, 0.5]", &mdp, &reward) {
        // π ∝ π₀·exp(r/β), by hand.
        for s in 0..mdp.states() {
            let rows = mdp.rows_of(s);
            let weights: Vec<f64> =
                rows.clone().map(|i| mdp.reference[i] * exp(reward.0[i] / by_beta.pressure)).collect();
            let mass: f64 = weights.iter().sum();
            let expected: Vec<f64> = weights.iter().map(|w| w / mass).collect();
            assert_all_close("π", &policy(&by_beta).chances[rows], &expected, 1e-14);
        }
        let by_kl = &optimise(&format!("tilt.kl = {:?}", by_beta.kl.unwrap()), &mdp, &reward)[0];
        assert_all_close("π", &policy(by_kl).chances, &policy(&by_beta).chances, 1e-9);
    }
}

#[test]
fn no_reward_no_move() {
    let mdp = bandit(&[&[0.2, 0.8], &[0.5, 0.25, 0.25]], &[("x", &[1.0; 5])], &[0.0]);
    let reward = gold(&mdp);
    assert_eq!(reward.0, [0.0; 5]);
    let optimizers = [
        "best_of_n = { n = [1, 7, 1000] }",
        "tilt.beta = [1e9, 1.0, 1e-9]",
        "tilt.kl = [0.0, 0.5, 100.0]",
        "policy_gradient.iterations = [1, 50]",
        "natural_policy_gradient.iterations = [1, 50]",
    ];
    for toml in optimizers {
        for reached in optimise(toml, &mdp, &reward) {
            assert_all_close(toml, &policy(&reached).chances, &mdp.reference, 1e-15);
            assert_close(toml, reached.kl.unwrap(), 0.0, 1e-15);
        }
    }
}

#[test]
fn policy_gradient_ends_at_the_tilt() {
    let toml = r"
        prompts = 3
        answers = 64
        [features]
        a.gold = 1.0
        b.gold = -0.5
        c = { gold = 0.4, tail = { student_t = { df = 3 } } }
    ";
    for (seed, beta) in [(3, 1.0), (4, 2.0)] {
        let mdp = world(toml, seed).mdp;
        let tilt = optimise(&format!("tilt.beta = {beta:?}"), &mdp, &gold(&mdp)).remove(0);
        let levels = [1, 10, 100, 1000, 4000];
        let toml = format!("policy_gradient = {{ iterations = {levels:?}, beta = {beta:?}, rate = 0.05 }}");
        let mut last = f64::INFINITY;
        for reached in optimise(&toml, &mdp, &gold(&mdp)) {
            let apart =
                policy(&reached).chances.iter().zip(&policy(&tilt).chances).map(|(p, q)| (p - q).abs());
            let distance: f64 = apart.sum::<f64>() / mdp.states() as f64;
            println!("β = {beta}, {} iterations: total distance {distance:.2e}", reached.pressure);
            assert!(distance < last || distance < 1e-12, "{distance} after {last}");
            assert_close("kl", reached.kl.unwrap(), kl(&mdp, policy(&reached)), 1e-12);
            last = distance;
            if reached.pressure == 4000.0 {
                assert_all_close("tilt", &policy(&reached).chances, &policy(&tilt).chances, 1e-6);
            }
        }
    }
}

#[test]
fn the_reward_has_mean_0_and_unit_spread() {
    // One prompt: the reward's sd over equally likely answers, with ddof 0.
    let mdp = world(
        r"
            prompts = 1
            answers = 100
            features.a = { gold = -3.0, tail = { log_normal = { sigma = 1.0 } } }
        ",
        5,
    )
    .mdp;
    let reward = gold(&mdp).0;
    assert_close("mean", mean(&reward), 0.0, 1e-14);
    assert_close("sd", sd(&reward) * (99.0f64 / 100.0).sqrt(), 1.0, 1e-14);
}

/// KL is exact however hard or softly one tilts: at β → 0 it is ln K, and for
/// large β it is Var/(2β²), far below the rounding of 1.
#[test]
fn kl_at_both_ends_of_the_price() {
    let mdp = quantile_world(64);
    let reached = |beta: f64| optimise(&format!("tilt.beta = {beta:e}"), &mdp, &gold(&mdp))[0].kl.unwrap();
    for beta in [1e-6, 1e-12, 1e-16, 1e-30] {
        assert_close("KL of the best alone", reached(beta), ln(64.0), 1e-12);
    }
    for beta in [1e6, 1e9] {
        // The next term is of relative order 1/β; what rounds is 1 − π/π₀, at 2⁻⁵³·β of itself.
        assert_close("KL·2β²", reached(beta) * 2.0 * beta * beta, 1.0, 1e-6 + beta * 1e-15);
    }
}
