//! What a finished layout consists of: shapes and words, each with its place in pixels.
//!
//! A text's place, font and width fix the box it covers, so that "no two texts overlap" is a law
//! that `tests` checks.

use super::colour::Colour;
use super::text::Font;

/// A place in pixels: x to the right, y downwards.
pub(crate) type Spot = (f64, f64);

/// A picture, ready to be written. Shapes are drawn in order, texts over them.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) title: String,
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) shapes: Vec<Shape>,
    pub(crate) texts: Vec<Text>,
    /// Where data are drawn.
    pub(crate) plots: Vec<Rect>,
}

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

#[derive(Debug)]
pub(crate) enum Shape {
    Open {
        spots: Vec<Spot>,
        stroke: Stroke,
    },
    Closed {
        spots: Vec<Spot>,
        fill: Fill,
    },
    Circle {
        centre: Spot,
        radius: f64,
        fill: Fill,
    },
    /// Many short lines: a texture.
    Pieces {
        pieces: Vec<(Spot, Spot)>,
        stroke: Stroke,
    },
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Stroke {
    pub(crate) colour: Colour,
    pub(crate) width: f64,
    /// SVG dash array; empty: solid.
    pub(crate) dash: &'static str,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Fill {
    /// `None`: only the edge is drawn.
    pub(crate) colour: Option<Colour>,
    /// Of the fill, or of the edge where that is all there is.
    pub(crate) opacity: f64,
    /// Colour and width.
    pub(crate) edge: Option<(Colour, f64)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// One line of text. `at` is its anchor on the baseline.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) content: String,
    pub(crate) at: Spot,
    pub(crate) font: Font,
    pub(crate) anchor: Anchor,
    /// Read from bottom to top.
    pub(crate) upright: bool,
    pub(crate) colour: Colour,
}

impl Scene {
    /// A straight line.
    pub(crate) fn rule(&mut self, from: Spot, to: Spot, colour: Colour, width: f64) {
        let stroke = Stroke { colour, width, dash: "" };
        self.shapes.push(Shape::Open { spots: vec![from, to], stroke });
    }

    /// A rectangle.
    pub(crate) fn rect(&mut self, rect: Rect, fill: Fill) {
        let Rect { left, top, right, bottom } = rect;
        let spots = vec![(left, top), (right, top), (right, bottom), (left, bottom)];
        self.shapes.push(Shape::Closed { spots, fill });
    }

    /// One horizontal line of text.
    pub(crate) fn write(&mut self, content: &str, at: Spot, anchor: Anchor, font: Font, colour: Colour) {
        let content = content.to_owned();
        self.texts.push(Text { content, at, font, anchor, upright: false, colour });
    }

    /// One line of text, read from bottom to top.
    pub(crate) fn write_up(&mut self, content: &str, at: Spot, anchor: Anchor, font: Font, colour: Colour) {
        let content = content.to_owned();
        self.texts.push(Text { content, at, font, anchor, upright: true, colour });
    }
}

impl Fill {
    /// A colour, without an edge.
    pub(crate) fn plain(colour: Colour) -> Fill {
        Fill { colour: Some(colour), opacity: 1.0, edge: None }
    }
}
