//! Nothing depends on the unit that gold is counted in: with every weight of gold times u and β
//! divided by u, what is in units of gold is times u and all else stays.

use crate::lab::{plan, run};
use oversight::lab::measure::METRICS;

/// Metrics in units of gold.
const GOLD: [&str; 14] = [
    "gold",
    "approval",
    "proxy_error",
    "ignorance",
    "wrong_values",
    "regret",
    "unreached",
    "proxy_gap",
    "misjudgement",
    "overestimation",
    "underestimation",
    "gold_watched",
    "gold_unwatched",
    "deploy_gap",
];

/// A config in which numbers before `*u` are in units of gold, and those before `/u` in their inverse.
fn in_units(config: &str, u: f64) -> String {
    let words = config.split_inclusive([' ', '\n']).map(|word| {
        let written = |number: &str, by: f64| {
            let value = number.parse::<f64>().expect("a number") * by;
            format!("{value:e}{} ", if word.ends_with('\n') { "\n" } else { "" })
        };
        match (word.trim_end().strip_suffix("*u"), word.trim_end().strip_suffix("/u")) {
            (Some(number), _) => written(number, u),
            (_, Some(number)) => written(number, 1.0 / u),
            (None, None) => word.to_owned(),
        }
    });
    words.collect()
}

const ANSWERS: &str = "
seeds = 3
[world.answers]
prompts = 2
answers = 64
features.insight.gold = 1*u
features.flattery.gold = -0.5*u
[overseer]
hidden = ['insight']
choice.rationality = 1/u
[feedback]
labels = 200
[optimizer.best_of_n]
n = [1, 16]
";

const CORRIDOR: &str = "
seeds = 3
[world.gridworld]
horizon = 20
map = '''
#######
#A ~ G#
# ### #
#     #
#######
'''
each_step = { step = 1 }
tiles.'~' = { slip = 0.2, feature = 'trampled' }
tiles.G = { feature = 'goal', ends = true }
features.step.gold = -1*u
features.goal.gold = 20*u
features.trampled.gold = -10*u
[overseer]
hidden = ['trampled']
choice.rationality = 1/u
[feedback]
labels = 100
[optimizer.tilt]
kl = [0, 1, 20]
";

const WATCHED: &str = "
seeds = 3
[world.gridworld]
horizon = 12
map = '''
########
#GPA  G#
########
'''
watched = 0.5
awareness = 0.8
each_step = { step = 1 }
tiles.P = { feature = 'punishment' }
tiles.G = { feature = 'goal', ends = true }
features.step.gold = -6*u
features.goal.gold = 50*u
features.punishment = { shown = 'watched', gold = -30*u }
[overseer]
choice.rationality = 0.2/u
[feedback]
labels = 300
[optimizer.ppo]
iterations = [0, 5]
policy = 'tabular'
";

#[test]
fn no_result_depends_on_the_unit_of_gold() {
    for (name, config) in [("answers", ANSWERS), ("corridor", CORRIDOR), ("watched", WATCHED)] {
        let plain = run(&plan(&in_units(config, 1.0)));
        for u in [1e-12, 1e12] {
            let scaled = run(&plan(&in_units(config, u)));
            assert_eq!(plain.len(), scaled.len());
            for (a, b) in plain.iter().zip(&scaled) {
                let both = a.record.metrics.values().into_iter().zip(b.record.metrics.values());
                for (metric, (x, y)) in METRICS.iter().zip(both) {
                    let unit = if GOLD.contains(metric) { u } else { 1.0 };
                    let same = match (x, y) {
                        (Some(x), Some(y)) => (x - y / unit).abs() <= 1e-9 * x.abs().max(1.0),
                        (x, y) => x == y,
                    };
                    assert!(same, "{name}, seed {}, u = {u:e}: {metric} {x:?}, {y:?}", a.seed);
                }
            }
        }
    }
}

/// Where a policy never acts, or acts always, odds are infinite; what they would be a share of is missing.
#[test]
fn what_is_not_defined_is_missing() {
    let config = "
        seeds = 2
        reward_model = 'overseer'
        [world.opportunity]
        visits = 0.1
        [overseer]
        believes = { seize = 1 }
        [feedback]
        labels = 2
        [optimizer.soft_value_iteration]
        beta = 1e-6
        discount = 0
        ";
    for row in run(&plan(config)) {
        let metrics = &row.record.metrics;
        assert_eq!(metrics.transfer, None);
        let all = metrics.values().into_iter().zip(METRICS);
        all.for_each(|(x, name)| assert!(x.is_none_or(f64::is_finite), "{name} is {x:?}"));
    }
}

/// What cannot be gained has a KL of 0, with no sign and no rounding.
#[test]
fn no_kl_is_below_zero() {
    let config = "
seeds = 4
[world.gridworld]
map = '''
#######
#A   G#
#   ###
#######
'''
horizon = 2
each_step = { step = 1 }
tiles.G = { feature = 'goal', ends = true }
features.step.gold = -1
features.goal.gold = 20
[optimizer.tilt]
kl = [0, 3]
";
    for row in run(&plan(config)) {
        let kl = row.record.metrics.kl.expect("measured");
        assert!(kl.is_sign_positive() && !(0.0 < kl && kl < 1e-12), "{kl:e}");
    }
}
