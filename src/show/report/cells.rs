//! A figure of shares in words: a sentence for each of its numbers.

use super::text::effect;
use crate::show::figure::{Chart, Line, Point};

/// A sentence for each number of a figure of shares, by panel; of any other none.
pub fn cells(chart: &Chart) -> Vec<(String, Vec<String>)> {
    let rows = chart.rows.iter().filter(|row| row.y.limit.is_some());
    let panels = rows.flat_map(|row| &row.panels).map(|panel| {
        let of_line = |line: &Line| {
            let sentence = |point: &Point| {
                let at = chart.x.slots.get(point.x as usize).map(String::as_str).unwrap_or_default();
                let interval = Some([point.lo, point.hi]).filter(|ends| !ends[0].is_nan());
                let said = interval.map_or("too few seeds for an interval", verdict);
                format!("{} at {at}: {} of the way; {said}.", line.label, effect(point.y, interval))
            };
            line.points.iter().map(sentence).collect::<Vec<_>>()
        };
        (panel.title.clone(), panel.lines.iter().flat_map(of_line).collect())
    });
    panels.collect()
}

/// What an interval says of a share; each by itself, so that of twenty nulls one may seem something.
fn verdict([lo, hi]: [f64; 2]) -> &'static str {
    match (lo, hi) {
        (lo, hi) if lo > -0.1 && hi < 0.1 => "that is next to nothing",
        (lo, _) if lo > 0.9 => "that is nearly all of it",
        (lo, _) if lo > 0.5 => "that is most of it",
        (lo, _) if lo > 0.0 => "that is part of it",
        (_, hi) if hi < 0.0 => "that makes it worse",
        _ => "it may be nothing",
    }
}

#[cfg(test)]
mod tests {
    use super::verdict;

    #[test]
    fn what_an_interval_says() {
        let said =
            [[0.92, 1.0], [0.6, 0.95], [0.01, 0.2], [-0.5, -0.1], [-0.05, 0.05], [0.0, 0.0], [-0.4, 0.3]];
        let words = said.map(|interval| verdict(interval).rsplit(' ').next().unwrap_or_default());
        assert_eq!(words, ["it", "it", "it", "worse", "nothing", "nothing", "nothing"]);
    }
}
