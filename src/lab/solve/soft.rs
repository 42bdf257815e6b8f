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

use super::{Views, from_start, keep_reference_where_unvisited, kl};
use crate::lab::mdp::{Mdp, Outcomes};
use crate::lab::policy::Policy;
use crate::numerics::math::{exp, largest, ln};
use std::ops::Range;

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
///
/// States of one view share their chances: these follow the mean of their values
/// of each row, weighed by their shares of the view's visits.
pub fn soft(mdp: &Mdp, table: &[f64], lambda: f64) -> Soft {
    let rows = mdp.row_count();
    let views = Views::new(mdp);
    let scaled: Vec<f64> = table.iter().map(|r| lambda * r).collect();
    let mut chances = vec![0.0; rows * mdp.horizon as usize];
    // V, V′, V″ of every state, and of every row.
    let mut value = vec![[0.0; 3]; mdp.states()];
    let [mut worth, mut gains, mut curves] = [(); 3].map(|()| vec![0.0; rows]);
    for step in (0..mdp.horizon as usize).rev() {
        let now = &mut chances[step * rows..][..rows];
        let mut next = vec![[0.0; 3]; mdp.states()];
        for row in 0..rows {
            [worth[row], gains[row], curves[row]] = worths(mdp, row, &scaled, table, &value);
        }
        for group in views.groups() {
            let own = views.pool(mdp, step, group, &mut worth);
            let own_gains = views.pool(mdp, step, group, &mut gains);
            let of_view = mdp.rows_of(group[0] as usize);
            if of_view.is_empty() {
                continue;
            }
            let supported = of_view.clone().filter(|&row| mdp.reference[row] > 0.0);
            let peak = supported.map(|row| worth[row]).fold(f64::NEG_INFINITY, f64::max);
            let mut mass = 0.0;
            let mut gain = 0.0;
            for row in of_view.clone() {
                // 0·exp(large) would be NaN where π₀ has no support.
                now[row] =
                    if mdp.reference[row] > 0.0 { mdp.reference[row] * exp(worth[row] - peak) } else { 0.0 };
                mass += now[row];
                gain += now[row] * gains[row];
            }
            gain /= mass;
            of_view.clone().for_each(|row| now[row] /= mass);
            for (i, &s) in group.iter().enumerate() {
                let (mut shift, mut own_gain, mut curve) = (0.0, gain, 0.0);
                for (j, row) in mdp.rows_of(s as usize).enumerate() {
                    now[row] = now[of_view.start + j];
                    let deviation = gains[row] - gain;
                    curve += now[row] * (curves[row] + deviation * deviation);
                    if !own.is_empty() {
                        let at = i * of_view.len() + j;
                        shift += now[row] * (own[at] - worth[row]);
                        own_gain += now[row] * (own_gains[at] - gains[row]);
                    }
                }
                next[s as usize] = [peak + ln(mass) + shift, own_gain, curve];
            }
        }
        value = next;
    }
    let [value, gain, curve] =
        [0, 1, 2].map(|i| mdp.start.iter().zip(&value).map(|(p, v)| p * v[i]).sum::<f64>());
    keep_reference_where_unvisited(mdp, &mut chances);
    let policy = Policy { chances };
    // λ·gain − value is the same, and all rounding where λ is large or tiny.
    let kl = kl(mdp, &policy);
    Soft { policy, value, gain, kl, slope: lambda * curve }
}

/// λr + E V, r + E V′ and E V″ of a row, in one walk over its outcomes.
#[inline]
fn worths(mdp: &Mdp, row: usize, scaled: &[f64], table: &[f64], value: &[[f64; 3]]) -> [f64; 3] {
    let Outcomes::Moves { offset, next, chance } = &mdp.outcomes else {
        return [scaled[row], table[row], 0.0];
    };
    let mut sums = [0.0; 3];
    for k in offset[row] as usize..offset[row + 1] as usize {
        let [v, gain, curve] = value[next[k] as usize];
        sums[0] += chance[k] * (scaled[k] + v);
        sums[1] += chance[k] * (table[k] + gain);
        sums[2] += chance[k] * curve;
    }
    sums
}

/// The limit λ → ∞: best rows only, tied ones in proportion to the reference
/// mass of what they lead to. Its `value` is infinite unless the return is 0,
/// so it is reported as NaN.
pub fn greedy_limit(mdp: &Mdp, table: &[f64]) -> Soft {
    greedy(mdp, table, 0..mdp.horizon as usize, false)
}

/// The greedy limit for what is earned in these `steps`, as if the episode were
/// over after them. Its chances are of these steps only, \[steps\]\[rows\]; gain and
/// KL are only meant where the steps start with the episode's first. Tied rows count by their own reference mass
/// alone if it is `evenly` that they share.
pub(crate) fn greedy(mdp: &Mdp, table: &[f64], steps: Range<usize>, evenly: bool) -> Soft {
    let rows = mdp.row_count();
    let views = Views::new(mdp);
    let mut chances = vec![0.0; rows * steps.len()];
    let mut best = vec![0.0; mdp.states()];
    // ln of the reference mass of the best continuations: −KL of the limit.
    let mut mass = vec![0.0; mdp.states()];
    let (mut worth, mut masses) = (vec![0.0; rows], vec![0.0; rows]);
    // Ways that are equal but for rounding are equal; a single step is not rounded.
    let slack = if mdp.horizon > 1 { 1e-12 * largest(table) * steps.len() as f64 } else { 0.0 };
    for step in steps.clone().rev() {
        let now = &mut chances[(step - steps.start) * rows..][..rows];
        let (mut next_best, mut next_mass) = (vec![0.0; mdp.states()], vec![0.0; mdp.states()]);
        for row in 0..rows {
            worth[row] = mdp.worth(row, table, &best);
            masses[row] = mdp.onward(row, &mass);
        }
        for group in views.groups() {
            let own = views.pool(mdp, step, group, &mut worth);
            let own_masses = views.pool(mdp, step, group, &mut masses);
            let of_view = mdp.rows_of(group[0] as usize);
            let supported = of_view.clone().filter(|&row| mdp.reference[row] > 0.0);
            let Some(top) = supported.clone().map(|row| worth[row]).max_by(f64::total_cmp) else { continue };
            let near = top - slack;
            let mut total = 0.0;
            for row in supported {
                if worth[row] >= near {
                    now[row] = mdp.reference[row] * exp(masses[row]);
                    total += now[row];
                }
            }
            of_view.clone().for_each(|row| now[row] /= total);
            for (i, &s) in group.iter().enumerate() {
                let (mut own_best, mut own_mass) = (top, ln(total));
                for (j, row) in mdp.rows_of(s as usize).enumerate() {
                    now[row] = now[of_view.start + j];
                    if !own.is_empty() {
                        let at = i * of_view.len() + j;
                        own_best += now[row] * (own[at] - worth[row]);
                        own_mass += now[row] * (own_masses[at] - masses[row]);
                    }
                }
                next_best[s as usize] = own_best;
                next_mass[s as usize] = if evenly { 0.0 } else { own_mass };
            }
        }
        (best, mass) = (next_best, next_mass);
    }
    keep_reference_where_unvisited(mdp, &mut chances);
    // No KL is below 0, nor is it −0.
    let kl = (-from_start(mdp, &mass)).max(0.0) + 0.0;
    Soft { policy: Policy { chances }, value: f64::NAN, gain: from_start(mdp, &best), kl, slope: 0.0 }
}
