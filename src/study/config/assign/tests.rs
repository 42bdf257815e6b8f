//! What a patch does to a tree.

use super::super::grammar::found;
use super::super::tree::{Tree, flatten, parse};
use super::{ConfigError, apply, patch};

const WORLD: &str = "world.answers.features = { a = { gold = 1 } }\n";

fn leaves(table: &Tree) -> Vec<String> {
    let show = |leaf: super::Leaf<'_>| {
        let path: Vec<String> = leaf.path.iter().map(|key| key.get_ref().to_string()).collect();
        format!("{} = {}", path.join("."), found(&leaf.value))
    };
    flatten(table).into_iter().map(show).collect()
}

/// The leaves of the tree after some patches, sorted.
fn after(patches: &[&str]) -> Vec<String> {
    let mut tree = Tree::new();
    for text in patches {
        let leaves = flatten(&parse(text).expect("TOML"));
        apply(patch(leaves).expect("a patch").iter(), &mut tree).expect("a choice");
    }
    let mut all = leaves(&tree);
    all.sort();
    all
}

fn refused(text: &str) -> ConfigError {
    patch(flatten(&parse(text).expect("TOML"))).err().expect("an error")
}

#[test]
fn spellings_of_a_path_are_the_same() {
    let dotted = after(&["overseer.choice.mistake = 0.1"]);
    for other in [
        "overseer = { choice = { mistake = 0.1 } }",
        "[overseer.choice]\nmistake = 0.1",
        "\"overseer.choice.mistake\" = 0.1",
        "\"overseer.choice\".mistake = 0.1",
        "[overseer]\n\"choice.mistake\" = 0.1",
    ] {
        assert_eq!(after(&[other]), dotted, "{other}");
    }
}

#[test]
fn a_key_of_a_choice_is_one_of_whichever_is_chosen() {
    let debate = "feedback.protocol.debate.slots = 4";
    let tree = after(&[debate, "feedback.protocol.skill = 0.5"]);
    let expected = [
        "feedback.protocol.debate.skill = the number 0.5",
        "feedback.protocol.debate.slots = the whole number 4",
    ];
    assert_eq!(tree, expected);
    // Whatever stands first.
    assert_eq!(after(&["feedback.protocol.skill = 0.5\nfeedback.protocol.debate.slots = 4"]), expected);
    assert_eq!(
        after(&["optimizer = 'best_of_n'", "optimizer.n = 2"]),
        ["optimizer.best_of_n.n = the whole number 2"]
    );
    // Another that is chosen later has settings of its own.
    let later = after(&[debate, "feedback.protocol.skill = 0.5", "feedback.protocol.critique.slots = 4"]);
    assert_eq!(later, ["feedback.protocol.critique.slots = the whole number 4"]);
    // The name of a variant is never one of its settings, and what no variant has is unknown.
    assert_eq!(after(&["reward_model.linear.l2 = 1", "reward_model = 'overseer'"]).len(), 1);
    assert!(refused("feedback.protocol.skil = 1").message.contains("cannot be `skil`"));
    let twice = "feedback.protocol = { debate = { slots = 4, skill = 1 }, skill = 0.5 }";
    assert!(refused(twice).message.contains("is set twice"));
    let lacks = |text: &str| {
        let patch = patch(flatten(&parse(text).expect("TOML"))).expect("a patch");
        apply(patch.iter(), &mut Tree::new()).expect_err("nothing to set").message
    };
    let said = lacks("feedback.protocol = { random_reveal = { share = 1 }, skill = 1 }");
    assert!(said.contains("`feedback.protocol` is `random_reveal` here, which has no `skill`"), "{said}");
    assert!(lacks("feedback.protocol.skill = 1").contains("is not chosen here"));
}

#[test]
fn tables_merge_and_the_rest_replaces() {
    let tree = after(&[
        "overseer = { hidden = [\"a\"], choice = { mistake = 0.1, skip = 1 } }",
        "overseer = { hidden = [], choice = { skip = 2 } }",
    ]);
    assert_eq!(
        tree,
        [
            "overseer.choice.mistake = the number 0.1",
            "overseer.choice.skip = the whole number 2",
            "overseer.hidden = a list"
        ]
    );
}

#[test]
fn another_variant_replaces_a_choice() {
    let linear = "reward_model.linear = { l2 = 5, mistake = 0.1 }";
    assert_eq!(after(&[linear, "reward_model = \"gold\""]), ["reward_model = the text \"gold\""]);
    assert_eq!(after(&[linear, "reward_model.gold = {}"]), ["reward_model = the text \"gold\""]);
    let again = "reward_model.linear.l2 = 1";
    assert_eq!(
        after(&[linear, "reward_model.gold = {}", again]),
        ["reward_model.linear.l2 = the whole number 1"]
    );
    let nested = after(&["optimizer.tilt.kl = 1", "optimizer.tilt.beta = 2"]);
    assert_eq!(nested, ["optimizer.tilt.beta = the whole number 2"]);
}

#[test]
fn the_same_variant_merges() {
    let tree = after(&["reward_model.linear.l2 = 5", "reward_model.linear.mistake = 0.1"]);
    assert_eq!(
        tree,
        ["reward_model.linear.l2 = the whole number 5", "reward_model.linear.mistake = the number 0.1"]
    );
}

#[test]
fn a_text_at_a_choice_is_that_variant_with_defaults() {
    let linear = "reward_model.linear = { l2 = 5, mistake = 0.1 }";
    assert_eq!(after(&[linear, "reward_model = \"linear\""]), ["reward_model.linear = a table"]);
    assert_eq!(after(&[linear, "reward_model.linear = {}"]), ["reward_model.linear = a table"]);
}

#[test]
fn an_empty_table_goes_back_to_the_default() {
    let believes = format!("{WORLD}overseer.believes = {{ a = 3 }}");
    let cleared = after(&[WORLD]);
    assert_eq!(after(&[&believes, "overseer.believes.a = {}"])[1..], cleared);
    let with_empty = after(&[&believes, "overseer.believes = {}"]);
    assert_eq!(with_empty[1..], cleared);
    assert_eq!(after(&["feedback = { labels = 3 }", "feedback.labels = {}"]), ["feedback = a table"]);
    // What must be there stays, with its own defaults.
    assert_eq!(after(&[WORLD, "world.answers.features.a = {}"]), ["world.answers.features.a = a table"]);
}

#[test]
fn clashes_are_found_wherever_they_stand() {
    fn read(text: &str) -> Vec<super::Assignment<'_>> {
        patch(flatten(&parse(text).expect("TOML"))).expect("a patch")
    }
    let clash = |a: &str, b: &str| read(a)[0].clash(&read(b)[0]);
    let twice = Some("`reward_model.linear.l2` is set twice".to_owned());
    let both = Some("`reward_model` cannot be both `gold` and `linear`".to_owned());
    assert_eq!(clash("feedback.labels = 1", "feedback.rounds = 1"), None);
    assert_eq!(clash("feedback.labels = 1", "feedback = {}"), Some("`feedback` is set twice".to_owned()));
    assert_eq!(clash("reward_model = \"gold\"", "reward_model.linear.l2 = 1"), both);
    assert_eq!(clash("reward_model = \"linear\"", "reward_model.linear.l2 = 1"), twice);
    refused("\"feedback.labels\" = 1\ntitle = \"x\"\nfeedback.labels = 2");
    refused("reward_model.linear = { l2 = 1, mistake = 0.1 }\n\"reward_model.gold\" = {}");
}
