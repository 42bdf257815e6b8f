use super::worlds::{blind, gold, grid, random, ring};
use super::{assert_all_close, assert_close, reached};
use crate::lab::mdp::{Mdp, Outcomes};
use crate::lab::optimizer::OptimizerConfig;
use crate::lab::policy::Policy;
use crate::lab::solve::{Endless, evaluate, soft};
use crate::numerics::math::{exp, ln};
use std::sync::Arc;

/// The same world, ending after each step with chance 1 − γ, for many steps: what is
/// earned there in expectation is the discounted sum.
fn ending(mdp: &Mdp, discount: f64, horizon: u32) -> (Mdp, Vec<usize>) {
    let Outcomes::Moves { offset, next, chance } = &mdp.outcomes else { panic!("no moves") };
    let end = mdp.states() as u32;
    let (mut offsets, mut to, mut chances, mut from) = (vec![0], vec![], vec![], vec![]);
    for row in 0..mdp.row_count() {
        for k in offset[row] as usize..offset[row + 1] as usize {
            to.extend([next[k], end]);
            chances.extend([discount * chance[k], (1.0 - discount) * chance[k]]);
            from.extend([k, k]);
        }
        offsets.push(to.len() as u32);
    }
    to.push(end);
    chances.push(1.0);
    offsets.push(to.len() as u32);
    let ended = |column: &[f64]| from.iter().map(|k| column[*k]).chain([0.0]).collect();
    let columns = mdp.features.columns().map(ended).collect();
    let features = crate::lab::mdp::Features::new(mdp.features.names.clone(), columns);
    let ending = Mdp {
        traits: None,
        horizon,
        start: [&mdp.start[..], &[0.0]].concat(),
        rows: [&mdp.rows[..], &[mdp.row_count() as u32 + 1]].concat(),
        outcomes: Outcomes::Moves { offset: offsets, next: to, chance: chances },
        features: Arc::new(features),
        gold: mdp.gold.clone(),
        reference: [&mdp.reference[..], &[1.0]].concat(),
        view: (0..=end).collect(),
    };
    (ending, from)
}

#[test]
fn is_a_fixed_point() {
    for mdp in [grid(5, 0.2, 20), ring(), random(1, 12, 4, 5)] {
        let reward = gold(&mdp);
        for discount in [0.0, 0.9, 0.99, 0.9999] {
            for beta in [10.0, 0.3, 0.01] {
                let mut value = vec![0.0; mdp.states()];
                let chances = Endless { mdp: &mdp, table: &reward.0, beta, discount }.solve(&mut value);
                let scale = value.iter().fold(1.0, |m: f64, v| m.max(v.abs()));
                let onward: Vec<f64> = value.iter().map(|v| discount * v).collect();
                for s in 0..mdp.states() {
                    let rows = mdp.rows_of(s);
                    let worth: Vec<f64> =
                        rows.clone().map(|row| mdp.worth(row, &reward.0, &onward)).collect();
                    let peak = worth.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                    let terms =
                        rows.clone().zip(&worth).map(|(row, q)| mdp.reference[row] * exp((q - peak) / beta));
                    let v = peak + beta * ln(terms.sum());
                    assert_close("V", value[s], v, 1e-10 * scale);
                    for (row, q) in rows.zip(&worth) {
                        assert_close(
                            "π",
                            chances[row],
                            mdp.reference[row] * exp((q - v) / beta),
                            1e-9 * scale,
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn is_the_start_of_a_long_horizon() {
    // What is earned after 400 steps weighs 0.9⁴⁰⁰ < 10⁻¹⁸.
    for mdp in [grid(5, 0.2, 20), ring(), random(2, 6, 3, 5)] {
        let reward = gold(&mdp);
        let (long, from) = ending(&mdp, 0.9, 400);
        let table: Vec<f64> = from.iter().map(|k| reward.0[*k]).chain([0.0]).collect();
        let betas = [2.0, 0.3, 0.05];
        let toml = format!("soft_value_iteration = {{ beta = {betas:?}, discount = 0.9 }}");
        for (endless, beta) in reached(&toml, &mdp, &reward, 0).iter().zip(betas) {
            let finite = soft(&long, &table, 1.0 / beta);
            let first = &finite.policy.at(&long, 0)[..mdp.row_count()];
            assert_all_close("π", &endless.policy.as_ref().unwrap().chances, first, 1e-9);
        }
    }
}

#[test]
fn is_where_the_policy_gradient_goes() {
    // By what it maximises: the discounted sum of r − β·KL over the same finite horizon, as a
    // share of what the optimum gains over π₀.
    let (discount, beta) = (0.9, 0.2);
    for (name, mdp) in [("grid", grid(4, 0.1, 60)), ("ring", ring()), ("random", random(2, 6, 3, 60))] {
        let mdp = Mdp { horizon: 60, ..mdp };
        let reward = gold(&mdp);
        let (long, from) = ending(&mdp, discount, 60);
        let aim = |policy: &Policy| {
            let policy = Policy { chances: [&policy.chances[..], &[1.0]].concat() };
            let table: Vec<f64> = from.iter().map(|k| reward.0[*k]).chain([0.0]).collect();
            evaluate(&long, &policy, &table) - beta * crate::lab::solve::kl(&long, &policy)
        };
        let toml = format!("soft_value_iteration = {{ beta = {beta}, discount = {discount} }}");
        let optimum = aim(reached(&toml, &mdp, &reward, 0)[0].policy.as_ref().unwrap());
        let start = aim(&Policy::reference(&mdp));
        for optimizer in ["natural_policy_gradient = { rate = 0.5,", "ppo = { rate = 0.1,"] {
            let toml = format!(
                "{optimizer} iterations = 200, beta = {beta}, discount = {discount}, policy = 'tabular' }}"
            );
            let got = aim(reached(&toml, &mdp, &reward, 3)[0].policy.as_ref().unwrap());
            let share = (got - start) / (optimum - start);
            println!("{name} {optimizer}: {share:.4}");
            assert_close(&format!("{name} {optimizer}"), share, 1.0, 0.02);
        }
    }
}

#[test]
fn asks_for_states_told_apart() {
    let optimizer: OptimizerConfig =
        toml::from_str("soft_value_iteration = { beta = 1.0, discount = 0.9 }").unwrap();
    assert!(optimizer.check_table(&ring()).is_ok());
    let fault = optimizer.check_table(&blind()).unwrap_err();
    assert_eq!(fault.path, ["optimizer", "soft_value_iteration"]);
    let tilt: OptimizerConfig = toml::from_str("tilt.beta = 1.0").unwrap();
    assert!(tilt.check_table(&blind()).is_ok());
}
