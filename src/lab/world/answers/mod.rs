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

use crate::lab::mdp::{Features, Mdp, Outcomes};
use crate::numerics::ranges::Finite;
use crate::numerics::rng::{Purpose, Streams};
use rand::distr::Distribution;
use std::sync::Arc;

impl Answers {
    /// What shapes the draws: worlds that agree in this share their features.
    pub fn shape(&self) -> Self {
        let mut shape = self.clone();
        let zero = Finite::new(0.0).expect("in range");
        for feature in shape.features.values_mut() {
            feature.gold = zero;
            feature.curvature = feature.curvature.map(|_| zero);
        }
        shape
    }

    /// Draws the features of every candidate; rows run through the prompts in turn.
    ///
    /// Stream per feature and prompt, so that features and prompts can be added
    /// without changing the others.
    pub fn draw(&self, law: &Law, streams: Streams) -> Features {
        let (prompts, k) = (self.prompts.get() as usize, self.answers.get() as usize);
        let names = law.columns.iter().map(|c| c.name.clone()).collect();
        let mut columns: Vec<Vec<f64>> = Vec::with_capacity(law.columns.len());
        for column in &law.columns {
            let mut values = vec![0.0; prompts * k];
            let tail = match &column.source {
                Source::Drawn(tail) => tail.clone(),
                Source::Mixed(_) => Tail::Normal,
                Source::Squared { .. } => {
                    columns.push(values);
                    continue;
                }
            };
            for (prompt, values) in values.chunks_mut(k).enumerate() {
                let mut rng = streams.stream(Purpose::Feature, &column.name, prompt as u64);
                for x in values {
                    *x = tail.sample(&mut rng);
                }
            }
            columns.push(values);
        }
        // Later columns mix earlier ones, so go backwards to mix in place.
        for i in (0..columns.len()).rev() {
            if let Source::Mixed(row) = &law.columns[i].source {
                let mut mixed = vec![0.0; prompts * k];
                for (j, w) in row {
                    for (x, z) in mixed.iter_mut().zip(&columns[*j]) {
                        *x += w * z;
                    }
                }
                columns[i] = mixed;
            }
        }
        if let Some((members, share)) = &law.budget {
            for row in 0..prompts * k {
                let mean = members.iter().map(|&i| columns[i][row]).sum::<f64>() / members.len() as f64;
                for &i in members {
                    columns[i][row] += share - mean;
                }
            }
        }
        for (i, column) in law.columns.iter().enumerate() {
            if let Source::Squared { base, mean } = column.source {
                columns[i] = columns[base].iter().map(|x| x * x - mean).collect();
            }
        }
        Features { names, columns }
    }

    /// The table: prompts are states, candidates rows, all equally likely.
    pub fn table(&self, law: &Law, features: Arc<Features>) -> Mdp {
        let (prompts, k) = (self.prompts.get(), self.answers.get());
        Mdp {
            horizon: 1,
            start: vec![1.0 / f64::from(prompts); prompts as usize],
            rows: (0..=prompts).map(|p| p * k).collect(),
            outcomes: Outcomes::Ends,
            features,
            traits: None,
            gold: law.columns.iter().map(|c| c.gold).collect(),
            reference: vec![1.0 / f64::from(k); (prompts * k) as usize],
            view: (0..prompts).collect(),
        }
    }
}
