//! Statistics against numbers computed by other means, and their promises by
//! simulation: false alarms at most nominal, power as computed.

use crate::common::{assert_all_close, assert_close, items, json, number, numbers};
use oversight::numerics::math::{exp, ln, normal_cdf, normal_quantile, student_quantile, student_tail};
use oversight::numerics::rng::{Purpose, Rng, Streams, normal, uniform};
use oversight::numerics::stats::{
    Location, holm, improvement, iqm, iqm_of_tasks, mean, profile, sd, skewness, stratified_interval,
};
use serde_json::Value;

#[track_caller]
fn assert_relative(what: &str, got: f64, expected: f64) {
    assert_close(what, got, expected, 1e-12 * expected.abs());
}

fn triples(value: &Value) -> impl Iterator<Item = [f64; 3]> {
    items(value).iter().map(|row| numbers(row).try_into().expect("three numbers"))
}

#[test]
fn student_tails() {
    for [t, df, expected] in triples(&json("statistics.json")["tail"]) {
        assert_relative(&format!("P(T > {t}), df {df}"), student_tail(t, df), expected);
    }
}

#[test]
fn student_quantiles() {
    for [p, df, expected] in triples(&json("statistics.json")["quantile"]) {
        assert_relative(&format!("quantile {p}, df {df}"), student_quantile(p, df), expected);
    }
}

#[test]
fn locations() {
    for case in items(&json("statistics.json")["location"]) {
        let values = numbers(&case["values"]);
        let at = |name: &str| number(&case[name]);
        let location = match case["kind"].as_str() {
            Some("mean") => Location::of_mean(&values),
            _ => Location::of_iqm(&values),
        };
        let threshold = at("threshold");
        let got = [location.estimate, location.se, location.df, location.skew];
        assert_all_close(&case["kind"].to_string(), &got, &["estimate", "se", "df", "skew"].map(at), 1e-12);
        assert_all_close("interval", &location.interval(0.95), &numbers(&case["interval"]), 1e-12 * 20.0);
        // t is right to about 1e-15·√n·|mean|/sd, and p moves by up to df·|Δt| of itself.
        let close = |what: &str, got: f64| assert_close(what, got, at(what), 1e-11 * at(what));
        close("plain_above", location.plain_above(threshold));
        close("above", location.above(threshold));
        close("below", location.below(threshold));
    }
}

#[test]
fn the_middle_half() {
    let eight = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
    assert_eq!(iqm(&eight), 3.5);
    assert_eq!(Location::of_iqm(&eight).estimate, 3.5);
    assert_eq!(iqm_of_tasks(&[&[7.0, 0.0, 5.0], &[2.0, 1.0, 6.0, 3.0, 4.0]]), 3.5);
    assert!(skewness(&eight).abs() < 1e-15);
}

#[test]
fn comparisons() {
    let data = json("statistics.json");
    let values = |part: &str, name: &str| numbers(&data[part][name]);
    assert_all_close("Holm", &holm(&values("holm", "p")), &values("holm", "adjusted"), 1e-12);
    let (x, y) = (values("improvement", "x"), values("improvement", "y"));
    assert_close("improvement", improvement(&x, &y), number(&data["improvement"]["value"]), 1e-12);
    assert_close("the other way", improvement(&x, &y) + improvement(&y, &x), 1.0, 1e-15);
    let shares = profile(&values("profile", "values"), &values("profile", "thresholds"));
    assert_all_close("profile", &shares, &values("profile", "shares"), 1e-12);
}

