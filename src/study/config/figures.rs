//! `[[figures]]`: what to draw, as data. Every axis is drawn along or pinned.

use super::ConfigError;
use super::axes::{is_word, no_word};
use super::level::Level;
use super::read::read_checked;
use super::selectors::{Metric, Pin, Pins, Scope, Selection, Used, check_line, dotted};
use super::style::{Scale, Scales, WrittenScales};
use super::tree::Value;
use crate::numerics::fault::Kind;
use crate::numerics::ranges::{Levels, one_or_more};
use crate::numerics::stats::{Average, Discrimination};
use crate::study::theory::Theory;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FigureConfig {
    /// Name of its file: `[a-z0-9_]+`, unique.
    #[schemars(regex(pattern = "^[a-z0-9_]+$"))]
    pub name: String,
    /// Its headline, in place of the experiment's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How it is drawn.
    #[serde(default, skip_serializing_if = "FigureKind::is_default")]
    pub kind: FigureKind,
    /// An axis; where the kind has it so `kl`, `sqrt_kl` or a metric. A profile has none: the
    /// thresholds of y lie along it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    /// One metric or several.
    #[serde(deserialize_with = "one_or_more")]
    #[schemars(with = "Levels<Metric>")]
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
    #[serde(rename = "where", default, deserialize_with = "dotted", skip_serializing_if = "Pins::is_empty")]
    #[schemars(with = "Selection")]
    pub pins: Pins,
    /// What is drawn over lines to compare them with, or over a heat map as boundaries.
    #[serde(default, deserialize_with = "one_or_more", skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Levels<Theory>")]
    pub theory: Vec<Theory>,
    /// What is drawn of the seeds.
    #[serde(default, skip_serializing_if = "Average::is_default")]
    pub statistic: Average,
    /// Whether all metrics of `y` share one panel and its scale.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub together: bool,
    /// How the numbers of its axes are spaced: of x, or `{ x = …, y = … }`.
    #[serde(default, skip_serializing_if = "Scales::is_default")]
    #[schemars(with = "Option<WrittenScales>")]
    pub scale: Scales,
    /// What metrics, axes and levels are called on it, in place of their names.
    #[serde(default, deserialize_with = "dotted", skip_serializing_if = "IndexMap::is_empty")]
    #[schemars(with = "IndexMap<String, String>")]
    pub labels: IndexMap<String, String>,
}

/// How a figure is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
        self.traits().slots
    }

    fn traits(self) -> Traits {
        let plain = Traits { slots: false, seeds: false, from_zero: false };
        match self {
            FigureKind::Lines => plain,
            FigureKind::Heat | FigureKind::Forest => Traits { slots: true, ..plain },
            FigureKind::Bars | FigureKind::Bands => Traits { slots: true, from_zero: true, ..plain },
            FigureKind::Scatter => Traits { seeds: true, ..plain },
            FigureKind::Profile => Traits { seeds: true, from_zero: true, ..plain },
        }
    }

    fn is_default(&self) -> bool {
        *self == FigureKind::default()
    }
}

/// What kinds of figures have in common.
struct Traits {
    /// x is a row of levels.
    slots: bool,
    /// Every seed is shown, and no statistic of them.
    seeds: bool,
    /// y starts at 0.
    from_zero: bool,
}

/// What x may be besides an axis.
const MEASURED_X: [&str; 2] = ["kl", "sqrt_kl"];

impl FigureConfig {
    /// Reads one figure.
    pub(super) fn read(value: &Value, scope: &Scope) -> Result<Self, ConfigError> {
        read_checked(value, |figure: FigureConfig| figure.checked(scope))
    }

    /// Checks what its types cannot say.
    fn checked(mut self, scope: &Scope) -> Result<Self, ConfigError> {
        if !is_word(&self.name) {
            return Err(no_word("figure", &self.name));
        }
        let mut used = Used::new();
        self.check_x(scope, &mut used)?;
        let along = [
            ("by", "drawn along by", &self.by),
            ("rows", "drawn along rows", &self.rows),
            ("columns", "drawn along columns", &self.columns),
        ];
        for (key, words, axis) in along {
            let Some(name) = axis else { continue };
            scope.axis(key, name)?;
            if let Some(before) = used.insert(name.clone(), words) {
                let message = format!("`{name}` is {before} already");
                return Err(ConfigError::new(key, message, "draw each axis along one thing"));
            }
        }
        for (i, y) in self.y.iter().enumerate() {
            scope.check_metric(&format!("y.{i}"), y)?;
        }
        once("y", &self.y)?;
        once("theory", &self.theory.iter().map(|theory| theory.name()).collect::<Vec<_>>())?;
        self.check_theory()?;
        if let Some(title) = &self.title {
            check_line("title", title)?;
        }
        self.check_kind()?;
        self.check_scale()?;
        for (axis, pin) in scope.not_in_this_run("where", &self.pins, &used)? {
            // A level in whose place there is one other needs no pin.
            if let (Some(axis), Pin::Level(level)) = (scope.find(&axis), &pin)
                && axis.levels.len() > 1
            {
                return Err(axis.no_level(level).of(format!("where.{}", axis.name)));
            }
            self.pins.shift_remove(&axis);
        }
        self.check_labels(scope)?;
        scope.check_pinned(&used, &self.pins, "draw it along x, by, rows or columns, or")?;
        Ok(self)
    }

