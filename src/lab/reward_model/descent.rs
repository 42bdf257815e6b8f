//! Bradley–Terry by gradient steps, for tables whose differences are mostly 0.

use super::bradley_terry::curvature;
use crate::numerics::error::ConfigError;
use crate::numerics::ranges::{Count, Discount, Positive};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Gradient steps from 0 on the mean loss of a label. Stopped early they are a
/// prior of their own: directions that labels say little about stay near 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Descent {
    /// How many.
    pub steps: Count,
    /// How long: a factor on the gradient.
    pub rate: Positive,
    /// How much of the step before is taken again: with m, steps grow to 1/(1 − m) times
    /// their length, and fewer lead as far.
    #[serde(default = "still")]
    pub momentum: Discount,
}

/// Many enough to reach the maximum.
const MOST_STEPS: u32 = 10_000;

impl Descent {
    /// Slopes of labels are at most 1, so weights stay finite unless the prior itself
    /// overshoots, which it cannot while rate·l2 is at most 1.
    pub(super) fn check(&self, l2: Positive) -> Result<(), ConfigError> {
        let path = "reward_model.tabular.descent";
        if self.steps.get() > MOST_STEPS {
            let message = format!("{} gradient steps are more than {MOST_STEPS}", self.steps.get());
            let help = "leave descent out for the maximum, by Newton, or give it momentum";
            return Err(ConfigError::new(&format!("{path}.steps"), message, help));
        }
        if self.rate.get() * l2.get() > 1.0 {
            let message = format!("steps of {} with an l2 of {} overshoot", self.rate.get(), l2.get());
            let help = "let rate × l2 be at most 1; rates near 1 are usual";
            return Err(ConfigError::new(&format!("{path}.rate"), message, help));
        }
        Ok(())
    }
}

fn still() -> Discount {
    Discount::new(0.0).expect("in range")
}

/// Differences of features by feature, and labels.
pub(super) struct Columns {
    /// The comparisons that are different in each feature, and by how much; \[features\].
    of: Vec<Vec<(u32, f64)>>,
    /// 1 first, 0 second, ½ tie; \[n\].
    pub(super) labels: Vec<f64>,
}

/// Comparisons that a byte can tell apart, so that no look-up has to be checked.
const BLOCK: u32 = 256;

/// Four comparisons of one block, and how different they are; 0 to fill up.
#[derive(Clone, Copy, Default)]
struct Four {
    block: u32,
    comparison: [u8; 4],
    difference: [f64; 4],
}

/// A column four by four.
fn fours(column: &[(u32, f64)]) -> Vec<Four> {
    let mut fours = Vec::with_capacity(column.len().div_ceil(4));
    for of_block in column.chunk_by(|a, b| a.0 / BLOCK == b.0 / BLOCK) {
        fours.extend(of_block.chunks(4).map(|some| {
            let mut four = Four { block: some[0].0 / BLOCK, ..Four::default() };
            for (lane, (comparison, difference)) in some.iter().enumerate() {
                (four.comparison[lane], four.difference[lane]) = ((comparison % BLOCK) as u8, *difference);
            }
            four
        }));
    }
    fours
}

impl Columns {
    /// Of nothing, in `width` features.
    pub(super) fn new(width: usize) -> Self {
        Self { of: vec![Vec::new(); width], labels: Vec::new() }
    }

    /// Adds a difference of the comparison whose label comes next.
    pub(super) fn push(&mut self, feature: u32, difference: f64) {
        self.of[feature as usize].push((self.labels.len() as u32, difference));
    }