#[test]
fn stratified_bootstrap() {
    // All 27 · 27 resamples of two tasks of three runs give the exact law. Of 2000 draws 2.5 % lie
    // beyond an end, so the exact chance beyond it is .025 up to six binomial standard errors,
    // 6·√(.025·.975/2000) = .021, and the few draws between which quantiles are interpolated.
    let data = &json("statistics.json")["bootstrap"];
    let tasks: Vec<Vec<f64>> = items(&data["tasks"]).iter().map(numbers).collect();
    let law: Vec<[f64; 2]> =
        items(&data["law"]).iter().map(|row| numbers(row).try_into().expect("a pair")).collect();
    let tasks: Vec<&[f64]> = tasks.iter().map(Vec::as_slice).collect();
    let pooled = |runs: &[Vec<f64>]| iqm_of_tasks(&runs.iter().map(Vec::as_slice).collect::<Vec<_>>());
    for name in ["a", "b", "c"] {
        let [low, high] = stratified_interval(&tasks, pooled, name).unwrap();
        let chance = |inside: &dyn Fn(f64) -> bool| -> f64 {
            law.iter().filter(|[value, _]| inside(*value)).map(|[_, chance]| chance).sum()
        };
        // An atom at the end may count on either side; 1e-9 forgives its rounding.
        for (below, within) in [
            (chance(&|x| x < low - 1e-9), chance(&|x| x <= low + 1e-9)),
            (chance(&|x| x > high + 1e-9), chance(&|x| x >= high - 1e-9)),
        ] {
            assert!(below <= 0.025 + 0.0225 && within >= 0.025 - 0.0225, "{name}: {below}, {within}");
        }
    }
    // The whole law, not its ends alone: the resamples' mean and spread.
    let mut drawn = Vec::new();
    let interval = stratified_interval(
        &tasks,
        |runs| {
            drawn.push(pooled(runs));
            drawn[drawn.len() - 1]
        },
        "a",
    );
    assert!(interval.is_some());
    let exact = |power: i32| -> f64 {
        law.iter().map(|[x, chance]| chance * if power == 1 { *x } else { x * x }).sum()
    };
    let spread = (exact(2) - exact(1) * exact(1)).sqrt();
    // Five standard errors of the mean; the variance's error is below √(2.5/n) of it for this law
    // (kurtosis below 3.5), half of that for the spread, five times.
    assert_close("mean", mean(&drawn), exact(1), 5.0 * spread / 2000f64.sqrt());
    assert_close("spread", sd(&drawn) / spread, 1.0, 2.5 * (2.5f64 / 2000.0).sqrt());
}

/// Null experiments per law.
const EXPERIMENTS: usize = 5000;

fn samples(name: &str, n: usize, draw: impl Fn(&mut Rng) -> f64) -> impl Iterator<Item = Vec<f64>> {
    let mut rng = Streams { seed: 21, repetition: 0 }.stream(Purpose::Feature, name, n as u64);
    (0..EXPERIMENTS).map(move |_| (0..n).map(|_| draw(&mut rng)).collect())
}

#[test]
fn plain_p_values_are_uniform_on_normal_nulls() {
    // Massart's bound: sup |Fₙ − F| > √(ln(2/1e-6)/2n) = .0381 with chance at most 1e-6.
    for n in [5, 30] {
        let mut p: Vec<f64> =
            samples("uniform", n, normal).map(|x| Location::of_mean(&x).plain_above(0.0)).collect();
        p.sort_unstable_by(f64::total_cmp);
        let bound = (ln(2.0 / 1e-6) / (2.0 * EXPERIMENTS as f64)).sqrt();
        for (i, p) in p.iter().enumerate() {
            assert_close("p-value", *p, (i as f64 + 0.5) / EXPERIMENTS as f64, bound);
        }
    }
}

/// Alarms at α = .01, nominally 50: \[plain above, above, plain below, below\], of
/// the samples with as many seeds as they require.
fn alarms(
    name: &str,
    n: usize,
    truth: f64,
    of: fn(&[f64]) -> Location,
    draw: impl Fn(&mut Rng) -> f64,
) -> [usize; 4] {
    let mut alarms = [0; 4];
    for x in samples(name, n, draw) {
        let there = of(&x);
        let back = of(&x.iter().map(|x| -x).collect::<Vec<_>>());
        let p = [there.plain_above(truth), there.above(truth), back.plain_above(-truth), there.below(truth)];
        for (count, p) in alarms.iter_mut().zip(p) {
            *count += usize::from(p <= 0.01 && n >= there.seeds_required());
        }
    }
    alarms
}

