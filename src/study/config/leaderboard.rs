//! `[leaderboard]`: who does best over tasks, for the money.

use super::ConfigError;
use super::axes::table;
use super::claims::check_numbers;
use super::level::Level;
use super::read::read_checked;
use super::selectors::{Metric, Pins, Scope, Spelt, Used, dotted, one_level};
use super::tree::Value;
use crate::numerics::ranges::{Finite, Levels, one_or_more};
use crate::numerics::stats::Discrimination;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Entrants compared over tasks by the area under a curve, and by what it takes them to reach some heights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaderboardConfig {
    /// The axis whose levels compete; the first is what the others are compared with.
    pub entrants: String,
    /// The axis whose levels are the tasks, or several: then a task is a level of each.
    #[serde(deserialize_with = "one_or_more")]
    #[schemars(with = "Levels<String>")]
    pub tasks: Vec<String>,
    /// The axis of numbers along which the curve is: what is spent. Distances along it are those of log₂.
    pub along: String,
    /// What is measured; `efficiency` unless given.
    #[serde(default = "efficiency")]
    #[schemars(with = "Metric")]
    pub metric: String,
    /// Heights: what it takes to reach each is told beside the area.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reach: Vec<Finite>,
    /// The level at which each other axis stands still.
    #[serde(rename = "where", default, deserialize_with = "dotted", skip_serializing_if = "Pins::is_empty")]
    #[schemars(with = "Spelt<Level>")]
    pub pins: Pins,
}

fn efficiency() -> String {
    "efficiency".to_owned()
}

impl LeaderboardConfig {
    /// Reads it; what this run lacks for it, if anything.
    pub(super) fn read(value: &Value, scope: &Scope) -> Result<(Self, Option<String>), ConfigError> {
        table(value, "a table")?;
        read_checked(value, |board: LeaderboardConfig| board.checked(scope))
    }

    fn checked(mut self, scope: &Scope) -> Result<(Self, Option<String>), ConfigError> {
        scope.check_metric("metric", &self.metric)?;
        if Discrimination::split(&self.metric).is_some() {
            let message = format!("`{}` is of all seeds together: it has no curve in each", self.metric);
            return Err(ConfigError::new("metric", message, "another metric, as efficiency or gold"));
        }
        let mut used = Used::new();
        let tasks = self.tasks.iter().enumerate().map(|(i, task)| (format!("tasks.{i}"), task, "a task"));
        let ends = [("entrants", &self.entrants, "who competes"), ("along", &self.along, "what is spent")];
        let ends = ends.into_iter().map(|(at, axis, words)| (at.to_owned(), axis, words));
        for (at, name, words) in ends.chain(tasks) {
            scope.axis(&at, name)?;
            if let Some(before) = used.insert(name.clone(), words) {
                let message = format!("`{name}` is {before} already");
                return Err(ConfigError::new(&at, message, "name each axis once"));
            }
        }
        check_numbers(scope, "along", &self.along, true)?;
        for (axis, pin) in scope.not_in_this_run("where", &self.pins, &used)? {
            if let Some(there) = scope.find(&axis).filter(|there| there.levels.len() > 1)
                && let super::Pin::Level(level) = &pin
            {
                return Err(there.no_level(level).of(format!("where.{axis}")));
            }
            self.pins.shift_remove(&axis);
        }
        scope.pin_added(&mut self.pins);
        scope.check_pinned(&used, &self.pins, "name it among tasks, or")?;
        if let Some(i) = (1..self.reach.len()).find(|i| self.reach[..*i].contains(&self.reach[*i])) {
            let message = format!("{} is listed twice", self.reach[i].get());
            return Err(ConfigError::new(&format!("reach.{i}"), message, "list each height once"));
        }
        let along = scope.axis("along", &self.along)?;
        match along.levels.len() {
            0 | 1 if along.replaced => {
                let lacks = one_level(&self.along);
                Ok((self, Some(lacks)))
            }
            0 | 1 => {
                let message = format!("`{}` has one level: there is no curve", self.along);
                Err(ConfigError::new("along", message, "an axis of several levels"))
            }
            _ => Ok((self, None)),
        }
    }
}
