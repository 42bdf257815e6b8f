//! Claims: the sentences of an experiment, each tested on its seeds and on its
//! control.

use serde::Serialize;
use std::fmt;

/// What is found of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It is significant, and does not hold on its control.
    Holds,
    /// The opposite of a part of it is significant, or it holds on its control as well.
    Fails,
    /// The seeds do not decide it.
    Undecided,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::Holds => "holds",
            Verdict::Fails => "fails",
            Verdict::Undecided => "undecided",
        })
    }
}

/// What was found of a claim: an entry of `claims.json`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judgement {
    /// The sentence.
    pub say: String,
    /// The verdict.
    pub verdict: Verdict,
    /// What was tested, in words: metric, selection, comparison, margin.
    pub tested: String,
    /// What `estimate` is, in words.
    pub quantity: String,
    /// The effect, in units of the metric; missing where nothing was measured.
    pub estimate: Option<f64>,
    /// 95 % interval of the effect (Student t); missing for one seed.
    pub interval: Option<[f64; 2]>,
    /// p-value before the correction for several claims: the largest of the
    /// claim's parts. Missing where an exact claim is decided by tolerance.
    pub p: Option<f64>,
    /// The same after Holm's correction over the claims of the experiment.
    pub p_adjusted: Option<f64>,
    /// Seeds it rests on.
    pub seeds: u32,
    /// Of an undecided claim: how many seeds would settle it with 90 % power.
    pub needs: Option<u64>,
    /// What was found of its control.
    pub control: Option<Control>,
    /// The verdict's grounds, in one or two sentences.
    pub why: String,
}

/// A claim on its control, where it must not hold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Control {
    /// The selection in words.
    pub at: String,
    /// Whether the claim holds there too; missing where that cannot be said.
    pub holds: Option<bool>,
    /// The effect there.
    pub estimate: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<[f64; 2]>,
    /// Its p-value.
    pub p: Option<f64>,
}
