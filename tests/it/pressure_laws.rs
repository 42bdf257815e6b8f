//! Laws of pressure and doubt: what χ² bounds, what a quantilizer bounds, what DPO and IPO are, what a lower
//! bound saves. Numbers are of the papers that are named, or follow from a sum written out here.

use crate::common::{assert_all_close, assert_close, bandit, optimise, order, policy};
use oversight::lab::Setup;
use oversight::lab::mdp::{Features, Learned, Mdp};
use oversight::lab::optimizer::{Candidates, quantilize};
use oversight::lab::overseer::{Label, Reward};
use oversight::lab::pairs::Pairs;
use oversight::lab::policy::{Episode, Policy};
use oversight::lab::query::Comparison;
use oversight::lab::reward_model::{Comparisons, Posterior, fit, learned, squared};
use oversight::lab::solve::{chi2, evaluate, kl, moments};
use oversight::numerics::math::{Symmetric, binomial, exp, ln, normal_quantile, sigmoid};
use oversight::numerics::rng::{Purpose, Rng, Streams, normal, uniform};
use oversight::study::theory::{FORMS, Form, Gain};
use std::sync::Arc;

fn rng(index: u64) -> Rng {
    Streams { seed: 3, repetition: 0 }.stream(Purpose::Pairs, "pressure", index)
}

fn law(count: usize, rng: &mut Rng) -> Vec<f64> {
    let raw: Vec<f64> = (0..count).map(|_| uniform(rng) * uniform(rng) + 1e-3).collect();
    let sum: f64 = raw.iter().sum();
    raw.iter().map(|p| p / sum).collect()
}

/// What a policy may lose of gold, in π₀'s standard deviations, by its gain in the proxy and its χ² (Laidlaw,
/// Singhal and Dragan 2024): the greater of two bounds, of which the second is for ρ > 0.
fn least_gain(rho: f64, gain: f64, chi2: f64) -> f64 {
    let root = ((1.0 - rho * rho).max(0.0) * chi2).sqrt();
    let one = rho * gain - root;
    if rho > 0.0 { one.max((gain - root) / rho) } else { one }
}

#[test]
fn correlated_proxies_lose_no_more_than_chi_squared_allows() {
    let slack = |mdp: &Mdp, to: &Policy| {
        let (proxy, gold) = (mdp.features.column(0), mdp.features.column(1));
        let m = moments(mdp, proxy, gold);
        let sd = m.variance.map(f64::sqrt);
        let rho = m.covariance / (sd[0] * sd[1]);
        let gain = |table: &[f64], sd: f64| {
            (evaluate(mdp, to, table) - evaluate(mdp, &Policy::reference(mdp), table)) / sd
        };
        let far = chi2(mdp, to);
        ([rho, far, gain(proxy, sd[0]), gain(gold, sd[1])], least_gain(rho, gain(proxy, sd[0]), far))
    };
    let equal = vec![0.25; 4];
    let columns: [(&str, &[f64]); 2] = [("s", &[0.0, 1.0, 2.0, 5.0]), ("g", &[0.0, 2.0, 1.0, -1.0])];
    let mdp = bandit(&[&equal], &columns, &[0.0, 1.0]);
    let (found, bound) = slack(&mdp, &Policy { chances: vec![0.1, 0.2, 0.3, 0.4] });
    assert_all_close("example", &found, &[-0.597614305, 0.2, 0.427617987, -0.178885438], 1e-9);
    assert_close("bound", bound, -0.614119209, 1e-9);

    let mut least = f64::INFINITY;
    for i in 0..10_000 {
        let mut rng = rng(i);
        let count = 2 + (uniform(&mut rng) * 6.0) as usize;
        let [one, other] = [(); 2].map(|()| law(count, &mut rng));
        let [s, g] = [(); 2].map(|()| (0..2 * count).map(|_| normal(&mut rng)).collect::<Vec<f64>>());
        let mdp = bandit(&[&one, &other], &[("s", &s), ("g", &g)], &[0.0, 1.0]);
        let to = Policy { chances: [law(count, &mut rng), law(count, &mut rng)].concat() };
        let ([.., gold], bound) = slack(&mdp, &to);
        least = least.min(gold - bound);
    }
    assert!(least >= -1e-9, "{least}");
}

