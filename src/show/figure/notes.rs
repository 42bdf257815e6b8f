//! Names beside the last panel of a row: of lines at their ends, of the reference at its height.
//!
//! The names are spread as little as possible (least squares, in the order of the ends). With
//! heights h and wanted centres c that is isotonic regression of c − Σ h, clamped to the panel:
//! exact, by pooling neighbours that collide.

use super::chart::{Line, Role, Row};
use super::kinds::{Frame, Tools};
use super::pen::{self, Done, Page, stroke};
use super::span::Span;
use super::text::{self, Font};
use super::theme::{self, Pen, Theme};
use crate::study::config::Measured;

/// From the panel's right edge to the names.
const INDENT: f64 = 13.0;
/// A line must end within this share of the panel's right side to be named there.
const NEAR_END: f64 = 0.9;
/// A name further than this from the end of its line no longer reads as its name.
const FARTHEST: f64 = 16.0;
/// Between two names.
const SPACE: f64 = 2.0;

/// Height of a panel, and room right of it.
type Size = (f64, f64);

/// One name, its place measured from the top of the panel.
pub(super) struct Note<'a> {
    lines: Vec<String>,
    /// The line named, and where across the panel it ends, as a share; `None` for the reference.
    of: Option<(&'a Line, f64)>,
    font: Font,
    wanted: f64,
    centre: f64,
}

/// What stands beside the rows of a chart: the names of lines at their ends if all fit in all rows, and
/// those of references; true if it names the lines.
pub(super) fn plan<'a>(tools: &Tools<'a>, x: &Span, ys: &[Span], size: Size) -> (Vec<Vec<Note<'a>>>, bool) {
    let chart = tools.chart;
    let all = |names: &[&str]| -> Option<Vec<Vec<Note<'a>>>> {
        let rows = chart.rows.iter().zip(ys);
        rows.map(|(row, y)| of_row(row, &tools.theme, (x, y), size, names)).collect()
    };
    let nothing = || chart.rows.iter().map(|_| Vec::new()).collect();
    if chart.kind.traits().y != Measured::Up {
        return (nothing(), false);
    }
    let names = chart.names(|_| true).into_iter().filter(|name| !text::clean(name).is_empty());
    // A theory's name at the end of one of its lines would be taken for that line's alone.
    let theory = chart.lines().any(|line| matches!(line.role, Role::Theory { of: Some(_), .. }));
    let at_ends = chart.kind.form().names_at_ends && !theory;
    match at_ends.then(|| all(&names.collect::<Vec<_>>())).flatten() {
        Some(notes) => (notes, true),
        None => (all(&[]).unwrap_or_else(nothing), false),
    }
}

/// The names of a row, or `None` if those of the lines do not fit.
fn of_row<'a>(
    row: &'a Row,
    theme: &Theme,
    (x, y): (&Span, &Span),
    (height, room): Size,
    names: &[&str],
) -> Option<Vec<Note<'a>>> {
    let mut notes = Vec::new();
    for name in names {
        let line = row.panels.last()?.lines.iter().find(|line| line.label == **name)?;
        let (across, up) = line.points.iter().rev().find_map(|p| Some((x.at(p.x)?, y.at(p.y)?)))?;
        let lines = text::wrap(name, theme.label, room, 2);
        if across < NEAR_END || !text::is_whole(&lines, name) {
            return None;
        }
        let wanted = height * (1.0 - up);
        notes.push(Note { lines, of: Some((line, across)), font: theme.label, wanted, centre: wanted });
    }
    if let Some((value, name)) = &row.reference {
        let lines = text::wrap(name, theme.small, room, 3);
        if let (Some(up), false) = (y.at(*value), lines.is_empty()) {
            let wanted = height * (1.0 - up);
            notes.push(Note { lines, of: None, font: theme.small, wanted, centre: wanted });
        }
    }
    notes.sort_by(|one, other| one.wanted.total_cmp(&other.wanted));
    let heights: Vec<f64> =
        notes.iter().map(|note| SPACE + leading(theme) * note.lines.len() as f64).collect();
    let wanted: Vec<f64> = notes.iter().map(|note| note.wanted).collect();
    let centres = spread(&wanted, &heights, -4.0, height + 4.0)?;
    for (note, centre) in notes.iter_mut().zip(centres) {
        note.centre = centre;
        if note.of.is_some() && (centre - note.wanted).abs() > FARTHEST {
            return None;
        }
    }
    Some(notes)
}

