//! What can be turned about a config.

use oversight::study::config::{ConfigError, Experiment, Knob, Overrides, knobs};
use oversight::study::experiments::experiments;

fn read(name: &str, text: &str, set: String) -> Experiment {
    let options = Overrides { sets: vec![set.clone()], ..Overrides::default() };
    Experiment::read_to_play(&format!("{name}.toml"), text.as_bytes(), &options)
        .unwrap_or_else(|e| panic!("{set}: {e}"))
}

/// Whatever is called a knob can be set; to what the file says already, it changes nothing.
#[test]
fn all_knobs_of_all_experiments_turn() {
    let mut turned = 0;
    for (name, text) in experiments() {
        let as_it_is = read(name, text, "title=''".to_owned());
        for Knob { name: knob, levels, is_axis, choices, range, .. } in
            knobs(name, text.as_bytes(), false).unwrap()
        {
            let set = read(name, text, format!("{knob}={}", levels[0]));
            if is_axis {
                assert!(levels.len() > 1 && set.cells.len() < as_it_is.cells.len(), "{name}: {knob}");
            } else {
                assert!(set.cells == as_it_is.cells, "{name}: {knob}={}", levels[0]);
                assert!(choices.is_empty() || choices.contains(&levels[0]), "{name}: {knob} of {choices:?}");
            }
            for x in levels.iter().filter_map(|level| level.parse::<f64>().ok()) {
                let [least, most] = range;
                assert!(
                    least.is_none_or(|least| least <= x) && most.is_none_or(|most| x <= most),
                    "{knob}={x}"
                );
            }
            turned += 1;
        }
    }
    assert!(turned > 300, "{turned} knobs");
}

#[test]
fn a_knob_says_what_it_is() {
    let text = "title = 'x'
world.gridworld = { map = 'boat_race' }
overseer.sees = 'shown'
optimizer.tilt.kl = [1, 2]
feedback.labels = 100
sweep.'reward_model.linear.l2' = [0.1, 1]
[axes.eye.shut]
overseer.hidden = ['x']
";
    let found = knobs("test.toml", text.as_bytes(), false).unwrap();
    let names: Vec<&str> = found.iter().map(|knob| &*knob.name).collect();
    let [l2, eye, map, choice, labels] =
        ["reward_model.linear.l2", "eye", "world.gridworld.map", "overseer.sees", "feedback.labels"];
    assert_eq!(names, [l2, eye, map, choice, labels]);
    assert_eq!(
        (found[0].is_axis, found[0].range[1], &found[0].levels[..]),
        (true, Some(1e30), &["0.1".to_owned(), "1".to_owned()][..])
    );
    assert_eq!((&*found[1].about, &found[1].levels[..]), ("", &["base".to_owned(), "shut".to_owned()][..]));
    assert!(found[3].choices.len() > 1, "{:?}", found[3]);
    assert!(
        found[4].is_whole && found[4].range[0] == Some(0.0) && found[4].about.contains("ueries"),
        "{:?}",
        found[4]
    );
    let quick = format!("{text}[quick]\nfeedback.labels = 5\neye = 'shut'");
    let found = knobs("test.toml", quick.as_bytes(), true).unwrap();
    assert!(found.iter().all(|knob| knob.name != eye) && found.iter().any(|knob| knob.levels == ["5"]));
    let error = knobs("test.toml", b"[axes.eye]\n", false).unwrap_err();
    assert_eq!((error.line(), error.source_name()), (1, "test.toml"));
}

/// As data an error has its place, from its first character to the one behind its last.
#[test]
fn an_error_is_data() {
    let text = "world.answers.features = { a = { gold = 1 } }\nfeedback.labels = 'é' # many";
    let error: ConfigError =
        Experiment::read("bad.toml", text.as_bytes(), &Overrides::default()).unwrap_err();
    let data = serde_json::to_value(&error).unwrap();
    let place = ["line", "column", "end_line", "end_column"].map(|name| data[name].as_u64().unwrap());
    assert_eq!((place, &data["source"], &data["kind"]), ([2, 19, 2, 22], &"bad.toml".into(), &"type".into()));
    assert!(data["message"].as_str().unwrap().contains("found the text"), "{data}");
}
