//! From chart to scene: how wide the gutters are, where each panel stands, what names its lines.
//!
//! From left to right: y label, tick labels, panels with gaps, names of lines. From top to
//! bottom: title, legend, rows (panel titles, panels, tick labels), x label, caption. Every
//! length is known before anything is placed, so no iteration is needed.

use super::axis::Span;
use super::notes::{self, Note};
use super::panel::{self, Frame};
use super::scene::{Anchor, Scene};
use super::text;
use super::theme::{self, GAP, MARGIN};
use super::ticks::{Ruler, Tick, ticks};
use super::words::{TICK_GAP, panel_title, paragraph, write_panel_title, write_x_ticks, write_y_axis};
use super::{Chart, Line, Panel, Point, Row, legend};

/// Height of the strip of x tick labels.
const TICK_STRIP: f64 = 19.0;

/// A row with everything that does not depend on its place.
struct Plan<'a> {
    row: &'a Row,
    y: Span,
    ticks: Vec<Tick>,
    label: Vec<String>,
    notes: Vec<Note<'a>>,
}

/// What all rows have in common.
struct Sheet<'a> {
    width: f64,
    /// Left edge of the first column of panels, and what is kept free right of the last.
    gutters: (f64, f64),
    /// Width and height of a panel.
    panel: (f64, f64),
    x: Span,
    x_ticks: Vec<Tick>,
    /// All labels; the place of one is its place in the palette.
    names: Vec<&'a str>,
}

/// The picture of a chart.
pub(crate) fn layout(chart: &Chart) -> Scene {
    let rows: Vec<&Row> = chart.rows.iter().filter(|row| !row.panels.is_empty()).collect();
    let columns = rows.iter().map(|row| row.panels.len()).max().unwrap_or(0);
    let (width, height) = theme::sheet(columns);
    let names = names(&rows);
    let named: Vec<&str> = names.iter().copied().filter(|name| !text::clean(name).is_empty()).collect();
    let points = rows.iter().flat_map(|row| &row.panels).flat_map(points);
    let x = Span::over(chart.x.scale, points.map(|point| point.x), 0.025);
    let (plans, at_ends) = plan(&rows, &x, height, (0.21 * width).min(150.0), &named);

    let gutters = (left_gutter(&plans), right_gutter(&plans));
    let gaps = GAP * columns.saturating_sub(1) as f64;
    let panel_width = (width - gutters.0 - gutters.1 - gaps) / columns.max(1) as f64;
    let x_ticks = x_ticks(&x, panel_width);
    let sheet = Sheet { width, gutters, panel: (panel_width, height), x, x_ticks, names };

    let title = text::clean(&chart.title);
    let mut scene = Scene { title, width, height: 0.0, shapes: Vec::new(), texts: Vec::new() };
    let mut top = paragraph(&mut scene, &chart.title, theme::TITLE, theme::INK, MARGIN, 3);
    if !at_ends {
        let is_named = |entry: &(usize, &str)| named.contains(&entry.1);
        let entries: Vec<_> = sheet.names.iter().copied().enumerate().filter(is_named).collect();
        top = legend::draw(&mut scene, &entries, (MARGIN, width - MARGIN), top + 4.0);
    }
    let lettered = rows.iter().map(|row| row.panels.len()).sum::<usize>() > 1;
    let mut letter = 0;
    for (index, plan) in plans.iter().enumerate() {
        top += if index == 0 { 8.0 } else { 12.0 };
        let below = plans[index + 1..].iter().map(|plan| plan.row.panels.len()).max().unwrap_or(0);
        top = sheet.draw_row(&mut scene, plan, lettered.then_some(letter), below, top);
        letter += plan.row.panels.len();
    }
    if columns > 0 {
        top = sheet.draw_x_label(&mut scene, &chart.x.label, top);
    }
    top = paragraph(&mut scene, &chart.caption, theme::SMALL, theme::SOFT, top + 12.0, usize::MAX);
    scene.height = (top + MARGIN - 4.0).ceil();
    scene
}

