//! Worlds over time that cannot be: what is wrong, where, and what to do instead.

use crate::common::{refused, said};
use oversight::study::config::Kind::{Conflict, Range, Unknown};
use oversight::study::config::{ConfigError, Experiment, Overrides};

fn bad(text: &str) -> Option<ConfigError> {
    Experiment::read("bad.toml", text.as_bytes(), &Overrides::default()).err()
}

fn grid(map: &str, rest: &str) -> Option<ConfigError> {
    bad(&format!(
        "[world.gridworld]\nmap = \"\"\"\n{map}\n\"\"\"\n{rest}\n[world.gridworld.features]\ngoal = {{ gold = 1 }}\n"
    ))
}

#[test]
fn maps() {
    refused(&[
        // An unknown tile
        (grid("#####\n#A?G#\n#####", "tiles.G = { feature = 'goal', ends = true }"), "4:3", Conflict),
        // A ragged map
        (grid("#####\n#A  G#\n#####", "tiles.G = { feature = 'goal', ends = true }"), "4:1", Conflict),
        // No start
        (grid("#####\n#  G#\n#####", "tiles.G = { feature = 'goal', ends = true }"), "2:7", Conflict),
        // A walled goal
        (grid("#####\n#A#G#\n#####", "tiles.G = { feature = 'goal', ends = true }"), "4:4", Conflict),
        // No steps
        (
            grid("#####\n#A G#\n#####", "horizon = 0\ntiles.G = { feature = 'goal', ends = true }"),
            "7:11",
            Range,
        ),
        // An unknown feature
        (grid("#####\n#A G#\n#####", "tiles.G = { feature = 'gaol', ends = true }"), "7:23", Unknown),
        // A chance above 1
        (grid("#####\n#A G#\n#####", "tiles.G = { feature = 'goal', slip = 1.5 }"), "7:38", Range),
        // An unknown map
        (bad("[world.gridworld]\nmap = 'boat_rice'\n"), "2:7", Unknown),
        // Too large
        (bad("[world.gridworld]\nmap = 'tomato_watering'\n"), "2:7", Conflict),
        // A glyph of two
        (grid("#####\n#A G#\n#####", "tiles.GG = { feature = 'goal' }"), "7:7", Conflict),
        // An unknown property
        (grid("#####\n#A G#\n#####", "tiles.G = { feture = 'goal' }"), "7:13", Unknown),
        // A long segment
        (bad("[world.gridworld]\nmap = 'boat_race'\n[feedback]\nsegment = 101\n"), "4:11", Conflict),
        // A descent without end
        (
            bad(
                "[world.gridworld]\nmap = 'boat_race'\n[reward_model.tabular]\ndescent = { steps = 10001, rate = 1 }\n",
            ),
            "4:21",
            Conflict,
        ),
        // A descent that overshoots
        (
            bad(
                "[world.gridworld]\nmap = 'boat_race'\n[reward_model.tabular]\ndescent = { steps = 1, rate = 1001 }\n",
            ),
            "4:31",
            Conflict,
        ),
        // A posterior of a map
        (bad("[world.gridworld]\nmap = 'boat_race'\n[overseer]\nunseen = 'posterior'\n"), "4:10", Conflict),
        // Observations of a map
        (
            bad("[world.gridworld]\nmap = 'boat_race'\n[reward_model.tabular]\nof = 'observations'\n"),
            "4:6",
            Conflict,
        ),
        // A table of answers
        (bad("[world.answers]\nfeatures = { a = { gold = 1 } }\n[reward_model.tabular]\n"), "3:15", Conflict),
        // Best of n has no policy
        (bad("[world.gridworld]\nmap = 'boat_race'\n[feedback]\nfrom = 'policy'\n"), "4:8", Conflict),
    ]);
}

/// Two ways to one state, symmetric but for what may be done before it.
#[test]
fn memory_that_would_pay() {
    let text = said(bad(r#"
[world.graph]
horizon = 2
start = { S0 = 0.25, S1 = 0.5, S2 = "rest" }
beliefs = [{ seen = "a x y", means = { "S0 X Y" = 1 } }, { seen = "b x y", means = { "S2 X Y1" = 1 } }]
[world.graph.states]
S0 = { shown = "a" }
S1 = {}
S2 = { shown = "b" }
X = { shown = "x" }
Y = { shown = "y", gold = 1 }
Y1 = { shown = "y" }
Z = { gold = 0.6 }
T = { gold = 0.5 }
[world.graph.moves]
S0 = { go = "X", no = "T" }
S1 = { on = "T" }
S2 = { go = "X", no = "T" }
X = { y = { Y = 0.5, Y1 = 0.5 }, z = "Z" }
"#));
    assert!(text.starts_with("bad.toml:10:1: `X` is reached by `S0 X` and by `S2 X`"), "{text}");
}
