//! Small symmetric matrices: Cholesky factor, solving, inverse, regression.

/// A symmetric matrix of order d, stored in full, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Symmetric {
    order: usize,
    entries: Vec<f64>,
}

impl Symmetric {
    /// The d × d matrix with `diagonal` on its diagonal and 0 elsewhere.
    pub fn diagonal(diagonal: &[f64]) -> Self {
        let order = diagonal.len();
        let mut m = Self { order, entries: vec![0.0; order * order] };
        for (i, x) in diagonal.iter().enumerate() {
            m.entries[i * order + i] = *x;
        }
        m
    }

    /// Entry (i, j).
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.entries[i * self.order + j]
    }

    /// Sets entries (i, j) and (j, i).
    pub fn set(&mut self, i: usize, j: usize, x: f64) {
        self.entries[i * self.order + j] = x;
        self.entries[j * self.order + i] = x;
    }

    /// Adds `scale`·x·xᵀ to the lower triangle; call [`Symmetric::mirror`] when done.
    pub fn add_outer_lower(&mut self, scale: f64, x: &[f64]) {
        for (i, xi) in x.iter().enumerate() {
            let row = &mut self.entries[i * self.order..i * self.order + i + 1];
            let s = scale * xi;
            for (entry, xj) in row.iter_mut().zip(x) {
                *entry += s * xj;
            }
        }
    }

    /// Adds `scale`·x·xᵀ to the lower triangle, for the `values` of x that are not 0,
    /// at increasing `indices`; call [`Symmetric::mirror`] when done.
    pub fn add_outer_sparse(&mut self, scale: f64, indices: &[u32], values: &[f64]) {
        for (n, (&i, xi)) in indices.iter().zip(values).enumerate() {
            let row = &mut self.entries[i as usize * self.order..][..self.order];
            let s = scale * xi;
            for (&j, xj) in indices[..=n].iter().zip(values) {
                row[j as usize] += s * xj;
            }
        }
    }

    /// Copies the lower triangle to the upper.
    pub fn mirror(&mut self) {
        for i in 0..self.order {
            for j in 0..i {
                self.entries[j * self.order + i] = self.entries[i * self.order + j];
            }
        }
    }

    /// The lower-triangular L with L·Lᵀ = self (row by row, zeros above the
    /// diagonal), or `None` unless positive definite.
    pub fn cholesky(&self) -> Option<Vec<f64>> {
        let d = self.order;
        let mut l = vec![0.0; d * d];
        for i in 0..d {
            for j in 0..=i {
                let known: f64 = (0..j).map(|k| l[i * d + k] * l[j * d + k]).sum();
                let rest = self.at(i, j) - known;
                if i == j {
                    if rest.is_nan() || rest <= 1e-14 * self.at(i, i) {
                        return None;
                    }
                    l[i * d + i] = rest.sqrt();
                } else {
                    l[i * d + j] = rest / l[j * d + j];
                }
            }
        }
        Some(l)
    }

    /// The inverse, or `None` unless positive definite.
    pub fn inverse(&self) -> Option<Self> {
        let l = self.cholesky()?;
        let mut inverse = self.clone();
        let mut unit = vec![0.0; self.order];
        for j in 0..self.order {
            unit.fill(0.0);
            unit[j] = 1.0;
            solve_cholesky(&l, &mut unit);
            for (i, x) in unit.iter().enumerate() {
                inverse.entries[i * self.order + j] = *x;
            }
        }
        inverse.mirror();
        Some(inverse)
    }

    /// x with self·x = b, or `None` unless positive definite.
    pub fn solve(&self, b: &[f64]) -> Option<Vec<f64>> {
        let l = self.cholesky()?;
        let mut x = b.to_vec();
        solve_cholesky(&l, &mut x);
        Some(x)
    }
}

fn solve_cholesky(l: &[f64], x: &mut [f64]) {
    let d = x.len();
    for i in 0..d {
        let known: f64 = (0..i).map(|k| l[i * d + k] * x[k]).sum();
        x[i] = (x[i] - known) / l[i * d + i];
    }
    for i in (0..d).rev() {
        let known: f64 = (i + 1..d).map(|k| l[k * d + i] * x[k]).sum();
        x[i] = (x[i] - known) / l[i * d + i];
    }
}

/// Coefficients of the best linear prediction of variable `target` from the
/// variables `from`, given their covariance: Σ_hs Σ_ss⁺.
///
/// Gauss–Jordan sweeps over `from`; a variable that those before it determine
/// (pivot below 1e-9 of its variance) is passed over, which yields a
/// generalised inverse: coefficients may differ from the Moore–Penrose ones in
/// directions of zero variance, predictions do not.
pub fn regress(covariance: &Symmetric, target: usize, from: &[usize]) -> Vec<f64> {
    let vars: Vec<usize> = from.iter().copied().chain([target]).collect();
    let n = vars.len();
    let mut a: Vec<f64> = vars.iter().flat_map(|&i| vars.iter().map(move |&j| covariance.at(i, j))).collect();
    let mut swept = vec![false; n];
    for k in 0..n - 1 {
        let pivot = a[k * n + k];
        if pivot <= 1e-9 * covariance.at(vars[k], vars[k]) {
            continue;
        }
        swept[k] = true;
        for j in 0..n {
            a[k * n + j] /= pivot;
        }
        for i in (0..n).filter(|&i| i != k) {
            let factor = a[i * n + k];
            for j in 0..n {
                a[i * n + j] -= factor * a[k * n + j];
            }
        }
    }
    (0..n - 1).map(|k| if swept[k] { a[k * n + n - 1] } else { 0.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_and_inverts() {
        let mut m = Symmetric::diagonal(&[4.0, 3.0, 2.0]);
        m.set(0, 1, 1.0);
        m.set(1, 2, -0.5);
        let x = m.solve(&[1.0, 2.0, 3.0]).unwrap();
        let inverse = m.inverse().unwrap();
        for i in 0..3 {
            let back: f64 = (0..3).map(|j| m.at(i, j) * x[j]).sum();
            assert!((back - [1.0, 2.0, 3.0][i]).abs() < 1e-14);
            let by_inverse: f64 = (0..3).map(|j| inverse.at(i, j) * [1.0, 2.0, 3.0][j]).sum();
            assert!((by_inverse - x[i]).abs() < 1e-14);
        }
        m.set(0, 1, 4.0);
        assert!(m.cholesky().is_none());
    }

    #[test]
    fn regression_with_a_shared_budget() {
        // x₀ + x₁ + x₂ = constant: x₂ is known exactly from the other two.
        let mut c = Symmetric::diagonal(&[2.0 / 3.0; 3]);
        for (i, j) in [(0, 1), (0, 2), (1, 2)] {
            c.set(i, j, -1.0 / 3.0);
        }
        for (b, expected) in regress(&c, 2, &[0, 1]).iter().zip([-1.0, -1.0]) {
            assert!((b - expected).abs() < 1e-12);
        }
        // All three predict a fourth variable that copies x₂: singular, still consistent.
        let mut c4 = Symmetric::diagonal(&[2.0 / 3.0; 4]);
        for (i, j) in [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3)] {
            c4.set(i, j, -1.0 / 3.0);
        }
        c4.set(2, 3, 2.0 / 3.0);
        let b = regress(&c4, 3, &[0, 1, 2]);
        assert!((b[0] + 1.0 - b[2]).abs() < 1e-12 && (b[1] + 1.0 - b[2]).abs() < 1e-12);
    }
}
