//! One panel: its frame, grid and axes; the data are drawn by `kinds`.

use super::axis::Span;
use super::kinds::{self, Tools};
use super::scene::{Anchor, Rect, Scene, Shape, Stroke};
use super::theme;
use super::ticks::Tick;
use super::{Kind, Panel};

/// The rectangle of a panel and the ranges of its sides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<'a> {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) x: &'a Span,
    pub(super) y: &'a Span,
    /// Where the reference stands, along y or, `sideways`, along x.
    pub(super) reference: Option<f64>,
    pub(super) sideways: bool,
}

impl Frame<'_> {
    pub(super) fn right(&self) -> f64 {
        self.left + self.width
    }

    pub(super) fn bottom(&self) -> f64 {
        self.top + self.height
    }

    pub(super) fn rect(&self) -> Rect {
        Rect { left: self.left, top: self.top, right: self.right(), bottom: self.bottom() }
    }

    pub(super) fn place_x(&self, x: f64) -> Option<f64> {
        self.x.at(x).map(|share| self.left + share * self.width)
    }

    pub(super) fn place_y(&self, y: f64) -> Option<f64> {
        self.y.at(y).map(|share| self.bottom() - share * self.height)
    }

    /// An end of an interval; NaN counts as the estimate, the infinite as the panel's edge.
    pub(super) fn place_end(&self, end: f64, y: f64) -> f64 {
        let end = if end.is_nan() { y } else { end };
        self.bottom() - self.y.clamped(end) * self.height
    }

    /// The same along x.
    pub(super) fn across_end(&self, end: f64, x: f64) -> f64 {
        let end = if end.is_nan() { x } else { end };
        self.left + self.x.clamped(end) * self.width
    }

    /// Draws the line of the reference.
    pub(super) fn reference(&self, scene: &mut Scene) {
        let Some(value) = self.reference else { return };
        let ends = if self.sideways {
            self.place_x(value).map(|x| vec![(x, self.top), (x, self.bottom())])
        } else {
            self.place_y(value).map(|y| vec![(self.left, y), (self.right(), y)])
        };
        let stroke = Stroke { colour: theme::REFERENCE, width: 1.0, dash: theme::REFERENCE_DASH };
        scene.shapes.extend(ends.map(|spots| Shape::Open { spots, stroke }));
    }
}

/// Draws grid, axes and data.
pub(super) fn draw(
    scene: &mut Scene,
    kind: Kind,
    frame: &Frame<'_>,
    panel: &Panel,
    ticks: (&[Tick], &[Tick]),
    tools: &Tools<'_>,
) {
    scene.plots.push(frame.rect());
    axes(scene, kind, frame, ticks);
    kinds::draw(scene, kind, frame, panel, tools);
    let drawn = |x: f64, y: f64| frame.place_x(x).is_some() && frame.place_y(y).is_some();
    let seen = panel.points().any(|p| match kind {
        Kind::Forest => drawn(p.y, p.x),
        Kind::Heat => p.y.is_finite(),
        _ => drawn(p.x, p.y),
    });
    if !seen {
        let middle = (frame.left + frame.width / 2.0, frame.top + frame.height / 2.0);
        scene.write("no data", middle, Anchor::Middle, theme::SMALL, theme::REFERENCE_TEXT);
    }
}

fn axes(scene: &mut Scene, kind: Kind, frame: &Frame<'_>, (x_ticks, y_ticks): (&[Tick], &[Tick])) {
    let (left, right, top, bottom) = (frame.left, frame.right(), frame.top, frame.bottom());
    let colour = |tick: &Tick, low: f64| {
        let crosses_zero = tick.value == 0.0 && low < 0.0;
        if crosses_zero { theme::ZERO } else { theme::GRID }
    };
    match kind {
        Kind::Heat => return,
        Kind::Forest => {
            for slot in y_ticks.iter().skip(1) {
                let Some(y) = frame.place_y(slot.value - 0.5) else { continue };
                scene.rule((left, y), (right, y), theme::GRID, theme::HAIR);
            }
            for tick in x_ticks.iter().filter(|tick| !tick.label.is_empty()) {
                let Some(x) = frame.place_x(tick.value) else { continue };
                scene.rule((x, top), (x, bottom), colour(tick, frame.x.low), theme::HAIR);
            }
        }
        _ => {
            for tick in y_ticks.iter().filter(|tick| !tick.label.is_empty()) {
                let Some(y) = frame.place_y(tick.value) else { continue };
                scene.rule((left, y), (right, y), colour(tick, frame.y.low), theme::HAIR);
            }
        }
    }
    scene.rule((left, top), (left, bottom), theme::AXIS, theme::HAIR);
    if matches!(kind, Kind::Bars | Kind::Bands) {
        // They stand on 0.
        return;
    }
    scene.rule((left, bottom), (right, bottom), theme::AXIS, theme::HAIR);
    for tick in x_ticks {
        let Some(x) = frame.place_x(tick.value) else { continue };
        let length = if tick.label.is_empty() { 2.0 } else { 4.0 };
        scene.rule((x, bottom), (x, bottom + length), theme::AXIS, theme::HAIR);
    }
}
