mod conformance;
mod exact;
mod faults;
mod golden;
mod properties;

use super::table::{every, merged};
use super::*;
use crate::lab::inputs::Inputs;
use crate::lab::mdp::Outcomes;
use crate::lab::world::{Deployment, Screen};
use crate::numerics::rng::{Purpose, Rng, Streams};

const STREAMS: Streams = Streams { seed: 0, repetition: 0 };

fn rng(index: u64) -> Rng {
    STREAMS.stream(Purpose::Pairs, "gridworld", index)
}

/// A gridworld from the lines of its table.
fn gridworld(toml: &str) -> Gridworld {
    toml::from_str(toml).unwrap_or_else(|e| panic!("{e}"))
}

/// A table in plain lists.
struct Grid {
    horizon: u32,
    start: Vec<f64>,
    rows: Vec<u32>,
    offset: Vec<u32>,
    next: Vec<u32>,
    chance: Vec<f64>,
    features: Vec<Vec<f64>>,
    shown: Vec<Vec<f64>>,
    gold: Vec<f64>,
    observed: Vec<f64>,
    drawn: Vec<usize>,
    cell: Vec<u32>,
    in_view: Vec<bool>,
    view: Vec<u32>,
    deployment: Option<Deployment>,
}

impl Grid {
    fn new(rules: &Rules, inputs: &Inputs) -> Self {
        let compiled = rules.table(inputs).unwrap();
        let Screen::Sensors { shown, in_view } = compiled.screen else { panic!("sensors") };
        let Outcomes::Moves { offset, next, chance } = compiled.mdp.outcomes else { panic!("moves") };
        Self {
            horizon: compiled.mdp.horizon,
            start: compiled.mdp.start,
            rows: compiled.mdp.rows,
            features: compiled.mdp.features.columns().map(<[f64]>::to_vec).collect(),
            shown: shown.columns().map(<[f64]>::to_vec).collect(),
            gold: compiled.mdp.gold,
            observed: rules.features.values().map(GridFeature::observed_weight).collect(),
            view: compiled.mdp.view,
            drawn: compiled.drawn.iter().map(|drawn| drawn.column).collect(),
            cell: compiled.place,
            deployment: compiled.deployment,
            offset,
            next,
            chance,
            in_view,
        }
    }

    fn of(world: &Gridworld) -> Self {
        Self::new(&world.rules().unwrap(), &Inputs::Training)
    }
}

impl Rules {
    /// Every beginning of an episode, with its chance.
    fn beginnings(&self) -> Vec<(f64, State)> {
        self.beginnings_of(self.watched, &Inputs::Training)
    }

    /// Every outcome of an action of the agent, with its chance. Outcomes that agree are one.
    fn outcomes(&self, state: &State, action: Direction) -> Vec<(f64, State, Earned)> {
        let mut all = every(|chance| self.act(state, action, chance), usize::MAX);
        all.sort_by(|(_, a), (_, b)| a.0.cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
        all.dedup_by(|b, a| a.1 == b.1 && merged(&mut a.0, b.0));
        all.into_iter().map(|(p, (state, earned))| (p, state, earned)).collect()
    }
}

fn named(name: &str) -> Gridworld {
    gridworld(&format!("map = \"{name}\""))
}

fn played(toml: &str, actions: &str) -> Played {
    gridworld(toml).play(actions, STREAMS, &mut rng(0)).unwrap()
}
