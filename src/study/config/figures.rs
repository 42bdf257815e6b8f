//! `[[figures]]`: what to draw, as data. Every axis is drawn along or pinned.

use super::ConfigError;
use super::axes::{check_word, no_level, table};
use super::claims::{Quantity, only_one};
use super::grammar::of;
use super::kind::{FigureKind, Measured, Traits};
use super::level::Level;
use super::read::read_checked;
use super::selectors::{Metric, Pin, Pins, Scope, Spelt, Used, check_line, dotted};
use super::style::{Scale, Scales, WrittenScales};
use super::tree::Value;
use crate::numerics::error::Kind;
use crate::numerics::ranges::{Count, Levels, one_or_more};
use crate::numerics::stats::{Average, Discrimination};
use crate::study::theory::Theory;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::VariantNames;

/// One figure.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FigureConfig {
    /// Name of its file: `[a-z0-9_]+`, unique.
    #[schemars(regex(pattern = "^[a-z0-9_]+$"))]
    pub name: String,
    /// Its headline, in place of the experiment's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How it is drawn.
    #[serde(default, skip_serializing_if = "FigureKind::is_default")]
    #[schemars(extend("default" = "lines"))]
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
    /// The level at which each other axis stands still; of an axis that is drawn, a list of the levels that are.
    #[serde(rename = "where", default, deserialize_with = "dotted", skip_serializing_if = "Pins::is_empty")]
    #[schemars(with = "Spelt<Levels<Level>>")]
    pub pins: Pins,
    /// What is drawn over lines to compare them with, or over a heat map as boundaries.
    #[serde(default, deserialize_with = "one_or_more", skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Levels<Theory>")]
    pub theory: Vec<Theory>,
    /// What is drawn of the seeds.
    #[serde(default, skip_serializing_if = "Average::is_default")]
    #[schemars(extend("default" = "mean"))]
    pub statistic: Average,
    /// Of lines: how many seeds' own curves are drawn, thin, under their mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub curves: Option<Count>,
    /// What is made of y before it is drawn.
    #[serde(flatten)]
    #[schemars(skip)]
    pub quantity: Option<Quantity>,
    /// Whether all metrics of `y` share one panel and its scale.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub together: bool,
    /// How the numbers of its axes are spaced: of x, or `{ x = …, y = … }`.
    #[serde(default, deserialize_with = "Scales::read", skip_serializing_if = "Scales::is_default")]
    #[schemars(with = "Option<WrittenScales>")]
    pub scale: Scales,
    /// What metrics, axes and levels are called on it, in place of their names.
    #[serde(default, deserialize_with = "dotted", skip_serializing_if = "IndexMap::is_empty")]
    #[schemars(with = "Spelt<String>")]
    pub labels: IndexMap<String, String>,
}

/// What x may be besides an axis.
pub(super) const MEASURED_X: [&str; 2] = ["kl", "sqrt_kl"];

impl FigureConfig {
    /// Reads one figure; what this run lacks for it, if anything.
    pub(super) fn read(value: &Value, scope: &Scope) -> Result<(Self, Option<String>), ConfigError> {
        let figure = table(value, "a table")?;
        let known = of::<FigureConfig>();
        let known = known["properties"].as_object().expect("a table of keys").keys().map(String::as_str);
        let known: Vec<&str> = known.chain(Quantity::VARIANTS.iter().copied()).collect();
        if let Some(key) = figure.keys().find(|key| !known.contains(&key.get_ref().as_ref())) {
            let error = ConfigError::unknown("", "key", key.get_ref(), known);
            return Err(error.written_at(key.span()));
        }
        let quantity = only_one::<Quantity>(figure)?.unwrap_or_default();
        read_checked(value, |figure: FigureConfig| figure.checked(scope, quantity))
    }

    /// Checks what its types cannot say, given the key of its quantity.
    fn checked(mut self, scope: &Scope, quantity: &str) -> Result<(Self, Option<String>), ConfigError> {
        check_word("figure", &self.name)?;
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
        let lacks = self.check_quantity(scope, quantity, &mut used)?;
        for (i, y) in self.y.iter().enumerate() {
            scope.check_metric(&format!("y.{i}"), y)?;
        }
        once("y", &self.y)?;
        once("theory", &self.theory.iter().map(|theory| theory.name()).collect::<Vec<_>>())?;
        if let Some(title) = &self.title {
            check_line("title", title)?;
        }
        self.check_kind()?;
        let chosen = self.take_chosen(scope, &used)?;
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
        scope.pin_added(&mut self.pins);
        scope.check_pinned(&used, &self.pins, "draw it along x, by, rows or columns, or")?;
        self.pins.extend(chosen);
        Ok((self, lacks))
    }

