//! The page of one run.

use super::board::tables;
use super::numbers::Numbers;
use super::render;
use super::terms::terms;
use super::text::{evidence, tallies};
use super::ways::ways;
use super::words::words;
use crate::numerics::words::count;
use crate::show::figure::{Chart, svg, with_font};
use crate::study::claims::Judgement;
use crate::study::config::Quantity;
use crate::study::leaderboard::Leaderboard;
use crate::study::plan::Plan;
use crate::study::results::Results;
use serde_json::{Value, json};

/// Cells shown; a longer table is read from the file.
const MOST_CELLS: usize = 40;

/// A figure of a page.
pub struct Picture {
    /// Its name.
    pub name: String,
    /// As [`svg`] draws it.
    pub svg: String,
    /// What it shows in words, by panel.
    pub words: Vec<(String, Vec<String>)>,
}

impl Picture {
    /// The picture of a chart.
    pub fn new((name, chart): (String, Chart)) -> Self {
        Self { name, svg: svg(&chart), words: words(&chart) }
    }
}

/// `report.html` of a run: the question, the figures and what they show in words, the leaderboard if there is one,
/// what was found of each claim, the numbers, what the words mean, the config, how to vary it and how to get the
/// same bytes again.
pub fn page(
    results: &Results<'_>,
    board: Option<&Leaderboard>,
    judgements: &[Judgement],
    figures: &[Picture],
) -> String {
    let plan = results.plan;
    let e = &plan.experiment;
    let size = [(e.cells.len() as u64, "cell"), (u64::from(e.seeds), "seed")];
    let page = json!({
        "name": e.name,
        "title": if e.title.is_empty() { &e.name } else { &e.title },
        "about": e.about.split("\n\n").map(str::trim).filter(|p| !p.is_empty()).collect::<Vec<_>>(),
        "size": size.map(|(n, noun)| count(n, noun)).join(" × "),
        "seed": e.seed,
        "last_seed": e.seeds - 1,
        "version": env!("CARGO_PKG_VERSION"),
        // The first brings the font for all.
        "figures": figures.iter().enumerate().map(|(i, figure)| picture(figure, i == 0)).collect::<Vec<_>>(),
        "tables": board.map(tables),
        "left_out": e.left_out,
        "tally": tallies(judgements),
        "evidence": evidence(e),
        "claims": judgements,
        "numbers": Numbers::new(results, &Numbers::METRICS, MOST_CELLS),
        "terms": terms(e),
        "config": e.resolved,
        "ways": ways(plan, !judgements.is_empty()),
    });
    render("page.html", page)
}

/// `README.md` of what is kept of an experiment: the same in short, for where the figures lie beside it.
pub fn readme(plan: &Plan, judgements: &[Judgement]) -> String {
    let e = &plan.experiment;
    let page = json!({
        "name": e.name,
        "title": e.title,
        "about": e.about.trim(),
        "figures": e.figures,
        "has_shares": e.figures.iter().any(|figure| matches!(figure.quantity, Some(Quantity::Share { .. }))),
        "has_leaderboard": e.leaderboard.is_some(),
        "tally": tallies(judgements),
        "evidence": evidence(e),
        "claims": judgements,
    });
    render("readme.md", page)
}

/// A figure, and the pixels it may be stretched to, so that its type stays near that of the page.
fn picture(Picture { name, svg, words }: &Picture, brings_font: bool) -> Value {
    let svg = &if brings_font { with_font(svg) } else { svg.clone() };
    let width = svg.split_once(" width=\"").and_then(|(_, rest)| rest.split('"').next()?.parse().ok());
    json!({ "name": name, "svg": own_ids(name, svg), "most": (1.6 * width.unwrap_or(760.0)) as u32, "words": words })
}

/// Ids are unique in a page: each picture's get its name in front. Inside a
/// text the quote is escaped, so only attributes match.
fn own_ids(name: &str, svg: &str) -> String {
    [" id=\"", "=\"url(#", "href=\"#"]
        .iter()
        .fold(svg.to_owned(), |svg, start| svg.replace(start, &format!("{start}{name}-")))
}
