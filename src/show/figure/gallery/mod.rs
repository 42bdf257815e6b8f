//! Charts of every shape, on which the laws of the layout are tested.

mod kinds;

use super::{Axis, Chart, Line, Panel, Point, Role, Row};
use crate::study::config::{FigureKind as Kind, Scale, Style};

/// A name and a chart: four of lines that a paper might print, then the degenerate, then the
/// other kinds.
pub(crate) fn all() -> Vec<(String, Chart)> {
    let lines = lines().into_iter().map(|(name, chart)| (name.to_owned(), chart));
    lines.chain(kinds::all()).collect()
}

fn lines() -> Vec<(&'static str, Chart)> {
    vec![
        ("labels", labels()),
        ("grid", grid()),
        ("crowd", crowd()),
        ("pressure", pressure()),
        ("converging", converging()),
        ("many", many()),
        ("nothing", chart(Scale::Linear, vec![])),
        ("blank", blank()),
        ("single", single()),
        ("flat", flat()),
        ("huge", huge()),
        ("negative_on_log", negative_on_log()),
        ("long_words", long_words()),
        ("ragged", ragged()),
        ("one_decade", one_decade()),
        ("close", close()),
        ("alphabet", alphabet()),
        ("coinciding", coinciding()),
        ("theory", theory()),
        ("together", together()),
        ("wrapped", wrapped()),
        ("flowing", flowing()),
        ("thousand", thousand()),
        ("unicode", unicode()),
        ("styled", styled()),
        ("narrow", Chart { style: Style { width: Some(400.0), ..Style::default() }, ..grid() }),
    ]
}

fn axis(label: &str, scale: Scale) -> Axis {
    Axis { label: label.to_owned(), scale, limit: None, slots: Vec::new() }
}

fn chart(scale: Scale, rows: Vec<Row>) -> Chart {
    Chart {
        title: "What no amount of labels can reveal".to_owned(),
        caption: "Mean over 64 seeds; bands are 95 % bootstrap intervals over seeds. The reference policy π₀ stands at zero. Every learner sees the same comparisons; KL(π‖π₀) ≤ 2 nats."
            .to_owned(),
        kind: Kind::Lines,
        x: axis("comparisons given by the overseer", scale),
        by: String::new(),
        metrics: 1,
        rows,
        style: Style::default(),
    }
}

fn row(label: &str, scale: Scale, panels: Vec<Panel>) -> Row {
    Row { y: axis(label, scale), reference: None, panels }
}

fn panel(title: &str, lines: Vec<Line>) -> Panel {
    Panel { title: title.to_owned(), thresholds: Vec::new(), lines }
}

fn line(label: &str, points: impl IntoIterator<Item = (f64, f64, f64)>) -> Line {
    let point = |(x, y, half)| Point { x, y, lo: y - half, hi: y + half };
    Line { label: label.to_owned(), role: Role::Measured, points: points.into_iter().map(point).collect() }
}

/// Rises from nothing to `top`; half is reached at `half`.
fn saturating(label: &str, top: f64, half: f64) -> Line {
    let point = |power: u32| {
        let x = f64::from(1_u32 << power);
        (x, top * x / (x + half), 0.12 / (1.0 + 0.3 * f64::from(power)))
    };
    line(label, (0..=12).map(point))
}

fn labels() -> Chart {
    let lines = vec![
        saturating("ground truth", 0.98, 20.0),
        saturating("debate", 0.84, 30.0),
        saturating("random reveals", 0.6, 10.0),
        saturating("unaided overseer", 0.35, 6.0),
    ];
    let mut row = row("share of reachable gold", Scale::Linear, vec![panel("", lines)]);
    row.reference = Some((0.0, "reference policy".to_owned()));
    chart(Scale::Log, vec![row])
}

fn grid() -> Chart {
    let panels = |scale: f64| {
        ["ignorance", "wrong values", "proxy error"].map(|title| {
            let shift = title.len() as f64 / 10.0;
            let names = [("more labels", 0.3), ("reveal", 0.7), ("audit", 1.1)];
            let lines = names.map(|(name, top)| saturating(name, scale * top * shift, 12.0));
            panel(title, lines.to_vec())
        })
    };
    let mut gold = row("gold return", Scale::Linear, panels(1.0).to_vec());
    gold.reference = Some((0.5, "π₀".to_owned()));
    let mut approval = row("approval, in units of the overseer", Scale::Linear, panels(-15_000.0).to_vec());
    approval.reference = Some((-20_000.0, "chance".to_owned()));
    chart(Scale::Log, vec![gold, approval])
}

fn crowd() -> Chart {
    let names = [
        "best of n, proxy fitted on 1,000 comparisons",
        "soft value iteration at equal divergence",
        "policy gradient with early stopping",
        "direct preference optimisation",
        "identity preference optimisation",
        "quantilizer at the top decile",
        "imitation of the expert demonstrations",
        "planner of depth four with a pessimistic bound",
    ];
    let rise = |(index, name): (usize, &&str)| saturating(name, 0.2 + 0.1 * index as f64, 9.0);
    let lines: Vec<Line> = names.iter().enumerate().map(rise).collect();
    let mut row = row("gold return", Scale::Linear, vec![panel("all optimisers", lines)]);
    row.reference = Some((0.1, "uniform choice among the candidates".to_owned()));
    chart(Scale::Log, vec![row])
}

