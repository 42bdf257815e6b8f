//! Do the bands of lost gold say what a remedy recovers? Of an experiment whose `about` says which remedy addresses
//! which band, as lines `ignorance: reveals, debate.`, with axes `failure`, `remedy` and `feedback.budget`.

use oversight::numerics::stats::{difference, mean, sd, stratified_interval};
use oversight::show::figure::{Axis, Chart, Line, Panel, Point, Role, Row as Panels};
use oversight::show::report::effect;
use oversight::study::config::{FigureKind, Level, Pin, Pins, Quantity, Scale};
use oversight::study::quantity::is_a_way;
use oversight::study::results::Results;
use std::fmt::Write;

/// Of proxy error, what twice the money is taken to recover.
const PROXY: f64 = 0.4;
/// The bands that remedies address by name, and what lowers pressure.
const BANDS: [&str; 3] = ["ignorance", "wrong_values", "pressure"];
/// The last of [`GROUPS`].
const PRESSURE: usize = 4;
const GROUPS: [&str; 5] = ["labels alone", "what is hidden", "what is misvalued", "both", "less pressure"];

/// A remedy of a failure at a budget; numbers by seed.
struct Cell {
    name: String,
    failure: Level,
    /// Index in [`GROUPS`].
    group: usize,
    recovered: Vec<f64>,
    /// From `none` to the ceiling.
    lost: Vec<f64>,
    proxy: Vec<f64>,
    /// The bands that it addresses, beside proxy error.
    addressed: Vec<Vec<f64>>,
    /// Whether the greatest band is among what it addresses.
    apt: bool,
}

impl Cell {
    fn of(&self, seeds: &[usize], numbers: &[f64]) -> f64 {
        seeds.iter().map(|seed| numbers[*seed]).sum::<f64>() / seeds.len() as f64
    }

    /// What is predicted and what came of it, as shares of what is lost.
    fn point(&self, seeds: &[usize]) -> (f64, f64) {
        let lost = self.of(seeds, &self.lost);
        let bands: f64 = self.addressed.iter().map(|band| self.of(seeds, band)).sum();
        let predicted = PROXY * self.of(seeds, &self.proxy) + bands;
        (predicted / lost, self.of(seeds, &self.recovered) / lost)
    }

    /// Proxy error and the bands that it addresses, negative ones counting as 0, as a share of what is lost.
    fn ceiling(&self) -> f64 {
        self.addressed.iter().chain([&self.proxy]).map(|band| mean(band).max(0.0)).sum::<f64>()
            / mean(&self.lost)
    }

    /// By how much of what is lost it recovers more than proxy error and the bands that it addresses, negative ones
    /// counting as 0, and the standard error of that.
    fn excess(&self) -> (f64, f64) {
        let bands = self.addressed.iter().chain([&self.proxy]).filter(|band| mean(band) > 0.0);
        let bands: Vec<&Vec<f64>> = bands.collect();
        let over = |seed: usize| self.recovered[seed] - bands.iter().map(|band| band[seed]).sum::<f64>();
        let over: Vec<f64> = (0..self.lost.len()).map(over).collect();
        let lost = mean(&self.lost);
        (mean(&over) / lost, sd(&over) / (over.len() as f64).sqrt() / lost)
    }
}

