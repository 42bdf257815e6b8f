//! Lines that lie on each other to the eye: the earlier is drawn wide and pale,
//! with rings, and the caption says so. One rule for both.

use super::chart::{Chart, Line, Panel, Point, Role};
use super::span::Span;
use super::{side, text};

/// Closer than this share of the panel's height, lines cannot be told apart.
const NEAR: f64 = 0.008;

/// More lines that lie under others are only counted.
const MOST: usize = 12;

/// What lies over a line.
#[derive(Default)]
pub(super) struct Over {
    /// Later lines, as few as hide it together; none if they cannot.
    lines: Vec<usize>,
    /// How many of all lie over each other.
    pub(super) depth: usize,
}

/// What lies over each line of a panel.
pub(super) fn over(lines: &[Line], span: &Span) -> Vec<Over> {
    let measured = |i: &usize| lines[*i].role == Role::Measured;
    let over = |under: usize| {
        if !measured(&under) {
            return Over::default();
        }
        let later: Vec<usize> = (under + 1..lines.len()).filter(measured).collect();
        let hides = |other: usize, point: &Point| lines[other].points.iter().any(|q| same(point, q, span));
        let mut bare: Vec<&Point> = lines[under].points.iter().collect();
        let whole = later.iter().filter(|other| bare.iter().all(|point| hides(**other, point))).count();
        let mut over = Over { lines: Vec::new(), depth: whole.max(1) };
        while !bare.is_empty() {
            let share = |other: &usize| bare.iter().filter(|point| hides(*other, point)).count();
            let Some(most) = later.iter().copied().max_by_key(share).filter(|most| share(most) > 0) else {
                return Over::default();
            };
            bare.retain(|point| !hides(most, point));
            over.lines.push(most);
        }
        over.lines.sort_unstable();
        if over.lines.is_empty() { Over::default() } else { over }
    };
    (0..lines.len()).map(over).collect()
}

fn same(p: &Point, q: &Point, span: &Span) -> bool {
    let heights = span.at(p.y).zip(span.at(q.y));
    // A KL that was to be reached is reached but for rounding.
    (p.x - q.x).abs() <= 1e-9 * p.x.abs().max(1.0) && heights.is_some_and(|(p, q)| (p - q).abs() < NEAR)
}

/// What a caption says of them, panel by panel; empty if there are none.
pub(super) fn note(chart: &Chart) -> String {
    let alone = chart.panels().count() == 1;
    let mut notes: Vec<String> = Vec::new();
    for (place, (row, Panel { lines, .. })) in chart.panels().enumerate() {
        let over = over(lines, &side::values(chart, &row.y));
        for (under, over) in over.iter().enumerate().filter(|(_, over)| !over.lines.is_empty()) {
            let tops: Vec<&str> = over.lines.iter().map(|top| lines[*top].label.as_str()).collect();
            let panel = if alone { String::new() } else { text::letter(place) + " " };
            notes.push(format!("{panel}{} under {}", lines[under].label, tops.join(" and ")));
        }
    }
    if notes.is_empty() {
        return String::new();
    }
    let more = notes.len().saturating_sub(MOST);
    notes.truncate(MOST);
    notes.extend((more > 0).then(|| format!("and {more} more")));
    format!(" Lines that coincide, the lower one wide and pale with rings: {}.", notes.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::config::Scale;

    #[test]
    fn lines_hide_a_line_alone_or_together() {
        let line = |role: Role, heights: &[f64]| {
            let point = |(x, y): (usize, &f64)| Point { x: x as f64, y: *y, lo: *y, hi: *y };
            Line { label: String::new(), role, points: heights.iter().enumerate().map(point).collect() }
        };
        let falls = line(Role::Measured, &[1.0, 1.0, 0.0]);
        let (high, low) = (line(Role::Measured, &[1.0; 3]), line(Role::Measured, &[0.0; 3]));
        let theory = line(Role::Theory { overlay: 0, of: None }, &[1.0, 1.0, 0.0]);
        let span = Span::over(Scale::Linear, [0.0, 1.0].into_iter(), 0.0);
        let over = |lines: &[Line]| over(lines, &span).swap_remove(0);
        let both = over(&[falls.clone(), falls.clone(), high.clone(), falls.clone()]);
        assert_eq!((both.lines, both.depth), (vec![3], 2));
        let together = over(&[falls.clone(), high.clone(), low]);
        assert_eq!((together.lines, together.depth), (vec![1, 2], 1));
        // Not all of it, or not by what was measured.
        assert_eq!(over(&[falls.clone(), high]).depth, 0);
        assert_eq!(over(&[falls, theory]).depth, 0);
    }
}
