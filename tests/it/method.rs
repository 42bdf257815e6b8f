//! Methods of one's own: a trial as a dialogue, and `run --method`.
#![cfg(feature = "cli")]

use crate::common::{assert_close, items, number};
use assert_cmd::cargo::cargo_bin;
use oversight::lab::reward_model::{Comparisons, fit};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use tempfile::TempDir;

/// Answers, of which later rounds label those of the policy before.
const ANSWERS: &str = r#"
seeds = 2
[world.answers]
prompts = 3
answers = 100
features = { a = { gold = 1.0 }, b = { gold = -1.0, tail = { student_t = { df = 3 } } } }
[overseer]
believes = { b = 0.5 }
choice = { skip = 0.2, equal = 0.1 }
[feedback]
labels = 101
rounds = 3
from = "policy"
[optimizer.tilt]
kl = [0.5, 2]
"#;

/// A map, of which segments are labelled.
const MAP: &str = r#"
seeds = 2
[world.gridworld]
map = "boat_race"
[overseer]
believes = { step = -1, arrow = 3, progress = 0 }
[feedback]
labels = 60
rounds = 2
from = "policy"
segment = 20
[optimizer.tilt]
kl = [1, 10]
"#;

/// Two who answer in turn.
const ANNOTATORS: &str = r#"
seeds = 2
[world.answers]
prompts = 2
answers = 50
features = { a = { gold = 1.0 }, b = { gold = -1.0 } }
[[overseer.annotators]]
share = 0.5
believes = { b = 2 }
[optimizer.best_of_n]
n = [1, 16]
"#;

fn folder(config: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("c.toml"), config).unwrap();
    folder
}

fn oversight(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(cargo_bin("oversight")).current_dir(folder).args(arguments).output().unwrap()
}

