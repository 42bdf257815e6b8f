//! Numbers for readers: few digits, a true minus, one precision for an
//! estimate and its interval.

use crate::numerics::words::count;
use crate::study::claims::{self, Judgement};
use crate::study::config::{ClaimKind, Experiment};
use strum::IntoEnumIterator;

/// How numbers of one size are written.
#[derive(Clone, Copy)]
enum Style {
    Fixed(usize),
    Scientific,
}

/// A number by itself: three digits that count.
pub(super) fn number(x: f64) -> String {
    write(x, style(x.abs(), x.abs(), 3))
}

pub(super) type Estimate = (f64, Option<[f64; 2]>);

/// A number and its interval as text.
pub type Written = (String, Option<String>);

/// An estimate and its interval, to two digits of the interval's half-width.
pub fn effect(x: f64, interval: Option<[f64; 2]>) -> String {
    let (x, interval) = together(&[Some((x, interval))], 0).pop().flatten().expect("one was given");
    interval.map_or(x.clone(), |interval| format!("{x} {interval}"))
}

/// Estimates and intervals that stand below each other: alike, and to two
/// decimals at least.
pub(super) fn column(values: &[Option<Estimate>]) -> Vec<Option<Written>> {
    together(values, 2)
}

/// To two digits of the widest half-width, three of the largest number where
/// there is no width.
fn together(values: &[Option<Estimate>], least: usize) -> Vec<Option<Written>> {
    let finite = |all: &mut dyn Iterator<Item = f64>| all.filter(|x| x.is_finite()).fold(0.0, f64::max);
    let there = || values.iter().flatten();
    let largest = finite(&mut there().flat_map(|(x, i)| i.iter().flatten().chain([x])).map(|x| x.abs()));
    let half = finite(&mut there().flat_map(|(_, i)| i).map(|[lo, hi]| (hi - lo) / 2.0));
    let style = if half > 1e-9 * largest { style(half, largest, 2) } else { style(largest, largest, 3) };
    let style = match style {
        Style::Fixed(decimals) if largest < 100.0 => Style::Fixed(decimals.max(least)),
        other => other,
    };
    let cell = |(x, interval): &Estimate| (write(*x, style), interval.map(|i| bracket(i, style)));
    values.iter().map(|value| value.as_ref().map(cell)).collect()
}

/// A p-value, from its sign on.
pub(super) fn p_value(p: f64) -> String {
    if p < 1e-4 { "< 0.0001".to_owned() } else { format!("= {}", write(p, style(p, p, 2))) }
}

/// How many claims of each kind hold, fail and are undecided, in words; nothing if there are none.
pub fn tallies(judgements: &[Judgement]) -> Option<String> {
    let of_kind =
        |kind: ClaimKind| tally(claims::tally(judgements.iter().filter(|j| j.kind == kind)), kind.into());
    let said: Vec<String> = ClaimKind::iter().filter_map(of_kind).collect();
    (!said.is_empty()).then(|| said.join(" "))
}

/// What claims are tested on, and whether that was looked at before.
pub fn evidence(experiment: &Experiment) -> String {
    let Experiment { seed, looked_at, seeds, .. } = experiment;
    let seeds = count(u64::from(*seeds), "seed");
    let others: Vec<String> = looked_at.iter().map(u32::to_string).collect();
    let (others, were) = (others.join(", "), if others.len() == 1 { "was" } else { "were" });
    match looked_at.contains(seed) {
        true => format!(
            "Claims are tested on {seeds} of base seed {seed}, which was looked at before they were final: \
             that is no evidence for them."
        ),
        false if looked_at.is_empty() => format!("Claims are tested on {seeds}."),
        false => format!(
            "Claims are tested on {seeds} of base seed {seed}, which nobody had looked at when they were \
             final; {others} {were} looked at."
        ),
    }
}

/// How many of the claims hold, fail and are undecided, in words; nothing if there are none.
pub(super) fn tally(counts: [usize; 3], noun: &str) -> Option<String> {
    let words = [("holds", "hold"), ("fails", "fail"), ("is undecided", "are undecided")];
    let parts = words.iter().zip(counts).filter(|(_, n)| *n > 0);
    let parts: Vec<String> =
        parts.map(|((one, more), n)| format!("{n} {}", if n == 1 { one } else { more })).collect();
    let all = count(counts.iter().sum::<usize>() as u64, noun);
    (!parts.is_empty()).then(|| format!("Of {all}, {}.", parts.join(", ")))
}

/// So many `digits` of numbers as small as `least`, none larger than `largest`.
fn style(least: f64, largest: f64, digits: i32) -> Style {
    let decimals = (digits - 1 - exponent(least)).max(0);
    if decimals > 6 || largest >= 1e7 { Style::Scientific } else { Style::Fixed(decimals as usize) }
}

/// The exponent of the leading digit, 0 for 0.
fn exponent(x: f64) -> i32 {
    if x == 0.0 || !x.is_finite() {
        return 0;
    }
    format!("{x:e}").rsplit('e').next().and_then(|e| e.parse().ok()).unwrap_or(0)
}

fn bracket([lo, hi]: [f64; 2], style: Style) -> String {
    format!("[{}, {}]", write(lo, style), write(hi, style))
}

fn write(x: f64, style: Style) -> String {
    if !x.is_finite() {
        return if x.is_nan() { "–" } else { ["∞", "−∞"][usize::from(x < 0.0)] }.to_owned();
    }
    let text = match style {
        _ if x == 0.0 => "0".to_owned(),
        Style::Fixed(decimals) => format!("{x:.decimals$}"),
        Style::Scientific => scientific(x),
    };
    let negative = text.starts_with('-') && text.bytes().any(|b| (b'1'..=b'9').contains(&b));
    let digits = text.trim_start_matches('-');
    if negative { format!("−{digits}") } else { digits.to_owned() }
}

fn scientific(x: f64) -> String {
    let text = format!("{x:.2e}");
    let Some((digits, exponent)) = text.split_once('e') else { return text };
    let raised = exponent.chars().map(|c| match c {
        '-' => '⁻',
        c => ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][c.to_digit(10).unwrap_or(0) as usize],
    });
    format!("{digits}×10{}", raised.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::{effect, number, p_value};

    #[test]
    fn numbers_are_short() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1.00"),
            (-0.58213, "−0.582"),
            (1234.5, "1234"),
            (2.5e-9, "2.50×10⁻⁹"),
            (-3e12, "−3.00×10¹²"),
            (f64::INFINITY, "∞"),
        ];
        for (x, text) in cases {
            assert_eq!(number(x), text);
        }
    }

    #[test]
    fn an_interval_sets_the_precision() {
        let both = |x, interval| effect(x, Some(interval));
        assert_eq!(both(-0.58213, [-0.6521, -0.5123]), "−0.582 [−0.652, −0.512]");
        assert_eq!(both(-0.0004, [-0.012, 0.013]), "0.000 [−0.012, 0.013]");
        assert_eq!(both(2.0, [2.0, 2.0]), "2.00 [2.00, 2.00]");
        assert_eq!(both(0.0, [0.0, 0.0]), "0 [0, 0]");
        assert_eq!(both(41.3, [f64::NEG_INFINITY, 50.0]), "41.3 [−∞, 50.0]");
        assert_eq!(effect(0.25, None), "0.250");
    }

    #[test]
    fn p_values() {
        assert_eq!(
            [0.0, 9e-5, 0.000123, 0.0123, 1.0].map(p_value),
            ["< 0.0001", "< 0.0001", "= 0.00012", "= 0.012", "= 1.0"]
        );
    }
}
