use super::worlds::{blind, gold, grid, random};
use super::{assert_all_close, assert_close, reached};
use crate::lab::mdp::Mdp;
use crate::lab::solve::{evaluate, greedy_limit};

/// The most that can be earned from state `s` in so many steps, by trying everything.
fn best(mdp: &Mdp, table: &[f64], s: usize, steps: usize) -> f64 {
    if steps == 0 {
        return 0.0;
    }
    mdp.rows_of(s).map(|row| worth(mdp, table, row, steps)).fold(f64::NEG_INFINITY, f64::max)
}

fn worth(mdp: &Mdp, table: &[f64], row: usize, steps: usize) -> f64 {
    let value: Vec<f64> = (0..mdp.states()).map(|s| best(mdp, table, s, steps - 1)).collect();
    mdp.worth(row, table, &value)
}

#[test]
fn takes_what_brute_force_takes() {
    for seed in 0..5 {
        let mdp = random(seed, 3, 3, 5);
        let reward = gold(&mdp);
        for plan in reached("planner.depth = [1, 2, 3, 4, 5, 9]", &mdp, &reward, 0) {
            let policy = plan.policy.unwrap();
            for step in 0..5 {
                let ahead = (plan.pressure as usize).min(5 - step);
                for row in 0..mdp.row_count() {
                    let top = best(&mdp, &reward.0, mdp.state_of(row), ahead);
                    let taken = f64::from(u8::from(worth(&mdp, &reward.0, row, ahead) > top - 1e-9));
                    assert_close("chance", policy.at(&mdp, step as u32)[row], taken, 1e-12);
                }
            }
            // It takes one of three at each step: 5 ln 3 nats.
            assert_close("kl", plan.kl.unwrap(), 5.0 * crate::numerics::math::ln(3.0), 1e-9);
        }
    }
}

#[test]
fn plans_to_the_end_are_the_greedy_limit() {
    for mdp in [grid(4, 0.2, 8), blind()] {
        let reward = gold(&mdp);
        let limit = greedy_limit(&mdp, &reward.0);
        for plan in reached(&format!("planner.depth = [{}, 100]", mdp.horizon), &mdp, &reward, 0) {
            assert_close("gain", evaluate(&mdp, &plan.policy.unwrap(), &reward.0), limit.gain, 1e-12);
            assert_close("kl", plan.kl.unwrap(), limit.kl, 1e-9);
        }
    }
}

#[test]
fn sees_no_further_than_its_depth() {
    // With one step to see and none that pays, all ways are alike: it is π₀.
    let mdp = grid(3, 0.0, 6);
    let mut reward = gold(&mdp);
    let first = mdp.rows_of(0).end as u32;
    let shallow = &reached("planner.depth = 1", &mdp, &reward, 0)[0];
    assert_all_close(
        "π",
        &shallow.policy.as_ref().unwrap().chances[..first as usize],
        &mdp.reference[..first as usize],
        1e-12,
    );
    // Nothing to gain anywhere: π₀ at any depth.
    reward.0.fill(0.0);
    for plan in reached("planner.depth = [1, 3, 6]", &mdp, &reward, 0) {
        assert_close("kl", plan.kl.unwrap(), 0.0, 1e-12);
    }
}

#[test]
fn plans_over_views() {
    // Two hidden halves, told apart by nothing: what counts is the mean over both. Looking one
    // step ahead 'safe' wins, two steps ahead 'risky' does.
    let mdp = blind();
    let reward = crate::lab::mdp::Learned(mdp.gold_table().0);
    let plans = reached("planner.depth = [1, 2]", &mdp, &reward, 0);
    for (plan, expected) in plans.iter().zip([[1.0, 0.0], [0.0, 1.0]]) {
        let policy = plan.policy.as_ref().unwrap();
        for s in [0, 1] {
            assert_all_close("first step", &policy.at(&mdp, 0)[mdp.rows_of(s)], &expected, 1e-12);
        }
    }
}
