//! What theory says of a policy: what figures draw beside the measured, and what
//! claims can be held against. Closed forms and quadratures; nothing here
//! simulates.

mod game;
mod gao;
mod normal;
mod overlap;
mod quadrature;

pub use game::Game;
pub use gao::{Bend, FORMS, Form};
pub use normal::{Gain, Normal, expected_maximum};
pub use overlap::Overlap;
pub use quadrature::{Fitted, Proxy};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something to compare a measured metric with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Theory {
    /// Selection on gold itself at the same pressure, in the same draws.
    Optimum,
    /// Selection on what the overseer believes, S itself, at the same pressure, in
    /// the same draws: the limit of many labels where the reward model can represent S.
    Believed,
    /// The closed form of selection on S, where what it depends on is jointly normal.
    Normal,
    /// Quadrature of selection on the fitted weights, for normal and t₃ features.
    Quadrature,
    /// The training game, solved: the best policy for each cue of being watched.
    Game,
    /// Transfer between contexts by their overlap.
    Overlap,
    /// Gao et al.'s two forms of over-optimisation, fitted to the series drawn over `sqrt_kl`.
    Gao,
}

impl Theory {
    /// All of them.
    pub const ALL: [Theory; 7] =
        [Self::Optimum, Self::Believed, Self::Normal, Self::Quadrature, Self::Game, Self::Overlap, Self::Gao];

    /// Its name in a config.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// What a figure calls it.
    pub fn words(self) -> &'static str {
        match self {
            Theory::Optimum => "selection on gold",
            Theory::Believed => "selection on S",
            Theory::Normal => "closed form, S",
            Theory::Quadrature => "quadrature on the weights",
            Theory::Game => "the game, solved",
            Theory::Overlap => "closed form",
            Theory::Gao => "forms of over-optimisation",
        }
    }

    /// The metrics it speaks of; `feature.NAME` stands for all features.
    pub fn metrics(self) -> &'static [&'static str] {
        match self {
            Theory::Optimum | Theory::Believed | Theory::Gao => &["gold"],
            Theory::Normal => &[
                "gold",
                "approval",
                "efficiency",
                "proxy_error",
                "ignorance",
                "wrong_values",
                "regret",
                "unreached",
                "misjudgement",
                "feature.NAME",
            ],
            Theory::Quadrature => &["gold", "approval", "feature.NAME"],
            Theory::Game => &["gold_watched", "gold_unwatched", "deploy_gap"],
            Theory::Overlap => &[
                "transfer",
                "auc.probed",
                "auc.approval",
                "auc.gold",
                "missed.probed",
                "let_through",
                "forgone",
            ],
        }
    }

    /// Whether it has boundaries that can be drawn over a heat map, of whatever metric; how far a
    /// cell is from them is up to [`Oracle::margins`](crate::study::plan::Oracle::margins).
    pub fn bounds_phases(self) -> bool {
        self == Theory::Game
    }

    /// Whether it follows from a config, so that it can be had between the levels that were run: the
    /// others need what was drawn or learned.
    pub fn is_of_config(self) -> bool {
        matches!(self, Theory::Normal | Theory::Game | Theory::Overlap)
    }

    /// Whether it can be had at any pressure, of what was learned.
    pub fn is_of_pressure(self) -> bool {
        matches!(self, Theory::Normal | Theory::Quadrature)
    }

    /// Whether it speaks of a metric at all; whether it can, depends on the world and the optimizer.
    pub fn speaks_of(self, metric: &str) -> bool {
        let name = if metric.starts_with("feature.") { "feature.NAME" } else { metric };
        self.metrics().contains(&name)
    }
}
