//! Claims as cards: the sentence, its verdict in words, and what that rests on.

use super::text::{count, estimate, p_value};
use crate::study::claims::{Control, Judgement, Verdict};
use serde::Serialize;

/// One claim.
#[derive(Serialize)]
pub(super) struct Card<'a> {
    say: &'a str,
    verdict: String,
    /// A sign beside the word, for those who see no colours.
    sign: &'static str,
    why: &'a str,
    tested: &'a str,
    quantity: &'a str,
    effect: Option<Effect>,
    rests_on: String,
    needs: Option<String>,
    control: Option<OnControl<'a>>,
}

/// An estimate with its interval.
#[derive(Serialize)]
struct Effect {
    estimate: String,
    interval: Option<String>,
}

#[derive(Serialize)]
struct OnControl<'a> {
    at: &'a str,
    verdict: &'static str,
    effect: Option<Effect>,
    p: Option<String>,
}

impl<'a> Card<'a> {
    /// The card of a judgement.
    pub(super) fn new(judgement: &'a Judgement) -> Self {
        let Judgement { verdict, seeds, p, .. } = judgement;
        let p = p.map(|p| format!("; p {} before correction for several claims", p_value(p)));
        Self {
            say: &judgement.say,
            verdict: verdict.to_string(),
            sign: sign(*verdict),
            why: &judgement.why,
            tested: &judgement.tested,
            quantity: &judgement.quantity,
            effect: effect(judgement.estimate, judgement.interval),
            rests_on: count(u64::from(*seeds), "seed") + &p.unwrap_or_default(),
            needs: judgement.needs.map(|n| count(n, "seed")),
            control: judgement.control.as_ref().map(on_control),
        }
    }
}

/// The sign of a verdict.
pub(super) fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "✓",
        Verdict::Fails => "✗",
        Verdict::Undecided => "?",
    }
}

/// How many claims have each verdict, in words; empty ones left out.
pub(super) fn tally(counts: [u64; 3]) -> Option<String> {
    let words = [("holds", "hold"), ("fails", "fail"), ("is undecided", "are undecided")];
    let parts = words.iter().zip(counts).filter(|(_, n)| *n > 0);
    let parts: Vec<String> =
        parts.map(|((one, more), n)| format!("{n} {}", if n == 1 { one } else { more })).collect();
    let all = count(counts.iter().sum(), "claim");
    (!parts.is_empty()).then(|| format!("Of {all}, {}.", parts.join(", ")))
}

fn on_control(control: &Control) -> OnControl<'_> {
    OnControl {
        at: &control.at,
        verdict: match control.holds {
            Some(false) => "does not hold, as it should not",
            Some(true) => "holds there too, and should not",
            None => "cannot be said",
        },
        effect: effect(control.estimate, control.interval),
        p: control.p.map(p_value),
    }
}

fn effect(x: Option<f64>, interval: Option<[f64; 2]>) -> Option<Effect> {
    let (estimate, interval) = estimate(x?, interval);
    Some(Effect { estimate, interval })
}
