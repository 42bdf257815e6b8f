//! Everything that can be wrong with a config, each with the message, the
//! line and the column that are shown for it.

use oversight::study::config::{Experiment, Overrides};

/// Line 1 of most configs here.
const WORLD: &str =
    "world.answers.features = { insight = { gold = 1 }, flattery = { gold = -2 }, style = { count = 8 } }\n";

fn read_with(source: &str, bytes: &[u8], options: &Overrides) -> String {
    match Experiment::read(source, bytes, options) {
        Ok(_) => "nothing is wrong".to_owned(),
        Err(error) => error.to_string(),
    }
}

fn read(source: &str, bytes: &[u8]) -> String {
    read_with(source, bytes, &Overrides::default())
}

fn bad(text: &str) -> String {
    read("bad.toml", text.as_bytes())
}

fn bad_after_world(text: &str) -> String {
    bad(&format!("{WORLD}{text}"))
}

fn bad_sets(text: &str, sets: &[&str]) -> String {
    let sets = sets.iter().map(|set| set.to_string()).collect();
    read_with("bad.toml", format!("{WORLD}{text}").as_bytes(), &Overrides { sets, ..Overrides::default() })
}

fn bad_seeds(text: &str, seeds: u32) -> String {
    let options = Overrides { seeds: Some(seeds), ..Overrides::default() };
    read_with("bad.toml", format!("{WORLD}{text}").as_bytes(), &options)
}

