//! Laws of labels: what questions tell, who answers them, what a choice among several is worth. Numbers are of the
//! papers that are named, or follow from a sum written out here.

use crate::common::{assert_all_close, assert_close, bandit, optimise, policy};
use oversight::lab::hearing::Hearing;
use oversight::lab::mdp::{Learned, Mdp};
use oversight::lab::overseer::{Choice, Label, Reward};
use oversight::lab::policy::Episode;
use oversight::lab::query::Query;
use oversight::lab::reward_model::{Comparisons, Posterior, RewardModel, fit, reliable};
use oversight::lab::solve::evaluate;
use oversight::lab::{Overseer, Setup, World};
use oversight::numerics::math::{Symmetric, dot, exp, ln, ln_1p, normal_quantile, sigmoid};
use oversight::numerics::rng::{Purpose, Rng, Streams, normal, uniform};
use std::sync::Arc;

fn rng(index: u64) -> Rng {
    Streams { seed: 5, repetition: 0 }.stream(Purpose::Pairs, "labels", index)
}

/// Answers of one prompt with normal features, all alike.
fn answers(count: usize, features: usize, rng: &mut Rng) -> Mdp {
    let columns: Vec<Vec<f64>> = (0..features).map(|_| (0..count).map(|_| normal(rng)).collect()).collect();
    let names: Vec<String> = (0..features).map(|j| format!("x{j}")).collect();
    let named: Vec<(&str, &[f64])> =
        names.iter().zip(&columns).map(|(name, column)| (name.as_str(), &column[..])).collect();
    let mut gold = vec![0.0; features];
    gold[0] = 1.0;
    bandit(&[&vec![1.0 / count as f64; count]], &named, &gold)
}

fn drawn(mdp: &Mdp, count: usize, rng: &mut Rng) -> Vec<Episode> {
    let outcome = |rng: &mut Rng| (uniform(rng) * mdp.outcome_count() as f64) as u32;
    (0..count).map(|_| Episode { start: 0, steps: vec![outcome(rng)] }).collect()
}

/// A model that was fitted to a few labels of one who sees everything.
fn model(mdp: &Mdp, rng: &mut Rng) -> RewardModel {
    let hearing = Hearing::new(Reward::linear(&mdp.features, &mdp.gold, 0.0), Choice::default());
    let labels = hearing.answers(drawn(mdp, 60, rng), 2, &mut rng.clone(), &mut rng.clone());
    let columns: Vec<usize> = (0..mdp.features.count()).collect();
    let fitted = fit(&Comparisons::of_features(&mdp.features, &labels, &columns), 0.1, 0.0);
    let (inputs, covariance) = (Arc::clone(&mdp.features), fitted.covariance);
    RewardModel {
        reward: Reward::linear(&mdp.features, &fitted.weights, 0.0),
        weights: fitted.weights.into_iter().map(Some).collect(),
        posterior: Some(Posterior::Laplace { inputs, columns, covariance }),
        rationality: 1.0,
        reliability: Vec::new(),
        optima: 1,
    }
}

fn query(toml: &str) -> Query {
    #[derive(serde::Deserialize)]
    struct Of {
        query: Query,
    }
    toml::from_str::<Of>(&format!("query = {toml}")).unwrap().query
}

/// √(p(1 − p)) times the difference of features of every pair.
fn informations(mdp: &Mdp, model: &RewardModel, pool: &[Episode]) -> Vec<Vec<f64>> {
    let of_pair = |pair: &[Episode; 2]| {
        let p = sigmoid(pair[0].total(&model.reward.table) - pair[1].total(&model.reward.table));
        let columns = mdp.features.columns();
        columns.map(|c| (p * (1.0 - p)).sqrt() * (pair[0].total(c) - pair[1].total(c))).collect()
    };
    pool.as_chunks::<2>().0.iter().map(of_pair).collect()
}

