//! `play`: acting in a gridworld by hand.

use super::results::aligned;
use super::source::open;
use super::{Stop, print};
use crate::lab::world::{Gridworld, Played, WorldConfig, gridworlds};
use crate::numerics::rng::{Purpose, Streams};
use crate::study::config::{Experiment, Overrides};
use schemars::schema_for;

/// Plays `actions` in a map or in the world of a config's first cell.
pub(super) fn play(
    world: &str,
    actions: &str,
    repetition: u32,
    json: bool,
    overrides: &Overrides,
) -> Result<(), Stop> {
    let (seed, gridworld) = read(world, overrides)?;
    let streams = Streams { seed, repetition };
    let mut rng = streams.stream(Purpose::Play, "", 0);
    let fault = |fault: crate::numerics::error::ConfigError| {
        Stop::Usage(format!("{}; {}", fault.message, fault.help))
    };
    let played = gridworld.play(actions, streams, &mut rng).map_err(fault)?;
    if json {
        let text = serde_json::to_string(&played).expect("numbers and lists");
        return print(&(text + "\n"));
    }
    let shown = if actions.is_empty() { opening(&gridworld) } else { told(actions, &played) };
    print(&shown)
}

/// The base seed and the world: of a map by its name, or of a config.
fn read(world: &str, overrides: &Overrides) -> Result<(u32, Gridworld), Stop> {
    let map = gridworlds().into_iter().find(|(name, _)| *name == world);
    let (source, text) = match map {
        Some((name, _)) => {
            (format!("{name}.toml"), format!("[world.gridworld]\nmap = \"{name}\"\n").into_bytes())
        }
        None => open(world).map_err(|stop| match stop {
            Stop::Usage(message) => Stop::Usage(format!("{message}; maps: oversight list maps")),
            stop => stop,
        })?,
    };
    let sets = overrides.sets.iter().map(|set| within_world(set)).collect();
    let experiment = Experiment::read_to_play(&source, &text, &Overrides { sets, ..overrides.clone() })?;
    match &experiment.cells[0].setup.world {
        WorldConfig::Gridworld(gridworld) => Ok((experiment.seed, gridworld.clone())),
        _ => Err(Stop::Usage(format!("{source} has no world.gridworld: there is no map to act on"))),
    }
}

/// A setting of the world may be named without `world.gridworld`.
fn within_world(set: &str) -> String {
    let path = set.split(['=', '.']).next().unwrap_or_default().trim();
    let own = schema_for!(Gridworld).to_value();
    if own["properties"].get(path).is_some() { format!("world.gridworld.{set}") } else { set.to_owned() }
}

/// The map as it is written.
fn opening(gridworld: &Gridworld) -> String {
    match gridworlds().into_iter().find(|(name, _)| *name == gridworld.map) {
        Some((_, text)) => text.to_owned(),
        None => format!("{}\n", gridworld.map.trim_matches('\n')),
    }
}

/// Step by step.
fn told(actions: &str, played: &Played) -> String {
    let names = ["step", "action", "position", "observed", "gold", "return", "performance"];
    let mut lines = vec![names.map(str::to_owned).to_vec()];
    let [mut total, mut performance] = [0.0, 0.0];
    for (i, action) in actions.chars().take(played.steps).enumerate() {
        let ([observed, gold], [row, column]) = ([played.observed[i], played.gold[i]], played.positions[i]);
        total += observed;
        performance += gold;
        let at = [(i + 1).to_string(), action.to_string(), format!("{row},{column}")];
        lines.push(at.into_iter().chain([observed, gold, total, performance].map(short)).collect());
    }
    let lamp = |on| {
        format!("the agent's lamp is {}\n", if on { "on: it takes itself to be watched" } else { "off" })
    };
    let mut text = played.lamp.map(lamp).unwrap_or_default() + &aligned(&lines, 0);
    let left = actions.chars().count() - played.steps;
    text += match (played.done, left) {
        (true, 0) => "the episode has ended\n",
        (true, _) => "the episode has ended; later actions were not played\n",
        (false, _) => "the episode goes on\n",
    };
    text
}

/// A number without digits that are rounding.
fn short(x: f64) -> String {
    let rounded = (x * 1e6).round() / 1e6 + 0.0;
    format!("{rounded}")
}
