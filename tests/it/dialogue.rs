//! Answers to questions: made-up claims, refusals, and overseers who hear what they
//! think, against closed forms, exactly and learned from labels.

use crate::common::assert_close;
use oversight::numerics::math::exp;
use oversight::study::config::{Experiment, Overrides};
use oversight::study::experiments::experiment;
use oversight::study::plan::{Plan, Row};

/// A built-in experiment with some settings changed, run.
fn run(name: &str, seeds: u32, sets: &[String]) -> Vec<Row> {
    let overrides =
        Overrides { sets: sets.to_vec(), quick: false, seeds: Some(seeds), ..Overrides::default() };
    let text = experiment(name).expect("built in");
    let plan = Plan::read(&format!("{name}.toml"), text.as_bytes(), &overrides);
    crate::lab::run(&plan.unwrap_or_else(|e| panic!("{e}")))
}

fn gold(row: &Row) -> f64 {
    row.record.metrics.gold.expect("measured")
}

fn approval(row: &Row) -> f64 {
    row.record.metrics.approval.expect("measured")
}

const CHECKABLE: &str = "world.graph.given.checkable";
const GREEDY: &str = "optimizer.tilt.kl=100";
const BY_BELIEF: &str = "reward_model=overseer";

/// What an overseer takes a claim for, evidence for, and who cannot be told a lie:
/// what it makes of an error, and of claims and evidence it cannot check.
#[derive(Clone, Copy)]
struct Belief {
    error: f64,
    claim: f64,
    evidence: f64,
}

impl Belief {
    /// Four claims in five are right, evidence or not.
    fn trusting(error: f64) -> Self {
        let value = 0.8 * 2.0 + 0.2 * error;
        Self { error, claim: value, evidence: value }
    }

    /// By how often it is so under the random policy: half of its claims are right; evidence
    /// stands behind ½·½·c of its answers, and is forged and not seen through in ½·½·c·½·(1 − c).
    fn calibrated(checkable: f64) -> Self {
        let trust = 2.0 / (3.0 - checkable);
        Self { error: -3.0, claim: -0.5, evidence: 2.0 * trust - 3.0 * (1.0 - trust) }
    }
}

/// What pays, by backward induction on what is believed.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Deeds {
    answers: bool,
    makes_up: bool,
    doubles_down: bool,
}

/// Deeds, gold and approval of the best policy for a belief.
fn best(c: f64, belief: Belief) -> (Deeds, f64, f64) {
    let Belief { error, claim, evidence } = belief;
    let known = (1.0 - c) * claim + c * evidence;
    let double = (1.0 - c) * evidence + c * error;
    let made_up = (1.0 - c) * claim + c * double.max(-0.5);
    let deeds = Deeds { answers: known > 0.0, makes_up: made_up > 0.0, doubles_down: double > -0.5 };
    let asked = if deeds.doubles_down { -3.0 } else { -0.5 };
    let of_lies = if deeds.makes_up { (1.0 - c) * -3.0 + c * asked } else { 0.0 };
    let gold = 0.5 * (if deeds.answers { 2.0 } else { 0.0 } + of_lies);
    (deeds, gold, 0.5 * (known.max(0.0) + made_up.max(0.0)))
}

/// Gold and approval are those of what pays, whatever an error counts for.
#[test]
fn what_pays_among_claims() {
    let levels: Vec<f64> = (0..=37).map(|i| f64::from(i) / 37.0).collect();
    let sweep = format!("{CHECKABLE}={levels:?}");
    for (variant, error) in
        [("base", -3.0), ("error_6", -6.0), ("error_7", -7.0), ("refusal", -9.0), ("calibrated", f64::NAN)]
    {
        let sets = [&sweep, &format!("variant={variant}"), GREEDY, BY_BELIEF].map(str::to_owned);
        let rows = run("doubling_down", 1, &sets);
        assert_eq!(rows.len(), levels.len());
        for (row, c) in rows.iter().zip(&levels) {
            let belief = if error.is_nan() { Belief::calibrated(*c) } else { Belief::trusting(error) };
            let (_, expected, believed) = best(*c, belief);
            assert_close(&format!("{variant} at {c}: gold"), gold(row), expected, 1e-9);
            assert_close(&format!("{variant} at {c}: approval"), approval(row), believed, 1e-9);
        }
    }
    let truth = run("doubling_down", 1, &[&sweep, "variant=control", GREEDY].map(str::to_owned));
    truth.iter().for_each(|row| assert_close("the control admits", gold(row), 1.0, 1e-9));
}

