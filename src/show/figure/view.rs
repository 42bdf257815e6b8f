//! The places of a figure, sorted into rows and columns of panels, series and slots, and what was
//! measured there.

use super::chart::Point;
use crate::numerics::stats::{Average, Discrimination, Location, Summariser, Summary};
use crate::study::claims::{Judgement, reduce};
use crate::study::config::{FigureConfig, Level, Measured, Pin, Pins, Quantity, Scale, replaced};
use crate::study::plan::{Plan, Row};
use crate::study::results::{Columns, LevelSummary};
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// The bands of lost gold.
pub(super) const LOST: [&str; 4] = ["proxy_error", "ignorance", "wrong_values", "unreached"];

/// Everything that is known after a run.
#[derive(Clone, Copy)]
pub(super) struct Results<'a> {
    pub(super) plan: &'a Plan,
    pub(super) columns: &'a Columns,
    pub(super) rows: &'a [Row],
    pub(super) summaries: &'a [LevelSummary],
    pub(super) judgements: &'a [Judgement],
}

/// A place and where it is drawn.
pub(super) struct Spot {
    /// Index among the plan's places.
    pub(super) place: usize,
    /// Indices of the levels along rows, columns and series.
    at: [usize; 3],
    /// Index of the level of x, on an axis of slots.
    pub(super) slot: usize,
}

/// A panel: its row and its column.
pub(super) type At = (usize, usize);

/// What a figure shows of the results.
pub(super) struct View<'a> {
    pub(super) results: Results<'a>,
    pub(super) figure: &'a FigureConfig,
    /// In the plan's order.
    pub(super) spots: Vec<Spot>,
    /// Levels in order of appearance; one `None` where there is no such axis.
    pub(super) rows: Vec<Option<Level>>,
    pub(super) columns: Vec<Option<Level>>,
    pub(super) by: Vec<Option<Level>>,
    /// Levels of x, likewise, on an axis of slots.
    pub(super) slots: Vec<Option<Level>>,
}

