//! The law: labels see the world only through S. And what it costs: the bands,
//! each by its own pass-through, against Gaussian closed forms.

use crate::lab::{assert_mean, plan, run, values};
use oversight::lab::measure::Metrics;
use oversight::study::theory::expected_maximum;

/// Jointly normal features a, b, h with corr(a, h) = ½; h is hidden, b misvalued.
fn world(extra: &str) -> String {
    format!(
        r#"
        seeds = 60
        [world.answers]
        prompts = 4
        answers = 8192
        [world.answers.features]
        a = {{ gold = 1.0 }}
        b = {{ gold = -1.0 }}
        h = {{ gold = -1.0, correlation = {{ a = 0.5 }} }}
        [overseer]
        hidden = ["h"]
        believes = {{ b = 0.5 }}
        [reward_model.linear]
        [optimizer.best_of_n]
        draws = "fresh"
        n = [1, 16, 256]
        {extra}"#
    )
}

/// cov(u·x, v·x)/sd(u·x): what one standard deviation of selection on u·x brings of v·x.
fn gain(u: [f64; 3], v: [f64; 3]) -> f64 {
    let cov = |x: [f64; 3], y: [f64; 3]| {
        let dot: f64 = x.iter().zip(y).map(|(p, q)| p * q).sum();
        dot + 0.5 * (x[0] * y[2] + x[2] * y[0])
    };
    cov(u, v) / cov(u, u).sqrt()
}

const GOLD: [f64; 3] = [1.0, -1.0, -1.0];
const EVERYTHING: [f64; 3] = [1.0, 0.5, -1.0];
/// S with the hidden feature taken as zero, and as its regression on a.
const NOTHING: [f64; 3] = [1.0, 0.5, 0.0];
const REFERENCE: [f64; 3] = [0.5, 0.5, 0.0];

#[test]
fn each_band_meets_its_closed_form() {
    for (unseen, seen) in [("nothing", NOTHING), ("reference", REFERENCE)] {
        let text = world("").replace("hidden =", &format!("unseen = \"{unseen}\"\nhidden ="));
        let rows = run(&plan(&text));
        for n in [16, 256] {
            let m = expected_maximum(n);
            let of = |read: fn(&Metrics) -> Option<f64>| {
                values(&rows, |r| r.record.pressure == f64::from(n), |r| read(&r.record.metrics))
            };
            let [by_gold, by_all, by_s] = [GOLD, EVERYTHING, seen].map(|u| m * gain(u, GOLD));
            assert_mean("ignorance", &of(|m| m.ignorance), by_all - by_s);
            assert_mean("wrong values", &of(|m| m.wrong_values), by_gold - by_all);
            // The three telescope to the gold lost, on every record.
            for r in rows.iter().filter(|r| r.record.pressure == f64::from(n)) {
                let m = &r.record.metrics;
                let ceiling = [m.gold, m.proxy_error, m.ignorance, m.wrong_values].map(Option::unwrap);
                let by_gold_here =
                    m.gold.unwrap() + m.proxy_error.unwrap() + m.ignorance.unwrap() + m.wrong_values.unwrap();
                assert!((ceiling.iter().sum::<f64>() - by_gold_here).abs() < 1e-12);
            }
        }
    }
}

#[test]
fn pass_throughs_meet_their_closed_forms() {
    for (model, u) in [("overseer", NOTHING), ("gold", GOLD)] {
        let rows =
            run(&plan(&world("").replace("[reward_model.linear]", &format!("[reward_model.{model}]"))));
        for n in [16, 256] {
            let m = expected_maximum(n);
            let of = |read: fn(&Metrics) -> Option<f64>| {
                values(&rows, |r| r.record.pressure == f64::from(n), |r| read(&r.record.metrics))
            };
            assert_mean("gold", &of(|m| m.gold), m * gain(u, GOLD));
            assert_mean("approval", &of(|m| m.approval), m * gain(u, NOTHING));
            // Efficiency is ρ(S, G): the ratio per seed has a bias of order 1/K, so compare golds.
            assert_mean("proxy", &of(|m| m.proxy), m);
        }
        // A pass-through's own band is exactly nothing.
        let own = |m: &Metrics| {
            if model == "gold" {
                m.proxy_error.unwrap() + m.ignorance.unwrap() + m.wrong_values.unwrap()
            } else {
                m.proxy_error.unwrap()
            }
        };
        assert!(rows.iter().all(|r| own(&r.record.metrics).abs() < 1e-12));
    }
}

#[test]
fn proxy_error_answers_to_labels_and_the_other_bands_do_not() {
    let rows = run(&plan(&world("[sweep]\n\"feedback.labels\" = [10, 10000]")));
    let last = |cell: usize, read: fn(&Metrics) -> Option<f64>| {
        values(&rows, |r| r.cell == cell && r.record.pressure == 256.0, |r| read(&r.record.metrics))
    };
    assert_eq!(last(0, |m| m.ignorance), last(1, |m| m.ignorance));
    assert_eq!(last(0, |m| m.wrong_values), last(1, |m| m.wrong_values));
    let size = |x: Vec<f64>| x.iter().map(|x| x.abs()).sum::<f64>() / x.len() as f64;
    let (few, many) = (size(last(0, |m| m.proxy_error)), size(last(1, |m| m.proxy_error)));
    assert!(many < 0.2 * few, "|proxy error| {few} at 10 labels, {many} at 10,000");
}

