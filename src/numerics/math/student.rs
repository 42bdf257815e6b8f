//! Student's t: tail and quantile.
//!
//! With a = df/2 and x = df/(df + t²), P(T > t) = ½ I_x(a, ½) for t ≥ 0, where I is
//! the regularised incomplete beta function. Its continued fraction is summed on
//! whichever side of ½ it converges fast, so the tail and the centre are each
//! accurate where they are small.
//!
//! Source: NIST Digital Library of Mathematical Functions, §8.17(v).

use super::{exp, ln, ln_1p};

/// P(T > t) for Student's t with `df` > 0 degrees of freedom (any real number);
/// t may be infinite. The relative error is below 10⁻¹², far out too.
pub fn student_tail(t: f64, df: f64) -> f64 {
    if t.is_nan() || df.is_nan() {
        return f64::NAN;
    }
    let (_, tail) = halves(t.abs(), df);
    if t < 0.0 { 1.0 - tail } else { tail }
}

/// The t with P(T ≤ t) = p for Student's t with `df` > 0 degrees of freedom and
/// 0 < p < 1. Newton's method on the tail or the centre, whichever is smaller,
/// in ln t.
pub fn student_quantile(p: f64, df: f64) -> f64 {
    let (tail, centre) = (p.min(1.0 - p), (p - 0.5).abs());
    if centre == 0.0 {
        return 0.0;
    }
    // What is still missing, in relative terms: positive while t is too small.
    let missing = |t: f64| {
        let (c, u) = halves(t, df);
        if centre < tail { (ln(centre / c), c) } else { (ln(u / tail), u) }
    };
    let (mut low, mut high) = (1.0, 1.0);
    while missing(high).0 > 0.0 && high < f64::MAX / 4.0 {
        high *= 4.0;
    }
    while missing(low).0 < 0.0 && low > f64::MIN_POSITIVE * 4.0 {
        low /= 4.0;
    }
    let mut t = low.sqrt() * high.sqrt();
    for _ in 0..200 {
        let (miss, half) = missing(t);
        if miss > 0.0 {
            low = t
        } else {
            high = t
        }
        let newton = t * exp(miss * half / (t * density(t, df)));
        let next = if (low..=high).contains(&newton) { newton } else { low.sqrt() * high.sqrt() };
        let step = (next / t - 1.0).abs();
        t = next;
        if step < 1e-15 {
            break;
        }
    }
    if p < 0.5 { -t } else { t }
}

/// (P(0 < T < t), P(T > t)) for t ≥ 0.
fn halves(t: f64, df: f64) -> (f64, f64) {
    if t == 0.0 || t.is_infinite() {
        return if t == 0.0 { (0.0, 0.5) } else { (0.5, 0.0) };
    }
    let a = 0.5 * df;
    let (x, y, log_x) = odds(t, df);
    // x^a·y^½/B(a, ½)
    let front = exp(a * log_x) * y.sqrt() * gamma_ratio(a) / std::f64::consts::PI.sqrt();
    if x * (a + 2.5) < a + 1.0 {
        let tail = 0.5 * front / a * fraction(x, a, 0.5);
        (0.5 - tail, tail)
    } else {
        let centre = front * fraction(y, 0.5, a);
        (centre, 0.5 - centre)
    }
}

/// x = df/(df + t²), 1 − x and ln x, without overflow.
fn odds(t: f64, df: f64) -> (f64, f64, f64) {
    let q = t / df.sqrt();
    if q > 1e10 {
        return (1.0 / q / q, 1.0, -2.0 * ln(q));
    }
    let square = q * q;
    (1.0 / (1.0 + square), square / (1.0 + square), -ln_1p(square))
}

/// Density at t.
fn density(t: f64, df: f64) -> f64 {
    let (_, _, log_x) = odds(t, df);
    gamma_ratio(0.5 * df) / (std::f64::consts::PI * df).sqrt() * exp(0.5 * (df + 1.0) * log_x)
}

/// Γ(a + ½)/Γ(a): directly, or by its asymptotic series, whose first term left
/// out is below 10⁻¹⁵ here. (A difference of log-gammas would lose three digits.)
fn gamma_ratio(a: f64) -> f64 {
    if a < 100.0 {
        return libm::tgamma(a + 0.5) / libm::tgamma(a);
    }
    let series = [1.0, -1.0 / 8.0, 1.0 / 128.0, 5.0 / 1024.0, -21.0 / 32768.0, -399.0 / 262_144.0];
    a.sqrt() * series.iter().rev().fold(0.0, |sum, c| sum / a + c)
}

/// The continued fraction of a·B(a, b)·I_x(a, b)/(x^a (1 − x)^b) by Lentz's
/// method; fast for x < (a + 1)/(a + b + 2).
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    let away = |x: f64| if x.abs() < 1e-300 { 1e-300 } else { x };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in 1..100_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut factor = 1.0;
        for term in [even, odd] {
            d = 1.0 / away(1.0 + term * d);
            c = away(1.0 + term / c);
            factor *= c * d;
        }
        value *= factor;
        if (factor - 1.0).abs() < 2e-16 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    #[test]
    fn closed_forms() {
        // df = 1: ½ − atan(t)/π, here at 1/√3, 1 and √3; df = 2: ½ − t/(2√(2 + t²)).
        for (t, expected) in [(1.0 / 3f64.sqrt(), 1.0 / 3.0), (1.0, 0.25), (3f64.sqrt(), 1.0 / 6.0)] {
            assert!((student_tail(t, 1.0) / expected - 1.0).abs() < 1e-14, "{t}");
        }
        for t in [0.01f64, 0.3, 1.0, 2.0, 7.0] {
            let expected = 0.5 - 0.5 * t / (2.0 + t * t).sqrt();
            assert!((student_tail(t, 2.0) - expected).abs() < 1e-15, "{t}");
        }
        // Far out Cauchy's tail is 1/(πt).
        assert!((student_tail(1e200, 1.0) * PI * 1e200 - 1.0).abs() < 1e-13);
    }

    #[test]
    fn ends_and_symmetry() {
        assert_eq!(student_tail(0.0, 5.0), 0.5);
        assert_eq!(student_tail(f64::INFINITY, 5.0), 0.0);
        assert_eq!(student_tail(f64::NEG_INFINITY, 5.0), 1.0);
        assert!(student_tail(f64::NAN, 5.0).is_nan());
        assert_eq!(student_tail(-1.5, 5.0), 1.0 - student_tail(1.5, 5.0));
        assert_eq!(student_quantile(0.5, 5.0), 0.0);
        assert_eq!(student_quantile(0.125, 5.0), -student_quantile(0.875, 5.0));
    }

    #[test]
    fn quantile_inverts_the_tail() {
        for df in [0.3, 1.0, 2.5, 29.0, 1e3, 1e6] {
            for p in [1e-15, 1e-6, 0.001, 0.2, 0.4, 0.499_999] {
                let back = student_tail(-student_quantile(p, df), df);
                assert!((back / p - 1.0).abs() < 1e-12, "{p}, {df}: {back}");
            }
        }
    }
}
