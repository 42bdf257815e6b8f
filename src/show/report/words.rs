//! A figure in words: what it shows to who cannot see it, and its numbers to who wants them.

use super::text::{effect, number};
use crate::numerics::words::count;
use crate::show::figure::{Chart, Kind, Line, Panel, Point, Role, Row};
use crate::study::config::Scale;

/// More numbers of a series than this are said by their ends, the least and the greatest.
const FEW: usize = 8;

/// What each panel shows: its name, and a sentence for each series; of shares one for each number, with what it comes to.
pub fn words(chart: &Chart) -> Vec<(String, Vec<String>)> {
    let panels = chart.panels().filter(|(_, panel)| !panel.lines.is_empty());
    panels.map(|(row, panel)| (name(chart, row, panel), sentences(chart, row, panel))).collect()
}

/// Whether it shows shares of a way.
pub fn has_shares(chart: &Chart) -> bool {
    chart.rows.iter().any(is_of_shares)
}

fn is_of_shares(row: &Row) -> bool {
    row.y.limit.is_some()
}

fn name(chart: &Chart, row: &Row, panel: &Panel) -> String {
    if is_of_shares(row) {
        return panel.title.clone();
    }
    let along = [&chart.x].into_iter().filter(|x| !x.label.is_empty());
    let along = along.map(|x| format!("{} against {}", row.y.label, x.label)).next();
    let what = along.unwrap_or_else(|| row.y.label.clone());
    if panel.title.is_empty() { what } else { format!("{what}, {}", panel.title) }
}

fn sentences(chart: &Chart, row: &Row, panel: &Panel) -> Vec<String> {
    let shown = |point: &&Point| {
        let positive = |scale, x: f64| scale != Scale::Log || x > 0.0;
        point.x.is_finite()
            && point.y.is_finite()
            && positive(chart.x.scale, point.x)
            && positive(row.y.scale, point.y)
    };
    let of_line = |line: &Line| -> Vec<String> {
        if matches!(line.role, Role::Seed { .. } | Role::Boundary { .. }) {
            return Vec::new();
        }
        if is_of_shares(row) {
            return line.points.iter().map(|point| share(chart, line, point)).collect();
        }
        let points: Vec<&Point> = line.points.iter().filter(shown).collect();
        let said = match chart.kind {
            _ if points.is_empty() => "nothing to show".to_owned(),
            Kind::Scatter | Kind::Strip => marks(chart, &points),
            _ => series(chart, &points),
        };
        let label = match line.role {
            Role::Theory { .. } if line.label.is_empty() => "theory".to_owned(),
            Role::Theory { .. } => format!("{}, by theory", line.label),
            _ => line.label.clone(),
        };
        vec![if label.is_empty() { format!("{said}.") } else { format!("{label}: {said}.") }]
    };
    panel.lines.iter().flat_map(of_line).collect()
}

/// Where a point stands along x: levels are whole, or have few digits.
fn place(chart: &Chart, Point { x, .. }: &Point) -> String {
    let level = || if x.fract() == 0.0 && x.abs() < 1e6 { format!("{x}") } else { number(*x) };
    chart.x.slots.get(*x as usize).cloned().unwrap_or_else(level)
}

/// Numbers along x, in order.
fn series(chart: &Chart, points: &[&Point]) -> String {
    let said = |point: &Point| {
        let interval =
            Some([point.lo, point.hi]).filter(|[lo, hi]| hi > lo && lo.is_finite() && hi.is_finite());
        format!("{} at {}", effect(point.y, interval), place(chart, point))
    };
    let [first, .., last] = points else { return said(points[0]) };
    if points.len() <= FEW {
        return points.iter().map(|point| said(point)).collect::<Vec<_>>().join("; ");
    }
    let least = points.iter().min_by(|a, b| a.y.total_cmp(&b.y)).expect("some");
    let greatest = points.iter().max_by(|a, b| a.y.total_cmp(&b.y)).expect("some");
    let (first, last) = (said(first), said(last));
    format!("from {first} to {last}; least {}, greatest {}", said(least), said(greatest))
}

/// Marks of single seeds.
fn marks(chart: &Chart, points: &[&Point]) -> String {
    let range = |of: fn(&Point) -> f64| {
        let ends = points.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[lo, hi], point| {
            [lo.min(of(point)), hi.max(of(point))]
        });
        ends.map(number).join(" to ")
    };
    let many = count(points.len() as u64, "mark");
    match chart.x.slots.is_empty() {
        true => format!("{many}, {} {}, {}", chart.x.label, range(|p| p.x), range(|p| p.y)),
        false => format!("{many}, {}", range(|p| p.y)),
    }
}

fn share(chart: &Chart, line: &Line, point: &Point) -> String {
    let at = place(chart, point);
    let interval = Some([point.lo, point.hi]).filter(|ends| !ends[0].is_nan());
    let said = interval.map_or("too few seeds for an interval", verdict);
    format!("{} at {at}: {} of the way; {said}.", line.label, effect(point.y, interval))
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
    use super::{verdict, words};
    use crate::show::figure::{Chart, Point, Role};

    #[test]
    fn what_an_interval_says() {
        let said =
            [[0.92, 1.0], [0.6, 0.95], [0.01, 0.2], [-0.5, -0.1], [-0.05, 0.05], [0.0, 0.0], [-0.4, 0.3]];
        let words = said.map(|interval| verdict(interval).rsplit(' ').next().unwrap_or_default());
        assert_eq!(words, ["it", "it", "it", "worse", "nothing", "nothing", "nothing"]);
    }

    #[test]
    fn what_a_curve_shows() {
        let curve = |n: u32| (1..=n).map(|i| Point::exact(f64::from(i), f64::from(i * (n - i)))).collect();
        let curves = |n| vec![("gold".to_owned(), Role::Measured, curve(n))];
        let said = |n| words(&Chart::curves("", ["level", "return"], curves(n)));
        assert_eq!(
            said(2),
            [("return against level".to_owned(), vec!["gold: 1.00 at 1; 0 at 2.".to_owned()])]
        );
        assert_eq!(said(20)[0].1, ["gold: from 19.0 at 1 to 0 at 20; least 0 at 20, greatest 100 at 10."]);
        assert_eq!(said(0)[0].1, ["gold: nothing to show."]);
    }
}
