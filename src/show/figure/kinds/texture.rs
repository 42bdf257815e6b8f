//! Rectangles with a texture, drawn line by line: an SVG pattern would need a
//! name, and pictures on one page would have to agree on names.

use crate::show::figure::scene::{Fill, Rect, Scene, Shape, Spot, Stroke};
use crate::show::figure::theme::{self, Brush, Texture};

/// Between the lines of a texture.
const STEP: f64 = 4.5;

/// Fills a rectangle, with an edge.
pub(crate) fn fill(scene: &mut Scene, rect: Rect, brush: Brush) {
    scene.rect(rect, Fill { colour: Some(brush.colour), opacity: 1.0, edge: None });
    let pieces = pieces(rect, brush.texture);
    if !pieces.is_empty() {
        let width = if brush.texture == Texture::Dots { 1.5 } else { 0.8 };
        scene.shapes.push(Shape::Pieces { pieces, stroke: Stroke { colour: brush.pen, width, dash: "" } });
    }
    scene.rect(rect, Fill { colour: None, opacity: 1.0, edge: Some((theme::INK, 0.5)) });
}

/// The lines of a texture inside a rectangle. They lie on one lattice of the whole picture.
fn pieces(rect: Rect, texture: Texture) -> Vec<(Spot, Spot)> {
    let Rect { left, top, right, bottom } = rect;
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
        let rect = Rect { left: 10.3, top: 20.7, right: 41.0, bottom: 39.0 };
        let textures = [Texture::Rising, Texture::Falling, Texture::Dots, Texture::Level, Texture::Upright];
        for texture in textures {
            let pieces = pieces(rect, texture);
            assert!(pieces.len() >= 3, "{texture:?}");
            for (x, y) in pieces.into_iter().flat_map(|(from, to)| [from, to]) {
                let inside = (rect.left - 1e-9..=rect.right + 1e-9).contains(&x)
                    && (rect.top - 1e-9..=rect.bottom + 1e-9).contains(&y);
                assert!(inside, "{texture:?}: {x} {y}");
            }
        }
    }
}
