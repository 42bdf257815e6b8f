//! What each kind of figure decides for itself: a file and a row of the table each.

mod bars;
mod forest;
mod heat;
mod lines;
mod profile;
mod scatter;
mod strip;
mod texture;

pub(super) use heat::{Shade, boundary};

use super::chart::{Axis, Chart, Line, Panel, Point, Role};
use super::colour::{Colour, WHITE};
use super::overlay::overlays;
use super::pen::{self, Area, Done, Group, Page, Pixels, Plot, Spot, UNIT, at, fill, pale, stroke};
use super::side::Side;
use super::theme::{self, Brush, Look, Mark, Pen, SWATCH, Theme, nth};
use super::view::{At, View};
use crate::study::config::{FigureKind, Measured};
use indexmap::IndexSet;
use plotters::coord::cartesian::Cartesian2d;
use plotters::style::ShapeStyle;

impl FigureKind {
    /// What it decides for itself.
    pub(super) fn form(self) -> &'static Form {
        match self {
            FigureKind::Lines => &lines::FORM,
            FigureKind::Heat => &heat::FORM,
            FigureKind::Bars => &bars::BARS,
            FigureKind::Bands => &bars::BANDS,
            FigureKind::Forest => &forest::FORM,
            FigureKind::Scatter => &scatter::FORM,
            FigureKind::Strip => &strip::FORM,
            FigureKind::Profile => &profile::FORM,
        }
    }
}

/// What a kind of figure decides for itself, beside its traits.
pub(super) struct Form {
    /// The points of a series of a metric.
    pub(super) points: fn(&View<'_>, At, usize, &str) -> Vec<Point>,
    /// What is drawn over the series of a panel of some metrics.
    pub(super) over: fn(&View<'_>, &[String], At) -> Vec<Line>,
    /// Draws the data of a panel.
    pub(super) draw: fn(&mut Page, &Frame<'_>) -> Done,
    /// Draws what stands for a measured series in a legend, from its left end on.
    pub(super) sign: fn(&mut Page, &Line, &Tools<'_>, Spot) -> Done,
    /// Lines are named at their ends, where the names fit.
    pub(super) names_at_ends: bool,
    /// Width that a panel needs to be read, given how many slots lie along x and how many series it has.
    pub(super) width: fn(f64, f64) -> f64,
    /// Height that a slot needs besides that of its name, given that of a chart of lines, how many slots
    /// stand side by side and below each other, and how many series share one.
    pub(super) slot: fn(f64, (usize, usize), usize) -> f64,
    /// How its caption begins, with `{mean}`, `{seeds}` and `{interval}` to be filled in.
    pub(super) shown: &'static str,
    /// What its caption calls the series; empty: nothing.
    pub(super) series: &'static str,
    /// What else its caption says of a chart.
    pub(super) words: fn(&Chart) -> String,
}

/// A form that draws nothing: the others say in what they differ.
const PLAIN: Form = Form {
    points: |view, panel, by, metric| view.estimates(panel, by, metric),
    over: overlays,
    draw: |_, _| Ok(()),
    sign: lines::sign,
    names_at_ends: false,
    width: |_, _| 0.0,
    slot: |_, _, _| 0.0,
    shown: "{mean}.",
    series: "",
    words: |_| String::new(),
};

/// A value: of y or, sideways, of x.
type Value = (f64, bool);

/// A panel, its place in pixels, its sides, and what it is drawn with.
pub(super) struct Frame<'a> {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) x: &'a Side,
    pub(super) y: &'a Side,
    pub(super) panel: &'a Panel,
    pub(super) tools: &'a Tools<'a>,
    /// The colours of a heat map.
    pub(super) shade: Option<&'a Shade>,
}

impl Frame<'_> {
    pub(super) fn right(&self) -> f64 {
        self.left + self.width
    }

    pub(super) fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// Draws a group of the SVG on an area of plotters where places are values.
    fn draw(&self, page: &mut Page, group: Group<'_>, draw: impl FnOnce(&Plot<'_>) -> Done) -> Done {
        let across = at(self.left)..at(self.right());
        let upwards = at(self.bottom())..at(self.top);
        let coordinates = Cartesian2d::new(self.x.clone(), self.y.clone(), (across, upwards));
        page.group(group, |area| draw(&area.with(coordinates)))
    }

    /// Draws a line through the whole panel at a value.
    pub(super) fn rule(&self, page: &mut Page, group: Group<'_>, at: Value, style: ShapeStyle) -> Done {
        let (value, sideways) = at;
        let side = if sideways { self.x } else { self.y };
        let end = |end: f64| if sideways { (value, end) } else { (end, value) };
        let ends = [end(f64::NEG_INFINITY), end(f64::INFINITY)];
        let inside = side.span.at(value).is_some_and(|share| (0.0..=1.0).contains(&share));
        self.draw(page, group, |plot| if inside { plot.line(ends, style) } else { Ok(()) })
    }

    /// Where a point lies, if it can be drawn.
    fn spot(&self, p: &Point) -> Option<Spot> {
        self.x.span.at(p.x).and(self.y.span.at(p.y)).map(|_| (p.x, p.y))
    }

    /// Whether any point can be seen.
    pub(super) fn shows_any(&self, y: Measured) -> bool {
        self.panel.points().any(|p| match y {
            Measured::Up => self.spot(p).is_some(),
            Measured::Across => self.x.span.at(p.y).is_some() && p.x.is_finite(),
            Measured::Colours => p.y.is_finite(),
        })
    }
}

/// A chart, and what it is drawn with.
pub(super) struct Tools<'a> {
    pub(super) chart: &'a Chart,
    pub(super) theme: Theme,
    /// Labels of the measured series: the place of one is its place in the palette.
    pub(super) names: IndexSet<&'a str>,
}

impl Tools<'_> {
    pub(super) fn new(chart: &Chart) -> Tools<'_> {
        let names = chart.names(|role| role == Role::Measured);
        Tools { chart, theme: Theme::new(&chart.style), names }
    }

    fn place(&self, line: &Line) -> usize {
        self.names.get_index_of(line.label.as_str()).unwrap_or(0)
    }

    /// How a series is drawn as a line: of several metrics in one panel, the first series of each have one
    /// colour and mark, the second another, and dashes tell the metrics apart.
    pub(super) fn look(&self, line: &Line) -> Look {
        let (place, metrics) = (self.place(line), self.chart.metrics);
        let each = self.names.len().div_ceil(metrics.max(1)).max(1);
        match metrics > 1 && each > 1 {
            true => self.theme.look(place % each).dashed(place / each),
            false => self.theme.look(place),
        }
    }

    fn brush(&self, line: &Line) -> Brush {
        self.theme.brush(self.place(line))
    }
}