impl<'a> View<'a> {
    pub(super) fn new(results: Results<'a>, figure: &'a FigureConfig) -> View<'a> {
        let places = results.plan.select(&figure.pins);
        let slots = figure.x.as_ref().filter(|_| figure.kind.traits().slots);
        let along = [figure.rows.as_ref(), figure.columns.as_ref(), figure.by.as_ref(), slots];
        let [rows, columns, by, slots] = along.map(|axis| index(results.plan, &places, axis));
        let spot = |(i, &place)| Spot { place, at: [rows.1[i], columns.1[i], by.1[i]], slot: slots.1[i] };
        let spots = places.iter().enumerate().map(spot).collect();
        View { results, figure, spots, rows: rows.0, columns: columns.0, by: by.0, slots: slots.0 }
    }

    /// The places of one series in one panel, in the plan's order.
    pub(super) fn series(&self, (row, column): At, by: usize) -> impl Iterator<Item = &Spot> {
        self.spots.iter().filter(move |spot| spot.at == [row, column, by])
    }

    /// The series in the order in which they are drawn: listed downwards, numbers rise.
    pub(super) fn listed(&self) -> Vec<usize> {
        let mut listed: Vec<usize> = (0..self.by.len()).collect();
        if self.figure.kind.traits().y == Measured::Colours
            && self.by.iter().flatten().all(|level| level.number().is_some())
        {
            listed.reverse();
        }
        listed
    }

    /// Combinations of levels that have no place, and so were left out as undefined.
    pub(super) fn missing(&self) -> Vec<Vec<&Level>> {
        let there: BTreeSet<_> = self.spots.iter().map(|spot| (spot.at, spot.slot)).collect();
        let levels = [&self.rows, &self.columns, &self.by];
        let [rows, columns, series] = levels.map(Vec::len);
        let mut missing = Vec::new();
        for i in 0..rows * columns * series {
            let at = [i / (columns * series), i / series % columns, i % series];
            let named = [2, 1, 0].map(|axis| &levels[axis][at[axis]]);
            let gaps = self.slots.iter().enumerate().filter(|(slot, _)| !there.contains(&(at, *slot)));
            missing.extend(gaps.map(|(_, slot)| [slot].into_iter().chain(named).flatten().collect()));
        }
        missing
    }

    /// The repetitions there are.
    pub(super) fn seeds(&self) -> usize {
        self.results.rows.len() / self.places()
    }

    /// The plan's places, in each of which a repetition has a row.
    pub(super) fn places(&self) -> usize {
        self.results.plan.conditions().len().max(1)
    }

    /// A metric at a place in every repetition.
    pub(super) fn values(&self, place: usize, metric: &str) -> Vec<Option<f64>> {
        self.results.columns.over_seeds(metric, self.results.rows.iter().skip(place).step_by(self.places()))
    }

    /// Where a place stands along x in every repetition.
    pub(super) fn xs(&self, place: usize) -> Vec<Option<f64>> {
        let x = self.figure.x.as_deref().unwrap_or_default();
        match (x, self.number(place, x)) {
            (_, Some(level)) => vec![Some(level); self.seeds()],
            ("sqrt_kl", _) => {
                self.values(place, "kl").into_iter().map(|x| x.map(|x| x.max(0.0).sqrt())).collect()
            }
            (x, _) => self.values(place, x),
        }
    }

    /// What is shown of every repetition, by the slot where it stands.
    pub(super) fn of_seeds(&self, panel: At, by: usize, metric: &str) -> Vec<(usize, Vec<Option<f64>>)> {
        match &self.figure.quantity {
            None => self.series(panel, by).map(|spot| (spot.slot, self.values(spot.place, metric))).collect(),
            Some(quantity) => {
                let made = self.made(quantity, panel, by, metric);
                made.into_iter().map(|(spot, values)| (spot.slot, values)).collect()
            }
        }
    }

    /// What is made of a metric in every repetition: at each place of a series, or of all that share their x.
    pub(super) fn made(
        &self,
        of: &Quantity,
        panel: At,
        by: usize,
        metric: &str,
    ) -> Vec<(&Spot, Vec<Option<f64>>)> {
        if let Quantity::Share { from, to } = of {
            let share = |spot: &'_ Spot| {
                let there = |pins| Some(self.values(self.elsewhere(spot, pins)?, metric));
                let cell = self.results.plan.conditions()[spot.place].cell;
                let reference = self.of_reference(cell, metric).unwrap_or(0.0);
                share_of_means(&self.values(spot.place, metric), &there(from)?, &there(to)?, reference)
            };
            return self.series(panel, by).filter_map(|spot| Some((spot, share(spot)?))).collect();
        }
        let Some(along) = of.along() else { return Vec::new() };
        let mut curves: IndexMap<Option<u64>, Vec<&Spot>> = IndexMap::new();
        for spot in self.series(panel, by) {
            curves.entry(self.x(spot).map(f64::to_bits)).or_default().push(spot);
        }
        let curve = |spots: Vec<&Spot>| -> Vec<Option<f64>> {
            let plan = self.results.plan;
            let level = |spot: &&Spot| plan.level(&plan.conditions()[spot.place], &along.along);
            let xs: Vec<_> = spots.iter().map(|spot| along.coordinate(&level(spot)?)).collect();
            let ys: Vec<_> = spots.iter().map(|spot| self.values(spot.place, metric)).collect();
            let of_seed = |seed: usize| {
                let point = |(x, y): (&Option<f64>, &Vec<Option<f64>>)| Some(((*x)?, y[seed]?));
                reduce(of, &xs.iter().zip(&ys).map(point).collect::<Option<Vec<_>>>()?)
            };
            (0..self.seeds()).map(of_seed).collect()
        };
        curves.into_values().map(|spots| (spots[0], curve(spots))).collect()
    }

    /// The place of a spot with some of its levels replaced, if there is one.
    fn elsewhere(&self, spot: &Spot, by: &Pins) -> Option<usize> {
        let (plan, figure) = (self.results.plan, self.figure);
        let drawn = [&figure.x, &figure.by, &figure.rows, &figure.columns].into_iter().flatten();
        let here = drawn.filter_map(|axis| {
            let level = plan.level(&plan.conditions()[spot.place], axis)?;
            Some((axis.clone(), Pin::Level(level)))
        });
        let there = plan.select(&replaced(&replaced(&figure.pins, &here.collect()), by));
        if let [place] = there[..] { Some(place) } else { None }
    }

    /// What the reference policy has of a metric in a cell, where that is known.
    pub(super) fn of_reference(&self, cell: usize, metric: &str) -> Option<f64> {
        match metric {
            "gold" => Some(self.results.plan.reference(cell)?.0),
            "approval" => Some(self.results.plan.reference(cell)?.1),
            "proxy" | "gold_fraction" | "efficiency" | "kl" => Some(0.0),
            _ => LOST.contains(&metric).then_some(0.0),
        }
    }

    /// A level at a place, as a number.
    pub(super) fn number(&self, place: usize, axis: &str) -> Option<f64> {
        let plan = self.results.plan;
        plan.level(&plan.conditions()[place], axis)?.number()
    }

    /// The estimate of a metric at a place, with its interval.
    fn estimate(&self, place: usize, metric: &str) -> Option<(f64, f64, f64)> {
        let mut known = self.results.columns.summarised();
        let at = known.position(|name| name == metric).expect("checked on reading");
        let (y, lo, hi) = self.results.summaries[place].metrics[at].map(|summary| self.shown(&summary))?;
        // A share of pairs or of systems; its interval is symmetric and knows nothing of that.
        let within = |x: f64| if Discrimination::split(metric).is_some() { x.clamp(0.0, 1.0) } else { x };
        Some((y, within(lo), within(hi)))
    }

    /// The estimate and the interval of a summary that the figure shows.
    pub(super) fn shown(&self, summary: &Summary) -> (f64, f64, f64) {
        let (at, interval) = match self.figure.statistic {
            Average::Mean => (summary.mean, summary.mean_interval),
            Average::Iqm => (summary.iqm, summary.iqm_interval),
        };
        let (lo, hi) = interval.unwrap_or((at, at));
        (at, lo, hi)
    }

    /// Where a place stands along x.
    pub(super) fn x(&self, spot: &Spot) -> Option<f64> {
        let kl = || Some(self.estimate(spot.place, "kl")?.0);
        match self.figure.x.as_deref()? {
            _ if self.figure.kind.traits().slots => Some(spot.slot as f64),
            "kl" => kl(),
            "sqrt_kl" => Some(kl()?.max(0.0).sqrt()),
            x => self.number(spot.place, x),
        }
    }

    /// How numbers lie along x: logarithmic where levels spread over more than a decade, unless it is given.
    pub(super) fn scale(&self) -> Scale {
        if let Some(given) = self.figure.scale.x {
            return given;
        }
        let axis = self.figure.x.as_deref().unwrap_or_default();
        let xs = self.spots.iter().filter_map(|spot| self.number(spot.place, axis));
        let (least, most) = xs.fold((f64::INFINITY, 0.0), |(a, b): (f64, f64), x| (a.min(x), b.max(x)));
        if least > 0.0 && most > 10.0 * least { Scale::Log } else { Scale::Linear }
    }

    /// A series: the estimates at its places.
    pub(super) fn estimates(&self, panel: At, by: usize, metric: &str) -> Vec<Point> {
        if let Some(quantity) = &self.figure.quantity {
            let mut summariser = Summariser::default();
            let point = |(spot, values): (&Spot, Vec<Option<f64>>)| {
                let values: Vec<f64> = values.into_iter().flatten().collect();
                let (x, (y, lo, hi)) = (self.x(spot)?, self.shown(&summariser.summarise(&values)?));
                Some(Point { x, y, lo, hi })
            };
            return self.made(quantity, panel, by, metric).into_iter().filter_map(point).collect();
        }
        let point = |spot: &Spot| {
            let (x, (y, lo, hi)) = (self.x(spot)?, self.estimate(spot.place, metric)?);
            Some(Point { x, y, lo, hi })
        };
        self.series(panel, by).filter_map(point).collect()
    }
}

