//! Cells coloured by value, with the value printed in ink that can be read on
//! the colour. Where values change sign by more than a tenth the scale diverges from 0 and every
//! number carries its sign, so that grey print loses nothing. Boundaries that
//! theory draws lie over the cells.

use super::texture::{edge, hatched};
use super::*;
use crate::show::figure::colour::{diverging, sequential};
use crate::show::figure::contour::boundaries;
use crate::show::figure::span::Span;
use crate::show::figure::text::{self, Font};
use crate::show::figure::theme::{GAP, TICK_GAP, Texture};
use crate::show::figure::ticks::{exponent, number};
use crate::study::config::{Level, Scale};
use crate::study::theory::Theory;

/// Width of the scale of colours.
const BAR: f64 = 11.0;

/// With more cells side by side than this colours are shown alone, no numbers.
const MOST_NUMBERS: usize = 16;

pub(super) const FORM: Form = Form {
    over,
    draw,
    width: |slots, _| if slots > MOST_NUMBERS as f64 { 12.0 * slots } else { 34.0 * slots },
    slot,
    words,
    ..PLAIN
};

fn slot(usual: f64, (across, down): (usize, usize), _: usize) -> f64 {
    let share = |part: f64| part * usual / down.max(1) as f64;
    if across > MOST_NUMBERS { share(0.95).clamp(8.0, 24.0) } else { share(0.6).clamp(26.0, 40.0) }
}

fn words(chart: &Chart) -> String {
    let has_gaps = chart.panels().any(|(_, panel)| panel.has_gaps(chart.x.slots.len()));
    let limit = chart.rows.iter().find_map(|row| row.y.limit);
    let gaps = match limit {
        _ if !has_gaps => "",
        None => " Hatched: nothing measured.",
        Some(_) => " Hatched: nothing measured, or no way to speak of.",
    };
    gaps.to_owned() + &limit.map_or_else(String::new, |x| format!(" Colours end at ±{x}."))
}

/// Stretches that a side is cut into at least, when boundaries are worked out.
const STRETCHES: usize = 25;

/// Where theories have something turn over: worked out between the levels too, where these are numbers, and
/// straight on from the outermost levels to the frame.
fn over(view: &View<'_>, _: &[String], panel: At) -> Vec<Line> {
    let (figure, plan, listed) = (view.figure, view.results.plan, view.listed());
    let Some(spot) = listed.iter().find_map(|by| view.series(panel, *by).next()) else { return Vec::new() };
    let cell = plan.conditions()[spot.place].cell;
    let [x, by] = [&figure.x, &figure.by].map(|axis| axis.as_deref().unwrap_or_default());
    let across = stops(view.slots.iter().flatten());
    let down = stops(listed.iter().filter_map(|by| view.by[*by].as_ref()));
    let levels = |stops: &[(f64, Level)]| {
        let mut levels: Vec<Level> = stops.iter().map(|(_, level)| level.clone()).collect();
        levels.dedup();
        levels
    };
    let Some(fine) = plan.between(cell, &[(x, levels(&across)), (by, levels(&down))]) else {
        return Vec::new();
    };
    let of = |(overlay, theory): (usize, &Theory)| {
        let mut oracle = fine.oracle(*theory, &figure.y[0]);
        let mut margins = |(_, row): &(f64, Level), (_, column): &(f64, Level)| {
            fine.cell_at(&[(x, column), (by, row)]).map_or_else(Vec::new, |cell| oracle.margins(cell))
        };
        let margins: Vec<Vec<Vec<f64>>> =
            down.iter().map(|row| across.iter().map(|column| margins(row, column)).collect()).collect();
        let places = |stops: &[(f64, Level)]| stops.iter().map(|(place, _)| *place).collect::<Vec<_>>();
        boundaries((&places(&across), &places(&down)), &margins, theory.words(), overlay)
    };
    figure.theory.iter().enumerate().flat_map(of).collect()
}

/// Points along a side of slots, the middle of the first at 0, and the level at each: from frame to frame,
/// with several between two numbers.
fn stops<'a>(levels: impl Iterator<Item = &'a Level>) -> Vec<(f64, Level)> {
    let levels: Vec<&Level> = levels.collect();
    let (Some(first), Some(last)) = (levels.first(), levels.last()) else { return Vec::new() };
    let cuts = STRETCHES.div_ceil(levels.len());
    let mut stops = vec![(-0.5, (*first).clone())];
    for (slot, level) in levels.iter().enumerate() {
        stops.push((slot as f64, (*level).clone()));
        if let (Level::Number(from), Some(Level::Number(to))) = (level, levels.get(slot + 1)) {
            let shares = (1..cuts).map(|i| i as f64 / cuts as f64);
            stops
                .extend(shares.map(|share| (slot as f64 + share, Level::Number(from + share * (to - from)))));
        }
    }
    stops.push((levels.len() as f64 - 0.5, (*last).clone()));
    stops
}