/// More than this many of 5000 have chance 3.1e-5 if each has chance .01 (binomial).
const MANY: usize = 80;

#[test]
fn few_false_alarms_about_means() {
    let log_normal = |sigma: f64| move |rng: &mut Rng| exp(sigma * normal(rng));
    for (n, loud) in [(30, false), (60, true)] {
        let of = Location::of_mean;
        let counts = [
            alarms("normal", n, 0.0, of, normal),
            alarms("exponential", n, 1.0, of, |rng| -ln(uniform(rng))),
            alarms("mild", n, exp(0.125), of, log_normal(0.5)),
            alarms("wild", n, exp(0.5), of, log_normal(1.0)),
            alarms("square", n, 1.0, of, |rng| {
                let z = normal(rng);
                z * z
            }),
        ];
        for [_, above, _, below] in counts {
            assert!(above <= MANY && below <= MANY, "{n}: {counts:?}");
        }
        // The control: with seeds enough, plain t alarms too often on the four skewed laws, always
        // on the side away from the tail.
        if loud {
            assert!(
                counts[1..]
                    .iter()
                    .all(|[plain_above, _, plain_below, _]| plain_above < &50 && plain_below > &MANY),
                "{counts:?}"
            );
        }
    }
}

#[test]
fn few_false_alarms_about_interquartile_means() {
    // The middle half of Exp(1) has mean 2·[v − v ln v] between v = ¼ and ¾, that of e^(σz)
    // 2e^(σ²/2)·[Φ(q − σ) − Φ(−q − σ)] with q the upper quartile of z.
    let antiderivative = |v: f64| v - v * ln(v);
    let exponential = 2.0 * (antiderivative(0.75) - antiderivative(0.25));
    let q = normal_quantile(0.75);
    let wild = 2.0 * exp(0.5) * (normal_cdf(q - 1.0) - normal_cdf(-q - 1.0));
    for n in [30, 60] {
        let of = Location::of_iqm;
        let counts = [
            alarms("normal", n, 0.0, of, normal),
            alarms("exponential", n, exponential, of, |rng| -ln(uniform(rng))),
            alarms("wild", n, wild, of, |rng| exp(normal(rng))),
        ];
        for [_, above, _, below] in counts {
            assert!(above <= MANY && below <= MANY, "{n}: {counts:?}");
        }
        assert!(counts[1..].iter().all(|[_, _, plain_below, _]| plain_below > &MANY), "{counts:?}");
    }
}

#[test]
fn power() {
    // Half a standard deviation at n = 60 and α = .002: the noncentral law gives plain t's power.
    // Five binomial standard errors of 5000 experiments.
    let data = &json("statistics.json")["power"];
    let (n, alpha) = (number(&data["n"]) as usize, number(&data["alpha"]));
    let (effect, expected) = (number(&data["effect"]), number(&data["power"]));
    let found: Vec<Location> =
        samples("power", n, |rng| effect + normal(rng)).map(|x| Location::of_mean(&x)).collect();
    let share = |p: &dyn Fn(&Location) -> f64| {
        found.iter().filter(|location| p(location) <= alpha).count() as f64 / EXPERIMENTS as f64
    };
    let error = |p: f64| 5.0 * (p * (1.0 - p) / EXPERIMENTS as f64).sqrt();
    assert_close("plain", share(&|l| l.plain_above(0.0)), expected, error(expected));
    // The price of the correction, from 10⁶ samples outside.
    assert_close("corrected", share(&|l| l.above(0.0)), 0.746, error(0.746));
    assert_eq!(share(&|l| l.below(0.0)), 0.0);
}
