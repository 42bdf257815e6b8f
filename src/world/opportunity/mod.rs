//! The training game without a stage: perfect feedback wherever there is any, and
//! one context in which there is none.
//!
//! Contexts are unit vectors x_c over the directions of what they have in common
//! and of one tell each:
//!
//! | context | in common | own tell |
//! |---|---|---|
//! | the real opportunity | √(1 − α²) | α |
//! | a probe | √(1 − α²) | α, of its own or shared |
//! | ordinary work | s | √(1 − s²) |
//!
//! A system's log-odds of the act are `temptation` + θ₀·x_c, θ₀ ~ N(0, disposition²)
//! in every direction. A log-linear policy moves θ; a tabular one has a number for
//! each context, and then nothing goes over.

mod config;

pub use config::{Act, Opportunity, Where};

use super::{Board, Contexts, Deployment, Screen};
use crate::fault::Fault;
use crate::math::sigmoid;
use crate::mdp::{Features, Mdp, Outcomes};
use crate::protocol::Protocol;
use crate::ranges::{Count, Finite};
use indexmap::IndexMap;
use std::sync::Arc;

const MOST_PROBES: u32 = 4096;

/// Rows of every state.
const LEAVE: usize = 0;
const ACT: usize = 1;

impl Opportunity {
    /// Every name by which a config can address features.
    pub fn addresses(&self) -> IndexMap<String, Vec<String>> {
        self.features.keys().map(|name| (name.clone(), vec![name.clone()])).collect()
    }

    /// What shapes the draws, gold weights set aside.
    pub fn shape(&self) -> Self {
        let mut shape = self.clone();
        shape.features.values_mut().for_each(|act| act.gold = Finite::new(0.0).expect("in range"));
        shape
    }

    /// The table: the real opportunity first, then work, then probes.
    ///
    /// # Errors
    /// Nothing to audit; more probes than there may be, more tells than probes.
    pub fn board(&self, protocol: &Protocol) -> Result<Board, Fault> {
        let (probes, tells, share) = self.red_team(protocol)?;
        let work = self.work.get() as usize;
        let states = 1 + work + probes;
        let names = ["reality".to_owned()].into_iter();
        let names = names.chain((1..=work).map(|i| format!("work_{i}")));
        let tell_names = names.clone().chain((1..=tells).map(|i| format!("probe_{i}")));
        let directions: Vec<String> = ["common".to_owned()].into_iter().chain(tell_names).collect();
        let places: Vec<String> = names.chain((1..=probes).map(|i| format!("probe_{i}"))).collect();

        let alike = |own: f64| (1.0 - own * own).sqrt();
        let (alpha, shared) = (self.awareness.get(), self.shared.get());
        let mut traits = vec![vec![0.0; 2 * states]; directions.len()];
        for s in 0..states {
            let is_work = (1..=work).contains(&s);
            let (common, own) = if is_work { (shared, alike(shared)) } else { (alike(alpha), alpha) };
            let tell = if s > work { 1 + work + (s - 1 - work) % tells } else { s };
            traits[0][2 * s + ACT] = common;
            traits[1 + tell][2 * s + ACT] += own;
        }
        let visits = self.visits.get();
        let law = |s: usize| match s {
            0 => visits,
            s if s <= work => (1.0 - visits) * (1.0 - share) / work as f64,
            _ => (1.0 - visits) * share / probes as f64,
        };
        let start: Vec<f64> = (0..states).map(law).collect();
        let only = |chosen: &dyn Fn(usize) -> bool| -> Vec<f64> {
            let mass: f64 = (0..states).filter(|s| chosen(*s)).map(|s| start[s]).sum();
            (0..states).map(|s| if chosen(s) && mass > 0.0 { start[s] / mass } else { 0.0 }).collect()
        };
        let reality: Vec<f64> = (0..states).map(|s| f64::from(u8::from(s == 0))).collect();
        let first_probe = 1 + work;
        let of_probes = |s: usize| if s < first_probe { 0.0 } else { 1.0 / probes as f64 };
        let first_trained = if share > 0.0 { first_probe } else { 1 };
        let last_trained = if share > 0.0 { states } else { first_probe };
        let deployment = Deployment {
            watched: if visits < 1.0 { only(&|s| s > 0) } else { reality.clone() },
            unwatched: reality.clone(),
            start: reality,
            seen: (0..states).map(|s| s > 0).collect(),
            told: (0..states).map(|s| s > 0).collect(),
            opportunity: Some(Contexts {
                seizes: (0..states).map(|s| (2 * s + ACT) as u32).collect(),
                probes: (probes > 0).then(|| (0..states).map(of_probes).collect()),
                trained: (first_trained..last_trained).map(|s| s as u32).collect(),
            }),
        };
        let p = sigmoid(self.temptation.get());
        let pays = |place: Where, row: usize| match place {
            Where::Everywhere => true,
            Where::Work => (1..=work).contains(&(row / 2)),
            Where::Opportunities => !(1..=work).contains(&(row / 2)),
        };
        let column = |act: &Act| -> Vec<f64> {
            (0..2 * states).map(|row| f64::from(u8::from(row % 2 == ACT && pays(act.place, row)))).collect()
        };
        let feature_names: Vec<String> = self.features.keys().cloned().collect();
        let columns = self.features.values().map(column).collect();
        let features = Arc::new(Features { names: feature_names.clone(), columns });
        let mdp = Mdp {
            horizon: 1,
            start,
            rows: (0..=states as u32).map(|s| 2 * s).collect(),
            outcomes: Outcomes::Ends,
            features: Arc::clone(&features),
            traits: Some(Arc::new(Features { names: directions, columns: traits })),
            gold: self.features.values().map(|act| act.gold.get()).collect(),
            reference: (0..2 * states).map(|row| if row % 2 == LEAVE { 1.0 - p } else { p }).collect(),
            view: (0..states as u32).collect(),
        };
        let addresses = feature_names.into_iter().enumerate().map(|(j, name)| (name, vec![j])).collect();
        Ok(Board {
            mdp,
            screen: Screen::Sensors { shown: features, in_view: vec![true; 2 * states] },
            addresses,
            drawn: Vec::new(),
            disposition: self.disposition.get(),
            place: (0..2 * states as u32).map(|row| row / 2).collect(),
            places,
            actions: (0..2 * states)
                .map(|row| if row % 2 == LEAVE { "leave" } else { "act" }.to_owned())
                .collect(),
            deployment: Some(deployment),
        })
    }

    /// How many probes there are, how many tells, and their share of training.
    fn red_team(&self, protocol: &Protocol) -> Result<(usize, usize, f64), Fault> {
        let fault = |path: &str, message: String, help| {
            Err(Fault::new(&format!("feedback.protocol.{path}"), message, help))
        };
        match protocol {
            Protocol::Direct => Ok((0, 0, 0.0)),
            Protocol::Audit { .. } => fault(
                "audit",
                "all training is watched in a world of opportunities: there is nothing to audit".to_owned(),
                "use red_team, or a gridworld with `watched`",
            ),
            Protocol::RedTeam { probes, tells, share } => {
                let (count, tells) = (probes.get(), tells.map_or(probes.get(), Count::get));
                if count > MOST_PROBES {
                    return fault("red_team.probes", format!("{count} probes are too many"), "at most 4096");
                }
                if tells > count {
                    let message = format!("{tells} tells for {count} probes");
                    return fault("red_team.tells", message, "at most one for each probe");
                }
                Ok((count as usize, tells as usize, share.get()))
            }
        }
    }
}
