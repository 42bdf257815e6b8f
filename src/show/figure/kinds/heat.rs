//! Cells coloured by value, with the value printed in ink that can be read on
//! the colour. Where values change sign the scale diverges from 0 and every
//! number carries its sign, so that grey print loses nothing. Boundaries that
//! theory draws lie over the cells.

use super::{MOST_NUMBERS, Tools, texture};
use crate::show::figure::axis::Span;
use crate::show::figure::colour::{Colour, WHITE, diverging, sequential};
use crate::show::figure::number::{Format, exponent};
use crate::show::figure::panel::Frame;
use crate::show::figure::scene::{Anchor, Fill, Rect, Scene, Shape, Spot, Stroke, Text};
use crate::show::figure::text::{self, Font};
use crate::show::figure::theme::{self, Brush, Texture};
use crate::show::figure::{Axis, Panel, Point, Role};

/// From value to colour.
#[derive(Clone, Debug)]
pub(crate) struct Shade {
    /// The range of colours.
    pub(crate) span: Span,
    diverges: bool,
    /// The greatest magnitude.
    greatest: f64,
}

impl Shade {
    /// Over the values of a metric.
    pub(crate) fn over(axis: &Axis, values: &[f64]) -> Shade {
        let fold = |f: fn(f64, f64) -> f64| values.iter().copied().filter(|v| v.is_finite()).reduce(f);
        let (low, high) = (fold(f64::min).unwrap_or(0.0), fold(f64::max).unwrap_or(0.0));
        let (diverges, greatest) = (low < 0.0 && high > 0.0, high.max(-low));
        let ends = if diverges { vec![-greatest, greatest] } else { values.to_vec() };
        Shade { span: Span::over(axis.scale, ends.into_iter(), 0.0), diverges, greatest }
    }

    fn colour(&self, value: f64) -> Option<Colour> {
        let share = self.span.at(value)?;
        Some(if self.diverges { diverging(share) } else { sequential(share) })
    }

    /// A value with so many digits for the greatest.
    fn write(&self, value: f64, digits: i32) -> String {
        let first = if self.greatest > 0.0 { exponent(self.greatest) } else { 0 };
        // A share has as many decimals as what reaches past 1.
        let step = if first == -1 { 1 - digits } else { first + 1 - digits };
        let text = Format::new(1.0, step.min(first), self.greatest.max(1e-280)).write(value);
        let mantissa = text.split('×').next().unwrap_or_default();
        let is_seen = mantissa.chars().any(|c| c.is_ascii_digit() && c != '0');
        let plus = if self.diverges && value > 0.0 && is_seen { "+" } else { "" };
        format!("{plus}{text}")
    }
}

