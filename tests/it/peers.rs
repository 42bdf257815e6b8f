//! Labels as the peers make them: imitation 1.0.1, B-Pref, APReL.

use crate::common::{assert_close, items, json, number, numbers};
use oversight::lab::overseer::{Choice, Label, LabelChances};
use oversight::numerics::math::{exp, expm1, ln, sigmoid};
use oversight::numerics::rng::{Distribution, Purpose, Streams};

fn choice(toml: &str) -> Choice {
    toml::from_str(toml).unwrap_or_else(|e| panic!("{toml}: {e}"))
}

/// The chances of each label for two segments, given step by step.
fn chances(choice: &Choice, first: &[f64], second: &[f64]) -> LabelChances {
    let chances =
        choice.chances(choice.returns(first.iter().copied()), choice.returns(second.iter().copied()));
    let LabelChances { first, second, tie, skip } = chances;
    assert_close("mass", first + second + tie + skip, 1.0, 1e-15);
    assert!([first, second, tie, skip].iter().all(|p| (0.0..=1.0).contains(p)), "{chances:?}");
    chances
}

const TIE: LabelChances = LabelChances { first: 0.0, second: 0.0, tie: 1.0, skip: 0.0 };
const SKIP: LabelChances = LabelChances { first: 0.0, second: 0.0, tie: 0.0, skip: 1.0 };

#[test]
fn imitation() {
    let truth = json("labels.json");
    for case in items(&truth["imitation"]) {
        let temperature = number(&case["temperature"]);
        let rationality =
            if temperature == 0.0 { "inf".to_owned() } else { format!("{:?}", 1.0 / temperature) };
        let discount = number(&case["discount"]);
        let choice =
            choice(&format!("rationality = {rationality}\ndiscount = {discount:?}\ncompat = \"imitation\""));
        let got = chances(&choice, &numbers(&case["first"]), &numbers(&case["second"]));
        // At T = 0 and equal returns the peer's label is ½: a tie.
        let expected = number(&case["first_preferred"]);
        assert_close("first", got.first + 0.5 * got.tie, expected, 1e-9);
        if expected < 1e-9 && temperature > 0.0 {
            assert_close("tail", got.first / expected, 1.0, 1e-9);
        }
        if temperature > 0.0 {
            assert_eq!(got.tie, 0.0);
        }
    }
    // Its mistakes mix in a coin: p' = ε/2 + (1−ε)p. A step of log-odds p makes the clean chance p.
    for case in items(&truth["imitation_noise"]) {
        let (noise, clean) = (number(&case["noise"]), number(&case["clean"]));
        let step = [ln(clean / (1.0 - clean))];
        let mixed = chances(&choice(&format!("mistake = {noise:?}\ncompat = \"imitation\"")), &step, &[0.0]);
        assert_close("noisy", mixed.first, number(&case["noisy"]), 1e-9);
        // A uniform mixture of ε is flips of ε/2.
        let flipped = chances(&choice(&format!("mistake = {:?}", noise / 2.0)), &step, &[0.0]);
        assert_close("flips of half", flipped.first, mixed.first, 1e-15);
    }
}

#[test]
fn imitation_at_its_ends() {
    let rational = choice("rationality = inf\ncompat = \"imitation\"");
    assert_eq!(chances(&rational, &[1.0, 2.0], &[2.0, 1.0]), TIE);
    assert_eq!(chances(&rational, &[1.0], &[2.0]).second, 1.0);
    // Differences are clipped at ±50.
    let soft = choice("compat = \"imitation\"");
    let clipped = chances(&soft, &[0.0], &[1e9]).first;
    assert_close("clip", clipped * exp(50.0), 1.0, 1e-12);
    // The first step weighs 1, here and in no other.
    let first = chances(&choice("discount = 0.5\ncompat = \"imitation\""), &[1.0, 0.0], &[0.0, 1.0]).first;
    let last = chances(&choice("discount = 0.5"), &[1.0, 0.0], &[0.0, 1.0]).first;
    assert_close("first weighs 1", first, sigmoid(0.5), 1e-15);
    assert_close("last weighs 1", last, sigmoid(-0.5), 1e-15);
    // No discount: only the heaviest step counts.
    assert_close(
        "γ = 0",
        chances(&choice("discount = 0.0"), &[9.0, 1.0], &[0.0, 0.0]).first,
        sigmoid(1.0),
        1e-15,
    );
}

#[test]
fn bpref() {
    for case in items(&json("labels.json")["bpref"]) {
        let toml = format!(
            "rationality = {:?}\ndiscount = {:?}\nmistake = {:?}\ncompat = \"bpref\"",
            number(&case["beta"]),
            number(&case["gamma"]),
            number(&case["mistake"]),
        );
        let got = chances(&choice(&toml), &numbers(&case["first"]), &numbers(&case["second"]));
        assert_close("second", got.second, number(&case["second_preferred"]), 1e-9);
    }
}

