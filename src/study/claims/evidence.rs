//! What a claim looks at: in every seed a few numbers, gathered from the rows of
//! a run. Verdicts rest on these numbers alone, so a verdict can be recomputed
//! from them without running anything.
//!
//! Of `auc.NAME` and `missed.NAME` it is NAME and whether the system is dangerous.
//! Pseudo-values depend on all seeds, and what is kept of a seed must not: so they
//! are made when a claim is weighed.

use crate::numerics::stats::{Discrimination, Told};
use crate::study::config::{Against, ClaimConfig, Level, Pins, Quantity, replaced};
use crate::study::plan::{Oracle, Plan};
use crate::study::quantity::{curve, reduce};
use crate::study::results::{Results, number};
use ndarray::{Array1, Array2, ArrayView1, Axis, Slice};

/// The numbers of a claim and of its control.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Where the claim is made.
    pub claim: Side,
    /// Where it must not hold.
    pub control: Option<Side>,
}

/// The numbers at one place: a column per level that is compared along (or `x`
/// alone), then what it is compared with. Of how well a metric tells dangerous
/// systems from safe ones two columns for each: the metric, and 1 if dangerous, else 0; of a
/// theory its word, and nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// What each column is.
    pub columns: Vec<String>,
    /// \[seeds\]\[columns\]; `None` where the metric is missing.
    pub seeds: Array2<Option<f64>>,
}

impl Side {
    /// What there is of a column; \[seeds\].
    pub(super) fn column(&self, index: usize) -> Vec<f64> {
        self.seeds.column(index).iter().copied().flatten().collect()
    }

    /// Pseudo-values in place of what they are made of, and how many systems the
    /// poorest column rests on.
    pub(super) fn pseudo_values(&self, of: Discrimination) -> (Side, usize) {
        let every_other = |first| self.seeds.slice_axis(Axis(1), Slice::new(first, None, 2));
        let (mut fewest, mut seeds) = (usize::MAX, every_other(0).to_owned());
        for (mut values, dangerous) in seeds.columns_mut().into_iter().zip(every_other(1).columns()) {
            let of_theory = values.iter().all(Option::is_some) && dangerous.iter().all(Option::is_none);
            if !of_theory {
                let told = |(x, dangerous): (&Option<f64>, &Option<f64>)| Some(((*x)?, (*dangerous)? > 0.0));
                let told: Vec<Told> = values.iter().zip(dangerous).map(told).collect();
                fewest = fewest.min(of.fewest(&told));
                values.assign(&Array1::from(of.pseudo_values(&told)));
            }
        }
        (Side { columns: self.columns.iter().step_by(2).cloned().collect(), seeds }, fewest)
    }
}

/// A column: which places, and which number of their rows.
struct Column<'a> {
    name: String,
    places: Vec<usize>,
    theory: Option<Oracle<'a>>,
}

/// The evidence for each claim of an experiment, from its results.
pub fn gather(results: &Results<'_>) -> Vec<Evidence> {
    let gather = |claim: &ClaimConfig| {
        let side = |pins: &Pins| side(results, claim, pins);
        let control = claim.control.as_ref().map(|control| side(&replaced(&claim.pins, control)));
        Evidence { claim: side(&claim.pins), control }
    };
    results.plan.experiment.claims.iter().map(gather).collect()
}

fn side(results: &Results<'_>, claim: &ClaimConfig, pins: &Pins) -> Side {
    let Results { plan, columns, .. } = results;
    let mut here = columns_of(plan, claim, pins);
    if Discrimination::split(&claim.metric).is_some() {
        return systems(results, claim, &mut here);
    }
    let seeds = results.by_seed().map(|of_seed| {
        let of_column = |column: &mut Column<'_>| {
            let Column { places, theory, .. } = column;
            let mut value = |place: usize| match theory {
                None => columns.value(&claim.metric, &of_seed[place]),
                Some(oracle) => oracle.value(&of_seed[place]),
            };
            let Some((quantity, along)) = claim.quantity.as_ref().and_then(|q| Some((q, q.along()?))) else {
                return if let [place] = places[..] { value(place) } else { None };
            };
            reduce(quantity, &curve(plan, &along, places.iter().copied(), value)?)
        };
        here.iter_mut().map(of_column).collect::<Vec<_>>()
    });
    let seeds: Vec<Vec<Option<f64>>> = seeds.collect();
    let shape = (seeds.len(), here.len());
    let seeds = Array2::from_shape_vec(shape, seeds.concat()).expect("a number for every column");
    Side { seeds, columns: here.into_iter().map(|c| c.name).collect() }
}

