//! Lines that lie on each other to the eye: the earlier is drawn wide and pale,
//! with rings, and the caption says so. One rule for both.

use super::axis::Span;
use super::{Chart, Line, Panel, Point, Role, Row, layout};

/// Closer than this share of the panel's height, lines cannot be told apart.
const NEAR: f64 = 0.008;

/// What lies over a line.
pub(super) enum Over {
    /// As many later lines, of which this is the last, each over all of it.
    Whole(usize, usize),
    /// These later lines hide it together, or none.
    Pieces(Vec<usize>),
}

impl Over {
    /// How many lie over each other.
    pub(super) fn count(&self) -> usize {
        match self {
            Over::Whole(count, _) => *count,
            Over::Pieces(lines) => lines.len().min(1),
        }
    }
}

/// What lies over each line of a panel.
pub(super) fn over(lines: &[Line], span: &Span) -> Vec<Over> {
    let measured = |i: &usize| lines[*i].role == Role::Measured;
    let over = |under: usize| {
        let mut bare: Vec<&Point> = lines[under].points.iter().collect();
        if bare.is_empty() || !measured(&under) {
            return Over::Pieces(Vec::new());
        }
        let later: Vec<usize> = (under + 1..lines.len()).filter(measured).collect();
        let hides = |other: usize, point: &Point| lines[other].points.iter().any(|q| same(point, q, span));
        let whole = later.iter().filter(|other| bare.iter().all(|point| hides(**other, point)));
        if let Some(last) = whole.clone().next_back() {
            return Over::Whole(whole.count(), *last);
        }
        let mut pieces = Vec::new();
        while !bare.is_empty() {
            let share = |other: &usize| bare.iter().filter(|point| hides(*other, point)).count();
            let Some(most) = later.iter().copied().max_by_key(share).filter(|most| share(most) > 0) else {
                return Over::Pieces(Vec::new());
            };
            bare.retain(|point| !hides(most, point));
            pieces.push(most);
        }
        pieces.sort_unstable();
        Over::Pieces(pieces)
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
    let rows: Vec<&Row> = chart.rows.iter().collect();
    let spans = rows.iter().map(|row| layout::values(chart.kind, row, &rows));
    let panels =
        rows.iter().zip(spans).flat_map(|(row, span)| row.panels.iter().map(move |p| (p, span.clone())));
    let mut notes: Vec<String> = Vec::new();
    let alone = rows.iter().map(|row| row.panels.len()).sum::<usize>() == 1;
    for ((Panel { lines, .. }, span), letter) in panels.zip('a'..='z') {
        for (under, over) in over(lines, &span).iter().enumerate() {
            let tops = match over {
                Over::Whole(_, last) => lines[*last].label.clone(),
                Over::Pieces(none) if none.is_empty() => continue,
                Over::Pieces(some) => {
                    some.iter().map(|top| lines[*top].label.as_str()).collect::<Vec<_>>().join(" and ")
                }
            };
            let panel = if alone { String::new() } else { format!("({letter}) ") };
            notes.push(format!("{panel}{} under {tops}", lines[under].label));
        }
    }
    if notes.is_empty() {
        return String::new();
    }
    format!(" Lines that coincide, the lower one wide and pale with rings: {}.", notes.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::Scale;

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
        assert!(matches!(over(&[falls.clone(), high.clone(), falls.clone()]), Over::Whole(1, 2)));
        assert!(matches!(over(&[falls.clone(), high.clone(), low]), Over::Pieces(both) if both == [1, 2]));
        // Not all of it, or not by what was measured.
        assert_eq!(over(&[falls.clone(), high]).count(), 0);
        assert_eq!(over(&[falls, theory]).count(), 0);
    }
}
