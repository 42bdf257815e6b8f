//! The laws of the whole picture, over the gallery and over every figure of every
//! built-in experiment.

mod laws;
mod picture;

use super::{charts, gallery, svg, with_font};
use crate::study::config::Overrides;
use crate::study::experiments::experiments;
use crate::study::plan::Plan;
use crate::study::results::Results;
use picture::Picture;

#[test]
fn the_laws_hold_over_the_gallery() {
    for (name, chart) in gallery::all() {
        laws::check(&name, &chart);
    }
}

/// Each experiment, small, in `seeds` repetitions.
fn drawn(seeds: u32) -> Vec<(String, super::Chart)> {
    let mut all = Vec::new();
    for (name, text) in experiments() {
        let sets: &[&str] = match text.contains("[world.answers]") {
            true => {
                &["world.answers.prompts=2", "world.answers.answers=256", "optimizer.best_of_n.n=[1, 8, 64]"]
            }
            false => &["feedback.labels=200"],
        };
        // Where there is one level of pressure, figures need not say which.
        let sets = sets.iter().filter(|set| !set.contains("n=[") || text.contains("\nn = ["));
        let sets = sets.map(|set| (*set).to_owned()).collect();
        let options = Overrides { sets, quick: true, seeds: Some(seeds), ..Overrides::default() };
        let plan = Plan::read(&format!("{name}.toml"), text.as_bytes(), &options).unwrap();
        let rows: Vec<_> = (0..seeds).flat_map(|seed| plan.seed(seed, || true).unwrap()).collect();
        let charts = charts(&Results::new(&plan, &rows), &[]);
        all.extend(charts.into_iter().map(|(figure, chart)| (format!("{name}/{figure}"), chart)));
    }
    all
}

#[test]
fn the_laws_hold_over_every_figure_of_every_experiment() {
    for seeds in [1, 3] {
        for (name, chart) in drawn(seeds) {
            laws::check(&name, &chart);
        }
    }
}

#[test]
fn panels_are_lettered_where_there_are_several() {
    for (name, chart) in gallery::all() {
        let panels: usize = chart.rows.iter().map(|row| row.panels.len()).sum();
        let lettered = Picture::read(&svg(&chart)).texts.iter().any(|text| text.content == "(a)");
        assert_eq!(lettered, panels > 1, "{name}");
    }
}

#[test]
fn names_stand_at_the_ends_where_they_fit_and_else_in_a_legend() {
    let count = |name: &str, label: &str| {
        let (_, chart) = gallery::all().into_iter().find(|entry| entry.0 == name).unwrap();
        Picture::read(&svg(&chart)).texts.iter().filter(|text| text.content == label).count()
    };
    assert_eq!(count("grid", "audit"), 2, "once beside each row");
    assert_eq!(count("crowd", "direct preference optimisation"), 1, "once in the legend");
}

/// Any change of these numbers is a change of every published figure: look at the pictures,
/// then write it into the changelog.
#[test]
fn the_bytes_are_stable() {
    let pinned = ["labels", "grid", "crowd", "pressure", "coinciding", "theory", "bands", "matrix", "gains"];
    let pinned = pinned.into_iter().chain(["phases", "boundaries", "bars", "forest", "scatter", "profile"]);
    let pinned = pinned.chain(["together", "strip"]);
    let all = gallery::all();
    let hash = |name: &str| {
        let chart = all.iter().find(|entry| entry.0 == name).expect("in the gallery");
        format!("{name} {:016x}", crate::numerics::rng::fnv(&with_font(&svg(&chart.1))))
    };
    let hashes: Vec<String> = pinned.map(hash).collect();
    insta::assert_snapshot!(hashes.join("\n"), @r##"
    labels e1d2e31ed2dffdd5
    grid 7288c8c5a1e0e365
    crowd 386649a275c45e9c
    pressure 8910ff967e1c570d
    coinciding 221a2067cd334536
    theory 2f3f9f81154796db
    bands 3d07097145a2119d
    matrix 7722d52ebc6c8d29
    gains 06b659f22bdb1e66
    phases 4056f807830de46c
    boundaries 3d37a0d15f82519e
    bars 786841029dc39e79
    forest 9aaba2905ea610bb
    scatter 50a7c28dbc45ec5c
    profile 052351ca3f204210
    together ac9a43e98264c17e
    strip 4f4c00dbb5ea232c
    "##);
}