    /// Checks x, and notes the axis it is drawn along.
    fn check_x(&self, scope: &Scope, used: &mut Used) -> Result<(), ConfigError> {
        let kind = self.kind;
        let refuse = |message: String, help: &str| Err(ConfigError::new("x", message, help));
        let name = match (&self.x, kind) {
            (None, FigureKind::Profile) => return Ok(()),
            (Some(_), FigureKind::Profile) => {
                let message = "a profile has no x: thresholds of y lie along it".to_owned();
                return refuse(message, "take x away; by makes series");
            }
            (None, _) => return Err(missing("x", "a figure has a name, x and y")),
            (Some(name), _) => name.as_str(),
        };
        let measured = MEASURED_X.contains(&name);
        if kind.has_slots() && measured {
            let message =
                format!("`{name}` is measured and has no levels: it cannot be x of {}", kind.name());
            return refuse(message, "x = \"pressure\", or kind = \"lines\"");
        }
        let Some(axis) = scope.find(name).filter(|_| !measured) else {
            if kind == FigureKind::Scatter {
                // Points are at a pinned place.
                if measured || scope.check_metric("x", name).is_ok() {
                    return if Discrimination::split(name).is_some() {
                        Err(self.of_all("x", name))
                    } else {
                        Ok(())
                    };
                }
                let known = scope.names().chain(["sqrt_kl"]).chain(crate::lab::measure::METRICS);
                return Err(ConfigError::unknown("x", "axis or metric", name, known));
            }
            if measured {
                used.insert("pressure".to_owned(), "drawn along x");
                return Ok(());
            }
            let known = scope.names().chain(MEASURED_X.into_iter().filter(|_| !kind.has_slots()));
            return Err(ConfigError::unknown("x", "axis", name, known));
        };
        if !kind.has_slots() && axis.levels.iter().any(|level| level.number().is_none()) {
            let message = format!("the levels of `{name}` are no numbers: it cannot be x of {}", kind.name());
            let help = "draw it along by, rows or columns, or kind = \"bars\" or \"forest\"";
            return refuse(message, help);
        }
        used.insert(name.to_owned(), "drawn along x");
        Ok(())
    }

    /// A theory must have something to say of the figure.
    fn check_theory(&self) -> Result<(), ConfigError> {
        for (i, theory) in self.theory.iter().enumerate() {
            let at = format!("theory.{i}");
            match self.kind {
                FigureKind::Heat if !theory.bounds_phases() => {
                    let bounds =
                        Theory::ALL.into_iter().filter(|theory| theory.bounds_phases()).map(Theory::name);
                    let bounds = bounds.collect::<Vec<_>>().join(", ");
                    let help = format!("{bounds} can be drawn over heat, others over lines");
                    let message = format!("`{}` has no boundaries to draw over a heat map", theory.name());
                    return Err(ConfigError::new(&at, message, help));
                }
                FigureKind::Lines if !self.y.iter().any(|metric| theory.speaks_of(metric)) => {
                    return Err(mute(&at, *theory, &self.y.join(", ")));
                }
                FigureKind::Heat | FigureKind::Lines => {}
                FigureKind::Bars
                | FigureKind::Bands
                | FigureKind::Forest
                | FigureKind::Scatter
                | FigureKind::Profile => {
                    let over = self.kind.name();
                    let message = format!("`theory` is drawn over lines and heat maps, not over {over}");
                    return Err(ConfigError::new("theory", message, "take it away, or kind = \"lines\""));
                }
            }
        }
        Ok(())
    }

