//! Small symmetric matrices: nalgebra's Cholesky factor, solving, inverse; regression.
//!
//! The trap: nalgebra takes any pivot above 0, and one that is the rounding of its
//! diagonal makes a factor of nothing. So pivots are held against a share of it.

use super::{dot, largest};
use nalgebra::{Cholesky, DMatrix, DVector, Dyn, PermutationSequence};

/// A pivot below this share of its diagonal is the rounding of one.
pub const ROUNDING: f64 = 1e-14;

/// A symmetric matrix of order d, stored in full.
#[derive(Clone, Debug, PartialEq)]
pub struct Symmetric(DMatrix<f64>);

impl Symmetric {
    /// The d × d matrix with `diagonal` on its diagonal and 0 elsewhere.
    pub fn diagonal(diagonal: &[f64]) -> Self {
        Self(DMatrix::from_diagonal(&DVector::from_column_slice(diagonal)))
    }

    /// Entry (i, j).
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.0[(i, j)]
    }

    /// Sets entries (i, j) and (j, i).
    pub fn set(&mut self, i: usize, j: usize, x: f64) {
        self.0[(i, j)] = x;
        self.0[(j, i)] = x;
    }

    /// xᵀ·self·x.
    pub fn quadratic(&self, x: &[f64]) -> f64 {
        let columns = self.0.as_slice().chunks_exact(x.len().max(1));
        columns.zip(x).map(|(column, xi)| xi * dot(column, x)).sum()
    }

    /// self·x.
    pub fn times(&self, x: &[f64]) -> Vec<f64> {
        self.0.as_slice().chunks_exact(x.len().max(1)).map(|column| dot(column, x)).collect()
    }

    /// Adds `scale`·x·xᵀ to one triangle; call [`Symmetric::mirror`] when done.
    pub fn add_outer(&mut self, scale: f64, x: &[f64]) {
        for (i, (column, xi)) in self.0.as_mut_slice().chunks_exact_mut(x.len().max(1)).zip(x).enumerate() {
            let s = scale * xi;
            for (entry, xj) in column[..=i].iter_mut().zip(x) {
                *entry += s * xj;
            }
        }
    }

    /// The same for the `values` of x that are not 0, at increasing `indices`.
    pub fn add_outer_sparse(&mut self, scale: f64, indices: &[u32], values: &[f64]) {
        let order = self.0.nrows();
        for (n, (&i, xi)) in indices.iter().zip(values).enumerate() {
            let column = &mut self.0.as_mut_slice()[i as usize * order..][..order];
            let s = scale * xi;
            for (&j, xj) in indices[..=n].iter().zip(values) {
                column[j as usize] += s * xj;
            }
        }
    }

    /// Copies that triangle to the other.
    pub fn mirror(&mut self) {
        self.0.fill_lower_triangle_with_upper_triangle();
    }

    fn factor(&self, least: f64) -> Option<Cholesky<f64, Dyn>> {
        let factor = self.0.clone().cholesky()?;
        let l = factor.l_dirty();
        let sound = |i: usize| l[(i, i)] * l[(i, i)] > least * self.0[(i, i)];
        (0..self.0.nrows()).all(sound).then_some(factor)
    }

    /// The lower-triangular L with L·Lᵀ = self, or `None` unless positive definite.
    pub fn cholesky(&self) -> Option<DMatrix<f64>> {
        self.factor(ROUNDING).map(Cholesky::unpack)
    }

    /// The inverse, or `None` unless positive definite, every pivot above a share `least` of its diagonal.
    pub fn inverse(&self, least: f64) -> Option<Self> {
        let mut inverse = Self(self.factor(least)?.inverse());
        inverse.mirror();
        Some(inverse)
    }

    /// x with self·x = b, or `None` unless positive definite, every pivot above a share `least` of its
    /// diagonal.
    pub fn solve(&self, b: &[f64], least: f64) -> Option<Vec<f64>> {
        Some(self.factor(least)?.solve(&DVector::from_column_slice(b)).as_slice().to_vec())
    }
}

/// A matrix A of full column rank, for least squares: what AᵀA is too crude for.
///
/// Rows from the largest to the smallest, and columns as they are needed, so that small rows
/// keep their digits beside large ones (Powell and Reid 1969).
pub struct LeastSquares {
    /// Where each row came from.
    order: Vec<usize>,
    q: DMatrix<f64>,
    r: DMatrix<f64>,
    columns: PermutationSequence<Dyn>,
}

impl LeastSquares {
    /// Of these rows, at least as many as each has entries.
    pub fn new(rows: Vec<Vec<f64>>) -> Self {
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by(|a, b| largest(&rows[*b]).total_cmp(&largest(&rows[*a])));
        let (width, entry) = (rows.first().map_or(0, Vec::len), |i: usize, j: usize| rows[order[i]][j]);
        let (q, r, columns) = DMatrix::from_fn(rows.len(), width, entry).col_piv_qr().unpack();
        Self { order, q, r, columns }
    }

    /// The x that comes nearest to A·x = b.
    pub fn solve(&self, b: Vec<f64>) -> Vec<f64> {
        let b = DVector::from_iterator(b.len(), self.order.iter().map(|i| b[*i]));
        let mut x = self.q.tr_mul(&b);
        self.r.solve_upper_triangular_mut(&mut x);
        self.columns.inv_permute_rows(&mut x);
        x.as_slice().to_vec()
    }

    /// (AᵀA)⁻¹.
    pub fn covariance(&self) -> Symmetric {
        let mut inverse = DMatrix::identity(self.r.ncols(), self.r.ncols());
        self.r.solve_upper_triangular_mut(&mut inverse);
        self.columns.inv_permute_rows(&mut inverse);
        let mut covariance = Symmetric(&inverse * inverse.transpose());
        covariance.mirror();
        covariance
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
    let vars = [from, &[target]].concat();
    let last = from.len();
    let mut a = covariance.0.select_rows(&vars).select_columns(&vars);
    let mut swept = vec![false; last];
    for k in 0..last {
        let pivot = a[(k, k)];
        if pivot <= 1e-9 * covariance.at(vars[k], vars[k]) {
            continue;
        }
        swept[k] = true;
        let row = a.row(k) / pivot;
        let mut column = a.column(k).into_owned();
        column[k] = 0.0;
        a.ger(-1.0, &column, &row.transpose(), 1.0);
        a.set_row(k, &row);
    }
    (0..last).map(|k| if swept[k] { a[(k, last)] } else { 0.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_and_inverts() {
        let mut m = Symmetric::diagonal(&[4.0, 3.0, 2.0]);
        m.set(0, 1, 1.0);
        m.set(1, 2, -0.5);
        let x = m.solve(&[1.0, 2.0, 3.0], ROUNDING).unwrap();
        let inverse = m.inverse(ROUNDING).unwrap();
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
