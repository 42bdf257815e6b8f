//! Selection on a jointly normal return: under pressure that lifts it by m
//! standard deviations, any X with a linear regression on it goes to
//! E\[X\] + m·cov(X, S)/sd(S).

use crate::lab::optimizer::{OptimizerConfig, Selection};
use crate::lab::overseer::{Beliefs, Overseer};
use crate::lab::protocol::Protocol;
use crate::lab::world::Law;
use crate::numerics::math::{Symmetric, binomial, dot, exp, normal_cdf, normal_quantile, powi};
use std::collections::BTreeMap;
use std::f64::consts::TAU;

/// How far a pressure lifts a normal return, in standard deviations.
///
/// Best of n fresh draws: m_n, the mean of the largest of n standard normals.
/// Best of n from a pool of K: the same over pools, below m_n. In the limit of many candidates the tilt: 1/β,
/// √(2·KL), or by χ² as `of_chi2` says; and the best share q of them: φ(z)/q with Φ(z) = 1 − q.
#[derive(Default)]
pub struct Gain {
    /// By n, and the size of the pool.
    known: BTreeMap<(u32, Option<u32>), f64>,
}

impl Gain {
    /// The lift at a level of pressure, with `candidates` per prompt; `None` where there is no closed form.
    pub fn at(&mut self, optimizer: &OptimizerConfig, candidates: u32, pressure: f64) -> Option<f64> {
        let pool = match optimizer.selection()? {
            Selection::BestOfFresh => None,
            Selection::BestOfPool => Some(candidates),
            Selection::TiltByPrice => return Some(1.0 / pressure),
            Selection::TiltByKl => return Some((2.0 * pressure).sqrt()),
            Selection::TiltByChi2 => return Some(of_chi2(pressure)),
            Selection::BestShare if pressure == 1.0 => return Some(0.0),
            Selection::BestShare => return Some(normal_density(normal_quantile(pressure)) / pressure),
        };
        let n = pressure as u32;
        let lift = || pool.map_or_else(|| expected_maximum(n), |k| expected_maximum_of_pool(n, k));
        Some(*self.known.entry((n, pool)).or_insert_with(lift))
    }
}

/// The lift of the tilt of a standard normal to a χ².
///
/// It is λ·max(0, x − a) times as likely as it was, with λ such that this is 1 on average. With φ and
/// Q = 1 − Φ at a: 1/λ = φ − aQ, 1 + χ² = λ²((1 + a²)Q − aφ), and the lift is λQ. Where nothing is cut off to
/// speak of, it is √χ².
fn of_chi2(chi2: f64) -> f64 {
    // At a = −6 less than a part in 10⁹ is cut off.
    if chi2 <= 1.0 / 36.0 {
        return chi2.sqrt();
    }
    let at = |a: f64| {
        let (density, above) = (normal_density(a), normal_cdf(-a));
        let lambda = 1.0 / (density - a * above);
        (lambda * lambda * ((1.0 + a * a) * above - a * density) - 1.0, lambda * above)
    };
    let (mut low, mut high) = (-6.0, 9.0);
    while high - low > 1e-12 {
        let middle = 0.5 * (low + high);
        if at(middle).0 < chi2 { low = middle } else { high = middle }
    }
    at(low).1
}

/// φ(x).
fn normal_density(x: f64) -> f64 {
    exp(-0.5 * x * x) / TAU.sqrt()
}

/// Half the range and the step of integrals over a standard normal's scale.
const REACH: f64 = 9.0;
const STEP: f64 = 0.01;

/// m_n, the mean of the largest of n standard normals: ∫ 1\[x > 0\] − Φ(x)ⁿ dx, to about 1e-10.
pub fn expected_maximum(n: u32) -> f64 {
    mean_of(|x| powi(normal_cdf(x), n))
}

/// The same where the n are drawn with replacement from a pool of K normals,
/// over pools: given x, B of the K lie below, and all n draws do with chance (B/K)ⁿ.
fn expected_maximum_of_pool(n: u32, k: u32) -> f64 {
    mean_of(|x| {
        let f = normal_cdf(x);
        if !(1e-300..1.0 - 1e-16).contains(&f) {
            return f.round();
        }
        let (least, chances) = binomial(k, f);
        let all_below = |(b, chance): (u32, &f64)| chance * powi(f64::from(b) / f64::from(k), n);
        (least..).zip(&chances).map(all_below).sum::<f64>() / chances.iter().sum::<f64>()
    })
}

/// The mean of a law by its distribution function, trapezoids over ±9.
fn mean_of(below: impl Fn(f64) -> f64) -> f64 {
    let points = (2.0 * REACH / STEP) as u32;
    let at = |i: u32| below(-REACH + f64::from(i) * STEP);
    let inner: f64 = (1..points).map(at).sum();
    REACH - STEP * (inner + 0.5 * (at(0) + at(points)))
}

/// Closed forms of what selection on S leads to.
pub struct Normal<'a> {
    law: &'a Law,
    overseer: &'a Overseer,
    /// S as it is heard on average.
    heard: Beliefs,
    mean: Vec<f64>,
    covariance: Symmetric,
}

