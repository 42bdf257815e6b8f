//! Claims in words: the sentence, its verdict, and what that rests on.

use super::text::{count, effect, p_value};
use crate::study::claims::{Judgement, Verdict};
use serde_json::{Value, json};

/// What a page says of a claim.
pub(super) fn card(judgement: &Judgement) -> Value {
    let effect = |x: Option<f64>, interval| x.map(|x| effect(x, interval));
    let Judgement { verdict, seeds, p, estimate, interval, control, .. } = judgement;
    let p = p.map(|p| format!("; p {} before correction for several claims", p_value(p)));
    let control = control.as_ref().map(|c| {
        let verdict = match c.holds {
            Some(false) => "does not hold, as it should not",
            Some(true) => "holds there too, and should not",
            None => "cannot be said",
        };
        let effect = effect(c.estimate, c.interval);
        json!({ "at": c.at, "verdict": verdict, "effect": effect, "p": c.p.map(p_value) })
    });
    json!({
        "say": judgement.say,
        "verdict": verdict,
        // For those who see no colours.
        "sign": match verdict {
            Verdict::Holds => "✓",
            Verdict::Fails => "✗",
            Verdict::Undecided => "?",
        },
        "why": judgement.why,
        "tested": judgement.tested,
        "quantity": judgement.quantity,
        "effect": effect(*estimate, *interval),
        "chance": judgement.improvement.map(|i| format!("{:.2}", i.chance)),
        "rests_on": count(u64::from(*seeds), "seed") + &p.unwrap_or_default(),
        "needs": judgement.needs.map(|n| count(n, "seed")),
        "control": control,
    })
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
