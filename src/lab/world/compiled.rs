//! A world that was compiled to a table before any seed: maps and graphs.

use crate::lab::mdp::{Features, Mdp};
use crate::lab::policy::Episode;
use crate::lab::world::{Deployment, Draw};
use crate::numerics::rng::{Purpose, Streams, normal, uniform};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A world as a table, with what an overseer is shown of it.
#[derive(Clone, Debug)]
pub struct CompiledWorld {
    /// The table. Features that are drawn hold what the draw multiplies.
    pub mdp: Mdp,
    /// What is shown of it.
    pub screen: Screen,
    /// Features that are seen out of view, too, by column.
    pub seen_anyway: Vec<usize>,
    /// Features of which a seed draws what each place pays.
    pub drawn: Vec<Multiples>,
    /// The table that those have in mind who do not know of some mechanism of this one, where there is one that
    /// they may not know of; its states and rows are the same.
    pub supposed: Option<Arc<Mdp>>,
    /// Standard deviation of the parameter that a system's own π₀ has for every trait,
    /// drawn per seed; 0 where all have the same π₀.
    pub disposition: f64,
    /// Where each outcome leads, of `places`: the cell of a map, the state of a graph; \[outcomes\].
    pub place: Vec<u32>,
    /// Names of the places.
    pub places: Vec<String>,
    /// Name of each row's action; \[rows\].
    pub actions: Vec<String>,
    /// What is asked of a policy in deployment, where that is not as in training.
    pub deployment: Option<Deployment>,
}

/// What an overseer is shown.
#[derive(Clone, Debug)]
pub enum Screen {
    /// Every step by itself, through sensors and a camera.
    Sensors {
        /// What the sensors show of every feature.
        shown: Arc<Features>,
        /// Whether the camera sees the step; \[outcomes\].
        in_view: Vec<bool>,
    },
    /// A symbol per state; judged when the episode is over.
    Symbols(Symbols),
}

impl Screen {
    /// Whether it shows symbols, so that whole episodes are judged.
    pub fn shows_symbols(&self) -> bool {
        matches!(self, Screen::Symbols(_))
    }
}

/// What the symbols of an episode tell, as features paid on its outcomes.
#[derive(Clone, Debug)]
pub struct Symbols {
    /// Step by step, nothing where states of different features show the same symbol.
    pub nothing: Arc<Features>,
    /// At the last step: the mean over the reference policy's episodes that show the same.
    pub reference: Arc<Features>,
    /// At the last step: the mean under the beliefs given; where a sequence has none,
    /// over all episodes that show it, each counting the same.
    pub posterior: Arc<Features>,
    /// At the last step: the total of the whole episode.
    pub totals: Features,
    /// A sequence that several episodes show and no belief is given for, if there is one.
    pub ambiguous: Option<String>,
    /// The sequence of symbols that an outcome completes; \[outcomes\], [`NEVER`] before the last step.
    pub sequence: Vec<u32>,
    /// The sequences, as they read.
    pub sequences: Vec<String>,
    /// Expected visits of every place under the beliefs given, the start's left out; \[sequences\]\[places\].
    pub visits: Vec<Vec<f64>>,
}

impl Symbols {
    /// At the last step: the mean over the episodes that show the same, weighed by how often they come;
    /// as under the reference policy where none ever did. \[outcomes\]
    pub fn mean(&self, visits: &[f64]) -> Arc<Features> {
        let mut mean = Features::clone(&self.reference);
        let ends = || (0..visits.len()).filter(|k| self.sequence[*k] != NEVER);
        let mut mass = vec![0.0; self.sequences.len()];
        ends().for_each(|k| mass[self.sequence[k] as usize] += visits[k]);
        for (j, total) in self.totals.columns().enumerate() {
            let mut sum = vec![0.0; mass.len()];
            ends().for_each(|k| sum[self.sequence[k] as usize] += visits[k] * total[k]);
            for k in ends() {
                let shown = self.sequence[k] as usize;
                if mass[shown] > 0.0 {
                    mean.column_mut(j)[k] = sum[shown] / mass[shown];
                }
            }
        }
        Arc::new(mean)
    }
}

