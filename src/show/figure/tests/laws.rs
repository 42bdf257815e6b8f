//! What must be so of every picture.

use crate::show::figure::axis::Span;
use crate::show::figure::colour::{Colour, WHITE};
use crate::show::figure::layout::layout;
use crate::show::figure::scene::{Anchor, Rect, Scene, Shape, Spot, Text};
use crate::show::figure::{Chart, Kind, Line, Role, svg, text, theme};

/// Checks all laws.
pub(super) fn check(name: &str, chart: &Chart) {
    let scene = layout(chart);
    no_two_texts_overlap(name, &scene);
    everything_lies_on_the_canvas(name, &scene);
    texts_lie_beside_the_data(name, chart, &scene);
    texts_can_be_read(name, &scene);
    every_slot_is_named(name, chart, &scene);
    every_series_is_drawn(name, chart, &scene);
    intervals_are_drawn(name, chart, &scene);
    coordinates_are_finite_and_short(name, &svg(chart));
}

/// The box a text covers: its advance across, ascender to descender (in em) along.
fn bounds(text: &Text) -> Rect {
    let width = text::width(&text.content, text.font);
    let before = match text.anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => width / 2.0,
        Anchor::End => width,
    };
    let (up, down) = (0.78 * text.font.size, 0.22 * text.font.size);
    let (x, y) = text.at;
    if text.upright {
        Rect { left: x - up, top: y - (width - before), right: x + down, bottom: y + before }
    } else {
        Rect { left: x - before, top: y - up, right: x - before + width, bottom: y + down }
    }
}

fn apart(a: Rect, b: Rect) -> bool {
    a.left >= b.right || b.left >= a.right || a.top >= b.bottom || b.top >= a.bottom
}

fn inside(inner: Rect, outer: Rect) -> bool {
    inner.left >= outer.left - 1e-6
        && inner.right <= outer.right + 1e-6
        && inner.top >= outer.top - 1e-6
        && inner.bottom <= outer.bottom + 1e-6
}

fn no_two_texts_overlap(name: &str, scene: &Scene) {
    let boxes: Vec<(&str, Rect)> = scene.texts.iter().map(|t| (t.content.as_str(), bounds(t))).collect();
    for (index, (one, a)) in boxes.iter().enumerate() {
        for (other, b) in &boxes[..index] {
            assert!(apart(*a, *b), "{name}: {one:?} {a:?} covers {other:?} {b:?}");
        }
    }
}

/// The spots of a shape, and how far it reaches around them.
fn reach(shape: &Shape) -> (Vec<Spot>, f64) {
    match shape {
        Shape::Open { spots, stroke } => (spots.clone(), stroke.width / 2.0),
        Shape::Closed { spots, fill } => (spots.clone(), fill.edge.map_or(0.0, |edge| edge.1 / 2.0)),
        Shape::Circle { centre, radius, .. } => (vec![*centre], *radius),
        Shape::Pieces { pieces, .. } => (pieces.iter().flat_map(|(from, to)| [*from, *to]).collect(), 0.0),
    }
}

fn everything_lies_on_the_canvas(name: &str, scene: &Scene) {
    let canvas = Rect { left: 0.0, top: 0.0, right: scene.width, bottom: scene.height };
    for text in &scene.texts {
        assert!(inside(bounds(text), canvas), "{name}: {:?}", text.content);
    }
    for shape in &scene.shapes {
        let (spots, by) = reach(shape);
        for (x, y) in spots {
            let around = Rect { left: x - by, top: y - by, right: x + by, bottom: y + by };
            assert!(inside(around, canvas), "{name}: {shape:?}");
        }
    }
}

/// Nothing is written over data but the numbers of a heat map, each in its cell.
fn texts_lie_beside_the_data(name: &str, chart: &Chart, scene: &Scene) {
    for text in &scene.texts {
        let here = bounds(text);
        for plot in scene.plots.iter().filter(|plot| !apart(here, **plot)) {
            let allowed = text.content == "no data" || chart.kind == Kind::Heat;
            assert!(allowed && inside(here, *plot), "{name}: {:?} lies over data", text.content);
        }
        for shape in &scene.shapes {
            if let Shape::Circle { centre: (x, y), .. } = shape {
                let covered = *x > here.left && *x < here.right && *y > here.top && *y < here.bottom;
                assert!(!covered, "{name}: {:?} covers a mark", text.content);
            }
        }
    }
}

/// Contrast of 4.5 with what is behind.
fn texts_can_be_read(name: &str, scene: &Scene) {
    for text in &scene.texts {
        let here = bounds(text);
        let behind = scene.shapes.iter().rev().find_map(|shape| match shape {
            Shape::Closed { spots, fill } if fill.opacity == 1.0 => {
                let across = spots.iter().map(|s| s.0);
                let down = spots.iter().map(|s| s.1);
                let cover = Rect {
                    left: across.clone().fold(f64::INFINITY, f64::min),
                    right: across.fold(f64::NEG_INFINITY, f64::max),
                    top: down.clone().fold(f64::INFINITY, f64::min),
                    bottom: down.fold(f64::NEG_INFINITY, f64::max),
                };
                fill.colour.filter(|_| !apart(here, cover)).map(|colour| (colour, inside(here, cover)))
            }
            _ => None,
        });
        let (ground, whole) = behind.unwrap_or((WHITE, true));
        let contrast = text.colour.contrast(ground);
        assert!(whole && contrast >= 4.5, "{name}: {:?} on {ground}: {contrast:.2}", text.content);
    }
}

