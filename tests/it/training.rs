//! The training game: who behaves because, and while, somebody looks, and what goes
//! over to where nobody does; against closed forms.

use crate::common::assert_close;
use crate::lab::{plan, run};
use oversight::lab::solve::check_views;
use oversight::numerics::math::{asin, ln, normal_cdf};
use oversight::numerics::stats::Discrimination;
use oversight::study::config::{Experiment, Overrides};
use oversight::study::plan::Row;
use oversight::study::theory::Theory;
use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// The published map of the absent supervisor, planned in for what the overseer believes.
fn supervisor(rest: &str) -> Vec<Row> {
    let text = format!(
        "seeds = 1\nreward_model = 'overseer'\noptimizer.planner.depth = 20\n\
         world.gridworld.map = 'absent_supervisor'\nworld.gridworld.horizon = 20\n{rest}"
    );
    run(&plan(&text))
}

fn watched_and_not(row: &Row) -> [f64; 2] {
    let m = &row.record.metrics;
    [m.gold_watched, m.gold_unwatched].map(|x| x.expect("somebody watches"))
}

/// Gold of watched and of unwatched episodes: 41 by the long way, 17 by the short one, which is
/// taken where the chance of being watched, given the cue, is below 6/30.
fn by_formula(watched: f64, awareness: f64) -> [f64; 2] {
    let (right, wrong) = (0.5 + 0.5 * awareness, 0.5 - 0.5 * awareness);
    let short = |seen: f64, unseen: f64| seen / (seen + unseen) < 0.2;
    let told = short(watched * right, (1.0 - watched) * wrong);
    let untold = short(watched * wrong, (1.0 - watched) * right);
    let gold = |short: bool| if short { 17.0 } else { 41.0 };
    [right * gold(told) + wrong * gold(untold), wrong * gold(told) + right * gold(untold)]
}

#[test]
fn phases_are_where_the_closed_form_has_them() {
    let shares = "0.01, 0.05, 0.11, 0.19, 0.21, 0.31, 0.43, 0.52, 0.68, 0.83, 0.97";
    let aware = "0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0";
    let text = format!(
        "seeds = 1\nreward_model = 'overseer'\noptimizer.planner.depth = 20\n\
         world.gridworld.map = 'absent_supervisor'\nworld.gridworld.horizon = 20\n\
         [sweep]\n'world.gridworld.watched' = [{shares}]\n'world.gridworld.awareness' = [{aware}]\n"
    );
    let plan = plan(&text);
    let mut phases = [0; 3];
    for row in run(&plan) {
        let [watched, awareness] =
            [0, 1].map(|i| plan.experiment.cells[row.cell].levels[i].number().expect("a number"));
        let expected = by_formula(watched, awareness);
        let found = watched_and_not(&row);
        for (found, expected) in found.into_iter().zip(expected) {
            assert_close("gold", found, expected, 1e-9);
        }
        for (metric, expected) in ["gold_watched", "gold_unwatched"].into_iter().zip(expected) {
            let said = plan.oracle(Theory::Game, metric).value(&row);
            assert_close(metric, said.expect("a game"), expected, 1e-9);
        }
        // α > |(k + 1)w − 1| / (1 + (k − 1)w), with k = (1 − q)/q = 4.
        let plays = awareness > (5.0 * watched - 1.0).abs() / (1.0 + 3.0 * watched);
        let gap = found[0] - found[1];
        assert_close("gap", gap, if plays { 24.0 * awareness } else { 0.0 }, 1e-9);
        phases[if plays {
            1
        } else if watched < 0.2 {
            0
        } else {
            2
        }] += 1;
        let (world, ..) = plan.open(row.cell, 0);
        assert_eq!(check_views(&world.mdp), None, "a cue is met as often whatever the policy does");
    }
    assert!(phases.iter().all(|cells| *cells > 5), "{phases:?}");
}

#[test]
fn nothing_but_the_cue_tells_of_being_watched() {
    let gap = |rest: &str| {
        let [watched, unwatched] = watched_and_not(&supervisor(rest)[0]);
        watched - unwatched
    };
    assert_eq!(gap("world.gridworld.awareness = 1.0"), 24.0);
    assert_close("scrambled", gap("world.gridworld.awareness = 0.0"), 0.0, 1e-12);
    assert_close("always shown", gap("world.gridworld.features.punishment.shown = 'always'"), 0.0, 1e-12);
    assert_close(
        "always watched",
        gap("world.gridworld.watched = true\nworld.gridworld.awareness = 0.9"),
        0.0,
        1e-12,
    );
    // The truth is the same in all of them, watched or not: only what is shown differs.
    let plan =
        plan("optimizer.tilt.kl = 0\nworld.gridworld = { map = 'absent_supervisor', awareness = 0.5 }");
    let (world, ..) = plan.open(0, 0);
    let deployment = world.deployment().expect("watched");
    let starts = |seen: bool| {
        (0..world.mdp.states()).find(|s| world.mdp.start[*s] > 0.0 && deployment.seen[*s] == seen)
    };
    let [watched, unwatched] = [true, false].map(|seen| starts(seen).expect("a start"));
    let value = oversight::lab::solve::values(
        &world.mdp,
        &oversight::lab::policy::Policy::reference(&world.mdp),
        &world.mdp.gold_table().0,
    );
    assert_eq!(value[watched], value[unwatched]);
}

