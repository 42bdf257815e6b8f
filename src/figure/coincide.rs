//! Lines that lie on each other to the eye: the earlier is drawn wide and pale,
//! with rings, and the caption says so. One rule for both.

use super::axis::Span;
use super::{Chart, Line, Role, Row, layout};

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
    let near = |(p, q): (&super::Point, &super::Point)| {
        let heights = span.at(p.y).zip(span.at(q.y));
        p.x == q.x && heights.is_some_and(|(p, q)| (p - q).abs() < NEAR)
    };
    measured
        && !one.points.is_empty()
        && one.points.len() == other.points.len()
        && one.points.iter().zip(&other.points).all(near)
}

/// What a caption says of them, panel by panel; empty if there are none.
pub(super) fn note(chart: &Chart) -> String {
    let rows: Vec<&Row> = chart.rows.iter().collect();
    let mut notes: Vec<String> = Vec::new();
    let panels = rows.iter().flat_map(|row| {
        let span = layout::values(chart.kind, row, &rows);
        row.panels
            .iter()
            .map(move |panel| over(&panel.lines, &span).into_iter().zip(&panel.lines).collect::<Vec<_>>())
    });
    let all: Vec<&super::Panel> = rows.iter().flat_map(|row| &row.panels).collect();
    for ((lines, panel), letter) in panels.zip(all).zip('a'..='z') {
        for (above, line) in lines {
            if let Some(top) = above.last() {
                notes.push(format!("({letter}) {} under {}", line.label, panel.lines[*top].label));
            }
        }
    }
    if notes.is_empty() {
        return String::new();
    }
    format!(" Lines that coincide, the lower one wide and pale with rings: {}.", notes.join(", "))
}
