//! The binary, as a user meets it.
#![cfg(feature = "cli")]

use crate::common::files;
use assert_cmd::Command;
use std::fs;
use std::path::Path;
use std::process::Output;

const SMALL: &str = r#"
title = "A small one"
seeds = 5
[world.answers]
prompts = 2
answers = 200
features = { a = { gold = 1.0 }, b = { gold = -1.0, tail = { student_t = { df = 3 } } } }
[overseer]
believes = { b = 0.5 }
[sweep]
"feedback.labels" = [10, 50]
[variants.control]
overseer.believes = {}
"#;

fn oversight(folder: &Path, arguments: &[&str]) -> Output {
    Command::cargo_bin("oversight").unwrap().current_dir(folder).args(arguments).output().unwrap()
}

fn folder(config: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("small.toml"), config).unwrap();
    folder
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[track_caller]
fn assert_code(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}{}", text(&output.stdout), text(&output.stderr));
    assert!(!text(&output.stderr).contains("panicked"));
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let folder = folder(SMALL);
    let mut all = Vec::new();
    for threads in ["1", "2", "7"] {
        let output = oversight(folder.path(), &["run", "small.toml", "--threads", threads, "--out", threads]);
        assert_code(&output, 0);
        all.push(files(&folder.path().join(threads).join("small")));
    }
    let names: Vec<&str> = all[0].keys().map(String::as_str).collect();
    let expected = [
        "claims.json",
        "config.toml",
        "figures/gold.png",
        "figures/gold.svg",
        "manifest.json",
        "report.html",
        "results.csv",
        "summary.csv",
    ];
    assert_eq!(names, expected);
    assert_eq!(all[0], all[1]);
    assert_eq!(all[0], all[2]);

    // The resolved config runs again, under the same name, to the same results.
    let again = oversight(folder.path(), &["run", "1/small/config.toml", "--out", "again"]);
    assert_code(&again, 0);
    assert_eq!(files(&folder.path().join("again/small")), all[0]);
}

#[test]
fn results_open_as_tables() {
    let folder = folder(SMALL);
    assert_code(&oversight(folder.path(), &["run", "small.toml"]), 0);
    let open = |name: &str| csv::Reader::from_path(folder.path().join("results/small").join(name)).unwrap();
    let mut results = open("results.csv");
    let header: Vec<String> = results.headers().unwrap().iter().map(str::to_owned).collect();
    let fixed = [
        "experiment",
        "feedback.labels",
        "variant",
        "optimizer",
        "seed",
        "round",
        "pressure",
        "gold",
        "approval",
    ];
    assert_eq!(header[..9], fixed);
    assert_eq!(header[header.len() - 4..], ["feature.a", "feature.b", "weight.a", "weight.b"]);
    let rows: Vec<_> = results.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2 * 2 * 5 * 5, "labels × variants × seeds × levels");
    for row in &rows {
        assert!(row.iter().skip(4).all(|x| x.is_empty() || x.parse::<f64>().unwrap().is_finite()));
        let takeover = header.iter().position(|h| h == "takeover").unwrap();
        assert_eq!(&row[takeover], "", "missing is empty");
    }
    let summary: Vec<_> = open("summary.csv").into_records().map(Result::unwrap).collect();
    let gold = summary.iter().find(|r| &r[5] == "gold").unwrap();
    assert_eq!((&gold[6], gold.len()), ("5", 14));
}

/// Two worlds with equal S and different gold write the same labels.
#[test]
fn labels_see_the_world_through_belief_alone() {
    let here = tempfile::tempdir().unwrap();
    let labels = |extra: &[&str]| {
        let mut arguments = vec!["trace", "what_labels_cannot_tell", "--labels", "--seed", "3"];
        arguments.extend(["--set", "feedback.labels=200", "--set", "world.answers.answers=300"]);
        arguments.extend(extra);
        let output = oversight(here.path(), &arguments);
        assert_code(&output, 0);
        text(&output.stdout)
    };
    let secret = "secret=bad";
    let (good, bad) = (labels(&[]), labels(&["--set", secret]));
    let names = ["visible", "secret", "charm", "style_1", "style_2", "style_3", "style_4"];
    let of = |side: &str| names.map(|name| format!("{side}_{name}")).join(",");
    let header = format!("round,query,start,annotator,first,second,{},{},label", of("first"), of("second"));
    assert_eq!(good.lines().next(), Some(header.as_str()));
    assert_eq!(good.lines().count(), 201);
    assert_eq!(good, bad);
    // The control: what is seen makes a difference.
    let seen = "variant=control";
    assert_ne!(labels(&["--set", seen]), labels(&["--set", seen, "--set", secret]));
}

