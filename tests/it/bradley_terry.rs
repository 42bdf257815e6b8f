//! Bradley–Terry fits against 60-digit optima, and their asymptotic law.

use crate::common::{Estimate, assert_all_close, assert_close, items, json, number, numbers, tail, text};
use oversight::lab::reward_model::{Comparisons, Fit, fit};
use oversight::lab::world::Tail;
use oversight::numerics::math::{ln, sigmoid};
use oversight::numerics::rng::{Purpose, Rng, Streams, normal, uniform};
use oversight::numerics::stats::mean;
use rand::distr::Distribution;

fn rng(name: &str, index: u32) -> Rng {
    Streams { seed: 6, repetition: index }.stream(Purpose::Pairs, name, 0)
}

fn entries(fit: &Fit) -> Vec<f64> {
    let d = fit.weights.len();
    (0..d * d).map(|i| fit.covariance.at(i / d, i % d)).collect()
}

#[test]
fn reference_fits() {
    let mut data = Comparisons { width: 3, ..Comparisons::default() };
    for line in text("bradley_terry.csv").lines().skip(1) {
        let row: Vec<f64> = line.split(',').map(|x| x.parse().expect("a number")).collect();
        data.differences.extend((0..3).map(|j| row[j] - row[j + 3]));
        data.labels.push(row[6]);
    }
    let truth = json("bradley_terry.json");
    for case in items(&truth["fits"]) {
        let got = fit(&data, number(&case["l2"]), number(&case["flip"]));
        assert_all_close("weights", &got.weights, &numbers(&case["weights"]), 1e-9);
        assert_all_close("covariance", &entries(&got), &numbers(&case["covariance"]), 1e-10);
    }
    let case = &truth["separable"];
    let apart = |(a, b): (f64, f64)| a - b;
    let data = Comparisons {
        width: 1,
        differences: numbers(&case["first"]).into_iter().zip(numbers(&case["second"])).map(apart).collect(),
        labels: numbers(&case["label"]),
        ..Comparisons::default()
    };
    let got = fit(&data, number(&case["l2"]), 0.0);
    assert_close("weight", got.weights[0], number(&case["weight"]), 1e-9);
    assert_close("variance", got.covariance.at(0, 0), number(&case["variance"]), 1e-9);
}

/// Comparisons whose differences `draw` makes and whose labels follow `w`, then flip with chance `flip`.
fn sample(
    n: usize,
    w: &[f64],
    flip: f64,
    rng: &mut Rng,
    mut draw: impl FnMut(&mut Rng) -> Vec<f64>,
) -> Comparisons {
    let mut data = Comparisons { width: w.len(), ..Comparisons::default() };
    for _ in 0..n {
        let d = draw(rng);
        let z: f64 = w.iter().zip(&d).map(|(w, d)| w * d).sum();
        let first = flip + (1.0 - 2.0 * flip) * sigmoid(z);
        data.labels.push(f64::from(u8::from(uniform(rng) < first)));
        data.differences.extend(d);
    }
    data
}

/// n·E|ŵ − w|² over `repetitions` samples.
///
/// |ŵ − w|² is close to |I⁻¹s/n|², s the score at the truth, and E|I⁻¹s|² = n·tr(I⁻¹) exactly:
/// a control variate that leaves little noise.
fn scaled_error(
    n: usize,
    repetitions: u32,
    w: &[f64],
    flip: f64,
    information: &[f64],
    trace: f64,
) -> Estimate {
    let [a, b, _, d] = information else { panic!("2 × 2") };
    let determinant = a * d - b * b;
    let values: Vec<f64> = (0..repetitions)
        .map(|i| {
            let root2 = std::f64::consts::SQRT_2;
            let mut rng = rng("errors", i);
            let data = sample(n, w, flip, &mut rng, |rng| vec![root2 * normal(rng), root2 * normal(rng)]);
            let got = fit(&data, 1e-3, flip).weights;
            let mut score = [0.0; 2];
            for (x, y) in data.differences.chunks(2).zip(&data.labels) {
                let s = sigmoid(w[0] * x[0] + w[1] * x[1]);
                let p = flip + (1.0 - 2.0 * flip) * s;
                let pull = (y - p) / (p * (1.0 - p)) * (1.0 - 2.0 * flip) * s * (1.0 - s);
                score[0] += pull * x[0];
                score[1] += pull * x[1];
            }
            let step =
                [(d * score[0] - b * score[1]) / determinant, (a * score[1] - b * score[0]) / determinant];
            let n = n as f64;
            let square = |x: f64, y: f64| x * x + y * y;
            n * square(got[0] - w[0], got[1] - w[1]) - square(step[0], step[1]) / n + trace
        })
        .collect();
    Estimate::of(&values)
}

