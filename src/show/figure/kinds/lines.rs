//! Lines with interval bands and marks; as steps, performance profiles.
//!
//! A line that lies under a later one is drawn wider and paler, with rings for
//! marks, so that both are seen.

use super::Tools;
use crate::show::figure::coincide;
use crate::show::figure::colour::WHITE;
use crate::show::figure::panel::Frame;
use crate::show::figure::scene::{Fill, Scene, Shape, Spot, Stroke};
use crate::show::figure::theme::{self, Mark, Style};
use crate::show::figure::{Line, Panel, Point, Role};

/// How points are joined.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Way {
    /// By the shortest way.
    Straight,
    /// At the height of a point up to the next.
    Steps,
}

/// A point on the picture, with its interval's upper and lower end.
#[derive(Clone, Copy)]
struct Placed {
    at: Spot,
    upper: f64,
    lower: f64,
}

/// A line on the picture, in pieces without gaps.
struct Drawn {
    style: Style,
    runs: Vec<Vec<Placed>>,
    /// How many later lines lie over it.
    under: usize,
}

pub(super) fn draw(scene: &mut Scene, frame: &Frame<'_>, panel: &Panel, tools: &Tools<'_>, way: Way) {
    let over = coincide::over(&panel.lines, frame.y);
    let measured = panel.lines.iter().zip(over).filter(|(line, _)| line.role == Role::Measured);
    let drawn: Vec<Drawn> = measured
        .map(|(line, over)| {
            let under = if way == Way::Straight { over.depth.min(3) } else { 0 };
            Drawn { style: tools.style(line), runs: runs(frame, &line.points, way), under }
        })
        .collect();
    for line in &drawn {
        line.runs.iter().for_each(|run| band(scene, run, line.style));
    }
    frame.reference(scene);
    for line in &drawn {
        stroke(scene, line);
        if line.under > 0 && way == Way::Straight {
            marks(scene, line);
        }
    }
    for line in &panel.lines {
        theory(scene, frame, panel, line, tools);
    }
    for line in &drawn {
        match way {
            Way::Straight if line.under == 0 => marks(scene, line),
            Way::Straight => {}
            Way::Steps => halfway(scene, line, frame),
        }
    }
}

/// What theory says: dashes cased in white, so that they show on the line they meet; marks go over them.
fn theory(scene: &mut Scene, frame: &Frame<'_>, panel: &Panel, line: &Line, tools: &Tools<'_>) {
    let Role::Theory { overlay, of } = line.role else { return };
    let colour = of.and_then(|of| panel.lines.get(of)).map_or(theme::THEORY, |of| tools.style(of).ink);
    let casing = Stroke { colour: WHITE, width: theme::LINE + 0.4, dash: "" };
    let dashes = Stroke { colour, width: theme::THEORY_LINE, dash: theme::theory_dash(overlay) };
    for run in runs(frame, &line.points, Way::Straight).iter().filter(|run| run.len() > 1) {
        for stroke in [casing, dashes] {
            scene.shapes.push(Shape::Open { spots: run.iter().map(|point| point.at).collect(), stroke });
        }
    }
}

/// How much wider a line is that lies under others.
fn wider(under: usize) -> f64 {
    2.8 * under as f64
}

fn stroke(scene: &mut Scene, line: &Drawn) {
    let Drawn { style, runs, under } = line;
    let colour = if *under > 0 { style.colour.mix(WHITE, 0.4) } else { style.colour };
    for run in runs {
        let spots = run.iter().map(|point| point.at).collect();
        let stroke = Stroke { colour, width: theme::LINE + wider(*under), dash: style.dash };
        scene.shapes.push(Shape::Open { spots, stroke });
    }
}

/// A mark at every point; rings around those of the lines above.
fn marks(scene: &mut Scene, line: &Drawn) {
    let Drawn { style, runs, under } = line;
    for at in marked(runs) {
        if *under > 0 {
            let fill = Fill { colour: Some(WHITE), opacity: 1.0, edge: Some((style.colour, 1.2)) };
            let radius = theme::MARK + 0.75 * wider(*under);
            scene.shapes.push(Shape::Circle { centre: at, radius, fill });
        } else {
            mark(scene, style.mark, at, style.colour);
        }
    }
}

