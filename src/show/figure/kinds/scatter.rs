//! One open mark per seed, pale enough for a crowd.

use super::*;

pub(super) const FORM: Form = Form {
    points,
    draw,
    sign: |page, line, tools, (x, y)| {
        let group = ("sign", "", Pen::Plain);
        page.group(group, |area| sign(area, (x + SWATCH / 2.0, y), line, tools))
    },
    shown: "One mark per seed; {seeds}.",
    series: "Marks",
    ..PLAIN
};

fn draw(page: &mut Page, frame: &Frame<'_>) -> Done {
    frame.panel.lines.iter().try_for_each(|line| {
        frame.draw(page, ("series", &line.label, Pen::Plain), |plot| {
            let mut spots = line.points.iter().filter_map(|p| frame.spot(p));
            spots.try_for_each(|at| sign(plot, at, line, frame.tools))
        })
    })
}

fn sign<C: CoordTranslate<From = Spot>>(
    area: &Canvas<'_, C>,
    at: Spot,
    line: &Line,
    tools: &Tools<'_>,
) -> Done {
    let look = tools.look(line);
    area.mark(at, look.mark, tools.theme.mark, pale(look.colour))
}

/// One point per seed.
fn points(view: &View<'_>, panel: At, by: usize, metric: &str) -> Vec<Point> {
    let x = view.figure.x.as_deref().unwrap_or_default();
    let xs = |place: usize| match (x, view.number(place, x)) {
        (_, Some(level)) => vec![Some(level); view.seeds()],
        ("sqrt_kl", _) => {
            view.values(place, "kl").into_iter().map(|x| x.map(|x| x.max(0.0).sqrt())).collect()
        }
        (x, _) => view.values(place, x),
    };
    let point = |(x, y): (Option<f64>, Option<f64>)| {
        let (x, y) = (x?, y?);
        Some(Point { x, y, lo: y, hi: y })
    };
    let values = |place: usize| xs(place).into_iter().zip(view.values(place, metric));
    view.series(panel, by).flat_map(|spot| values(spot.place)).filter_map(point).collect()
}