#[test]
fn errors_shrink_as_the_information_says() {
    // n·MSE → tr(I⁻¹), and so log RMSE falls by ½ per log n. The second-order term is
    // O(1/n): at 4,000 labels it and 5 standard errors stay below 10 %, and it tilts the slope
    // between 500 and 8,000 labels by less than .03.
    let truth = json("labels.json");
    let w = numbers(&truth["weights"]);
    for case in items(&truth["information"]) {
        let (flip, trace) = (number(&case["flip"]), number(&case["trace_of_inverse"]));
        let information = numbers(&case["information"]);
        let mut points = Vec::new();
        for (n, repetitions) in [(500, 400), (2000, 200), (8000, 100)] {
            let error = scaled_error(n, repetitions, &w, flip, &information, trace);
            println!(
                "flips {flip}, n = {n}: n·MSE = {:.3} ± {:.3}, tr(I⁻¹) = {trace:.3}",
                error.mean, error.se
            );
            points.push((ln(n as f64), 0.5 * ln(error.mean / n as f64)));
            if n >= 2000 {
                assert!((error.mean - trace).abs() + 5.0 * error.se < 0.1 * trace, "{error:?}, {trace}");
            }
        }
        let [x, y]: [Vec<f64>; 2] =
            [points.iter().map(|p| p.0).collect(), points.iter().map(|p| p.1).collect()];
        let (mx, my) = (mean(&x), mean(&y));
        let slope = x.iter().zip(&y).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>()
            / x.iter().map(|x| (x - mx) * (x - mx)).sum::<f64>();
        println!("flips {flip}: slope {slope:.4}");
        assert_close("slope", slope, -0.5, 0.03);
    }
}

/// Sine of the angle from the true direction (1, 1) to the fitted one.
fn bend(data: &Comparisons, mistake: f64) -> f64 {
    let w = fit(data, 1e-3, mistake).weights;
    (w[1] - w[0]) / (2.0 * (w[0] * w[0] + w[1] * w[1])).sqrt()
}

#[test]
fn flips_bend_what_ignores_them() {
    // A normal feature beside a heavy one, flips of .2. Large differences are almost
    // sure labels, which a flip contradicts at great cost: ignoring flips shrinks the weight of the
    // feature that has them. 30 samples of 6,000; 4.6 standard errors of a t with 29: 8e-5.
    let heavy = [
        ("t3", tail("student_t = { df = 3 }")),
        ("log-normal", tail("log_normal = { sigma = 1.0 }")),
        ("normal", Tail::Normal),
    ];
    for (name, law) in heavy {
        let bends = |mistake: f64| {
            let one = |i| {
                let mut rng = rng(name, i);
                let data = sample(6000, &[1.0, 1.0], 0.2, &mut rng, |rng| {
                    let [x1, x2] = [normal(rng), normal(rng)];
                    let [h1, h2] = [law.sample(rng), law.sample(rng)];
                    // The normals correlate, so that the control is elliptical, not round.
                    if name == "normal" {
                        vec![x1 - x2, 0.6 * (x1 - x2) + 0.8 * (h1 - h2)]
                    } else {
                        vec![x1 - x2, h1 - h2]
                    }
                });
                bend(&data, mistake)
            };
            Estimate::of(&(0..30).map(one).collect::<Vec<f64>>())
        };
        let (ignoring, aware) = (bends(0.0), bends(0.2));
        println!("{name}: ignoring {ignoring:?}, aware {aware:?}");
        aware.assert_covers("aware of flips", 0.0, 4.6);
        if name == "normal" {
            ignoring.assert_covers("elliptical", 0.0, 4.6);
        } else {
            assert!(ignoring.mean + 4.6 * ignoring.se < 0.0, "{ignoring:?}");
        }
    }
}

