//! The binomial law by ratios of neighbours.

/// Chances of B(n, p), 0 < p < 1, relative to that of the mode: the least count
/// that has one, and those from it on. Counts below 10⁻¹⁸ of the mode are left
/// out. Not normalised.
pub fn binomial(n: u32, p: f64) -> (u32, Vec<f64>) {
    let count = f64::from(n);
    let odds = p / (1.0 - p);
    let mode = ((count + 1.0) * p).floor().min(count) as u32;
    let mut down = Vec::new();
    let (mut k, mut chance) = (mode, 1.0);
    while k > 0 {
        chance *= f64::from(k) / (count - f64::from(k) + 1.0) / odds;
        if chance <= 1e-18 {
            break;
        }
        down.push(chance);
        k -= 1;
    }
    let least = mode - down.len() as u32;
    let mut chances: Vec<f64> = down.into_iter().rev().collect();
    let (mut k, mut chance) = (mode, 1.0);
    while k <= n && chance > 1e-18 {
        chances.push(chance);
        chance *= (count - f64::from(k)) / (f64::from(k) + 1.0) * odds;
        k += 1;
    }
    (least, chances)
}

#[cfg(test)]
mod tests {
    use super::binomial;

    #[test]
    fn small_laws_in_full() {
        let (least, chances) = binomial(3, 0.25);
        // 27, 27, 9, 1 of 64; both 0 and 1 are modes.
        let total: f64 = chances.iter().sum();
        let expected = [27.0, 27.0, 9.0, 1.0].map(|c| c / 64.0);
        assert_eq!((least, chances.len()), (0, 4));
        assert!(chances.iter().zip(expected).all(|(c, e)| (c / total - e).abs() < 1e-15));
    }

    #[test]
    fn only_what_counts_is_kept() {
        let (least, chances) = binomial(1_000_000, 0.5);
        let total: f64 = chances.iter().sum();
        let mean = (0..).zip(&chances).map(|(i, c)| f64::from(least + i) * c).sum::<f64>() / total;
        assert!(chances.len() < 20_000 && (mean - 5e5).abs() < 1e-6, "{} {mean}", chances.len());
    }
}
