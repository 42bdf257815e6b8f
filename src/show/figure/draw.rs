//! From chart to page: how wide the gutters are, where each panel stands, what names its lines.
//!
//! From left to right: y label, tick labels, panels with gaps, names of lines or the scale of
//! colours. From top to bottom: title, legend, rows (panel titles, panels, tick labels), x label,
//! caption. A row that is wider than the page goes on below.

use super::chart::{Chart, Panel, Row};
use super::kinds::{Frame, Shade, Tools};
use super::legend;
use super::notes::{self, Note};
use super::pen::{self, Area, Done, Error, Ink, Page, at, stroke, text_style};
use super::side::{self, Side};
use super::span::Span;
use super::text;
use super::theme::{self, GAP, MARGIN, Pen, TICK_GAP};
use crate::study::config::{Measured, Scale};
use plotters::chart::ChartBuilder;
use plotters::style::text_anchor::{HPos, VPos};

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
    /// What stands upright on the left.
    label: Vec<String>,
    notes: Vec<Note<'a>>,
    shade: Option<Shade>,
}

/// What all rows have in common.
struct Sheet<'a> {
    tools: &'a Tools<'a>,
    /// Along what values are measured.
    values: Measured,
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
    let chart = flowed(chart);
    let (tools, mut page) = (Tools::new(&chart), Page::default());
    let (width, height) = fitting(&tools).draw(&mut page).expect("a string takes all that is drawn");
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
fn fitting<'a>(tools: &'a Tools<'a>) -> Sheet<'a> {
    let all = tools.chart.rows.iter().map(|row| row.panels.len()).max().unwrap_or(0);
    let most = (1..=all.min(40)).rev().find(|most| *most == 1 || !sheet(tools, *most).is_cramped);
    let lines = all.div_ceil(most.unwrap_or(1));
    sheet(tools, all.div_ceil(lines.max(1)))
}

/// Measures everything, with so many panels side by side.
fn sheet<'a>(tools: &'a Tools<'a>, columns: usize) -> Sheet<'a> {
    let (chart, theme) = (tools.chart, &tools.theme);
    let (values, font) = (chart.kind.traits().y, theme.small);
    let (usual, page, height) = theme.sheet(columns);
    let spans: Vec<Span> = chart.rows.iter().map(|row| side::values(chart, &row.y)).collect();
    let x = side::shared(chart);
    let room = (0.21 * usual).min(150.0 * theme.zoom);
    let (notes, names_at_ends) = notes::plan(tools, &x, &spans, (height, room));
    let rows = chart.rows.iter().zip(&spans).zip(notes);
    let mut plans: Vec<Plan<'a>> = rows
        .map(|((row, span), notes)| {
            let (y, label, height) = down(tools, row, span, height);
            let label = text::wrap(label, theme.label, height, 2);
            let shade = (values == Measured::Colours).then(|| Shade::new(chart, &row.y));
            Plan { row, y, height, x: None, label, notes, shade }
        })
        .collect();

    let label = plans.iter().map(|plan| theme.beside(plan.label.len())).fold(0.0, f64::max);
    let left = MARGIN + label + plans.iter().map(|plan| plan.y.room).fold(TICK_GAP, f64::max);
    let beside = |plan: &Plan<'_>| match &plan.shade {
        Some(shade) => shade.room(&plan.row.y.label, plan.height, theme),
        None => notes::room(&plan.notes),
    };
    let right = MARGIN + plans.iter().map(beside).fold(0.0, f64::max);
    let series = chart.rows.iter().map(Row::most_lines).max().unwrap_or(0);
    let least = (chart.kind.form().width)(chart.x.slots.len() as f64, series as f64);
    let gaps = GAP * columns.saturating_sub(1) as f64;
    let each = |width: f64| (width - left - right - gaps) / columns.max(1) as f64;
    // A figure grows up to the page; past it only if nothing else is left of its panels.
    let panel = each(usual).max(least.min(each(page))).max(60.0);
    let x = match chart.x.slots.is_empty() {
        true => Side::across(x, panel, font),
        false => Side::along(&chart.x.slots, panel, values == Measured::Colours, font),
    };
    for (plan, span) in plans.iter_mut().zip(spans).filter(|_| values == Measured::Across) {
        plan.x = Some(Side::across(span, panel, font));
    }
    let is_cramped = each(page) < least.max(READABLE * theme.zoom);
    let width = usual.max(left + panel * columns as f64 + gaps + right).ceil();
    let gutters = (left, right);
    Sheet { tools, values, plans, names_at_ends, width, gutters, columns, panel, is_cramped, x }
}