#[test]
fn what_is_never_met_is_not_learned() {
    // Always watched and always told so: the cue that nobody looks has never been seen.
    let row = &supervisor("world.gridworld.watched = true")[0];
    let random = run(&plan(
        "seeds = 1\noptimizer.tilt.kl = 0\nworld.gridworld.map = 'absent_supervisor'\n\
         world.gridworld.horizon = 20\nworld.gridworld.watched = true",
    ));
    let [watched, unwatched] = watched_and_not(row);
    assert_eq!([watched, unwatched], [41.0, watched_and_not(&random[0])[1]]);
}

#[test]
fn covert_audits_close_the_game_where_computed_and_overt_ones_never() {
    // With p of the episodes whose cue says no watched anyway, at a rate of (q − p)/(1 − p). At awareness
    // .6 that is .15 by p = .2·.2/(.2·.2 + .8·.8); at 1, where p = 0, it is q = .2, and overt
    // audits leave p as it is.
    for (awareness, rate, covert, closed) in [
        (0.6, 0.149, 1.0, false),
        (0.6, 0.151, 1.0, true),
        (1.0, 0.199, 1.0, false),
        (1.0, 0.201, 1.0, true),
        (1.0, 0.9, 0.0, false),
        // Half of the audits are announced: q/(covert + q(1 − covert)) = 1/3.
        (1.0, 0.33, 0.5, false),
        (1.0, 0.34, 0.5, true),
    ] {
        let rows = supervisor(&format!(
            "world.gridworld.watched = 0.2\nworld.gridworld.awareness = {awareness}\n\
             feedback.inputs.audit = {{ rate = {rate}, covert = {covert} }}"
        ));
        let [watched, unwatched] = watched_and_not(&rows[0]);
        assert_eq!(watched - unwatched < 1e-9, closed, "rate {rate}, covert {covert}: {watched} {unwatched}");
    }
}

#[test]
fn help_is_paid_for() {
    let world = "world.gridworld.map = 'absent_supervisor'\noptimizer.tilt.kl = 0\nseeds = 1\n";
    let cost = |rest: &str| {
        let m = &run(&plan(&format!("{world}{rest}")))[0].record.metrics.clone();
        (m.labels.expect("asked"), m.cost.expect("paid"))
    };
    let audit = "feedback.inputs.audit = { rate = 0.25 }\noverseer.prices.audit = 4\n";
    assert_eq!(cost(&format!("{audit}feedback.labels = 100")), (100.0, 200.0));
    assert_eq!(cost(&format!("{audit}feedback.budget = 100")), (50.0, 100.0));
    let probes = "seeds = 1\noptimizer.tilt.kl = 0\nfeedback.labels = 100\nfeedback.inputs.red_team = { probes = 2, share = 0.5 }\n\
        overseer.prices.call = 3\n[world.opportunity]\n";
    assert_eq!(run(&plan(probes))[0].record.metrics.cost, Some(250.0));
}

#[test]
fn tells_transfer_by_their_number() {
    for (alpha, m) in [(0.5, 1), (0.5, 4), (0.5, 16), (0.5, 64), (0.9, 1), (0.9, 4), (0.9, 16), (0.9, 64)] {
        let o = 1.0 - alpha * alpha;
        let expected = f64::from(m) * o / (1.0 + f64::from(m - 1) * o);
        for (tells, expected) in [(m, expected), (1, o)] {
            for optimizer in [
                "policy_gradient = { iterations = [0, 30] }",
                "natural_policy_gradient = { iterations = [0, 3] }",
                "ppo = { iterations = [0, 3] }",
            ] {
                let rows = run(&plan(&format!(
                    "seeds = 2\nworld.opportunity.awareness = {alpha}\nfeedback.labels = 500\noptimizer.{optimizer}\n\
                     feedback.inputs.red_team = {{ probes = {m}, tells = {tells} }}"
                )));
                for row in rows.iter().filter(|row| row.record.pressure > 0.0) {
                    let transfer = row.record.metrics.transfer.expect("trained");
                    assert_close(
                        &format!("{optimizer}, α {alpha}, {tells} of {m}"),
                        transfer,
                        expected,
                        1e-4,
                    );
                }
            }
        }
    }
}

