//! The shared legend above the panels: entries in one row, or in equal columns.

use super::scene::{Anchor, Scene, Shape, Stroke};
use super::{panel, text, theme};

const SWATCH: f64 = 24.0;
const PAD: f64 = 6.0;
const GAP: f64 = 20.0;
const LEADING: f64 = 17.0;

/// Draws one entry per name (index in the palette, label) between `left` and `right`, below
/// `top`; returns where the legend ends.
pub(super) fn draw(scene: &mut Scene, names: &[(usize, &str)], (left, right): (f64, f64), top: f64) -> f64 {
    let room = right - left;
    let labels: Vec<String> = names
        .iter()
        .map(|(_, name)| text::wrap(name, theme::LABEL, room - SWATCH - PAD, 1).concat())
        .collect();
    let widths: Vec<f64> =
        labels.iter().map(|label| SWATCH + PAD + text::width(label, theme::LABEL) + GAP).collect();
    let offsets = offsets(&widths, room + GAP);
    for (((x, line), (series, _)), label) in offsets.iter().zip(names).zip(&labels) {
        let middle = top + LEADING * (*line as f64 + 0.5);
        entry(scene, left + x, middle, *series, label);
    }
    top + LEADING * offsets.last().map_or(0.0, |last| last.1 as f64 + 1.0)
}

fn entry(scene: &mut Scene, left: f64, middle: f64, series: usize, label: &str) {
    let style = theme::style(series);
    let spots = vec![(left, middle), (left + SWATCH, middle)];
    let stroke = Stroke { colour: style.colour, width: theme::LINE, dash: style.dash };
    scene.shapes.push(Shape::Open { spots, stroke });
    panel::mark(scene, style.mark, (left + SWATCH / 2.0, middle), style.colour);
    let at = (left + SWATCH + PAD, middle + 0.36 * theme::LABEL.size);
    scene.write(label, at, Anchor::Start, theme::LABEL, theme::INK);
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
