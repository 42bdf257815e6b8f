//! From chart to page: how wide the gutters are, where each panel stands, what names its lines.
//!
//! From left to right: y label, tick labels, panels with gaps, names of lines or the scale of
//! colours. From top to bottom: title, legend, rows (panel titles, panels, tick labels), x label,
//! caption. A row that is wider than the page goes on below.

use super::chart::{Chart, Panel, Role, Row};
use super::kinds::{self, Frame, Shade, Tools};
use super::notes::{self, Note};
use super::pen::{self, Area, Done, Error, Page, at, ink, stroke};
use super::side::{self, Side};
use super::span::Span;
use super::text::{self, Font};
use super::theme::{self, GAP, MARGIN, Pen, TICK_GAP, Theme};
use super::{colour::Colour, legend};
use crate::study::config::{FigureKind as Kind, Scale};
use indexmap::IndexSet;
use plotters::chart::ChartBuilder;
use plotters::style::text_anchor::{HPos, VPos};
use std::ops::Range;

/// A narrower panel of lines cannot be read, nor its title.
const READABLE: f64 = 125.0;
/// More rows of one panel each than this flow into columns.
const MOST_ROWS: usize = 4;

/// A row with everything that does not depend on its place.
struct Plan<'a> {
    row: &'a Row,
    y: Side,
    height: f64,
    /// Below the panels, where it is the row's own.
    x: Option<Side>,
    /// What stands upright on the left, and right of a scale of colours.
    label: Vec<String>,
    notes: Vec<Note<'a>>,
    shade: Option<Shade>,
}

/// What all rows have in common.
struct Sheet<'a> {
    chart: &'a Chart,
    theme: &'a Theme,
    plans: Vec<Plan<'a>>,
    names_at_ends: bool,
    width: f64,
    /// Left edge of the first column of panels, and what is kept free right of the last.
    gutters: (f64, f64),
    /// Panels side by side, at most.
    columns: usize,
    /// Width of a panel.
    panel: f64,
    /// Whether panels are too narrow to be read.
    is_cramped: bool,
    x: Side,
}

/// The chart as SVG text, without its font.
pub(super) fn svg(chart: &Chart) -> String {
    let (chart, theme) = (flowed(chart), Theme::new(&chart.style));
    let names = chart.names(|role| role == Role::Measured);
    let mut page = Page::default();
    let (width, height) =
        fitting(&chart, &theme).draw(&mut page, &names).expect("a string takes all that is drawn");
    let (w, h) = (at(width), at(height));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {w} {h}\" \
         font-family=\"{}\" fill=\"none\" stroke-linejoin=\"round\" role=\"img\">\n<title>{}</title>\n\
         <rect class=\"ground\" width=\"{w}\" height=\"{h}\" fill=\"#fff\"/>\n{}</svg>\n",
        theme::FAMILIES,
        pen::escape(&text::clean(&chart.title)),
        page.body,
    )
}

/// The chart without empty rows; many rows of one panel each and one axis are one row.
fn flowed(chart: &Chart) -> Chart {
    let mut rows: Vec<Row> = Vec::new();
    let flows = chart.rows.len() > MOST_ROWS && chart.rows.iter().all(|row| row.panels.len() == 1);
    for row in chart.rows.iter().filter(|row| !row.panels.is_empty()) {
        match rows.last_mut().filter(|last| flows && last.y == row.y && last.reference == row.reference) {
            Some(last) => last.panels.extend(row.panels.iter().cloned()),
            None => rows.push(row.clone()),
        }
    }
    Chart { rows, ..chart.clone() }
}

/// As many panels side by side as can be read, evenly many in all lines of a row.
fn fitting<'a>(chart: &'a Chart, theme: &'a Theme) -> Sheet<'a> {
    let all = chart.rows.iter().map(|row| row.panels.len()).max().unwrap_or(0);
    let most =
        (1..=all.min(40)).rev().find(|columns| *columns == 1 || !sheet(chart, theme, *columns).is_cramped);
    let lines = all.div_ceil(most.unwrap_or(1));
    sheet(chart, theme, all.div_ceil(lines.max(1)))
}

