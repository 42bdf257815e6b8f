//! What is drawn with: plotters' areas and elements, pixels, and groups of the SVG.
//!
//! plotters draws at whole units, so a pixel has [`UNIT`] of them. Each group is drawn by a backend of
//! its own and carries what plotters cannot say: a class, a name, the dashes of its lines. Texts are
//! never measured by plotters: in a browser it would ask the page.

use super::colour::Colour;
use super::side::Side;
use super::text::{self, Font};
use super::theme::{Mark, Pen};
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::{CoordTranslate, Shift};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::fmt::Write as _;

pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub(super) type Plot<'a> = DrawingArea<SVGBackend<'a>, Cartesian2d<Side, Side>>;
pub(super) type Error = DrawingAreaErrorKind<std::io::Error>;
pub(super) type Done = Result<(), Error>;
/// A place, in pixels or in what the axes measure.
pub(super) type Spot = (f64, f64);

/// Of plotters in a pixel.
pub(super) const UNIT: f64 = 20.0;
/// Units each way: more than any figure has.
const CANVAS: u32 = 1 << 28;

/// Pixels in units.
pub(super) fn at(pixels: f64) -> i32 {
    (pixels * UNIT).round() as i32
}

pub(super) fn spot((x, y): Spot) -> (i32, i32) {
    (at(x), at(y))
}

/// The picture so far: groups of what plotters has drawn.
#[derive(Default)]
pub(super) struct Page {
    pub(super) body: String,
}

impl Page {
    /// Begins a group of groups.
    pub(super) fn open(&mut self, class: &str, name: &str) {
        let _ = write!(self.body, "<g class=\"{class}\"");
        if !name.is_empty() {
            let _ = write!(self.body, " data-name=\"{}\"", escape(&text::clean(name)));
        }
        self.body.push_str(">\n");
    }

    /// Ends it.
    pub(super) fn close(&mut self) {
        self.body.push_str("</g>\n");
    }

