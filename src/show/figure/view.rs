//! The places of a figure, sorted into rows and columns of panels, series and slots, and what was
//! measured there.

use super::chart::Point;
use crate::numerics::stats::{Average, Discrimination, Summariser, Summary};
use crate::study::claims::Judgement;
use crate::study::config::{FigureConfig, Level, Measured, Pin, Pins, Quantity, Scale, replaced};
use crate::study::plan::{Plan, Row};
use crate::study::quantity::{curve, is_a_way, reduce, share_of_way};
use crate::study::results::Results;
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

/// The bands of lost gold.
pub(super) const LOST: [&str; 4] = ["proxy_error", "ignorance", "wrong_values", "unreached"];

/// A place and where it is drawn.
#[derive(Clone, Copy)]
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
    pub(super) results: &'a Results<'a>,
    pub(super) judgements: &'a [Judgement],
    pub(super) figure: &'a FigureConfig,
    /// In the plan's order.
    pub(super) spots: Vec<Spot>,
    /// Levels in order of appearance; one `None` where there is no such axis.
    pub(super) rows: Vec<Option<Level>>,
    pub(super) columns: Vec<Option<Level>>,
    pub(super) by: Vec<Option<Level>>,
    /// Levels of x, likewise, on an axis of slots.
    pub(super) slots: Vec<Option<Level>>,
    /// What is made of the curves of each series and metric.
    pub(super) made: BTreeMap<(At, usize, String), Made>,
}

/// In every repetition a number of each curve of a series, at the first place of the curve.
pub(super) type Made = Vec<(Spot, Vec<Option<f64>>)>;

/// An estimate and the ends of its interval.
type Estimate = (f64, f64, f64);

impl<'a> View<'a> {
    pub(super) fn new(
        results: &'a Results<'a>,
        judgements: &'a [Judgement],
        figure: &'a FigureConfig,
    ) -> View<'a> {
        let places = results.plan.select(&figure.pins);
        let slots = figure.x.as_ref().filter(|_| figure.kind.traits().slots);
        let along = [figure.rows.as_ref(), figure.columns.as_ref(), figure.by.as_ref(), slots];
        let [rows, columns, by, slots] = along.map(|axis| index(results.plan, &places, axis));
        let spot = |(i, &place)| Spot { place, at: [rows.1[i], columns.1[i], by.1[i]], slot: slots.1[i] };
        let spots = places.iter().enumerate().map(spot).collect();
        let (rows, columns, by, slots) = (rows.0, columns.0, by.0, slots.0);
        let mut view =
            View { results, judgements, figure, spots, rows, columns, by, slots, made: BTreeMap::new() };
        if let Some(quantity) = figure.quantity.as_ref().filter(|quantity| quantity.along().is_some()) {
            let series: BTreeSet<[usize; 3]> = view.spots.iter().map(|spot| spot.at).collect();
            let of = |[row, column, by]: [usize; 3]| {
                let made =
                    |y: &String| (((row, column), by, y.clone()), view.make(quantity, (row, column), by, y));
                figure.y.iter().map(made).collect::<Vec<_>>()
            };
            view.made = series.into_iter().flat_map(of).collect();
        }
        view
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
        self.results.seeds()
    }

    /// A metric at a place in every repetition.
    pub(super) fn values(&self, place: usize, metric: &str) -> Vec<Option<f64>> {
        self.results.columns.over_seeds(metric, self.results.at(place))
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
            Some(_) => {
                self.made(panel, by, metric).iter().map(|(spot, made)| (spot.slot, made.clone())).collect()
            }
        }
    }

    /// What was made of a series.
    fn made(&self, panel: At, by: usize, metric: &str) -> &[(Spot, Vec<Option<f64>>)] {
        self.made.get(&(panel, by, metric.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// Makes it: places of a series that share their x are a curve.
    fn make(&self, of: &Quantity, panel: At, by: usize, metric: &str) -> Made {
        let Results { plan, columns, .. } = self.results;
        let Some(along) = of.along() else { return Vec::new() };
        let mut curves: IndexMap<Option<u64>, Vec<Spot>> = IndexMap::new();
        for spot in self.series(panel, by) {
            curves.entry(self.x(spot).map(f64::to_bits)).or_default().push(*spot);
        }
        let of_seed = |spots: &[Spot], rows: &[Row]| {
            let places = spots.iter().map(|spot| spot.place);
            reduce(of, &curve(plan, &along, places, |place| columns.value(metric, &rows[place]))?)
        };
        let seeds = || self.results.by_seed();
        let make = |spots: Vec<Spot>| (spots[0], seeds().map(|rows| of_seed(&spots, rows)).collect());
        curves.into_values().map(make).collect()
    }

    /// How far the mean of a metric at a spot is on the way between two other places, over the seeds that have it at
    /// all three; `None` where there is no way to speak of.
    fn share(&self, spot: &Spot, [from, to]: [&Pins; 2], metric: &str) -> Option<Estimate> {
        let there = |pins| Some(self.values(self.elsewhere(spot, pins)?, metric));
        let all = [self.values(spot.place, metric), there(from)?, there(to)?];
        let known = |seed: &usize| all.iter().all(|values| values[*seed].is_some());
        let known: Vec<usize> = (0..self.seeds()).filter(known).collect();
        let [x, from, to] = all.map(|values| known.iter().filter_map(|i| values[*i]).collect::<Vec<f64>>());
        let reference = self.of_reference(self.results.plan.conditions()[spot.place].cell, metric);
        if !is_a_way(&from, &to, reference.unwrap_or(0.0)) {
            return None;
        }
        let (share, interval) = share_of_way(&x, &from, &to)?;
        let [lo, hi] = interval.unwrap_or([f64::NAN; 2]);
        Some((share, lo, hi))
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
    fn estimate(&self, place: usize, metric: &str) -> Option<Estimate> {
        let (y, lo, hi) = self.shown(&self.results.summary(place, metric)?);
        // A share of pairs or of systems; its interval is symmetric and knows nothing of that.
        let within = |x: f64| if Discrimination::split(metric).is_some() { x.clamp(0.0, 1.0) } else { x };
        Some((y, within(lo), within(hi)))
    }

    /// The estimate and the interval of a summary that the figure shows.
    pub(super) fn shown(&self, summary: &Summary) -> Estimate {
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
        let mut summariser = Summariser::default();
        let mut of_made = |values: &[Option<f64>]| {
            let values: Vec<f64> = values.iter().copied().flatten().collect();
            Some(self.shown(&summariser.summarise(&values)?))
        };
        let spots = self.series(panel, by);
        let estimates: Vec<(&Spot, Option<Estimate>)> = match &self.figure.quantity {
            None => spots.map(|spot| (spot, self.estimate(spot.place, metric))).collect(),
            Some(Quantity::Share { from, to }) => {
                spots.map(|spot| (spot, self.share(spot, [from, to], metric))).collect()
            }
            Some(_) => {
                self.made(panel, by, metric).iter().map(|(spot, values)| (spot, of_made(values))).collect()
            }
        };
        let point = |(spot, estimate): (&Spot, Option<Estimate>)| {
            let (x, (y, lo, hi)) = (self.x(spot)?, estimate?);
            Some(Point { x, y, lo, hi })
        };
        estimates.into_iter().filter_map(point).collect()
    }
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
