//! `oversight fit`: other people's numbers, laws, and what is said of a bad file.
#![cfg(feature = "cli")]

use crate::common::{assert_close, json, number, numbers, text};
use assert_cmd::Command;
use oversight::lab::reward_model::tally::{Compared, Scale, Tally, Tournament, fit_counted};
use oversight::numerics::rng::{Purpose, Streams, uniform};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Output;

fn fit_in(folder: &Path, csv: &[u8], arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("oversight").unwrap();
    command.current_dir(folder).args(["fit", "-"]).args(arguments).write_stdin(csv).output().unwrap()
}

fn fit(csv: &str, arguments: &[&str]) -> Output {
    fit_in(&std::env::temp_dir(), csv.as_bytes(), arguments)
}

#[track_caller]
fn fitted(csv: &str, arguments: &[&str]) -> Value {
    let output = fit(csv, &[arguments, &["--json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What stands on standard error, and the exit code.
fn refused(csv: &[u8], arguments: &[&str]) -> (String, Option<i32>) {
    let output = fit_in(&std::env::temp_dir(), csv, arguments);
    assert!(output.stdout.is_empty(), "half a result");
    (String::from_utf8(output.stderr).unwrap(), output.status.code())
}

/// The one called so of a list.
#[track_caller]
fn named<'a>(list: &'a Value, name: &str) -> &'a Value {
    list.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("no {name}"))
}

fn estimates(fitted: &Value, of: &str) -> Vec<(String, f64)> {
    let mut all: Vec<(String, f64)> = fitted[of]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["name"].as_str().unwrap().to_owned(), number(&one["estimate"])))
        .collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

/// Rows of `n` comparisons of `items` items by a rule without a law.
fn rows(n: u32, items: u32) -> Vec<(u32, u32, u32)> {
    let row = |i: u32| {
        let first = i * 7 % items;
        let second = (first + 1 + i * 5 % (items - 1)) % items;
        let lead = (i * 31 + 17 * i * i) % 11 + 2 * first;
        (first, second, if lead > 5 + 2 * second { 2 } else { lead % 3 })
    };
    (0..n).map(row).collect()
}

fn written(rows: &[(u32, u32, u32)]) -> String {
    rows.iter().fold("first,second,label\n".to_owned(), |mut csv, (first, second, twice)| {
        let _ = writeln!(csv, "i{first},i{second},{}", f64::from(*twice) / 2.0);
        csv
    })
}

