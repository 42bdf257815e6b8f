//! Every built-in experiment, run small: conformance, and the same numbers
//! whatever else changes.

use crate::lab::plan;
use oversight::study::config::Overrides;
use oversight::study::experiments::{experiment, experiments};
use oversight::study::plan::{Plan, Row};

/// A built-in experiment, with small worlds.
fn small(name: &str, seeds: u32) -> Plan {
    let text = experiment(name).expect("built in");
    let sets: &[&str] = match text.contains("[world.answers]") {
        true => &["world.answers.prompts=2", "world.answers.answers=512", "optimizer.best_of_n.n=[1, 8, 64]"],
        false => &["feedback.labels=200"],
    };
    // Where there is one level of pressure, figures and claims need not say which.
    let sets = sets.iter().filter(|set| !set.contains("n=[") || text.contains("\nn = ["));
    let sets = sets.map(|set| (*set).to_owned()).collect();
    let overrides = Overrides { sets, quick: false, seeds: Some(seeds), ..Overrides::default() };
    Plan::read(&format!("{name}.toml"), text.as_bytes(), &overrides).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn every_experiment_has_a_title_a_control_and_figures() {
    assert_eq!(experiments().len(), 42);
    for (name, text) in experiments() {
        let plan = Plan::read(&format!("{name}.toml"), text.as_bytes(), &Overrides::default()).unwrap();
        let e = &plan.experiment;
        assert_eq!(e.name, name);
        assert!(!e.title.is_empty() && !e.about.is_empty() && !e.figures.is_empty(), "{name}");
        // Seventeen failures by twenty-seven remedies fill a file of their own size.
        let most = if name == "remedy_matrix" { 300 } else { 160 };
        assert!(text.lines().count() < most, "{name} is long");
        assert!(e.claims.iter().filter(|c| c.control.is_some()).count() >= 2, "{name} has no control");
        // The resolved config is the same experiment.
        let again = Plan::read("again.toml", e.resolved.as_bytes(), &Overrides::default());
        assert_eq!(again.unwrap_or_else(|e| panic!("{e}")).experiment, *e);
    }
}

#[test]
fn records_are_whole_and_consistent() {
    for (name, _) in experiments() {
        let plan = small(name, 1);
        let rows = plan.seed(0, || true).unwrap();
        let levels: usize = (plan.experiment.cells.iter())
            .map(|c| c.setup.feedback.rounds.get() as usize * c.setup.optimizer.pressures().len())
            .sum();
        assert_eq!(rows.len(), levels, "{name}");
        for Row { record, cell, .. } in &rows {
            let m = &record.metrics;
            let get = |x: Option<f64>| x.expect("measured");
            assert!(m.values().iter().flatten().all(|x| x.is_finite()), "{name}: {m:?}");
            let lost = get(m.proxy_error) + get(m.ignorance) + get(m.wrong_values);
            assert!((get(m.regret) - lost).abs() < 1e-9, "{name}: {lost}");
            // Over time, sums of a hundred steps leave some rounding.
            if let Some(efficiency) = m.efficiency.filter(|_| lost.abs() > 1e-9) {
                // efficiency = 1 − lost/(gold of the gold pass-through − π₀'s), so both agree on the sign.
                assert_eq!(efficiency < 1.0, lost > 0.0, "{name}: {efficiency} {lost}");
            }
            // Over time, what is over- and underestimated is known where the last step tells the episode.
            let errors = m.overestimation.zip(m.underestimation);
            let gap = get(m.approval) - get(m.gold);
            assert!(errors.is_none_or(|(over, under)| (over - under - gap).abs() < 1e-9), "{name}");
            assert!(errors.is_some() || plan.experiment.cells[*cell].setup.world.candidates().is_none());
            let deployed = plan.open(*cell, 0).0.deployment().is_some();
            assert_eq!(m.gold_watched.is_some(), deployed, "{name}: missing is missing");
        }
    }
}

/// Adding a level to a sweep, a feature to a world, or labels to a trial
/// changes no other number.
#[test]
fn additions_change_nothing_else() {
    let text = |labels: &str, hidden: &str, extra: &str| {
        format!(
            r#"
            seeds = 2
            [world.answers]
            prompts = 2
            answers = 256
            [world.answers.features]
            a = {{ gold = 1.0 }}
            b = {{ gold = -0.5, tail = {{ log_normal = {{ sigma = 0.7 }} }}, count = 2 }}
            {extra}
            [overseer]
            hidden = {hidden}
            error = 0.1
            [reward_model.linear]
            features = ["a", "b"]
            [optimizer]
            policy_gradient = {{ iterations = [5, 20], rate = 0.05 }}
            [sweep]
            "feedback.labels" = {labels}"#
        )
    };
    let rows = |labels: &str, hidden: &str, extra: &str| {
        let plan = plan(&text(labels, hidden, extra));
        let rows: Vec<Row> = (0..2).flat_map(|seed| plan.seed(seed, || true).unwrap()).collect();
        rows
    };
    let reference = rows("[40, 400]", "['b_2']", "");
    let more_levels = rows("[10, 40, 100, 400]", "['b_2']", "");
    let of = |rows: &[Row], cell: usize| -> Vec<_> {
        rows.iter().filter(|r| r.cell == cell).map(|r| (r.seed, r.record.clone())).collect()
    };
    assert_eq!(of(&reference, 0), of(&more_levels, 1));
    assert_eq!(of(&reference, 1), of(&more_levels, 3));

    // A worthless, unseen, unrepresented feature: the same labels and weights.
    let more_features = rows("[40, 400]", "['b_2', 'c']", "c = { tail = { student_t = { df = 4 } } }");
    for (r, m) in reference.iter().zip(&more_features) {
        assert_eq!(r.record.weights, m.record.weights[..3]);
        assert_eq!(r.record.metrics.label_accuracy, m.record.metrics.label_accuracy);
    }
}

/// The first labels of a longer trial are the shorter trial's, skips included.
#[test]
fn fewer_labels_are_a_prefix() {
    let labels = |count: u32| {
        let plan = plan(&format!(
            r#"
            seeds = 1
            [world.answers]
            prompts = 3
            answers = 64
            features = {{ a = {{ gold = 1.0 }} }}
            [overseer.choice]
            skip = 0.3
            equal = 0.2
            [feedback]
            labels = {count}"#
        ));
        let (world, overseer, streams) = plan.open(0, 0);
        let mut labels = Vec::new();
        let config = &plan.experiment.cells[0].setup;
        oversight::lab::trial::run(
            oversight::lab::trial::Trial::new(config, &world, &overseer, streams, &mut Default::default()),
            |inside| {
                labels = inside.labels.to_vec();
            },
        );
        labels
    };
    let (few, many) = (labels(50), labels(500));
    assert_eq!(few, many[..50]);
    assert!(
        few.iter().any(|c| c.label.value().is_none()) && few.iter().any(|c| c.label.value() == Some(0.5))
    );
}

/// The gallery has every experiment once, and what it says to vary can be varied.
#[test]
fn the_gallery_is_whole() {
    let gallery = include_str!("../../experiments/README.md");
    for (name, text) in experiments() {
        let link = format!("[{name}]({name}/README.md)");
        assert_eq!(gallery.matches(&link).count(), 1, "{name}");
        let entry = gallery.split(&link).nth(1).unwrap();
        let vary =
            entry.split("Vary: `--set ").nth(1).unwrap_or_else(|| panic!("{name} says nothing to vary"));
        let set = vary.split('`').next().unwrap().trim_matches('\'');
        let overrides = Overrides { sets: vec![set.to_owned()], ..Overrides::default() };
        Plan::read(&format!("{name}.toml"), text.as_bytes(), &overrides)
            .unwrap_or_else(|e| panic!("{name}: {e}"));
    }
}