/// From value to colour.
pub(crate) struct Shade {
    span: Span,
    diverges: bool,
    /// The greatest magnitude.
    greatest: f64,
}

impl Shade {
    /// Over the values of all rows with an axis.
    pub(crate) fn new(chart: &Chart, axis: &Axis) -> Shade {
        let equal = chart.rows.iter().filter(|row| row.y == *axis);
        let values: Vec<f64> =
            equal.flat_map(|row| &row.panels).flat_map(Panel::points).map(|p| p.y).collect();
        let all = Shade::over(axis.scale, values.iter().copied());
        // Colours end, and numbers are written as they are.
        let Some(limit) = axis.limit else { return all };
        let limited = Shade::over(axis.scale, values.iter().map(|y| y.clamp(-limit, limit)));
        Shade { greatest: all.greatest, ..limited }
    }

    fn over(scale: Scale, values: impl Iterator<Item = f64>) -> Shade {
        let values: Vec<f64> = values.filter(|v| v.is_finite()).collect();
        let high = values.iter().copied().reduce(f64::max).unwrap_or(0.0);
        let low = values.iter().copied().reduce(f64::min).unwrap_or(0.0);
        let greatest = high.max(-low);
        // What is a tenth of it or less on one side is no second direction.
        let diverges = high.min(-low) > 0.1 * greatest && scale == Scale::Linear;
        let ends = if diverges { vec![-greatest, greatest] } else { values };
        Shade { span: Span::over(scale, ends.into_iter(), 0.0), diverges, greatest }
    }

    /// The axis beside the scale of colours, and the metric in lines.
    fn side(&self, label: &str, height: f64, theme: &Theme) -> (Side, Vec<String>) {
        (Side::up(self.span.clone(), height, theme.small), text::wrap(label, theme.label, height, 2))
    }

    /// Room that the scale takes right of a panel so high.
    pub(crate) fn room(&self, label: &str, height: f64, theme: &Theme) -> f64 {
        let (side, lines) = self.side(label, height, theme);
        GAP / 2.0 + BAR + side.room + theme.beside(lines.len())
    }

    fn at(&self, share: f64) -> Colour {
        if self.diverges { diverging(share) } else { sequential(share) }
    }

    fn colour(&self, value: f64) -> Option<Colour> {
        self.span.at(value).map(|share| self.at(share.clamp(0.0, 1.0)))
    }

    /// A value with so many digits for the greatest.
    fn write(&self, value: f64, digits: i32) -> String {
        let first = if self.greatest > 0.0 { exponent(self.greatest) } else { 0 };
        // A share has as many decimals as what reaches past 1.
        let step = if first == -1 { 1 - digits } else { first + 1 - digits };
        let text = number(value, (1.0, step.min(first)), self.greatest.max(1e-280));
        let mantissa = text.split('×').next().unwrap_or_default();
        let is_seen = mantissa.chars().any(|c| c.is_ascii_digit() && c != '0');
        let plus = if self.diverges && value > 0.0 && is_seen { "+" } else { "" };
        format!("{plus}{text}")
    }

    /// Draws the scale right of a panel, with its ticks and the metric.
    pub(crate) fn draw(&self, area: &Area<'_>, frame: &Frame<'_>, label: &str) -> Done {
        const STEPS: usize = 32;
        let (left, top, bottom, height) =
            (frame.right() + GAP / 2.0, frame.top, frame.bottom(), frame.height);
        let (right, each, theme) = (left + BAR, height / STEPS as f64, &frame.tools.theme);
        for step in 0..STEPS {
            let bottom = bottom - each * step as f64;
            // Each reaches under the next, so that no seam shows.
            let corners = [(left, (bottom - 1.5 * each).max(top)), (right, bottom)];
            let colour = self.at((step as f64 + 0.5) / STEPS as f64);
            area.rect(corners, fill(colour, 1.0))?;
        }
        edge(area, [(left, top), (right, bottom)], 0, stroke(theme::SOFT, 0.6))?;
        let (side, lines) = self.side(label, height, theme);
        for tick in side.ticks.iter().filter(|tick| !tick.label.is_empty()) {
            let y = bottom - side.span.clamped(tick.value) * height;
            area.line([(right, y), (right + 3.0, y)], stroke(theme::SOFT, theme::HAIR))?;
            area.write(&[&tick.label], (right + TICK_GAP, y), pen::AFTER, (theme.small, theme::SOFT))?;
        }
        let place = (right + side.room + 4.0, top + height / 2.0);
        area.write(&lines, place, pen::UPRIGHT, (theme.label, theme::INK))
    }
}

/// A cell of a heat map that can be drawn: its place among slots and rows, its value and its colour.
type Cell = (Spot, f64, Colour);

