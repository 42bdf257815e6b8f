//! From TOML to a claim: everything that can be wrong with one is said here.

use super::{Against, ClaimConfig, ClaimKind, Quantity, Test, Trend, replaced};
use crate::numerics::error::Kind;
use crate::numerics::ranges::Finite;
use crate::numerics::stats::{Average, Discrimination};
use crate::study::config::ConfigError;
use crate::study::config::axes::table;
use crate::study::config::figures::mute;
use crate::study::config::level::Level;
use crate::study::config::read::{read, read_checked};
use crate::study::config::selectors::{
    Pins, Scope, Used, check_line, dotted, no_level_in_this_run, one_level,
};
use crate::study::config::tree::{Tree, Value, locate};
use crate::study::theory::Theory;
use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, Error, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use strum::VariantNames;
use toml::Spanned;
use toml::de::DeValue;

/// Reads one claim.
pub(in crate::study::config) fn read_claim(value: &Value, scope: &Scope) -> Result<ClaimConfig, ConfigError> {
    let claim = table(value, "a table")?;
    let known =
        [&["say", "kind", "metric", "where", "control", "estimand"], Test::VARIANTS, Quantity::VARIANTS]
            .concat();
    if let Some(key) = claim.keys().find(|key| !known.contains(&key.get_ref().as_ref())) {
        let error = ConfigError::unknown("", "key", key.get_ref(), known);
        return Err(error.written_at(key.span()));
    }
    let Named { say, metric } = read(value)?;
    let named = check_line("say", &say).and_then(|()| scope.check_metric("metric", &metric));
    named.map_err(|error| locate(value, error))?;
    let quantity = only_one::<Quantity>(claim)?.unwrap_or_default();
    let test = only_one::<Test>(claim)?.ok_or_else(|| {
        let help = format!("a claim has one of {}", Test::VARIANTS.join(", "));
        ConfigError::at(value.span(), "the claim tests nothing", help).of_kind(Kind::Missing)
    })?;
    read_checked(value, |claim: ClaimConfig| claim.checked(scope, quantity, test))
}

/// What is checked of a claim first.
#[derive(Deserialize, JsonSchema)]
struct Named {
    /// The sentence.
    say: String,
    /// The metric it is about.
    metric: String,
}

/// The name of the one entry among some that exclude each other. It is read here for itself: within
/// the claim its errors would have no place of their own.
pub(in crate::study::config) fn only_one<T: DeserializeOwned + JsonSchema + VariantNames>(
    claim: &Tree,
) -> Result<Option<&'static str>, ConfigError> {
    let named = |key: &str| T::VARIANTS.iter().copied().find(|name| *name == key);
    let mut there = claim.iter().filter_map(|(key, value)| Some((named(key.get_ref())?, key, value)));
    let Some((name, key, value)) = there.next() else { return Ok(None) };
    if let Some((second, at, _)) = there.next() {
        let message = format!("`{second}` beside `{name}`");
        let help = "one of them: write two";
        return Err(ConfigError::at(at.span(), message, help));
    }
    let alone = Tree::from_iter([(key.clone(), value.clone())]);
    read::<T>(&Spanned::new(key.span(), DeValue::Table(alone)))?;
    Ok(Some(name))
}

impl<'de> Deserialize<'de> for Against {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Against;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, what theory says, or levels of axes")
            }
            fn visit_i64<E: Error>(self, x: i64) -> Result<Against, E> {
                self.visit_f64(x as f64)
            }
            fn visit_f64<E: Error>(self, x: f64) -> Result<Against, E> {
                Finite::deserialize(x.into_deserializer()).map(|x| Against::Number(x.get()))
            }
            fn visit_str<E: Error>(self, name: &str) -> Result<Against, E> {
                Theory::deserialize(name.into_deserializer()).map(Against::Theory)
            }
            fn visit_map<A: MapAccess<'de>>(self, levels: A) -> Result<Against, A::Error> {
                dotted(MapAccessDeserializer::new(levels)).map(Against::Elsewhere)
            }
        }
        d.deserialize_any(Any)
    }
}

