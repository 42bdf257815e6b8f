//! Rectangles with a texture, drawn line by line: an SVG pattern would need a
//! name, and pictures on one page would have to agree on names.

use crate::show::figure::pen::{Area, Done, Spot, UNIT, fill, spot, stroke};
use crate::show::figure::theme::{self, Brush, Texture};
use plotters::prelude::{PathElement, Rectangle};

/// Between the lines of a texture.
const STEP: f64 = 4.5;

/// A rectangle in pixels: left, top, right, bottom.
type Rect = [f64; 4];

/// Fills a rectangle, given in units, with an edge.
pub(crate) fn textured(area: &Area<'_>, rect: (i32, i32, i32, i32), brush: Brush) -> Done {
    let (left, top, right, bottom) = rect;
    area.draw(&Rectangle::new([(left, top), (right, bottom)], fill(brush.colour, 1.0)))?;
    hatched(area, [left, top, right, bottom].map(|unit| f64::from(unit) / UNIT), brush)?;
    let edge = vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top), (right, top)];
    area.draw(&PathElement::new(edge, stroke(theme::INK, 0.5)))
}

/// The lines of a texture alone.
pub(super) fn hatched(area: &Area<'_>, rect: Rect, brush: Brush) -> Done {
    let style = stroke(brush.pen, if brush.texture == Texture::Dots { 1.5 } else { 0.8 });
    let piece = |(from, to): (Spot, Spot)| area.draw(&PathElement::new(vec![spot(from), spot(to)], style));
    pieces(rect, brush.texture).into_iter().try_for_each(piece)
}

/// The lines of a texture inside a rectangle. They lie on one lattice of the whole picture.
fn pieces([left, top, right, bottom]: Rect, texture: Texture) -> Vec<(Spot, Spot)> {
    let lattice = |low: f64, high: f64, step: f64| {
        let (first, last) = ((low / step).ceil() as i64, (high / step).floor() as i64);
        (first..=last).map(move |i| i as f64 * step)
    };
    let diagonal = STEP * std::f64::consts::SQRT_2;
    match texture {
        Texture::Plain => Vec::new(),
        Texture::Rising => lattice(left + top, right + bottom, diagonal)
            .map(|c| (left.max(c - bottom), right.min(c - top), c))
            .filter(|(from, to, _)| to > from)
            .map(|(from, to, c)| ((from, c - from), (to, c - to)))
            .collect(),
        Texture::Falling => lattice(left - bottom, right - top, diagonal)
            .map(|c| (left.max(c + top), right.min(c + bottom), c))
            .filter(|(from, to, _)| to > from)
            .map(|(from, to, c)| ((from, from - c), (to, to - c)))
            .collect(),
        Texture::Level => lattice(top + 1.0, bottom - 1.0, STEP).map(|y| ((left, y), (right, y))).collect(),
        Texture::Upright => lattice(left + 1.0, right - 1.0, STEP).map(|x| ((x, top), (x, bottom))).collect(),
        Texture::Dots => lattice(top + 1.0, bottom - 1.0, STEP)
            .flat_map(|y| lattice(left + 1.0, right - 1.0, STEP).map(move |x| ((x - 0.75, y), (x + 0.75, y))))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn textures_stay_inside_and_leave_no_large_rectangle_bare() {
        let rect = [10.3, 20.7, 41.0, 39.0];
        let textures = [Texture::Rising, Texture::Falling, Texture::Dots, Texture::Level, Texture::Upright];
        for texture in textures {
            let pieces = pieces(rect, texture);
            assert!(pieces.len() >= 3, "{texture:?}");
            for (x, y) in pieces.into_iter().flat_map(|(from, to)| [from, to]) {
                let inside = (rect[0] - 1e-9..=rect[2] + 1e-9).contains(&x)
                    && (rect[1] - 1e-9..=rect[3] + 1e-9).contains(&y);
                assert!(inside, "{texture:?}: {x} {y}");
            }
        }
    }
}
