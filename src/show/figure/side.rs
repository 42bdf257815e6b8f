//! A side of a panel as a coordinate of plotters: its range, its ticks, and the room their labels
//! take. What lies beyond a range lies at its end, so that infinity is the panel's edge.

use super::chart::{Axis, Chart, Panel, Point, Role, Row};
use super::span::{HUGE, Span};
use super::text::{self, Font};
use super::theme::{GAP, TICK_GAP};
use super::ticks::{Ruler, Tick, thirds, ticks};
use crate::study::config::{Measured, Traits};
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use std::ops::Range;

/// Room for names of slots left of a panel, and below it where they stand upright.
const BESIDE: f64 = 130.0;
const BELOW: f64 = 110.0;

/// More numbers than this below each other are not all named.
const MOST_NUMBERS: usize = 14;

/// Something to measure along.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub(super) span: Span,
    /// A label of several lines has line breaks.
    pub(super) ticks: Vec<Tick>,
    /// Its labels are names of slots.
    pub(super) is_named: bool,
    /// Labels are read from bottom to top.
    pub(super) upright: bool,
    /// Room for the labels.
    pub(super) room: f64,
}

impl Ranged for Side {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (from, to): (i32, i32)) -> i32 {
        from + (self.span.clamped(*value) * f64::from(to - from)).round() as i32
    }

    /// Names of slots are written apart: plotters neither wraps nor turns a label.
    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        let shown = !self.is_named && !hint.weight().allow_light_points();
        let named = self.ticks.iter().filter(|tick| shown && !tick.label.is_empty());
        named.map(|tick| tick.value).collect()
    }

    fn range(&self) -> Range<f64> {
        self.span.low..self.span.high
    }
}

impl ValueFormatter<f64> for Side {
    fn format_ext(&self, value: &f64) -> String {
        self.ticks.iter().find(|tick| tick.value == *value).map(|tick| tick.label.clone()).unwrap_or_default()
    }
}

impl Side {
    /// Numbers upwards.
    pub(super) fn up(span: Span, height: f64, font: Font) -> Side {
        let extent = |_: &str| 1.6 * font.size;
        let most = (height / (2.8 * font.size)) as usize;
        let ticks = ticks(&span, &Ruler { length: height, extent: &extent, most });
        Side { room: widest(&ticks, font) + TICK_GAP, span, ticks, is_named: false, upright: false }
    }

    /// Numbers to the right; a label that would reach beyond half the gap is dropped.
    pub(super) fn across(span: Span, length: f64, font: Font) -> Side {
        let extent = |label: &str| text::width(label, font) + 0.8 * font.size;
        let most = ((length / (4.0 * font.size)) as usize).clamp(2, 9);
        let ruler = Ruler { length, extent: &extent, most };
        let within = |mut ticks: Vec<Tick>| {
            for tick in &mut ticks {
                let half = text::width(&tick.label, font) / 2.0;
                let place = span.clamped(tick.value) * length;
                if place - half < 1.0 - GAP / 2.0 || place + half > length + GAP / 2.0 - 1.0 {
                    tick.label.clear();
                }
            }
            ticks
        };
        let named = |ticks: &[Tick]| ticks.iter().filter(|tick| !tick.label.is_empty()).count();
        let mut ticks = within(ticks(&span, &ruler));
        if named(&ticks) < 2 {
            let thirds = within(thirds(&span, &ruler));
            if named(&thirds) > named(&ticks) {
                ticks = thirds;
            }
        }
        Side { span, ticks, is_named: false, upright: false, room: TICK_GAP + font.leading() }
    }

    /// Slots from top to bottom, and the height that each needs for its name. Of many numbers
    /// some are named, from the lowest slot on.
    pub(super) fn down<'n>(names: impl IntoIterator<Item = &'n str>, font: Font) -> (Side, f64) {
        let names: Vec<&str> = names.into_iter().collect();
        let labels: Vec<String> =
            names.iter().map(|name| text::wrap(name, font, BESIDE, 2).join("\n")).collect();
        let most = labels.iter().map(|label| label.lines().count()).max().unwrap_or(0);
        let each = font.leading() * most as f64 + 3.0;
        let numbers = names.iter().all(|name| is_number(name));
        let stride = if numbers { stride(names.len(), MOST_NUMBERS) } else { 1 };
        let labels = thinned(labels.into_iter().rev(), stride).into_iter().rev().collect();
        let side = Side::named(labels, true, font);
        (Side { room: TICK_GAP + widest(&side.ticks, font), ..side }, each / stride as f64)
    }

    /// Slots from left to right: names on as many lines as they need if they then fit, where
    /// numbers may be thinned some of them, else upright.
    pub(super) fn along(names: &[String], length: f64, thin: bool, font: Font) -> Side {
        let each = length / names.len().max(1) as f64;
        let wrapped: Vec<Vec<String>> =
            names.iter().map(|name| text::wrap(name, font, each - 5.0, 3)).collect();
        if wrapped.iter().zip(names).all(|(lines, name)| text::is_whole(lines, name)) {
            return Side::named(wrapped.iter().map(|lines| lines.join("\n")).collect(), false, font);
        }
        let wide = names.iter().map(|name| text::width(name, font)).fold(0.0, f64::max) + 8.0;
        let fitting = (length / wide) as usize;
        if thin && fitting > 1 && names.iter().all(|name| is_number(name)) {
            return Side::named(thinned(names.iter().cloned(), stride(names.len(), fitting)), false, font);
        }
        let stride = (font.leading() / each).ceil().max(1.0) as usize;
        let short = names.iter().map(|name| text::wrap(name, font, BELOW, 1).concat());
        let side = Side::named(thinned(short, stride), false, font);
        Side { room: TICK_GAP + widest(&side.ticks, font) + 2.0, upright: true, ..side }
    }

    /// One slot for each label.
    fn named(labels: Vec<String>, downwards: bool, font: Font) -> Side {
        let span = Span::slots(labels.len(), downwards);
        let most = labels.iter().map(|label| label.lines().count()).max().unwrap_or(1);
        let ticks = labels.into_iter().enumerate().map(|(slot, label)| Tick { value: slot as f64, label });
        let room = TICK_GAP + font.leading() * most as f64;
        Side { span, ticks: ticks.collect(), is_named: true, upright: false, room }
    }

    /// Pixels of one slot, on a side so long.
    pub(super) fn slot(&self, length: f64) -> f64 {
        length / (self.span.high - self.span.low).abs()
    }
}

