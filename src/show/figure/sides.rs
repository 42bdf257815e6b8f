//! The sides of a panel: the range of each, its ticks, and the room their labels take.

use super::axis::Span;
use super::text;
use super::theme::{self, GAP};
use super::ticks::{Ruler, Tick, ticks};
use super::words::TICK_GAP;
use super::{Axis, Point, Row};

/// Room for names of slots left of a panel, and below it where they stand upright.
const BESIDE: f64 = 130.0;
const BELOW: f64 = 110.0;

/// More numbers than this below each other are not all named.
const MOST_NUMBERS: usize = 14;

/// Something to measure along.
pub(super) struct Side {
    pub(super) span: Span,
    /// A label of several lines has line breaks.
    pub(super) ticks: Vec<Tick>,
    /// Labels are read from bottom to top.
    pub(super) upright: bool,
    /// Room for the labels.
    pub(super) room: f64,
}

impl Side {
    /// Numbers upwards.
    pub(super) fn up(span: Span, height: f64) -> Side {
        let extent = |_: &str| 1.6 * theme::TICK.size;
        let ticks = ticks(&span, &Ruler { length: height, extent: &extent, most: (height / 28.0) as usize });
        Side { room: widest(&ticks) + TICK_GAP, span, ticks, upright: false }
    }

    /// Numbers to the right; a label that would reach beyond half the gap is dropped.
    pub(super) fn across(span: Span, length: f64) -> Side {
        let extent = |label: &str| text::width(label, theme::TICK) + 8.0;
        let most = ((length / 40.0) as usize).clamp(2, 9);
        let mut ticks = ticks(&span, &Ruler { length, extent: &extent, most });
        for tick in &mut ticks {
            let half = text::width(&tick.label, theme::TICK) / 2.0;
            let place = span.clamped(tick.value) * length;
            if place - half < 1.0 - GAP / 2.0 || place + half > length + GAP / 2.0 - 1.0 {
                tick.label.clear();
            }
        }
        Side { span, ticks, upright: false, room: TICK_GAP + theme::TICK.leading() }
    }

    /// Slots from top to bottom, and the height that each needs for its name. Of many numbers
    /// some are named, from the lowest slot on.
    pub(super) fn down(names: &[&str]) -> (Side, f64) {
        let labels: Vec<String> =
            names.iter().map(|name| text::wrap(name, theme::TICK, BESIDE, 2).join("\n")).collect();
        let most = labels.iter().map(|label| label.lines().count()).max().unwrap_or(0);
        let each = theme::TICK.leading() * most as f64 + 3.0;
        let stride = if names.iter().all(is_number) { stride(names.len(), MOST_NUMBERS) } else { 1 };
        let ticks = slots(thinned(labels.into_iter().rev(), stride).into_iter().rev().collect());
        let span = Span::slots(names.len(), true);
        let side = Side { room: widest(&ticks) + TICK_GAP, span, ticks, upright: false };
        (side, each / stride as f64)
    }

    /// The slots of a heat map from left to right: of numbers that do not all fit some are named.
    pub(super) fn across_cells(names: &[String], length: f64) -> Side {
        let widest_name = names.iter().map(|name| text::width(name, theme::TICK)).fold(0.0, f64::max);
        let fitting = (length / (widest_name + 8.0)) as usize;
        if fitting >= names.len() || fitting < 2 || !names.iter().all(|name| is_number(&name.as_str())) {
            return Side::along(names, length);
        }
        let ticks = slots(thinned(names.iter().cloned(), stride(names.len(), fitting)));
        let span = Span::slots(names.len(), false);
        Side { span, ticks, upright: false, room: TICK_GAP + theme::TICK.leading() }
    }

