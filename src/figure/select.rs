//! From summaries to charts: which cells, rounds and levels of pressure make
//! which line. Figures never simulate.

use super::{Axis, Chart, Line, Panel, Point, Row, Scale};
use crate::config::{Experiment, FigureConfig, Level, Pin};
use crate::plan::{Plan, words};
use crate::results::{Columns, LevelSummary};

/// The charts of an experiment, by name: as configured, or one of gold and
/// approval against pressure.
pub fn charts(plan: &Plan, columns: &Columns, summaries: &[LevelSummary]) -> Vec<(String, Chart)> {
    let data = Data { plan, columns, summaries };
    let configured = &plan.experiment.figures;
    let plain = configured.is_empty().then(|| plain(&plan.experiment));
    configured.iter().chain(&plain).map(|figure| (figure.name.clone(), data.chart(figure))).collect()
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
    let pins = axes.chain(["round".to_owned()]).map(|axis| (axis, Pin::Last)).collect();
    let y = vec!["gold".to_owned(), "approval".to_owned()];
    FigureConfig { name: "gold".to_owned(), x: "pressure".to_owned(), y, by, rows, columns, pins }
}

struct Data<'a> {
    plan: &'a Plan,
    columns: &'a Columns,
    summaries: &'a [LevelSummary],
}

