//! What is drawn is what was measured.

use super::charts;
use crate::show::figure::{Chart, Line, Role, svg};
use crate::study::claims::{Judgement, Verdict, gather, judge};
use crate::study::config::{ClaimKind, FigureConfig, Overrides, Scale, Style};
use crate::study::plan::{Plan, Row};
use crate::study::results::Results;

const CONFIG: &str = r#"
[world.answers]
prompts = 1
answers = 64
features = { a = { gold = 1.0 }, b = { gold = -1.0 } }
[overseer]
believes = { b = 0.5 }
[optimizer.best_of_n]
n = [1, 4, 16]
[sweep]
"feedback.labels" = [30, 10]
[axes.eye]
base = false
open = { overseer.hidden = [] }
[axes.eye.shut]
overseer.hidden = ["b"]
[variants.control]
overseer.believes = {}
[[undefined]]
where = { eye = "shut", variant = "control" }
because = "what is unseen cannot be valued"
"#;

fn draw(figure: &str, verdicts: &[Verdict]) -> (Plan, Vec<Row>, Chart) {
    draw_as(figure, verdicts, |_| {})
}

fn draw_as(figure: &str, verdicts: &[Verdict], change: fn(&mut FigureConfig)) -> (Plan, Vec<Row>, Chart) {
    let text = format!("{CONFIG}[[figures]]\nname = 'f'\n{figure}");
    let options = Overrides { seeds: Some(5), ..Overrides::default() };
    let mut plan = Plan::read("test.toml", text.as_bytes(), &options).unwrap_or_else(|e| panic!("{e}"));
    change(&mut plan.experiment.figures[0]);
    plan.experiment.style = Style { width: Some(500.0), ..Style::default() };
    let rows: Vec<Row> = (0..5).flat_map(|seed| plan.seed(seed, || true).unwrap()).collect();
    let judgements: Vec<Judgement> = verdicts.iter().map(|verdict| judgement(*verdict)).collect();
    let mut charts = charts(&Results::new(&plan, &rows), &judgements);
    (plan, rows, charts.remove(0).1)
}

fn judgement(verdict: Verdict) -> Judgement {
    Judgement {
        say: String::new(),
        kind: ClaimKind::Finding,
        verdict,
        tested: String::new(),
        quantity: String::new(),
        estimate: None,
        interval: None,
        improvement: None,
        p: None,
        p_adjusted: None,
        seeds: 5,
        needs: None,
        control: None,
        why: String::new(),
    }
}

/// Gold of every seed where labels, eye, variant and pressure are so.
fn gold(plan: &Plan, rows: &[Row], labels: u32, eye: &str, variant: &str, pressure: f64) -> Vec<f64> {
    let here = rows.iter().filter(|row| {
        let cell = &plan.experiment.cells[row.cell];
        cell.setup.feedback.labels == Some(labels)
            && cell.levels[1].to_string() == eye
            && cell.variant == variant
            && row.record.pressure == pressure
    });
    here.map(|row| row.record.metrics.gold.expect("measured")).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn line<'a>(chart: &'a Chart, panel: usize, label: &str) -> &'a Line {
    let panels: Vec<_> = chart.rows.iter().flat_map(|row| &row.panels).collect();
    panels[panel].lines.iter().find(|line| line.label == label).unwrap_or_else(|| panic!("{label}"))
}

#[test]
fn lines_are_means_over_the_seeds_of_their_place() {
    let (plan, rows, chart) = draw(
        "x = 'pressure'\ny = 'gold'\nby = 'feedback.labels'\ncolumns = 'eye'\nwhere = { variant = 'base' }",
        &[Verdict::Holds, Verdict::Undecided, Verdict::Holds],
    );
    for (panel, eye) in ["open", "shut"].into_iter().enumerate() {
        for labels in [30, 10] {
            let line = line(&chart, panel, &format!("labels {labels}"));
            for (point, pressure) in line.points.iter().zip([1.0, 4.0, 16.0]) {
                let values = gold(&plan, &rows, labels, eye, "base", pressure);
                assert_eq!((point.x, values.len()), (pressure, 5));
                assert!(
                    (point.y - mean(&values)).abs() < 1e-12 && point.lo <= point.y && point.y <= point.hi
                );
            }
        }
    }
    for part in
        ["Mean over 5 seeds", "Lines: labels; columns: eye.", "At variant base.", "2 hold, 1 undecided."]
    {
        assert!(chart.caption.contains(part), "{part:?} is not in {:?}", chart.caption);
    }
    assert!(!chart.caption.contains("Left out"), "{}", chart.caption);
}

