//! Estimates with their intervals, one slot below the other.

use super::{Tools, lines::mark};
use crate::show::figure::Panel;
use crate::show::figure::panel::Frame;
use crate::show::figure::scene::Scene;
use crate::show::figure::theme;

pub(super) fn draw(scene: &mut Scene, frame: &Frame<'_>, panel: &Panel, tools: &Tools<'_>) {
    let height = frame.height / (frame.y.high - frame.y.low).abs();
    let count = panel.lines.len();
    let each = (0.8 * height / count.max(1) as f64).min(12.0);
    frame.reference(scene);
    for (place, line) in panel.lines.iter().enumerate() {
        let style = tools.style(line);
        let offset = (place as f64 - (count as f64 - 1.0) / 2.0) * each;
        for point in &line.points {
            let (Some(x), Some(middle)) = (frame.place_x(point.y), frame.place_y(point.x)) else { continue };
            let y = middle + offset;
            let (from, to) = (frame.across_end(point.lo, point.y), frame.across_end(point.hi, point.y));
            if (from - to).abs() > 0.01 {
                scene.rule((from, y), (to, y), style.colour, theme::LINE);
            }
            mark(scene, style.mark, (x, y), style.colour);
        }
    }
}
