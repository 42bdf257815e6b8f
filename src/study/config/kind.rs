//! The kinds of figures, and what they have in common.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

/// How a figure is drawn.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    IntoStaticStr,
    VariantArray,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
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
    /// One point per seed at the levels of x, from the least y to the greatest.
    Strip,
    /// The share of seeds whose y exceeds τ, over τ.
    Profile,
}

impl FigureKind {
    /// All of them.
    pub const ALL: &'static [FigureKind] = FigureKind::VARIANTS;

    /// Its name in a config.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// What it has in common with others.
    pub(crate) fn traits(self) -> Traits {
        let plain = Traits::default();
        match self {
            FigureKind::Lines => Traits { theory: true, together: true, ..plain },
            FigureKind::Heat => Traits { y: Measured::Colours, slots: true, theory: true, ..plain },
            FigureKind::Bars => Traits { slots: true, from_zero: true, ..plain },
            FigureKind::Bands => Traits { slots: true, from_zero: true, stacked: true, ..plain },
            FigureKind::Forest => Traits { y: Measured::Across, slots: true, ..plain },
            FigureKind::Scatter => Traits { seeds: true, any_x: true, ..plain },
            FigureKind::Strip => Traits { slots: true, seeds: true, ..plain },
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
pub(crate) struct Traits {
    /// Along what y is measured.
    pub(crate) y: Measured,
    /// x is a row of levels, words included, and not a scale of numbers.
    pub(crate) slots: bool,
    /// x may be any metric.
    pub(crate) any_x: bool,
    /// It has no x: thresholds of y lie along it.
    pub(crate) thresholds: bool,
    /// y starts at 0.
    pub(crate) from_zero: bool,
    /// Several metrics add up in one panel.
    pub(crate) stacked: bool,
    /// Several metrics may share a panel and its scale.
    pub(crate) together: bool,
    /// Every seed is shown, and no statistic of them.
    pub(crate) seeds: bool,
    /// Theory can be drawn over it.
    pub(crate) theory: bool,
}

/// Along what a figure measures y.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Measured {
    /// From the lower end of a panel to the upper.
    #[default]
    Up,
    /// From left to right; x is listed downwards.
    Across,
    /// From dark to light; the series are listed downwards.
    Colours,
}
