//! The README and the book: configs are accepted, commands work, and what stands below a command
//! is what it prints. How blocks are marked is said in `docs/src/extending.md`.
#![cfg(all(feature = "cli", unix))]

use assert_cmd::cargo::cargo_bin;
use oversight::study::config::{Experiment, FigureKind, Overrides};
use oversight::study::theory::Theory;
use regex::Regex;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;
use toml::{Table, Value};

/// What fragments are of, where a page has no whole config before them.
const SMALL: &str = "world.answers.features = { insight = { gold = 1 }, length = { gold = -1 } }";

/// Keys under which one variant is chosen.
const CHOICES: [&str; 3] = ["world", "reward_model", "optimizer"];

struct Page {
    path: PathBuf,
    text: String,
}

/// A fenced block: what it is marked as, and its lines.
struct Block<'a> {
    marks: &'a str,
    body: &'a str,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The files of a folder with this extension, in order.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).expect("a folder");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == extension));
    paths.sort();
    paths
}

/// The README, then the pages of the book.
fn pages() -> Vec<Page> {
    let paths = [root().join("README.md")].into_iter().chain(files("docs/src", "md"));
    paths.map(|path| Page { text: read(&path), path }).collect()
}

impl Page {
    fn name(&self) -> std::borrow::Cow<'_, str> {
        self.path.file_name().expect("a file").to_string_lossy()
    }

    fn blocks(&self) -> Vec<Block<'_>> {
        let fences = self.text.split("\n```").skip(1).step_by(2);
        fences.filter_map(|f| f.split_once('\n')).map(|(marks, body)| Block { marks, body }).collect()
    }

    /// The whole configs that have a file name, which commands of the page can use.
    fn configs(&self) -> Vec<(&str, &str)> {
        let whole = self.blocks().into_iter().filter(|block| block.marks == "toml");
        let named = whole.filter_map(|b| Some((b.body.lines().next()?.strip_prefix("# ")?, b.body)));
        named.filter(|(name, _)| name.ends_with(".toml")).collect()
    }

    /// A folder with these files.
    fn folder(&self) -> TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in self.configs() {
            fs::write(folder.path().join(name), text).expect("writable");
        }
        folder
    }
}

/// Takes over what a fragment sets; lists of tables are added to.
fn merge(into: &mut Table, fragment: Table) {
    for (key, value) in fragment {
        let chosen = CHOICES.contains(&key.as_str());
        match (into.get_mut(&key), value) {
            (Some(Value::Table(old)), Value::Table(new))
                if !chosen || new.keys().all(|k| old.contains_key(k)) =>
            {
                merge(old, new);
            }
            (_, value) => _ = into.insert(key, value),
        }
    }
}

#[test]
fn every_config_is_accepted() {
    let accept = |page: &Page, text: &str| {
        let read = Experiment::read("page.toml", text.as_bytes(), &Overrides::default());
        read.unwrap_or_else(|e| panic!("{}: {e}\n{text}", page.name()));
    };
    for page in pages() {
        let mut whole: Table = SMALL.parse().expect("TOML");
        for Block { marks, body } in page.blocks() {
            match marks {
                "toml" => {
                    accept(&page, body);
                    whole = body.parse().expect("TOML");
                    ["figures", "claims"].iter().for_each(|key| drop(whole.remove(*key)));
                }
                "toml,fragment" => {
                    let mut both = whole.clone();
                    merge(&mut both, body.parse().unwrap_or_else(|e| panic!("{}: {e}", page.name())));
                    accept(&page, &toml::to_string(&both).expect("TOML"));
                }
                _ => {}
            }
        }
    }
}

/// What a shell command prints, and whether it succeeds.
fn shell(command: &str, folder: &TempDir) -> (String, bool) {
    let binary = cargo_bin("oversight");
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", binary.parent().expect("a folder").display());
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{{ {command}; }} 2>&1")]).env("PATH", path).current_dir(folder.path());
    let output = shell.output().expect("a shell");
    (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.success())
}

