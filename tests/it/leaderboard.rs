//! Leaderboards: one method under two names is one method.

use crate::common::refused;
use oversight::numerics::rng::{Purpose, Streams, uniform};
use oversight::study::config::Kind::{Conflict, Missing, Type, Unknown};
use oversight::study::config::{Level, Overrides};
use oversight::study::leaderboard::{ALARM, Leaderboard, leaderboard, ranks};
use oversight::study::plan::{Plan, Row};
use oversight::study::results::{Results, leaderboard_csv};
use rayon::prelude::*;

/// Twenty tasks: five worlds, four sorts of overseers.
const TASKS: &str = r#"
[world.answers]
prompts = 1
answers = 64
[world.answers.features]
insight = { gold = 1.0 }
style = { count = 3 }
[optimizer.tilt]
kl = 1.5
[axes.overseers]
base = false
perfect.overseer.choice.rationality = inf
sharp.overseer.choice.rationality = 10
noisy = {}
mistaken.overseer.choice.mistake = 0.2
[axes.task]
base = false
isotropic = {}
heavy.world.answers.features.style.tail.student_t = { df = 3 }
rare.world.answers.features.insight.tail.rare.chance = 0.05
flaw.world.answers.features.flaw = { gold = -1.0, tail = { rare = { chance = 0.05 } } }
small.world.answers.features.insight.gold = 0.25
[sweep]
"feedback.budget" = [8, 32]
[leaderboard]
entrants = "method"
tasks = ["task", "overseers"]
along = "feedback.budget"
reach = [0.9]
"#;

fn board(text: &str, options: &Overrides) -> Option<Leaderboard> {
    let plan = Plan::read("board.toml", text.as_bytes(), options).unwrap_or_else(|e| panic!("{e}"));
    let seeds = (0..plan.experiment.seeds).into_par_iter().map(|seed| plan.seed(seed, || true).unwrap());
    let rows: Vec<Row> = seeds.collect::<Vec<_>>().concat();
    leaderboard(&Results::new(&plan, &rows))
}

/// A run is the same draws for all its cells, so two names for one method are equal to the last bit.
#[test]
fn two_names_for_one_method_are_tied() {
    let text = format!(
        "seeds = 40\n{TASKS}[axes.method]\nbase = false\none = {{}}\nother = {{}}\nfirm.reward_model.linear.l2 = 30\n"
    );
    let board = board(&text, &Overrides::default()).unwrap();
    let of = |name: &str| board.entries.iter().find(|e| e.entrant == Level::Text(name.to_owned())).unwrap();
    let [one, other, firm] = ["one", "other", "firm"].map(|name| of(name).overall.clone().unwrap());
    assert_eq!(one.score, other.score);
    assert_eq!(one.rank, other.rank);
    assert_eq!(of("one").tasks, of("other").tasks);
    assert_eq!(board.tasks.len(), 20);
    assert!(firm.rank == [3, 3] && one.rank == [1, 2], "a prior of thirty is told apart: {firm:?} {one:?}");
    let csv = String::from_utf8(leaderboard_csv(&board)).unwrap();
    assert_eq!(csv.lines().count(), 1 + 3 * 21, "{csv}");
    assert!(csv.starts_with("entrant,task,overseers,n,score,score_lo,score_hi,iqm,"), "{csv}");
}

/// Where equal methods do not share draws, they are told apart as seldom as is stated: one method on 400 fresh
/// seeds × 20 tasks, dealt out to two names a thousand times; and to five names, of which no two may be told apart.
#[test]
fn equal_methods_are_seldom_told_apart() {
    let text = format!("seed = 7\nseeds = 400\n{TASKS}[axes.method]\nbase = false\none = {{}}\n");
    let plan = Plan::read("board.toml", text.as_bytes(), &Overrides::default()).unwrap();
    let score = |seed| {
        let rows = plan.seed(seed, || true).unwrap();
        let board = leaderboard(&Results::new(&plan, &rows))?;
        Some(board.entries[0].overall.as_ref()?.score.mean)
    };
    let scores: Vec<f64> =
        (0..400).into_par_iter().map(score).collect::<Option<_>>().expect("a score in each seed");
    for (names, deals) in [(2, 1000), (5, 1000)] {
        let mut alarms = 0;
        for deal in 0..deals {
            let mut dealt = scores.clone();
            let mut rng = Streams { seed: 1, repetition: deal }.stream(Purpose::Pairs, "deal", names);
            for i in (1..dealt.len()).rev() {
                dealt.swap(i, (uniform(&mut rng) * (i + 1) as f64) as usize);
            }
            let each = dealt.len() / names as usize;
            let entrants: Vec<Vec<f64>> = dealt.chunks_exact(each).map(<[f64]>::to_vec).collect();
            let apart = ranks(&entrants).iter().any(|rank| *rank != [1, names as usize]);
            alarms += u32::from(apart);
        }
        // Binomial: the mean and three standard deviations.
        let most = ALARM * f64::from(deals) + 3.0 * (ALARM * f64::from(deals)).sqrt();
        println!("{names} names: {alarms} false alarms in {deals}");
        assert!(f64::from(alarms) <= most, "{names} names: {alarms} false alarms in {deals}");
    }
}

