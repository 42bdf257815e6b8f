//! Names beside the last panel of a row: of lines at their ends, of the reference at its height.
//!
//! The names are spread as little as possible (least squares, in the order of the ends). With
//! heights h and wanted centres c that is isotonic regression of c − Σ h, clamped to the panel:
//! exact, by pooling neighbours that collide.

use super::axis::Span;
use super::scene::{Anchor, Scene, Stroke};
use super::text::{self, Font};
use super::{Line, Role, Row, kinds::Tools, panel::Frame, scene::Shape, theme};

/// From the panel's right edge to the names.
pub(super) const INDENT: f64 = 13.0;
/// A line must end within this share of the panel's right side to be named there.
const NEAR_END: f64 = 0.9;
/// A name further than this from the end of its line no longer reads as its name.
const FARTHEST: f64 = 16.0;
/// Between two names.
const SPACE: f64 = 2.0;

/// One name, its place measured from the top of the panel.
pub(super) struct Note<'a> {
    lines: Vec<String>,
    /// The line named and its last point; `None` for the reference.
    of: Option<(&'a Line, (f64, f64))>,
    wanted: f64,
    centre: f64,
}

impl Note<'_> {
    pub(super) fn width(&self) -> f64 {
        widest(&self.lines)
    }
}

/// The names of a row, or `None` if those of the lines do not fit. Every series of `names` must
/// be named; if `names` is empty only the reference is.
pub(super) fn plan<'a>(
    row: &'a Row,
    (x, y): (&Span, &Span),
    height: f64,
    room: f64,
    names: &[&str],
) -> Option<Vec<Note<'a>>> {
    let mut notes = Vec::new();
    for name in names {
        let (line, end) = row.panels.last()?.lines.iter().find_map(|line| {
            let last = line.points.iter().rev().find_map(|p| Some((x.at(p.x)?, p.x, y.at(p.y)?, p.y)))?;
            let (share, x, up, y) = last;
            (line.label == **name && share >= NEAR_END).then_some((line, (x, y, up)))
        })?;
        let lines = text::wrap(name, theme::LABEL, room, 2);
        if !text::is_whole(&lines, name) {
            return None;
        }
        let wanted = height * (1.0 - end.2);
        notes.push(Note { lines, of: Some((line, (end.0, end.1))), wanted, centre: wanted });
    }
    if let Some((value, name)) = &row.reference {
        let lines = text::wrap(name, theme::SMALL, room, 3);
        if let (Some(up), false) = (y.at(*value), lines.is_empty()) {
            let wanted = height * (1.0 - up);
            notes.push(Note { lines, of: None, wanted, centre: wanted });
        }
    }
    notes.sort_by(|one, other| one.wanted.total_cmp(&other.wanted));
    let heights: Vec<f64> = notes.iter().map(|note| SPACE + leading() * note.lines.len() as f64).collect();
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

/// Writes the names right of the frame, each tied to the end of its line.
pub(super) fn draw(scene: &mut Scene, frame: &Frame<'_>, notes: &[Note<'_>], tools: &Tools<'_>) {
    let left = frame.right() + INDENT;
    for note in notes {
        let centre = frame.top + note.centre;
        let (font, colour, pen) = match note.of {
            Some((Line { role: Role::Theory { .. }, .. }, _)) => (theme::LABEL, theme::THEORY, theme::THEORY),
            Some((line, _)) => (theme::LABEL, tools.style(line).ink, tools.style(line).colour),
            None => (theme::SMALL, theme::REFERENCE_TEXT, theme::REFERENCE),
        };
        let from = match note.of {
            Some((_, (x, y))) => {
                let end = (frame.place_x(x), frame.place_y(y));
                end.0.map(|x| x + theme::MARK + 2.0).zip(end.1)
            }
            None => Some((frame.right(), frame.top + note.wanted)),
        };
        if let Some(from) = from {
            let spots = vec![from, (left - 8.0, from.1), (left - 3.0, centre)];
            let stroke = Stroke { colour: pen, width: 0.7, dash: "" };
            scene.shapes.push(Shape::Open { spots, stroke });
        }
        let first = centre - leading() * (note.lines.len() as f64 - 1.0) / 2.0 + 0.36 * font.size;
        for (index, line) in note.lines.iter().enumerate() {
            let at = (left, first + leading() * index as f64);
            scene.write(line, at, Anchor::Start, font, colour);
        }
    }
}

fn leading() -> f64 {
    1.15 * theme::LABEL.size
}

fn widest(lines: &[String]) -> f64 {
    let font: Font = theme::LABEL;
    lines.iter().map(|line| text::width(line, font)).fold(0.0, f64::max)
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
