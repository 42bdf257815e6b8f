//! A person in the overseer's place: what the film shows, how a robot acts by habit, labels that somebody gives, and
//! what twelve of them breed.

use assert_cmd::Command;
use oversight::lab::overseer::{Label, filmed};
use oversight::lab::policy::{Episode, Policy};
use oversight::lab::solve::visits;
use oversight::lab::trial::{SharedInWorld, Trial, run};
use oversight::lab::world::{Gridworld, World};
use oversight::numerics::math::{exp, ln};
use oversight::numerics::rng::{Purpose, Streams};
use oversight::study::config::Overrides;
use oversight::study::experiments::experiment;
use oversight::study::plan::Plan;

fn park(sets: &[&str]) -> Plan {
    let sets = sets.iter().map(|set| (*set).to_owned()).collect();
    let text = experiment("one_camera").expect("built in");
    let plan = Plan::read("one_camera.toml", text.as_bytes(), &Overrides { sets, ..Overrides::default() });
    plan.unwrap_or_else(|e| panic!("{e}"))
}

/// Gold under the highest pressure, over draws of twelve pairs.
fn ends(camera: &str, judging: &str, labels: &str) -> Vec<f64> {
    let [camera, judging] = [format!("camera={camera}"), format!("judging={judging}")];
    let plan = park(&[&camera, &judging, labels, "optimizer.tilt.kl=[4]", "seed=77"]);
    let gold = |seed| plan.seed(seed, || true).expect("whole")[0].record.metrics.gold.expect("measured");
    (0..40).map(gold).collect()
}

/// At least 38 of 40 draws end there by each strategy, and the controls with them.
#[test]
fn twelve_labels_breed_what_their_overseer_can_see() {
    let near = |ends: Vec<f64>, at: f64| ends.iter().filter(|x| (*x - at).abs() < 0.05).count();
    let twelve = "feedback.labels=12";
    assert!(near(ends("lower", "film", twelve), 1.0) >= 38);
    assert!(near(ends("lower", "wary", twelve), 5.0) >= 38);
    assert!(near(ends("everything", "film", twelve), 5.0) >= 38);
    assert!(near(ends("upper", "wary", twelve), 1.0) >= 38);
    assert!(near(ends("everything", "speed", twelve), 1.0) >= 38);
    // A thousand more leave it where it was.
    assert!(near(ends("lower", "film", "feedback.labels=1000"), 1.0) >= 39);
}

/// Out of view nothing is filmed but steps, and how many of them were out of sight.
#[test]
fn a_film_shows_what_the_camera_sees() {
    let plan = park(&["camera=lower"]);
    let (world, ..) = plan.open(0, 0);
    let film = filmed(&world);
    let column = |name: &str| world.names().iter().position(|n| n == name).expect("a feature");
    let [step, roses, tulips, unseen] = ["step", "roses", "tulips", "unseen"].map(column);
    assert_eq!(film.column(step), world.mdp.features.column(step));
    assert_eq!(film.column(tulips), world.mdp.features.column(tulips));
    assert_eq!(film.column(unseen), world.mdp.features.column(unseen));
    assert!(world.mdp.features.column(roses).contains(&1.0) && film.column(roses).iter().all(|x| *x == 0.0));
    // Every step through the roses is out of sight.
    let dark = |k: usize| film.column(unseen)[k] == 1.0;
    assert!((0..world.mdp.outcome_count()).all(|k| world.mdp.features.column(roses)[k] == 0.0 || dark(k)));
    // An overseer of the same film sees the same.
    let (_, overseer, _) = plan.open(0, 0);
    assert_eq!(overseer.beliefs.sight.features(&world), film);
    // Everything filmed, nothing is out of sight.
    let (everywhere, ..) = park(&["camera=everything"]).open(0, 0);
    assert_eq!(*filmed(&everywhere), *everywhere.mdp.features);
    assert!(everywhere.mdp.features.column(unseen).iter().all(|x| *x == 0.0));
}

/// Soft value iteration's own fixed point, from the habits as they are written.
#[test]
fn habits_are_softly_optimal_for_what_they_are_after() {
    let (world, ..) = park(&[]).open(0, 0);
    let (mdp, beta, discount) = (&world.mdp, 0.15, 0.98);
    let worth = |name: &String| match name.as_str() {
        "delivered" => 3.0,
        "step" => -0.2,
        "roses" | "tulips" => -0.58,
        _ => 0.0,
    };
    let weights: Vec<f64> = world.names().iter().map(worth).collect();
    let table = mdp.features.combine(&weights, 0.0);
    let oversight::lab::mdp::Outcomes::Moves { offset, next, chance } = &mdp.outcomes else {
        panic!("a map")
    };
    let mut value = vec![0.0; mdp.states()];
    let q = |row: usize, value: &[f64]| -> f64 {
        let outcomes = offset[row] as usize..offset[row + 1] as usize;
        outcomes.map(|k| chance[k] * (table[k] + discount * value[next[k] as usize])).sum()
    };
    for _ in 0..3000 {
        let of_state = |s: usize| {
            let rows = mdp.rows_of(s);
            let each = 1.0 / rows.len() as f64;
            beta * ln(rows.map(|row| each * exp(q(row, &value) / beta)).sum::<f64>())
        };
        value = (0..mdp.states()).map(of_state).collect();
    }
    for s in 0..mdp.states() {
        let rows = mdp.rows_of(s);
        let each = 1.0 / rows.len() as f64;
        for row in rows {
            let expected = each * exp((q(row, &value) - value[s]) / beta);
            assert!((mdp.reference[row] - expected).abs() < 1e-9, "{s} {row}");
        }
    }
}