#[test]
fn the_tilt_to_a_chi_squared() {
    let mdp = bandit(&[&[0.25; 4]], &[("s", &[0.0, 1.0, 2.0, 5.0])], &[1.0]);
    let reward = Learned(mdp.features.column(0).to_vec());
    // (χ², chances, KL) of β = 8, 2 and ½.
    let cases: [(f64, [f64; 4], f64); 3] = [
        (0.0546875, [0.1875, 0.21875, 0.25, 0.34375], 0.026318089),
        (0.875, [0.0, 0.125, 0.25, 0.625], 0.486038310),
        (3.0, [0.0, 0.0, 0.0, 1.0], ln(4.0)),
    ];
    for (square, chances, far) in cases {
        let reached = &optimise(&format!("tilt.chi2 = {square:?}"), &mdp, &reward)[0];
        assert_all_close("chances", &policy(reached).chances, &chances, 1e-9);
        assert_close("χ²", reached.chi2.unwrap(), square, 1e-12);
        assert_close("KL", reached.kl.unwrap(), far, 1e-9);
    }
    // No policy for this reward is farther than all on the best.
    let most = &optimise("tilt.chi2 = [0.0, 7.0]", &mdp, &reward);
    assert_all_close("nothing", &policy(&most[0]).chances, &[0.25; 4], 1e-15);
    assert_all_close("all", &policy(&most[1]).chances, &[0.0, 0.0, 0.0, 1.0], 0.0);
    assert_close("χ²", most[1].chi2.unwrap(), 3.0, 1e-12);
}

#[test]
fn no_policy_at_its_chi_squared_has_more_reward() {
    for i in 0..300 {
        let mut rng = rng(i);
        let [one, other] = [(); 2].map(|()| law(5, &mut rng));
        // Some rewards tie.
        let reward: Vec<f64> = (0..10).map(|_| (uniform(&mut rng) * 6.0).floor() / 2.0).collect();
        let mdp = bandit(&[&one, &other], &[("s", &reward)], &[1.0]);
        let any = Policy { chances: [law(5, &mut rng), law(5, &mut rng)].concat() };
        let far = chi2(&mdp, &any);
        let best = &optimise(&format!("tilt.chi2 = {far:?}"), &mdp, &Learned(reward.clone()))[0];
        let reached = best.chi2.unwrap();
        assert!((reached - far).abs() < 1e-10 * far || reached < far, "{reached} for {far}");
        let [best, any] = [policy(best), &any].map(|policy| evaluate(&mdp, policy, &reward));
        assert!(best >= any - 1e-12, "{best} below {any}");
        // Cauchy and Schwarz.
        let m = moments(&mdp, &reward, &reward);
        assert!(best - m.mean[0] <= (m.variance[0] * reached).sqrt() + 1e-12);
        // Where nobody is given up, that is what it gains.
        let near = &optimise("tilt.chi2 = 1e-4", &mdp, &Learned(reward.clone()))[0];
        if policy(near).chances.iter().all(|p| *p > 0.0) {
            let gain = evaluate(&mdp, policy(near), &reward) - m.mean[0];
            assert_close("gain", gain, (m.variance[0] * 1e-4).sqrt(), 1e-12);
        }
    }
}

#[test]
fn a_quantilizer_bounds_every_cost() {
    for i in 0..300 {
        let mut rng = rng(i);
        let reference = law(12, &mut rng);
        let reward: Vec<f64> = (0..12).map(|_| (uniform(&mut rng) * 8.0).floor()).collect();
        let mdp = bandit(&[&reference], &[("s", &reward)], &[1.0]);
        let reached = optimise("quantilizer.share = [1.0, 0.5, 0.125, 0.001]", &mdp, &Learned(reward));
        for (level, share) in reached.iter().zip([1.0, 0.5, 0.125, 0.001]) {
            assert_close("mass", level.visits.iter().sum(), 1.0, 1e-12);
            assert_close("KL", level.kl.unwrap(), kl(&mdp, policy(level)), 1e-12);
            for _ in 0..20 {
                let cost: Vec<f64> = (0..12).map(|_| exp(3.0 * normal(&mut rng))).collect();
                let mean = |law: &[f64]| law.iter().zip(&cost).map(|(p, c)| p * c).sum::<f64>();
                assert!(mean(&level.visits) <= mean(&reference) / share + 1e-12 * mean(&reference) / share);
            }
        }
    }
    // Where no group is cut, its KL is −ln q and its χ² is 1/q − 1.
    let mdp = bandit(&[&[0.125; 8]], &[("s", &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])], &[1.0]);
    for reached in
        optimise("quantilizer.share = [0.5, 0.25, 0.125]", &mdp, &Learned((0..8).map(f64::from).collect()))
    {
        assert_close("KL", reached.kl.unwrap(), -ln(reached.pressure), 1e-12);
        assert_close("χ²", reached.chi2.unwrap(), 1.0 / reached.pressure - 1.0, 1e-12);
    }
}

