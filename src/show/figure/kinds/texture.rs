//! Rectangles with a texture, drawn line by line: an SVG pattern would need a
//! name, and pictures on one page would have to agree on names.

use super::*;
use crate::show::figure::theme::Texture;

/// Between the lines of a texture.
const STEP: f64 = 4.5;

/// Fills a rectangle between two corners, with an edge, on whole units.
pub(super) fn textured(area: &Area<'_>, corners: [Spot; 2], brush: Brush) -> Done {
    let corners = corners.map(|(x, y)| (f64::from(at(x)) / UNIT, f64::from(at(y)) / UNIT));
    if corners[0].1 == corners[1].1 {
        return area.line(corners, stroke(brush.colour, 1.0));
    }
    area.rect(corners, fill(brush.colour, 1.0))?;
    hatched(area, corners, brush)?;
    edge(area, corners, 1, stroke(theme::INK, 0.5))
}

/// The edge of a rectangle, past the first corner by so many sides.
pub(super) fn edge(area: &Area<'_>, corners: [Spot; 2], more: usize, style: ShapeStyle) -> Done {
    let [(left, top), (right, bottom)] = corners;
    let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
    area.line(corners.into_iter().cycle().take(5 + more).collect::<Vec<_>>(), style)
}

/// The lines of a texture alone.
pub(super) fn hatched(area: &Area<'_>, corners: [Spot; 2], brush: Brush) -> Done {
    let style = stroke(brush.pen, if brush.texture == Texture::Dots { 1.5 } else { 0.8 });
    pieces(corners, brush.texture).into_iter().try_for_each(|ends| area.line(ends, style))
}

/// The lines of a texture inside a rectangle. They lie on one lattice of the whole picture.
fn pieces([(left, top), (right, bottom)]: [Spot; 2], texture: Texture) -> Vec<[Spot; 2]> {
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
            .map(|(from, to, c)| [(from, c - from), (to, c - to)])
            .collect(),
        Texture::Falling => lattice(left - bottom, right - top, diagonal)
            .map(|c| (left.max(c + top), right.min(c + bottom), c))
            .filter(|(from, to, _)| to > from)
            .map(|(from, to, c)| [(from, from - c), (to, to - c)])
            .collect(),
        Texture::Level => lattice(top + 1.0, bottom - 1.0, STEP).map(|y| [(left, y), (right, y)]).collect(),
        Texture::Upright => lattice(left + 1.0, right - 1.0, STEP).map(|x| [(x, top), (x, bottom)]).collect(),
        Texture::Dots => lattice(top + 1.0, bottom - 1.0, STEP)
            .flat_map(|y| lattice(left + 1.0, right - 1.0, STEP).map(move |x| [(x - 0.75, y), (x + 0.75, y)]))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn textures_stay_inside_and_leave_no_large_rectangle_bare() {
        let corners = [(10.3, 20.7), (41.0, 39.0)];
        let textures = [Texture::Rising, Texture::Falling, Texture::Dots, Texture::Level, Texture::Upright];
        for texture in textures {
            let pieces = pieces(corners, texture);
            assert!(pieces.len() >= 3, "{texture:?}");
            for (x, y) in pieces.into_iter().flatten() {
                let inside =
                    (10.3 - 1e-9..=41.0 + 1e-9).contains(&x) && (20.7 - 1e-9..=39.0 + 1e-9).contains(&y);
                assert!(inside, "{texture:?}: {x} {y}");
            }
        }
    }
}
