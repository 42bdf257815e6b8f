//! The shared legend above the panels: entries in one row, or in equal columns,
//! after the name of what they are levels of.

use super::kinds;
use super::scene::{Anchor, Rect, Scene, Shape, Stroke};
use super::theme::{self, Brush, Style};
use super::{Kind, text};

const SWATCH: f64 = 24.0;
const PAD: f64 = 6.0;
const GAP: f64 = 20.0;
const LEADING: f64 = 17.0;
/// A longer name of the axis is left to the caption.
const LONGEST_HEAD: f64 = 110.0;

/// One name and what it names.
pub(super) struct Entry {
    pub(super) label: String,
    pub(super) sign: Sign,
}

/// How a series looks.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Sign {
    Series(Style, Kind),
    Bar(Brush),
    Total,
    /// With these dashes.
    Theory(&'static str),
    /// With these dashes.
    Boundary(&'static str),
}

/// Whether a legend begins with this name of what its entries are levels of.
pub(super) fn shows_head(head: &str) -> bool {
    !text::clean(head).is_empty() && text::width(&text::clean(head), theme::LABEL) <= LONGEST_HEAD
}

/// Draws the entries between `left` and `right`, below `top`, after `head`; returns where the
/// legend ends.
pub(super) fn draw(
    scene: &mut Scene,
    head: &str,
    entries: &[Entry],
    (left, right): (f64, f64),
    top: f64,
) -> f64 {
    if entries.is_empty() {
        return top;
    }
    let left = if shows_head(head) {
        let at = (left, top + LEADING * 0.5 + 0.36 * theme::LABEL.size);
        scene.write(&text::clean(head), at, Anchor::Start, theme::LABEL, theme::SOFT);
        left + text::width(&text::clean(head), theme::LABEL) + 14.0
    } else {
        left
    };
    let room = right - left;
    let labels: Vec<String> = entries
        .iter()
        .map(|entry| text::wrap(&entry.label, theme::LABEL, room - SWATCH - PAD, 1).concat())
        .collect();
    let widths: Vec<f64> =
        labels.iter().map(|label| SWATCH + PAD + text::width(label, theme::LABEL) + GAP).collect();
    let offsets = offsets(&widths, room + GAP);
    for (((x, line), entry), label) in offsets.iter().zip(entries).zip(&labels) {
        let middle = top + LEADING * (*line as f64 + 0.5);
        draw_sign(scene, entry.sign, left + x, middle);
        let at = (left + x + SWATCH + PAD, middle + 0.36 * theme::LABEL.size);
        scene.write(label, at, Anchor::Start, theme::LABEL, theme::INK);
    }
    top + LEADING * offsets.last().map_or(0.0, |last| last.1 as f64 + 1.0)
}

fn draw_sign(scene: &mut Scene, sign: Sign, left: f64, middle: f64) {
    let spots = vec![(left, middle), (left + SWATCH, middle)];
    let centre = (left + SWATCH / 2.0, middle);
    match sign {
        Sign::Series(style, Kind::Scatter) => {
            kinds::open_mark(scene, style, centre);
        }
        Sign::Series(style, _) => {
            let stroke = Stroke { colour: style.colour, width: theme::LINE, dash: style.dash };
            scene.shapes.push(Shape::Open { spots, stroke });
            kinds::mark(scene, style.mark, centre, style.colour);
        }
        Sign::Bar(brush) => {
            let rect = Rect {
                left: left + 2.0,
                top: middle - 5.5,
                right: left + SWATCH - 2.0,
                bottom: middle + 5.5,
            };
            kinds::textured(scene, rect, brush);
        }
        Sign::Total => kinds::total(scene, centre),
        Sign::Boundary(dash) => kinds::boundary(scene, spots, dash),
        Sign::Theory(dash) => {
            let stroke = Stroke { colour: theme::THEORY, width: theme::THEORY_LINE, dash };
            scene.shapes.push(Shape::Open { spots, stroke });
        }
    }
}

/// Offset and line of each entry: in as few lines as fit, each column as wide as its widest.
fn offsets(widths: &[f64], room: f64) -> Vec<(f64, usize)> {
    let count = widths.len();
    let columns = |lines: usize| -> Vec<f64> {
        let columns = count.div_ceil(lines);
        let widest = |column| widths.iter().skip(column).step_by(columns).copied().fold(0.0, f64::max);
        (0..columns).map(widest).collect()
    };
    let fits = |columns: &Vec<f64>| columns.iter().sum::<f64>() <= room || columns.len() == 1;
    let columns = (1..=count).map(columns).find(fits).unwrap_or_default();
    let left = |column: usize| columns[..column].iter().sum();
    (0..count).map(|entry| (left(entry % columns.len()), entry / columns.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::offsets;

    #[test]
    fn entries_take_one_line_or_even_columns() {
        assert_eq!(offsets(&[30.0, 50.0], 80.0), [(0.0, 0), (30.0, 0)]);
        assert_eq!(offsets(&[30.0, 50.0, 40.0], 100.0), [(0.0, 0), (40.0, 0), (0.0, 1)]);
        assert_eq!(offsets(&[30.0, 500.0], 80.0), [(0.0, 0), (0.0, 1)]);
        assert_eq!(offsets(&[], 80.0), []);
    }
}