/// Measures everything, with so many panels side by side.
fn sheet<'a>(chart: &'a Chart, theme: &'a Theme, columns: usize) -> Sheet<'a> {
    let (kind, font) = (chart.kind, theme.small);
    let (usual, page, height) = theme.sheet(columns);
    let spans: Vec<Span> = chart.rows.iter().map(|row| side::values(chart, &row.y)).collect();
    let x = side::shared(chart);
    let room = (0.21 * usual).min(150.0 * theme.zoom);
    let (notes, names_at_ends) = notes::plan(chart, theme, (&x, &spans), (height, room));
    let rows = chart.rows.iter().zip(spans).zip(notes);
    let mut plans: Vec<Plan<'a>> =
        rows.map(|((row, span), notes)| plan(chart, theme, row, span, notes, height)).collect();

    let wide = |lines: usize| if lines > 0 { theme.label.leading() * lines as f64 + 4.0 } else { 0.0 };
    let label = plans.iter().map(|plan| wide(plan.label.len())).fold(0.0, f64::max);
    let left = MARGIN + label + plans.iter().map(|plan| plan.y.room).fold(TICK_GAP, f64::max);
    let beside = |plan: &Plan<'_>| match &plan.shade {
        Some(shade) => {
            let lines = text::wrap(&plan.row.y.label, theme.label, plan.height, 2).len();
            GAP / 2.0 + kinds::BAR + shade.side(plan.height, font).room + wide(lines)
        }
        None => notes::room(&plan.notes),
    };
    let right = MARGIN + plans.iter().map(beside).fold(0.0, f64::max);
    let series =
        chart.rows.iter().flat_map(|row| &row.panels).map(|panel| panel.lines.len()).max().unwrap_or(0);
    let least = kinds::least_width(kind, chart.x.slots.len(), series);
    let gaps = GAP * columns.saturating_sub(1) as f64;
    let each = |width: f64| (width - left - right - gaps) / columns.max(1) as f64;
    // A figure grows up to the page; past it only if nothing else is left of its panels.
    let panel = each(usual).max(least.min(each(page))).max(60.0);
    let x = match chart.x.slots.is_empty() {
        true => Side::across(x, panel, font),
        false => Side::along(&chart.x.slots, panel, kind == Kind::Heat, font),
    };
    for plan in plans.iter_mut().filter(|_| kind == Kind::Forest) {
        plan.x = Some(Side::across(side::values(chart, &plan.row.y), panel, font));
    }
    let is_cramped = each(page) < least.max(READABLE * theme.zoom);
    let width = usual.max(left + panel * columns as f64 + gaps + right).ceil();
    Sheet { chart, theme, plans, names_at_ends, width, gutters: (left, right), columns, panel, is_cramped, x }
}

fn plan<'a>(
    chart: &Chart,
    theme: &Theme,
    row: &'a Row,
    span: Span,
    notes: Vec<Note<'a>>,
    usual: f64,
) -> Plan<'a> {
    let font = theme.small;
    let series = row.panels.iter().map(|panel| panel.lines.len()).max().unwrap_or(0);
    let down = |(y, slot): (Side, f64)| {
        let slots = (chart.x.slots.len(), y.ticks.len());
        (y, kinds::height(chart.kind, usual, slots, slot, series))
    };
    let (beside, shade, (y, height)) = match chart.kind {
        Kind::Heat => {
            let equal = chart.rows.iter().filter(|other| other.y == row.y);
            let values = equal.flat_map(|row| &row.panels).flat_map(Panel::points).map(|p| p.y);
            let side = Side::down(chart.names(|role| role == Role::Measured), font);
            (&chart.by, Some(Shade::over(row.y.scale, values)), down(side))
        }
        Kind::Forest => {
            (&chart.x.label, None, down(Side::down(chart.x.slots.iter().map(String::as_str), font)))
        }
        Kind::Lines | Kind::Profile | Kind::Scatter | Kind::Bars | Kind::Bands => {
            (&row.y.label, None, (Side::up(span, usual, font), usual))
        }
    };
    let label = text::wrap(beside, theme.label, height, 2);
    Plan { row, y, height, x: None, label, notes, shade }
}

