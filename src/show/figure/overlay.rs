//! What theory says of the series of a panel.

use super::chart::{Line, Point, Role};
use super::view::{At, Spot, View};
use crate::study::theory::Theory;
use std::collections::BTreeMap;

/// The lines of all theories of a figure in one panel of so many metrics.
pub(super) fn overlays(view: &View<'_>, metrics: &[String], panel: At) -> Vec<Line> {
    let of = |theory: &Theory| {
        let series = metrics.iter().enumerate().map(|(i, metric)| (i * view.by.len(), metric));
        series.flat_map(|(first, metric)| overlay(view, *theory, first, metric, panel)).collect::<Vec<_>>()
    };
    view.figure.theory.iter().flat_map(of).collect()
}

/// What a theory says: one line for all series where it says the same, else one for each, counted
/// from the `first` series of the metric; none where it says nothing.
fn overlay(view: &View<'_>, theory: Theory, first: usize, metric: &str, panel: At) -> Vec<Line> {
    let series: Vec<Vec<&Spot>> = (0..view.by.len()).map(|by| view.series(panel, by).collect()).collect();
    // Seed by seed, so that what rows of one trial share is worked out once.
    let mut oracle = view.results.plan.oracle(theory, metric);
    let mut said: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for of_seed in view.results.rows.chunks(view.places()) {
        for spot in series.iter().flatten() {
            let value = oracle.value(&of_seed[spot.place]).filter(|x| x.is_finite());
            said.entry(spot.place).or_default().extend(value);
        }
    }
    let point = |spot: &&Spot| {
        let values = said.get(&spot.place).filter(|values| !values.is_empty())?;
        let y = view.figure.statistic.of(values);
        Some(Point { x: view.x(spot)?, y, lo: y, hi: y })
    };
    let curves = series.iter().map(|spots| spots.iter().filter_map(point).collect());
    let mut curves: Vec<(usize, Vec<Point>)> =
        curves.enumerate().filter(|(_, points): &(_, Vec<_>)| !points.is_empty()).collect();
    let near = |(p, q): (&Point, &Point)| p.x == q.x && (p.y - q.y).abs() <= 1e-9 * p.y.abs().max(1.0);
    let same = |a: &[Point], b: &[Point]| a.len() == b.len() && a.iter().zip(b).all(near);
    let is_one = curves.windows(2).all(|pair| same(&pair[0].1, &pair[1].1));
    if is_one {
        curves.truncate(1);
    }
    let overlay = Theory::ALL.iter().position(|t| *t == theory).unwrap_or(0);
    let line = |(by, points)| {
        let role = Role::Theory { overlay, of: (!is_one).then_some(first + by) };
        Line { label: theory.words().to_owned(), role, points }
    };
    curves.into_iter().map(line).collect()
}
