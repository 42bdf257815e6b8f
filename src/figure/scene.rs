//! What a finished layout consists of: shapes and words, each with its place in pixels.
//!
//! A text's place, font and width fix the box it covers, so that "no two texts overlap" is a law
//! that `tests` checks.

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
}

#[derive(Debug)]
pub(crate) enum Shape {
    Open { spots: Vec<Spot>, stroke: Stroke },
    Closed { spots: Vec<Spot>, fill: Fill },
    Circle { centre: Spot, radius: f64, fill: Fill },
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Stroke {
    pub(crate) colour: &'static str,
    pub(crate) width: f64,
    /// SVG dash array; empty: solid.
    pub(crate) dash: &'static str,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Fill {
    pub(crate) colour: &'static str,
    pub(crate) opacity: f64,
    /// A thin white rim that lifts a mark off the lines under it.
    pub(crate) rim: bool,
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
    pub(crate) colour: &'static str,
}

impl Scene {
    /// A straight line.
    pub(crate) fn rule(&mut self, from: Spot, to: Spot, colour: &'static str, width: f64) {
        let stroke = Stroke { colour, width, dash: "" };
        self.shapes.push(Shape::Open { spots: vec![from, to], stroke });
    }

    /// One horizontal line of text.
    pub(crate) fn write(
        &mut self,
        content: &str,
        at: Spot,
        anchor: Anchor,
        font: Font,
        colour: &'static str,
    ) {
        let content = content.to_owned();
        self.texts.push(Text { content, at, font, anchor, upright: false, colour });
    }
}
