//! Published laws of oversight that need no world: what is made of them elsewhere must come out here.

use crate::common::{assert_all_close, assert_close};
use oversight::lab::reward_model::{Comparisons, fit};
use oversight::numerics::math::{exp, ln, ln_1p, powi, sigmoid};

#[test]
fn nested_oversight_has_a_best_number_of_steps() {
    // Engels et al. 2025: n steps from g_0 = 0 to g, each won by the weaker side with chance
    // 1/(1 + 10^((m_H g_{i+1} + c − m_G g_i)/400)).
    let success = |(houdini, guard, c, g): (f64, f64, f64, f64), n: u32| -> f64 {
        let at = |i: u32| f64::from(i) * g / f64::from(n);
        let lost = |i: u32| ln(10.0) * (guard * at(i + 1) + c - houdini * at(i)) / 400.0;
        exp(-(0..n).map(|i| ln_1p(exp(lost(i)))).sum::<f64>())
    };
    for (game, steps, expected) in
        [((1.0, 1.0, -200.0, 500.0), 2, 0.183_644), ((1.0, 3.0, -2000.0, 1000.0), 7, 0.191_597)]
    {
        let best = (1..=50).max_by(|a, b| success(game, *a).total_cmp(&success(game, *b)));
        assert_eq!(best, Some(steps));
        assert_close("chance", success(game, steps), expected, 1e-6);
    }
}

#[test]
fn noisy_majorities_hold_below_a_sixth() {
    // A tree of majorities of three, each call wrong with chance ε: p → ε + (1 − 2ε)(3p² − 2p³). It keeps p
    // away from ½ for ever if its slope there, (1 − 2ε)·3/2, is above 1: ε < 1/6.
    let keeps = |error: f64| {
        let step = |p: f64| error + (1.0 - 2.0 * error) * p * p * (3.0 - 2.0 * p);
        (0..20_000).fold(1.0, |p, _| step(p)) > 0.505
    };
    let (mut below, mut above) = (0.0, 0.5);
    while above - below > 1e-4 {
        let middle = 0.5 * (below + above);
        if keeps(middle) { below = middle } else { above = middle }
    }
    assert_close("threshold", below, 1.0 / 6.0, 0.001);
    // One majority of three errs with 3ε² − 2ε³; a chain of c calls holds with (1 − ε)^c.
    let error: f64 = 0.1;
    let majority: f64 = (0..8u32)
        .filter(|wrong| wrong.count_ones() >= 2)
        .map(|wrong| powi(error, wrong.count_ones()) * powi(1.0 - error, 3 - wrong.count_ones()))
        .sum();
    assert_close("majority", majority, 3.0 * error * error - 2.0 * error * error * error, 1e-15);
}

#[test]
fn bradley_terry_of_two_kinds_of_judges_counts_as_borda_does() {
    // Siththaranjan et al. 2023: 0.8 of judges with utilities (.5, 0, −.5), 0.2 with (−4, 0, 0), β = 2. The
    // mean says B, Bradley–Terry says A: it orders by the average chance to be preferred.
    let judges = [(0.8, [0.5, 0.0, -0.5]), (0.2, [-4.0, 0.0, 0.0])];
    let preferred = |i: usize, j: usize| -> f64 {
        judges.iter().map(|(share, u)| share * sigmoid(2.0 * (u[i] - u[j]))).sum()
    };
    let pairs = [(0, 1), (0, 2), (1, 2)];
    let chances = pairs.map(|(i, j)| preferred(i, j));
    assert_all_close("chances", &chances, &[0.584_913_933, 0.704_704_732, 0.684_846_863], 1e-9);
    // Weights of A and C against B, from chances as labels: enough of them that the prior is nothing.
    let unit = |i: usize| [f64::from(u8::from(i == 0)), f64::from(u8::from(i == 2))];
    let mut data = Comparisons { width: 2, ..Comparisons::default() };
    for ((i, j), chance) in pairs.into_iter().zip(chances) {
        for _ in 0..1000 {
            data.differences.extend([0, 1].map(|f| unit(i)[f] - unit(j)[f]));
            data.labels.push(chance);
        }
    }
    let weights = fit(&data, 1e-6, 0.0).weights;
    assert_all_close(
        "B and C against A",
        &[-weights[0], weights[1] - weights[0]],
        &[-0.267_676_4, -0.959_872_6],
        1e-6,
    );
    let mean = |i: usize| judges.iter().map(|(share, u)| share * u[i]).sum::<f64>();
    assert!(weights[0] > 0.0 && mean(0) < mean(1));
}