/// A command that takes long as one that only checks its config.
fn checked(command: &str) -> String {
    let method = Regex::new(r#" --method [a-z_]+="[^"]*""#).expect("a pattern");
    let command = method.replace_all(command, "");
    let mut words = command.split(' ').skip_while(|word| !["run", "verify"].contains(word)).skip(1);
    let mut check = "oversight check".to_owned();
    while let Some(word) = words.next() {
        match word {
            "--out" | "--threads" | "--shard" => _ = words.next(),
            "--resume" => {}
            word => check += &format!(" {word}"),
        }
    }
    check
}

#[test]
fn every_command_is_accepted() {
    for page in pages() {
        let folder = page.folder();
        let blocks = page.blocks().into_iter().filter(|block| block.marks == "sh");
        for command in blocks.flat_map(|b| b.body.lines()).filter(|line| line.starts_with("oversight")) {
            let long = ["run", "verify"].contains(&command.split(' ').nth(1).unwrap_or_default());
            let command = if long { checked(command) } else { command.to_owned() };
            let (printed, well) = shell(&command, &folder);
            assert!(well, "{}: {command}\n{printed}", page.name());
        }
    }
}

/// Whether these lines are those, where `…` stands for any.
fn alike(written: &[&str], printed: &[&str]) -> bool {
    match written.split_first() {
        None => printed.is_empty(),
        Some((&"…", rest)) => (0..=printed.len()).any(|n| alike(rest, &printed[n..])),
        Some((line, rest)) => printed.first() == Some(line) && alike(rest, &printed[1..]),
    }
}

/// With `BOOK=update` in the environment the pages are rewritten.
#[test]
fn what_stands_below_a_command_is_what_it_prints() {
    let update = std::env::var_os("BOOK").is_some_and(|value| value == "update");
    for page in pages() {
        let (folder, mut text) = (page.folder(), page.text.clone());
        for block in page.blocks().into_iter().filter(|block| block.marks == "console") {
            for part in format!("\n{}", block.body).split("\n$ ").skip(1) {
                let (command, below) = part.split_once('\n').unwrap_or((part, ""));
                let (printed, _) = shell(command, &folder);
                let [was, is] = [below, &printed].map(|t| t.trim_end().lines().collect::<Vec<_>>());
                if update && !alike(&was, &is) {
                    let [was, is] = [below, &printed].map(|t| format!("$ {command}\n{}", t.trim_end()));
                    text = text.replace(&was, &is);
                } else {
                    assert!(alike(&was, &is), "{}: {command}\n{printed}", page.name());
                }
            }
        }
        if text != page.text {
            fs::write(&page.path, text).expect("writable");
        }
    }
}

/// A picture is the figure of the config of its name; with `BOOK=update` it is drawn again.
#[test]
fn pictures_are_what_their_configs_draw() {
    let pages = pages();
    for picture in files("docs/src/pictures", "svg") {
        let name = picture.file_stem().expect("a name").to_string_lossy();
        let config = format!("{name}.toml");
        let page = pages.iter().find(|page| page.configs().iter().any(|(file, _)| *file == config));
        let folder = page.unwrap_or_else(|| panic!("no page has {config}")).folder();
        let (printed, well) =
            shell(&format!("oversight run {config}; cat results/{name}/figures/*.svg > drawn"), &folder);
        assert!(well, "{printed}");
        let drawn = read(&folder.path().join("drawn"));
        if std::env::var_os("BOOK").is_some_and(|value| value == "update") {
            fs::write(&picture, drawn).expect("writable");
        } else {
            assert!(
                read(&picture) == drawn,
                "{config} draws another picture: BOOK=update cargo test --test it book"
            );
        }
    }
}

/// The README shows some rows of what its main job prints: gold at the highest pressure.
#[test]
fn the_readme_shows_what_three_failures_found() {
    let page = &pages()[0];
    let row = Regex::new(r"(?m)^(none|ignorant|wrong|gamed) +([a-z ]+?) +([0-9.−]+) +\[").expect("a pattern");
    let summary = read(&root().join("experiments/three_failures/summary.csv"));
    let mut rows = 0;
    for found in row.captures_iter(&page.text) {
        let start = format!("{},{},base,best_of_n,1,1024,gold,", &found[1], found[2].replace(' ', "_"));
        let line = summary.lines().find(|line| line.starts_with(&start)).expect("a cell");
        let mean: f64 = line.split(',').nth(8).and_then(|x| x.parse().ok()).expect("a mean");
        assert_eq!(format!("{mean:.3}").replace('-', "−"), found[3], "{start}");
        rows += 1;
    }
    assert!(rows >= 4);
}

/// What is in code on some page: words, and the parts of dotted ones.
fn mentioned() -> BTreeSet<String> {
    let code = |page: &Page| page.text.split('`').skip(1).step_by(2).collect::<Vec<_>>().join("\n");
    let text = pages().iter().map(code).collect::<Vec<_>>().join("\n");
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c)));
    words.flat_map(|word| word.split('.').chain([word])).map(str::to_owned).collect()
}

