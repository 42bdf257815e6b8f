//! A person's desk: one world, one camera, their labels, and the same fit, optimizer and measures as everywhere.

use super::plan;
use oversight::lab::Setup;
use oversight::lab::hearing::Hearing;
use oversight::lab::overseer::{Choice, Label, Overseer};
use oversight::lab::policy::{Episode, Sampler};
use oversight::lab::query::Comparison;
use oversight::lab::reward_model::learned;
use oversight::lab::trial::{Record, SharedInWorld, Trial};
use oversight::lab::world::{Gridworld, Screen, World, WorldConfig};
use oversight::numerics::rng::{Purpose, Streams};
use oversight::study::experiments::experiment;
use oversight::study::plan::Plan;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use wasm_bindgen::prelude::wasm_bindgen;

/// Pairs that a person judges, and labels like theirs at most.
const PAIRS: u32 = 12;
const MORE: u32 = 1000;

/// A desk in the world of `one_camera`.
#[wasm_bindgen]
pub struct Desk {
    plan: Plan,
    world: World,
    overseer: Overseer,
    streams: Streams,
    labels: Vec<(Label, u32)>,
}

#[wasm_bindgen]
impl Desk {
    /// A desk before one of the cameras `lower`, `upper`, `everything`; a seed draws the pairs.
    ///
    /// # Errors
    /// As of `check`: there is no such camera.
    pub fn open(camera: &str, seed: u32) -> Result<Desk, String> {
        let sets =
            [format!("camera={camera}"), "judging=film".into(), format!("feedback.labels={}", PAIRS + MORE)];
        let plan = plan("one_camera", experiment("one_camera").expect("built in"), sets.into(), false)?;
        let (world, overseer, streams) = plan.open(0, seed);
        Ok(Self { plan, world, overseer, streams, labels: Vec::new() })
    }

    /// `{map, filmed, names, gold, pairs}`: rows of characters; whether the camera films each place, by its
    /// name; features and their true weights; the pairs of clips `{way, totals}`.
    pub fn view(&self) -> String {
        let WorldConfig::Gridworld(Gridworld { map, .. }) = &self.setup().world else {
            unreachable!("a map")
        };
        let compiled = self.world.blueprint().compiled().expect("a map");
        let Screen::Sensors { in_view, .. } = &compiled.screen else { unreachable!("a map") };
        let filmed: BTreeMap<&str, bool> = compiled
            .place
            .iter()
            .map(|place| compiled.places[*place as usize].as_str())
            .zip(in_view.iter().copied())
            .collect();
        let mut shared = SharedInWorld::default();
        let pairs = self.trial(&mut shared).pairs(PAIRS);
        let pairs = pairs.chunks(2).map(|pair| Value::from_iter(pair.iter().map(|clip| self.clip(clip))));
        json!({
            "map": Value::from_iter(map.trim_matches('\n').lines()),
            "filmed": filmed,
            "names": self.world.names(),
            "gold": self.world.mdp.gold,
            "pairs": Value::from_iter(pairs),
        })
        .to_string()
    }

    /// Fits a reward model to labels, a character a pair: `1` the first, `2` the second, `=` the same; and to `more`
    /// by somebody who judges as that model does. `{weights: [{name, learned, se}], said, by_film}`: labels that
    /// prefer a clip, and how many of them do so rightly by what is filmed.
    pub fn learn(&mut self, labels: &str, more: u32) -> String {
        self.labels = labels.chars().take(PAIRS as usize).filter_map(label).map(|label| (label, 0)).collect();
        let mut shared = SharedInWorld::default();
        let mut trial = self.answered(&mut shared);
        let (own, mut model): (Vec<Comparison>, _) = (trial.labels().to_vec(), trial.fit());
        if more > 0 {
            let like = Hearing::new(model.reward, Choice::default());
            let [mut choices, mut telling] =
                [Purpose::Choices, Purpose::Telling].map(|p| self.streams.stream(p, "like", 1));
            let said = like.answers(trial.pairs(more.min(MORE)), 2, &mut choices, &mut telling);
            self.labels.extend(said.iter().map(|pair| (pair.label, 0)));
            model = self.answered(&mut shared).fit();
        }
        let weight = |(j, name)| json!({ "name": name, "learned": model.weights[j], "se": model.error(j) });
        let film = self.overseer.beliefs.of(&self.world).table;
        let lead = |pair: &Comparison| pair.first.lead(&pair.second, &film);
        let right = |pair: &&Comparison| match pair.label {
            Label::First => lead(pair) > 0.0,
            Label::Second => lead(pair) < 0.0,
            Label::Tie | Label::Skip => false,
        };
        json!({
            "weights": Value::from_iter(self.world.names().iter().enumerate().map(weight)),
            "said": own.iter().filter(|pair| pair.label != Label::Tie).count(),
            "by_film": own.iter().filter(right).count(),
        })
        .to_string()
    }

    /// What those labels breed at each level of training: `[{level, kl, film, truth, means, clip}]`, with the worth of
    /// what is filmed of the robot, its true worth, its mean features, and a clip of it.
    pub fn breed(&self) -> String {
        let mut shared = SharedInWorld::default();
        let (mdp, mut trial) = (&self.world.mdp, self.answered(&mut shared));
        let model = trial.fit();
        let mut clips = Vec::new();
        self.setup().optimizer.optimise(mdp, &learned(mdp, &model.reward), self.streams, |reached| {
            let sampler = Sampler::new(mdp, &reached.policy.expect("a tilt is a policy"));
            clips.push(sampler.alike(1, 1, &mut self.streams.stream(Purpose::Play, "clip", 0)).remove(0));
        });
        let bred = trial.measure(&model).into_iter().zip(&clips).map(|(record, clip)| {
            let Record { pressure, metrics: m, features, .. } = record;
            json!({
                "level": pressure,
                "kl": m.kl,
                "film": m.approval,
                "truth": m.gold,
                "means": self.named(features),
                "clip": self.clip(clip),
            })
        });
        Value::from_iter(bred).to_string()
    }
}

impl Desk {
    fn setup(&self) -> &Setup {
        &self.plan.experiment.cells[0].setup
    }

    fn trial<'a>(&'a self, shared: &'a mut SharedInWorld) -> Trial<'a> {
        Trial::new(self.setup(), &self.world, &self.overseer, self.streams, shared)
    }

    /// The trial with the person's labels, all given.
    fn answered<'a>(&'a self, shared: &'a mut SharedInWorld) -> Trial<'a> {
        let mut trial = self.trial(shared).answered_by(self.labels.clone());
        let shown = trial.pairs(self.labels.len() as u32);
        trial.ask(shown).expect("a label each");
        trial
    }

    fn clip(&self, episode: &Episode) -> Value {
        let way = self.world.blueprint().compiled().expect("a map").way(episode);
        let totals = self.world.mdp.features.columns().map(|column| episode.total(column));
        json!({ "way": way, "totals": self.named(totals) })
    }

    fn named(&self, features: impl IntoIterator<Item = f64>) -> Map<String, Value> {
        self.world.names().iter().cloned().zip(features.into_iter().map(Value::from)).collect()
    }
}

fn label(said: char) -> Option<Label> {
    match said {
        '1' => Some(Label::First),
        '2' => Some(Label::Second),
        '=' => Some(Label::Tie),
        _ => None,
    }
}
