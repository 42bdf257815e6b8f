//! Laws of the whole picture, over the gallery.

use super::layout::layout;
use super::scene::{Anchor, Scene, Shape, Text};
use super::{gallery, svg, text};

/// Left, top, right, bottom.
#[derive(Clone, Copy, Debug)]
struct Bounds(f64, f64, f64, f64);

/// The box a text covers: its advance across, ascender to descender (in em) along.
fn bounds(text: &Text) -> Bounds {
    let width = text::width(&text.content, text.font);
    let before = match text.anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => width / 2.0,
        Anchor::End => width,
    };
    let (up, down) = (0.78 * text.font.size, 0.22 * text.font.size);
    let (x, y) = text.at;
    if text.upright {
        Bounds(x - up, y - (width - before), x + down, y + before)
    } else {
        Bounds(x - before, y - up, x - before + width, y + down)
    }
}

fn boxes(scene: &Scene) -> Vec<(&str, Bounds)> {
    scene.texts.iter().map(|text| (text.content.as_str(), bounds(text))).collect()
}

#[test]
fn no_two_texts_overlap() {
    for (name, chart) in gallery::all() {
        let scene = layout(&chart);
        let boxes = boxes(&scene);
        for (index, (one, a)) in boxes.iter().enumerate() {
            for (other, b) in &boxes[..index] {
                let apart = a.0 >= b.2 || b.0 >= a.2 || a.1 >= b.3 || b.1 >= a.3;
                assert!(apart, "{name}: {one:?} {a:?} covers {other:?} {b:?}");
            }
        }
    }
}

#[test]
fn everything_lies_on_the_canvas() {
    for (name, chart) in gallery::all() {
        let scene = layout(&chart);
        let inside = |x: f64, y: f64| (0.0..=scene.width).contains(&x) && (0.0..=scene.height).contains(&y);
        for (text, Bounds(left, top, right, bottom)) in boxes(&scene) {
            assert!(inside(left, top) && inside(right, bottom), "{name}: {text:?}");
        }
        for shape in &scene.shapes {
            let spots = match shape {
                Shape::Open { spots, .. } | Shape::Closed { spots, .. } => spots.clone(),
                Shape::Circle { centre, .. } => vec![*centre],
            };
            assert!(spots.iter().all(|&(x, y)| inside(x, y)), "{name}: {shape:?}");
        }
    }
}

#[test]
fn texts_lie_beside_the_data_never_over_it() {
    for (name, chart) in gallery::all() {
        let scene = layout(&chart);
        let marks = scene.shapes.iter().filter_map(|shape| match shape {
            Shape::Circle { centre, .. } => Some(*centre),
            _ => None,
        });
        let boxes = boxes(&scene);
        for (x, y) in marks {
            for (text, Bounds(left, top, right, bottom)) in &boxes {
                let covered = x > *left && x < *right && y > *top && y < *bottom;
                assert!(!covered, "{name}: {text:?} covers a mark");
            }
        }
    }
}

#[test]
fn every_series_is_named_and_every_panel_lettered() {
    for (name, chart) in gallery::all() {
        if name == "long_words" {
            continue;
        }
        let all: String = layout(&chart).texts.iter().map(|text| text.content.clone() + " ").collect();
        let panels = chart.rows.iter().flat_map(|row| &row.panels);
        for line in panels.clone().flat_map(|panel| &panel.lines) {
            assert!(all.contains(&line.label), "{name}: {:?} is not named", line.label);
        }
        assert_eq!(all.contains("(a)"), panels.count() > 1, "{name}");
    }
}

#[test]
fn names_stand_at_the_ends_where_they_fit_and_else_in_a_legend() {
    let count = |name: &str, label: &str| {
        let (_, chart) = gallery::all().into_iter().find(|entry| entry.0 == name).unwrap();
        layout(&chart).texts.iter().filter(|text| text.content == label).count()
    };
    assert_eq!(count("grid", "audit"), 2, "once beside each row");
    assert_eq!(count("crowd", "direct preference optimisation"), 1, "once in the legend");
}

#[test]
fn coordinates_are_finite_and_short() {
    for (name, chart) in gallery::all() {
        let text = svg(&chart);
        for word in ["NaN", "inf", "-0 ", "\"-0\""] {
            assert!(!text.contains(word), "{name}: {word}");
        }
        let decimals = text
            .split('.')
            .skip(1)
            .map(|tail| tail.chars().take_while(char::is_ascii_digit).collect::<String>());
        let short = |digits: String| digits.len() <= 5;
        assert!(decimals.into_iter().all(short), "{name}");
    }
}

/// Any change of these numbers is a change of every published figure: look at the pictures,
/// then write it into the changelog.
#[test]
fn the_bytes_are_stable() {
    let fnv = |text: &str| {
        text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        })
    };
    let hashes: Vec<String> = gallery::all()
        .iter()
        .take(4)
        .map(|(name, chart)| format!("{name} {:016x}", fnv(&svg(chart))))
        .collect();
    assert_eq!(
        hashes,
        [
            "labels 4e9cb51ad0d81f2d",
            "grid 71f620cdf9a5efbc",
            "crowd 0180a44243df344e",
            "pressure 5e3f5163d26e29d8"
        ]
    );
}
