//! Bradley–Terry by gradient steps, for tables whose differences are mostly 0.

use super::Descent;
use super::bradley_terry::curvature;

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
    let mut fours = Vec::with_capacity(column.len() / 4 + 4);
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
