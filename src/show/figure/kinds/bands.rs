//! Diverging stacks: what is positive piles up from 0, what is negative hangs
//! down from it, and a mark stands at the sum.

use super::{Tools, bar, textured, whisker};
use crate::show::figure::colour::WHITE;
use crate::show::figure::panel::Frame;
use crate::show::figure::scene::{Fill, Rect, Scene};
use crate::show::figure::theme::{self, Mark};
use crate::show::figure::{Panel, Role};

/// One layer of one stack: line, slot, from, to.
struct Layer {
    line: usize,
    slot: f64,
    from: f64,
    to: f64,
}

pub(super) fn draw(scene: &mut Scene, frame: &Frame<'_>, panel: &Panel, tools: &Tools<'_>) {
    let Some(zero) = frame.place_y(0.0) else { return };
    for layer in layers(panel) {
        let Some((middle, half)) = bar(frame, layer.slot, 0, 1) else { continue };
        let (Some(from), Some(to)) = (frame.place_y(layer.from), frame.place_y(layer.to)) else { continue };
        if from != to {
            let (top, bottom) = (from.min(to), from.max(to));
            let rect = Rect { left: middle - half, top, right: middle + half, bottom };
            textured(scene, rect, tools.brush(&panel.lines[layer.line]));
        }
    }
    scene.rule((frame.left, zero), (frame.right(), zero), theme::AXIS, 1.0);
    let totals = panel.lines.iter().filter(|line| line.role == Role::Total);
    for point in totals.flat_map(|line| &line.points) {
        if let (Some(x), Some(y)) = (frame.place_x(point.x), frame.place_y(point.y)) {
            let (lo, hi) = (frame.place_end(point.lo, point.y), frame.place_end(point.hi, point.y));
            whisker(scene, ((x, lo), (x, hi)), 2.5);
            total(scene, (x, y));
        }
    }
}

/// The mark of a sum.
pub(crate) fn total(scene: &mut Scene, at: (f64, f64)) {
    let fill = Fill { colour: Some(WHITE), opacity: 1.0, edge: Some((theme::INK, 1.1)) };
    super::lines::sign(scene, Mark::Diamond, at, 3.4, fill);
}

/// The ends of the layers of a panel, 0 among them.
pub(super) fn ends(panel: &Panel) -> Vec<f64> {
    let layers = layers(panel);
    if layers.is_empty() { Vec::new() } else { layers.iter().flat_map(|l| [l.from, l.to]).collect() }
}

fn layers(panel: &Panel) -> Vec<Layer> {
    let mut reached: Vec<(f64, [f64; 2])> = Vec::new(); // slot, lowest and highest so far
    let mut layers = Vec::new();
    for (line, series) in panel.lines.iter().enumerate().filter(|(_, l)| l.role == Role::Measured) {
        for point in series.points.iter().filter(|p| p.y.is_finite() && p.x.is_finite()) {
            let at = reached.iter().position(|(slot, _)| *slot == point.x).unwrap_or_else(|| {
                reached.push((point.x, [0.0; 2]));
                reached.len() - 1
            });
            let end = &mut reached[at].1[usize::from(point.y > 0.0)];
            layers.push(Layer { line, slot: point.x, from: *end, to: *end + point.y });
            *end += point.y;
        }
    }
    layers
}
