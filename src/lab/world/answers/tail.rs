//! The laws a feature may have under the reference policy, and their moments.

use super::Tail;
use crate::numerics::math::{cos_turns, exp, expm1, ln};
use crate::numerics::rng::{Distribution, normal, uniform};

/// All by transformation, none by rejection: a feature whose tail is changed is the same
/// draw with another tail. Student's t takes two uniforms: √(ν(u^(−2/ν) − 1))·cos 2πv is t_ν for every
/// ν > 0, without rejection (R. W. Bailey, Mathematics of Computation 62,
/// 1994). The others take one.
impl Distribution<f64> for Tail {
    #[inline]
    fn sample<R: rand::Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        match self {
            Tail::Normal => normal(rng),
            Tail::StudentT { df, scale } => {
                let df = df.get();
                let radius = (df * expm1(-2.0 / df * ln(uniform(rng)))).sqrt();
                scale.get() * radius * cos_turns(uniform(rng))
            }
            Tail::LogNormal { sigma } => expm1(sigma.get() * normal(rng)),
            Tail::Rare { chance } => f64::from(u8::from(uniform(rng) < chance.get())),
        }
    }
}

impl Tail {
    /// Mean; NaN where it does not exist (t with df ≤ 1).
    pub fn mean(&self) -> f64 {
        match self {
            Tail::StudentT { df, .. } if df.get() <= 1.0 => f64::NAN,
            Tail::Normal | Tail::StudentT { .. } => 0.0,
            Tail::LogNormal { sigma } => expm1(sigma.get() * sigma.get() / 2.0),
            Tail::Rare { chance } => chance.get(),
        }
    }

    /// Variance; infinite for t with df ≤ 2.
    pub fn variance(&self) -> f64 {
        match self {
            Tail::Normal => 1.0,
            Tail::StudentT { df, scale } => {
                let df = df.get();
                if df > 2.0 { scale.get() * scale.get() * df / (df - 2.0) } else { f64::INFINITY }
            }
            Tail::LogNormal { sigma } => {
                let s2 = sigma.get() * sigma.get();
                expm1(s2) * exp(s2)
            }
            Tail::Rare { chance } => chance.get() * (1.0 - chance.get()),
        }
    }
}