#[test]
fn what_was_left_out_is_said_and_leaves_a_gap() {
    let (plan, rows, chart) = draw(
        "kind = 'bars'\nx = 'eye'\ny = 'gold'\nby = 'variant'\nwhere = { pressure = 4, 'feedback.labels' = 'last' }",
        &[],
    );
    assert_eq!(chart.x.slots, ["open", "shut"]);
    let (base, control) = (line(&chart, 0, "base"), line(&chart, 0, "control"));
    assert_eq!((base.points.len(), control.points.len()), (2, 1));
    assert!((base.points[1].y - mean(&gold(&plan, &rows, 10, "shut", "base", 4.0))).abs() < 1e-12);
    assert!(chart.caption.contains("Left out as undefined: shut with control."), "{}", chart.caption);
    assert!(!chart.caption.contains("Claims"));
}

#[test]
fn layers_add_up_to_the_net() {
    let (.., chart) = draw(
        "kind = 'bands'\nx = 'feedback.labels'\ny = ['proxy_error', 'ignorance', 'wrong_values', 'unreached']\n\
         columns = 'eye'\nwhere = { variant = 'base', pressure = 'last' }",
        &[],
    );
    for panel in &chart.rows[0].panels {
        let net = panel.lines.iter().find(|line| line.role == Role::Total).expect("a net");
        for (slot, point) in net.points.iter().enumerate() {
            let layers = panel.lines.iter().filter(|line| line.role == Role::Measured);
            let sum: f64 = layers.filter_map(|line| line.points.get(slot)).map(|p| p.y).sum();
            assert!((sum - point.y).abs() < 1e-12 && point.lo <= point.y && point.y <= point.hi);
        }
        assert_eq!(net.points.len(), 2);
    }
    assert_eq!(chart.rows[0].y.label, "gold lost");
}

#[test]
fn every_seed_is_a_point_and_a_step() {
    let pins = "where = { eye = 'open', 'feedback.labels' = 'first', pressure = 'last' }";
    let (plan, rows, chart) =
        draw(&format!("kind = 'scatter'\nx = 'approval'\ny = 'gold'\nby = 'variant'\n{pins}"), &[]);
    let drawn: Vec<f64> = line(&chart, 0, "control").points.iter().map(|p| p.y).collect();
    let mut values = gold(&plan, &rows, 30, "open", "control", 16.0);
    assert_eq!(drawn, values);
    let (.., chart) = draw(&format!("kind = 'profile'\ny = 'gold'\nby = 'variant'\n{pins}"), &[]);
    values.sort_by(f64::total_cmp);
    for (i, value) in values.iter().enumerate() {
        let step = line(&chart, 0, "control").points.iter().find(|p| p.x == *value).expect("a step");
        assert!((step.y - (4 - i) as f64 / 5.0).abs() < 1e-12);
    }
}

#[test]
fn theory_is_one_line_where_it_says_the_same_of_all_series() {
    let overlays = |chart: &Chart| -> Vec<(usize, Option<usize>)> {
        let lines = chart.rows[0].panels[0].lines.iter();
        let theory = lines.filter_map(|line| match line.role {
            Role::Theory { overlay, of } => Some((overlay, of)),
            _ => None,
        });
        theory.collect()
    };
    let figure = |by: &str, pins: &str| {
        format!(
            "x = 'pressure'\ny = 'gold'\nby = '{by}'\ntheory = ['optimum', 'believed']\nwhere = {{ {pins} }}"
        )
    };
    // Labels change neither; whether the eye is open changes what is believed.
    let (.., chart) = draw(&figure("feedback.labels", "variant = 'base', eye = 'open'"), &[]);
    assert_eq!(overlays(&chart), [(0, None), (1, None)]);
    let (.., chart) = draw(&figure("eye", "variant = 'base', 'feedback.labels' = 'last'"), &[]);
    assert_eq!(overlays(&chart), [(0, None), (1, Some(0)), (1, Some(1))]);
    assert!(chart.caption.contains("theory, not measured"));
}

