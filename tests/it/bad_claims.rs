//! Everything that can be wrong with a claim: place and kind. Each claim
//! starts on line 8 of a config with two axes.

use crate::common::refused;
use oversight::study::config::Kind::{Conflict, Missing, Range, Type, Unknown};
use oversight::study::config::{ConfigError, Experiment, Overrides};

const CONFIG: &str = "\
world.answers.features = { insight = { gold = 1 }, flattery = { gold = -2 } }
[sweep]
\"feedback.labels\" = [10, 100]
[variants.control]
overseer.believes.flattery = 1.0
[optimizer]
best_of_n.n = [1, 8]
[[claims]]
";

const HERE: &str = "where = { variant = \"base\", \"feedback.labels\" = 100, pressure = \"last\" }";

fn read(claim: &str, sets: &[&str]) -> Result<Experiment, ConfigError> {
    let sets = sets.iter().map(|s| (*s).to_owned()).collect();
    let overrides = Overrides { sets, ..Overrides::default() };
    Experiment::read("bad.toml", format!("{CONFIG}{claim}").as_bytes(), &overrides)
}

#[test]
fn what_can_be_wrong_with_a_claim() {
    let here = |rest: &str| format!("say = \"so\"\nmetric = \"gold\"\n{HERE}\n{rest}");
    let bad = |claim: &str| read(claim, &[]).err();
    refused(&[
        (bad("metric = \"gold\""), "8:1", Missing),
        (bad("say = \"so\"\nmetric = \"golf\""), "10:10", Unknown),
        (bad("say = \"so\"\nmetric = \"auc.golf\""), "10:10", Unknown),
        (bad("say = \"so\"\nmetric = \"auc.auc.gold\""), "10:10", Unknown),
        (
            bad(
                "say = \"so\"\nmetric = \"auc.gold\"\ncrossing = { along = \"pressure\", at = 1 }\ngreater = { than = 1 }",
            ),
            "11:1",
            Conflict,
        ),
        (
            bad(&here("greater = { than = 1 }\nestimand = \"iqm\"").replace("\"gold\"", "\"missed.gold\"")),
            "13:12",
            Conflict,
        ),
        (bad("say = 3"), "9:7", Type),
        (bad(&here("")), "8:1", Missing),
        (bad(&here("graeter = { than = 1 }")), "12:1", Unknown),
        (bad(&here("greater = { than = 1 }\nless = { than = 1 }")), "13:1", Conflict),
        (bad(&here("greater = 3")), "12:11", Type),
        (bad(&here("greater = { then = 1 }")), "12:13", Unknown),
        (bad(&here("greater = { by = 1 }")), "12:11", Missing),
        (bad(&here("greater = { than = \"optimun\" }")), "12:20", Unknown),
        (bad(&here("greater = { than = nan }")), "12:20", Range),
        (bad(&here("greater = { than = inf }")), "12:20", Range),
        (bad(&here("greater = { than = 1, by = -1 }")), "12:28", Range),
        (bad(&here("equals = { value = 1 }")), "12:10", Missing),
        (bad(&here("greater = { than = { variant = \"base\" } }")), "12:11", Conflict),
        (bad(&here("greater = { than = 1 }\ncontrol = { variant = \"base\" }")), "13:11", Conflict),
        (bad(&here("greater = { than = 1 }\ncontrol = { variant = \"contrl\" }")), "13:23", Unknown),
        (bad(&here("increases = { along = \"pressure\", by = 1 }")), "11:54", Conflict),
        (bad(&here("increases = { by = 1 }")), "12:13", Missing),
        (bad(&here("increases = { along = \"labels\", by = 1 }")), "12:23", Unknown),
        (bad("say = \"so\"\nmetric = \"gold\"\ngreater = { than = 1 }"), "8:1", Conflict),
        (
            bad(&here(
                "argmax = { along = \"round\" }\ngreater = { than = 1, by = 1 }\nestimand = \"median\"",
            )),
            "14:12",
            Unknown,
        ),
        (bad(&here("share = { from = { variant = \"control\" } }\ngreater = { than = 1 }")), "12:9", Missing),
        (
            bad(&here(
                "share = { from = { variant = \"control\" }, to = { pressure = \"first\" } }\nincreases = { along = \"round\", by = 1 }",
            )),
            "13:1",
            Conflict,
        ),
        (
            bad(
                "say = \"so\"\nmetric = \"gold\"\nwhere = { pressure = \"last\", \"feedback.labels\" = 10 }\nslope = { along = \"variant\" }\ngreater = { than = 1 }",
            ),
            "12:19",
            Conflict,
        ),
    ]);
}

/// What could have come out otherwise needs a place where it must not; and no crossing is known more
/// finely than its axis.
#[test]
fn what_a_claim_must_bring() {
    let finding = format!("say = \"so\"\nmetric = \"gold\"\n{HERE}\ngreater = {{ than = 0 }}");
    let along = "where = { variant = \"base\", \"feedback.labels\" = 100 }";
    let crossing = |within: &str| {
        format!(
            "say = \"so\"\nkind = \"reproduction\"\nmetric = \"gold\"\n{along}\n\
             crossing = {{ along = \"pressure\", at = 0.5 }}\nequals = {{ value = 2, within = {within} }}"
        )
    };
    refused(&[
        (read(&finding, &[]).err(), "8:1", Missing),
        (read(&crossing("6.9"), &[]).err(), "14:32", Range),
        (read(&crossing("6.9").replace("reproduction", "finding"), &[]).err(), "14:32", Range),
        (read(&finding.replace("metric", "kind = \"truth\"\nmetric"), &[]).err(), "10:8", Unknown),
    ]);
    assert!(read(&crossing("7"), &[]).is_ok());
    for kind in ["identity", "reproduction"] {
        assert!(read(&finding.replace("metric", &format!("kind = \"{kind}\"\nmetric")), &[]).is_ok());
    }
    assert!(read(&format!("{finding}\ncontrol = {{ variant = \"control\" }}"), &[]).is_ok());
}

