//! Measuring, wrapping and shortening text by the embedded advance widths.
//!
//! Kerning is left out of the sums: it nearly always narrows, so widths err to the safe side.

/// Font units in one em.
const UNITS_PER_EM: f64 = 2048.0;

/// (code point, advance of Roboto Regular, of Roboto Bold) in font units, by code point; written by
/// `font/subset.py`.
const WIDTHS: [(u32, u16, u16); 311] = include!("font/widths.txt");

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

/// Advance of a line of text, in pixels.
pub(crate) fn width(text: &str, font: Font) -> f64 {
    let units: f64 = text.chars().map(|character| advance(character, font.bold)).sum();
    units * font.size / UNITS_PER_EM
}

/// Another font stands in for what the embedded one lacks: of its width only the script tells.
fn advance(character: char, bold: bool) -> f64 {
    let ems = match u32::from(character) {
        // Marks over the letter before, joiners, variants.
        0x300..=0x36F | 0x483..=0x489 | 0x591..=0x5BD | 0x64B..=0x65F | 0x200B..=0x200F => 0.0,
        0x20D0..=0x20FF | 0xFE00..=0xFE0F => 0.0,
        0x1F000.. => 1.3,
        0x1100.. => 1.0,
        _ => 0.85,
    };
    match WIDTHS.binary_search_by_key(&u32::from(character), |row| row.0) {
        Ok(index) if bold => f64::from(WIDTHS[index].2),
        Ok(index) => f64::from(WIDTHS[index].1),
        Err(_) => ems * UNITS_PER_EM,
    }
}

/// Whether the embedded font has every sign of a text.
#[cfg(feature = "cli")]
pub(crate) fn is_covered(text: &str) -> bool {
    let known = |c: char| c.is_control() || WIDTHS.binary_search_by_key(&u32::from(c), |row| row.0).is_ok();
    text.chars().all(known)
}

/// Words joined by single spaces, without characters that XML forbids.
pub(crate) fn clean(text: &str) -> String {
    let printable = |word: &str| -> String {
        word.chars().filter(|&c| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}')).collect()
    };
    let words = text.split_whitespace().map(printable).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
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

/// What a panel is called by its place: (a) … (z), (aa) …
pub(crate) fn letter(place: usize) -> String {
    let last = char::from(b'a' + (place % 26) as u8);
    let first = (place >= 26).then(|| char::from(b'a' + ((place / 26 - 1) % 26) as u8));
    format!("({}{last})", first.map(String::from).unwrap_or_default())
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
    let is_beyond = |(_, character): &(usize, char)| {
        sum += advance(*character, font.bold);
        sum > units
    };
    text.char_indices().find(is_beyond).map_or(text.len(), |(byte, _)| byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FONT: Font = Font { size: 10.0, bold: false };

    #[test]
    fn the_table_is_sorted_and_knows_the_signs_figures_use() {
        assert!(WIDTHS.is_sorted_by_key(|row| row.0));
        for sign in "−–—…×·πβσφθ⁰⁴⁻₀≤≥≈→∞√".chars() {
            assert!(WIDTHS.iter().any(|row| row.0 == u32::from(sign)), "{sign} is missing");
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
