//! Lines that lie on each other to the eye: the earlier is drawn wide and pale,
//! with rings, and the caption says so. One rule for both.

use super::axis::Span;
use super::{Chart, Line, Panel, Point, Role, Row, layout};

/// Closer than this share of the panel's height, lines cannot be told apart.
const NEAR: f64 = 0.008;

/// For each line of a panel, the later ones that lie over it.
pub(super) fn over(lines: &[Line], span: &Span) -> Vec<Vec<usize>> {
    let over = |under: usize| {
        let later = under + 1..lines.len();
        later.filter(|other| same(&lines[under], &lines[*other], span)).collect()
    };
    (0..lines.len()).map(over).collect()
}

fn same(one: &Line, other: &Line, span: &Span) -> bool {
    let measured = one.role == Role::Measured && other.role == Role::Measured;
    let near = |(p, q): (&Point, &Point)| {
        let heights = span.at(p.y).zip(span.at(q.y));
        // A KL that was to be reached is reached but for rounding.
        (p.x - q.x).abs() <= 1e-9 * p.x.abs().max(1.0) && heights.is_some_and(|(p, q)| (p - q).abs() < NEAR)
    };
    measured
        && !one.points.is_empty()
        && one.points.len() == other.points.len()
        && one.points.iter().zip(&other.points).all(near)
}

/// What a caption says of them, panel by panel; empty if there are none.
pub(super) fn note(chart: &Chart) -> String {
    let rows: Vec<&Row> = chart.rows.iter().collect();
    let spans = rows.iter().map(|row| layout::values(chart.kind, row, &rows));
    let panels =
        rows.iter().zip(spans).flat_map(|(row, span)| row.panels.iter().map(move |p| (p, span.clone())));
    let mut notes: Vec<String> = Vec::new();
    for ((Panel { lines, .. }, span), letter) in panels.zip('a'..='z') {
        for (under, over) in over(lines, &span).iter().enumerate() {
            if let Some(top) = over.last() {
                notes.push(format!("({letter}) {} under {}", lines[under].label, lines[*top].label));
            }
        }
    }
    if notes.is_empty() {
        return String::new();
    }
    format!(" Lines that coincide, the lower one wide and pale with rings: {}.", notes.join(", "))
}