/// Without habits it is softly optimal for gold: cold enough, it takes the long way and no other.
#[test]
fn no_habit_is_gold() {
    let cold = "world.gridworld.reference={ beta = 0.01 }";
    let (world, ..) = park(&[cold]).open(0, 0);
    let all = visits(&world.mdp, &Policy::reference(&world.mdp));
    let gold: f64 = all.iter().zip(&world.mdp.gold_table().0).map(|(v, g)| v * g).sum();
    assert!((gold - 5.0).abs() < 1e-6, "{gold}");
}

#[test]
fn habits_are_refused_where_there_can_be_none() {
    let text = "seeds = 1\n[world.gridworld]\nmap = \"absent_supervisor\"\nawareness = 0.5\nreference = { beta = 1 }\n[optimizer.tilt]\nkl = [1]\n";
    let refused = Plan::read("x.toml", text.as_bytes(), &Overrides::default()).err().expect("refused");
    assert!(refused.to_string().contains("cannot tell all states of this map apart"), "{refused}");
    let text = "seeds = 1\n[world.gridworld]\nmap = \"A G\"\nreference = { beta = 1 }\ntiles.G.feature = \"x\"\nfeatures.x = { gold = 1, drawn = \"normal\" }\n[optimizer.tilt]\nkl = [1]\n";
    let refused = Plan::read("x.toml", text.as_bytes(), &Overrides::default()).err().expect("refused");
    assert!(refused.to_string().contains("no habit knows it"), "{refused}");
    let text = "seeds = 1\n[world.answers.features]\na.gold = 1\n[reward_model.linear]\nreads = \"film\"\n[optimizer.tilt]\nkl = [1]\n";
    let refused = Plan::read("x.toml", text.as_bytes(), &Overrides::default()).err().expect("refused");
    assert!(refused.to_string().contains("no film of answers"), "{refused}");
}

/// Distinct pairs look different, and are the pairs there are without those that look alike.
#[test]
fn distinct_pairs_are_the_others_passed_over() {
    let drawn = |distinct: &str, count: u32| -> (World, Vec<[Episode; 2]>) {
        let plan = park(&["camera=lower", "feedback.labels=400", distinct]);
        let (world, overseer, streams) = plan.open(0, 0);
        let setup = &plan.experiment.cells[0].setup;
        let mut shared = SharedInWorld::default();
        let mut trial = Trial::new(setup, &world, &overseer, streams, &mut shared);
        let pairs = trial.pairs(count).as_chunks().0.to_vec();
        (world, pairs)
    };
    let (world, all) = drawn("feedback.distinct=false", 400);
    let (_, distinct) = drawn("feedback.distinct=true", 100);
    let film = filmed(&world);
    let alike = |[a, b]: &[Episode; 2]| film.columns().all(|c| a.total(c) == b.total(c));
    let others: Vec<_> = all.into_iter().filter(|pair| !alike(pair)).take(100).collect();
    assert_eq!(distinct, others);
}

/// Labels given one by one are what a fit is made of, and cost what queries cost.
#[test]
fn a_persons_labels_take_the_place_of_what_is_heard() {
    let plan = park(&["camera=lower"]);
    let (world, overseer, streams) = plan.open(0, 3);
    let setup = &plan.experiment.cells[0].setup;
    let (mut first, mut second) = (SharedInWorld::default(), SharedInWorld::default());
    let mut heard = Vec::new();
    let trial = Trial::new(setup, &world, &overseer, streams, &mut first);
    let records = run(trial, |inside| {
        heard = inside.labels.iter().map(|pair| (pair.label, pair.by)).collect();
    });
    // The overseer's own labels, given by hand.
    let given = Trial::new(setup, &world, &overseer, streams, &mut second).answered_by(heard.clone());
    assert_eq!(given.left(), 12);
    assert_eq!(run(given, |_| {}), records);
    // Five of them the other way round.
    let mut other: Vec<(Label, u32)> = heard[..5].to_vec();
    other.iter_mut().for_each(|(label, _)| {
        *label = match *label {
            Label::First => Label::Second,
            Label::Second => Label::First,
            other => other,
        }
    });
    let given = Trial::new(setup, &world, &overseer, streams, &mut second).answered_by(other.clone());
    assert_eq!(given.left(), 5);
    let mut entered = Vec::new();
    let records = run(given, |inside| entered = inside.labels.iter().map(|c| (c.label, c.by)).collect());
    assert_eq!(entered, other);
    assert_eq!(records[0].metrics.labels, Some(5.0));
}

