//! The kinds of figures other than lines: each as printed, and each on data that nobody wants.

use super::{axis, chart, line, panel, row};
use crate::show::figure::contour::boundaries;
use crate::show::figure::{Axis, Chart, Line, Panel, Point, Role, Row};
use crate::study::config::{FigureKind as Kind, Scale};

const NEW: [Kind; 7] =
    [Kind::Heat, Kind::Bars, Kind::Bands, Kind::Forest, Kind::Scatter, Kind::Strip, Kind::Profile];

pub(super) fn all() -> Vec<(String, Chart)> {
    let mut all = vec![
        ("bands".to_owned(), bands()),
        ("matrix".to_owned(), matrix(1.0, 0.0)),
        ("gains".to_owned(), matrix(2.0, -0.9)),
        ("phases".to_owned(), phases(25, 11, 1.0)),
        ("boundaries".to_owned(), phases(6, 18, 2.0)),
        ("bars".to_owned(), bars()),
        ("forest".to_owned(), forest()),
        ("scatter".to_owned(), scatter()),
        ("strip".to_owned(), strip()),
        ("profile".to_owned(), profile()),
    ];
    for kind in NEW {
        for (name, chart) in nasty() {
            all.push((format!("{}_{name}", kind.name()), of_kind(chart, kind)));
        }
    }
    all
}

/// A chart of lines over x, made one of another kind over slots.
fn of_kind(mut chart: Chart, kind: Kind) -> Chart {
    chart.kind = kind;
    if kind.traits().slots {
        let points = chart.rows.iter().flat_map(|row| &row.panels).flat_map(|panel| &panel.lines);
        let slots = points.map(|line| line.points.len()).max().unwrap_or(0);
        chart.x.slots = (0..slots).map(|i| format!("level {i}")).collect();
        let lines = chart.rows.iter_mut().flat_map(|row| &mut row.panels).flat_map(|p| &mut p.lines);
        for line in lines {
            line.points.iter_mut().enumerate().for_each(|(slot, p)| p.x = slot as f64);
        }
    }
    if kind == Kind::Bands {
        let panels = chart.rows.iter_mut().flat_map(|row| &mut row.panels);
        panels.for_each(|panel| panel.lines.push(total(&panel.lines)));
    }
    chart
}

/// What nobody wants to draw.
fn nasty() -> Vec<(&'static str, Chart)> {
    let one =
        |lines: Vec<Line>| chart(Scale::Linear, vec![row("gold", Scale::Linear, vec![panel("", lines)])]);
    let wave = |label: &str, count: usize, size: f64| {
        let at = |i: usize| {
            let turn = ((i * 7 + label.len() * 3) % 11) as f64 / 5.0 - 1.0;
            (i as f64, size * turn, size.abs() / 9.0)
        };
        line(label, (0..count).map(at))
    };
    let names = ["a", "bb", "ccc", "dddd", "eeeee", "ffffff", "g g g", "hhhhhhhh"];
    let eight = |count: usize| names.map(|name| wave(name, count, 1.0)).to_vec();
    let odd = [
        (0.0, f64::NAN, 0.0),
        (1.0, f64::INFINITY, 1.0),
        (2.0, -0.5, f64::INFINITY),
        (3.0, 0.4, f64::NAN),
        (f64::NAN, 0.2, 0.1),
    ];
    let grid = |columns: usize| {
        let titles = ["one", "two", "three", "four", "five"];
        let panels = |metric: &str| {
            let panels = titles[..columns].iter().map(|title| panel(title, vec![wave(title, 6, 1.0)]));
            row(metric, Scale::Linear, panels.collect())
        };
        chart(Scale::Linear, vec![panels("gold"), panels("approval"), panels("approval")])
    };
    let mut long = one(vec![wave("a very long name of a series that goes on and on", 12, 3.0)]);
    long.by = "an axis of an unreasonably long name".to_owned();
    long.x.label = "the levels of something that takes many words to be said".to_owned();
    vec![
        ("nothing", chart(Scale::Linear, vec![])),
        ("empty", one(vec![])),
        ("one_point", one(vec![wave("", 1, 1.0)])),
        ("odd", one(vec![line("odd", odd), wave("even", 4, 1.0)])),
        ("only_odd", one(vec![line("odd", [(0.0, f64::NAN, 0.0), (1.0, f64::INFINITY, 0.0)])])),
        ("zeros", one(vec![wave("none", 4, 0.0), wave("no", 4, 0.0)])),
        ("huge", one(vec![wave("wide", 3, 1e250), wave("small", 3, 1e-9)])),
        ("tiny", one(vec![wave("small", 5, 1e-12)])),
        ("negative", one(vec![line("below", (0..5).map(|i| (f64::from(i), -1.0 - f64::from(i), 0.3)))])),
        ("eight", one(eight(5))),
        ("twelve", one(eight(12)[..2].to_vec())),
        ("facets", grid(5)),
        ("long", long),
    ]
}

