//! What each kind of figure draws on the coordinates of a panel, and how much room it needs.

mod heat;
mod lines;
mod texture;

pub(super) use heat::{BAR, Shade, boundary};
pub(super) use texture::textured;

use super::chart::{Line, Panel, Point, Role};
use super::colour::WHITE;
use super::pen::{self, Done, Page, Plot, Spot, at, stroke};
use super::side::{Side, layers};
use super::theme::{self, Brush, Look, Mark, Pen, Theme};
use crate::study::config::FigureKind as Kind;
use indexmap::IndexSet;
use plotters::coord::cartesian::Cartesian2d;
use plotters::style::ShapeStyle;

/// A panel's place in pixels, and its sides.
pub(super) struct Frame<'a> {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) x: &'a Side,
    pub(super) y: &'a Side,
}

impl Frame<'_> {
    pub(super) fn right(&self) -> f64 {
        self.left + self.width
    }

    pub(super) fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// Draws a group of the SVG on an area of plotters where places are values.
    fn draw(
        &self,
        page: &mut Page,
        (class, name, pen): Group<'_>,
        draw: impl FnOnce(&Plot<'_>) -> Done,
    ) -> Done {
        let across = at(self.left)..at(self.right());
        let upwards = at(self.bottom())..at(self.top);
        let coordinates = Cartesian2d::new(self.x.clone(), self.y.clone(), (across, upwards));
        page.group_with(class, name, pen, |area| draw(&area.apply_coord_spec(coordinates)))
    }

    /// Draws a line through the whole panel at a value: of y or, `sideways`, of x.
    pub(super) fn rule(
        &self,
        page: &mut Page,
        group: Group<'_>,
        (value, sideways): (f64, bool),
        style: ShapeStyle,
    ) -> Done {
        let side = if sideways { self.x } else { self.y };
        let end = |end: f64| if sideways { (value, end) } else { (end, value) };
        let ends = [end(f64::NEG_INFINITY), end(f64::INFINITY)];
        self.draw(page, group, |plot| match side.span.at(value) {
            Some(_) => pen::line(plot, ends, style),
            None => Ok(()),
        })
    }

    /// Where a point lies, if it can be drawn.
    fn spot(&self, p: &Point) -> Option<Spot> {
        self.x.span.at(p.x).and(self.y.span.at(p.y)).map(|_| (p.x, p.y))
    }
}

/// Class, name and pen of a group.
type Group<'a> = (&'a str, &'a str, Pen);

/// What a panel is drawn with.
pub(super) struct Tools<'a> {
    pub(super) theme: &'a Theme,
    /// Labels of the measured series: the place of one is its place in the palette.
    pub(super) names: &'a IndexSet<&'a str>,
    /// The colours of a heat map.
    pub(super) shade: Option<&'a Shade>,
}

impl Tools<'_> {
    fn place(&self, line: &Line) -> usize {
        self.names.get_index_of(line.label.as_str()).unwrap_or(0)
    }

    /// How a series is drawn as a line.
    pub(super) fn look(&self, line: &Line) -> Look {
        self.theme.look(self.place(line))
    }

    pub(super) fn brush(&self, line: &Line) -> Brush {
        self.theme.brush(self.place(line))
    }
}

/// Draws the data of a panel.
pub(super) fn draw(page: &mut Page, kind: Kind, frame: &Frame<'_>, panel: &Panel, tools: &Tools<'_>) -> Done {
    match kind {
        Kind::Lines => lines::draw(page, frame, panel, tools, false),
        Kind::Profile => lines::draw(page, frame, panel, tools, true),
        Kind::Scatter => scatter(page, frame, panel, tools),
        Kind::Bars => bars(page, frame, panel, tools, false),
        Kind::Bands => bars(page, frame, panel, tools, true),
        Kind::Forest => forest(page, frame, panel, tools),
        Kind::Heat => heat::draw(page, frame, panel, tools),
    }
}

/// Whether any point of a panel can be seen.
pub(super) fn is_seen(kind: Kind, frame: &Frame<'_>, panel: &Panel) -> bool {
    panel.points().any(|p| match kind {
        Kind::Forest => frame.x.span.at(p.y).is_some() && p.x.is_finite(),
        Kind::Heat => p.y.is_finite(),
        _ => frame.spot(p).is_some(),
    })
}

/// Heat maps with more cells side by side than this show colours alone, no numbers.
const MOST_NUMBERS: usize = 16;

