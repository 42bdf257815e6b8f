//! Protocols: who helps an overseer, by telling it things about the answers that it judges.
//!
//! Helpers know the facts and what the overseer makes of them, and not what is good; the overseer infers
//! nothing from what it is not told, nor from who tells it. Each of an
//! answer's slots ([`Slot`](crate::lab::overseer::Slot)) is worth something to the overseer, and a protocol picks
//! by that order alone. So it comes down to a list of chances: that the slot of each rank is told,
//! the one that speaks most for the answer first ([`Protocol::chances`]).
//!
//! To add one: a variant, and what it tells in `telling`.

use crate::lab::Setup;
use crate::lab::overseer::Prices;
use crate::numerics::error::ConfigError;
use crate::numerics::ranges::{Count, Probability, unless_given};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who helps the overseer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[strum(serialize_all = "snake_case")]
pub enum Protocol {
    /// Nobody: it judges what it sees.
    Direct,
    /// Slots of each answer are told at random.
    RandomReveal {
        /// The share of them that is told.
        share: Probability,
    },
    /// Slots of each answer are told at random, and for the rest the overseer takes the word of the
    /// last round's reward model, which is fitted to the labels of that round alone. The first round
    /// has none.
    Amplification {
        /// The share of them that is told.
        share: Probability,
    },
    /// Parts of each question are asked first, and models of the answers say what the overseer cannot see.
    Recursive {
        /// 1: parts are slots; 2: slots are divided in turn, into their features.
        depth: Count,
        /// The share of the labels of a question that goes to its parts.
        share: Probability,
    },
    /// A share of queries is answered by ground truth in place of the overseer: by gold, with the noise and the
    /// mistakes of the overseer's choices.
    GroundTruth {
        /// The share.
        share: Probability,
    },
    /// A helper tells what speaks most for each answer.
    Advocate(Help),
    /// A helper tells what speaks most against each answer.
    Critique(Help),
    /// One helper tells what speaks most for each answer, another what speaks most against it: half of the slots by
    /// either, and an odd one is for the answer. Both look at the same ones.
    Debate(Help),
    /// A helper is told by a coin to speak for an answer or against it; each answer of a pair, and over time each
    /// step, has a coin of its own.
    Consultant(Help),
}

/// How much helpers tell, and how much they know.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Help {
    /// Slots told of each answer; over time, of each of its steps.
    pub slots: Count,
    /// The share of slots, drawn for each answer or step, that helpers look at; 1 unless given.
    #[serde(default = "unless_given::always")]
    pub skill: Probability,
}

/// How slots come to be told.
pub(crate) struct Telling {
    /// The share of slots that is looked at, drawn for each answer.
    pub(crate) looks: f64,
    /// How many of those are told, from the best and from the worst on; one of these, each as likely.
    pub(crate) tells: Vec<[usize; 2]>,
    helpers: f64,
}

impl Telling {
    /// How many of `slots` are looked at, at a height of 0 to 1 between the whole numbers that the
    /// share lies between.
    pub(crate) fn count(&self, slots: usize, height: f64) -> usize {
        ((self.looks * slots as f64 + height) as usize).min(slots)
    }
}