impl Sheet<'_> {
    /// Draws all of it; returns its width and height.
    fn draw(&self, page: &mut Page, names: &IndexSet<&str>) -> Result<(f64, f64), Error> {
        let (chart, theme) = (self.chart, self.theme);
        let mut top = self.paragraph(page, ("title", &chart.title), (theme.title, theme::INK), MARGIN, 3)?;
        if !self.names_at_ends {
            let tools = Tools { theme, names, shade: None };
            top = legend::draw(page, chart, &tools, (MARGIN, self.width - MARGIN), top + 4.0)?;
        }
        let lettered = chart.rows.iter().map(|row| row.panels.len()).sum::<usize>() > 1;
        let mut letters = (0..).map(|place| lettered.then(|| text::letter(place)));
        let lines: Vec<(&Plan<'_>, Range<usize>)> =
            self.plans.iter().flat_map(|plan| self.lines(plan)).collect();
        for (i, (plan, panels)) in lines.iter().enumerate() {
            top += if i == 0 { 8.0 } else { 12.0 };
            let below = lines.get(i + 1).map_or(0, |(_, next)| if plan.x.is_some() { 0 } else { next.len() });
            let tools = Tools { theme, names, shade: plan.shade.as_ref() };
            let letters: Vec<Option<String>> = letters.by_ref().take(panels.len()).collect();
            top = self.row(page, (plan, panels), &letters, below, &tools, top)?;
        }
        if !lines.is_empty() && chart.kind != Kind::Forest {
            top = self.x_label(page, &chart.x.label, top)?;
        }
        let ink = (theme.small, theme::SOFT);
        top = self.paragraph(page, ("caption", &chart.caption), ink, top + 12.0, usize::MAX)?;
        Ok((self.width, (top + MARGIN - 4.0).ceil()))
    }

    /// The panels of a row, as many side by side as there are columns.
    fn lines<'p, 'a>(&self, plan: &'p Plan<'a>) -> Vec<(&'p Plan<'a>, Range<usize>)> {
        let (all, most) = (plan.row.panels.len(), self.columns.max(1));
        (0..all).step_by(most).map(|from| (plan, from..(from + most).min(all))).collect()
    }

    /// Draws panels side by side, the first `below` of which stand over others; returns where they end.
    fn row(
        &self,
        page: &mut Page,
        (plan, panels): (&Plan<'_>, &Range<usize>),
        letters: &[Option<String>],
        below: usize,
        tools: &Tools<'_>,
        top: f64,
    ) -> Result<f64, Error> {
        let (label, x) = (self.theme.label, plan.x.as_ref().unwrap_or(&self.x));
        let letter_font = self.theme.letter;
        let indent = |letter: &Option<String>| {
            letter.as_ref().map_or(0.0, |letter| text::width(letter, letter_font) + 5.0)
        };
        let here = &plan.row.panels[panels.clone()];
        let title = |(panel, letter): (&Panel, &Option<String>)| {
            text::wrap(&panel.title, label, self.panel - indent(letter), 2)
        };
        let titles: Vec<Vec<String>> = here.iter().zip(letters).map(title).collect();
        let lines = titles.iter().map(Vec::len).max().unwrap_or(0).max(letters[0].iter().count());
        let heading = if lines > 0 { label.leading() * lines as f64 + 4.0 } else { 0.0 };
        for (column, panel) in here.iter().enumerate() {
            let left = self.gutters.0 + (self.panel + GAP) * column as f64;
            let (width, height) = (self.panel, plan.height);
            let frame = Frame { left, top: top + heading, width, height, x, y: &plan.y };
            page.open("panel", &panel.title);
            page.group("heading", "", |area| {
                let (letter, after) = (&letters[column], left + indent(&letters[column]));
                pen::write(area, letter.as_slice(), (left, top), pen::BELOW, (letter_font, theme::INK))?;
                pen::write(area, &titles[column], (after, top), pen::BELOW, (label, theme::INK))
            })?;
            let ends = (column == 0, column >= below);
            page.group("axis", "", |area| self.axes(area, &frame, ends))?;
            if column == 0 {
                let place = (MARGIN, frame.top + height / 2.0);
                let ink = (label, theme::INK);
                page.group("label", "", |area| pen::write(area, &plan.label, place, pen::UPRIGHT, ink))?;
            }
            self.zero(page, &frame)?;
            if self.chart.kind == Kind::Bars {
                kinds::draw(page, self.chart.kind, &frame, panel, tools)?;
                self.reference(page, plan, &frame)?;
            } else {
                self.reference(page, plan, &frame)?;
                kinds::draw(page, self.chart.kind, &frame, panel, tools)?;
            }
            if !kinds::is_seen(self.chart.kind, &frame, panel) {
                let place = (left + width / 2.0, frame.top + height / 2.0);
                let ink = (self.theme.small, theme::REFERENCE_TEXT);
                page.group("empty", "", |area| pen::write(area, &["no data"], place, pen::AROUND, ink))?;
            }
            match &plan.shade {
                Some(shade) if column + 1 == here.len() => {
                    page.group("scale", "", |area| self.scale(area, shade, &frame, &plan.row.y.label))?
                }
                _ if panels.start + column + 1 == plan.row.panels.len() => {
                    notes::draw(page, &frame, &plan.notes, tools)?
                }
                _ => {}
            }
            page.close();
        }
        let bottom = top + heading + plan.height;
        match &plan.x {
            Some(x) => self.x_label(page, &plan.row.y.label, bottom + x.room),
            None if here.len() > below => Ok(bottom + self.x.room),
            None => Ok(bottom + 2.0),
        }
    }

    /// Grid, axes and their labels, as far as a panel is the `first` of its row or the `lowest` of its
    /// column.
    fn axes(&self, area: &Area<'_>, frame: &Frame<'_>, (first, lowest): (bool, bool)) -> Done {
        let (x, y, font) = (frame.x, frame.y, self.theme.small);
        let gutter = if first { self.gutters.0 - MARGIN } else { 0.0 };
        let below = if lowest { x.room } else { 0.0 };
        let (left, top) = (at(frame.left), at(frame.top));
        let size = (at(frame.right()) - left + at(gutter) + 1, at(frame.bottom()) - top + at(below) + 1);
        let part = area.clone().shrink((left - at(gutter), top), size);
        let mut plot = ChartBuilder::on(&part)
            .y_label_area_size(at(gutter))
            .x_label_area_size(at(below))
            .build_cartesian_2d(x.clone(), y.clone())?;
        let mut mesh = plot.configure_mesh();
        let hair = stroke(theme::AXIS, theme::HAIR);
        mesh.bold_line_style(stroke(theme::GRID, theme::HAIR)).axis_style(hair);
        mesh.label_style(ink(font, theme::SOFT)).set_all_tick_mark_size(at(TICK_GAP / 2.0));
        match self.chart.kind {
            Kind::Forest => mesh.disable_y_mesh().disable_y_axis(),
            Kind::Heat => mesh.disable_mesh().disable_axes(),
            Kind::Bars | Kind::Bands => mesh.disable_x_mesh().disable_x_axis(),
            Kind::Lines | Kind::Profile | Kind::Scatter => mesh.disable_x_mesh(),
        };
        mesh.draw()?;
        let (right, bottom) = (frame.right(), frame.bottom());
        if self.chart.kind != Kind::Heat {
            pen::rule(area, [(frame.left, frame.top), (frame.left, bottom)], hair)?;
        }
        if !matches!(self.chart.kind, Kind::Heat | Kind::Bars | Kind::Bands) {
            pen::rule(area, [(frame.left, bottom), (right, bottom)], hair)?;
            for tick in x.ticks.iter().filter(|tick| tick.label.is_empty() || !lowest) {
                let place = frame.left + x.span.clamped(tick.value) * frame.width;
                pen::rule(area, [(place, bottom), (place, bottom + 2.0)], hair)?;
            }
        }
        let write = |label: &str, place, hang| {
            pen::write(area, &label.lines().collect::<Vec<_>>(), place, hang, (font, theme::SOFT))
        };
        // plotters can neither wrap nor turn names of slots.
        for tick in y.ticks.iter().filter(|_| first && y.is_named) {
            let place = (frame.left - TICK_GAP, bottom - y.span.clamped(tick.value) * frame.height);
            write(&tick.label, place, (HPos::Right, VPos::Center, false))?;
        }
        for tick in x.ticks.iter().filter(|_| lowest && x.is_named) {
            let place = (frame.left + x.span.clamped(tick.value) * frame.width, bottom + TICK_GAP);
            write(
                &tick.label,
                place,
                if x.upright { (HPos::Right, VPos::Center, true) } else { pen::UNDER },
            )?;
        }
        Ok(())
    }

    /// The lines between the slots of a forest, and at zero where values lie on both sides.
    fn zero(&self, page: &mut Page, frame: &Frame<'_>) -> Done {
        let sideways = self.chart.kind == Kind::Forest;
        for slot in 1..if sideways { frame.y.ticks.len() } else { 0 } {
            let between = (slot as f64 - 0.5, false);
            frame.rule(page, ("between", "", Pen::Plain), between, stroke(theme::GRID, theme::HAIR))?;
        }
        let side = if sideways { frame.x } else { frame.y };
        match !side.is_named
            && side.span.scale == Scale::Linear
            && side.span.low < 0.0
            && side.span.high > 0.0
        {
            true => {
                frame.rule(page, ("zero", "", Pen::Plain), (0.0, sideways), stroke(theme::ZERO, theme::HAIR))
            }
            false => Ok(()),
        }
    }

    /// Draws the line of the reference.
    fn reference(&self, page: &mut Page, plan: &Plan<'_>, frame: &Frame<'_>) -> Done {
        let Some((value, name)) = &plan.row.reference else { return Ok(()) };
        let group = ("reference", name.as_str(), theme::REFERENCE_DASH);
        let place = (*value, self.chart.kind == Kind::Forest);
        frame.rule(page, group, place, stroke(theme::REFERENCE, 1.0))
    }

    /// The scale of colours right of a heat map, with its ticks and the metric.
    fn scale(&self, area: &Area<'_>, shade: &Shade, frame: &Frame<'_>, label: &str) -> Done {
        let (left, font) = (frame.right() + GAP / 2.0, self.theme.small);
        shade.bar(area, (left, frame.top), frame.height)?;
        let (side, right) = (shade.side(frame.height, font), left + kinds::BAR);
        for tick in side.ticks.iter().filter(|tick| !tick.label.is_empty()) {
            let y = frame.bottom() - side.span.clamped(tick.value) * frame.height;
            pen::rule(area, [(right, y), (right + 3.0, y)], stroke(theme::AXIS, theme::HAIR))?;
            pen::write(area, &[&tick.label], (right + TICK_GAP, y), pen::AFTER, (font, theme::SOFT))?;
        }
        let lines = text::wrap(label, self.theme.label, frame.height, 2);
        let place = (right + side.room + 4.0, frame.top + frame.height / 2.0);
        pen::write(area, &lines, place, pen::UPRIGHT, (self.theme.label, theme::INK))
    }

    /// Writes the label of an axis under the middle of the panels; returns where it ends.
    fn x_label(&self, page: &mut Page, label: &str, top: f64) -> Result<f64, Error> {
        let (font, right) = (self.theme.label, self.width - self.gutters.1);
        let lines = text::wrap(label, font, right - self.gutters.0, 2);
        let place = ((self.gutters.0 + right) / 2.0, top + 3.0);
        page.group("label", "", |area| pen::write(area, &lines, place, pen::UNDER, (font, theme::INK)))?;
        Ok(place.1 + font.leading() * lines.len() as f64)
    }

    /// At most so many lines of text from margin to margin; returns where they end.
    fn paragraph(
        &self,
        page: &mut Page,
        (class, content): (&str, &str),
        ink: (Font, Colour),
        top: f64,
        most: usize,
    ) -> Result<f64, Error> {
        let lines = text::wrap(content, ink.0, self.width - 2.0 * MARGIN, most);
        page.group(class, "", |area| pen::write(area, &lines, (MARGIN, top), pen::BELOW, ink))?;
        Ok(top + ink.0.leading() * lines.len() as f64)
    }
}
