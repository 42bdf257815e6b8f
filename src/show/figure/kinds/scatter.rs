//! One open mark per seed, pale enough for a crowd.

use super::*;

pub(super) const FORM: Form =
    Form { points, draw, sign, shown: "One mark per seed; {seeds}.", series: "Marks", ..PLAIN };

fn sign(page: &mut Page, line: &Line, tools: &Tools<'_>, (x, y): Spot) -> Done {
    let (look, middle) = (tools.look(line), (x + SWATCH / 2.0, y));
    page.group(("sign", "", Pen::Plain), |area| {
        area.mark(middle, look.mark, tools.theme.mark, pale(look.colour))
    })
}

fn draw(page: &mut Page, frame: &Frame<'_>) -> Done {
    let Frame { panel, tools, .. } = frame;
    panel.lines.iter().try_for_each(|line| {
        let look = tools.look(line);
        frame.draw(page, ("series", &line.label, Pen::Plain), |plot| {
            let mut spots = line.points.iter().filter_map(|p| frame.spot(p));
            spots.try_for_each(|at| plot.mark(at, look.mark, tools.theme.mark, pale(look.colour)))
        })
    })
}

/// One point per seed.
fn points(view: &View<'_>, panel: At, by: usize, metric: &str) -> Vec<Point> {
    let point = |(x, y): (Option<f64>, Option<f64>)| {
        let (x, y) = (x?, y?);
        Some(Point::exact(x, y))
    };
    let values = |place: usize| view.xs(place).into_iter().zip(view.values(place, metric));
    view.series(panel, by).flat_map(|spot| values(spot.place)).filter_map(point).collect()
}
