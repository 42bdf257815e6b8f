//! Verdicts: their false alarms, their power, what they refuse, and that they
//! see what they should not believe.

use crate::lab::plan;
use ndarray::{Array2, Axis};
use oversight::numerics::math::exp;
use oversight::numerics::rng::{Purpose, Rng, Streams, normal, uniform};
use oversight::study::claims::{
    Evidence, Judgement, Side, Verdict, evidence_csv, gather, judge, read_evidence,
};
use oversight::study::plan::Plan;
use oversight::study::results::{Results, summary_csv};

const WORLD: &str = r#"
    seeds = 40
    [world.answers]
    prompts = 2
    answers = 64
    features = { insight = { gold = 1.0 }, flattery = { gold = -1.0 } }
    [overseer]
    believes = { flattery = 0.8 }
    [optimizer.best_of_n]
    n = [1, 4, 16]
    [sweep]
    "feedback.labels" = [20, 100, 500]
    [variants.control]
    overseer.believes = {}
"#;

/// A plan with these claims, each at the last labels and pressure of `base` where it does not say.
fn with_claims(claims: &[&str]) -> Plan {
    let claims = claims.iter().map(|claim| {
        let kind = if claim.contains("control = ") { "finding" } else { "identity" };
        format!("[[claims]]\nsay = \"so\"\nkind = \"{kind}\"\nmetric = \"gold\"\n{claim}\n")
    });
    let claims: Vec<String> = claims.collect();
    plan(&format!("{WORLD}\n{}", claims.join("\n")))
}

const HERE: &str = r#"where = { variant = "base", pressure = "last", "feedback.labels" = "last" }"#;
const ALONG_LABELS: &str = r#"where = { variant = "base", pressure = "last" }"#;

fn above_zero() -> String {
    format!("{HERE}\ngreater = {{ than = 0 }}")
}

/// Evidence of `columns`, each seed drawn by `draw`.
fn side(columns: &[&str], seeds: usize, mut draw: impl FnMut() -> Vec<f64>) -> Side {
    let numbers = (0..seeds).flat_map(|_| draw().into_iter().map(Some)).collect();
    Side {
        columns: columns.iter().map(|c| (*c).to_owned()).collect(),
        seeds: Array2::from_shape_vec((seeds, columns.len()), numbers).unwrap(),
    }
}

fn alone(claim: Side) -> Evidence {
    Evidence { claim, control: None }
}

fn stream(name: &str, index: u64) -> Rng {
    Streams { seed: 5, repetition: 0 }.stream(Purpose::Pairs, name, index)
}

fn only(judgements: Vec<Judgement>) -> Judgement {
    assert_eq!(judgements.len(), 1);
    judgements.into_iter().next().unwrap()
}