#[test]
fn bpref_goes_step_by_step() {
    let teacher = |more: &str| choice(&format!("compat = \"bpref\"\nrationality = -1.0\n{more}"));
    // 1. Skip unless the larger sum is above the threshold; equality skips.
    let skipping = teacher("skip = 2.0");
    assert_eq!(chances(&skipping, &[1.0, 1.0], &[0.0, 0.0]), SKIP);
    assert_eq!(chances(&skipping, &[1.0, 1.25], &[0.0, 0.0]).first, 1.0);
    // Undiscounted: the discounted sums are 1.5 and 0.
    assert_eq!(chances(&teacher("skip = 2.0\ndiscount = 0.5"), &[1.0, 1.0 + 1e-9], &[0.0, 0.0]).first, 1.0);
    // 2. Equal if the sums differ by less than the threshold; equality does not.
    let equal = teacher("equal = 0.5");
    assert_eq!(chances(&equal, &[1.0], &[0.75]), TIE);
    assert_eq!(chances(&equal, &[1.0], &[0.5]).first, 1.0);
    assert_eq!(chances(&teacher("equal = 0.0"), &[1.0], &[1.0]).tie, 0.0);
    // Undiscounted: [4, 0] and [0, 4] are equal, however far apart discounted.
    assert_eq!(chances(&teacher("equal = 0.5\ndiscount = 0.5"), &[4.0, 0.0], &[0.0, 4.0]), TIE);
    // Skipping comes before ties.
    assert_eq!(chances(&teacher("skip = 2.0\nequal = 0.5"), &[1.0], &[1.0]), SKIP);
    // 3. The last step weighs 1.
    assert_eq!(chances(&teacher("discount = 0.5"), &[1.0, 0.0], &[0.0, 0.75]).second, 1.0);
    // 4. Rational at β ≤ 0, a tie goes to the first.
    for beta in ["0.0", "-1.0", "inf"] {
        let rational = choice(&format!("compat = \"bpref\"\nrationality = {beta}"));
        assert_eq!(chances(&rational, &[1.0], &[1.0]).first, 1.0);
        assert_eq!(chances(&rational, &[1.0], &[1.5]).second, 1.0);
    }
    // 5. Flips, of the rational tie too, and once.
    assert_close("flip", chances(&teacher("mistake = 0.1"), &[1.0], &[1.0]).second, 0.1, 1e-15);
    assert_close("flip", chances(&teacher("mistake = 0.1"), &[1.0], &[2.0]).first, 0.1, 1e-15);
    // 6. Equal overwrites flips; skips are never flipped.
    assert_eq!(chances(&teacher("mistake = 0.1\nequal = 0.5"), &[1.0], &[1.0]), TIE);
    assert_eq!(chances(&teacher("mistake = 0.1\nskip = 5.0"), &[1.0], &[1.0]), SKIP);
}

#[test]
fn aprel_is_two_positions() {
    // APReL: P(1) = σ(r₁ − r₂ − δ), P(2) = σ(r₂ − r₁ − δ). So P(1) is a choice with a bias of
    // −δ for the first, P(2) one with +δ; and the rest is (e^2δ − 1)·P(1)·P(2).
    for case in items(&json("labels.json")["aprel"]) {
        let [one, two, delta] = ["first_return", "second_return", "delta"].map(|key| number(&case[key]));
        let first = chances(&choice(&format!("position = {:?}", -delta)), &[one], &[two]).first;
        let second = chances(&choice(&format!("position = {delta:?}")), &[one], &[two]).second;
        assert_close("first", first, number(&case["first"]), 1e-9);
        assert_close("second", second, number(&case["second"]), 1e-9);
        assert_close("tie", 1.0 - first - second, number(&case["tie"]), 1e-9);
        assert_close("identity", 1.0 - first - second, expm1(2.0 * delta) * first * second, 1e-15);
    }
}

#[test]
fn without_a_peer() {
    // β = ∞: the sign of the difference; at 0 the bias alone decides.
    for bias in [-2.0, 0.0, 0.5] {
        let rational = choice(&format!("rationality = inf\nposition = {bias:?}"));
        assert_close("equal", chances(&rational, &[1.0, 1.0], &[2.0, 0.0]).first, sigmoid(bias), 1e-15);
        assert_eq!(chances(&rational, &[1.0], &[0.5]).first, 1.0);
        assert_eq!(chances(&rational, &[1.0], &[1.5]).second, 1.0);
    }
    // σ(βΔ + b), then flips; β < 0 is a perverse judge, not a rational one.
    let all = choice("rationality = 2.0\nposition = 0.25\nmistake = 0.1");
    assert_close("all", chances(&all, &[1.0], &[0.5]).first, 0.1 + 0.8 * sigmoid(1.25), 1e-15);
    assert_close(
        "perverse",
        chances(&choice("rationality = -1.0"), &[1.0], &[0.0]).first,
        sigmoid(-1.0),
        1e-15,
    );
    assert_eq!(choice(""), Choice::default());
}

#[test]
fn draws_have_their_chances() {
    // Hoeffding: a frequency of n draws is off by more than √(ln(2/α)/2n) with chance α at
    // most. 12 comparisons at α = 1e-4: a false alarm of 1.2e-3.
    let n = 40_000;
    let bound = (ln(2.0 / 1e-4) / (2.0 * f64::from(n))).sqrt();
    let cases = [
        LabelChances { first: 0.1, second: 0.2, tie: 0.3, skip: 0.4 },
        LabelChances { first: 0.75, second: 0.25, tie: 0.0, skip: 0.0 },
        LabelChances { first: 0.0, second: 0.5, tie: 0.5, skip: 0.0 },
    ];
    for (i, chances) in cases.into_iter().enumerate() {
        let mut rng = Streams { seed: 8, repetition: 0 }.stream(Purpose::Choices, "", i as u64);
        let mut counts = [0u32; 4];
        for _ in 0..n {
            counts[match chances.sample(&mut rng) {
                Label::First => 0,
                Label::Second => 1,
                Label::Tie => 2,
                Label::Skip => 3,
            }] += 1;
        }
        for (count, chance) in
            counts.into_iter().zip([chances.first, chances.second, chances.tie, chances.skip])
        {
            assert_close(
                "frequency",
                f64::from(count) / f64::from(n),
                chance,
                if chance > 0.0 { bound } else { 0.0 },
            );
        }
    }
    assert_eq!(
        [Label::First, Label::Second, Label::Tie, Label::Skip].map(Label::value),
        [Some(1.0), Some(0.0), Some(0.5), None]
    );
}
