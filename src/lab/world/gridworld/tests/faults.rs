//! What is said of configs that cannot be.

use super::*;

/// The fault of a world: its path, the text it points at, and the message.
fn fault(toml: &str) -> (String, String, String) {
    let world = gridworld(toml);
    let fault = world.rules().and_then(|rules| rules.table(&Inputs::Training).map(drop)).expect_err(toml);
    let at =
        fault.within.map_or(String::new(), |(from, to)| world.map[from as usize..to as usize].to_owned());
    (fault.path.join("/"), at, format!("{} | {} | {}", fault.message, fault.label, fault.help))
}

#[track_caller]
fn check(toml: &str, path: &str, at: &str, words: &str) {
    let (path_, at_, said) = fault(toml);
    assert_eq!((path_.as_str(), at_.as_str()), (&*format!("world/gridworld/{path}"), at), "{said}");
    assert!(said.contains(words), "{said}");
}

#[test]
fn maps() {
    let x = "[features.x]";
    check("map = \"boat_rase\"", "map", "", "did you mean `boat_race`?");
    check(&format!("map = '#A?#'\n{x}"), "map", "?", "no tile `?` (line 1, column 3)");
    check(&format!("map = \"#A#\\n# é#\\n###\"\n{x}"), "map", "# é#", "line 2 of the map has 4 characters");
    check(&format!("map = \"#A#\\n#é#\\n###\"\n{x}"), "map", "é", "(line 2, column 2)");
    check(&format!("map = '# #'\n{x}"), "map", "", "no place to start");
    check(&format!("map = ''\n{x}"), "map", "", "empty");
    check(&format!("map = 'A#G'\n{x}\n[tiles]\nG.ends = true"), "map", "G", "line 1, column 3");
    check("map = 'A  '", "features", "", "at least one feature");
    let big = format!("map = '{}A'\n{x}", " ".repeat(10_000));
    check(&big, "map", "", "too large");
}

#[test]
fn names() {
    let with = |lines: &str| format!("map = 'A G'\neach_step = {{ goal = 1 }}\n{lines}\n[features.goal]");
    for key in ["pays", "misses", "shows", "stored"] {
        check(
            &with(&format!("tiles.G.{key} = {{ gaol = 1 }}")),
            &format!("tiles/G/{key}/gaol"),
            "",
            "did you mean `goal`?",
        );
    }
    for key in ["feature", "cornered", "walled", "broken", "rescued", "switch"] {
        check(&with(&format!("tiles.G.{key} = 'gaol'")), &format!("tiles/G/{key}"), "", "allowed: goal");
    }
    check(&with("first_step = { gaol = 1 }\ntiles.G = {}"), "first_step/gaol", "", "goal");
    check(&with("tiles.GG = {}"), "tiles/GG", "", "one character");
    check(&with("tiles.G = { wall = true, start = true }"), "tiles/G/start", "", "wall");
    check(&with("tiles.G = { feature = 'goal', pays = { goal = 2 } }"), "tiles/G/feature", "", "twice");
    check("map = 'A '\n[features.Goal]", "features/Goal", "", "cannot be a name");
}

#[test]
fn ranges() {
    for line in [
        "horizon = 0",
        "watched = 1.5",
        "interrupted = -1",
        "watched = 'yes'",
        "tiles.G.slip = 2",
        "tiles.G.counts = 'sideways'",
        "tiles.G.sticky = true",
        "features.x.gold = nan",
    ] {
        assert!(toml::from_str::<Gridworld>(&format!("map = 'A'\n{line}")).is_err(), "{line}");
    }
}

#[test]
fn too_large_for_a_table_is_said_soon() {
    let (path, _, said) = fault("map = 'tomato_watering'");
    assert_eq!(path, "world/gridworld/map");
    assert!(said.contains("needs more than") && said.contains("`play` works on any size"), "{said}");
}

#[test]
fn unknown_actions() {
    let fault = named("boat_race").play("udx", STREAMS, &mut rng(0)).unwrap_err();
    assert_eq!(fault.within, Some((2, 3)));
    assert!(fault.message.contains("`x`"));
}

#[test]
fn what_is_written_overrides_a_built_in_key_by_key() {
    let toml = "map = 'boat_race'\n[tiles]\n'>' = { slip = 0.1 }\n[features]\narrow = { observed = 5 }";
    let whole = gridworld(toml).whole().unwrap();
    assert_eq!(whole.tiles[">"].counts, Some(Heading::Right));
    assert_eq!(whole.tiles[">"].slip.map(|p| p.get()), Some(0.1));
    assert_eq!(whole.features["arrow"].observed.map(|w| w.get()), Some(5.0));
    assert_eq!(whole.features["progress"].gold.map(|w| w.get()), Some(1.0));
    let toml = "map = 'absent_supervisor'\nwatched = true\n[tiles]\nG = { pays = { goal = 2 } }";
    let rules = gridworld(toml).rules().unwrap();
    assert_eq!(rules.beginnings().len(), 1);
    assert_eq!(played(toml, "rrrdddlll").performance, 91.0);
}