    /// Takes out of `where` the lists of levels of axes that it draws, without levels that are not in this run.
    fn take_chosen(&mut self, scope: &Scope, used: &Used) -> Result<Pins, ConfigError> {
        let mut chosen = Pins::new();
        for (name, pin) in std::mem::take(&mut self.pins) {
            let (Pin::Among(mut levels), Some(axis)) = (pin.clone(), scope.find(&name)) else {
                self.pins.insert(name, pin);
                continue;
            };
            if !used.contains_key(&name) {
                self.pins.insert(name, pin);
                continue;
            }
            let at = format!("where.{name}");
            if levels.is_empty() {
                let help = "list those to draw, or take it out";
                return Err(ConfigError::new(&at, "an empty list of levels", help).of_kind(Kind::Missing));
            }
            let gone = |level: &Level| !axis.levels.contains(level);
            if let Some(i) = levels.iter().position(gone).filter(|_| !axis.replaced) {
                return Err(no_level(&name, &levels[i], &axis.levels, &[]).of(format!("{at}.{i}")));
            }
            if let Some(i) = (1..levels.len()).find(|i| levels[..*i].contains(&levels[*i])) {
                let message = format!("`{}` is listed twice", levels[i]);
                return Err(ConfigError::new(&format!("{at}.{i}"), message, "list each level once"));
            }
            levels.retain(|level| !gone(level));
            if !levels.is_empty() {
                chosen.insert(name, Pin::Among(levels));
            }
        }
        Ok(chosen)
    }

    /// Checks x, and notes the axis it is drawn along.
    fn check_x(&self, scope: &Scope, used: &mut Used) -> Result<(), ConfigError> {
        let kind = self.kind;
        let (words, slots) = (kind.name(), kind.traits().slots);
        let refuse = |message: String, help: &str| Err(ConfigError::new("x", message, help));
        let Some(name) = self.x.as_deref() else {
            return if kind.traits().thresholds {
                Ok(())
            } else {
                Err(missing("x", "a figure has a name, x and y"))
            };
        };
        if kind.traits().thresholds {
            let message = format!("a {words} has no x: thresholds of y lie along it");
            return refuse(message, "take x away; by makes series");
        }
        let measured = MEASURED_X.contains(&name);
        match scope.find(name) {
            _ if measured && slots => {
                let message = format!("`{name}` is measured and has no levels: it cannot be x of {words}");
                return refuse(message, "x = \"pressure\", or kind = \"lines\"");
            }
            Some(axis) if !measured => {
                if !slots && axis.levels.iter().any(|level| level.number().is_none()) {
                    let message = format!("the levels of `{name}` are no numbers: it cannot be x of {words}");
                    let help = "draw it along by, rows or columns, or kind = \"bars\" or \"forest\"";
                    return refuse(message, help);
                }
                used.insert(name.to_owned(), "drawn along x");
            }
            // Points are at a pinned place.
            _ if kind.traits().any_x => {
                if !measured && scope.check_metric("x", name).is_err() {
                    let known = scope.names().chain(["sqrt_kl"]).chain(crate::lab::measure::METRICS);
                    return Err(ConfigError::unknown("x", "axis or metric", name, known));
                }
                self.check_of_seeds("x", name)?;
            }
            _ if measured => drop(used.insert("pressure".to_owned(), "drawn along x")),
            _ => {
                let known = scope.names().chain(MEASURED_X.into_iter().filter(|_| !slots));
                return Err(ConfigError::unknown("x", "axis", name, known));
            }
        }
        Ok(())
    }