/// A way that is shorter than so many standard errors of its length, or than this share of what there was to gain,
/// is nothing.
const SHORT: (f64, f64) = (3.0, 0.05);

/// Jackknife pseudo-values of (x − from)/(to − from), a ratio of means, `reference` being where gains count from.
/// `None` where there is no way to speak of.
fn share_of_means(
    x: &[Option<f64>],
    from: &[Option<f64>],
    to: &[Option<f64>],
    reference: f64,
) -> Option<Vec<Option<f64>>> {
    let known = |((x, from), to): ((&Option<f64>, &Option<f64>), &Option<f64>)| {
        let (x, from, to) = ((*x)?, (*from)?, (*to)?);
        Some((x - from, to - from, to - reference))
    };
    let all: Vec<_> = x.iter().zip(from).zip(to).filter_map(known).collect();
    let n = all.len() as f64;
    let sum = |of: fn(&(f64, f64, f64)) -> f64| all.iter().map(of).sum::<f64>();
    let (done, way, gain) = (sum(|v| v.0), sum(|v| v.1), sum(|v| v.2));
    if let ([(done, way, _)], true) = (&all[..], way > 0.0) {
        return Some(vec![Some(done / way)]);
    }
    let length = Location::of_mean(&all.iter().map(|v| v.1).collect::<Vec<_>>());
    if length.estimate < SHORT.0 * length.se || way < SHORT.1 * gain || way <= 0.0 {
        return None;
    }
    let pseudo = |v: &(f64, f64, f64)| n * done / way - (n - 1.0) * (done - v.0) / (way - v.1);
    Some(all.iter().map(|v| Some(pseudo(v))).collect())
}

