//! What is known of a world before any seed.

use super::{Board, Law};
use crate::lab::mdp::Features;
use crate::numerics::math::Symmetric;
use std::sync::Arc;

/// A world before any seed: its features, and the law of its draws or its table.
#[derive(Clone, Debug)]
pub enum Ground {
    /// The law that answers are drawn from.
    Answers(Law),
    /// The table of a map or a graph.
    Board(Arc<Board>),
}

/// What one repetition draws: the features of every outcome, as they are and as shown,
/// and the reference policy, if it is drawn.
#[derive(Clone, Debug)]
pub struct Draw {
    /// As they are.
    pub features: Arc<Features>,
    /// As the sensors show them.
    pub shown: Arc<Features>,
    /// π₀ of every row; `None` where it is no draw.
    pub reference: Option<Vec<f64>>,
}

impl Ground {
    /// Names of the feature columns.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Ground::Answers(law) => law.columns.iter().map(|c| c.name.as_str()).collect(),
            Ground::Board(board) => board.mdp.features.names.iter().map(String::as_str).collect(),
        }
    }

    /// Gold weights of the feature columns.
    pub fn gold(&self) -> Vec<f64> {
        match self {
            Ground::Answers(law) => law.gold(),
            Ground::Board(board) => board.mdp.gold.clone(),
        }
    }

    /// The columns that a name of the config addresses.
    pub fn columns_of(&self, name: &str) -> &[usize] {
        match self {
            Ground::Answers(law) => law.columns_of(name),
            Ground::Board(board) => board.addresses.get(name).map_or(&[], Vec::as_slice),
        }
    }

    /// The columns that are squares of these.
    pub fn squares_of(&self, columns: &[usize]) -> Vec<usize> {
        match self {
            Ground::Answers(law) => law.squares_of(columns),
            Ground::Board(_) => Vec::new(),
        }
    }

    /// The law that answers are drawn from.
    pub fn law(&self) -> Option<&Law> {
        match self {
            Ground::Answers(law) => Some(law),
            Ground::Board(_) => None,
        }
    }

    /// The table of a map or a graph.
    pub fn board(&self) -> Option<&Board> {
        match self {
            Ground::Answers(_) => None,
            Ground::Board(board) => Some(board),
        }
    }

    /// Mean and covariance of the features of an answer, where they are finite.
    pub fn moments(&self) -> Option<(Vec<f64>, Symmetric)> {
        self.law().and_then(Law::moments)
    }
}