impl Protocol {
    /// Its name in a config.
    pub fn name(&self) -> &'static str {
        self.into()
    }

    pub(crate) fn telling(&self) -> Telling {
        let all = |help: &Help| help.slots.get() as usize;
        let (looks, tells, helpers) = match self {
            Self::Direct | Self::GroundTruth { .. } | Self::Recursive { .. } => (0.0, vec![[0, 0]], 0.0),
            Self::RandomReveal { share } | Self::Amplification { share } => {
                (share.get(), vec![[usize::MAX, 0]], 0.0)
            }
            Self::Advocate(help) => (help.skill.get(), vec![[all(help), 0]], 1.0),
            Self::Critique(help) => (help.skill.get(), vec![[0, all(help)]], 1.0),
            Self::Debate(help) => (help.skill.get(), vec![[all(help).div_ceil(2), all(help) / 2]], 2.0),
            Self::Consultant(help) => (help.skill.get(), vec![[all(help), 0], [0, all(help)]], 1.0),
        };
        Telling { looks, tells, helpers }
    }

    /// The chance that each of `slots` is told of an answer, by its rank: what speaks most for the
    /// answer first. It is the same for all ranks where slots are told at random, 0 or 1 where nothing is
    /// left to chance.
    ///
    /// If n of m slots are looked at, the slot of rank r is with chance n/m, and then x of the r slots
    /// before it are, a hypergeometric x. It is told if x < best or n − 1 − x < worst.
    ///
    /// ```
    /// use oversight::lab::protocol::Protocol;
    /// let told = |toml: &str| toml::from_str::<Protocol>(toml).unwrap().chances(4);
    /// assert_eq!(told("debate.slots = 2"), [1.0, 0.0, 0.0, 1.0]);
    /// assert_eq!(told("consultant.slots = 1"), [0.5, 0.0, 0.0, 0.5]);
    /// // Who looks at no more than can be told is no better than chance.
    /// assert_eq!(told("critique = { slots = 2, skill = 0.5 }"), told("random_reveal.share = 0.5"));
    /// ```
    pub fn chances(&self, slots: usize) -> Vec<f64> {
        let telling = self.telling();
        let mut chances = vec![0.0; slots];
        let least = telling.count(slots, 0.0);
        let above = telling.looks * slots as f64 - least as f64;
        for (looked_at, weight) in [(least, 1.0 - above), (least + 1, above)] {
            if looked_at == 0 || weight <= 0.0 {
                continue;
            }
            let weight = weight * looked_at as f64 / slots as f64 / telling.tells.len() as f64;
            for &[best, worst] in &telling.tells {
                for (rank, chance) in chances.iter_mut().enumerate() {
                    *chance += weight * told(rank, slots, looked_at, [best, worst]);
                }
            }
        }
        chances
    }

    /// The share of queries that ground truth answers.
    pub fn by_truth(&self) -> f64 {
        if let Self::GroundTruth { share } = self { share.get() } else { 0.0 }
    }

    /// Whether what is heard depends on the last round's reward model.
    pub fn is_amplified(&self) -> bool {
        matches!(self, Self::Amplification { .. })
    }

    /// What an answer costs on average, where there are so many slots and steps to be told of: a label,
    /// the overseer's or ground truth's; what is told of both sides; and a call of each helper.
    pub fn price(&self, slots: usize, steps: u32, prices: &Prices) -> f64 {
        let told: f64 = self.chances(slots).iter().sum();
        let label = (1.0 - self.by_truth()) * prices.label.get() + self.by_truth() * prices.truth.get();
        let reveals = 2.0 * f64::from(steps) * told;
        label + reveals * prices.reveal.get() + self.telling().helpers * prices.call.get()
    }

    /// Whether the overseer is told anything that it does not see, be it by a model.
    pub(crate) fn tells(&self) -> bool {
        !matches!(self, Self::Direct | Self::GroundTruth { .. })
    }

    /// Checks that there is somebody to tell, and a model whose word can be taken.
    ///
    /// # Errors
    /// Slots told to a crowd; a model's word over time, or to a perfectly rational overseer, whose labels
    /// have no unit.
    pub(crate) fn check(&self, setup: &Setup) -> Result<(), ConfigError> {
        let fault = |message, help| Err(ConfigError::new("feedback.protocol", message, help));
        if self.tells() && setup.overseer.crowd.is_some() {
            let help = "use protocol = \"direct\" or ground_truth, or take the crowd away";
            return fault("nothing is told to a crowd yet", help);
        }
        let depth = match self {
            Self::Amplification { .. } => 1,
            Self::Recursive { depth, .. } => depth.get(),
            _ => return Ok(()),
        };
        if setup.world.candidates().is_none() {
            let message = "a model's word is taken for features of answers, and not over time";
            return fault(message, "use random_reveal");
        }
        if depth > 2 {
            let message = "questions are divided twice at most: into slots, and these into features";
            return fault(message, "use a depth of 1 or 2");
        }
        if setup.overseer.choice.beta() == f64::INFINITY {
            let message = "labels of a perfectly rational overseer have no unit that a model could speak in";
            return fault(message, "give overseer.choice.rationality a finite value");
        }
        Ok(())
    }
}

/// The chance that a slot of this rank is told if it is one of those looked at.
fn told(rank: usize, slots: usize, looked_at: usize, [best, worst]: [usize; 2]) -> f64 {
    let others = looked_at - 1;
    if best.saturating_add(worst) > others {
        return 1.0;
    }
    // Ways to look at x of the slots before it and the rest after it, by ratios of neighbours.
    let (before, after) = (rank, slots - 1 - rank);
    let (least, most) = (others.saturating_sub(after), others.min(before));
    let (mut ways, mut all, mut those) = (1.0, 0.0, 0.0);
    for x in least..=most {
        all += ways;
        if x < best || others - x < worst {
            those += ways;
        }
        if x < most {
            let up = (before - x) as f64 * (others - x) as f64;
            ways *= up / ((x + 1) as f64 * (after + x + 1 - others) as f64);
        }
    }
    those / all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The chances by enumeration of all that could be looked at.
    fn enumerated(slots: usize, looked_at: usize, tells: &[[usize; 2]]) -> Vec<f64> {
        let mut told = vec![0.0; slots];
        let mut sets = 0.0;
        for set in (0u32..1 << slots).filter(|set| set.count_ones() as usize == looked_at) {
            sets += 1.0;
            let seen: Vec<usize> = (0..slots).filter(|r| set >> r & 1 == 1).collect();
            for &[best, worst] in tells {
                let is_told = |i: usize| i < best || looked_at - 1 - i < worst;
                (0..looked_at).filter(|i| is_told(*i)).for_each(|i| told[seen[i]] += 1.0);
            }
        }
        told.iter().map(|t| t / sets / tells.len() as f64).collect()
    }

    #[test]
    fn chances_are_those_of_all_that_could_be_looked_at() {
        for toml in [
            "random_reveal.share = 0.5",
            "advocate = { slots = 2, skill = 0.5 }",
            "critique = { slots = 3, skill = 0.5 }",
            "debate = { slots = 3, skill = 0.5 }",
            "consultant = { slots = 1, skill = 0.5 }",
            "debate = { slots = 2 }",
        ] {
            let protocol: Protocol = toml::from_str(toml).unwrap();
            for slots in [6, 7] {
                let telling = protocol.telling();
                let of = |n: usize| enumerated(slots, n, &telling.tells);
                let (low, high) = (of(telling.count(slots, 0.0)), of(telling.count(slots, 0.9)));
                let above = telling.looks * slots as f64 - telling.count(slots, 0.0) as f64;
                for (r, got) in protocol.chances(slots).iter().enumerate() {
                    let expected = (1.0 - above) * low[r] + above * high[r];
                    assert!((got - expected).abs() < 1e-12, "{toml} {slots} {r}: {got} {expected}");
                }
            }
        }
    }

    #[test]
    fn a_thousand_slots_do_not_overflow() {
        let protocol: Protocol = toml::from_str("debate = { slots = 8, skill = 0.5 }").unwrap();
        let chances = protocol.chances(1000);
        let told: f64 = chances.iter().sum();
        assert!((told - 8.0).abs() < 1e-9 && chances[0] == chances[999], "{told}");
    }
}
