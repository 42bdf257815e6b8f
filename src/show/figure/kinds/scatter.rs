//! One open mark per point, pale enough for a crowd.

use super::Tools;
use super::lines::sign;
use crate::show::figure::Panel;
use crate::show::figure::panel::Frame;
use crate::show::figure::scene::{Fill, Scene, Spot};
use crate::show::figure::theme::{self, Style};

/// Of the marks' outlines.
const OPACITY: f64 = 0.65;

pub(super) fn draw(scene: &mut Scene, frame: &Frame<'_>, panel: &Panel, tools: &Tools<'_>) {
    frame.reference(scene);
    for line in &panel.lines {
        let style = tools.style(line);
        for point in &line.points {
            if let (Some(x), Some(y)) = (frame.place_x(point.x), frame.place_y(point.y)) {
                open_mark(scene, style, (x, y));
            }
        }
    }
}

/// The sign of a series of points.
pub(crate) fn open_mark(scene: &mut Scene, style: Style, at: Spot) {
    let fill = Fill { colour: None, opacity: OPACITY, edge: Some((style.colour, 1.1)) };
    sign(scene, style.mark, at, theme::MARK, fill);
}