/// Everitt et al. (2017): true rewards are spread evenly over [0, 1] in 1000 states. Of these some, at random, are
/// corrupt: they are worth nothing and look best. Who draws from all that look like δ = 1 − √(corrupt share) or
/// better loses this much against the best state, and who maximises much more.
#[test]
fn a_quantilizer_is_not_ruined_by_corrupt_rewards() {
    let count = 1000;
    for (corrupt, regret, of_maximiser) in [(1.0, 0.0454, 0.50), (10.0, 0.1367, 0.91), (100.0, 0.3767, 0.99)]
    {
        let share = corrupt / f64::from(count);
        let truth: Vec<f64> = (0..count).map(|i| f64::from(i) / f64::from(count - 1)).chain([0.0]).collect();
        // On average over which states are corrupt; the last one stands for them.
        let mut reference = vec![(1.0 - share) / f64::from(count); count as usize];
        reference.push(share);
        let mut looks = truth.clone();
        looks[count as usize] = 1.0;
        let delta = 1.0 - share.sqrt();
        let kept = looks.iter().zip(&reference).filter(|(r, _)| **r >= delta).map(|(_, p)| p).sum();
        let loss = |share: f64| {
            let mut chances = vec![0.0; looks.len()];
            let candidates = Candidates { order: &order(&looks), reward: &looks, reference: &reference };
            quantilize(&candidates, share, &mut chances);
            1.0 - chances.iter().zip(&truth).map(|(p, r)| p * r).sum::<f64>()
        };
        assert_close("regret", loss(kept), regret, 1e-4);
        let bound = 1.0 - (1.0 - share.sqrt()) * (1.0 - share.sqrt());
        assert!(loss(kept) <= bound);
        assert_close("maximiser", loss(1e-12), of_maximiser, 6e-3);
    }
}

#[test]
fn normal_rewards_gain_what_closed_forms_say() {
    let count = 200_000;
    let x: Vec<f64> = (0..count).map(|i| normal_quantile((f64::from(i) + 0.5) / f64::from(count))).collect();
    let mdp = bandit(&[&vec![1.0 / f64::from(count); count as usize]], &[("x", &x)], &[1.0]);
    for toml in ["tilt.chi2 = [0.01, 0.5, 2.0, 9.0, 40.0]", "quantilizer.share = [1.0, 0.5, 0.1, 0.01]"] {
        let optimizer = toml::from_str(toml).unwrap();
        for reached in optimise(toml, &mdp, &Learned(x.clone())) {
            let gain = evaluate(&mdp, policy(&reached), &x);
            let closed = Gain::default().at(&optimizer, count as u32, reached.pressure).unwrap();
            assert_close(toml, gain, closed, 2e-3);
        }
    }
}

/// Random pairs of answers of one prompt, labelled by a likelihood; and the answers.
fn labelled(count: u32, rng: &mut Rng) -> (Mdp, Vec<Comparison>) {
    let columns = [(); 2].map(|()| (0..8).map(|_| normal(rng)).collect::<Vec<f64>>());
    let mdp = bandit(&[&law(8, rng)], &[("a", &columns[0]), ("b", &columns[1])], &[1.0, -0.5]);
    let gold = mdp.gold_table().0;
    let mut episode = || Episode { start: 0, steps: vec![(uniform(rng) * 8.0) as u32] };
    let pairs: Vec<[Episode; 2]> = (0..count).map(|_| [episode(), episode()]).collect();
    let label = |[first, second]: [Episode; 2]| {
        let says = uniform(rng) < sigmoid(first.lead(&second, &gold));
        let label = if says { Label::First } else { Label::Second };
        Comparison { first, second, label, by: 0 }
    };
    let labels = pairs.into_iter().map(label).collect();
    (mdp, labels)
}