fn is_number(name: &str) -> bool {
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

fn widest(ticks: &[Tick], font: Font) -> f64 {
    let lines = ticks.iter().flat_map(|tick| tick.label.lines());
    lines.map(|line| text::width(line, font)).fold(0.0, f64::max)
}

/// The range of the axis shared by all panels.
pub(super) fn shared(chart: &Chart) -> Span {
    if chart.x.slots.is_empty() {
        Span::over(chart.x.scale, chart.lines().flat_map(|line| &line.points).map(|p| p.x), 0.025)
    } else {
        Span::slots(chart.x.slots.len(), false)
    }
}

/// The range of the values of a row, and of all rows with the same axis.
pub(super) fn values(chart: &Chart, axis: &Axis) -> Span {
    let pad = if chart.kind.traits().y == Measured::Colours { 0.0 } else { 0.05 };
    let equal = chart.rows.iter().filter(|row| row.y == *axis);
    Span::over(axis.scale, equal.flat_map(|row| reached(chart.kind.traits(), row)), pad)
}

/// Every value that the axis of values of a row must reach: of stacks the layers, not what they hold.
fn reached(Traits { stacked, from_zero, .. }: Traits, row: &Row) -> Vec<f64> {
    let lines = row.panels.iter().flat_map(|panel| &panel.lines).filter(|line| match line.role {
        Role::Measured => !stacked,
        Role::Total | Role::Theory { .. } | Role::Seed { .. } => true,
        Role::Boundary { .. } => false,
    });
    let points = lines.flat_map(|line| &line.points).filter(|p| p.y.is_finite() && !p.x.is_nan());
    let bars = row.panels.iter().filter(|_| from_zero).flat_map(|panel| layers(panel, stacked));
    let bars = bars.flat_map(|layer| [layer.from, layer.to]);
    let reference = row.reference.iter().map(|reference| reference.0);
    points.flat_map(|p| [p.y, p.lo, p.hi]).chain(bars).chain(reference).collect()
}

/// A bar, or a layer of a stack.
pub(super) struct Layer {
    /// Index among the panel's series.
    pub(super) line: usize,
    pub(super) point: Point,
    pub(super) from: f64,
    pub(super) to: f64,
}

/// The bars of a panel from 0; `stacked`, what is positive piles up and what is negative hangs down.
pub(super) fn layers(panel: &Panel, stacked: bool) -> Vec<Layer> {
    let mut layers: Vec<Layer> = Vec::new();
    for (line, series) in panel.lines.iter().enumerate().filter(|(_, l)| l.role == Role::Measured) {
        for &point in series.points.iter().filter(|p| p.y.abs() <= HUGE && p.x.is_finite()) {
            let below = |layer: &&Layer| layer.point.x == point.x && (layer.point.y > 0.0) == (point.y > 0.0);
            let from = layers.iter().rev().find(below).filter(|_| stacked).map_or(0.0, |layer| layer.to);
            layers.push(Layer { line, point, from, to: from + point.y });
        }
    }
    layers
}

#[cfg(test)]
mod tests {
    use super::*;

    const FONT: Font = Font { size: 10.0, bold: false };

    fn named(side: &Side) -> Vec<&str> {
        side.ticks.iter().map(|tick| tick.label.as_str()).filter(|label| !label.is_empty()).collect()
    }

    #[test]
    fn of_many_numbers_some_are_named_and_of_words_all() {
        let numbers: Vec<String> = (0..25).map(|i| format!("{}", f64::from(i) * 5.0)).collect();
        let side = Side::along(&numbers, 330.0, true, FONT);
        assert!(!side.upright);
        assert_eq!(
            named(&side),
            ["0", "10", "20", "30", "40", "50", "60", "70", "80", "90", "100", "110", "120"]
        );
        assert_eq!(named(&Side::along(&numbers, 900.0, true, FONT)).len(), 25);
        let words: Vec<String> = (0..25).map(|i| format!("level {i}")).collect();
        assert!(Side::along(&words, 300.0, true, FONT).upright);
        let (side, _) = Side::down(numbers.iter().rev().map(String::as_str), FONT);
        assert_eq!((named(&side).len(), named(&side).last()), (13, Some(&"0")));
        assert_eq!(named(&Side::down(words.iter().map(String::as_str), FONT).0).len(), 25);
        assert_eq!(named(&Side::down([], FONT).0).len(), 0);
    }

    #[test]
    fn both_ends_are_named_where_that_costs_little() {
        assert_eq!([stride(25, 13), stride(25, 12), stride(11, 10), stride(24, 12)], [2, 3, 2, 2]);
        assert_eq!([stride(11, 20), stride(0, 5), stride(1, 1)], [1, 1, 1]);
    }
}