#[track_caller]
fn assert_code(output: &Output, code: i32) -> String {
    let [said, error] =
        [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    assert_eq!(output.status.code(), Some(code), "{said}{error}");
    assert!(!error.contains("panicked"), "{error}");
    error
}

/// A dialogue with the binary.
struct Spoken {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    opening: Value,
}

impl Spoken {
    fn open(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(cargo_bin("oversight"));
        command.current_dir(folder).arg("dialogue").args(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut spoken = Self { child, input, output, opening: Value::Null };
        spoken.opening = spoken.hear();
        spoken
    }

    fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line}"))
    }

    fn say(&mut self, line: &str) -> Value {
        writeln!(self.input, "{line}").unwrap();
        self.hear()
    }

    #[track_caller]
    fn ask(&mut self, request: &Value) -> Value {
        let answer = self.say(&request.to_string());
        assert!(answer["error"].is_null(), "{request}: {answer}");
        answer
    }

    /// The end of input ends it well.
    fn end(mut self) {
        drop(self.input);
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

/// The rows of a table, each by column.
fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

/// The metrics of a row of a table, in the words of a dialogue.
fn metrics(row: &BTreeMap<String, String>) -> BTreeMap<String, Option<f64>> {
    let lead = ["experiment", "method", "variant", "optimizer", "seed"];
    let columns = row.iter().filter(|(name, _)| !lead.contains(&name.as_str()));
    columns.map(|(name, text)| (name.clone(), text.parse().ok())).collect()
}

/// What a method does that draws, asks and fits as we do: all metrics of all rounds.
fn as_we_do(spoken: &mut Spoken) -> Vec<BTreeMap<String, Option<f64>>> {
    let names: Vec<&str> = items(&spoken.opening["features"]).iter().map(|n| n.as_str().unwrap()).collect();
    let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    let [rounds, queries] = ["rounds", "queries"].map(|key| spoken.opening[key].as_u64().unwrap());
    let mut data = Comparisons { width: names.len(), ..Comparisons::default() };
    let mut measured = Vec::new();
    for round in 0..rounds {
        let share = queries / rounds + u64::from(round < queries % rounds);
        // In pieces, which makes no difference.
        let mut pairs = items(&spoken.ask(&json!({ "pairs": share / 3 }))["pairs"]).to_vec();
        pairs.extend_from_slice(items(&spoken.ask(&json!({ "pairs": share - share / 3 }))["pairs"]));
        let ids: Vec<&Value> = pairs.iter().map(|pair| &pair["id"]).collect();
        for (ids, pairs) in ids.chunks(16).zip(pairs.chunks(16)) {
            let answer = spoken.ask(&json!({ "ask": ids }));
            for (pair, label) in pairs.iter().zip(items(&answer["labels"])) {
                let Some(label) = label.as_f64() else { continue };
                let lead = |name: &String| number(&pair["first"][name]) - number(&pair["second"][name]);
                data.differences.extend(names.iter().map(lead));
                data.labels.push(label);
            }
        }
        let weights = fit(&data, 0.1, 0.0).weights;
        let weights: BTreeMap<&String, f64> = names.iter().zip(weights).collect();
        let answer = spoken.ask(&json!({ "reward": { "weights": weights } }));
        for metrics in items(&answer["metrics"]) {
            let metrics = metrics.as_object().unwrap().iter();
            measured.push(metrics.map(|(name, x)| (name.clone(), x.as_f64())).collect());
        }
    }
    measured
}

/// Whoever draws, asks and fits as `run` does gets the numbers of `run`, to the last bit.
#[test]
fn a_run_can_be_spoken() {
    for config in [ANSWERS, MAP, ANNOTATORS] {
        let folder = folder(config);
        assert_code(&oversight(folder.path(), &["run", "c.toml"]), 0);
        let rows = table(&folder.path().join("results/c/results.csv"));
        for seed in ["0", "1"] {
            let mut spoken = Spoken::open(folder.path(), &["c.toml", "--seed", seed]);
            let expected: Vec<_> = rows.iter().filter(|row| row["seed"] == seed).map(metrics).collect();
            assert!(expected.len() >= 2 && expected[0].len() > 30);
            assert_eq!(as_we_do(&mut spoken), expected, "{config}");
            spoken.end();
        }
    }
}

#[test]
fn what_is_said() {
    let here = folder(ANNOTATORS);
    let mut spoken = Spoken::open(here.path(), &["c.toml"]);
    let opening = spoken.opening.clone();
    let keys: Vec<&str> = opening.as_object().unwrap().keys().map(String::as_str).collect();
    let all = ["features", "outcomes", "steps", "optimizer", "levels", "rounds", "queries", "price"];
    assert_eq!(keys, [&all[..], &["annotators", "seed"]].concat());
    assert_eq!((&opening["outcomes"], &opening["annotators"]), (&json!(100), &json!(2)));
    let drawn = spoken.ask(&json!({ "pairs": 3 }));
    let pairs = items(&drawn["pairs"]);
    assert_eq!(pairs.iter().map(|pair| &pair["id"]).collect::<Vec<_>>(), [0, 1, 2]);
    // The features of an answer are those of its outcome.
    let place = &pairs[2]["outcomes"][1][0];
    assert_eq!(spoken.ask(&json!({ "outcomes": [place] }))["outcomes"][0], pairs[2]["second"]);
    // Each answer costs a query, of whatever pair, and says who gave it.
    let answer = spoken.ask(&json!({ "ask": [2, 2, 0] }));
    assert_eq!((items(&answer["labels"]).len(), items(&answer["annotators"]).len()), (3, 3));
    assert_eq!(answer["left"], 997);
    // A value for every outcome is as good as weights that add up to it.
    let outcomes: Vec<usize> = (0..100).collect();
    let features = spoken.ask(&json!({ "outcomes": outcomes }));
    let value = |f: &Value| number(&f["a"]) - 2.0 * number(&f["b"]);
    let values: Vec<f64> = items(&features["outcomes"]).iter().map(value).collect();
    let by_value = spoken.ask(&json!({ "reward": { "values": values } }));
    spoken.end();
    let mut spoken = Spoken::open(here.path(), &["c.toml"]);
    let by_weight = spoken.ask(&json!({ "reward": { "weights": { "a": 1, "b": -2 } } }));
    for (one, other) in items(&by_value["metrics"]).iter().zip(items(&by_weight["metrics"])) {
        for metric in ["gold", "approval", "kl", "rm_brier"] {
            assert_close(metric, number(&one[metric]), number(&other[metric]), 1e-12);
        }
        assert_eq!(
            (&one["weight.a"], &other["weight.b"], &other["cost"]),
            (&Value::Null, &json!(-2.0), &json!(0.0))
        );
    }
    spoken.end();
}

/// A request that is refused is answered by an error, and nothing is done.
#[test]
fn what_is_refused() {
    let here = folder(&ANNOTATORS.replace("[[overseer", "[feedback]\nlabels = 3\n[[overseer"));
    let mut spoken = Spoken::open(here.path(), &["c.toml"]);
    spoken.ask(&json!({ "pairs": 2 }));
    for (request, says) in [
        ("{\"ask\": [0, 1, 0, 1]}", "4 queries are more than the 3 that are left"),
        ("{\"ask\": [0, 2]}", "there is no pair 2; ids: 0 to 1"),
        ("{\"ask\": [-1]}", "invalid value"),
        ("{\"pairs\": 4000000000}", "too many"),
        ("{\"pears\": 1}", "unknown variant `pears`"),
        ("{\"pairs\": 1, \"ask\": [0]}", "a request is"),
        ("pairs", "a request is"),
        ("[1, 2]", "a request is"),
        ("{\"outcomes\": [100]}", "there is no outcome 100; outcomes: 0 to 99"),
        ("{\"reward\": {\"weights\": {\"aa\": 1}}}", "there is no feature `aa`; allowed: a, b"),
        ("{\"reward\": {\"weights\": {\"a\": NaN}}}", "expected value, at character 30"),
        ("{\"reward\": {\"weights\": {\"a\": 1e31}}}", "out of range"),
        ("{\"reward\": {\"values\": [1, 2]}}", "2 values for 100 outcomes"),
    ] {
        let answer = spoken.say(request);
        assert!(answer["error"].as_str().is_some_and(|e| e.contains(says)), "{request}: {answer}");
    }
    assert_eq!(spoken.ask(&json!({ "ask": [0, 1] }))["left"], 1);
    let metrics = spoken.ask(&json!({ "reward": { "weights": {} } }));
    assert_eq!(metrics["metrics"][0]["labels"], 2.0);
    let late = spoken.say("{\"reward\": {\"weights\": {\"a\": 1}}}");
    assert!(late["error"].as_str().unwrap().contains("all of 1 round have ended"), "{late}");
    spoken.end();
    for (arguments, says) in
        [(&["-"] as &[&str], "give a path"), (&["c.toml", "--set", "feedback.among=3"], "about pairs")]
    {
        let error = assert_code(&oversight(here.path(), &[&["dialogue"], arguments].concat()), 2);
        assert!(error.contains(says), "{error}");
    }
}

/// In two worlds that differ in what the overseer does not see, a method is told the same, until it is measured.
#[test]
fn nothing_hidden_is_told() {
    let here = tempfile::tempdir().unwrap();
    let told = |sets: &[&str]| {
        let base =
            ["what_labels_cannot_tell", "--set", "feedback.labels=50", "--set", "world.answers.answers=64"];
        let mut spoken = Spoken::open(here.path(), &[&base[..], sets].concat());
        let ids: Vec<u32> = (0..50).collect();
        let told = [
            spoken.opening.clone(),
            spoken.ask(&json!({ "pairs": 50 })),
            spoken.ask(&json!({ "ask": ids })),
            spoken.ask(&json!({ "outcomes": ids })),
        ];
        let measured = spoken.ask(&json!({ "reward": { "weights": { "secret": 1 } } }));
        spoken.end();
        (told, measured)
    };
    let (good, bad) = (told(&["--set", "secret=good"]), told(&["--set", "secret=bad"]));
    assert_eq!(good.0, bad.0);
    assert_ne!(good.1, bad.1);
    // The control: an overseer who sees it says other things.
    let seen = ["--set", "variant=control", "--set"];
    assert_ne!(
        told(&[&seen[..], &["secret=good"]].concat()).0,
        told(&[&seen[..], &["secret=bad"]].concat()).0
    );
}

#[cfg(unix)]
mod run {
    use super::*;

    fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let files = entries.filter(|path| path.is_file());
        files
            .map(|path| (path.file_name().unwrap().to_string_lossy().into(), fs::read(&path).unwrap()))
            .collect()
    }

    fn example() -> String {
        format!("mine=python3 '{}/examples/method.py'", env!("CARGO_MANIFEST_DIR"))
    }

    /// The example does as we do, up to rounding, and its rows stand beside ours, which stay as they are.
    #[test]
    fn the_example_stands_beside_ours() {
        let claim = "[[claims]]\nsay = \"So it is.\"\nkind = \"identity\"\nmetric = \"unreached\"\nwhere = { round = \"last\", pressure = \"last\" }\nequals = { value = 0, within = 0 }\n";
        let folder = folder(&format!("{ANSWERS}{claim}"));
        assert_code(&oversight(folder.path(), &["run", "c.toml", "--out", "alone"]), 0);
        assert_code(
            &oversight(folder.path(), &["run", "c.toml", "--threads", "2", "--method", &example()]),
            0,
        );
        let out = folder.path().join("results/c");
        let rows = table(&out.join("results.csv"));
        let of = |method: &str| -> Vec<_> {
            rows.iter().filter(|row| row["method"] == method).map(metrics).collect()
        };
        let alone: Vec<_> = table(&folder.path().join("alone/c/results.csv")).iter().map(metrics).collect();
        assert_eq!(of("ours"), alone);
        assert_eq!(rows.len(), 2 * alone.len());
        for (mine, ours) in of("mine").iter().zip(&alone) {
            for (name, x) in ours {
                let (x, y) = (x.unwrap_or(0.5), mine[name].unwrap_or(0.5));
                assert_close(name, y, x, 1e-6 * x.abs().max(1.0));
            }
        }
        // Drawn again it is the same bytes; its config runs without the method.
        let before = files(&out);
        assert_code(&oversight(folder.path(), &["draw", "results/c"]), 0);
        assert!(files(&out) == before);
        assert_code(&oversight(folder.path(), &["run", "results/c/config.toml", "--out", "again"]), 0);
        let again = |name: &str| fs::read(folder.path().join(name)).unwrap();
        assert!(again("again/c/results.csv") == again("alone/c/results.csv"));
        assert!(again("again/c/config.toml") == again("results/c/config.toml"));
    }

    /// A config may have an axis of methods, with figures along it; a method is set up as its first level.
    #[test]
    fn a_config_may_have_an_axis_of_methods() {
        let axis = r#"
[axes.method]
base = false
[axes.method.ours]
feedback.labels = 30
[axes.method.gold]
reward_model = "gold"
[[figures]]
name = "methods"
x = "pressure"
y = "gold"
by = "method"
"#;
        let folder = folder(&format!("{ANNOTATORS}{axis}"));
        let other = example().replace("mine=", "another=");
        let run = ["run", "c.toml", "--method", &example(), "--method", &other];
        assert_code(&oversight(folder.path(), &run), 0);
        let rows = table(&folder.path().join("results/c/results.csv"));
        let at = |method: &str| rows.iter().position(|row| row["method"] == method).unwrap();
        let labels = |method: &str| rows[at(method)]["labels"].clone();
        assert_eq!(["ours", "gold", "mine", "another"].map(labels), ["30", "0", "30", "30"]);
        assert!(at("gold") < at("mine") && at("mine") < at("another"));
        let figure = fs::read_to_string(folder.path().join("results/c/figures/methods.svg")).unwrap();
        assert!(
            ["ours", "mine", "another"].iter().all(|name| figure.contains(&format!("data-name=\"{name}\"")))
        );
        assert_code(&oversight(folder.path(), &["draw", "results/c"]), 0);
        // One of them alone; the config that is left runs the file's.
        let one = [&run[..], &["--set", "method=[another]", "--out", "one"]].concat();
        assert_code(&oversight(folder.path(), &one), 0);
        let alone = table(&folder.path().join("one/c/results.csv"));
        let again = rows.iter().filter(|row| row["method"] == "another");
        assert!(alone.iter().map(metrics).eq(again.map(metrics)));
        assert_code(&oversight(folder.path(), &["check", "one/c/config.toml"]), 0);
    }

    /// A method that fails is named with its cell and seed; nothing is written.
    #[test]
    fn methods_that_fail() {
        let folder = folder(ANNOTATORS);
        let script = |answers: &str| format!("bad=sh -c 'read there; {answers}'");
        let says_then_waits =
            |line: &str| script(&format!("echo \"{}\"; read answer; read more", line.replace('"', "\\\"")));
        for (method, code, says) in [
            ("bad".to_owned(), 2, "not a name and a command"),
            ("bad=".to_owned(), 2, "not a name and a command"),
            ("bad=it's".to_owned(), 2, "not a name and a command"),
            ("Bad=true".to_owned(), 2, "`Bad` cannot be the name of a method"),
            ("base=true".to_owned(), 2, "`base` is taken"),
            ("ours=true".to_owned(), 2, "`ours` is taken"),
            ("bad=no_such_program".to_owned(), 3, "`no_such_program` cannot be started"),
            ("bad=true".to_owned(), 3, "it ended after 0 of 1 round, exit status: 0"),
            (script("exit 7"), 3, "it ended after 0 of 1 round, exit status: 7"),
            (says_then_waits("nonsense"), 3, "it asked after 0 of 1 round: nonsense"),
            (says_then_waits("{\"ask\": [0]}"), 3, "there is no pair 0"),
            (says_then_waits("{\"reward\": {\"weights\": {\"a\": NaN}}}"), 3, "expected value"),
            (script("sleep 100"), 3, "it kept silent for 1 second after 0 of 1 round"),
            (
                script("echo \"{\\\"reward\\\": {\\\"weights\\\": {}}}\"; read answer; exit 4"),
                3,
                "it ended after the last round, when its input had ended, exit status: 4",
            ),
            (
                script("echo \"{\\\"reward\\\": {\\\"weights\\\": {}}}\"; read answer; sleep 100"),
                3,
                "it kept silent for 1 second after the last round",
            ),
        ] {
            let output = oversight(folder.path(), &["run", "c.toml", "--patience", "1", "--method", &method]);
            let error = assert_code(&output, code);
            assert!(error.contains(says), "{method}: {error}");
            assert!(code == 2 || error.contains("method `bad`, at method bad, seed "), "{method}: {error}");
            assert!(!folder.path().join("results").exists(), "{method}: something was written");
        }
        let twice = ["run", "c.toml", "--method", "bad=true", "--method", "bad=true"];
        assert!(assert_code(&oversight(folder.path(), &twice), 2).contains("`bad` is taken"));
    }

    #[test]
    fn interrupted_with_its_methods() {
        let folder = folder(ANNOTATORS);
        let mut command = Command::new(cargo_bin("oversight"));
        command.current_dir(folder.path()).args(["run", "c.toml", "--threads", "1"]);
        command.args(["--method", "slow=sh -c 'echo $$ > pid.part; mv pid.part pid; exec sleep 100'"]);
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        while !folder.path().join("pid").exists() {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let kill = |signal: &str, process: &str| {
            Command::new("kill").args([signal, process]).stderr(Stdio::null()).status().unwrap().success()
        };
        assert!(kill("-INT", &child.id().to_string()));
        assert_eq!(child.wait().unwrap().code(), Some(130));
        let pid = fs::read_to_string(folder.path().join("pid")).unwrap();
        assert!(!kill("-0", pid.trim()), "it lives on");
        assert!(!folder.path().join("results").exists());
    }
}
