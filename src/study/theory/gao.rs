//! Two forms of over-optimisation (Gao, Schulman and Hilton 2022). With d = √KL they found the gain in gold to be
//! d(α − βd) for best of n and d(α − β ln d) for reinforcement learning. They are fitted to what was measured
//! and follow from nothing: a figure draws both, and says how well each does.

use crate::numerics::math::{LeastSquares, ln};

/// A form, fitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Form {
    /// The slope at d = 0, or at d = 1 of the logarithmic form.
    pub alpha: f64,
    /// How it bends.
    pub beta: f64,
    /// Share of the variance of the gains, about their mean, that it explains; below 0 if it does worse than
    /// that mean.
    pub r_squared: f64,
    /// Akaike's criterion of two parameters, n ln(RSS/n) + 4, but for a constant; less is better.
    pub aic: f64,
}

/// What a form multiplies with −βd: d itself or its logarithm.
pub type Bend = fn(f64) -> f64;

/// The forms and their names.
pub const FORMS: [(&str, Bend); 2] = [("d(α − βd)", |d| d), ("d(α − β ln d)", |d| ln(d))];

impl Form {
    /// The least squares of points (d, gain). `None` with fewer than four different d, since two parameters pass
    /// through any two. A point at d = 0 is at the origin, where every form is.
    pub fn fit(bend: Bend, points: &[(f64, f64)]) -> Option<Self> {
        let points: Vec<(f64, f64)> =
            points.iter().copied().filter(|(d, y)| *d > 0.0 && y.is_finite()).collect();
        let mut different: Vec<f64> = points.iter().map(|p| p.0).collect();
        different.sort_by(f64::total_cmp);
        different.dedup_by(|a, b| *a - *b <= 1e-9 * *a);
        if different.len() < 4 {
            return None;
        }
        let rows = points.iter().map(|(d, _)| vec![*d, -d * bend(*d)]).collect();
        let [alpha, beta] = LeastSquares::new(rows).solve(points.iter().map(|p| p.1).collect())[..] else {
            return None;
        };
        let n = points.len() as f64;
        let mean = points.iter().map(|p| p.1).sum::<f64>() / n;
        let squares =
            |of: &dyn Fn(f64, f64) -> f64| points.iter().map(|(d, y)| of(*d, *y) * of(*d, *y)).sum::<f64>();
        let form = Self { alpha, beta, r_squared: 0.0, aic: 0.0 };
        let (left, all) = (squares(&|d, y| y - form.at(bend, d)), squares(&|_, y| y - mean));
        let aic = n * ln((left / n).max(f64::MIN_POSITIVE)) + 4.0;
        (all > 0.0 && alpha.is_finite() && beta.is_finite()).then(|| Self {
            r_squared: 1.0 - left / all,
            aic,
            ..form
        })
    }

    /// The gain at d; 0 at 0.
    pub fn at(&self, bend: Bend, d: f64) -> f64 {
        if d > 0.0 { d * (self.alpha - self.beta * bend(d)) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_finds_itself() {
        let at = [0.0, 0.4, 1.0, 1.4, 2.0, 2.5];
        for (i, (_, bend)) in FORMS.into_iter().enumerate() {
            let truth = Form { alpha: 1.3, beta: 0.4, r_squared: 1.0, aic: 0.0 };
            let points = at.map(|d| (d, truth.at(bend, d)));
            let [own, other] = [i, 1 - i].map(|i| Form::fit(FORMS[i].1, &points).unwrap());
            assert!((own.alpha - 1.3).abs() < 1e-12 && (own.beta - 0.4).abs() < 1e-12, "{own:?}");
            assert!((own.r_squared - 1.0).abs() < 1e-12 && own.aic < other.aic - 50.0, "{own:?} {other:?}");
            assert!(Form::fit(bend, &points[..4]).is_none());
        }
    }
}
