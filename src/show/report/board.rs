//! A leaderboard as tables of texts.

use super::render;
use super::text::effect;
use crate::study::config::Level;
use crate::study::leaderboard::{ALARM, Entry, Leaderboard, Reached};
use crate::study::plan::words;
use serde::Serialize;

/// A table, rounded and in words.
#[derive(Serialize)]
pub struct Table {
    /// Its headline.
    pub title: String,
    /// What it says.
    pub caption: String,
    /// How many of its columns are names.
    pub names: usize,
    /// What its columns are.
    pub heads: Vec<String>,
    /// Its lines.
    pub lines: Vec<Vec<String>>,
}

/// A leaderboard as tables: who came where, then what it takes to reach each height.
pub fn tables(board: &Leaderboard) -> Vec<Table> {
    let first = name(&board.first);
    let ranking = Table {
        title: "Leaderboard".to_owned(),
        caption: format!(
            "Score: mean height of the curve over the logarithm of what is spent, over {} tasks, with its 95 % \
             bootstrap interval. Rank: what the seeds leave open; any two equal entrants are told apart with \
             chance {ALARM} at most. IQM: interquartile mean over tasks and seeds. Last: the chance to do better \
             at a task, in some seed, than {first} in another.",
            board.tasks.len()
        ),
        names: 2,
        heads: [
            "rank".to_owned(),
            "entrant".to_owned(),
            "score".to_owned(),
            "IQM".to_owned(),
            format!("better than {first}"),
        ]
        .to_vec(),
        lines: board.entries.iter().map(ranked).collect(),
    };
    std::iter::once(ranking).chain((0..board.reach.len()).map(|i| height(board, i))).collect()
}

fn ranked(entry: &Entry) -> Vec<String> {
    let [rank, score, iqm, improvement] = match &entry.overall {
        None => ["–"; 4].map(str::to_owned),
        Some(of) => [
            if of.rank[0] == of.rank[1] {
                of.rank[0].to_string()
            } else {
                format!("{}–{}", of.rank[0], of.rank[1])
            },
            effect(of.score.mean, of.score.mean_interval.map(|(lo, hi)| [lo, hi])),
            effect(of.iqm.0, of.iqm.1),
            format!("{:.2}", of.improvement),
        ],
    };
    vec![rank, name(&entry.entrant), score, iqm, improvement]
}

fn height(board: &Leaderboard, i: usize) -> Table {
    let task = |(at, task): (usize, &Vec<Level>)| {
        let cells = board.entries.iter().map(|entry| {
            entry.tasks[at].as_ref().map_or_else(|| "–".to_owned(), |of| spent(of.reached[i], board.spent))
        });
        let lead = task.iter().map(name).collect::<Vec<_>>().join(", ");
        std::iter::once(lead).chain(cells).collect()
    };
    let entrants = board.entries.iter().map(|entry| name(&entry.entrant));
    Table {
        title: format!("What it takes to reach {}", board.reach[i]),
        caption:
            "Medians over seeds of where the curve is there first; in parentheses the share of seeds that reach it, where that is not all."
                .to_owned(),
        names: 1,
        heads: std::iter::once(board.axes.iter().map(|axis| words(axis)).collect::<Vec<_>>().join(", "))
            .chain(entrants)
            .collect(),
        lines: board.tasks.iter().enumerate().map(task).collect(),
    }
}

/// The median, and the share that arrived where that is not all.
fn spent(reached: Reached, [least, most]: [f64; 2]) -> String {
    let percent = (100.0 * reached.share).round();
    let median = match reached.spent {
        x if x.is_infinite() => format!("> {most}"),
        x if x <= least => format!("≤ {least}"),
        x if x < 10.0 => format!("{x:.1}"),
        x => format!("{x:.0}"),
    };
    if percent < 100.0 { format!("{median} ({percent} %)") } else { median }
}

fn name(level: &Level) -> String {
    level.to_string().replace('_', " ")
}

/// `leaderboard.md`, for where the figures lie beside it.
pub fn leaderboard_md(title: &str, board: &Leaderboard) -> String {
    render("leaderboard.md", serde_json::json!({ "title": title, "tables": tables(board) }))
}