/// An entrant without the last budget has no score, instead of one over a shorter range.
#[test]
fn a_shorter_curve_is_no_curve() {
    let text = format!(
        "seeds = 40\n{TASKS}[axes.method]\nbase = false\none = {{}}\nother = {{}}\n\
         [[undefined]]\nwhere = {{ method = 'other', 'feedback.budget' = 32 }}\nbecause = 'it is dear'\n"
    );
    let board = board(&text, &Overrides::default()).unwrap();
    let there: Vec<bool> = board.entries.iter().map(|entry| entry.overall.is_some()).collect();
    assert_eq!(there, [true, false]);
    assert!(board.entries[1].tasks.iter().all(Option::is_none));
}

/// What a narrowed run leaves out, it leaves out of the config that it writes, which runs again.
#[test]
fn a_narrowed_config_reads_back() {
    let text = format!(
        "seeds = 2\n{TASKS}[axes.method]\nbase = false\none = {{}}\nother = {{}}\n[[figures]]\nname = 'area'\nkind = 'heat'\n\
         x = 'method'\nby = 'task'\ncolumns = 'overseers'\ny = 'gold'\nauc = {{ along = 'feedback.budget' }}\n[[figures]]\n\
         name = 'share'\nkind = 'heat'\nx = 'overseers'\nby = 'task'\ncolumns = 'feedback.budget'\ny = 'gold'\n\
         where.method = 'one'\nshare = {{ from = {{}}, to = {{ method = 'other' }} }}\n"
    );
    let whole = Plan::read("board.toml", text.as_bytes(), &Overrides::default()).unwrap();
    assert_eq!(whole.experiment.figures.len(), 2);
    assert!(whole.experiment.left_out.is_empty());
    let area = [
        "the figure `area` is left out: `feedback.budget` has one level in this run",
        "the leaderboard is left out: `feedback.budget` has one level in this run",
    ];
    let share = ["the figure `share` is left out: `method` has no level other in this run"];
    for (set, left, lacks) in [("feedback.budget=16", 1, &area[..]), ("method=one", 1, &share[..])] {
        let options = Overrides { sets: vec![set.to_owned()], ..Overrides::default() };
        let narrow =
            Plan::read("board.toml", text.as_bytes(), &options).unwrap_or_else(|e| panic!("{set}: {e}"));
        assert_eq!(narrow.experiment.figures.len(), left, "{set}");
        assert_eq!(narrow.experiment.left_out, lacks, "{set}");
        let resolved = &narrow.experiment.resolved;
        let again = Plan::read("board.toml", resolved.as_bytes(), &Overrides::default());
        assert_eq!(again.unwrap_or_else(|e| panic!("{set}: {e}\n{resolved}")).experiment.figures.len(), left);
    }
}

/// One budget is no curve: a config that asks for a leaderboard runs without one.
#[test]
fn one_level_leaves_no_leaderboard() {
    let text = format!("seeds = 2\n{TASKS}[axes.method]\nbase = false\none = {{}}\n");
    let sets = vec!["feedback.budget=16".to_owned()];
    assert_eq!(board(&text, &Overrides { sets, ..Overrides::default() }), None);
}

#[test]
fn what_can_be_wrong_with_a_leaderboard() {
    let bad = |board: &str| {
        let lines = "world.answers.features = { insight = { gold = 1 } }\n\
                     sweep = { 'feedback.labels' = [10, 100], 'overseer.error' = [0, 1], 'world.answers.prompts' = [1, 2] }\n\
                     variants = { other.overseer.open = 0 }\n";
        Plan::read(
            "bad.toml",
            format!("{lines}leaderboard = {{ {board} }}").as_bytes(),
            &Overrides::default(),
        )
        .err()
    };
    let whole = "entrants = 'variant', along = 'feedback.labels', tasks = ['overseer.error', 'world.answers.prompts']";
    assert_eq!(bad(&format!("{whole}, where = {{ pressure = 'last' }}")), None);
    refused(&[
        (bad("entrants = 'variant'"), "4:15", Missing),
        (bad(&whole.replace("variant", "varient")), "4:28", Unknown),
        (bad(&whole.replace("variant", "feedback.labels")), "4:55", Conflict),
        (bad(&whole.replace("'overseer.error', ", "")), "4:15", Conflict),
        (bad(&whole.replace("feedback.labels", "overseer.error")), "4:74", Conflict),
        (bad(&format!("{whole}, metric = 'golf'")), "4:128", Unknown),
        (bad(&format!("{whole}, metric = 'auc.gold'")), "4:128", Conflict),
        (bad(&format!("{whole}, where = {{ pressure = 3 }}")), "4:140", Unknown),
        (bad(&format!("{whole}, reach = ['high']")), "4:128", Type),
        (bad(&format!("{whole}, reech = [1]")), "4:119", Unknown),
    ]);
}
