//! Everything that can be wrong with a config, each with the line and the column
//! that are shown for it and the kind of error; thirty with all their text.

use crate::common::{refused, said};
use oversight::study::config::Kind::{Conflict, Missing, Range, Syntax, Type, Unknown};
use oversight::study::config::{ConfigError, Experiment, Overrides};

/// Line 1 of most configs here.
const WORLD: &str =
    "world.answers.features = { insight = { gold = 1 }, flattery = { gold = -2 }, style = { count = 8 } }\n";

fn read_with(source: &str, bytes: &[u8], options: &Overrides) -> Option<ConfigError> {
    Experiment::read(source, bytes, options).err()
}

fn read(source: &str, bytes: &[u8]) -> Option<ConfigError> {
    read_with(source, bytes, &Overrides::default())
}

fn bad(text: &str) -> Option<ConfigError> {
    read("bad.toml", text.as_bytes())
}

fn bad_after_world(text: &str) -> Option<ConfigError> {
    bad(&format!("{WORLD}{text}"))
}

fn bad_sets(text: &str, sets: &[&str]) -> Option<ConfigError> {
    let sets = sets.iter().map(|set| set.to_string()).collect();
    read_with("bad.toml", format!("{WORLD}{text}").as_bytes(), &Overrides { sets, ..Overrides::default() })
}

fn bad_seeds(text: &str, seeds: u32) -> Option<ConfigError> {
    let options = Overrides { seeds: Some(seeds), ..Overrides::default() };
    read_with("bad.toml", format!("{WORLD}{text}").as_bytes(), &options)
}

/// Names that tables would misread: an experiment that is missing, levels that are one number.
#[test]
fn names_that_readers_take_for_something_else() {
    let plain = "world.answers.features.a.gold = 1\n";
    let level = |name: &str| bad(&format!("{plain}[axes.code]\nbase = false\n[axes.code.{name}]\n"));
    refused(&[
        (bad(&format!("name = \"null\"\n{plain}")), "1:8", Conflict),
        (bad(&format!("name = \"07\"\n{plain}")), "1:8", Conflict),
        (level("07"), "4:12", Conflict),
        (level("1e1"), "4:12", Conflict),
        (level("infinity"), "4:12", Conflict),
        (level("0x1f"), "4:12", Conflict),
        (level("true"), "4:12", Conflict),
        (level("nan"), "4:12", Conflict),
        (level("null"), "4:12", Conflict),
    ]);
    for name in ["7", "10", "inf", "n07", "none"] {
        assert!(level(name).is_none(), "{name}");
    }
}

