//! How well a reward model predicts labels: accuracy, Brier score, reliability.

use super::RewardModel;
use crate::lab::query::Comparison;
use crate::numerics::math::sigmoid;

/// How a reward model does on labels it was not fitted to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quality {
    /// Share of answered, untied labels it predicts; an even prediction counts ½.
    pub accuracy: Option<f64>,
    /// Mean squared error of its predicted chance, over the same labels; 0 is perfect, ¼ a coin.
    pub brier: Option<f64>,
    /// Share of pairs of different gold that it orders as gold does; an even prediction counts ½.
    pub accuracy_gold: Option<f64>,
    /// Predicted against observed, in ten bins of predicted chance.
    pub reliability: Vec<ReliabilityBin>,
}

/// The labels whose predicted chance of "first" fell into one tenth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ReliabilityBin {
    /// Labels in the bin.
    pub count: u32,
    /// Mean predicted chance of "first".
    pub predicted: f64,
    /// Share that said "first".
    pub observed: f64,
}

impl RewardModel {
    /// The predicted chance that the first is preferred.
    pub fn predict(&self, table: &[f64], pair: &Comparison) -> f64 {
        let difference = pair.first.lead(&pair.second, table);
        if self.rationality == f64::INFINITY {
            return 0.5 + 0.5 * sign(difference);
        }
        sigmoid(self.rationality * difference)
    }

    /// Compares predictions with held-out labels and with `gold`.
    pub fn quality(&self, held_out: &[Comparison], gold: &[f64]) -> Quality {
        let table = &self.reward.table;
        let mut bins = [ReliabilityBin::default(); 10];
        let [mut hits, mut square, mut judged, mut agree, mut ordered] = [0.0; 5];
        for pair in held_out {
            let p = self.predict(table, pair);
            let truth = sign(pair.first.lead(&pair.second, gold));
            if truth != 0.0 {
                ordered += 1.0;
                agree += 0.5 + 0.5 * sign(p - 0.5) * truth;
            }
            let Some(y) = pair.label.value().filter(|y| *y != 0.5) else { continue };
            judged += 1.0;
            hits += 0.5 + 0.5 * sign(p - 0.5) * sign(y - 0.5);
            square += (p - y) * (p - y);
            let bin = &mut bins[((p * 10.0) as usize).min(9)];
            bin.count += 1;
            bin.predicted += p;
            bin.observed += y;
        }
        for bin in &mut bins {
            let n = f64::from(bin.count.max(1));
            bin.predicted /= n;
            bin.observed /= n;
        }
        let share = |x: f64, n: f64| (n > 0.0).then_some(x / n);
        Quality {
            accuracy: share(hits, judged),
            brier: share(square, judged),
            accuracy_gold: share(agree, ordered),
            reliability: bins.into_iter().filter(|b| b.count > 0).collect(),
        }
    }
}

/// −1, 0 or 1.
fn sign(x: f64) -> f64 {
    f64::from(i8::from(x > 0.0) - i8::from(x < 0.0))
}
