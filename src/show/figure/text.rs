//! Measuring, wrapping and shortening text by the embedded advance widths.
//!
//! Kerning is left out of the sums: it nearly always narrows, so widths err to the safe side.

use super::widths::{UNITS_PER_EM, WIDTHS};

/// A cut of the embedded family.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Font {
    /// Pixels per em.
    pub(crate) size: f64,
    pub(crate) bold: bool,
}

impl Font {
    /// Baseline to baseline.
    pub(crate) fn leading(self) -> f64 {
        1.3 * self.size
    }
}

/// Advance of a line of text, in pixels. A character the font lacks counts one em.
pub(crate) fn width(text: &str, font: Font) -> f64 {
    let units: f64 = text.chars().map(|character| advance(character, font.bold)).sum();
    units * font.size / UNITS_PER_EM
}

fn advance(character: char, bold: bool) -> f64 {
    match WIDTHS.binary_search_by_key(&u32::from(character), |row| row.0) {
        Ok(index) if bold => f64::from(WIDTHS[index].2),
        Ok(index) => f64::from(WIDTHS[index].1),
        Err(_) => UNITS_PER_EM,
    }
}

/// Words joined by single spaces, without characters that XML forbids.
pub(crate) fn clean(text: &str) -> String {
    let printable = |word: &str| -> String {
        word.chars().filter(|&c| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}')).collect()
    };
    let words: Vec<String> = text.split_whitespace().map(printable).collect();
    words.iter().filter(|word| !word.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// The text in at most `most` lines no wider than `room`; an ellipsis stands for what is cut.
/// A word wider than a line is broken.
pub(crate) fn wrap(text: &str, font: Font, room: f64, most: usize) -> Vec<String> {
    let text = clean(text);
    let mut lines = Vec::new();
    let mut rest = text.as_str();
    while !rest.is_empty() && lines.len() < most {
        if lines.len() + 1 == most {
            lines.push(shorten(rest, font, room));
            break;
        }
        let end = line_end(rest, font, room);
        lines.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].trim_start();
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// Whether the lines that [`wrap`] made hold every word of the text unbroken.
pub(crate) fn is_whole(lines: &[String], text: &str) -> bool {
    lines.join(" ") == clean(text)
}

/// Byte where the first line ends: after the last word that fits, or inside a word too long.
fn line_end(text: &str, font: Font, room: f64) -> usize {
    let fit = prefix(text, font, room);
    if fit == text.len() || text[fit..].starts_with(' ') {
        return fit;
    }
    let broken = || text.chars().next().map_or(0, char::len_utf8).max(fit);
    text[..fit].rfind(' ').map_or_else(broken, |space| space + 1)
}

/// The text, or as much of its beginning as fits with an ellipsis.
fn shorten(text: &str, font: Font, room: f64) -> String {
    if width(text, font) <= room {
        return text.to_owned();
    }
    let fit = prefix(text, font, room - width("…", font));
    format!("{}…", text[..fit].trim_end())
}

/// Length in bytes of the longest prefix no wider than `room`.
fn prefix(text: &str, font: Font, room: f64) -> usize {
    let units = room * UNITS_PER_EM / font.size;
    let mut sum = 0.0;
    for (byte, character) in text.char_indices() {
        sum += advance(character, font.bold);
        if sum > units {
            return byte;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FONT: Font = Font { size: 10.0, bold: false };

    #[test]
    fn the_table_is_sorted_and_knows_the_signs_figures_use() {
        assert!(WIDTHS.is_sorted_by_key(|row| row.0));
        for sign in "−–—…×·πβσφθ⁰⁴⁻₀≤≥≈→∞√".chars() {
            assert!(advance(sign, true) != UNITS_PER_EM, "{sign} is missing");
        }
        assert!(width("ll", FONT) < width("MM", FONT));
    }

    #[test]
    fn lines_keep_within_their_room_and_lose_no_word() {
        let text = "one  two\nthree four five six seven eight nine ten";
        let lines = wrap(text, FONT, 60.0, 99);
        assert!(lines.len() > 2 && is_whole(&lines, text));
        assert!(lines.iter().all(|line| width(line, FONT) <= 60.0));
    }

    #[test]
    fn what_is_cut_ends_in_an_ellipsis() {
        let lines = wrap("one two three four five six", FONT, 50.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…') && width(&lines[1], FONT) <= 50.0);
    }

    #[test]
    fn a_word_without_end_is_broken() {
        let lines = wrap(&"x".repeat(100), FONT, 50.0, 99);
        assert!(lines.len() > 5 && lines.iter().all(|line| width(line, FONT) <= 50.0));
        assert_eq!(lines.concat(), "x".repeat(100));
        assert_eq!(wrap("ab", FONT, 0.0, 9), ["a", "b"]);
    }
}