    /// What only some kinds have, and what some cannot.
    fn check_kind(&self) -> Result<(), ConfigError> {
        let (kind, y, together) = (self.kind, &self.y, self.together);
        let Traits { y: measured, slots, seeds, from_zero, theory, thresholds, stacked, .. } = kind.traits();
        if seeds || self.curves.is_some() {
            y.iter().enumerate().try_for_each(|(i, y)| self.check_of_seeds(&format!("y.{i}"), y))?;
        }
        let iqm = self.statistic == Average::Iqm;
        let scale = (self.scale.x.is_some(), self.scale.y == Some(Scale::Log));
        let no_place = [
            ("curves", self.curves.is_some() && kind != FigureKind::Lines, "only lines are curves"),
            ("theory", !self.theory.is_empty() && !theory, "it is drawn over lines and heat maps"),
            ("statistic", iqm && stacked, "means add up, interquartile means do not"),
            ("statistic", iqm && seeds, "every seed is shown, and no statistic of them"),
            ("by", stacked && self.by.is_some(), "its metrics are the series"),
            ("together", together && !kind.traits().together, "several metrics have places of their own"),
            ("scale", slots && scale.0, "x is a row of levels"),
            ("scale.y", from_zero && scale.1, "y starts at 0, which has no logarithm"),
        ];
        if let Some((key, _, why)) = no_place.into_iter().find(|(_, given, _)| *given) {
            let message = format!("a figure of {} has no `{key}`: {why}", kind.name());
            return Err(ConfigError::new(key, message, "take it away, or kind = \"lines\""));
        }
        let over_seeds = iqm && y.iter().any(|y| Discrimination::split(y).is_some());
        let numbers = [
            (
                "statistic",
                over_seeds,
                "what is of all seeds together has no interquartile mean",
                "take it away",
            ),
            ("y", stacked && y.len() < 2, "bands stack several metrics, and y has one", "give several"),
            ("y", thresholds && y.len() > 1, "thresholds of several metrics differ", "make a figure of each"),
            ("together", together && y.len() < 2, "y has one metric: nothing is together", "take it away"),
        ];
        if let Some((key, _, message, help)) = numbers.into_iter().find(|(_, broken, ..)| *broken) {
            return Err(ConfigError::new(key, message, help));
        }
        self.check_theory()?;
        match self.by {
            None if measured == Measured::Colours => {
                Err(missing("by", "a heat map has x across and by down"))
            }
            _ => Ok(()),
        }
    }

    /// A theory must have something to say of the figure.
    fn check_theory(&self) -> Result<(), ConfigError> {
        let heat = self.kind.traits().y == Measured::Colours;
        for (i, theory) in self.theory.iter().enumerate() {
            let at = format!("theory.{i}");
            if heat && !theory.bounds_phases() {
                let bounds = Theory::ALL.into_iter().filter(|theory| theory.bounds_phases());
                let bounds = bounds.map(Theory::name).collect::<Vec<_>>().join(", ");
                let message = format!("`{}` has no boundaries to draw over a heat map", theory.name());
                let help = format!("{bounds} can be drawn over heat, others over lines");
                return Err(ConfigError::new(&at, message, help));
            }
            if *theory == Theory::Gao && self.x.as_deref() != Some("sqrt_kl") {
                let message = "`gao` is of gold over √KL";
                return Err(ConfigError::new(&at, message, "x = \"sqrt_kl\", or take it away"));
            }
            if !heat && !self.y.iter().any(|metric| theory.speaks_of(metric)) {
                return Err(mute(&at, *theory, &self.y.join(", ")));
            }
        }
        Ok(())
    }

    /// Labels are of metrics, axes and levels that it shows; those of levels that are not in
    /// this run are taken out.
    fn check_labels(&mut self, scope: &Scope) -> Result<(), ConfigError> {
        let names: Vec<&String> =
            [&self.x, &self.by, &self.rows, &self.columns].into_iter().flatten().collect();
        let axes: Vec<_> = names.iter().filter_map(|name| scope.find(name)).collect();
        let levels = axes.iter().flat_map(|axis| &axis.levels).map(Level::to_string);
        let shown: Vec<String> = self.y.iter().chain(names).cloned().chain(levels).collect();
        let replaced = axes.iter().any(|axis| axis.replaced);
        for (name, label) in &self.labels {
            let at = format!("labels.{name}");
            check_line(&at, label)?;
            if !shown.contains(name) && !replaced {
                let error = ConfigError::new(&at, format!("the figure shows no `{name}`"), "").at_key();
                return Err(error.suggesting(name, shown.iter().map(String::as_str)));
            }
        }
        self.labels.retain(|name, _| shown.contains(name));
        Ok(())
    }

    /// Refuses a number of all seeds together, where every seed is shown.
    fn check_of_seeds(&self, path: &str, name: &str) -> Result<(), ConfigError> {
        let Some((_, plain)) = Discrimination::split(name) else { return Ok(()) };
        let message = format!("`{name}` is of all seeds together: a {} shows each", self.kind.name());
        Err(ConfigError::new(path, message, format!("`{plain}`, or another kind")))
    }
}

fn missing(key: &str, help: &str) -> ConfigError {
    ConfigError::new("", format!("`{key}` is missing"), help).of_kind(Kind::Missing)
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
    if theory == Theory::Gao && metric == "gold" {
        let message = "`gao` is fitted to what a figure shows: nothing can be held against it";
        return ConfigError::new(path, message, "take it away");
    }
    let message = format!("`{}` says nothing of {metric}", theory.name());
    ConfigError::new(path, message, format!("it speaks of {}", theory.metrics().join(", ")))
}
