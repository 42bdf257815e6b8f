//! `[[figures]]`: what to draw, as data. Every axis is drawn along or pinned.

use super::axes::{check_word, table};
use super::level::Level;
use super::selectors::{Pins, Scope, check_keys, choice, line, one_of, text, texts};
use super::source::{Flaw, Span};
use super::style::Scales;
use super::tree::{Key, Tree, Value};
use crate::numerics::stats::{Average, Discrimination};
use crate::study::theory::Theory;
use indexmap::IndexMap;
use serde::{Serialize, Serializer};

/// One figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FigureConfig {
    /// Name of its file: `[a-z0-9_]+`, unique.
    pub name: String,
    /// Its headline, in place of the experiment's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How it is drawn.
    #[serde(skip_serializing_if = "FigureKind::is_default")]
    pub kind: FigureKind,
    /// An axis; where the kind has it so `kl`, `sqrt_kl` or a metric. A profile has none: the
    /// thresholds of y lie along it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    /// Metrics, `feature.NAME`, `weight.NAME`, or `auc.` or `missed.` before one; at least one.
    pub y: Vec<String>,
    /// The axis whose levels are series.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The axis whose levels are rows of panels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<String>,
    /// The axis whose levels are columns of panels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<String>,
    /// The level at which each other axis stands still.
    #[serde(rename = "where", skip_serializing_if = "Pins::is_empty")]
    pub pins: Pins,
    /// What is drawn over lines to compare them with, or over a heat map as boundaries.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "theory_names")]
    pub theory: Vec<Theory>,
    /// What is drawn of the seeds.
    #[serde(skip_serializing_if = "Average::is_default")]
    pub statistic: Average,
    /// Whether all metrics of `y` share one panel and its scale.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub together: bool,
    /// How the numbers of its axes are spaced.
    #[serde(skip_serializing_if = "Scales::is_default")]
    pub scale: Scales,
    /// What metrics, axes and levels are called on it, in place of their names.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub labels: IndexMap<String, String>,
}

/// How a figure is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureKind {
    /// Lines over x, with bands for intervals.
    #[default]
    Lines,
    /// Cells, x across and `by` down, coloured by y.
    Heat,
    /// Bars from 0 at the levels of x, side by side by `by`, with whiskers.
    Bars,
    /// Several metrics stacked at the levels of x, what is negative downwards.
    Bands,
    /// The levels of x listed downwards, y across with its interval.
    Forest,
    /// One point per seed.
    Scatter,
    /// The share of seeds whose y exceeds τ, over τ.
    Profile,
}

impl FigureKind {
    /// All of them.
    pub const ALL: [FigureKind; 7] = [
        FigureKind::Lines,
        FigureKind::Heat,
        FigureKind::Bars,
        FigureKind::Bands,
        FigureKind::Forest,
        FigureKind::Scatter,
        FigureKind::Profile,
    ];

    /// Its name in a config.
    pub fn name(self) -> &'static str {
        match self {
            FigureKind::Lines => "lines",
            FigureKind::Heat => "heat",
            FigureKind::Bars => "bars",
            FigureKind::Bands => "bands",
            FigureKind::Forest => "forest",
            FigureKind::Scatter => "scatter",
            FigureKind::Profile => "profile",
        }
    }

    /// Whether x is a row of levels, words included, and not a scale of numbers.
    pub fn has_slots(self) -> bool {
        matches!(self, FigureKind::Heat | FigureKind::Bars | FigureKind::Bands | FigureKind::Forest)
    }

    fn is_default(&self) -> bool {
        *self == FigureKind::default()
    }
}

fn theory_names<S: Serializer>(theory: &[Theory], s: S) -> Result<S::Ok, S::Error> {
    s.collect_seq(theory.iter().map(|t| t.name()))
}

const KEYS: [&str; 11] =
    ["name", "title", "kind", "x", "y", "by", "rows", "columns", "where", "theory", "statistic"];

/// What x may be besides an axis.
const MEASURED_X: [&str; 2] = ["kl", "sqrt_kl"];

