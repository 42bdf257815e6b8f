//! Where numbers are measured: a cell, at a round, at a level of pressure. What
//! figures draw and claims test are selections of conditions.

use super::{Plan, words};
use crate::study::config::{Level, Pin, Pins};

/// Where a row of a repetition was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Condition {
    /// Index of the cell.
    pub cell: usize,
    /// Round, from 1.
    pub round: u32,
    /// Level of pressure.
    pub pressure: f64,
}

impl Plan {
    /// Every condition, in the order of a repetition's rows: cells, rounds, levels of pressure as listed.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    pub(super) fn all_conditions(&self) -> Vec<Condition> {
        let of_cell = |(cell, of): (usize, &crate::study::config::Cell)| {
            let pressures = of.setup.optimizer.pressures();
            let rounds = 1..=of.setup.feedback.rounds.get();
            rounds.flat_map(move |round| {
                pressures.clone().into_iter().map(move |pressure| Condition { cell, round, pressure })
            })
        };
        self.experiment.cells.iter().enumerate().flat_map(of_cell).collect()
    }

    /// The level of a condition on an axis; `variant`, `round` and `pressure` are axes.
    pub fn level(&self, condition: &Condition, axis: &str) -> Option<Level> {
        let cell = &self.experiment.cells[condition.cell];
        match axis {
            "round" => Some(Level::Integer(i64::from(condition.round))),
            "pressure" => Some(Level::Number(condition.pressure)),
            "variant" => Some(Level::Text(cell.variant.clone())),
            _ => {
                let at = self.experiment.axes.iter().position(|a| a.name == axis)?;
                Some(cell.levels[at].clone())
            }
        }
    }

    /// The conditions at which every pinned axis stands at its level, by index, in order.
    pub fn select(&self, pins: &Pins) -> Vec<usize> {
        let at = |condition: &Condition| pins.iter().all(|(axis, pin)| self.stands(condition, axis, pin));
        (0..self.conditions.len()).filter(|i| at(&self.conditions[*i])).collect()
    }

    fn stands(&self, condition: &Condition, axis: &str, pin: &Pin) -> bool {
        let here = self.level(condition, axis);
        match pin {
            Pin::Level(level) => here.as_ref() == Some(level),
            Pin::Among(levels) => here.is_some_and(|here| levels.contains(&here)),
            pin => here == self.end(condition.cell, axis, pin),
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

    /// The levels of an axis among `conditions`, in order of appearance.
    pub fn levels(&self, conditions: &[usize], axis: &str) -> Vec<Level> {
        let mut levels = Vec::new();
        for level in conditions.iter().filter_map(|i| self.level(&self.conditions[*i], axis)) {
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

    /// Pins in words, without those of an axis of one level and those that leave several.
    pub fn pins_words(&self, pins: &Pins) -> String {
        let all: Vec<usize> = (0..self.conditions.len()).collect();
        let is_told = |(axis, pin): &(&String, &Pin)| {
            !matches!(pin, Pin::Among(_)) && self.levels(&all, axis).len() > 1
        };
        let several = pins.iter().filter(is_told);
        let words: Vec<String> =
            several.map(|(axis, pin)| format!("{} {}", words(axis), self.pin_words(axis, pin))).collect();
        words.join(", ")
    }
}
