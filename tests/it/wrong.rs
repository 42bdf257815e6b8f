//! The published-by-derivation cases: a wrong overseer, and reward gaming.

use crate::lab::{assert_mean, plan, run, values};
use oversight::numerics::stats::{mean, sd};
use oversight::study::plan::Row;
use oversight::study::theory::{Proxy, expected_maximum};

/// The overseer of `overseer_is_wrong`: w* = (1, −2), ŵ = (1, 0.8), `styles` t₃ nuisances.
fn wrong(styles: u32, model: &str, labels: &str, seeds: u32) -> String {
    let style = if styles > 0 {
        format!("style = {{ count = {styles}, tail = {{ student_t = {{ df = 3 }} }} }}")
    } else {
        String::new()
    };
    format!(
        r#"
        seeds = {seeds}
        reward_model = "{model}"
        [world.answers]
        prompts = 1
        answers = 16384
        [world.answers.features]
        insight = {{ gold = 1.0 }}
        flattery = {{ gold = -2.0 }}
        {style}
        [overseer]
        believes = {{ flattery = 0.8 }}
        [optimizer.best_of_n]
        draws = "fresh"
        n = 4096
        [sweep]
        "feedback.labels" = {labels}"#
    )
}

fn gold(row: &Row) -> Option<f64> {
    row.record.metrics.gold
}

/// n = 4096: gold m_n·cov/sd = −1.699 and approval m_n·sd = 4.644.
#[test]
fn limits_of_a_wrong_overseer() {
    let rows = run(&plan(&wrong(0, "overseer", "[10]", 200)));
    let (m, sd) = (expected_maximum(4096), 1.64f64.sqrt());
    assert!((m * -0.6 / sd + 1.699).abs() < 5e-4 && (m * sd - 4.644).abs() < 5e-4);
    assert_mean("gold", &values(&rows, |_| true, gold), m * -0.6 / sd);
    assert_mean("approval", &values(&rows, |_| true, |r| r.record.metrics.approval), m * sd);
}

/// Gold of best of 4096 by the weights of a row, by quadrature.
fn by_quadrature(row: &Row) -> f64 {
    let w: Vec<f64> = row.record.weights.iter().map(|w| w.unwrap()).collect();
    let lift = Proxy::new(w[0] * w[0] + w[1] * w[1], &w[2..]).best_of(4096);
    lift * (w[0] - 2.0 * w[1])
}

/// What is measured of a fitted model is what quadrature has for its weights.
#[test]
fn a_wrong_overseer_measured_is_a_wrong_overseer_integrated() {
    let rows = run(&plan(&wrong(8, "linear", "[20, 100, 1000]", 30)));
    let differences = |cell: usize| values(&rows, |r| r.cell == cell, |r| Some(gold(r)? - by_quadrature(r)));
    for cell in 0..3 {
        assert_mean("gold against quadrature", &differences(cell), 0.0);
    }
}

/// With eight t₃ nuisances more labels make it worse, down to the limit. A
/// light simulation elsewhere gave −.17, −.71, −1.53, −1.70.
#[test]
fn labels_make_a_wrong_overseer_worse() {
    const SEEDS: u32 = 120;
    // Only the labels are sampled here, so few candidates and no pressure will do.
    let text = wrong(8, "linear", "[20, 100, 1000, 10000]", SEEDS)
        .replace("16384", "1024")
        .replace("n = 4096", "n = 1");
    let rows = run(&plan(&text));
    let golds: Vec<Vec<f64>> =
        (0..4).map(|cell| values(&rows, |r| r.cell == cell, |r| Some(by_quadrature(r)))).collect();
    for (of_cell, elsewhere) in golds.iter().zip([-0.17, -0.71, -1.53, -1.70]) {
        let (m, se) = (mean(of_cell), sd(of_cell) / f64::from(SEEDS).sqrt());
        println!("gold {m:.3} ± {se:.3}, elsewhere {elsewhere}");
    }
    // Paired by seed. From 1,000 to 10,000 labels nothing is left to lose.
    for pair in golds[..3].windows(2) {
        let fall: Vec<f64> = pair[0].iter().zip(&pair[1]).map(|(a, b)| a - b).collect();
        assert!(mean(&fall) > 3.1 * sd(&fall) / f64::from(SEEDS).sqrt(), "{}", mean(&fall));
    }
    let limit = -expected_maximum(4096) * 0.6 / 1.64f64.sqrt();
    assert!((mean(&golds[3]) - limit).abs() < 0.05, "{} against {limit}", mean(&golds[3]));
}

