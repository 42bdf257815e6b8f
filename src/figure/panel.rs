//! One panel's data: grid, bands, lines and marks inside a frame.

use super::axis::Span;
use super::scene::{Anchor, Fill, Scene, Shape, Spot, Stroke};
use super::theme::{self, Mark, Style};
use super::ticks::Tick;
use super::{Line, Panel, Point};

/// The rectangle of a panel and the ranges of its sides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<'a> {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) x: &'a Span,
    pub(super) y: &'a Span,
}

impl Frame<'_> {
    pub(super) fn right(&self) -> f64 {
        self.left + self.width
    }

    pub(super) fn bottom(&self) -> f64 {
        self.top + self.height
    }

    pub(super) fn place_x(&self, x: f64) -> Option<f64> {
        self.x.at(x).map(|share| self.left + share * self.width)
    }

    pub(super) fn place_y(&self, y: f64) -> Option<f64> {
        self.y.at(y).map(|share| self.bottom() - share * self.height)
    }

    /// An end of an interval; NaN counts as the estimate, the infinite as the panel's edge.
    fn place_end(&self, end: f64, y: f64) -> f64 {
        let end = if end.is_nan() { y } else { end };
        self.bottom() - self.y.clamped(end) * self.height
    }
}

/// A point on the picture, with its interval's upper and lower end.
#[derive(Clone, Copy)]
struct Placed {
    at: Spot,
    upper: f64,
    lower: f64,
}

/// Draws grid, axes, bands, reference, lines and marks; `style` looks a line's style up.
pub(super) fn draw(
    scene: &mut Scene,
    frame: &Frame<'_>,
    panel: &Panel,
    reference: Option<f64>,
    ticks: (&[Tick], &[Tick]),
    style: &dyn Fn(&Line) -> Style,
) {
    axes(scene, frame, ticks);
    let placed: Vec<(Style, Vec<Vec<Placed>>)> =
        panel.lines.iter().map(|line| (style(line), runs(frame, &line.points))).collect();
    for (style, runs) in &placed {
        for run in runs {
            band(scene, run, style.colour);
        }
    }
    if let Some(y) = reference.and_then(|value| frame.place_y(value)) {
        let stroke = Stroke { colour: theme::REFERENCE, width: 1.0, dash: theme::REFERENCE_DASH };
        scene.shapes.push(Shape::Open { spots: vec![(frame.left, y), (frame.right(), y)], stroke });
    }
    for (style, runs) in &placed {
        for run in runs {
            let spots = run.iter().map(|point| point.at).collect();
            let stroke = Stroke { colour: style.colour, width: theme::LINE, dash: style.dash };
            scene.shapes.push(Shape::Open { spots, stroke });
        }
        for at in marked(runs) {
            mark(scene, style.mark, at, style.colour);
        }
    }
    if placed.iter().all(|(_, runs)| runs.is_empty()) {
        let middle = (frame.left + frame.width / 2.0, frame.top + frame.height / 2.0);
        scene.write("no data", middle, Anchor::Middle, theme::SMALL, theme::REFERENCE_TEXT);
    }
}

/// A series' sign, centred at a spot.
pub(super) fn mark(scene: &mut Scene, mark: Mark, at: Spot, colour: &'static str) {
    let fill = Fill { colour, opacity: 1.0, rim: true };
    let radius = theme::MARK;
    let corners = mark.corners();
    scene.shapes.push(if corners.is_empty() {
        Shape::Circle { centre: at, radius, fill }
    } else {
        let spots = corners.iter().map(|c| (at.0 + radius * c.0, at.1 + radius * c.1)).collect();
        Shape::Closed { spots, fill }
    });
}

fn axes(scene: &mut Scene, frame: &Frame<'_>, (x_ticks, y_ticks): (&[Tick], &[Tick])) {
    let (left, right, bottom) = (frame.left, frame.right(), frame.bottom());
    for tick in y_ticks.iter().filter(|tick| !tick.label.is_empty()) {
        let Some(y) = frame.place_y(tick.value) else { continue };
        let crosses_zero = tick.value == 0.0 && frame.y.low < 0.0;
        let colour = if crosses_zero { theme::ZERO } else { theme::GRID };
        scene.rule((left, y), (right, y), colour, theme::HAIR);
    }
    scene.rule((left, frame.top), (left, bottom), theme::AXIS, theme::HAIR);
    scene.rule((left, bottom), (right, bottom), theme::AXIS, theme::HAIR);
    for tick in x_ticks {
        let Some(x) = frame.place_x(tick.value) else { continue };
        let length = if tick.label.is_empty() { 2.0 } else { 4.0 };
        scene.rule((x, bottom), (x, bottom + length), theme::AXIS, theme::HAIR);
    }
}

/// The points in pieces without gaps.
fn runs(frame: &Frame<'_>, points: &[Point]) -> Vec<Vec<Placed>> {
    let mut runs = vec![Vec::new()];
    for point in points {
        match (frame.place_x(point.x), frame.place_y(point.y)) {
            (Some(x), Some(y)) => {
                let (one, other) = (frame.place_end(point.lo, point.y), frame.place_end(point.hi, point.y));
                let placed = Placed { at: (x, y), upper: one.min(other), lower: one.max(other) };
                runs.last_mut().expect("there is always a run").push(placed);
            }
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// The intervals: a translucent area, or a bar where a point stands alone.
fn band(scene: &mut Scene, run: &[Placed], colour: &'static str) {
    if run.iter().all(|point| point.lower - point.upper < 0.01) {
        return;
    }
    if let [point] = run {
        scene.rule((point.at.0, point.upper), (point.at.0, point.lower), colour, 1.0);
        return;
    }
    let above = run.iter().map(|point| (point.at.0, point.upper));
    let below = run.iter().rev().map(|point| (point.at.0, point.lower));
    let fill = Fill { colour, opacity: theme::BAND, rim: false };
    scene.shapes.push(Shape::Closed { spots: above.chain(below).collect(), fill });
}

/// Where marks stand: at every point, or at some of a crowd; always at the last.
fn marked(runs: &[Vec<Placed>]) -> Vec<Spot> {
    let far =
        |one: Spot, other: Spot| (one.0 - other.0).abs().max((one.1 - other.1).abs()) >= theme::MARK_SPACING;
    let mut spots: Vec<Spot> = Vec::new();
    for at in runs.iter().flatten().map(|point| point.at) {
        if spots.last().is_none_or(|&last| far(last, at)) {
            spots.push(at);
        }
    }
    if let Some(end) = runs.last().and_then(|run| run.last()).map(|point| point.at) {
        if spots.len() > 1 && spots.last().is_some_and(|&last| !far(last, end)) {
            spots.pop();
        }
        if spots.last() != Some(&end) {
            spots.push(end);
        }
    }
    spots
}
