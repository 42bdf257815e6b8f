//! Closed forms and quadratures that worlds are held against.

use oversight::math::{exp, powi};

/// Expectations under best-of-n by a proxy P = a·z + b·y + Σ_k w_k t_k, with z, y
/// standard normal and t_k independent Student t with 3 degrees of freedom.
///
/// By characteristic functions: that of t₃ is (1 + √3|s|)e^(−√3|s|), so with
/// φ(s) = e^(−(a²+b²)s²/2)·Π_k(1 + √3|w_k s|)e^(−√3|w_k s|)
///
/// f(p) = (1/π)∫₀^∞ φ cos sp ds,  F(p) = ½ + (1/π)∫₀^∞ φ sin(sp)/s ds,
/// E[z; P = p] = (a/π)∫₀^∞ s φ sin sp ds,
///
/// and the best of n has E[z] = ∫ n F^(n−1) E[z; P = p] dp.
pub(crate) struct Proxy {
    /// E[z; P = p]/a = E[y; P = p]/b, on the grid of p.
    share: Vec<f64>,
    /// F, on the grid of p.
    below: Vec<f64>,
    step: f64,
}

impl Proxy {
    /// For weights of normal features and of t₃ features. The weights may have
    /// any scale; normal ones must not all be 0.
    pub(crate) fn new(normal: &[f64], tails: &[f64]) -> Self {
        let variance: f64 = normal.iter().map(|w| w * w).sum();
        let scale = (variance + tails.iter().map(|w| 3.0 * w * w).sum::<f64>()).sqrt();
        let root = 3f64.sqrt();
        let characteristic = |s: f64| {
            let tail: f64 = tails
                .iter()
                .map(|w| {
                    let x = root * (w * s).abs();
                    (1.0 + x) * exp(-x)
                })
                .product();
            exp(-0.5 * variance * s * s) * tail
        };
        // p runs over ±60 sd; s up to where φ is below 1e-9, in steps Δs whose alias, 2π/Δs = 314 sd
        // away, has tails too thin to matter at n = 4096.
        let (reach, step, ds) = (60.0 * scale, 0.1 * scale, 0.02 / scale);
        let mut s_end = 1.0 / scale;
        while characteristic(s_end) > 1e-9 {
            s_end *= 1.1;
        }
        let frequencies: Vec<(f64, f64)> = (0..(s_end / ds) as usize)
            .map(|i| {
                // Midpoint rule: spectrally accurate for these smooth integrands.
                let s = (i as f64 + 0.5) * ds;
                (s, characteristic(s))
            })
            .collect();
        let points = (2.0 * reach / step) as usize + 1;
        let (mut share, mut below) = (Vec::with_capacity(points), Vec::with_capacity(points));
        for i in 0..points {
            let p = -reach + i as f64 * step;
            let (mut g, mut f) = (0.0, 0.0);
            for (s, phi) in &frequencies {
                let sine = libm::sin(s * p) * phi;
                g += s * sine;
                f += sine / s;
            }
            share.push(g * ds / std::f64::consts::PI);
            below.push((0.5 + f * ds / std::f64::consts::PI).clamp(0.0, 1.0));
        }
        Self { share, below, step }
    }

    /// E[feature of the best of n] for a normal feature of weight `a` in the proxy.
    pub(crate) fn normal_feature(&self, a: f64, n: u32) -> f64 {
        let n = (n, f64::from(n));
        let terms = self.share.iter().zip(&self.below).map(|(g, f)| g * powi(*f, n.0 - 1));
        a * n.1 * terms.sum::<f64>() * self.step
    }
}

/// m_n, the mean of the largest of n standard normals.
pub(crate) fn expected_maximum(n: u32) -> f64 {
    if n == 1 { 0.0 } else { Proxy::new(&[1.0], &[]).normal_feature(1.0, n) }
}

#[test]
fn quadratures_meet_independent_ones() {
    for (n, expected) in [(2, 0.56419), (16, 1.76599), (4096, 3.62608)] {
        assert!((expected_maximum(n) - expected).abs() < 1e-5, "{n}: {}", expected_maximum(n));
    }
    let text = include_str!("../data/wrong_overseer.json");
    let data: serde_json::Value = serde_json::from_str(text).unwrap();
    for case in data["cases"].as_array().unwrap() {
        let number = |v: &serde_json::Value| v.as_f64().unwrap();
        let list = |key: &str| case[key].as_array().unwrap().iter().map(number).collect::<Vec<_>>();
        let (insight, flattery) = (number(&case["insight"]), number(&case["flattery"]));
        let proxy = Proxy::new(&[insight, flattery], &list("tails"));
        for ((n, z), y) in list("n").iter().zip(list("mean_insight")).zip(list("mean_flattery")) {
            let n = *n as u32;
            assert!((proxy.normal_feature(insight, n) - z).abs() < 1e-4, "{n}");
            assert!((proxy.normal_feature(flattery, n) - y).abs() < 1e-4, "{n}");
        }
    }
}
