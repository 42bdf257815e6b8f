use super::*;
use crate::study::config::Overrides;

const ANSWERS: &str = "world.answers = { answers = 4096, features = { a = { gold = 1 }, b = {} } }";
const MAP: &str = "world.gridworld = { map = 'absent_supervisor', horizon = 12 }";

/// What the cell of a small config counts.
fn count(world: &str, more: &str) -> Count {
    let text = format!("{world}\n{more}");
    Plan::read("test.toml", text.as_bytes(), &Overrides::default()).unwrap().count(0, &mut BTreeSet::new())
}

#[test]
fn labels_are_asked_and_fitted_in_proportion() {
    let [some, more] = [1000, 3000].map(|n| count(ANSWERS, &format!("feedback.labels = {n}")));
    // Past a thousand, none is held out. Of each: eight looks, two a step, two bisections of 4096
    // answers, and three for each of Newton's steps.
    assert_eq!(more.looks - some.looks, 2000.0 * (10.0 + 24.0 + 3.0 * 12.0));
    assert_eq!((more.draws, more.compares, more.passes), (some.draws, some.compares, some.passes));
}

#[test]
fn rounds_fit_the_labels_of_those_before_again() {
    let looks = |rounds: u32| count(ANSWERS, &format!("feedback.rounds = {rounds}")).looks;
    // 1000 labels, then 1/3 + 2/3 + 3/3 of them.
    assert_eq!(looks(3) - looks(1), 1000.0 * 36.0);
}

#[test]
fn episodes_are_walked_for_all_iterations() {
    let looks = |n: u32| {
        count(MAP, &format!("optimizer.policy_gradient = {{ iterations = {n}, policy = 'tabular' }}")).looks
    };
    // Three policies, of 64 episodes of 12 steps each iteration, whose rows then climb.
    assert_eq!(looks(300) - looks(200), 100.0 * 3.0 * 64.0 * 12.0 * (1.0 + 2.5));
    assert_eq!(looks(300) - looks(200), looks(200) - looks(100));
}

#[test]
fn levels_of_pressure_are_swept() {
    let passes = |kl: &str| count(MAP, &format!("optimizer.tilt.kl = {kl}")).passes;
    let [one, two, three] = ["[1]", "[1, 2]", "[1, 2, 3]"].map(passes);
    assert_eq!(three - two, two - one);
    assert!(two - one > 30.0 * 12.0);
}

#[test]
fn what_a_cell_before_worked_out_is_not_counted_again() {
    let plan = Plan::read("test.toml", ANSWERS.as_bytes(), &Overrides::default()).unwrap();
    let mut met = BTreeSet::new();
    let [first, again] = [0, 0].map(|cell| plan.count(cell, &mut met));
    assert!(again.compares < 0.5 * first.compares);
    assert_eq!(again.looks, first.looks);
}
