//! What theory says of a row: what figures draw beside the measured, and what
//! claims can be held against. Nothing here simulates.

use crate::plan::{Plan, Row};

/// Something to compare a measured metric with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theory {
    /// Selection on gold itself at the same pressure, in the same draws.
    Optimum,
    /// Selection on what the overseer believes, S itself, at the same pressure, in
    /// the same draws: the limit of many labels where the reward model can represent S.
    Believed,
    /// The closed form of selection on S where the features in it are jointly normal.
    Normal,
    /// Quadrature of selection on the fitted weights, for normal and t₃ features.
    Quadrature,
}

impl Theory {
    /// All of them.
    pub const ALL: [Theory; 4] = [Theory::Optimum, Theory::Believed, Theory::Normal, Theory::Quadrature];

    /// Its name in a config.
    pub fn name(self) -> &'static str {
        match self {
            Theory::Optimum => "optimum",
            Theory::Believed => "believed",
            Theory::Normal => "normal",
            Theory::Quadrature => "quadrature",
        }
    }

    /// What a figure calls it.
    pub fn words(self) -> &'static str {
        match self {
            Theory::Optimum => "selection on gold",
            Theory::Believed => "selection on S",
            Theory::Normal => "closed form, S",
            Theory::Quadrature => "quadrature on the weights",
        }
    }

    /// What it says of `metric` in this row; `None` where it says nothing.
    pub fn value(self, plan: &Plan, row: &Row, metric: &str) -> Option<f64> {
        let _ = (plan, metric);
        let m = &row.record.metrics;
        match self {
            Theory::Optimum => Some(m.gold? + m.proxy_error? + m.ignorance? + m.wrong_values?),
            Theory::Believed => Some(m.gold? + m.proxy_error?),
            Theory::Normal | Theory::Quadrature => None,
        }
    }
}
