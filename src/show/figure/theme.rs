//! One place for sizes, inks and series styles. All lengths are pixels of the SVG.

use super::colour::{Colour, WHITE};
use super::text::Font;
use crate::study::config::Style;

/// Of the whole figure; the first is embedded.
pub(super) const FAMILIES: &str = "Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif";

pub(super) const INK: Colour = Colour(0x1a1a1a);
pub(super) const SOFT: Colour = Colour(0x4d4d4d);
pub(super) const GRID: Colour = Colour(0xe6e6e6);
pub(super) const ZERO: Colour = Colour(0xc8c8c8);
pub(super) const REFERENCE: Colour = Colour(0x8c8c8c);
pub(super) const REFERENCE_DASH: Pen = Pen::Dashed(&[5.0, 2.5]);
pub(super) const THRESHOLD_DASH: Pen = Pen::Dashed(&[1.5, 2.5]);
pub(super) const REFERENCE_TEXT: Colour = Colour(0x6b6b6b);

pub(super) const MARGIN: f64 = 14.0;
/// Between panels of a row; tick labels may reach half-way into it.
pub(super) const GAP: f64 = 20.0;
/// Between tick labels and the axis.
pub(super) const TICK_GAP: f64 = 6.0;
pub(super) const HAIR: f64 = 0.8;
pub(super) const BAND: f64 = 0.17;

/// What plotters cannot say of the elements of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Pen {
    /// Lines are solid, areas have no rim.
    Plain,
    /// Lines are broken: lengths of dashes and gaps by turns.
    Dashed(&'static [f64]),
    /// Areas have a rim of a colour and width.
    Rimmed(Colour, f64),
}

/// A thin white rim lifts a mark off the lines under it.
pub(super) const RIM: Pen = Pen::Rimmed(WHITE, 0.7);

/// Of the mark at a sum.
pub(super) const TOTAL: Pen = Pen::Rimmed(INK, 1.1);

/// What theory says: wide and pale, one pattern per overlay.
pub(super) const THEORY: Colour = Colour(0x333333);
const THEORY_WIDER: f64 = 3.9;
const THEORY_PALER: f64 = 0.62;
const THEORY_DASHES: [Pen; 4] =
    [Pen::Plain, Pen::Dashed(&[5.0, 2.5]), Pen::Dashed(&[2.0, 2.0]), Pen::Dashed(&[9.0, 2.5, 2.5, 2.5])];

/// A boundary on a heat map: ink in a white casing, so that it shows on every colour, on a
/// projector and in grey.
pub(super) const BOUNDARY_LINE: f64 = 1.8;
pub(super) const CASING: f64 = 2.4;
pub(super) const BOUNDARY_DASHES: [Pen; 3] = [Pen::Plain, Pen::Dashed(&[6.0, 3.0]), Pen::Dashed(&[2.0, 2.5])];

/// What has this place in a list that begins again where it ends.
pub(super) fn nth<T: Copy>(list: &[T], place: usize) -> T {
    list[place % list.len()]
}

/// Width of what stands for a series in a legend.
pub(super) const SWATCH: f64 = 24.0;

/// Widest figure, unless its style says otherwise: a page.
const PAGE: f64 = 760.0;

/// The house style, as far as an experiment's own does not change it.
pub(super) struct Theme {
    colours: Vec<Colour>,
    width: Option<f64>,
    height: Option<f64>,
    /// How many times the house's sizes letters have.
    pub(super) zoom: f64,
    pub(super) title: Font,
    pub(super) label: Font,
    /// Of a panel.
    pub(super) letter: Font,
    /// Of tick labels and of small print.
    pub(super) small: Font,
    /// Width of a line.
    pub(super) line: f64,
    /// Radius of a mark.
    pub(super) mark: f64,
}

impl Theme {
    pub(super) fn new(style: &Style) -> Theme {
        let (size, zoom) = (style.size.unwrap_or(1.0), style.font_size.unwrap_or(11.0) / 11.0);
        let font = |size: f64, bold| Font { size: size * zoom, bold };
        let hex = |colour: &String| u32::from_str_radix(colour.strip_prefix('#')?, 16).ok().map(Colour);
        Theme {
            colours: style.colours.iter().filter_map(hex).collect(),
            width: style.width,
            height: style.height,
            zoom,
            title: font(14.0, true),
            label: font(11.0, false),
            letter: font(11.0, true),
            small: font(10.0, false),
            line: 1.6 * size,
            mark: 2.9 * size,
        }
    }

    /// Usual and greatest width of a figure, and height of one panel, for so many columns.
    pub(super) fn sheet(&self, columns: usize) -> (f64, f64, f64) {
        let (width, height) = match columns {
            0 | 1 => (560.0, 270.0),
            2 => (680.0, 210.0),
            3 => (PAGE, 170.0),
            _ => (PAGE, 160.0),
        };
        let page = self.width.unwrap_or(PAGE);
        let shrunk = height * self.width.map_or(1.0, |own| (own / width).clamp(0.6, 1.6));
        (self.width.unwrap_or(width), page, self.height.unwrap_or(shrunk))
    }