    /// Slots from left to right: names on as many lines as they need if they then fit, else upright.
    pub(super) fn along(names: &[String], length: f64) -> Side {
        let each = length / names.len().max(1) as f64;
        let span = Span::slots(names.len(), false);
        let wrapped: Vec<Vec<String>> =
            names.iter().map(|name| text::wrap(name, theme::TICK, each - 5.0, 3)).collect();
        let fits = wrapped.iter().zip(names).all(|(lines, name)| text::is_whole(lines, name));
        if fits {
            let most = wrapped.iter().map(Vec::len).max().unwrap_or(1);
            let ticks = slots(wrapped.iter().map(|lines| lines.join("\n")).collect());
            let room = TICK_GAP + theme::TICK.leading() * most as f64;
            return Side { span, ticks, upright: false, room };
        }
        let stride = (theme::TICK.leading() / each).ceil().max(1.0) as usize;
        let labels = names.iter().enumerate().map(|(index, name)| {
            let shown = if index % stride == 0 { name.as_str() } else { "" };
            text::wrap(shown, theme::TICK, BELOW, 1).concat()
        });
        let ticks = slots(labels.collect());
        Side { room: TICK_GAP + widest(&ticks) + 2.0, span, ticks, upright: true }
    }
}

fn is_number(name: &&str) -> bool {
    name.parse::<f64>().is_ok()
}

/// Every how many-th of `count` numbers is named so that at most `most` are: such that the last
/// is among them, where that costs no more than half of the names.
fn stride(count: usize, most: usize) -> usize {
    let least = count.div_ceil(most.max(1)).max(1);
    (least..=2 * least).find(|stride| count.saturating_sub(1).is_multiple_of(*stride)).unwrap_or(least)
}

/// Every `stride`-th of some labels, the others empty.
fn thinned(labels: impl Iterator<Item = String>, stride: usize) -> Vec<String> {
    labels.enumerate().map(|(i, label)| if i % stride == 0 { label } else { String::new() }).collect()
}

fn slots(labels: Vec<String>) -> Vec<Tick> {
    labels.into_iter().enumerate().map(|(slot, label)| Tick { value: slot as f64, label }).collect()
}

fn widest(ticks: &[Tick]) -> f64 {
    let lines = ticks.iter().flat_map(|tick| tick.label.lines());
    lines.map(|line| text::width(line, theme::TICK)).fold(0.0, f64::max)
}

/// The range of the axis shared by all panels.
pub(super) fn shared(axis: &Axis, rows: &[&Row]) -> Span {
    if !axis.slots.is_empty() {
        return Span::slots(axis.slots.len(), false);
    }
    let points = rows.iter().flat_map(|row| &row.panels).flat_map(|panel| &panel.lines);
    let points = points.flat_map(|line| &line.points);
    Span::over(axis.scale, points.map(|point: &Point| point.x), 0.025)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(side: &Side) -> Vec<&str> {
        side.ticks.iter().map(|tick| tick.label.as_str()).filter(|label| !label.is_empty()).collect()
    }

    #[test]
    fn of_many_numbers_some_are_named_and_of_words_all() {
        let numbers: Vec<String> = (0..25).map(|i| format!("{}", f64::from(i) * 5.0)).collect();
        let side = Side::across_cells(&numbers, 330.0);
        assert!(!side.upright);
        assert_eq!(
            named(&side),
            ["0", "10", "20", "30", "40", "50", "60", "70", "80", "90", "100", "110", "120"]
        );
        assert_eq!(named(&Side::across_cells(&numbers, 900.0)).len(), 25);
        let words: Vec<String> = (0..25).map(|i| format!("level {i}")).collect();
        assert!(Side::across_cells(&words, 300.0).upright);
        let upwards: Vec<&str> = numbers.iter().rev().map(String::as_str).collect();
        let (side, _) = Side::down(&upwards);
        assert_eq!((named(&side).len(), named(&side).last()), (13, Some(&"0")));
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert_eq!(named(&Side::down(&words).0).len(), 25);
        assert_eq!(named(&Side::down(&[]).0).len(), 0);
    }

    #[test]
    fn both_ends_are_named_where_that_costs_little() {
        assert_eq!([stride(25, 13), stride(25, 12), stride(11, 10), stride(24, 12)], [2, 3, 2, 2]);
        assert_eq!([stride(11, 20), stride(0, 5), stride(1, 1)], [1, 1, 1]);
    }
}
