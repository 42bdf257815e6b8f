//! What is drawn with: plotters' areas and elements, pixels, and groups of the SVG.
//!
//! plotters draws at whole units, so a pixel has [`UNIT`] of them. Each group is drawn by a backend of
//! its own and carries what plotters cannot say: a class, a name, the dashes of its lines. Texts are
//! never measured by plotters: in a browser it would ask the page.

use super::colour::Colour;
use super::side::Side;
use super::text::{self, Font};
use super::theme::{Mark, Pen};
use plotters::coord::CoordTranslate;
use plotters::coord::cartesian::Cartesian2d;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// An area of plotters with places of some kind.
pub(super) struct Canvas<'a, C: CoordTranslate>(pub(super) DrawingArea<SVGBackend<'a>, C>);
/// Where places are pixels of the page.
pub(super) type Area<'a> = Canvas<'a, Pixels>;
/// Where they are what the axes measure.
pub(super) type Plot<'a> = Canvas<'a, Cartesian2d<Side, Side>>;
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

/// Pixels as a coordinate of plotters.
pub(super) struct Pixels;

impl CoordTranslate for Pixels {
    type From = Spot;

    fn translate(&self, (x, y): &Spot) -> (i32, i32) {
        (at(*x), at(*y))
    }
}

/// Class, name and pen of a group.
pub(super) type Group<'a> = (&'a str, &'a str, Pen);

/// What plotters says of each element though the whole picture says it, or it is so anyway.
const SAID: [&str; 5] =
    [" font-family=\"\"", " opacity=\"1\"", " fill=\"none\"", " stroke=\"none\"", " stroke-width=\"1\""];

impl Pen {
    /// As attributes of a group.
    fn attributes(self) -> String {
        match self {
            Pen::Plain => String::new(),
            Pen::Dashed(lengths) => {
                let lengths = lengths.iter().map(|length| at(*length).to_string());
                format!(" stroke-dasharray=\"{}\"", lengths.collect::<Vec<_>>().join(" "))
            }
            Pen::Rimmed(colour, width) => format!(" stroke=\"{colour}\" stroke-width=\"{}\"", at(width)),
        }
    }
}

/// The picture so far: groups of what plotters has drawn.
#[derive(Default)]
pub(super) struct Page {
    pub(super) body: String,
}

impl Page {
    /// Begins a group of groups.
    pub(super) fn open(&mut self, class: &str, name: &str) {
        self.begin(class, name, "");
    }

    fn begin(&mut self, class: &str, name: &str, attributes: &str) {
        let name = escape(&text::clean(name));
        let name = if name.is_empty() { name } else { format!(" data-name=\"{name}\"") };
        self.body += &format!("<g class=\"{class}\"{name}{attributes}>\n");
    }

    /// Ends it.
    pub(super) fn close(&mut self) {
        self.body.push_str("</g>\n");
    }

    /// Draws one group; nothing, if nothing is drawn.
    pub(super) fn group(&mut self, group: Group<'_>, draw: impl FnOnce(&Area<'_>) -> Done) -> Done {
        let (class, name, pen) = group;
        let mut drawn = String::new();
        let backend = SVGBackend::with_string(&mut drawn, (CANVAS, CANVAS));
        draw(&Canvas(backend.into_drawing_area().apply_coord_spec(Pixels)))?;
        let drawn = drawn.split_once('\n').map_or("", |(_, rest)| rest).trim_end_matches("</svg>\n");
        if drawn.is_empty() {
            return Ok(());
        }
        self.begin(class, name, &pen.attributes());
        let drawn = SAID.iter().fold(drawn.to_owned(), |drawn, said| drawn.replace(said, ""));
        self.body.push_str(&drawn);
        self.close();
        Ok(())
    }

    /// Draws a group of lines of text, from a place on or around it.
    pub(super) fn write<S: AsRef<str>>(
        &mut self,
        class: &str,
        lines: &[S],
        place: Spot,
        hang: Hang,
        ink: Ink,
    ) -> Done {
        self.group((class, "", Pen::Plain), |area| area.write(lines, place, hang, ink))
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

/// Of an outline, pale enough for a crowd.
pub(super) fn pale(colour: Colour) -> ShapeStyle {
    rgb(colour).mix(0.65).stroke_width(at(1.1) as u32)
}

/// Of a text. plotters divides the size it is given by 1.24.
pub(super) fn text_style((font, colour): Ink) -> TextStyle<'static> {
    let (size, weight) =
        (f64::from(at(font.size)), if font.bold { FontStyle::Bold } else { FontStyle::Normal });
    let near = size * 1.24;
    let given = [near, near.next_up(), near.next_down()].into_iter().find(|x| x / 1.24 == size);
    FontDesc::new(FontFamily::Name(""), given.unwrap_or(near), weight).color(&rgb(colour))
}