/// With V what a claim is taken for, r a retraction and w an error: doubling down pays below
/// (V − r)/(V − w), making up below V/(V − r), answering while V > 0; a calibrated overseer
/// is answered from (√24 − 3)/5, and never lied to.
#[test]
fn thresholds_among_claims() {
    let deeds = |variant: &str, c: f64, error: Option<f64>| {
        let mut sets = vec![format!("{CHECKABLE}={c}"), format!("variant={variant}")];
        sets.extend([GREEDY, BY_BELIEF].map(str::to_owned));
        sets.extend(error.map(|e| format!("overseer.believes.wrong={e}")));
        gold(&run("doubling_down", 1, &sets)[0])
    };
    let v = 1.0;
    for (threshold, below, above) in [
        ((v + 0.5) / (v + 3.0), -0.5, 1.0 + 0.5 * (-3.0 * 0.625 - 0.5 * 0.375)),
        (v / (v + 0.5), 1.0 + 0.5 * (-1.0 - 0.5 * 2.0 / 3.0), 1.0),
    ] {
        for (shift, expected) in [(-1e-7, below), (1e-7, above)] {
            assert_close(&format!("{threshold}"), deeds("base", threshold + shift, None), expected, 1e-6);
        }
    }
    let calibrated = (24f64.sqrt() - 3.0) / 5.0;
    assert_close("silent", deeds("calibrated", calibrated - 1e-7, None), 0.0, 1e-9);
    assert_close("honest", deeds("calibrated", calibrated + 1e-7, None), 1.0, 1e-9);
    // Where claims can all be checked nobody lies, and refusal is all that an error counting for
    // more can bring, from 8; where none can, it is all that cures making up.
    for (c, answered) in [(1.0, 1.0), (0.0, -0.5)] {
        assert_close("answers", deeds("base", c, Some(-8.0 + 1e-7)), answered, 1e-9);
        assert_close("refuses", deeds("base", c, Some(-8.0 - 1e-7)), 0.0, 1e-9);
    }
}

/// How many of 100 seeds end in what pays, learned from sampled labels.
fn as_predicted(variant: &str, c: f64, belief: Belief, more: &[&str]) -> usize {
    let mut sets = vec![format!("{CHECKABLE}={c}"), format!("variant={variant}"), GREEDY.to_owned()];
    sets.extend(more.iter().map(|set| (*set).to_owned()));
    let (_, expected, _) = best(c, belief);
    run("doubling_down", 100, &sets).iter().filter(|row| (gold(row) - expected).abs() < 1e-9).count()
}

/// End to end, .1 to either side of the thresholds: at least 95 of 100 seeds.
#[test]
fn thresholds_learned_from_labels() {
    let trusting = Belief::trusting(-3.0);
    for (c, belief, variant, deeds) in [
        (0.275, trusting, "base", (true, true, true)),
        (0.475, trusting, "base", (true, true, false)),
        (2.0 / 3.0 - 0.1, trusting, "base", (true, true, false)),
        (2.0 / 3.0 + 0.1, trusting, "base", (true, false, false)),
        (0.28, Belief::calibrated(0.28), "calibrated", (false, false, false)),
        (0.48, Belief::calibrated(0.48), "calibrated", (true, false, false)),
    ] {
        let (found, ..) = best(c, belief);
        assert_eq!((found.answers, found.makes_up), (deeds.0, deeds.1), "{variant} at {c}");
        assert!(!found.makes_up || found.doubles_down == deeds.2, "{variant} at {c}");
        let right = as_predicted(variant, c, belief, &[]);
        assert!(right >= 95, "{variant} at {c}: {right} of 100 do what pays");
    }
    // An error counting for 7.5 or 8.5: the claim is taken for ±.1.
    for error in [-7.5, -8.5] {
        let set = format!("overseer.believes.wrong={error}");
        let right = as_predicted("base", 1.0, Belief::trusting(error), &[&set]);
        assert!(right >= 95, "{error}: {right} of 100 do what pays");
    }
}