    /// Draws one group; nothing, if nothing is drawn.
    pub(super) fn group(&mut self, class: &str, name: &str, draw: impl FnOnce(&Area<'_>) -> Done) -> Done {
        self.group_with(class, name, Pen::Plain, draw)
    }

    /// Draws one group with a pen.
    pub(super) fn group_with(
        &mut self,
        class: &str,
        name: &str,
        pen: Pen,
        draw: impl FnOnce(&Area<'_>) -> Done,
    ) -> Done {
        let mut drawn = String::new();
        draw(&SVGBackend::with_string(&mut drawn, (CANVAS, CANVAS)).into_drawing_area())?;
        let drawn = drawn.split_once('\n').map_or("", |(_, rest)| rest).trim_end_matches("</svg>\n");
        if drawn.is_empty() {
            return Ok(());
        }
        self.open(class, name);
        self.body.truncate(self.body.len() - ">\n".len());
        match pen {
            Pen::Plain => {}
            Pen::Dashed(lengths) => {
                let lengths: Vec<String> = lengths.iter().map(|length| at(*length).to_string()).collect();
                let _ = write!(self.body, " stroke-dasharray=\"{}\"", lengths.join(" "));
            }
            Pen::Rimmed(colour, width) => {
                let _ = write!(self.body, " stroke=\"{colour}\" stroke-width=\"{}\"", at(width));
            }
        }
        self.body.push_str(">\n");
        // What the whole picture says, or what is so anyway.
        let said = [
            " font-family=\"\"",
            " opacity=\"1\"",
            " fill=\"none\"",
            " stroke=\"none\"",
            " stroke-width=\"1\"",
        ];
        let drawn = said.iter().fold(drawn.to_owned(), |drawn, said| drawn.replace(said, ""));
        self.body.push_str(&drawn);
        self.close();
        Ok(())
    }
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn rgb(colour: Colour) -> RGBColor {
    RGBColor((colour.0 >> 16) as u8, (colour.0 >> 8) as u8, colour.0 as u8)
}

/// Of a line.
pub(super) fn stroke(colour: Colour, width: f64) -> ShapeStyle {
    rgb(colour).stroke_width(at(width) as u32)
}

/// Of an area.
pub(super) fn fill(colour: Colour, opacity: f64) -> ShapeStyle {
    rgb(colour).mix(opacity).filled()
}

/// Of a text. plotters divides the size it is given by 1.24.
pub(super) fn ink(font: Font, colour: Colour) -> TextStyle<'static> {
    let (size, weight) =
        (f64::from(at(font.size)), if font.bold { FontStyle::Bold } else { FontStyle::Normal });
    let near = size * 1.24;
    let given = [near, near.next_up(), near.next_down()].into_iter().find(|x| x / 1.24 == size);
    FontDesc::new(FontFamily::Name(""), given.unwrap_or(near), weight).color(&rgb(colour))
}

/// Where a text stands from its place, and whether it is read from bottom to top.
pub(super) type Hang = (HPos, VPos, bool);
/// To the right of its place and below it, or in the middle of its height.
pub(super) const BELOW: Hang = (HPos::Left, VPos::Top, false);
pub(super) const AFTER: Hang = (HPos::Left, VPos::Center, false);
/// Around a place; below it; read upwards, to the right of it.
pub(super) const AROUND: Hang = (HPos::Center, VPos::Center, false);
pub(super) const UNDER: Hang = (HPos::Center, VPos::Top, false);
pub(super) const UPRIGHT: Hang = (HPos::Center, VPos::Top, true);

/// Lines of text at a place in pixels: from there on, or around it.
pub(super) fn write<S: AsRef<str>>(
    area: &Area<'_>,
    lines: &[S],
    (x, y): Spot,
    (h, v, turned): Hang,
    (font, colour): (Font, Colour),
) -> Done {
    let first = if matches!(v, VPos::Center) { (lines.len() as f64 - 1.0) / 2.0 } else { 0.0 };
    let style = ink(font, colour).pos(Pos::new(h, v));
    let style = if turned { style.transform(FontTransform::Rotate270) } else { style };
    for (i, line) in lines.iter().enumerate() {
        let down = font.leading() * (i as f64 - first);
        let place = if turned { (x + down, y) } else { (x, y + down) };
        area.draw_text(line.as_ref(), &style, spot(place))?;
    }
    Ok(())
}

/// A straight line between places in pixels.
pub(super) fn rule(area: &Area<'_>, ends: [Spot; 2], style: ShapeStyle) -> Done {
    area.draw(&PathElement::new(ends.map(spot).to_vec(), style))
}

/// A line between places of a plot.
pub(super) fn line(plot: &Plot<'_>, spots: impl Into<Vec<Spot>>, style: ShapeStyle) -> Done {
    plot.draw(&PathElement::new(spots.into(), style))
}

/// A rectangle between two places of a plot.
pub(super) fn rect(plot: &Plot<'_>, from: Spot, to: Spot, style: ShapeStyle) -> Done {
    plot.draw(&Rectangle::new([from, to], style))
}

/// A filled sign at a place of a plot, or of the page.
pub(super) fn mark<CT: CoordTranslate<From: Clone>>(
    area: &DrawingArea<SVGBackend<'_>, CT>,
    place: CT::From,
    mark: Mark,
    radius: f64,
    colour: Colour,
) -> Done {
    sign(area, place, mark, radius, fill(colour, 1.0))
}

/// The outline of a sign, pale enough for a crowd.
pub(super) fn open_mark<CT: CoordTranslate<From: Clone>>(
    area: &DrawingArea<SVGBackend<'_>, CT>,
    place: CT::From,
    mark: Mark,
    radius: f64,
    colour: Colour,
) -> Done {
    sign(area, place, mark, radius, rgb(colour).mix(0.65).stroke_width(at(1.1) as u32))
}

fn sign<CT: CoordTranslate<From: Clone>>(
    area: &DrawingArea<SVGBackend<'_>, CT>,
    place: CT::From,
    mark: Mark,
    radius: f64,
    style: ShapeStyle,
) -> Done {
    let here = EmptyElement::at(place);
    let corners = mark.corners().iter().map(|(x, y)| spot((radius * x, radius * y)));
    match mark {
        Mark::Circle => area.draw(&(here + Circle::new((0, 0), at(radius), style))),
        _ if style.filled => area.draw(&(here + Polygon::new(corners.collect::<Vec<_>>(), style))),
        _ => {
            let ring = corners.clone().chain(corners.take(2)).collect::<Vec<_>>();
            area.draw(&(here + PathElement::new(ring, style)))
        }
    }
}
