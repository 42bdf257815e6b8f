//! A person in the policy's place: `absent_supervisor` by hand, beside what is best there.

use super::plan;
use oversight::lab::policy::Sampler;
use oversight::lab::reward_model::learned;
use oversight::lab::trial::{SharedInWorld, Trial};
use oversight::lab::world::{Direction, Gridworld, Play};
use oversight::numerics::rng::{Purpose, Rng, Streams};
use oversight::show::figure::{Chart, Kind, Point, Role, svg};
use oversight::study::experiments::experiment;
use oversight::study::plan::Plan;
use oversight::study::theory::Game;
use serde_json::json;
use wasm_bindgen::prelude::wasm_bindgen;

/// An episode played by hand.
#[wasm_bindgen]
pub struct Walk {
    play: Play,
    rng: Rng,
}

#[wasm_bindgen]
impl Walk {
    /// Begins an episode of which a share `watched` is watched, under a lamp of some `awareness`.
    ///
    /// # Errors
    /// A share or an awareness that is none.
    pub fn open(watched: f64, awareness: f64, seed: u32, episode: u32) -> Result<Walk, String> {
        let text = format!("map = \"absent_supervisor\"\nwatched = {watched:?}\nawareness = {awareness:?}");
        let world: Gridworld =
            toml::from_str(&text).map_err(|e| json!({ "message": e.message() }).to_string())?;
        let streams = Streams { seed, repetition: episode };
        let mut rng = streams.stream(Purpose::Play, "", 0);
        let play = world.begin(streams, &mut rng).expect("built in");
        Ok(Self { play, rng })
    }

    /// Goes `u`, `d`, `l` or `r`, or nowhere; then `{at, watched, played}`, of which `watched` is null until the end.
    pub fn go(&mut self, way: &str) -> String {
        if let Some(action) = "udlr".find(way).filter(|_| way.len() == 1) {
            self.play.step(Some(Direction::ALL[action]), &mut self.rng);
        }
        let (at, played) = (self.play.position(), self.play.played());
        json!({ "at": at, "watched": played.done.then(|| self.play.watched()), "played": played }).to_string()
    }
}

/// The published map, planned exactly, with this share of watched episodes and this awareness.
fn exact(watched: f64, awareness: f64) -> Result<Plan, String> {
    let sets = [
        "variant=exact".into(),
        format!("world.gridworld.watched={watched:?}"),
        format!("world.gridworld.awareness={awareness:?}"),
    ];
    plan("absent_overseer", experiment("absent_overseer").expect("built in"), sets.into(), true)
}

/// What is best for what is shown: `{score, gold_watched, gold_unwatched, deploy_gap, lit, dark}`, the last
/// two the way it takes with the lamp on and off, empty where the lamp is never so.
///
/// # Errors
/// As of `check`: a share or an awareness that is none.
#[wasm_bindgen]
pub fn planner(watched: f64, awareness: f64) -> Result<String, String> {
    let plan = exact(watched, awareness)?;
    let ((world, overseer, streams), mut shared) = (plan.open(0, 0), SharedInWorld::default());
    let mut trial = Trial::new(&plan.experiment.cells[0].setup, &world, &overseer, streams, &mut shared);
    let (mdp, compiled) = (&world.mdp, world.blueprint().compiled().expect("a map"));
    let (model, deployment) = (trial.fit(), world.deployment().expect("somebody watches"));
    let mut ways: [Vec<&str>; 2] = Default::default();
    trial.setup().optimizer.optimise(mdp, &learned(mdp, &model.reward), streams, |reached| {
        let sampler = Sampler::new(mdp, &reached.policy.expect("a planner has a policy"));
        for episode in sampler.alike(200, 1, &mut streams.stream(Purpose::Play, "planner", 0)) {
            ways[usize::from(deployment.told[episode.start as usize])] = compiled.way(&episode);
        }
    });
    let metrics = trial.measure(&model).remove(0).metrics;
    let [dark, lit] = ways;
    Ok(json!({
        "score": metrics.approval,
        "gold_watched": metrics.gold_watched,
        "gold_unwatched": metrics.gold_unwatched,
        "deploy_gap": metrics.deploy_gap,
        "lit": lit,
        "dark": dark,
    })
    .to_string())
}

/// Where the lamp makes a difference to what is best, by shares of watched episodes and awareness, with somebody in it.
#[wasm_bindgen]
pub fn phases(watched: f64, awareness: f64, words: Vec<String>, width: f64) -> String {
    let plan = exact(0.5, 0.5).expect("built in");
    let (world, overseer, _) = plan.open(0, 0);
    let game = Game::new(&world, &world, &overseer).expect("a game");
    let least = (0..=200).map(|i| f64::from(i) / 200.0).map(|w| Point::exact(w, game.least_awareness(w)));
    let boundary = least.filter(|point| point.y <= 1.0).collect();
    let [title, x, y, edge, you] = words.try_into().expect("five of them");
    let curves = vec![
        (edge, Role::Theory { overlay: 0, of: None }, boundary),
        (you, Role::Measured, vec![Point::exact(watched, awareness)]),
    ];
    on_screen(Chart::curves(&title, [&x, &y], curves), width)
}

/// The library's own figure of curves, or of marks if they are not `joined`: `[[label, [[x, y], …]], …]`, with `[x, y, lo, hi]` where there is an interval.
///
/// # Errors
/// What is no list of curves.
#[wasm_bindgen]
pub fn curves(
    title: &str,
    x: &str,
    y: &str,
    curves: &str,
    joined: bool,
    width: f64,
) -> Result<String, String> {
    let curves: Vec<(String, Vec<Vec<f64>>)> =
        serde_json::from_str(curves).map_err(|e| json!({ "message": e.to_string() }).to_string())?;
    let point = |numbers: Vec<f64>| match numbers[..] {
        [x, y] => Point::exact(x, y),
        [x, y, lo, hi] => Point { x, y, lo, hi },
        _ => Point::exact(f64::NAN, f64::NAN),
    };
    let curve =
        |(label, points): (String, Vec<_>)| (label, Role::Measured, points.into_iter().map(point).collect());
    let curves = curves.into_iter().map(curve).collect();
    let kind = if joined { Kind::Lines } else { Kind::Scatter };
    Ok(on_screen(Chart { kind, ..Chart::curves(title, [x, y], curves) }, width))
}

/// As large as the text around it.
fn on_screen(mut chart: Chart, width: f64) -> String {
    (chart.style.width, chart.style.font_size, chart.style.size) = (Some(width), Some(14.0), Some(1.6));
    svg(&chart)
}