impl Sheet<'_> {
    /// Draws a row whose first panel has this letter and whose first `below` panels stand over
    /// others; returns where it ends.
    fn draw_row(
        &self,
        scene: &mut Scene,
        plan: &Plan<'_>,
        letter: Option<usize>,
        below: usize,
        top: f64,
    ) -> f64 {
        let panels = &plan.row.panels;
        let style =
            |line: &Line| theme::style(self.names.iter().position(|name| *name == line.label).unwrap_or(0));
        let letters = |column: usize| letter.map(|first| first + column);
        let title =
            |(column, panel): (usize, &Panel)| panel_title(&panel.title, letters(column), self.panel.0);
        let titles: Vec<Vec<String>> = panels.iter().enumerate().map(title).collect();
        let lines = titles.iter().map(Vec::len).max().unwrap_or(0).max(usize::from(letter.is_some()));
        let heading = theme::LABEL.leading() * lines as f64 + if lines > 0 { 4.0 } else { 0.0 };
        for (column, (panel, title)) in panels.iter().zip(&titles).enumerate() {
            let frame = Frame {
                left: self.gutters.0 + (self.panel.0 + GAP) * column as f64,
                top: top + heading,
                width: self.panel.0,
                height: self.panel.1,
                x: &self.x,
                y: &plan.y,
            };
            let reference = plan.row.reference.as_ref().map(|reference| reference.0);
            panel::draw(scene, &frame, panel, reference, (&self.x_ticks, &plan.ticks), &style);
            write_panel_title(scene, title, letters(column), (frame.left, top));
            if column >= below {
                write_x_ticks(scene, &frame, &self.x_ticks);
            }
            if column == 0 {
                write_y_axis(scene, &frame, &plan.ticks, &plan.label);
            }
            if column + 1 == panels.len() {
                notes::draw(scene, &frame, &plan.notes, &style);
            }
        }
        top + heading + self.panel.1 + if panels.len() > below { TICK_STRIP } else { 2.0 }
    }

    /// Writes the label of the shared axis under the middle of the panels.
    fn draw_x_label(&self, scene: &mut Scene, label: &str, top: f64) -> f64 {
        let (left, right) = (self.gutters.0, self.width - self.gutters.1);
        let mut top = top;
        for line in text::wrap(label, theme::LABEL, right - left, 2) {
            top += theme::LABEL.leading();
            let middle = ((left + right) / 2.0, top);
            scene.write(&line, middle, Anchor::Middle, theme::LABEL, theme::INK);
        }
        top
    }
}

fn points(panel: &Panel) -> impl Iterator<Item = Point> {
    panel.lines.iter().flat_map(|line| line.points.iter().copied())
}

/// Labels in order of first appearance: the place in the palette.
fn names<'a>(rows: &[&'a Row]) -> Vec<&'a str> {
    let mut names = Vec::new();
    for line in rows.iter().flat_map(|row| &row.panels).flat_map(|panel| &panel.lines) {
        if !names.contains(&line.label.as_str()) {
            names.push(line.label.as_str());
        }
    }
    names
}

/// Plans every row; true if lines are named at their ends, which holds in all rows or in none.
fn plan<'a>(rows: &[&'a Row], x: &Span, height: f64, room: f64, names: &[&str]) -> (Vec<Plan<'a>>, bool) {
    let spans: Vec<Span> = rows.iter().map(|row| y_span(row, x)).collect();
    let notes = |names: &[&str]| -> Option<Vec<Vec<Note<'a>>>> {
        let pairs = rows.iter().zip(&spans);
        pairs.map(|(row, y)| notes::plan(row, (x, y), height, room, names)).collect()
    };
    let (notes, at_ends) = match notes(names) {
        Some(notes) => (notes, true),
        None => (notes(&[]).unwrap_or_else(|| rows.iter().map(|_| Vec::new()).collect()), false),
    };
    let ruler = Ruler { length: height, extent: &|_| 1.6 * theme::TICK.size, most: (height / 28.0) as usize };
    let plan = |((row, y), notes): ((&&'a Row, Span), Vec<Note<'a>>)| Plan {
        row,
        ticks: ticks(&y, &ruler),
        label: text::wrap(&row.y.label, theme::LABEL, height, 2),
        y,
        notes,
    };
    (rows.iter().zip(spans).zip(notes).map(plan).collect(), at_ends)
}

/// The y range of a row: values drawn, ends of their intervals, reference.
fn y_span(row: &Row, x: &Span) -> Span {
    let drawn = row.panels.iter().flat_map(points).filter(|point| x.at(point.x).is_some());
    let values = drawn.filter(|point| point.y.is_finite()).flat_map(|p| [p.y, p.lo, p.hi]);
    Span::over(row.y.scale, values.chain(row.reference.as_ref().map(|reference| reference.0)), 0.05)
}

fn left_gutter(plans: &[Plan<'_>]) -> f64 {
    let lines = plans.iter().map(|plan| plan.label.len()).max().unwrap_or(0) as f64;
    let label = if lines > 0.0 { lines * theme::LABEL.leading() + 4.0 } else { 0.0 };
    let ticks = plans.iter().flat_map(|plan| &plan.ticks);
    let widest = ticks.map(|tick| text::width(&tick.label, theme::TICK)).fold(0.0, f64::max);
    MARGIN + label + widest + TICK_GAP
}

fn right_gutter(plans: &[Plan<'_>]) -> f64 {
    let notes = plans.iter().flat_map(|plan| &plan.notes);
    let widest = notes.map(|note| notes::INDENT + note.width()).fold(0.0, f64::max);
    MARGIN + widest
}

/// Ticks of the shared axis; a label that would reach beyond half the gap is dropped.
fn x_ticks(x: &Span, length: f64) -> Vec<Tick> {
    let extent = |label: &str| text::width(label, theme::TICK) + 8.0;
    let most = ((length / 40.0) as usize).clamp(2, 9);
    let mut ticks = ticks(x, &Ruler { length, extent: &extent, most });
    for tick in &mut ticks {
        let half = text::width(&tick.label, theme::TICK) / 2.0;
        let place = x.clamped(tick.value) * length;
        if place - half < 1.0 - GAP / 2.0 || place + half > length + GAP / 2.0 - 1.0 {
            tick.label.clear();
        }
    }
    ticks
}
