//! What a config that is read means: precedence, cells, choices, resolution.

use oversight::lab::optimizer::OptimizerConfig;
use oversight::lab::reward_model::RewardModelConfig;
use oversight::lab::world::WorldConfig;
use oversight::numerics::stats::Average;
use oversight::study::config::{Cell, Experiment, FigureKind, Level, Overrides, Pin, Scale};
use oversight::study::theory::Theory;
use proptest::prelude::*;

const WORLD: &str = "world.answers.features = { insight = { gold = 1 }, flattery = { gold = -2 } }\n";

/// A whole config, with every kind of section.
const EXAMPLE: &str = r#"
name  = "overseer_is_wrong"        # defaults to the file's stem; [a-z0-9_]+
title = "The overseer is wrong: feedback selects for flattery"
about = "one paragraph, shown on the report"
seed  = 0
seeds = 100

[world.answers]
prompts = 8
answers = 65536
[world.answers.features]
insight  = { gold = 1.0 }
flattery = { gold = -2.0 }
style    = { gold = 0.0, count = 8, tail = { student_t = { df = 3 } } }

[overseer]
hidden   = []
unseen   = "nothing"
believes = { flattery = 0.8 }
[overseer.choice]
rationality = 1.0
discount    = 1.0
mistake     = 0.0

[overseer.prices]

[feedback]
labels = 1000
rounds = 1
from   = "reference"
query    = "uniform"
protocol = "direct"

[reward_model.linear]
l2 = 0.1

[optimizer.best_of_n]
draws = "pool"
n = [1, 4, 16, 64, 256, 1024, 4096]

[sweep]
"feedback.labels" = [20, 100, 1000, 10000]

[variants.control]
overseer.believes = {}

[quick]
seeds = 10

[[figures]]
name = "flattery"
x = "pressure"
y = ["gold", "approval"]
by = "feedback.labels"
columns = "variant"
where = { round = "last" }
"#;

fn with(text: &str, sets: &[&str], quick: bool, seeds: Option<u32>) -> Experiment {
    let options = Overrides {
        sets: sets.iter().map(|s| s.to_string()).collect(),
        quick,
        seeds,
        ..Overrides::default()
    };
    let experiment =
        Experiment::read("test.toml", text.as_bytes(), &options).unwrap_or_else(|e| panic!("{e}"));
    let again = Experiment::read("again.toml", experiment.resolved.as_bytes(), &Overrides::default());
    assert_eq!(again.unwrap_or_else(|e| panic!("{e}")), experiment, "resolved reads as an equal experiment");
    experiment
}

fn read(text: &str) -> Experiment {
    with(&format!("{WORLD}{text}"), &[], false, None)
}

fn labels(experiment: &Experiment) -> Vec<u32> {
    experiment.cells.iter().map(|c| c.setup.feedback.labels.unwrap_or(0)).collect()
}

fn mistake(cell: &Cell) -> f64 {
    cell.setup.overseer.choice.mistake.get()
}

fn text(s: &str) -> Level {
    Level::Text(s.to_owned())
}

#[test]
fn a_whole_config() {
    let experiment = with(EXAMPLE, &[], false, None);
    assert_eq!(
        (experiment.name.as_str(), experiment.seeds, experiment.cells.len()),
        ("overseer_is_wrong", 100, 8)
    );
    assert_eq!(experiment.variants, ["base", "control"]);
    assert_eq!(experiment.figures[0].pins["round"], Pin::Last);
    let beliefs: Vec<usize> = experiment.cells.iter().map(|c| c.setup.overseer.believes.len()).collect();
    assert_eq!(beliefs, [1, 0, 1, 0, 1, 0, 1, 0]);
}

