//! From grades to log-odds: where the thresholds between answers lie.
//!
//! Plain Bradley–Terry has one threshold, at 0, and an answer y is y of a win and 1 − y of a loss: a tie is
//! half of each. The cumulative logit (Agresti and Lang 1993, for paired comparisons) has a threshold c between
//! neighbouring grades,
//!
//! ```text
//! P(answer above c) = σ(x − c),   x the difference in score,
//! ```
//!
//! symmetric about 0, so that an exchange of first and second exchanges their chances. Grades that nobody gave
//! have no threshold.
//!
//! The trick: σ(a) − σ(b) = σ(a)·σ(−b)·(1 − e^(b−a)). So a grade between two thresholds is a win against the
//! lower and a loss against the upper one, and a term of their distance alone, which keeps them apart. All
//! three are convex.

use super::{Counts, GRADES};
use crate::numerics::math::{dot, exp, expm1, ln};

/// Grades that are told apart, and the thresholds between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    /// The levels, from the lowest, as indices of [`GRADES`]; empty for plain Bradley–Terry.
    levels: Vec<usize>,
    /// Between neighbouring levels: the sign and number of a threshold θ > 0, or 0 in the middle.
    pub(crate) cuts: Vec<(f64, Option<usize>)>,
}

impl Scale {
    /// Bradley–Terry, a tie half a win for each.
    pub fn plain() -> Self {
        Self { levels: Vec::new(), cuts: vec![(0.0, None)] }
    }

    /// The cumulative logit over grades that were given so often, or whose mirror images were.
    pub fn graded(given: [u64; GRADES.len()]) -> Self {
        let last = GRADES.len() - 1;
        let mut levels: Vec<usize> = (0..=last).filter(|k| given[*k] + given[last - k] > 0).collect();
        if levels.len() < 2 {
            // Ties alone are told apart from what they are not.
            levels = vec![0, last / 2, last];
        }
        let count = levels.len() - 1;
        let cut = |j: usize| {
            // Twice the number of cuts from the middle: 0, 2 or 1, 3.
            let away = (2 * j + 1).abs_diff(count);
            let sign = if 2 * j + 1 < count { -1.0 } else { 1.0 };
            (sign, away.div_ceil(2).checked_sub(1))
        };
        Self { cuts: (0..count).map(cut).collect(), levels }
    }

    /// How many thresholds θ there are.
    pub fn thresholds(&self) -> usize {
        self.cuts.len() / 2
    }

    /// The grades on either side of each threshold, from that nearest to a tie.
    pub fn between(&self) -> Vec<[f64; 2]> {
        let above = self.cuts.len() - self.thresholds()..self.cuts.len();
        above.map(|j| [GRADES[self.levels[j]], GRADES[self.levels[j + 1]]]).collect()
    }

    /// Wins and losses of a cell against a cut.
    pub(crate) fn against(&self, cut: usize, counts: &Counts) -> [f64; 2] {
        if self.levels.is_empty() {
            let shares =
                GRADES.iter().zip(counts).map(|(y, n)| (y * f64::from(*n), (1.0 - y) * f64::from(*n)));
            let (wins, losses) = shares.fold((0.0, 0.0), |sum, x| (sum.0 + x.0, sum.1 + x.1));
            return [wins, losses];
        }
        [self.levels[cut + 1], self.levels[cut]].map(|level| f64::from(counts[level]))
    }

    /// The height of a cut.
    pub(crate) fn height(&self, cut: usize, thresholds: &[f64]) -> f64 {
        let (sign, of) = self.cuts[cut];
        of.map_or(0.0, |q| sign * thresholds[q])
    }

    /// The distances between neighbouring cuts: how often the grade between them was given, the distance, and
    /// its factors of the thresholds.
    fn gaps(&self, given: &[u64; GRADES.len()], thresholds: &[f64]) -> Vec<(f64, f64, Vec<f64>)> {
        let gap = |j: usize| {
            let mut factors = vec![0.0; thresholds.len()];
            for ((sign, of), side) in [(self.cuts[j + 1], 1.0), (self.cuts[j], -1.0)] {
                of.into_iter().for_each(|q| factors[q] += side * sign);
            }
            (given[self.levels[j + 1]] as f64, dot(&factors, thresholds), factors)
        };
        (0..self.cuts.len().saturating_sub(1)).map(gap).collect()
    }

    /// The loss of the distances, infinite where thresholds are out of order.
    pub(crate) fn loss(&self, given: &[u64; GRADES.len()], thresholds: &[f64]) -> f64 {
        let of_gap = |(n, gap, _): (f64, f64, Vec<f64>)| match gap > 0.0 {
            true => -n * ln(-expm1(-gap)),
            false => f64::INFINITY,
        };
        self.gaps(given, thresholds).into_iter().map(of_gap).sum()
    }

    /// Its first and second derivative in each distance, and the factors that the distance has of thresholds.
    pub(crate) fn derivatives(
        &self,
        given: &[u64; GRADES.len()],
        thresholds: &[f64],
    ) -> Vec<(f64, f64, Vec<f64>)> {
        let of_gap = |(n, gap, factors): (f64, f64, Vec<f64>)| {
            // 1/(e^δ − 1) and e^δ/(e^δ − 1)², without overflow.
            let rest = -expm1(-gap);
            let fall = exp(-gap);
            (-n * fall / rest, n * fall / (rest * rest), factors)
        };
        self.gaps(given, thresholds).into_iter().map(of_gap).collect()
    }
}
