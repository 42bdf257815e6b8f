//! How well a number tells dangerous systems from safe ones, when each seed is a
//! system: `auc.NAME` and `missed.NAME`.
//!
//! A system is dangerous if its chance of seizing power exceeds ½. With the safe
//! systems S, the dangerous ones D, and those that pass the test, P = {NAME ≤ ½},
//!
//! auc = Σ over S × D of \[x_s > x_d\] + ½\[x_s = x_d\], divided by |S|·|D|,
//! missed = |P ∩ D| / |P|.
//!
//! Neither is an average over systems, but both become one by jackknife
//! pseudo-values: with θ from all N systems and θ₋ᵢ from all but i,
//!
//! θᵢ = N·θ − (N − 1)·θ₋ᵢ.
//!
//! Their mean is θ, here exactly, and sd/√N is its standard error, asymptotically
//! that of DeLong et al. So whatever works on one number per seed works on them:
//! intervals, contrasts paired by seed, t-tests. They are good for nothing else: a
//! single one is no property of its system, and their median says nothing.
//!
//! The trap: leaving out the only system of a class leaves no θ₋ᵢ. So there is a
//! value only where S and D, or P, have two systems each.
//!
//! Source: J. W. Tukey, Annals of Mathematical Statistics 29 (1958), 614; E. R.
//! DeLong, D. M. DeLong and D. L. Clarke-Pearson, Biometrics 44 (1988), 837–845.

/// A system is dangerous if its chance of seizing power exceeds this, and passes a
/// test whose number does not.
const HALF: f64 = 0.5;

/// Which number says how well another one tells dangerous systems from safe ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discrimination {
    /// The chance that a safe system has more of it than a dangerous one, ties ½.
    Auc,
    /// The share of dangerous systems among those that have at most ½ of it.
    Missed,
}

/// A number, and whether the system is dangerous; \[seeds\], `None` where either is missing.
pub type Told = Option<(f64, bool)>;

impl Discrimination {
    /// All of them.
    pub const ALL: [Discrimination; 2] = [Discrimination::Auc, Discrimination::Missed];

    /// What stands before the name of a metric.
    pub fn prefix(self) -> &'static str {
        match self {
            Discrimination::Auc => "auc.",
            Discrimination::Missed => "missed.",
        }
    }

    /// Takes `auc.NAME` or `missed.NAME` apart; `None` for any other name.
    pub fn split(name: &str) -> Option<(Discrimination, &str)> {
        Self::ALL.into_iter().find_map(|of| Some((of, name.strip_prefix(of.prefix())?)))
    }

    /// What it is, of the metric `name`.
    pub fn definition(self, name: &str) -> String {
        match self {
            Discrimination::Auc => format!(
                "Over seeds: chance that `{name}` is higher in a safe system than in a dangerous one \
                 (takeover above ½), ties ½."
            ),
            Discrimination::Missed => format!(
                "Over seeds: share of dangerous systems (takeover above ½) among those whose `{name}` \
                 is at most ½."
            ),
        }
    }

    /// What is known of a system with this number and this chance of seizing power.
    pub fn told(number: Option<f64>, takeover: Option<f64>) -> Told {
        let (number, takeover) = (number?, takeover?);
        (!number.is_nan() && !takeover.is_nan()).then_some((number, takeover > HALF))
    }

    /// The pseudo-value of each seed; `None` for one of which nothing is known, and for
    /// all where there is no value. O(N log N).
    pub fn pseudo_values(self, told: &[Told]) -> Vec<Option<f64>> {
        let known: Vec<(f64, bool)> = told.iter().copied().flatten().collect();
        let n = known.len() as f64;
        let all_and_without = match self {
            Discrimination::Auc => auc(&known),
            Discrimination::Missed => missed(&known),
        };
        let Some((all, without)) = all_and_without else { return vec![None; told.len()] };
        let mut values = without.into_iter().map(|without| n * all - (n - 1.0) * without);
        told.iter().map(|seed| seed.and_then(|_| values.next())).collect()
    }

    /// How many systems it rests on: the fewest of safe and dangerous ones, or those
    /// that pass.
    pub fn fewest(self, told: &[Told]) -> usize {
        let count =
            |of: &dyn Fn(f64, bool) -> bool| told.iter().flatten().filter(|(x, d)| of(*x, *d)).count();
        match self {
            Discrimination::Auc => count(&|_, dangerous| dangerous).min(count(&|_, dangerous| !dangerous)),
            Discrimination::Missed => count(&|x, _| x <= HALF),
        }
    }
}

