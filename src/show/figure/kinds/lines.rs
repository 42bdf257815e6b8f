//! Lines with interval bands and marks, over what theory says; as steps, performance profiles.
//!
//! A line that lies under a later one is drawn wider and paler, with rings for
//! marks, so that both are seen.

use super::*;
use crate::show::figure::coincide;

/// Marks of one line stand at least this far apart.
const SPACING: f64 = 9.0;

/// Half of the dash that stands for theory at one place.
const DASH: f64 = 6.0;

pub(super) const FORM: Form = Form {
    draw: |page, frame| draw(page, frame, false),
    names_at_ends: true,
    shown: "{mean}; bands: {interval}.",
    series: "Lines",
    words: coincide::note,
    ..PLAIN
};

/// A line and its mark.
pub(super) fn sign(page: &mut Page, line: &Line, tools: &Tools<'_>, (x, y): Spot) -> Done {
    let (theme, look) = (&tools.theme, tools.look(line));
    let (ends, middle) = ([(x, y), (x + SWATCH, y)], (x + SWATCH / 2.0, y));
    page.group(("sign", "", look.pen), |area| area.line(ends, stroke(look.colour, theme.line)))?;
    page.group(("sign", "", theme::RIM), |area| {
        area.mark(middle, look.mark, theme.mark, fill(look.colour, 1.0))
    })
}

/// A series, how it looks, and how many later ones lie over it.
struct Drawn<'a> {
    line: &'a Line,
    runs: Vec<Vec<Point>>,
    look: Look,
    under: usize,
}

pub(super) fn draw(page: &mut Page, frame: &Frame<'_>, steps: bool) -> Done {
    let Frame { panel, tools, .. } = frame;
    let over = coincide::over(&panel.lines, &frame.y.span);
    let measured = panel.lines.iter().zip(over).filter(|(line, _)| line.role == Role::Measured);
    let drawn = |(line, over): (_, coincide::Over)| {
        let under = if steps { 0 } else { over.depth.min(3) };
        Drawn { line, runs: runs(frame, line, steps), look: tools.look(line), under }
    };
    let drawn: Vec<Drawn<'_>> = measured.map(drawn).collect();
    drawn.iter().try_for_each(|series| bands(page, frame, series))?;
    panel.lines.iter().try_for_each(|line| theory(page, frame, line))?;
    panel.lines.iter().try_for_each(|line| of_a_seed(page, frame, line))?;
    drawn.iter().try_for_each(|series| strokes(page, frame, series))?;
    for Drawn { line, look, .. } in drawn.iter().filter(|series| series.under == 0) {
        frame.draw(page, ("marks", &line.label, theme::RIM), |plot| {
            let mark = |at| plot.mark(at, look.mark, tools.theme.mark, fill(look.colour, 1.0));
            marked(frame, line, steps).into_iter().try_for_each(mark)
        })?;
    }
    Ok(())
}

/// The points that can be drawn in pieces without gaps, with the corners of steps.
fn runs(frame: &Frame<'_>, line: &Line, steps: bool) -> Vec<Vec<Point>> {
    let corner = |from: Point, to: Point| steps.then_some(Point { x: to.x, ..from });
    let run = |gapless: &[Point]| {
        let rest = gapless.windows(2).flat_map(|pair| [corner(pair[0], pair[1]), Some(pair[1])]);
        gapless.first().copied().into_iter().chain(rest.flatten()).collect()
    };
    line.points.split(|p| frame.spot(p).is_none()).filter(|run| !run.is_empty()).map(run).collect()
}

/// The intervals: translucent areas, or a bar where a point stands alone.
fn bands(page: &mut Page, frame: &Frame<'_>, Drawn { line, runs, look, .. }: &Drawn<'_>) -> Done {
    frame.draw(page, ("interval", &line.label, Pen::Plain), |plot| {
        for run in runs.iter().filter(|run| run.iter().any(|p| p.low() < p.high())) {
            if let [p] = run[..] {
                plot.line([(p.x, p.low()), (p.x, p.high())], stroke(look.colour, 1.0))?;
                continue;
            }
            let above = run.iter().map(|p| (p.x, p.high()));
            let below = run.iter().rev().map(|p| (p.x, p.low()));
            let band: Vec<Spot> = above.chain(below).collect();
            plot.area(band, fill(look.colour, theme::BAND))?;
        }
        Ok(())
    })
}