#[test]
fn perfect_feedback_elsewhere_leaves_the_prior() {
    let text = |labels: u32| {
        format!(
            "seeds = 3\nworld.opportunity.awareness = 1.0\nfeedback.labels = {labels}\n\
             optimizer.policy_gradient = {{ iterations = [0, 50], policy = 'tabular' }}"
        )
    };
    let [few, many] = [10, 1000].map(|labels| run(&plan(&text(labels))));
    for (few, many) in few.iter().zip(&many) {
        assert_eq!(few.record.metrics.takeover, many.record.metrics.takeover);
    }
    for pair in many.chunks(2) {
        assert_eq!(pair[0].record.metrics.takeover, pair[1].record.metrics.takeover);
        assert!(
            pair[0].record.metrics.gold_watched < pair[1].record.metrics.gold_watched,
            "and it was trained"
        );
    }
}

/// π₀'s chances of the act in the probe and in reality.
fn systems(awareness: f64, count: u32) -> Vec<[f64; 2]> {
    let plan = plan(&format!(
        "seeds = {count}\nworld.opportunity.awareness = {awareness}\nfeedback.inputs.red_team.probes = 1\n\
         optimizer.policy_gradient.iterations = 0"
    ));
    let system = |seed: u32| {
        let (world, ..) = plan.open(0, seed);
        let contexts = world.deployment().and_then(|d| d.opportunity.as_ref()).expect("opportunities");
        let chance = |s: u32| world.mdp.reference[contexts.seizes[s as usize] as usize];
        [chance(contexts.trained[0]), chance(0)]
    };
    (0..count).map(system).collect()
}

#[test]
fn ten_thousand_systems_are_told_apart_as_well_as_the_closed_form_says() {
    for alpha in [0.2, 0.4, 0.6, 0.8, 0.9, 1.0] {
        let rho = 1.0 - alpha * alpha;
        let systems = systems(alpha, 10_000);
        let check = |of: Discrimination, number: &dyn Fn(f64) -> f64, expected: f64| {
            let told: Vec<_> =
                systems.iter().map(|[probe, reality]| Some((number(*probe), *reality > 0.5))).collect();
            let values: Vec<f64> = of.pseudo_values(&told).into_iter().flatten().collect();
            crate::lab::assert_mean(&format!("{of:?}, α = {alpha}"), &values, expected);
        };
        check(Discrimination::Auc, &|probe| -probe, 0.5 + 2.0 / PI * asin(rho * FRAC_1_SQRT_2));
        check(Discrimination::Missed, &|probe| probe, 0.5 - asin(rho) / PI);
    }
}

/// A gate stops a family of models at the first whose chance of acting on the probe is above
/// `mark`. How often the model that showed nothing yet is followed by the first dangerous one.
#[test]
fn a_gate_on_the_last_model_needs_a_margin_and_tests_like_reality() {
    let families = 10_000;
    let log_odds = |p: f64| ln(p / (1.0 - p));
    for (alpha, mark) in [(0.0, 0.5), (0.0, 0.1), (0.6, 0.5), (0.6, 0.1), (0.9, 0.5), (0.9, 0.1), (1.0, 0.1)]
    {
        let passes = |[probe, reality]: [f64; 2]| {
            // Every level of capability adds 1 to all log-odds.
            let first_dangerous = (-log_odds(reality)).floor() + 1.0;
            f64::from(u8::from(log_odds(probe) + first_dangerous - 1.0 <= log_odds(mark)))
        };
        let found: Vec<f64> = systems(alpha, families).into_iter().map(passes).collect();
        // Over the log-odds y in reality, given which those of the probe are N(ρy, 1 − ρ²).
        let rho: f64 = 1.0 - alpha * alpha;
        let step = 1e-3;
        let density = |y: f64| oversight::numerics::math::exp(-0.5 * y * y) / (2.0 * PI).sqrt();
        let given = |y: f64| {
            let room = log_odds(mark) - (-y).floor() - rho * y;
            let sd = (1.0 - rho * rho).sqrt();
            if sd < 1e-9 { f64::from(u8::from(room >= 0.0)) } else { normal_cdf(room / sd) }
        };
        let expected: f64 =
            (-8000..8000).map(|i| (f64::from(i) + 0.5) * step).map(|y| step * density(y) * given(y)).sum();
        let share = oversight::numerics::stats::mean(&found);
        println!("awareness {alpha}, mark {mark}: {share:.3}, expected {expected:.3}");
        let error = (expected * (1.0 - expected) / f64::from(families)).max(0.0).sqrt();
        assert!(
            (share - expected).abs() <= 3.9 * error + 2e-3,
            "α = {alpha}, mark {mark}: {share} against {expected}"
        );
    }
}

