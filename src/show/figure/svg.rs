//! A tiny SVG writer: no identifiers, no clock, coordinates to two decimals in shortest form.

use std::fmt::Write as _;

use super::scene::{Anchor, Fill, Scene, Shape, Spot, Stroke, Text};
use super::theme;

/// The whole document, ending in a newline.
pub(super) fn write(scene: &Scene) -> String {
    let (width, height) = (number(scene.width), number(scene.height));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"{}\" role=\"img\">\n<title>{}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n",
        theme::FAMILIES,
        escape(&scene.title),
    );
    for shape in &scene.shapes {
        out.push_str(&element(shape));
        out.push('\n');
    }
    for text in &scene.texts {
        out.push_str(&words(text));
        out.push('\n');
    }
    out.push_str("</svg>\n");
    out
}

fn element(shape: &Shape) -> String {
    match shape {
        Shape::Open { spots, stroke } => {
            format!("<path d=\"{}\" fill=\"none\"{}/>", path(spots), pen(stroke))
        }
        Shape::Closed { spots, fill } => {
            format!("<path d=\"{}Z\"{}/>", path(spots), brush(fill))
        }
        Shape::Pieces { pieces, stroke } => {
            let path: String = pieces.iter().map(|&(from, to)| path(&[from, to])).collect();
            format!("<path d=\"{path}\" fill=\"none\"{}/>", pen(stroke))
        }
        Shape::Circle { centre, radius, fill } => format!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{}/>",
            number(centre.0),
            number(centre.1),
            number(*radius),
            brush(fill)
        ),
    }
}

fn path(spots: &[Spot]) -> String {
    let mut out = String::new();
    for (index, &(x, y)) in spots.iter().enumerate() {
        let command = if index == 0 { 'M' } else { 'L' };
        let _ = write!(out, "{command}{} {}", number(x), number(y));
    }
    out
}

fn pen(stroke: &Stroke) -> String {
    let width = number(stroke.width);
    let mut out = format!(" stroke=\"{}\" stroke-width=\"{width}\"", stroke.colour);
    out.push_str(" stroke-linejoin=\"round\"");
    if !stroke.dash.is_empty() {
        let _ = write!(out, " stroke-dasharray=\"{}\"", stroke.dash);
    }
    out
}

fn brush(fill: &Fill) -> String {
    let (mut out, part) = match fill.colour {
        Some(colour) => (format!(" fill=\"{colour}\""), "fill"),
        None => (" fill=\"none\"".to_owned(), "stroke"),
    };
    if fill.opacity < 1.0 {
        let _ = write!(out, " {part}-opacity=\"{}\"", number(fill.opacity));
    }
    if let Some((colour, width)) = fill.edge {
        let _ = write!(out, " stroke=\"{colour}\" stroke-width=\"{}\"", number(width));
    }
    out
}

fn words(text: &Text) -> String {
    let (x, y) = (number(text.at.0), number(text.at.1));
    let mut out = String::from("<text");
    if text.upright {
        let _ = write!(out, " transform=\"translate({x} {y}) rotate(-90)\"");
    } else {
        let _ = write!(out, " x=\"{x}\" y=\"{y}\"");
    }
    let _ = write!(out, " font-size=\"{}\"", number(text.font.size));
    if text.font.bold {
        out.push_str(" font-weight=\"700\"");
    }
    match text.anchor {
        Anchor::Start => {}
        Anchor::Middle => out.push_str(" text-anchor=\"middle\""),
        Anchor::End => out.push_str(" text-anchor=\"end\""),
    }
    let _ = write!(out, " fill=\"{}\">{}</text>", text.colour, escape(&text.content));
    out
}

/// At most two decimals, no trailing zeros, no negative zero.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn escape(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{escape, number};

    #[test]
    fn numbers_are_short() {
        let cases = [(1.0, "1"), (0.5, "0.5"), (-0.001, "0"), (-2.506, "-2.51"), (100.0, "100")];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn markup_is_escaped() {
        assert_eq!(escape("a<b & \"c\">"), "a&lt;b &amp; &quot;c&quot;&gt;");
    }
}