/// What lies along the left side of a row, its label, and its height, given that of a chart of lines.
fn down<'a>(tools: &Tools<'a>, row: &'a Row, span: &Span, usual: f64) -> (Side, &'a str, f64) {
    let (chart, font) = (tools.chart, tools.theme.small);
    let slots = chart.x.slots.iter().map(String::as_str);
    let (label, (y, slot)) = match chart.kind.traits().y {
        Measured::Up => return (Side::up(span.clone(), usual, font), &row.y.label, usual),
        Measured::Across => (&chart.x.label, Side::down(slots, font)),
        Measured::Colours => (&chart.by, Side::down(tools.names.iter().copied(), font)),
    };
    let count = (chart.x.slots.len(), y.ticks.len());
    let each = slot.max((chart.kind.form().slot)(usual, count, row.most_lines()));
    // Room for a few ticks of the scale of colours, and for the label on the left.
    let height = (count.1 as f64 * each).clamp(88.0, 6000.0);
    (y, label, height)
}

impl Sheet<'_> {
    /// Draws all of it; returns its width and height.
    fn draw(&self, page: &mut Page) -> Result<(f64, f64), Error> {
        let Tools { chart, theme, .. } = self.tools;
        let mut top = self.paragraph(page, ("title", &chart.title), (theme.title, theme::INK), MARGIN, 3)?;
        if !self.names_at_ends {
            top = legend::draw(page, self.tools, (MARGIN, self.width - MARGIN), top + 4.0)?;
        }
        let mut first = 0;
        let lines: Vec<(&Plan<'_>, &[Panel])> =
            self.plans.iter().flat_map(|p| p.row.panels.chunks(self.columns).map(move |c| (p, c))).collect();
        for (i, (plan, panels)) in lines.iter().enumerate() {
            top += if i == 0 { 8.0 } else { 12.0 };
            let below = lines.get(i + 1).filter(|_| plan.x.is_none()).map_or(0, |(_, next)| next.len());
            top = self.row(page, (plan, panels), first, below, top)?;
            first += panels.len();
        }
        if !lines.is_empty() && self.values != Measured::Across {
            top = self.x_label(page, &chart.x.label, top)?;
        }
        let ink = (theme.small, theme::SOFT);
        top = self.paragraph(page, ("caption", &chart.caption), ink, top + 12.0, usize::MAX)?;
        Ok((self.width, (top + MARGIN - 4.0).ceil()))
    }

    /// Draws panels side by side, the first `below` of which stand over others, after so many; returns
    /// where they end.
    fn row(
        &self,
        page: &mut Page,
        (plan, panels): (&Plan<'_>, &[Panel]),
        first: usize,
        below: usize,
        top: f64,
    ) -> Result<f64, Error> {
        let (Tools { chart, theme, .. }, row) = (self.tools, plan.row);
        let (x, shade) = (plan.x.as_ref().unwrap_or(&self.x), plan.shade.as_ref());
        let lettered = chart.panels().count() > 1;
        let heading = |(i, panel): (usize, &Panel)| {
            let letter = lettered.then(|| text::letter(first + i));
            let indent = letter.as_ref().map_or(0.0, |letter| text::width(letter, theme.letter) + 5.0);
            (letter, indent, text::wrap(&panel.title, theme.label, self.panel - indent, 2))
        };
        let headings: Vec<_> = panels.iter().enumerate().map(heading).collect();
        let most = headings.iter().map(|(_, _, title)| title.len()).max().unwrap_or(0);
        let over = top + theme.beside(most.max(usize::from(lettered)));
        for (column, (panel, (letter, indent, title))) in panels.iter().zip(headings).enumerate() {
            let left = self.gutters.0 + (self.panel + GAP) * column as f64;
            let (width, height) = (self.panel, plan.height);
            let (y, tools) = (&plan.y, self.tools);
            let frame = Frame { left, top: over, width, height, x, y, panel, tools, shade };
            page.open("panel", &panel.title);
            page.group(("heading", "", Pen::Plain), |area| {
                area.write(letter.as_slice(), (left, top), pen::BELOW, (theme.letter, theme::INK))?;
                area.write(&title, (left + indent, top), pen::BELOW, (theme.label, theme::INK))
            })?;
            let ends = (column == 0, column >= below);
            page.group(("axis", "", Pen::Plain), |area| self.axes(area, &frame, ends))?;
            if column == 0 {
                let place = (MARGIN, over + height / 2.0);
                page.write("label", &plan.label, place, pen::UPRIGHT, (theme.label, theme::INK))?;
            }
            self.data(page, plan, &frame)?;
            if row.panels.last().is_some_and(|last| std::ptr::eq(last, panel)) {
                notes::draw(page, &frame, &plan.notes)?;
            }
            if let Some(shade) = shade.filter(|_| column + 1 == panels.len()) {
                let group = ("scale", "", Pen::Plain);
                page.group(group, |area| shade.draw(area, &frame, &row.y.label))?;
            }
            page.close();
        }
        let bottom = over + plan.height;
        match &plan.x {
            Some(x) => self.x_label(page, &row.y.label, bottom + x.room),
            None if panels.len() > below => Ok(bottom + self.x.room),
            None => Ok(bottom + 2.0),
        }
    }

    /// Draws what is inside a panel.
    fn data(&self, page: &mut Page, plan: &Plan<'_>, frame: &Frame<'_>) -> Done {
        let draw = self.tools.chart.kind.form().draw;
        self.zero(page, frame)?;
        for threshold in &frame.panel.thresholds {
            let group = ("threshold", "", theme::THRESHOLD_DASH);
            frame.rule(page, group, *threshold, stroke(theme::REFERENCE, 1.0))?;
        }
        if !frame.shows_any(self.values) {
            draw(page, frame)?;
            let place = (frame.left + frame.width / 2.0, frame.top + frame.height / 2.0);
            let ink = (self.tools.theme.small, theme::REFERENCE_TEXT);
            return page.write("empty", &["no data"], place, pen::AROUND, ink);
        }
        // Bars from 0 would hide the reference.
        if self.tools.chart.kind.traits().from_zero {
            draw(page, frame)?;
            self.reference(page, plan, frame)
        } else {
            self.reference(page, plan, frame)?;
            draw(page, frame)
        }
    }

    /// Grid, axes and their labels, as far as a panel is the `first` of its row or the `lowest` of its
    /// column.
    fn axes(&self, area: &Area<'_>, frame: &Frame<'_>, (first, lowest): (bool, bool)) -> Done {
        let (x, y, font) = (frame.x, frame.y, self.tools.theme.small);
        let gutter = if first { self.gutters.0 - MARGIN } else { 0.0 };
        let below = if lowest { x.room } else { 0.0 };
        let (left, top) = (at(frame.left), at(frame.top));
        let size = (at(frame.right()) - left + at(gutter) + 1, at(frame.bottom()) - top + at(below) + 1);
        let part = area.0.strip_coord_spec().shrink((left - at(gutter), top), size);
        let mut plot = ChartBuilder::on(&part)
            .y_label_area_size(at(gutter))
            .x_label_area_size(at(below))
            .build_cartesian_2d(x.clone(), y.clone())?;
        let mut mesh = plot.configure_mesh();
        let hair = stroke(theme::SOFT, theme::HAIR);
        mesh.bold_line_style(stroke(theme::GRID, theme::HAIR)).axis_style(hair);
        mesh.label_style(text_style((font, theme::SOFT))).set_all_tick_mark_size(at(TICK_GAP / 2.0));
        // Whether there is a line on the left, and one below with its ticks.
        let (upright, level) = match (self.values, self.tools.chart.kind.traits().slots) {
            (Measured::Colours, _) => (false, false),
            (Measured::Up, true) => (true, false),
            (Measured::Up, false) | (Measured::Across, _) => (true, true),
        };
        match self.values {
            Measured::Across => mesh.disable_y_mesh().disable_y_axis(),
            Measured::Up if level => mesh.disable_x_mesh(),
            Measured::Up => mesh.disable_x_mesh().disable_x_axis(),
            Measured::Colours => mesh.disable_mesh().disable_axes(),
        };
        mesh.draw()?;
        let (right, bottom) = (frame.right(), frame.bottom());
        if upright {
            area.line([(frame.left, frame.top), (frame.left, bottom)], hair)?;
        }
        if level {
            area.line([(frame.left, bottom), (right, bottom)], hair)?;
            for tick in x.ticks.iter().filter(|tick| tick.label.is_empty() || !lowest) {
                let place = frame.left + x.span.clamped(tick.value) * frame.width;
                area.line([(place, bottom), (place, bottom + 2.0)], hair)?;
            }
        }
        // plotters can neither wrap nor turn names of slots.
        let write = |label: &str, place, hang| {
            area.write(&label.lines().collect::<Vec<_>>(), place, hang, (font, theme::SOFT))
        };
        for tick in y.ticks.iter().filter(|_| first && y.is_named) {
            let place = (frame.left - TICK_GAP, bottom - y.span.clamped(tick.value) * frame.height);
            write(&tick.label, place, (HPos::Right, VPos::Center, false))?;
        }
        let under = if x.upright { (HPos::Right, VPos::Center, true) } else { pen::UNDER };
        for tick in x.ticks.iter().filter(|_| lowest && x.is_named) {
            let place = (frame.left + x.span.clamped(tick.value) * frame.width, bottom + TICK_GAP);
            write(&tick.label, place, under)?;
        }
        Ok(())
    }

    /// The lines between the slots of a forest, and at zero where values lie on both sides.
    fn zero(&self, page: &mut Page, frame: &Frame<'_>) -> Done {
        let sideways = self.values == Measured::Across;
        for slot in 1..if sideways { frame.y.ticks.len() } else { 0 } {
            let between = (slot as f64 - 0.5, false);
            frame.rule(page, ("between", "", Pen::Plain), between, stroke(theme::GRID, theme::HAIR))?;
        }
        let side = if sideways { frame.x } else { frame.y };
        let Span { scale, low, high, .. } = side.span;
        if side.is_named || scale != Scale::Linear || low >= 0.0 || high <= 0.0 {
            return Ok(());
        }
        frame.rule(page, ("zero", "", Pen::Plain), (0.0, sideways), stroke(theme::ZERO, theme::HAIR))
    }

    /// Draws the line of the reference.
    fn reference(&self, page: &mut Page, plan: &Plan<'_>, frame: &Frame<'_>) -> Done {
        let Some((value, name)) = &plan.row.reference else { return Ok(()) };
        let place = (*value, self.values == Measured::Across);
        frame.rule(page, ("reference", name, theme::REFERENCE_DASH), place, stroke(theme::REFERENCE, 1.0))
    }

    /// Writes the label of an axis under the middle of the panels; returns where it ends.
    fn x_label(&self, page: &mut Page, label: &str, top: f64) -> Result<f64, Error> {
        let (font, right) = (self.tools.theme.label, self.width - self.gutters.1);
        let lines = text::wrap(label, font, right - self.gutters.0, 2);
        let place = ((self.gutters.0 + right) / 2.0, top + 3.0);
        page.write("label", &lines, place, pen::UNDER, (font, theme::INK))?;
        Ok(place.1 + font.leading() * lines.len() as f64)
    }

    /// At most so many lines of text from margin to margin; returns where they end.
    fn paragraph(
        &self,
        page: &mut Page,
        (class, content): (&str, &str),
        ink: Ink,
        top: f64,
        most: usize,
    ) -> Result<f64, Error> {
        let lines = text::wrap(content, ink.0, self.width - 2.0 * MARGIN, most);
        page.write(class, &lines, (MARGIN, top), pen::BELOW, ink)?;
        Ok(top + ink.0.leading() * lines.len() as f64)
    }
}
