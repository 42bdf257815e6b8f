//! Everything that can be wrong with a claim: place, message, remedy. Each claim
//! starts on line 8 of a config with two axes.

use oversight::study::config::{Experiment, Overrides};

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

fn read(claim: &str, sets: &[&str]) -> Result<Experiment, String> {
    let sets = sets.iter().map(|s| (*s).to_owned()).collect();
    let overrides = Overrides { sets, ..Overrides::default() };
    Experiment::read("bad.toml", format!("{CONFIG}{claim}").as_bytes(), &overrides).map_err(|e| e.to_string())
}

#[test]
fn what_can_be_wrong_with_a_claim() {
    let here = |rest: &str| format!("say = \"so\"\nmetric = \"gold\"\n{HERE}\n{rest}");
    let cases: &[(String, &str, &str)] = &[
        ("metric = \"gold\"".into(), "8:1: `say` is missing", "a claim has say, metric and a test"),
        ("say = \"so\"\nmetric = \"golf\"".into(), "10:10: there is no metric `golf`", "did you mean `gold`?"),
        ("say = \"so\"\nmetric = \"auc.golf\"".into(), "10:10: there is no metric `auc.golf`", "did you mean `auc.gold`?"),
        ("say = \"so\"\nmetric = \"auc.auc.gold\"".into(), "10:10: there is no metric `auc.auc.gold`", "auc.gold"),
        (
            "say = \"so\"\nmetric = \"auc.gold\"\ncrossing = { along = \"pressure\", at = 1 }\ngreater = { than = 1 }".into(),
            "11:1: `auc.gold` is of all seeds together: it has no curve in each",
            "increases, decreases or peaks",
        ),
        (
            here("greater = { than = 1 }\nestimand = \"iqm\"").replace("\"gold\"", "\"missed.gold\""),
            "13:12: `missed.gold` is of all seeds together: it has no interquartile mean",
            "take `estimand` away",
        ),
        ("say = 3".into(), "9:7: expected text, found the whole number 3", ""),
        (here(""), "8:1: the claim tests nothing", "a claim has one of increases, decreases, peaks, equals, greater, less"),
        (here("graeter = { than = 1 }"), "12:1: a claim has no key `graeter`", "did you mean `greater`?"),
        (here("greater = { than = 1 }\nless = { than = 1 }"), "13:1: `less` beside `greater`", "write two claims"),
        (here("greater = 3"), "12:11: expected a table, found the whole number 3", ""),
        (here("greater = { then = 1 }"), "12:13: greater has no key `then`", "did you mean `than`?"),
        (here("greater = { by = 1 }"), "12:11: `than` is missing", "what theory says"),
        (here("greater = { than = \"optimun\" }"), "12:20: there is no theory `optimun`", "did you mean `optimum`?"),
        (here("greater = { than = nan }"), "12:20: expected a finite number, found the number nan", ""),
        (here("greater = { than = inf }"), "12:20: expected a finite number, found the number inf", ""),
        (here("greater = { than = 1, by = -1 }"), "12:28: `by` is negative: -1", "a margin is 0 or more"),
        (here("equals = { value = 1 }"), "12:10: `within` is missing", "equals = { within = …, … }"),
        (here("greater = { than = { variant = \"base\" } }"), "12:11: `greater` compares the claim itself with itself", "another place"),
        (here("greater = { than = 1 }\ncontrol = { variant = \"base\" }"), "13:11: `control` is where the claim itself is", ""),
        (here("greater = { than = 1 }\ncontrol = { variant = \"contrl\" }"), "13:23: `variant` has no level contrl", "did you mean `control`?"),
        (here("increases = { along = \"pressure\", by = 1 }"), "11:54: `pressure` is compared along: it cannot stand still", ""),
        (here("increases = { by = 1 }"), "12:13: `along` is missing", "increases = { along = \"AXIS\", … }"),
        (here("increases = { along = \"labels\", by = 1 }"), "12:23: there is no axis `labels`", ""),
        (
            "say = \"so\"\nmetric = \"gold\"\ngreater = { than = 1 }".into(),
            "8:1: the axis `feedback.labels` has 2 levels and is not pinned",
            "compare along it, or pin it",
        ),
        (here("argmax = { along = \"round\" }\ngreater = { than = 1, by = 1 }\nestimand = \"median\""), "14:12: there is no estimand `median`", "mean"),
        (here("share = { from = { variant = \"control\" } }\ngreater = { than = 1 }"), "12:9: `to` is missing", "share ="),
        (
            here("share = { from = { variant = \"control\" }, to = { pressure = \"first\" } }\nincreases = { along = \"round\", by = 1 }"),
            "13:1: a share can only be compared with a number",
            "",
        ),
        (
            "say = \"so\"\nmetric = \"gold\"\nwhere = { pressure = \"last\", \"feedback.labels\" = 10 }\nslope = { along = \"variant\" }\ngreater = { than = 1 }".into(),
            "12:19: the levels of `variant` are no numbers",
            "axis of finite numbers",
        ),
    ];
    let wrong = cases.iter().filter_map(|(claim, place, remedy)| {
        let error = read(claim, &[]).err().unwrap_or_else(|| "nothing is wrong".to_owned());
        let good = error.lines().next() == Some(&format!("bad.toml:{place}")) && error.contains(remedy);
        (!good).then(|| format!("{claim}\n{error}\nexpected {place}, {remedy}"))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// A level that the command line took away leaves the claim untested, not wrong.
#[test]
fn levels_that_are_gone_make_a_claim_moot() {
    let claim = format!("say = \"so\"\nmetric = \"gold\"\n{HERE}\ngreater = {{ than = 0 }}");
    assert_eq!(read(&claim, &[]).unwrap().claims[0].moot, None);
    for set in ["feedback.labels=50", "feedback.labels=[10, 50]", "variant=control"] {
        let experiment = read(&claim, &[set]).unwrap();
        assert!(experiment.claims[0].moot.is_some(), "{set}");
        // The resolved config does without it, and reads.
        let again = Experiment::read("again.toml", experiment.resolved.as_bytes(), &Overrides::default());
        assert!(again.unwrap_or_else(|e| panic!("{e}")).claims.is_empty());
    }
    let at = "say = \"so\"\nmetric = \"gold\"\nwhere = { variant = \"base\", \"feedback.labels\" = 10, pressure = 8 }\ngreater = { than = 0 }";
    assert!(read(at, &[]).unwrap().claims[0].moot.is_none());
    assert!(read(at, &["optimizer.best_of_n.n=[1, 4]"]).unwrap().claims[0].moot.is_some());
    let trend = "say = \"so\"\nmetric = \"gold\"\nwhere = { variant = \"base\", pressure = \"last\" }\nincreases = { along = \"feedback.labels\", by = 0 }";
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
        let experiment = read(&format!("say = \"so\"\nmetric = \"feature.insight\"\n{place}\n{test}"), &[]);
        let experiment = experiment.unwrap_or_else(|e| panic!("{e}"));
        let again = Experiment::read("bad.toml", experiment.resolved.as_bytes(), &Overrides::default());
        assert_eq!(again.unwrap_or_else(|e| panic!("{e}\n{}", experiment.resolved)), experiment);
    }
}
