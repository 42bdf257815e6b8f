//! Measurements against sums by hand.

use crate::common::{assert_all_close, assert_close, bandit, optimise, world};
use oversight::lab::mdp::{Features, Learned, Mdp, Outcomes};
use oversight::lab::measure::{METRICS, Metrics, Totals, Yardstick, measure, ratio, win_rates};
use oversight::lab::optimizer::Reached;
use oversight::lab::overseer::{OverseerConfig, Reward};
use oversight::lab::policy::Policy;
use oversight::lab::reward_model::learned;
use oversight::lab::solve::moments;
use oversight::numerics::rng::Streams;
use std::sync::Arc;

fn weigh(mdp: &Mdp, weights: &[f64]) -> Reward {
    Reward::linear(&mdp.features, weights, 0.0)
}

/// Measures `policy`: gold, S and r̂ are features 0, 1 and 2.
fn totals(mdp: &Mdp, policy: Vec<f64>) -> Totals {
    let [gold, believed, raw] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(|w| weigh(mdp, &w));
    let yardstick = Yardstick::new(mdp, oversight::lab::mdp::Gold(gold.table), believed.table);
    let reward = learned(mdp, &raw);
    let against = yardstick.moments_with(mdp, &reward);
    let reached = Reached::with_kl(mdp, 1.0, Policy { chances: policy }, Some(0.625));
    measure(mdp, &yardstick, &reward, &against, &reached)
}

fn three(gold: &[f64], believed: &[f64], raw: &[f64], reference: &[&[f64]]) -> Mdp {
    bandit(reference, &[("gold", gold), ("believed", believed), ("raw", raw)], &[1.0, 0.0, 0.0])
}

/// Two prompts with four answers each.
fn by_hand() -> Mdp {
    three(
        &[0.0, 1.0, 2.0, 3.0, /**/ 1.0, 1.0, 0.0, 2.0],
        &[3.0, 1.0, 0.0, 0.0, /**/ 1.0, 2.0, 0.0, 1.0],
        &[4.0, 2.0, 2.0, 0.0, /**/ 1.0, 1.0, 1.0, 5.0],
        &[&[0.25; 4], &[0.25; 4]],
    )
}

#[test]
fn two_prompts_by_hand() {
    let mdp = by_hand();
    let Totals { features, metrics: m } = totals(&mdp, vec![0.5, 0.5, 0.0, 0.0, 0.0, 0.25, 0.25, 0.5]);
    // π: gold (.5 + 1.25)/2, S (2 + 1)/2, raw (3 + 3)/2; π₀: gold 1.25, S 1, raw 2; optimum 2.5.
    assert_all_close("features", &features, &[0.875, 1.5, 3.0], 1e-15);
    let close =
        |name: &str, got: Option<f64>, expected: f64| assert_close(name, got.expect(name), expected, 1e-15);
    close("gold", m.gold, 0.875);
    close("approval", m.approval, 1.5);
    // Within prompts raw has variances 2 and 3, so its pooled sd is √2.5.
    close("proxy", m.proxy, 1.0 / 2.5f64.sqrt());
    close("kl", m.kl, 0.625);
    close("gold_fraction", m.gold_fraction, (0.875 - 1.25) / 1.25);
    // Cov₀(S, raw) is 1.5 and 0 within prompts: .75. So Δraw·.75/2.5 − ΔS.
    close("proxy_gap", m.proxy_gap, 0.3 - 0.5);
    close("misjudgement", m.misjudgement, 0.5 + 0.375);
    // S − G: 3, 0, −2, −3 and 0, 1, 0, −1.
    close("overestimation", m.overestimation, (1.5 + 0.25) / 2.0);
    close("underestimation", m.underestimation, 0.5 / 2.0);
    // Below the median of gold: the first two answers of the first prompt, the third of the
    // second (the ties at 1 are level with it). π puts 1/2 and 1/8 there; S is above
    // its median in the first two.
    close("false_positive_rate", m.false_positive_rate, 0.5 / 0.625);
    // Chances to beat π₀ in S: 7/8, 5/8, 1/4, 1/4 and 1/2, 7/8, 1/8, 1/2.
    close(
        "aided_winrate",
        m.aided_winrate,
        (0.5 * (0.875 + 0.625) + 0.25 * (0.875 + 0.125) + 0.5 * 0.5) / 2.0,
    );
    // What needs more than a policy is left to the trial.
    let known = Metrics { efficiency: None, ..m.clone() };
    assert_eq!(m, known);
    let missing: Vec<&str> =
        METRICS.iter().zip(m.values()).filter(|(_, v)| v.is_none()).map(|(n, _)| *n).collect();
    assert_eq!(
        missing,
        [
            "efficiency",
            "proxy_error",
            "ignorance",
            "wrong_values",
            "regret",
            "unreached",
            "gold_watched",
            "gold_unwatched",
            "deploy_gap",
            "takeover",
            "label_accuracy",
            "rm_accuracy",
            "rm_brier",
            "rm_accuracy_gold",
            "labels",
            "cost",
            "probed",
            "let_through",
            "forgone",
            "transfer"
        ]
    );
}

