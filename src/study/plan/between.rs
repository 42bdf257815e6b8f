//! Cells between those of a plan: theory is asked there, and nothing is run.

use super::Plan;
use crate::study::config::{Level, Overrides};
use toml::{Table, Value};

impl Plan {
    /// The plan of one cell at other levels of some axes, the rest of them as in the cell. Round and pressure
    /// are in every cell, so that their levels make no difference. `None` where the config cannot have
    /// such levels.
    pub fn between(&self, cell: usize, levels: &[(&str, Vec<Level>)]) -> Option<Plan> {
        let experiment = &self.experiment;
        let mut config: Table = experiment.resolved.parse().ok()?;
        // What these select need not be there.
        config.retain(|section, _| !["figures", "claims", "quick"].contains(&section));
        let cell = &experiment.cells[cell];
        let variant = Level::Text(cell.variant.clone());
        let axes = experiment.axes.iter().map(|axis| axis.name.as_str()).zip(&cell.levels);
        let set = |(axis, own): (&str, &Level)| {
            let given = levels.iter().find(|(name, _)| *name == axis).map(|(_, levels)| levels.as_slice());
            let levels = given.unwrap_or(std::slice::from_ref(own));
            Some(format!("{axis}={}", Value::try_from(levels).ok()?))
        };
        let sets = axes.chain([("variant", &variant)]).map(set).collect::<Option<_>>()?;
        let options = Overrides { sets, methods: experiment.methods.clone(), ..Overrides::default() };
        Plan::read(&experiment.name, config.to_string().as_bytes(), &options).ok()
    }

    /// The cell at these levels of the axes there are; `None` where it is undefined.
    pub fn cell_at(&self, levels: &[(&str, &Level)]) -> Option<usize> {
        let axes = &self.experiment.axes;
        let at = |axis: &str| axes.iter().position(|a| a.name == axis);
        let levels: Vec<(usize, &Level)> =
            levels.iter().filter_map(|(axis, level)| Some((at(axis)?, *level))).collect();
        let stands = |(axis, level): &(usize, &Level), cell: usize| {
            self.experiment.cells[cell].levels[*axis] == **level
        };
        (0..self.experiment.cells.len()).find(|cell| levels.iter().all(|level| stands(level, *cell)))
    }
}
