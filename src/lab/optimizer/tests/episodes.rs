use super::worlds::{gold, random};
use super::{assert_close, reached};
use crate::lab::mdp::{Mdp, Outcomes};
use crate::numerics::math::{ln, powi};

/// Totals of all episodes from state `s` on, with their chances under π₀.
fn all(mdp: &Mdp, table: &[f64], s: usize, steps: u32) -> Vec<(f64, f64)> {
    let Outcomes::Moves { offset, next, chance } = &mdp.outcomes else { panic!("no moves") };
    if steps == 0 {
        return vec![(0.0, 1.0)];
    }
    let mut found = Vec::new();
    for row in mdp.rows_of(s) {
        for k in offset[row] as usize..offset[row + 1] as usize {
            let p = mdp.reference[row] * chance[k];
            let rest = all(mdp, table, next[k] as usize, steps - 1);
            found.extend(rest.into_iter().map(|(total, q)| (table[k] + total, p * q)));
        }
    }
    found
}

/// Expected total of the best of n, by enumeration.
fn best_of(mdp: &Mdp, table: &[f64], n: u32) -> (f64, f64) {
    let (mut mean, mut range) = (0.0, 0.0f64);
    for (s, start) in mdp.start.iter().enumerate().filter(|(_, p)| **p > 0.0) {
        let mut totals = all(mdp, table, s, mdp.horizon);
        totals.sort_by(|a, b| a.0.total_cmp(&b.0));
        range = range.max(totals[totals.len() - 1].0 - totals[0].0);
        let mut below = 0.0;
        for (total, p) in totals {
            mean += start * total * (powi(below + p, n) - powi(below, n));
            below += p;
        }
    }
    (mean, range)
}

#[test]
fn best_of_episodes_is_that_of_their_law() {
    // With F the law of totals and F̂ that of N episodes, |F̂ − F| ≤ ε everywhere but with
    // chance 2·exp(−2Nε²) (Dvoretzky–Kiefer–Wolfowitz, Massart), and the mean of the best of
    // n, ∫ 1 − Fⁿ, is off by n·ε times the range at most. Two starts of N = 100,000 and a
    // chance of 1 in 10⁶: ε = √(ln(4·10⁶)/2N) = 0.0087. `fresh` differs from `pool` by less
    // than n²/N in the law, which is lost in that.
    const N: f64 = 100_000.0;
    let epsilon = (ln(4e6) / (2.0 * N)).sqrt();
    let mdp = random(3, 4, 2, 4);
    let reward = gold(&mdp);
    for draws in ["pool", "fresh"] {
        let toml = format!("best_of_n = {{ draws = {draws:?}, n = [1, 2, 4], episodes = 100000 }}");
        for best in reached(&toml, &mdp, &reward, 1) {
            let (expected, range) = best_of(&mdp, &reward.0, best.pressure as u32);
            let mean: f64 = best.visits.iter().zip(&reward.0).map(|(v, r)| v * r).sum();
            assert_close(draws, mean, expected, (best.pressure * epsilon + 16.0 / N) * range);
            assert_close("steps", best.visits.iter().sum(), 4.0, 1e-9);
            assert!(best.policy.is_none());
            assert_eq!(best.kl.is_some(), draws == "pool");
        }
    }
}

#[test]
fn the_kl_is_that_of_whole_episodes() {
    // Totals without ties: ln n − (n − 1)/n, as in the continuous limit, to 1 part in N.
    let mut mdp = random(4, 5, 3, 12);
    mdp.start = vec![1.0, 0.0, 0.0, 0.0, 0.0];
    let best = &reached("best_of_n = { n = [1, 8] }", &mdp, &gold(&mdp), 2);
    assert_close("kl", best[0].kl.unwrap(), 0.0, 1e-12);
    assert_close("kl", best[1].kl.unwrap(), ln(8.0) - 7.0 / 8.0, 0.01);
}

#[test]
fn rounding_decides_no_tie() {
    // Both actions pay 0.1 or 0.3 in some order: all totals of four steps with two of each are
    // equal but for rounding. Sums that differ by the order of their terms only must share.
    let pays = |x: f64| vec![x];
    let mut mdp = random(5, 1, 2, 4);
    mdp.outcomes = Outcomes::Moves { offset: vec![0, 1, 2], next: vec![0, 0], chance: vec![1.0, 1.0] };
    mdp.features =
        crate::lab::mdp::Features::new(vec!["x".into()], vec![[pays(0.1), pays(0.3)].concat()]).into();
    mdp.gold = vec![1.0];
    let toml = "best_of_n = { n = 32, episodes = 100000 }";
    let best = &reached(toml, &mdp, &crate::lab::mdp::Learned(mdp.gold_table().0), 2)[0];
    // Five groups of totals, by how often the second action is taken: binomial(4, ½). The KL
    // is that of best of 32 among these groups.
    let (mut below, mut kl) = (0.0, 0.0);
    for p in [1.0, 4.0, 6.0, 4.0, 1.0].map(|c| c / 16.0) {
        let kept = powi(below + p, 32) - powi(below, 32);
        kl += kept * ln(kept / p);
        below += p;
    }
    // The best group is 1/16 of the episodes, give or take five standard deviations of 1.2 %:
    // as much of 1 nat or so is what the KL can be off by. With ties broken it would be that
    // of no ties.
    assert_close("kl", best.kl.unwrap(), kl, 0.1);
    assert!((kl - (ln(32.0) - 31.0 / 32.0)).abs() > 0.2);
}
