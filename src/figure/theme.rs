//! One place for sizes, inks and series styles. All lengths are pixels of the SVG.

use super::text::Font;

pub(super) const FAMILIES: &str = "Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif";

pub(super) const TITLE: Font = Font { size: 14.0, bold: true };
pub(super) const LABEL: Font = Font { size: 11.0, bold: false };
pub(super) const LETTER: Font = Font { size: 11.0, bold: true };
pub(super) const TICK: Font = Font { size: 10.0, bold: false };
pub(super) const SMALL: Font = Font { size: 10.0, bold: false };

pub(super) const INK: &str = "#1a1a1a";
pub(super) const SOFT: &str = "#4d4d4d";
pub(super) const AXIS: &str = "#4d4d4d";
pub(super) const GRID: &str = "#e6e6e6";
pub(super) const ZERO: &str = "#c8c8c8";
pub(super) const REFERENCE: &str = "#8c8c8c";
pub(super) const REFERENCE_DASH: &str = "5 2.5";
pub(super) const REFERENCE_TEXT: &str = "#6b6b6b";

pub(super) const MARGIN: f64 = 14.0;
/// Between panels of a row; tick labels may reach half-way into it.
pub(super) const GAP: f64 = 20.0;
pub(super) const HAIR: f64 = 0.8;
pub(super) const LINE: f64 = 1.6;
pub(super) const MARK: f64 = 2.9;
pub(super) const BAND: f64 = 0.17;
/// Marks of one line stand at least this far apart.
pub(super) const MARK_SPACING: f64 = 9.0;

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
    pub(super) colour: &'static str,
    /// The same hue, dark enough for text on white.
    pub(super) ink: &'static str,
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
const COLOURS: [(&str, &str); 7] = [
    ("#0072b2", "#005f94"),
    ("#e69f00", "#8f6200"),
    ("#000000", "#000000"),
    ("#009e73", "#00704f"),
    ("#d55e00", "#ab4b00"),
    ("#56b4e9", "#1f74a3"),
    ("#cc79a7", "#a04a7a"),
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
    use super::style;

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
