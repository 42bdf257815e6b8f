//! Best of n by a proxy of normal and heavy-tailed parts, by quadrature.

use super::normal::expected_maximum;
use crate::lab::overseer::Overseer;
use crate::lab::world::{Law, Source, Tail};
use crate::numerics::math::{cos_turns, dot, exp, powi, sin_turns};
use std::f64::consts::{PI, TAU};

/// The law of P = N + Σ_k w_k t_k, with N normal and t_k independent Student t
/// with 3 degrees of freedom, and the expectation of N under best-of-n by P.
///
/// By characteristic functions: that of t₃ is (1 + √3|s|)e^(−√3|s|), so with
/// φ(s) = e^(−Var(N)s²/2)·Π_k(1 + √3|w_k s|)e^(−√3|w_k s|)
///
/// F(p) = ½ + (1/π)∫₀^∞ φ sin(sp)/s ds,
/// E\[N; P = p\] = (Var(N)/π)∫₀^∞ s φ sin(sp) ds,
///
/// and the best of n has E\[N\] = ∫ n F^(n−1) E\[N; P = p\] dp. What regresses on N
/// follows it: E\[x\] = E\[N\]·cov(x, N)/Var(N).
pub struct Proxy {
    /// E\[N; P = p\]/Var(N), on the grid of p > 0; odd in p.
    share: Vec<f64>,
    /// F − ½, on the grid of p > 0; odd in p.
    above_half: Vec<f64>,
    step: f64,
}

/// The grid of p, in standard deviations: ± `REACH` in steps of `STEP`.
const REACH: f64 = 120.0;
const STEP: f64 = 0.1;
/// The step of s: the alias lies 2π/0.015 = 419 sd away, where the tails are thin.
const FREQUENCY: f64 = 0.015;

impl Proxy {
    /// For the variance of the normal part, which must not be 0, and the weights of the tails.
    pub fn new(variance: f64, tails: &[f64]) -> Self {
        let scale = (variance + tails.iter().map(|w| 3.0 * w * w).sum::<f64>()).sqrt();
        let root = 3f64.sqrt();
        let characteristic = |s: f64| {
            let (mut product, mut exponent) = (1.0, 0.5 * variance * s * s);
            for w in tails {
                let x = root * (w * s).abs();
                product *= 1.0 + x;
                exponent += x;
            }
            product * exp(-exponent)
        };
        let (step, ds) = (STEP * scale, FREQUENCY / scale);
        let points = (REACH / STEP) as usize;
        let (mut share, mut above_half) = (vec![0.0; points], vec![0.0; points]);
        // Midpoint rule: spectrally accurate for these smooth integrands.
        for i in 0.. {
            let s = (i as f64 + 0.5) * ds;
            let phi = characteristic(s);
            if phi < 1e-10 {
                break;
            }
            let (with_share, with_half) = (s * phi * ds / PI, phi / s * ds / PI);
            // sin s(k+1)Δ = 2 cos sΔ·sin skΔ − sin s(k−1)Δ.
            let twice_cosine = 2.0 * cos_turns(s * step / TAU);
            let (mut before, mut sine) = (0.0, sin_turns(s * step / TAU));
            for k in 0..points {
                share[k] += with_share * sine;
                above_half[k] += with_half * sine;
                (before, sine) = (sine, twice_cosine * sine - before);
            }
        }
        Self { share, above_half, step }
    }

    /// E\[N\]/Var(N) of the best of n.
    pub fn best_of(&self, n: u32) -> f64 {
        let power = |f: f64| powi(f.clamp(0.0, 1.0), n - 1);
        let both = |(share, half): (&f64, &f64)| share * (power(0.5 + half) - power(0.5 - half));
        let total: f64 = self.share.iter().zip(&self.above_half).map(both).sum();
        f64::from(n) * total * self.step
    }
}

/// Best of n fresh draws by fitted weights, in a world of normal and t₃ features.
pub struct Fitted<'a> {
    law: &'a Law,
    overseer: &'a Overseer,
    mean: Vec<f64>,
    /// Covariance of every column with the normal part of the fitted reward, whose variance is `variance`.
    covariance: Vec<f64>,
    variance: f64,
    /// `None` where no weight is on a tail: then N = P.
    proxy: Option<Proxy>,
}

impl<'a> Fitted<'a> {
    /// `None` where a feature is neither normal nor t₃, a budget is shared by
    /// tails, or no weight is on a normal feature.
    pub fn new(law: &'a Law, overseer: &'a Overseer, weights: &[Option<f64>]) -> Option<Self> {
        let (mean, matrix) = law.moments()?;
        let weights: Vec<f64> = weights.iter().map(|w| w.unwrap_or(0.0)).collect();
        let mut tails = Vec::new();
        for (j, column) in law.columns.iter().enumerate().filter(|(j, _)| !law.is_normal(*j)) {
            match column.source {
                Source::Drawn(Tail::StudentT { df, scale }) if df.get() == 3.0 => {
                    tails.push(weights[j] * scale.get());
                }
                Source::Drawn(
                    Tail::Normal | Tail::StudentT { .. } | Tail::LogNormal { .. } | Tail::Rare { .. },
                )
                | Source::Mixed(_)
                | Source::Product { .. } => return None,
            }
            if law.budget.iter().any(|(members, _)| members.contains(&j)) {
                return None;
            }
        }
        let normal: Vec<f64> =
            (0..weights.len()).map(|j| if law.is_normal(j) { weights[j] } else { 0.0 }).collect();
        let row = |i: usize| (0..normal.len()).map(|j| matrix.at(i, j) * normal[j]).sum::<f64>();
        let covariance: Vec<f64> = (0..normal.len()).map(row).collect();
        let variance = dot(&normal, &covariance);
        if variance <= 0.0 {
            return None;
        }
        let proxy = tails.iter().any(|w| *w != 0.0).then(|| Proxy::new(variance, &tails));
        Some(Self { law, overseer, mean, covariance, variance, proxy })
    }

    /// What it says of `metric` at best of n.
    pub fn value(&self, metric: &str, n: u32) -> Option<f64> {
        let lift = match &self.proxy {
            Some(proxy) => proxy.best_of(n),
            None => expected_maximum(n) / self.variance.sqrt(),
        };
        // Selection moves the tails too; how far is not computed.
        let of = |weights: &[f64]| {
            let tails = (0..weights.len()).any(|j| weights[j] != 0.0 && !self.law.is_normal(j));
            (!tails).then(|| dot(weights, &self.mean) + lift * dot(weights, &self.covariance))
        };
        match metric {
            "gold" => of(&self.law.gold()),
            "approval" => Some(self.overseer.beliefs.constant + of(&self.overseer.beliefs.weights)?),
            _ => of(&self.law.unit(metric.strip_prefix("feature.")?)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Proxy;

    /// Four times the reach at a quarter of the step of s changes nothing that a figure shows.
    #[test]
    fn the_grid_is_wide_enough() {
        let tails = [0.5, -0.3, 0.4, 0.2, 0.15, -0.7, 0.3, 0.1].map(|w| w * 0.57735);
        let proxy = Proxy::new(0.25, &tails);
        for (n, wider) in [(64, 0.733_285), (1024, 0.379_042), (16384, 0.142_608)] {
            assert!((0.5 * proxy.best_of(n) - wider).abs() < 1e-5, "{n}");
        }
    }
}
