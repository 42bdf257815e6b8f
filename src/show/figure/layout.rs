//! From chart to scene: how wide the gutters are, where each panel stands, what names its lines.
//!
//! From left to right: y label, tick labels, panels with gaps, names of lines or the scale of
//! colours. From top to bottom: title, legend, rows (panel titles, panels, tick labels), x label,
//! caption. Every length is known before anything is placed, so no iteration is needed.

use super::axis::Span;
use super::kinds::{self, Shade, Tools, colour_bar};
use super::legend::{self, Entry, Sign};
use super::notes::{self, Note};
use super::panel::{self, Frame};
use super::scene::{Anchor, Rect, Scene};
use super::sides::{Side, shared};
use super::theme::{self, GAP, MARGIN};
use super::words::{TICK_GAP, panel_title, paragraph, write_panel_title, write_x_ticks, write_y_axis};
use super::{Chart, Kind, Line, Panel, Role, Row, text};

/// Of the scale of colours beside a heat map.
const BAR: f64 = 11.0;

/// A row with everything that does not depend on its place.
struct Plan<'a> {
    row: &'a Row,
    up: Side,
    /// Below the panels, where it is the row's own.
    across: Option<Span>,
    label: Vec<String>,
    notes: Vec<Note<'a>>,
    shade: Option<Shade>,
    height: f64,
}

/// What all rows have in common.
struct Sheet<'a> {
    chart: &'a Chart,
    width: f64,
    /// Left edge of the first column of panels, and what is kept free right of the last.
    gutters: (f64, f64),
    /// Width of a panel.
    panel: f64,
    x: Side,
    /// Labels of what is measured; the place of one is its place in the palette.
    names: Vec<&'a str>,
}