#[test]
fn an_old_run_goes_whole_and_foreign_files_stay() {
    let folder = folder(&format!(
        "{SMALL}\n[[figures]]\nname = \"old\"\nx = \"pressure\"\ny = \"gold\"\nby = \"variant\"\nwhere = {{ \"feedback.labels\" = 10 }}"
    ));
    assert_code(&oversight(folder.path(), &["run", "small.toml", "--seeds", "2"]), 0);
    let out = folder.path().join("results/small");
    fs::write(out.join("notes.md"), "mine").unwrap();
    fs::write(out.join("figures/mine.txt"), "mine").unwrap();
    fs::create_dir(out.join("empty")).unwrap();
    fs::write(folder.path().join("small.toml"), SMALL).unwrap();
    assert_code(&oversight(folder.path(), &["run", "small.toml", "--seeds", "2"]), 0);
    let names: Vec<String> = files(&out).into_keys().collect();
    assert!(
        names.contains(&"notes.md".to_owned()) && names.contains(&"figures/mine.txt".to_owned()),
        "{names:?}"
    );
    assert!(out.join("empty").is_dir());
    assert!(
        names.contains(&"figures/gold.svg".to_owned()) && !names.contains(&"figures/old.svg".to_owned()),
        "{names:?}"
    );
    // What is missing comes back, whatever the manifest says.
    let whole = files(&out);
    for name in whole
        .keys()
        .filter(|name| !["notes.md", "figures/mine.txt", "manifest.json"].contains(&name.as_str()))
    {
        fs::remove_file(out.join(name)).unwrap();
        assert_code(&oversight(folder.path(), &["run", "small.toml", "--seeds", "2"]), 0);
        assert!(files(&out) == whole, "{name} did not come back");
    }
    // A file of somebody else that has the name of one of ours is kept beside it.
    fs::remove_file(out.join("manifest.json")).unwrap();
    fs::write(out.join("results.csv"), "mine").unwrap();
    assert_code(&oversight(folder.path(), &["run", "small.toml", "--seeds", "2"]), 0);
    assert_eq!(fs::read(out.join("results.csv.old")).unwrap(), b"mine");
    // Nothing temporary is left beside it and the index.
    assert_eq!(fs::read_dir(folder.path().join("results")).unwrap().count(), 2);
}

#[test]
fn an_index_lists_the_runs() {
    let folder = folder(SMALL);
    let run = |sets: &[&str]| {
        let output = oversight(folder.path(), &[&["run", "small.toml", "--seeds", "2"], sets].concat());
        assert_code(&output, 0);
        text(&output.stderr)
    };
    run(&["--set", "name=other", "--set", "title=Another"]);
    // Folders that are no runs of ours.
    let out = folder.path().join("results");
    fs::create_dir_all(out.join("photos")).unwrap();
    fs::create_dir_all(out.join("theirs")).unwrap();
    fs::write(out.join("theirs/manifest.json"), "{\"files\": []}").unwrap();
    assert_eq!(run(&[]), "");
    let index = text(&fs::read(out.join("index.html")).unwrap());
    for says in [
        "small/report.html\">A small one",
        "other/report.html\">Another",
        "small/figures/gold.svg",
        "2 seeds",
    ] {
        assert!(index.contains(says), "{says}\n{index}");
    }
    assert!(!index.contains("photos") && !index.contains("theirs"), "{index}");
    // What a run that is gone leaves behind is not listed; a foreign index stays.
    fs::remove_dir_all(out.join("other")).unwrap();
    run(&[]);
    assert!(!text(&fs::read(out.join("index.html")).unwrap()).contains("Another"));
    fs::write(out.join("index.html"), "<h1>Mine</h1>").unwrap();
    let says = run(&[]);
    assert!(says.contains("index.html is not an index of ours"), "{says}");
    assert_eq!(fs::read(out.join("index.html")).unwrap(), b"<h1>Mine</h1>");
}

