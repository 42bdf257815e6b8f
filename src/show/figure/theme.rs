//! One place for sizes, inks and series styles. All lengths are pixels of the SVG.

use super::colour::Colour;
use super::text::Font;

pub(super) const FAMILIES: &str = "Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif";

pub(super) const TITLE: Font = Font { size: 14.0, bold: true };
pub(super) const LABEL: Font = Font { size: 11.0, bold: false };
pub(super) const LETTER: Font = Font { size: 11.0, bold: true };
pub(super) const TICK: Font = Font { size: 10.0, bold: false };
pub(super) const SMALL: Font = Font { size: 10.0, bold: false };

pub(super) const INK: Colour = Colour(0x1a1a1a);
pub(super) const SOFT: Colour = Colour(0x4d4d4d);
pub(super) const AXIS: Colour = Colour(0x4d4d4d);
pub(super) const GRID: Colour = Colour(0xe6e6e6);
pub(super) const ZERO: Colour = Colour(0xc8c8c8);
pub(super) const REFERENCE: Colour = Colour(0x8c8c8c);
pub(super) const REFERENCE_DASH: &str = "5 2.5";
pub(super) const REFERENCE_TEXT: Colour = Colour(0x6b6b6b);

pub(super) const MARGIN: f64 = 14.0;
/// Between panels of a row; tick labels may reach half-way into it.
pub(super) const GAP: f64 = 20.0;
pub(super) const HAIR: f64 = 0.8;
pub(super) const LINE: f64 = 1.6;
pub(super) const MARK: f64 = 2.9;
pub(super) const BAND: f64 = 0.17;
/// Marks of one line stand at least this far apart.
pub(super) const MARK_SPACING: f64 = 9.0;

/// What theory says: thin dark dashes, one pattern per overlay.
pub(super) const THEORY: Colour = Colour(0x333333);
pub(super) const THEORY_LINE: f64 = 1.0;
const THEORY_DASHES: [&str; 4] = ["4 2.5", "1.5 1.8", "7 2 1.5 2", "9 3"];

/// The dashes of the overlay with this index.
pub(super) fn theory_dash(overlay: usize) -> &'static str {
    THEORY_DASHES[overlay % THEORY_DASHES.len()]
}

/// A boundary on a heat map: ink in a white casing, so that it shows on every colour, on a
/// projector and in grey.
pub(super) const BOUNDARY_LINE: f64 = 1.8;
pub(super) const CASING: f64 = 2.4;
const BOUNDARY_DASHES: [&str; 3] = ["", "6 3", "2 2.5"];

/// The dashes of the boundaries of the overlay with this index.
pub(super) fn boundary_dash(overlay: usize) -> &'static str {
    BOUNDARY_DASHES[overlay % BOUNDARY_DASHES.len()]
}

/// Width of the canvas and height of one panel, for so many columns.
pub(super) fn sheet(columns: usize) -> (f64, f64) {
    match columns {
        0 | 1 => (560.0, 270.0),
        2 => (680.0, 210.0),
        3 => (760.0, 170.0),
        more => (760.0 + 190.0 * (more - 3) as f64, 160.0),
    }
}

/// How one series looks everywhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Style {
    pub(super) colour: Colour,
    /// The same hue, dark enough for text on white.
    pub(super) ink: Colour,
    pub(super) mark: Mark,
    /// SVG dash array; empty: solid.
    pub(super) dash: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Mark {
    Circle,
    Square,
    Triangle,
    Diamond,
    TriangleDown,
    Plus,
    Cross,
}

/// Okabe–Ito without yellow, too pale on white; neighbours in the order differ in lightness
/// (about 46, 71, 0, 58, 53, 70, 62 of 100), so that colour can be lost in print.
const COLOURS: [(Colour, Colour); 7] = [
    (Colour(0x0072b2), Colour(0x005f94)),
    (Colour(0xe69f00), Colour(0x8f6200)),
    (Colour(0x000000), Colour(0x000000)),
    (Colour(0x009e73), Colour(0x00704f)),
    (Colour(0xd55e00), Colour(0xab4b00)),
    (Colour(0x56b4e9), Colour(0x1f74a3)),
    (Colour(0xcc79a7), Colour(0xa04a7a)),
];
const MARKS: [Mark; 7] =
    [Mark::Circle, Mark::Square, Mark::Triangle, Mark::Diamond, Mark::TriangleDown, Mark::Plus, Mark::Cross];