/// DPO (Rafailov et al. 2023), its loss minimised as it is written, is a linear model and a tilt, if the policy is
/// log-linear.
#[test]
fn dpo_is_a_linear_model_and_a_tilt() {
    let (mdp, labels) = labelled(300, &mut rng(7));
    let beta = 0.4;
    let of = |theta: [f64; 2]| {
        let score = |row: usize| (0..2).map(|j| theta[j] * mdp.features.column(j)[row]).sum::<f64>();
        let raw: Vec<f64> = (0..8).map(|row| mdp.reference[row] * exp(score(row))).collect();
        let sum: f64 = raw.iter().sum();
        raw.into_iter().map(|p| p / sum).collect::<Vec<f64>>()
    };
    let loss = |theta: [f64; 2]| {
        let chances = of(theta);
        let ratio = |episode: &Episode| {
            let row = episode.steps[0] as usize;
            ln(chances[row] / mdp.reference[row])
        };
        let of_label = |pair: &Comparison| {
            let lead = ratio(&pair.first) - ratio(&pair.second);
            -ln(sigmoid(if pair.label == Label::First { beta * lead } else { -beta * lead }))
        };
        labels.iter().map(of_label).sum::<f64>()
    };
    // Newton's steps by differences of the loss itself.
    let mut theta = [0.0; 2];
    let h = 1e-3;
    for _ in 0..30 {
        let at = |i: f64, j: f64| loss([theta[0] + i * h, theta[1] + j * h]);
        let slope = [(at(1.0, 0.0) - at(-1.0, 0.0)) / (2.0 * h), (at(0.0, 1.0) - at(0.0, -1.0)) / (2.0 * h)];
        let (middle, square) = (at(0.0, 0.0), h * h);
        let mut hessian = Symmetric::diagonal(&[
            (at(1.0, 0.0) - 2.0 * middle + at(-1.0, 0.0)) / square,
            (at(0.0, 1.0) - 2.0 * middle + at(0.0, -1.0)) / square,
        ]);
        hessian.set(0, 1, (at(1.0, 1.0) - at(1.0, -1.0) - at(-1.0, 1.0) + at(-1.0, -1.0)) / (4.0 * square));
        let step = hessian.solve(&slope, 1e-12).unwrap();
        theta = [theta[0] - step[0], theta[1] - step[1]];
    }
    let weights = fit(&Comparisons::of_features(&mdp.features, &labels, &[0, 1]), 1e-9, 0.0).weights;
    let reward = Reward::linear(&mdp.features, &weights, 0.0);
    let sd = moments(&mdp, &reward.table, &reward.table).variance[0].sqrt();
    let tilted = &optimise(&format!("tilt.beta = {:?}", beta / sd), &mdp, &learned(&mdp, &reward))[0];
    let apart: f64 = of(theta).iter().zip(&policy(tilted).chances).map(|(p, q)| (p - q).abs()).sum();
    assert!(0.5 * apart < 1e-6, "{apart}");
    assert!(kl(&mdp, policy(tilted)) > 0.1, "a policy of its own");
}

/// IPO (Azar et al. 2023) at two arms: the log-ratio is (p − ½)/τ, and stays finite where all labels agree.
#[test]
fn ipo_is_the_squared_loss_and_a_tilt() {
    let mdp = bandit(&[&[0.5, 0.5]], &[("arm", &[0.0, 1.0])], &[1.0]);
    for (wins, tau) in [(7.0, 0.1), (10.0, 0.1), (10.0, 2.0), (4.0, 0.5)] {
        let labels = (0..10).map(|i| f64::from(u8::from(f64::from(i) < wins))).collect();
        let data = Comparisons { width: 1, differences: vec![1.0; 10], labels, ..Comparisons::default() };
        let reward = Reward::linear(&mdp.features, &squared(&data, 1e-10).weights, 0.0);
        let (share, sd) = (wins / 10.0, moments(&mdp, &reward.table, &reward.table).variance[0].sqrt());
        let tilted = &optimise(&format!("tilt.beta = {:?}", tau / sd), &mdp, &learned(&mdp, &reward))[0];
        let chances = &policy(tilted).chances;
        assert_close("log-ratio", ln(chances[1] / chances[0]), (share - 0.5) / tau, 1e-8);
    }
}

