//! From results to charts: which places make which series. Figures never simulate.

mod caption;
#[cfg(test)]
mod tests;

use super::chart::{Axis, Chart, Line, Panel, Point, Role, Row};
use super::view::{At, LOST, View};
use crate::study::claims::Judgement;
use crate::study::config::{
    Against, ClaimConfig, Compared, Experiment, FigureConfig, FigureKind, Level, Measured, Pin, Quantity,
    Scale, Test,
};
use crate::study::plan::words;
use crate::study::results::Results;
use std::collections::BTreeSet;

/// The charts of an experiment, by name: as configured, or one of gold and
/// approval against pressure. Each can be drawn at another `style.width`, which lays it out anew.
///
/// `judgements` are what was found of the experiment's claims.
pub fn charts(results: &Results<'_>, judgements: &[Judgement]) -> Vec<(String, Chart)> {
    let experiment = &results.plan.experiment;
    let configured = &experiment.figures;
    let plain = configured.is_empty().then(|| plain(experiment));
    let chart = |figure: &FigureConfig| (figure.name.clone(), View::new(results, judgements, figure).chart());
    configured.iter().chain(&plain).map(chart).collect()
}

/// The figure of a config that asks for none: the first axes of several levels
/// become lines, columns and rows of panels, the others stand at their last level.
fn plain(experiment: &Experiment) -> FigureConfig {
    let axes = experiment.axes.iter().filter(|axis| axis.levels.len() > 1).map(|axis| axis.name.clone());
    let mut axes = axes.chain((experiment.variants.len() > 1).then(|| "variant".to_owned()));
    let [by, columns, rows] = std::array::from_fn(|_| axes.next());
    FigureConfig {
        name: "gold".to_owned(),
        x: Some("pressure".to_owned()),
        y: vec!["gold".to_owned(), "approval".to_owned()],
        by,
        rows,
        columns,
        pins: axes.chain(["round".to_owned()]).map(|axis| (axis, Pin::Last)).collect(),
        ..FigureConfig::default()
    }
}