impl ClaimConfig {
    /// Checks what its types cannot say, given the keys of its quantity and of its test.
    fn checked(mut self, scope: &Scope, quantity: &str, test: &str) -> Result<Self, ConfigError> {
        let over_seeds = Discrimination::split(&self.metric).is_some();
        let of_all = format!("`{}` is of all seeds together", self.metric);
        let share = matches!(self.quantity, Some(Quantity::Share { .. }));
        if self.quantity.is_some() && over_seeds && !share {
            let help = "compare along the axis: increases, decreases or peaks";
            return Err(
                ConfigError::new(quantity, format!("{of_all}: it has no curve in each"), help).at_key()
            );
        }
        let mut used = Used::new();
        if let Some(along) = self.quantity.as_ref().and_then(Quantity::along) {
            let at = format!("{quantity}.along");
            self.compare_along(scope, &at, &along.along, &mut used)?;
            check_numbers(scope, &at, &along.along, along.log)?;
        }
        if let Some(along) = self.test.along().map(str::to_owned) {
            self.compare_along(scope, &format!("{test}.along"), &along, &mut used)?;
        }
        if let Test::Increases(Trend { by, tolerance, .. }) | Test::Decreases(Trend { by, tolerance, .. }) =
            &mut self.test
        {
            *tolerance = tolerance.or(Some(*by));
        }
        if let Some((at, Against::Theory(theory))) = self.test.against()
            && (*theory == Theory::Gao || !theory.speaks_of(&self.metric))
        {
            return Err(mute(at, *theory, &self.metric));
        }
        if share && !matches!(self.test.against(), Some((_, Against::Number(_)))) {
            let message = "a share can only be compared with a number";
            return Err(
                ConfigError::new(test, message, "use equals, greater or less, with a number").at_key()
            );
        }
        if self.estimand == Average::Iqm && share {
            let help = "a share of means is tested through the mean of x − from − v·(to − from)";
            return Err(ConfigError::new("estimand", "a share has no interquartile mean", help));
        }
        if self.estimand == Average::Iqm && over_seeds {
            let message = format!("{of_all}: it has no interquartile mean");
            return Err(ConfigError::new("estimand", message, "take `estimand` away"));
        }
        self.check_levels(scope, &used)?;
        scope.pin_added(&mut self.pins);
        self.check_crossing(scope)?;
        if self.moot.is_none() {
            scope.check_pinned(&used, &self.pins, "compare along it, or")?;
            self.moot = self.check_places(scope)?;
        }
        if self.kind == ClaimKind::Finding && self.control.is_none() {
            let help = "add control = { … }, a place where it must not be so; or say what it is: kind = \
                        \"identity\" (true by construction) or \"reproduction\" (of a known value)";
            return Err(ConfigError::new("", "a finding has no control", help).of_kind(Kind::Missing));
        }
        Ok(self)
    }

    /// Refuses a crossing that is said to be closer to a number than its axis has levels.
    /// One that the command line made coarser is not tested.
    fn check_crossing(&mut self, scope: &Scope) -> Result<(), ConfigError> {
        let (Some(quantity @ Quantity::Crossing(_)), Test::Equals { value: Against::Number(value), within }) =
            (&self.quantity, &self.test)
        else {
            return Ok(());
        };
        let Some(along) = quantity.along() else { return Ok(()) };
        let (name, axis) = (&along.along, scope.find(&along.along));
        let levels = axis.into_iter().flat_map(|axis| &axis.levels);
        let mut levels: Vec<f64> = levels.filter_map(|level| along.coordinate(level)).collect();
        levels.sort_by(f64::total_cmp);
        let around = levels.windows(2).filter(|step| step[0] <= *value && *value <= step[1]);
        let step = around.map(|step| step[1] - step[0]).fold(0.0, f64::max);
        if step <= within.get() * (1.0 + 1e-9) {
            return Ok(());
        }
        if axis.is_some_and(|axis| axis.replaced) {
            self.moot = Some(format!("`{name}` has steps of {step:.3} in this run"));
            return Ok(());
        }
        let message =
            format!("`{name}` has steps of {step:.3} there: no test within {} of {value}", within.get());
        let help = format!("add levels about {value}, or allow {step:.3}");
        Err(ConfigError::new("equals.within", message, help).of_kind(Kind::Range))
    }

