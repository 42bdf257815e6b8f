//! Chance, one decision at a time: sampled, or every way it can go.
//!
//! Rules are written once, asking [`Chance`] whatever is random. Sampling
//! answers from a generator; enumerating replays the rules along every path of
//! answers and multiplies their chances.

use crate::numerics::rng::{Rng, uniform};

/// What decides.
#[derive(Debug)]
pub enum Chance<'r> {
    /// A generator: one uniform per decision.
    Sampled(&'r mut Rng),
    /// One path through the tree of decisions.
    Path(Turns),
}

/// A path through the tree of decisions.
#[derive(Debug)]
pub struct Turns {
    /// Answer and number of answers of every decision met so far.
    turns: Vec<(u32, u32)>,
    /// How many decisions this replay has met.
    met: usize,
    /// The chance of this path.
    chance: f64,
}

impl Chance<'_> {
    /// True with chance `p`. What is certain is no decision.
    pub fn happens(&mut self, p: f64) -> bool {
        if p <= 0.0 || p >= 1.0 {
            return p >= 1.0;
        }
        match self {
            Chance::Sampled(rng) => uniform(*rng) < p,
            Chance::Path(path) => path.take(2, |answer| if answer == 0 { 1.0 - p } else { p }) == 1,
        }
    }

    /// One of `n` equally likely numbers from 0.
    pub fn choose(&mut self, n: u32) -> u32 {
        match self {
            _ if n <= 1 => 0,
            Chance::Sampled(rng) => ((uniform(*rng) * f64::from(n)) as u32).min(n - 1),
            Chance::Path(path) => path.take(n, |_| 1.0 / f64::from(n)),
        }
    }

    /// Runs `rules` along every path, and hands `visit` each result with its
    /// chance, until it returns false.
    pub fn every<T>(mut rules: impl FnMut(&mut Chance) -> T, mut visit: impl FnMut(f64, T) -> bool) {
        let mut path = Turns { turns: Vec::new(), met: 0, chance: 1.0 };
        loop {
            (path.met, path.chance) = (0, 1.0);
            let mut chance = Chance::Path(path);
            let result = rules(&mut chance);
            let Chance::Path(walked) = chance else { return };
            path = walked;
            while path.turns.pop_if(|(answer, of)| *answer + 1 == *of).is_some() {}
            let last = path.turns.last_mut();
            if !visit(path.chance, result) || last.is_none() {
                return;
            }
            last.into_iter().for_each(|(answer, _)| *answer += 1);
        }
    }
}

impl Turns {
    fn take(&mut self, of: u32, chance: impl Fn(u32) -> f64) -> u32 {
        if self.met == self.turns.len() {
            self.turns.push((0, of));
        }
        let answer = self.turns[self.met].0;
        self.met += 1;
        self.chance *= chance(answer);
        answer
    }
}