/// The figure, and what it comes to in words; `None` where `about` has no such lines.
pub(crate) fn prediction(results: &Results<'_>) -> Option<(Chart, String)> {
    let plan = results.plan;
    let listed = |band: &str| -> Option<Vec<String>> {
        let line = plan.experiment.about.lines().find_map(|line| line.strip_prefix(&format!("{band}: ")))?;
        Some(line.trim_end_matches('.').split(", ").map(str::to_owned).collect())
    };
    let addressed: Vec<Vec<String>> = BANDS.iter().map(|band| listed(band)).collect::<Option<_>>()?;
    let all: Vec<usize> = (0..plan.conditions().len()).collect();
    let budgets = plan.levels(&all, "feedback.budget");
    let mut text = String::from("# Do bands predict what a remedy recovers?\n\n");
    text += "Prediction: 0.4 of the proxy error of `none`, and all of the bands that the remedy addresses (see the README), as \
             shares of what is lost. r: correlation over cells with what was recovered, with its 95 % bootstrap interval \
             over failures. Mask: the same of a prediction of 1 where the remedy addresses the greatest band of the failure, and \
             0 elsewhere. Excess: by how much of what is lost the recovery of one cell exceeds proxy error and the bands it \
             addresses, negative ones counting as 0; with its standard error. 0.4 is a guess that matters little.\n\n\
             | budget | cells | r, pressure kept | r, all | mask, pressure kept | ceiling below all that is lost | worst excess of a remedy that keeps the pressure | worst of those that lower it |\n\
             |--:|--:|--:|--:|--:|--:|---|---|\n";
    let mut panels = Vec::new();
    for budget in &budgets {
        let cells = cells(results, budget, &addressed);
        let everybody: Vec<usize> = (0..plan.experiment.seeds as usize).collect();
        let point = |cell: &Cell| cell.point(&everybody);
        let mask = |cell: &Cell| (f64::from(u8::from(cell.apt)), point(cell).1);
        let failures: Vec<&Level> = failures(&cells);
        // Cells of a failure share its seeds and its bands: failures are resampled, whole.
        let r = |lowers: bool, of: &dyn Fn(&Cell) -> (f64, f64)| {
            let correlated = |failures: &[&Level]| {
                let cells =
                    failures.iter().flat_map(|failure| cells.iter().filter(|cell| cell.failure == **failure));
                let cells = cells.filter(|cell| lowers || cell.group != PRESSURE);
                correlation(&cells.map(of).collect::<Vec<_>>())
            };
            let interval = stratified_interval(&[&failures], |drawn| correlated(&drawn[0]), "prediction");
            effect(correlated(&failures), interval)
        };
        let kept = || cells.iter().filter(|cell| cell.group != PRESSURE);
        let binding = kept().filter(|cell| cell.ceiling() < 0.999).count();
        let worst = |lowers: bool| {
            let of = cells
                .iter()
                .filter(|cell| (cell.group == PRESSURE) == lowers)
                .map(|cell| (cell.excess(), &cell.name));
            let worst = of.max_by(|a, b| a.0.0.total_cmp(&b.0.0));
            worst.map_or_else(String::new, |((x, se), name)| format!("{x:.3} ± {se:.3}, {name}"))
        };
        writeln!(
            text,
            "| {budget} | {} | {} | {} | {} | {binding} of {} | {} | {} |",
            cells.len(),
            r(false, &point),
            r(true, &point),
            r(false, &mask),
            kept().count(),
            worst(false),
            worst(true),
        )
        .expect("writing to memory");
        panels.push(panel(budget, &cells, &everybody));
    }
    let axis =
        |label: &str| Axis { label: label.to_owned(), scale: Scale::Linear, limit: None, slots: Vec::new() };
    let chart = Chart {
        title: "What bands predict, and what was recovered".to_owned(),
        caption: format!(
            "One mark per remedy of a failure, at {} seeds; what is beyond −1.5 stands there. Of a perfect prediction all \
             marks would lie where both are the same.",
            plan.experiment.seeds
        ),
        kind: FigureKind::Scatter,
        x: axis("predicted, share of what is lost"),
        by: "it addresses".to_owned(),
        metrics: 1,
        rows: vec![Panels { y: axis("recovered, share of what is lost"), reference: None, panels }],
        style: plan.experiment.style.clone(),
    };
    Some((chart, text))
}

fn panel(budget: &Level, cells: &[Cell], seeds: &[usize]) -> Panel {
    let of_group = |(group, label): (usize, &&str)| {
        let points = cells.iter().filter(|cell| cell.group == group).map(|cell| {
            let (x, y) = cell.point(seeds);
            let [x, y] = [x, y].map(|share| share.max(-1.5));
            Point { x, y, lo: y, hi: y }
        });
        Line { label: (*label).to_owned(), role: Role::Measured, points: points.collect() }
    };
    let lines = GROUPS.iter().enumerate().map(of_group).filter(|line| !line.points.is_empty());
    Panel { title: format!("budget {budget}"), thresholds: Vec::new(), lines: lines.collect() }
}

