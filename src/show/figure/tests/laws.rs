//! What must be so of every picture.

use super::picture::{Picture, Rect, Shape};
use crate::show::figure::colour::{Colour, WHITE};
use crate::show::figure::kinds::Tools;
use crate::show::figure::span::Span;
use crate::show::figure::theme::{self, Theme};
use crate::show::figure::{Chart, Point, Role, svg, text};
use crate::study::config::FigureKind as Kind;
use indexmap::IndexSet;

/// Checks all laws.
pub(super) fn check(name: &str, chart: &Chart) {
    let drawn = svg(chart);
    let picture = Picture::read(&drawn);
    no_two_texts_overlap(name, &picture);
    everything_lies_on_the_canvas(name, &picture);
    no_figure_is_wider_than_a_page(name, chart, &picture);
    texts_lie_beside_the_data(name, chart, &picture);
    texts_can_be_read(name, &picture);
    every_slot_is_named(name, chart, &picture);
    every_series_is_drawn(name, chart, &picture);
    intervals_are_drawn(name, chart, &picture);
    coordinates_are_finite_and_short(name, &drawn);
    every_line_goes_somewhere(name, &drawn);
}

fn no_two_texts_overlap(name: &str, picture: &Picture) {
    for (index, one) in picture.texts.iter().enumerate() {
        for other in &picture.texts[..index] {
            let (a, b) = (one.bounds, other.bounds);
            assert!(a.is_apart(b), "{name}: {:?} {a:?} covers {:?} {b:?}", one.content, other.content);
        }
    }
}

fn everything_lies_on_the_canvas(name: &str, picture: &Picture) {
    let canvas = Rect { left: 0.0, top: 0.0, right: picture.width, bottom: picture.height };
    for text in &picture.texts {
        assert!(text.bounds.is_inside(canvas), "{name}: {:?} {:?}", text.content, text.bounds);
        assert!(!text.content.is_empty(), "{name}: an empty text");
    }
    for shape in &picture.shapes {
        assert!(shape.bounds().is_inside(canvas), "{name}: {shape:?}");
    }
}

fn no_figure_is_wider_than_a_page(name: &str, chart: &Chart, picture: &Picture) {
    let page = chart.style.width.unwrap_or(760.0);
    assert!(picture.width <= page + 1.0, "{name}: {}", picture.width);
}

/// Nothing is written over data but the numbers of a heat map, each in its cell.
fn texts_lie_beside_the_data(name: &str, chart: &Chart, picture: &Picture) {
    for text in &picture.texts {
        for plot in picture.plots.iter().filter(|plot| !text.bounds.is_apart(**plot)) {
            let allowed = text.content == "no data" || chart.kind == Kind::Heat;
            assert!(allowed && text.bounds.is_inside(*plot), "{name}: {:?} lies over data", text.content);
        }
        for shape in picture.shapes.iter().filter(|shape| shape.radius > 0.0) {
            let covers = |(x, y): &(f64, f64)| {
                (text.bounds.left..text.bounds.right).contains(x)
                    && (text.bounds.top..text.bounds.bottom).contains(y)
            };
            assert!(!shape.spots.iter().any(covers), "{name}: {:?} covers a mark", text.content);
        }
    }
}

/// Contrast of 4.5 with what is behind, and nothing in front.
fn texts_can_be_read(name: &str, picture: &Picture) {
    for text in &picture.texts {
        let solid = |shape: &&Shape| {
            shape.fill.is_some() && shape.opacity == 1.0 && !text.bounds.is_apart(shape.bounds())
        };
        let (behind, before) = picture.shapes.split_at(text.order);
        assert!(before.iter().find(solid).is_none(), "{name}: {:?} is covered", text.content);
        let behind = behind.iter().rev().find(solid);
        let whole = behind.is_none_or(|shape| text.bounds.is_inside(shape.bounds()));
        let ground = behind.and_then(|shape| shape.fill).unwrap_or(WHITE);
        let contrast = text.colour.contrast(ground);
        assert!(whole && contrast >= 4.5, "{name}: {:?} on {ground}: {contrast:.2}", text.content);
    }
}

fn every_slot_is_named(name: &str, chart: &Chart, picture: &Picture) {
    let words: Vec<&str> = picture.texts.iter().flat_map(|t| t.content.split(' ')).collect();
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

/// Every series has its name, and its colour where it has a value.
fn every_series_is_drawn(name: &str, chart: &Chart, picture: &Picture) {
    let (names, theme) = (chart.names(|role| role == Role::Measured), Theme::new(&chart.style));
    let tools = Tools::new(chart);
    let all: String = picture.texts.iter().map(|t| t.content.clone() + " ").collect();
    // Past so many nobody reads a legend, and it counts the rest.
    let unread: IndexSet<&str> = chart.names(|_| true).into_iter().skip(60).collect();
    for line in chart.lines().filter(|line| !unread.contains(line.label.as_str())) {
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
        let place = names.get_index_of(line.label.as_str()).expect("listed");
        let colour = match chart.kind {
            Kind::Bars | Kind::Bands => theme.brush(place).colour,
            _ => tools.look(line).colour,
        };
        let own = |shape: &&Shape| [shape.fill, shape.stroke].contains(&Some(colour));
        let own = picture.shapes.iter().filter(own).any(|shape| shape.name == text::clean(&line.label));
        assert!(own, "{name}: {:?} is not drawn", line.label);
    }
}

/// An interval that is not nothing has an area.
fn intervals_are_drawn(name: &str, chart: &Chart, picture: &Picture) {
    if !matches!(chart.kind, Kind::Lines | Kind::Profile) {
        return;
    }
    let tools = Tools::new(chart);
    for row in &chart.rows {
        let all = || row.panels.iter().flat_map(|p| &p.lines).flat_map(|l| &l.points);
        let span = Span::over(row.y.scale, all().flat_map(|p| [p.y, p.lo, p.hi]), 0.1);
        let across = Span::over(chart.x.scale, all().map(|p| p.x), 0.1);
        for line in row.panels.iter().flat_map(|panel| &panel.lines) {
            let wide = |p: &Point| {
                let ends = span.at(p.lo).zip(span.at(p.hi)).zip(span.at(p.y)).zip(across.at(p.x));
                ends.is_some_and(|(((lo, hi), _), _)| hi - lo > 0.05)
            };
            if line.role != Role::Measured || !line.points.windows(2).any(|pair| pair.iter().all(wide)) {
                continue;
            }
            let colour: Option<Colour> = Some(tools.look(line).colour);
            let is_band = |shape: &Shape| shape.fill == colour && shape.opacity == theme::BAND;
            let band = picture.shapes.iter().any(|shape| is_band(shape) && area(&shape.spots) > 1.0);
            assert!(band, "{name}: {:?} has no band", line.label);
        }
    }
}

fn area(spots: &[(f64, f64)]) -> f64 {
    let next = spots.iter().cycle().skip(1);
    spots.iter().zip(next).map(|(a, b)| a.0 * b.1 - a.1 * b.0).sum::<f64>().abs() / 2.0
}

/// A path of no length cannot be stroked by all who draw the picture.
fn every_line_goes_somewhere(name: &str, text: &str) {
    let lines =
        text.split("<polyline").skip(1).filter_map(|line| line.split(" points=\"").nth(1)?.split('"').next());
    for line in lines {
        let mut spots = line.split_whitespace();
        let first = spots.next();
        assert!(spots.any(|spot| Some(spot) != first), "{name}: a line from {first:?} goes nowhere");
    }
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