#[test]
fn a_run_that_fails_leaves_everything_as_it_was() {
    let folder = folder(SMALL);
    assert_code(&oversight(folder.path(), &["run", "small.toml", "--seeds", "2"]), 0);
    let before = files(folder.path());
    // A bad config beside a good one: nothing runs.
    fs::write(folder.path().join("bad.toml"), SMALL.replace("gold = 1.0", "gold = nan")).unwrap();
    let output = oversight(folder.path(), &["run", "small.toml", "bad.toml", "--seeds", "3"]);
    assert_code(&output, 2);
    assert!(text(&output.stderr).contains("bad.toml:7:"), "{}", text(&output.stderr));
    fs::remove_file(folder.path().join("bad.toml")).unwrap();
    assert_eq!(files(folder.path()), before);
    // A target that cannot be written.
    fs::write(folder.path().join("taken"), "a file").unwrap();
    for out in ["taken", "taken/below"] {
        let output = oversight(folder.path(), &["run", "small.toml", "--out", out]);
        assert_code(&output, 3);
        assert!(text(&output.stderr).contains("cannot write results to taken"), "{}", text(&output.stderr));
    }
    assert_eq!(fs::read(folder.path().join("taken")).unwrap(), b"a file");
    #[cfg(unix)]
    {
        let output = oversight(folder.path(), &["run", "small.toml", "--out", "/dev/full/results"]);
        assert_code(&output, 3);
        assert!(text(&output.stderr).contains("/dev/full is not a folder"), "{}", text(&output.stderr));
    }
}

