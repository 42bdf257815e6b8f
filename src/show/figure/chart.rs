//! A chart as data: what is drawn, before anything is laid out.

use crate::study::config::{FigureKind as Kind, Scale, Style};
use indexmap::IndexSet;

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
    /// Of what the series are levels: heads the legend, or stands beside a heat map; empty: nothing.
    pub by: String,
    /// How many metrics share each panel: its series are those of the first, then those of the next.
    pub metrics: usize,
    /// From top to bottom.
    pub rows: Vec<Row>,
    /// Colours and sizes; another width lays the chart out anew.
    pub style: Style,
}

/// What is measured along one side, and how it is spaced.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Quantity and unit; empty: none.
    pub label: String,
    /// Spacing; what is not positive is not drawn on a logarithmic axis.
    pub scale: Scale,
    /// What lies further from 0 is drawn as this is, in colours; none: as far as values go.
    pub limit: Option<f64>,
    /// The names of slots, where a value is the index of its slot; empty: an axis of numbers.
    pub slots: Vec<String>,
}

/// Panels side by side with one axis of values: usually one metric. Rows with equal axes share
/// their range.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The axis of values: upwards, in a forest to the right, in a heat map from dark to light.
    pub y: Axis,
    /// A thin grey line at a value, and its name: what a null policy would reach.
    pub reference: Option<(f64, String)>,
    /// From left to right, and on below where the page is not wide enough.
    pub panels: Vec<Panel>,
}

/// One plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Stands after the panel's letter; empty: none.
    pub title: String,
    /// Thin dotted lines: heights or, sideways, places along x that claims name.
    pub thresholds: Vec<(f64, bool)>,
    /// The series. Later ones are drawn over earlier ones; in a heat map they are its rows, from
    /// top to bottom, below any boundaries; of bands they are the layers, from 0 outwards.
    pub lines: Vec<Line>,
}

impl Panel {
    /// All points but those of boundaries, whose y is no value.
    pub(super) fn points(&self) -> impl Iterator<Item = &Point> {
        let series = self.lines.iter().filter(|line| !matches!(line.role, Role::Boundary { .. }));
        series.flat_map(|line| &line.points)
    }

    /// Whether some cell of a heat map with so many columns has no value.
    pub(super) fn has_gaps(&self, columns: usize) -> bool {
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
    /// The same in one seed: a thin line under that of all.
    Seed {
        /// Index of the series that it belongs to and takes its colour from.
        of: usize,
    },
    /// The sum of the layers of bands.
    Total,
    /// What theory says: a wide pale line without marks, below what was measured.
    Theory {
        /// Which overlay: its dashes.
        overlay: usize,
        /// Index of the series that it belongs to and takes its colour from; `None`: all.
        of: Option<usize>,
    },
    /// Where theory says that something turns over: places among the columns and rows of a heat
    /// map, the middle of the first at 0.
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

impl Chart {
    /// Curves through points, each with its name and what it is; all in one panel.
    pub fn curves(title: &str, [x, y]: [&str; 2], curves: Vec<(String, Role, Vec<Point>)>) -> Self {
        let axis = |label: &str| Axis {
            label: label.to_owned(),
            scale: Scale::Linear,
            limit: None,
            slots: Vec::new(),
        };
        let lines = curves.into_iter().map(|(label, role, points)| Line { label, role, points }).collect();
        let panel = Panel { title: String::new(), thresholds: Vec::new(), lines };
        Self {
            title: title.to_owned(),
            caption: String::new(),
            kind: Kind::Lines,
            x: axis(x),
            by: String::new(),
            metrics: 1,
            rows: vec![Row { y: axis(y), reference: None, panels: vec![panel] }],
            style: Style::default(),
        }
    }

    /// All panels with their rows.
    pub fn panels(&self) -> impl Iterator<Item = (&Row, &Panel)> {
        self.rows.iter().flat_map(|row| row.panels.iter().map(move |panel| (row, panel)))
    }

    /// All series.
    pub(super) fn lines(&self) -> impl Iterator<Item = &Line> {
        self.panels().flat_map(|(_, panel)| &panel.lines)
    }

    /// Labels in order of first appearance; the place of a measured one is its place in the palette.
    pub(super) fn names(&self, of: impl Fn(Role) -> bool) -> IndexSet<&str> {
        self.lines().filter(|line| of(line.role)).map(|line| line.label.as_str()).collect()
    }
}

impl Row {
    /// The most series that a panel has.
    pub(super) fn most_lines(&self) -> usize {
        self.panels.iter().map(|panel| panel.lines.len()).max().unwrap_or(0)
    }
}

impl Point {
    /// A value without an interval.
    pub fn exact(x: f64, y: f64) -> Self {
        Self { x, y, lo: y, hi: y }
    }

    /// The lower end of the interval.
    pub(super) fn low(&self) -> f64 {
        if self.lo.is_nan() { self.y } else { self.lo }
    }

    /// The upper end of the interval.
    pub(super) fn high(&self) -> f64 {
        if self.hi.is_nan() { self.y } else { self.hi }
    }
}
