//! The words around the panels: tick labels, axis labels, panel titles, paragraphs.

use super::colour::Colour;
use super::panel::Frame;
use super::scene::{Anchor, Scene};
use super::sides::Side;
use super::text::{self, Font};
use super::theme::{self, MARGIN};

/// Between tick labels and the axis.
pub(super) const TICK_GAP: f64 = 6.0;

pub(super) fn write_x_ticks(scene: &mut Scene, frame: &Frame<'_>, side: &Side) {
    let font = theme::TICK;
    for tick in side.ticks.iter().filter(|tick| !tick.label.is_empty()) {
        let Some(x) = frame.place_x(tick.value) else { continue };
        let top = frame.bottom() + TICK_GAP;
        if side.upright {
            scene.write_up(&tick.label, (x + 0.36 * font.size, top), Anchor::End, font, theme::SOFT);
            continue;
        }
        for (index, line) in tick.label.lines().enumerate() {
            let at = (x, top + 0.8 * font.size + font.leading() * index as f64);
            scene.write(line, at, Anchor::Middle, font, theme::SOFT);
        }
    }
}

pub(super) fn write_y_axis(scene: &mut Scene, frame: &Frame<'_>, side: &Side, label: &[String]) {
    let font = theme::TICK;
    for tick in &side.ticks {
        let Some(y) = frame.place_y(tick.value) else { continue };
        let lines = tick.label.lines().count();
        for (index, line) in tick.label.lines().enumerate() {
            let centre = y + font.leading() * (index as f64 - (lines as f64 - 1.0) / 2.0);
            let at = (frame.left - TICK_GAP, centre + 0.36 * font.size);
            scene.write(line, at, Anchor::End, font, theme::SOFT);
        }
    }
    let middle = frame.top + frame.height / 2.0;
    for (index, line) in label.iter().enumerate() {
        let x = MARGIN + theme::LABEL.size * 0.8 + theme::LABEL.leading() * index as f64;
        scene.write_up(line, (x, middle), Anchor::Middle, theme::LABEL, theme::INK);
    }
}

/// Lines of a panel's title beside its letter.
pub(super) fn panel_title(title: &str, letter: Option<usize>, width: f64) -> Vec<String> {
    text::wrap(title, theme::LABEL, width - indent(letter), 2)
}

/// Room a panel's letter takes.
fn indent(letter: Option<usize>) -> f64 {
    letter.map_or(0.0, |letter| text::width(&letters(letter), theme::LETTER) + 5.0)
}

pub(super) fn write_panel_title(
    scene: &mut Scene,
    lines: &[String],
    letter: Option<usize>,
    (left, top): (f64, f64),
) {
    let first = top + 0.8 * theme::LABEL.size;
    if let Some(letter) = letter {
        scene.write(&letters(letter), (left, first), Anchor::Start, theme::LETTER, theme::INK);
    }
    for (index, line) in lines.iter().enumerate() {
        let at = (left + indent(letter), first + theme::LABEL.leading() * index as f64);
        scene.write(line, at, Anchor::Start, theme::LABEL, theme::INK);
    }
}

/// (a) … (z), (aa) …
fn letters(index: usize) -> String {
    let last = char::from(b'a' + (index % 26) as u8);
    let first = (index >= 26).then(|| char::from(b'a' + ((index / 26 - 1) % 26) as u8));
    format!("({}{last})", first.map(String::from).unwrap_or_default())
}

/// Lines of text from margin to margin; returns where they end.
pub(super) fn paragraph(
    scene: &mut Scene,
    content: &str,
    font: Font,
    colour: Colour,
    top: f64,
    most: usize,
) -> f64 {
    let mut top = top;
    for line in text::wrap(content, font, scene.width - 2.0 * MARGIN, most) {
        scene.write(&line, (MARGIN, top + 0.8 * font.size), Anchor::Start, font, colour);
        top += font.leading();
    }
    top
}