#[test]
fn rules_choose_what_they_say() {
    let mut rng = rng(0);
    let mdp = answers(50, 3, &mut rng);
    let (model, pool) = (model(&mdp, &mut rng), drawn(&mdp, 80, &mut rng));
    let pairs = pool.as_chunks::<2>().0;
    let wide = query("{ wide = {} }").choose(&pool, Some(&model), 5);
    let posterior = model.posterior.as_ref().unwrap();
    let variance = |i: usize| posterior.variance(&pairs[i][0], &pairs[i][1]);
    let narrowest = wide.iter().map(|i| variance(*i)).fold(f64::INFINITY, f64::min);
    assert!((0..40).filter(|i| !wide.contains(i)).all(|i| variance(i) <= narrowest));
    let near = query("{ entropy = {} }").choose(&pool, Some(&model), 5);
    let lead = |i: usize| pairs[i][0].lead(&pairs[i][1], &model.reward.table).abs();
    let farthest = near.iter().map(|i| lead(*i)).fold(0.0, f64::max);
    assert!((0..40).filter(|i| !near.contains(i)).all(|i| lead(i) >= farthest));
    // Before there is a model all rules take the first ones; and so does the uniform one always.
    for toml in ["{ wide = {} }", "{ entropy = {} }", "{ d_optimal = {} }"] {
        assert_eq!(query(toml).choose(&pool, None, 3), [0, 1, 2], "{toml}");
    }
    assert_eq!(query("\"uniform\"").choose(&pool, Some(&model), 3), [0, 1, 2]);
}

#[test]
fn d_optimal_adds_most_to_the_determinant_one_after_the_other() {
    let mut rng = rng(1);
    let mdp = answers(40, 3, &mut rng);
    let (model, pool) = (model(&mdp, &mut rng), drawn(&mdp, 60, &mut rng));
    let x = informations(&mdp, &model, &pool);
    let Some(Posterior::Laplace { covariance, .. }) = &model.posterior else { panic!("of one fit") };
    let mut information = covariance.inverse(1e-12).unwrap();
    let determinant = |m: &Symmetric| m.cholesky().unwrap().diagonal().iter().map(|l| ln(*l)).sum::<f64>();
    let mut left: Vec<usize> = (0..x.len()).collect();
    for got in query("{ d_optimal = {} }").choose(&pool, Some(&model), 6) {
        let with = |x: &[f64]| {
            let mut with = information.clone();
            with.add_outer(1.0, x);
            with.mirror();
            with
        };
        let best = left.iter().map(|i| determinant(&with(&x[*i]))).fold(f64::NEG_INFINITY, f64::max);
        left.retain(|i| *i != got);
        assert_close("log determinant", determinant(&with(&x[got])), best, 1e-9);
        information = with(&x[got]);
    }
}

/// At the design of the largest determinant no question has a larger variance than there are weights (Kiefer and
/// Wolfowitz 1960), and at any other design some question has.
#[test]
fn d_optimal_designs_meet_kiefer_and_wolfowitz() {
    let mut rng = rng(2);
    let (features, distinct, times) = (4, 40, 150);
    let mdp = answers(30, features, &mut rng);
    let (model, of) = (model(&mdp, &mut rng), drawn(&mdp, 2 * distinct, &mut rng));
    let pool: Vec<Episode> = (0..times).flat_map(|_| of.clone()).collect();
    let x = informations(&mdp, &model, &of);
    let largest = |chosen: &[usize]| {
        let mut information = Symmetric::diagonal(&vec![0.0; features]);
        chosen.iter().for_each(|i| information.add_outer(1.0 / chosen.len() as f64, &x[i % distinct]));
        information.mirror();
        let inverse = information.inverse(1e-12).unwrap();
        x.iter().map(|x| inverse.quadratic(x)).fold(0.0, f64::max)
    };
    let count = times / 2 * 4;
    let optimal = largest(&query("{ d_optimal.pool = 8 }").choose(&pool, Some(&model), count));
    assert!((features as f64..1.05 * features as f64).contains(&optimal), "{optimal}");
    let uniform = largest(&(0..distinct).collect::<Vec<_>>());
    assert!(uniform > 1.5 * features as f64, "{uniform}");
}

