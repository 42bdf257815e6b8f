//! Estimates with their intervals, one slot below the other.

use super::*;

pub(super) const FORM: Form = Form {
    draw,
    slot: |_, _, series| 8.0 + 9.0 * series.max(1) as f64,
    shown: "{mean}; bars: {interval}.",
    series: "Marks",
    words,
    ..PLAIN
};

fn draw(page: &mut Page, frame: &Frame<'_>) -> Done {
    let Frame { panel, tools, .. } = frame;
    let count = panel.lines.len() as f64;
    let each = (0.8 / count.max(1.0)).min(12.0 / frame.y.slot(frame.height));
    for (i, line) in panel.lines.iter().enumerate() {
        let (look, theme) = (tools.look(line), &tools.theme);
        frame.draw(page, ("series", &line.label, theme::RIM), |plot| {
            for p in line.points.iter().filter(|p| frame.x.span.at(p.y).is_some() && p.x.is_finite()) {
                let y = p.x + (i as f64 - (count - 1.0) / 2.0) * each;
                plot.line([(p.low(), y), (p.high(), y)], stroke(look.colour, theme.line))?;
                plot.mark((p.y, y), look.mark, theme.mark, fill(look.colour, 1.0))?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// Its reference has no name beside it.
fn words(chart: &Chart) -> String {
    let name = chart.rows.iter().find_map(|row| row.reference.as_ref());
    name.map(|(_, name)| format!(" Dashed line: {name}.")).unwrap_or_default()
}