/// Width that a panel needs to be read: `slots` along x, `series` of bars.
pub(super) fn least_width(kind: Kind, slots: usize, series: usize) -> f64 {
    let each = if slots > MOST_NUMBERS { 12.0 } else { 34.0 };
    let (slots, series) = (slots as f64, series as f64);
    match kind {
        Kind::Heat => each * slots,
        Kind::Bars => slots * (7.0 * series + 8.0),
        Kind::Bands => 16.0 * slots,
        Kind::Lines | Kind::Profile | Kind::Scatter | Kind::Forest => 0.0,
    }
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
    let share = |part: f64| part * usual / slots.max(1) as f64;
    let each = match kind {
        Kind::Heat if across > MOST_NUMBERS => slot.max(8.0).max(share(0.95).min(24.0)),
        Kind::Heat => slot.max(26.0).max(share(0.6).min(40.0)),
        Kind::Forest => slot.max(8.0 + 9.0 * series.max(1) as f64),
        Kind::Lines | Kind::Profile | Kind::Scatter | Kind::Bars | Kind::Bands => return usual,
    };
    // Room for a few ticks of the scale of colours, and for the label on the left.
    (slots as f64 * each).clamp(88.0, 6000.0)
}

/// One open mark per point, pale enough for a crowd.
fn scatter(page: &mut Page, frame: &Frame<'_>, panel: &Panel, tools: &Tools<'_>) -> Done {
    panel.lines.iter().try_for_each(|line| {
        let look = tools.look(line);
        frame.draw(page, ("series", &line.label, Pen::Plain), |plot| {
            let mut spots = line.points.iter().filter_map(|p| frame.spot(p));
            spots.try_for_each(|at| pen::open_mark(plot, at, look.mark, tools.theme.mark, look.colour))
        })
    })
}

/// Bars from 0 with whiskers, side by side in the slot of their level; or `stacked`, with a mark at
/// their sum.
fn bars(page: &mut Page, frame: &Frame<'_>, panel: &Panel, tools: &Tools<'_>, stacked: bool) -> Done {
    let (slot, theme) = (frame.x.slot(frame.width), tools.theme);
    let count = if stacked { 1.0 } else { panel.lines.len().max(1) as f64 };
    let each = (0.8 / count).min(40.0 / slot);
    let half = 0.5 * each - if each * slot > 5.0 { 0.5 / slot } else { 0.0 };
    let layers = layers(panel, stacked);
    for (i, line) in panel.lines.iter().enumerate() {
        let offset = if stacked { 0.0 } else { (i as f64 - (count - 1.0) / 2.0) * each };
        frame.draw(page, ("series", &line.label, Pen::Plain), |plot| {
            for layer in layers.iter().filter(|layer| layer.line == i) {
                let middle = layer.point.x + offset;
                let ends = [(middle - half, layer.from), (middle + half, layer.to)];
                if layer.from != layer.to || !stacked {
                    let [(a, b), (c, d)] = ends.map(|end| plot.map_coordinate(&end));
                    let rect = (a.min(c), b.min(d), a.max(c), b.max(d));
                    textured(&plot.use_screen_coord(), rect, tools.brush(line))?;
                }
                if !stacked {
                    whisker(plot, (middle, &layer.point), (0.5 * half).min(3.0 / slot))?;
                }
            }
            Ok(())
        })?;
    }
    frame.rule(page, ("zero", "", Pen::Plain), (0.0, false), stroke(theme::AXIS, 1.0))?;
    let mut totals = panel.lines.iter().filter(|line| line.role == Role::Total);
    totals.try_for_each(|line| {
        frame.draw(page, ("total", &line.label, Pen::Rimmed(theme::INK, 1.1)), |plot| {
            line.points.iter().filter(|p| frame.spot(p).is_some()).try_for_each(|p| {
                whisker(plot, (p.x, p), 2.5 / slot)?;
                pen::mark(plot, (p.x, p.y), Mark::Diamond, 1.17 * theme.mark, WHITE)
            })
        })
    })
}

/// Estimates with their intervals, one slot below the other.
fn forest(page: &mut Page, frame: &Frame<'_>, panel: &Panel, tools: &Tools<'_>) -> Done {
    let count = panel.lines.len() as f64;
    let each = (0.8 / count.max(1.0)).min(12.0 / frame.y.slot(frame.height));
    for (i, line) in panel.lines.iter().enumerate() {
        let look = tools.look(line);
        frame.draw(page, ("series", &line.label, theme::RIM), |plot| {
            for p in line.points.iter().filter(|p| frame.x.span.at(p.y).is_some() && p.x.is_finite()) {
                let y = p.x + (i as f64 - (count - 1.0) / 2.0) * each;
                pen::line(plot, [(p.low(), y), (p.high(), y)], stroke(look.colour, tools.theme.line))?;
                pen::mark(plot, (p.y, y), look.mark, tools.theme.mark, look.colour)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// A line from end to end of an interval with caps, dark over a white halo.
fn whisker(plot: &Plot<'_>, (x, point): (f64, &Point), cap: f64) -> Done {
    let (low, high) = (point.low(), point.high());
    for style in [stroke(WHITE, 2.6), stroke(theme::INK, 1.0)].into_iter().filter(|_| low < high) {
        pen::line(plot, [(x, low), (x, high)], style)?;
        [low, high].iter().try_for_each(|y| pen::line(plot, [(x - cap, *y), (x + cap, *y)], style))?;
    }
    Ok(())
}