fn every_slot_is_named(name: &str, chart: &Chart, scene: &Scene) {
    let words: Vec<&str> = scene.texts.iter().flat_map(|t| t.content.split(' ')).collect();
    if chart.rows.iter().all(|row| row.panels.is_empty()) {
        return;
    }
    let thinned = |slot: &str| chart.kind == Kind::Heat && slot.parse::<f64>().is_ok();
    for slot in chart.x.slots.iter().filter(|slot| slot.len() < 40 && !thinned(slot)) {
        for word in slot.split_whitespace() {
            assert!(words.contains(&word), "{name}: the slot {slot:?} is not named");
        }
    }
}

fn colours(scene: &Scene) -> Vec<Colour> {
    let of = |shape: &Shape| match shape {
        Shape::Open { stroke, .. } | Shape::Pieces { stroke, .. } => vec![stroke.colour],
        Shape::Closed { fill, .. } | Shape::Circle { fill, .. } => {
            fill.colour.into_iter().chain(fill.edge.map(|edge| edge.0)).collect()
        }
    };
    scene.shapes.iter().flat_map(of).collect()
}

fn lines(chart: &Chart) -> impl Iterator<Item = &Line> {
    chart.rows.iter().flat_map(|row| &row.panels).flat_map(|panel| &panel.lines)
}

/// Measured series in order of first appearance.
fn names(chart: &Chart) -> Vec<&str> {
    let mut names = Vec::new();
    for line in lines(chart).filter(|line| line.role == Role::Measured) {
        if !names.contains(&line.label.as_str()) {
            names.push(&line.label);
        }
    }
    names
}

/// Every series has its name, and its colour where it has a value.
fn every_series_is_drawn(name: &str, chart: &Chart, scene: &Scene) {
    let (colours, names) = (colours(scene), names(chart));
    let all: String = scene.texts.iter().map(|t| t.content.clone() + " ").collect();
    for line in lines(chart) {
        // A legend that begins with the name of the axis leaves it out of the entries.
        let short = line.label.strip_prefix(&format!("{} ", chart.by)).unwrap_or(&line.label);
        // Of many numbers below each other some are named.
        let thinned = chart.kind == Kind::Heat && line.label.parse::<f64>().is_ok();
        if line.label.len() < 40 && !thinned {
            assert!(all.contains(short), "{name}: {:?} is not named", line.label);
        }
        let value = |x: f64| x.abs() <= 1e300;
        let drawn =
            line.points.iter().any(|p| value(p.x) && value(p.y) && p.y != 0.0 && p.y > 0.0 && p.x > 0.0);
        if line.role != Role::Measured || !drawn || chart.kind == Kind::Heat {
            continue;
        }
        let place = names.iter().position(|n| *n == line.label).expect("listed");
        let colour = match chart.kind {
            Kind::Bars | Kind::Bands => theme::brush(place).colour,
            _ => theme::style(place).colour,
        };
        assert!(colours.contains(&colour), "{name}: {:?} is not drawn", line.label);
    }
}

/// An interval that is not nothing has an area.
fn intervals_are_drawn(name: &str, chart: &Chart, scene: &Scene) {
    if !matches!(chart.kind, Kind::Lines | Kind::Profile) {
        return;
    }
    let names = names(chart);
    for row in &chart.rows {
        let all = || row.panels.iter().flat_map(|p| &p.lines).flat_map(|l| &l.points);
        let span = Span::over(row.y.scale, all().flat_map(|p| [p.y, p.lo, p.hi]), 0.1);
        let across = Span::over(chart.x.scale, all().map(|p| p.x), 0.1);
        for line in row.panels.iter().flat_map(|panel| &panel.lines) {
            let wide = |p: &crate::show::figure::Point| {
                let ends = span.at(p.lo).zip(span.at(p.hi)).zip(span.at(p.y)).zip(across.at(p.x));
                ends.is_some_and(|(((lo, hi), _), _)| hi - lo > 0.05)
            };
            if line.role != Role::Measured || !line.points.windows(2).any(|pair| pair.iter().all(wide)) {
                continue;
            }
            let place = names.iter().position(|n| *n == line.label).expect("listed");
            let band = scene.shapes.iter().any(|shape| match shape {
                Shape::Closed { spots, fill } => {
                    fill.colour == Some(theme::style(place).colour)
                        && fill.opacity == theme::BAND
                        && area(spots) > 1.0
                }
                _ => false,
            });
            assert!(band, "{name}: {:?} has no band", line.label);
        }
    }
}

fn area(spots: &[Spot]) -> f64 {
    let next = spots.iter().cycle().skip(1);
    spots.iter().zip(next).map(|(a, b)| a.0 * b.1 - a.1 * b.0).sum::<f64>().abs() / 2.0
}

fn coordinates_are_finite_and_short(name: &str, text: &str) {
    for word in ["NaN", "inf", "-0 ", "\"-0\""] {
        assert!(!text.contains(word), "{name}: {word}");
    }
    let decimals =
        text.split('.').skip(1).map(|tail| tail.chars().take_while(char::is_ascii_digit).collect::<String>());
    let short = |digits: String| digits.len() <= 5;
    assert!(decimals.into_iter().all(short), "{name}");
}
