//! What a run leaves: tables, verdicts, figures, a report, and a few lines on the terminal.

use super::output::{Output, sha256};
use super::trials::heed;
use super::{Stop, print};
use crate::show::figure;
use crate::show::report::{self, Numbers, Picture, Row as Cell, tables};
use crate::study::claims::{self, claims_json, gather, judge};
use crate::study::leaderboard::{Leaderboard, leaderboard};
use crate::study::plan::{Plan, Row};
use crate::study::results::{Results, leaderboard_csv, results_csv, summary_csv};
use serde_json::{Map, Value, json};
use unicode_width::UnicodeWidthStr;

/// Cells shown on the terminal.
const MOST_CELLS: usize = 12;

/// In the manifest: what says that two configs run the same trials.
pub(super) const RAN: &str = "trials";

/// A digest of the trials that a plan runs, whatever is shown of them.
pub(super) fn ran(plan: &Plan) -> String {
    sha256(format!("{:?}", (plan.experiment.seed, &plan.experiment.cells)).as_bytes())
}

/// In the manifest: the commands of methods that are not ours, by name.
pub(super) const METHODS: &str = "methods";

/// Writes all files of a run, `config` as its config, and says where they are. A config knows no `methods` that are
/// somebody else's: the manifest does.
pub(super) fn write(
    plan: &Plan,
    rows: &[Row],
    mut output: Output,
    config: &str,
    methods: Map<String, Value>,
) -> Result<(), Stop> {
    let experiment = &plan.experiment;
    let results = Results::new(plan, rows);
    output.write("results.csv", &results_csv(plan, &results.columns, rows))?;
    heed()?;
    output.write("summary.csv", &summary_csv(&results, |_| true))?;
    output.write("config.toml", config.as_bytes())?;
    let board = leaderboard(&results);
    heed()?;
    if let Some(board) = &board {
        output.write("leaderboard.csv", &leaderboard_csv(board))?;
    }
    let judgements = judge(plan, &gather(&results));
    heed()?;
    output.write("claims.json", claims_json(&judgements).as_bytes())?;
    let mut pictures = Vec::new();
    for chart in figure::charts(&results, &judgements) {
        heed()?;
        let picture = Picture::new(chart);
        let Picture { name, svg, .. } = &picture;
        let png =
            figure::png(svg, 3.0).map_err(|e| Stop::Files(format!("cannot draw figure `{name}`: {e}")))?;
        output.write(&format!("figures/{name}.svg"), figure::with_font(svg).as_bytes())?;
        output.write(&format!("figures/{name}.png"), &png)?;
        pictures.push(picture);
    }
    let page = report::page(&results, board.as_ref(), &judgements, &pictures);
    output.write("report.html", page.as_bytes())?;
    let [hold, fail, undecided] = claims::tally(&judgements);
    let mut facts = json!({
        "oversight": env!("CARGO_PKG_VERSION"),
        "experiment": experiment.name,
        "title": experiment.title,
        "about": experiment.about.trim(),
        "seed": experiment.seed,
        "seeds": experiment.seeds,
        "cells": experiment.cells.len(),
        "rows": rows.len(),
        RAN: ran(plan),
        "claims": { "holds": hold, "fails": fail, "undecided": undecided },
    });
    if !methods.is_empty() {
        facts[METHODS] = methods.into();
    }
    heed()?;
    let target = output.finish(facts)?;
    let title = if experiment.title.is_empty() { &experiment.name } else { &experiment.title };
    let tally = report::tallies(&judgements).map_or_else(String::new, |tallies| tallies + "\n");
    let numbers = first_figure(&results);
    let board = board.map_or_else(String::new, |board| ranking(&board));
    print(&format!("{title}\n\n{numbers}\n{board}{tally}Results in {}\n\n", target.display()))
}

/// The metrics of the first figure, cell by cell.
fn first_figure(results: &Results<'_>) -> String {
    let drawn = results.plan.experiment.figures.first();
    let metrics: Vec<&str> =
        drawn.map_or(vec!["gold", "approval"], |figure| figure.y.iter().map(String::as_str).collect());
    let numbers = Numbers::new(results, &metrics, MOST_CELLS);
    let cells = |row: &Cell| {
        let values = row.values.iter().flat_map(|value| match value {
            Some((estimate, interval)) => [estimate.clone(), interval.clone().unwrap_or_default()],
            None => ["–".to_owned(), String::new()],
        });
        row.levels.iter().cloned().chain(values).collect()
    };
    // An interval stands in a column of its own, below no name.
    let names = numbers.metrics.iter().flat_map(|metric| [metric.clone(), String::new()]);
    let mut lines: Vec<Vec<String>> = vec![numbers.axes.iter().cloned().chain(names).collect()];
    lines.extend(numbers.rows.iter().map(cells));
    let more = match numbers.left_out {
        0 => String::new(),
        n => format!("… and {n} more in summary.csv\n"),
    };
    format!("{}\n\n{}{more}", numbers.caption, aligned(&lines, numbers.axes.len()))
}

/// Who came where.
fn ranking(board: &Leaderboard) -> String {
    let ranking = &tables(board)[0];
    let lines: Vec<Vec<String>> = std::iter::once(&ranking.heads).chain(&ranking.lines).cloned().collect();
    format!("{}:\n\n{}\n", ranking.title, aligned(&lines, ranking.names))
}

/// Columns as wide as their widest entry, the first few to the left, the others to the right.
pub(super) fn aligned(lines: &[Vec<String>], left: usize) -> String {
    let width = |column: usize| lines.iter().map(|line| line[column].width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..lines.first().map_or(0, Vec::len)).map(width).collect();
    let entry = |(column, text): (usize, &String)| {
        let space = " ".repeat(widths[column] - text.width());
        if column < left { format!("{text}{space}") } else { format!("{space}{text}") }
    };
    let line = |line: &Vec<String>| {
        line.iter().enumerate().map(entry).collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    lines.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::aligned;

    #[test]
    fn columns_are_as_wide_as_they_look() {
        let lines =
            [["x", "gold"], ["漢字", "−3.00×10¹²"], ["é", "1"]].map(|l| l.map(str::to_owned).to_vec());
        assert_eq!(aligned(&lines, 1), "x           gold\n漢字  −3.00×10¹²\né              1\n");
    }
}