    /// Notes an axis that is compared along.
    fn compare_along(
        &mut self,
        scope: &Scope,
        at: &str,
        name: &str,
        used: &mut Used,
    ) -> Result<(), ConfigError> {
        let axis = scope.axis(at, name)?;
        if axis.most < 2 {
            if !axis.replaced && !["round", "pressure"].contains(&name) {
                let message = format!("`{name}` has one level: nothing to compare along");
                return Err(ConfigError::new(at, message, "name an axis of several levels"));
            }
            self.moot = Some(one_level(name));
        }
        if used.insert(name.to_owned(), "compared along").is_some() {
            let message = format!("`{name}` is compared along already");
            return Err(ConfigError::new(at, message, "compare along one thing"));
        }
        Ok(())
    }

    /// Checks all levels that it names; one that is not in this run makes it moot.
    fn check_levels(&mut self, scope: &Scope, used: &Used) -> Result<(), ConfigError> {
        let mut named = vec![("where", &self.pins)];
        named.extend(self.control.as_ref().map(|control| ("control", control)));
        named.extend(self.compared());
        let mut gone = Pins::new();
        for (at, pins) in named {
            gone.extend(scope.not_in_this_run(at, pins, used)?);
        }
        self.moot = no_level_in_this_run(&gone).or(self.moot.take());
        Ok(())
    }

    /// The places that it compares with, by their paths.
    fn compared(&self) -> Vec<(&'static str, &Pins)> {
        let mut all = Vec::new();
        if let Some(Quantity::Share { from, to }) = &self.quantity {
            all.extend([("share.from", from), ("share.to", to)]);
        }
        if let Some((at, Against::Elsewhere(there))) = self.test.against() {
            all.push((at, there));
        }
        all
    }

    /// Refuses a control that is no other place, and places where there is no cell; where the command line chose
    /// levels of them, says why the claim is moot.
    fn check_places(&self, scope: &Scope) -> Result<Option<String>, ConfigError> {
        let compared = self.compared();
        if let [("share.from", from), (_, to), ..] = compared[..] {
            check_way(&self.pins, from, to)?;
        }
        let mut places = vec![("where", "the claim itself", self.pins.clone())];
        if let Some(control) = &self.control {
            let there = replaced(&self.pins, control);
            if there == self.pins {
                let help = "name a level that is another than in where";
                return Err(ConfigError::new("control", "`control` is where the claim itself is", help));
            }
            places.push(("control", "its control", there));
        }
        for (place, of, pins) in &places {
            for (at, by) in [(*place, &Pins::new())].into_iter().chain(compared.iter().copied()) {
                let there = replaced(pins, by);
                let key = at.split('.').next().unwrap_or(at);
                if key != *place && there == *pins {
                    let help = "name a level that makes another place of it";
                    let message = format!("`{key}` compares {of} with itself");
                    return Err(ConfigError::new(key, message, help));
                }
                if !scope.exists(&there) && scope.narrowed(&there) {
                    return Ok(Some("`undefined` leaves out its cells at the levels of this run".to_owned()));
                }
                if !scope.exists(&there) {
                    let message = "there is no cell at these levels";
                    return Err(ConfigError::new(key, message, "`undefined` leaves it out"));
                }
            }
        }
        Ok(None)
    }
}

/// Refuses a share of a way that leads from a place to itself.
pub(in crate::study::config) fn check_way(pins: &Pins, from: &Pins, to: &Pins) -> Result<(), ConfigError> {
    if replaced(pins, from) != replaced(pins, to) {
        return Ok(());
    }
    let help = "from counts as 0 and to as 1: name two places";
    Err(ConfigError::new("share", "the way leads from a place to itself", help))
}

/// Refuses an axis without numbers, and logarithms of those that are not positive.
pub(in crate::study::config) fn check_numbers(
    scope: &Scope,
    at: &str,
    axis: &str,
    log: bool,
) -> Result<(), ConfigError> {
    let levels = || scope.find(axis).into_iter().flat_map(|axis| &axis.levels).map(Level::number);
    if levels().any(|x| x.is_none_or(|x| !x.is_finite())) {
        let help = "a curve needs an axis of finite numbers";
        return Err(ConfigError::new(at, format!("the levels of `{axis}` are no numbers"), help));
    }
    if log && levels().any(|x| x.is_some_and(|x| x <= 0.0)) {
        let message = format!("`{axis}` has levels that are not positive");
        return Err(ConfigError::new(
            at,
            message,
            "logarithms, as of log = true and leaderboards, need positive levels",
        ));
    }
    Ok(())
}
