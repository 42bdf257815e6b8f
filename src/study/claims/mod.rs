//! Claims: the sentences of an experiment, each tested on its seeds and on its
//! control.
//!
//! The unit is the seed, and contrasts are paired: cells of one seed share their
//! random numbers. A claim is a conjunction of one-sided parts, tested by the
//! largest of their p-values. Holm's correction over the claims of an experiment
//! keeps the chance of any false "holds" below 1 %, and likewise that of any
//! false "fails"; controls, at 1 % shared among them, add as much to the latter.
//! Where every seed says the same there is nothing to test, and rounding alone is
//! allowed for. The intervals on figures, a bootstrap, play no part here.
//!
//! - *holds*: significant, and significantly not so on its control;
//! - *fails*: the opposite of some part is significant (Bonferroni over the parts),
//!   or the claim holds on its control as well;
//! - *undecided*: the rest, with the number of seeds that would settle it.

mod evidence;
mod parts;
mod power;
mod weigh;
mod words;

pub use evidence::{Evidence, Side, evidence_csv, gather, read_evidence};

use crate::numerics::math::pow;
use crate::numerics::stats::holm;
use crate::numerics::words::count;
use crate::study::config::{Against, ClaimConfig, ClaimKind, Test};
use crate::study::plan::Plan;
use serde::Serialize;
use weigh::{Finding, Tested, Weight, improvement_over, weigh};

/// What is found of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::Display)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Verdict {
    /// It is significant, and does not hold on its control.
    Holds,
    /// The opposite of a part of it is significant, or it holds on its control as well.
    Fails,
    /// The seeds do not decide it.
    Undecided,
}

/// How many claims hold, fail, and are undecided.
pub fn tally<'a>(judgements: impl IntoIterator<Item = &'a Judgement, IntoIter: Clone>) -> [usize; 3] {
    let all = judgements.into_iter();
    [Verdict::Holds, Verdict::Fails, Verdict::Undecided]
        .map(|verdict| all.clone().filter(|j| j.verdict == verdict).count())
}

/// What was found of a claim: an entry of `claims.json`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judgement {
    /// The sentence.
    pub say: String,
    /// Whether it is a finding, an identity or a reproduction.
    pub kind: ClaimKind,
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
    /// Of a comparison with another place: the chance that a seed's value here is
    /// the greater of the two, seeds unpaired, ties ½ (probability of improvement).
    pub improvement: Option<Improvement>,
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

/// A probability of improvement.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Improvement {
    /// P(X > Y) + ½P(X = Y).
    pub chance: f64,
    /// 95 % stratified bootstrap interval.
    pub interval: Option<[f64; 2]>,
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

/// Chance of any false verdict of one kind among the claims of an experiment.
const FAMILY: f64 = 0.01;

/// Judges the claims of a plan on their evidence.
pub fn judge(plan: &Plan, evidence: &[Evidence]) -> Vec<Judgement> {
    let claims = &plan.experiment.claims;
    let weights: Vec<Weight> = claims.iter().zip(evidence).map(|(c, e)| weigh(c, &e.claim)).collect();
    let tested = |of: fn(&Tested) -> f64| {
        let p: Vec<f64> = weights.iter().filter_map(|w| w.tested().map(of)).collect();
        let mut adjusted = holm(&p).into_iter();
        weights.iter().map(|w| w.tested().and_then(|_| adjusted.next())).collect::<Vec<_>>()
    };
    let (holds, fails) = (tested(|t| t.hold), tested(|t| t.fail));
    let control = |(claim, evidence): (&ClaimConfig, &Evidence)| {
        evidence.control.as_ref().map(|side| weigh(claim, side))
    };
    let controls: Vec<Option<Weight>> = claims.iter().zip(evidence).map(control).collect();
    let tests = |all: &mut dyn Iterator<Item = &Weight>| all.filter(|w| w.tested().is_some()).count();
    let most = tests(&mut weights.iter()).max(tests(&mut controls.iter().flatten()));
    let level = FAMILY / most.max(1) as f64;
    let adjusted = holds.into_iter().zip(fails);
    let judged = claims.iter().zip(evidence).zip(weights.iter().zip(&controls)).zip(adjusted);
    judged
        .map(|(((claim, evidence), (weight, control)), adjusted)| {
            let judgement = one(plan, claim, weight, control.as_ref(), adjusted, level);
            Judgement { improvement: improvement_over(claim, &evidence.claim, weight), ..judgement }
        })
        .collect()
}

/// Per cent in plain digits: one behind the point, or the first that is not 0.
fn percentage(x: f64) -> String {
    if x >= 0.1 {
        return format!("{x:.1}");
    }
    let rounded: f64 = format!("{x:.0e}").parse().expect("a number");
    rounded.to_string()
}

