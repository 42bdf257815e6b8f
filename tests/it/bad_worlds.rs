//! Worlds over time that cannot be: what is wrong, where, and what to do instead.

use oversight::config::{Experiment, Overrides};

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
    insta::assert_snapshot!(text.join("\n\n"), @"");
}