const DASHES: [&str; 4] = ["", "6 2.5", "1.5 2", "7 2 1.5 2"];

/// The style of the series with this index; past the palette dashes begin and marks shift by one.
pub(super) fn style(series: usize) -> Style {
    let (turn, place) = (series / COLOURS.len(), series % COLOURS.len());
    let (colour, ink) = COLOURS[place];
    let mark = MARKS[(place + turn) % MARKS.len()];
    Style { colour, ink, mark, dash: DASHES[turn % DASHES.len()] }
}

/// How one series of bars looks everywhere: told apart by lightness and by texture as well as by
/// hue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Brush {
    pub(super) colour: Colour,
    pub(super) texture: Texture,
    /// Of the texture's lines.
    pub(super) pen: Colour,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Texture {
    Plain,
    /// ///
    Rising,
    /// \\\
    Falling,
    Dots,
    Level,
    Upright,
}

const BRUSHES: [(u32, Texture, u32); 6] = [
    (0x0072b2, Texture::Plain, 0xffffff),
    (0xf0b236, Texture::Rising, 0x6b4a00),
    (0x3d3d3d, Texture::Falling, 0xd9d9d9),
    (0xc2e5d8, Texture::Dots, 0x00604a),
    (0xd55e00, Texture::Level, 0xffe3cc),
    (0xdfdfdf, Texture::Upright, 0x4d4d4d),
];
const TEXTURES: [Texture; 6] =
    [Texture::Plain, Texture::Rising, Texture::Falling, Texture::Dots, Texture::Level, Texture::Upright];

/// The brush of the series with this index; past the palette the textures shift by one.
pub(super) fn brush(series: usize) -> Brush {
    let (turn, place) = (series / BRUSHES.len(), series % BRUSHES.len());
    let (colour, _, pen) = BRUSHES[place];
    let texture = TEXTURES[(place + turn) % TEXTURES.len()];
    Brush { colour: Colour(colour), texture, pen: Colour(pen) }
}

impl Mark {
    /// Corners around the origin for a mark of radius 1, of about the area of that circle;
    /// empty for the circle itself.
    pub(super) fn corners(self) -> &'static [(f64, f64)] {
        match self {
            Mark::Circle => &[],
            Mark::Square => &[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
            Mark::Triangle => &[(0.0, -1.35), (1.2, 0.8), (-1.2, 0.8)],
            Mark::Diamond => &[(0.0, -1.35), (1.35, 0.0), (0.0, 1.35), (-1.35, 0.0)],
            Mark::TriangleDown => &[(0.0, 1.35), (1.2, -0.8), (-1.2, -0.8)],
            Mark::Plus => &[
                (-0.45, -1.3),
                (0.45, -1.3),
                (0.45, -0.45),
                (1.3, -0.45),
                (1.3, 0.45),
                (0.45, 0.45),
                (0.45, 1.3),
                (-0.45, 1.3),
                (-0.45, 0.45),
                (-1.3, 0.45),
                (-1.3, -0.45),
                (-0.45, -0.45),
            ],
            Mark::Cross => &[
                (0.0, -0.6),
                (0.6, -1.2),
                (1.2, -0.6),
                (0.6, 0.0),
                (1.2, 0.6),
                (0.6, 1.2),
                (0.0, 0.6),
                (-0.6, 1.2),
                (-1.2, 0.6),
                (-0.6, 0.0),
                (-1.2, -0.6),
                (-0.6, -1.2),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_side_by_side_differ_in_lightness_and_in_texture() {
        for one in 0..36 {
            for other in 0..one {
                assert_ne!(brush(one), brush(other));
            }
            let (this, next) = (brush(one), brush(one + 1));
            assert!(this.colour.contrast(next.colour) > 1.5 && this.texture != next.texture, "{one}");
        }
    }

    #[test]
    fn twenty_eight_series_look_different() {
        for one in 0..28 {
            for other in 0..one {
                assert_ne!(style(one), style(other));
                let same_sign = style(one).mark == style(other).mark;
                assert!(!(same_sign && style(one).colour == style(other).colour));
            }
        }
    }
}