/// Four arms with θ* = (−1, .1, .9), of which all comparisons but one are of the first two (Zhu, Jordan and Jiao
/// 2023): who is greedy loses all that one label can be wrong about, and a lower bound does not.
#[test]
fn a_lower_bound_saves_what_one_label_decides() {
    let truth = [-0.9, -1.0, 0.0, 0.1];
    let features = Arc::new(Features::new(
        vec!["x".into(), "y".into()],
        vec![vec![1.0, 1.0, 0.0, 0.0], vec![1.0, 0.0, 0.0, 1.0]],
    ));
    // π₀ does the third, of which all is known.
    let mdp = Mdp {
        reference: vec![0.0, 0.0, 1.0, 0.0],
        ..Mdp::answers(1, Arc::clone(&features), vec![-1.0, 0.1])
    };
    // What is lost on average over labels: exactly, by how many of n − 1 prefer the first arm, and one.
    let lost = |n: u32, radius: f64| {
        let (least, chances) = binomial(n - 1, sigmoid(0.1));
        let whole: f64 = chances.iter().sum();
        let of = |(wins, chance): (u32, &f64), second: f64| {
            let times = n - 1;
            // A chance for a label: as many of them as there are, all alike.
            let share = f64::from(wins) / f64::from(times);
            let data = Comparisons {
                width: 2,
                differences: [[0.0, 1.0].repeat(times as usize), vec![1.0, 0.0]].concat(),
                labels: [vec![share; times as usize], vec![second]].concat(),
                ..Comparisons::default()
            };
            let weights = fit(&data, 0.01, 0.0).weights;
            // Theirs, which takes every label to be as uncertain as a number of variance 1.
            let covariance = Symmetric::diagonal(&[1.0 / (1.0 + 0.01), 1.0 / (f64::from(times) + 0.01)]);
            let doubt = Posterior::Laplace { inputs: Arc::clone(&features), columns: vec![0, 1], covariance };
            let spread = doubt.spread(&mdp);
            let reward = |arm: usize| {
                let sum: f64 = (0..2).map(|j| weights[j] * features.column(j)[arm]).sum();
                sum - radius * spread[arm]
            };
            let best = (0..4).max_by(|a, b| reward(*a).total_cmp(&reward(*b))).unwrap();
            chance / whole * (0.1 - truth[best])
        };
        let of_second = |second: f64| (least..).zip(&chances).map(|each| of(each, second)).sum::<f64>();
        sigmoid(-1.0) * of_second(1.0) + sigmoid(1.0) * of_second(0.0)
    };
    // √(d/n) in their norm, over n, is √d in that of all labels.
    let root = 3f64.sqrt();
    let greedy = lost(100, 0.0);
    assert!(greedy > sigmoid(-1.0) && greedy < 0.3, "{greedy}");
    assert_close("radius 3", lost(100, 3.0 * root), 0.098, 1e-3);
    assert!(lost(100, root) > 0.2, "{}", lost(100, root));
}

/// The toy of Gao et al.: returns of everything diminish, gold is x₁ − c(|x|² − d), and the proxy is linear. A normal
/// law tilted along w has its mean moved by √(2·KL) along it, so the gain is d(√2·cos − 2c·d) with d = √KL, and
/// best of n comes near it.
#[test]
fn curved_gold_under_a_linear_proxy_follows_the_quadratic_form() {
    let toml = "prompts = 1\nanswers = 65536\nfeatures.x = { gold = 1.0, curvature = -0.12 }\n\
        features.y = { count = 7, curvature = -0.12 }";
    let mdp = crate::common::world(toml, 4).mdp;
    let weight = |name: &String| match name.as_str() {
        "x" => 1.0,
        squared if squared.ends_with("_squared") => 0.0,
        _ => 0.25,
    };
    let weights: Vec<f64> = mdp.features.names.iter().map(weight).collect();
    let cosine = 1.0 / (1.0f64 + 7.0 * 0.0625).sqrt();
    let proxy = learned(&mdp, &Reward::linear(&mdp.features, &weights, 0.0));
    let gold = mdp.gold_table().0;
    let start = evaluate(&mdp, &Policy::reference(&mdp), &gold);
    for (toml, near) in
        [("tilt.kl = [0.1, 0.5, 1.0, 2.0, 3.0, 4.0]", 0.03), ("best_of_n.n = [2, 4, 8, 20, 54, 147]", 0.15)]
    {
        let points: Vec<(f64, f64)> = optimise(toml, &mdp, &proxy)
            .iter()
            .map(|reached| (reached.kl.unwrap().sqrt(), evaluate(&mdp, policy(reached), &gold) - start))
            .collect();
        let [form, other] = FORMS.map(|(_, bend)| Form::fit(bend, &points).unwrap());
        println!("{toml}: {form:?}, {other:?}");
        assert!(form.r_squared > 0.999, "{form:?}");
        assert_close("α", form.alpha, 2f64.sqrt() * cosine, near);
        assert_close("β", form.beta, 0.24, near);
    }
}