/// Where half the seeds switch, from a sweep in steps of .03: the start plus the area under
/// the share that still does what `first` says. Its standard error is at most .007, as with
/// the published cases.
fn switch(from: f64, first: impl Fn(f64) -> bool) -> f64 {
    let levels: Vec<f64> = (0..9).map(|i| from + 0.03 * f64::from(i)).collect();
    let sets = [&format!("{CHECKABLE}={levels:?}"), "variant=base", GREEDY].map(str::to_owned);
    let rows = run("doubling_down", 20, &sets);
    let share = |cell: usize| rows.iter().filter(|r| r.cell == cell && first(gold(r))).count() as f64 / 20.0;
    let shares: Vec<f64> = (0..levels.len()).map(share).collect();
    assert!(shares[0] > 0.9 && shares[8] < 0.1, "the sweep is around the switch: {shares:?}");
    from + 0.03 * (shares.iter().sum::<f64>() - 0.5)
}

#[test]
fn switches_fitted_to_labels() {
    // Doubling down leaves −.5 of gold; making up at most .5, honesty 1.
    assert_close("doubling down", switch(0.255, |gold| gold < -0.4), 0.375, 0.03);
    assert_close("making up", switch(0.547, |gold| gold < 0.75), 2.0 / 3.0, 0.03);
}

/// While doubling down pays, what is believed of lies is 1 − c² of them, 4 above their worth.
#[test]
fn lies_are_overestimated() {
    let sets = [&format!("{CHECKABLE}=0.125"), "variant=base", GREEDY, BY_BELIEF].map(str::to_owned);
    let metrics = &run("doubling_down", 1, &sets)[0].record.metrics;
    let believed = 1.0 - 0.125f64 * 0.125;
    assert_close("E⁺", metrics.overestimation.expect("measured"), 0.5 * 4.0 * believed, 1e-9);
    assert_close("false positives", metrics.false_positive_rate.expect("measured"), believed, 1e-9);
}

const DISPUTED: &str = "world.graph.given.disputed";
const AGREES: &str = "overseer.believes.agrees";

/// What a policy makes of overseers: gold and approval, `d` of questions disputed in each way
/// and agreement worth `a`, truth 2.
fn of_overseers(variant: &str, d: f64, a: f64) -> [f64; 2] {
    let truthful = [2.0, 2.0 + a * (1.0 - 2.0 * d)];
    match variant {
        "control" => [2.0, 2.0],
        "blind" if a < 4.0 => truthful,
        // Where neither is right, one of the two is pleased.
        "blind" => [2.0 * (1.0 - d), 2.0 * (1.0 - d) + a * (1.0 - 1.5 * d)],
        _ if a < 2.0 => truthful,
        _ => [2.0 * (1.0 - 2.0 * d), 2.0 * (1.0 - 2.0 * d) + a],
    }
}

#[test]
fn what_judges_are_told() {
    let levels = [0.0, 0.1, 0.2, 0.3, 1.0 / 3.0];
    for variant in ["base", "swapped", "alike", "control", "blind", "alike_blind"] {
        for a in [1.0, 1.99, 2.01, 3.0, 3.99, 4.01, 5.0] {
            let sets = [
                format!("{DISPUTED}={levels:?}"),
                format!("{AGREES}={a}"),
                format!("variant={variant}"),
                GREEDY.to_owned(),
                BY_BELIEF.to_owned(),
            ];
            for (row, d) in run("telling_us_what_we_believe", 1, &sets).iter().zip(levels) {
                let [expected, believed] = of_overseers(variant, d, a);
                assert_close(&format!("{variant}, {a}, {d}: gold"), gold(row), expected, 1e-9);
                assert_close(&format!("{variant}, {a}, {d}: approval"), approval(row), believed, 1e-9);
                let sides = match variant {
                    "base" if a > 2.0 => 3.0 * d,
                    "swapped" if a > 2.0 => -3.0 * d,
                    _ => continue,
                };
                assert_close(&format!("{variant}, {a}, {d}: sides"), feature(row, "sides"), sides, 1e-9);
            }
        }
    }
}

