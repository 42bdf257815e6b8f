//! The joint law of the features of one answer under the reference policy:
//! names, gold weights, how to draw them, and their moments.
//!
//! Features come in file order: the copies of each, then their squares; a product is where it is named. Normal features may be correlated;
//! a shared budget then maps x ← x − mean(x) + total/m over its members. The
//! Cholesky factor goes in file order, so the order of correlated features is
//! part of the draw; that of others is not.

use super::{Answers, Feature, Tail};
use crate::numerics::error::ConfigError;
use crate::numerics::math::Symmetric;
use crate::numerics::ranges::Finite;
use indexmap::IndexMap;

/// The law of an answer's features.
#[derive(Clone, Debug)]
pub struct Law {
    /// The columns, in the order of [`crate::lab::mdp::Features`].
    pub columns: Vec<Column>,
    /// Candidates of all prompts.
    pub rows: u32,
    /// Candidates of each.
    pub candidates: u32,
    /// Columns that share the budget, and the total each of them gets on average.
    pub budget: Option<(Vec<usize>, f64)>,
    /// Which columns each name of a config addresses.
    addresses: IndexMap<String, Vec<usize>>,
}

/// One feature column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Name.
    pub name: String,
    /// Gold weight.
    pub gold: f64,
    /// How it is made.
    pub source: Source,
}

/// How a column is made.
#[derive(Clone, Debug)]
pub enum Source {
    /// Drawn from a tail, independent of the others.
    Drawn(Tail),
    /// Σ_k weights_k·z_k over columns that are standard normal: one row of the
    /// Cholesky factor of their correlations. Columns in order, this one last.
    Mixed(Vec<(usize, f64)>),
    /// The product of two other columns, or the square of one, less its mean under the reference policy.
    Product {
        /// The other columns; the same twice for a square.
        of: [usize; 2],
        /// E₀xy.
        mean: f64,
    },
}

impl Answers {
    pub(crate) fn law(&self) -> Result<Law, ConfigError> {
        let mut columns: Vec<Column> = Vec::new();
        for (name, feature) in &self.features {
            let first = columns.len();
            let [copies, squares] = feature.columns(name);
            for copy in copies {
                let source = match &feature.product {
                    None => Source::Drawn(feature.tail.clone()),
                    Some(_) => Source::Product { of: [0, 0], mean: f64::NAN },
                };
                columns.push(Column { name: copy, gold: feature.gold.get(), source });
            }
            for (base, square) in (first..).zip(squares) {
                let gold = feature.curvature.map_or(0.0, Finite::get);
                let source = Source::Product { of: [base, base], mean: f64::NAN };
                columns.push(Column { name: square, gold, source });
            }
        }
        let place = |name: &String| columns.iter().position(|c| c.name == *name).expect("a column");
        let addresses = self.addresses().into_iter();
        let addresses: IndexMap<String, Vec<usize>> =
            addresses.map(|(name, of)| (name, of.iter().map(place).collect())).collect();
        for (name, feature) in &self.features {
            if let Some(of) = &feature.product {
                let of = of.each_ref().map(|factor| addresses[factor][0]);
                columns[addresses[name][0]].source = Source::Product { of, mean: f64::NAN };
            }
        }
        let candidates = self.answers.get();
        let rows = self.prompts.get() * candidates;
        let mut law = Law { columns, rows, candidates, budget: None, addresses };
        self.correlate(&mut law)?;
        if let Some(budget) = &self.budget {
            let mut members: Vec<usize> =
                budget.features.iter().flat_map(|f| law.columns_of(f)).copied().collect();
            members.sort_unstable();
            let share = budget.total.get() / members.len() as f64;
            law.budget = Some((members, share));
        }
        self.centre_products(&mut law)?;
        Ok(law)
    }