#[test]
fn without_evidence_the_prior_stays() {
    for mistake in [0.0, 0.2] {
        let none = fit(&Comparisons { width: 3, ..Comparisons::default() }, 0.25, mistake);
        assert_eq!(none.weights, [0.0; 3]);
        assert_all_close("prior", &entries(&none), &[4.0, 0.0, 0.0, 0.0, 4.0, 0.0, 0.0, 0.0, 4.0], 1e-15);
        let mut rng = rng("ties", 0);
        let mut ties = sample(50, &[1.0, 2.0], 0.0, &mut rng, |rng| vec![normal(rng), normal(rng)]);
        ties.labels.fill(0.5);
        assert_eq!(fit(&ties, 0.25, mistake).weights, [0.0; 2]);
    }
    let nothing =
        Comparisons { width: 0, differences: Vec::new(), labels: vec![1.0, 0.0], ..Comparisons::default() };
    assert!(fit(&nothing, 0.1, 0.0).weights.is_empty());
}

#[test]
fn duplicated_and_empty_columns() {
    let mut rng = rng("columns", 0);
    let plain = sample(200, &[1.0, -0.5], 0.0, &mut rng, |rng| vec![normal(rng), normal(rng)]);
    let wide = Comparisons {
        width: 4,
        differences: plain.differences.chunks(2).flat_map(|d| [d[0], d[0], d[1], 0.0]).collect(),
        labels: plain.labels.clone(),
        ..Comparisons::default()
    };
    for mistake in [0.0, 0.1] {
        let got = fit(&wide, 0.1, mistake);
        assert_close("twins", got.weights[0], got.weights[1], 1e-12);
        assert_eq!(got.weights[3], 0.0);
        assert_close("unseen", got.covariance.at(3, 3), 10.0, 1e-9);
        // Twins share one weight at half its price: x = √2·(twin), under the same prior.
        let root2 = std::f64::consts::SQRT_2;
        let rotated = plain.differences.chunks(2).flat_map(|d| [root2 * d[0], d[1]]).collect();
        let one = fit(
            &Comparisons {
                width: 2,
                differences: rotated,
                labels: plain.labels.clone(),
                ..Comparisons::default()
            },
            0.1,
            mistake,
        );
        assert_all_close("rotated", &[root2 * got.weights[0], got.weights[2]], &one.weights, 1e-10);
    }
}

#[test]
fn swapping_first_and_second_changes_nothing() {
    let mut rng = rng("swap", 0);
    let data = sample(100, &[0.7, 0.1], 0.0, &mut rng, |rng| vec![normal(rng), normal(rng)]);
    let swapped = Comparisons {
        width: 2,
        differences: data.differences.iter().map(|d| -d).collect(),
        labels: data.labels.iter().map(|y| 1.0 - y).collect(),
        ..Comparisons::default()
    };
    for mistake in [0.0, 0.1] {
        assert_all_close(
            "weights",
            &fit(&data, 0.1, mistake).weights,
            &fit(&swapped, 0.1, mistake).weights,
            1e-10,
        );
    }
}

#[test]
fn extreme_data_still_fits() {
    // Ten labels, separable, contradictory or random; differences up to 1e6; a prior of next to
    // nothing.
    for scale in [1.0, 1e6] {
        for l2 in [1e-9, 1.0] {
            for mistake in [0.0, 1e-20, 1e-3, 0.4999] {
                for kind in 0..3 {
                    let mut rng = rng("extreme", kind);
                    let mut data = sample(10, &[1.0, -1.0], 0.0, &mut rng, |r| {
                        vec![scale * normal(r), scale * normal(r)]
                    });
                    for (i, y) in data.labels.iter_mut().enumerate() {
                        match kind {
                            0 => *y = f64::from(u8::from(data.differences[2 * i] > 0.0)),
                            1 => *y = (i % 3) as f64 / 2.0,
                            _ => {}
                        }
                    }
                    let got = fit(&data, l2, mistake);
                    let finite = got.weights.iter().chain(&entries(&got)).all(|x| x.is_finite());
                    assert!(finite, "{got:?} at scale {scale}, l2 {l2}, mistake {mistake}, kind {kind}");
                    assert!(
                        got.steps < 200,
                        "{} steps at scale {scale}, l2 {l2}, mistake {mistake}, kind {kind}",
                        got.steps
                    );
                    assert!((0..2).all(|i| got.covariance.at(i, i) > 0.0));
                }
            }
        }
    }
}

