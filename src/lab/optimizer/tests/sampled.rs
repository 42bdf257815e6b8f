use super::worlds::{blind, corridor, gold, grid, random, ring};
use super::{assert_all_close, assert_close, reached};
use crate::lab::mdp::{Features, Mdp, Outcomes};
use crate::lab::policy::Policy;
use crate::lab::solve::{evaluate, kl, optimum, soft};

/// (gold − π₀'s)/(optimum − π₀'s).
fn fraction(mdp: &Mdp, policy: &Policy) -> f64 {
    let table = mdp.gold_table().0;
    let reference = evaluate(mdp, &Policy::reference(mdp), &table);
    (evaluate(mdp, policy, &table) - reference) / (optimum(mdp, &table) - reference)
}

#[test]
fn end_at_the_tilt() {
    // What is asked of them is 0.02.
    for (name, mdp) in [("grid", grid(5, 0.2, 20)), ("ring", ring()), ("corridor", corridor())] {
        let reward = gold(&mdp);
        let tilt = fraction(&mdp, &soft(&mdp, &reward.0, 1.0 / 0.3).policy);
        for optimizer in ["natural_policy_gradient = { rate = 0.3,", "ppo = { rate = 0.1,"] {
            let toml = format!("{optimizer} iterations = 400, beta = 0.3, policy = 'tabular' }}");
            let end = &reached(&toml, &mdp, &reward, 1)[0];
            let gap = fraction(&mdp, end.policy.as_ref().unwrap()) - tilt;
            println!("{name} {optimizer} tilt {tilt:.4} gap {gap:+.4}");
            assert_close(&format!("{name} {optimizer}"), gap, 0.0, 0.02);
            assert_close("kl", end.kl.unwrap(), kl(&mdp, end.policy.as_ref().unwrap()), 0.0);
        }
    }
}

#[test]
fn answers_with_a_parameter_each_end_at_the_tilt() {
    // The advantages of all answers agree at the tilt, so nothing of the noise is left.
    let mdp = Mdp {
        traits: None,
        horizon: 1,
        start: vec![0.5, 0.5],
        rows: vec![0, 3, 5],
        outcomes: Outcomes::Ends,
        features: Features::new(vec!["x".into()], vec![vec![0.0, 1.0, -1.0, 0.5, 0.2]]).into(),
        gold: vec![1.0],
        reference: vec![0.5, 0.25, 0.25, 0.7, 0.3],
        view: vec![0, 1],
    };
    let reward = gold(&mdp);
    let tilt = soft(&mdp, &reward.0, 1.0).policy;
    for optimizer in [
        "policy_gradient = { rate = 0.5, iterations = 2000,",
        "natural_policy_gradient = { rate = 0.5, iterations = 400,",
        "ppo = { iterations = 400,",
    ] {
        let end = &reached(&format!("{optimizer} policy = 'tabular' }}"), &mdp, &reward, 1)[0];
        assert_all_close(optimizer, &end.policy.as_ref().unwrap().chances, &tilt.chances, 1e-5);
    }
}

#[test]
fn a_plain_step_is_the_gradient() {
    // Of E[return] in the log-odds of every action of every step, by differences; at π₀ the
    // price of KL has none.
    let mdp = random(7, 4, 3, 3);
    let reward = gold(&mdp);
    let toml = "policy_gradient = { iterations = 1, episodes = 1000000, rate = 0.01, policy = 'tabular' }";
    let end = reached(toml, &mdp, &reward, 1)[0].policy.clone().unwrap();
    let reference = mdp.reference.repeat(3);
    for at in 0..reference.len() {
        let row = at % mdp.row_count();
        let first = at - row % 3;
        let along = |by: f64| {
            let mut chances = reference.clone();
            chances[at] *= 1.0 + by;
            let mass: f64 = chances[first..first + 3].iter().sum();
            chances[first..first + 3].iter_mut().for_each(|p| *p /= mass);
            evaluate(&mdp, &Policy { chances }, &reward.0)
        };
        let slope = (along(1e-4) - along(-1e-4)) / 2e-4;
        let taken = |at: usize| crate::numerics::math::ln(end.chances[at] / reference[at]);
        let mean: f64 = (first..first + 3).map(taken).sum::<f64>() / 3.0;
        assert_close(&format!("log-odds {at}"), (taken(at) - mean) / 0.01, slope, 0.01);
    }
}

