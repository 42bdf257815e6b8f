//! From results to charts: which places make which series. Figures never simulate.
//!
//! `view` sorts the places of a figure into panels and series; `series` and
//! `profile` make points of them; `caption` says what is shown.

mod caption;
mod names;
mod profile;
mod series;
#[cfg(test)]
mod tests;
mod view;

use super::chart::{Axis, Chart, Panel, Row};
use crate::numerics::stats::{Average, Summary};
use crate::study::claims::Judgement;
use crate::study::config::{Experiment, FigureConfig, FigureKind as Kind, Pin, Scale, Scales};
use crate::study::plan::{self, Plan, words};
use crate::study::results::{Columns, LevelSummary};
use indexmap::IndexMap;
use view::View;

/// The charts of an experiment, by name: as configured, or one of gold and
/// approval against pressure. Each can be drawn at another `style.width`, which lays it out anew.
///
/// `rows` are the rows of all repetitions in order, `summaries` theirs, and
/// `judgements` what was found of the experiment's claims.
pub fn charts(
    plan: &Plan,
    columns: &Columns,
    rows: &[plan::Row],
    summaries: &[LevelSummary],
    judgements: &[Judgement],
) -> Vec<(String, Chart)> {
    let results = Results { plan, columns, rows, summaries, judgements };
    let configured = &plan.experiment.figures;
    let plain = configured.is_empty().then(|| plain(&plan.experiment));
    configured.iter().chain(&plain).map(|figure| (figure.name.clone(), results.chart(figure))).collect()
}

/// The figure of a config that asks for none: the first axes of several levels
/// become lines, columns and rows of panels, the others stand at their last level.
fn plain(experiment: &Experiment) -> FigureConfig {
    let mut several: Vec<String> =
        experiment.axes.iter().filter(|a| a.levels.len() > 1).map(|a| a.name.clone()).collect();
    if experiment.variants.len() > 1 {
        several.push("variant".to_owned());
    }
    let mut axes = several.into_iter();
    let [by, columns, rows] = std::array::from_fn(|_| axes.next());
    FigureConfig {
        name: "gold".to_owned(),
        kind: Kind::Lines,
        x: Some("pressure".to_owned()),
        y: vec!["gold".to_owned(), "approval".to_owned()],
        by,
        rows,
        columns,
        pins: axes.chain(["round".to_owned()]).map(|axis| (axis, Pin::Last)).collect(),
        theory: Vec::new(),
        statistic: Average::Mean,
        title: None,
        together: false,
        scale: Scales::default(),
        labels: IndexMap::new(),
    }
}

/// Everything that is known after a run.
struct Results<'a> {
    plan: &'a Plan,
    columns: &'a Columns,
    rows: &'a [plan::Row],
    summaries: &'a [LevelSummary],
    judgements: &'a [Judgement],
}

