//! The places of a figure, sorted into rows and columns of panels, series and slots.

use crate::study::config::{FigureConfig, Level};
use crate::study::plan::Plan;
use std::collections::BTreeMap;

/// A place and where it is drawn.
pub(super) struct Spot {
    /// Index among the plan's places.
    pub(super) place: usize,
    row: usize,
    column: usize,
    by: usize,
    /// Index of the level of x, on an axis of slots.
    pub(super) slot: usize,
}

/// The places of a figure.
pub(super) struct View {
    /// In the plan's order.
    pub(super) spots: Vec<Spot>,
    /// Levels in order of appearance; one `None` where there is no such axis.
    pub(super) rows: Vec<Option<Level>>,
    pub(super) columns: Vec<Option<Level>>,
    pub(super) by: Vec<Option<Level>>,
    /// Levels of x, on an axis of slots.
    pub(super) slots: Option<Vec<Level>>,
    /// Of a profile: the least and the greatest value of any seed.
    pub(super) ends: Option<(f64, f64)>,
    /// Indices of spots by (row, column, by).
    groups: BTreeMap<(usize, usize, usize), Vec<usize>>,
}

impl View {
    pub(super) fn new(plan: &Plan, figure: &FigureConfig) -> View {
        let places = plan.select(&figure.pins);
        let along = |axis: Option<&str>| index(plan, &places, axis);
        let (rows, at_row) = along(figure.rows.as_deref());
        let (columns, at_column) = along(figure.columns.as_deref());
        let (by, at_by) = along(figure.by.as_deref());
        let (slots, at_slot) = along(figure.x.as_deref().filter(|_| figure.kind.has_slots()));
        let mut spots = Vec::new();
        let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (i, &place) in places.iter().enumerate() {
            let spot = Spot { place, row: at_row[i], column: at_column[i], by: at_by[i], slot: at_slot[i] };
            groups.entry((spot.row, spot.column, spot.by)).or_default().push(i);
            spots.push(spot);
        }
        let slots = figure.kind.has_slots().then(|| slots.into_iter().flatten().collect());
        View { spots, rows, columns, by, slots, ends: None, groups }
    }

    /// The places of one series in one panel, in the plan's order.
    pub(super) fn series(&self, (row, column): (usize, usize), by: usize) -> impl Iterator<Item = &Spot> {
        let group = self.groups.get(&(row, column, by));
        group.into_iter().flatten().map(|i| &self.spots[*i])
    }

    /// Combinations of levels that have no place, and so were left out as undefined.
    pub(super) fn missing(&self) -> Vec<Vec<&Level>> {
        let slots = self.slots.as_ref().map_or(1, Vec::len);
        let mut there = vec![false; self.rows.len() * self.columns.len() * self.by.len() * slots];
        let at = |row: usize, column: usize, by: usize, slot: usize| {
            ((row * self.columns.len() + column) * self.by.len() + by) * slots + slot
        };
        for s in &self.spots {
            there[at(s.row, s.column, s.by, s.slot)] = true;
        }
        let mut missing = Vec::new();
        for (i, _) in there.iter().enumerate().filter(|(_, there)| !**there) {
            let (slot, rest) = (i % slots, i / slots);
            let (by, rest) = (rest % self.by.len(), rest / self.by.len());
            let (column, row) = (rest % self.columns.len(), rest / self.columns.len());
            let levels = [&self.by[by], &self.columns[column], &self.rows[row]];
            let slot = self.slots.iter().filter_map(|levels| levels.get(slot));
            missing.push(slot.chain(levels.into_iter().flatten()).collect());
        }
        missing
    }
}

/// The levels of an axis among places, in order of appearance, and the index of each place's.
fn index(plan: &Plan, places: &[usize], axis: Option<&str>) -> (Vec<Option<Level>>, Vec<usize>) {
    let Some(axis) = axis else { return (vec![None], vec![0; places.len()]) };
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut levels = Vec::new();
    let at = places.iter().map(|place| {
        let level = plan.level(&plan.conditions()[*place], axis);
        let key = level.as_ref().map(Level::to_string).unwrap_or_default();
        *known.entry(key).or_insert_with(|| {
            levels.push(level);
            levels.len() - 1
        })
    });
    let at = at.collect();
    (levels, at)
}