/// Of a text.
pub(super) type Ink = (Font, Colour);
/// Where a text stands from its place, and whether it is read from bottom to top.
pub(super) type Hang = (HPos, VPos, bool);
/// To the right of its place and below it, or in the middle of its height.
pub(super) const BELOW: Hang = (HPos::Left, VPos::Top, false);
pub(super) const AFTER: Hang = (HPos::Left, VPos::Center, false);
/// Around a place; below it; read upwards, to the right of it.
pub(super) const AROUND: Hang = (HPos::Center, VPos::Center, false);
pub(super) const UNDER: Hang = (HPos::Center, VPos::Top, false);
pub(super) const UPRIGHT: Hang = (HPos::Center, VPos::Top, true);

impl<'a, C: CoordTranslate<From = Spot>> Canvas<'a, C> {
    /// The same with places of another kind.
    pub(super) fn with<D: CoordTranslate>(&self, places: D) -> Canvas<'a, D> {
        Canvas(self.0.strip_coord_spec().apply_coord_spec(places))
    }

    /// Lines of text at a place, from there on or around it; several only where places are pixels.
    pub(super) fn write<S: AsRef<str>>(&self, lines: &[S], (x, y): Spot, hang: Hang, ink: Ink) -> Done {
        let ((h, v, turned), leading) = (hang, ink.0.leading());
        let first = if matches!(v, VPos::Center) { (lines.len() as f64 - 1.0) / 2.0 } else { 0.0 };
        let style = text_style(ink).pos(Pos::new(h, v));
        let style = if turned { style.transform(FontTransform::Rotate270) } else { style };
        for (i, line) in lines.iter().enumerate() {
            let down = leading * (i as f64 - first);
            let place = if turned { (x + down, y) } else { (x, y + down) };
            self.0.draw(&Text::new(line.as_ref().to_owned(), place, style.clone()))?;
        }
        Ok(())
    }

    /// A line between places; a path that goes nowhere cannot be stroked.
    pub(super) fn line(&self, spots: impl Into<Vec<Spot>>, style: ShapeStyle) -> Done {
        let spots = spots.into();
        if self.goes(&spots) { self.0.draw(&PathElement::new(spots, style)) } else { Ok(()) }
    }

    /// Whether places are not all the same one, on whole units.
    pub(super) fn goes(&self, spots: &[Spot]) -> bool {
        spots.windows(2).any(|pair| self.0.map_coordinate(&pair[0]) != self.0.map_coordinate(&pair[1]))
    }

    /// An area within corners.
    pub(super) fn area(&self, corners: impl Into<Vec<Spot>>, style: ShapeStyle) -> Done {
        self.0.draw(&Polygon::new(corners.into(), style))
    }

    /// A rectangle between two places.
    pub(super) fn rect(&self, corners: [Spot; 2], style: ShapeStyle) -> Done {
        self.0.draw(&Rectangle::new(corners, style))
    }

    /// A sign: filled, or its outline.
    pub(super) fn mark(&self, place: Spot, mark: Mark, radius: f64, style: ShapeStyle) -> Done {
        let here = EmptyElement::at(place);
        let corners = mark.corners().iter().map(|(x, y)| (at(radius * x), at(radius * y)));
        match mark {
            Mark::Circle => self.0.draw(&(here + Circle::new((0, 0), at(radius), style))),
            _ if style.filled => self.0.draw(&(here + Polygon::new(corners.collect::<Vec<_>>(), style))),
            _ => {
                let ring = corners.clone().chain(corners.take(2)).collect::<Vec<_>>();
                self.0.draw(&(here + PathElement::new(ring, style)))
            }
        }
    }
}