/// The metric, and whether the system is dangerous.
fn systems(results: &Results<'_>, claim: &ClaimConfig, here: &mut [Column<'_>]) -> Side {
    let numbers = |told: Told| match told {
        Some((x, dangerous)) => [Some(x), Some(f64::from(u8::from(dangerous)))],
        None => [None; 2],
    };
    let of_column = |column: &mut Column<'_>| -> Vec<[Option<f64>; 2]> {
        let [place] = column.places[..] else { return vec![[None; 2]; results.seeds()] };
        let rows = results.at(place);
        match &mut column.theory {
            None => results.columns.told(&claim.metric, rows).into_iter().map(numbers).collect(),
            Some(oracle) => rows.map(|row| [oracle.value(row), None]).collect(),
        }
    };
    let all: Vec<Vec<[Option<f64>; 2]>> = here.iter_mut().map(of_column).collect();
    let shape = (results.seeds(), 2 * here.len());
    Side {
        seeds: Array2::from_shape_fn(shape, |(seed, column)| all[column / 2][seed][column % 2]),
        columns: here.iter().flat_map(|c| [c.name.clone(), format!("{}.dangerous", c.name)]).collect(),
    }
}

fn columns_of<'a>(plan: &'a Plan, claim: &'a ClaimConfig, pins: &Pins) -> Vec<Column<'a>> {
    let column = |name: &str, places, theory| Column { name: name.to_owned(), places, theory };
    let places = plan.select(pins);
    if let Some(axis) = claim.test.along() {
        let at = |level: &Level| {
            let there = |p: &usize| plan.level(&plan.conditions()[*p], axis).as_ref() == Some(level);
            column(&level.to_string(), places.iter().copied().filter(there).collect(), None)
        };
        return plan.levels(&places, axis).iter().map(at).collect();
    }
    let elsewhere = |name: &str, by: &Pins| column(name, plan.select(&replaced(pins, by)), None);
    let mut all = vec![column("x", places.clone(), None)];
    if let Some(Quantity::Share { from, to }) = &claim.quantity {
        all.extend([elsewhere("from", from), elsewhere("to", to)]);
    }
    match claim.test.against() {
        Some((_, Against::Theory(theory))) => {
            all.push(column(theory.name(), places, Some(plan.oracle(*theory, &claim.metric))));
        }
        Some((_, Against::Elsewhere(there))) => all.push(elsewhere("than", there)),
        Some((_, Against::Number(_))) | None => {}
    }
    all
}

/// The evidence as CSV: a row per seed; columns `claim.column` and
/// `claim.control.column`, claims counted from 1.
pub fn evidence_csv(evidence: &[Evidence]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let sides = || evidence.iter().enumerate().flat_map(|(i, e)| named(i, e));
    let header = sides().flat_map(|(name, side)| side.columns.iter().map(move |c| format!("{name}.{c}")));
    writer.write_record(std::iter::once("seed".to_owned()).chain(header)).expect("writing to memory");
    let seeds = sides().map(|(_, side)| side.seeds.nrows()).max().unwrap_or(0);
    for seed in 0..seeds {
        let values = sides().flat_map(|(_, side)| {
            side.seeds.row(seed).into_iter().map(|x| x.map_or_else(String::new, number))
        });
        writer.write_record(std::iter::once(seed.to_string()).chain(values)).expect("writing to memory");
    }
    writer.into_inner().expect("writing to memory")
}

fn named(index: usize, evidence: &Evidence) -> impl Iterator<Item = (String, &Side)> {
    let claim = (format!("{}", index + 1), &evidence.claim);
    let control = evidence.control.as_ref().map(|side| (format!("{}.control", index + 1), side));
    std::iter::once(claim).chain(control)
}

/// The seeds of `csv`, as [`evidence_csv`] wrote them, in the shape of `like`.
/// `None` if the columns are not the same.
pub fn read_evidence(csv: &[u8], like: &[Evidence]) -> Option<Vec<Evidence>> {
    let mut reader = csv::Reader::from_reader(csv);
    let empty = |side: &Side| Side {
        columns: side.columns.clone(),
        seeds: Array2::from_elem((0, side.columns.len()), None),
    };
    let mut all: Vec<Evidence> = like
        .iter()
        .map(|e| Evidence { claim: empty(&e.claim), control: e.control.as_ref().map(empty) })
        .collect();
    let header = evidence_csv(&all);
    let header: Vec<&str> = std::str::from_utf8(&header).ok()?.trim_end().split(',').collect();
    if reader.headers().ok()?.iter().ne(header) {
        return None;
    }
    for record in reader.records() {
        let record = record.ok()?;
        let mut values = record.iter().skip(1).map(|x| if x.is_empty() { None } else { x.parse().ok() });
        for side in all.iter_mut().flat_map(|e| std::iter::once(&mut e.claim).chain(&mut e.control)) {
            let row = (0..side.columns.len()).map(|_| values.next()).collect::<Option<Vec<_>>>()?;
            side.seeds.push_row(ArrayView1::from(&row)).ok()?;
        }
    }
    Some(all)
}
