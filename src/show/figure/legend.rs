//! The shared legend above the panels: entries in one row, or in equal columns,
//! after the name of what they are levels of. plotters' own stands inside a panel, in one column.

use super::chart::{Chart, Line, Role};
use super::colour::WHITE;
use super::kinds::{Tools, boundary};
use super::pen::{self, Done, Error, Page, Spot, fill, stroke};
use super::text;
use super::theme::{self, Mark, SWATCH};
use crate::study::config::Measured;
use indexmap::IndexMap;

const PAD: f64 = 6.0;
const GAP: f64 = 20.0;
/// A longer name of the axis is left to the caption.
const LONGEST_HEAD: f64 = 110.0;
/// More names than this nobody reads; the rest is counted.
const MOST: usize = 60;

/// Draws the entries between ends on the left and the right, below `top`; returns where the legend ends.
pub(super) fn draw(page: &mut Page, tools: &Tools<'_>, ends: (f64, f64), top: f64) -> Result<f64, Error> {
    let ((left, right), chart, font) = (ends, tools.chart, tools.theme.label);
    let leading = 1.55 * font.size;
    let mut entries = entries(chart);
    let more = entries.len().saturating_sub(MOST);
    entries.truncate(MOST);
    if entries.is_empty() {
        return Ok(top);
    }
    let head = text::clean(&chart.by);
    // The axis that heads the legend of series stands beside a heat map.
    let is_headed = !names_beside(chart)
        && !head.is_empty()
        && text::width(&head, font) <= LONGEST_HEAD * tools.theme.zoom;
    page.open("legend", "");
    let indent = if is_headed { text::width(&head, font) + 14.0 } else { 0.0 };
    let start = left + indent;
    if is_headed {
        page.write("head", &[&head], (left, top + leading / 2.0), pen::AFTER, (font, theme::SOFT))?;
    }
    let short = |line: &Line| {
        let rest = line.label.strip_prefix(&chart.by).and_then(|rest| rest.strip_prefix(' '));
        let label = rest.filter(|rest| is_headed && !rest.is_empty()).unwrap_or(&line.label);
        text::wrap(label, font, right - start - SWATCH - PAD, 1).concat()
    };
    let mut labels: Vec<String> = entries.iter().map(|line| short(line)).collect();
    labels.extend((more > 0).then(|| format!("… and {more} more")));
    let widths: Vec<f64> = labels.iter().map(|l| SWATCH + PAD + text::width(l, font) + GAP).collect();
    let offsets = offsets(&widths, right - start + GAP);
    for (i, ((x, row), label)) in offsets.iter().zip(&labels).enumerate() {
        let place = (start + x, top + leading * (*row as f64 + 0.5));
        page.open("entry", label);
        if let Some(line) = entries.get(i) {
            sign(page, line, tools, place)?;
        }
        let after = (place.0 + SWATCH + PAD, place.1);
        page.write("name", &[label], after, pen::AFTER, (font, theme::INK))?;
        page.close();
    }
    page.close();
    Ok(top + leading * offsets.last().map_or(0.0, |last| last.1 as f64 + 1.0))
}

/// What is named: one series of each label, measured ones first.
fn entries(chart: &Chart) -> Vec<&Line> {
    let is_named = |line: &&Line| !(names_beside(chart) && line.role == Role::Measured);
    let mut entries: IndexMap<&str, &Line> = IndexMap::new();
    for line in chart.lines().filter(is_named).filter(|line| !text::clean(&line.label).is_empty()) {
        entries.entry(&line.label).or_insert(line);
    }
    entries.sort_by_key(|_, line| line.role != Role::Measured);
    entries.into_values().collect()
}

/// Whether the series have their names beside the panels, as an axis of slots.
fn names_beside(chart: &Chart) -> bool {
    chart.kind.traits().y == Measured::Colours
}

fn sign(page: &mut Page, line: &Line, tools: &Tools<'_>, (x, y): Spot) -> Done {
    let ends = [(x, y), (x + SWATCH, y)];
    match line.role {
        Role::Measured => (tools.chart.kind.form().sign)(page, line, tools, (x, y)),
        Role::Total => page.group(("sign", "", theme::TOTAL), |area| {
            let (middle, radius) = ((x + SWATCH / 2.0, y), 1.17 * tools.theme.mark);
            area.mark(middle, Mark::Diamond, radius, fill(WHITE, 1.0))
        }),
        Role::Theory { overlay, .. } => {
            let (colour, width, pen) = tools.theme.theory(None, overlay);
            page.group(("sign", "", pen), |area| area.line(ends, stroke(colour, width)))
        }
        // It has no name.
        Role::Seed { .. } => Ok(()),
        Role::Boundary { overlay } => boundary(overlay)
            .into_iter()
            .try_for_each(|(style, pen)| page.group(("sign", "", pen), |area| area.line(ends, style))),
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