    /// Room for so many upright lines of a label beside a panel, or for its title above.
    pub(super) fn beside(&self, lines: usize) -> f64 {
        if lines > 0 { self.label.leading() * lines as f64 + 4.0 } else { 0.0 }
    }

    /// The look of the series with this index; past the palette dashes begin and marks shift by one.
    pub(super) fn look(&self, series: usize) -> Look {
        let count = self.colours.len().max(COLOURS.len());
        let (turn, place) = (series / count, series % count);
        let house = || COLOURS.get(place).copied().map_or(INK, Colour);
        let colour = self.colours.get(place).copied().unwrap_or_else(house);
        Look { colour, mark: nth(&MARKS, place + turn), pen: nth(&DASHES, turn) }
    }

    /// Colour, width and dashes of an overlay: of a series of a colour, or of all.
    pub(super) fn theory(&self, of: Option<Colour>, overlay: usize) -> (Colour, f64, Pen) {
        let colour = of.unwrap_or(THEORY).mix(WHITE, THEORY_PALER);
        (colour, self.line + THEORY_WIDER, nth(&THEORY_DASHES, overlay))
    }

    /// The brush of the bars with this index; past the palette the textures shift by one.
    pub(super) fn brush(&self, series: usize) -> Brush {
        let (turn, place) = (series / BRUSHES.len(), series % BRUSHES.len());
        let ((house, _, pen), (_, texture, _)) = (BRUSHES[place], nth(&BRUSHES, place + turn));
        match self.colours.get(series) {
            Some(&colour) => Brush { colour, texture, pen: colour.ink().mix(colour, 0.3) },
            None => Brush { colour: Colour(house), texture, pen: Colour(pen) },
        }
    }
}

/// How one series looks everywhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Look {
    pub(super) colour: Colour,
    pub(super) mark: Mark,
    pub(super) pen: Pen,
}

/// Okabe–Ito without yellow, too pale on white; neighbours in the order differ in lightness
/// (about 46, 71, 0, 58, 53, 70, 62 of 100), so that colour can be lost in print.
const COLOURS: [u32; 7] = [0x0072b2, 0xe69f00, 0x000000, 0x009e73, 0xd55e00, 0x56b4e9, 0xcc79a7];
const MARKS: [Mark; 7] =
    [Mark::Circle, Mark::Square, Mark::Triangle, Mark::Diamond, Mark::TriangleDown, Mark::Plus, Mark::Cross];
const DASHES: [Pen; 4] =
    [Pen::Plain, Pen::Dashed(&[6.0, 2.5]), Pen::Dashed(&[1.5, 2.0]), Pen::Dashed(&[7.0, 2.0, 1.5, 2.0])];

impl Look {
    /// The same with these dashes of the house.
    pub(super) fn dashed(self, dashes: usize) -> Look {
        Look { pen: nth(&DASHES, dashes), ..self }
    }
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
            Mark::Plus => &PLUS,
            Mark::Cross => &CROSS,
        }
    }
}

#[rustfmt::skip]
const PLUS: [(f64, f64); 12] = [
    (-0.45, -1.3), (0.45, -1.3), (0.45, -0.45), (1.3, -0.45), (1.3, 0.45), (0.45, 0.45),
    (0.45, 1.3), (-0.45, 1.3), (-0.45, 0.45), (-1.3, 0.45), (-1.3, -0.45), (-0.45, -0.45),
];
#[rustfmt::skip]
const CROSS: [(f64, f64); 12] = [
    (0.0, -0.6), (0.6, -1.2), (1.2, -0.6), (0.6, 0.0), (1.2, 0.6), (0.6, 1.2),
    (0.0, 0.6), (-0.6, 1.2), (-1.2, 0.6), (-0.6, 0.0), (-1.2, -0.6), (-0.6, -1.2),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn house() -> Theme {
        Theme::new(&Style::default())
    }

    #[test]
    fn bars_side_by_side_differ_in_lightness_and_in_texture() {
        for one in 0..36 {
            for other in 0..one {
                assert_ne!(house().brush(one), house().brush(other));
            }
            let (this, next) = (house().brush(one), house().brush(one + 1));
            assert!(this.colour.contrast(next.colour) > 1.5 && this.texture != next.texture, "{one}");
        }
    }

    #[test]
    fn twenty_eight_series_look_different() {
        for one in 0..28 {
            for other in 0..one {
                let (one, other) = (house().look(one), house().look(other));
                assert_ne!(one, other);
                assert!(!(one.mark == other.mark && one.colour == other.colour));
            }
        }
    }

    #[test]
    fn a_style_replaces_colours_from_the_first_and_scales_sizes() {
        let colours = vec!["#ff0000".to_owned(), "#ffff00".to_owned()];
        let own = Theme::new(&Style { colours, size: Some(2.0), font_size: Some(22.0), ..Style::default() });
        assert_eq!([own.look(0), own.look(2)].map(|look| look.colour), [Colour(0xff0000), Colour(0)]);
        assert!(own.look(1).colour.legible().contrast(Colour(0xffffff)) >= 4.5);
        assert_eq!(own.brush(1).colour, Colour(0xffff00));
        assert_eq!((own.title.size, own.small.size, own.mark), (28.0, 20.0, 5.8));
    }
}
