//! The law of resolved configs: what `show` prints reads again, and means the same.

use oversight::study::config::{Experiment, Level, Overrides, Pin};
use oversight::study::experiments::{experiment, experiments};

fn read(text: &str, sets: &[String], quick: bool) -> Option<Experiment> {
    let overrides = Overrides { sets: sets.to_vec(), quick, seeds: None, ..Overrides::default() };
    // No table is made of a world: what is resolved does not depend on it.
    Experiment::read_to_play("law.toml", text.as_bytes(), &overrides).ok()
}

/// Whether it was accepted; what is resolved must then be equal, but for claims that the run cannot test and what it
/// says it leaves out.
#[track_caller]
fn holds(what: &str, text: &str, sets: &[String], quick: bool) -> bool {
    let Some(mut first) = read(text, sets, quick) else { return false };
    let again = Experiment::read_to_play("again.toml", first.resolved.as_bytes(), &Overrides::default());
    let again = again.unwrap_or_else(|e| panic!("{what} {sets:?}: {e}"));
    first.claims.retain(|claim| claim.moot.is_none());
    first.left_out.clear();
    assert_eq!(again, first, "{what} {sets:?}");
    true
}

/// The text with one line taken away or changed, in every way.
fn mutated(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let with = |at: usize, line: Option<String>| {
        let before = lines[..at].iter().map(|line| (*line).to_owned());
        let all = before.chain(line).chain(lines[at + 1..].iter().map(|line| (*line).to_owned()));
        all.collect::<Vec<_>>().join("\n")
    };
    let of_line = |(at, line): (usize, &&str)| {
        let swaps = [
            ("\"last\"", "\"first\""),
            ("\"first\"", "\"last\""),
            ("variant = \"base\"", "variant = \"first\""),
            ("[0, ", "["),
            ("base = false", "base = true"),
            ("where = { ", "where = { round = 1, "),
            (" = 1", " = 2"),
            (" = 0.5", " = 0.25"),
        ];
        let changed = swaps.into_iter().filter(|(from, _)| line.contains(from));
        let changed = changed.map(|(from, to)| with(at, Some(line.replacen(from, to, 1))));
        let dropped = line.contains('=').then(|| with(at, None));
        dropped.into_iter().chain(changed).collect::<Vec<_>>()
    };
    lines.iter().enumerate().flat_map(of_line).collect()
}

#[test]
fn what_is_resolved_means_the_same_whatever_is_changed() {
    let mut accepted = 0;
    for (name, text) in experiments() {
        assert!(holds(name, text, &[], true));
        // Experiments of many cells take their time: of those, some changes only.
        let cells = read(text, &[], false).expect("built in").cells.len();
        for other in mutated(text).into_iter().step_by(1 + cells / 20) {
            accepted += usize::from(holds(name, &other, &[], false));
        }
    }
    assert!(accepted > 200, "{accepted}");
}

/// `--set` in every way there is: levels kept or replaced, variants, new axes, other settings.
#[test]
fn what_is_resolved_means_the_same_whatever_is_set() {
    let mut accepted = 0;
    for (name, text) in experiments() {
        let plain = read(text, &[], false).expect("built in");
        let mut sets: Vec<Vec<String>> = Vec::new();
        for axis in &plain.axes {
            let levels: Vec<String> = axis.levels.iter().map(Level::to_string).collect();
            let (first, last) = (&levels[0], &levels[levels.len() - 1]);
            for value in [
                first,
                last,
                &format!("[{first}, {last}]"),
                &format!("[{last}, {first}]"),
                &"[0.3, 0.7]".to_owned(),
            ] {
                sets.push(vec![format!("{}={value}", axis.name)]);
            }
        }
        sets.extend(plain.variants.iter().map(|variant| vec![format!("variant={variant}")]));
        for set in [
            "overseer.choice.rationality=[1, 2]",
            "overseer.unseen=[nothing, reference]",
            "feedback.labels=[7, 9]",
            "feedback.labels=[9]",
            "feedback.rounds=[1, 2]",
            "feedback.budget=[100, 200]",
            "feedback.rounds=2",
            "optimizer=tilt",
            "optimizer.tilt.kl=[0, 1]",
            "reward_model=gold",
            "seed=3",
            "style.width=900",
        ] {
            sets.push(vec![set.to_owned()]);
            sets.push(vec![set.to_owned(), "overseer.choice.mistake=[0, 0.1]".to_owned()]);
        }
        for sets in sets.into_iter().step_by(1 + plain.cells.len() / 20) {
            for quick in [false, true] {
                accepted += usize::from(holds(name, text, &sets, quick));
            }
        }
    }
    assert!(accepted > 200, "{accepted}");
}

/// A list for what takes one value is a new axis; who cannot name it looks at its first level.
#[test]
fn a_list_adds_an_axis() {
    let text = experiment("overseer_is_wrong").unwrap();
    let e = read(text, &["overseer.choice.rationality=[1, 4]".to_owned()], false).unwrap();
    let names: Vec<&str> = e.axes.iter().map(|axis| axis.name.as_str()).collect();
    assert_eq!(names, ["feedback.labels", "overseer.choice.rationality"]);
    assert_eq!(e.cells.len(), 2 * read(text, &[], false).unwrap().cells.len());
    let mut pins = e.figures.iter().map(|f| &f.pins).chain(e.claims.iter().map(|c| &c.pins));
    assert!(pins.all(|pins| pins["overseer.choice.rationality"] == Pin::First));
    // What a variant sets already, what takes a list, and what belongs to the whole are no axes.
    assert!(read(text, &["overseer.believes.flattery=[0, 1]".to_owned()], false).is_none());
    assert!(read(text, &["seeds=[1, 2]".to_owned()], false).is_none());
    assert_eq!(read(text, &["optimizer.best_of_n.n=[1, 2]".to_owned()], false).unwrap().axes.len(), 1);
}
