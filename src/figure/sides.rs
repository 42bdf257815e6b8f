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

    /// Slots from top to bottom, and the height that each needs for its name.
    pub(super) fn down(names: &[&str]) -> (Side, f64) {
        let labels: Vec<String> =
            names.iter().map(|name| text::wrap(name, theme::TICK, BESIDE, 2).join("\n")).collect();
        let most = labels.iter().map(|label| label.lines().count()).max().unwrap_or(0);
        let ticks = slots(labels);
        let span = Span::slots(names.len(), true);
        let side = Side { room: widest(&ticks) + TICK_GAP, span, ticks, upright: false };
        (side, theme::TICK.leading() * most as f64 + 3.0)
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