impl View<'_> {
    fn chart(&self) -> Chart {
        let (figure, traits) = (self.figure, self.figure.kind.traits());
        let each = if traits.stacked || figure.together { figure.y.len() } else { 1 };
        let at =
            figure.y.chunks(each).flat_map(|metrics| (0..self.rows.len()).map(move |row| (metrics, row)));
        let experiment = &self.results.plan.experiment;
        let mut chart = Chart {
            title: figure.title.as_ref().unwrap_or(&experiment.title).clone(),
            caption: String::new(),
            kind: figure.kind,
            x: Axis {
                label: self.x_label(),
                scale: if traits.slots { Scale::Linear } else { self.scale() },
                limit: None,
                slots: self.slots.iter().flatten().map(|slot| figure.level(slot)).collect(),
            },
            metrics: if figure.together { figure.y.len() } else { 1 },
            by: figure.by.as_deref().map(|by| figure.word(by)).unwrap_or_default(),
            rows: at.map(|(metrics, row)| self.row(metrics, row)).collect(),
            style: experiment.style.clone(),
        };
        chart.caption = self.caption(&chart);
        chart
    }

    /// One row of panels: of one metric, or of all where they are stacked or share a panel.
    fn row(&self, metrics: &[String], row: usize) -> Row {
        let (figure, traits) = (self.figure, self.figure.kind.traits());
        let panel = |column: usize| {
            let titles = [(&figure.columns, &self.columns[column]), (&figure.rows, &self.rows[row])];
            let title = |(axis, level): (&Option<String>, &Option<Level>)| {
                Some(figure.titled(axis.as_deref()?, level.as_ref()?))
            };
            Panel {
                title: titles.into_iter().filter_map(title).collect::<Vec<_>>().join(", "),
                thresholds: self.thresholds(metrics, (row, column)),
                lines: self.lines(metrics, (row, column)),
            }
        };
        let names = figure.quantity(metrics);
        let label = match (traits.stacked, traits.thresholds) {
            (true, _) if metrics.iter().all(|m| LOST.contains(&m.as_str())) => "gold lost".to_owned(),
            (true, _) => "sum of the layers".to_owned(),
            (_, true) => format!("share of seeds with {names} above"),
            _ => names,
        };
        // Stacks are sums, and sums have no logarithm.
        let scale = figure.scale.y.filter(|_| !traits.stacked).unwrap_or(Scale::Linear);
        // A small way makes shares of any size.
        let limit = matches!(figure.quantity, Some(Quantity::Share { .. })).then_some(1.0);
        // Along y lies a metric; of several there is one line, if it is the same for all.
        let has_place = traits.y != Measured::Colours && !traits.thresholds && !traits.stacked;
        let mut references = metrics.iter().filter(|_| has_place).map(|metric| self.reference(metric));
        let first = references.next().flatten();
        Row {
            y: Axis { label, scale, limit, slots: Vec::new() },
            reference: first.filter(|first| references.all(|other| other.as_ref() == Some(first))),
            panels: (0..self.columns.len()).map(panel).collect(),
        }
    }

    /// The series of one panel, and what else its kind draws over them.
    fn lines(&self, metrics: &[String], panel: At) -> Vec<Line> {
        let (form, series) = (self.figure.kind.form(), self.listed());
        let line = |metric: &String, by: usize| Line {
            label: self.label(metric, by, metrics.len()),
            role: Role::Measured,
            points: (form.points)(self, panel, by, metric),
        };
        let of_metric = |metric| series.iter().map(move |by| line(metric, *by));
        let lines = metrics.iter().flat_map(of_metric);
        lines.chain(self.curves(metrics, panel)).chain((form.over)(self, metrics, panel)).collect()
    }

    /// The curves of some seeds, one by one, of all series of a panel.
    fn curves(&self, metrics: &[String], panel: At) -> Vec<Line> {
        let Some(count) = self.figure.curves else { return Vec::new() };
        let count = (count.get() as usize).min(self.seeds());
        let of_series = |(i, metric): (usize, &String)| {
            let by = i % self.by.len();
            let spots: Vec<_> = self.series(panel, by).collect();
            let xs: Vec<_> = spots.iter().map(|spot| self.xs(spot.place)).collect();
            let ys: Vec<_> = spots.iter().map(|spot| self.values(spot.place, metric)).collect();
            let of_seed = move |seed: usize| {
                let point = |(xs, ys): (&Vec<Option<f64>>, &Vec<Option<f64>>)| {
                    let (x, y) = (xs[seed]?, ys[seed]?);
                    Some(Point::exact(x, y))
                };
                let points = xs.iter().zip(&ys).filter_map(point).collect();
                Line { label: String::new(), role: Role::Seed { of: i }, points }
            };
            (0..count).map(of_seed).collect::<Vec<_>>()
        };
        let series = metrics.iter().flat_map(|metric| (0..self.by.len()).map(move |_| metric));
        series.enumerate().flat_map(of_series).collect()
    }

    /// What claims name in a panel of lines: a height that a metric of it is to lie above or below, and a place
    /// along x at which any is to cross one.
    fn thresholds(&self, metrics: &[String], panel: At) -> Vec<(f64, bool)> {
        let (figure, plan) = (self.figure, self.results.plan);
        let number = |against: &Against| match against {
            Against::Number(x) => Some(*x),
            Against::Theory(_) | Against::Elsewhere(_) => None,
        };
        let of = |claim: &ClaimConfig| match (&claim.quantity, &claim.test) {
            (None, Test::Greater(Compared { than, .. }) | Test::Less(Compared { than, .. }))
                if metrics.contains(&claim.metric) =>
            {
                Some((number(than)?, false))
            }
            (Some(Quantity::Crossing(crossing)), Test::Equals { value, .. })
                if figure.x.as_ref() == Some(&crossing.along) =>
            {
                Some((number(value)?, true))
            }
            _ => None,
        };
        let here = |claim: &&ClaimConfig| {
            let places = plan.select(&claim.pins);
            (0..self.by.len()).any(|by| self.series(panel, by).any(|spot| places.contains(&spot.place)))
        };
        let is_plain = figure.kind == FigureKind::Lines && figure.quantity.is_none();
        let about = plan.experiment.claims.iter().filter(|_| is_plain);
        let about = about.filter(|claim| claim.moot.is_none()).filter(here);
        let mut thresholds: Vec<(f64, bool)> = about.filter_map(of).collect();
        thresholds.sort_by(|a, b| (a.1, a.0).partial_cmp(&(b.1, b.0)).expect("numbers"));
        thresholds.dedup();
        thresholds
    }

    /// What a series is called, where so many metrics share a panel.
    fn label(&self, metric: &str, by: usize, metrics: usize) -> String {
        let (figure, traits) = (self.figure, self.figure.kind.traits());
        let named = |level| figure.named(figure.by.as_deref().unwrap_or_default(), level);
        match &self.by[by] {
            Some(level) if traits.y == Measured::Colours => figure.level(level),
            Some(level) if metrics > 1 => format!("{}, {}", figure.word(metric), named(level)),
            Some(level) => named(level),
            None if traits.together || traits.stacked => figure.word(metric),
            None => String::new(),
        }
    }

    /// Where the reference policy stands, if that is one place for all of the figure.
    fn reference(&self, metric: &str) -> Option<(f64, String)> {
        if self.figure.quantity.is_some() {
            return None;
        }
        let plan = self.results.plan;
        let is_lost = LOST.contains(&metric);
        let of = |cell: &usize| self.of_reference(*cell, metric);
        let cells: BTreeSet<usize> = self.spots.iter().map(|s| plan.conditions()[s.place].cell).collect();
        let first = of(cells.first()?)?;
        let same = cells.iter().all(|cell| of(cell).is_some_and(|x| (x - first).abs() < 1e-9));
        let words = if is_lost { "nothing lost" } else { "reference policy" };
        same.then(|| (first, words.to_owned()))
    }

    /// What x is called.
    fn x_label(&self) -> String {
        let (figure, plan) = (self.figure, self.results.plan);
        let cells = self.spots.iter().map(|spot| plan.conditions()[spot.place].cell);
        let mut pressures = cells.map(|cell| plan.experiment.cells[cell].setup.optimizer.pressure_words());
        match (figure.x.as_deref(), pressures.next()) {
            (None, _) => format!("threshold of {}", figure.quantity(&figure.y[..1])),
            (Some(x), _) if figure.labels.contains_key(x) => figure.word(x),
            (Some("pressure"), Some(first)) if pressures.all(|p| p == first) => first.to_owned(),
            (Some("kl"), _) => "KL from the reference policy, nats".to_owned(),
            (Some("sqrt_kl"), _) => "√KL from the reference policy, √nats".to_owned(),
            (Some(x), _) => words(x),
        }
    }
}
