//! `leaderboard.csv`: of each entrant a row over all tasks, and one of each task.

use super::{number, table, text};
use crate::numerics::stats::Summary;
use crate::study::config::Level;
use crate::study::leaderboard::{Entry, Leaderboard};

/// `leaderboard.csv`; in the row over all tasks the axes of the tasks are empty.
pub fn leaderboard_csv(board: &Leaderboard) -> Vec<u8> {
    let fixed = [
        "n",
        "score",
        "score_lo",
        "score_hi",
        "iqm",
        "iqm_lo",
        "iqm_hi",
        "improvement",
        "rank_from",
        "rank_to",
    ];
    let heights = board.reach.iter().flat_map(|at| [format!("spent_{at}"), format!("reached_{at}")]);
    let header = std::iter::once("entrant".to_owned()).chain(board.axes.clone());
    let header = header.chain(fixed.map(str::to_owned)).chain(heights).collect();
    table(header, board.entries.iter().flat_map(|entry| lines(board, entry)))
}

fn lines(board: &Leaderboard, entry: &Entry) -> Vec<Vec<String>> {
    let lead = |task: &[Level], of: &Summary| {
        let task = (0..board.axes.len()).map(|i| task.get(i).map_or_else(String::new, Level::to_string));
        let (lo, hi) = of.mean_interval.unzip();
        let score = [of.n.to_string(), number(of.mean), text(lo), text(hi)];
        std::iter::once(entry.entrant.to_string()).chain(task).chain(score).collect::<Vec<_>>()
    };
    let overall = entry.overall.iter().map(|of| {
        let [lo, hi] = of.iqm.1.map_or([None; 2], |ends| ends.map(Some));
        let numbers = [number(of.iqm.0), text(lo), text(hi), number(of.improvement)];
        let ranks = of.rank.map(|rank| rank.to_string());
        [lead(&[], &of.score), numbers.to_vec(), ranks.to_vec(), vec![String::new(); 2 * board.reach.len()]]
            .concat()
    });
    let tasks = board.tasks.iter().zip(&entry.tasks).filter_map(|(task, of)| {
        let of = of.as_ref()?;
        let reached = of.reached.iter().flat_map(|r| [number(r.spent), number(r.share)]).collect();
        Some([lead(task, &of.score), vec![String::new(); 6], reached].concat())
    });
    overall.chain(tasks).collect()
}