/// Reads one figure.
pub(super) fn read(value: &Value, scope: &Scope) -> Result<FigureConfig, Flaw> {
    let figure = table(value, "a table")?;
    check_keys(figure, "a figure", &KEYS)?;
    let kind = choice(figure, "kind", "kind of figure", &FigureKind::ALL.map(|k| (k.name(), k)))?;
    let kind = kind.unwrap_or_default();
    let name = text(must(figure, "name", value.span(), kind)?)?;
    check_word("figure", &name)?;
    let mut used = IndexMap::new();
    let x = read_x(figure, value.span(), kind, scope, &mut used)?;
    let mut along = |place: &str, words: &'static str| -> Result<Option<String>, Flaw> {
        let Some(axis) = figure.get(place).map(text).transpose()? else { return Ok(None) };
        let name = scope.axis(&axis)?.name.clone();
        match used.insert(name.clone(), words) {
            None => Ok(Some(name)),
            Some(before) => {
                let message = format!("`{name}` is {before} already");
                Err(Flaw::new(axis.span(), message, "draw each axis along one thing"))
            }
        }
    };
    let by = along("by", "drawn along by")?;
    let (rows, columns) = (along("rows", "drawn along rows")?, along("columns", "drawn along columns")?);
    let y = must(figure, "y", value.span(), kind)?;
    let y_span = y.span();
    let y = texts(y, "metrics")?.iter().map(|y| scope.metric(y)).collect::<Result<Vec<_>, _>>()?;
    let theory = read_theory(figure, kind, &y)?;
    let title = figure.get("title").map(line).transpose()?;
    let statistic =
        choice(figure, "statistic", "statistic", &Average::ALL.map(|s| (s.name(), s)))?.unwrap_or_default();
    let figure_span = value.span();
    check_kind(figure, kind, &y, statistic, (figure_span.clone(), y_span))?;
    let pins = figure.get("where").map(|at| scope.pins(at, &used)).transpose()?.unwrap_or_default();
    scope.check_pinned(figure_span, &used, &pins, "draw it along x, by, rows or columns, or")?;
    let name = name.into_inner().into_owned();
    let (together, scale, labels) = Default::default();
    Ok(FigureConfig {
        name,
        title,
        kind,
        x,
        y,
        by,
        rows,
        columns,
        pins,
        theory,
        statistic,
        together,
        scale,
        labels,
    })
}

fn must<'f, 't>(
    figure: &'f Tree<'t>,
    key: &str,
    span: Span,
    kind: FigureKind,
) -> Result<&'f Value<'t>, Flaw> {
    let help = match kind {
        FigureKind::Profile => "a profile has a name and y",
        _ => "a figure has a name, x and y",
    };
    figure.get(key).ok_or_else(|| Flaw::new(span, format!("`{key}` is missing"), help))
}

/// Reads x, and notes the axis it is drawn along.
fn read_x(
    figure: &Tree,
    span: Span,
    kind: FigureKind,
    scope: &Scope,
    used: &mut IndexMap<String, &'static str>,
) -> Result<Option<String>, Flaw> {
    if kind == FigureKind::Profile {
        return match figure.get("x") {
            None => Ok(None),
            Some(x) => {
                let message = "a profile has no x: thresholds of y lie along it";
                Err(Flaw::new(x.span(), message, "take x away; by makes series"))
            }
        };
    }
    let x = text(must(figure, "x", span, kind)?)?;
    let name = x.get_ref().as_ref();
    let measured = MEASURED_X.contains(&name);
    if kind.has_slots() && measured {
        let message = format!("`{name}` is measured and has no levels: it cannot be x of {}", kind.name());
        return Err(Flaw::new(x.span(), message, "x = \"pressure\", or kind = \"lines\""));
    }
    let metric = kind == FigureKind::Scatter && !measured && !scope.names().any(|axis| axis == name);
    if metric {
        if Discrimination::split(name).is_some() && scope.metric(&x).is_ok() {
            return Err(no_number_of_a_seed(x.span(), name, kind));
        }
        return scope.metric(&x).map(Some).map_err(|_| {
            let known = scope.names().chain(["sqrt_kl"]).chain(crate::lab::measure::METRICS);
            Flaw::unknown(x.span(), format!("there is no axis or metric `{name}`"), name, known)
        });
    }
    if !measured && !scope.names().any(|axis| axis == name) {
        let known = scope.names().chain(MEASURED_X.into_iter().filter(|_| !kind.has_slots()));
        return Err(Flaw::unknown(x.span(), format!("there is no axis `{name}`"), name, known));
    }
    let in_words = |level: &Level| matches!(level, Level::Text(_) | Level::Flag(_));
    if !kind.has_slots() && scope.axes.iter().any(|a| a.name == name && a.levels.iter().any(in_words)) {
        let message = format!("the levels of `{name}` are no numbers: it cannot be x of {}", kind.name());
        let help = "draw it along by, rows or columns, or kind = \"bars\" or \"forest\"";
        return Err(Flaw::new(x.span(), message, help));
    }
    match (kind, measured) {
        // Points are at a pinned place.
        (FigureKind::Scatter, true) => {}
        (_, true) => _ = used.insert("pressure".to_owned(), "drawn along x"),
        (_, false) => _ = used.insert(name.to_owned(), "drawn along x"),
    }
    Ok(Some(name.to_owned()))
}