/// Reward gaming: the curve of gold against n is the quadrature on the fitted
/// weights, and so is its peak; with normal style there is no peak.
#[test]
fn the_peak_of_gaming_follows_quadrature() {
    let ns = [1u32, 4, 16, 64, 256, 1024, 4096];
    let text = |tail: &str| {
        format!(
            r#"
            seeds = 40
            [world.answers]
            prompts = 1
            answers = 16384
            [world.answers.features]
            insight = {{ gold = 1.0 }}
            style = {{ count = 8, tail = {tail} }}
            [feedback]
            labels = 40
            [optimizer.best_of_n]
            draws = "fresh"
            n = {ns:?}"#
        )
    };
    for (tail, heavy) in [("{ student_t = { df = 3 } }", true), ("\"normal\"", false)] {
        let rows = run(&plan(&text(tail)));
        let at = |n: u32| move |r: &Row| r.record.pressure == f64::from(n);
        let mut quadrature = vec![0.0; ns.len()];
        let mut differences = vec![Vec::new(); ns.len()];
        for r in rows.iter().filter(|r| at(1)(r)) {
            let w: Vec<f64> = r.record.weights.iter().map(|w| w.unwrap()).collect();
            let normal = if heavy { &w[..1] } else { &w[..] };
            let proxy = Proxy::new(normal.iter().map(|w| w * w).sum(), &w[normal.len()..]);
            for (i, &n) in ns.iter().enumerate() {
                let expected = w[0] * proxy.best_of(n);
                quadrature[i] += expected / 40.0;
                let here = rows.iter().find(|s| s.seed == r.seed && at(n)(s)).unwrap();
                differences[i].push(gold(here).unwrap() - expected);
            }
        }
        for (n, d) in ns.iter().zip(&differences) {
            assert_mean(&format!("{tail}, n = {n}"), d, 0.0);
        }
        let measured: Vec<f64> = ns.iter().map(|&n| mean(&values(&rows, at(n), gold))).collect();
        println!("{tail}: measured {measured:.3?}, quadrature {quadrature:.3?}");
        let peak = |curve: &[f64]| (0..curve.len()).max_by(|&i, &j| curve[i].total_cmp(&curve[j])).unwrap();
        if heavy {
            assert!((1..ns.len() - 1).contains(&peak(&quadrature)), "rises and falls");
            // Neighbouring levels differ by less than their error near a peak.
            assert!(peak(&measured).abs_diff(peak(&quadrature)) <= 1);
        } else {
            assert_eq!(peak(&quadrature), ns.len() - 1, "rises throughout");
            assert_eq!(peak(&measured), ns.len() - 1);
        }
    }
}

/// Labels postpone the peak of gaming, and do not abolish it. In the limit
/// n* ∝ L^(df/2); a light simulation elsewhere had peaks 45, 256, 1448 at 20,
/// 80, 320 labels, a slope of 1.25 on its way to 1.5.
#[test]
fn labels_postpone_the_peak() {
    const SEEDS: u32 = 60;
    let rows = run(&plan(&format!(
        r#"
        seeds = {SEEDS}
        optimizer.best_of_n.n = 1
        [world.answers]
        prompts = 1
        answers = 1024
        features = {{ insight = {{ gold = 1.0 }}, style = {{ count = 8, tail = {{ student_t = {{ df = 3 }} }} }} }}
        [sweep]
        "feedback.labels" = [20, 80, 320]"#
    )));
    // Levels a factor of √2 apart.
    let ns: Vec<u32> = (4..26).map(|i| libm::round(libm::exp2(f64::from(i) / 2.0)) as u32).collect();
    let peaks: Vec<f64> = (0..3)
        .map(|cell| {
            let mut curve = vec![0.0; ns.len()];
            for r in rows.iter().filter(|r| r.cell == cell) {
                let w: Vec<f64> = r.record.weights.iter().map(|w| w.unwrap()).collect();
                let proxy = Proxy::new(w[0] * w[0], &w[1..]);
                for (sum, &n) in curve.iter_mut().zip(&ns) {
                    *sum += w[0] * proxy.best_of(n);
                }
            }
            let best = (0..ns.len()).max_by(|&i, &j| curve[i].total_cmp(&curve[j])).unwrap();
            assert!(best > 0 && best < ns.len() - 1, "a peak, not an end");
            f64::from(ns[best])
        })
        .collect();
    let slope = libm::log(peaks[2] / peaks[0]) / libm::log(16.0);
    println!("peaks at n = {peaks:?}, slope {slope:.2}");
    assert!(peaks[0] < peaks[1] && peaks[1] < peaks[2]);
    assert!((1.0..1.5).contains(&slope), "{slope}");
}