impl Data<'_> {
    fn chart(&self, figure: &FigureConfig) -> Chart {
        let here: Vec<&LevelSummary> = self.summaries.iter().filter(|s| self.pinned(s, figure)).collect();
        let (rows, columns) =
            (self.levels(&here, figure.rows.as_deref()), self.levels(&here, figure.columns.as_deref()));
        let lines = self.levels(&here, figure.by.as_deref());
        let panel = |metric: &str, row: &Option<Level>, column: &Option<Level>| {
            let of_panel = |s: &&LevelSummary| {
                self.is(s, figure.rows.as_deref(), row) && self.is(s, figure.columns.as_deref(), column)
            };
            let of_panel: Vec<&LevelSummary> = here.iter().copied().filter(of_panel).collect();
            let line = |level: &Option<Level>| {
                let of_line = of_panel.iter().filter(|s| self.is(s, figure.by.as_deref(), level));
                let label = level.as_ref().map_or_else(|| words(metric), |l| name(figure.by.as_deref(), l));
                Line { label, points: of_line.filter_map(|s| self.point(s, &figure.x, metric)).collect() }
            };
            let titles = [(&figure.columns, column), (&figure.rows, row)];
            let titles =
                titles.into_iter().filter_map(|(axis, l)| Some(title(axis.as_deref()?, l.as_ref()?)));
            Panel { title: titles.collect::<Vec<_>>().join(", "), lines: lines.iter().map(line).collect() }
        };
        let row = |metric: &String, row: &Option<Level>| Row {
            y: Axis { label: words(metric), scale: Scale::Linear },
            reference: self.reference(&here, metric),
            panels: columns.iter().map(|column| panel(metric, row, column)).collect(),
        };
        let rows = figure.y.iter().flat_map(|metric| rows.iter().map(move |level| (metric, level)));
        let rows: Vec<Row> = rows.map(|(metric, level)| row(metric, level)).collect();
        Chart {
            title: self.plan.experiment.title.clone(),
            caption: self.caption(figure) + &coincidences(&rows),
            x: Axis { label: self.x_label(&here, &figure.x), scale: self.scale(&here, figure) },
            rows,
        }
    }

    /// The level of a summary on an axis.
    fn level(&self, summary: &LevelSummary, axis: &str) -> Option<Level> {
        let cell = &self.plan.experiment.cells[summary.cell];
        match axis {
            "round" => Some(Level::Integer(i64::from(summary.round))),
            "pressure" => Some(Level::Number(summary.pressure)),
            "variant" => Some(Level::Text(cell.variant.clone())),
            _ => {
                let at = self.plan.experiment.axes.iter().position(|a| a.name == axis)?;
                Some(cell.levels[at].clone())
            }
        }
    }

    fn is(&self, summary: &LevelSummary, axis: Option<&str>, level: &Option<Level>) -> bool {
        axis.is_none_or(|axis| self.level(summary, axis) == *level)
    }

    fn pinned(&self, summary: &LevelSummary, figure: &FigureConfig) -> bool {
        figure.pins.iter().all(|(axis, pin)| {
            let of_cell = self.summaries.iter().filter(|s| s.cell == summary.cell);
            let here = self.level(summary, axis);
            match (axis.as_str(), pin) {
                (_, Pin::Level(level)) => here.is_some_and(|h| h.same(level)),
                // Levels of round and pressure are the cell's own.
                ("round" | "pressure", Pin::First) => {
                    of_cell.map(|s| self.level(s, axis)).next() == Some(here)
                }
                ("round" | "pressure", Pin::Last) => {
                    of_cell.map(|s| self.level(s, axis)).next_back() == Some(here)
                }
                (_, pin) => here == self.end(axis, pin),
            }
        })
    }

    /// The levels of an axis among `here`, in order of appearance; one `None` if there is no axis.
    fn levels(&self, here: &[&LevelSummary], axis: Option<&str>) -> Vec<Option<Level>> {
        let Some(axis) = axis else { return vec![None] };
        let mut levels = Vec::new();
        for summary in here {
            let level = self.level(summary, axis);
            if !levels.contains(&level) {
                levels.push(level);
            }
        }
        levels
    }

    fn metric(&self, name: &str) -> usize {
        self.columns.names().iter().position(|n| n == name).expect("checked on reading")
    }

    fn point(&self, summary: &LevelSummary, x: &str, metric: &str) -> Option<Point> {
        let kl = || summary.metrics[self.metric("kl")].map(|s| s.mean);
        let x = match x {
            "kl" => kl()?,
            "sqrt_kl" => kl()?.max(0.0).sqrt(),
            _ => number(&self.level(summary, x)?)?,
        };
        let s = summary.metrics[self.metric(metric)]?;
        let (lo, hi) = s.mean_interval.unwrap_or((s.mean, s.mean));
        Some(Point { x, y: s.mean, lo, hi })
    }

    /// Logarithmic where levels spread over more than a decade.
    fn scale(&self, here: &[&LevelSummary], figure: &FigureConfig) -> Scale {
        let xs = here.iter().filter_map(|s| number(&self.level(s, &figure.x)?));
        let (least, most) = xs.fold((f64::INFINITY, 0.0), |(a, b): (f64, f64), x| (a.min(x), b.max(x)));
        if least > 0.0 && most > 10.0 * least { Scale::Log } else { Scale::Linear }
    }

    /// Where the reference policy stands, if that is one place for all of `here`.
    fn reference(&self, here: &[&LevelSummary], metric: &str) -> Option<(f64, String)> {
        let of = |summary: &&LevelSummary| match metric {
            "gold" => Some(self.plan.reference(summary.cell)?.0),
            "approval" => Some(self.plan.reference(summary.cell)?.1),
            "proxy" | "gold_fraction" | "efficiency" | "kl" => Some(0.0),
            "proxy_error" | "ignorance" | "wrong_values" | "unreached" => Some(0.0),
            _ => None,
        };
        let first = here.first().and_then(of)?;
        let same = here.iter().all(|s| of(s).is_some_and(|x| (x - first).abs() < 1e-9));
        let lost = matches!(metric, "proxy_error" | "ignorance" | "wrong_values" | "unreached");
        same.then(|| (first, if lost { "nothing lost" } else { "reference policy" }.to_owned()))
    }

    /// What x is called.
    fn x_label(&self, here: &[&LevelSummary], x: &str) -> String {
        let mut pressures =
            here.iter().map(|s| self.plan.experiment.cells[s.cell].config.optimizer.pressure_words());
        match (x, pressures.next()) {
            ("pressure", Some(first)) if pressures.all(|p| p == first) => first.to_owned(),
            ("kl", _) => "KL from the reference policy, nats".to_owned(),
            ("sqrt_kl", _) => "√KL from the reference policy, √nats".to_owned(),
            _ => words(x),
        }
    }

    fn caption(&self, figure: &FigureConfig) -> String {
        let seeds = self.plan.experiment.seeds;
        let mut caption = match seeds {
            1 => "One seed.".to_owned(),
            n => format!("Mean over {n} seeds; bands: 95 % percentile bootstrap interval of the mean."),
        };
        let along = [("Lines", &figure.by), ("columns", &figure.columns), ("rows", &figure.rows)];
        let along =
            along.into_iter().filter_map(|(what, axis)| Some(format!("{what}: {}", words(axis.as_ref()?))));
        let along: Vec<String> = along.collect();
        if !along.is_empty() {
            caption += &format!(" {}.", along.join("; "));
        }
        let pins = figure.pins.iter().filter(|(axis, _)| axis.as_str() != "round" || self.has_rounds());
        let pins: Vec<String> =
            pins.map(|(axis, pin)| format!("{} {}", words(axis), self.pin(axis, pin))).collect();
        if !pins.is_empty() {
            caption += &format!(" At {}.", pins.join(", "));
        }
        caption
    }

    fn has_rounds(&self) -> bool {
        self.plan.experiment.cells.iter().any(|c| c.config.feedback.rounds.get() > 1)
    }

    /// What a pin says in words.
    fn pin(&self, axis: &str, pin: &Pin) -> String {
        if let Pin::Level(level) = pin {
            return level.to_string();
        }
        if let Some(level) = self.end(axis, pin) {
            return level.to_string();
        }
        // Rounds and pressures are each cell's own: named if all cells agree.
        let end_of = |cell: usize| {
            let mut levels = self.summaries.iter().filter(|s| s.cell == cell).map(|s| self.level(s, axis));
            if *pin == Pin::First { levels.next() } else { levels.next_back() }.flatten()
        };
        let ends: Vec<Option<Level>> = (0..self.plan.experiment.cells.len()).map(end_of).collect();
        match &ends[0] {
            Some(level) if ends.windows(2).all(|w| w[0] == w[1]) => level.to_string(),
            _ if *pin == Pin::First => "first".to_owned(),
            _ => "last".to_owned(),
        }
    }

    /// The first or last level of an axis or of the variants, as listed.
    fn end(&self, axis: &str, pin: &Pin) -> Option<Level> {
        let Experiment { axes, variants, .. } = &self.plan.experiment;
        let levels = match axes.iter().find(|a| a.name == axis) {
            Some(axis) => axis.levels.clone(),
            None if axis == "variant" => variants.iter().cloned().map(Level::Text).collect(),
            None => return None,
        };
        if *pin == Pin::First { levels.first().cloned() } else { levels.last().cloned() }
    }
}

