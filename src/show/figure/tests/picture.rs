//! An SVG read back: its shapes and texts in pixels, with the boxes that they cover.

use crate::show::figure::colour::Colour;
use crate::show::figure::pen::UNIT;
use crate::show::figure::text::{self, Font};

/// A rectangle in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rect {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Rect {
    /// Within a unit of plotters.
    pub(super) fn is_apart(self, other: Rect) -> bool {
        let near = 1.01 / UNIT;
        self.left >= other.right - near
            || other.left >= self.right - near
            || self.top >= other.bottom - near
            || other.top >= self.bottom - near
    }

    pub(super) fn is_inside(self, outer: Rect) -> bool {
        let near = 1.01 / UNIT;
        self.left >= outer.left - near
            && self.right <= outer.right + near
            && self.top >= outer.top - near
            && self.bottom <= outer.bottom + near
    }

    fn around(spots: &[(f64, f64)], reach: f64) -> Rect {
        let (xs, ys) = (spots.iter().map(|s| s.0), spots.iter().map(|s| s.1));
        Rect {
            left: xs.clone().fold(f64::INFINITY, f64::min) - reach,
            right: xs.fold(f64::NEG_INFINITY, f64::max) + reach,
            top: ys.clone().fold(f64::INFINITY, f64::min) - reach,
            bottom: ys.fold(f64::NEG_INFINITY, f64::max) + reach,
        }
    }
}

#[derive(Debug)]
pub(super) struct Shape {
    /// Of its group.
    class: String,
    pub(super) name: String,
    pub(super) spots: Vec<(f64, f64)>,
    /// Of a circle.
    pub(super) radius: f64,
    /// Of a line.
    width: f64,
    pub(super) fill: Option<Colour>,
    pub(super) stroke: Option<Colour>,
    pub(super) opacity: f64,
}

impl Shape {
    pub(super) fn bounds(&self) -> Rect {
        Rect::around(&self.spots, self.radius + self.width / 2.0)
    }
}

/// What the shapes of a group have in common.
#[derive(Clone, Default)]
struct Group {
    class: String,
    name: String,
    /// The colour and width of a line around each shape that brings none.
    rim: Option<(Colour, f64)>,
}

pub(super) struct Text {
    pub(super) content: String,
    /// Its advance across, ascender to descender (in em) along.
    pub(super) bounds: Rect,
    pub(super) colour: Colour,
    /// How many shapes are drawn before it.
    pub(super) order: usize,
}

pub(super) struct Picture {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) shapes: Vec<Shape>,
    pub(super) texts: Vec<Text>,
    /// Where data are drawn.
    pub(super) plots: Vec<Rect>,
}

/// What is drawn inside a panel.
const DATA: [&str; 9] =
    ["series", "interval", "marks", "rings", "theory", "boundary", "reference", "zero", "total"];

impl Picture {
    pub(super) fn read(svg: &str) -> Picture {
        let size = |key| attribute(svg, key).and_then(|text| text.parse().ok()).expect("a size");
        let (width, height) = (size("width"), size("height"));
        let mut picture = Picture { width, height, shapes: Vec::new(), texts: Vec::new(), plots: Vec::new() };
        let mut groups: Vec<Group> = Vec::new();
        let mut first = 0;
        let mut lines = svg.lines().skip_while(|line| !line.starts_with("<rect class=\"ground\"")).skip(1);
        while let Some(line) = lines.next() {
            let here = groups.last().cloned().unwrap_or_default();
            if line.starts_with("<g ") {
                let (class, name) = (attribute(line, "class"), attribute(line, "data-name"));
                if class == Some("panel") {
                    first = picture.shapes.len();
                }
                groups.push(Group {
                    class: class.unwrap_or_default().to_owned(),
                    name: unescape(name.unwrap_or_default()),
                    rim: colour(line, "stroke").map(|colour| (colour, number(line, "stroke-width") / UNIT)),
                });
            } else if line == "</g>" {
                if here.class == "panel" {
                    let plot = plot(&picture.shapes[first..]);
                    picture.plots.extend(plot);
                }
                groups.pop();
            } else if line.starts_with("<text ") {
                let content = unescape(lines.next().expect("the text"));
                picture.texts.push(words(line, content, picture.shapes.len()));
                assert_eq!(lines.next(), Some("</text>"));
            } else if line != "</svg>" {
                picture.shapes.push(shape(line, here));
            }
        }
        picture
    }
}