/// The picture of a chart.
pub(crate) fn layout(chart: &Chart) -> Scene {
    let rows: Vec<&Row> = chart.rows.iter().filter(|row| !row.panels.is_empty()).collect();
    let columns = rows.iter().map(|row| row.panels.len()).max().unwrap_or(0);
    let (width, height) = theme::sheet(columns);
    let names = names(&rows, |role| role == Role::Measured);
    let x = shared(&chart.x, &rows);
    let (plans, at_ends) = plan(chart, &rows, &x, (height, (0.21 * width).min(150.0)));

    let gutters = (left_gutter(&plans), right_gutter(&plans));
    let gaps = GAP * columns.saturating_sub(1) as f64;
    let series = rows.iter().flat_map(|row| &row.panels).map(|panel| panel.lines.len()).max().unwrap_or(0);
    let least = kinds::least_width(chart.kind, chart.x.slots.len(), series);
    let panel = ((width - gutters.0 - gutters.1 - gaps) / columns.max(1) as f64).max(least);
    let width = width.max(gutters.0 + panel * columns as f64 + gaps + gutters.1);
    let x = match (chart.x.slots.is_empty(), chart.kind) {
        (true, _) => Side::across(x, panel),
        (_, Kind::Heat) => Side::across_cells(&chart.x.slots, panel),
        _ => Side::along(&chart.x.slots, panel),
    };
    let sheet = Sheet { chart, width, gutters, panel, x, names };

    let title = text::clean(&chart.title);
    let mut scene =
        Scene { title, width, height: 0.0, shapes: Vec::new(), texts: Vec::new(), plots: Vec::new() };
    let mut top = paragraph(&mut scene, &chart.title, theme::TITLE, theme::INK, MARGIN, 3);
    if !at_ends {
        // The axis that heads the legend of series stands beside a heat map.
        let head = if chart.kind == Kind::Heat { "" } else { &chart.by };
        top = legend::draw(&mut scene, head, &sheet.entries(&rows), (MARGIN, width - MARGIN), top + 4.0);
    }
    let lettered = rows.iter().map(|row| row.panels.len()).sum::<usize>() > 1;
    let mut letter = 0;
    for (index, plan) in plans.iter().enumerate() {
        top += if index == 0 { 8.0 } else { 12.0 };
        let below = plans[index + 1..].iter().map(|plan| plan.row.panels.len()).max().unwrap_or(0);
        top = sheet.draw_row(&mut scene, plan, lettered.then_some(letter), below, top);
        letter += plan.row.panels.len();
    }
    if columns > 0 && chart.kind != Kind::Forest {
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
        let (kind, panels) = (self.chart.kind, &plan.row.panels);
        let tools = Tools { names: &self.names, shade: plan.shade.as_ref() };
        let own = plan.across.as_ref().map(|span| Side::across(span.clone(), self.panel));
        let (x, below) = own.as_ref().map_or((&self.x, below), |own| (own, 0));
        let letters = |column: usize| letter.map(|first| first + column);
        let title = |(column, panel): (usize, &Panel)| panel_title(&panel.title, letters(column), self.panel);
        let titles: Vec<Vec<String>> = panels.iter().enumerate().map(title).collect();
        let lines = titles.iter().map(Vec::len).max().unwrap_or(0).max(usize::from(letter.is_some()));
        let heading = theme::LABEL.leading() * lines as f64 + if lines > 0 { 4.0 } else { 0.0 };
        for (column, (panel, title)) in panels.iter().zip(&titles).enumerate() {
            let frame = Frame {
                left: self.gutters.0 + (self.panel + GAP) * column as f64,
                top: top + heading,
                width: self.panel,
                height: plan.height,
                x: &x.span,
                y: &plan.up.span,
                reference: plan.row.reference.as_ref().map(|reference| reference.0),
                sideways: kind == Kind::Forest,
            };
            panel::draw(scene, kind, &frame, panel, (&x.ticks, &plan.up.ticks), &tools);
            write_panel_title(scene, title, letters(column), (frame.left, top));
            if column >= below {
                write_x_ticks(scene, &frame, x);
            }
            if column == 0 {
                write_y_axis(scene, &frame, &plan.up, &plan.label);
            }
            if column + 1 == panels.len() {
                notes::draw(scene, &frame, &plan.notes, &tools);
                if let Some(shade) = &plan.shade {
                    write_shade(scene, &frame, shade, &plan.row.y.label);
                }
            }
        }
        let bottom = top + heading + plan.height;
        match own {
            Some(x) => self.draw_x_label(scene, &plan.row.y.label, bottom + x.room),
            None if panels.len() > below => bottom + self.x.room,
            None => bottom + 2.0,
        }
    }

    /// Writes the label of an axis under the middle of the panels.
    fn draw_x_label(&self, scene: &mut Scene, label: &str, top: f64) -> f64 {
        let right = self.width - self.gutters.1;
        let mut top = top;
        for line in text::wrap(label, theme::LABEL, right - self.gutters.0, 2) {
            top += theme::LABEL.leading();
            let middle = ((self.gutters.0 + right) / 2.0, top);
            scene.write(&line, middle, Anchor::Middle, theme::LABEL, theme::INK);
        }
        top
    }

    /// What the legend names.
    fn entries(&self, rows: &[&Row]) -> Vec<Entry> {
        let kind = self.chart.kind;
        let measured = |(place, name): (usize, &&str)| {
            let sign = match kind {
                Kind::Bars | Kind::Bands => Sign::Bar(theme::brush(place)),
                _ => Sign::Series(theme::style(place), kind),
            };
            (name.to_string(), sign)
        };
        let mut all: Vec<(String, Sign)> = if kind == Kind::Heat {
            Vec::new()
        } else {
            self.names.iter().enumerate().map(measured).collect()
        };
        for line in lines(rows) {
            let sign = match line.role {
                Role::Measured => continue,
                Role::Total => Sign::Total,
                Role::Theory { overlay, .. } => Sign::Theory(theme::theory_dash(overlay)),
                Role::Boundary { overlay } => Sign::Boundary(theme::boundary_dash(overlay)),
            };
            if !all.iter().any(|(label, _)| *label == line.label) {
                all.push((line.label.clone(), sign));
            }
        }
        let named = all.into_iter().filter(|(label, _)| !text::clean(label).is_empty());
        named.map(|(label, sign)| Entry { label: self.short(label), sign }).collect()
    }

    /// A label without the name of its axis, which heads the legend.
    fn short(&self, label: String) -> String {
        let by = &self.chart.by;
        let rest =
            label.strip_prefix(by.as_str()).filter(|_| !by.is_empty()).and_then(|r| r.strip_prefix(' '));
        match rest {
            Some(rest) if !rest.is_empty() && legend::shows_head(by) => rest.to_owned(),
            _ => label,
        }
    }
}

fn lines<'a>(rows: &[&'a Row]) -> impl Iterator<Item = &'a Line> {
    rows.iter().flat_map(|row| &row.panels).flat_map(|panel| &panel.lines)
}

/// Labels in order of first appearance.
fn names<'a>(rows: &[&'a Row], of: impl Fn(Role) -> bool) -> Vec<&'a str> {
    let mut names = Vec::new();
    for line in lines(rows).filter(|line| of(line.role)) {
        if !names.contains(&line.label.as_str()) {
            names.push(line.label.as_str());
        }
    }
    names
}

