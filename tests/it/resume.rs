//! Runs that are stopped and go on, and shards that are merged: the bytes of a run on one machine in one go.
#![cfg(all(feature = "cli", unix))]

use crate::common::files;
use assert_cmd::cargo::cargo_bin;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const SMALL: &str = r#"
title = "A small one"
seeds = 12
[world.answers]
prompts = 2
answers = 200
features = { a = { gold = 1.0 }, b = { gold = -1.0, tail = { student_t = { df = 3 } } } }
[overseer]
believes = { b = 0.5 }
[sweep]
"feedback.labels" = [10, 50]
[quick]
seeds = 5
[[claims]]
say = "More labels, more gold."
kind = "identity"
metric = "gold"
where = { pressure = "last" }
increases = { along = "feedback.labels", by = 0.0, tolerance = 1.0 }
"#;

/// How long a look at a process waits before the next.
const TICK: Duration = Duration::from_millis(5);

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("small.toml"), SMALL).unwrap();
    folder
}

fn command(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(cargo_bin("oversight"));
    command.current_dir(folder.path()).args(arguments);
    command
}

/// Runs a command that ends with this code, and gives what it said on standard error.
#[track_caller]
fn oversight(folder: &TempDir, code: i32, arguments: &[&str]) -> String {
    ended(&command(folder, arguments).output().unwrap(), code)
}

#[track_caller]
fn ended(output: &Output, code: i32) -> String {
    let [said, error] =
        [&output.stdout, &output.stderr].map(|said| String::from_utf8_lossy(said).into_owned());
    assert_eq!(output.status.code(), Some(code), "{said}{error}");
    assert!(!error.contains("panicked"), "{error}");
    error
}

#[track_caller]
fn assert_same(folder: &TempDir, one: &str, other: &str) {
    let [one, other] = [one, other].map(|path| files(&folder.path().join(path)));
    assert!(one.keys().eq(other.keys()), "{:?}\n{:?}", one.keys(), other.keys());
    assert!(one.len() >= 8);
    let differ: Vec<&String> = one.keys().filter(|name| one[*name] != other[*name]).collect();
    assert!(differ.is_empty(), "{differ:?} differ");
}

/// Waits until a file is there, which a process makes.
fn await_file(path: &Path, find: impl Fn(&str) -> bool) {
    let there = || {
        let names = fs::read_dir(path).into_iter().flatten().flatten();
        names.map(|name| name.file_name().to_string_lossy().into_owned()).any(|name| find(&name))
    };
    while !there() {
        std::thread::sleep(TICK);
    }
}