#[test]
fn the_reference_policy_has_gained_nothing() {
    let mdp = by_hand();
    let m = totals(&mdp, mdp.reference.clone()).metrics;
    for (name, value) in [
        ("gold_fraction", m.gold_fraction),
        ("proxy", m.proxy),
        ("proxy_gap", m.proxy_gap),
        ("misjudgement", m.misjudgement),
    ] {
        assert_close(name, value.expect(name), 0.0, 1e-15);
    }
    assert_close("winrate", m.aided_winrate.unwrap(), 0.5, 1e-15);
    let best = totals(&mdp, vec![0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]).metrics;
    assert_close("gold_fraction", best.gold_fraction.unwrap(), 1.0, 1e-15);
    assert_eq!(best.false_positive_rate, None); // nothing below the median
}

#[test]
fn identities_under_any_policy() {
    let toml = r"
        prompts = 4
        answers = 101
        [features]
        insight = { gold = 1.0 }
        flattery = { gold = -2.0 }
        style = { tail = { student_t = { df = 3 } } }
    ";
    let world = world(toml, 1);
    let config: OverseerConfig =
        toml::from_str("believes = { flattery = 0.8 }\nhidden = [\"insight\"]").expect("valid TOML");
    let overseer =
        config.overseer(world.blueprint(), Streams { seed: 1, repetition: 0 }).expect("an overseer");
    let mdp = &world.mdp;
    let yardstick = Yardstick::new(mdp, mdp.gold_table(), overseer.beliefs.of(&world).table);
    let reward = learned(mdp, &weigh(mdp, &[0.3, 0.9, 0.2]));
    let against = yardstick.moments_with(mdp, &reward);
    let m = moments(mdp, &reward.0, &reward.0);
    assert_close("proxy's mean", m.mean[0], 0.0, 1e-14);
    assert_close("proxy's pooled variance", m.variance[0], 1.0, 1e-14);
    for toml in [
        "best_of_n = { n = [1, 4, 64] }",
        "best_of_n = { n = [1, 4, 64], draws = \"fresh\" }",
        "tilt.kl = [0.0, 1.0, 3.0]",
    ] {
        for reached in optimise(toml, mdp, &reward) {
            let Totals { metrics: m, features } = measure(mdp, &yardstick, &reward, &against, &reached);
            let [gold, approval] = [m.gold, m.approval].map(Option::unwrap);
            assert_close(
                "E⁺ − E⁻",
                m.overestimation.unwrap() - m.underestimation.unwrap(),
                approval - gold,
                1e-12,
            );
            assert_close("gold", gold, features[0] - 2.0 * features[1], 1e-12);
            assert_close("approval", approval, 0.8 * features[1], 1e-12);
            let reference = [
                yardstick.gold_reference(),
                optimise("best_of_n.n = 1", mdp, &reward)
                    .iter()
                    .map(|r| measure(mdp, &yardstick, &reward, &against, r).metrics.approval.unwrap())
                    .sum(),
            ];
            assert_close(
                "misjudgement",
                m.misjudgement.unwrap(),
                approval - reference[1] - (gold - reference[0]),
                1e-12,
            );
            assert_eq!(m.kl, reached.kl);
        }
    }
    // Passed through, gold at full pressure is the optimum.
    let limit = optimise("tilt.kl = 1e9", mdp, &learned(mdp, &weigh(mdp, &mdp.gold))).remove(0);
    let best = measure(mdp, &yardstick, &reward, &against, &limit).metrics;
    assert_close("gold_fraction", best.gold_fraction.unwrap(), 1.0, 1e-12);
}

