//! What a figure makes of y before it draws it.

use super::ConfigError;
use super::claims::{Quantity, check_numbers, check_way};
use super::figures::{FigureConfig, MEASURED_X};
use super::selectors::{Pin, Pins, Scope, Used, no_level_in_this_run, one_level};
use crate::numerics::stats::{Average, Discrimination};

impl FigureConfig {
    /// Checks what is made of y, given its key, and notes the axis that is used up in it; says what this run lacks for
    /// it, if anything.
    pub(super) fn check_quantity(
        &self,
        scope: &Scope,
        key: &str,
        used: &mut Used,
    ) -> Result<Option<String>, ConfigError> {
        let Some(quantity) = &self.quantity else { return Ok(None) };
        let refuse = |message: String, help: &str| Err(ConfigError::new(key, message, help).at_key());
        let kind = self.kind.name();
        if self.kind.traits().any_x || self.x.as_deref().is_some_and(|x| MEASURED_X.contains(&x)) {
            let message = format!("a figure has no `{key}` where x is measured");
            return refuse(message, "give an axis as x, and another kind than scatter");
        }
        if self.kind.traits().stacked {
            return refuse(
                format!("a figure of {kind} has no `{key}`: layers must add up"),
                "kind = \"bars\"",
            );
        }
        for (other, given) in [("theory", !self.theory.is_empty()), ("curves", self.curves.is_some())] {
            if given {
                let message = format!("`{other}` is of y, and `{key}` makes something else of it");
                return refuse(message, &format!("take one of the two away: {key} or {other}"));
            }
        }
        if let Some(i) = self.y.iter().position(|y| Discrimination::split(y).is_some()) {
            let message =
                format!("`{}` is of all seeds together: nothing can be made of it in each", self.y[i]);
            return Err(ConfigError::new(&format!("y.{i}"), message, format!("take `{key}` away")));
        }
        if let Quantity::Share { from, to } = quantity {
            return self.check_share(scope, from, to);
        }
        let Some(along) = quantity.along() else { return Ok(None) };
        let at = format!("{key}.along");
        let axis = scope.axis(&at, &along.along)?;
        check_numbers(scope, &at, &along.along, along.log)?;
        let chosen = match self.pins.get(&along.along) {
            Some(Pin::Among(levels)) => levels.len().min(axis.most),
            _ => axis.most,
        };
        if chosen < 2 && !axis.replaced {
            let message = format!("`{}` has one level here: there is no curve", along.along);
            return Err(ConfigError::new(&at, message, "an axis of several levels"));
        }
        if let Some(before) = used.insert(along.along.clone(), "what it is measured along") {
            let message = format!("`{}` is {before} already", along.along);
            return Err(ConfigError::new(&at, message, "an axis that is not drawn"));
        }
        Ok((chosen < 2).then(|| one_level(&along.along)))
    }

    fn check_share(&self, scope: &Scope, from: &Pins, to: &Pins) -> Result<Option<String>, ConfigError> {
        let refuse = |message: &str, help: &str| Err(ConfigError::new("share", message, help).at_key());
        if self.kind.traits().seeds {
            return refuse("a share is one of means, and every seed is shown", "kind = \"bars\" or \"heat\"");
        }
        if self.statistic == Average::Iqm {
            return refuse("a share is one of means", "take `statistic` away");
        }
        check_way(&self.pins, from, to).map_err(ConfigError::at_key)?;
        let mut gone = Pins::new();
        for (end, pins) in [("share.from", from), ("share.to", to)] {
            gone.extend(scope.not_in_this_run(end, pins, &Used::new())?);
        }
        Ok(no_level_in_this_run(&gone))
    }
}