pub(super) fn draw(scene: &mut Scene, frame: &Frame<'_>, panel: &Panel, tools: &Tools<'_>) {
    let Some(shade) = tools.shade else { return };
    let size =
        (frame.width / (frame.x.high - frame.x.low).abs(), frame.height / (frame.y.high - frame.y.low).abs());
    let values = || panel.points().map(|p| p.y).filter(|y| y.is_finite());
    let crowded = frame.x.high - frame.x.low > MOST_NUMBERS as f64;
    let fitting = fitting(shade, values(), size).filter(|_| !crowded);
    let mut grounds = Vec::new();
    if panel.has_gaps((frame.x.high - frame.x.low).abs().round() as usize) {
        // It shows where a cell has no value.
        let hatch = Brush { colour: WHITE, texture: Texture::Rising, pen: theme::REFERENCE };
        texture::fill(scene, frame.rect(), hatch);
    }
    for line in panel.lines.iter().filter(|line| line.role == Role::Measured) {
        let slot = tools.place(line);
        for point in &line.points {
            let (Some(x), Some(y)) = (frame.place_x(point.x), frame.place_y(slot as f64)) else { continue };
            let Some(colour) = shade.colour(point.y) else { continue };
            let half = (size.0 / 2.0, size.1 / 2.0);
            let rect = Rect { left: x - half.0, top: y - half.1, right: x + half.0, bottom: y + half.1 };
            // Among many cells white edges would pale the colours; their own hide the seams.
            let edge = if crowded { (colour, 0.5) } else { (WHITE, 1.0) };
            scene.rect(rect, Fill { edge: Some(edge), ..Fill::plain(colour) });
            if let Some((digits, font)) = fitting {
                let content = shade.write(point.y, digits);
                let half = (text::width(&content, font) / 2.0 + 1.0, 0.6 * font.size);
                let ground =
                    Rect { left: x - half.0, top: y - half.1, right: x + half.0, bottom: y + half.1 };
                grounds.push((ground, colour));
                scene.texts.push(Text {
                    content,
                    at: (x, y + 0.36 * font.size),
                    font,
                    anchor: Anchor::Middle,
                    upright: false,
                    colour: colour.ink(),
                });
            }
        }
    }
    for line in &panel.lines {
        let Role::Boundary { overlay } = line.role else { continue };
        let spot = |p: &Point| frame.place_x(p.x).zip(frame.place_y(p.y));
        boundary(scene, line.points.iter().filter_map(spot).collect(), theme::boundary_dash(overlay));
    }
    if panel.lines.iter().any(|line| line.role != Role::Measured) {
        // A line leaves room for the numbers it meets.
        grounds.into_iter().for_each(|(rect, colour)| scene.rect(rect, Fill::plain(colour)));
    }
}

/// A boundary's line.
pub(crate) fn boundary(scene: &mut Scene, spots: Vec<Spot>, dash: &'static str) {
    let casing = Stroke { colour: WHITE, width: theme::BOUNDARY_LINE + theme::CASING, dash: "" };
    let line = Stroke { colour: theme::INK, width: theme::BOUNDARY_LINE, dash };
    scene.shapes.push(Shape::Open { spots: spots.clone(), stroke: casing });
    scene.shapes.push(Shape::Open { spots, stroke: line });
}

/// The most digits, in the largest type, with which all numbers fit their cells.
fn fitting(shade: &Shade, values: impl Iterator<Item = f64>, size: (f64, f64)) -> Option<(i32, Font)> {
    let values: Vec<f64> = values.collect();
    let fonts = [11.0, 10.0, 9.0, 8.0, 7.0].map(|size| Font { size, bold: false });
    let choices = [3, 2, 1].into_iter().flat_map(|digits| fonts.map(|font| (digits, font)));
    let fits = |(digits, font): &(i32, Font)| {
        let wide = |value: &f64| text::width(&shade.write(*value, *digits), *font);
        font.size * 1.2 <= size.1 && values.iter().map(wide).fold(0.0, f64::max) + 4.0 <= size.0
    };
    choices.into_iter().find(fits)
}

/// The scale of colours, as a bar of this place and size.
pub(crate) fn colour_bar(scene: &mut Scene, shade: &Shade, rect: Rect) {
    const STEPS: usize = 32;
    let each = (rect.bottom - rect.top) / STEPS as f64;
    for step in 0..STEPS {
        let share = (step as f64 + 0.5) / STEPS as f64;
        let colour = if shade.diverges { diverging(share) } else { sequential(share) };
        let bottom = rect.bottom - each * step as f64;
        // Each reaches under the next, so that no seam shows.
        let top = if step + 1 < STEPS { bottom - 1.5 * each } else { rect.top };
        scene.rect(Rect { top, bottom, ..rect }, Fill::plain(colour));
    }
    scene.rect(rect, Fill { colour: None, opacity: 1.0, edge: Some((theme::AXIS, 0.6)) });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::show::figure::Scale;

    fn written(values: &[f64], digits: i32) -> Vec<String> {
        let axis = Axis { label: String::new(), scale: Scale::Linear, slots: Vec::new() };
        let shade = Shade::over(&axis, values);
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