/// The grid, the axes and the data of a panel.
fn plot(shapes: &[Shape]) -> Option<Rect> {
    let long = |shape: &Shape| {
        let Rect { left, top, right, bottom } = Rect::around(&shape.spots, 0.0);
        (right - left).max(bottom - top) > 12.0
    };
    let inside =
        |shape: &&Shape| shape.class == "axis" && long(shape) || DATA[..1].contains(&shape.class.as_str());
    let spots: Vec<(f64, f64)> = shapes.iter().filter(inside).flat_map(|shape| shape.spots.clone()).collect();
    (!spots.is_empty()).then(|| Rect::around(&spots, 0.0))
}

fn attribute<'a>(tag: &'a str, key: &str) -> Option<&'a str> {
    Some(tag.split_once(&format!(" {key}=\""))?.1.split_once('"')?.0)
}

fn number(tag: &str, key: &str) -> f64 {
    attribute(tag, key).map_or(0.0, |text| text.parse().expect("a number"))
}

fn colour(tag: &str, key: &str) -> Option<Colour> {
    u32::from_str_radix(attribute(tag, key)?.strip_prefix('#')?, 16).ok().map(Colour)
}

fn unescape(text: &str) -> String {
    let signs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    signs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn shape(line: &str, Group { class, name, rim }: Group) -> Shape {
    let of = |key: &str| number(line, key) / UNIT;
    let kind = line[1..].split(' ').next().expect("a tag");
    let spots = match kind {
        "rect" => vec![(of("x"), of("y")), (of("x") + of("width"), of("y") + of("height"))],
        "circle" => vec![(of("cx"), of("cy"))],
        "line" => vec![(of("x1"), of("y1")), (of("x2"), of("y2"))],
        "polyline" | "polygon" => {
            let pairs = attribute(line, "points").expect("points").split_whitespace();
            let pair = |pair: &str| {
                let (x, y) = pair.split_once(',').expect("two numbers");
                (x.parse::<f64>().expect("x") / UNIT, y.parse::<f64>().expect("y") / UNIT)
            };
            pairs.map(pair).collect()
        }
        other => panic!("<{other}"),
    };
    let own = colour(line, "stroke").map(|colour| (colour, of("stroke-width")));
    let (stroke, width) = own.or(rim).unzip();
    Shape {
        class,
        name,
        spots,
        radius: of("r"),
        width: width.unwrap_or(0.0),
        fill: colour(line, "fill"),
        stroke,
        opacity: attribute(line, "opacity").map_or(1.0, |text| text.parse().expect("a number")),
    }
}

fn words(line: &str, content: String, order: usize) -> Text {
    let of = |key: &str| number(line, key) / UNIT;
    let font = Font { size: of("font-size"), bold: attribute(line, "font-weight") == Some("bold") };
    let width = text::width(&content, font);
    let before = match attribute(line, "text-anchor") {
        Some("middle") => width / 2.0,
        Some("end") => width,
        _ => 0.0,
    };
    let down = match attribute(line, "dy").expect("a shift") {
        "0.76em" => 0.76 * font.size,
        "0.5ex" => 0.26 * font.size,
        other => panic!("dy {other}"),
    };
    let (x, y) = (of("x"), of("y"));
    let (up, low) = (0.78 * font.size, 0.22 * font.size);
    let bounds = if attribute(line, "transform").is_some() {
        let x = x + down;
        Rect { left: x - up, top: y - (width - before), right: x + low, bottom: y + before }
    } else {
        let y = y + down;
        Rect { left: x - before, top: y - up, right: x - before + width, bottom: y + low }
    };
    Text { content, bounds, colour: colour(line, "fill").expect("a colour"), order }
}
