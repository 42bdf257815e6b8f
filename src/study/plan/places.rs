//! Where numbers are measured: a cell, at a round, at a level of pressure. What
//! figures draw and claims test are selections of places.

use super::{Plan, words};
use crate::study::config::{Level, Pin, Pins};

/// Where a row of a repetition was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Index of the cell.
    pub cell: usize,
    /// Round, from 1.
    pub round: u32,
    /// Level of pressure.
    pub pressure: f64,
}

impl Plan {
    /// Every place, in the order of a repetition's rows: cells, rounds, levels of pressure as listed.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    pub(super) fn all_places(&self) -> Vec<Place> {
        let of_cell = |(cell, of): (usize, &crate::study::config::Cell)| {
            let pressures = of.setup.optimizer.pressures();
            let rounds = 1..=of.setup.feedback.rounds.get();
            rounds.flat_map(move |round| {
                pressures.clone().into_iter().map(move |pressure| Place { cell, round, pressure })
            })
        };
        self.experiment.cells.iter().enumerate().flat_map(of_cell).collect()
    }

    /// The level of a place on an axis; `variant`, `round` and `pressure` are axes.
    pub fn level(&self, place: &Place, axis: &str) -> Option<Level> {
        let cell = &self.experiment.cells[place.cell];
        match axis {
            "round" => Some(Level::Integer(i64::from(place.round))),
            "pressure" => Some(Level::Number(place.pressure)),
            "variant" => Some(Level::Text(cell.variant.clone())),
            _ => {
                let at = self.experiment.axes.iter().position(|a| a.name == axis)?;
                Some(cell.levels[at].clone())
            }
        }
    }

    /// The places at which every pinned axis stands at its level, by index, in order.
    pub fn select(&self, pins: &Pins) -> Vec<usize> {
        let at = |place: &Place| pins.iter().all(|(axis, pin)| self.stands(place, axis, pin));
        (0..self.places.len()).filter(|i| at(&self.places[*i])).collect()
    }

    fn stands(&self, place: &Place, axis: &str, pin: &Pin) -> bool {
        let here = self.level(place, axis);
        match pin {
            Pin::Level(level) => here.is_some_and(|h| h.same(level)),
            pin => here == self.end(place.cell, axis, pin),
        }
    }

    /// The first or last level of an axis, as listed; rounds and pressures are the cell's own.
    fn end(&self, cell: usize, axis: &str, pin: &Pin) -> Option<Level> {
        let config = &self.experiment.cells[cell].setup;
        let levels: Vec<Level> = match axis {
            "round" => [1, config.feedback.rounds.get()].map(|r| Level::Integer(i64::from(r))).to_vec(),
            "pressure" => config.optimizer.pressures().into_iter().map(Level::Number).collect(),
            "variant" => self.experiment.variants.iter().cloned().map(Level::Text).collect(),
            _ => self.experiment.axes.iter().find(|a| a.name == axis)?.levels.clone(),
        };
        if *pin == Pin::First { levels.first().cloned() } else { levels.last().cloned() }
    }

    /// The levels of an axis among `places`, in order of appearance.
    pub fn levels(&self, places: &[usize], axis: &str) -> Vec<Level> {
        let mut levels = Vec::new();
        for level in places.iter().filter_map(|i| self.level(&self.places[*i], axis)) {
            if !levels.contains(&level) {
                levels.push(level);
            }
        }
        levels
    }

    /// A pin in words: its level; `first` or `last` where that is not the same level in all cells.
    pub fn pin_words(&self, axis: &str, pin: &Pin) -> String {
        let level = match pin {
            Pin::Level(level) => Some(level.clone()),
            pin => {
                let mut ends = (0..self.experiment.cells.len()).map(|cell| self.end(cell, axis, pin));
                let first = ends.next().flatten();
                if ends.all(|end| end == first) { first } else { None }
            }
        };
        match (level, pin) {
            (Some(Level::Text(text)), _) => text.replace('_', " "),
            (Some(level), _) => level.to_string(),
            (None, Pin::First) => "first".to_owned(),
            (None, _) => "last".to_owned(),
        }
    }

    /// Pins in words, those left out that pin an axis of one level.
    pub fn pins_words(&self, pins: &Pins) -> String {
        let all: Vec<usize> = (0..self.places.len()).collect();
        let several = pins.iter().filter(|(axis, _)| self.levels(&all, axis).len() > 1);
        let words: Vec<String> =
            several.map(|(axis, pin)| format!("{} {}", words(axis), self.pin_words(axis, pin))).collect();
        words.join(", ")
    }
}