/// Two answers differ by what their features differ in, and an outcome lies as far off as its features do from π₀'s.
#[test]
fn a_posterior_knows_how_sure_it_is() {
    let (mdp, labels) = labelled(60, &mut rng(11));
    let fitted = fit(&Comparisons::of_features(&mdp.features, &labels, &[0, 1]), 0.1, 0.0);
    let covariance = fitted.covariance.clone();
    let laplace = Posterior::Laplace { inputs: mdp.features.clone(), columns: vec![0, 1], covariance };
    let episode = |row: u32| Episode { start: 0, steps: vec![row] };
    let of = |x: [f64; 2]| {
        let sum = |i: usize| (0..2).map(|j| x[i] * x[j] * fitted.covariance.at(i, j)).sum::<f64>();
        sum(0) + sum(1)
    };
    let column = |j: usize| mdp.features.column(j);
    let lead = [0, 1].map(|j| column(j)[2] - column(j)[5]);
    assert_close("of a pair", laplace.variance(&episode(2), &episode(5)), of(lead), 1e-12);
    let mean = [0, 1].map(|j| mdp.reference.iter().zip(column(j)).map(|(p, x)| p * x).sum::<f64>());
    let off = [0, 1].map(|j| column(j)[3] - mean[j]);
    assert_close("of an outcome", laplace.spread(&mdp)[3], of(off).sqrt(), 1e-12);
    // Members (1, 0, 0, …) and (0, 1, 0, …): over 2 and not 1.
    let member = |row: usize| (0..8).map(|i| f64::from(u8::from(i == row))).collect::<Vec<f64>>();
    let members = Posterior::Members(vec![member(0), member(1)]);
    assert_close("of members", members.variance(&episode(0), &episode(1)), 1.0, 1e-15);
    assert_all_close("spread", &members.spread(&mdp)[..3], &[0.5, 0.5, 0.0], 1e-15);
}

/// A lower bound, the least of an ensemble, and their means, as the loop has them.
#[test]
fn doubt_takes_off_what_is_uncertain() {
    let setup = |model: &str| Setup {
        world: toml::from_str(
            "answers = { prompts = 3, answers = 64, features = { a = { gold = 1.0 }, b = {} } }",
        )
        .unwrap(),
        overseer: Default::default(),
        feedback: Default::default(),
        reward_model: toml::from_str(model).unwrap(),
        optimizer: Default::default(),
    };
    let streams = Streams { seed: 2, repetition: 0 };
    let fitted = |model: &str| {
        let setup = setup(model);
        let (world, overseer) = setup.open(streams).unwrap();
        let hearing = overseer.hears(&world, &setup.feedback.protocol);
        let asking = [Purpose::Pairs, Purpose::Choices, Purpose::Telling].map(|p| streams.stream(p, "", 1));
        let labels = Pairs::new(&world.mdp, &Policy::reference(&world.mdp), None).ask(&hearing, 40, asking);
        (setup.reward_model.fit(&world, &hearing, &labels, streams), world)
    };
    let ((plain, world), (lower, _)) = (fitted("linear = {}"), fitted("linear.lower = 2.0"));
    let spread = plain.posterior.as_ref().unwrap().spread(&world.mdp);
    let expected: Vec<f64> = plain.reward.table.iter().zip(&spread).map(|(r, sd)| r - 2.0 * sd).collect();
    assert_all_close("lower", &lower.reward.table, &expected, 1e-12);
    let ensemble = |take: &str| fitted(&format!("linear.bootstrap = {{ members = 6, take = {take} }}")).0;
    let [mean, least, less] = ["'mean'", "'min'", "{ less_variance = 0.5 }"].map(ensemble);
    let Some(Posterior::Members(members)) = &mean.posterior else { panic!("an ensemble") };
    for k in 0..world.mdp.outcome_count() {
        let of: Vec<f64> = members.iter().map(|table| table[k]).collect();
        let average = of.iter().sum::<f64>() / 6.0;
        let variance = of.iter().map(|x| (x - average) * (x - average)).sum::<f64>() / 6.0;
        let expected = [average, of.iter().copied().fold(f64::INFINITY, f64::min), average - 0.5 * variance];
        let found = [&mean, &least, &less].map(|model| model.reward.table[k]);
        assert_all_close("taken", &found, &expected, 1e-12);
    }
    // Each is 0 on average from every start.
    for (s, table) in (0..3).flat_map(|s| members.iter().map(move |table| (s, table))) {
        let level: f64 = world.mdp.rows_of(s).map(|row| world.mdp.reference[row] * table[row]).sum();
        assert_close("level", level, 0.0, 1e-12);
    }
}
