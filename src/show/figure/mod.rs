//! Charts fit for print: panels in a grid, intervals, one SVG text.
//!
//! The layout is our own and measures text by an embedded table of advance widths, so that the
//! SVG is the same bytes on every platform, browser included. `png` (feature `cli`) rasterises that same SVG
//! with the embedded font: there is one picture.
//!
//! `select` (from summaries to a `Chart`) → `layout` (every mark and every word with its place and
//! its box) → `svg` → `png`. What a kind of figure draws inside a panel stands in `kinds`.
//!
//! What is drawn where:
//! - x is shared by all panels; the scale of a metric by all panels that show it;
//! - lines are named at their ends beside the last panel of each row where the names fit, else in
//!   one legend above the panels; colour, mark and texture belong to the label, in every panel;
//! - panels are lettered when there is more than one;
//! - what differs in colour differs in lightness, mark or texture too.
//!
//! Colours: Okabe and Ito (2008), <https://jfly.uni-koeln.de/color/>, and see `colour`.

mod axis;
mod coincide;
mod colour;
mod contour;
#[cfg(test)]
mod gallery;
mod kinds;
mod layout;
mod legend;
mod notes;
mod number;
mod panel;
#[cfg(feature = "cli")]
mod png;
mod scene;
mod select;
mod sides;
mod svg;
#[cfg(test)]
mod tests;
mod text;
mod theme;
mod ticks;
mod widths;
mod words;

pub use crate::study::config::FigureKind as Kind;
#[cfg(feature = "cli")]
pub use png::{PngError, png};
pub use select::charts;

/// One figure: panels in a grid that share the x axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Headline, bold and left-aligned; empty: none.
    pub title: String,
    /// Small type below: what is shown, how many seeds, which interval; empty: none.
    pub caption: String,
    /// How the series are drawn.
    pub kind: Kind,
    /// The axis shared by every panel. A forest has it on the left, listed downwards.
    pub x: Axis,
    /// Of what the series are levels; heads the legend, and names the other axis of a heat map.
    /// Empty: they speak for themselves.
    pub by: String,
    /// From top to bottom.
    pub rows: Vec<Row>,
}

/// What is measured along one side, and how it is spaced.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Quantity and unit; empty: none.
    pub label: String,
    /// Spacing.
    pub scale: Scale,
    /// The names of an axis of slots, on which a value is the index of its slot; empty: an axis of
    /// numbers.
    pub slots: Vec<String>,
}

/// Spacing of an axis of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Equal differences, equal distances.
    Linear,
    /// Equal ratios, equal distances; values that are not positive are not drawn. Where all x are
    /// powers of two they are the ticks, else powers of ten.
    Log,
}

/// Panels side by side with one axis of values: usually one metric. Rows with equal axes share
/// their range.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The axis of values shared by the panels of the row: upwards, in a forest to the right, in a
    /// heat map from dark to light.
    pub y: Axis,
    /// A thin grey line at a value, and its name: what a null policy would reach.
    pub reference: Option<(f64, String)>,
    /// From left to right.
    pub panels: Vec<Panel>,
}

/// One plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Stands after the panel's letter; empty: none.
    pub title: String,
    /// The series. Later ones are drawn over earlier ones; in a heat map they are its rows, from
    /// top to bottom, below any boundaries; of bands they are the layers, from 0 outwards.
    pub lines: Vec<Line>,
}

impl Panel {
    /// All points but those of boundaries, whose y is no value.
    fn points(&self) -> impl Iterator<Item = &Point> {
        let series = self.lines.iter().filter(|line| !matches!(line.role, Role::Boundary { .. }));
        series.flat_map(|line| &line.points)
    }

    /// Whether some cell of a heat map with so many columns has no value.
    fn has_gaps(&self, columns: usize) -> bool {
        let mut measured = self.lines.iter().filter(|line| line.role == Role::Measured);
        measured.any(|line| line.points.iter().filter(|point| point.y.is_finite()).count() < columns)
    }
}

/// One series. The same label has the same colour, mark and texture in every panel.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Name for the reader; empty: drawn but not named.
    pub label: String,
    /// What it is.
    pub role: Role,
    /// Joined in this order (a path may turn back); a point that cannot be drawn leaves a gap.
    pub points: Vec<Point>,
}

/// What a series is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Measured.
    Measured,
    /// The sum of the layers of bands.
    Total,
    /// What theory says: a thin dashed line without marks.
    Theory {
        /// Which overlay: its dashes.
        overlay: usize,
        /// Index of the series of the panel that it belongs to and takes its colour from; `None`:
        /// it is the same for all.
        of: Option<usize>,
    },
    /// Where theory says that something turns over, on a heat map: x and y of its points are
    /// places among the slots and among the rows, the middle of the first at 0.
    Boundary {
        /// Which overlay: its dashes.
        overlay: usize,
    },
}

/// One measured value with its interval.
///
/// A point whose x or y is not finite (or beyond 1e±300, or not positive on a logarithmic axis)
/// is not drawn, nor is one on an axis of slots outside of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Place along the shared axis.
    pub x: f64,
    /// The estimate.
    pub y: f64,
    /// Lower end of the interval; an infinite one reaches the panel's edge, NaN counts as `y`.
    pub lo: f64,
    /// Upper end of the interval, likewise. `lo == hi == y`: no band.
    pub hi: f64,
}

/// The chart as SVG text, the same bytes on every platform.
pub fn svg(chart: &Chart) -> String {
    svg::write(&layout::layout(chart))
}
