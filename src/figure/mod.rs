//! Line charts fit for print: panels in a grid, interval bands, one SVG text.
//!
//! The layout is our own and measures text by an embedded table of advance widths, so that the
//! SVG is the same bytes on every platform, browser included. `png` (feature `cli`) rasterises that same SVG
//! with the embedded font: there is one picture.
//!
//! `Chart` → `layout` (every mark and every word with its place and its box) → `svg` → `png`.
//!
//! What is drawn where:
//! - x is shared by all panels, y by the panels of a row; a grid of horizontal lines only;
//! - lines are named at their ends beside the last panel of each row where the names fit, else in
//!   one legend above the panels; colour and mark belong to the label, in every panel;
//! - panels are lettered when there is more than one.
//!
//! Colours: Okabe and Ito (2008), <https://jfly.uni-koeln.de/color/>.

mod axis;
#[cfg(test)]
mod gallery;
mod layout;
mod legend;
mod notes;
mod number;
mod panel;
#[cfg(feature = "cli")]
mod png;
mod scene;
mod select;
mod svg;
#[cfg(test)]
mod tests;
mod text;
mod theme;
mod ticks;
mod widths;
mod words;

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
    /// The axis shared by every panel.
    pub x: Axis,
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
}

/// Spacing of an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Equal differences, equal distances.
    Linear,
    /// Equal ratios, equal distances; values that are not positive are not drawn. Where all x are
    /// powers of two they are the ticks, else powers of ten.
    Log,
}

/// Panels side by side with one y axis: usually one metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The axis shared by the panels of the row.
    pub y: Axis,
    /// A thin grey horizontal line at a y, and its name: what a null policy would reach.
    pub reference: Option<(f64, String)>,
    /// From left to right.
    pub panels: Vec<Panel>,
}

/// One plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Stands after the panel's letter; empty: none.
    pub title: String,
    /// Later lines are drawn over earlier ones.
    pub lines: Vec<Line>,
}

/// One series. The same label has the same colour, mark and dash in every panel.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Name for the reader; empty: drawn but not named.
    pub label: String,
    /// Joined in this order (a path may turn back); a point that cannot be drawn leaves a gap.
    pub points: Vec<Point>,
}

/// One measured value with its interval.
///
/// A point whose x or y is not finite (or beyond 1e±300, or not positive on a logarithmic axis)
/// is not drawn.
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