fn slots(mut chart: Chart, kind: Kind, names: &[&str]) -> Chart {
    chart.kind = kind;
    chart.x = Axis {
        limit: None,
        label: "overseer's comparisons".to_owned(),
        scale: Scale::Linear,
        slots: names.iter().map(|name| (*name).to_owned()).collect(),
    };
    chart
}

fn levels(label: &str, values: &[f64]) -> Line {
    line(label, values.iter().enumerate().map(|(i, y)| (i as f64, *y, 0.04 + 0.06 * y.abs())))
}

/// The sum of layers.
fn total(layers: &[Line]) -> Line {
    let mut points: Vec<Point> = Vec::new();
    for p in layers.iter().flat_map(|line| &line.points).filter(|p| p.x.is_finite() && p.y.is_finite()) {
        match points.iter_mut().find(|q| q.x == p.x) {
            Some(q) => *q = Point { y: q.y + p.y, lo: q.lo + p.y, hi: q.hi + p.y, ..*q },
            None => points.push(Point { x: p.x, y: p.y, lo: p.y - 0.05, hi: p.y + 0.05 }),
        }
    }
    Line { label: "net".to_owned(), role: Role::Total, points }
}

fn bands() -> Chart {
    let panel = |title: &str, ignorance: f64| {
        let mut lines = vec![
            levels("proxy error", &[0.9, 0.5, 0.2, 0.05, -0.1]),
            levels("ignorance", &[ignorance; 5]),
            levels("wrong values", &[0.4; 5]),
            levels("unreached", &[0.0; 5]),
        ];
        lines.push(total(&lines));
        Panel { title: title.to_owned(), thresholds: Vec::new(), lines }
    };
    let rows = |name: &str| {
        let panels = [("the secret is good", 1.3), ("the secret is bad", -0.8)];
        row(name, Scale::Linear, panels.map(|(title, x)| panel(title, x)).to_vec())
    };
    slots(
        chart(Scale::Linear, vec![rows("gold lost"), rows("gold lost")]),
        Kind::Bands,
        &["20", "100", "500", "2500", "12500"],
    )
}

fn matrix(scale: f64, shift: f64) -> Chart {
    let remedies = ["none", "more labels", "reveal", "ground truth"];
    let failures = ["none", "ignorant", "wrong", "gamed"];
    let row_of = |(i, name): (usize, &&str)| {
        let value = |j: usize| scale * (((3 * i + 5 * j) % 7) as f64 / 7.0) + shift;
        levels(name, &(0..4).map(value).collect::<Vec<_>>())
    };
    let lines: Vec<Line> = failures.iter().enumerate().map(row_of).collect();
    let mut chart = slots(
        chart(Scale::Linear, vec![row("efficiency", Scale::Linear, vec![panel("", lines)])]),
        Kind::Heat,
        &remedies,
    );
    (chart.by, chart.x.label) = ("failure".to_owned(), "remedy".to_owned());
    chart
}

/// Two panels of many cells, numbers rising upwards, with the boundaries of two theories.
fn phases(columns: usize, rows: usize, scale: f64) -> Chart {
    let name = |i: usize, of: usize| format!("{}", (1000.0 * i as f64 / (of - 1) as f64).round() / 1000.0);
    let at = |place: f64, of: usize| place / (of - 1) as f64;
    let stops = |count: usize| -> Vec<f64> {
        let middles = (0..count).map(|slot| slot as f64);
        [-0.5].into_iter().chain(middles).chain([count as f64 - 0.5]).collect()
    };
    let panel_of = |(title, bend): (&str, f64)| {
        let height = |c: f64, r: f64| at(c, columns) * at(c, columns) + bend - at(r, rows);
        let cells = |r: usize| {
            let at = |c: usize| height(c as f64, r as f64);
            let point = |c: usize| (c as f64, scale / (1.0 + at(c) * at(c)) - scale + 1.0, 0.0);
            line(&name(r, rows), (0..columns).map(point))
        };
        let (across, down) = (stops(columns), stops(rows));
        let margins = |of: &dyn Fn(f64, f64) -> Vec<f64>| -> Vec<Vec<Vec<f64>>> {
            let rising = down.iter().map(|place| (rows - 1) as f64 - place);
            rising.map(|r| across.iter().map(|c| of(*c, r)).collect()).collect()
        };
        let mut lines: Vec<Line> = (0..rows).rev().map(cells).collect();
        let two = margins(&|c, r| vec![height(c, r), at(c, columns) + at(r, rows) - 0.3]);
        lines.extend(boundaries((&across, &down), &two, "where it pays to wait", 0));
        let other = margins(&|c, r| vec![at(c, columns) - 0.7 + 0.2 * at(r, rows)]);
        lines.extend(boundaries((&across, &down), &other, "another theory", 1));
        panel(title, lines)
    };
    let panels = [("no audit", 0.1), ("audit", 0.4)].map(panel_of).to_vec();
    let mut chart = chart(Scale::Linear, vec![row("chance of seizing power", Scale::Linear, panels)]);
    chart.kind = Kind::Heat;
    chart.x = Axis {
        slots: (0..columns).map(|c| name(c, columns)).collect(),
        ..axis("price of being caught", Scale::Linear)
    };
    chart.by = "share of audits".to_owned();
    chart
}

