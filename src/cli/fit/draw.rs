//! A fit as a forest: an item or feature a row, its estimate and its interval.

use super::{Fitted, read, tell};
use crate::show::figure::{Axis, Chart, Kind, Line, Panel, Point, Role, Row, Scale, Style};

/// More rows than this are too many for a page: then the first and the last are shown.
const MOST: usize = 60;

pub(super) fn chart(fitted: &Fitted) -> Chart {
    let (order, names) = (&fitted.order, &fitted.table.names);
    let cut = order.len() > MOST;
    let shown: Vec<Option<usize>> = match cut {
        true => {
            let (first, last) = (&order[..MOST / 2], &order[order.len() - MOST / 2..]);
            first.iter().copied().map(Some).chain([None]).chain(last.iter().copied().map(Some)).collect()
        }
        false => order.iter().copied().map(Some).collect(),
    };
    // Names that are numbers would be thinned like those of an axis.
    let numbers = names.iter().all(|name| name.parse::<f64>().is_ok());
    let name = |j: &Option<usize>| match j {
        None => "…".to_owned(),
        Some(j) if numbers => format!("{} {}", fitted.noun(), names[*j]),
        Some(j) => read::short(&names[*j]),
    };
    let point = |(slot, j): (usize, &Option<usize>)| {
        let of = &fitted.estimates.weights[(*j)?];
        Some(Point { x: slot as f64, y: of.estimate, lo: of.low, hi: of.high })
    };
    let points = shown.iter().enumerate().filter_map(point).collect();
    let axis =
        |label: &str| Axis { label: label.to_owned(), scale: Scale::Linear, limit: None, slots: Vec::new() };
    let (label, reference) = match fitted.tournament {
        Some(_) => ("score, log-odds", "mean of all items"),
        None => ("weight, log-odds per unit", "no influence"),
    };
    let left_out = match cut {
        true => format!(" Shown are the first {} and the last {} of {}.", MOST / 2, MOST / 2, order.len()),
        false => String::new(),
    };
    let caption = format!(
        "{}. Marks: estimates; bars: {}. Dashed line: {reference}.{left_out}",
        tell::heading(fitted),
        tell::intervals(fitted)
    );
    let line = Line { label: String::new(), role: Role::Measured, points };
    let panel = Panel { title: String::new(), thresholds: Vec::new(), lines: vec![line] };
    Chart {
        title: String::new(),
        caption,
        kind: Kind::Forest,
        x: Axis { slots: shown.iter().map(name).collect(), ..axis("") },
        by: String::new(),
        metrics: 1,
        rows: vec![Row { y: axis(label), reference: Some((0.0, reference.to_owned())), panels: vec![panel] }],
        style: Style::default(),
    }
}
