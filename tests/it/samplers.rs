//! Every sampler: its bits, so that results stay; and its law.

use crate::common::{assert_all_close, assert_close, bandit, tail};
use oversight::lab::hearing::Hearing;
use oversight::lab::inputs::Inputs;
use oversight::lab::mdp::{Features, Mdp, Outcomes};
use oversight::lab::overseer::{Choice, Reward};
use oversight::lab::pairs::Pairs;
use oversight::lab::policy::{Episode, Policy, Sampler};
use oversight::lab::world::WorldConfig;
use oversight::numerics::math::{exp, ln, ln_1p, normal_cdf};
use oversight::numerics::rng::{Purpose, Rng, Streams, normal, uniform};
use oversight::numerics::stats::mean;
use rand::distr::Distribution;
use std::sync::Arc;

fn rng(name: &str) -> Rng {
    Streams { seed: 9, repetition: 1 }.stream(Purpose::Feature, name, 2)
}

fn first_three(mut draw: impl FnMut(&mut Rng) -> f64) -> [f64; 3] {
    let mut rng = rng("stability");
    [0; 3].map(|_| draw(&mut rng))
}

/// A change here changes every result: announce it under Results in the CHANGELOG.
#[test]
fn value_stability() {
    assert_eq!(first_three(uniform), [0.7406749969769041, 0.33335114780629305, 0.2614775344811914]);
    assert_eq!(first_three(normal), [0.6454277794414275, -0.43067830508193594, -0.6387968942499594]);
    let t3 = tail("student_t = { df = 3 }");
    assert_eq!(
        first_three(|rng| t3.sample(rng)),
        [-0.4077187646329938, 1.4147954516408612, -4.595168319710847]
    );
    let log_normal = tail("log_normal = { sigma = 0.5 }");
    assert_eq!(
        first_three(|rng| log_normal.sample(rng)),
        [0.38087021321948633, -0.19373205402075758, -0.27341401447474195]
    );
    assert_eq!(first_three(|rng| tail("normal = {}").sample(rng)), first_three(normal));
}

/// Two states and an end in which an episode stays.
fn walk() -> Mdp {
    Mdp {
        traits: None,
        horizon: 4,
        start: vec![0.25, 0.75, 0.0],
        rows: vec![0, 2, 5, 6],
        outcomes: Outcomes::Moves {
            offset: vec![0, 2, 3, 4, 6, 7, 8],
            next: vec![0, 1, 1, 0, 1, 2, 0, 2],
            chance: vec![0.5, 0.5, 1.0, 1.0, 0.875, 0.125, 1.0, 1.0],
        },
        features: Arc::new(Features::default()),
        gold: Vec::new(),
        reference: vec![0.5, 0.5, 0.25, 0.5, 0.25, 1.0],
        view: vec![0, 1, 2],
    }
}

#[test]
fn episode_stability() {
    let mdp = walk();
    let sampler = Sampler::new(&mdp, &Policy::reference(&mdp));
    let mut rng = rng("episodes");
    let drawn = sampler.episodes(4, mdp.horizon, &mut rng, |rng| (sampler.start(rng), 0));
    let rows = |e: &Episode| e.steps.iter().map(|k| mdp.row_of(*k as usize)).collect::<Vec<_>>();
    let episodes: Vec<_> = drawn.iter().map(rows).collect();
    assert_eq!(episodes, [[2, 1, 3, 4], [3, 5, 5, 5], [1, 2, 1, 4], [2, 1, 2, 1]]);
}