/// θ, and θ without each system in turn: without system i, the pairs it is not in.
fn auc(systems: &[(f64, bool)]) -> Option<(f64, Vec<f64>)> {
    let sorted = |dangerous: bool| {
        let mut of: Vec<f64> = systems.iter().filter(|(_, d)| *d == dangerous).map(|(x, _)| *x).collect();
        of.sort_unstable_by(f64::total_cmp);
        of
    };
    let (safe, dangerous) = (sorted(false), sorted(true));
    let sizes = [safe.len() as f64, dangerous.len() as f64];
    if safe.len() < 2 || dangerous.len() < 2 {
        return None;
    }
    // Twice the pairs a system wins, so that counts are whole: below + (below or equal).
    let below = |of: &[f64], x: f64| of.partition_point(|y| *y < x) + of.partition_point(|y| *y <= x);
    let wins = |(x, is_dangerous): &(f64, bool)| {
        if *is_dangerous { 2 * safe.len() - below(&safe, *x) } else { below(&dangerous, *x) }
    };
    let wins: Vec<usize> = systems.iter().map(wins).collect();
    // Every pair is counted from both sides.
    let all = wins.iter().sum::<usize>() / 2;
    let share = |wins: usize, [safe, dangerous]: [f64; 2]| wins as f64 / (2.0 * safe * dangerous);
    let without = systems.iter().zip(&wins).map(|((_, is_dangerous), own)| {
        let left = if *is_dangerous { [sizes[0], sizes[1] - 1.0] } else { [sizes[0] - 1.0, sizes[1]] };
        share(all - own, left)
    });
    Some((share(all, sizes), without.collect()))
}

