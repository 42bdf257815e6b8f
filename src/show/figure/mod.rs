//! Charts fit for print: panels in a grid, intervals, one SVG text.
//!
//! plotters draws: its charts, coordinates, axes, elements and SVG backend. What it has no notion of is
//! worked out here: gutters as wide as their labels, one legend for all panels, names at the ends of
//! lines, words that wrap, boundaries over heat maps, groups with classes. Text is measured by an
//! embedded table of advance widths, so that the SVG is the same bytes on every platform, browser
//! included; `with_font` puts the font in. `png` (feature `cli`) rasterises that same SVG.
//!
//! Each module knows only those before it:
//! `chart` (what is drawn, as data) → `colour`, `text`, `theme` (how it looks) → `span`, `ticks`,
//! `side` (what is measured along a panel) → `contour`, `coincide`, `halving` → `names`, `view` (what a figure shows of
//! the results), `forms`, `overlay` (theory) → `pen` (plotters) → `kinds` (what each kind decides and draws) →
//! `select` (from results to a `Chart`) → `legend`, `notes` (what names series) → `draw` (where everything
//! stands) → `png`.
//!
//! What is drawn where:
//! - x is shared by all panels; the scale of a metric by all panels that show it;
//! - lines are named at their ends beside the last panel of each row where the names fit, else in
//!   one legend above the panels; colour, mark and texture belong to the label, in every panel;
//! - no figure is wider than a page: rows of panels go on below;
//! - panels are lettered when there is more than one;
//! - what differs in colour differs in lightness, mark or texture too.
//!
//! Groups of the SVG have a class (`title`, `legend`, `entry`, `panel`, `axis`, `interval`, `series`, `marks`,
//! `theory`, `boundary`, `reference`, `caption` and some more) and, where they show a series or a panel,
//! its name as `data-name`.
//!
//! Colours: Okabe and Ito (2008), <https://jfly.uni-koeln.de/color/>, and see `colour`.

mod chart;
mod coincide;
mod colour;
mod contour;
mod draw;
mod forms;
#[cfg(test)]
mod gallery;
mod halving;
mod kinds;
mod legend;
mod names;
mod notes;
mod overlay;
mod pen;
#[cfg(feature = "cli")]
mod png;
mod select;
mod side;
mod span;
#[cfg(test)]
mod tests;
mod text;
mod theme;
mod ticks;
mod view;

pub use crate::study::config::{FigureKind as Kind, Scale, Style};
pub use chart::{Axis, Chart, Line, Panel, Point, Role, Row};
#[cfg(feature = "cli")]
pub use png::{PngError, png};
pub use select::charts;

/// The embedded font, as a figure carries it.
const FONT: &str = concat!("<style>\n", include_str!("font/roboto.css"), "</style>\n");

/// The chart as SVG text, the same bytes on every platform, without the font that [`with_font`] puts in.
pub fn svg(chart: &Chart) -> String {
    draw::svg(chart)
}

/// A picture that [`svg`] drew, with its font: on a page of several, one brings it for all.
pub fn with_font(svg: &str) -> String {
    svg.replacen("<title>", &format!("{FONT}<title>"), 1)
}
