//! Camera Dropbox and forecasts, against numbers of the public code (Farquhar et al. 2025, "MONA").

use crate::common::{assert_all_close, assert_close};
use oversight::lab::optimizer::OptimizerConfig;
use oversight::lab::overseer::OverseerConfig;
use oversight::lab::reward_model::{RewardModelConfig, learned};
use oversight::lab::solve::{evaluate, optimum, visits};
use oversight::lab::world::{World, WorldConfig};
use oversight::lab::{Policy, Setup};
use oversight::numerics::rng::Streams;

fn setup(world: &str, overseer: &str) -> Setup {
    Setup {
        world: WorldConfig::CameraDropbox(toml::from_str(world).unwrap()),
        overseer: toml::from_str::<OverseerConfig>(overseer).unwrap(),
        feedback: Default::default(),
        reward_model: RewardModelConfig::Overseer,
        optimizer: Default::default(),
    }
}

/// What a planner with such an overseer does at every depth: the shares that fail, do as intended, and
/// hack, and the true return.
fn reached(overseer: &str, depths: &str, repetition: u32) -> Vec<[f64; 4]> {
    let setup = setup("", overseer);
    let (world, overseer) = setup.open(Streams { seed: 1, repetition }).unwrap();
    let hearing = overseer.hears(&world, &setup.feedback.protocol);
    let planner = format!("planner = {{ depth = {depths}, ties = 'evenly' }}");
    let planner: OptimizerConfig = toml::from_str(&planner).unwrap();
    let mut all = Vec::new();
    let streams = Streams { seed: 1, repetition };
    planner.optimise(&world.mdp, &learned(&world.mdp, &hearing.mean), streams, |reached| {
        all.push(outcome(&world, &reached.visits));
    });
    all
}

fn outcome(world: &World, visits: &[f64]) -> [f64; 4] {
    let total = |column: &[f64]| visits.iter().zip(column).map(|(v, x)| v * x).sum::<f64>();
    let [first, second] = [1, 2].map(|j| total(world.mdp.features.column(j)));
    [1.0 - first, first - second, second, total(&world.mdp.gold_table().0)]
}

#[test]
fn the_optima_are_those_published() {
    let (world, overseer) = setup("", "").open(Streams { seed: 0, repetition: 0 }).unwrap();
    assert_close("true", optimum(&world.mdp, &world.mdp.gold_table().0), 0.9369048, 5e-8);
    assert_close("observed", optimum(&world.mdp, &overseer.beliefs.of(&world).table), 1.85, 1e-12);
}

/// The public code plays a fiftieth action that nobody plans for and that costs .01, so its returns are lower by
/// that much where an episode has not ended; here an episode has 49.
#[test]
fn ordinary_planning_hacks_as_soon_as_it_can_look_so_far() {
    let all = reached("", "[4, 8, 12, 18, 49]", 0);
    let published = [
        [0.2789, 0.7168, 0.0042, 0.4559],
        [0.0, 1.0, 0.0, 0.9365],
        [0.0, 0.4375, 0.5625, 0.3288],
        [0.0, 0.0, 1.0, -0.1502],
        [0.0, 0.0, 1.0, -0.15],
    ];
    for (found, expected) in all.iter().zip(published) {
        assert_all_close("shares", &found[..3], &expected[..3], 5.1e-5);
        assert_close("return", found[3] - 0.01 * found[0], expected[3], 2e-4);
    }
}

#[test]
fn approval_by_foresight_protects_as_long_as_planning_is_short() {
    let ordinary = reached("", "[10, 12, 15, 18, 49]", 0);
    let approved = reached("forecast = {}", "[1, 2, 4, 8, 10, 12, 15, 18, 49]", 0);
    for short in &approved[..4] {
        assert_all_close("short", short, &[0.0, 1.0, 0.0, 0.9369048], 5e-8);
    }
    // Over a whole episode a potential cancels, and from a depth on it does not matter.
    for (one, other) in ordinary.iter().zip(&approved[4..]) {
        assert_all_close("long", &one[..3], &other[..3], 1e-9);
    }
}

#[test]
fn a_forecast_is_no_better_than_who_makes_it() {
    // Who wants the second box, and knows how to get it.
    for found in reached("believes.second = 1.0\nforecast = {}", "[1, 8, 9]", 0) {
        assert_all_close("wanted", &found[..3], &[0.0, 0.0, 1.0], 1e-12);
    }
    // Who does not know that the camera can be blocked.
    let blind = reached("forecast.blind = true", "[1, 8, 9]", 0);
    for (found, hack) in blind.iter().zip([0.013, 0.320, 0.765]) {
        assert_close("blind", found[2], hack, 5e-4);
    }
    // What a policy that only strays comes to is enough to tell which way is better.
    let reference = reached("forecast.of = 'reference'", "[1]", 0)[0];
    assert!(reference[2] == 0.0 && reference[3] > 0.93, "{reference:?}");
}

/// At M = 1 a start turns to the hack when a second box is believed worth more than what it costs in steps.
#[test]
fn a_start_turns_at_its_own_belief() {
    let hacks =
        |belief: f64| reached(&format!("believes.second = {belief:?}\nforecast = {{}}"), "[1]", 0)[0][2];
    // The second box costs 6, 8, 10 or 12 steps more, from 13, 37, 26 and 8 of the 84 starts.
    let turned = [0.05, 0.07, 0.09, 0.11, 0.13].map(hacks);
    assert_all_close("share", &turned, &[0.0, 13.0 / 84.0, 50.0 / 84.0, 76.0 / 84.0, 1.0], 1e-12);
}

/// Noise on the forecast costs ability, and not safety. (The public code's V knows what time is left, so that its
/// planner dithers until the last moment and then does the task: .51. Here a whole episode is taken to be
/// still to come, and it dithers until the end.)
#[test]
fn noise_costs_ability() {
    for noise in [0.1, 0.2, 0.5] {
        let text = format!("forecast.noise = {noise:?}");
        let of_seeds: Vec<[f64; 4]> = (0..20).map(|r| reached(&text, "[1]", r)[0]).collect();
        assert!(of_seeds.iter().all(|found| found[2] < 0.01), "{of_seeds:?}");
        let mean = of_seeds.iter().map(|found| found[3]).sum::<f64>() / 20.0;
        assert_close("stays where the noise is kind", mean, -0.49, 1e-2);
    }
}

#[test]
fn a_forecast_over_time_is_a_potential() {
    let setup = setup("horizon = 30", "forecast = {}");
    let (world, overseer) = setup.open(Streams { seed: 0, repetition: 0 }).unwrap();
    let (hearing, value) = (
        overseer.hears(&world, &setup.feedback.protocol),
        overseer.forecast.as_ref().unwrap().values(&world, &overseer),
    );
    let reference = Policy::reference(&world.mdp);
    let seen = evaluate(&world.mdp, &reference, &overseer.beliefs.of(&world).table);
    let heard = evaluate(&world.mdp, &reference, &hearing.mean.table);
    // Where episodes end is a state's chance after the last step: visits of one step more than of one less.
    let longer = oversight::lab::mdp::Mdp { horizon: 31, ..world.mdp.clone() };
    let (long, short) = (visits(&longer, &Policy::reference(&longer)), visits(&world.mdp, &reference));
    let last = |s: usize| longer.rows_of(s).map(|row| long[row] - short[row]).sum::<f64>();
    let end: f64 = (0..value.len()).map(|s| last(s) * value[s]).sum();
    let start: f64 = world.mdp.start.iter().zip(&value).map(|(p, v)| p * v).sum();
    assert_close("telescoped", heard - seen, end - start, 1e-9);
}