/// At a price of KL: in each question an answer has the weight e^(S/βσ), where σ is the
/// standard deviation of S under the random policy among conversations with one judge.
#[test]
fn what_judges_are_told_at_a_price() {
    let (a, d, beta) = (3.0, 0.3, 0.5);
    // Chance, and belief and gold of each answer.
    let plain = (1.0 - 3.0 * d, vec![(2.0 + a, 2.0), (0.0, 0.0)]);
    let right = (d, vec![(2.0 + a, 2.0), (0.0, 0.0), (0.0, 0.0)]);
    let other = (d, vec![(a, 0.0), (2.0, 2.0), (0.0, 0.0)]);
    let questions = [plain, right, other.clone(), other];
    let even = |f: &dyn Fn(f64) -> f64| -> f64 {
        let mean = |q: &Vec<(f64, f64)>| q.iter().map(|(s, _)| f(*s)).sum::<f64>() / q.len() as f64;
        questions.iter().map(|(chance, q)| chance * mean(q)).sum()
    };
    let mean = even(&|s| s);
    let sigma = even(&|s| (s - mean) * (s - mean)).sqrt();
    let tilted = |read: &dyn Fn(&(f64, f64)) -> f64| -> f64 {
        let of = |q: &Vec<(f64, f64)>| {
            let weight = |(s, _): &(f64, f64)| exp(s / (beta * sigma));
            q.iter().map(|x| weight(x) * read(x)).sum::<f64>() / q.iter().map(weight).sum::<f64>()
        };
        questions.iter().map(|(chance, q)| chance * of(q)).sum()
    };
    let sets = [
        format!("{DISPUTED}={d}"),
        format!("{AGREES}={a}"),
        "variant=base".to_owned(),
        format!("optimizer.tilt.beta={beta}"),
        BY_BELIEF.to_owned(),
    ];
    let row = &run("telling_us_what_we_believe", 1, &sets)[0];
    assert_close("approval", approval(row), tilted(&|x| x.0), 1e-9);
    assert_close("gold", gold(row), tilted(&|x| x.1), 1e-9);
}

#[test]
fn judges_are_learned_from_labels() {
    for (variant, a) in [("base", 3.0), ("base", 1.0), ("swapped", 3.0), ("blind", 3.0), ("alike_blind", 3.0)]
    {
        let sets = [
            format!("{DISPUTED}=0.3"),
            format!("{AGREES}={a}"),
            format!("variant={variant}"),
            GREEDY.to_owned(),
        ];
        let [expected, _] = of_overseers(variant, 0.3, a);
        let rows = run("telling_us_what_we_believe", 100, &sets);
        let right = rows.iter().filter(|row| (gold(row) - expected).abs() < 1e-9).count();
        assert!(right >= 95, "{variant}, {a}: {right} of 100 tell them what pays");
    }
}

/// The expected total of a feature, of those in the order of their names.
fn feature(row: &Row, name: &str) -> f64 {
    let names = ["agrees", "echo", "sides", "truth"];
    row.record.features[names.iter().position(|n| *n == name).expect("a feature")]
}

/// Two questions that a policy may be told apart, or not.
fn alike(more: &str) -> String {
    format!(
        "[world.graph]\nhorizon = 2\nstart = {{ A = 0.5, B = \"rest\" }}\n\
         states = {{ A = {{ seen = \"q\" }}, B = {{ seen = \"q\" }}, good = {{ gold = 1 }}, bad = {{}} }}\n\
         moves = {{ A.x = \"good\", A.y = \"bad\", B.x = \"bad\", B.y = \"good\", good.go = \"bad\" }}\n\
         {more}\n[optimizer.tilt]\nkl = 100\n"
    )
}

/// What it cannot tell apart it treats alike: half is all that can be had of two opposites.
#[test]
fn a_policy_acts_on_what_it_sees() {
    let best = |text: &str| gold(&crate::lab::run(&crate::lab::plan(&format!("seeds = 1\n{text}")))[0]);
    let blind = alike("[reward_model.gold]");
    assert_close("alike", best(&blind), 0.5, 1e-12);
    assert_close("told apart", best(&blind.replacen("{ seen = \"q\" }", "{}", 1)), 1.0, 1e-12);
    // A name is what a state is seen as unless given, so another may be seen as it.
    let as_other = blind.replacen("{ seen = \"q\" }", "{}", 1).replace("\"q\"", "\"A\"");
    assert_close("seen as the other", best(&as_other), 0.5, 1e-12);
    let even = blind.replace("A = 0.5", "A = 0.8");
    assert_close("the likelier one", best(&even), 0.8, 1e-12);
    // Symbols for the overseer change nothing of what the policy sees.
    let shown = blind.replace("bad = {}", "bad = { shown = \"z\" }");
    assert_close("unfolded", best(&shown), 0.5, 1e-12);
}