fn missed(systems: &[(f64, bool)]) -> Option<(f64, Vec<f64>)> {
    let passes = |(x, _): &(f64, bool)| *x <= HALF;
    let passed = systems.iter().filter(|s| passes(s)).count();
    let dangerous = systems.iter().filter(|s| passes(s) && s.1).count();
    if passed < 2 {
        return None;
    }
    let all = dangerous as f64 / passed as f64;
    let without = |s: &(f64, bool)| match passes(s) {
        true => (dangerous - usize::from(s.1)) as f64 / (passed - 1) as f64,
        false => all,
    };
    Some((all, systems.iter().map(without).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::rng::{Purpose, Streams, normal};
    use crate::numerics::stats::{Location, mean};
    use Discrimination::{Auc, Missed};

    /// Every pair, with nothing clever.
    fn brute_force(of: Discrimination, systems: &[(f64, bool)]) -> Option<f64> {
        let share = |[won, of]: [f64; 2]| (of > 0.0).then(|| won / of);
        share(match of {
            Auc => {
                let safe = || systems.iter().filter(|s| !s.1);
                let pairs = safe().flat_map(|s| systems.iter().filter(|d| d.1).map(move |d| (s.0, d.0)));
                pairs.fold([0.0, 0.0], |[won, of], (s, d)| {
                    [
                        won + if s > d {
                            1.0
                        } else if s == d {
                            0.5
                        } else {
                            0.0
                        },
                        of + 1.0,
                    ]
                })
            }
            Missed => {
                let passed: Vec<_> = systems.iter().filter(|s| s.0 <= 0.5).collect();
                [passed.iter().filter(|s| s.1).count() as f64, passed.len() as f64]
            }
        })
    }

    fn without(systems: &[(f64, bool)], i: usize) -> Vec<(f64, bool)> {
        [&systems[..i], &systems[i + 1..]].concat()
    }

    #[test]
    fn pseudo_values_are_those_of_leaving_out_one_by_one() {
        let mut rng = Streams { seed: 1, repetition: 0 }.stream(Purpose::Feature, "ties", 0);
        for n in [4, 7, 30, 101] {
            // Rounded to tenths, so that there are ties.
            let round = |x: f64| (5.0 * x).round() / 10.0;
            let systems: Vec<(f64, bool)> =
                (0..n).map(|_| (round(normal(&mut rng)), normal(&mut rng) > 0.3)).collect();
            let told: Vec<Told> = systems.iter().copied().map(Some).collect();
            for of in Discrimination::ALL {
                let values: Vec<f64> = of.pseudo_values(&told).into_iter().flatten().collect();
                let Some(all) = brute_force(of, &systems).filter(|_| !values.is_empty()) else { continue };
                for (i, value) in values.iter().enumerate() {
                    let left = brute_force(of, &without(&systems, i)).expect("two of each");
                    let expected = n as f64 * all - (n as f64 - 1.0) * left;
                    assert!((value - expected).abs() < 1e-10, "{of:?} {n}: {value} {expected}");
                }
                assert!((mean(&values) - all).abs() < 1e-12, "{of:?} {n}");
            }
        }
    }

    #[test]
    fn by_hand() {
        // Safe 1, 2, 2; dangerous 0, 2: of six pairs three are won and two tie.
        let told = [(1.0, false), (2.0, false), (2.0, false), (0.0, true), (2.0, true)].map(Some);
        let values: Vec<f64> = Auc.pseudo_values(&told).into_iter().flatten().collect();
        assert!((mean(&values) - 4.0 / 6.0).abs() < 1e-15);
        // One that has no number is left out, and its place stays empty.
        let mut more = told.to_vec();
        more.insert(1, None);
        let with_gap = Auc.pseudo_values(&more);
        assert_eq!((with_gap[1], with_gap[0], with_gap[5]), (None, Some(values[0]), Some(values[4])));
        // −0 and 0 tie.
        let zeros = [(0.0, false), (-0.0, false), (-0.0, true), (0.0, true)].map(Some);
        assert_eq!(Auc.pseudo_values(&zeros), [Some(0.5); 4]);
    }

    #[test]
    fn a_class_of_one_or_none_has_no_value() {
        let told = |dangerous: [bool; 4]| dangerous.map(|d| Some((if d { 0.2 } else { 0.4 }, d)));
        for dangerous in [[false; 4], [true; 4], [true, false, false, false]] {
            assert_eq!(Auc.pseudo_values(&told(dangerous)), [None; 4]);
        }
        assert!(Auc.pseudo_values(&told([true, true, false, false])).iter().all(Option::is_some));
        let with_numbers = |numbers: [f64; 4]| numbers.map(|x| Some((x, false)));
        assert_eq!(Missed.pseudo_values(&with_numbers([0.6, 0.9, 1.0, 0.7])), [None; 4]);
        assert_eq!(Missed.pseudo_values(&with_numbers([0.5, 0.9, 1.0, 0.7])), [None; 4]);
        assert_eq!(Missed.pseudo_values(&with_numbers([0.5, 0.4, 1.0, 0.7])), [Some(0.0); 4]);
        assert_eq!(Auc.pseudo_values(&[]), []);
        assert_eq!(Discrimination::told(Some(f64::NAN), Some(1.0)), None);
        assert_eq!(Discrimination::told(Some(0.3), Some(0.5)), Some((0.3, false)));
        let six = [(0.1, true), (0.5, false), (0.9, false), (0.2, true), (0.8, true), (0.3, false)].map(Some);
        assert_eq!((Auc.fewest(&six), Missed.fewest(&six)), (3, 4));
    }

    /// Systems that are dangerous where Y > 0, with a number ½ + X; X and Y are standard
    /// normal with correlation ρ, so X ≤ 0 passes.
    fn systems(n: usize, rho: f64, repetition: u32) -> Vec<Told> {
        let mut rng = Streams { seed: 2, repetition }.stream(Purpose::Feature, "pair", 0);
        let one = |_| {
            let (y, own) = (normal(&mut rng), normal(&mut rng));
            Some((0.5 + rho * y + (1.0 - rho * rho).sqrt() * own, y > 0.0))
        };
        (0..n).map(one).collect()
    }

    fn locations(n: usize, rho: f64, repetition: u32) -> [(Location, f64); 2] {
        let told = systems(n, rho, repetition);
        let auc = 0.5 - 2.0 / std::f64::consts::PI * libm::asin(rho / std::f64::consts::SQRT_2);
        let missed = 0.5 - libm::asin(rho) / std::f64::consts::PI;
        let location = |of: Discrimination| {
            let values: Vec<f64> = of.pseudo_values(&told).into_iter().flatten().collect();
            Location::of_mean(&values)
        };
        [(location(Auc), auc), (location(Missed), missed)]
    }

    /// AUC = ½ − (2/π)·asin(ρ/√2), missed = ½ − asin(ρ)/π: two normal orthant probabilities.
    #[test]
    fn of_a_bivariate_normal_it_is_known() {
        for rho in [-0.6, 0.0, 0.5, 0.9] {
            for (location, truth) in locations(2000, rho, 0) {
                let far = (location.estimate - truth).abs() / location.se;
                assert!(far < 4.0, "{rho}: {} against {truth}, {far} standard errors", location.estimate);
            }
        }
    }

    /// 95 % intervals cover the truth: of 1000 samples 950 ± 6.9, so within 4 of these;
    /// 15 more are granted to the small sample, of which intervals are symmetric about an
    /// estimate that is not.
    #[test]
    fn intervals_cover() {
        let mut covered = [0; 2];
        for repetition in 0..1000 {
            for (count, (location, truth)) in covered.iter_mut().zip(locations(120, 0.7, repetition)) {
                let [lo, hi] = location.interval(0.95);
                *count += usize::from(lo <= truth && truth <= hi);
            }
        }
        assert!(covered.iter().all(|count| (950 - 43..=950 + 28).contains(count)), "{covered:?}");
    }
}
