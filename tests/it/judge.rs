//! `oversight judge`: the peers' numbers through the command line.
#![cfg(feature = "cli")]

use crate::common::{assert_close, items, json, number};
use assert_cmd::Command;
use oversight::numerics::math::ln;
use serde_json::{Value, json};

/// A config whose overseer takes everything from `--set`.
const CONFIG: &str = "name = \"judge\"\nworld.answers = { answers = 2, features = { a = { gold = 1 } } }";

fn judge(choice: &[String], pairs: &str) -> std::process::Output {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.toml"), CONFIG).unwrap();
    let mut command = Command::cargo_bin("oversight").unwrap();
    command.current_dir(folder.path()).args(["judge", "config.toml", "-"]).write_stdin(pairs);
    for setting in choice {
        command.args(["--set", &format!("overseer.choice.{setting}")]);
    }
    command.output().unwrap()
}

/// The chances of one pair; they sum to 1 exactly.
#[track_caller]
fn chances(choice: &[String], first: &Value, second: &Value) -> [f64; 4] {
    let output = judge(choice, &json!({ "first": first, "second": second }).to_string());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    let keys: Vec<&String> = line.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["first", "second", "tie", "skip"]);
    let all = ["first", "second", "tie", "skip"].map(|key| number(&line[key]));
    assert_eq!(all.iter().sum::<f64>(), 1.0);
    all
}

fn set(name: &str, value: f64) -> String {
    let value = if value.is_infinite() { "inf".to_owned() } else { format!("{value:?}") };
    format!("{name}={value}")
}

#[test]
fn the_peers_numbers() {
    let truth = json("labels.json");
    for case in items(&truth["imitation"]) {
        let settings = [
            set("rationality", 1.0 / number(&case["temperature"])),
            set("discount", number(&case["discount"])),
            "compat=imitation".to_owned(),
        ];
        let [first, _, tie, _] = chances(&settings, &case["first"], &case["second"]);
        assert_close("imitation", first + 0.5 * tie, number(&case["first_preferred"]), 1e-9);
    }
    for case in items(&truth["imitation_noise"]) {
        let clean = number(&case["clean"]);
        let settings = [set("mistake", number(&case["noise"])), "compat=imitation".to_owned()];
        let [first, ..] = chances(&settings, &json!([ln(clean / (1.0 - clean))]), &json!([0]));
        assert_close("noise", first, number(&case["noisy"]), 1e-9);
    }
    for case in items(&truth["bpref"]) {
        let settings = [("rationality", "beta"), ("discount", "gamma"), ("mistake", "mistake")];
        let mut settings: Vec<String> =
            settings.iter().map(|(ours, theirs)| set(ours, number(&case[*theirs]))).collect();
        settings.push("compat=bpref".to_owned());
        let [_, second, ..] = chances(&settings, &case["first"], &case["second"]);
        assert_close("bpref", second, number(&case["second_preferred"]), 1e-9);
    }
    for case in items(&truth["aprel"]) {
        let [one, two] = ["first_return", "second_return"].map(|key| json!([case[key]]));
        let delta = number(&case["delta"]);
        let [first, ..] = chances(&[set("position", -delta)], &one, &two);
        let [_, second, ..] = chances(&[set("position", delta)], &one, &two);
        assert_close("first", first, number(&case["first"]), 1e-9);
        assert_close("second", second, number(&case["second"]), 1e-9);
    }
}

#[test]
fn thresholds_and_lengths() {
    let settings = ["skip=0.5", "equal=0.25", "rationality=inf"].map(str::to_owned);
    assert_eq!(chances(&settings, &json!([0.5]), &json!([0.0])), [0.0, 0.0, 0.0, 1.0]);
    assert_eq!(chances(&settings, &json!([1.0]), &json!([0.5, 0.375])), [0.0, 0.0, 1.0, 0.0]);
    assert_eq!(chances(&settings, &json!([1.0]), &json!([0.5, 0.75])), [0.0, 1.0, 0.0, 0.0]);
    assert_eq!(chances(&settings, &json!([1e30, 1e30]), &json!([-1e30])), [1.0, 0.0, 0.0, 0.0]);
    // Blank lines are passed over, in any line ending.
    let output =
        judge(&settings, "\r\n{\"second\": [0], \"first\": [3]}\r\n\n \n{\"first\":[1],\"second\":[2]}");
    let expected = "{\"first\": 1, \"second\": 0, \"tie\": 0, \"skip\": 0}\n{\"first\": 0, \"second\": 1, \"tie\": 0, \"skip\": 0}\n";
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
    assert!(judge(&[], "").stdout.is_empty());
}

/// One bad line and nothing is printed; the message says where and what instead.
#[test]
fn bad_pairs() {
    for (line, says) in [
        ("{\"first\": [1], \"second\": []}", "`second` has no steps"),
        ("{\"first\": [1]}", "missing field `second`"),
        ("{\"first\": [1], \"second\": [1], \"frist\": [2]}", "unknown field `frist`"),
        ("{\"first\": [1], \"first\": [1], \"second\": [2]}", "duplicate field"),
        ("{\"first\": [1e999], \"second\": [1]}", "out of range"),
        ("{\"first\": [1e31], \"second\": [1]}", "1e31 is out of range"),
        ("{\"first\": [NaN], \"second\": [1]}", "expected value"),
        ("{\"first\": [\"x\"], \"second\": [1]}", "invalid type"),
        ("{\"first\": 1, \"second\": [1]}", "invalid type"),
        ("[[1], [2]]", "a line is"),
        ("first, second", "a line is"),
        ("{\"first\": [1], \"second\": [1]} {}", "trailing characters"),
        ("{\"first\": [1], \"secönd\": [1]}", "unknown field"),
    ] {
        let output = judge(&[], &format!("{{\"first\": [1], \"second\": [2]}}\n\n{line}\n"));
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{line}: {error}");
        assert!(output.stdout.is_empty(), "{line}: half a result");
        assert!(error.contains(says) && error.contains("stdin.jsonl:3:"), "{line}: {error}");
    }
    let output = judge(&["compat=bpref".to_owned()], "{\"first\": [1], \"second\": [1, 2]}");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && error.contains("1 and 2 steps"), "{error}");
    let output = Command::cargo_bin("oversight")
        .unwrap()
        .args(["judge", "three_failures", "missing.jsonl"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let output = Command::cargo_bin("oversight").unwrap().args(["judge", "-", "-"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}