impl Results<'_> {
    fn chart(&self, figure: &FigureConfig) -> Chart {
        let mut view = View::new(self.plan, figure);
        if figure.kind == Kind::Profile {
            view.ends = self.ends(&view, &figure.y[0]);
        }
        let metrics: Vec<&[String]> = match figure.kind {
            Kind::Bands => vec![&figure.y],
            Kind::Heat => figure.y.chunks(1).collect(),
            _ if figure.together => vec![&figure.y],
            _ => figure.y.chunks(1).collect(),
        };
        let at = metrics.iter().flat_map(|metrics| (0..view.rows.len()).map(move |row| (*metrics, row)));
        let rows: Vec<Row> = at.map(|(metrics, row)| self.row(figure, &view, metrics, row)).collect();
        let x = figure.x.as_deref();
        let slots = view.slots.as_ref().map(|slots| slots.iter().map(|slot| figure.level(slot)).collect());
        let mut chart = Chart {
            title: figure.title.clone().unwrap_or_else(|| self.plan.experiment.title.clone()),
            caption: String::new(),
            kind: figure.kind,
            x: Axis {
                label: self.x_label(&view, figure),
                scale: match figure.kind.has_slots() {
                    true => Scale::Linear,
                    false => figure.scale.x.unwrap_or_else(|| self.scale(&view, x)),
                },
                slots: slots.unwrap_or_default(),
            },
            by: match figure.kind {
                Kind::Bands => String::new(),
                _ => figure.by.as_deref().map(|by| figure.word(by)).unwrap_or_default(),
            },
            rows,
            style: self.plan.experiment.style.clone(),
        };
        chart.caption = self.caption(figure, &view, &chart);
        chart
    }

    /// One row of panels: of one metric, or of all where they are stacked or share a panel.
    fn row(&self, figure: &FigureConfig, view: &View, metrics: &[String], row: usize) -> Row {
        let panel = |column: usize| {
            let titles = [(&figure.columns, &view.columns[column]), (&figure.rows, &view.rows[row])];
            let titles = titles
                .into_iter()
                .filter_map(|(axis, level)| Some(figure.titled(axis.as_deref()?, level.as_ref()?)));
            Panel {
                title: titles.collect::<Vec<_>>().join(", "),
                lines: self.lines(figure, view, metrics, (row, column)),
            }
        };
        let names = metrics.iter().map(|metric| figure.word(metric)).collect::<Vec<_>>().join(", ");
        let label = match figure.kind {
            Kind::Bands if metrics.iter().all(|m| LOST.contains(&m.as_str())) => "gold lost".to_owned(),
            Kind::Bands => "sum of the layers".to_owned(),
            Kind::Profile => format!("share of seeds with {names} above"),
            _ => names,
        };
        // Stacks are sums, and sums have no logarithm.
        let scale = figure.scale.y.filter(|_| figure.kind != Kind::Bands).unwrap_or(Scale::Linear);
        let mut references = metrics.iter().map(|metric| self.reference(view, metric));
        let first = references.next().flatten();
        Row {
            y: Axis { label, scale, slots: Vec::new() },
            reference: match figure.kind {
                Kind::Heat | Kind::Profile | Kind::Bands => None,
                // One line for all metrics of the panel, if it is the same.
                _ => first.filter(|first| references.all(|other| other.as_ref() == Some(first))),
            },
            panels: (0..view.columns.len()).map(panel).collect(),
        }
    }

    /// Where the reference policy stands, if that is one place for all of the figure.
    fn reference(&self, view: &View, metric: &str) -> Option<(f64, String)> {
        let of = |cell: usize| match metric {
            "gold" => Some(self.plan.reference(cell)?.0),
            "approval" => Some(self.plan.reference(cell)?.1),
            "proxy" | "gold_fraction" | "efficiency" | "kl" => Some(0.0),
            lost if LOST.contains(&lost) => Some(0.0),
            _ => None,
        };
        let mut cells: Vec<usize> = view.spots.iter().map(|s| self.plan.conditions()[s.place].cell).collect();
        cells.sort_unstable();
        cells.dedup();
        let first = cells.first().and_then(|cell| of(*cell))?;
        let same = cells.iter().all(|cell| of(*cell).is_some_and(|x| (x - first).abs() < 1e-9));
        let words = if LOST.contains(&metric) { "nothing lost" } else { "reference policy" };
        same.then(|| (first, words.to_owned()))
    }

    /// Logarithmic where levels spread over more than a decade.
    fn scale(&self, view: &View, x: Option<&str>) -> Scale {
        let level = |place: usize| self.plan.level(&self.plan.conditions()[place], x?)?.number();
        let xs = view.spots.iter().filter_map(|spot| level(spot.place));
        let (least, most) = xs.fold((f64::INFINITY, 0.0), |(a, b): (f64, f64), x| (a.min(x), b.max(x)));
        if least > 0.0 && most > 10.0 * least { Scale::Log } else { Scale::Linear }
    }

    /// What x is called.
    fn x_label(&self, view: &View, figure: &FigureConfig) -> String {
        let cells = view.spots.iter().map(|s| self.plan.conditions()[s.place].cell);
        let mut pressures =
            cells.map(|cell| self.plan.experiment.cells[cell].setup.optimizer.pressure_words());
        match (figure.x.as_deref(), pressures.next()) {
            (None, _) => format!("threshold of {}", figure.word(&figure.y[0])),
            (Some(x), _) if figure.labels.contains_key(x) => figure.word(x),
            (Some("pressure"), Some(first)) if pressures.all(|p| p == first) => first.to_owned(),
            (Some("kl"), _) => "KL from the reference policy, nats".to_owned(),
            (Some("sqrt_kl"), _) => "√KL from the reference policy, √nats".to_owned(),
            (Some(x), _) => words(x),
        }
    }

    fn summary(&self, place: usize, metric: &str) -> Option<Summary> {
        let at = self.columns.summarised().position(|name| name == metric).expect("checked on reading");
        self.summaries[place].metrics[at]
    }

    /// The repetitions there are.
    fn seeds(&self) -> usize {
        self.rows.len() / self.plan.conditions().len().max(1)
    }

    /// A metric at a place in every repetition.
    fn values(&self, place: usize, metric: &str) -> Vec<Option<f64>> {
        let rows = self.rows.iter().skip(place).step_by(self.plan.conditions().len().max(1));
        self.columns.over_seeds(metric, rows)
    }
}

/// The bands of lost gold.
const LOST: [&str; 4] = ["proxy_error", "ignorance", "wrong_values", "unreached"];

/// The estimate and its interval that a figure shows.
fn shown(statistic: Average, summary: &Summary) -> (f64, f64, f64) {
    let (at, interval) = match statistic {
        Average::Mean => (summary.mean, summary.mean_interval),
        Average::Iqm => (summary.iqm, summary.iqm_interval),
    };
    let (lo, hi) = interval.unwrap_or((at, at));
    (at, lo, hi)
}
