//! Bars from 0: with whiskers, side by side in the slot of their level, or stacked, with a mark at
//! their sum.

use super::texture::textured;
use super::*;
use crate::numerics::stats::Summariser;
use crate::show::figure::side::layers;

pub(super) const BARS: Form = Form {
    draw: |page, frame| draw(page, frame, false),
    sign,
    width: |slots, series| slots * (7.0 * series + 8.0),
    shown: "{mean}; whiskers: {interval}.",
    series: "Bars",
    ..PLAIN
};

pub(super) const BANDS: Form = Form {
    over: |view, metrics, panel| vec![net(view, metrics, panel)],
    draw: |page, frame| draw(page, frame, true),
    sign,
    width: |slots, _| 16.0 * slots,
    shown: "{mean}; diamonds: net, with the {interval}.",
    ..PLAIN
};

fn sign(page: &mut Page, line: &Line, tools: &Tools<'_>, (x, y): Spot) -> Done {
    let corners = [(x + 2.0, y - 5.5), (x + SWATCH - 2.0, y + 5.5)];
    page.group(("sign", "", Pen::Plain), |area| textured(area, corners, tools.brush(line)))
}

fn draw(page: &mut Page, frame: &Frame<'_>, stacked: bool) -> Done {
    let Frame { panel, tools, .. } = frame;
    let (slot, theme) = (frame.x.slot(frame.width), &tools.theme);
    let count = if stacked { 1.0 } else { panel.lines.len().max(1) as f64 };
    let each = (0.8 / count).min(40.0 / slot);
    let half = 0.5 * each - if each * slot > 5.0 { 0.5 / slot } else { 0.0 };
    let layers = layers(panel, stacked);
    for (i, line) in panel.lines.iter().enumerate() {
        let offset = if stacked { 0.0 } else { (i as f64 - (count - 1.0) / 2.0) * each };
        frame.draw(page, ("series", &line.label, Pen::Plain), |plot| {
            for layer in layers.iter().filter(|layer| layer.line == i) {
                let middle = layer.point.x + offset;
                let ends = [(middle - half, layer.from), (middle + half, layer.to)];
                if layer.from != layer.to || !stacked {
                    let pixels = |unit: i32| f64::from(unit) / UNIT;
                    let [(a, b), (c, d)] = ends.map(|end| plot.0.map_coordinate(&end));
                    let corners = [(a.min(c), b.min(d)), (a.max(c), b.max(d))];
                    let corners = corners.map(|(x, y)| (pixels(x), pixels(y)));
                    textured(&plot.with(Pixels), corners, tools.brush(line))?;
                }
                if !stacked {
                    whisker(plot, (middle, &layer.point), (0.5 * half).min(3.0 / slot))?;
                }
            }
            Ok(())
        })?;
    }
    frame.rule(page, ("zero", "", Pen::Plain), (0.0, false), stroke(theme::SOFT, 1.0))?;
    let mut totals = panel.lines.iter().filter(|line| line.role == Role::Total);
    totals.try_for_each(|line| {
        frame.draw(page, ("total", &line.label, theme::TOTAL), |plot| {
            line.points.iter().filter(|p| frame.spot(p).is_some()).try_for_each(|p| {
                whisker(plot, (p.x, p), 2.5 / slot)?;
                plot.mark((p.x, p.y), Mark::Diamond, 1.17 * theme.mark, fill(WHITE, 1.0))
            })
        })
    })
}

/// A line from end to end of an interval with caps, dark over a white halo.
fn whisker(plot: &Plot<'_>, (x, point): (f64, &Point), cap: f64) -> Done {
    let (low, high) = (point.low(), point.high());
    let ends = [(x, low), (x, high)];
    for style in [stroke(WHITE, 2.6), stroke(theme::INK, 1.0)].into_iter().filter(|_| plot.goes(&ends)) {
        plot.line(ends, style)?;
        [low, high].iter().try_for_each(|y| plot.line([(x - cap, *y), (x + cap, *y)], style))?;
    }
    Ok(())
}

/// The sums of layers, seed by seed.
fn net(view: &View<'_>, metrics: &[String], panel: At) -> Line {
    let mut summariser = Summariser::default();
    let points = view.series(panel, 0).filter_map(|spot| {
        // A metric that nobody measured here is no part of the sum; one that some seeds lack
        // takes these seeds out.
        let layers = metrics.iter().map(|metric| view.values(spot.place, metric));
        let layers: Vec<_> = layers.filter(|layer| layer.iter().any(Option::is_some)).collect();
        let of_seed = |seed: usize| layers.iter().map(|layer| layer[seed]).sum::<Option<f64>>();
        let sums: Vec<f64> = (0..view.seeds()).filter(|_| !layers.is_empty()).filter_map(of_seed).collect();
        let (y, lo, hi) = view.shown(&summariser.summarise(&sums)?);
        Some(Point { x: spot.slot as f64, y, lo, hi })
    });
    Line { label: "net".to_owned(), role: Role::Total, points: points.collect() }
}