#[test]
fn missing_where_undefined() {
    // Gold that no answer changes: no fraction, nothing below the median, for any number of answers.
    for k in 2..40 {
        let reference = vec![1.0 / f64::from(k); k as usize];
        let rising: Vec<f64> = (0..k).map(f64::from).collect();
        let level = vec![0.1; k as usize];
        let m = totals(&three(&level, &rising, &rising, &[&reference]), reference.clone()).metrics;
        assert_eq!((m.gold_fraction, m.false_positive_rate), (None, None), "{k} answers");
        // A reward that no answer changes: no gap, and proxy stays 0.
        let m = totals(&three(&rising, &rising, &level, &[&reference]), reference).metrics;
        assert_eq!(m.proxy_gap, None, "{k} answers");
        assert_close("proxy", m.proxy.unwrap(), 0.0, 1e-12);
    }
    assert_eq!([ratio(1.0, 0.0), ratio(1.0, -1.0)], [None; 2]);
    assert_eq!([ratio(1.0, 4.0), ratio(1e-12, 4e-12)], [Some(0.25); 2]);
}

#[test]
fn the_median_itself_is_not_below_it() {
    // S = −gold: whatever is below gold's median is above S's, and nothing else is. Were the
    // middle answer of an odd number counted as poor, the rate would fall below 1.
    for k in (1..100).step_by(2) {
        let reference = vec![1.0 / f64::from(k); k as usize];
        let gold: Vec<f64> = (0..k).map(|i| f64::from(i * 101 % k)).collect();
        let believed: Vec<f64> = gold.iter().map(|g| -g).collect();
        let m = totals(&three(&gold, &believed, &gold, &[&reference]), reference).metrics;
        match m.false_positive_rate {
            Some(rate) => assert_close(&format!("{k} answers"), rate, 1.0, 1e-12),
            None => assert!(k == 1),
        }
    }
}

#[test]
fn a_reward_without_spread_is_left_alone() {
    // Equal gold for all who share a budget: S is the same for every answer, but for rounding,
    // which must not be blown up to unit variance, and in which best of n must see no difference.
    for total in [0.0, 0.7] {
        let toml = format!(
            r#"
                prompts = 2
                answers = 300
                budget = {{ features = ["a", "b"], total = {total:?} }}
                [features]
                a = {{ gold = 0.3 }}
                b = {{ gold = 0.3 }}
            "#
        );
        let mdp = world(&toml, 1).mdp;
        let reward = learned(&mdp, &weigh(&mdp, &mdp.gold));
        let largest = reward.0.iter().fold(0.0f64, |m, x| m.max(x.abs()));
        assert!(largest < 1e-12, "a reward of {largest} made of rounding");
        let reached = optimise("best_of_n = { n = 16 }", &mdp, &reward).remove(0);
        assert_close("kl", reached.kl.unwrap(), 0.0, 1e-9);
    }
    // A constant, as of an overseer who sees nothing and expects the average.
    let constant = learned(&by_hand(), &Reward::linear(&by_hand().features, &[0.0; 3], 0.1));
    assert!(constant.0.iter().all(|x| x.abs() < 1e-12), "{:?}", &constant.0[..3]);
}