#[test]
fn an_empty_file() {
    let empty = bad("");
    insta::assert_snapshot!(empty, @r##"
    bad.toml:1:1: the file is empty
      |
    1 |
      | ^
      = a small one:
      = world.answers.features = { insight = { gold = 1 }, style = { gold = 0 } }
      = overseer.hidden = ["style"]
      = optimizer.best_of_n.n = [1, 4, 16]
    "##);
    assert!(bad(" \n# a comment\n").starts_with("bad.toml:1:1: the file is empty\n"));
}

/// What is shown to somebody with an empty file has to work.
#[test]
fn the_example_for_an_empty_file_works() {
    let example: Vec<String> =
        bad("").lines().filter_map(|l| l.strip_prefix("  = ")).skip(1).map(str::to_owned).collect();
    assert_eq!(bad(&example.join("\n")), "nothing is wrong");
}

#[test]
fn bytes_that_are_not_utf8() {
    insta::assert_snapshot!(read("bad.toml", b"seed = 1\ntitle = \"caf\xe9\"\n"), @r##"
    bad.toml:2:13: the byte 0xe9 is not UTF-8
      |
    2 | title = "caf�"
      |             ^
      = save the file as UTF-8
    "##);
}

#[test]
fn a_byte_order_mark_shifts_no_column() {
    insta::assert_snapshot!(read("bad.toml", b"\xef\xbb\xbfsead = 1\n"), @r##"
    bad.toml:1:1: there is no key `sead`
      |
    1 | sead = 1
      | ^^^^ did you mean `seed`?
      = allowed: name, title, about, seed, seeds, world, overseer, feedback, reward_model, optimizer, sweep, axes, variants, undefined, quick, figures, claims
    "##);
}

#[test]
fn columns_are_characters_and_tabs_stay_tabs() {
    insta::assert_snapshot!(bad("title = \"βγε\"\r\nworld.answers.features = {\t\"β\" = {} }\r\n"), @r##"
    bad.toml:2:28: `β` cannot be the name of a feature
      |
    2 | world.answers.features = {	"β" = {} }
      |                           	^^^
      = a letter a-z, then a-z, 0-9 and _
    "##);
}

// Files that are not TOML

#[test]
fn a_syntax_error() {
    insta::assert_snapshot!(bad_after_world("feedback.labels = = 3"), @r##"
    bad.toml:2:19: extra `=`, expected nothing
      |
    2 | feedback.labels = = 3
      |                   ^
    "##);
}

#[test]
fn an_unclosed_string() {
    insta::assert_snapshot!(bad_after_world(r#"title = "open"#), @r##"
    bad.toml:2:14: invalid basic string, expected `"`
      |
    2 | title = "open
      |              ^
    "##);
}

#[test]
fn a_duplicate_key() {
    insta::assert_snapshot!(bad_after_world(r#"seed = 1
seed = 2"#), @r##"
    bad.toml:3:1: this key is set twice
      |
    3 | seed = 2
      | ^^^^
      = keep one of the two
    "##);
}

#[test]
fn a_duplicate_table() {
    insta::assert_snapshot!(bad_after_world(r#"[feedback]
labels = 5
[feedback]
rounds = 1"#), @r##"
    bad.toml:4:2: this key is set twice
      |
    4 | [feedback]
      |  ^^^^^^^^
      = keep one of the two
    "##);
}

#[test]
fn a_value_without_end() {
    insta::assert_snapshot!(bad_after_world("feedback.labels = [1, 2"), @r##"
    bad.toml:2:24: unclosed array, expected `]`
      |
    2 | feedback.labels = [1, 2
      |                        ^
    "##);
}

// Names that do not exist, at every depth

#[test]
fn an_unknown_top_level_key() {
    insta::assert_snapshot!(bad_after_world("sweeps = 3"), @r##"
    bad.toml:2:1: there is no key `sweeps`
      |
    2 | sweeps = 3
      | ^^^^^^ did you mean `sweep`?
      = allowed: name, title, about, seed, seeds, world, overseer, feedback, reward_model, optimizer, sweep, axes, variants, undefined, quick, figures, claims
    "##);
}

#[test]
fn an_unknown_key_of_a_room() {
    insta::assert_snapshot!(bad_after_world("feedback.lables = 10"), @r##"
    bad.toml:2:10: `feedback` has no key `lables`
      |
    2 | feedback.lables = 10
      |          ^^^^^^ did you mean `labels`?
      = allowed: labels, budget, segment, rounds, from, query, protocol
    "##);
}

#[test]
fn an_unknown_key_two_deep() {
    insta::assert_snapshot!(bad_after_world(r#"[overseer.choice]
rationalty = 1"#), @r##"
    bad.toml:3:1: `overseer.choice` has no key `rationalty`
      |
    3 | rationalty = 1
      | ^^^^^^^^^^ did you mean `rationality`?
      = allowed: rationality, discount, mistake, skip, equal, position, compat
    "##);
}

#[test]
fn an_unknown_key_of_a_feature() {
    insta::assert_snapshot!(bad("world.answers.features.insight = { glod = 1 }"), @r##"
    bad.toml:1:36: `world.answers.features.insight` has no key `glod`
      |
    1 | world.answers.features.insight = { glod = 1 }
      |                                    ^^^^ did you mean `gold`?
      = allowed: gold, curvature, tail, count, correlation
    "##);
}

#[test]
fn an_unknown_key_of_a_variant_of_a_choice() {
    insta::assert_snapshot!(bad_after_world(r#"[reward_model.linear]
l3 = 1"#), @r##"
    bad.toml:3:1: `reward_model.linear` has no key `l3`
      |
    3 | l3 = 1
      | ^^ did you mean `l2`?
      = allowed: l2, features, mistake, reads
    "##);
}

#[test]
fn an_unknown_key_inside_a_quoted_path() {
    insta::assert_snapshot!(bad_after_world(r#""overseer.choice.mistakes" = 0.1"#), @r##"
    bad.toml:2:18: `overseer.choice` has no key `mistakes`
      |
    2 | "overseer.choice.mistakes" = 0.1
      |                  ^^^^^^^^ did you mean `mistake`?
      = allowed: rationality, discount, mistake, skip, equal, position, compat
    "##);
}

#[test]
fn a_misspelt_variant_as_a_table() {
    insta::assert_snapshot!(bad_after_world(r#"[optimizer.best_of_m]
n = [1, 2]"#), @r##"
    bad.toml:2:12: `optimizer` cannot be `best_of_m`
      |
    2 | [optimizer.best_of_m]
      |            ^^^^^^^^^ did you mean `best_of_n`?
      = allowed: best_of_n, tilt, policy_gradient, ppo, soft_value_iteration, planner
    "##);
}

#[test]
fn a_misspelt_variant_as_a_text() {
    insta::assert_snapshot!(bad_after_world(r#"reward_model = "golf""#), @r##"
    bad.toml:2:16: `reward_model` cannot be `golf`
      |
    2 | reward_model = "golf"
      |                ^^^^^^ did you mean `gold`?
      = allowed: linear, tabular, overseer, gold
    "##);
}

#[test]
fn a_misspelt_word() {
    insta::assert_snapshot!(bad_after_world(r#"overseer.unseen = "reverence""#), @r##"
    bad.toml:2:19: `overseer.unseen` cannot be `reverence`
      |
    2 | overseer.unseen = "reverence"
      |                   ^^^^^^^^^^^ did you mean `reference`?
      = allowed: nothing, reference, posterior
    "##);
}

#[test]
fn settings_of_a_variant_that_has_none() {
    insta::assert_snapshot!(bad_after_world(r#"[reward_model.gold]
l2 = 1"#), @r##"
    bad.toml:3:1: `reward_model.gold` has no settings
      |
    3 | l2 = 1
      | ^^
      = take away `l2`
    "##);
}

#[test]
fn a_value_for_a_variant_that_has_none() {
    insta::assert_snapshot!(bad_after_world("reward_model.gold = 1"), @r##"
    bad.toml:2:21: `reward_model.gold` has no settings
      |
    2 | reward_model.gold = 1
      |                     ^
      = write reward_model.gold = {}
    "##);
}

// Values of the wrong kind

#[test]
fn a_text_for_a_number() {
    insta::assert_snapshot!(bad_after_world(r#"feedback.labels = "many""#), @r##"
    bad.toml:2:19: expected a whole number, found the text "many"
      |
    2 | feedback.labels = "many"
      |                   ^^^^^^
    "##);
}

#[test]
fn a_fraction_for_a_whole_number() {
    insta::assert_snapshot!(bad_after_world("feedback.labels = 10.5"), @r##"
    bad.toml:2:19: expected a whole number, found the number 10.5
      |
    2 | feedback.labels = 10.5
      |                   ^^^^
    "##);
}

#[test]
fn a_number_for_a_text() {
    insta::assert_snapshot!(bad_after_world("title = 7"), @r##"
    bad.toml:2:9: expected text, found the whole number 7
      |
    2 | title = 7
      |         ^
    "##);
}

#[test]
fn a_number_for_a_word() {
    insta::assert_snapshot!(bad_after_world("overseer.unseen = 0"), @r##"
    bad.toml:2:19: expected one of nothing, reference, posterior, found the whole number 0
      |
    2 | overseer.unseen = 0
      |                   ^
    "##);
}

#[test]
fn a_text_for_a_list() {
    insta::assert_snapshot!(bad_after_world(r#"overseer.hidden = "style""#), @r##"
    bad.toml:2:19: expected a list of texts, found the text "style"
      |
    2 | overseer.hidden = "style"
      |                   ^^^^^^^
    "##);
}

#[test]
fn a_number_in_a_list_of_texts() {
    insta::assert_snapshot!(bad_after_world(r#"overseer.hidden = ["style", 3]"#), @r##"
    bad.toml:2:29: expected text, found the whole number 3
      |
    2 | overseer.hidden = ["style", 3]
      |                             ^
    "##);
}

#[test]
fn a_text_among_levels() {
    insta::assert_snapshot!(bad_after_world(r#"optimizer.best_of_n.n = [1, "4"]"#), @r##"
    bad.toml:2:29: expected a whole number, found the text "4"
      |
    2 | optimizer.best_of_n.n = [1, "4"]
      |                             ^^^
    "##);
}

#[test]
fn a_scalar_for_a_table() {
    insta::assert_snapshot!(bad_after_world("feedback = 100"), @r##"
    bad.toml:2:12: expected a table, found the whole number 100
      |
    2 | feedback = 100
      |            ^^^
    "##);
}

#[test]
fn a_table_for_a_scalar() {
    insta::assert_snapshot!(bad_after_world("feedback.labels.n = 100"), @r##"
    bad.toml:2:17: `feedback.labels` takes a whole number, not a table
      |
    2 | feedback.labels.n = 100
      |                 ^
    "##);
}

#[test]
fn a_date_for_a_number() {
    insta::assert_snapshot!(bad_after_world("seed = 2024-01-01"), @r##"
    bad.toml:2:8: expected a whole number, found a date or time
      |
    2 | seed = 2024-01-01
      |        ^^^^^^^^^^
    "##);
}

// Numbers out of range

#[test]
fn not_a_number() {
    insta::assert_snapshot!(bad("world.answers.features.insight = { gold = nan }"), @r##"
    bad.toml:1:43: nan is out of range: this must be a number from -1e30 to 1e30
      |
    1 | world.answers.features.insight = { gold = nan }
      |                                           ^^^
    "##);
}

#[test]
fn an_infinite_weight() {
    insta::assert_snapshot!(bad_after_world("overseer.believes = { flattery = inf }"), @r##"
    bad.toml:2:34: inf is out of range: this must be a number from -1e30 to 1e30
      |
    2 | overseer.believes = { flattery = inf }
      |                                  ^^^
    "##);
}

#[test]
fn a_probability_above_one() {
    insta::assert_snapshot!(bad_after_world("overseer.choice.mistake = 1.5"), @r##"
    bad.toml:2:27: 1.5 is out of range: this must be from 0 to 1
      |
    2 | overseer.choice.mistake = 1.5
      |                           ^^^
    "##);
}

#[test]
fn a_rate_below_zero() {
    insta::assert_snapshot!(bad_after_world("optimizer.policy_gradient = { iterations = 10, rate = -0.1 }"), @r##"
    bad.toml:2:55: -0.1 is out of range: this must be above 0 (from 1e-30 to 1e30)
      |
    2 | optimizer.policy_gradient = { iterations = 10, rate = -0.1 }
      |                                                       ^^^^
    "##);
}

#[test]
fn negative_labels() {
    insta::assert_snapshot!(bad_after_world("feedback.labels = -1"), @r##"
    bad.toml:2:19: -1 is out of range: this must be a whole number from 0 to 4294967295
      |
    2 | feedback.labels = -1
      |                   ^^
    "##);
}

#[test]
fn a_number_too_large_for_any_type() {
    insta::assert_snapshot!(bad_after_world("seed = 99999999999999999999"), @r##"
    bad.toml:2:8: 99999999999999999999 is out of range: this must be a whole number from 0 to 4294967295
      |
    2 | seed = 99999999999999999999
      |        ^^^^^^^^^^^^^^^^^^^^
    "##);
}

#[test]
fn no_seeds() {
    insta::assert_snapshot!(bad_after_world("seeds = 0"), @r##"
    bad.toml:2:9: 0 is out of range: this must be a whole number from 1 to 1000000000
      |
    2 | seeds = 0
      |         ^
    "##);
}

#[test]
fn no_answers() {
    insta::assert_snapshot!(bad_after_world("world.answers.answers = 0"), @r##"
    bad.toml:2:25: 0 is out of range: this must be a whole number from 1 to 1000000000
      |
    2 | world.answers.answers = 0
      |                         ^
    "##);
}

#[test]
fn no_rounds() {
    insta::assert_snapshot!(bad_after_world("feedback.rounds = 0"), @r##"
    bad.toml:2:19: 0 is out of range: this must be a whole number from 1 to 1000000000
      |
    2 | feedback.rounds = 0
      |                   ^
    "##);
}

#[test]
fn a_flip_rate_of_one_half() {
    insta::assert_snapshot!(bad_after_world("reward_model.linear.mistake = 0.5"), @r##"
    bad.toml:2:31: 0.5 is out of range: this must be from 0 up to, but not including, 0.5
      |
    2 | reward_model.linear.mistake = 0.5
      |                               ^^^
    "##);
}

#[test]
fn an_impossible_correlation() {
    insta::assert_snapshot!(bad("world.answers.features = { a = {}, b = { correlation = { a = 1.0 } } }"), @r##"
    bad.toml:1:62: 1.0 is out of range: this must be strictly between -1 and 1
      |
    1 | world.answers.features = { a = {}, b = { correlation = { a = 1.0 } } }
      |                                                              ^^^
    "##);
}

#[test]
fn zero_pressure() {
    insta::assert_snapshot!(bad_after_world("optimizer.best_of_n.n = [0, 1]"), @r##"
    bad.toml:2:26: 0 is out of range: this must be a whole number from 1 to 1000000000
      |
    2 | optimizer.best_of_n.n = [0, 1]
      |                          ^
    "##);
}

#[test]
fn an_empty_list_of_pressures() {
    insta::assert_snapshot!(bad_after_world("optimizer.best_of_n.n = []"), @r##"
    bad.toml:2:25: an empty list: give at least one level of pressure
      |
    2 | optimizer.best_of_n.n = []
      |                         ^^
    "##);
}

// Things that are missing

#[test]
fn no_world() {
    insta::assert_snapshot!(bad("seed = 1"), @r##"
    bad.toml:1:1: `world` is missing
      |
    1 | seed = 1
      | ^
      = The world: one of answers, gridworld, graph, opportunity
    "##);
}

#[test]
fn no_features() {
    insta::assert_snapshot!(bad(r#"[world.answers]
prompts = 4"#), @r##"
    bad.toml:1:8: `features` is missing
      |
    1 | [world.answers]
      |        ^^^^^^^
      = The features of an answer, by name: a table
    "##);
}

#[test]
fn no_feature() {
    insta::assert_snapshot!(bad("world.answers.features = {}"), @r##"
    bad.toml:1:15: a world needs at least one feature
      |
    1 | world.answers.features = {}
      |               ^^^^^^^^
      = e.g. insight = { gold = 1 }
    "##);
}

#[test]
fn a_missing_setting() {
    insta::assert_snapshot!(bad(r#"world.answers.features = { style = { tail = "student_t" } }"#), @r##"
    bad.toml:1:45: `df` is missing
      |
    1 | world.answers.features = { style = { tail = "student_t" } }
      |                                             ^^^^^^^^^^^
      = Degrees of freedom: a number
    "##);
}

#[test]
fn a_choice_without_a_variant() {
    insta::assert_snapshot!(bad_after_world(r#"optimizer = "tilt""#), @r##"
    bad.toml:2:13: `tilt` names none of its variants
      |
    2 | optimizer = "tilt"
      |             ^^^^^^
      = one of beta, kl
    "##);
}

#[test]
fn a_variant_without_its_value() {
    insta::assert_snapshot!(bad_after_world(r#"optimizer.tilt = "kl""#), @r##"
    bad.toml:2:18: `kl` is missing
      |
    2 | optimizer.tilt = "kl"
      |                  ^^^^
      = a number or a list of numbers
    "##);
}

// Features

#[test]
fn an_unknown_feature_in_hidden() {
    insta::assert_snapshot!(bad_after_world(r#"overseer.hidden = ["flatery"]"#), @r##"
    bad.toml:2:20: there is no feature `flatery`
      |
    2 | overseer.hidden = ["flatery"]
      |                    ^^^^^^^^^ did you mean `flattery`?
      = allowed: insight, flattery, style, style_1, style_2, style_3, style_4, style_5, style_6, style_7, style_8
    "##);
}

#[test]
fn an_unknown_feature_in_believes() {
    insta::assert_snapshot!(bad_after_world("overseer.believes = { insight = 2, flatery = 0.8 }"), @r##"
    bad.toml:2:36: there is no feature `flatery`
      |
    2 | overseer.believes = { insight = 2, flatery = 0.8 }
      |                                    ^^^^^^^ did you mean `flattery`?
      = allowed: insight, flattery, style, style_1, style_2, style_3, style_4, style_5, style_6, style_7, style_8
    "##);
}

#[test]
fn an_unknown_feature_of_the_reward_model() {
    insta::assert_snapshot!(bad_after_world(r#"reward_model.linear.features = ["insight", "stile"]"#), @r##"
    bad.toml:2:44: there is no feature `stile`
      |
    2 | reward_model.linear.features = ["insight", "stile"]
      |                                            ^^^^^^^ did you mean `style`?
      = allowed: insight, flattery, style, style_1, style_2, style_3, style_4, style_5, style_6, style_7, style_8
    "##);
}

#[test]
fn an_unknown_feature_in_a_correlation() {
    insta::assert_snapshot!(bad("world.answers.features = { a = {}, b = { correlation = { c = 0.5 } } }"), @r##"
    bad.toml:1:58: there is no feature `c`
      |
    1 | world.answers.features = { a = {}, b = { correlation = { c = 0.5 } } }
      |                                                          ^
      = allowed: a, b
    "##);
}

#[test]
fn an_unknown_feature_in_the_budget() {
    insta::assert_snapshot!(bad_after_world(r#"world.answers.budget.features = ["insight", "flatery"]"#), @r##"
    bad.toml:2:45: there is no feature `flatery`
      |
    2 | world.answers.budget.features = ["insight", "flatery"]
      |                                             ^^^^^^^^^ did you mean `flattery`?
      = allowed: insight, flattery, style, style_1, style_2, style_3, style_4, style_5, style_6, style_7, style_8
    "##);
}

#[test]
fn a_copy_that_does_not_exist() {
    insta::assert_snapshot!(bad_after_world(r#"overseer.hidden = ["style_9"]"#), @r##"
    bad.toml:2:20: there is no feature `style_9`
      |
    2 | overseer.hidden = ["style_9"]
      |                    ^^^^^^^^^ did you mean `style_1`?
      = allowed: insight, flattery, style, style_1, style_2, style_3, style_4, style_5, style_6, style_7, style_8
    "##);
}

#[test]
fn a_feature_listed_twice() {
    insta::assert_snapshot!(bad_after_world(r#"overseer.hidden = ["insight", "insight"]"#), @r##"
    bad.toml:2:31: `insight` is listed twice
      |
    2 | overseer.hidden = ["insight", "insight"]
      |                               ^^^^^^^^^
      = list it once
    "##);
}

#[test]
fn a_copy_beside_its_group() {
    insta::assert_snapshot!(bad_after_world(r#"overseer.hidden = ["style", "style_3"]"#), @r##"
    bad.toml:2:29: `style_3` and `style` both stand for `style_3`
      |
    2 | overseer.hidden = ["style", "style_3"]
      |                             ^^^^^^^^^
      = keep one of the two
    "##);
}

#[test]
fn a_model_of_nothing() {
    insta::assert_snapshot!(bad_after_world("reward_model.linear.features = []"), @r##"
    bad.toml:2:32: a model without features can represent nothing
      |
    2 | reward_model.linear.features = []
      |                                ^^
      = name at least one, or leave it out for all
    "##);
}

#[test]
fn a_budget_of_one() {
    insta::assert_snapshot!(bad_after_world(r#"world.answers.budget.features = ["insight"]"#), @r##"
    bad.toml:2:33: a budget is shared by at least two features
      |
    2 | world.answers.budget.features = ["insight"]
      |                                 ^^^^^^^^^^^
      = name another, or drop the budget
    "##);
}

#[test]
fn a_name_that_no_feature_can_have() {
    insta::assert_snapshot!(bad("world.answers.features = { Insight = {} }"), @r##"
    bad.toml:1:28: `Insight` cannot be the name of a feature
      |
    1 | world.answers.features = { Insight = {} }
      |                            ^^^^^^^
      = a letter a-z, then a-z, 0-9 and _
    "##);
}

#[test]
fn a_name_that_a_copy_has() {
    insta::assert_snapshot!(bad("world.answers.features = { style = { count = 2 }, style_1 = {} }"), @r##"
    bad.toml:1:51: `style_1` and `style` both make a feature called `style_1`
      |
    1 | world.answers.features = { style = { count = 2 }, style_1 = {} }
      |                                                   ^^^^^^^
      = rename one of them
    "##);
}

#[test]
fn a_name_that_a_square_has() {
    insta::assert_snapshot!(bad("world.answers.features = { x = { curvature = -1 }, x_squared = {} }"), @r##"
    bad.toml:1:52: `x_squared` and `x` both make a feature called `x_squared`
      |
    1 | world.answers.features = { x = { curvature = -1 }, x_squared = {} }
      |                                                    ^^^^^^^^^
      = rename one of them
    "##);
}

// Settings that do not go together

#[test]
fn more_draws_than_answers() {
    insta::assert_snapshot!(bad_after_world(r#"world.answers.answers = 16
optimizer.best_of_n = { draws = "fresh", n = [4, 16, 64] }"#), @r##"
    bad.toml:3:54: n = 64 draws without replacement from 16 answers
      |
    3 | optimizer.best_of_n = { draws = "fresh", n = [4, 16, 64] }
      |                                                      ^^
      = n ≤ world.answers.answers, or draws = "pool"
    "##);
}

#[test]
fn falling_pressure() {
    insta::assert_snapshot!(bad_after_world("optimizer.best_of_n.n = [1, 16, 4]"), @r##"
    bad.toml:2:33: 4 after 16: the levels must increase
      |
    2 | optimizer.best_of_n.n = [1, 16, 4]
      |                                 ^
      = list them from weak to strong pressure, none twice
    "##);
}

#[test]
fn rising_beta() {
    insta::assert_snapshot!(bad_after_world("optimizer.tilt.beta = [1, 2]"), @r##"
    bad.toml:2:27: 2 after 1: the levels must decrease
      |
    2 | optimizer.tilt.beta = [1, 2]
      |                           ^
      = list them from weak to strong pressure, none twice
    "##);
}

#[test]
fn the_same_pressure_twice() {
    insta::assert_snapshot!(bad_after_world("optimizer.tilt.kl = [1, 1]"), @r##"
    bad.toml:2:25: 1 after 1: the levels must increase
      |
    2 | optimizer.tilt.kl = [1, 1]
      |                         ^
      = list them from weak to strong pressure, none twice
    "##);
}

#[test]
fn labels_and_budget() {
    insta::assert_snapshot!(bad_after_world("feedback = { labels = 10, budget = 10.0 }"), @r##"
    bad.toml:2:36: both labels = 10 and budget = 10.0 are given
      |
    2 | feedback = { labels = 10, budget = 10.0 }
      |                                    ^^^^
      = give one of them; in a patch, `feedback.labels = {}` takes the other away
    "##);
}

#[test]
fn a_budget_for_free_labels() {
    insta::assert_snapshot!(bad_after_world(r#"feedback.budget = 10.0
overseer.prices.label = 0"#), @r##"
    bad.toml:2:19: a budget buys no end of labels that cost nothing
      |
    2 | feedback.budget = 10.0
      |                   ^^^^
      = give labels instead, or overseer.prices.label above 0
    "##);
}

#[test]
fn more_rounds_than_labels() {
    insta::assert_snapshot!(bad_after_world("feedback = { labels = 3, rounds = 4 }"), @r##"
    bad.toml:2:35: 4 rounds are more than there are labels: 3
      |
    2 | feedback = { labels = 3, rounds = 4 }
      |                                   ^
      = every round needs at least one label
    "##);
}

#[test]
fn a_rationality_of_zero() {
    insta::assert_snapshot!(bad_after_world("overseer.choice.rationality = 0"), @r##"
    bad.toml:2:31: a rationality of 0 is out of range: this must be above 0, or inf
      |
    2 | overseer.choice.rationality = 0
      |                               ^
      = under compat = "bpref" 0 and less mean perfectly rational
    "##);
}

#[test]
fn imitation_cannot_skip() {
    insta::assert_snapshot!(bad_after_world(r#"overseer.choice = { compat = "imitation", skip = 0.1 }"#), @r##"
    bad.toml:2:50: compat = "imitation" knows no skip
      |
    2 | overseer.choice = { compat = "imitation", skip = 0.1 }
      |                                                  ^^^
      = take away skip or compat
    "##);
}

// Absurd sizes

#[test]
fn a_table_that_fits_no_memory() {
    insta::assert_snapshot!(bad("world.answers = { prompts = 1000, answers = 1000000, features = { a = {} } }"), @r##"
    bad.toml:1:45: 1000 prompts × 1000000 answers × 1 features need 67.1 GiB
      |
    1 | world.answers = { prompts = 1000, answers = 1000000, features = { a = {} } }
      |                                             ^^^^^^^
      = at most 2 GiB: fewer answers or prompts
    "##);
}

#[test]
fn a_million_copies() {
    insta::assert_snapshot!(bad("world.answers.features = { a = { count = 1000000 } }"), @r##"
    bad.toml:1:42: 1000000 features, copies and squares included, are too many
      |
    1 | world.answers.features = { a = { count = 1000000 } }
      |                                          ^^^^^^^
      = at most 1000
    "##);
}

#[test]
fn too_many_labels() {
    insta::assert_snapshot!(bad_after_world("feedback.labels = 20_000_000"), @r##"
    bad.toml:2:19: 20000000 labels are too many
      |
    2 | feedback.labels = 20_000_000
      |                   ^^^^^^^^^^
      = at most 10000000 labels
    "##);
}

#[test]
fn too_many_rounds() {
    insta::assert_snapshot!(bad_after_world("feedback.rounds = 2000"), @r##"
    bad.toml:2:19: 2000 rounds are too many
      |
    2 | feedback.rounds = 2000
      |                   ^^^^
      = at most 1000
    "##);
}

#[test]
fn too_many_episodes() {
    insta::assert_snapshot!(bad_after_world("optimizer.policy_gradient = { iterations = [10, 1_000_000], episodes = 10_000 }"), @r##"
    bad.toml:2:49: 1000000 iterations of 10000 episodes are too much work
      |
    2 | optimizer.policy_gradient = { iterations = [10, 1_000_000], episodes = 10_000 }
      |                                                 ^^^^^^^^^
      = at most 1000000000 episodes in all
    "##);
}

// Patches

#[test]
fn a_path_set_twice() {
    insta::assert_snapshot!(bad_after_world(r#"feedback.labels = 10
"feedback.labels" = 20"#), @r##"
    bad.toml:3:2: `feedback.labels` is set twice
      |
    3 | "feedback.labels" = 20
      |  ^^^^^^^^^^^^^^^
      = keep one of the two
    "##);
}

#[test]
fn a_path_and_a_part_of_it() {
    insta::assert_snapshot!(bad_after_world(r#""overseer.choice" = {}
overseer.choice.mistake = 0.1"#), @r##"
    bad.toml:3:1: `overseer.choice.mistake` is set twice
      |
    3 | overseer.choice.mistake = 0.1
      | ^^^^^^^^^^^^^^^^^^^^^^^
      = keep one of the two
    "##);
}

#[test]
fn two_variants_in_one_table() {
    insta::assert_snapshot!(bad_after_world(r#"[reward_model]
linear = { l2 = 1 }
gold = {}"#), @r##"
    bad.toml:4:1: `reward_model` cannot be both `linear` and `gold`
      |
    4 | gold = {}
      | ^^^^
      = keep one of the two
    "##);
}

#[test]
fn two_variants_in_one_patch() {
    insta::assert_snapshot!(bad_after_world(r#"[variants.x]
"optimizer.tilt.kl" = [1, 2]
"optimizer.best_of_n.n" = [1, 2]"#), @r##"
    bad.toml:4:2: `optimizer` cannot be both `tilt` and `best_of_n`
      |
    4 | "optimizer.best_of_n.n" = [1, 2]
      |  ^^^^^^^^^^^^^^^^^^^^^
      = keep one of the two
    "##);
}

#[test]
fn an_unknown_key_in_a_variant() {
    insta::assert_snapshot!(bad_after_world(r#"[variants.control]
overseer.believs = {}"#), @r##"
    bad.toml:3:10: `overseer` has no key `believs`
      |
    3 | overseer.believs = {}
      |          ^^^^^^^ did you mean `believes`?
      = allowed: sees, hidden, unseen, believes, error, choice, prices
    "##);
}

#[test]
fn an_unknown_feature_in_a_variant() {
    insta::assert_snapshot!(bad_after_world(r#"[variants.control]
overseer.hidden = ["insigth"]"#), @r##"
    bad.toml:3:20: there is no feature `insigth`
      |
    3 | overseer.hidden = ["insigth"]
      |                    ^^^^^^^^^ did you mean `insight`?
      = allowed: insight, flattery, style, style_1, style_2, style_3, style_4, style_5, style_6, style_7, style_8
    "##);
}

#[test]
fn a_bad_value_in_a_named_axis() {
    insta::assert_snapshot!(bad_after_world(r#"[axes.failure.wrong]
overseer.choice.mistake = 2"#), @r##"
    bad.toml:3:27: 2 is out of range: this must be from 0 to 1
      |
    3 | overseer.choice.mistake = 2
      |                           ^
    "##);
}

#[test]
fn base_as_the_name_of_a_level() {
    insta::assert_snapshot!(bad_after_world(r#"[variants.base]
feedback.labels = 1"#), @r##"
    bad.toml:2:11: `base` cannot be the name of a patch
      |
    2 | [variants.base]
      |           ^^^^
      = `base` is the config without a patch; call this level something else, or write base = false
    "##);
}

#[test]
fn a_level_with_a_capital() {
    insta::assert_snapshot!(bad_after_world(r#"[axes.failure.Wrong]
feedback.labels = 1"#), @r##"
    bad.toml:2:15: `Wrong` cannot be the name of a level
      |
    2 | [axes.failure.Wrong]
      |               ^^^^^
      = names are made of a-z, 0-9 and _
    "##);
}

#[test]
fn an_axis_without_levels() {
    insta::assert_snapshot!(bad_after_world(r#"[axes.failure]
base = false"#), @r##"
    bad.toml:2:7: `failure` names no level
      |
    2 | [axes.failure]
      |       ^^^^^^^
      = name at least one: a level is a table of settings
    "##);
}

#[test]
fn an_axis_called_like_a_column() {
    insta::assert_snapshot!(bad_after_world(r#"[axes.round.late]
feedback.labels = 1"#), @r##"
    bad.toml:2:7: an axis cannot be called `round`
      |
    2 | [axes.round.late]
      |       ^^^^^
      = results have a column of that name
    "##);
}

#[test]
fn a_level_that_is_no_table() {
    insta::assert_snapshot!(bad_after_world(r#"[variants]
control = 3"#), @r##"
    bad.toml:3:11: expected a table of settings, found the whole number 3
      |
    3 | control = 3
      |           ^
    "##);
}

#[test]
fn seeds_in_a_variant() {
    insta::assert_snapshot!(bad_after_world(r#"[variants.more]
seeds = 7"#), @r##"
    bad.toml:3:1: `seeds` belongs to the whole experiment: no axis can set it
      |
    3 | seeds = 7
      | ^^^^^
      = set it at the top of the file, with --set or in [quick]
    "##);
}

#[test]
fn title_in_a_named_axis() {
    insta::assert_snapshot!(bad_after_world(r#"[axes.failure.wrong]
title = "x""#), @r##"
    bad.toml:3:1: `title` belongs to the whole experiment: no axis can set it
      |
    3 | title = "x"
      | ^^^^^
      = set it at the top of the file, with --set or in [quick]
    "##);
}

#[test]
fn an_unknown_key_in_quick() {
    insta::assert_snapshot!(bad_after_world(r#"[quick]
seds = 3"#), @r##"
    bad.toml:3:1: there is no key `seds`
      |
    3 | seds = 3
      | ^^^^ did you mean `seeds`?
      = allowed: name, title, about, seed, seeds, world, overseer, feedback, reward_model, optimizer
    "##);
}

// Sweeps

#[test]
fn an_empty_sweep() {
    insta::assert_snapshot!(bad_after_world(r#"[sweep]
"feedback.labels" = []"#), @r##"
    bad.toml:3:21: an empty list of levels
      |
    3 | "feedback.labels" = []
      |                     ^^
      = give at least one level
    "##);
}

#[test]
fn a_sweep_of_mixed_types() {
    insta::assert_snapshot!(bad_after_world(r#"[sweep]
"feedback.labels" = [10, "many"]"#), @r##"
    bad.toml:3:26: the text "many" among levels that are whole numbers
      |
    3 | "feedback.labels" = [10, "many"]
      |                          ^^^^^^
      = the levels of one axis are all numbers, all texts, or all true or false
    "##);
}

#[test]
fn a_sweep_that_is_no_list() {
    insta::assert_snapshot!(bad_after_world(r#"[sweep]
feedback.labels = 10"#), @r##"
    bad.toml:3:19: expected a list of levels, found the whole number 10
      |
    3 | feedback.labels = 10
      |                   ^^
      = put it in [ ]
    "##);
}

#[test]
fn a_sweep_over_lists() {
    insta::assert_snapshot!(bad_after_world(r#"[sweep]
"overseer.hidden" = [["insight"], []]"#), @r##"
    bad.toml:3:22: expected a scalar, found a list
      |
    3 | "overseer.hidden" = [["insight"], []]
      |                      ^^^^^^^^^^^
      = a level is a number, a text, true or false; for anything larger name a patch: [axes.NAME.LEVEL]
    "##);
}

#[test]
fn a_level_twice() {
    insta::assert_snapshot!(bad_after_world(r#"[sweep]
"overseer.choice.mistake" = [0, 0.1, 0.0]"#), @r##"
    bad.toml:3:38: the level 0 is listed twice
      |
    3 | "overseer.choice.mistake" = [0, 0.1, 0.0]
      |                                      ^^^
      = list it once
    "##);
}

#[test]
fn a_bad_level() {
    insta::assert_snapshot!(bad_after_world(r#"[sweep]
"overseer.choice.mistake" = [0.0, 0.5, 1.5]"#), @r##"
    bad.toml:3:40: 1.5 is out of range: this must be from 0 to 1
      |
    3 | "overseer.choice.mistake" = [0.0, 0.5, 1.5]
      |                                        ^^^
    "##);
}

#[test]
fn a_level_of_the_wrong_kind() {
    insta::assert_snapshot!(bad_after_world(r#"[sweep]
"feedback.labels" = [1.5, 2.5]"#), @r##"
    bad.toml:3:22: expected a whole number, found the number 1.5
      |
    3 | "feedback.labels" = [1.5, 2.5]
      |                      ^^^
    "##);
}

#[test]
fn a_level_that_does_not_fit() {
    insta::assert_snapshot!(bad_after_world(r#"world.answers.answers = 100
optimizer.best_of_n.draws = "fresh"
[sweep]
"optimizer.best_of_n.n" = [10, 1000]"#), @r##"
    bad.toml:5:32: n = 1000 draws without replacement from 100 answers
      |
    5 | "optimizer.best_of_n.n" = [10, 1000]
      |                                ^^^^
      = n ≤ world.answers.answers, or draws = "pool"
    "##);
}

#[test]
fn an_unknown_path_in_a_sweep() {
    insta::assert_snapshot!(bad_after_world(r#"[sweep]
"feedback.label" = [1, 2]"#), @r##"
    bad.toml:3:11: `feedback` has no key `label`
      |
    3 | "feedback.label" = [1, 2]
      |           ^^^^^ did you mean `labels`?
      = allowed: labels, budget, segment, rounds, from, query, protocol
    "##);
}

#[test]
fn an_unknown_feature_in_a_sweep_path() {
    insta::assert_snapshot!(bad_after_world(r#"[sweep]
"world.answers.features.flatery.gold" = [1, 2]"#), @r##"
    bad.toml:3:25: `world.answers.features` has no `flatery`
      |
    3 | "world.answers.features.flatery.gold" = [1, 2]
      |                         ^^^^^^^ did you mean `flattery`?
      = allowed: insight, flattery, style
    "##);
}

#[test]
fn an_unknown_belief_in_a_sweep_path() {
    insta::assert_snapshot!(bad_after_world(r#"[sweep]
"overseer.believes.flatery" = [1, 2]"#), @r##"
    bad.toml:3:20: there is no feature `flatery`
      |
    3 | "overseer.believes.flatery" = [1, 2]
      |                    ^^^^^^^ did you mean `flattery`?
      = allowed: insight, flattery, style, style_1, style_2, style_3, style_4, style_5, style_6, style_7, style_8
    "##);
}

#[test]
fn a_sweep_over_seeds() {
    insta::assert_snapshot!(bad_after_world(r#"[sweep]
seed = [1, 2]"#), @r##"
    bad.toml:3:1: `seed` belongs to the whole experiment: no axis can set it
      |
    3 | seed = [1, 2]
      | ^^^^
      = set it at the top of the file, with --set or in [quick]
    "##);
}

#[test]
fn a_path_swept_twice() {
    insta::assert_snapshot!(bad_after_world(r#"[sweep]
"feedback.labels" = [1, 2]
feedback.labels = [3, 4]"#), @r##"
    bad.toml:4:1: `feedback.labels` is set twice
      |
    4 | feedback.labels = [3, 4]
      | ^^^^^^^^^^^^^^^
      = keep one of the two
    "##);
}

#[test]
fn a_swept_path_in_a_variant() {
    insta::assert_snapshot!(bad_after_world(r#"[sweep]
"feedback.labels" = [1, 2]
[variants.more]
feedback.labels = 5"#), @r##"
    bad.toml:5:1: the axis `feedback.labels` sweeps this already
      |
    5 | feedback.labels = 5
      | ^^^^^^^^^^^^^^^
      = a swept path belongs to one axis; take it out of the other
    "##);
}

#[test]
fn a_swept_path_cleared_in_a_variant() {
    insta::assert_snapshot!(bad_after_world(r#"[sweep]
"overseer.choice.mistake" = [0, 0.1]
[variants.more]
overseer.choice = {}"#), @r##"
    bad.toml:5:1: the axis `overseer.choice.mistake` sweeps this already
      |
    5 | overseer.choice = {}
      | ^^^^^^^^^^^^^^^
      = a swept path belongs to one axis; take it out of the other
    "##);
}

#[test]
fn a_swept_variant_replaced_in_an_axis() {
    insta::assert_snapshot!(bad_after_world(r#"[axes.how.tilt]
optimizer.tilt.kl = [1, 2]
[sweep]
"optimizer.best_of_n.n" = [1, 2]"#), @r##"
    bad.toml:3:1: the axis `optimizer.best_of_n.n` sweeps this already
      |
    3 | optimizer.tilt.kl = [1, 2]
      | ^^^^^^^^^^^^^^^^^
      = a swept path belongs to one axis; take it out of the other
    "##);
}

#[test]
fn too_many_cells() {
    insta::assert_snapshot!(bad_after_world(r#"[sweep]
"feedback.labels" = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40]
"overseer.believes.insight" = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40]
"overseer.prices.call" = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40]
"overseer.prices.audit" = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40]
"#), @r##"
    bad.toml:6:2: too many cells: 2560000 and more
      |
    6 | "overseer.prices.audit" = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36
      |  ^^^^^^^^^^^^^^^^^^^^^
      = at most 100000; drop levels or axes
    "##);
}

// The command line

#[test]
fn an_unknown_path_in_set() {
    insta::assert_snapshot!(bad_sets("seed = 1", &["feedback.lables=5"]), @r##"
    --set:1:10: `feedback` has no key `lables`
      |
    1 | feedback.lables=5
      |          ^^^^^^ did you mean `labels`?
      = allowed: labels, budget, segment, rounds, from, query, protocol
    "##);
}

#[test]
fn a_set_without_a_value() {
    insta::assert_snapshot!(bad_sets("seed = 1", &["feedback.labels"]), @r##"
    --set:1:1: expected path=value
      |
    1 | feedback.labels
      | ^^^^^^^^^^^^^^^
      = write path=value, e.g. --set feedback.labels=100 or --set 'overseer.hidden=["length"]'
    "##);
}

#[test]
fn a_set_of_nonsense() {
    insta::assert_snapshot!(bad_sets("seed = 1", &["feed back=1"]), @r##"
    --set:1:1: `feed back` is not a path
      |
    1 | feed back=1
      | ^^^^^^^^^
      = write path=value, e.g. --set feedback.labels=100 or --set 'overseer.hidden=["length"]'
    "##);
}

#[test]
fn a_bare_text_in_set() {
    insta::assert_snapshot!(bad_sets("seed = 1", &["seed=2", "feedback.labels=many"]), @r##"
    --set:1:17: expected a whole number, found the text "many"
      |
    1 | feedback.labels=many
      |                 ^^^^
    "##);
}

#[test]
fn an_unknown_feature_in_set() {
    insta::assert_snapshot!(bad_sets("seed = 1", &["world.answers.features.flatery.gold=1"]), @r##"
    --set:1:24: `world.answers.features` has no `flatery`
      |
    1 | world.answers.features.flatery.gold=1
      |                        ^^^^^^^ did you mean `flattery`?
      = allowed: insight, flattery, style
    "##);
}

#[test]
fn a_range_in_set() {
    insta::assert_snapshot!(bad_sets("seed = 1", &["overseer.choice.mistake=1.5"]), @r##"
    --set:1:25: 1.5 is out of range: this must be from 0 to 1
      |
    1 | overseer.choice.mistake=1.5
      |                         ^^^
    "##);
}

#[test]
fn a_path_set_twice_in_set() {
    insta::assert_snapshot!(bad_sets("seed = 1", &["seed=1", r#""seed"=2"#]), @r##"
    --set:1:1: `seed` is set twice
      |
    1 | "seed"=2
      | ^^^^^^
      = keep one of the two
    "##);
}

#[test]
fn an_empty_axis_in_set() {
    insta::assert_snapshot!(bad_sets(r#"[sweep]
"feedback.labels" = [1, 2]"#, &["feedback.labels=[]"]), @r##"
    --set:1:17: an empty list of levels
      |
    1 | feedback.labels=[]
      |                 ^^
      = give at least one level
    "##);
}

#[test]
fn a_set_that_a_sweep_would_undo() {
    insta::assert_snapshot!(bad_sets(r#"[sweep]
"optimizer.best_of_n.n" = [1, 2]"#, &["optimizer.tilt.kl=2"]), @r##"
    --set:1:1: the sweep over `optimizer.best_of_n.n` would undo this
      |
    1 | optimizer.tilt.kl=2
      | ^^^^^^^^^^^^^^^^^
      = set `optimizer.best_of_n.n` itself: one level or a list
    "##);
}

#[test]
fn zero_seeds_on_the_command_line() {
    insta::assert_snapshot!(bad_seeds("seed = 1", 0), @r##"
    --seeds:1:7: 0 is out of range: this must be a whole number from 1 to 1000000000
      |
    1 | seeds=0
      |       ^
    "##);
}

// Undefined cells

#[test]
fn an_unknown_axis_in_undefined() {
    insta::assert_snapshot!(bad_after_world(r#"[sweep]
"feedback.labels" = [1, 2]
[[undefined]]
where = { "feedback.label" = 1 }
because = "x""#), @r##"
    bad.toml:5:12: there is no axis `feedback.label`
      |
    5 | where = { "feedback.label" = 1 }
      |            ^^^^^^^^^^^^^^ did you mean `feedback.labels`?
      = allowed: feedback.labels, variant
    "##);
}

#[test]
fn an_unknown_level_in_undefined() {
    insta::assert_snapshot!(bad_after_world(r#"[variants.control]
[[undefined]]
where = { variant = ["control", "contrl"] }
because = "x""#), @r##"
    bad.toml:4:33: `variant` has no level contrl
      |
    4 | where = { variant = ["control", "contrl"] }
      |                                 ^^^^^^^^ did you mean `control`?
      = allowed: base, control
    "##);
}

#[test]
fn undefined_without_a_reason() {
    insta::assert_snapshot!(bad_after_world(r#"[variants.control]
[[undefined]]
where = { variant = "control" }"#), @r##"
    bad.toml:3:1: `because` is missing
      |
    3 | [[undefined]]
      | ^^^^^^^^^^^^^
      = where = { axis = level, … } and because = "…"
    "##);
}

#[test]
fn every_cell_undefined() {
    insta::assert_snapshot!(bad_after_world(r#"[variants.control]
[[undefined]]
where = { variant = ["base", "control"] }
because = "x""#), @r##"
    bad.toml:4:1: `undefined` leaves out every cell
      |
    4 | where = { variant = ["base", "control"] }
      | ^^^^^
      = leave one in
    "##);
}

#[test]
fn undefined_everywhere() {
    insta::assert_snapshot!(bad_after_world(r#"[[undefined]]
where = {}
because = "x""#), @r##"
    bad.toml:3:9: an empty `where` leaves out every cell
      |
    3 | where = {}
      |         ^^
      = name at least one axis
    "##);
}

// Figures

#[test]
fn an_unknown_axis_in_a_figure() {
    insta::assert_snapshot!(bad_after_world(r#"[[figures]]
name = "f"
x = "presure"
y = "gold""#), @r##"
    bad.toml:4:5: there is no axis `presure`
      |
    4 | x = "presure"
      |     ^^^^^^^^^ did you mean `pressure`?
      = allowed: variant, round, pressure, kl, sqrt_kl
    "##);
}

#[test]
fn an_unknown_series_in_a_figure() {
    insta::assert_snapshot!(bad_after_world(r#"[[figures]]
name = "f"
x = "pressure"
y = "gold"
by = "feedback.labels""#), @r##"
    bad.toml:6:6: there is no axis `feedback.labels`
      |
    6 | by = "feedback.labels"
      |      ^^^^^^^^^^^^^^^^^
      = allowed: variant, round, pressure
    "##);
}

#[test]
fn an_unknown_metric() {
    insta::assert_snapshot!(bad_after_world(r#"[[figures]]
name = "f"
x = "pressure"
y = ["gold", "aproval"]"#), @r##"
    bad.toml:5:14: there is no metric `aproval`
      |
    5 | y = ["gold", "aproval"]
      |              ^^^^^^^^^ did you mean `approval`?
      = allowed: gold, approval, proxy, kl, gold_fraction, efficiency, proxy_error, ignorance, wrong_values, unreached, proxy_gap, misjudgement, overestimation, underestimation, false_positive_rate, gold_watched, gold_unwatched, deploy_gap, takeover, label_accuracy, rm_accuracy, rm_brier, rm_accuracy_gold, aided_winrate, … (30 in all)
    "##);
}

#[test]
fn the_weight_of_an_unknown_feature() {
    insta::assert_snapshot!(bad_after_world(r#"[[figures]]
name = "f"
x = "pressure"
y = "weight.style""#), @r##"
    bad.toml:5:5: there is no metric `weight.style`
      |
    5 | y = "weight.style"
      |     ^^^^^^^^^^^^^^ did you mean `weight.style_1`?
      = allowed: weight.insight, weight.flattery, weight.style_1, weight.style_2, weight.style_3, weight.style_4, weight.style_5, weight.style_6, weight.style_7, weight.style_8
    "##);
}

#[test]
fn a_figure_without_y() {
    insta::assert_snapshot!(bad_after_world(r#"[[figures]]
name = "f"
x = "pressure""#), @r##"
    bad.toml:2:1: `y` is missing
      |
    2 | [[figures]]
      | ^^^^^^^^^^^
      = a figure has a name, x and y
    "##);
}

#[test]
fn an_unknown_key_of_a_figure() {
    insta::assert_snapshot!(bad_after_world(r#"[[figures]]
name = "f"
x = "pressure"
y = "gold"
colour = "red""#), @r##"
    bad.toml:6:1: a figure has no key `colour`
      |
    6 | colour = "red"
      | ^^^^^^
      = allowed: name, title, kind, x, y, by, rows, columns, where, theory, statistic
    "##);
}

#[test]
fn an_axis_that_is_not_pinned() {
    insta::assert_snapshot!(bad_after_world(r#"[[figures]]
name = "f"
x = "pressure"
y = "gold"
[sweep]
"feedback.labels" = [1, 2]"#), @r##"
    bad.toml:2:1: the axis `feedback.labels` has 2 levels and is not pinned
      |
    2 | [[figures]]
      | ^^^^^^^^^^^
      = draw it along x, by, rows or columns, or pin it: where = { "feedback.labels" = "last" }
      = its levels: 1, 2
    "##);
}

#[test]
fn pressure_that_is_not_pinned() {
    insta::assert_snapshot!(bad_after_world(r#"[[figures]]
name = "f"
x = "feedback.labels"
y = "gold"
[sweep]
"feedback.labels" = [1, 2]"#), @r##"
    bad.toml:2:1: the axis `pressure` has 5 levels and is not pinned
      |
    2 | [[figures]]
      | ^^^^^^^^^^^
      = draw it along x, by, rows or columns, or pin it: where = { pressure = "last" }
      = its levels: 1, 4, 16, 64, 256
    "##);
}

#[test]
fn a_pin_at_an_unknown_level() {
    insta::assert_snapshot!(bad_after_world(r#"[[figures]]
name = "f"
x = "pressure"
y = "gold"
where = { variant = "contrl" }
[variants.control]"#), @r##"
    bad.toml:6:21: `variant` has no level contrl
      |
    6 | where = { variant = "contrl" }
      |                     ^^^^^^^^ did you mean `control`?
      = allowed: base, control, first, last
    "##);
}

#[test]
fn an_unknown_axis_in_a_pin() {
    insta::assert_snapshot!(bad_after_world(r#"[[figures]]
name = "f"
x = "pressure"
y = "gold"
where = { varient = "base" }"#), @r##"
    bad.toml:6:11: there is no axis `varient`
      |
    6 | where = { varient = "base" }
      |           ^^^^^^^ did you mean `variant`?
      = allowed: variant, round, pressure
    "##);
}

#[test]
fn an_axis_drawn_and_pinned() {
    insta::assert_snapshot!(bad_after_world(r#"[[figures]]
name = "f"
x = "pressure"
y = "gold"
where = { pressure = "last" }"#), @r##"
    bad.toml:6:11: `pressure` is drawn along x: it cannot stand still
      |
    6 | where = { pressure = "last" }
      |           ^^^^^^^^
      = take it out of one of the two
    "##);
}

#[test]
fn an_axis_drawn_twice() {
    insta::assert_snapshot!(bad_after_world(r#"[[figures]]
name = "f"
x = "kl"
y = "gold"
by = "pressure""#), @r##"
    bad.toml:6:6: `pressure` is drawn along x already
      |
    6 | by = "pressure"
      |      ^^^^^^^^^^
      = draw each axis along one thing
    "##);
}

/// A figure of words, for kinds that draw them.
const FIGURE: &str = "[variants.control]\n[[figures]]\nname = 'f'\nwhere = { pressure = 'last' }\n";

fn bad_figure(rest: &str) -> String {
    bad_after_world(&format!("{FIGURE}{rest}"))
}

#[test]
fn an_unknown_kind_of_figure() {
    insta::assert_snapshot!(bad_figure("kind = 'bar'\nx = 'variant'\ny = 'gold'"), @r##"
    bad.toml:6:8: there is no kind of figure `bar`
      |
    6 | kind = 'bar'
      |        ^^^^^ did you mean `bars`?
      = allowed: lines, heat, bars, bands, forest, scatter, profile
    "##);
}

#[test]
fn an_axis_of_words_along_numbers() {
    insta::assert_snapshot!(bad_figure("x = 'variant'\ny = 'gold'"), @r##"
    bad.toml:6:5: the levels of `variant` are no numbers: it cannot be x of lines
      |
    6 | x = 'variant'
      |     ^^^^^^^^^
      = draw it along by, rows or columns, or kind = "bars" or "forest"
    "##);
}

#[test]
fn a_measured_x_of_bars() {
    insta::assert_snapshot!(bad_figure("kind = 'bars'\nx = 'kl'\ny = 'gold'"), @r##"
    bad.toml:7:5: `kl` is measured and has no levels: it cannot be x of bars
      |
    7 | x = 'kl'
      |     ^^^^
      = x = "pressure", or kind = "lines"
    "##);
}

#[test]
fn an_unknown_x_of_a_scatter() {
    insta::assert_snapshot!(bad_figure("kind = 'scatter'\nx = 'aproval'\ny = 'gold'\nby = 'variant'"), @r##"
    bad.toml:7:5: there is no axis or metric `aproval`
      |
    7 | x = 'aproval'
      |     ^^^^^^^^^ did you mean `approval`?
      = allowed: variant, round, pressure, sqrt_kl, gold, approval, proxy, kl, gold_fraction, efficiency, proxy_error, ignorance, wrong_values, unreached, proxy_gap, misjudgement, overestimation, underestimation, false_positive_rate, gold_watched, gold_unwatched, deploy_gap, takeover, label_accuracy, … (32 in all)
    "##);
}

#[test]
fn a_scatter_with_a_free_axis() {
    insta::assert_snapshot!(bad_figure("kind = 'scatter'\nx = 'approval'\ny = 'gold'"), @r##"
    bad.toml:3:1: the axis `variant` has 2 levels and is not pinned
      |
    3 | [[figures]]
      | ^^^^^^^^^^^
      = draw it along x, by, rows or columns, or pin it: where = { variant = "last" }
      = its levels: base, control
    "##);
}

#[test]
fn a_profile_with_x() {
    insta::assert_snapshot!(bad_figure("kind = 'profile'\nx = 'gold'\ny = 'gold'"), @r##"
    bad.toml:7:5: a profile has no x: thresholds of y lie along it
      |
    7 | x = 'gold'
      |     ^^^^^^
      = take x away; by makes series
    "##);
}

#[test]
fn a_profile_of_two_metrics() {
    insta::assert_snapshot!(bad_figure("kind = 'profile'\ny = ['gold', 'approval']\nby = 'variant'"), @r##"
    bad.toml:7:5: a profile is of one metric: thresholds of several differ
      |
    7 | y = ['gold', 'approval']
      |     ^^^^^^^^^^^^^^^^^^^^
      = make a figure of each
    "##);
}

#[test]
fn a_profile_without_y() {
    insta::assert_snapshot!(bad_figure("kind = 'profile'\nby = 'variant'"), @r##"
    bad.toml:3:1: `y` is missing
      |
    3 | [[figures]]
      | ^^^^^^^^^^^
      = a profile has a name and y
    "##);
}

#[test]
fn a_heat_map_without_by() {
    insta::assert_snapshot!(bad_figure("kind = 'heat'\nx = 'variant'\ny = 'gold'"), @r##"
    bad.toml:3:1: `by` is missing
      |
    3 | [[figures]]
      | ^^^^^^^^^^^
      = a heat map has x across and by down
    "##);
}

#[test]
fn bands_by_an_axis() {
    insta::assert_snapshot!(
        bad_figure("kind = 'bands'\nx = 'variant'\ny = ['ignorance', 'proxy_error']\nby = 'round'"), @r##"
    bad.toml:9:6: bands are the series: there is no place for `by`
      |
    9 | by = 'round'
      |      ^^^^^^^
      = draw it along columns or rows
    "##
    );
}

#[test]
fn bands_of_one_metric() {
    insta::assert_snapshot!(bad_figure("kind = 'bands'\nx = 'variant'\ny = 'ignorance'"), @r##"
    bad.toml:8:5: bands stack several metrics, and y has one
      |
    8 | y = 'ignorance'
      |     ^^^^^^^^^^^
      = give several, or kind = "bars"
    "##);
}

#[test]
fn bands_of_interquartile_means() {
    insta::assert_snapshot!(
        bad_figure("kind = 'bands'\nx = 'variant'\ny = ['ignorance', 'proxy_error']\nstatistic = 'iqm'"), @r##"
    bad.toml:9:13: interquartile means do not add up: bands are means
      |
    9 | statistic = 'iqm'
      |             ^^^^^
      = take `statistic` away
    "##
    );
}

#[test]
fn a_statistic_of_a_scatter() {
    insta::assert_snapshot!(
        bad_figure("kind = 'scatter'\nx = 'approval'\ny = 'gold'\nby = 'variant'\nstatistic = 'iqm'"), @r##"
    bad.toml:10:13: a scatter shows every seed, no statistic of them
       |
    10 | statistic = 'iqm'
       |             ^^^^^
       = take `statistic` away
    "##
    );
}

#[test]
fn an_unknown_statistic() {
    insta::assert_snapshot!(bad_figure("kind = 'bars'\nx = 'variant'\ny = 'gold'\nstatistic = 'median'"), @r##"
    bad.toml:9:13: there is no statistic `median`
      |
    9 | statistic = 'median'
      |             ^^^^^^^^ did you mean `mean`?
      = allowed: mean, iqm
    "##);
}

#[test]
fn an_unknown_theory() {
    insta::assert_snapshot!(
        bad_after_world("[[figures]]\nname = 'f'\nx = 'pressure'\ny = 'gold'\ntheory = ['optimum', 'norml']"), @r##"
    bad.toml:6:22: there is no theory `norml`
      |
    6 | theory = ['optimum', 'norml']
      |                      ^^^^^^^ did you mean `normal`?
      = allowed: optimum, believed, normal, quadrature, game, overlap
    "##
    );
}

#[test]
fn a_theory_over_bars() {
    insta::assert_snapshot!(bad_figure("kind = 'bars'\nx = 'variant'\ny = 'gold'\ntheory = 'optimum'"), @r##"
    bad.toml:9:10: `theory` is drawn over lines and heat maps, not over bars
      |
    9 | theory = 'optimum'
      |          ^^^^^^^^^
      = take it away, or kind = "lines"
    "##);
}

#[test]
fn a_theory_without_boundaries_over_a_heat_map() {
    insta::assert_snapshot!(bad_figure("kind = 'heat'\nx = 'variant'\ny = 'gold'\ntheory = 'optimum'"), @r##"
    bad.toml:9:10: `optimum` has no boundaries to draw over a heat map
      |
    9 | theory = 'optimum'
      |          ^^^^^^^^^
      = game can be drawn over heat, others over lines
    "##);
}

/// `auc.NAME` and `missed.NAME` are of all seeds together.
#[test]
fn what_no_seed_has_by_itself() {
    let cases = [
        (
            "x = 'pressure'\ny = 'missed.golf'",
            "there is no metric `missed.golf`",
            "did you mean `missed.gold`?",
        ),
        (
            "x = 'pressure'\ny = 'auc.weight.style'",
            "no metric `auc.weight.style`",
            "did you mean `auc.weight.style_1`?",
        ),
        (
            "kind = 'profile'\ny = 'auc.gold'",
            "`auc.gold` is of all seeds together: a profile shows each",
            "`gold`, or another kind",
        ),
        (
            "kind = 'scatter'\nx = 'auc.gold'\ny = 'gold'",
            "`auc.gold` is of all seeds together: a scatter shows each",
            "`gold`, or another kind",
        ),
        (
            "x = 'pressure'\ny = ['gold', 'auc.gold']\nby = 'variant'\nstatistic = 'iqm'",
            "`auc.gold` is of all seeds together: it has no interquartile mean",
            "take `statistic` away",
        ),
    ];
    for (figure, message, help) in cases {
        let text = bad_figure(figure).replace('\n', " ");
        assert!(text.contains(message) && text.contains(help), "{text}");
    }
}

#[test]
fn two_figures_of_one_name() {
    insta::assert_snapshot!(bad_after_world(r#"[[figures]]
name = "f"
x = "pressure"
y = "gold"
[[figures]]
name = "f"
x = "pressure"
y = "gold""#), @r##"
    bad.toml:6:1: two figures are called `f`
      |
    6 | [[figures]]
      | ^^^^^^^^^^^
      = rename one of them
    "##);
}

#[test]
fn a_single_table_of_figures() {
    insta::assert_snapshot!(bad_after_world(r#"[figures]
name = "f""#), @r##"
    bad.toml:2:1: expected a list of tables, found a table
      |
    2 | [figures]
      | ^^^^^^^^^
      = write [[figures]]
    "##);
}

// Names of experiments

#[test]
fn a_name_with_a_capital() {
    insta::assert_snapshot!(bad_after_world(r#"name = "Mine""#), @r##"
    bad.toml:2:8: the text "Mine" cannot be the name of an experiment
      |
    2 | name = "Mine"
      |        ^^^^^^
      = names are made of a-z, 0-9 and _
    "##);
}

#[test]
fn a_file_whose_stem_is_no_name() {
    insta::assert_snapshot!(read("My File.toml", format!("{WORLD}seed = 1").as_bytes()), @r##"
    My File.toml:1:1: the file's stem "My File" cannot be the name of an experiment
      |
    1 | world.answers.features = { insight = { gold = 1 }, flattery = { gold = -2 }, style = { count = 8 } }
      | ^
      = add name = "…", made of a-z, 0-9 and _
    "##);
}
