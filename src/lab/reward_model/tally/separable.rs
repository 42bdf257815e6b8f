//! What differences of features cannot tell: weights that others make up for, and answers without a mistake.

use super::{Compared, Scale, Tally};
use crate::numerics::math::{Symmetric, largest, regress};

/// A feature whose differences are predicted but for this share of their square is determined.
const DETERMINED: f64 = 1e-10;

impl Tally {
    /// Features whose differences follow from those of features before them, and which these are.
    pub fn dependent(&self) -> Vec<(usize, Vec<usize>)> {
        let Compared::Features(differences) = &self.compared else { return Vec::new() };
        let unit: Vec<f64> = (0..self.width)
            .map(|j| {
                differences.iter().skip(j).step_by(self.width).fold(0.0, |most: f64, x| most.max(x.abs()))
            })
            .collect();
        let mut square = Symmetric::diagonal(&vec![0.0; self.width]);
        for difference in differences.chunks_exact(self.width) {
            let scaled: Vec<f64> =
                difference.iter().zip(&unit).map(|(x, u)| if *u > 0.0 { x / u } else { 0.0 }).collect();
            square.add_outer(1.0, &scaled);
        }
        square.mirror();
        let mut free: Vec<usize> = Vec::new();
        let mut dependent = Vec::new();
        for j in 0..self.width {
            let made = regress(&square, j, &free);
            let explained: f64 = made.iter().zip(&free).map(|(b, k)| b * square.at(j, *k)).sum();
            if square.at(j, j) - explained > DETERMINED * square.at(j, j) {
                free.push(j);
            } else {
                let from = made.iter().zip(&free).filter(|(b, _)| b.abs() > 1e-6).map(|(_, k)| *k).collect();
                dependent.push((j, from));
            }
        }
        dependent
    }

    /// Whether no answer is worse explained, the further weights and thresholds go in this direction, and some
    /// are better.
    pub fn is_separated_by(&self, direction: &[f64], scale: &Scale) -> bool {
        if direction.len() != self.width + scale.thresholds() {
            return false;
        }
        let (weights, thresholds) = direction.split_at(self.width);
        let logits = self.differences(weights);
        let slack = 1e-4 * largest(&logits).max(largest(thresholds));
        let mut better = false;
        for (x, counts) in logits.iter().zip(&self.counts) {
            for cut in 0..scale.cuts.len() {
                let [wins, losses] = scale.against(cut, counts);
                let z = x - scale.height(cut, thresholds);
                if wins > 0.0 && z < -slack || losses > 0.0 && z > slack {
                    return false;
                }
                better |= wins + losses > 0.0 && z.abs() > slack;
            }
        }
        better
    }
}