#[test]
fn episodes_have_their_chances() {
    // Visits against exact occupancies; an episode has at most 4 visits of an outcome, so Hoeffding
    // gives 4·√(ln(2/α)/2n). 8 outcomes × 2 policies at α = 1e-4: a false alarm of 1.6e-3.
    let mdp = walk();
    let n = 40_000;
    let bound = 4.0 * (ln(2.0 / 1e-4) / (2.0 * f64::from(n))).sqrt();
    let changing: Vec<f64> =
        [[0.5, 0.5, 0.25, 0.5, 0.25, 1.0], [0.0, 1.0, 0.0, 1.0, 0.0, 1.0]].repeat(2).concat();
    for policy in [Policy::reference(&mdp), Policy { chances: changing }] {
        let sampler = Sampler::new(&mdp, &policy);
        let mut rng = rng("occupancy");
        let mut visits = [0.0; 8];
        for episode in sampler.episodes(n as usize, mdp.horizon, &mut rng, |rng| (sampler.start(rng), 0)) {
            episode.steps.iter().for_each(|k| visits[*k as usize] += 1.0 / f64::from(n));
        }
        for (got, expected) in visits.iter().zip(oversight::lab::solve::visits(&mdp, &policy)) {
            assert_close("visits", *got, expected, bound);
        }
    }
}

#[test]
fn episodes_side_by_side_are_those_one_after_another() {
    let mdp = walk();
    // Segments of three steps that begin at the first or the second, of a policy that changes.
    let changing: Vec<f64> =
        [[0.5, 0.5, 0.25, 0.5, 0.25, 1.0], [0.0, 1.0, 0.0, 1.0, 0.0, 1.0]].repeat(2).concat();
    let sampler = Sampler::new(&mdp, &Policy { chances: changing });
    for count in [1, 7, 8, 9, 20] {
        let begin = |rng: &mut Rng| (sampler.start(rng), u32::from(uniform(rng) < 0.5));
        let (mut one, mut other) = (rng("abreast"), rng("abreast"));
        let together = sampler.episodes(count, 3, &mut one, begin);
        let apart: Vec<Episode> =
            (0..count).flat_map(|_| sampler.episodes(1, 3, &mut other, begin)).collect();
        assert_eq!(together, apart);
        assert_eq!(uniform(&mut one), uniform(&mut other));
    }
}

#[test]
fn segments_begin_at_every_step_alike() {
    // Visits of segments of two of four steps against exact occupancies, of a policy that is the same
    // at every step and of one that is not: Hoeffding with at most 2 visits, as above. No state is an
    // end: there is something at all of them.
    let something = Features::new(vec!["something".to_owned()], vec![vec![1.0; 8]]);
    let mdp = Mdp { features: something.into(), ..walk() };
    let pairs = 20_000;
    let bound = 2.0 * (ln(2.0 / 1e-4) / (4.0 * f64::from(pairs))).sqrt();
    let [one, other] = [vec![0.5, 0.5, 0.25, 0.5, 0.25, 1.0], vec![0.0, 1.0, 0.0, 1.0, 0.0, 1.0]];
    let changing = [one.clone(), other.clone(), other, one.clone()].concat();
    for chances in [one, changing] {
        let policy = Policy { chances };
        let streams = ["segments", "choices", "telling"].map(rng);
        let hearing = Hearing::new(Reward::of_table(vec![0.0; 8]), Choice::default());
        let asked = Pairs::new(&mdp, &policy, Some(2)).ask(&hearing, pairs, streams);
        let mut visits = [0.0; 8];
        for segment in asked.iter().flat_map(|pair| [&pair.first, &pair.second]) {
            assert_eq!(segment.steps.len(), 2);
            segment.steps.iter().for_each(|k| visits[*k as usize] += 0.5 / f64::from(pairs));
        }
        // Up to a step: what is visited until the segment's end less what is visited before it.
        let until = |steps: u32| {
            let rows = mdp.row_count() * if policy.is_steady(&mdp) { 1 } else { steps as usize };
            let policy = Policy { chances: policy.chances[..rows].to_vec() };
            oversight::lab::solve::visits(&Mdp { horizon: steps, ..mdp.clone() }, &policy)
        };
        let ends = [until(2), until(3), until(4)];
        let before = [vec![0.0; 8], until(1), until(2)];
        for (k, got) in visits.iter().enumerate() {
            let expected: f64 = ends.iter().zip(&before).map(|(end, begin)| (end[k] - begin[k]) / 3.0).sum();
            assert_close("visits", *got, expected, bound);
        }
    }
}