/// Siththaranjan, Laidlaw and Hadfield-Menell 2023: a model of the labels of many orders answers as Borda counts, and
/// may put first what is worst on average.
#[test]
fn labels_of_several_minds_are_counted_as_borda_counts() {
    let judges = [(0.8, [0.5, 0.0, -0.5]), (0.2, [-4.0, 0.0, 0.0])];
    let says = |i: usize, j: usize| -> f64 {
        judges.iter().map(|(share, u)| share * sigmoid(2.0 * (u[i] - u[j]))).sum()
    };
    let chances = [says(0, 1), says(0, 2), says(1, 2)];
    assert_all_close("chances", &chances, &[0.584913933, 0.704704732, 0.684846863], 1e-9);
    let mut data = Comparisons { width: 2, ..Comparisons::default() };
    let of = |i: usize| [f64::from(u8::from(i == 1)), f64::from(u8::from(i == 2))];
    for (i, j) in [(0, 1), (0, 2), (1, 2)] {
        data.differences.extend((0..2).map(|k| of(i)[k] - of(j)[k]));
        data.labels.push(says(i, j));
    }
    assert_all_close("fit", &fit(&data, 1e-12, 0.0).weights, &[-0.2676764, -0.9598726], 1e-6);
    let borda = |i: usize| (0..3).filter(|j| *j != i).map(|j| says(i, j)).sum::<f64>() / 2.0;
    assert_all_close(
        "Borda's count",
        &[borda(0), borda(1), borda(2)],
        &[0.64480933, 0.54996647, 0.30522420],
        1e-8,
    );
    let utility = |i: usize| judges.iter().map(|(share, u)| share * u[i]).sum::<f64>();
    assert!(utility(0) < utility(1), "and the first is worse on average");
}

#[test]
fn flips_cost_information() {
    // E[I₀]/E[I_ε] of a logit with standard deviation s, by sums over a fine grid of quantiles.
    let cost = |epsilon: f64, sd: f64| {
        let quantiles = (0..20_000).map(|i| sd * normal_quantile((f64::from(i) + 0.5) / 20_000.0));
        let of = |z: f64| {
            let (p, keep) = (sigmoid(z), 1.0 - 2.0 * epsilon);
            let seen = epsilon + keep * p;
            let rise = keep * p * (1.0 - p);
            (p * (1.0 - p), rise * rise / (seen * (1.0 - seen)))
        };
        let sums = quantiles.map(of).fold((0.0, 0.0), |sum, (a, b)| (sum.0 + a, sum.1 + b));
        sums.0 / sums.1
    };
    let sharp = [0.1, 0.2, 0.3].map(|epsilon| cost(epsilon, 2f64.sqrt()));
    assert_all_close("two units of one feature", &sharp, &[1.721, 3.225, 7.490], 2e-3);
    let dull = [0.1, 0.2, 0.3].map(|epsilon| cost(epsilon, 0.5));
    assert_all_close("nearly even", &dull, &[1.594, 2.875, 6.533], 2e-3);
}

#[test]
fn choices_among_two_are_choices_between_two() {
    for toml in ["", "mistake = 0.2", "rationality = 3.0", "rationality = inf"] {
        let choice: Choice = toml::from_str(toml).unwrap();
        for reward in [-2.0, -0.3, 0.0, 0.7] {
            let returns = [reward, 0.4].map(|r| choice.returns([r].into_iter()));
            let between = choice.chances(returns[0], returns[1]);
            assert_all_close(toml, &choice.picks(&returns), &[between.first, between.second], 1e-15);
        }
    }
    let choice: Choice = toml::from_str("rationality = inf\nmistake = 0.3").unwrap();
    let returns = [1.0, 2.0, 2.0, 0.0].map(|r| choice.returns([r].into_iter()));
    assert_all_close("ties share", &choice.picks(&returns), &[0.1, 0.4, 0.4, 0.1], 1e-15);
}