fn leading(theme: &Theme) -> f64 {
    1.15 * theme.label.size
}

/// Room that names take right of a panel.
pub(super) fn room(notes: &[Note<'_>]) -> f64 {
    let lines = notes.iter().flat_map(|note| note.lines.iter().map(|line| text::width(line, note.font)));
    lines.map(|width| INDENT + width).fold(0.0, f64::max)
}

/// Writes the names right of the frame, each tied to the end of its line.
pub(super) fn draw(page: &mut Page, frame: &Frame<'_>, notes: &[Note<'_>]) -> Done {
    let (left, tools) = (frame.right() + INDENT, frame.tools);
    page.group(("names", "", Pen::Plain), |area| {
        for note in notes {
            let (from, ink, colour) = match note.of {
                Some((Line { role: Role::Theory { .. }, .. }, x)) => (x, theme::THEORY, theme::THEORY),
                Some((line, x)) => (x, tools.look(line).colour.legible(), tools.look(line).colour),
                None => (1.0, theme::REFERENCE_TEXT, theme::REFERENCE),
            };
            let gap = if note.of.is_some() { tools.theme.mark + 2.0 } else { 0.0 };
            let (wanted, centre) = (frame.top + note.wanted, frame.top + note.centre);
            let leader =
                [(frame.left + from * frame.width + gap, wanted), (left - 8.0, wanted), (left - 3.0, centre)];
            area.line(leader, stroke(colour, 0.7))?;
            area.write(&note.lines, (left, centre), pen::AFTER, (note.font, ink))?;
        }
        Ok(())
    })
}

/// Centres nearest to those wanted (ascending) at which the heights do not overlap within
/// `low..high`; `None` if they cannot.
fn spread(wanted: &[f64], heights: &[f64], low: f64, high: f64) -> Option<Vec<f64>> {
    let total: f64 = heights.iter().sum();
    if total > high - low {
        return None;
    }
    let mut offset = 0.0;
    let mut offsets = Vec::new();
    let mut pools: Vec<(f64, usize)> = Vec::new(); // mean, members
    for (&centre, &height) in wanted.iter().zip(heights) {
        offsets.push(offset + height / 2.0);
        let mut pool = (centre - offset - height / 2.0, 1);
        offset += height;
        while let Some(&(mean, members)) = pools.last().filter(|last| last.0 > pool.0) {
            let count = members + pool.1;
            pool = ((mean * members as f64 + pool.0 * pool.1 as f64) / count as f64, count);
            pools.pop();
        }
        pools.push(pool);
    }
    let starts = pools.iter().flat_map(|&(mean, members)| std::iter::repeat_n(mean, members));
    let clamped = starts.map(|start| start.clamp(low, high - total));
    Some(clamped.zip(offsets).map(|(start, offset)| start + offset).collect())
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn names_move_only_where_they_collide_and_then_evenly() {
        let heights = [10.0; 3];
        assert_eq!(spread(&[20.0, 50.0, 80.0], &heights, 0.0, 100.0).unwrap(), [20.0, 50.0, 80.0]);
        assert_eq!(spread(&[50.0, 50.0, 50.0], &heights, 0.0, 100.0).unwrap(), [40.0, 50.0, 60.0]);
        assert_eq!(spread(&[98.0, 99.0, 99.0], &heights, 0.0, 100.0).unwrap(), [75.0, 85.0, 95.0]);
        assert_eq!(spread(&[1.0, 2.0, 3.0], &heights, 0.0, 29.0), None);
    }
}