/// Judges one claim; `adjusted` are the p-values of holding and failing after
/// correction, `level` the strictest level a p-value, of claims or of controls, may have to meet.
fn one(
    plan: &Plan,
    claim: &ClaimConfig,
    weight: &Weight,
    control: Option<&Weight>,
    adjusted: (Option<f64>, Option<f64>),
    level: f64,
) -> Judgement {
    let (verdict, why, needs) = match (&weight.finding, adjusted) {
        (Finding::Silent(why), _) => (Verdict::Undecided, why.clone(), None),
        (Finding::Exact { not: Some(part) }, _) => {
            (Verdict::Fails, format!("not so, in every seed alike: {part}"), None)
        }
        (Finding::Exact { not: None }, _) => {
            let values = f64::from(weight.seeds) / weigh::seeds_per_value(claim) as f64;
            let excluded = 100.0 * (1.0 - pow(FAMILY, 1.0 / values));
            let why = format!(
                "the same in all {} seeds, which excludes at 1 % what is otherwise in {} % of them",
                weight.seeds,
                percentage(excluded)
            );
            words::with_control(why, control, level)
        }
        (Finding::Tested(t @ Tested { too_few: Some((why, least)), .. }), _) => (
            Verdict::Undecided,
            format!("{}, {why}", count(weight.seeds.into(), "seed")),
            t.needs(level, *least),
        ),
        (Finding::Tested(t), (_, Some(p))) if p <= FAMILY => (
            Verdict::Fails,
            format!("significant the other way: {} ({} after correction)", t.opposed, words::p(p)),
            None,
        ),
        (Finding::Tested(_), (Some(p), _)) if p <= FAMILY => {
            words::with_control(format!("{} after correction", words::p(p)), control, level)
        }
        (Finding::Tested(t), (p, _)) => {
            let p = words::p(p.unwrap_or(1.0));
            let why = format!("{} is not significant ({p} after correction), nor is its opposite", t.weakest);
            (Verdict::Undecided, why, t.needs(level, 0))
        }
    };
    let why = match (verdict, contained(claim, weight)) {
        (Verdict::Holds, Some((value, true))) => format!("{why}; its interval contains {value}"),
        (Verdict::Holds, Some((value, false))) => {
            format!("{why}; its interval is within the margin but does not contain {value}")
        }
        (Verdict::Holds | Verdict::Fails | Verdict::Undecided, _) => why,
    };
    let why = match needs {
        Some(n) => {
            format!("{why}. About {n} seeds would settle it with 90 % power; give them a fresh base seed")
        }
        None if verdict == Verdict::Undecided && matches!(weight.finding, Finding::Tested(_)) => {
            format!(
                "{why}. More than a million seeds would be needed to settle it: it lies too close to its margin"
            )
        }
        None => why,
    };
    Judgement {
        say: claim.say.clone(),
        kind: claim.kind,
        verdict,
        tested: words::tested(plan, claim),
        quantity: weight.quantity.clone(),
        estimate: weight.estimate,
        interval: weight.interval,
        improvement: None,
        p: weight.tested().map(|t| t.hold),
        p_adjusted: adjusted.0,
        seeds: weight.seeds,
        needs,
        control: claim.control.as_ref().zip(control).map(|(by, weight)| Control {
            at: plan.pins_words(by),
            holds: weight.holds_by_itself(level),
            estimate: weight.estimate,
            interval: weight.interval,
            p: weight.tested().map(|t| t.hold),
        }),
        why: format!("{why}."),
    }
}

/// What a claim of equality says, and whether the interval of its estimate contains it.
fn contained(claim: &ClaimConfig, weight: &Weight) -> Option<(String, bool)> {
    let Test::Equals { value, .. } = &claim.test else { return None };
    let (value, said) = match value {
        Against::Number(value) => (*value, words::brief(*value)),
        Against::Theory(_) | Against::Elsewhere(_) => (0.0, "no difference".to_owned()),
    };
    let [low, high] = weight.interval.filter(|[low, high]| low < high)?;
    Some((said, low <= value && value <= high))
}

/// `claims.json`.
pub fn claims_json(judgements: &[Judgement]) -> String {
    serde_json::to_string_pretty(judgements).expect("plain data") + "\n"
}

impl Weight {
    fn tested(&self) -> Option<&Tested> {
        match &self.finding {
            Finding::Tested(tested) => Some(tested),
            _ => None,
        }
    }

    /// Whether the claim holds here: significant that it does, or significant that it does not,
    /// at `level`; `None` where neither is.
    fn holds_by_itself(&self, level: f64) -> Option<bool> {
        match &self.finding {
            Finding::Silent(_) => None,
            Finding::Exact { not } => Some(not.is_none()),
            Finding::Tested(t) if t.too_few.is_some() => None,
            Finding::Tested(t) if t.hold <= level => Some(true),
            Finding::Tested(t) => (t.fail <= level).then_some(false),
        }
    }
}

impl Tested {
    /// Seeds that would settle it, at least `least`.
    fn needs(&self, level: f64, least: usize) -> Option<u64> {
        let per_value = self.seeds_per_value;
        let fail = level / self.parts.len().max(1) as f64;
        power::needs(&self.parts, level, fail, least.div_ceil(per_value)).map(|n| n * per_value as u64)
    }
}