fn pressure() -> Chart {
    let hump = |label: &str, fall: f64| {
        let point = |i: i32| {
            let root = 0.25 * f64::from(i);
            (root * root, root * (1.3 - fall * root), 0.02 + 0.03 * root)
        };
        line(label, (0..=16).map(point))
    };
    let left = panel("normal style", vec![hump("proxy", 0.0), hump("gold", 0.08)]);
    let right = panel("heavy-tailed style", vec![hump("proxy", 0.0), hump("gold", 0.3)]);
    let mut chart = chart(Scale::Linear, vec![row("return", Scale::Linear, vec![left, right])]);
    chart.x.label = "KL(π‖π₀), nats".to_owned();
    chart
}

fn converging() -> Chart {
    let lines = ["a", "b", "c", "d"].map(|name| saturating(name, 1.0, 3.0)).to_vec();
    chart(Scale::Log, vec![row("gold", Scale::Linear, vec![panel("", lines)])])
}

fn many() -> Chart {
    let lines = (0..30).map(|i| saturating(&format!("series {i}"), f64::from(i), 5.0)).collect();
    chart(Scale::Log, vec![row("gold", Scale::Linear, vec![panel("", lines)])])
}

fn blank() -> Chart {
    let nan = line("never measured", [(1.0, f64::NAN, 0.0), (f64::INFINITY, 1.0, 0.0)]);
    chart(Scale::Log, vec![row("gold", Scale::Linear, vec![panel("", vec![]), panel("lost", vec![nan])])])
}

fn single() -> Chart {
    let one = line("one point", [(1.0, 0.7, 0.2)]);
    let gap = line("a gap", [(1.0, 0.5, 0.1), (2.0, f64::NAN, 0.1), (3.0, 0.4, f64::INFINITY)]);
    let rows = vec![row("gold", Scale::Linear, vec![panel("alone", vec![one]), panel("", vec![gap])])];
    chart(Scale::Linear, rows)
}

fn flat() -> Chart {
    let level = |y: f64| line("level", [(1.0, y, 0.0), (10.0, y, 0.0), (1000.0, y, 0.0)]);
    let one = |y: f64, scale| row("gold", scale, vec![panel("", vec![level(y)])]);
    let rows = vec![one(0.0, Scale::Linear), one(0.7, Scale::Linear), one(3.0, Scale::Log)];
    chart(Scale::Log, rows)
}

fn huge() -> Chart {
    let wide = line("wide", [(1e-290, 1e-200, 0.0), (1.0, 1.0, 0.0), (1e299, 1e250, 0.0)]);
    let rows = [Scale::Linear, Scale::Log]
        .map(|scale| row("gold", scale, vec![panel("", vec![wide.clone()]), panel("", vec![])]));
    chart(Scale::Log, rows.to_vec())
}

fn negative_on_log() -> Chart {
    let points =
        [(-3.0, 1.0, 0.5), (0.0, 1.0, 0.5), (3.0, 20.0, 30.0), (70.0, -2.0, 0.1), (900.0, 300.0, 100.0)];
    let lines = vec![line("crosses zero", points), line("below", [(5.0, -1.0, 0.0)])];
    chart(Scale::Log, vec![row("loss", Scale::Log, vec![panel("", lines)])])
}

fn long_words() -> Chart {
    let long = "the very long description of a thing that nobody would ever print ".repeat(4);
    let endless = "x".repeat(300);
    let lines = vec![saturating(&long, 1.0, 3.0), saturating(&endless, 0.5, 3.0)];
    let panels = (0..4).map(|_| panel(&long, lines.clone())).collect();
    let mut row = row(&long, Scale::Linear, panels);
    row.reference = Some((0.4, endless.clone()));
    let mut chart = chart(Scale::Log, vec![row]);
    (chart.title, chart.x.label) = (long.clone(), endless);
    chart.caption = long.repeat(3);
    chart
}

fn ragged() -> Chart {
    let one = |name: &str| panel(name, vec![saturating("debate", 2e6, 3.0), saturating("direct", 1e6, 3.0)]);
    let rows = vec![
        row("cost", Scale::Linear, vec![one("first"), one("second"), one("third")]),
        row("cost", Scale::Log, vec![one("fourth"), one("fifth")]),
    ];
    chart(Scale::Linear, rows)
}

fn one_decade() -> Chart {
    let points = [(30.0, 0.31, 0.05), (50.0, 0.52, 0.05), (80.0, 0.93, 0.05)];
    chart(Scale::Log, vec![row("ratio", Scale::Log, vec![panel("", vec![line("only", points)])])])
}

fn close() -> Chart {
    let points = (0..50).map(|i| (f64::from(i), 100_000.0 + 1e-3 * f64::from(i % 7), 1e-3));
    chart(
        Scale::Linear,
        vec![row("nearly constant", Scale::Linear, vec![panel("", vec![line("noise", points)])])],
    )
}