#[test]
fn theory_is_drawn_between_the_levels_where_it_can_be_had_there() {
    let theory = |figure: &str| -> Vec<Line> {
        let (.., chart) = draw(&format!("{figure}\nwhere = {{ {} }}", "variant = 'base', eye = 'open'"), &[]);
        let lines = chart.rows[0].panels[0].lines.iter();
        lines.filter(|line| matches!(line.role, Role::Theory { .. })).cloned().collect()
    };
    let closed = theory("x = 'pressure'\ny = 'gold'\nby = 'feedback.labels'\ntheory = 'normal'");
    let xs: Vec<f64> = closed[0].points.iter().map(|p| p.x).collect();
    assert!([1.0, 2.0, 3.0, 4.0, 8.0, 16.0].iter().all(|x| xs.contains(x)), "{xs:?}");
    assert!(xs.windows(2).all(|pair| pair[0] < pair[1]) && xs.iter().all(|x| x.fract() == 0.0));
    // In the same draws it is known at the levels alone, and not joined where it could turn over between.
    let pins = "x = 'feedback.labels'\ny = 'gold'\nby = 'pressure'\ntheory = 'believed'";
    for line in theory(pins) {
        assert!(line.points.windows(2).all(|pair| pair[0].y.is_nan() || pair[1].y.is_nan()));
        assert_eq!(line.points.iter().filter(|p| p.y.is_finite()).count(), 2);
    }
}

#[test]
fn what_claims_name_is_marked_where_they_say_it() {
    let claims = "\n[[claims]]\nsay = 'a'\nmetric = 'gold'\nkind = 'identity'\n\
        where = { eye = 'open', variant = 'base', pressure = 'last', 'feedback.labels' = 30 }\ngreater = { than = 0.5 }\n\
        [[claims]]\nsay = 'b'\nmetric = 'approval'\nkind = 'identity'\n\
        where = { eye = 'open', variant = 'base', 'feedback.labels' = 10 }\n\
        crossing = { along = 'pressure', at = 0.3 }\nequals = { value = 4, within = 13 }";
    let (.., chart) = draw(
        &format!(
            "x = 'pressure'\ny = 'gold'\nby = 'feedback.labels'\ncolumns = 'eye'\nwhere = {{ variant = 'base' }}{claims}"
        ),
        &[],
    );
    let panels: Vec<_> = chart.rows[0].panels.iter().map(|panel| panel.thresholds.clone()).collect();
    assert_eq!(panels, [vec![(0.5, false), (4.0, true)], vec![]]);
    assert!(chart.caption.contains("Thin dotted lines: values that claims name."), "{}", chart.caption);
}

#[test]
fn a_strip_shows_every_seed_from_the_least_to_the_greatest() {
    let (plan, rows, chart) = draw(
        "kind = 'strip'\nx = 'variant'\ny = 'gold'\nby = 'eye'\nwhere = { pressure = 'last', 'feedback.labels' = 'last' }",
        &[],
    );
    let mut values = gold(&plan, &rows, 10, "open", "control", 16.0);
    values.sort_by(f64::total_cmp);
    let points: Vec<_> = line(&chart, 0, "open").points.iter().filter(|p| p.x > 0.5).collect();
    assert_eq!(points.iter().map(|p| p.y).collect::<Vec<_>>(), values);
    assert!(points.windows(2).all(|pair| pair[0].x < pair[1].x) && points.iter().all(|p| p.x < 1.0));
}