#[cfg(unix)]
#[test]
fn interrupted_leaves_no_results() {
    let folder = folder(&SMALL.replace("seeds = 5", "seeds = 60000"));
    let binary = assert_cmd::cargo::cargo_bin("oversight");
    let mut child = std::process::Command::new(binary)
        .args(["run", "small.toml", "--threads", "2"])
        .current_dir(folder.path())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // The temporary folder appears once trials are about to start.
    while !fs::read_dir(folder.path().join("results")).is_ok_and(|mut d| d.next().is_some()) {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    std::thread::sleep(std::time::Duration::from_millis(100));
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    // Whole seeds that are done are kept, and nothing else.
    let left = files(folder.path());
    assert!(left.keys().all(|name| name == "small.toml" || name.starts_with("results/small/parts/")));
}

#[cfg(unix)]
#[test]
fn a_link_is_written_through_and_what_was_killed_is_swept() {
    let folder = folder(SMALL);
    let at = |path: &str| folder.path().join(path);
    fs::create_dir_all(at("big/scale")).unwrap();
    fs::create_dir(at("results")).unwrap();
    fs::write(at("big/scale/mine.txt"), "keep").unwrap();
    std::os::unix::fs::symlink("../big/scale", at("results/small")).unwrap();
    // Left behind by a run that was killed, and by one that is on its way.
    for name in ["dead00", "live00"] {
        fs::create_dir(at(&format!("big/scale/.small.{name}"))).unwrap();
        fs::write(at(&format!("big/scale/.small.{name}/.lock")), "").unwrap();
    }
    let live = fs::File::open(at("big/scale/.small.live00/.lock")).unwrap();
    live.lock().unwrap();
    // Beside that one no other starts.
    let second = oversight(folder.path(), &["run", "small.toml", "--seeds", "2"]);
    assert_code(&second, 3);
    assert!(text(&second.stderr).contains("another run is at work there"), "{}", text(&second.stderr));
    assert!(at("big/scale/.small.live00").exists());
    live.unlock().unwrap();
    assert_code(&oversight(folder.path(), &["run", "small.toml", "--seeds", "2"]), 0);
    assert!(at("results/small").is_symlink() && at("big/scale/results.csv").exists());
    assert_eq!(fs::read(at("big/scale/mine.txt")).unwrap(), b"keep");
    assert!(!at("big/scale/.small.dead00").exists() && !at("big/scale/.small.live00").exists());
}

#[test]
fn usage_and_files_have_their_codes() {
    let here = tempfile::tempdir().unwrap();
    for (arguments, code, says) in [
        (&["run"] as &[&str], 2, "CONFIG"),
        (&["run", "thre_failures"], 2, "three_failures"),
        (&["run", "three_failures", "--threads", "0"], 2, "--threads"),
        (&["run", "three_failures", "--threads", "65535"], 2, "1..=1024"),
        (&["run", "three_failures", "--seeds", "0"], 2, "--seeds"),
        (&["check", "missing.toml"], 3, "missing.toml"),
        (&["draw", "missing"], 3, "missing/config.toml"),
        (&["check", "."], 3, "cannot read ."),
        (&["show", "three_failures", "--set", "seeds"], 2, "--set"),
        (&["run", "three_failures", "three_failures"], 2, "two configs"),
        (&["frobnicate"], 2, "frobnicate"),
    ] {
        let output = oversight(here.path(), arguments);
        assert_code(&output, code);
        assert!(text(&output.stderr).contains(says), "{arguments:?}: {}", text(&output.stderr));
        assert_eq!(files(here.path()).len(), 0, "{arguments:?} left something");
    }
}

#[test]
fn commands_that_only_tell() {
    let here = tempfile::tempdir().unwrap();
    for (arguments, says) in [
        (&[] as &[&str], "oversight run three_failures"),
        (&["list"], "overseer_does_not_know"),
        (&["list", "optimizers"], "best_of_n"),
        (&["list", "protocols"], "direct"),
        (&["list", "feedback"], "rounds"),
        (&["list", "figures"], "columns"),
        (&["list", "claims"], "increases"),
        (&["check", "three_failures"], "16 cells × 160 seeds"),
        (&["show", "overseer_is_wrong", "--quick"], "seeds = 10"),
        (&["trace", "three_failures", "--set", "feedback.labels=50"], "reliability"),
        (&["schema"], "draft-07"),
        (&["schema", "--help"], "#:schema"),
        (&["judge", "--help"], "sum to 1"),
        (&["verify", "--help"], "exit 1"),
        (&["--help"], "Examples:"),
    ] {
        let output = oversight(here.path(), arguments);
        assert_code(&output, 0);
        assert!(text(&output.stdout).contains(says), "{arguments:?}: {}", text(&output.stdout));
    }
    let mut piped = Command::cargo_bin("oversight").unwrap();
    let output = piped.args(["check", "-"]).write_stdin(SMALL).output().unwrap();
    assert_code(&output, 0);
    assert!(text(&output.stdout).contains("4 cells × 5 seeds"));
}

const CLAIM: &str = r#"
[[claims]]
say = "Nobody reaches it."
kind = "identity"
metric = "gold"
where = { variant = "base", pressure = "last", "feedback.labels" = 10 }
greater = { than = 1000 }
"#;

/// Drawn again, a run is the same bytes; only what figures show, claims say and words are may change.
#[test]
fn draw_makes_the_same_from_the_table() {
    let folder = folder(&format!("{SMALL}{CLAIM}"));
    assert_code(&oversight(folder.path(), &["run", "small.toml"]), 0);
    let out = folder.path().join("results/small");
    let before = files(&out);
    let draw = |sets: &[&str]| {
        let output = oversight(folder.path(), &[&["draw", "results/small"], sets].concat());
        assert_code(&output, 0);
        output
    };
    fs::write(out.join("figures/mine.txt"), "mine").unwrap();
    draw(&[]);
    let mut after = files(&out);
    assert_eq!(after.remove("figures/mine.txt").unwrap(), b"mine");
    assert_eq!(after, before);

    // Another figure in place of the default one; the config stays as its owner wrote it.
    let figure = "[[figures]]\nname = \"new\"\nx = \"pressure\"\ny = \"kl\"\nby = \"variant\"\nwhere = { \"feedback.labels\" = 10 }\n";
    let edited = format!("# Mine.\n{}{figure}", text(&before["config.toml"]));
    fs::write(out.join("config.toml"), &edited).unwrap();
    draw(&[]);
    let redrawn = files(&out);
    assert_eq!(text(&redrawn["config.toml"]), edited);
    assert!(redrawn.contains_key("figures/new.png") && !redrawn.contains_key("figures/gold.svg"));
    assert!(text(&redrawn["report.html"]).contains("figures/new.svg"));
    for same in ["results.csv", "summary.csv", "claims.json"] {
        assert_eq!(redrawn[same], before[same], "{same}");
    }
    draw(&["--set", "title=Another"]);
    assert!(text(&files(&out)["config.toml"]).contains("title = \"Another\""));
    let index = text(&fs::read(folder.path().join("results/index.html")).unwrap());
    assert!(index.contains("Another"), "{index}");
}

/// What no run of the config would have written is refused with its line, and nothing changes.
#[test]
fn draw_refuses_what_does_not_fit() {
    let folder = folder(&format!("{SMALL}{CLAIM}"));
    assert_code(&oversight(folder.path(), &["run", "small.toml"]), 0);
    let out = folder.path().join("results/small");
    let [table, config] = ["results.csv", "config.toml"].map(|name| text(&fs::read(out.join(name)).unwrap()));
    let manifest = fs::read(out.join("manifest.json")).unwrap();
    let lines: Vec<&str> = table.split_inclusive('\n').collect();
    let change = |line: usize, from: &str, to: &str| {
        let changed = lines[line - 1].replacen(from, to, 1);
        assert_ne!(changed, lines[line - 1]);
        [&lines[..line - 1], &[changed.as_str()], &lines[line..]].concat().concat()
    };
    let (last, cost) = (lines.len(), table.rfind(",50,").unwrap());
    let tampered = format!("{},60,{}", &table[..cost], &table[cost + 4..]);
    for (file, content, says) in [
        ("results.csv", lines[..last - 1].concat(), "results.csv:101: the table ends after 99 of 100 rows"),
        ("results.csv", table[..table.len() - 1].to_owned(), "results.csv:101: "),
        ("results.csv", table.clone() + lines[last - 1], "results.csv:102: a row too many"),
        (
            "results.csv",
            change(1, "gold", "silver"),
            "results.csv:1: `gold` is `silver` and should be `gold`",
        ),
        ("results.csv", change(1, ",labels", ""), "42 columns, which should be 43"),
        ("results.csv", change(7, "small", "large"), "results.csv:7: `experiment` is `large`"),
        ("results.csv", change(9, ",", ",1"), "results.csv:9: `feedback.labels` is"),
        ("results.csv", change(9, ",", ",,"), "results.csv:9: "),
        ("results.csv", change(5, "\n", "7\r\n"), "results.csv:5: "),
        ("results.csv", change(101, ".", "x"), "results.csv:101: `gold` is `"),
        ("results.csv", tampered, "results.csv: its numbers are not"),
        ("results.csv", table.replace('\n', "\r\n"), "results.csv:1: "),
        ("results.csv", String::new(), "results.csv:1: the table ends"),
        ("results.csv", "\"\0\u{fffd},\n,".to_owned(), "results.csv:1: "),
        ("config.toml", config.replace("seeds = 5", "seeds = 6"), "the table ends after 100 of 120 rows"),
        ("config.toml", config.replace("seeds = 5", "seeds = 4"), "results.csv:82: a row too many"),
        (
            "config.toml",
            config.replace("[10, 50]", "[10, 60]"),
            "`feedback.labels` is `50` and should be `60`",
        ),
        (
            "config.toml",
            config.replace("answers = 200", "answers = 300"),
            "config.toml: it asks for other trials",
        ),
        ("config.toml", config.replace("seed = 0", "seed = 1"), "config.toml: it asks for other trials"),
        ("config.toml", config.replace("seeds = 5", "seeds = x"), "config.toml:"),
    ] {
        fs::write(out.join("results.csv"), &table).unwrap();
        fs::write(out.join("config.toml"), &config).unwrap();
        fs::write(out.join(file), content).unwrap();
        let before = files(&out);
        let output = oversight(folder.path(), &["draw", "results/small"]);
        let error = text(&output.stderr);
        assert!([Some(2), Some(3)].contains(&output.status.code()), "{says}: {error}");
        assert!(error.contains(says), "{says}: {error}");
        assert!(error.contains("oversight run") || output.status.code() == Some(2), "{says}: {error}");
        assert!(files(&out) == before, "{says}: something was written");
    }
    assert_eq!(fs::read(out.join("manifest.json")).unwrap(), manifest);
    fs::write(out.join("config.toml"), &config).unwrap();
    let refused = |sets: &[&str], says: &str| {
        let output = oversight(folder.path(), &[&["draw", "results/small"], sets].concat());
        assert_code(&output, 3);
        assert!(text(&output.stderr).contains(says), "{}", text(&output.stderr));
    };
    refused(&["--set", "seed=5"], "leave out the --set that asks for it");
    fs::write(out.join("manifest.json"), "{").unwrap();
    refused(&[], "manifest.json does not say what was run");
    fs::remove_file(out.join("manifest.json")).unwrap();
    refused(&[], "manifest.json");
}

/// A quick run makes no claims: neither the terminal nor any file speaks of verdicts.
#[test]
fn a_rough_look_judges_nothing() {
    let folder = folder(&format!("{SMALL}{CLAIM}[quick]\nseeds = 4\n"));
    let output = oversight(folder.path(), &["run", "small.toml"]);
    assert!(text(&output.stdout).contains("Of 1 identity, "), "{}", text(&output.stdout));
    let output = oversight(folder.path(), &["run", "small.toml", "--quick"]);
    assert_code(&output, 0);
    let out = folder.path().join("results/small");
    let before = files(&out);
    let page = text(&before["report.html"]);
    let (_, page) = page.split_once("</style>\n</head>").unwrap();
    let [terminal, figure] = [&output.stdout, &before["figures/gold.svg"]].map(|bytes| text(bytes));
    for word in ["claim", "holds", "fails", "undecided"] {
        assert!([&terminal, &figure, page].iter().all(|text| !text.contains(word)), "{word}");
    }
    assert_eq!(text(&before["claims.json"]), "[]\n");
    // The config that it leaves makes the same, without --quick.
    assert_code(&oversight(&out, &["run", "config.toml", "--out", "../../again"]), 0);
    assert_eq!(files(&folder.path().join("again/small")), before);
    assert_code(&oversight(folder.path(), &["draw", "results/small"]), 0);
    assert_eq!(files(&out), before);
}

/// The terminal shows the metrics of the first figure, of a dozen cells.
#[test]
fn the_terminal_shows_the_first_figure() {
    let figure = "[[figures]]\nname = \"one\"\nx = \"pressure\"\ny = [\"kl\", \"feature.a\", \"takeover\"]\nby = \"variant\"\nwhere = { \"feedback.labels\" = \"last\" }\n";
    let levels =
        SMALL.replace("[10, 50]", "[1, 2, 3, 4, 5, 6, 7, 8, 9]").replace("gold = 1.0", "gold = 1e12");
    let folder = folder(&format!("{levels}{figure}"));
    let output = oversight(folder.path(), &["run", "small.toml", "--seeds", "2"]);
    assert_code(&output, 0);
    let said = text(&output.stdout);
    let lines: Vec<&str> = said.lines().skip_while(|line| !line.starts_with("labels")).collect();
    let names: Vec<&str> = lines[0].split_whitespace().collect();
    assert_eq!(names, ["labels", "variant", "kl", "feature.a", "takeover"], "{said}");
    assert_eq!(lines[13], "… and 6 more in summary.csv", "{said}");
    let ends = |line: &str| line.trim_end().chars().count();
    assert!(lines[1..13].iter().all(|line| line.ends_with('–') && ends(line) == ends(lines[1])), "{said}");
}

/// Exit codes of `verify`: 1 unless all hold; with --quick only if one fails.
#[test]
fn verify_says_whether_all_claims_hold() {
    let claim = |test: &str| {
        format!(
            "{SMALL}\n[[claims]]\nsay = \"It is so.\"\nkind = \"identity\"\nmetric = \"unreached\"\nwhere = {{ variant = \"base\", pressure = \"last\", \"feedback.labels\" = 10 }}\n{test}\n"
        )
    };
    for (test, seeds, quick, code, says) in [
        ("equals = { value = 0, within = 0 }", "30", false, 0, "holds      It is so."),
        ("equals = { value = 1, within = 0.5 }", "30", false, 1, "fails      It is so."),
        ("equals = { value = 1, within = 0.5 }", "30", true, 1, "fails      It is so."),
        ("equals = { value = 0, within = 0 }", "5", false, 1, "undecided  It is so."),
        ("equals = { value = 0, within = 0 }", "5", true, 0, "undecided  It is so."),
    ] {
        let folder = folder(&claim(test));
        let mut arguments = vec!["verify", "small.toml", "--seeds", seeds];
        arguments.extend(quick.then_some("--quick"));
        let output = oversight(folder.path(), &arguments);
        assert_code(&output, code);
        assert!(text(&output.stdout).contains(says), "{}", text(&output.stdout));
        assert_eq!(files(folder.path()).len(), 1, "verify writes nothing");
    }
    let none = folder(SMALL);
    let output = oversight(none.path(), &["verify", "small.toml"]);
    assert_code(&output, 0);
    assert!(text(&output.stdout).contains("makes no claims"));
}