/// The expert itself is π₀ times exp(βS), and so is a tilt at its own sharpness: no likelihood and no labels needed.
#[test]
fn imitation_ends_at_the_experts_own_gold() {
    let plateau = |beta: f64| {
        let (seeds, mut share) = (40, 0.0);
        for seed in 0..seeds {
            let mdp = answers(256, 1, &mut rng(100 + seed));
            let gold = mdp.features.column(0);
            let weights: Vec<f64> = gold.iter().map(|g| exp(beta * g)).collect();
            let expert = dot(&weights, gold) / weights.iter().sum::<f64>();
            let clone = &optimise(&format!("tilt.beta = {:?}", 1.0 / beta), &mdp, &Learned(gold.to_vec()))[0];
            assert_close("the expert", evaluate(&mdp, policy(clone), gold), expert, 1e-12);
            share += expert / gold.iter().copied().fold(f64::NEG_INFINITY, f64::max) / seeds as f64;
        }
        share
    };
    assert_all_close("shares of the best", &[1.0, 3.0, 10.0].map(plateau), &[0.35, 0.83, 0.99], 0.015);
}

/// What a choice among m tells of the weight of a feature that is not chosen by: 1 − E[Σp²], as much as so many pairs.
#[test]
fn a_choice_among_many_is_worth_two_to_four_pairs() {
    let mut rng = rng(3);
    let told = |beta: f64, among: usize, rng: &mut Rng| {
        let draws = 40_000 / among;
        let one = |_| {
            let weights: Vec<f64> = (0..among).map(|_| exp(beta * normal(rng))).collect();
            let total: f64 = weights.iter().sum();
            1.0 - weights.iter().map(|w| w * w).sum::<f64>() / (total * total)
        };
        (0..draws).map(one).sum::<f64>() / draws as f64
    };
    let worth = [0.3, 1.0, 3.0, 10.0].map(|beta| told(beta, 64, &mut rng) / told(beta, 2, &mut rng));
    for (got, expected) in worth.into_iter().zip([2.0, 2.6, 3.8, 4.0]) {
        assert!((got / expected - 1.0).abs() < 0.15, "{worth:?}");
    }
}

/// The weights that maximise the likelihood of the picks themselves: of each, that it was picked of all that were shown.
fn by_picks(choices: &[Vec<Vec<f64>>], l2: f64) -> Vec<f64> {
    let d = choices[0][0].len();
    let mut weights = vec![0.0; d];
    for _ in 0..30 {
        let mut gradient: Vec<f64> = weights.iter().map(|w| -l2 * w).collect();
        let mut hessian = Symmetric::diagonal(&vec![l2; d]);
        for shown in choices {
            let scores: Vec<f64> = shown.iter().map(|x| exp(dot(&weights, x))).collect();
            let total: f64 = scores.iter().sum();
            let mean: Vec<f64> = (0..d)
                .map(|j| shown.iter().zip(&scores).map(|(x, s)| s * x[j]).sum::<f64>() / total)
                .collect();
            (0..d).for_each(|j| gradient[j] += shown[0][j] - mean[j]);
            for (x, s) in shown.iter().zip(&scores) {
                let off: Vec<f64> = x.iter().zip(&mean).map(|(x, m)| x - m).collect();
                hessian.add_outer(s / total, &off);
            }
        }
        hessian.mirror();
        let step = hessian.solve(&gradient, 1e-12).unwrap();
        weights.iter_mut().zip(step).for_each(|(w, s)| *w += s);
    }
    weights
}

