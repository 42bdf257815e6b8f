//! Claims in words: the sentence, its verdict, and what that rests on.

use super::text::{count, effect, p_value};
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
    effect: Option<String>,
    /// Probability of improvement.
    chance: Option<String>,
    rests_on: String,
    needs: Option<String>,
    control: Option<OnControl<'a>>,
}

#[derive(Serialize)]
struct OnControl<'a> {
    at: &'a str,
    verdict: &'static str,
    effect: Option<String>,
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
            sign: match verdict {
                Verdict::Holds => "✓",
                Verdict::Fails => "✗",
                Verdict::Undecided => "?",
            },
            why: &judgement.why,
            tested: &judgement.tested,
            quantity: &judgement.quantity,
            effect: judgement.estimate.map(|x| effect(x, judgement.interval)),
            chance: judgement.improvement.map(|i| format!("{:.2}", i.chance)),
            rests_on: count(u64::from(*seeds), "seed") + &p.unwrap_or_default(),
            needs: judgement.needs.map(|n| count(n, "seed")),
            control: judgement.control.as_ref().map(on_control),
        }
    }
}

/// How many of the claims hold, fail and are undecided, in words; nothing if there are none.
pub fn tally(counts: [usize; 3]) -> Option<String> {
    let words = [("holds", "hold"), ("fails", "fail"), ("is undecided", "are undecided")];
    let parts = words.iter().zip(counts).filter(|(_, n)| *n > 0);
    let parts: Vec<String> =
        parts.map(|((one, more), n)| format!("{n} {}", if n == 1 { one } else { more })).collect();
    let all = count(counts.iter().sum::<usize>() as u64, "claim");
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
        effect: control.estimate.map(|x| effect(x, control.interval)),
        p: control.p.map(p_value),
    }
}
