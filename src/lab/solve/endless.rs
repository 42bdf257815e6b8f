//! The stationary policy that maximises E\[Σ γᵗ·(rₜ − β·KL of step t)\] over an
//! endless horizon, from every state at once:
//!
//! V(s) = β·ln Σ_a π₀(a|s)·exp(Q(s, a)/β), Q = E\[r + γV(s′)\], π = π₀·exp((Q − V)/β).
//!
//! The right side contracts by γ, so sweeps alone need 1/(1 − γ) of them per
//! factor of e. The trick: its derivative in V is γP_π, so Newton's step solves
//! (I − γP_π)·x = TV − V, which is soft policy iteration and converges
//! quadratically. The linear system is left to BiCGSTAB (van der Vorst 1992), and
//! a step after which a sweep would lower a value was not solved and is not taken: so
//! it converges in any case.
//!
//! The trap: states of one view would share their chances by their discounted
//! visits, which depend on the policy. So every state with a choice has to be
//! its own view; [`check_told_apart`] asks for it.

use super::Flow;
use crate::lab::mdp::Mdp;
use crate::numerics::error::ConfigError;
use crate::numerics::math::{dot, exp, largest, ln};

/// What is to be solved.
#[derive(Clone, Copy)]
pub(crate) struct Endless<'a> {
    pub(crate) mdp: &'a Mdp,
    pub(crate) table: &'a [f64],
    /// β: price of a nat of KL.
    pub(crate) beta: f64,
    /// γ: weight of a step relative to the one before it.
    pub(crate) discount: f64,
}

impl Endless<'_> {
    /// The chances of the optimum; \[rows\]. Starts from `value` and leaves there the
    /// optimum's, to 1 part in 10¹² or as far as rounding lets it.
    pub(crate) fn solve(self, value: &mut Vec<f64>) -> Vec<f64> {
        let [mut chances, mut others] = [(); 2].map(|()| vec![0.0; self.mdp.row_count()]);
        let mut flow = Flow::new(self.mdp, &self.mdp.reference);
        let mut swept = self.sweep(value, &mut chances);
        let mut last = f64::INFINITY;
        loop {
            let residual: Vec<f64> = swept.iter().zip(&*value).map(|(new, old)| new - old).collect();
            let (off, scale) = (largest(&residual), largest(&swept));
            // Below this a sweep can only round.
            let close = off <= 1e-10 * scale;
            if off <= 1e-12 * (1.0 - self.discount) * scale || (close && off >= last) {
                return chances;
            }
            last = off;
            flow.follow(self.mdp, &chances);
            let step = self.newton(&flow, &residual);
            let ahead: Vec<f64> = value.iter().zip(&step).map(|(v, x)| v + x).collect();
            let ahead_swept = self.sweep(&ahead, &mut others);
            // The value of a policy is never above the optimum's, nor below that of the policy
            // before it; a sweep, which is sure to contract, where the linear system was not solved.
            let solved = ahead.iter().zip(&ahead_swept).all(|(a, b)| b - a >= -(1e-2 * off + 1e-12 * scale));
            if solved {
                (*value, swept) = (ahead, ahead_swept);
                std::mem::swap(&mut chances, &mut others);
            } else {
                *value = swept;
                swept = self.sweep(value, &mut chances);
            }
        }
    }

    /// TV; writes the policy that attains it over `chances`.
    fn sweep(self, value: &[f64], chances: &mut [f64]) -> Vec<f64> {
        let Self { mdp, table, beta, discount } = self;
        let onward: Vec<f64> = value.iter().map(|v| discount * v).collect();
        let of_state = |s: usize| {
            let rows = mdp.rows_of(s);
            let mut peak = f64::NEG_INFINITY;
            for row in rows.clone() {
                chances[row] = mdp.worth(row, table, &onward);
                if mdp.reference[row] > 0.0 {
                    peak = peak.max(chances[row]);
                }
            }
            let mut mass = 0.0;
            for row in rows.clone() {
                let p = mdp.reference[row];
                chances[row] = if p > 0.0 { p * exp((chances[row] - peak) / beta) } else { 0.0 };
                mass += chances[row];
            }
            rows.clone().for_each(|row| chances[row] /= mass);
            if rows.is_empty() { 0.0 } else { peak + beta * ln(mass) }
        };
        (0..mdp.states()).map(of_state).collect()
    }

    /// x with (I − γP_π)·x = b, or near it, by BiCGSTAB on rows divided by their
    /// diagonals: an absorbing state's is 1 − γ. Newton's step need be no better than
    /// the error it leaves, which is of second order.
    fn newton(self, flow: &Flow, b: &[f64]) -> Vec<f64> {
        let scale: Vec<f64> =
            (0..b.len()).map(|s| 1.0 / (1.0 - self.discount * flow.between(s, s))).collect();
        let apply = |x: &[f64]| -> Vec<f64> {
            let of_state = |s: usize| (x[s] - self.discount * flow.expected(s, x)) * scale[s];
            (0..x.len()).map(of_state).collect()
        };
        let add =
            |x: &mut [f64], scale: f64, y: &[f64]| x.iter_mut().zip(y).for_each(|(x, y)| *x += scale * y);
        let mut x = vec![0.0; b.len()];
        let mut rest: Vec<f64> = b.iter().zip(&scale).map(|(b, scale)| b * scale).collect();
        let (shadow, enough) = (rest.clone(), 1e-8 * dot(&rest, &rest));
        let mut direction = rest.clone();
        let mut rho = dot(&shadow, &rest);
        for _ in 0..500 {
            let image = apply(&direction);
            let alpha = rho / dot(&shadow, &image);
            add(&mut x, alpha, &direction);
            add(&mut rest, -alpha, &image);
            let turned = apply(&rest);
            let omega = dot(&turned, &rest) / dot(&turned, &turned);
            if !omega.is_finite() {
                break;
            }
            add(&mut x, omega, &rest);
            add(&mut rest, -omega, &turned);
            let next = dot(&shadow, &rest);
            let beta = next / rho * alpha / omega;
            if dot(&rest, &rest) <= enough || !beta.is_finite() {
                break;
            }
            add(&mut direction, -omega, &image);
            direction.iter_mut().zip(&rest).for_each(|(p, r)| *p = r + beta * *p);
            rho = next;
        }
        x
    }
}

/// Checks that no two of these states are of one view.
pub(crate) fn check_told_apart(
    mdp: &Mdp,
    of: impl Fn(usize) -> bool,
    [path, message, help]: [&str; 3],
) -> Result<(), ConfigError> {
    let mut met = vec![false; mdp.states()];
    let mut states = (0..mdp.states()).filter(|s| of(*s));
    match states.any(|s| std::mem::replace(&mut met[mdp.view[s] as usize], true)) {
        true => Err(ConfigError::new(path, message, help)),
        false => Ok(()),
    }
}
