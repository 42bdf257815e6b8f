//! The tilt to a given χ²: π = π₀·max(0, 1 + λ(r − c)), which of all policies at its χ² has the most reward
//! (Laidlaw, Singhal and Dragan 2024), with one λ for all prompts and c such that the chances of a prompt
//! add up to 1.
//!
//! Of a prompt the best k groups of equal reward are kept. With M their mass under π₀, r̄ their mean reward and
//! V = Σ π₀(r − r̄)² over them, the ratio π/π₀ is 1/M + λ(r − r̄), and χ² = 1/M − 1 + λ²V. Group k is given up
//! where its ratio comes to 0, at λ = 1/(M(r̄ − r_k)): the better a group, the later. So χ² is increasing
//! in λ², and straight between such places, and Newton's steps in λ² end on the root itself.

use super::ranks::Candidates;
use super::{Reached, rank};
use crate::lab::mdp::{Learned, Mdp};
use crate::lab::policy::Policy;

/// The best groups of a prompt, down to one of them.
#[derive(Clone, Copy, Debug)]
struct Best {
    /// Chance under π₀, M.
    mass: f64,
    /// Mean reward, r̄.
    mean: f64,
    /// Σ π₀(r − r̄)², V.
    square: f64,
    /// λ from which on the last of them is given up; infinite if it is the only one.
    until: f64,
}

/// The prompts of a table, each with its best groups, the very best first.
struct Prompts {
    best: Vec<Vec<Best>>,
}

impl Prompts {
    fn new(mdp: &Mdp, reward: &[f64]) -> Self {
        let of_prompt = |s: usize| {
            let rows = mdp.rows_of(s);
            let (reward, reference) = (&reward[rows.clone()], &mdp.reference[rows]);
            let order = rank(reward);
            let candidates = Candidates { order: &order, reward, reference };
            let (mut mass, mut mean, mut square) = (0.0, 0.0, 0.0);
            let add = |group: &[u32]| {
                let (of_group, r) = (candidates.mass(group), reward[group[0] as usize]);
                let off = r - mean;
                mass += of_group;
                mean += off * (of_group / mass);
                square += of_group * off * (r - mean);
                let until = 1.0 / (mass * (mean - r)).max(0.0);
                Best { mass, mean, square, until }
            };
            candidates.groups().rev().filter(|group| candidates.mass(group) > 0.0).map(add).collect()
        };
        Self { best: (0..mdp.states()).map(of_prompt).collect() }
    }

    /// The groups that are kept of a prompt.
    fn kept(&self, s: usize, lambda: f64) -> Best {
        let best = &self.best[s];
        best[best.partition_point(|best| best.until > lambda).max(1) - 1]
    }

    /// χ² at λ², and its slope in λ².
    fn chi2(&self, mdp: &Mdp, squared: f64) -> (f64, f64) {
        let (mut chi2, mut slope) = (0.0, 0.0);
        for (s, start) in mdp.start.iter().enumerate() {
            let Best { mass, square, .. } = self.kept(s, squared.sqrt());
            chi2 += start * (1.0 / mass - 1.0 + squared * square);
            slope += start * square;
        }
        (chi2, slope)
    }

    /// The λ at which χ² is `target`; infinite where no policy for the reward is so far from π₀.
    fn lambda(&self, mdp: &Mdp, target: f64) -> f64 {
        let (mut low, mut high, mut squared) = (0.0, f64::INFINITY, 0.0);
        // Every step but the last lands on another piece, on the near side of the root or beyond it.
        for _ in 0..200 {
            let (chi2, slope) = self.chi2(mdp, squared);
            if (chi2 - target).abs() <= 1e-14 * target {
                break;
            }
            if chi2 < target {
                low = squared;
            } else {
                high = squared;
            }
            if slope == 0.0 && chi2 < target {
                return f64::INFINITY;
            }
            let newton = squared + (target - chi2) / slope;
            let next = match newton > low && newton < high {
                true => newton,
                false => 0.5 * (low + high),
            };
            if next == squared || !next.is_finite() {
                break;
            }
            squared = next;
        }
        squared.sqrt()
    }

    /// The policy at λ; the best groups alone where it is infinite.
    fn policy(&self, mdp: &Mdp, reward: &[f64], lambda: f64) -> Policy {
        let mut chances = vec![0.0; mdp.row_count()];
        for s in 0..mdp.states() {
            let Best { mass, mean, .. } = self.kept(s, lambda);
            for row in mdp.rows_of(s) {
                let ratio = match lambda == f64::INFINITY {
                    true => f64::from(u8::from(reward[row] >= mean)) / mass,
                    false => (1.0 / mass + lambda * (reward[row] - mean)).max(0.0),
                };
                chances[row] = mdp.reference[row] * ratio;
            }
        }
        Policy { chances }
    }
}

/// Hands over the tilt to each χ².
pub(super) fn tilt_to_chi2(mdp: &Mdp, reward: &Learned, targets: &[f64], visit: &mut dyn FnMut(Reached)) {
    let prompts = Prompts::new(mdp, &reward.0);
    for &target in targets {
        let lambda = prompts.lambda(mdp, target);
        visit(Reached::policy(mdp, target, prompts.policy(mdp, &reward.0, lambda)));
    }
}