    /// Gradient steps from 0 on the mean loss of a label, each with `momentum` times the
    /// step before it (the heavy ball of Polyak 1964).
    ///
    /// The trick: once the slopes of all labels are known, a feature's weight can step and
    /// enter the next logits in one go, while its differences are at hand; and there are
    /// enough of these that no time goes on guessing where loops end.
    pub(super) fn descend(&self, l2: f64, mistake: f64, descent: &Descent) -> Vec<f64> {
        let [mut weights, mut strides] = [(); 2].map(|()| vec![0.0; self.of.len()]);
        let columns: Vec<Vec<Four>> = self.of.iter().map(|column| fours(column)).collect();
        let blocks = self.labels.len().div_ceil(BLOCK as usize);
        let [mut logits, mut slopes] = [(); 2].map(|()| vec![[0.0; BLOCK as usize]; blocks]);
        let length = descent.rate.get() / self.labels.len().max(1) as f64;
        let momentum = descent.momentum.get();
        for step in 1..=descent.steps.get() {
            let of_labels = slopes.as_flattened_mut().iter_mut().zip(logits.as_flattened_mut());
            for ((slope, z), y) in of_labels.zip(&self.labels) {
                *slope = curvature(std::mem::take(z), *y, mistake, false).0;
            }
            for ((w, stride), column) in weights.iter_mut().zip(&mut strides).zip(&columns) {
                // Four sums at once: one alone waits for itself.
                let mut sum = [0.0; 4];
                for Four { block, comparison, difference } in column {
                    let slopes = &slopes[*block as usize];
                    for lane in 0..4 {
                        sum[lane] += slopes[comparison[lane] as usize] * difference[lane];
                    }
                }
                *stride = momentum * *stride + length * (l2 * *w + (sum[0] + sum[2]) + (sum[1] + sum[3]));
                *w -= *stride;
                if step == descent.steps.get() {
                    continue;
                }
                for Four { block, comparison, difference } in column {
                    let logits = &mut logits[*block as usize];
                    for lane in 0..4 {
                        logits[comparison[lane] as usize] += *w * difference[lane];
                    }
                }
            }
        }
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::math::{dot, sigmoid};
    use crate::numerics::rng::{Purpose, Streams, uniform};

    #[test]
    fn steps_are_those_of_the_formula() {
        // 600 labels are three blocks, and features are different in any number of them.
        let mut rng = Streams { seed: 1, repetition: 0 }.stream(Purpose::Pairs, "descent", 0);
        let width = 9;
        let mut data = Columns::new(width);
        let mut rows = Vec::new();
        for _ in 0..600 {
            let mut row = vec![0.0; width];
            for (feature, x) in row.iter_mut().enumerate() {
                if uniform(&mut rng) < 0.1 * (feature + 1) as f64 {
                    *x = (uniform(&mut rng) * 7.0).floor() - 3.0;
                    data.push(feature as u32, *x);
                }
            }
            data.labels.push((uniform(&mut rng) * 3.0).floor() / 2.0);
            rows.push(row);
        }
        let descent: Descent = toml::from_str("steps = 7\nrate = 0.3\nmomentum = 0.4").unwrap();
        let (l2, mistake) = (2.0, 0.1);
        let mut path = vec![vec![0.0; width]; 2];
        for _ in 0..7 {
            let [before, w] = path.last_chunk().unwrap();
            let mut gradient: Vec<f64> = w.iter().map(|w| l2 * w).collect();
            for (row, y) in rows.iter().zip(&data.labels) {
                let s = sigmoid(dot(row, w));
                let (p, rise) = (mistake + (1.0 - 2.0 * mistake) * s, (1.0 - 2.0 * mistake) * s * (1.0 - s));
                let slope = rise * ((1.0 - y) / (1.0 - p) - y / p);
                gradient.iter_mut().zip(row).for_each(|(g, x)| *g += slope * x);
            }
            let step = |j: usize| w[j] - 0.3 / 600.0 * gradient[j] + 0.4 * (w[j] - before[j]);
            path.push((0..width).map(step).collect());
        }
        for (got, expected) in data.descend(l2, mistake, &descent).iter().zip(path.last().unwrap()) {
            assert!((got - expected).abs() < 1e-13, "{got} is not {expected}");
        }
    }
}