    /// What only some kinds have.
    fn check_kind(&self) -> Result<(), ConfigError> {
        let kind = self.kind;
        let refuse = |path: &str, message: &str, help: &str| Err(ConfigError::new(path, message, help));
        let iqm = self.statistic == Average::Iqm;
        if let Some((i, name)) = self.y.iter().enumerate().find(|(_, y)| Discrimination::split(y).is_some()) {
            if kind.traits().seeds {
                return Err(self.of_all(&format!("y.{i}"), name));
            }
            if iqm {
                let message = format!("`{name}` is of all seeds together: it has no interquartile mean");
                return refuse("statistic", &message, "take `statistic` away");
            }
        }
        if self.together && self.y.len() < 2 {
            let help = "give several metrics as y, or take `together` away";
            return refuse("together", "y has one metric: there is nothing to draw together", help);
        }
        if self.together && kind != FigureKind::Lines {
            let message = format!(
                "`together` is for lines: {} of several metrics have places of their own",
                kind.name()
            );
            return refuse("together", &message, "take it away, or kind = \"lines\"");
        }
        match kind {
            FigureKind::Heat if self.by.is_none() => {
                Err(missing("by", "a heat map has x across and by down"))
            }
            FigureKind::Bands if self.by.is_some() => refuse(
                "by",
                "bands are the series: there is no place for `by`",
                "draw it along columns or rows",
            ),
            FigureKind::Bands if self.y.len() < 2 => {
                refuse("y", "bands stack several metrics, and y has one", "give several, or kind = \"bars\"")
            }
            FigureKind::Profile if self.y.len() > 1 => refuse(
                "y",
                "a profile is of one metric: thresholds of several differ",
                "make a figure of each",
            ),
            FigureKind::Bands if iqm => {
                let message = "interquartile means do not add up: bands are means";
                refuse("statistic", message, "take `statistic` away")
            }
            FigureKind::Scatter | FigureKind::Profile if iqm => {
                let message = format!("a {} shows every seed, no statistic of them", kind.name());
                refuse("statistic", &message, "take `statistic` away")
            }
            FigureKind::Lines
            | FigureKind::Heat
            | FigureKind::Bars
            | FigureKind::Bands
            | FigureKind::Forest
            | FigureKind::Scatter
            | FigureKind::Profile => Ok(()),
        }
    }

    /// Slots have no scale, and what starts at 0 or is a share has no logarithm.
    fn check_scale(&self) -> Result<(), ConfigError> {
        let kind = self.kind;
        let Scales { x, y } = self.scale;
        if kind.has_slots() && x.is_some() {
            let message = format!("x of {} is a row of levels: it has no scale", kind.name());
            return Err(ConfigError::new("scale", message, "that of y: scale = { y = \"log\" }"));
        }
        if kind.traits().from_zero && y == Some(Scale::Log) {
            let message = format!("y of {} starts at 0, which has no logarithm", kind.name());
            return Err(ConfigError::new("scale.y", message, "take it away, or kind = \"lines\""));
        }
        Ok(())
    }

    /// Labels are of metrics, axes and levels that it shows.
    fn check_labels(&self, scope: &Scope) -> Result<(), ConfigError> {
        let names: Vec<&String> =
            [&self.x, &self.by, &self.rows, &self.columns].into_iter().flatten().collect();
        let axes: Vec<_> = names.iter().filter_map(|name| scope.find(name)).collect();
        let levels = axes.iter().flat_map(|axis| &axis.levels).map(Level::to_string);
        let shown: Vec<String> = self.y.iter().chain(names).cloned().chain(levels).collect();
        for (name, label) in &self.labels {
            let at = format!("labels.{name}");
            check_line(&at, label)?;
            // A level may be not in this run.
            if !shown.contains(name) && !axes.iter().any(|axis| axis.replaced) {
                let error = ConfigError::new(&at, format!("the figure shows no `{name}`"), "").at_key();
                return Err(error.suggesting(name, shown.iter().map(String::as_str)));
            }
        }
        Ok(())
    }

    /// A number of all seeds together, where every seed is shown.
    fn of_all(&self, path: &str, name: &str) -> ConfigError {
        let message = format!("`{name}` is of all seeds together: a {} shows each", self.kind.name());
        let plain = Discrimination::split(name).map_or(name, |(_, plain)| plain);
        ConfigError::new(path, message, format!("`{plain}`, or another kind"))
    }
}

fn missing(key: &str, help: &str) -> ConfigError {
    ConfigError { kind: Kind::Missing, ..ConfigError::new("", format!("`{key}` is missing"), help) }
}

/// Refuses what a list names twice.
fn once<T: AsRef<str>>(key: &str, listed: &[T]) -> Result<(), ConfigError> {
    let again = |i: &usize| listed[..*i].iter().any(|before| before.as_ref() == listed[*i].as_ref());
    let Some(i) = (0..listed.len()).find(again) else { return Ok(()) };
    let message = format!("`{}` is listed twice", listed[i].as_ref());
    Err(ConfigError::new(&format!("{key}.{i}"), message, "list it once"))
}

/// A theory that is asked about a metric of which it says nothing.
pub(super) fn mute(path: &str, theory: Theory, metric: &str) -> ConfigError {
    let message = format!("`{}` says nothing of {metric}", theory.name());
    ConfigError::new(path, message, format!("it speaks of {}", theory.metrics().join(", ")))
}