fn oversight(arguments: &[&str], stdin: &str) -> (bool, String, String) {
    let done = Command::cargo_bin("oversight").unwrap().args(arguments).write_stdin(stdin).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.success(), text(done.stdout), text(done.stderr))
}

#[test]
fn a_session_is_repeated_from_its_labels() {
    for config in ["one_camera", "annotators", "what_to_ask"] {
        let set = ["--set", "feedback.labels=40"];
        let trace = |more: &[&str], stdin: &str| {
            let arguments = [&["trace", config, "--seed", "2"], &set[..], more].concat();
            let (done, out, err) = oversight(&arguments, stdin);
            assert!(done, "{config}: {err}");
            out
        };
        let labels = trace(&["--labels"], "");
        assert_eq!(trace(&["--answers", "-"], &labels), trace(&[], ""), "{config}");
        assert_eq!(trace(&["--answers", "-", "--labels"], &labels), labels, "{config}");
    }
    // Labels alone will do, and there may be fewer.
    let (done, out, _) =
        oversight(&["trace", "one_camera", "--answers", "-"], "round,label\n1,1\n1,0\n1,0.5\n1,\n");
    assert!(done && out.contains("first 1, second 1, tie 1, skip 1"), "{out}");
}

#[test]
fn answers_that_are_none_are_refused() {
    let refused = |csv: &str, says: &str| {
        let (done, out, err) = oversight(&["trace", "one_camera", "--answers", "-"], csv);
        assert!(!done && out.is_empty() && err.contains(says), "{err}");
    };
    refused("label\n1\n2\n", "line 3: `2` is no label; allowed: 1 (first), 0 (second), 0.5 (tie) or nothing");
    refused("label\nNaN\n", "`NaN` is no label");
    refused("said\n1\n", "no column `label`");
    refused("annotator,label\n1,1\n", "line 2: `1` is no annotator; allowed: 0 to 0");
    refused(&format!("label\n{}", "1\n".repeat(13)), "answers 13 queries, and there are 12");
    refused("first,second,label\nuuu,rrr,1\n", "it is about uuu | rrr, and this trial asks about");
    refused("label,x\n1\n", "answers.csv");
    refused("label\n1\n\n0\n", "has an empty line");
    refused("query,label\n1,1\n3,0\n", "line 3: `3` is no query of this row; allowed: 2");
    let among = ["trace", "imitate_experts", "--set", "feedback.among=4", "--answers", "-"];
    assert!(!oversight(&among, "label\n1\n").0);
}

/// Step by step is what a string of actions is, and the lamp is the cue.
#[test]
fn play_goes_step_by_step_with_the_lamp_lit() {
    let map = |more: &str| -> Gridworld {
        toml::from_str(&format!("map = \"absent_supervisor\"\n{more}")).unwrap()
    };
    let mut lamps = [0u32; 2];
    for repetition in 0..2000 {
        let streams = Streams { seed: 5, repetition };
        let rng = || streams.stream(Purpose::Play, "", 0);
        let world = map("watched = 0.3\nawareness = 0.6");
        let (mut one, mut rng_one) = (world.begin(streams, &mut rng()).unwrap(), rng());
        let _ = world.begin(streams, &mut rng_one);
        for _ in 0..3 {
            one.step(Some(oversight::lab::world::Direction::Down), &mut rng_one);
        }
        let whole = world.play("ddd", streams, &mut rng()).unwrap();
        assert_eq!(*one.played(), whole);
        let [watched, lamp] = [one.watched(), whole.lamp.expect("a cue")];
        // What is shown differs where it is watched, and not where the lamp says so.
        assert_eq!(whole.observed[1] < -10.0 || whole.observed.iter().any(|x| *x < -10.0), watched);
        lamps[usize::from(lamp == watched)] += 1;
    }
    let right = f64::from(lamps[1]) / 2000.0;
    assert!((right - 0.8).abs() < 4.0 * (0.8f64 * 0.2 / 2000.0).sqrt(), "{right}");
    let plain: Gridworld = toml::from_str("map = \"boat_race\"").unwrap();
    let streams = Streams { seed: 0, repetition: 0 };
    assert_eq!(plain.play("r", streams, &mut streams.stream(Purpose::Play, "", 0)).unwrap().lamp, None);
}