#[test]
fn the_numbers_of_another_solver() {
    for (name, case) in json("fit.json").as_object().unwrap() {
        let arguments: Vec<&str> =
            case["arguments"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
        let got = fitted(case["csv"].as_str().unwrap(), &arguments);
        let wide = 1.959_963_984_540_054;
        let check = |what: &str, one: &Value, expected: &Value| {
            let [estimate, se] = numbers(expected)[..] else { panic!("two numbers") };
            let (low, high) = (estimate - wide * se, estimate + wide * se);
            for (key, expected) in [("estimate", estimate), ("se", se), ("low", low), ("high", high)] {
                assert_close(&format!("{name}: {what}: {key}"), number(&one[key]), expected, 1e-8);
            }
        };
        let of = &got[case["of"].as_str().unwrap()];
        assert_eq!(of.as_array().unwrap().len(), case["estimates"].as_object().unwrap().len(), "{name}");
        for (item, expected) in case["estimates"].as_object().unwrap() {
            check(item, named(of, item), expected);
        }
        for (annotator, expected) in case["annotators"].as_object().unwrap() {
            check(annotator, named(&got["annotators"], annotator), expected);
        }
        let thresholds = [&got["thresholds"], &case["thresholds"]].map(|all| all.as_array().unwrap());
        assert_eq!(thresholds[0].len(), thresholds[1].len(), "{name}");
        for (one, expected) in thresholds[0].iter().zip(thresholds[1]) {
            check("threshold", one, expected);
        }
        for key in ["decided", "circular"] {
            assert_eq!(got["triads"][key], case["triads"][key], "{name}: {key} triads");
        }
    }
}

/// The laboratory's own fit and its 60-digit reference, on the same file.
#[test]
fn the_reference_of_the_reward_model() {
    let truth = json("bradley_terry.json");
    for case in truth["fits"].as_array().unwrap().iter().filter(|case| number(&case["flip"]) == 0.0) {
        let got = fitted(&text("bradley_terry.csv"), &["--l2", &case["l2"].to_string()]);
        let (weights, covariance) = (numbers(&case["weights"]), numbers(&case["covariance"]));
        for (j, name) in ["a", "b", "c"].iter().enumerate() {
            let one = named(&got["features"], name);
            assert_close(name, number(&one["estimate"]), weights[j], 1e-9);
            assert_close(name, number(&one["se"]), covariance[4 * j].sqrt(), 1e-9);
            assert_eq!(one["comparisons"], 300);
        }
    }
}

/// At the maximum of the likelihood every item wins as often as it is expected to (Bradley and Terry 1952).
#[test]
fn wins_are_as_expected() {
    let rows = rows(400, 9);
    let got = fitted(&written(&rows), &["--l2", "0"]);
    let score = |item: u32| number(&named(&got["items"], &format!("i{item}"))["estimate"]);
    let mut surplus = [0.0; 9];
    for (first, second, twice) in &rows {
        let expected = oversight::numerics::math::sigmoid(score(*first) - score(*second));
        surplus[*first as usize] += f64::from(*twice) / 2.0 - expected;
        surplus[*second as usize] -= f64::from(*twice) / 2.0 - expected;
    }
    surplus.iter().for_each(|surplus| assert_close("surplus of wins", *surplus, 0.0, 1e-8));
    let sum: f64 = (0..9).map(score).sum();
    assert_close("mean", sum / 9.0, 0.0, 1e-12);
}

/// Neither the order of rows nor who stands first changes an estimate, and items are features of themselves.
#[test]
fn the_same_comparisons_written_otherwise() {
    let rows = rows(200, 6);
    let plain = estimates(&fitted(&written(&rows), &[]), "items");
    let turned: Vec<_> = rows.iter().rev().map(|(a, b, twice)| (*b, *a, 2 - twice)).collect();
    let mut features = (0..6).map(|j| format!("first_i{j},second_i{j},")).collect::<String>() + "label\n";
    for (first, second, twice) in &rows {
        let sides = |j: u32| format!("{},{},", u32::from(j == *first), u32::from(j == *second));
        let _ = writeln!(features, "{}{}", (0..6).map(sides).collect::<String>(), f64::from(*twice) / 2.0);
    }
    for (csv, of) in [(written(&turned), "items"), (features, "features")] {
        for ((name, one), (_, other)) in plain.iter().zip(estimates(&fitted(&csv, &[]), of)) {
            assert_close(name, other, *one, 1e-9);
        }
    }
    // What `trace` writes has items and features: features win. Spaces, blank lines and line ends do not count.
    let traced = "round,query,start,annotator,first,second,first_x,second_x,label\r\n\
                  1,1,0,a,u,u,1, 2,0\r\n\r\n1,2,0,a,d,u,1.5,1,\"1\"\r\n   \r\n1,3,0,a,d,u,1.5,1,\r\n";
    let got = fitted(traced, &[]);
    assert_eq!((&got["comparisons"], &got["skipped"]), (&Value::from(2), &Value::from(1)));
    assert!(got["annotators"].as_array().unwrap().is_empty(), "one alone has nobody to be compared with");
    assert_eq!(estimates(&got, "features").len(), 1);
}

/// Resamples are the same each time, and their spread is Laplace's up to their own noise: an sd over 400
/// resamples has a standard error of 1/√800 = 3.5 %, and the two differ by the prior and by what is left out of
/// a quadratic. A quarter is seven of these errors.
#[test]
fn a_bootstrap() {
    let csv = written(&rows(600, 5));
    let one = fitted(&csv, &["--bootstrap", "400"]);
    assert_eq!(one, fitted(&csv, &["--bootstrap", "400"]));
    let laplace = fitted(&csv, &[]);
    for item in ["i0", "i1", "i2", "i3", "i4"] {
        let [one, laplace] = [&one, &laplace].map(|fit| named(&fit["items"], item));
        assert_eq!(one["estimate"], laplace["estimate"]);
        assert!((number(&one["se"]) / number(&laplace["se"]) - 1.0).abs() < 0.25, "{one} {laplace}");
        assert!(number(&one["low"]) < number(&one["estimate"]));
        assert!(number(&one["estimate"]) < number(&one["high"]));
    }
}

/// Kendall's ζ is 1 without a circular triad, 0 with as many as five items can have: 5.
#[test]
fn triads_that_go_round() {
    let line = "first,second,label\na,b,1\nb,c,1\na,c,1\nc,a,0.5\n";
    let triads = |csv: &str| fitted(csv, &[])["triads"].to_string();
    assert_eq!(triads(line), r#"{"decided":1,"circular":0,"consistence":1.0}"#);
    let mut round = "first,second,label\n".to_owned();
    for i in 0..5 {
        let _ = writeln!(round, "{i},{},1\n{i},{},1", (i + 1) % 5, (i + 2) % 5);
    }
    assert_eq!(triads(&round), r#"{"decided":10,"circular":5,"consistence":0.0}"#);
    // Without a majority there is no edge.
    assert_eq!(triads(&(line.to_owned() + "c,a,1\n")), r#"{"decided":0,"circular":0,"consistence":null}"#);
}

/// Newton finds a finite maximum of the likelihood exactly where Ford's condition on the graph of items says that
/// there is one.
#[test]
fn a_maximum_exists_where_nobody_always_wins() {
    let (mut finite, mut rng) = (0, Streams { seed: 1, repetition: 0 }.stream(Purpose::Pairs, "fit", 0));
    for _ in 0..400 {
        let (items, cells) = (2 + (4.0 * uniform(&mut rng)) as u32, 1 + (9.0 * uniform(&mut rng)) as u32);
        let mut draw = |below: u32| (f64::from(below) * uniform(&mut rng)) as u32;
        let pair = |(first, step): (u32, u32)| {
            let second = (first + 1 + step) % items;
            [first.min(second), first.max(second)]
        };
        let pairs: Vec<[u32; 2]> = (0..cells).map(|_| pair((draw(items), draw(items - 1)))).collect();
        let grade = |draw: &mut dyn FnMut(u32) -> u32| {
            let mut counts = [0; 5];
            counts[[0, 4, 4, 0, 2][draw(5) as usize]] = 1;
            counts
        };
        let counts = (0..cells).map(|_| grade(&mut draw)).collect();
        let tally = Tally {
            width: items as usize,
            compared: Compared::Items(pairs),
            annotator: vec![0; cells as usize],
            counts,
        };
        let exists = Tournament::of(&tally).expect("items").groups.len() == 1;
        let found = fit_counted(&tally, &Scale::plain(), 0.0, &[1.0]);
        assert_eq!(found.is_ok(), exists, "{tally:?}");
        finite += u32::from(exists);
    }
    assert!((50..350).contains(&finite), "{finite}");
}

#[test]
fn what_cannot_be_known() {
    let h = "first,second,label\n";
    let f = "first_x,second_x,first_y,second_y,label\n";
    let mut said = String::new();
    for csv in [
        format!("{h}a,b,1\nb,a,0.5\nc,d,1\nd,c,1\n"),
        format!("{h}a,b,1\nb,c,1\nc,b,1\n"),
        format!("{h}a,b,0.5\nb,a,0.5\n"),
        format!("{f}1,0,0,1,1\n2,1,5,2,1\n0,3,2,2,0\n"),
        format!("{f}1,0,2,0,1\n2,1,5,3,0\n0,3,0,6,0\n"),
        format!("{f}1,1,2,0,1\n2,2,5,3,0\n0,0,0,6,0\n"),
    ] {
        let arguments = ["--graded", "--l2", "0"];
        // With a threshold, ties alone tell nothing of where it is.
        let arguments = if csv.contains("a,b,0.5") { &arguments[..] } else { &arguments[1..] };
        let (error, code) = refused(csv.as_bytes(), arguments);
        assert_eq!(code, Some(2), "{error}");
        let notes = fitted(&csv, &[])["notes"].to_string();
        let _ = writeln!(said, "{error}{notes}");
    }
    insta::assert_snapshot!(said, @r##"
    error: no finite maximum of the likelihood: no comparison leads from one of these groups to another: (`a`, `b`) (`c`, `d`); fit them one by one, compare across them, or give --l2 0.1, which centres each at 0
    ["No comparison leads from one of these groups to another: (`a`, `b`) (`c`, `d`). Each is centred at 0; how they compare is the prior's guess."]
    error: no finite maximum of the likelihood: `a` wins every comparison against the others, `b`, `c` lose every one: nothing says by how much; give --l2 0.1, or leave such items out
    ["Separable: `a` wins every comparison against the others, `b`, `c` lose every one. By how much is the prior's guess (--l2)."]
    error: no finite maximum of the likelihood: no answer contradicts ever larger thresholds: the answers are separable, and nothing says how steep they are; give --l2 0.1
    []
    error: no finite maximum of the likelihood: no answer contradicts +1.00·x: the answers are separable, and nothing says how steep they are; give --l2 0.1
    ["Separable: no answer contradicts +1.00·x. How steep the answers are is the prior's guess (--l2)."]
    error: no finite maximum of the likelihood: the differences in `y` follow from those in `x`; leave one out, or give --l2 0.1
    ["The prior (--l2) decides where answers cannot: the differences in `y` follow from those in `x`."]
    error: no finite maximum of the likelihood: `x` never differs between first and second; leave one out, or give --l2 0.1
    ["The prior (--l2) decides where answers cannot: `x` never differs between first and second."]
    "##);
}

/// One bad row and nothing is printed; the message shows it, and says what is allowed or what to do.
#[test]
fn bad_files() {
    let h = b"first,second,label\n";
    let f = b"first_x,second_x,label\n";
    let cases: [(&[u8], &[u8], &str); 27] = [
        (b"", b"", "1:1"),
        (h, b"", "1:1"),
        (h, b"a,b,\nb,c,\n", "3:1"),
        (b"one,two,three\n", b"1,2,3\n", "1:1"),
        (b"first,second,lable\n", b"a,b,1\n", "1:14"),
        (b"first;second;label\n", b"a;b;1\n", "1:1"),
        (b"first,second,label,first\n", b"a,b,1,c\n", "1:20"),
        (b"first_x,label\n", b"1,1\n", "1:1"),
        (b"first_x,label,second_y\n", b"1,1,2\n", "1:1"),
        (h, b"a,b,1\na,b,2\n", "3:5"),
        (h, b"a,b,1\na,b,nan\n", "3:5"),
        (h, b"a,b,1\n\n\nb,c\n", "5:1"),
        (h, b"a,b,1\nb,c,1,4\n", "3:7"),
        (h, b"a,b,1\n\"x, y\",\"x, y\",1\n", "3:8"),
        (h, b"a,b,1\na,,1\n", "3:3"),
        (h, b"a,b,1\n\"a,b,1\nc,d,0\n", "3:1"),
        (h, b"a,b,1\nc,\"d", "3:3"),
        (h, b"a,b,1\nc,\"d,1\nc\",d,0\n", "4:6"),
        (h, b"a,b,1\na,\xff,1\n", "3:3"),
        (b"first,second,l\xe4bel\n", b"", "1:14"),
        (f, b"1,2,1\nNaN,1,0\n", "3:1"),
        (f, b"1,2,1\n1,-inf,0\n", "3:3"),
        (f, b"1,2,1\n1,1e400,0\n", "3:3"),
        (f, b"1,2,1\n1,2e30,0\n", "3:3"),
        (f, b"1,2,1\n1,two,0\n", "3:3"),
        (f, b"1,2,1\n1,,0\n", "3:3"),
        (b"\xef\xbb\xbffirst,second,label\r\n", b"a,b,1\r\n\r\nb,a,3\r\n", "4:5"),
    ];
    let mut said = String::new();
    for (header, rest, place) in cases {
        let (error, code) = refused(&[header, rest].concat(), &[]);
        assert_eq!(code, Some(2), "{error}");
        assert!(error.contains(&format!("[stdin.csv:{place}]")), "{place}: {error}");
        let message = error.lines().find_map(|line| line.trim().strip_prefix("× ")).unwrap();
        assert!(error.contains("help: "), "{error}");
        let _ = writeln!(said, "{place}: {message}");
    }
    insta::assert_snapshot!(said, @r##"
    1:1: the file is empty
    1:1: there are no comparisons: no row stands below the header
    3:1: there are no comparisons: every label is empty
    1:1: there is no column `label`
    1:14: there is no column `label`
    1:1: there is no column `label`
    1:20: there are two columns `first`
    1:1: `first_x` has no partner `second_x`
    1:1: `first_x` has no partner `second_x`
    3:5: `2` is no label
    3:5: `nan` is no label
    5:1: 2 fields, where the header has 3
    3:7: 4 fields, where the header has 3
    3:8: `x, y` is compared with itself
    3:3: an item without a name
    3:1: this quote is never closed
    3:3: this quote is never closed
    4:6: 4 fields, where the header has 3
    3:3: the byte 0xff is not UTF-8
    1:14: the byte 0xe4 is not UTF-8
    3:1: NaN is out of range
    3:3: -inf is out of range
    3:3: 1e400 is out of range
    3:3: 2e30 is out of range
    3:3: `two` is no number
    3:3: a feature without a value
    4:5: `3` is no label
    "##);
    insta::assert_snapshot!(refused(b"first,second,label\na,b,1\nc,\"d, e\",0.6\n", &[]).0, @r##"
     × `0.6` is no label
      ╭─[stdin.csv:3:10]
    2 │ a,b,1
    3 │ c,"d, e",0.6
      ·          ┬
      ·          ╰── here
      ╰────
     help: a label is 1 (first preferred), 0 (second), 0.5 (tie), 0.75 or 0.25
           (slightly), or empty (skipped)
    "##);
}

/// The window on a long file has moved on, and still knows where it is.
#[test]
fn a_bad_row_far_down() {
    let long =
        "first,second,label\n".to_owned() + &"some item,\"another, item\",1\n".repeat(20_000) + "a,b,c\n";
    let (error, code) = refused(long.as_bytes(), &[]);
    assert_eq!(code, Some(2));
    for says in ["[stdin.csv:20002:5]", "`c` is no label", "20001 │ some item,\"another, item\",1"] {
        assert!(error.contains(says), "{says}: {error}");
    }
}

/// Whatever a file holds, there is an answer or one message.
#[test]
fn no_file_is_a_panic() {
    let csv = "first,second,label,annotator\n\"a\",b,1,x\nb,c,0.25,y\nc,a,0.5,x\na,c,0,y\nb,a,,y\n";
    let parts: [&[u8]; 10] = [b"\"", b",", b"\n", b"\r", b"\xff", b"0", b"", b"\0", b" ", b"1e999"];
    for i in 0..120 {
        let mut bytes = csv.as_bytes().to_vec();
        for k in 0..1 + i % 3 {
            let (at, part) = ((i * 53 + k * 31) % bytes.len(), parts[(i + k) % parts.len()]);
            bytes.splice(at..at + 1, part.iter().copied());
        }
        let output = fit_in(&std::env::temp_dir(), &bytes, if i % 2 == 0 { &["--l2", "0"] } else { &[] });
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        let code = output.status.code();
        assert!(code == Some(0) && error.is_empty() || code == Some(2), "{}\n{error}", bytes.escape_ascii());
        assert!(!error.contains("panicked"), "{error}");
    }
}

#[test]
fn a_folder_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let csv = written(&rows(300, 71));
    let write = |out: &str, arguments: &[&str]| {
        fit_in(folder.path(), csv.as_bytes(), &[&["--out", out], arguments].concat())
    };
    let read = |name: &str| std::fs::read(folder.path().join("mine").join(name)).unwrap();
    let output = write("mine", &["--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(read("fit.json"), output.stdout);
    let table = String::from_utf8(read("fit.csv")).unwrap();
    assert!(table.starts_with("kind,name,estimate,se,low,high,comparisons\nitem,"), "{table}");
    assert_eq!(table.lines().count(), 72);
    let svg = String::from_utf8(read("fit.svg")).unwrap();
    assert!(svg.contains("the first 30 and the last 30 of 71") && svg.contains("log-odds"), "{svg}");
    assert!(read("fit.png").starts_with(b"\x89PNG"));
    let manifest: Value = serde_json::from_slice(&read("manifest.json")).unwrap();
    assert_eq!(manifest["files"].as_array().unwrap().len(), 4);
    // The same again, and only that.
    assert_eq!(write("mine", &[]).status.code(), Some(0));
    assert_eq!(std::fs::read_dir(folder.path().join("mine")).unwrap().count(), 5);
    // What is refused leaves no folder behind, and a run is not overwritten.
    let bad = fit_in(folder.path(), b"first,second,label\na,a,1\n", &["--out", "bad"]);
    assert!(bad.status.code() == Some(2) && !folder.path().join("bad").exists());
    std::fs::write(folder.path().join("manifest.json"), "{\"oversight\": \"0.1.0\", \"files\": []}").unwrap();
    let output = write(".", &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("holds the results of a run"));
    // No such file.
    let output = Command::cargo_bin("oversight").unwrap().args(["fit", "nowhere.csv"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
}
