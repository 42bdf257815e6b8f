//! One open mark per seed over the level of x, from the least on the left to the greatest on the right, so
//! that many seeds draw their distribution and none lies under another.

use super::*;

pub(super) const FORM: Form = Form {
    points,
    width: |slots, series| slots * (24.0 * series + 8.0),
    shown: "One mark per seed, from the least to the greatest; {seeds}.",
    ..scatter::FORM
};

/// Of a slot, what the marks of all series take.
const SHARE: f64 = 0.8;

/// One point per seed, each in its place among the seeds.
fn points(view: &View<'_>, panel: At, by: usize, metric: &str) -> Vec<Point> {
    let each = SHARE / view.by.len() as f64;
    let left = each * by as f64 - SHARE / 2.0;
    let of_slot = |(slot, values): (usize, Vec<Option<f64>>)| {
        let mut values: Vec<f64> = values.into_iter().flatten().collect();
        values.sort_by(f64::total_cmp);
        let count = values.len() as f64;
        let point = move |(i, y): (usize, f64)| {
            let x = slot as f64 + left + each * (0.05 + 0.9 * (i as f64 + 0.5) / count);
            Point::exact(x, y)
        };
        values.into_iter().enumerate().map(point).collect::<Vec<_>>()
    };
    view.of_seeds(panel, by, metric).into_iter().flat_map(of_slot).collect()
}