fn start(folder: &TempDir, arguments: &[&str]) -> Child {
    command(folder, arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Kills runs at random moments, goes on with each, and compares. Gives how many had kept seeds.
fn kill_and_resume(moments: u32) -> u32 {
    let folder = folder();
    let run = ["run", "small.toml", "--threads", "2", "--out"];
    let mut whole = start(&folder, &[&run[..], &["whole"]].concat());
    let mut ticks = 0u64;
    while whole.try_wait().unwrap().is_none() {
        std::thread::sleep(TICK);
        ticks += 1;
    }
    // Halves of ticks, from none to a bit more than a run takes.
    let (mut state, mut resumed) = (1u64, 0);
    for moment in 0..moments {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut killed = start(&folder, &[&run[..], &["killed"]].concat());
        std::thread::sleep(TICK / 2 * ((state >> 33) % (2 * ticks + 2)) as u32);
        // SIGKILL, unless it has ended.
        killed.kill().unwrap();
        killed.wait().unwrap();
        let said = oversight(&folder, 0, &[&run[..], &["killed", "--resume"]].concat());
        resumed += u32::from(said.contains("12 seeds from killed/small/parts"));
        assert_same(&folder, "whole/small", "killed/small");
        assert_eq!(
            files(&folder.path().join("whole"))["index.html"],
            files(&folder.path().join("killed"))["index.html"],
            "at moment {moment}"
        );
        fs::remove_dir_all(folder.path().join("killed")).unwrap();
    }
    resumed
}

#[test]
fn killed_at_random_moments() {
    kill_and_resume(10);
}

/// `just kill` does this.
#[test]
#[ignore = "takes a minute"]
fn killed_at_fifty_random_moments() {
    let resumed = kill_and_resume(50);
    println!("50 runs killed and resumed: the same bytes; {resumed} of them had kept seeds");
    assert!(resumed >= 5, "{resumed}");
}

#[test]
fn three_shards_merged() {
    let folder = folder();
    oversight(&folder, 0, &["run", "small.toml", "--out", "whole"]);
    for (shard, out) in [("3/3", "c"), ("1/3", "a"), ("2/3", "b")] {
        let run = ["run", "small.toml", "--shard", shard];
        assert_eq!(oversight(&folder, 0, &run), "");
        assert_eq!(oversight(&folder, 0, &[&run[..], &["--out", out]].concat()), "");
    }
    // Nothing but parts, one per seed and the config.
    let left = files(&folder.path().join("results"));
    assert_eq!(left.len(), 13);
    assert!(left.keys().all(|name| name.starts_with("small/parts/")));
    // In one folder, and in several.
    assert_eq!(oversight(&folder, 0, &["merge", "results/small"]), "");
    assert_same(&folder, "whole", "results");
    assert_eq!(oversight(&folder, 0, &["merge", "a/small", "b/small", "c/small", "--out", "abc"]), "");
    assert_same(&folder, "whole", "abc");
    assert_eq!(files(&folder.path().join("a/small/parts")).len(), 5, "inputs stay");
    assert_eq!(oversight(&folder, 0, &["merge", "a/small", "b/small", "c/small"]), "");
    assert_same(&folder, "whole", "a");
    // A quick run, which makes no claims; more shards than seeds.
    oversight(&folder, 0, &["run", "small.toml", "--quick", "--out", "quick"]);
    for shard in 1..=7 {
        let shard = format!("{shard}/7");
        oversight(&folder, 0, &["run", "small.toml", "--quick", "--shard", &shard, "--out", "shards"]);
    }
    oversight(&folder, 0, &["merge", "shards/small"]);
    assert_same(&folder, "quick", "shards");
}

/// What stands in a part.
fn part(facts: &str, rows: &str) -> String {
    let said = format!("{facts}\n{rows}");
    let digest: String = Sha256::digest(said.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{digest}\n{said}")
}

#[test]
fn damaged_parts_are_run_again() {
    let folder = folder();
    oversight(&folder, 0, &["run", "small.toml", "--out", "whole"]);
    let at = |seed: u32| folder.path().join(format!("results/small/parts/{seed}.part"));
    let damage: [&dyn Fn(Vec<u8>) -> Vec<u8>; 6] = [
        &|_| Vec::new(),
        &|part| part[..part.len() / 2].to_vec(),
        &|part| part[..40].to_vec(),
        &|mut part| {
            let middle = part.len() / 2;
            part[middle] ^= 1;
            part
        },
        // The part of another seed, whole.
        &|_| fs::read(at(2)).unwrap(),
        // A row too few, under its digest.
        &|text| {
            let text = String::from_utf8(text).unwrap();
            let (facts, rows) = text.split_once('\n').unwrap().1.split_once('\n').unwrap();
            let kept = rows.trim_end().rsplit_once('\n').unwrap().0;
            part(facts, &format!("{kept}\n")).into_bytes()
        },
    ];
    for damage in damage {
        oversight(&folder, 0, &["run", "small.toml", "--shard", "1/2"]);
        let damaged = damage(fs::read(at(4)).unwrap());
        fs::write(at(4), damaged).unwrap();
        let said = oversight(&folder, 0, &["run", "small.toml", "--resume"]);
        assert!(said.contains("small/parts/4.part is damaged: "), "{said}");
        assert!(said.contains("seed 4 is run again"), "{said}");
        assert!(said.contains("small: 5 of 12 seeds from results/small/parts"), "{said}");
        assert_same(&folder, "whole", "results");
    }
    // Merged, it is missing.
    oversight(&folder, 0, &["run", "small.toml", "--shard", "1/1"]);
    fs::write(at(4), "").unwrap();
    let said = oversight(&folder, 3, &["merge", "results/small"]);
    assert!(said.contains("4.part is damaged") && said.contains("1 of 12 seeds are missing: 4;"), "{said}");
}

#[test]
fn parts_of_other_trials_are_refused() {
    let folder = folder();
    let shard =
        |more: &[&str]| oversight(&folder, 0, &[&["run", "small.toml", "--shard", "1/2"], more].concat());
    let resume = |code: i32, more: &[&str]| {
        oversight(&folder, code, &[&["run", "small.toml", "--resume"], more].concat())
    };
    shard(&[]);
    for other in
        ["feedback.labels=[10, 60]", "seed=1", "world.answers.answers=201", "overseer.believes.b=0.4"]
    {
        let before = files(folder.path());
        let said = resume(3, &["--set", other]);
        assert!(
            said.contains("0.part is of other trials") && said.contains("small/parts/config.toml"),
            "{said}"
        );
        assert!(said.contains("to start anew, delete results/small/parts"), "{said}");
        let said = oversight(&folder, 3, &["run", "small.toml", "--shard", "2/2", "--set", other]);
        assert!(said.contains("the config there says `"), "{said}");
        assert!(files(folder.path()) == before);
    }
    // Another version.
    let path = folder.path().join("results/small/parts/0.part");
    let text = fs::read_to_string(&path).unwrap();
    let (facts, rows) = text.split_once('\n').unwrap().1.split_once('\n').unwrap();
    let facts = facts.replace(env!("CARGO_PKG_VERSION"), "0.0.9");
    fs::write(&path, part(&facts, rows)).unwrap();
    assert!(resume(3, &[]).contains("0.part was written by version \"0.0.9\""));
    fs::write(&path, &text).unwrap();
    // The same trials: words and figures are not what is run, and there may be more seeds.
    let more = ["--set", "title=Another", "--seeds", "15"];
    oversight(&folder, 0, &[&["run", "small.toml", "--out", "whole"], &more[..]].concat());
    assert!(resume(0, &more).contains("6 of 15 seeds from"));
    assert_same(&folder, "whole", "results");
    // Without --resume a run starts anew.
    shard(&[]);
    oversight(&folder, 0, &["run", "small.toml", "--out", "whole"]);
    let said = oversight(&folder, 0, &["run", "small.toml"]);
    assert!(said.contains("6 of 12 seeds of small in results/small/parts are run again; --resume"), "{said}");
    assert_same(&folder, "whole", "results");
    shard(&["--set", "seed=1"]);
    assert_eq!(oversight(&folder, 0, &["run", "small.toml"]), "");
    assert_same(&folder, "whole", "results");
}

#[test]
fn two_runs_in_one_folder_refuse_each_other() {
    let folder = folder();
    let run = ["run", "small.toml", "--seeds", "60000"];
    let shard = |which: &'static str| [&run[..], &["--shard", which]].concat();
    let parts = folder.path().join("results/small/parts");
    // The lock is held before there is a part.
    let mut first = start(&folder, &run);
    await_file(&parts, |name| name.ends_with(".part"));
    for second in [&run[..], &["run", "small.toml", "--resume"], &shard("1/2"), &["merge", "results/small"]] {
        let said = oversight(&folder, 3, second);
        let says = "cannot write results to results/small: another run is at work there; wait for its end";
        assert!(said.contains(says), "{said}");
    }
    // Elsewhere, or under another name, there is no harm.
    oversight(&folder, 0, &["run", "small.toml", "--out", "elsewhere"]);
    oversight(&folder, 0, &["run", "small.toml", "--set", "name=other"]);
    // Killed, it leaves no lock. Shards of one run may share a folder, but for the same one.
    first.kill().unwrap();
    first.wait().unwrap();
    let kept = files(&parts).len();
    let mut first = start(&folder, &[&shard("1/2")[..], &["--resume"]].concat());
    await_file(&folder.path().join("results"), |name| name.starts_with(".small."));
    await_file(&parts, |name| name == "config.toml");
    oversight(&folder, 0, &[&shard("60000/60000")[..], &["--resume"]].concat());
    assert!(parts.join("59999.part").exists() && kept > 1);
    assert!(oversight(&folder, 3, &shard("1/2")).contains("shard 1/2 is at work there"));
    assert!(oversight(&folder, 3, &["merge", "results/small"]).contains("shard 1/2 is at work there"));
    first.kill().unwrap();
    first.wait().unwrap();
    let said = oversight(&folder, 3, &["merge", "results/small"]);
    assert!(said.contains("of 60000 seeds are missing: ") && !said.contains("59999"), "{said}");
}

#[test]
fn interrupted_it_says_what_is_kept() {
    let folder = folder();
    let parts = folder.path().join("results/small/parts");
    let child =
        command(&folder, &["run", "small.toml", "--seeds", "60000"]).stderr(Stdio::piped()).spawn().unwrap();
    await_file(&parts, |name| name.ends_with(".part"));
    let kill = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let said = ended(&child.wait_with_output().unwrap(), 130);
    assert!(said.contains("kept in results/small/parts; --resume takes them\ninterrupted"), "{said}");
    assert!(!folder.path().join("results/small/results.csv").exists());
}

#[test]
fn merge_refuses_what_is_no_whole_run() {
    let folder = folder();
    let shard = |out: &str, which: &str, more: &[&str]| {
        let run = ["run", "small.toml", "--shard", which, "--out", out];
        oversight(&folder, 0, &[&run[..], more].concat());
    };
    shard("a", "1/3", &[]);
    shard("b", "2/3", &[]);
    let merge = |folders: &[&str]| oversight(&folder, 3, &[&["merge"], folders].concat());
    let said = merge(&["a/small", "b/small"]);
    assert!(said.contains("4 of 12 seeds are missing: 2, 5, 8, 11; run their shards again"), "{said}");
    assert!(merge(&["a/small"]).contains("8 of 12 seeds are missing: 1–2, 4–5, 7–8, 10–11;"));
    fs::create_dir(folder.path().join("empty")).unwrap();
    for none in ["empty", "nowhere", "small.toml", "a", "/dev/full"] {
        assert!(merge(&["a/small", none]).contains(&format!("there are no parts in {none}")), "{none}");
    }
    // Other configs, and parts that differ.
    shard("c", "3/3", &["--set", "title=Another"]);
    let said = merge(&["a/small", "b/small", "c/small"]);
    assert!(said.contains("differ: the config there says `title = \"A small one\"`"), "{said}");
    fs::remove_dir_all(folder.path().join("c")).unwrap();
    shard("c", "1/1", &[]);
    let path = folder.path().join("c/small/parts/3.part");
    let text = fs::read_to_string(&path).unwrap();
    let (facts, rows) = text.split_once('\n').unwrap().1.split_once('\n').unwrap();
    let (most, last) = rows.trim_end().rsplit_once(',').unwrap();
    fs::write(&path, part(facts, &format!("{most},{}\n", if last == "1" { "2" } else { "1" }))).unwrap();
    let said = merge(&["a/small", "c/small"]);
    assert!(
        said.contains("a/small/parts/3.part and c/small/parts/3.part are of one seed and differ"),
        "{said}"
    );
    assert!(!folder.path().join("a/small/results.csv").exists() && !folder.path().join("results").exists());
}

#[test]
fn bad_arguments_and_full_disks() {
    let folder = folder();
    for bad in ["0/3", "4/3", "a/b", "3", "1/0", "-1/3", "1/3/4", "1/99999999999", ""] {
        let said = oversight(&folder, 2, &["run", "small.toml", &format!("--shard={bad}")]);
        assert!(said.contains("write I/N, with I from 1 to N"), "{bad}: {said}");
    }
    assert!(oversight(&folder, 2, &["merge"]).contains("<FOLDER>"));
    // A file where parts should be.
    fs::create_dir_all(folder.path().join("results/small")).unwrap();
    fs::write(folder.path().join("results/small/parts"), "mine").unwrap();
    let said = oversight(&folder, 3, &["run", "small.toml"]);
    assert!(said.contains("results/small/parts is not a folder"), "{said}");
    // No file may be larger than 4 kB, as the config is not and a part is.
    let levels = "--set feedback.labels=[10,20,30,40,50,60]";
    let binary = cargo_bin("oversight");
    let full =
        format!("ulimit -f 8; trap '' XFSZ; exec '{}' run small.toml {levels} --out full", binary.display());
    let output = Command::new("sh").args(["-c", &full]).current_dir(folder.path()).output().unwrap();
    let said = ended(&output, 3);
    assert!(said.contains("cannot write results to full/small/parts: "), "{said}");
    assert!(!folder.path().join("full").exists());
}

/// Rows of a method are kept with the command that they are from.
#[test]
fn methods_are_resumed_and_merged() {
    let folder = folder();
    let mine = format!("mine=python3 '{}/examples/method.py'", env!("CARGO_MANIFEST_DIR"));
    let run = ["run", "small.toml", "--seeds", "3", "--method"];
    oversight(&folder, 0, &[&run[..], &[&mine, "--out", "whole"]].concat());
    oversight(&folder, 0, &[&run[..], &[&mine, "--shard", "1/2"]].concat());
    let said = oversight(&folder, 3, &[&run[..], &["mine=true", "--resume"]].concat());
    assert!(said.contains("0.part has other methods: {\"mine\":\"python3"), "{said}");
    oversight(&folder, 0, &[&run[..], &[&mine, "--shard", "2/2"]].concat());
    oversight(&folder, 0, &["merge", "results/small"]);
    assert_same(&folder, "whole", "results");
    // The method is not asked again for what is there.
    oversight(&folder, 0, &[&run[..], &[&mine, "--shard", "1/1"]].concat());
    assert!(oversight(&folder, 0, &[&run[..], &[&mine, "--resume"]].concat()).contains("3 of 3 seeds from"));
    assert_same(&folder, "whole", "results");
}
