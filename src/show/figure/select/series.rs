//! The series of a panel, measured and by theory.

use super::view::{Spot, View};
use super::{Results, profile, shown};
use crate::numerics::stats::Summariser;
use crate::show::figure::chart::{Line, Point, Role};
use crate::show::figure::contour::boundaries;
use crate::study::config::{FigureConfig, FigureKind as Kind, Level};
use crate::study::theory::Theory;
use std::collections::BTreeMap;

impl Results<'_> {
    /// The series of one panel.
    pub(super) fn lines(
        &self,
        figure: &FigureConfig,
        view: &View,
        metrics: &[String],
        panel: (usize, usize),
    ) -> Vec<Line> {
        if figure.kind == Kind::Bands {
            return self.bands(figure, view, metrics, panel);
        }
        let line = |metric: &String, by: usize| {
            let points = match figure.kind {
                Kind::Scatter => view.series(panel, by).flat_map(|s| self.cloud(figure, s, metric)).collect(),
                Kind::Profile => self.profile(view, panel, by, metric),
                _ => view.series(panel, by).filter_map(|s| self.point(figure, s, metric)).collect(),
            };
            Line { label: label(figure, &view.by[by], metric, metrics.len()), role: Role::Measured, points }
        };
        let all = series(figure, view);
        let of_metric = |metric| all.iter().map(move |by| (metric, *by));
        let mut lines: Vec<Line> = metrics.iter().flat_map(of_metric).map(|(m, by)| line(m, by)).collect();
        for (i, theory) in figure.theory.iter().enumerate() {
            for (first, metric) in metrics.iter().enumerate().map(|(m, metric)| (m * all.len(), metric)) {
                lines.extend(match figure.kind {
                    Kind::Heat => self.boundaries(figure, view, (i, *theory), metric, panel),
                    _ => self.overlay(figure, view, (*theory, first), metric, panel),
                });
            }
        }
        lines
    }

    /// Where a theory has something turn over on a heat map.
    fn boundaries(
        &self,
        figure: &FigureConfig,
        view: &View,
        (overlay, theory): (usize, Theory),
        metric: &str,
        panel: (usize, usize),
    ) -> Vec<Line> {
        let mut oracle = self.plan.oracle(theory, metric);
        let mut row = |by: usize| {
            let mut margins = vec![Vec::new(); view.slots.as_ref().map_or(0, Vec::len)];
            for spot in view.series(panel, by) {
                // They are the same in all seeds.
                margins[spot.slot] = oracle.margins(&self.rows[spot.place]);
            }
            margins
        };
        let margins: Vec<Vec<Vec<f64>>> = series(figure, view).into_iter().map(&mut row).collect();
        boundaries(&margins, theory.words(), overlay)
    }

    /// Layers, and the mark at their sum.
    fn bands(
        &self,
        figure: &FigureConfig,
        view: &View,
        metrics: &[String],
        panel: (usize, usize),
    ) -> Vec<Line> {
        let layer = |metric: &String| {
            let points = view.series(panel, 0).filter_map(|s| self.point(figure, s, metric)).collect();
            Line { label: figure.word(metric), role: Role::Measured, points }
        };
        let mut lines: Vec<Line> = metrics.iter().map(layer).collect();
        let mut summariser = Summariser::default();
        let mut sum = |spot: &Spot| {
            // A metric that nobody measured here is no part of the sum; one that some seeds lack
            // takes these seeds out.
            let layers = metrics.iter().map(|metric| self.values(spot.place, metric));
            let layers: Vec<_> = layers.filter(|layer| layer.iter().any(Option::is_some)).collect();
            let of_seed = |seed: usize| layers.iter().map(|layer| layer[seed]).sum::<Option<f64>>();
            let sums: Vec<f64> =
                (0..self.seeds()).filter(|_| !layers.is_empty()).filter_map(of_seed).collect();
            let (y, lo, hi) = shown(figure.statistic, &summariser.summarise(&sums)?);
            Some(Point { x: spot.slot as f64, y, lo, hi })
        };
        let points = view.series(panel, 0).filter_map(&mut sum).collect();
        lines.push(Line { label: "net".to_owned(), role: Role::Total, points });
        lines
    }

    /// The estimate at a place.
    fn point(&self, figure: &FigureConfig, spot: &Spot, metric: &str) -> Option<Point> {
        let x = self.x(figure, spot)?;
        let summary = self.summary(spot.place, metric)?;
        let (y, lo, hi) = shown(figure.statistic, &summary);
        Some(Point { x, y, lo, hi })
    }

    /// Where a place stands along x.
    fn x(&self, figure: &FigureConfig, spot: &Spot) -> Option<f64> {
        if figure.kind.has_slots() {
            return Some(spot.slot as f64);
        }
        let mean = |metric: &str| {
            let summary = self.summary(spot.place, metric)?;
            Some(shown(figure.statistic, &summary).0)
        };
        match figure.x.as_deref()? {
            "kl" => mean("kl"),
            "sqrt_kl" => Some(mean("kl")?.max(0.0).sqrt()),
            x => self.plan.level(&self.plan.conditions()[spot.place], x)?.number(),
        }
    }

    /// One point per seed.
    fn cloud(&self, figure: &FigureConfig, spot: &Spot, metric: &str) -> Vec<Point> {
        let x = figure.x.as_deref().unwrap_or_default();
        let level = self.plan.level(&self.plan.conditions()[spot.place], x).and_then(|level| level.number());
        let xs: Vec<Option<f64>> = match (x, level) {
            (_, Some(level)) => vec![Some(level); self.seeds()],
            ("sqrt_kl", _) => {
                let kl = self.values(spot.place, "kl").into_iter();
                kl.map(|x| x.map(|x| x.max(0.0).sqrt())).collect()
            }
            (x, _) => self.values(spot.place, x),
        };
        let ys = self.values(spot.place, metric);
        let point = |(x, y): (Option<f64>, Option<f64>)| {
            let (x, y) = (x?, y?);
            Some(Point { x, y, lo: y, hi: y })
        };
        xs.into_iter().zip(ys).filter_map(point).collect()
    }

    /// The share of seeds above each threshold.
    fn profile(&self, view: &View, panel: (usize, usize), by: usize, metric: &str) -> Vec<Point> {
        let here = view.series(panel, by).flat_map(|s| self.values(s.place, metric)).flatten();
        view.ends.map(|ends| profile::points(here.collect(), ends)).unwrap_or_default()
    }

    /// The least and the greatest finite value of a metric.
    pub(super) fn ends(&self, view: &View, metric: &str) -> Option<(f64, f64)> {
        let all = view.spots.iter().flat_map(|s| self.values(s.place, metric)).flatten();
        let finite = all.filter(|x| x.is_finite()).map(|x| (x, x));
        finite.reduce(|(low, high), (x, _)| (low.min(x), high.max(x)))
    }

    /// What a theory says: one line for all series where it says the same, else one for each, counted
    /// from the `first` series of the metric; none where it says nothing.
    fn overlay(
        &self,
        figure: &FigureConfig,
        view: &View,
        (theory, first): (Theory, usize),
        metric: &str,
        panel: (usize, usize),
    ) -> Vec<Line> {
        let series: Vec<(usize, Vec<&Spot>)> =
            (0..view.by.len()).map(|by| (by, view.series(panel, by).collect())).collect();
        // Seed by seed, so that what rows of one trial share is worked out once.
        let mut oracle = self.plan.oracle(theory, metric);
        let mut said: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        for of_seed in self.rows.chunks(self.plan.conditions().len().max(1)) {
            for spot in series.iter().flat_map(|(_, spots)| spots) {
                let value = oracle.value(&of_seed[spot.place]).filter(|x| x.is_finite());
                said.entry(spot.place).or_default().extend(value);
            }
        }
        let mut point = |spot: &&Spot| {
            let values = said.get(&spot.place).filter(|v| !v.is_empty())?;
            let y = figure.statistic.of(values);
            Some(Point { x: self.x(figure, spot)?, y, lo: y, hi: y })
        };
        let curves = series.iter().map(|(by, spots)| (*by, spots.iter().filter_map(&mut point).collect()));
        let mut series: Vec<(usize, Vec<Point>)> =
            curves.filter(|(_, points): &(_, Vec<_>)| !points.is_empty()).collect();
        let same = |a: &[Point], b: &[Point]| {
            let near =
                |(p, q): (&Point, &Point)| p.x == q.x && (p.y - q.y).abs() <= 1e-9 * p.y.abs().max(1.0);
            a.len() == b.len() && a.iter().zip(b).all(near)
        };
        let one = series.windows(2).all(|pair| same(&pair[0].1, &pair[1].1));
        if one {
            series.truncate(1);
        }
        let overlay = Theory::ALL.iter().position(|t| *t == theory).unwrap_or(0);
        let line = |(by, points): (usize, Vec<Point>)| Line {
            label: theory.words().to_owned(),
            role: Role::Theory { overlay, of: (!one).then_some(first + by) },
            points,
        };
        series.into_iter().map(line).collect()
    }
}

/// The series of a panel in the order in which they are drawn.
fn series(figure: &FigureConfig, view: &View) -> Vec<usize> {
    let mut all: Vec<usize> = (0..view.by.len()).collect();
    if figure.kind == Kind::Heat && view.by.iter().flatten().all(|level| level.number().is_some()) {
        // Numbers rise.
        all.reverse();
    }
    all
}

/// What a series is called, where so many metrics share a panel.
fn label(figure: &FigureConfig, level: &Option<Level>, metric: &str, metrics: usize) -> String {
    let by = |level| figure.named(figure.by.as_deref().unwrap_or_default(), level);
    match (level, figure.kind) {
        (Some(level), Kind::Heat) => figure.level(level),
        (Some(level), _) if metrics > 1 => format!("{}, {}", figure.word(metric), by(level)),
        (Some(level), _) => by(level),
        (None, Kind::Lines) => figure.word(metric),
        (None, _) if metrics > 1 => figure.word(metric),
        (None, _) => String::new(),
    }
}
