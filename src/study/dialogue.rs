//! A trial as a dialogue: somebody else's method draws pairs, has them labelled, and gives a reward, a JSON object
//! for every request and every answer.
//!
//! | request | answer |
//! |---|---|
//! | – | what there is: `features`, `outcomes`, `steps`, `levels`, `rounds`, `queries`, `price`, … |
//! | `{"pairs": n}` | `{"pairs": [{"id", "start", "first", "second", "outcomes"}, …]}` |
//! | `{"ask": [id, …]}` | `{"labels": [1, 0, 0.5, null, …], "left": n}` |
//! | `{"outcomes": [place, …]}` | `{"outcomes": [features, …]}` |
//! | `{"reward": {"weights": {"NAME": w, …}}}` or `{"reward": {"values": [r, …]}}` | `{"metrics": [{"pressure", "gold", …}, …]}` |
//!
//! A method is told what our own reward models are told: features as they are shown (or as `reads` says), and labels. What is gold,
//! believed or hidden it learns only from what is measured of its reward, which ends the round.

use crate::lab::Setup;
use crate::lab::mdp::Features;
use crate::lab::measure::METRICS;
use crate::lab::policy::Episode;
use crate::lab::query::Comparison;
use crate::lab::reward_model::RewardModel;
use crate::lab::trial::{Overspent, Record, Trial};
use crate::lab::world::World;
use crate::numerics::error::{ConfigError, suggest};
use crate::numerics::ranges::Finite;
use crate::numerics::rng::{Purpose, Streams};
use crate::numerics::words::count;
use indexmap::IndexMap;
use rand::Rng as _;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Steps of all pairs that are drawn in a dialogue, at most.
const MOST_STEPS: u64 = 100_000_000;
/// Numbers in one answer, at most.
const MOST_NUMBERS: u64 = 10_000_000;

