//! Soft value iteration: the policy that maximises λ·E\[return\] − KL(π‖π₀).
//!
//! Backwards over the steps, with V = ln Σ π₀ exp(λr + E V′):
//!
//! π(a|s) = π₀(a|s)·exp(λr + E V′ − V).
//!
//! The trick: the first two derivatives of V in λ come along in the same
//! sweep, V′ = Σπ(r + E V′) and V″ = Σπ·E V″ + Var_π(r + E V′). By the envelope
//! theorem V′ is the expected return, so KL = λV′ − V and dKL/dλ = λV″, and a
//! tilt to a given KL is a one-dimensional Newton iteration.

use super::{from_start, kl};
use crate::math::{exp, ln};
use crate::mdp::Mdp;
use crate::policy::Policy;

/// The optimum of λ·E\[return\] − KL(π‖π₀).
#[derive(Clone, Debug)]
pub struct Soft {
    /// The policy; \[horizon\]\[rows\].
    pub policy: Policy,
    /// max_π λ·E\[return\] − KL.
    pub value: f64,
    /// Expected return.
    pub gain: f64,
    /// KL(π‖π₀) of the trajectory laws, nats.
    pub kl: f64,
    /// dKL/dλ.
    pub slope: f64,
}

/// Soft value iteration with inverse temperature λ = 1/β ≥ 0 under a reward table.
pub fn soft(mdp: &Mdp, table: &[f64], lambda: f64) -> Soft {
    let rows = mdp.row_count();
    let mut chances = vec![0.0; rows * mdp.horizon as usize];
    // V, V′, V″ of every state.
    let mut value = [vec![0.0; mdp.states()], vec![0.0; mdp.states()], vec![0.0; mdp.states()]];
    for step in (0..mdp.horizon as usize).rev() {
        let now = &mut chances[step * rows..][..rows];
        let mut next = [vec![0.0; mdp.states()], vec![0.0; mdp.states()], vec![0.0; mdp.states()]];
        for s in 0..mdp.states() {
            let of_state = mdp.rows_of(s);
            if of_state.is_empty() {
                continue;
            }
            let mut peak = f64::NEG_INFINITY;
            for row in of_state.clone() {
                now[row] = lambda * table[row] + mdp.onward(row, &value[0]);
                if mdp.reference[row] > 0.0 {
                    peak = peak.max(now[row]);
                }
            }
            let mut mass = 0.0;
            let (mut gain, mut curve) = (0.0, 0.0);
            for row in of_state.clone() {
                // 0·exp(large) would be NaN where π₀ has no support.
                now[row] =
                    if mdp.reference[row] > 0.0 { mdp.reference[row] * exp(now[row] - peak) } else { 0.0 };
                mass += now[row];
                gain += now[row] * (table[row] + mdp.onward(row, &value[1]));
            }
            gain /= mass;
            for row in of_state.clone() {
                now[row] /= mass;
                let deviation = table[row] + mdp.onward(row, &value[1]) - gain;
                curve += now[row] * (mdp.onward(row, &value[2]) + deviation * deviation);
            }
            next[0][s] = peak + ln(mass);
            next[1][s] = gain;
            next[2][s] = curve;
        }
        value = next;
    }
    let [value, gain, curve] = value.map(|x| from_start(mdp, &x));
    let policy = Policy { chances };
    // λ·gain − value is the same, and all rounding where λ is large or tiny.
    let kl = kl(mdp, &policy);
    Soft { policy, value, gain, kl, slope: lambda * curve }
}

/// The limit λ → ∞: best rows only, tied ones in proportion to the reference
/// mass of what they lead to. Its `value` is infinite unless the return is 0,
/// so it is reported as NaN.
pub fn greedy_limit(mdp: &Mdp, table: &[f64]) -> Soft {
    let rows = mdp.row_count();
    let mut chances = vec![0.0; rows * mdp.horizon as usize];
    let mut best = vec![0.0; mdp.states()];
    // ln of the reference mass of the best continuations: −KL of the limit.
    let mut mass = vec![0.0; mdp.states()];
    for step in (0..mdp.horizon as usize).rev() {
        let now = &mut chances[step * rows..][..rows];
        let (mut next_best, mut next_mass) = (vec![0.0; mdp.states()], vec![0.0; mdp.states()]);
        for s in 0..mdp.states() {
            let of_state = mdp.rows_of(s);
            let supported = of_state.clone().filter(|&row| mdp.reference[row] > 0.0);
            let value = |row: usize| table[row] + mdp.onward(row, &best);
            let Some(top) = supported.clone().map(value).max_by(f64::total_cmp) else { continue };
            let near = top - 1e-12 * top.abs().max(1.0) * f64::from(u8::from(mdp.horizon > 1));
            let mut total = 0.0;
            for row in supported {
                if value(row) >= near {
                    now[row] = mdp.reference[row] * exp(mdp.onward(row, &mass));
                    total += now[row];
                }
            }
            for row in of_state {
                now[row] /= total;
            }
            next_best[s] = top;
            next_mass[s] = ln(total);
        }
        (best, mass) = (next_best, next_mass);
    }
    let kl = -from_start(mdp, &mass);
    Soft { policy: Policy { chances }, value: f64::NAN, gain: from_start(mdp, &best), kl, slope: 0.0 }
}
