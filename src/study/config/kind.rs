//! The kinds of figures, and what they have in common.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a figure is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FigureKind {
    /// Lines over x, with bands for intervals.
    #[default]
    Lines,
    /// Cells, x across and `by` down, coloured by y.
    Heat,
    /// Bars from 0 at the levels of x, side by side by `by`, with whiskers.
    Bars,
    /// Several metrics stacked at the levels of x, what is negative downwards.
    Bands,
    /// The levels of x listed downwards, y across with its interval.
    Forest,
    /// One point per seed.
    Scatter,
    /// The share of seeds whose y exceeds τ, over τ.
    Profile,
}

impl FigureKind {
    /// All of them.
    pub const ALL: [FigureKind; 7] = [
        FigureKind::Lines,
        FigureKind::Heat,
        FigureKind::Bars,
        FigureKind::Bands,
        FigureKind::Forest,
        FigureKind::Scatter,
        FigureKind::Profile,
    ];

    /// Its name in a config.
    pub fn name(self) -> &'static str {
        match self {
            FigureKind::Lines => "lines",
            FigureKind::Heat => "heat",
            FigureKind::Bars => "bars",
            FigureKind::Bands => "bands",
            FigureKind::Forest => "forest",
            FigureKind::Scatter => "scatter",
            FigureKind::Profile => "profile",
        }
    }

    /// Whether x is a row of levels, words included, and not a scale of numbers.
    pub fn has_slots(self) -> bool {
        self.traits().slots
    }

    /// What it has in common with others.
    pub(super) fn traits(self) -> Traits {
        let plain = Traits::default();
        match self {
            FigureKind::Lines => Traits { theory: true, ..plain },
            FigureKind::Heat => Traits { slots: true, theory: true, ..plain },
            FigureKind::Forest => Traits { slots: true, ..plain },
            FigureKind::Bars | FigureKind::Bands => Traits { slots: true, from_zero: true, ..plain },
            FigureKind::Scatter => Traits { seeds: true, ..plain },
            FigureKind::Profile => Traits { seeds: true, from_zero: true, thresholds: true, ..plain },
        }
    }

    /// Whether it is the one meant where nothing is said.
    pub(super) fn is_default(&self) -> bool {
        *self == FigureKind::default()
    }
}

/// What kinds of figures have in common.
#[derive(Default)]
pub(super) struct Traits {
    /// x is a row of levels.
    pub(super) slots: bool,
    /// Every seed is shown, and no statistic of them.
    pub(super) seeds: bool,
    /// y starts at 0.
    pub(super) from_zero: bool,
    /// Theory can be drawn over it.
    pub(super) theory: bool,
    /// It has no x: thresholds of y lie along it.
    pub(super) thresholds: bool,
}