/// A line; around what lies over it, rings.
fn strokes(page: &mut Page, frame: &Frame<'_>, series: &Drawn<'_>) -> Done {
    let Drawn { line, runs, look, under } = series;
    let (wider, theme) = (2.8 * *under as f64, &frame.tools.theme);
    frame.draw(page, ("series", &line.label, look.pen), |plot| {
        let colour = if *under > 0 { look.colour.mix(WHITE, 0.4) } else { look.colour };
        runs.iter().try_for_each(|run| plot.line(spots(run), stroke(colour, theme.line + wider)))
    })?;
    frame.draw(page, ("rings", &line.label, Pen::Rimmed(look.colour, 1.2)), |plot| {
        let ring = |at| plot.mark(at, Mark::Circle, theme.mark + 0.75 * wider, fill(WHITE, 1.0));
        marked(frame, line, false).into_iter().filter(|_| *under > 0).try_for_each(ring)
    })
}

fn spots(run: &[Point]) -> Vec<Spot> {
    run.iter().map(|p| (p.x, p.y)).collect()
}

/// The curve of one seed, thin.
fn of_a_seed(page: &mut Page, frame: &Frame<'_>, line: &Line) -> Done {
    let Role::Seed { of } = line.role else { return Ok(()) };
    let (series, tools) = (&frame.panel.lines[of], frame.tools);
    let style = stroke(tools.look(series).colour.mix(WHITE, 0.35), 0.35 * tools.theme.line);
    frame.draw(page, ("seed", &series.label, Pen::Plain), |plot| {
        runs(frame, line, false).into_iter().try_for_each(|run| plot.line(spots(&run), style))
    })
}

/// What theory says: wide and pale below what was measured, so that both show where they agree; what is known
/// of one place alone, a dash there.
fn theory(page: &mut Page, frame: &Frame<'_>, line: &Line) -> Done {
    let Frame { panel, tools, .. } = frame;
    let Role::Theory { overlay, of } = line.role else { return Ok(()) };
    let colour = of.and_then(|of| panel.lines.get(of)).map(|of| tools.look(of).colour);
    let (colour, width, pen) = tools.theme.theory(colour, overlay);
    let style = stroke(colour, width);
    frame.draw(page, ("theory", &line.label, pen), |plot| {
        runs(frame, line, false).into_iter().try_for_each(|run| match run[..] {
            [p] => {
                let x = frame.left + frame.x.span.clamped(p.x) * frame.width;
                let y = frame.bottom() - frame.y.span.clamped(p.y) * frame.height;
                plot.with(Pixels).line([(x - DASH, y), (x + DASH, y)], style)
            }
            _ => plot.line(spots(&run), style),
        })
    })
}

/// Where marks stand: at every point, or at some of a crowd, always at the last; of a profile where it
/// passes the middle, away from the ends that all share.
fn marked(frame: &Frame<'_>, line: &Line, steps: bool) -> Vec<Spot> {
    let drawn: Vec<Spot> = line.points.iter().filter_map(|p| frame.spot(p)).collect();
    if steps {
        let far = |spot: &Spot| (frame.y.span.clamped(spot.1) - 0.5).abs();
        return drawn.into_iter().min_by(|a, b| far(a).total_cmp(&far(b))).into_iter().collect();
    }
    let place =
        |(x, y): Spot| (frame.x.span.clamped(x) * frame.width, frame.y.span.clamped(y) * frame.height);
    let far = |one: Spot, other: Spot| {
        let (one, other) = (place(one), place(other));
        (one.0 - other.0).abs().max((one.1 - other.1).abs()) >= SPACING
    };
    let mut kept: Vec<Spot> = drawn.into_iter().rev().collect();
    kept.dedup_by(|next, last| !far(*last, *next));
    kept
}