fn alphabet() -> Chart {
    let row_of_six = |_| row("gold", Scale::Linear, vec![panel("world", vec![saturating("", 1.0, 3.0)]); 6]);
    chart(Scale::Log, (0..5).map(row_of_six).collect())
}

/// Three lines on each other, one of them apart at the end.
fn coinciding() -> Chart {
    let mut apart = saturating("gamed", 1.0, 3.0);
    apart.points.truncate(9);
    apart.points.extend((9..=12).map(|p| Point { x: f64::from(1 << p), y: 0.6, lo: 0.5, hi: 0.7 }));
    let named = |label: &str| Line { label: label.to_owned(), ..saturating("", 1.0, 3.0) };
    let lines = vec![named("none"), named("ignorant"), named("wrong"), apart];
    chart(
        Scale::Log,
        vec![row("gold", Scale::Linear, vec![panel("left", lines.clone()), panel("right", lines)])],
    )
}

/// One overlay for all series, and one that differs between them.
fn theory() -> Chart {
    let theory = |label: &str, top: f64, overlay: usize, of: Option<usize>| Line {
        role: Role::Theory { overlay, of },
        ..saturating(label, top, 5.0)
    };
    let lines = vec![
        saturating("labels 30", 0.5, 20.0),
        saturating("labels 300", 0.8, 15.0),
        theory("selection on gold", 1.2, 0, None),
        theory("closed form, S", 0.55, 2, Some(0)),
        theory("closed form, S", 0.85, 2, Some(1)),
    ];
    let mut chart = chart(Scale::Log, vec![row("gold", Scale::Linear, vec![panel("", lines)])]);
    chart.by = "labels".to_owned();
    chart
}

/// Two metrics in one panel, with values that claims name and theory at levels alone.
fn together() -> Chart {
    let of = |metric: &str, top: f64| {
        ["30", "300"].map(|n| saturating(&format!("{metric}, labels {n}"), top * n.len() as f64, 20.0))
    };
    let apart = |p: Point| [p, Point { y: f64::NAN, ..p }];
    let theory = Line {
        role: Role::Theory { overlay: 0, of: None },
        points: saturating("", 2.5, 5.0).points.into_iter().flat_map(apart).collect(),
        ..saturating("selection on S", 0.0, 1.0)
    };
    let lines = [&of("gold", 0.4)[..], &of("approval", 0.9), &[theory]].concat();
    let panel = Panel { thresholds: vec![(1.5, false), (100.0, true)], ..panel("", lines) };
    let mut chart = chart(Scale::Log, vec![row("gold, approval", Scale::Linear, vec![panel])]);
    (chart.by, chart.metrics) = ("labels".to_owned(), 2);
    chart
}

/// More panels than a page is wide.
fn wrapped() -> Chart {
    let of = |name: &str, level: usize| saturating(name, 0.1 * level as f64, 9.0);
    let one = |level: usize| panel(&format!("labels {level}"), vec![of("debate", level), of("direct", 3)]);
    let panels: Vec<Panel> = (1..=7).map(one).collect();
    let rows = ["gold", "approval"].map(|metric| Row {
        reference: Some((0.2, "reference policy".to_owned())),
        ..row(metric, Scale::Linear, panels.clone())
    });
    chart(Scale::Log, rows.to_vec())
}

/// Many rows of one panel.
fn flowing() -> Chart {
    let one = |i: usize| panel(&format!("labels {i}"), vec![saturating("", 0.02 * i as f64, 9.0)]);
    chart(Scale::Log, (1..=66).map(|i| row("gold", Scale::Linear, vec![one(i)])).collect())
}

/// More series than can be named.
fn thousand() -> Chart {
    let lines = (0..1200).map(|i| line(&format!("rationality {i}"), [(1.0, f64::from(i), 1.0)])).collect();
    chart(Scale::Linear, vec![row("gold", Scale::Linear, vec![panel("", lines)])])
}

/// Scripts that the embedded font lacks.
fn unicode() -> Chart {
    let lines = vec![
        saturating("奖励模型", 1.0, 9.0),
        saturating("модель награды", 0.7, 9.0),
        saturating("θεωρία", 0.3, 9.0),
    ];
    let panels = ["报酬模型 🤖 的训练结果".repeat(3), "نموذج المكافأة".to_owned()]
        .map(|title| panel(&title, lines.clone()));
    let mut chart = chart(Scale::Log, vec![row("подкрепление 報酬", Scale::Linear, panels.to_vec())]);
    (chart.title, chart.by) = ("报酬模型 θεωρία 🤖 x̂".to_owned(), "эпоха".to_owned());
    chart
}

fn styled() -> Chart {
    let colours = ["#7b2d8b", "#c9b400"].map(str::to_owned).to_vec();
    let (width, height) = (Some(900.0), Some(240.0));
    let style = Style { colours, size: Some(1.8), font_size: Some(16.0), width, height };
    Chart { style, ..grid() }
}
