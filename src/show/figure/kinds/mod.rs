//! What each kind of figure draws inside a panel, how much room it needs, and
//! what it asks of the axis of values.

mod bands;
mod bars;
mod forest;
mod heat;
mod lines;
mod scatter;
mod texture;

pub(super) use bands::total;
pub(super) use heat::{Shade, boundary, colour_bar};
pub(super) use lines::mark;
pub(super) use scatter::open_mark;
pub(super) use texture::fill as textured;

use super::panel::Frame;
use super::scene::{Scene, Spot};
use super::theme::{self, Brush, Style};
use super::{Kind, Line, Panel, Point, Role, Row};

/// What a panel is drawn with.
pub(super) struct Tools<'a> {
    /// Labels of the measured series: the place of one is its place in the palette.
    pub(super) names: &'a [&'a str],
    /// The colours of a heat map.
    pub(super) shade: Option<&'a Shade>,
}

impl Tools<'_> {
    fn place(&self, line: &Line) -> usize {
        self.names.iter().position(|name| *name == line.label).unwrap_or(0)
    }

    /// How a series is drawn as a line.
    pub(super) fn style(&self, line: &Line) -> Style {
        theme::style(self.place(line))
    }

    /// How a series is drawn as a bar.
    pub(super) fn brush(&self, line: &Line) -> Brush {
        theme::brush(self.place(line))
    }
}

/// Draws the data of a panel.
pub(super) fn draw(scene: &mut Scene, kind: Kind, frame: &Frame<'_>, panel: &Panel, tools: &Tools<'_>) {
    match kind {
        Kind::Lines => lines::draw(scene, frame, panel, tools, lines::Way::Straight),
        Kind::Profile => lines::draw(scene, frame, panel, tools, lines::Way::Steps),
        Kind::Scatter => scatter::draw(scene, frame, panel, tools),
        Kind::Bars => bars::draw(scene, frame, panel, tools),
        Kind::Bands => bands::draw(scene, frame, panel, tools),
        Kind::Forest => forest::draw(scene, frame, panel, tools),
        Kind::Heat => heat::draw(scene, frame, panel, tools),
    }
}

/// Every value that the axis of values of a row must reach.
pub(super) fn values(kind: Kind, row: &Row) -> Vec<f64> {
    let finite = |p: &&Point| p.y.is_finite() && !p.x.is_nan();
    let points = row.panels.iter().flat_map(Panel::points);
    let reference = row.reference.as_ref().map(|reference| reference.0);
    match kind {
        Kind::Heat => points.filter(finite).map(|p| p.y).collect(),
        Kind::Bands => {
            row.panels.iter().flat_map(bands::ends).chain(row.panels.iter().flat_map(totals)).collect()
        }
        Kind::Bars => points.filter(finite).flat_map(|p| [0.0, p.y, p.lo, p.hi]).chain(reference).collect(),
        Kind::Lines | Kind::Profile | Kind::Scatter | Kind::Forest => {
            points.filter(finite).flat_map(|p| [p.y, p.lo, p.hi]).chain(reference).collect()
        }
    }
}

fn totals(panel: &Panel) -> impl Iterator<Item = f64> {
    let lines = panel.lines.iter().filter(|line| line.role == Role::Total);
    lines.flat_map(|line| &line.points).flat_map(|p| [p.y, p.lo, p.hi])
}

/// Heat maps with more cells side by side than this show colours alone, no numbers.
const MOST_NUMBERS: usize = 16;

/// Width that a panel needs to be read, where it can be had: `slots` along x, `series` of bars.
pub(super) fn least_width(kind: Kind, slots: usize, series: usize) -> f64 {
    let each = if slots > MOST_NUMBERS { 12.0 } else { 34.0 };
    let (slots, series) = (slots as f64, series as f64);
    let wanted = match kind {
        Kind::Heat => each * slots,
        Kind::Bars => slots * (7.0 * series + 8.0),
        Kind::Bands => 16.0 * slots,
        Kind::Lines | Kind::Profile | Kind::Scatter | Kind::Forest => 0.0,
    };
    wanted.min(1200.0)
}

/// Height of a panel, given that of a chart of lines; `slots` stand below each other, with
/// `across` side by side, and need `slot` each for their names, `series` share one.
pub(super) fn height(
    kind: Kind,
    usual: f64,
    (across, slots): (usize, usize),
    slot: f64,
    series: usize,
) -> f64 {
    let each = match kind {
        Kind::Heat if across > MOST_NUMBERS => {
            slot.max(8.0).max((0.95 * usual / slots.max(1) as f64).min(24.0))
        }
        Kind::Heat => slot.max(26.0).max((0.6 * usual / slots.max(1) as f64).min(40.0)),
        Kind::Forest => slot.max(8.0 + 9.0 * series.max(1) as f64),
        Kind::Lines | Kind::Profile | Kind::Scatter | Kind::Bars | Kind::Bands => return usual,
    };
    // Room for a few ticks of the scale of colours, and for the label on the left.
    (slots as f64 * each).clamp(88.0, 6000.0)
}

/// The middle of a bar, and half its width, when `count` share a slot.
fn bar(frame: &Frame<'_>, slot: f64, place: usize, count: usize) -> Option<(f64, f64)> {
    let width = frame.width / (frame.x.high - frame.x.low);
    let each = (0.8 * width / count.max(1) as f64).min(40.0);
    let offset = (place as f64 - (count as f64 - 1.0) / 2.0) * each;
    Some((frame.place_x(slot)? + offset, 0.5 * each - if each > 5.0 { 0.5 } else { 0.0 }))
}

/// A line from end to end with caps, dark over a white halo so that it shows on every ground.
fn whisker(scene: &mut Scene, (from, to): (Spot, Spot), cap: f64) {
    if (from.0 - to.0).abs().max((from.1 - to.1).abs()) < 0.01 {
        return;
    }
    let flat = from.1 == to.1;
    let ends = [from, to].map(
        |(x, y)| {
            if flat { ((x, y - cap), (x, y + cap)) } else { ((x - cap, y), (x + cap, y)) }
        },
    );
    for (colour, width) in [(super::colour::WHITE, 2.6), (theme::INK, 1.0)] {
        for (from, to) in [(from, to), ends[0], ends[1]] {
            scene.rule(from, to, colour, width);
        }
    }
}