/// Two worlds with equal S: whatever a learner does with the labels, it does in
/// both, and its regrets add up to at least the separation of the worlds.
#[test]
fn equal_belief_equal_behaviour() {
    let text = r#"
        seeds = 5
        [world.answers]
        prompts = 2
        answers = 512
        features = { seen = { gold = 1 }, secret = { gold = 1.5 } }
        [overseer]
        hidden = ["secret"]
        choice = { skip = -1.5, equal = 0.05, mistake = 0.1 }
        [feedback]
        labels = 200
        rounds = 2
        from = "policy"
        [optimizer]
        tilt = { kl = [0.5, 2] }
        [axes.secret.bad]
        world.answers.features.secret.gold = -1.5"#;
    let plan = plan(text);
    let rows = run(&plan);
    let (good, bad): (Vec<_>, Vec<_>) = rows.iter().partition(|r| r.cell == 0);
    for (g, b) in good.iter().zip(&bad) {
        assert_eq!(g.record.features, b.record.features, "the same policy");
        assert_eq!(g.record.weights, b.record.weights, "the same reward model");
        assert_eq!(g.record.metrics.approval, b.record.metrics.approval);
        assert_ne!(g.record.metrics.gold, b.record.metrics.gold);
    }
}

/// Gold that is 0 and gold that is not are the same world to labels and learner,
/// also of a square that nobody sees.
#[test]
fn a_hidden_square_is_hidden() {
    let rows = |curvature: &str| {
        run(&plan(&format!(
            r#"
            seeds = 2
            [world.answers]
            prompts = 2
            answers = 256
            features = {{ a = {{ gold = 1.0 }}, h = {{ curvature = {curvature} }} }}
            [overseer]
            hidden = ["h"]
            [feedback]
            labels = 60
            rounds = 3
            from = "policy""#
        )))
    };
    for (flat, curved) in rows("0").iter().zip(&rows("3")) {
        assert_eq!(flat.record.weights, curved.record.weights);
        assert_eq!(flat.record.features, curved.record.features);
    }
}

/// B-Pref's default teacher, β = −1, is perfectly rational: so is its pass-through.
#[test]
fn a_rational_teacher_predicts_itself() {
    for beta in ["-1", "0", "inf"] {
        let rows = run(&plan(&format!(
            r#"
            seeds = 1
            reward_model = "overseer"
            [world.answers]
            prompts = 2
            answers = 256
            features = {{ a = {{ gold = 1.0 }} }}
            [overseer.choice]
            compat = "bpref"
            rationality = {beta}"#
        )));
        let m = &rows[0].record.metrics;
        // But for pairs of one answer with itself, of which it says "first" and the model nothing.
        assert!(m.rm_accuracy.unwrap() > 0.98 && m.rm_accuracy_gold == Some(1.0), "β = {beta}: {m:?}");
    }
}

#[test]
fn a_budget_buys_what_it_pays_for() {
    for (budget, price, labels) in [(0.3, 0.1, 3.0), (2.3, 0.1, 23.0), (4.35, 0.01, 435.0), (10.0, 3.0, 3.0)]
    {
        let rows = run(&plan(&format!(
            r#"
            seeds = 1
            feedback.budget = {budget:?}
            overseer.prices.label = {price:?}
            [world.answers]
            prompts = 1
            answers = 64
            features = {{ a = {{ gold = 1.0 }} }}"#
        )));
        let m = &rows[0].record.metrics;
        assert_eq!(m.labels, Some(labels), "{budget} at {price}");
        assert!(m.cost.unwrap() <= budget * (1.0 + 1e-12));
    }
}

/// Two worlds, one judge: the policy is the same in both, so in one of them it
/// forgoes at least half of their separation, max G₁ + max G₂ − max(G₁ + G₂).
#[test]
fn one_of_two_worlds_is_let_down() {
    let plan = plan(
        r#"
        seeds = 6
        [world.answers]
        prompts = 3
        answers = 128
        features = { visible = { gold = 1.0 }, secret = {} }
        [overseer]
        hidden = ["secret"]
        [optimizer.best_of_n]
        n = [1, 64]
        [axes.secret]
        base = false
        good.world.answers.features.secret.gold = 1.5
        bad.world.answers.features.secret.gold = -1.5
        mean.world.answers.features.secret.gold = 0.0"#,
    );
    for of_seed in run(&plan).chunks(6) {
        // Cells × (n = 1, which is the reference policy, and n = 64).
        let world = |cell: usize| {
            let [reference, reached] = [0, 1].map(|level| &of_seed[2 * cell + level].record);
            let (start, gold) = (reference.metrics.gold.unwrap(), reached.metrics.gold.unwrap());
            let optimum = start + (gold - start) / reached.metrics.gold_fraction.unwrap();
            (optimum, gold, &reached.features)
        };
        let [(best, gold, policy), (best_other, gold_other, same), (best_mean, ..)] = [0, 1, 2].map(world);
        assert_eq!(policy, same);
        let separation = best + best_other - 2.0 * best_mean;
        let regrets = [best - gold, best_other - gold_other];
        assert!(
            separation > 1.0 && regrets[0].max(regrets[1]) >= separation / 2.0,
            "{regrets:?} {separation}"
        );
    }
}