#[test]
fn priors_from_tiny_to_huge_and_flips_with_several_optima() {
    // Ten labels that can be told apart, under priors from 1e-20 to 1e20: against 60 digits. 200 labels
    // of which three in ten are flipped: against the lowest of 61 other starts.
    let cases = json("hard_fits.json");
    for (name, tolerance) in [("ridge", 1e-12), ("flips", 1e-10)] {
        let case = &cases[name];
        let data = Comparisons {
            width: 8,
            differences: numbers(&case["hundredths"]).into_iter().map(|x| x / 100.0).collect(),
            labels: numbers(&case["label"]),
            ..Comparisons::default()
        };
        for of in items(&case["fits"]) {
            let (l2, flip) = (number(&of["l2"]), number(&of["flip"]));
            let (got, expected) = (fit(&data, l2, flip), numbers(&of["weights"]));
            let apart: Vec<f64> = got.weights.iter().zip(&expected).map(|(g, e)| g / e - 1.0).collect();
            assert_all_close(&format!("{name}, l2 {l2:e}"), &apart, &[0.0; 8], tolerance);
            assert_eq!(got.optima > 1, flip > 0.0, "{name}: {} optima", got.optima);
        }
    }
}

#[test]
fn flips_are_fitted_as_well_as_from_any_other_start() {
    // Plain gradient descent from 20 random starts, on data with few labels and many flips.
    let (l2, flip) = (0.05, 0.35);
    for index in 0..12 {
        let mut rng = rng("starts", index);
        let data = sample(40, &[2.0, -1.0, 0.0], flip, &mut rng, |rng| (0..3).map(|_| normal(rng)).collect());
        let loss_and_slope = |w: &[f64]| {
            let (mut loss, mut slope) = (0.5 * l2 * w.iter().map(|w| w * w).sum::<f64>(), w.to_vec());
            slope.iter_mut().for_each(|g| *g *= l2);
            for (d, y) in data.differences.chunks(3).zip(&data.labels) {
                let s = sigmoid(w.iter().zip(d).map(|(w, x)| w * x).sum());
                let p = flip + (1.0 - 2.0 * flip) * s;
                loss -= y * ln(p) + (1.0 - y) * ln(1.0 - p);
                let pull = (y - p) / (p * (1.0 - p)) * (1.0 - 2.0 * flip) * s * (1.0 - s);
                slope.iter_mut().zip(d).for_each(|(g, x)| *g -= pull * x);
            }
            (loss, slope)
        };
        let got = loss_and_slope(&fit(&data, l2, flip).weights).0;
        for start in 0..20 {
            let size = [0.5, 3.0, 10.0][start % 3];
            let mut w: Vec<f64> = (0..3).map(|_| size * normal(&mut rng)).collect();
            let mut rate = 1.0;
            for _ in 0..2000 {
                let (loss, slope) = loss_and_slope(&w);
                let next: Vec<f64> = w.iter().zip(&slope).map(|(w, g)| w - rate * g).collect();
                if loss_and_slope(&next).0 <= loss {
                    (w, rate) = (next, 1.1 * rate);
                } else {
                    rate *= 0.5;
                }
            }
            let other = loss_and_slope(&w).0;
            assert!(got <= other + 1e-9, "sample {index}: {got} from {start}: {other}");
        }
    }
}

#[test]
fn a_vanishing_flip_rate_is_none() {
    // Separable by far: predictions are within 1e-17 of 0 and 1.
    let data = Comparisons {
        width: 1,
        differences: vec![50.0, -80.0, 3.0],
        labels: vec![1.0, 0.0, 1.0],
        ..Comparisons::default()
    };
    let plain = fit(&data, 1e-3, 0.0).weights[0];
    for mistake in [1e-300, 1e-30, 1e-18, 1e-12] {
        assert_close(&format!("flips {mistake:e}"), fit(&data, 1e-3, mistake).weights[0], plain, 1e-6);
    }
}