/// Zhu, Jordan and Jiao 2023: comparisons of what was picked with each of the others find the direction as well, and
/// lose a little.
#[test]
fn comparisons_with_the_others_lose_little() {
    let (features, among, seeds) = (8, 16, 60);
    let cosine = |w: &[f64]| w[0] / dot(w, w).sqrt();
    let mut of = [[0.0; 2]; 2];
    for (count, of) in [20, 80].into_iter().zip(&mut of) {
        for seed in 0..seeds {
            let mut rng = rng(1000 + seed);
            let one = |_| {
                let mut shown: Vec<Vec<f64>> =
                    (0..among).map(|_| (0..features).map(|_| normal(&mut rng)).collect()).collect();
                let returns: Vec<_> =
                    shown.iter().map(|x| Choice::default().returns([x[0]].into_iter())).collect();
                let mut height = uniform(&mut rng);
                let chances = Choice::default().picks(&returns);
                let reaches = |p: &f64| {
                    height -= p;
                    height < 0.0
                };
                let picked = chances.iter().position(reaches).unwrap_or(0);
                shown.swap(0, picked);
                shown
            };
            let choices: Vec<Vec<Vec<f64>>> = (0..count).map(one).collect();
            let mut data = Comparisons { width: features, ..Comparisons::default() };
            for shown in &choices {
                for other in &shown[1..] {
                    data.differences.extend(shown[0].iter().zip(other).map(|(a, b)| a - b));
                    data.labels.push(1.0);
                }
            }
            of[0] += cosine(&by_picks(&choices, 0.1)) / seeds as f64;
            of[1] += cosine(&fit(&data, 0.1, 0.0).weights) / seeds as f64;
        }
    }
    let lost = of.map(|[picks, pairs]| picks - pairs);
    assert!(lost.iter().all(|lost| (-0.005..0.03).contains(lost)) && lost[1] < 0.013, "{of:?}");
}

fn opened(toml: &str) -> (Setup, World, Overseer) {
    let setup = Setup {
        world: toml::from_str(
            "answers = { prompts = 1, answers = 64, features = { a = { gold = 1.0 }, b = { gold = -1.0 } } }",
        )
        .unwrap(),
        overseer: toml::from_str(toml).unwrap(),
        feedback: toml::from_str("labels = 10").unwrap(),
        reward_model: Default::default(),
        optimizer: toml::from_str("best_of_n.n = 4").unwrap(),
    };
    let (world, overseer) = setup.open(Streams { seed: 1, repetition: 0 }).unwrap();
    (setup, world, overseer)
}

#[test]
fn each_feature_is_noticed_by_itself_and_alike_in_both_answers() {
    let (setup, world, overseer) = opened("attention = 0.3");
    let hearing = overseer.hears(&world, &setup.feedback.protocol);
    let (a, b) = (world.mdp.features.column(0), world.mdp.features.column(1));
    let mean: Vec<f64> = a.iter().zip(b).map(|(a, b)| 0.3 * a - 0.3 * b).collect();
    assert_all_close("on average", &hearing.mean.table, &mean, 1e-12);
    let lead = [a[0] - a[1], b[0] - b[1]];
    let both = [(false, false), (false, true), (true, false), (true, true)];
    let chance = |(x, y): (bool, bool)| {
        let of = |noticed: bool| if noticed { 0.3 } else { 0.7 };
        let worth = f64::from(u8::from(x)) * lead[0] - f64::from(u8::from(y)) * lead[1];
        of(x) * of(y) * sigmoid(worth)
    };
    let expected: f64 = both.into_iter().map(chance).sum();
    let shown: Vec<Episode> = (0..80_000).map(|i| Episode { start: 0, steps: vec![i % 2] }).collect();
    let labels = hearing.answers(shown, 2, &mut rng(4), &mut rng(5));
    let first = labels.iter().filter(|c| c.label == Label::First).count() as f64 / labels.len() as f64;
    // Four standard errors of 40,000 answers.
    assert_close("first", first, expected, 0.01);
}