#[test]
fn an_empty_file() {
    insta::assert_snapshot!(said(bad("")), @r##"
    bad.toml:1:1: the file is empty
      |
    1 |
      | ^
      = a small one:
      = world.answers.features = { insight = { gold = 1 }, style = { gold = 0 } }
      = overseer.hidden = ["style"]
      = optimizer.best_of_n.n = [1, 4, 16]
    "##);
    refused(&[(bad(" \n# a comment\n"), "1:1", Missing)]);
}

/// What is shown to somebody with an empty file has to work.
#[test]
fn the_example_for_an_empty_file_works() {
    let example: Vec<String> =
        said(bad("")).lines().filter_map(|l| l.strip_prefix("  = ")).skip(1).map(str::to_owned).collect();
    assert_eq!(bad(&example.join("\n")), None);
}

#[test]
fn bytes_that_are_not_utf8() {
    insta::assert_snapshot!(said(read("bad.toml", b"seed = 1\ntitle = \"caf\xe9\"\n")), @r##"
    bad.toml:2:13: the byte 0xe9 is not UTF-8
      |
    2 | title = "caf�"
      |             ^
      = save the file as UTF-8
    "##);
}

#[test]
fn a_byte_order_mark_shifts_no_column() {
    insta::assert_snapshot!(said(read("bad.toml", b"\xef\xbb\xbfsead = 1\n")), @r##"
    bad.toml:1:1: there is no key `sead`
      |
    1 | sead = 1
      | ^^^^ did you mean `seed`?
      = allowed: name, title, about, seed, looked_at, seeds, world, overseer, feedback, reward_model, optimizer, style, sweep, axes, variants, undefined, quick, figures, leaderboard, claims
    "##);
}

#[test]
fn columns_are_characters_and_tabs_stay_tabs() {
    insta::assert_snapshot!(said(bad("title = \"βγε\"\r\nworld.answers.features = {\t\"β\" = {} }\r\n")), @r##"
    bad.toml:2:28: `β` cannot be a name
      |
    2 | world.answers.features = {	"β" = {} }
      |                           	^^^
      = a letter a-z, then a-z, 0-9 and _
    "##);
}

// Files that are not TOML
#[test]
fn a_syntax_error() {
    insta::assert_snapshot!(said(bad_after_world("feedback.labels = = 3")), @r##"
    bad.toml:2:19: extra `=`, expected nothing
      |
    2 | feedback.labels = = 3
      |                   ^
    "##);
}

#[test]
fn a_duplicate_key() {
    insta::assert_snapshot!(said(bad_after_world(r#"seed = 1
seed = 2"#)), @r##"
    bad.toml:3:1: this key is set twice
      |
    3 | seed = 2
      | ^^^^
      = keep one of the two
    "##);
}

#[test]
fn files_that_are_not_toml() {
    refused(&[
        (bad_after_world("title = 'open"), "2:14", Syntax),
        (bad_after_world("[feedback]\nlabels = 5\n[feedback]\nrounds = 1"), "4:2", Conflict),
        (bad_after_world("feedback.labels = [1, 2"), "2:24", Syntax),
    ]);
}

// Names that do not exist, at every depth
#[test]
fn an_unknown_key_two_deep() {
    insta::assert_snapshot!(said(bad_after_world(r#"[overseer.choice]
rationalty = 1"#)), @r##"
    bad.toml:3:1: `overseer.choice` has no key `rationalty`
      |
    3 | rationalty = 1
      | ^^^^^^^^^^ did you mean `rationality`?
      = allowed: rationality, discount, mistake, skip, equal, position, compat
    "##);
}

#[test]
fn an_unknown_key_of_a_variant_of_a_choice() {
    insta::assert_snapshot!(said(bad_after_world(r#"[reward_model.linear]
l3 = 1"#)), @r##"
    bad.toml:3:1: `reward_model.linear` has no key `l3`
      |
    3 | l3 = 1
      | ^^ did you mean `l2`?
      = allowed: l2, features, mistake, reads, loss, annotators, bootstrap, lower
    "##);
}

#[test]
fn a_misspelt_variant_as_a_table() {
    insta::assert_snapshot!(said(bad_after_world(r#"[optimizer.best_of_m]
n = [1, 2]"#)), @r##"
    bad.toml:2:12: `optimizer` cannot be `best_of_m`
      |
    2 | [optimizer.best_of_m]
      |            ^^^^^^^^^ did you mean `best_of_n`?
      = allowed: best_of_n, quantilizer, tilt, policy_gradient, natural_policy_gradient, ppo, soft_value_iteration, planner
    "##);
}

#[test]
fn a_misspelt_word() {
    insta::assert_snapshot!(said(bad_after_world(r#"overseer.unseen = "reverence""#)), @r##"
    bad.toml:2:19: `overseer.unseen` cannot be `reverence`
      |
    2 | overseer.unseen = "reverence"
      |                   ^^^^^^^^^^^ did you mean `reference`?
      = allowed: nothing, reference, posterior, record
    "##);
}

#[test]
fn settings_of_a_variant_that_has_none() {
    insta::assert_snapshot!(said(bad_after_world(r#"[reward_model.gold]
l2 = 1"#)), @r##"
    bad.toml:3:1: `reward_model.gold` has no settings
      |
    3 | l2 = 1
      | ^^
      = take away `l2`
    "##);
}

#[test]
fn names_that_do_not_exist_at_every_depth() {
    refused(&[
        (bad_after_world("sweeps = 3"), "2:1", Unknown),
        (bad_after_world("feedback.lables = 10"), "2:10", Unknown),
        (bad("world.answers.features.insight = { glod = 1 }"), "1:36", Unknown),
        (bad_after_world("'overseer.choice.mistakes' = 0.1"), "2:18", Unknown),
        (bad_after_world("reward_model = 'golf'"), "2:16", Unknown),
        (bad_after_world("reward_model.gold = 1"), "2:21", Type),
    ]);
}

// Values of the wrong kind
#[test]
fn a_text_for_a_number() {
    insta::assert_snapshot!(said(bad_after_world(r#"feedback.labels = "many""#)), @r##"
    bad.toml:2:19: expected a whole number from 0 to 4294967295, found the text "many"
      |
    2 | feedback.labels = "many"
      |                   ^^^^^^
    "##);
}

#[test]
fn a_text_for_a_list() {
    insta::assert_snapshot!(said(bad_after_world(r#"overseer.hidden = "style""#)), @r##"
    bad.toml:2:19: expected a list, found the text "style"
      |
    2 | overseer.hidden = "style"
      |                   ^^^^^^^
    "##);
}

#[test]
fn values_of_the_wrong_kind() {
    refused(&[
        (bad_after_world("feedback.labels = 10.5"), "2:19", Type),
        (bad_after_world("title = 7"), "2:9", Type),
        (bad_after_world("overseer.unseen = 0"), "2:19", Type),
        (bad_after_world("overseer.hidden = ['style', 3]"), "2:29", Type),
        (bad_after_world("optimizer.best_of_n.n = [1, '4']"), "2:29", Type),
        (bad_after_world("feedback = 100"), "2:12", Type),
        (bad_after_world("feedback.labels.n = 100"), "2:17", Type),
        (bad_after_world("seed = 2024-01-01"), "2:8", Type),
    ]);
}

// Numbers out of range
#[test]
fn a_probability_above_one() {
    insta::assert_snapshot!(said(bad_after_world("overseer.choice.mistake = 1.5")), @r##"
    bad.toml:2:27: 1.5 is out of range: this must be from 0 to 1
      |
    2 | overseer.choice.mistake = 1.5
      |                           ^^^
    "##);
}

#[test]
fn numbers_out_of_range() {
    refused(&[
        (bad("world.answers.features.insight = { gold = nan }"), "1:43", Range),
        (bad_after_world("overseer.believes = { flattery = inf }"), "2:34", Range),
        (bad_after_world("optimizer.policy_gradient = { iterations = 10, rate = -0.1 }"), "2:55", Range),
        (bad_after_world("feedback.labels = -1"), "2:19", Range),
        (bad_after_world("seed = 99999999999999999999"), "2:8", Range),
        (bad_after_world("seeds = 0"), "2:9", Range),
        (bad_after_world("world.answers.answers = 0"), "2:25", Range),
        (bad_after_world("feedback.rounds = 0"), "2:19", Range),
        (bad_after_world("reward_model.linear.mistake = 0.5"), "2:31", Range),
        (bad("world.answers.features = { a = {}, b = { correlation = { a = 1.0 } } }"), "1:62", Range),
        (bad_after_world("optimizer.best_of_n.n = [0, 1]"), "2:26", Range),
        (bad_after_world("optimizer.best_of_n.n = []"), "2:25", Missing),
    ]);
}

// Things that are missing
#[test]
fn no_world() {
    insta::assert_snapshot!(said(bad("seed = 1")), @r##"
    bad.toml:1:1: `world` is missing
      |
    1 | seed = 1
      | ^
      = The world: one of answers, gridworld, graph, opportunity, camera_dropbox
    "##);
}

#[test]
fn a_choice_without_a_variant() {
    insta::assert_snapshot!(said(bad_after_world(r#"optimizer = "tilt""#)), @r##"
    bad.toml:2:13: `tilt` names none of its variants
      |
    2 | optimizer = "tilt"
      |             ^^^^^^
      = The pressure axis of a tilt: one of beta, kl, chi2
    "##);
}

#[test]
fn things_that_are_missing() {
    refused(&[
        (bad("[world.answers]\nprompts = 4"), "1:8", Missing),
        (bad("world.answers.features = {}"), "1:15", Conflict),
        (bad("world.answers.features = { style = { tail = 'student_t' } }"), "1:45", Missing),
        (bad_after_world("optimizer.tilt = 'kl'"), "2:18", Missing),
    ]);
}

// Features
#[test]
fn an_unknown_feature_in_hidden() {
    insta::assert_snapshot!(said(bad_after_world(r#"overseer.hidden = ["flatery"]"#)), @r##"
    bad.toml:2:20: there is no feature `flatery`
      |
    2 | overseer.hidden = ["flatery"]
      |                    ^^^^^^^^^ did you mean `flattery`?
      = allowed: insight, flattery, style, style_1, style_2, style_3, style_4, style_5, style_6, style_7, style_8
    "##);
}

#[test]
fn a_copy_beside_its_group() {
    insta::assert_snapshot!(said(bad_after_world(r#"overseer.hidden = ["style", "style_3"]"#)), @r##"
    bad.toml:2:29: `style_3` and `style` both stand for `style_3`
      |
    2 | overseer.hidden = ["style", "style_3"]
      |                             ^^^^^^^^^
      = keep one of the two
    "##);
}

#[test]
fn features() {
    refused(&[
        (bad_after_world("overseer.believes = { insight = 2, flatery = 0.8 }"), "2:36", Unknown),
        (bad_after_world("reward_model.linear.features = ['insight', 'stile']"), "2:44", Unknown),
        (bad("world.answers.features = { a = {}, b = { correlation = { c = 0.5 } } }"), "1:58", Unknown),
        (bad_after_world("world.answers.budget.features = ['insight', 'flatery']"), "2:45", Unknown),
        (bad_after_world("overseer.hidden = ['style_9']"), "2:20", Unknown),
        (bad_after_world("overseer.hidden = ['insight', 'insight']"), "2:31", Conflict),
        (bad_after_world("reward_model.linear.features = []"), "2:32", Conflict),
        (bad_after_world("world.answers.budget.features = ['insight']"), "2:33", Conflict),
        (bad("world.answers.features = { Insight = {} }"), "1:28", Conflict),
        (bad("world.answers.features = { style = { count = 2 }, style_1 = {} }"), "1:51", Conflict),
        (bad("world.answers.features = { x = { curvature = -1 }, x_squared = {} }"), "1:52", Conflict),
    ]);
}

// Settings that do not go together
#[test]
fn more_draws_than_answers() {
    insta::assert_snapshot!(said(bad_after_world(r#"world.answers.answers = 16
optimizer.best_of_n = { draws = "fresh", n = [4, 16, 64] }"#)), @r##"
    bad.toml:3:54: n = 64 draws without replacement from 16 answers
      |
    3 | optimizer.best_of_n = { draws = "fresh", n = [4, 16, 64] }
      |                                                      ^^
      = n ≤ world.answers.answers, or draws = "pool"
    "##);
}

#[test]
fn labels_and_budget() {
    insta::assert_snapshot!(said(bad_after_world("feedback = { labels = 10, budget = 10.0 }")), @r##"
    bad.toml:2:36: both labels = 10 and budget = 10.0 are given
      |
    2 | feedback = { labels = 10, budget = 10.0 }
      |                                    ^^^^
      = give one of them; in a patch, `feedback.labels = {}` takes the other away
    "##);
}

#[test]
fn settings_that_do_not_go_together() {
    refused(&[
        (bad_after_world("optimizer.best_of_n.n = [1, 16, 4]"), "2:33", Conflict),
        (bad_after_world("optimizer.tilt.beta = [1, 2]"), "2:27", Conflict),
        (bad_after_world("optimizer.tilt.kl = [1, 1]"), "2:25", Conflict),
        (bad_after_world("feedback.budget = 10.0\noverseer.prices.label = 0"), "2:19", Conflict),
        (bad_after_world("feedback = { labels = 3, rounds = 4 }"), "2:35", Conflict),
        (bad_after_world("overseer.choice.rationality = 0"), "2:31", Conflict),
        (bad_after_world("overseer.choice = { compat = 'imitation', skip = 0.1 }"), "2:50", Conflict),
    ]);
}

// Absurd sizes
#[test]
fn a_table_that_fits_no_memory() {
    insta::assert_snapshot!(said(bad("world.answers = { prompts = 1000, answers = 1000000, features = { a = {} } }")), @r##"
    bad.toml:1:45: 1000 prompts × 1000000 answers × 1 feature need 67.1 GiB
      |
    1 | world.answers = { prompts = 1000, answers = 1000000, features = { a = {} } }
      |                                             ^^^^^^^
      = at most 2 GiB: fewer answers or prompts
    "##);
}

#[test]
fn absurd_sizes() {
    refused(&[
        (bad("world.answers.features = { a = { count = 1000000 } }"), "1:42", Conflict),
        (bad_after_world("feedback.labels = 20_000_000"), "2:19", Conflict),
        (bad_after_world("feedback.rounds = 2000"), "2:19", Conflict),
        (
            bad_after_world(
                "optimizer.policy_gradient = { iterations = [10, 1_000_000], episodes = 10_000 }",
            ),
            "2:49",
            Conflict,
        ),
    ]);
}

// Patches
#[test]
fn a_path_and_a_part_of_it() {
    insta::assert_snapshot!(said(bad_after_world(r#""overseer.choice" = {}
overseer.choice.mistake = 0.1"#)), @r##"
    bad.toml:3:1: `overseer.choice.mistake` is set twice
      |
    3 | overseer.choice.mistake = 0.1
      | ^^^^^^^^^^^^^^^^^^^^^^^
      = keep one of the two
    "##);
}

#[test]
fn base_as_the_name_of_a_level() {
    insta::assert_snapshot!(said(bad_after_world(r#"[variants.base]
feedback.labels = 1"#)), @r##"
    bad.toml:2:11: `base` cannot be the name of a patch
      |
    2 | [variants.base]
      |           ^^^^
      = `base` is the config without a patch; call this level something else, or write base = false
    "##);
}

#[test]
fn patches() {
    refused(&[
        (bad_after_world("feedback.labels = 10\n'feedback.labels' = 20"), "3:2", Conflict),
        (bad_after_world("[reward_model]\nlinear = { l2 = 1 }\ngold = {}"), "4:1", Conflict),
        (
            bad_after_world("[variants.x]\n'optimizer.tilt.kl' = [1, 2]\n'optimizer.best_of_n.n' = [1, 2]"),
            "4:2",
            Conflict,
        ),
        (bad_after_world("[variants.control]\noverseer.believs = {}"), "3:10", Unknown),
        (bad_after_world("[variants.control]\noverseer.hidden = ['insigth']"), "3:20", Unknown),
        (bad_after_world("[axes.failure.wrong]\noverseer.choice.mistake = 2"), "3:27", Range),
        (bad_after_world("[axes.failure.Wrong]\nfeedback.labels = 1"), "2:15", Conflict),
        (bad_after_world("[axes.failure]\nbase = false"), "2:7", Missing),
        (bad_after_world("[axes.round.late]\nfeedback.labels = 1"), "2:7", Conflict),
        (bad_after_world("[variants]\ncontrol = 3"), "3:11", Type),
        (bad_after_world("[variants.more]\nseeds = 7"), "3:1", Conflict),
        (bad_after_world("[axes.failure.wrong]\ntitle = 'x'"), "3:1", Conflict),
        (bad_after_world("[quick]\nseds = 3"), "3:1", Unknown),
    ]);
}

// Sweeps
#[test]
fn a_sweep_of_mixed_types() {
    insta::assert_snapshot!(said(bad_after_world(r#"[sweep]
"feedback.labels" = [10, "many"]"#)), @r##"
    bad.toml:3:26: the text "many" among levels that are whole numbers
      |
    3 | "feedback.labels" = [10, "many"]
      |                          ^^^^^^
      = the levels of one axis are all numbers, all texts, or all true or false
    "##);
}

#[test]
fn a_swept_path_in_a_variant() {
    insta::assert_snapshot!(said(bad_after_world(r#"[sweep]
"feedback.labels" = [1, 2]
[variants.more]
feedback.labels = 5"#)), @r##"
    bad.toml:5:1: the axis `feedback.labels` sweeps this already
      |
    5 | feedback.labels = 5
      | ^^^^^^^^^^^^^^^
      = a swept path belongs to one axis; take it out of the other
    "##);
}

#[test]
fn too_many_cells() {
    insta::assert_snapshot!(said(bad_after_world(r#"[sweep]
"feedback.labels" = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40]
"overseer.believes.insight" = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40]
"overseer.prices.call" = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40]
"overseer.prices.audit" = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40]
"#)), @r##"
    bad.toml:6:2: too many cells: 2560000 and more
      |
    6 | "overseer.prices.audit" = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36
      |  ^^^^^^^^^^^^^^^^^^^^^
      = at most 100000; drop levels or axes
    "##);
}

#[test]
fn sweeps() {
    refused(&[
        (bad_after_world("[sweep]\n'feedback.labels' = []"), "3:21", Missing),
        (bad_after_world("[sweep]\nfeedback.labels = 10"), "3:19", Type),
        (bad_after_world("[sweep]\n'overseer.hidden' = [['insight'], []]"), "3:22", Type),
        (bad_after_world("[sweep]\n'overseer.choice.mistake' = [0, 0.1, 0.0]"), "3:38", Conflict),
        (bad_after_world("[sweep]\n'overseer.choice.mistake' = [0.0, 0.5, 1.5]"), "3:40", Range),
        (bad_after_world("[sweep]\n'feedback.labels' = [1.5, 2.5]"), "3:22", Type),
        (
            bad_after_world(
                "world.answers.answers = 100\noptimizer.best_of_n.draws = 'fresh'\n[sweep]\n'optimizer.best_of_n.n' = [10, 1000]",
            ),
            "5:32",
            Conflict,
        ),
        (bad_after_world("[sweep]\n'feedback.label' = [1, 2]"), "3:11", Unknown),
        (bad_after_world("[sweep]\n'world.answers.features.flatery.gold' = [1, 2]"), "3:25", Unknown),
        (bad_after_world("[sweep]\n'overseer.believes.flatery' = [1, 2]"), "3:20", Unknown),
        (bad_after_world("[sweep]\nseed = [1, 2]"), "3:1", Conflict),
        (bad_after_world("[sweep]\n'feedback.labels' = [1, 2]\nfeedback.labels = [3, 4]"), "4:1", Conflict),
        (
            bad_after_world(
                "[sweep]\n'overseer.choice.mistake' = [0, 0.1]\n[variants.more]\noverseer.choice = {}",
            ),
            "5:1",
            Conflict,
        ),
        (
            bad_after_world(
                "[axes.how.tilt]\noptimizer.tilt.kl = [1, 2]\n[sweep]\n'optimizer.best_of_n.n' = [1, 2]",
            ),
            "3:1",
            Conflict,
        ),
    ]);
}

// The command line
#[test]
fn a_set_of_nonsense() {
    insta::assert_snapshot!(said(bad_sets("seed = 1", &["feed back=1"])), @r##"
    --set:1:1: `feed back` is not a path
      |
    1 | feed back=1
      | ^^^^^^^^^
      = write path=value, e.g. --set feedback.labels=100 or --set 'overseer.hidden=["length"]'
    "##);
}

#[test]
fn a_range_in_set() {
    insta::assert_snapshot!(said(bad_sets("seed = 1", &["overseer.choice.mistake=1.5"])), @r##"
    --set:1:25: 1.5 is out of range: this must be from 0 to 1
      |
    1 | overseer.choice.mistake=1.5
      |                         ^^^
    "##);
}

#[test]
fn the_command_line() {
    refused(&[
        (bad_sets("seed = 1", &["feedback.lables=5"]), "1:10", Unknown),
        (bad_sets("seed = 1", &["feedback.labels"]), "1:1", Syntax),
        (bad_sets("seed = 1", &["seed=2", "feedback.labels=many"]), "1:17", Type),
        (bad_sets("seed = 1", &["world.answers.features.flatery.gold=1"]), "1:24", Unknown),
        (bad_sets("seed = 1", &["seed=1", "'seed'=2"]), "1:1", Conflict),
        (bad_sets("[sweep]\n'feedback.labels' = [1, 2]", &["feedback.labels=[]"]), "1:17", Missing),
        (bad_sets("[sweep]\n'optimizer.best_of_n.n' = [1, 2]", &["optimizer.tilt.kl=2"]), "1:1", Conflict),
        (bad_seeds("seed = 1", 0), "1:7", Range),
    ]);
}

// Undefined cells
#[test]
fn undefined_without_a_reason() {
    insta::assert_snapshot!(said(bad_after_world(r#"[variants.control]
[[undefined]]
where = { variant = "control" }"#)), @r##"
    bad.toml:3:1: `because` is missing
      |
    3 | [[undefined]]
      | ^^^^^^^^^^^^^
      = Why they make no sense
    "##);
}

#[test]
fn undefined_cells() {
    refused(&[
        (
            bad_after_world(
                "[sweep]\n'feedback.labels' = [1, 2]\n[[undefined]]\nwhere = { 'feedback.label' = 1 }\nbecause = 'x'",
            ),
            "5:11",
            Unknown,
        ),
        (
            bad_after_world(
                "[variants.control]\n[[undefined]]\nwhere = { variant = ['control', 'contrl'] }\nbecause = 'x'",
            ),
            "4:33",
            Unknown,
        ),
        (
            bad_after_world(
                "[variants.control]\n[[undefined]]\nwhere = { variant = ['base', 'control'] }\nbecause = 'x'",
            ),
            "4:1",
            Conflict,
        ),
        (bad_after_world("[[undefined]]\nwhere = {}\nbecause = 'x'"), "3:9", Conflict),
    ]);
}

// Figures
#[test]
fn an_unknown_metric() {
    insta::assert_snapshot!(said(bad_after_world(r#"[[figures]]
name = "f"
x = "pressure"
y = ["gold", "aproval"]"#)), @r##"
    bad.toml:5:14: there is no metric `aproval`
      |
    5 | y = ["gold", "aproval"]
      |              ^^^^^^^^^ did you mean `approval`?
      = allowed: gold, approval, proxy, kl, chi2, gold_fraction, efficiency, proxy_error, ignorance, wrong_values, regret, unreached, proxy_gap, misjudgement, overestimation, underestimation, false_positive_rate, gold_watched, gold_unwatched, deploy_gap, takeover, label_accuracy, rm_accuracy, rm_brier, … (34 in all)
    "##);
}

#[test]
fn an_axis_that_is_not_pinned() {
    insta::assert_snapshot!(said(bad_after_world(r#"[[figures]]
name = "f"
x = "pressure"
y = "gold"
[sweep]
"feedback.labels" = [1, 2]"#)), @r##"
    bad.toml:2:1: the axis `feedback.labels` has 2 levels and is not pinned
      |
    2 | [[figures]]
      | ^^^^^^^^^^^
      = draw it along x, by, rows or columns, or pin it: where = { "feedback.labels" = "last" }
      = its levels: 1, 2
    "##);
}

#[test]
fn a_list_of_levels_of_an_axis_that_is_not_drawn() {
    let figure = |levels: &str| {
        bad_after_world(&format!(
            "[sweep]\n\"feedback.labels\" = [1, 2]\n[[figures]]\nname = 'f'\nx = 'feedback.labels'\ny = 'gold'\nwhere = {levels}"
        ))
    };
    insta::assert_snapshot!(said(figure("{ \"feedback.labels\" = [1, 2], pressure = [1] }")), @r##"
    bad.toml:8:50: `pressure` stands at a list of levels
      |
    8 | where = { "feedback.labels" = [1, 2], pressure = [1] }
      |                                                  ^^^
      = give one level; a figure may list some of an axis that it draws along something
    "##);
    insta::assert_snapshot!(said(figure("{ \"feedback.labels\" = [1, 3], pressure = 1 }")), @r##"
    bad.toml:8:35: `feedback.labels` has no level 3
      |
    8 | where = { "feedback.labels" = [1, 3], pressure = 1 }
      |                                   ^
      = allowed: 1, 2
    "##);
    insta::assert_snapshot!(said(figure("{ \"feedback.labels\" = [2, 2], pressure = 1 }")), @r##"
    bad.toml:8:35: `2` is listed twice
      |
    8 | where = { "feedback.labels" = [2, 2], pressure = 1 }
      |                                   ^
      = list each level once
    "##);
    insta::assert_snapshot!(said(bad_after_world("overseer.choice = true")), @r##"
    bad.toml:2:19: expected a table, found true
      |
    2 | overseer.choice = true
      |                   ^^^^
    "##);
    insta::assert_snapshot!(said(figure("{ \"feedback.labels\" = [], pressure = 1 }")), @r##"
    bad.toml:8:31: an empty list of levels
      |
    8 | where = { "feedback.labels" = [], pressure = 1 }
      |                               ^^
      = list those to draw, or take it out
    "##);
}

/// A figure of words, for kinds that draw them.
const FIGURE: &str = "[variants.control]\n[[figures]]\nname = 'f'\nwhere = { pressure = 'last' }\n";

fn bad_figure(rest: &str) -> Option<ConfigError> {
    bad_after_world(&format!("{FIGURE}{rest}"))
}

#[test]
fn an_unknown_kind_of_figure() {
    insta::assert_snapshot!(said(bad_figure("kind = 'bar'\nx = 'variant'\ny = 'gold'")), @r##"
    bad.toml:6:8: there is no `bar` here
      |
    6 | kind = 'bar'
      |        ^^^^^ did you mean `bars`?
      = allowed: lines, heat, bars, bands, forest, scatter, strip, profile
    "##);
}

#[test]
fn a_measured_x_of_bars() {
    insta::assert_snapshot!(said(bad_figure("kind = 'bars'\nx = 'kl'\ny = 'gold'")), @r##"
    bad.toml:7:5: `kl` is measured and has no levels: it cannot be x of bars
      |
    7 | x = 'kl'
      |     ^^^^
      = x = "pressure", or kind = "lines"
    "##);
}

/// `auc.NAME` and `missed.NAME` are of all seeds together.
#[test]
fn what_no_seed_has_by_itself() {
    refused(&[
        (bad_figure("x = 'pressure'\ny = 'missed.golf'"), "7:5", Unknown),
        (bad_figure("x = 'pressure'\ny = 'auc.weight.style'"), "7:5", Unknown),
        (bad_figure("kind = 'profile'\ny = 'auc.gold'"), "7:5", Conflict),
        (bad_figure("kind = 'scatter'\nx = 'auc.gold'\ny = 'gold'"), "7:5", Conflict),
        (
            bad_figure("x = 'pressure'\ny = ['gold', 'auc.gold']\nby = 'variant'\nstatistic = 'iqm'"),
            "9:13",
            Conflict,
        ),
    ]);
}

#[test]
fn figures() {
    refused(&[
        (bad_after_world("[[figures]]\nname = 'f'\nx = 'presure'\ny = 'gold'"), "4:5", Unknown),
        (
            bad_after_world("[[figures]]\nname = 'f'\nx = 'pressure'\ny = 'gold'\nby = 'feedback.labels'"),
            "6:6",
            Unknown,
        ),
        (bad_after_world("[[figures]]\nname = 'f'\nx = 'pressure'\ny = 'weight.style'"), "5:5", Unknown),
        (bad_after_world("[[figures]]\nname = 'f'\nx = 'pressure'"), "2:1", Missing),
        (
            bad_after_world("[[figures]]\nname = 'f'\nx = 'pressure'\ny = 'gold'\ncolour = 'red'"),
            "6:1",
            Unknown,
        ),
        (
            bad_after_world(
                "[[figures]]\nname = 'f'\nx = 'feedback.labels'\ny = 'gold'\n[sweep]\n'feedback.labels' = [1, 2]",
            ),
            "2:1",
            Conflict,
        ),
        (
            bad_after_world(
                "[[figures]]\nname = 'f'\nx = 'pressure'\ny = 'gold'\nwhere = { variant = 'contrl' }\n[variants.control]",
            ),
            "6:21",
            Unknown,
        ),
        (
            bad_after_world(
                "[[figures]]\nname = 'f'\nx = 'pressure'\ny = 'gold'\nwhere = { varient = 'base' }",
            ),
            "6:11",
            Unknown,
        ),
        (
            bad_after_world(
                "[[figures]]\nname = 'f'\nx = 'pressure'\ny = 'gold'\nwhere = { pressure = 'last' }",
            ),
            "6:11",
            Conflict,
        ),
        (bad_after_world("[[figures]]\nname = 'f'\nx = 'kl'\ny = 'gold'\nby = 'pressure'"), "6:6", Conflict),
        (bad_figure("x = 'variant'\ny = 'gold'"), "6:5", Conflict),
        (bad_figure("kind = 'scatter'\nx = 'aproval'\ny = 'gold'\nby = 'variant'"), "7:5", Unknown),
        (bad_figure("kind = 'scatter'\nx = 'approval'\ny = 'gold'"), "3:1", Conflict),
        (bad_figure("kind = 'profile'\nx = 'gold'\ny = 'gold'"), "7:5", Conflict),
        (bad_figure("kind = 'profile'\ny = ['gold', 'approval']\nby = 'variant'"), "7:5", Conflict),
        (bad_figure("kind = 'profile'\nby = 'variant'"), "3:1", Missing),
        (
            bad_figure("x = 'variant'\nkind = 'bars'\ny = 'gold'\nauc = { along = 'presure' }"),
            "9:17",
            Unknown,
        ),
        (
            bad_figure("x = 'variant'\nkind = 'bars'\ny = 'gold'\nauc = { along = 'variant' }"),
            "9:17",
            Conflict,
        ),
        (bad_figure("x = 'variant'\nkind = 'bars'\ny = 'gold'\nauc = 3"), "9:7", Type),
        (bad_figure("x = 'kl'\ny = 'gold'\nby = 'variant'\nslope = { along = 'pressure' }"), "9:1", Conflict),
        (
            bad_figure(
                "kind = 'strip'\nx = 'variant'\ny = 'gold'\nshare = { from = {}, to = { variant = 'base' } }",
            ),
            "9:1",
            Conflict,
        ),
        (
            bad_figure("x = 'variant'\nkind = 'bars'\ny = 'gold'\nshare = { from = {}, to = {} }"),
            "9:1",
            Conflict,
        ),
        (
            bad_figure(
                "kind = 'bars'\nx = 'variant'\ny = 'gold'\nshare = { from = {}, to = { variant = 'bass' } }",
            ),
            "9:39",
            Unknown,
        ),
        (
            bad_figure(
                "kind = 'bars'\nx = 'variant'\ny = 'gold'\ndrop = { along = 'pressure' }\nauc = { along = 'pressure' }",
            ),
            "10:1",
            Conflict,
        ),
        (bad_figure("kind = 'heat'\nx = 'variant'\ny = 'gold'"), "3:1", Missing),
        (
            bad_figure("kind = 'bands'\nx = 'variant'\ny = ['ignorance', 'proxy_error']\nby = 'round'"),
            "9:6",
            Conflict,
        ),
        (bad_figure("kind = 'bands'\nx = 'variant'\ny = 'ignorance'"), "8:5", Conflict),
        (
            bad_figure("kind = 'bands'\nx = 'variant'\ny = ['ignorance', 'proxy_error']\nstatistic = 'iqm'"),
            "9:13",
            Conflict,
        ),
        (
            bad_figure("kind = 'scatter'\nx = 'approval'\ny = 'gold'\nby = 'variant'\nstatistic = 'iqm'"),
            "10:13",
            Conflict,
        ),
        (bad_figure("kind = 'bars'\nx = 'variant'\ny = 'gold'\nstatistic = 'median'"), "9:13", Unknown),
        (
            bad_after_world(
                "[[figures]]\nname = 'f'\nx = 'pressure'\ny = 'gold'\ntheory = ['optimum', 'norml']",
            ),
            "6:22",
            Unknown,
        ),
        (bad_figure("kind = 'bars'\nx = 'variant'\ny = 'gold'\ntheory = 'optimum'"), "9:10", Conflict),
        (bad_figure("kind = 'heat'\nx = 'variant'\ny = 'gold'\ntheory = 'optimum'"), "9:10", Conflict),
        (
            bad_after_world(
                "[[figures]]\nname = 'f'\nx = 'pressure'\ny = 'gold'\n[[figures]]\nname = 'f'\nx = 'pressure'\ny = 'gold'",
            ),
            "6:1",
            Conflict,
        ),
        (bad_after_world("[figures]\nname = 'f'"), "2:1", Type),
    ]);
}

// Names of experiments
#[test]
fn what_is_asked_and_who_answers() {
    let feedback = |lines: &str| bad_after_world(&format!("[feedback]\nrounds = 4\n{lines}"));
    let overseer = |lines: &str| bad_after_world(&format!("[overseer]\n{lines}"));
    refused(&[
        (bad_after_world("feedback.query = \"wide\""), "2:10", Conflict),
        (feedback("query.wide.pool = 1"), "4:19", Conflict),
        (feedback("query = \"thompson\""), "4:9", Unknown),
        (feedback("among = 1"), "4:9", Conflict),
        (feedback("among = 5000"), "4:9", Conflict),
        (feedback("among = 3\nquery = \"wide\""), "5:1", Conflict),
        (feedback("among = 3\nasked = \"twice\""), "5:9", Conflict),
        (feedback("among = 3\nprotocol.advocate.slots = 2"), "5:1", Conflict),
        (feedback("query = \"d_optimal\"\n[reward_model.linear]\nbootstrap.members = 5"), "4:1", Conflict),
        (feedback("among = 3\n[overseer]\nchoice.position = 1.0"), "4:9", Conflict),
        (overseer("attention = 1.5"), "3:13", Range),
        (overseer("attention = 0.5\n[feedback]\nprotocol.random_reveal.share = 0.5"), "3:13", Conflict),
        (overseer("annotators = [{ share = 0.7 }, { share = 0.7 }]"), "3:14", Conflict),
        (overseer("annotators = [{ share = 0.7, hidden = [\"wit\"] }]"), "3:40", Unknown),
        (overseer("annotators = [{ share = 0.7, taste = 1 }]"), "3:30", Unknown),
        (overseer("annotators = [{ hidden = [] }]"), "3:15", Missing),
        (
            overseer("error = 1.0\ncrowd = { raters = 2, common = 0 }\nannotators = [{ share = 1 }]"),
            "5:14",
            Conflict,
        ),
        (
            overseer("annotators = [{ share = 1 }]\n[feedback]\nprotocol.ground_truth.share = 0.5"),
            "3:14",
            Conflict,
        ),
        (
            bad_after_world("[reward_model.linear]\nannotators = \"reliability\"\nmistake = 0.1"),
            "3:14",
            Conflict,
        ),
    ]);
}

#[test]
fn names_of_experiments() {
    refused(&[
        (bad_after_world("name = 'Mine'"), "2:8", Conflict),
        (read("My File.toml", format!("{WORLD}seed = 1").as_bytes()), "1:1", Conflict),
    ]);
}

// The look of figures

#[test]
fn the_look_of_figures() {
    let lines =
        |rest: &str| bad_figure(&format!("kind = 'bars'\nx = 'variant'\ny = ['gold', 'approval']\n{rest}"));
    refused(&[
        (bad_after_world("style.size = 5"), "2:14", Range),
        (bad_after_world("[style]\nfont_size = 5.5"), "3:13", Range),
        (bad_after_world("style = { width = 239, height = 80 }"), "2:19", Range),
        (bad_after_world("style.height = 2001"), "2:16", Range),
        (bad_after_world("style.colours = ['#123456', 'red']"), "2:29", Range),
        (bad_after_world("style.colors = ['#123456']"), "2:7", Unknown),
        (bad_after_world("[variants.x]\nstyle.size = 2"), "3:1", Conflict),
        (bad_after_world("[sweep]\n'style.size' = [1, 2]"), "3:2", Conflict),
        (bad_sets("", &["style.font_size=50"]), "1:17", Range),
        (bad_figure("x = 'pressure'\ny = 'gold'\nby = 'variant'\ntogether = true"), "9:12", Conflict),
        (lines("together = true"), "9:12", Conflict),
        (lines("scale = 'log'"), "9:9", Conflict),
        (lines("scale = { y = 'log' }"), "9:15", Conflict),
        (lines("scale = 'lag'"), "9:9", Type),
        (lines("labels = { golf = 'wahr' }"), "9:12", Unknown),
        (lines("labels = { gold = '' }"), "9:19", Conflict),
        (lines("labels = { contrl = 'ohne' }"), "9:12", Unknown),
    ]);
}

#[test]
fn a_label_of_what_is_not_shown() {
    insta::assert_snapshot!(said(bad_figure("kind = 'bars'\nx = 'variant'\ny = 'gold'\nlabels = { golf = 'wahr' }")), @r##"
    bad.toml:9:12: the figure shows no `golf`
      |
    9 | labels = { golf = 'wahr' }
      |            ^^^^ did you mean `gold`?
      = allowed: gold, variant, base, control
    "##);
}

/// An optimizer that the file does not write has no place: the world that it does not fit has.
#[test]
fn a_default_that_does_not_fit_points_at_the_world() {
    let text = "title = 'x'

[world.graph]
horizon = 2
start = { A = 0.5, B = 0.5 }
moves = { A = { go = 'C', stay = 'D' }, B = { go = 'C', stay = 'D' } }
features.x.gold = 1
[world.graph.states]
A = { seen = 'x' }
B = { seen = 'x' }
C = { pays = { x = 1 } }
D = {}
";
    let error = Experiment::read("bad.toml", text.as_bytes(), &Overrides::default()).unwrap_err();
    assert!(error.message.starts_with("the policy cannot tell all starts"), "{error}");
    assert_eq!((error.line(), error.column()), (3, 2));
}