#[test]
fn segments_are_of_what_is_played() {
    // Most episodes reach the goal within a few of 400 steps. No segment begins after that, and a
    // longer horizon, which hardly any episode needs, changes hardly any segment.
    let table = |text: &str| {
        let config: WorldConfig = toml::from_str(text).expect("valid TOML");
        let blueprint = config.blueprint(&Inputs::Training).expect("a map");
        let draw = blueprint.draw(Streams { seed: 0, repetition: 0 });
        blueprint.world(draw).mdp
    };
    let grid = "[gridworld]\nmap = \"\"\"\n#######\n#A   G#\n#  ~  #\n#######\n\"\"\"\n\
        each_step = { step = 1 }\n\
        tiles = { '~' = { feature = 'mud' }, G = { feature = 'goal', ends = true } }\n\
        features = { step = { gold = -0.1 }, mud = { gold = -1 }, goal = { gold = 3 } }\n";
    let begins = |horizon: u32| {
        let mdp = table(&format!("{grid}horizon = {horizon}\n"));
        let hearing = Hearing::new(Reward::of_table(vec![0.0; mdp.outcome_count()]), Choice::default());
        let streams = ["played", "choices", "telling"].map(rng);
        let policy = Policy::reference(&mdp);
        let asked = Pairs::new(&mdp, &policy, Some(4)).ask(&hearing, 5000, streams);
        let over = mdp.over();
        assert_eq!(over.iter().filter(|over| **over).count(), 1);
        let mut shares = vec![0.0; mdp.states()];
        for segment in asked.iter().flat_map(|pair| [&pair.first, &pair.second]) {
            shares[segment.start as usize] += 1e-4;
        }
        assert!(shares.iter().zip(&over).all(|(share, over)| !over || *share == 0.0));
        // Where steps are the same at all times: visits that are played, each as often as it is.
        let visits = oversight::lab::solve::visits(&Mdp { horizon: horizon - 3, ..mdp.clone() }, &policy);
        let played = |s: usize| if over[s] { 0.0 } else { mdp.outcomes_of(s).map(|k| visits[k]).sum() };
        let played: Vec<f64> = (0..mdp.states()).map(played).collect();
        let all: f64 = played.iter().sum();
        let law: Vec<f64> = played.into_iter().map(|visits| visits / all).collect();
        let bound = (ln(2.0 / 1e-4) / 20_000.0).sqrt();
        assert_all_close("segments that begin there", &shares, &law, bound);
        law
    };
    assert_all_close("whatever the horizon", &begins(200), &begins(400), 1e-3);
}

#[test]
fn what_has_no_chance_is_never_drawn() {
    let mdp = bandit(&[&[0.0, 0.3, 0.0, 0.7, 0.0]], &[("x", &[1.0, 2.0, 3.0, 4.0, 5.0])], &[1.0]);
    let sampler = Sampler::new(&mdp, &Policy::reference(&mdp));
    let mut rng = rng("support");
    for _ in 0..10_000 {
        assert_eq!(sampler.start(&mut rng), 0);
        assert!([1, 3].contains(&sampler.alike(1, 2, &mut rng)[1].steps[0]));
    }
    let mut x = [0.0];
    let episode = Episode { start: 0, steps: vec![1, 3, 3] };
    episode.features(&mdp.features, &mut x);
    assert_eq!((x[0], episode.total(mdp.features.column(0))), (10.0, 10.0));
}

/// P(|t₃| has this law) in closed form.
fn t3_cdf(x: f64) -> f64 {
    let y = x / 3.0f64.sqrt();
    0.5 + (y / (1.0 + y * y) + libm::atan(y)) / std::f64::consts::PI
}