impl<'a> Normal<'a> {
    /// `None` where a covariance is infinite, a budget is shared by tails that are
    /// not normal, gold is curved, or what is heard is no sum of features. Of amplification: as in a `round`
    /// whose earlier ones had labels without end.
    pub fn new(law: &'a Law, overseer: &'a Overseer, protocol: &Protocol, round: u32) -> Option<Self> {
        // A model weighs judges of a mixture by how decided they are, and parts by their labels.
        if matches!(protocol, Protocol::Recursive { .. } | Protocol::GroundTruth { .. }) {
            return None;
        }
        let mut heard = overseer.on_average(protocol, &law.gold())?;
        for _ in (1..round).filter(|_| protocol.is_amplified()) {
            heard = overseer.taking(|h| Some(heard.weights[h])).on_average(protocol, &law.gold())?;
        }
        let (mean, covariance) = law.moments()?;
        let curved = |j: &usize| law.columns[*j].gold != 0.0 && law.is_product(*j);
        let normal_budget = law.budget.iter().flat_map(|(members, _)| members).all(|j| law.is_normal(*j));
        let linear = normal_budget && !(0..law.columns.len()).any(|j| curved(&j));
        linear.then_some(Self { law, overseer, heard, mean, covariance })
    }

    /// What it says of `metric` where S is lifted by `lift` standard deviations.
    pub fn value(&self, metric: &str, lift: f64) -> Option<f64> {
        let gold = self.law.gold();
        let Overseer { beliefs, seeing_everything: everything, .. } = self.overseer;
        let (s, unaided) = (&self.heard.weights, &beliefs.weights);
        let gold_after = |selected: &[f64]| self.after(selected, &gold, lift);
        match metric {
            "gold" => gold_after(s),
            "approval" => Some(beliefs.constant + self.after(s, unaided, lift)?),
            "efficiency" => {
                let best = self.after(&gold, &gold, lift)? - self.after(&gold, &gold, 0.0)?;
                let gain = gold_after(s)? - self.after(s, &gold, 0.0)?;
                crate::lab::measure::ratio(gain, best)
            }
            "proxy_error" | "unreached" => Some(0.0),
            "ignorance" => Some(gold_after(&everything.weights)? - gold_after(s)?),
            "wrong_values" => Some(gold_after(&gold)? - gold_after(&everything.weights)?),
            "regret" => Some(gold_after(&gold)? - gold_after(s)?),
            "misjudgement" => {
                let gain = |of: &[f64]| Some(self.after(s, of, lift)? - self.after(s, of, 0.0)?);
                Some(gain(unaided)? - gain(&gold)?)
            }
            _ => {
                let of = self.law.unit(metric.strip_prefix("feature.")?)?;
                let square = (0..of.len()).any(|j| of[j] != 0.0 && self.law.is_product(j));
                if square { None } else { self.after(s, &of, lift) }
            }
        }
    }

    /// E\[x\] + lift·cov(x, s)/sd(s) for returns given by weights; what is selected on must be normal.
    fn after(&self, s: &[f64], x: &[f64], lift: f64) -> Option<f64> {
        let normal = (0..s.len()).all(|j| s[j] == 0.0 || self.law.is_normal(j));
        let mean = dot(x, &self.mean);
        let variance = self.covariance_of(s, s);
        let size: f64 = s.iter().enumerate().map(|(j, w)| w * w * self.covariance.at(j, j)).sum();
        // A spread that is rounding is no spread, as in the optimizers.
        if variance <= 1e-24 * size || size == 0.0 {
            return normal.then_some(mean);
        }
        normal.then(|| mean + lift * self.covariance_of(s, x) / variance.sqrt())
    }

    fn covariance_of(&self, a: &[f64], b: &[f64]) -> f64 {
        let row = |i: usize| (0..b.len()).map(|j| self.covariance.at(i, j) * b[j]).sum::<f64>();
        (0..a.len()).filter(|i| a[*i] != 0.0).map(|i| a[i] * row(i)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn largest_of_a_few() {
        // Order statistics of the normal law: 1/√π for two, 3/(2√π) for three.
        let root = std::f64::consts::PI.sqrt();
        assert!((expected_maximum(2) - 1.0 / root).abs() < 1e-10);
        assert!((expected_maximum(3) - 1.5 / root).abs() < 1e-10);
        assert!((expected_maximum(4096) - 3.62608).abs() < 1e-5);
    }

    #[test]
    fn a_pool_is_a_little_lower() {
        // Two draws from two candidates: half of the time the same one, so half of m₂.
        assert!((expected_maximum_of_pool(2, 2) - 0.5 * expected_maximum(2)).abs() < 1e-9);
        assert!(expected_maximum_of_pool(1, 7).abs() < 1e-9);
        let (pool, fresh) = (expected_maximum_of_pool(64, 4096), expected_maximum(64));
        assert!(pool < fresh && fresh - pool < 0.01, "{pool} {fresh}");
    }
}