/// A trial and somebody who asks.
pub struct Dialogue<'a> {
    trial: Trial<'a>,
    seed: u32,
    /// All pairs drawn so far, an episode after the other; the id of a pair is its place.
    drawn: Vec<Episode>,
    records: Vec<Record>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Request {
    Pairs(u32),
    Ask(Vec<usize>),
    Outcomes(Vec<usize>),
    Reward(Given),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Given {
    Weights(IndexMap<String, Finite>),
    Values(Vec<Finite>),
}

const REQUESTS: &str = r#"a request is {"pairs": n}, {"ask": [id, …]}, {"outcomes": [place, …]}, {"reward": {"weights": {"NAME": w, …}}} or {"reward": {"values": [r, …]}}"#;

impl<'a> Dialogue<'a> {
    /// Begins with the first round of a trial, whose streams are these; its setup was checked.
    pub fn new(trial: Trial<'a>, streams: Streams) -> Self {
        let seed = (streams.stream(Purpose::Method, "", 0).next_u64() >> 32) as u32;
        Self { trial, seed, drawn: Vec::new(), records: Vec::new() }
    }

    /// Checks that there can be a dialogue about trials of a setup.
    ///
    /// # Errors
    /// Queries that show more than two answers: a dialogue is about pairs.
    pub fn check(setup: &Setup) -> Result<(), ConfigError> {
        if setup.feedback.among.get() <= 2 {
            return Ok(());
        }
        let message = "a dialogue is about pairs, and a query of this config shows more than two answers";
        Err(ConfigError::new("feedback.among", message, "take it away: --set feedback.among=2"))
    }

    /// What there is, before anything is asked.
    pub fn opening(&self) -> Value {
        let (setup, world) = (self.trial.setup(), self.trial.world());
        json!({
            "features": world.names(),
            "outcomes": world.mdp.outcome_count(),
            "steps": setup.feedback.steps(world.blueprint()),
            "optimizer": setup.optimizer.name(),
            "levels": setup.optimizer.pressures(),
            "rounds": self.rounds(),
            "queries": self.trial.left(),
            "price": self.trial.price(),
            "annotators": self.trial.hearing().judges.len(),
            "seed": self.seed,
        })
    }

    /// The answer to a request, or what is wrong with it, what is allowed, and what to do. Of a request that is refused
    /// nothing is done.
    ///
    /// # Errors
    /// What is no request; ids, places or names that there are not; more queries than are left; rewards that are no
    /// numbers, or after the last round.
    pub fn answer(&mut self, request: &str) -> Result<Value, String> {
        let request = serde_json::from_str(request).map_err(|e| {
            let message = e.to_string();
            let what = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
            format!("{what}, at character {}; {REQUESTS}", e.column())
        })?;
        match request {
            Request::Pairs(count) => self.pairs(count),
            Request::Ask(ids) => self.ask(&ids),
            Request::Outcomes(places) => self.outcomes(&places),
            Request::Reward(given) => self.reward(given),
        }
    }

    /// Rounds there are, and with them the most rewards that are measured.
    pub fn rounds(&self) -> u32 {
        self.trial.setup().feedback.rounds.get()
    }

    /// Rounds that have ended.
    pub fn ended(&self) -> u32 {
        self.trial.round() - 1
    }

    /// All that was measured.
    pub fn records(self) -> Vec<Record> {
        self.records
    }

    /// The features of every outcome, as our own reward model would read them.
    fn read(&self) -> Arc<Features> {
        self.trial.setup().reward_model.reads(self.trial.world())
    }

    fn pairs(&mut self, wanted: u32) -> Result<Value, String> {
        let steps = u64::from(self.trial.setup().feedback.steps(self.trial.world().blueprint()));
        let most = MOST_STEPS / (2 * steps) - self.drawn.len() as u64 / 2;
        if u64::from(wanted) > most {
            return Err(format!("{wanted} pairs are too many: at most {most} more can be drawn"));
        }
        let (world, first_id) = (self.trial.world(), self.drawn.len() / 2);
        let at_once = MOST_NUMBERS / (2 * (steps + world.names().len() as u64));
        if u64::from(wanted) > at_once {
            return Err(format!("{wanted} pairs are too many: at most {at_once} at once"));
        }
        let (pairs, read) = (self.trial.pairs(wanted), self.read());
        let shown = pairs.as_chunks().0.iter().zip(first_id..).map(|([first, second], id)| {
            json!({
                "id": id,
                "start": first.start,
                "first": features(world, &read, first),
                "second": features(world, &read, second),
                "outcomes": [&first.steps, &second.steps],
            })
        });
        let answer = json!({ "pairs": shown.collect::<Vec<Value>>() });
        self.drawn.extend(pairs);
        Ok(answer)
    }

    fn ask(&mut self, ids: &[usize]) -> Result<Value, String> {
        let pairs = self.drawn.as_chunks::<2>().0;
        if let Some(id) = ids.iter().find(|id| **id >= pairs.len()) {
            let there = if pairs.is_empty() { "none".into() } else { format!("0 to {}", pairs.len() - 1) };
            return Err(format!(r#"there is no pair {id}; ids: {there}; draw more with {{"pairs": n}}"#));
        }
        let shown = ids.iter().flat_map(|id| pairs[*id].clone()).collect();
        let several = self.trial.hearing().judges.len() > 1;
        let labels = self.trial.ask(shown).map_err(|Overspent { asked, left }| {
            format!("{} are more than the {left} that are left", count(u64::from(asked), "query"))
        })?;
        let values: Vec<Option<f64>> = labels.iter().map(|pair| pair.label.value()).collect();
        let by: Vec<u32> = labels.iter().map(|Comparison { by, .. }| *by).collect();
        let mut answer = Map::new();
        answer.insert("labels".into(), json!(values));
        if several {
            answer.insert("annotators".into(), json!(by));
        }
        answer.insert("left".into(), self.trial.left().into());
        Ok(answer.into())
    }

    fn outcomes(&self, places: &[usize]) -> Result<Value, String> {
        let (world, read) = (self.trial.world(), self.read());
        let all = world.mdp.outcome_count();
        if let Some(place) = places.iter().find(|place| **place >= all) {
            return Err(format!("there is no outcome {place}; outcomes: 0 to {}", all - 1));
        }
        let of = |place: &usize| named(world, read.columns().map(|column| column[*place]));
        Ok(json!({ "outcomes": places.iter().map(of).collect::<Vec<Value>>() }))
    }

    fn reward(&mut self, given: Given) -> Result<Value, String> {
        let (world, rounds) = (self.trial.world(), self.rounds());
        if self.trial.round() > rounds {
            let all = count(u64::from(rounds), "round");
            return Err(format!(
                "all of {all} have ended, and each measures one reward; see feedback.rounds"
            ));
        }
        let model = match given {
            Given::Weights(given) => {
                let names = world.names();
                if let Some(name) = given.keys().find(|name| !names.contains(*name)) {
                    let (nearest, all) = suggest(name, names.iter().map(String::as_str));
                    let help = if nearest.is_empty() { all } else { format!("{nearest} {all}") };
                    return Err(format!("there is no feature `{name}`; {help}"));
                }
                let weight = |name: &String| given.get(name).map(|weight| weight.get());
                RewardModel::of_weights(&self.read(), names.iter().map(weight).collect())
            }
            Given::Values(values) => {
                let outcomes = world.mdp.outcome_count();
                if values.len() != outcomes {
                    let values = count(values.len() as u64, "value");
                    return Err(format!("{values} for {outcomes} outcomes; give one for each"));
                }
                RewardModel::of_values(world, values.iter().map(|value| value.get()).collect())
            }
        };
        let records = self.trial.measure(&model);
        let metrics: Vec<Value> = records.iter().map(|record| measured(world, record)).collect();
        self.records.extend(records);
        Ok(json!({ "metrics": metrics }))
    }
}

/// Features of an episode, as they are read, by their names.
fn features(world: &World, read: &Features, episode: &Episode) -> Value {
    named(world, read.columns().map(|column| episode.total(column)))
}

fn named(world: &World, values: impl Iterator<Item = f64>) -> Value {
    let number = |x: f64| json!(x + 0.0);
    world.names().iter().cloned().zip(values.map(number)).collect::<Map<String, Value>>().into()
}

/// What `results.csv` has of a record; what is missing there, or infinite, is null.
fn measured(world: &World, record: &Record) -> Value {
    let of_features = |prefix: &'static str| world.names().iter().map(move |n| format!("{prefix}.{n}"));
    let names = METRICS.into_iter().map(str::to_owned).chain(of_features("feature"));
    let names = names.chain(of_features("weight"));
    let values = record.metrics.values().into_iter().chain(record.features.iter().copied().map(Some));
    let values = values.chain(record.weights.iter().copied());
    let mut all = Map::new();
    all.insert("round".into(), record.round.into());
    all.insert("pressure".into(), json!(record.pressure));
    all.extend(names.zip(values).map(|(name, x)| (name, json!(x.map(|x| x + 0.0)))));
    all.into()
}