/// A level that the command line took away leaves the claim untested, not wrong.
#[test]
fn levels_that_are_gone_make_a_claim_moot() {
    let claim =
        format!("say = \"so\"\nkind = \"identity\"\nmetric = \"gold\"\n{HERE}\ngreater = {{ than = 0 }}");
    assert_eq!(read(&claim, &[]).unwrap().claims[0].moot, None);
    for set in ["feedback.labels=50", "feedback.labels=[10, 50]", "variant=control"] {
        let experiment = read(&claim, &[set]).unwrap();
        assert!(experiment.claims[0].moot.is_some(), "{set}");
        // The resolved config does without it, and reads.
        let again = Experiment::read("again.toml", experiment.resolved.as_bytes(), &Overrides::default());
        assert!(again.unwrap_or_else(|e| panic!("{e}")).claims.is_empty());
    }
    let at = "say = \"so\"\nmetric = \"gold\"\nwhere = { variant = \"base\", \"feedback.labels\" = 10, pressure = 8 }\nkind = \"identity\"\ngreater = { than = 0 }";
    assert!(read(at, &[]).unwrap().claims[0].moot.is_none());
    assert!(read(at, &["optimizer.best_of_n.n=[1, 4]"]).unwrap().claims[0].moot.is_some());
    let trend = "say = \"so\"\nmetric = \"gold\"\nwhere = { variant = \"base\", pressure = \"last\" }\nkind = \"identity\"\nincreases = { along = \"feedback.labels\", by = 0 }";
    assert!(read(trend, &["feedback.labels=50"]).unwrap().claims[0].moot.is_some());
    assert!(read(trend, &["feedback.labels=[50, 60]"]).unwrap().claims[0].moot.is_none());
}

/// Every kind of claim is written out and reads again as the same.
#[test]
fn claims_are_resolved() {
    let along = "where = { variant = \"base\", \"feedback.labels\" = 100 }";
    let tests = [
        (along, "increases = { along = \"pressure\", by = 0.5 }"),
        (along, "peaks = { along = \"pressure\", rise = 0.5, fall = 1 }\nestimand = \"iqm\""),
        (along, "crossing = { along = \"pressure\", at = 0.5, log = true }\ngreater = { than = 1 }"),
        (
            HERE,
            "equals = { value = \"normal\", within = 0.1 }\ncontrol = { \"feedback.labels\" = \"first\" }",
        ),
        (HERE, "less = { than = { variant = \"control\" }, by = 0.1 }"),
        (
            HERE,
            "share = { from = { variant = \"control\" }, to = { pressure = \"first\" } }\nequals = { value = 0.5, within = 0.1 }",
        ),
    ];
    for (place, test) in tests {
        let claim =
            format!("say = \"so\"\nkind = \"reproduction\"\nmetric = \"feature.insight\"\n{place}\n{test}");
        let experiment = read(&claim, &[]);
        let experiment = experiment.unwrap_or_else(|e| panic!("{e}"));
        let again = Experiment::read("bad.toml", experiment.resolved.as_bytes(), &Overrides::default());
        assert_eq!(again.unwrap_or_else(|e| panic!("{e}\n{}", experiment.resolved)), experiment);
    }
}

/// Levels that the command line chose may leave a claim no cell: it is moot. Levels that it names itself are its own
/// fault, whatever was chosen.
#[test]
fn a_claim_without_a_cell() {
    let read = |claim: &str, set: &str| {
        let text = format!(
            "world.answers = {{ answers = 16, features = {{ a = {{ gold = 1 }} }} }}
[sweep]
'feedback.labels' = [10, 20, 40, 80]
[axes.w]
one = {{ feedback.segment = 1 }}
two = {{ feedback.segment = 2 }}
[[undefined]]
where = {{ w = 'two', 'feedback.labels' = [10, 20] }}
because = 'of nothing'
[[claims]]
say = 'so'
metric = 'gold'
control = {{ w = 'one' }}
{claim}"
        );
        let options = Overrides { sets: vec![set.to_owned()], ..Overrides::default() };
        Experiment::read_to_play("test.toml", text.as_bytes(), &options).map(|e| e.claims[0].moot.clone())
    };
    let along = "where = { w = 'two', pressure = 'last' }\nincreases = { along = 'feedback.labels', by = 0 }";
    assert_eq!(read(along, "seeds=2").unwrap(), None);
    let moot = read(along, "feedback.labels=[10, 20]").unwrap();
    assert!(moot.is_some_and(|why| why.contains("`undefined` leaves out its cells")));
    let named = "where = { w = 'two', 'feedback.labels' = 10, pressure = 'last' }\ngreater = { than = 0 }";
    for set in ["seeds=2", "w=[one, two]", "feedback.labels=[10, 40]"] {
        assert!(read(named, set).unwrap_err().message.contains("no cell at these levels"), "{set}");
    }
}