    /// Replaces the sources of correlated normal columns by rows of a Cholesky factor.
    fn correlate(&self, law: &mut Law) -> Result<(), ConfigError> {
        let mut correlation = Symmetric::diagonal(&vec![1.0; law.columns.len()]);
        let mut named = vec![None; law.columns.len()];
        for (name, feature) in &self.features {
            for (other, rho) in &feature.correlation {
                let path = format!("world.answers.features.{name}.correlation.{other}");
                let fault = |message: String, help: &str| Err(ConfigError::new(&path, message, help));
                let normal = |f: &str| self.features.get(f).is_some_and(|f| f.tail == Tail::Normal);
                if other == name {
                    let help = "copies of a counted feature are uncorrelated with each other";
                    return fault(format!("`{name}` is correlated with itself"), help);
                }
                if !normal(name) || !normal(other) {
                    let message =
                        format!("`{name}` and `{other}` cannot be correlated: both tails must be normal");
                    return fault(message, "drop the correlation, or make both tails normal");
                }
                if self.features[other].correlation.get(name).is_some_and(|reverse| reverse != rho) {
                    let message =
                        format!("`{name}` and `{other}` name two different correlations with each other");
                    return fault(message, "name it once, on either feature");
                }
                for i in law.columns_of(name).to_vec() {
                    for &j in law.columns_of(other) {
                        correlation.set(i, j, rho.get());
                        named[i] = Some(path.clone());
                        named[j] = Some(path.clone());
                    }
                }
            }
        }
        let linked: Vec<usize> = (0..named.len()).filter(|&i| named[i].is_some()).collect();
        let Some(path) = linked.first().and_then(|&i| named[i].clone()) else { return Ok(()) };
        let mut block = Symmetric::diagonal(&vec![1.0; linked.len()]);
        for (a, &i) in linked.iter().enumerate() {
            for (b, &j) in linked.iter().enumerate().take(a) {
                block.set(a, b, correlation.at(i, j));
            }
        }
        let factor = block.cholesky().ok_or_else(|| {
            let message = "the correlations contradict each other: their matrix is not positive definite";
            let help = "bring them closer to 0; m copies that all correlate ρ with one feature need m·ρ² < 1";
            ConfigError::new(&path, message, help)
        })?;
        for (a, &i) in linked.iter().enumerate() {
            let row = (0..=a).map(|b| (linked[b], factor[(a, b)])).filter(|(_, w)| *w != 0.0);
            law.columns[i].source = Source::Mixed(row.collect());
        }
        Ok(())
    }

    fn centre_products(&self, law: &mut Law) -> Result<(), ConfigError> {
        if !(0..law.columns.len()).any(|j| law.is_product(j)) {
            return Ok(());
        }
        let (mean, covariance) = law.base_moments();
        for i in 0..law.columns.len() {
            let Some(of @ [x, y]) = law.factors(i) else { continue };
            let expected = covariance.at(x, y) + mean[x] * mean[y];
            if !expected.is_finite() {
                let made = &law.columns[i].name;
                let makes = |(name, f): &(&String, &Feature)| f.columns(name).concat().contains(made);
                let (owner, feature) = self.features.iter().find(makes).expect("of some feature");
                let (what, key) = match &feature.product {
                    None => (format!("square of `{owner}`"), "curvature"),
                    Some([a, b]) => (format!("product of `{a}` and `{b}`"), "product"),
                };
                let message = format!("the {what} has no finite mean under the reference policy");
                let help = "it needs tails of finite variance (student_t: df > 2)";
                return Err(ConfigError::new(
                    &format!("world.answers.features.{owner}.{key}"),
                    message,
                    help,
                ));
            }
            law.columns[i].source = Source::Product { of, mean: expected };
        }
        Ok(())
    }
}

impl Law {
    /// Gold weights; \[columns\].
    pub fn gold(&self) -> Vec<f64> {
        self.columns.iter().map(|c| c.gold).collect()
    }

    /// 1 at the column of this name, 0 elsewhere; `None` if there is none.
    pub fn unit(&self, name: &str) -> Option<Vec<f64>> {
        let place = self.columns.iter().position(|c| c.name == name)?;
        Some((0..self.columns.len()).map(|j| if j == place { 1.0 } else { 0.0 }).collect())
    }

    /// The columns that `name` addresses; none if it is unknown.
    pub fn columns_of(&self, name: &str) -> &[usize] {
        self.addresses.get(name).map_or(&[], Vec::as_slice)
    }

    /// The products made of any of these columns: who cannot see x cannot see x², nor xy.
    pub fn products_of(&self, columns: &[usize]) -> Vec<usize> {
        let derived = |i: &usize| self.factors(*i).is_some_and(|of| of.iter().any(|x| columns.contains(x)));
        (0..self.columns.len()).filter(|i| derived(i) && !columns.contains(i)).collect()
    }

    /// The columns that a column is the product of, if it is one.
    pub fn factors(&self, column: usize) -> Option<[usize; 2]> {
        match self.columns[column].source {
            Source::Product { of, .. } => Some(of),
            Source::Drawn(_) | Source::Mixed(_) => None,
        }
    }