/// The sequence of an outcome that completes none.
pub const NEVER: u32 = u32::MAX;

/// A feature of which a seed draws what each place pays: a multiple of what the table says.
#[derive(Clone, Debug, PartialEq)]
pub struct Multiples {
    /// Its column.
    pub column: usize,
    /// Their law.
    pub law: Drawn,
    /// The places that carry it.
    pub carriers: Vec<u32>,
}

/// The law of what a seed multiplies a feature by, place by place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Drawn {
    /// A standard normal for each place.
    Normal,
    /// 1 at one of the places that pay it and can be reached, each as likely, and 0 at the others.
    Somewhere,
}

impl Multiples {
    /// The multiple of every place.
    pub fn draw(&self, feature: &str, places: u32, streams: Streams) -> Vec<f64> {
        let mut rng = streams.stream(Purpose::Feature, feature, 0);
        match self.law {
            Drawn::Normal => (0..places).map(|_| normal(&mut rng)).collect(),
            Drawn::Somewhere => {
                let chosen = (uniform(&mut rng) * self.carriers.len() as f64) as usize;
                let mut multiples = vec![0.0; places as usize];
                multiples[self.carriers[chosen] as usize] = 1.0;
                multiples
            }
        }
    }
}

impl CompiledWorld {
    /// A table of which nothing is drawn, and a policy is put to use as it is trained. Each outcome
    /// leads to a place of those named.
    pub(super) fn new(
        mdp: Mdp,
        screen: Screen,
        (place, places): (Vec<u32>, Vec<String>),
        actions: &[&str],
    ) -> Self {
        let actions = actions.iter().map(|action| (*action).to_owned()).collect();
        Self {
            mdp,
            screen,
            place,
            places,
            actions,
            seen_anyway: Vec::new(),
            drawn: Vec::new(),
            supposed: None,
            disposition: 0.0,
            deployment: None,
        }
    }

    /// Where an episode leads, step by step, until it is over.
    pub fn way(&self, episode: &Episode) -> Vec<&str> {
        let over = self.mdp.over();
        let last = |k: &&u32| !over[self.mdp.state_of(self.mdp.row_of(**k as usize))];
        let place = |k: &u32| self.places[self.place[*k as usize] as usize].as_str();
        episode.steps.iter().take_while(last).map(place).collect()
    }

    /// Draws what is drawn; everything else is shared.
    pub(crate) fn draw(&self, streams: Streams) -> Draw {
        let shown = match &self.screen {
            Screen::Sensors { shown, .. } => shown,
            Screen::Symbols(_) => &self.mdp.features,
        };
        let reference = (self.disposition > 0.0).then(|| self.reference(streams));
        if self.drawn.is_empty() {
            return Draw { features: Arc::clone(&self.mdp.features), shown: Arc::clone(shown), reference };
        }
        let [mut features, mut shown] = [&self.mdp.features, shown].map(|f| Features::clone(f));
        for drawn in &self.drawn {
            let j = drawn.column;
            let multiples = drawn.draw(&features.names[j], self.places.len() as u32, streams);
            for mut column in [features.column_mut(j), shown.column_mut(j)] {
                for (x, place) in column.iter_mut().zip(&self.place) {
                    *x *= multiples[*place as usize];
                }
            }
        }
        Draw { features: Arc::new(features), shown: Arc::new(shown), reference }
    }

    /// A system's own π₀: that of all, tilted by a normal parameter for every trait. \[rows\]
    fn reference(&self, streams: Streams) -> Vec<f64> {
        let (mdp, traits) = (&self.mdp, self.mdp.traits());
        let own =
            |name: &String| self.disposition * normal(&mut streams.stream(Purpose::Disposition, name, 0));
        let own: Vec<f64> = traits.names.iter().map(own).collect();
        mdp.tilted(&mut traits.combine(&own, 0.0))
    }
}
