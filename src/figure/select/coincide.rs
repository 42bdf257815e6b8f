//! Says which lines lie under others, panel by panel.

use crate::figure::{Line, Point, Role, Row};

pub(super) fn note(rows: &[Row]) -> String {
    let same = |a: &Line, b: &Line| {
        let near = |(p, q): (&Point, &Point)| p.x == q.x && (p.y - q.y).abs() <= 1e-9 * p.y.abs().max(1.0);
        !a.points.is_empty() && a.points.len() == b.points.len() && a.points.iter().zip(&b.points).all(near)
    };
    let mut notes: Vec<String> = Vec::new();
    for (panel, letter) in rows.iter().flat_map(|row| &row.panels).zip('a'..='z') {
        let lines: Vec<&Line> = panel.lines.iter().filter(|line| line.role == Role::Measured).collect();
        for (i, line) in lines.iter().enumerate() {
            if let Some(over) = lines[i + 1..].iter().rev().find(|over| same(line, over)) {
                notes.push(format!("({letter}) {} under {}", line.label, over.label));
            }
        }
    }
    if notes.is_empty() {
        return String::new();
    }
    format!(" Lines that coincide, the lower one wide and pale with rings: {}.", notes.join(", "))
}