#[test]
fn the_book_mentions_whatever_there_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let names = |list: &str| -> Vec<String> {
        let lines = list.lines().filter(|line| line.starts_with("  "));
        lines.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
    };
    let all = shell("oversight list", &folder).0;
    let kinds: Vec<&str> = all.lines().filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase())).collect();
    assert!(kinds.len() >= 8, "{kinds:?}");
    let mut wanted: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    // The gallery has the experiments, and a test of its own.
    for kind in kinds.into_iter().filter(|kind| *kind != "experiments") {
        wanted.extend(names(&shell(&format!("oversight list {kind}"), &folder).0));
    }
    wanted.extend(FigureKind::ALL.iter().map(|kind| kind.name().to_owned()));
    wanted.extend(Theory::ALL.map(|theory| theory.name().to_owned()));
    let mentioned = mentioned();
    let missing: BTreeSet<&String> = wanted.iter().filter(|name| !mentioned.contains(*name)).collect();
    assert!(missing.is_empty(), "no page mentions {missing:?}");
}

/// What a heading is called in a link.
fn slug(heading: &str) -> String {
    let letters = heading.trim().to_lowercase();
    let kept = letters.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn links_lead_somewhere() {
    let link = Regex::new(r##"(?:\]\(|src=")([^)"# ]*)(?:#([^)"]*))?[)"]"##).expect("a pattern");
    let others = ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"].map(|name| root().join(name));
    let others = others.into_iter().map(|path| Page { text: read(&path), path });
    for page in pages().into_iter().chain(others) {
        let folder = page.path.parent().expect("a folder");
        for found in link.captures_iter(&page.text).filter(|found| !found[1].starts_with("http")) {
            let target = if found[1].is_empty() { page.path.clone() } else { folder.join(&found[1]) };
            assert!(target.exists(), "{}: {}", page.name(), &found[1]);
            let Some(anchor) = found.get(2) else { continue };
            let headings = read(&target);
            let mut headings = headings.lines().filter(|line| line.starts_with('#'));
            let there = headings.any(|line| slug(line.trim_start_matches('#')) == anchor.as_str());
            assert!(there, "{}: {}#{}", page.name(), &found[1], anchor.as_str());
        }
    }
}

#[test]
fn paths_in_code_are_there() {
    let path = Regex::new(r"`((?:src|tests|configs|examples|experiments|docs|benches)/[A-Za-z0-9_./]*)`")
        .expect("a pattern");
    let others = ["ARCHITECTURE.md", "CONTRIBUTING.md"].map(|name| root().join(name));
    for page in others.into_iter().chain(pages().into_iter().map(|page| page.path)) {
        for found in path.captures_iter(&read(&page)).filter(|found| !found[1].contains("NAME")) {
            assert!(root().join(&found[1]).exists(), "{}: {}", page.display(), &found[1]);
        }
    }
}

#[test]
fn documents_are_as_short_as_they_should_be_and_the_book_is_whole() {
    for (name, most) in [("README.md", 8_000), ("ARCHITECTURE.md", 9_000), ("CONTRIBUTING.md", 3_000)] {
        let bytes = read(&root().join(name)).len();
        assert!(bytes <= most, "{name} has {bytes} bytes");
    }
    let summary = read(&root().join("docs/src/SUMMARY.md"));
    for page in files("docs/src", "md") {
        let name = page.file_name().expect("a file").to_string_lossy();
        assert!(name == "SUMMARY.md" || summary.contains(&format!("({name})")), "{name} is not in the book");
    }
}