/// Says which lines lie under others, panel by panel.
fn coincidences(rows: &[Row]) -> String {
    let same = |a: &Line, b: &Line| {
        let near = |(p, q): (&Point, &Point)| p.x == q.x && (p.y - q.y).abs() <= 1e-9 * p.y.abs().max(1.0);
        !a.points.is_empty() && a.points.len() == b.points.len() && a.points.iter().zip(&b.points).all(near)
    };
    let mut notes: Vec<String> = Vec::new();
    for (panel, letter) in rows.iter().flat_map(|row| &row.panels).zip('a'..='z') {
        for (i, line) in panel.lines.iter().enumerate() {
            if let Some(over) = panel.lines[i + 1..].iter().rev().find(|over| same(line, over)) {
                notes.push(format!("({letter}) {} under {}", line.label, over.label));
            }
        }
    }
    if notes.is_empty() { String::new() } else { format!(" Lines that coincide: {}.", notes.join(", ")) }
}

fn number(level: &Level) -> Option<f64> {
    match level {
        Level::Integer(i) => Some(*i as f64),
        Level::Number(x) => Some(*x),
        Level::Flag(_) | Level::Text(_) => None,
    }
}

/// A level with its axis; variants speak for themselves.
fn title(axis: &str, level: &Level) -> String {
    match level {
        Level::Text(text) if axis != "variant" => format!("{}: {}", words(axis), text.replace('_', " ")),
        level => name(Some(axis), level),
    }
}

/// A level by itself where it is a word, with its axis where it is a number.
fn name(axis: Option<&str>, level: &Level) -> String {
    match level {
        Level::Text(text) => text.replace('_', " "),
        level => format!("{} {level}", words(axis.unwrap_or_default())),
    }
}