fn draw(page: &mut Page, frame: &Frame<'_>) -> Done {
    let Frame { panel, tools, shade: Some(shade), .. } = frame else { return Ok(()) };
    let size = (frame.x.slot(frame.width), frame.y.slot(frame.height));
    let columns = frame.x.ticks.len();
    let crowded = columns > MOST_NUMBERS;
    let fitting = fitting(shade, panel, size, tools.theme.zoom).filter(|_| !crowded);
    if panel.has_gaps(columns) {
        // It shows where a cell has no value.
        let brush = Brush { colour: WHITE, texture: Texture::Rising, pen: theme::REFERENCE };
        let corners = [(frame.left, frame.top), (frame.right(), frame.bottom())];
        page.group(("gaps", "", Pen::Plain), |area| hatched(area, corners, brush))?;
    }
    // White between cells is left free, unless there are so many that it would pale them: these reach
    // over each other, so that no seam shows.
    let half = if crowded { (0.51, 0.51) } else { (0.5 - 0.5 / size.0, 0.5 - 0.5 / size.1) };
    let cells = |line: &Line| -> Vec<Cell> {
        let cell = |p: &Point| Some(((p.x, tools.place(line) as f64), p.y, shade.colour(p.y)?));
        line.points.iter().filter(|p| p.x.is_finite()).filter_map(cell).collect()
    };
    let around = |plot: &Plot<'_>, (x, y): Spot, half: Spot, colour: Colour| {
        plot.rect([(x - half.0, y - half.1), (x + half.0, y + half.1)], fill(colour, 1.0))
    };
    let (measured, boundaries): (Vec<&Line>, Vec<&Line>) =
        panel.lines.iter().partition(|line| line.role == Role::Measured);
    for line in &measured {
        frame.draw(page, ("series", &line.label, Pen::Plain), |plot| {
            cells(line).into_iter().try_for_each(|(at, _, colour)| around(plot, at, half, colour))
        })?;
    }
    for line in &boundaries {
        let Role::Boundary { overlay } = line.role else { continue };
        for (style, pen) in boundary(overlay) {
            let spots: Vec<Spot> = line.points.iter().filter_map(|p| frame.spot(p)).collect();
            frame.draw(page, ("boundary", &line.label, pen), |plot| plot.line(spots, style))?;
        }
    }
    let Some((digits, font)) = fitting else { return Ok(()) };
    frame.draw(page, ("values", "", Pen::Plain), |plot| {
        for (at, value, colour) in measured.iter().flat_map(|line| cells(line)) {
            let content = shade.write(value, digits);
            if !boundaries.is_empty() {
                // A line leaves room for the numbers it meets.
                let half = ((text::width(&content, font) / 2.0 + 1.0) / size.0, 0.6 * font.size / size.1);
                around(plot, at, half, colour)?;
            }
            plot.write(&[content], at, pen::AROUND, (font, colour.ink()))?;
        }
        Ok(())
    })
}

/// How a boundary is drawn, one over the other: a white casing, and ink.
pub(crate) fn boundary(overlay: usize) -> [(ShapeStyle, Pen); 2] {
    let casing = stroke(WHITE, theme::BOUNDARY_LINE + theme::CASING);
    [(casing, Pen::Plain), (stroke(theme::INK, theme::BOUNDARY_LINE), nth(&theme::BOUNDARY_DASHES, overlay))]
}

/// The most digits, in the largest type, with which all numbers fit their cells.
fn fitting(shade: &Shade, panel: &Panel, size: Spot, zoom: f64) -> Option<(i32, Font)> {
    let values: Vec<f64> = panel.points().map(|p| p.y).filter(|y| y.is_finite()).collect();
    let fonts = [11.0, 10.0, 9.0, 8.0, 7.0].map(|size| Font { size: size * zoom, bold: false });
    let choices = [3, 2, 1].into_iter().flat_map(|digits| fonts.map(|font| (digits, font)));
    let fits = |(digits, font): &(i32, Font)| {
        let wide = |value: &f64| text::width(&shade.write(*value, *digits), *font);
        font.size * 1.2 <= size.1 && values.iter().map(wide).fold(0.0, f64::max) + 4.0 <= size.0
    };
    choices.into_iter().find(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(values: &[f64], digits: i32) -> Vec<String> {
        let shade = Shade::over(Scale::Linear, values.iter().copied());
        values.iter().map(|value| shade.write(*value, digits)).collect()
    }

    #[test]
    fn numbers_have_the_digits_of_the_greatest_and_signs_where_signs_differ() {
        assert_eq!(written(&[0.5, 0.25, 0.999], 3), ["0.50", "0.25", "1.00"]);
        assert_eq!(written(&[12.34, 1.0], 3), ["12.3", "1.0"]);
        assert_eq!(written(&[-0.6, 0.4, 0.0, -1e-9, 1e-9], 3), ["−0.60", "+0.40", "0.00", "0.00", "0.00"]);
        assert_eq!(written(&[-3.0, -120.0], 3), ["−3", "−120"]);
        assert_eq!(written(&[2e-7, 1e-7], 2), ["2.0×10⁻⁷", "1.0×10⁻⁷"]);
    }
}