/// The failures of some cells, each once.
fn failures(cells: &[Cell]) -> Vec<&Level> {
    let mut failures: Vec<&Level> = cells.iter().map(|cell| &cell.failure).collect();
    failures.dedup();
    failures
}

/// All cells at a budget in which something is lost.
fn cells(results: &Results<'_>, budget: &Level, addressed: &[Vec<String>]) -> Vec<Cell> {
    let plan = results.plan;
    let text = |name: &str| Level::Text(name.to_owned());
    let place = |failure: &Level, remedy: &Level| {
        let at = [("failure", failure), ("remedy", remedy), ("feedback.budget", budget)];
        let mut pins: Pins =
            at.map(|(axis, level)| (axis.to_owned(), Pin::Level(level.clone()))).into_iter().collect();
        pins.extend(["round", "pressure"].map(|axis| (axis.to_owned(), Pin::Last)));
        if let [place] = plan.select(&pins)[..] { Some(place) } else { None }
    };
    let numbers = |place: usize, metric: &str| -> Option<Vec<f64>> {
        results.columns.over_seeds(metric, results.at(place)).into_iter().collect()
    };
    let all: Vec<usize> = (0..plan.conditions().len()).collect();
    let mut cells = Vec::new();
    // Where feedback does not reach, gold in training is not the question.
    let drawn = plan.experiment.figures.iter().find_map(|figure| {
        match (&figure.quantity, figure.pins.get("failure")) {
            (Some(Quantity::Share { .. }), Some(Pin::Among(failures))) => Some(failures.clone()),
            _ => None,
        }
    });
    for failure in drawn.unwrap_or_else(|| plan.levels(&all, "failure")) {
        let ends = ["none", "ceiling"].map(|remedy| place(&failure, &text(remedy)));
        let [Some(from), Some(to)] = ends else { continue };
        let (Some(gold), Some(best)) = (numbers(from, "gold"), numbers(to, "gold")) else { continue };
        let reference = plan.reference(plan.conditions()[from].cell).map_or(0.0, |(gold, _)| gold);
        if !is_a_way(&gold, &best, reference) {
            continue;
        }
        let lost = difference(&best, &gold);
        let [proxy, ignorance, wrong] =
            ["proxy_error", "ignorance", "wrong_values"].map(|band| numbers(from, band).expect("a metric"));
        let sizes = [mean(&proxy), mean(&ignorance), mean(&wrong)];
        let greatest = (0..3).max_by(|a, b| sizes[*a].total_cmp(&sizes[*b])).expect("three");
        for remedy in plan.levels(&all, "remedy") {
            let name = remedy.to_string();
            if ["none", "ceiling"].contains(&&*name) {
                continue;
            }
            let Some(there) = place(&failure, &remedy).and_then(|place| numbers(place, "gold")) else {
                continue;
            };
            let [hidden, values, pressure] = [0, 1, 2].map(|band: usize| addressed[band].contains(&name));
            let group = match (hidden, values, pressure) {
                (_, _, true) => PRESSURE,
                (true, true, _) => 3,
                (false, true, _) => 2,
                (true, false, _) => 1,
                (false, false, _) => 0,
            };
            let bands = [(hidden, &ignorance), (values, &wrong)].into_iter().filter(|(is, _)| *is);
            cells.push(Cell {
                failure: failure.clone(),
                name: format!("{} at {}", name.replace('_', " "), failure.to_string().replace('_', " ")),
                group,
                recovered: difference(&there, &gold),
                lost: lost.clone(),
                proxy: proxy.clone(),
                addressed: bands.map(|(_, band)| band.clone()).collect(),
                apt: [true, hidden, values][greatest],
            });
        }
    }
    cells
}

/// Pearson's correlation.
fn correlation(points: &[(f64, f64)]) -> f64 {
    let n = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / n, y + p.1 / n));
    let [xx, yy, xy] = points.iter().fold([0.0; 3], |[xx, yy, xy], p| {
        let (dx, dy) = (p.0 - x, p.1 - y);
        [xx + dx * dx, yy + dy * dy, xy + dx * dy]
    });
    xy / (xx * yy).sqrt()
}