/// One mark where a profile passes the middle of its panel, away from the ends that all profiles share.
fn halfway(scene: &mut Scene, line: &Drawn, frame: &Frame<'_>) {
    let middle = frame.top + frame.height / 2.0;
    let far = |spot: &Spot| (spot.1 - middle).abs();
    let spots = line.runs.iter().flatten().map(|point| point.at);
    if let Some(at) = spots.min_by(|a, b| far(a).total_cmp(&far(b))) {
        mark(scene, line.style.mark, at, line.style.colour);
    }
}

/// A series' sign, centred at a spot.
pub(crate) fn mark(scene: &mut Scene, mark: Mark, at: Spot, colour: crate::show::figure::colour::Colour) {
    // A thin white rim lifts a mark off the lines under it.
    let fill = Fill { colour: Some(colour), opacity: 1.0, edge: Some((WHITE, 0.7)) };
    sign(scene, mark, at, theme::MARK, fill);
}

/// A mark of some size and fill.
pub(super) fn sign(scene: &mut Scene, mark: Mark, at: Spot, radius: f64, fill: Fill) {
    let corners = mark.corners();
    scene.shapes.push(if corners.is_empty() {
        Shape::Circle { centre: at, radius, fill }
    } else {
        let spots = corners.iter().map(|c| (at.0 + radius * c.0, at.1 + radius * c.1)).collect();
        Shape::Closed { spots, fill }
    });
}

/// The points in pieces without gaps, with the corners of steps.
fn runs(frame: &Frame<'_>, points: &[Point], way: Way) -> Vec<Vec<Placed>> {
    let mut runs: Vec<Vec<Placed>> = vec![Vec::new()];
    for point in points {
        match (frame.place_x(point.x), frame.place_y(point.y)) {
            (Some(x), Some(y)) => {
                let (one, other) = (frame.place_end(point.lo, point.y), frame.place_end(point.hi, point.y));
                let placed = Placed { at: (x, y), upper: one.min(other), lower: one.max(other) };
                let run = runs.last_mut().expect("there is always a run");
                if let (Way::Steps, Some(last)) = (way, run.last().copied()) {
                    run.push(Placed { at: (x, last.at.1), ..last });
                }
                run.push(placed);
            }
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// The intervals: a translucent area, or a bar where a point stands alone.
fn band(scene: &mut Scene, run: &[Placed], style: Style) {
    if run.iter().all(|point| point.lower - point.upper < 0.01) {
        return;
    }
    if let [point] = run {
        scene.rule((point.at.0, point.upper), (point.at.0, point.lower), style.colour, 1.0);
        return;
    }
    let above = run.iter().map(|point| (point.at.0, point.upper));
    let below = run.iter().rev().map(|point| (point.at.0, point.lower));
    let fill = Fill { colour: Some(style.colour), opacity: theme::BAND, edge: None };
    scene.shapes.push(Shape::Closed { spots: above.chain(below).collect(), fill });
}

/// Where marks stand: at every point, or at some of a crowd; always at the last.
fn marked(runs: &[Vec<Placed>]) -> Vec<Spot> {
    let far =
        |one: Spot, other: Spot| (one.0 - other.0).abs().max((one.1 - other.1).abs()) >= theme::MARK_SPACING;
    let mut spots: Vec<Spot> = Vec::new();
    for at in runs.iter().flatten().map(|point| point.at) {
        if spots.last().is_none_or(|&last| far(last, at)) {
            spots.push(at);
        }
    }
    if let Some(end) = runs.last().and_then(|run| run.last()).map(|point| point.at) {
        if spots.len() > 1 && spots.last().is_some_and(|&last| !far(last, end)) {
            spots.pop();
        }
        if spots.last() != Some(&end) {
            spots.push(end);
        }
    }
    spots
}