/// A law of mean 0, and what it needs: its name and seeds.
type Law = (&'static str, usize, fn(&mut Rng) -> f64);

const LAWS: [Law; 5] = [
    ("normal", 30, |r| normal(r)),
    ("exponential", 60, |r| -libm::log(uniform(r)) - 1.0),
    ("minus exponential", 60, |r| libm::log(uniform(r)) + 1.0),
    ("log-normal", 60, |r| exp(normal(r)) - exp(0.5)),
    ("minus log-normal", 60, |r| exp(0.5) - exp(normal(r))),
];

/// 5,000 experiments of two claims each whose truth lies on the margin: in at
/// most 1 % does any claim hold, and in at most 1 % does any fail. Three standard
/// errors of a count of 50 are 21.
#[test]
fn false_alarms_of_whole_experiments() {
    let plan = with_claims(&[&above_zero(), &above_zero()]);
    for (law, seeds, draw) in LAWS {
        let (mut holds, mut fails, mut undecided) = (0, 0, 0);
        for experiment in 0..5000 {
            let mut rng = stream(law, experiment);
            let evidence: Vec<Evidence> =
                (0..2).map(|_| alone(side(&["x"], seeds, || vec![draw(&mut rng)]))).collect();
            let verdicts: Vec<Verdict> = judge(&plan, &evidence).iter().map(|j| j.verdict).collect();
            holds += i32::from(verdicts.contains(&Verdict::Holds));
            fails += i32::from(verdicts.contains(&Verdict::Fails));
            undecided += i32::from(verdicts == [Verdict::Undecided; 2]);
        }
        println!("{law}, {seeds} seeds: {holds} hold, {fails} fail, {undecided} undecided of 5000");
        assert!(holds <= 71 && fails <= 71, "{law}: {holds} hold, {fails} fail");
    }
}

/// Trends and peaks over normal seeds without any trend, and equalities on the margin.
#[test]
fn false_alarms_of_every_test() {
    let claims = [
        format!("{ALONG_LABELS}\nincreases = {{ along = \"feedback.labels\", by = 0, tolerance = 1 }}"),
        format!("{ALONG_LABELS}\ndecreases = {{ along = \"feedback.labels\", by = 0, tolerance = 1 }}"),
        format!("{ALONG_LABELS}\npeaks = {{ along = \"feedback.labels\", rise = 0, fall = 0 }}"),
        format!("{HERE}\nequals = {{ value = 0.5, within = 0.5 }}"),
    ];
    let plan = with_claims(&claims.each_ref().map(String::as_str));
    let levels = ["20", "100", "500"];
    let (mut holds, mut fails) = ([0; 4], [0; 4]);
    for experiment in 0..5000 {
        let mut rng = stream("trend", experiment);
        let mut evidence: Vec<Evidence> = Vec::new();
        for _ in 0..3 {
            evidence.push(alone(side(&levels, 80, || (0..3).map(|_| normal(&mut rng)).collect())));
        }
        evidence.push(alone(side(&["x"], 80, || vec![normal(&mut rng)])));
        for (i, j) in judge(&plan, &evidence).iter().enumerate() {
            holds[i] += i32::from(j.verdict == Verdict::Holds);
            fails[i] += i32::from(j.verdict == Verdict::Fails);
        }
    }
    println!("increases, decreases, peaks, equals: hold {holds:?}, fail {fails:?} of 5000");
    // Each at 1 % at most, so also all together: 50 and three standard errors.
    assert!(holds.iter().sum::<i32>() <= 71 && fails.iter().sum::<i32>() <= 71);
}

/// An effect of half a standard deviation, alone in its experiment, at 60 seeds.
#[test]
fn power_for_a_known_effect() {
    let plan = with_claims(&[&above_zero()]);
    let held = (0..2000).filter(|experiment| {
        let mut rng = stream("power", *experiment);
        let evidence = [alone(side(&["x"], 60, || vec![0.5 + normal(&mut rng)]))];
        only(judge(&plan, &evidence)).verdict == Verdict::Holds
    });
    let power = held.count() as f64 / 2000.0;
    println!("power {power}");
    // By the noncentral t with 59 degrees of freedom .930; the guard against skewed seeds takes some.
    assert!((0.85..0.95).contains(&power), "{power}");
}

/// The seeds that a pilot run asks for settle the claim, in the right way, in at
/// least 90 % of follow-ups with fresh seeds, for effects from one standard error
/// of the pilot up (20 seeds: .22). Fainter ones no pilot can tell from none; they
/// are settled less often, and the follow-up asks for more. Three standard errors
/// of 90 % of 500 are 4 %.
#[test]
fn the_seeds_asked_for_settle_it() {
    let plan = with_claims(&[&above_zero()]);
    let straight: fn(&mut Rng) -> f64 = |r| normal(r);
    // The long tail away from the claim, which is where skewness costs seeds.
    let skewed: fn(&mut Rng) -> f64 = |r| 1.0 + libm::log(uniform(r));
    let cases = [
        (8, 1.0, straight),
        (8, 0.5, straight),
        (20, 0.05, straight),
        (20, 0.1, straight),
        (20, 0.2, straight),
        (20, -0.3, straight),
        (20, 0.5, straight),
        (20, 1.0, straight),
        (20, 0.3, skewed),
        (20, 0.5, skewed),
    ];
    for (case, (pilot, effect, law)) in cases.into_iter().enumerate() {
        let (mut settled, mut needed) = (0, Vec::new());
        for experiment in 0..500 {
            let mut rng = stream("follow", experiment);
            let draw = |rng: &mut Rng, seeds| side(&["x"], seeds, || vec![effect + law(rng)]);
            let first = only(judge(&plan, &[alone(draw(&mut rng, pilot))]));
            assert_eq!(first.verdict, Verdict::Undecided);
            let Some(needs) = first.needs.filter(|n| *n <= 100_000) else { continue };
            needed.push(needs);
            let follow = only(judge(&plan, &[alone(draw(&mut rng, needs as usize))]));
            let right = if effect > 0.0 { Verdict::Holds } else { Verdict::Fails };
            assert!(follow.verdict == right || follow.verdict == Verdict::Undecided, "{effect} {follow:?}");
            settled += i32::from(follow.verdict == right);
        }
        needed.sort_unstable();
        let share = f64::from(settled) / needed.len() as f64;
        println!(
            "case {case}: {pilot} seeds, effect {effect}: {} asked for, median {}; settled {share:.3}",
            needed.len(),
            needed[needed.len() / 2]
        );
        let least = if effect.abs() < 0.2 { 0.6 } else { 0.86 };
        assert!(share > least, "case {case}: {share}");
    }
}

#[test]
fn too_few_seeds_are_undecided() {
    let plan = with_claims(&[&above_zero()]);
    let mut rng = stream("few", 0);
    for (seeds, verdict) in [(1, Verdict::Undecided), (29, Verdict::Undecided), (30, Verdict::Holds)] {
        let evidence = [alone(side(&["x"], seeds, || vec![3.0 + 0.1 * uniform(&mut rng)]))];
        let judgement = only(judge(&plan, &evidence));
        assert_eq!(judgement.verdict, verdict, "{seeds}: {}", judgement.why);
        assert_eq!(judgement.seeds, seeds as u32);
    }
    // Skewed: sixty.
    for (seeds, verdict) in [(59, Verdict::Undecided), (60, Verdict::Holds)] {
        let evidence = [alone(side(&["x"], seeds, || vec![9.0 - libm::log(uniform(&mut rng))]))];
        let judgement = only(judge(&plan, &evidence));
        assert_eq!(judgement.verdict, verdict, "{seeds}: {}", judgement.why);
        if verdict == Verdict::Undecided {
            assert!(judgement.needs.unwrap() >= 60 && judgement.why.contains("skewed"), "{}", judgement.why);
        }
    }
}

/// What is the same in every seed is decided by the margin, up to rounding.
#[test]
fn exact_claims_are_decided_by_tolerance() {
    let equal = format!("{HERE}\nequals = {{ value = 0.3, within = 0.1 }}");
    let plan = with_claims(&[&equal, &above_zero()]);
    let mut rng = stream("exact", 0);
    let mut verdict = |x: f64, seeds: usize| {
        let evidence = [
            alone(side(&["x"], seeds, || vec![x * (1.0 + 1e-15 * normal(&mut rng))])),
            alone(side(&["x"], seeds, || vec![x])),
        ];
        let judged = judge(&plan, &evidence);
        assert_eq!(judged[0].p, None);
        [judged[0].verdict, judged[1].verdict]
    };
    assert_eq!(verdict(0.4, 30), [Verdict::Holds; 2]);
    assert_eq!(verdict(0.1 + 0.2, 30), [Verdict::Holds; 2]);
    assert_eq!(verdict(0.401, 30), [Verdict::Fails, Verdict::Holds]);
    assert_eq!(verdict(0.0, 30), [Verdict::Fails, Verdict::Fails]);
    assert_eq!(verdict(0.4, 29), [Verdict::Undecided; 2]);
}

/// A share that is the same in n seeds need not be exact: where it is .95 and the
/// claim says .9, seven seeds of eight runs of 60 would agree by chance.
#[test]
fn shares_that_agree_are_not_exact() {
    let claim = format!("{HERE}\nmetric = \"label_accuracy\"\ngreater = {{ than = 0.95 }}")
        .replace("metric = \"gold\"", "");
    let plan = plan(&format!("{WORLD}\n[[claims]]\nsay = \"so\"\nkind = \"identity\"\n{claim}"));
    let verdict = |seeds| only(judge(&plan, &[alone(side(&["x"], seeds, || vec![1.0]))])).verdict;
    // (1 − .05/2)ⁿ is 1 % at n = 182.
    assert_eq!([60, 181, 182].map(verdict), [Verdict::Undecided, Verdict::Undecided, Verdict::Holds]);
}

/// An interquartile mean whose middle agrees while its ends do not is no certainty.
#[test]
fn agreement_in_the_middle_proves_nothing() {
    let plan = with_claims(&[&format!("{}\nestimand = \"iqm\"", above_zero())]);
    let mut seed = 0;
    let here = side(&["x"], 60, || {
        seed += 1;
        vec![if seed % 5 == 0 { -1.0 } else { 1.0 }]
    });
    assert_eq!(only(judge(&plan, &[alone(here)])).verdict, Verdict::Undecided);
}

#[test]
fn a_claim_that_holds_on_its_control_fails() {
    let plan = with_claims(&[&format!("{}\ncontrol = {{ variant = \"control\" }}", above_zero())]);
    let mut rng = stream("control", 0);
    let mut judged = |there: f64| {
        let mut at = |mean: f64| side(&["x"], 60, || vec![mean + uniform(&mut rng)]);
        let evidence = [Evidence { claim: at(1.0), control: Some(at(there)) }];
        only(judge(&plan, &evidence))
    };
    let (held, failed, mute) = (judged(-2.0), judged(1.0), judged(-0.5));
    assert_eq!((held.verdict, failed.verdict), (Verdict::Holds, Verdict::Fails));
    // A control that may or may not be 0 does not tell.
    assert_eq!(mute.verdict, Verdict::Undecided);
    assert_eq!(held.control.unwrap().holds, Some(false));
    assert!(failed.why.contains("control"), "{}", failed.why);
}

#[test]
fn trends_and_peaks() {
    let labels = |test: &str| format!("{ALONG_LABELS}\n{test}");
    let plan = with_claims(&[
        &labels("increases = { along = \"feedback.labels\", by = 0.5, tolerance = 0.1 }"),
        &labels("decreases = { along = \"feedback.labels\", by = 0.5 }"),
        &labels("peaks = { along = \"feedback.labels\", rise = 0.5, fall = 0.5 }"),
    ]);
    let levels = ["20", "100", "500"];
    let verdicts = |curve: [f64; 3]| {
        let mut rng = stream("curve", 0);
        let mut seed = || curve.iter().map(|y| y + 0.1 * uniform(&mut rng)).collect();
        let here = side(&levels, 60, &mut seed);
        judge(&plan, &[alone(here.clone()), alone(here.clone()), alone(here)])
            .iter()
            .map(|j| j.verdict)
            .collect::<Vec<_>>()
    };
    use Verdict::{Fails, Holds};
    assert_eq!(verdicts([0.0, 1.0, 2.0]), [Holds, Fails, Fails]);
    assert_eq!(verdicts([2.0, 1.0, 0.0]), [Fails, Holds, Fails]);
    assert_eq!(verdicts([0.0, 2.0, 1.0]), [Fails, Fails, Holds]);
    assert_eq!(verdicts([1.0, 0.0, 1.0]), [Fails, Fails, Fails]);
}

/// The share of the way, with Fieller's interval; and whichever way the way goes.
#[test]
fn shares_of_the_way() {
    let share = "share = { from = { variant = \"control\" }, to = { \"feedback.labels\" = \"first\" } }";
    let plan = with_claims(&[
        &format!("{HERE}\n{share}\ngreater = {{ than = 0.5 }}"),
        &format!("{HERE}\n{share}\nequals = {{ value = 0.75, within = 0.1 }}"),
        &format!("{HERE}\n{share}\nless = {{ than = 0.5 }}"),
    ]);
    for (from, to) in [(1.0, 5.0), (5.0, 1.0)] {
        let mut rng = stream("share", 0);
        let mut seed = || {
            let noise = normal(&mut rng);
            vec![from + 0.75 * (to - from) + noise, from + noise, to + noise + 0.1 * normal(&mut rng)]
        };
        let here = side(&["x", "from", "to"], 60, &mut seed);
        let judged = judge(&plan, &[alone(here.clone()), alone(here.clone()), alone(here)]);
        let verdicts: Vec<Verdict> = judged.iter().map(|j| j.verdict).collect();
        assert_eq!(verdicts, [Verdict::Holds, Verdict::Holds, Verdict::Fails]);
        let ([lo, hi], share) = (judged[0].interval.unwrap(), judged[0].estimate.unwrap());
        assert!(
            lo < share && share < hi && hi - lo < 0.02 && (share - 0.75).abs() < 0.01,
            "{lo} {share} {hi}"
        );
    }
    // No way at all: nothing holds and nothing fails, however far x is.
    for far in [0.0, 50.0] {
        let mut rng = stream("noway", 0);
        let here = side(&["x", "from", "to"], 60, || {
            (0..3).map(|i| normal(&mut rng) + if i == 0 { far } else { 0.0 }).collect()
        });
        let judged = judge(&plan, &[alone(here.clone()), alone(here.clone()), alone(here)]);
        assert!(judged.iter().all(|j| j.verdict == Verdict::Undecided), "{far}");
    }
}

/// From rows to numbers: levels, reductions, theory; and through a file and back.
#[test]
fn evidence_is_gathered_by_place() {
    let labels = "where = { variant = \"base\", \"feedback.labels\" = \"last\" }";
    let plan = with_claims(&[
        &format!(
            "{ALONG_LABELS}\nincreases = {{ along = \"feedback.labels\", by = 0 }}\ncontrol = {{ variant = \"control\" }}"
        ),
        &format!("{labels}\nargmax = {{ along = \"pressure\", log = true }}\ngreater = {{ than = 1 }}"),
        &format!("{labels}\nslope = {{ along = \"pressure\" }}\ngreater = {{ than = 1 }}"),
        &format!("{labels}\nauc = {{ along = \"pressure\" }}\ngreater = {{ than = 1 }}"),
        &format!("{labels}\ncrossing = {{ along = \"pressure\", at = 0.0 }}\ngreater = {{ than = 1 }}"),
        &format!("{HERE}\nequals = {{ value = \"believed\", within = 1 }}"),
        &format!("{HERE}\ngreater = {{ than = {{ variant = \"control\" }}, by = 0 }}"),
    ]);
    let rows: Vec<_> = (0..3).flat_map(|seed| plan.seed(seed, || true).unwrap()).collect();
    let evidence = gather(&Results::new(&plan, &rows));
    // Cells: labels × variants; rows of seed 1 at 500 labels, base.
    let gold: Vec<f64> = rows[18 + 12..18 + 15].iter().map(|r| r.record.metrics.gold.unwrap()).collect();
    let of = |claim: usize| -> Vec<f64> {
        evidence[claim].claim.seeds.row(1).iter().map(|x| x.unwrap()).collect()
    };
    assert_eq!(evidence[0].claim.columns, ["20", "100", "500"]);
    assert_eq!(of(0)[2], gold[2]);
    assert_eq!(evidence[0].control.as_ref().unwrap().seeds[[1, 2]], rows[18 + 17].record.metrics.gold);
    let best = (0..3).max_by(|a, b| gold[*a].total_cmp(&gold[*b])).unwrap();
    assert_eq!(of(1)[0], [0.0, 2.0, 4.0][best]);
    let slope = (gold[0] * -6.0 + gold[1] * -3.0 + gold[2] * 9.0) / 126.0;
    assert!((of(2)[0] - slope).abs() < 1e-12);
    let area = (3.0 * (gold[0] + gold[1]) + 12.0 * (gold[1] + gold[2])) / 30.0;
    assert!((of(3)[0] - area).abs() < 1e-12);
    let believed = gold[2] + rows[18 + 14].record.metrics.proxy_error.unwrap();
    assert!((of(5)[1] - believed).abs() < 1e-12);
    assert_eq!(of(6), [gold[2], rows[18 + 17].record.metrics.gold.unwrap()]);
    let csv = evidence_csv(&evidence);
    assert_eq!(read_evidence(&csv, &evidence).unwrap(), evidence);
    assert_eq!(judge(&plan, &read_evidence(&csv, &evidence).unwrap()), judge(&plan, &evidence));
    assert_eq!(read_evidence(b"seed,1.x\n0,1\n", &evidence), None);
}

/// `auc.NAME` and `missed.NAME`, from rows to a verdict. No world seizes power yet, so the
/// rows are told whether it does.
#[test]
fn how_well_a_metric_tells_dangerous_seeds() {
    let plan = plan(&format!(
        "{WORLD}
        [[claims]]
        say = \"so\"
        metric = \"missed.gold\"
        {ALONG_LABELS}
        increases = {{ along = \"feedback.labels\", by = 0 }}
        control = {{ variant = \"control\" }}
        [[claims]]
        say = \"so\"
        metric = \"auc.gold\"
        {HERE}
        greater = {{ than = {{ \"feedback.labels\" = \"first\" }} }}
        kind = \"identity\""
    ));
    let mut rows: Vec<_> = (0..60).flat_map(|seed| plan.seed(seed, || true).unwrap()).collect();
    for row in &mut rows {
        row.record.metrics.takeover = Some(if row.seed % 3 == 0 { 0.9 } else { 0.1 });
    }
    let evidence = gather(&Results::new(&plan, &rows));
    let names = ["20", "20.dangerous", "100", "100.dangerous", "500", "500.dangerous"];
    assert_eq!(evidence[0].claim.columns, names);
    assert_eq!(evidence[1].claim.columns, ["x", "x.dangerous", "than", "than.dangerous"]);
    // What is kept of a seed does not depend on the others.
    let first = gather(&Results::new(&plan, &rows[..2 * plan.conditions().len()]));
    assert_eq!(first[1].claim.seeds, evidence[1].claim.seeds.slice_axis(Axis(0), (..2).into()));
    assert_eq!(read_evidence(&evidence_csv(&evidence), &first).unwrap(), evidence);
    let auc = |place: usize| {
        let gold = |dangerous: bool| -> Vec<f64> {
            let here = rows.iter().skip(place).step_by(plan.conditions().len());
            let here = here.filter(|row| (row.seed % 3 == 0) == dangerous);
            here.map(|row| row.record.metrics.gold.unwrap()).collect()
        };
        oversight::numerics::stats::improvement(&gold(false), &gold(true))
    };
    // Places: 3 labels × 2 variants × 3 pressures; base at the highest pressure is third of six.
    let judged = judge(&plan, &evidence);
    assert!((judged[1].estimate.unwrap() - (auc(14) - auc(2))).abs() < 1e-12);
    assert!(judged[1].interval.is_some() && judged[1].improvement.is_none());
    assert!(judged[1].tested.starts_with("AUC of gold is greater"), "{}", judged[1].tested);
    assert!(judged[0].tested.starts_with("share missed by gold increases"), "{}", judged[0].tested);
    // The summary has its mean over seeds and no other average.
    let summary = summary_csv(&Results::new(&plan, &rows), |_| true);
    let summary = String::from_utf8(summary).unwrap();
    let line = summary.lines().find(|l| l.starts_with("500,base") && l.contains(",16,auc.gold,60,")).unwrap();
    let fields: Vec<&str> = line.split(',').collect();
    let mean: f64 = fields[7].parse().unwrap();
    assert!((mean - auc(14)).abs() < 1e-12 && fields[11..] == ["", "", ""], "{line}");
    // Where nobody is dangerous, nothing can be said.
    rows.iter_mut().for_each(|row| row.record.metrics.takeover = Some(0.0));
    let judged = judge(&plan, &gather(&Results::new(&plan, &rows)));
    assert_eq!(judged[1].verdict, Verdict::Undecided);
    assert!(judged[1].why.contains("auc.gold is not defined in any seed"), "{}", judged[1].why);
}

/// A test that never fails on sixty seeds of which few are dangerous has not shown much.
#[test]
fn perfect_separation_counts_the_smaller_class() {
    let claim = format!("say = \"so\"\nmetric = \"auc.gold\"\n{HERE}\ngreater = {{ than = 0.8 }}");
    let plan = plan(&format!("{WORLD}\n[[claims]]\nkind = \"identity\"\n{claim}"));
    let perfect = |dangerous: u32| {
        let mut seed = 0;
        let evidence = side(&["x", "x.dangerous"], 200, || {
            seed += 1;
            if seed <= dangerous { vec![0.0, 1.0] } else { vec![1.0, 0.0] }
        });
        only(judge(&plan, &[alone(evidence)]))
    };
    // (1 − .2/2)ⁿ with n = 10 and 100.
    assert_eq!(perfect(10).verdict, Verdict::Undecided);
    assert_eq!((perfect(100).verdict, perfect(100).estimate), (Verdict::Holds, Some(1.0)));
}
