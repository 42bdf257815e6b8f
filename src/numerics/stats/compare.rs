//! Comparisons: several p-values, two sets of runs, runs and thresholds.

/// a − b, pair by pair; as many as the shorter has.
pub fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

/// Holm's adjusted p-values, in the order of `p`: with p₍₁₎ ≤ … ≤ p₍ₘ₎,
///
/// p̃₍ᵢ₎ = max over j ≤ i of min(1, (m − j + 1)·p₍ⱼ₎).
///
/// To reject where p̃ ≤ α keeps the chance of any false rejection at α, whatever
/// the dependence between the tests.
///
/// Source: S. Holm, Scandinavian Journal of Statistics 6 (1979), 65–70.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]).then(a.cmp(&b)));
    let mut adjusted = vec![0.0; p.len()];
    let mut largest = 0.0f64;
    for (rank, &i) in order.iter().enumerate() {
        largest = largest.max((p.len() - rank) as f64 * p[i]).min(1.0);
        adjusted[i] = largest;
    }
    adjusted
}

/// Probability of improvement: the share of pairs with x > y, ties counting
/// half; an estimate of P(X > Y) + ½P(X = Y), between 0 and 1. NaN if `x` or `y`
/// is empty.
///
/// Time O((n + m) log m) by sorting; the counts are exact.
///
/// Source: H. B. Mann and D. R. Whitney, Annals of Mathematical Statistics 18
/// (1947), 50–60; as a measure of improvement: R. Agarwal et al., NeurIPS 2021, §4.3.
pub fn improvement(x: &[f64], y: &[f64]) -> f64 {
    let mut y = y.to_vec();
    y.sort_unstable_by(f64::total_cmp);
    // Twice the count: below + (below or equal) = 2·below + equal.
    let twice: usize = x.iter().map(|x| y.partition_point(|y| y < x) + y.partition_point(|y| y <= x)).sum();
    twice as f64 / (2.0 * x.len() as f64 * y.len() as f64)
}

/// Performance profile: the share of `values` above each threshold, between 0
/// and 1. NaN if there are no values.
///
/// Source: E. D. Dolan and J. J. Moré, Mathematical Programming 91 (2002),
/// 201–213; over runs and tasks: R. Agarwal et al., NeurIPS 2021, §4.2.
pub fn profile(values: &[f64], thresholds: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let n = sorted.len();
    let above = |t: &f64| (n - sorted.partition_point(|x| x <= t)) as f64 / n as f64;
    thresholds.iter().map(above).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holm_by_hand() {
        assert_eq!(holm(&[]), [0.0; 0]);
        assert_eq!(holm(&[0.25, 0.0625, 0.125]), [0.25, 0.1875, 0.25]);
        assert_eq!(holm(&[0.75, 0.75]), [1.0, 1.0]);
    }

    #[test]
    fn improvement_by_hand() {
        assert_eq!(improvement(&[1.0, 2.0], &[0.0, 1.0]), 0.875);
        assert_eq!(improvement(&[3.0], &[3.0]), 0.5);
        // −0 and 0 are a tie, though `total_cmp` tells them apart.
        assert_eq!(improvement(&[-0.0], &[0.0]), 0.5);
        assert!(improvement(&[], &[1.0]).is_nan());
    }

    #[test]
    fn profile_is_strict() {
        assert_eq!(profile(&[2.0, 0.0, 1.0, 1.0], &[-1.0, 0.0, 1.0, 2.0]), [1.0, 0.75, 0.25, 0.0]);
    }
}