    /// Mean and covariance of the columns that are drawn, budget included; the rows of
    /// products are left 0. Infinite where a variance is.
    fn base_moments(&self) -> (Vec<f64>, Symmetric) {
        let d = self.columns.len();
        let mut mean = vec![0.0; d];
        let mut covariance = Symmetric::diagonal(&vec![0.0; d]);
        for (i, column) in self.columns.iter().enumerate() {
            match &column.source {
                Source::Drawn(tail) => {
                    mean[i] = tail.mean();
                    covariance.set(i, i, tail.variance());
                }
                Source::Mixed(row) => {
                    let mut full = vec![0.0; i + 1];
                    row.iter().for_each(|(k, w)| full[*k] = *w);
                    for (j, other) in self.columns.iter().enumerate().take(i + 1) {
                        if let Source::Mixed(other) = &other.source {
                            covariance.set(i, j, other.iter().map(|(k, w)| full[*k] * w).sum());
                        }
                    }
                }
                Source::Product { .. } => {}
            }
        }
        if let Some((members, share)) = &self.budget {
            let m = members.len() as f64;
            let centre: f64 = members.iter().map(|&i| mean[i]).sum::<f64>() / m;
            for &i in members {
                mean[i] += share - centre;
            }
            // Cov(x − x̄, y) = Cov(x, y) − mean over members of Cov(member, y), on one side, then the other.
            let mut full: Vec<Vec<f64>> =
                (0..d).map(|i| (0..d).map(|j| covariance.at(i, j)).collect()).collect();
            for _side in 0..2 {
                for j in 0..d {
                    let shared: f64 = members.iter().map(|&i| full[i][j]).sum::<f64>() / m;
                    for &i in members {
                        full[i][j] -= shared;
                    }
                }
                full = (0..d).map(|i| (0..d).map(|j| full[j][i]).collect()).collect();
            }
            for (i, row) in full.iter().enumerate() {
                for (j, x) in row.iter().enumerate().take(i + 1) {
                    covariance.set(i, j, *x);
                }
            }
        }
        (mean, covariance)
    }

    /// Mean of every column under the reference policy; NaN where there is none.
    pub fn mean(&self) -> Vec<f64> {
        self.base_moments().0
    }

    /// Mean and covariance of all columns under the reference policy.
    ///
    /// A product is correlated with other columns through its factors: for jointly normal w, x, y, z with means μ
    /// and covariances c, Cov(wx, y) = μ_w c_xy + μ_x c_wy and Cov(wx, yz) = c_wy c_xz + c_wz c_xy + μ_w μ_y c_xz +
    /// μ_w μ_z c_xy + μ_x μ_y c_wz + μ_x μ_z c_wy (Isserlis). `None` where a moment is infinite or a factor is
    /// not normal.
    pub fn moments(&self) -> Option<(Vec<f64>, Symmetric)> {
        let (mean, base) = self.base_moments();
        let mut covariance = base.clone();
        let budget_normal = self.budget.iter().flat_map(|(m, _)| m).all(|&i| self.is_normal(i));
        let factors = |i: usize| self.factors(i).map_or_else(|| vec![i], Vec::from);
        let c = |i: usize, j: usize| base.at(i, j);
        for i in 0..self.columns.len() {
            for j in 0..=i {
                let (one, other) = (factors(i), factors(j));
                for column in [&one, &other].into_iter().filter(|of| of.len() > 1).flatten() {
                    let shares = self.budget.iter().any(|(m, _)| m.contains(column));
                    if !(self.is_normal(*column) && (budget_normal || !shares)) {
                        return None;
                    }
                }
                let entry = match (&one[..], &other[..]) {
                    (&[w, x], &[y, z]) => {
                        let means = (mean[w] * mean[y] * c(x, z) + mean[w] * mean[z] * c(x, y))
                            + (mean[x] * mean[y] * c(w, z) + mean[x] * mean[z] * c(w, y));
                        c(w, y) * c(x, z) + c(w, z) * c(x, y) + means
                    }
                    (&[w, x], &[y]) | (&[y], &[w, x]) => mean[w] * c(x, y) + mean[x] * c(w, y),
                    _ => c(i, j),
                };
                if !entry.is_finite() {
                    return None;
                }
                covariance.set(i, j, entry);
            }
        }
        mean.iter().all(|m| m.is_finite()).then_some((mean, covariance))
    }

    /// Whether a column is a product of others, or a square.
    pub fn is_product(&self, column: usize) -> bool {
        self.factors(column).is_some()
    }

    /// Whether a column is normal, a shared budget set aside.
    pub fn is_normal(&self, column: usize) -> bool {
        match &self.columns[column].source {
            Source::Drawn(tail) => *tail == Tail::Normal,
            Source::Mixed(_) => true,
            Source::Product { .. } => false,
        }
    }
}
