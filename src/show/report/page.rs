//! The page of one run.

use super::numbers::Numbers;
use super::terms::{Term, terms};
use super::verdicts::{Card, tally};
use super::ways::{AGAIN, Way, ways};
use super::{render, text::count};
use crate::show::figure::without_font;
use crate::study::claims::{self, Judgement};
use crate::study::plan::Plan;
use crate::study::results::{Columns, LevelSummary};
use serde::Serialize;

/// `report.html` of a run: the question, what was found of each claim, the
/// `figures` (names and SVG texts), the numbers, what the words mean, the
/// config, how to vary it and how to get the same bytes again.
pub fn page(
    plan: &Plan,
    columns: &Columns,
    summaries: &[LevelSummary],
    judgements: &[Judgement],
    figures: &[(String, String)],
    config_text: &str,
) -> String {
    let experiment = &plan.experiment;
    let size = [(experiment.cells.len() as u64, "cell"), (u64::from(experiment.seeds), "seed")];
    render(
        "page.html",
        Page {
            name: &experiment.name,
            title: if experiment.title.is_empty() { &experiment.name } else { &experiment.title },
            about: experiment.about.split("\n\n").map(str::trim).filter(|p| !p.is_empty()).collect(),
            size: size.map(|(n, noun)| count(n, noun)).join(" × "),
            seed: experiment.seed,
            last_seed: experiment.seeds - 1,
            version: env!("CARGO_PKG_VERSION"),
            tally: tally(claims::tally(judgements).map(|n| n as u64)),
            claims: judgements.iter().map(Card::new).collect(),
            // The first brings the font for all.
            figures: (0..).zip(figures).map(|(i, (name, svg))| Picture::new(name, svg, i > 0)).collect(),
            numbers: Numbers::new(plan, columns, summaries),
            terms: terms(config_text),
            config: config_text,
            ways: ways(plan, !judgements.is_empty()),
            again: AGAIN,
        },
    )
}

#[derive(Serialize)]
struct Page<'a> {
    name: &'a str,
    title: &'a str,
    /// Paragraphs.
    about: Vec<&'a str>,
    size: String,
    seed: u32,
    last_seed: u32,
    version: &'static str,
    tally: Option<String>,
    claims: Vec<Card<'a>>,
    figures: Vec<Picture<'a>>,
    numbers: Numbers,
    terms: Vec<Term>,
    config: &'a str,
    ways: Vec<Way>,
    again: &'static str,
}

#[derive(Serialize)]
struct Picture<'a> {
    name: &'a str,
    svg: String,
    /// Pixels it may be stretched to, so that its type stays near that of the page.
    most: u32,
}

impl<'a> Picture<'a> {
    fn new(name: &'a str, svg: &str, bare: bool) -> Self {
        let svg = &if bare { without_font(svg) } else { svg.to_owned() };
        let width = svg.split_once(" width=\"").and_then(|(_, rest)| rest.split('"').next()?.parse().ok());
        let width: f64 = width.unwrap_or(760.0);
        Self { name, svg: own_ids(name, svg), most: (1.6 * width) as u32 }
    }
}

/// Ids are unique in a page: each picture's get its name in front. Inside a
/// text the quote is escaped, so only attributes match.
fn own_ids(name: &str, svg: &str) -> String {
    [" id=\"", "=\"url(#", "href=\"#"]
        .iter()
        .fold(svg.to_owned(), |svg, start| svg.replace(start, &format!("{start}{name}-")))
}
