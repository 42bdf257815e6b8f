//! The benchmark pipeline against numbers from independent implementations.

use crate::common::Estimate;
use oversight::lab::mdp::Mdp;
use oversight::lab::overseer::Label;
use oversight::lab::policy::Policy;
use oversight::lab::solve::{moments, visits};
use oversight::lab::trial::{self, SharedInWorld};
use oversight::numerics::math::dot;
use oversight::numerics::stats::mean;
use oversight::study::config::Overrides;
use oversight::study::experiments::experiment;
use oversight::study::plan::Plan;

/// What is compared of one repetition: accuracy on the labels, correlation of learned and
/// gold values of cells, gold per step at first and at last, learned reward per step.
fn measured(plan: &Plan, cell: usize, seed: u32) -> [f64; 5] {
    let (world, overseer, streams) = plan.open(cell, seed);
    let (mdp, compiled) = (&world.mdp, world.blueprint().compiled().expect("a map"));
    let gold = mdp.gold_table().0;
    let [mut accuracy, mut correlation, mut raw] = [0.0; 3];
    let mut scale = (0.0, 0.0);
    let config = &plan.experiment.cells[cell].setup;
    let records = trial::run(
        trial::Trial::new(config, &world, &overseer, streams, &mut SharedInWorld::default()),
        |inside| {
            let table = &inside.model.reward.table;
            let right = inside.labels.iter().filter(|pair| {
                let ahead = pair.first.total(table) > pair.second.total(table);
                ahead == (pair.label == Label::First)
            });
            accuracy = right.count() as f64 / inside.labels.len() as f64;
            let of_cell = |values: &[f64]| -> Vec<f64> {
                let cells = 0..compiled.places.len() as u32 - 1;
                cells.map(|c| values[compiled.place.iter().position(|p| *p == c).expect("entered")]).collect()
            };
            correlation = pearson(&of_cell(table), &of_cell(&gold));
            let m = moments(mdp, table, table);
            scale = (m.mean[0], m.variance[0].sqrt());
        },
    );
    let last = &records.last().expect("a level").metrics;
    // In units of gold: the logit is a fifth of the difference.
    raw += 5.0 * (scale.0 + last.proxy.unwrap() * scale.1) / f64::from(mdp.horizon);
    let steps = f64::from(mdp.horizon);
    [accuracy, correlation, reference_gold(mdp, &gold) / steps, last.gold.unwrap() / steps, raw]
}

fn reference_gold(mdp: &Mdp, gold: &[f64]) -> f64 {
    dot(&visits(mdp, &Policy::reference(mdp)), gold)
}

fn pearson(x: &[f64], y: &[f64]) -> f64 {
    let (mx, my) = (mean(x), mean(y));
    let [mut xx, mut yy, mut xy] = [0.0; 3];
    for (a, b) in x.iter().zip(y) {
        xx += (a - mx) * (a - mx);
        yy += (b - my) * (b - my);
        xy += (a - mx) * (b - my);
    }
    xy / (xx * yy).sqrt()
}

fn plan() -> Plan {
    let text = experiment("pipeline_tabular").expect("built in");
    Plan::read("pipeline_tabular.toml", text.as_bytes(), &Overrides::default()).unwrap()
}

#[test]
fn the_pipeline_agrees_with_independent_ones() {
    let plan = plan();
    let variant = |name: &str| plan.experiment.cells.iter().position(|c| c.variant == name).unwrap();
    let published = [0.77, 0.71, -0.01, 1.26, 1.15];
    let what = ["accuracy", "correlation", "gold at first", "gold at last", "proxy"];
    for name in ["base", "exact", "converged"] {
        let seeds = if name == "base" { 256 } else { 64 };
        let all: Vec<[f64; 5]> = (0..seeds).map(|seed| measured(&plan, variant(name), seed)).collect();
        for (i, (what, published)) in what.iter().zip(published).enumerate() {
            let e = Estimate::of(&all.iter().map(|m| m[i]).collect::<Vec<_>>());
            println!("{name:10} {what:14} {:.4} ± {:.4}, published {published}", e.mean, 1.96 * e.se);
            if name == "base" {
                // What is published is a mean of 64 seeds, with twice the standard error of these. (64 are
                // too few to tell: of six base seeds, one gave a last gold of 1.14 and another of 1.33.)
                e.assert_covers(what, published, 1.96 * 5.0f64.sqrt());
            }
        }
        // The maximum a posteriori correlates less: what is published is of a fit stopped early.
        if name == "converged" {
            let correlation = Estimate::of(&all.iter().map(|m| m[1]).collect::<Vec<_>>());
            assert!(correlation.mean + 3.9 * correlation.se < 0.71);
        }
    }
}

#[test]
fn momentum_leads_where_many_plain_steps_do() {
    let text = experiment("pipeline_tabular").expect("built in");
    let given = "descent = { steps = 8, rate = 1, momentum = 0.5 }";
    assert!(text.contains(given));
    let text = text.replace(given, "descent = { steps = 200, rate = 0.1 }");
    let plain = Plan::read("plain.toml", text.as_bytes(), &Overrides::default()).unwrap();
    let plan = plan();
    let all: Vec<[f64; 5]> = (0..16)
        .map(|seed| {
            let (few, many) = (measured(&plan, 0, seed), measured(&plain, 0, seed));
            std::array::from_fn(|i| few[i] - many[i])
        })
        .collect();
    // The learned reward per step tells of the length of the weights.
    for (i, what, within) in [(0, "accuracy", 0.01), (1, "correlation", 0.01), (4, "learned reward", 0.05)] {
        let difference = mean(&all.iter().map(|m| m[i]).collect::<Vec<_>>());
        println!("{what} differs by {difference:.4}");
        assert!(difference.abs() < within, "{what} differs by {difference}");
    }
}
