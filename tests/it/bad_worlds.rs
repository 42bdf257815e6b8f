//! Worlds over time that cannot be: what is wrong, where, and what to do instead.

use oversight::study::config::{Experiment, Overrides};

/// What is said of a config, the source lines left out.
fn said(text: &str) -> String {
    let error = Experiment::read("bad.toml", text.as_bytes(), &Overrides::default()).expect_err(text);
    let text = error.to_string();
    let lines = text.lines().filter(|line| !line.contains(" | ") && !line.trim().ends_with('|'));
    lines.collect::<Vec<_>>().join("\n")
}

fn grid(map: &str, rest: &str) -> String {
    said(&format!(
        "[world.gridworld]\nmap = \"\"\"\n{map}\n\"\"\"\n{rest}\n[world.gridworld.features]\ngoal = {{ gold = 1 }}\n"
    ))
}

#[test]
fn maps() {
    let worlds = [
        ("an unknown tile", grid("#####\n#A?G#\n#####", "tiles.G = { feature = 'goal', ends = true }")),
        ("a ragged map", grid("#####\n#A  G#\n#####", "tiles.G = { feature = 'goal', ends = true }")),
        ("no start", grid("#####\n#  G#\n#####", "tiles.G = { feature = 'goal', ends = true }")),
        ("a walled goal", grid("#####\n#A#G#\n#####", "tiles.G = { feature = 'goal', ends = true }")),
        ("no steps", grid("#####\n#A G#\n#####", "horizon = 0\ntiles.G = { feature = 'goal', ends = true }")),
        ("an unknown feature", grid("#####\n#A G#\n#####", "tiles.G = { feature = 'gaol', ends = true }")),
        ("a chance above 1", grid("#####\n#A G#\n#####", "tiles.G = { feature = 'goal', slip = 1.5 }")),
        ("an unknown map", said("[world.gridworld]\nmap = 'boat_rice'\n")),
        ("too large", said("[world.gridworld]\nmap = 'tomato_watering'\n")),
        ("a glyph of two", grid("#####\n#A G#\n#####", "tiles.GG = { feature = 'goal' }")),
        ("an unknown property", grid("#####\n#A G#\n#####", "tiles.G = { feture = 'goal' }")),
        ("a long segment", said("[world.gridworld]\nmap = 'boat_race'\n[feedback]\nsegment = 101\n")),
        (
            "a descent without end",
            said(
                "[world.gridworld]\nmap = 'boat_race'\n[reward_model.tabular]\ndescent = { steps = 10001, rate = 1 }\n",
            ),
        ),
        (
            "a descent that overshoots",
            said(
                "[world.gridworld]\nmap = 'boat_race'\n[reward_model.tabular]\ndescent = { steps = 1, rate = 1001 }\n",
            ),
        ),
        (
            "a posterior of a map",
            said("[world.gridworld]\nmap = 'boat_race'\n[overseer]\nunseen = 'posterior'\n"),
        ),
        (
            "observations of a map",
            said("[world.gridworld]\nmap = 'boat_race'\n[reward_model.tabular]\nof = 'observations'\n"),
        ),
        (
            "a table of answers",
            said("[world.answers]\nfeatures = { a = { gold = 1 } }\n[reward_model.tabular]\n"),
        ),
        (
            "best of n has no policy",
            said("[world.gridworld]\nmap = 'boat_race'\n[feedback]\nfrom = 'policy'\n"),
        ),
    ];
    let text: Vec<String> = worlds.iter().map(|(name, said)| format!("{name}: {said}")).collect();
    insta::assert_snapshot!(text.join("\n\n"), @r##"
    an unknown tile: bad.toml:4:3: there is no tile `?` (line 2, column 3)
      = allowed: `#`, ` `, `A`, `G`; or say what it is under tiles

    a ragged map: bad.toml:4:1: line 2 of the map has 6 characters, the first 5
      = all lines of a map are equally long; fill them with walls or spaces

    no start: bad.toml:2:7: the map has no place to start
      = mark one with `A`, or give a tile start = true

    a walled goal: bad.toml:4:4: no start has a way to the end at line 2, column 4
      = open a way through the walls

    no steps: bad.toml:7:11: 0 is out of range: this must be a whole number from 1 to 1000000000

    an unknown feature: bad.toml:7:23: there is no feature `gaol`
      = allowed: goal

    a chance above 1: bad.toml:7:38: 1.5 is out of range: this must be from 0 to 1

    an unknown map: bad.toml:2:7: there is no map `boat_rice`
      = allowed: absent_supervisor, boat_race, conveyor_belt, conveyor_belt_sushi, conveyor_belt_sushi_goal, conveyor_belt_sushi_goal2, distributional_shift, distributional_shift_1, distributional_shift_2, island_navigation, rocks_and_diamonds, rocks_and_diamonds_0, safe_interruptibility, safe_interruptibility_0, safe_interruptibility_2, side_effects, side_effects_1, side_effects_2, side_effects_3, tomato_watering, tomatoes, whisky_gold

    too large: bad.toml:2:7: this map needs more than 1309441 states or outcomes
      = a smaller map; `play` works on any size

    a glyph of two: bad.toml:7:7: `GG` cannot be a tile
      = a tile is one character of the map

    an unknown property: bad.toml:7:13: `world.gridworld.tiles.G` has no key `feture`
      = allowed: wall, start, ends, feature, pays, counts, misses, once, tremble, slip, dries, wet, shows, push, bars, cornered, walled, stored, store, broken, rescued, belt, switch, interrupts, … (26 in all)

    a long segment: bad.toml:4:11: a segment of 101 steps is longer than an episode
      = at most 100, the horizon

    a descent without end: bad.toml:4:21: 10001 gradient steps are more than 10000
      = leave descent out for the maximum, by Newton, or give it momentum

    a descent that overshoots: bad.toml:4:31: steps of 1001 with an l2 of 0.001 overshoot
      = let rate × l2 be at most 1; rates near 1 are usual

    a posterior of a map: bad.toml:4:10: `posterior` needs beliefs, and nothing in this world is shown by symbols
      = use "nothing" or "reference", or a world.graph with beliefs

    observations of a map: bad.toml:4:6: a table of observations needs symbols, and this world shows none
      = let states of a world.graph be `shown`, or take it away

    a table of answers: bad.toml:3:15: a table needs a world over time: every answer is new
      = use reward_model.linear

    best of n has no policy: bad.toml:4:8: best of n picks whole episodes over time, which is no policy to draw others from
      = use from = "reference", or another optimizer
    "##);
}

/// Two ways to one state, symmetric but for what may be done before it.
#[test]
fn memory_that_would_pay() {
    let text = said(
        r#"
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
"#,
    );
    assert!(text.starts_with("bad.toml:10:1: `X` is reached by `S0 X` and by `S2 X`"), "{text}");
}