/// The levels of an axis among places, in order of appearance, and the index of each place's.
fn index(plan: &Plan, places: &[usize], axis: Option<&String>) -> (Vec<Option<Level>>, Vec<usize>) {
    let Some(axis) = axis else { return (vec![None], vec![0; places.len()]) };
    let mut known: IndexMap<String, Option<Level>> = IndexMap::new();
    let at = places.iter().map(|place| {
        let level = plan.level(&plan.conditions()[*place], axis);
        let entry = known.entry(level.as_ref().map(Level::to_string).unwrap_or_default());
        let at = entry.index();
        entry.or_insert(level);
        at
    });
    let at = at.collect();
    (known.into_values().collect(), at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_one_of_means() {
        let some = |xs: [f64; 4]| xs.map(Some).to_vec();
        let (x, from, to) =
            (some([2.0, 3.0, 2.5, 3.5]), some([1.0, 2.0, 1.0, 2.0]), some([4.0, 6.0, 4.0, 6.0]));
        // 1.25 of 3.5, and each seed left out in turn: by hand.
        let values = share_of_means(&x, &from, &to, 0.0).unwrap();
        let (done, way) = ([1.0, 1.0, 1.5, 1.5], [3.0, 4.0, 3.0, 4.0]);
        for (i, value) in values.iter().enumerate() {
            let without = (5.0 - done[i]) / (14.0 - way[i]);
            assert!((value.unwrap() - (4.0 * 5.0 / 14.0 - 3.0 * without)).abs() < 1e-12);
        }
        let missing = [None, from[1], from[2], from[3]];
        assert_eq!(share_of_means(&x, &missing, &to, 0.0).unwrap().len(), 3);
    }

    #[test]
    fn no_way_is_no_share() {
        let some = |xs: [f64; 3]| xs.map(Some).to_vec();
        let zero = some([0.0; 3]);
        let of = |to, reference| share_of_means(&some([1.0; 3]), &zero, &some(to), reference);
        assert!(of([1.0, -1.0, 0.5], 0.0).is_none(), "within its error");
        assert!(of([1.0; 3], 0.0).is_some());
        assert!(of([1.0; 3], -30.0).is_none(), "a twentieth of what there was to gain");
        assert!(of([-1.0; 3], 0.0).is_none(), "backwards");
    }
}