const BY_LABELS: &str = "x = 'pressure'\ny = ['gold', 'approval']\nby = 'feedback.labels'\n\
    where = { variant = 'base', eye = 'open' }";

#[test]
fn metrics_share_a_panel_where_that_is_asked_for() {
    let (plan, rows, chart) = draw_as(BY_LABELS, &[], |figure| figure.together = true);
    assert_eq!((chart.rows.len(), chart.rows[0].y.label.as_str()), (1, "gold, approval"));
    let names: Vec<&str> = chart.rows[0].panels[0].lines.iter().map(|line| line.label.as_str()).collect();
    assert_eq!(names, ["gold, labels 30", "gold, labels 10", "approval, labels 30", "approval, labels 10"]);
    let point = line(&chart, 0, "gold, labels 10").points[2];
    assert!((point.y - mean(&gold(&plan, &rows, 10, "open", "base", 16.0))).abs() < 1e-12);
    assert_eq!(draw(BY_LABELS, &[]).2.rows.len(), 2);
}

#[test]
fn names_are_the_users_where_labels_are_given() {
    let (.., chart) = draw_as(BY_LABELS, &[], |figure| {
        let labels = [
            ("gold", "wahrer Wert"),
            ("feedback.labels", "Urteile"),
            ("30", "dreißig"),
            ("pressure", "Druck"),
        ];
        figure.labels = labels.map(|(name, label)| (name.to_owned(), label.to_owned())).into_iter().collect();
    });
    assert_eq!((chart.rows[0].y.label.as_str(), chart.rows[1].y.label.as_str()), ("wahrer Wert", "approval"));
    assert_eq!((chart.x.label.as_str(), chart.by.as_str()), ("Druck", "Urteile"));
    assert_eq!(line(&chart, 0, "Urteile dreißig").points.len(), 3);
    assert!(chart.caption.contains("Lines: Urteile."), "{}", chart.caption);
    assert!(svg(&chart).contains("data-name=\"Urteile dreißig\"") && svg(&chart).contains("width=\"500\""));
}

#[test]
fn what_has_no_logarithm_is_left_out_and_said() {
    let (.., chart) = draw_as(BY_LABELS, &[], |figure| {
        (figure.scale.x, figure.scale.y) = (Some(Scale::Linear), Some(Scale::Log));
    });
    assert_eq!((chart.x.scale, chart.rows[0].y.scale), (Scale::Linear, Scale::Log));
    let points = chart.rows.iter().flat_map(|row| &row.panels[0].lines).flat_map(|line| &line.points);
    let below = points.filter(|p| p.y <= 0.0).count();
    assert_eq!(chart.caption.contains(&format!("Left out: {below} value")), below > 0, "{}", chart.caption);
}

#[test]
fn a_share_is_that_of_a_claim_and_is_named_once() {
    let share =
        "share = { from = { pressure = 1 }, to = { variant = 'control', eye = 'open', pressure = 16 } }";
    let claim = "[[claims]]\nsay = 's'\nkind = 'identity'\nmetric = 'gold'\ngreater = { than = 0 }\n\
                 where = { variant = 'base', eye = 'shut', 'feedback.labels' = 30, pressure = 4 }";
    let (plan, rows, chart) = draw(
        &format!(
            "x = 'feedback.labels'\ny = ['gold', 'approval']\ntogether = true\n\
             where = {{ variant = 'base', eye = 'shut', pressure = 4 }}\n{share}\n{claim}\n{share}"
        ),
        &[],
    );
    let judged = &judge(&plan, &gather(&Results::new(&plan, &rows)))[0];
    let share = line(&chart, 0, "gold").points[0];
    assert_eq!((judged.estimate, judged.interval), (Some(share.y), Some([share.lo, share.hi])));
    assert!(share.x == 30.0 && share.lo < share.y && share.y < share.hi, "{share:?}");
    assert_eq!(chart.rows[0].y.label, "gold, approval, share of the way");
    assert!(chart.caption.contains("95 % Fieller interval"), "{}", chart.caption);
}