#[test]
fn features_over_time_end_at_the_tilt() {
    // Where actions lead nowhere in particular, the tilt is log-linear in what they pay. The
    // second feature repeats the first, which must not matter.
    let mut mdp = random(7, 4, 3, 6);
    let Outcomes::Moves { offset, next, chance } = &mut mdp.outcomes else { panic!("no moves") };
    for row in 0..mdp.reference.len() {
        let (k, s) = (offset[row] as usize, row / 3);
        (next[k], next[k + 1]) = (s as u32, (s as u32 + 1) % 4);
        (chance[k], chance[k + 1]) = (0.5, 0.5);
    }
    let first: Vec<f64> = (0..mdp.outcome_count()).map(|k| mdp.features.column(0)[k / 2 * 2]).collect();
    let columns = vec![first.clone(), first.iter().map(|x| 3.0 * x).collect()];
    let features = Features::new(vec!["a".into(), "b".into()], columns);
    (mdp.gold, mdp.features) = (vec![1.0, 0.0], features.into());
    let reward = gold(&mdp);
    let tilt = soft(&mdp, &reward.0, 1.0).policy;
    for optimizer in ["natural_policy_gradient = {", "ppo = { rate = 0.03,"] {
        let end = &reached(&format!("{optimizer} iterations = 200 }}"), &mdp, &reward, 1)[0];
        let policy = end.policy.as_ref().unwrap();
        for step in 0..6 {
            assert_all_close(optimizer, policy.at(&mdp, step), tilt.at(&mdp, step), 0.02);
        }
    }
}

#[test]
fn features_seldom_met_are_no_leap() {
    // The goal is rare, so its feature is met by few episodes, and then always taken: the
    // policy must neither leap nor end beyond what the goal pays, 4.7 sd of the return.
    let mdp = grid(4, 0.2, 10);
    let reward = gold(&mdp);
    let most = reward.0.iter().fold(0.0, |m: f64, r| m.max(*r));
    for optimizer in ["policy_gradient", "natural_policy_gradient", "ppo"] {
        for seed in 0..5 {
            for end in
                reached(&format!("{optimizer} = {{ iterations = [10, 50, 200] }}"), &mdp, &reward, seed)
            {
                let least = end.policy.unwrap().chances.into_iter().fold(1.0, f64::min);
                assert!(least > 0.25 * crate::numerics::math::exp(-2.0 * most), "{optimizer}: {least}");
            }
        }
    }
}

#[test]
fn act_on_views() {
    let mdp = blind();
    let reward = gold(&mdp);
    let tilt = soft(&mdp, &reward.0, 1.0).policy;
    for optimizer in ["policy_gradient", "natural_policy_gradient", "ppo"] {
        for shape in ["tabular", "log_linear"] {
            let toml = format!("{optimizer} = {{ iterations = 300, policy = '{shape}' }}");
            let policy = reached(&toml, &mdp, &reward, 1)[0].policy.clone().unwrap();
            for step in 0..2 {
                for s in [0, 2] {
                    let [one, two] = [s, s + 1].map(|s| &policy.at(&mdp, step)[mdp.rows_of(s)]);
                    assert_all_close("one view", one, two, 0.0);
                }
            }
            if shape == "tabular" {
                assert_close(
                    optimizer,
                    evaluate(&mdp, &policy, &reward.0),
                    evaluate(&mdp, &tilt, &reward.0),
                    0.05,
                );
            }
        }
    }
}

#[test]
fn are_functions_of_their_streams() {
    let mdp = grid(4, 0.2, 10);
    let reward = gold(&mdp);
    for optimizer in ["policy_gradient", "natural_policy_gradient", "ppo"] {
        for shape in ["tabular", "log_linear"] {
            let run = |levels: &str, seed| {
                let toml = format!("{optimizer} = {{ iterations = {levels}, policy = '{shape}' }}");
                reached(&toml, &mdp, &reward, seed).pop().unwrap().policy.unwrap().chances
            };
            // Levels on the way change nothing.
            assert_eq!(run("9", 1), run("[2, 5, 9]", 1));
            assert_ne!(run("9", 1), run("9", 2));
        }
    }
    let best = |n: &str| reached(&format!("best_of_n.n = {n}"), &mdp, &reward, 1).pop().unwrap().visits;
    assert_eq!(best("16"), best("[4, 16]"));
}

#[test]
fn no_reward_no_move() {
    let mdp = grid(4, 0.2, 10);
    let reward = crate::lab::mdp::Learned(vec![0.0; mdp.outcome_count()]);
    for optimizer in [
        "policy_gradient = { iterations = 20, policy = 'tabular' }",
        "policy_gradient = { iterations = 20 }",
        "natural_policy_gradient = { iterations = 20, policy = 'tabular' }",
        "natural_policy_gradient = { iterations = 20 }",
        "ppo = { iterations = 20, policy = 'tabular' }",
        "ppo = { iterations = 20 }",
        "soft_value_iteration = { beta = 1.0, discount = 0.9 }",
    ] {
        assert_close(optimizer, reached(optimizer, &mdp, &reward, 1)[0].kl.unwrap(), 0.0, 1e-12);
    }
}