#[test]
fn annotators_answer_their_share_by_traits_of_their_own() {
    let (setup, world, overseer) = opened(
        "believes.b = 2.0
        annotators = [{ share = 0.5, hidden = ['b'] }, { share = 0.2, believes = {}, choice.mistake = 1.0 }]",
    );
    let hearing = overseer.hears(&world, &setup.feedback.protocol);
    let shares: Vec<f64> = hearing.judges.iter().map(|judge| judge.share).collect();
    assert_all_close("shares", &shares, &[0.5, 0.2, 0.3], 1e-12);
    let weights: Vec<f64> = hearing.weights.iter().map(|w| w.unwrap()).collect();
    assert_all_close("on average", &weights, &[1.0, 0.5 * 0.0 - 0.2 + 0.3 * 2.0], 1e-12);
    let labels = hearing.answers(drawn(&world.mdp, 60_000, &mut rng(6)), 2, &mut rng(7), &mut rng(8));
    for (by, share) in (0..).zip(shares) {
        let mine = labels.iter().filter(|c| c.by == by).count() as f64 / labels.len() as f64;
        assert_close("of the labels", mine, share, 0.012);
    }
    let data = Comparisons::of_features(&world.mdp.features, &labels, &[0, 1]);
    let of = |by: u32| {
        let mut mine = Comparisons { width: 2, ..Comparisons::default() };
        for i in (0..data.labels.len()).filter(|i| data.by[*i] == by) {
            mine.differences.extend(&data.differences[2 * i..2 * i + 2]);
            mine.labels.push(data.labels[i]);
        }
        fit(&mine, 0.1, 0.0).weights
    };
    assert_all_close("blind", &of(0), &[1.0, 0.0], 0.08);
    assert_all_close("contrary", &of(1), &[-1.0, 1.0], 0.12);
    assert_all_close("the overseer itself", &of(2), &[1.0, 2.0], 0.12);
}

#[test]
fn reliabilities_are_where_nothing_is_lower() {
    let mut rng = rng(9);
    let (annotators, features, count) = ([1.0, 1.0, -1.0, 0.3, 0.0], 3, 400);
    let mut data = Comparisons { width: features, ..Comparisons::default() };
    for i in 0..count {
        let difference: Vec<f64> = (0..features).map(|_| normal(&mut rng)).collect();
        let lead = difference[0] - 0.5 * difference[1];
        data.by.push(i % 5);
        data.labels.push(f64::from(u8::from(
            uniform(&mut rng) < sigmoid(2.0 * annotators[(i % 5) as usize] * lead),
        )));
        data.differences.extend(difference);
    }
    let loss = |at: &[f64]| {
        let (weights, reliability) = at.split_at(features);
        let prior =
            0.1 * dot(weights, weights) + reliability.iter().map(|r| (r - 1.0) * (r - 1.0)).sum::<f64>();
        let of_label = |i: usize| {
            let lead = dot(weights, &data.differences[features * i..][..features]);
            let z = reliability[data.by[i] as usize] * lead;
            ln_1p(exp(-z.abs())) + if data.labels[i] == 1.0 { (-z).max(0.0) } else { z.max(0.0) }
        };
        0.5 * prior + (0..data.labels.len()).map(of_label).sum::<f64>()
    };
    let found = reliable(&data, 0.1);
    let at = [found.weights.clone(), found.reliability.clone()].concat();
    let lowest = loss(&at);
    for j in 0..at.len() {
        let moved = |by: f64| {
            let mut moved = at.clone();
            moved[j] += by;
            loss(&moved)
        };
        assert!((moved(1e-4) - moved(-1e-4)).abs() / 2e-4 < 1e-5, "a slope at {j}");
    }
    // Nor is it lower at the contrary of it, nor near any of many other places.
    assert!(loss(&at.iter().map(|x| -x).collect::<Vec<_>>()) > lowest);
    let places = (0..2000).map(|_| (0..at.len()).map(|_| 3.0 * normal(&mut rng)).collect::<Vec<_>>());
    assert!(places.map(|place| loss(&place)).fold(f64::INFINITY, f64::min) > lowest);
    for (found, of) in found.reliability.iter().zip(annotators) {
        assert!((found / found.max(1.0) - of).abs() < 0.45, "{:?}", found);
    }
}

#[test]
fn both_orders_cancel_what_is_said_for_the_place() {
    // One who prefers what is shown first by two in log-odds: of one order the weight is that of the place.
    let weight = |orders: &[f64]| {
        let data = Comparisons {
            width: 1,
            differences: orders.to_vec(),
            labels: orders.iter().map(|x| sigmoid(0.5 * x + 2.0)).collect(),
            ..Comparisons::default()
        };
        fit(&data, 1e-9, 0.0).weights[0]
    };
    assert!(weight(&[-1.0]) < -1.0, "{}", weight(&[-1.0]));
    let both = weight(&[1.0, -1.0]);
    assert!(both > 0.0 && both == weight(&[-1.0, 1.0]), "{both}");
}