/// Plans every row; true if lines are named at their ends, which holds in all rows or in none.
fn plan<'a>(chart: &Chart, rows: &[&'a Row], x: &Span, (usual, room): (f64, f64)) -> (Vec<Plan<'a>>, bool) {
    let kind = chart.kind;
    let spans: Vec<Span> = rows.iter().map(|row| values(kind, row, rows)).collect();
    let named: Vec<&str> =
        names(rows, |_| true).into_iter().filter(|name| !text::clean(name).is_empty()).collect();
    let notes = |names: &[&str]| -> Option<Vec<Vec<Note<'a>>>> {
        let pairs = rows.iter().zip(&spans);
        pairs.map(|(row, y)| notes::plan(row, (x, y), usual, room, names)).collect()
    };
    let none = || rows.iter().map(|_| Vec::new()).collect();
    let at_ends = match kind {
        // A theory's name at the end of one of its lines would be taken for that line's alone.
        Kind::Lines | Kind::Profile if !has_theory(rows) => notes(&named),
        _ => None,
    };
    let is_at_ends = at_ends.is_some();
    let mut notes: Vec<Vec<Note<'a>>> = match kind {
        Kind::Heat | Kind::Forest => none(),
        _ => at_ends.or_else(|| notes(&[])).unwrap_or_else(none),
    };
    let plan = |(row, span): (&&'a Row, Span)| {
        let series = row.panels.iter().map(|panel| panel.lines.len()).max().unwrap_or(0);
        let slots: Vec<&str> = match kind {
            Kind::Heat => names(rows, |role| role == Role::Measured),
            Kind::Forest => chart.x.slots.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        };
        let (up, across, shade, beside) = match kind {
            Kind::Heat => {
                let values: Vec<f64> = equals(row, rows).flat_map(|row| kinds::values(kind, row)).collect();
                (None, None, Some(Shade::over(&row.y, &values)), chart.by.as_str())
            }
            Kind::Forest => (None, Some(span), None, chart.x.label.as_str()),
            _ => (Some(span), None, None, row.y.label.as_str()),
        };
        let (up, height) = match up {
            Some(span) => (Side::up(span, usual), usual),
            None => {
                let (side, slot) = Side::down(&slots);
                (side, kinds::height(kind, usual, (chart.x.slots.len(), slots.len()), slot, series))
            }
        };
        let label = text::wrap(beside, theme::LABEL, height, 2);
        Plan { row, up, across, label, notes: Vec::new(), shade, height }
    };
    let mut plans: Vec<Plan<'a>> = rows.iter().zip(spans).map(plan).collect();
    for (plan, notes) in plans.iter_mut().zip(notes.drain(..)) {
        plan.notes = notes;
    }
    (plans, is_at_ends)
}

/// The rows that share the range of one.
fn equals<'r, 'a>(row: &'r Row, rows: &'r [&'a Row]) -> impl Iterator<Item = &'a Row> + use<'r, 'a> {
    rows.iter().copied().filter(move |other| other.y == row.y)
}

/// The range of the values of a row.
pub(super) fn values(kind: Kind, row: &Row, rows: &[&Row]) -> Span {
    let pad = if kind == Kind::Heat { 0.0 } else { 0.05 };
    Span::over(row.y.scale, equals(row, rows).flat_map(|row| kinds::values(kind, row)), pad)
}

fn has_theory(rows: &[&Row]) -> bool {
    lines(rows).any(|line| matches!(line.role, Role::Theory { of: Some(_), .. }))
}

fn left_gutter(plans: &[Plan<'_>]) -> f64 {
    let lines = plans.iter().map(|plan| plan.label.len()).max().unwrap_or(0) as f64;
    let label = if lines > 0.0 { lines * theme::LABEL.leading() + 4.0 } else { 0.0 };
    MARGIN + label + plans.iter().map(|plan| plan.up.room).fold(TICK_GAP, f64::max)
}

fn right_gutter(plans: &[Plan<'_>]) -> f64 {
    let notes = plans.iter().flat_map(|plan| &plan.notes);
    let widest = notes.map(|note| notes::INDENT + note.width()).fold(0.0, f64::max);
    let shades = plans.iter().filter_map(|plan| Some((plan.shade.as_ref()?, plan)));
    let shade = |(shade, plan): (&Shade, &Plan<'_>)| {
        let side = Side::up(shade.span.clone(), plan.height);
        let lines = text::wrap(&plan.row.y.label, theme::LABEL, plan.height, 2).len();
        GAP / 2.0 + BAR + side.room + 4.0 + theme::LABEL.leading() * lines as f64
    };
    MARGIN + shades.map(shade).fold(widest, f64::max)
}

/// The scale of colours right of a heat map, with its ticks and the metric.
fn write_shade(scene: &mut Scene, frame: &Frame<'_>, shade: &Shade, label: &str) {
    let left = frame.right() + GAP / 2.0;
    let rect = Rect { left, top: frame.top, right: left + BAR, bottom: frame.bottom() };
    colour_bar(scene, shade, rect);
    let side = Side::up(shade.span.clone(), frame.height);
    for tick in side.ticks.iter().filter(|tick| !tick.label.is_empty()) {
        let y = frame.bottom() - shade.span.clamped(tick.value) * frame.height;
        scene.rule((rect.right, y), (rect.right + 3.0, y), theme::AXIS, theme::HAIR);
        let at = (rect.right + TICK_GAP, y + 0.36 * theme::TICK.size);
        scene.write(&tick.label, at, Anchor::Start, theme::TICK, theme::SOFT);
    }
    for (index, line) in text::wrap(label, theme::LABEL, frame.height, 2).iter().enumerate() {
        let x =
            rect.right + side.room + 4.0 + theme::LABEL.size * 0.8 + theme::LABEL.leading() * index as f64;
        let at = (x, frame.top + frame.height / 2.0);
        scene.write_up(line, at, Anchor::Middle, theme::LABEL, theme::INK);
    }
}
