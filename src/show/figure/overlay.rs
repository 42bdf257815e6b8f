//! What theory says of the series of a panel: between the levels too, where it can be asked there.

use super::chart::{Line, Point, Role};
use super::halving::halved;
use super::view::{At, Spot, View};
use crate::lab::optimizer::Selection;
use crate::study::config::{Level, Scale};
use crate::study::theory::Theory;
use std::collections::BTreeMap;

/// The lines of all theories of a figure in one panel of so many metrics.
pub(super) fn overlays(view: &View<'_>, metrics: &[String], panel: At) -> Vec<Line> {
    let of = |(overlay, theory): (usize, &Theory)| {
        let overlay = Overlay { view, theory: *theory, overlay };
        let series = metrics.iter().enumerate().map(|(i, metric)| (i * view.by.len(), metric));
        let lines = |(first, metric): (usize, &String)| match theory {
            Theory::Gao if metric == "gold" => view.forms(panel, first, overlay.overlay),
            _ => overlay.lines((first, metrics.len()), metric, panel),
        };
        series.flat_map(lines).collect::<Vec<_>>()
    };
    view.figure.theory.iter().enumerate().flat_map(of).collect()
}

/// A theory of a figure, and its place among them.
struct Overlay<'a> {
    view: &'a View<'a>,
    theory: Theory,
    overlay: usize,
}

/// A place along x and what the theory says there.
type Said = (f64, Option<f64>);

impl Overlay<'_> {
    /// What it says of one of so many metrics: one line for all series where it says the same, else one for
    /// each, counted from the `first` series of the metric; none where it says nothing.
    fn lines(&self, (first, metrics): (usize, usize), metric: &str, panel: At) -> Vec<Line> {
        let Overlay { view, theory, overlay } = *self;
        let series: Vec<Vec<&Spot>> = (0..view.by.len()).map(|by| view.series(panel, by).collect()).collect();
        let said = self.at_levels(metric, series.iter().flatten().copied());
        let curve = |spots: &Vec<&Spot>| {
            let at = |spot: &&Spot| Some((view.x(spot)?, said.get(&spot.place).copied()));
            let levels: Vec<Said> = spots.iter().filter_map(at).collect();
            self.between(metric, spots, &levels).unwrap_or_else(|| self.alone(&levels))
        };
        let curves = series.iter().map(curve).enumerate();
        let mut curves: Vec<(usize, Vec<Said>)> =
            curves.filter(|(_, said)| said.iter().any(|(_, y)| y.is_some())).collect();
        let near = |((x, y), (other_x, other_y)): (&Said, &Said)| match (y, other_y) {
            (Some(y), Some(other)) => x == other_x && (y - other).abs() <= 1e-9 * y.abs().max(1.0),
            (y, other) => x == other_x && y == other,
        };
        let same = |a: &[Said], b: &[Said]| a.len() == b.len() && a.iter().zip(b).all(near);
        let is_one = curves.windows(2).all(|pair| same(&pair[0].1, &pair[1].1));
        if is_one {
            curves.truncate(1);
        }
        // Where several metrics without levels share the panel, the line is that of its metric.
        let is_own = !is_one || metrics > 1 && view.by.len() == 1;
        let point = |(x, y): Said| {
            let y = y.unwrap_or(f64::NAN);
            Point::exact(x, y)
        };
        let line = |(by, said): (usize, Vec<Said>)| {
            let role = Role::Theory { overlay, of: is_own.then_some(first + by) };
            Line { label: theory.words().to_owned(), role, points: said.into_iter().map(point).collect() }
        };
        curves.into_iter().map(line).collect()
    }

    /// What it says at places that were run, over the seeds; where it says nothing there is no entry.
    fn at_levels<'s>(&self, metric: &str, spots: impl Iterator<Item = &'s Spot>) -> BTreeMap<usize, f64> {
        let (view, spots) = (self.view, spots.collect::<Vec<_>>());
        // Seed by seed, so that what rows of one trial share is worked out once.
        let mut oracle = view.results.plan.oracle(self.theory, metric);
        let mut said: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        for of_seed in view.results.by_seed() {
            for spot in &spots {
                let value = oracle.value(&of_seed[spot.place]).filter(|x| x.is_finite());
                said.entry(spot.place).or_default().extend(value);
            }
        }
        let over_seeds = |(place, values): (usize, Vec<f64>)| Some((place, self.average(&values)?));
        said.into_iter().filter_map(over_seeds).collect()
    }

    fn average(&self, values: &[f64]) -> Option<f64> {
        (!values.is_empty()).then(|| self.view.figure.statistic.of(values))
    }

    /// The curve through what it says at levels, where it can be asked between them.
    fn between(&self, metric: &str, spots: &[&Spot], levels: &[Said]) -> Option<Vec<Said>> {
        let (view, x) = (self.view, self.view.figure.x.as_deref()?);
        let plan = view.results.plan;
        let place = spots.first()?.place;
        let condition = plan.conditions()[place];
        let whole = match (x, plan.experiment.cells[condition.cell].setup.optimizer.selection()) {
            ("pressure", of) => matches!(of, Some(Selection::BestOfFresh | Selection::BestOfPool)),
            _ => matches!(plan.level(&condition, x), Some(Level::Integer(_))),
        };
        let scale = view.scale();
        let mut levels: Vec<Said> =
            levels.iter().copied().filter(|(x, _)| scale == Scale::Linear || *x > 0.0).collect();
        levels.sort_by(|one, other| one.0.total_cmp(&other.0));
        if x == "pressure" && self.theory.is_of_pressure() {
            let mut oracle = plan.oracle(self.theory, metric);
            return halved(levels, (scale, whole), |pressures| {
                let rows = view.results.at(place);
                let of_seeds: Vec<_> = rows.map(|row| oracle.at_pressures(row, pressures)).collect();
                let over_seeds = |i: usize| {
                    let values: Vec<f64> = of_seeds.iter().filter_map(|said| said[i]).collect();
                    self.average(&values)
                };
                Some((0..pressures.len()).map(over_seeds).collect())
            });
        }
        if !plan.experiment.axes.iter().any(|axis| axis.name == x) || !self.theory.is_of_config() {
            return None;
        }
        // What is known before any seed is the same in all of them.
        let seeds = if plan.reference(condition.cell).is_some() { 1 } else { view.seeds() as u32 };
        halved(levels, (scale, whole), |xs| {
            let level = |x: &f64| if whole { Level::Integer(*x as i64) } else { Level::Number(*x) };
            let levels: Vec<Level> = xs.iter().map(level).collect();
            let fine = plan.between(condition.cell, &[(x, levels.clone())])?;
            let mut oracle = fine.oracle(self.theory, metric);
            let said = |level: &Level| {
                let cell = fine.cell_at(&[(x, level)])?;
                let of_seed = |seed| oracle.in_cell(cell, seed, condition.pressure);
                let values: Vec<f64> = (0..seeds).filter_map(of_seed).filter(|y| y.is_finite()).collect();
                self.average(&values)
            };
            Some(levels.iter().map(said).collect())
        })
    }

    /// What it says at levels: joined along what is measured or rises, such as pressure; along an axis of the
    /// config, where it could turn over between two levels, each by itself.
    fn alone(&self, levels: &[Said]) -> Vec<Said> {
        let x = self.view.figure.x.as_deref().unwrap_or_default();
        if !self.view.results.plan.experiment.axes.iter().any(|axis| axis.name == x) {
            return levels.to_vec();
        }
        let gap = |said: &Said| [*said, (said.0, None)];
        levels.iter().flat_map(gap).collect()
    }
}