#[test]
fn over_time_a_shift_is_spread_over_the_steps() {
    // One way through two steps, worth 1 and 5: the return is centred, its parts by half the shift each.
    let mdp = Mdp {
        traits: None,
        horizon: 2,
        start: vec![1.0, 0.0],
        rows: vec![0, 1, 3],
        outcomes: Outcomes::Moves { offset: vec![0, 1, 2, 3], next: vec![1, 0, 0], chance: vec![1.0; 3] },
        features: Arc::new(Features::new(vec!["x".into()], vec![vec![1.0, 5.0, 1.0]])),
        gold: vec![1.0],
        reference: vec![1.0, 0.5, 0.5],
        view: vec![0, 1],
    };
    // Returns 6 and 2: mean 4, sd 2.
    assert_eq!(learned(&mdp, &weigh(&mdp, &[1.0])), Learned(vec![-0.5, 1.5, -0.5]));
    let believed = mdp.gold_table().0;
    let yardstick = Yardstick::new(&mdp, mdp.gold_table(), believed);
    let reward = learned(&mdp, &weigh(&mdp, &[1.0]));
    let against = yardstick.moments_with(&mdp, &reward);
    let reached = Reached::with_kl(&mdp, 1.0, Policy { chances: vec![1.0, 1.0, 0.0] }, None);
    let m = measure(&mdp, &yardstick, &reward, &against, &reached).metrics;
    assert_eq!(
        [m.gold, m.proxy, m.gold_fraction, m.misjudgement],
        [Some(6.0), Some(1.0), Some(1.0), Some(0.0)]
    );
    // Its last step tells an episode, so episodes are ranked: of two, it takes the better one.
    let ranked = [m.overestimation, m.underestimation, m.false_positive_rate, m.aided_winrate, m.kl];
    assert_eq!(ranked, [Some(0.0), Some(0.0), None, Some(0.75), None]);
}

#[test]
fn where_histories_meet_episodes_have_no_ranks() {
    // Two ways to one state, which earn differently.
    let mdp = Mdp {
        traits: None,
        horizon: 2,
        start: vec![1.0, 0.0],
        rows: vec![0, 2, 3],
        outcomes: Outcomes::Moves { offset: vec![0, 1, 2, 3], next: vec![1, 1, 0], chance: vec![1.0; 3] },
        features: Arc::new(Features::new(vec!["x".into()], vec![vec![1.0, 5.0, 1.0]])),
        gold: vec![1.0],
        reference: vec![0.5, 0.5, 1.0],
        view: vec![0, 1],
    };
    let ranked = |mdp: &Mdp| {
        let yardstick = Yardstick::new(mdp, mdp.gold_table(), vec![0.0; 3]);
        let reward = Learned(vec![0.0; 3]);
        let against = yardstick.moments_with(mdp, &reward);
        let reached = Reached::with_kl(mdp, 1.0, Policy::reference(mdp), None);
        let m = measure(mdp, &yardstick, &reward, &against, &reached).metrics;
        [m.overestimation, m.underestimation, m.false_positive_rate, m.aided_winrate]
    };
    assert_eq!(ranked(&mdp), [None; 4]);
    // Which earn the same: then they are one.
    let alike = Features::new(vec!["x".into()], vec![vec![1.0, 1.0, 1.0]]);
    let mdp = Mdp { features: Arc::new(alike), ..mdp };
    assert_eq!(ranked(&mdp), [Some(0.0), Some(2.0), None, Some(0.5)]);
}

#[test]
fn win_rates_share_ties() {
    let rates = win_rates(&[2.0, 0.0, 2.0, 5.0, -0.0], &[0.1, 0.2, 0.3, 0.25, 0.15]);
    assert_all_close("win rates", &rates, &[0.55, 0.175, 0.55, 0.875, 0.175], 1e-15);
}
