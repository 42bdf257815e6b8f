//! Bars from 0, side by side in the slot of their level, with whiskers.

use super::{Tools, bar, textured, whisker};
use crate::show::figure::Panel;
use crate::show::figure::panel::Frame;
use crate::show::figure::scene::{Rect, Scene};
use crate::show::figure::theme;

pub(super) fn draw(scene: &mut Scene, frame: &Frame<'_>, panel: &Panel, tools: &Tools<'_>) {
    let Some(zero) = frame.place_y(0.0) else { return };
    let count = panel.lines.len();
    for (place, line) in panel.lines.iter().enumerate() {
        for point in &line.points {
            let Some((middle, half)) = bar(frame, point.x, place, count) else { continue };
            let Some(end) = frame.place_y(point.y) else { continue };
            let rect =
                Rect { left: middle - half, top: zero.min(end), right: middle + half, bottom: zero.max(end) };
            textured(scene, rect, tools.brush(line));
            let (lo, hi) = (frame.place_end(point.lo, point.y), frame.place_end(point.hi, point.y));
            whisker(scene, ((middle, lo), (middle, hi)), (0.5 * half).min(3.0));
        }
    }
    frame.reference(scene);
    scene.rule((frame.left, zero), (frame.right(), zero), theme::AXIS, 1.0);
}
