//! Worlds over time through the whole loop.

use crate::common::assert_close;
use crate::lab::{plan, run};
use oversight::lab::solve::{evaluate, greedy_limit, optimum};
use oversight::lab::world::gridworlds;
use oversight::numerics::math::dot;
use oversight::study::config::Overrides;
use oversight::study::experiments::experiment;
use oversight::study::plan::{Plan, Row};

/// The last level of one seed of a cell.
fn last(plan: &Plan, cell: usize) -> Row {
    plan.seed(0, || true).unwrap().into_iter().rfind(|row| row.cell == cell).unwrap()
}

/// In the garden, approval reaches the optimum of what is believed, with the gold of the policy that
/// attains it; an overseer and a model who see the garden get the optimum of gold.
#[test]
fn tampering_reaches_its_ceiling() {
    let text = experiment("tampering").expect("built in");
    let plan = Plan::read("tampering.toml", text.as_bytes(), &Overrides::default()).unwrap();
    let cell = |name: &str| {
        let cells = plan.experiment.cells.iter();
        cells.clone().position(|c| c.levels.iter().any(|l| l.to_string() == name)).unwrap()
    };
    let (world, overseer, _) = plan.open(cell("sensors"), 0);
    let (believed, gold) = (overseer.beliefs.of(&world).table, world.mdp.gold_table().0);
    let ceiling = optimum(&world.mdp, &believed);
    let idle = evaluate(&world.mdp, &greedy_limit(&world.mdp, &believed).policy, &gold);
    println!("ceiling {ceiling}, its gold {idle}, optimum of gold {}", optimum(&world.mdp, &gold));
    let m = last(&plan, cell("sensors")).record.metrics;
    assert_close("approval", m.approval.unwrap(), ceiling, 1e-9);
    assert_close("gold", m.gold.unwrap(), idle, 1e-9);
    let seeing = last(&plan, cell("none")).record.metrics;
    assert!(seeing.gold_fraction.unwrap() > 0.95, "{:?}", seeing.gold_fraction);
    assert_close("nothing is believed of the bucket", seeing.misjudgement.unwrap(), 0.0, 1e-9);
}

/// Every built-in map that fits a table is a world of the loop: laws of chance, a fit and a tilt.
#[test]
fn every_map_runs() {
    let mut tabled = 0;
    for (name, _) in gridworlds() {
        // Too large for a table, or for a test.
        if ["tomato_watering", "rocks_and_diamonds_0", "side_effects_1", "side_effects_2", "side_effects_3"]
            .contains(&name)
        {
            continue;
        }
        let plan = plan(&format!(
            "seeds = 1\nworld.gridworld = {{ map = '{name}', horizon = 20 }}\nfeedback.labels = 20\noptimizer.tilt.beta = 1\n"
        ));
        let (world, ..) = plan.open(0, 0);
        let mdp = &world.mdp;
        assert_close(name, mdp.start.iter().sum(), 1.0, 1e-12);
        let visits = oversight::lab::solve::visits(mdp, &oversight::lab::policy::Policy::reference(mdp));
        assert_close(name, visits.iter().sum(), 20.0, 1e-9);
        let rows = run(&plan);
        let m = &rows[0].record.metrics;
        assert!(m.values().iter().flatten().all(|x| x.is_finite()), "{name}: {m:?}");
        tabled += 1;
    }
    assert_eq!(tabled, 17);
}

/// Learned from episodes, a policy ends where the exact optimum of the same regularised return is.
#[test]
fn sampled_optimizers_end_at_the_tilt() {
    for map in ["boat_race", "island_navigation", "absent_supervisor"] {
        let plan = plan(&format!(
            r#"
            seeds = 1
            reward_model = "gold"
            world.gridworld.map = "{map}"
            optimizer.tilt.beta = 0.3
            [variants.gradient]
            optimizer.natural_policy_gradient = {{ iterations = 400, beta = 0.3, rate = 0.3, policy = "tabular" }}
            [variants.ppo]
            optimizer.ppo = {{ iterations = 400, beta = 0.3, rate = 0.1, policy = "tabular" }}
            "#
        ));
        let rows = run(&plan);
        let fraction = |i: usize| rows[i].record.metrics.gold_fraction.unwrap();
        println!("{map}: tilt {:.4}, gradient {:.4}, ppo {:.4}", fraction(0), fraction(1), fraction(2));
        assert_close(map, fraction(1), fraction(0), 0.02);
        assert_close(map, fraction(2), fraction(0), 0.02);
    }
}

/// What is seen by a camera is worth what is shown there; elsewhere nothing, or the mean of what π₀ does
/// out of sight.
#[test]
fn a_camera_sees_some_cells() {
    let text = |unseen: &str| {
        format!(
            r#"
            seeds = 1
            [world.gridworld]
            map = "A.c"
            horizon = 2
            tiles = {{ "." = {{ feature = "work" }}, "c" = {{ feature = "work", camera = true }} }}
            features = {{ work = {{ gold = 1 }} }}
            [overseer]
            unseen = "{unseen}"
            [optimizer.tilt]
            beta = 1
            "#
        )
    };
    let of = |unseen: &str| {
        let plan = plan(&text(unseen));
        let (world, overseer, _) = plan.open(0, 0);
        let visits =
            oversight::lab::solve::visits(&world.mdp, &oversight::lab::policy::Policy::reference(&world.mdp));
        dot(&visits, &overseer.beliefs.of(&world).table)
    };
    // π₀ moves right with ¼ and left with ¼: at `c` after two steps with 1/16.
    assert_close("nothing", of("nothing"), 1.0 / 16.0, 1e-12);
    // The mean of what is unseen is what it is on average: nothing is lost in expectation.
    let gold = {
        let plan = plan(&text("nothing"));
        let (world, ..) = plan.open(0, 0);
        let reference = oversight::lab::policy::Policy::reference(&world.mdp);
        evaluate(&world.mdp, &reference, &world.mdp.gold_table().0)
    };
    assert_close("reference", of("reference"), gold, 1e-12);
}