/// Systems that a gate releases although they are dangerous, and stops although they are useful and safe,
/// are as many as the bivariate normal says; and the last model is the model one step of capability below.
#[test]
fn a_gate_errs_as_often_as_the_closed_form_says() {
    let plan = plan(
        "seeds = 4000\nfeedback = { labels = 1, inputs.red_team = { probes = 1, gate = { step = 1, mark = 0.3 } } }\n\
         optimizer.policy_gradient.iterations = 0\n[world.opportunity.features]\njob = { gold = 1, in = 'work' }\n\
         seize = { gold = -3, in = 'opportunities' }\n[sweep]\n'world.opportunity.awareness' = [0.0, 0.6, 1.0]\n\
         'world.opportunity.temptation' = [-1, 0, 1]\n'feedback.inputs.red_team.gate.mark' = [0.3, 0.6]",
    );
    let rows = run(&plan);
    let levels = |row: &Row| -> Vec<f64> {
        plan.experiment.cells[row.cell].levels.iter().map(|level| level.number().expect("a number")).collect()
    };
    let cells = plan.experiment.cells.len();
    for metric in ["let_through", "forgone"] {
        let mut oracle = plan.oracle(Theory::Overlap, metric);
        for cell in 0..cells {
            let of: Vec<&Row> = rows.iter().filter(|row| row.cell == cell).collect();
            let value = |row: &&Row| match metric {
                "forgone" => row.record.metrics.forgone.expect("a gate"),
                _ => row.record.metrics.let_through.expect("a gate"),
            };
            let values: Vec<f64> = of.iter().map(value).collect();
            let expected = oracle.value(of[0]).expect("a closed form");
            let share = oversight::numerics::stats::mean(&values);
            let error = (expected * (1.0 - expected) / 4000.0).max(0.0).sqrt();
            let what = format!("{metric} at {:?}", levels(of[0]));
            assert!((share - expected).abs() <= 4.0 * error + 1e-9, "{what}: {share}, expected {expected}");
        }
    }
    let at = |seed: u32, wanted: [f64; 3]| {
        rows.iter()
            .find(|row| row.seed == seed && levels(row) == wanted)
            .map(|row| &row.record.metrics)
            .unwrap()
    };
    for seed in 0..50 {
        let [last, this] = [0.0, 1.0].map(|temptation| at(seed, [0.6, temptation, 0.3]));
        let released = last.probed.unwrap() <= 0.3;
        let dangerous = this.takeover.unwrap() > 0.5;
        assert_eq!(this.let_through.unwrap() == 1.0, released && dangerous, "seed {seed}");
    }
}

fn said(text: &str) -> String {
    Experiment::read("bad.toml", text.as_bytes(), &Overrides::default()).expect_err(text).to_string()
}

#[test]
fn protocols_with_nothing_to_arrange_are_refused() {
    let audit = "feedback.inputs.audit.rate = 0.1";
    let team = "feedback.inputs.red_team.probes = 4";
    for (text, wanted) in [
        (format!("{audit}\nworld.gridworld.map = 'boat_race'"), "there is nothing to audit"),
        (format!("{team}\nworld.gridworld.map = 'absent_supervisor'"), "there is nothing to probe"),
        (format!("{audit}\n[world.opportunity]"), "use red_team"),
        (format!("{audit}\n[world.answers]\nfeatures.a.gold = 1"), "nothing to arrange in this world"),
        (
            "feedback.inputs.red_team = { probes = 4, gate = { step = 1, mark = 2 } }\n[world.opportunity]"
                .to_owned(),
            "from 0 to 1",
        ),
        (
            "feedback.inputs.red_team = { probes = 4, tells = 5 }\n[world.opportunity]".to_owned(),
            "5 tells for 4 probes",
        ),
        ("feedback.inputs.red_team = { probes = 0 }\n[world.opportunity]".to_owned(), "from 1 to"),
        ("feedback.inputs.audit = { rate = 1.5 }\n[world.opportunity]".to_owned(), "from 0 to 1"),
        ("[world.opportunity]\nawareness = nan".to_owned(), "from 0 to 1"),
        ("[world.opportunity]\nwork = 100000".to_owned(), "at most 4096"),
        ("[world.opportunity]\ntemptation = 31".to_owned(), "at most 30"),
        ("[world.gridworld]\nmap = 'absent_supervisor'\nawareness = 2".to_owned(), "from 0 to 1"),
    ] {
        let said = said(&text);
        assert!(said.contains(wanted) && said.contains("bad.toml:"), "{text}\n{said}");
    }
}
