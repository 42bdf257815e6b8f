//! Answers: prompts × K candidates drawn from the reference policy, judged
//! once. Compiled to an MDP of horizon 1 whose prompts are states.
//!
//! Every prompt has the same law of answers. The candidates *are* the table:
//! exact numbers are exact for them, and tend to those of the law as K grows.

mod config;
mod law;
mod tail;

pub use config::{Answers, Budget, Feature, Tail};
pub use law::{Column, Law, Source};

use crate::lab::mdp::{Features, Mdp};
use crate::numerics::rng::{Distribution, Purpose, Streams};
use ndarray::{Array1, Array2};
use std::sync::Arc;

impl Law {
    /// Draws the features of every candidate; rows run through the prompts in turn.
    ///
    /// Stream per feature and prompt, so that features and prompts can be added
    /// without changing the others.
    pub(crate) fn draw(&self, streams: Streams) -> Features {
        let (rows, k) = (self.rows as usize, self.candidates as usize);
        let names = self.columns.iter().map(|c| c.name.clone()).collect();
        let mut values = Array2::zeros((self.columns.len(), rows));
        for (column, mut values) in self.columns.iter().zip(values.outer_iter_mut()) {
            let tail = match &column.source {
                Source::Drawn(tail) => tail,
                Source::Mixed(_) => &Tail::Normal,
                Source::Product { .. } => continue,
            };
            let values = values.as_slice_mut().expect("contiguous");
            for (prompt, values) in values.chunks_mut(k).enumerate() {
                let mut rng = streams.stream(Purpose::Feature, &column.name, prompt as u64);
                values.fill_with(|| tail.sample(&mut rng));
            }
        }
        // Later columns mix earlier ones, so go backwards to mix in place.
        for (i, column) in self.columns.iter().enumerate().rev() {
            if let Source::Mixed(row) = &column.source {
                let mut mixed = Array1::zeros(rows);
                row.iter().for_each(|(j, w)| mixed.scaled_add(*w, &values.row(*j)));
                values.row_mut(i).assign(&mixed);
            }
        }
        if let Some((members, share)) = &self.budget {
            for row in 0..rows {
                let mean = members.iter().map(|&i| values[[i, row]]).sum::<f64>() / members.len() as f64;
                members.iter().for_each(|&i| values[[i, row]] += share - mean);
            }
        }
        for (i, column) in self.columns.iter().enumerate() {
            if let Source::Product { of: [x, y], mean } = column.source {
                let products = &values.row(x) * &values.row(y) - mean;
                values.row_mut(i).assign(&products);
            }
        }
        Features { names, values }
    }

    /// The table: prompts are states, candidates rows, all equally likely.
    pub(crate) fn table(&self, features: Arc<Features>) -> Mdp {
        Mdp::answers(self.rows / self.candidates, features, self.gold())
    }
}