#[test]
fn laws() {
    // Dvoretzky–Kiefer–Wolfowitz (Massart's constant): the empirical distribution function of n
    // draws is off by more than √(ln(2/α)/2n) somewhere with chance α at most; α = 1e-4 each.
    let n = 50_000;
    let bound = (ln(2.0 / 1e-4) / (2.0 * n as f64)).sqrt();
    let [t1, t2, t3, heavy] = [
        "student_t = { df = 1 }",
        "student_t = { df = 2, scale = 0.5 }",
        "student_t = { df = 3 }",
        "log_normal = { sigma = 2.0 }",
    ]
    .map(tail);
    type Law<'a> = (&'a str, Box<dyn Fn(&mut Rng) -> f64>, fn(f64) -> f64);
    let laws: [Law<'_>; 6] = [
        ("uniform", Box::new(uniform), |x| x),
        ("normal", Box::new(normal), normal_cdf),
        ("t1", Box::new(move |rng| t1.sample(rng)), |x| 0.5 + libm::atan(x) / std::f64::consts::PI),
        ("t2", Box::new(move |rng| t2.sample(rng)), |x| 0.5 + x / (2.0 * (0.5 + x * x).sqrt())),
        ("t3", Box::new(move |rng| t3.sample(rng)), t3_cdf),
        ("log-normal", Box::new(move |rng| heavy.sample(rng)), |x| normal_cdf(ln_1p(x) / 2.0)),
    ];
    for (name, draw, cdf) in laws {
        let mut rng = rng(name);
        let mut values: Vec<f64> = (0..n).map(|_| draw(&mut rng)).collect();
        values.sort_by(f64::total_cmp);
        let gaps = values.iter().enumerate().map(|(i, x)| {
            let [low, high] = [i, i + 1].map(|i| i as f64 / n as f64);
            (cdf(*x) - low).max(high - cdf(*x))
        });
        let gap = gaps.fold(0.0, f64::max);
        println!("{name}: {gap:.5} of {bound:.5}");
        assert!(gap < bound, "{name}: {gap}, bound {bound}");
    }
}

#[test]
fn moments_of_tails() {
    let close = |name: &str, mean: f64, variance: f64| {
        let law = tail(name);
        assert_close(name, law.mean(), mean, 1e-14);
        assert_close(name, law.variance(), variance, 1e-14 * variance);
    };
    close("student_t = { df = 3 }", 0.0, 3.0);
    close("student_t = { df = 5, scale = 2.0 }", 0.0, 20.0 / 3.0);
    close("student_t = { df = 3, scale = 0.5773502691896258 }", 0.0, 1.0);
    // μ = 0, σ = ln 2: mean e^{σ²/2} − 1 and variance (e^{σ²} − 1)e^{σ²}.
    close("log_normal = { sigma = 0.6931471805599453 }", 0.271_537_129_714_140_35, 0.997_257_143_163_523_2);
    assert_eq!(tail("student_t = { df = 2 }").variance(), f64::INFINITY);
    assert!(tail("student_t = { df = 1 }").mean().is_nan());

    // Drawn means against these, with 4.5 standard errors from the law: 6.8e-6 each.
    let n = 50_000;
    for name in ["student_t = { df = 5 }", "log_normal = { sigma = 0.5 }"] {
        let law = tail(name);
        let mut rng = rng(name);
        let drawn: Vec<f64> = (0..n).map(|_| law.sample(&mut rng)).collect();
        assert_close(name, mean(&drawn), law.mean(), 4.5 * (law.variance() / f64::from(n)).sqrt());
    }
    // The median of a log-normal is taken off: half the draws lie below 0, and none below −1.
    assert_close("median", tail("log_normal = { sigma = 3.0 }").mean(), exp(4.5) - 1.0, 1e-12);
}
