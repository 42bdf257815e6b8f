//! The standard normal law: distribution functions of one and of two, and the quantile.

use super::{asin, exp, ln};

/// Φ(x).
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

/// P(X ≤ h, Y ≤ k) for standard normals of correlation `rho`, to about 1e-9:
/// Φ(h)Φ(k) + (1/2π)·∫ exp(−(h² − 2hk·sin t + k²)/(2cos²t)) dt over t from 0 to asin ρ, by
/// Simpson's rule.
///
/// Source: Z. Drezner and G. O. Wesolowsky, J. Statist. Comput. Simul. 35 (1990), from Plackett (1954).
pub fn bivariate_normal_cdf(h: f64, k: f64, rho: f64) -> f64 {
    const INTERVALS: u32 = 2000;
    let [p, q] = [h, k].map(normal_cdf);
    let tails = |x: f64| x.abs() > 38.0;
    if rho >= 1.0 {
        return p.min(q);
    }
    if rho <= -1.0 {
        return (p + q - 1.0).max(0.0);
    }
    if tails(h) || tails(k) {
        return p * q;
    }
    let end = asin(rho);
    let density = |i: u32| {
        let t = end * f64::from(i) / f64::from(INTERVALS);
        let (sine, cosine) = (libm::sin(t), libm::cos(t));
        exp(-(h * h - 2.0 * h * k * sine + k * k) / (2.0 * cosine * cosine))
    };
    let weight = |i: u32| match i {
        0 | INTERVALS => 1.0,
        _ if i % 2 == 1 => 4.0,
        _ => 2.0,
    };
    let sum: f64 = (0..=INTERVALS).map(|i| weight(i) * density(i)).sum();
    (p * q + sum * end / (3.0 * f64::from(INTERVALS)) / std::f64::consts::TAU).clamp(0.0, p.min(q))
}

/// Φ⁻¹(p) for 0 < p < 1, to about 1 part in 10¹⁶: rational approximations in
/// p − ½ and in √(−ln tail). One uniform makes one variate, and the map is
/// increasing, so coupled draws stay coupled.
///
/// Source: M. J. Wichura, Algorithm AS 241, Applied Statistics 37 (1988), PPND16.
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * ratio(r, &CENTRE);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = (-ln(tail)).sqrt();
    let x = if r <= 5.0 { ratio(r - 1.6, &MIDDLE) } else { ratio(r - 5.0, &FAR) };
    if q < 0.0 { -x } else { x }
}

type Coefficients = ([f64; 8], [f64; 8]);

fn ratio(r: f64, (numerator, denominator): &Coefficients) -> f64 {
    let horner = |c: &[f64; 8]| c.iter().rev().fold(0.0, |sum, c| sum * r + c);
    horner(numerator) / horner(denominator)
}

#[rustfmt::skip]
const CENTRE: Coefficients = (
    [3.387_132_872_796_366_5, 1.331_416_678_917_843_8e2, 1.971_590_950_306_551_3e3, 1.373_169_376_550_946e4,
     4.592_195_393_154_987e4, 6.726_577_092_700_87e4, 3.343_057_558_358_813e4, 2.509_080_928_730_122_7e3],
    [1.0, 4.231_333_070_160_091e1, 6.871_870_074_920_579e2, 5.394_196_021_424_751e3,
     2.121_379_430_158_659_7e4, 3.930_789_580_009_271e4, 2.872_908_573_572_194_3e4, 5.226_495_278_852_545e3],
);
#[rustfmt::skip]
const MIDDLE: Coefficients = (
    [1.423_437_110_749_683_5, 4.630_337_846_156_546, 5.769_497_221_460_691, 3.647_848_324_763_204_5,
     1.270_458_252_452_368_4, 2.417_807_251_774_506e-1, 2.272_384_498_926_918_4e-2, 7.745_450_142_783_414e-4],
    [1.0, 2.053_191_626_637_759, 1.676_384_830_183_803_8, 6.897_673_349_851e-1,
     1.481_039_764_274_800_8e-1, 1.519_866_656_361_645_7e-2, 5.475_938_084_995_345e-4, 1.050_750_071_644_416_9e-9],
);
#[rustfmt::skip]
const FAR: Coefficients = (
    [6.657_904_643_501_103, 5.463_784_911_164_114, 1.784_826_539_917_291_3, 2.965_605_718_285_048_7e-1,
     2.653_218_952_657_612_4e-2, 1.242_660_947_388_078_4e-3, 2.711_555_568_743_487_6e-5, 2.010_334_399_292_288_1e-7],
    [1.0, 5.998_322_065_558_88e-1, 1.369_298_809_227_358e-1, 1.487_536_129_085_061_5e-2,
     7.868_691_311_456_133e-4, 1.846_318_317_510_054_8e-5, 1.421_511_758_316_446e-7, 2.044_263_103_389_939_8e-15],
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_normals() {
        // At the origin ¼ + asin(ρ)/2π; if independent the product; if the same, the lesser; given the
        // one, the other is normal again.
        for rho in [-1.0, -0.9, -0.3, 0.0, 0.5, 0.99, 1.0] {
            let at_0 = 0.25 + asin(rho) / std::f64::consts::TAU;
            assert!((bivariate_normal_cdf(0.0, 0.0, rho) - at_0).abs() < 1e-12, "{rho}");
            for (h, k) in
                [(0.5, -1.0), (-2.0, -1.9), (1.0, f64::INFINITY), (1.0, 1.0), (0.3, f64::NEG_INFINITY)]
            {
                let step = 1e-4;
                let given = |x: f64| match rho * rho {
                    1.0 => f64::from(u8::from(rho * x <= k)),
                    square => normal_cdf((k - rho * x) / (1.0 - square).sqrt()),
                };
                let density = |x: f64| exp(-0.5 * x * x) / std::f64::consts::TAU.sqrt();
                let at = |i: i32| h - (f64::from(i) + 0.5) * step;
                let sum: f64 = (0..100_000).map(|i| step * density(at(i)) * given(at(i))).sum();
                let found = bivariate_normal_cdf(h, k, rho);
                let slack = if rho.abs() == 1.0 { 1e-4 } else { 1e-8 };
                assert!((found - sum).abs() < slack, "{h} {k} {rho}: {found} against {sum}");
            }
        }
    }

    #[test]
    fn quantile_inverts_the_distribution_function() {
        for p in [1e-16, 1e-9, 1e-3, 0.05, 0.075, 0.2, 0.5, 0.7, 0.925, 0.999] {
            let x = normal_quantile(p);
            assert!((normal_cdf(x) / p - 1.0).abs() < 1e-13 * (1.0 + x * x), "{p}: {x}");
        }
        // Published check values of AS 241.
        assert!((normal_quantile(0.25) + 0.674_489_750_196_081_7).abs() < 1e-15);
        assert!((normal_quantile(1e-3) + 3.090_232_306_167_813).abs() < 2e-15);
        assert!((normal_quantile(1e-20) + 9.262_340_089_798_408).abs() < 5e-15);
    }
}
