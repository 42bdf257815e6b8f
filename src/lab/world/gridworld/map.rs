//! A map as text: rows of characters, each the glyph of a tile.

use super::config::{Direction, Tile};
use crate::numerics::error::{ConfigError, suggest};
use crate::numerics::words::count;
use indexmap::IndexMap;
use std::fmt::Display;

/// A map, read.
#[derive(Clone, Debug)]
pub(super) struct Map {
    pub(super) width: usize,
    /// Index into `glyphs` of every cell, row by row.
    pub(super) cells: Vec<u8>,
    /// Where every cell stands in the text, in bytes.
    pub(super) bytes: Vec<(usize, usize)>,
    pub(super) glyphs: IndexMap<String, Tile>,
}

const MOST_CELLS: usize = 10_000;

impl Map {
    /// Reads a map whose characters are keys of `tiles`.
    pub(super) fn read(text: &str, tiles: &IndexMap<String, Tile>) -> Result<Self, ConfigError> {
        for glyph in tiles.keys() {
            if glyph.chars().count() != 1 {
                let message = format!("`{glyph}` cannot be a tile");
                return Err(place(&["tiles", glyph], message, "a tile is one character of the map").at_key());
            }
        }
        if tiles.len() > usize::from(u8::MAX) {
            return Err(place(&["tiles"], format!("{} tiles are too many", tiles.len()), "at most 255"));
        }
        let mut map = Map { width: 0, cells: Vec::new(), bytes: Vec::new(), glyphs: tiles.clone() };
        let mut start = 0;
        for (row, full) in text.strip_suffix('\n').unwrap_or(text).split('\n').enumerate() {
            let line = full.strip_suffix('\r').unwrap_or(full);
            let width = line.chars().count();
            if row == 0 {
                map.width = width;
            } else if width != map.width {
                let characters = count(width as u64, "character");
                let message =
                    format!("line {} of the map has {characters}, the first {}", row + 1, map.width);
                let help = "all lines of a map are equally long; fill them with walls or spaces";
                return Err(place(&["map"], message, help).within(start, start + line.len()));
            }
            for (at, glyph) in line.char_indices() {
                let bytes = (start + at, start + at + glyph.len_utf8());
                map.add(glyph, bytes)?;
            }
            start += full.len() + 1;
        }
        if map.cells.is_empty() {
            return Err(place(&["map"], "the map is empty", "one character per tile, one line per row"));
        }
        Ok(map)
    }

    fn add(&mut self, glyph: char, bytes: (usize, usize)) -> Result<(), ConfigError> {
        let mut buffer = [0; 4];
        let glyph: &str = glyph.encode_utf8(&mut buffer);
        let Some(tile) = self.glyphs.get_index_of(glyph) else {
            let known = self.glyphs.keys().map(|known| format!("`{known}`")).collect::<Vec<_>>();
            let (_, help) = suggest(glyph, known.iter().map(String::as_str));
            let message =
                format!("there is no tile `{}` ({})", glyph.escape_debug(), self.position(self.cells.len()));
            let help = format!("{help}; or say what it is under tiles");
            return Err(place(&["map"], message, help).within(bytes.0, bytes.1));
        };
        if self.cells.len() == MOST_CELLS {
            let message = format!("a map of more than {MOST_CELLS} cells is too large");
            return Err(place(&["map"], message, "draw a smaller one"));
        }
        self.cells.push(tile as u8);
        self.bytes.push(bytes);
        Ok(())
    }

    /// Line and column of a cell, from 1.
    pub(super) fn position(&self, cell: usize) -> impl Display + use<> {
        format!("line {}, column {}", cell / self.width + 1, cell % self.width + 1)
    }

    /// The cell next to this one; `None` outside the map.
    pub(super) fn beside(&self, cell: u16, direction: Direction) -> Option<u16> {
        let (cell, width) = (usize::from(cell), self.width);
        let beside = match direction {
            Direction::Up => cell.checked_sub(width)?,
            Direction::Down => cell + width,
            Direction::Left => (cell % width > 0).then(|| cell - 1)?,
            Direction::Right => ((cell + 1) % width > 0).then_some(cell + 1)?,
        };
        (beside < self.cells.len()).then_some(beside as u16)
    }
}

/// A fault at a place in the config of a gridworld.
pub(super) fn place(path: &[&str], message: impl Display, help: impl Display) -> ConfigError {
    let path = ["world", "gridworld"].iter().chain(path).map(|key| (*key).to_owned()).collect();
    ConfigError { path, ..ConfigError::new("", message, help) }
}
