//! The training game without a stage: perfect feedback wherever there is any, and
//! one context in which there is none.
//!
//! Contexts are unit vectors x_c over the directions of what they have in common
//! and of one tell each:
//!
//! | context | in common | own tell |
//! |---|---|---|
//! | the real opportunity | √(1 − α²) | α |
//! | a probe | √(1 − α²) | α, of its own or shared; or α√(1 − a), beside α√a that all probes share |
//! | ordinary work | s | √(1 − s²) |
//!
//! A system's log-odds of the act are `temptation` + θ₀·x_c, θ₀ ~ N(0, disposition²)
//! in every direction. A log-linear policy moves θ; a tabular one has a number for
//! each context, and then nothing goes over.

mod config;

pub use config::{Act, Opportunity, Where};

use super::{CompiledWorld, Contexts, Deployment, Screen};
use crate::lab::inputs::{Arranged, Gate, Inputs, Stage};
use crate::lab::mdp::{Features, Mdp, Outcomes};
use crate::numerics::error::ConfigError;
use crate::numerics::math::sigmoid;
use crate::numerics::words::count;
use std::iter::{once, repeat_n};
use std::sync::Arc;

const MOST_PROBES: u32 = 4096;

/// Rows of every state.
const LEAVE: usize = 0;
const ACT: usize = 1;

/// What a context is.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Reality,
    Work,
    Probe,
}

/// Where a policy is put to use that was trained by `start`, of opportunities in contexts
/// of the kind `trained`.
fn deployment(kinds: &[Kind], start: &[f64], trained: Kind, gate: Option<Gate>) -> Deployment {
    let law = |mass: &dyn Fn(usize) -> f64| -> Vec<f64> {
        let whole: f64 = (0..kinds.len()).map(mass).sum();
        (0..kinds.len()).map(|s| mass(s) / whole).collect()
    };
    let is = |s: usize, kind: Kind| f64::from(u8::from(kinds[s] == kind));
    let reality = law(&|s| is(s, Kind::Reality));
    let seen: Vec<bool> = kinds.iter().map(|kind| *kind != Kind::Reality).collect();
    let all_real = start[0] == 1.0;
    Deployment {
        watched: if all_real { reality.clone() } else { law(&|s| if seen[s] { start[s] } else { 0.0 }) },
        unwatched: reality.clone(),
        start: reality,
        told: seen.clone(),
        seen,
        opportunity: Some(Contexts {
            seizes: (0..kinds.len()).map(|s| (2 * s + ACT) as u32).collect(),
            probes: kinds.contains(&Kind::Probe).then(|| law(&|s| is(s, Kind::Probe))),
            work: law(&|s| is(s, Kind::Work)),
            gate,
            trained: (0..kinds.len()).filter(|s| kinds[*s] == trained).map(|s| s as u32).collect(),
        }),
    }
}

impl Opportunity {
    /// The table: the real opportunity first, then work, then probes.
    pub(super) fn compile(&self, inputs: &Inputs) -> Result<CompiledWorld, ConfigError> {
        inputs.check_stage(Some(Stage::Opportunities))?;
        let Arranged { probes, tells, alike, share, gate, .. } = inputs.arranges();
        let fault = |key: &str, message, help| {
            Err(ConfigError::new(&format!("feedback.inputs.red_team.{key}"), message, help))
        };
        if probes > MOST_PROBES {
            return fault("probes", format!("{probes} probes are too many"), "at most 4096");
        }
        if tells > probes {
            let message = format!("{tells} tells for {}", count(probes.into(), "probe"));
            return fault("tells", message, "at most one for each probe");
        }
        let [probes, tells] = [probes, tells].map(|n| n as usize);
        let work = self.work.get() as usize;
        let states = 1 + work + probes;
        let names = ["reality".to_owned()].into_iter();
        let names = names.chain((1..=work).map(|i| format!("work_{i}")));
        let tell_names = names.clone().chain((1..=tells).map(|i| format!("probe_{i}")));
        let probe_like = (alike > 0.0).then(|| "probes".to_owned());
        let directions: Vec<String> = once("common".to_owned()).chain(tell_names).chain(probe_like).collect();
        let places: Vec<String> = names.chain((1..=probes).map(|i| format!("probe_{i}"))).collect();

        let kinds: Vec<Kind> = once(Kind::Reality)
            .chain(repeat_n(Kind::Work, work))
            .chain(repeat_n(Kind::Probe, probes))
            .collect();
        let rest = |part: f64| (1.0 - part * part).sqrt();
        let (alpha, shared) = (self.awareness.get(), self.shared.get());
        let mut traits = vec![vec![0.0; 2 * states]; directions.len()];
        for (s, kind) in kinds.iter().enumerate() {
            let (common, own) = match kind {
                Kind::Work => (shared, rest(shared)),
                Kind::Reality | Kind::Probe => (rest(alpha), alpha),
            };
            let tell = if *kind == Kind::Probe { 1 + work + (s - 1 - work) % tells } else { s };
            traits[0][2 * s + ACT] = common;
            let alike = if *kind == Kind::Probe { alike } else { 0.0 };
            traits[1 + tell][2 * s + ACT] += own * rest(alike.sqrt());
            if alike > 0.0 {
                traits[1 + work + 1 + tells][2 * s + ACT] = own * alike.sqrt();
            }
        }
        let visits = self.visits.get();
        let law = |kind: &Kind| match kind {
            Kind::Reality => visits,
            Kind::Work => (1.0 - visits) * (1.0 - share) / work as f64,
            Kind::Probe => (1.0 - visits) * share / probes as f64,
        };
        let start: Vec<f64> = kinds.iter().map(law).collect();
        let deployment = deployment(&kinds, &start, if share > 0.0 { Kind::Probe } else { Kind::Work }, gate);
        let p = sigmoid(self.temptation.get());
        let pays = |place: Where, row: usize| match place {
            Where::Everywhere => true,
            Where::Work => kinds[row / 2] == Kind::Work,
            Where::Opportunities => kinds[row / 2] != Kind::Work,
        };
        let column = |act: &Act| -> Vec<f64> {
            (0..2 * states).map(|row| f64::from(u8::from(row % 2 == ACT && pays(act.place, row)))).collect()
        };
        let columns = self.features.values().map(column).collect();
        let features = Arc::new(Features::new(self.features.keys().cloned().collect(), columns));
        let mdp = Mdp {
            horizon: 1,
            start,
            rows: (0..=states as u32).map(|s| 2 * s).collect(),
            outcomes: Outcomes::Ends,
            features: Arc::clone(&features),
            traits: Some(Arc::new(Features::new(directions, traits))),
            gold: self.features.values().map(|act| act.gold.get()).collect(),
            reference: (0..2 * states).map(|row| if row % 2 == LEAVE { 1.0 - p } else { p }).collect(),
            view: (0..states as u32).collect(),
        };
        let screen = Screen::Sensors { shown: features, in_view: vec![true; 2 * states] };
        let place = (0..2 * states as u32).map(|row| row / 2).collect();
        Ok(CompiledWorld {
            disposition: self.disposition.get(),
            deployment: Some(deployment),
            ..CompiledWorld::new(mdp, screen, (place, places), &["leave", "act"].repeat(states))
        })
    }
}