fn read_theory(figure: &Tree, kind: FigureKind, metrics: &[String]) -> Result<Vec<Theory>, Flaw> {
    let Some(list) = figure.get("theory") else { return Ok(Vec::new()) };
    let known = Theory::ALL.map(|theory| (theory.name(), theory));
    let read = |word: &Key| {
        let theory = one_of(word, "theory", &known)?;
        if kind == FigureKind::Heat {
            return theory.bounds_phases().then_some(theory).ok_or_else(|| boundless(word.span(), theory));
        }
        let speaks = metrics.iter().any(|metric| theory.speaks_of(metric));
        speaks.then_some(theory).ok_or_else(|| mute(word.span(), theory, &metrics.join(", ")))
    };
    texts(list, "theories")?.iter().map(read).collect()
}

/// A theory over a heat map that has no boundaries.
fn boundless(span: Span, theory: Theory) -> Flaw {
    let bounds = Theory::ALL.into_iter().filter(|theory| theory.bounds_phases()).map(Theory::name);
    let help = format!("{} can be drawn over heat, others over lines", bounds.collect::<Vec<_>>().join(", "));
    Flaw::new(span, format!("`{}` has no boundaries to draw over a heat map", theory.name()), help)
}

/// A theory that is asked about a metric of which it says nothing.
pub(super) fn mute(span: Span, theory: Theory, metric: &str) -> Flaw {
    let message = format!("`{}` says nothing of {metric}", theory.name());
    Flaw::new(span, message, format!("it speaks of {}", theory.metrics().join(", ")))
}

/// What only some kinds have.
fn check_kind(
    figure: &Tree,
    kind: FigureKind,
    y: &[String],
    statistic: Average,
    (whole, y_span): (Span, Span),
) -> Result<(), Flaw> {
    let at = |key: &str| figure.get(key).map_or(whole.clone(), |value| value.span());
    let refuse = |span: Span, message: String, help: &str| Err(Flaw::new(span, message, help));
    if figure.contains_key("theory") && !matches!(kind, FigureKind::Lines | FigureKind::Heat) {
        let message = format!("`theory` is drawn over lines and heat maps, not over {}", kind.name());
        return refuse(at("theory"), message, "take it away, or kind = \"lines\"");
    }
    if let Some(over_seeds) = y.iter().find(|y| Discrimination::split(y).is_some()) {
        if matches!(kind, FigureKind::Scatter | FigureKind::Profile) {
            return Err(no_number_of_a_seed(y_span, over_seeds, kind));
        }
        if statistic == Average::Iqm {
            let message = format!("`{over_seeds}` is of all seeds together: it has no interquartile mean");
            return refuse(at("statistic"), message, "take `statistic` away");
        }
    }
    match kind {
        FigureKind::Heat if !figure.contains_key("by") => {
            refuse(whole, "`by` is missing".to_owned(), "a heat map has x across and by down")
        }
        FigureKind::Bands if figure.contains_key("by") => {
            let message = "bands are the series: there is no place for `by`".to_owned();
            refuse(at("by"), message, "draw it along columns or rows")
        }
        FigureKind::Bands if y.len() < 2 => {
            let message = "bands stack several metrics, and y has one".to_owned();
            refuse(y_span, message, "give several, or kind = \"bars\"")
        }
        FigureKind::Profile if y.len() > 1 => {
            let message = "a profile is of one metric: thresholds of several differ".to_owned();
            refuse(y_span, message, "make a figure of each")
        }
        FigureKind::Bands if statistic == Average::Iqm => {
            let message = "interquartile means do not add up: bands are means".to_owned();
            refuse(at("statistic"), message, "take `statistic` away")
        }
        FigureKind::Scatter | FigureKind::Profile if statistic == Average::Iqm => {
            let message = format!("a {} shows every seed, no statistic of them", kind.name());
            refuse(at("statistic"), message, "take `statistic` away")
        }
        _ => Ok(()),
    }
}

/// A number of all seeds together, where every seed is shown.
fn no_number_of_a_seed(span: Span, name: &str, kind: FigureKind) -> Flaw {
    let message = format!("`{name}` is of all seeds together: a {} shows each", kind.name());
    let plain = Discrimination::split(name).map_or(name, |(_, plain)| plain);
    Flaw::new(span, message, format!("`{plain}`, or another kind"))
}
