//! Elementary functions with the same bits everywhere, and the little linear
//! algebra the laboratory needs.
//!
//! The standard library's `exp`, `ln` and the like come from the platform and
//! differ between native and wasm; `libm` is the same code on every target.
//! Everything else in the crate takes these functions from here (clippy's
//! `disallowed-methods` sees to it).

mod binomial;
mod linear;
mod normal;
mod student;

pub use binomial::binomial;
pub use libm::{asin, cbrt, exp, expm1, log as ln, log1p as ln_1p, log10, pow};
pub use linear::{LeastSquares, ROUNDING, Symmetric, regress};
pub use normal::{bivariate_normal_cdf, normal_cdf, normal_quantile};
pub use student::{student_quantile, student_tail};

/// A difference of sums whose terms are of total `size`: 0 where it is no more than
/// their rounding, whatever their unit.
pub fn unless_rounding(difference: f64, size: f64) -> f64 {
    if difference.abs() <= 1e-12 * size { 0.0 } else { difference }
}

/// The largest size of some values, 0 of none.
pub fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most: f64, x| most.max(x.abs()))
}

/// cos(2πu) for u in turns.
pub fn cos_turns(u: f64) -> f64 {
    libm::cos(std::f64::consts::TAU * u)
}

/// sin(2πu) for u in turns.
pub fn sin_turns(u: f64) -> f64 {
    libm::sin(std::f64::consts::TAU * u)
}

/// xⁿ by repeated squaring: multiplications only, so the same in every build.
/// The relative error grows like n·2⁻⁵³.
#[inline]
pub fn powi(mut x: f64, mut n: u32) -> f64 {
    let mut product = 1.0;
    while n > 0 {
        if n & 1 == 1 {
            product *= x;
        }
        x *= x;
        n >>= 1;
    }
    product
}

/// σ(x) = 1/(1 + e⁻ˣ), without overflow at either end.
pub fn sigmoid(x: f64) -> f64 {
    sigmoids(x).0
}

/// (σ(x), σ(−x)), both accurate where they are small, from one exponential.
#[inline]
pub fn sigmoids(x: f64) -> (f64, f64) {
    let e = exp(-x.abs());
    let (large, small) = (1.0 / (1.0 + e), e / (1.0 + e));
    if x >= 0.0 { (large, small) } else { (small, large) }
}

/// Σ aᵢbᵢ in four interleaved sums, which the compiler can vectorise without
/// changing the order of any addition.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a4, a_rest) = a.as_chunks::<4>();
    let (b4, b_rest) = b.as_chunks::<4>();
    let mut sum = [0.0; 4];
    for (x, y) in a4.iter().zip(b4) {
        for lane in 0..4 {
            sum[lane] += x[lane] * y[lane];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum();
    (sum[0] + sum[2]) + (sum[1] + sum[3]) + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sigmoid_keeps_its_tails() {
        assert_eq!(sigmoid(0.0), 0.5);
        assert!((sigmoid(-50.0) / 1.928_749_847_963_917_8e-22 - 1.0).abs() < 1e-14);
        assert_eq!(sigmoid(-1e9), 0.0);
        assert_eq!(sigmoid(f64::INFINITY), 1.0);
        let (small, large) = sigmoids(-50.0);
        assert_eq!((small, large), (sigmoid(-50.0), 1.0));
    }

    #[test]
    fn powers_by_squaring() {
        assert_eq!(powi(3.0, 5), 243.0);
        assert_eq!(powi(0.7, 0), 1.0);
        assert!((powi(0.999, 4096) / pow(0.999, 4096.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn dot_of_any_length() {
        let x: Vec<f64> = (0..11).map(f64::from).collect();
        for n in 0..11 {
            let expected: f64 = x[..n].iter().map(|v| v * v).sum();
            assert_eq!(dot(&x[..n], &x[..n]), expected);
        }
    }
}
