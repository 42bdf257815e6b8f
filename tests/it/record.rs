//! `experiments/`: what is kept there is what the configs show today. Where it
//! is not: `just regenerate`; where only sentences or verdicts are others, or columns were added, `RECORD=update` with
//! this test.

use ndarray::Axis;
use oversight::numerics::rng::{Purpose, Streams, uniform};
use oversight::show::report::readme;
use oversight::study::claims::{Evidence, Verdict, claims_json, gather, judge, read_evidence};
use oversight::study::config::{Overrides, Test};
use oversight::study::experiments::experiments;
use oversight::study::plan::{Plan, Row};
use oversight::study::record::{DIGESTED, digests_csv, digests_of};
use oversight::study::results::Results;
use std::fs;
use std::path::{Path, PathBuf};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments").join(name)
}

fn kept(name: &str, file: &str) -> String {
    let path = folder(name).join(file);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}; run `just regenerate`", path.display()))
}

fn plan(name: &str, text: &str) -> Plan {
    Plan::read(&format!("{name}.toml"), text.as_bytes(), &Overrides::default())
        .unwrap_or_else(|e| panic!("{e}"))
}

/// The kept evidence, in the shape that the plan's own first seeds have.
fn evidence(plan: &Plan, rows: &[Row]) -> (Vec<Evidence>, Vec<Evidence>) {
    let first = gather(&Results::new(plan, rows));
    let kept = kept(&plan.experiment.name, "contrasts.csv");
    let all = read_evidence(kept.as_bytes(), &first);
    (first, all.expect("contrasts.csv has other columns than the claims; run `just regenerate`"))
}

/// Two seeds of every cell at full size, and the verdicts recomputed from the kept numbers.
#[test]
fn what_is_kept_is_what_the_configs_show() {
    for (name, text) in experiments() {
        let plan = plan(name, text);
        let rows: Vec<Row> = (0..DIGESTED).flat_map(|seed| plan.seed(seed, || true).unwrap()).collect();
        let stale =
            |file: &str| format!("{name}: {file} is not what the config shows; run `just regenerate`");
        let (old, new) = (kept(name, "digests.csv"), digests_csv(&Results::new(&plan, &rows)));
        let update = std::env::var("RECORD").is_ok_and(|what| what == "update");
        if update && old.lines().all(|line| new.lines().any(|l| l == line)) {
            fs::write(folder(name).join("digests.csv"), &new).unwrap();
        }
        let old = kept(name, "digests.csv");
        let other: Vec<&str> = new.lines().filter(|line| !old.lines().any(|l| l == *line)).collect();
        assert!(old == new, "{}, of which differ: {other:?}", stale("digests.csv"));
        let (first, all) = evidence(&plan, &rows);
        for (first, all) in first.iter().zip(&all) {
            let sides =
                [(Some(&first.claim), Some(&all.claim)), (first.control.as_ref(), all.control.as_ref())];
            for (first, all) in sides {
                let all = all.map(|side| side.seeds.slice_axis(Axis(0), (..DIGESTED as usize).into()));
                assert!(first.map(|side| side.seeds.view()) == all, "{}", stale("contrasts.csv"));
            }
        }
        let judgements = judge(&plan, &all);
        if update {
            fs::write(folder(name).join("claims.json"), claims_json(&judgements)).unwrap();
            fs::write(folder(name).join("README.md"), readme(&plan, &judgements)).unwrap();
        }
        assert!(kept(name, "claims.json") == claims_json(&judgements), "{}", stale("claims.json"));
        assert!(kept(name, "README.md") == readme(&plan, &judgements), "{}", stale("README.md"));
        for figure in &plan.experiment.figures {
            assert!(kept(name, &format!("{}.svg", figure.name)).starts_with("<svg"));
        }
    }
}

/// A metric that is added adds a digest, one that changes changes its own.
#[test]
fn a_digest_is_of_one_column() {
    let before = digests_of(b"seed,gold,kl\n0,1.5,\n1,2.5,\n");
    let lines: Vec<&str> = before.lines().collect();
    assert_eq!(lines.len(), 3, "kl is empty: {before}");
    let after = digests_of(b"seed,trust,gold,kl\n0,7,1.5,\n1,8,2.25,\n");
    let kept: Vec<bool> = lines.iter().map(|line| after.lines().any(|l| l == *line)).collect();
    assert_eq!(kept, [true, true, false], "{before}{after}");
    assert_eq!(after.lines().count(), 4);
}

/// With the levels of its axis shuffled within each seed no increase, decrease or
/// peak holds; with its own numbers on the control, no claim does.
#[test]
fn claims_turned_around() {
    let (mut shuffled, mut mirrored) = (0, 0);
    for (name, text) in experiments() {
        let plan = plan(name, text);
        let rows: Vec<Row> = plan.seed(0, || true).unwrap();
        let (_, all) = evidence(&plan, &rows);
        let held: Vec<bool> = judge(&plan, &all).iter().map(|j| j.verdict == Verdict::Holds).collect();
        let mut turned = all.clone();
        for (claim, evidence) in plan.experiment.claims.iter().zip(&mut turned) {
            let trend = matches!(claim.test, Test::Increases(_) | Test::Decreases(_) | Test::Peaks { .. });
            let seeds = evidence.claim.seeds.outer_iter_mut();
            for (seed, mut values) in seeds.enumerate().filter(|_| trend) {
                let mut rng = Streams { seed: 1, repetition: seed as u32 }.stream(Purpose::Pairs, name, 0);
                for i in (1..values.len()).rev() {
                    values.swap(i, (uniform(&mut rng) * (i + 1) as f64) as usize);
                }
            }
        }
        for ((claim, judgement), held) in plan.experiment.claims.iter().zip(judge(&plan, &turned)).zip(&held)
        {
            if let (Some(_), true) = (claim.test.along(), *held) {
                shuffled += 1;
                assert_ne!(
                    judgement.verdict,
                    Verdict::Holds,
                    "{name}: {} holds on a shuffled axis",
                    claim.say
                );
            }
        }
        let mut mirror = all.clone();
        for evidence in &mut mirror {
            evidence.control = evidence.control.as_ref().map(|_| evidence.claim.clone());
        }
        for (judgement, held) in judge(&plan, &mirror).iter().zip(held) {
            if judgement.control.is_some() && held {
                mirrored += 1;
                assert_eq!(
                    judgement.verdict,
                    Verdict::Fails,
                    "{name}: {} holds on its control too",
                    judgement.say
                );
            }
        }
    }
    println!("{shuffled} trends shuffled, {mirrored} claims put on their controls: none holds");
    assert!(shuffled >= 8 && mirrored >= 15);
}
