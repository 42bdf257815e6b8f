//! A figure in words: what it shows to who cannot see it, and its numbers to who wants them.

use super::text::{effect, number};
use crate::numerics::words::count;
use crate::show::figure::{Axis, Chart, Kind, Line, Panel, Point, Role, Row};
use crate::study::config::Scale;
use crate::study::results::number as shortest;

/// More numbers of a series than this are said by their ends, the least and the greatest.
const FEW: usize = 8;

/// What is smaller than this, as a share of what is large, is rounding.
const ROUNDING: f64 = 1e-9;

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
    let what = match (is_of_shares(row), chart.x.label.as_str()) {
        (true, _) => String::new(),
        (_, "") => row.y.label.clone(),
        (_, x) => format!("{} against {x}", row.y.label),
    };
    [what, panel.title.clone()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn sentences(chart: &Chart, row: &Row, panel: &Panel) -> Vec<String> {
    let positive = |axis: &Axis, x: f64| axis.scale != Scale::Log || x > 0.0;
    let shown =
        |p: &&Point| p.x.is_finite() && p.y.is_finite() && positive(&chart.x, p.x) && positive(&row.y, p.y);
    let measured: Vec<&Line> = panel.lines.iter().filter(|line| line.role == Role::Measured).collect();
    let of_line = |line: &Line| -> Vec<String> {
        let label = match line.role {
            Role::Seed { .. } | Role::Boundary { .. } => return Vec::new(),
            Role::Theory { of: Some(of), .. } if measured.get(of).is_some_and(|of| !of.label.is_empty()) => {
                format!("{} of {}", line.label, measured[of].label)
            }
            // The rows of a heat map have names of their own, and stand along an axis.
            Role::Measured if chart.kind == Kind::Heat && !chart.by.is_empty() => {
                format!("{} {}", chart.by, line.label)
            }
            _ => line.label.clone(),
        };
        let points: Vec<&Point> = line.points.iter().filter(shown).collect();
        let said = match chart.kind {
            _ if points.is_empty() => "nothing to show".to_owned(),
            _ if is_of_shares(row) => {
                return line.points.iter().map(|point| share(chart, line, point)).collect();
            }
            Kind::Scatter | Kind::Strip => marks(chart, row, &points),
            _ => series(chart, &points),
        };
        vec![if label.is_empty() { format!("{said}.") } else { format!("{label}: {said}.") }]
    };
    panel.lines.iter().flat_map(of_line).collect()
}

/// Where a point stands along x: levels have few digits.
fn place(chart: &Chart, Point { x, .. }: &Point) -> String {
    let level =
        || Some(shortest(*x)).filter(|x| x.len() < 8).map_or_else(|| number(*x), |x| x.replace('-', "−"));
    let at = chart.x.slots.get(x.round() as usize).cloned().unwrap_or_else(level);
    // A row and a column of a heat map may be called the same.
    if chart.kind == Kind::Heat { format!("{} {at}", chart.x.label).trim_start().to_owned() } else { at }
}

/// The least and the greatest.
fn ends(points: &[&Point], of: fn(&Point) -> f64) -> [f64; 2] {
    points.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[lo, hi], p| [lo.min(of(p)), hi.max(of(p))])
}

/// Numbers along x, in order.
fn series(chart: &Chart, points: &[&Point]) -> String {
    let [low, high] = ends(points, |p| p.y);
    let rounding = ROUNDING * low.abs().max(high.abs());
    let value = |Point { y, lo, hi, .. }: &Point| {
        let interval =
            Some([*lo, *hi]).filter(|[lo, hi]| hi - lo > rounding && lo.is_finite() && hi.is_finite());
        effect(if y.abs() < rounding { 0.0 } else { *y }, interval)
    };
    let said = |point: &Point| format!("{} at {}", value(point), place(chart, point));
    let exact = points.iter().all(|p| p.hi - p.lo <= rounding);
    match points {
        [first, .., last] if exact && high - low <= rounding => {
            format!("{} from {} to {}", value(first), place(chart, first), place(chart, last))
        }
        [first, .., last] if points.len() > FEW => {
            let least = points.iter().min_by(|a, b| a.y.total_cmp(&b.y)).expect("some");
            let greatest = points.iter().max_by(|a, b| a.y.total_cmp(&b.y)).expect("some");
            let [first, last, least, greatest] = [first, last, least, greatest].map(|point| said(point));
            format!("from {first} to {last}; least {least}, greatest {greatest}")
        }
        _ => points.iter().map(|point| said(point)).collect::<Vec<_>>().join("; "),
    }
}

/// Marks of single seeds: of a strip by slot.
fn marks(chart: &Chart, row: &Row, points: &[&Point]) -> String {
    let range = |some: &[&Point], of: fn(&Point) -> f64| match ends(some, of) {
        [lo, hi] if lo == hi => number(lo),
        ends => ends.map(number).join(" to "),
    };
    let many = |some: &[&Point]| count(some.len() as u64, "mark");
    if chart.x.slots.is_empty() {
        let [x, y] = [range(points, |p| p.x), range(points, |p| p.y)];
        return format!("{}, {} {x}, {} {y}", many(points), chart.x.label, row.y.label);
    }
    let of_slot = |(slot, name): (usize, &String)| {
        let here: Vec<&Point> = points.iter().copied().filter(|p| p.x.round() as usize == slot).collect();
        (!here.is_empty()).then(|| format!("{} at {name}, {}", many(&here), range(&here, |p| p.y)))
    };
    chart.x.slots.iter().enumerate().filter_map(of_slot).collect::<Vec<_>>().join("; ")
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
        let flat = vec![(
            "gold".to_owned(),
            Role::Measured,
            vec![Point::exact(-0.8244, 2.0), Point::exact(3.0, 2.0)],
        )];
        assert_eq!(words(&Chart::curves("", ["", "return"], flat))[0].1, ["gold: 2.00 from −0.8244 to 3."]);
    }
}