#[test]
fn every_default_is_written_out() {
    let experiment = with("world.answers.features.a = {}", &[], false, None);
    insta::assert_snapshot!(experiment.resolved, @r##"
    name = "test"
    title = ""
    about = ""
    seed = 0
    looked_at = []
    seeds = 100

    [world.answers]
    prompts = 8
    answers = 4096

    [world.answers.features.a]
    gold = 0.0
    tail = "normal"

    [overseer]
    sees = "shown"
    hidden = []
    unseen = "nothing"
    open = 0.0
    attention = 1.0

    [overseer.believes]

    [overseer.premises]

    [overseer.choice]
    rationality = 1.0
    discount = 1.0
    mistake = 0.0

    [overseer.prices]
    label = 1.0
    reveal = 1.0
    call = 1.0
    audit = 1.0
    truth = 1.0
    demonstration = 1.0

    [feedback]
    labels = 1000
    distinct = false
    rounds = 1
    from = "reference"
    inputs = "training"
    query = "uniform"
    among = 2
    asked = "once"
    protocol = "direct"

    [reward_model.linear]
    l2 = 0.1
    mistake = 0.0
    reads = "shown"
    loss = "likelihood"
    annotators = "alike"
    lower = 0.0

    [optimizer.best_of_n]
    draws = "pool"
    n = [1, 4, 16, 64, 256]
    episodes = 4096
    "##);
}

#[test]
fn a_budget_in_a_patch_keeps_the_labels_unsaid() {
    let experiment = read("[axes.pay.budget]\nfeedback.budget = 50.0\n");
    assert!(!experiment.resolved.contains("labels ="));
    assert_eq!(labels(&experiment), [1000, 0]);
}

#[test]
fn the_name_is_the_stem_unless_given() {
    let name = |source: &str, text: &str| {
        Experiment::read(source, format!("{text}{WORLD}").as_bytes(), &Overrides::default()).map(|e| e.name)
    };
    assert_eq!(name("configs/reward_gaming.toml", ""), Ok("reward_gaming".to_owned()));
    assert_eq!(name("reward_gaming", ""), Ok("reward_gaming".to_owned()));
    assert_eq!(name("-", ""), Ok("stdin".to_owned()));
    assert_eq!(name("My File.toml", "name = \"mine\"\n"), Ok("mine".to_owned()));
}

#[test]
fn the_first_axis_is_slowest_and_the_variant_fastest() {
    let experiment = read(
        "[variants.x]\n[sweep]\n\"feedback.labels\" = [10, 20]\noverseer.choice.mistake = [0, 0.25]\n[axes.a]\nbase = false\n[axes.a.u]\n[axes.a.v]\n",
    );
    let cells: Vec<String> = experiment
        .cells
        .iter()
        .map(|c| {
            format!("{} {}", c.levels.iter().map(Level::to_string).collect::<Vec<_>>().join(" "), c.variant)
        })
        .collect();
    assert_eq!(cells[..5], ["10 0 u base", "10 0 u x", "10 0 v base", "10 0 v x", "10 0.25 u base"]);
    assert_eq!(cells.len(), 16);
    let names: Vec<&str> = experiment.axes.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(names, ["feedback.labels", "overseer.choice.mistake", "a"]);
    assert_eq!(experiment.axes[1].levels, [Level::Number(0.0), Level::Number(0.25)]);
}

#[test]
fn of_overlapping_axes_the_later_in_the_file_wins() {
    let patches = |first: &str, second: &str| {
        let text =
            format!("[{first}]\noverseer.choice.mistake = 0.1\n[{second}]\noverseer.choice.mistake = 0.2\n");
        read(&text).cells.iter().map(mistake).collect::<Vec<_>>()
    };
    assert_eq!(patches("axes.a.x", "axes.b.y"), [0.0, 0.2, 0.1, 0.2]);
    assert_eq!(patches("axes.b.y", "variants.v"), [0.0, 0.2, 0.1, 0.2]);
    // The variant stands first in the file, so the axis wins, though variants are fastest.
    assert_eq!(patches("variants.v", "axes.b.y"), [0.0, 0.1, 0.2, 0.2]);
}

#[test]
fn the_base_can_be_left_out() {
    let experiment = read(
        "[variants]\nbase = false\na.seed_ = 1\n".replace("a.seed_ = 1", "a.overseer.error = 1").as_str(),
    );
    assert_eq!(experiment.variants, ["a"]);
    assert_eq!(read("").variants, ["base"]);
}

#[test]
fn an_axis_may_supply_what_the_base_lacks() {
    let experiment = with(
        "[axes.world]\nbase = false\n[axes.world.one]\nworld.answers.features.a = {}\n[axes.world.two]\nworld.answers.features = { a = {}, b = {} }\n",
        &[],
        false,
        None,
    );
    let features = |cell: &Cell| {
        let WorldConfig::Answers(answers) = &cell.setup.world else { unreachable!("answers") };
        answers.features.len()
    };
    assert_eq!(experiment.cells.iter().map(features).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn naming_another_variant_replaces_a_choice() {
    let experiment = read(
        "reward_model.linear.l2 = 5\n[sweep]\nreward_model = [\"linear\", \"gold\"]\n[axes.how.tilt]\noptimizer.tilt.kl = [0.5, 1]\n",
    );
    let models: Vec<&RewardModelConfig> = experiment.cells.iter().map(|c| &c.setup.reward_model).collect();
    assert_eq!(*models[0], RewardModelConfig::default(), "a text means the variant with defaults");
    assert_eq!(*models[2], RewardModelConfig::Gold);
    assert!(matches!(experiment.cells[1].setup.optimizer, OptimizerConfig::Tilt(_)));
    assert_eq!(experiment.axes[0].levels, [text("linear"), text("gold")]);
}

#[test]
fn an_empty_table_clears() {
    let experiment = read(
        "feedback.labels = 10\noverseer = { believes = { insight = 3 }, choice = { skip = 0.5 } }\n[variants.x]\nfeedback = { labels = {}, budget = 5.0 }\noverseer = { believes = {}, choice.skip = {} }\n",
    );
    let cleared = &experiment.cells[1].setup;
    assert_eq!((cleared.feedback.labels, cleared.overseer.choice.skip), (None, None));
    assert!(cleared.overseer.believes.is_empty());
}

#[test]
fn the_command_line_beats_quick_and_quick_the_file() {
    let file = format!(
        "seeds = 50\nseed = 1\n{WORLD}[feedback]\nlabels = 10\n[quick]\nseeds = 5\nfeedback.labels = 20\n"
    );
    let read = |sets: &[&str], quick, seeds| {
        let e = with(&file, sets, quick, seeds);
        (e.seeds, labels(&e)[0])
    };
    assert_eq!(read(&[], false, None), (50, 10));
    assert_eq!(read(&[], true, None), (5, 20));
    assert_eq!(read(&["feedback.labels=30"], true, None), (5, 30));
    assert_eq!(read(&["seeds=7"], true, None), (7, 20));
    assert_eq!(read(&["seeds=7"], true, Some(9)), (9, 20));
}

#[test]
fn set_and_quick_replace_the_levels_of_a_sweep() {
    let file = format!(
        "{WORLD}[sweep]\n\"feedback.labels\" = [10, 20]\n[quick]\nfeedback.labels = [1, 2, 3]\n[[undefined]]\nwhere = {{ feedback.labels = [10] }}\nbecause = \"x\"\n"
    );
    let read = |sets: &[&str], quick| labels(&with(&file, sets, quick, None));
    assert_eq!(read(&[], false), [20]);
    assert_eq!(read(&[], true), [1, 2, 3]);
    assert_eq!(read(&["feedback.labels=5"], true), [5]);
    assert_eq!(read(&["\"feedback.labels\"=[10, 7]"], false), [7]);
    let one = with(&file, &["feedback.labels=5"], false, None);
    assert_eq!(one.axes[0].levels, [Level::Integer(5)], "a replaced axis stays an axis");
}

#[test]
fn a_value_that_is_not_toml_is_a_text() {
    let text = format!("{WORLD}[feedback]\nlabels = 1\n");
    let sets = [
        "title=What β does",
        "reward_model=gold",
        "overseer.choice.rationality=inf",
        "overseer.hidden=[\"insight\"]",
    ];
    let experiment = with(&text, &sets, false, None);
    let config = &experiment.cells[0].setup;
    assert_eq!(experiment.title, "What β does");
    assert_eq!(config.reward_model, RewardModelConfig::Gold);
    assert_eq!(config.overseer.choice.rationality.get(), f64::INFINITY);
    assert_eq!(config.overseer.hidden, ["insight"]);
    // A list whose quotes the shell took.
    let experiment = with(&text, &["overseer.hidden=[insight, flattery]"], false, None);
    assert_eq!(experiment.cells[0].setup.overseer.hidden, ["insight", "flattery"]);
}

#[test]
fn undefined_cells_are_left_out_unchecked() {
    let experiment = read(
        "world.answers.answers = 100\noptimizer.best_of_n.n = [1, 1000]\n[axes.draws.fresh]\noptimizer.best_of_n.draws = \"fresh\"\n[sweep]\nfeedback.labels = [1, 2]\n[[undefined]]\nwhere = { draws = \"fresh\" }\nbecause = \"n exceeds K\"\n",
    );
    assert_eq!(experiment.cells.len(), 2);
}

#[test]
fn a_figure_may_draw_some_levels_of_an_axis() {
    let figure = "[sweep]\nfeedback.labels = [10, 20, 30]\n[[figures]]\nname = \"f\"\nx = \"sqrt_kl\"\ny = \"gold\"\nby = \"feedback.labels\"\nwhere = { \"feedback.labels\" = [30, 10] }\n";
    let experiment = read(figure);
    let pin = &experiment.figures[0].pins["feedback.labels"];
    assert_eq!(*pin, Pin::Among([30, 10].map(Level::Integer).to_vec()));
    // What is not in this run is not drawn; where nothing is left, all is.
    let set = |labels: &str| with(&format!("{WORLD}{figure}"), &[labels], false, None).figures.remove(0).pins;
    assert_eq!(set("feedback.labels=[5,30]")["feedback.labels"], Pin::Among(vec![Level::Integer(30)]));
    assert!(set("feedback.labels=[5,6]").is_empty());
}

#[test]
fn a_figure_needs_no_pin_where_there_is_one_level() {
    let figure = "[sweep]\nfeedback.labels = [10, 20]\n[[figures]]\nname = \"f\"\nx = \"sqrt_kl\"\ny = \"weight.flattery\"\nwhere = { \"feedback.labels\" = 20 }\n";
    let experiment = read(figure);
    assert_eq!(experiment.figures[0].pins["feedback.labels"], Pin::Level(Level::Integer(20)));
    assert_eq!(experiment.figures[0].y, ["weight.flattery"]);
    // A level that was replaced by a single one needs no pin any more.
    assert!(
        with(&format!("{WORLD}{figure}"), &["feedback.labels=5"], false, None).figures[0].pins.is_empty()
    );
}

/// Every kind of figure, as little as it needs, and what is resolved reads again.
#[test]
fn every_kind_of_figure() {
    let text = "[variants.control]
[sweep]
feedback.labels = [10, 20]
[[figures]]
name = 'lines'
kind = 'lines'
x = 'kl'
y = 'gold'
by = 'variant'
columns = 'feedback.labels'
theory = ['optimum', 'normal']
statistic = 'iqm'
[[figures]]
name = 'heat'
kind = 'heat'
x = 'variant'
y = 'gold'
by = 'feedback.labels'
where = { pressure = 'last' }
[[figures]]
name = 'bars'
kind = 'bars'
x = 'pressure'
y = 'gold'
by = 'variant'
where = { 'feedback.labels' = 10 }
[[figures]]
name = 'bands'
kind = 'bands'
x = 'feedback.labels'
y = ['proxy_error', 'ignorance']
columns = 'variant'
where = { pressure = 'last' }
[[figures]]
name = 'forest'
kind = 'forest'
x = 'variant'
y = ['gold', 'approval']
rows = 'feedback.labels'
where = { pressure = 'first' }
statistic = 'iqm'
[[figures]]
name = 'scatter'
kind = 'scatter'
x = 'weight.insight'
y = 'gold'
by = 'variant'
where = { pressure = 'last', 'feedback.labels' = 'last' }
[[figures]]
name = 'strip'
kind = 'strip'
x = 'variant'
y = 'gold'
by = 'feedback.labels'
where = { pressure = 'last' }
[[figures]]
name = 'profile'
kind = 'profile'
y = 'gold'
by = 'variant'
where = { pressure = 'last', 'feedback.labels' = 'last' }
";
    let figures = read(text).figures;
    assert_eq!(figures.iter().map(|f| f.kind).collect::<Vec<_>>(), {
        use FigureKind::*;
        [Lines, Heat, Bars, Bands, Forest, Scatter, Strip, Profile]
    });
    assert!(figures.iter().all(|f| f.name == f.kind.name()));
    assert_eq!(figures[0].theory, [Theory::Optimum, Theory::Normal]);
    let iqm = figures.iter().filter(|f| f.statistic == Average::Iqm);
    assert_eq!(iqm.map(|f| f.name.as_str()).collect::<Vec<_>>(), ["lines", "forest"]);
}

/// The look of figures is read, written out, and set like anything else.
#[test]
fn the_look_of_figures() {
    let text = "[style]
colours = ['#1f77b4', '#FF7F0E']
width = 640
[variants.control]
[[figures]]
name = 'f'
x = 'pressure'
y = ['gold', 'approval']
by = 'variant'
together = true
scale = 'log'
labels = { gold = 'wahrer Wert', control = 'Kontrolle', pressure = 'n' }
[[figures]]
name = 'g'
x = 'kl'
y = 'feature.insight'
columns = 'variant'
scale = { x = 'linear', y = 'log' }
labels.feature.insight = 'Einsicht'
";
    let experiment = with(&format!("{WORLD}{text}"), &["style.font_size=14"], false, None);
    let style = &experiment.style;
    assert_eq!(
        (style.colours.len(), style.font_size, style.width, style.height),
        (2, Some(14.0), Some(640.0), None)
    );
    let [f, g] = &experiment.figures[..] else { unreachable!("two figures") };
    assert!(f.together && !g.together);
    assert_eq!((f.scale.x, f.scale.y), (Some(Scale::Log), None));
    assert_eq!((g.scale.x, g.scale.y), (Some(Scale::Linear), Some(Scale::Log)));
    assert_eq!(
        (f.labels["gold"].as_str(), g.labels["feature.insight"].as_str()),
        ("wahrer Wert", "Einsicht")
    );
    // Labels of levels that are not in this run do no harm.
    with(&format!("{WORLD}{text}"), &["variant=base"], false, None);
}

#[test]
fn a_byte_order_mark_is_skipped() {
    let bytes = format!("\u{feff}{WORLD}");
    assert!(Experiment::read("a.toml", bytes.as_bytes(), &Overrides::default()).is_ok());
}

/// Deep nesting must not exhaust the stack.
#[test]
fn deep_nesting_is_refused() {
    for text in
        [format!("a = {}", "[".repeat(100_000)), "a.".repeat(100_000) + "b = 1", "{a=".repeat(100_000)]
    {
        assert!(Experiment::read("a.toml", text.as_bytes(), &Overrides::default()).is_err());
    }
}

fn mutated() -> impl Strategy<Value = String> {
    let lines: Vec<String> = EXAMPLE.lines().map(str::to_owned).collect();
    let scraps = [
        "{}",
        "[]",
        "nan",
        "-1",
        "\"\"",
        "= 3",
        "[[figures]]",
        "[variants.a]",
        "world",
        ".",
        "\"",
        "\u{fffd}",
        "1e999",
        "{",
        "]",
    ];
    let edit = (0..lines.len(), 0..60usize, 0..4u8, proptest::sample::select(scraps.to_vec()));
    proptest::collection::vec(edit, 1..6).prop_map(move |edits| {
        let mut lines = lines.clone();
        for (at, column, how, scrap) in edits {
            let another = lines[(at * 7 + column) % lines.len()].clone();
            let line = &mut lines[at];
            let cut = line.char_indices().map(|(i, _)| i).nth(column).unwrap_or(line.len());
            match how {
                0 => line.insert_str(cut, scrap),
                1 => line.truncate(cut),
                2 => *line = format!("{}{scrap}", line.split('=').next().unwrap_or("")) + " = " + scrap,
                _ => *line = another,
            }
        }
        lines.join("\n")
    })
}

proptest! {
    /// Whatever is written, the answer is an experiment or an error that can be shown.
    #[test]
    fn mutations_never_panic(text in mutated(), set in "[a-z._]{0,20}=?.{0,12}", quick: bool) {
        for sets in [vec![], vec![set]] {
            match Experiment::read("mutated.toml", text.as_bytes(), &Overrides { sets, quick, seeds: None, ..Overrides::default() }) {
                Err(error) => prop_assert!(!error.to_string().is_empty() && error.line() > 0),
                Ok(experiment) => {
                    let again = Experiment::read("again.toml", experiment.resolved.as_bytes(), &Overrides::default());
                    prop_assert_eq!(again, Ok(experiment));
                }
            }
        }
    }

    #[test]
    fn noise_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Err(error) = Experiment::read("noise.toml", &bytes, &Overrides::default()) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}

/// `--set` on the name of an axis keeps some of its levels, here and in what
/// is resolved.
#[test]
fn levels_of_named_axes_can_be_chosen() {
    let text = "world.answers.features = { a = { gold = 1 } }
[axes.failure.wrong]
overseer.believes.a = -1
[axes.failure.blind]
overseer.hidden = ['a']
[variants.control]
feedback.labels = 5
";
    let read = |text: &str, sets: &[&str]| {
        let sets = sets.iter().map(|s| (*s).to_owned()).collect();
        let overrides = Overrides { sets, ..Overrides::default() };
        Experiment::read("test.toml", text.as_bytes(), &overrides)
    };
    let levels =
        |e: &Experiment| e.cells.iter().map(|c| format!("{} {}", c.levels[0], c.variant)).collect::<Vec<_>>();
    for (sets, expected) in [
        (&["failure=blind", "variant=control"] as &[&str], &["blind control"] as &[&str]),
        (&["failure=['blind', 'base']", "variant=base"], &["base base", "blind base"]),
        (&["failure=base"], &["base base", "base control"]),
    ] {
        let chosen = read(text, sets).unwrap();
        assert_eq!(levels(&chosen), expected);
        let again =
            read(&format!("name = 'test'\n{}", chosen.resolved.replacen("name = \"test\"\n", "", 1)), &[]);
        let again = again.unwrap_or_else(|e| panic!("{e}\n{}", chosen.resolved));
        assert_eq!(levels(&again), expected);
        assert_eq!(again.resolved, chosen.resolved);
    }
    let error = read(text, &["failure=blond"]).unwrap_err();
    assert_eq!((error.label.as_str(), error.line()), ("did you mean `blind`?", 1));
}

/// What is resolved reads again, also where `[quick]` names a level that was replaced.
#[test]
fn a_replaced_level_takes_quick_along() {
    let text = "world.answers.features = { a = { gold = 1 } }
[axes.k.one]
feedback.labels = 5
[axes.k.two]
feedback.labels = 6
[quick]
k = 'one'
";
    let overrides = Overrides { sets: vec!["k=two".to_owned()], ..Overrides::default() };
    let chosen = Experiment::read("test.toml", text.as_bytes(), &overrides).unwrap();
    let again = Experiment::read("test.toml", chosen.resolved.as_bytes(), &Overrides::default());
    assert_eq!(again.unwrap_or_else(|e| panic!("{e}")).cells, chosen.cells);
}

/// An axis of words cannot be x.
#[test]
fn x_is_an_axis_of_numbers() {
    let text = "world.answers.features = { a = { gold = 1 } }
[variants.v]
feedback.labels = 5
[[figures]]
name = 'f'
x = 'variant'
y = 'gold'
where = { pressure = 'last' }
";
    let error = Experiment::read("test.toml", text.as_bytes(), &Overrides::default()).unwrap_err();
    assert_eq!((error.line(), error.column()), (6, 5));
    assert!(error.message.contains("no numbers"), "{error}");
}