fn bars() -> Chart {
    let names = ["labels 20", "labels 80", "labels 320"];
    let line = |(i, name): (usize, &&str)| {
        levels(name, &[0.2 + 0.3 * i as f64, -0.4 + 0.3 * i as f64, 0.9, 0.4 - 0.3 * i as f64])
    };
    let lines: Vec<Line> = names.iter().enumerate().map(line).collect();
    let mut row = row("gold", Scale::Linear, vec![panel("base", lines.clone()), panel("control", lines)]);
    row.reference = Some((0.1, "reference policy".to_owned()));
    let mut chart = slots(
        chart(Scale::Linear, vec![row]),
        Kind::Bars,
        &["none", "more labels", "reveal", "ground truth"],
    );
    (chart.by, chart.x.label) = ("labels".to_owned(), "remedy".to_owned());
    chart
}

fn forest() -> Chart {
    let lines = || vec![levels("base", &[0.9, 0.1, -0.6, 0.3]), levels("control", &[0.92, 0.85, 0.8, 0.88])];
    let rows = ["gold", "approval"].map(|metric| Row {
        reference: Some((0.0, "reference policy".to_owned())),
        ..row(metric, Scale::Linear, vec![panel("few labels", lines()), panel("many labels", lines())])
    });
    let names = ["best of n", "policy gradient with early stopping", "tilt", "quantilizer"];
    let mut chart = slots(chart(Scale::Linear, rows.to_vec()), Kind::Forest, &names);
    chart.by = "variant".to_owned();
    chart
}

fn scatter() -> Chart {
    let cloud = |name: &str, slope: f64| {
        let point = |i: u32| {
            let (u, v) = (f64::from(i * 37 % 100) / 50.0 - 1.0, f64::from(i * 53 % 100) / 50.0 - 1.0);
            (u, slope * u + 0.4 * v, 0.0)
        };
        line(name, (0..100).map(point))
    };
    let lines = vec![cloud("base", -0.8), cloud("control", 0.9), cloud("mild", 0.2)];
    let mut chart = chart(Scale::Linear, vec![row("gold", Scale::Linear, vec![panel("", lines)])]);
    chart.kind = Kind::Scatter;
    (chart.x, chart.by) = (axis("approval", Scale::Linear), "variant".to_owned());
    chart
}

/// The seeds of two series at three levels, from the least to the greatest.
fn strip() -> Chart {
    let rising = |(of, name): (usize, &&str)| {
        let point = |i: usize| {
            let (slot, share) = (i / 40, (i % 40) as f64 / 40.0);
            let x = slot as f64 - 0.4 + 0.4 * (of as f64 + share);
            (x, share * share * (slot as f64 - 1.0) + 0.5 * of as f64, 0.0)
        };
        line(name, (0..120).map(point))
    };
    let lines = ["base", "control"].iter().enumerate().map(rising).collect();
    let row = row("gold", Scale::Linear, vec![panel("", lines)]);
    let mut chart = slots(chart(Scale::Linear, vec![row]), Kind::Strip, &["none", "reveal", "ground truth"]);
    (chart.by, chart.x.label) = ("variant".to_owned(), "remedy".to_owned());
    chart
}

fn profile() -> Chart {
    let falling = |name: &str, at: f64| {
        let point = |i: u32| {
            let share = 1.0 - f64::from(i) / 20.0;
            (
                if i == 0 { -1.0 } else { at + f64::from(i * i) / 150.0 - 1.0 },
                share,
                0.25 * (share - share * share).sqrt(),
            )
        };
        line(name, (0..=20).map(point))
    };
    let lines = vec![falling("base", 0.1), falling("control", 1.4), falling("mild", 0.7)];
    let label = "share of seeds with gold above";
    let mut chart = chart(Scale::Linear, vec![row(label, Scale::Linear, vec![panel("", lines)])]);
    chart.kind = Kind::Profile;
    (chart.x, chart.by) = (axis("threshold of gold", Scale::Linear), "variant".to_owned());
    chart
}