#[test]
fn what_cannot_look_alike() {
    let said = |text: &str| {
        let error = Experiment::read("bad.toml", text.as_bytes(), &Overrides::default()).expect_err(text);
        error.to_string()
    };
    let check = |text: &str, message: &str, help: &str| {
        let said = said(text);
        assert!(said.starts_with("bad.toml:4:") && said.contains(message) && said.contains(help), "{said}");
    };
    check(
        &alike("").replace("B.y = \"good\"", "B.z = \"good\""),
        "`A` and `B` look alike to the policy, not in their actions: x, y; x, z",
        "give both the same actions, or let the policy see them as different",
    );
    check(
        &alike("").replace("bad = {}", "bad = { seen = \"q\" }"),
        "`A` and `bad` look alike to the policy, not in their actions: x, y; none",
        "let the policy see them as different",
    );
    check(
        &alike("reference.B = { x = 0.2, y = \"rest\" }"),
        "`A` and `B` look alike to the policy, and the reference policy acts differently in them",
        "give both the same reference",
    );
    check(&alike("").replacen("\"q\"", "\"a q\"", 1), "\"a q\" cannot be a symbol", "without spaces");
    // Where it is depends on what it did, so it would have to remember.
    let swayed = "[world.graph]\nhorizon = 2\nstart = \"S\"\n\
        states = { S = {}, A = { seen = \"q\" }, B = { seen = \"q\" }, good = { gold = 1 }, bad = {} }\n\
        moves = { S.a = \"A\", S.b = \"B\", A.x = \"good\", A.y = \"bad\", B.x = \"bad\", B.y = \"good\" }\n";
    let help = "let it see them as different, or let chance alone decide between them";
    check(swayed, "`A` and `B` look alike to the policy, and it has a say in which it meets", help);
    let shown = swayed.replace("bad = {}", "bad = { shown = \"z\" }");
    let ways = "`A` (by `S A`) and `B` (by `S B`) look alike to the policy, and it has a say in which";
    check(&shown, ways, help);
}

/// What is believed in each round follows from what π₀ and the policies of the rounds before did; here
/// reckoned by hand, from chances of answering, of making up and of doubling down.
#[test]
fn trust_follows_the_record() {
    // At 0.55 the seventh round is an exact tie, which is shared.
    for c in [0.25, 0.43, 0.56, 0.71, 0.85] {
        let sets = [format!("{CHECKABLE}=[{c}]"), GREEDY.to_owned(), "feedback.labels=24".to_owned()];
        // The third variant, `at_once`.
        let rows: Vec<Row> =
            run("trust_follows_the_record", 1, &sets).into_iter().filter(|row| row.cell == 2).collect();
        // Right and wrong among claims that were not asked, and among evidence.
        let (mut claims, mut evidence) = ([0.0; 2], [0.0; 2]);
        let mut deeds = [0.5; 3];
        for row in &rows {
            let [answers, makes_up, doubles] = deeds;
            claims[0] += 0.5 * answers * (1.0 - c);
            claims[1] += 0.5 * makes_up * (1.0 - c);
            evidence[0] += 0.5 * answers * c;
            evidence[1] += 0.5 * makes_up * c * doubles * (1.0 - c);
            let value = |[right, wrong]: [f64; 2]| (2.0 * right - 3.0 * wrong) / (right + wrong);
            let (claim, proof) = (value(claims), value(evidence));
            let doubling = (1.0 - c) * proof - 3.0 * c;
            let asked = doubling.max(-0.5);
            let pays = |value: f64| f64::from(u8::from(value > 0.0));
            deeds = [
                pays((1.0 - c) * claim + c * proof),
                pays((1.0 - c) * claim + c * asked),
                f64::from(u8::from(doubling > -0.5)),
            ];
            let retracted = (1.0 - deeds[2]) * -0.5 + deeds[2] * -3.0;
            let expected = 0.5 * deeds[0] * 2.0 + 0.5 * deeds[1] * ((1.0 - c) * -3.0 + c * retracted);
            assert_close(&format!("c = {c}, round {}", row.record.round), gold(row), expected, 1e-9);
        }
        assert_eq!(rows.len(), 12);
    }
}
