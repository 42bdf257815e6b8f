//! From TOML to a claim: everything that can be wrong with one is said here.

use super::{Against, ClaimConfig, Quantity, Test, Trend, replaced};
use crate::numerics::error::Kind;
use crate::numerics::ranges::NonNegative;
use crate::numerics::stats::{Average, Discrimination};
use crate::study::config::ConfigError;
use crate::study::config::axes::{in_order, table};
use crate::study::config::figures::mute;
use crate::study::config::level::Level;
use crate::study::config::read::read;
use crate::study::config::selectors::{Metric, Pin, Pins, Scope, Selection, Used, check_line, dotted};
use crate::study::config::tree::{Tree, Value, locate};
use crate::study::theory::Theory;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IntoDeserializer, value::Error};
use toml::Spanned;
use toml::de::DeValue;

/// The tests, of which a claim has one.
pub(in crate::study) const TESTS: [&str; 6] =
    ["increases", "decreases", "peaks", "equals", "greater", "less"];
/// What can be made of a metric, of which a claim has at most one.
pub(in crate::study) const QUANTITIES: [&str; 5] = ["share", "slope", "auc", "argmax", "crossing"];

/// A claim without its test and its quantity.
#[derive(Deserialize, JsonSchema)]
pub(in crate::study) struct Head {
    /// The sentence.
    say: String,
    /// What it is about.
    #[schemars(with = "Metric")]
    metric: String,
    /// Which average over seeds it is about.
    #[serde(default)]
    estimand: Average,
    /// Where every axis of several levels stands still that is not compared along.
    #[serde(rename = "where", default, deserialize_with = "dotted")]
    #[schemars(with = "Option<Selection>")]
    pins: Pins,
    /// Where it must not be so: levels that replace those of `where`.
    #[serde(default)]
    #[schemars(with = "Option<Selection>")]
    control: Option<Place>,
}

/// Levels of axes.
#[derive(Deserialize)]
struct Place(#[serde(deserialize_with = "dotted")] Pins);

/// What something is compared with, as it is written.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a number, what theory says, or levels of axes")]
pub(in crate::study) enum Other {
    /// A number.
    Number(f64),
    /// What theory says of the same row.
    Theory(#[schemars(with = "Theory")] String),
    /// The same at other levels.
    Elsewhere(
        #[serde(deserialize_with = "dotted")]
        #[schemars(with = "Selection")]
        Pins,
    ),
}

impl TryFrom<Other> for Against {
    type Error = String;

    fn try_from(other: Other) -> Result<Self, String> {
        match other {
            Other::Number(x) if x.abs() <= 1e30 => Ok(Against::Number(x)),
            Other::Number(x) => Err(format!("{x} is out of range: this must be a number from -1e30 to 1e30")),
            Other::Theory(name) => {
                let theory = Theory::deserialize(name.as_str().into_deserializer());
                theory.map(Against::Theory).map_err(|e: Error| e.to_string())
            }
            Other::Elsewhere(pins) => Ok(Against::Elsewhere(pins)),
        }
    }
}

/// Reads one claim.
pub(in crate::study::config) fn read_claim(value: &Value, scope: &Scope) -> Result<ClaimConfig, ConfigError> {
    let claim = table(value, "a table")?;
    let known = [&["say", "metric", "where", "control", "estimand"], &TESTS[..], &QUANTITIES[..]].concat();
    if let Some(key) = claim.keys().find(|key| !known.contains(&key.get_ref().as_ref())) {
        let error = ConfigError::unknown("", "key", key.get_ref(), known);
        return Err(error.written_at(key.span()));
    }
    let Head { say, metric, estimand, pins, control } = read(value)?;
    let locate = |error| locate(value, error);
    check_line("say", &say).map_err(locate)?;
    scope.check_metric("metric", &metric).map_err(locate)?;
    let quantity = only_one::<Quantity>(claim, &QUANTITIES)?;
    let (key, test) = only_one::<Test>(claim, &TESTS)?.ok_or_else(|| {
        let help = format!("a claim has one of {}", TESTS.join(", "));
        ConfigError::at(value.span(), "the claim tests nothing", help).of_kind(Kind::Missing)
    })?;
    let control = control.map(|Place(pins)| pins);
    let (name, quantity) = quantity.map_or(("", None), |(name, quantity)| (name, Some(quantity)));
    let read = ClaimConfig { say, metric, estimand, pins, quantity, test, control, moot: None };
    read.checked(scope, name, key).map_err(locate)
}

/// The one entry among some that exclude each other.
fn only_one<T: DeserializeOwned + JsonSchema>(
    claim: &Tree,
    names: &[&'static str],
) -> Result<Option<(&'static str, T)>, ConfigError> {
    let named = |key: &str| names.iter().copied().find(|name| *name == key);
    let mut there =
        in_order(claim).into_iter().filter_map(|(key, value)| Some((named(key.get_ref())?, key, value)));
    let Some((name, key, value)) = there.next() else { return Ok(None) };
    if let Some((second, at, _)) = there.next() {
        let message = format!("`{second}` beside `{name}`");
        let help = "one of them to a claim: write two claims";
        return Err(ConfigError::at(at.span(), message, help));
    }
    let alone = Tree::from_iter([(key.clone(), value.clone())]);
    Ok(Some((name, read(&Spanned::new(key.span(), DeValue::Table(alone)))?)))
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
            *tolerance = tolerance.or(NonNegative::new(*by));
        }
        if let Some((at, Against::Theory(theory))) = self.test.against()
            && !theory.speaks_of(&self.metric)
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
        if self.moot.is_none() {
            scope.check_pinned(&used, &self.pins, "compare along it, or")?;
            self.check_places(scope)?;
        }
        Ok(self)
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
            self.moot = Some(format!("`{name}` has one level in this run"));
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
        if let Some((axis, Pin::Level(level))) = gone.first() {
            self.moot = Some(format!("`{axis}` has no level {level} in this run"));
        }
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

    /// Refuses a control that is no other place, and places where there is no cell.
    fn check_places(&self, scope: &Scope) -> Result<(), ConfigError> {
        let compared = self.compared();
        if let [("share.from", from), (_, to), ..] = compared[..]
            && replaced(&self.pins, from) == replaced(&self.pins, to)
        {
            let help = "from counts as 0 and to as 1: name two places";
            return Err(ConfigError::new("share", "the way leads from a place to itself", help));
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
                if !scope.exists(&there) {
                    let message = "there is no cell at these levels";
                    return Err(ConfigError::new(key, message, "`undefined` leaves it out"));
                }
            }
        }
        Ok(())
    }
}

/// Refuses an axis without numbers, and logarithms of those that are not positive.
fn check_numbers(scope: &Scope, at: &str, axis: &str, log: bool) -> Result<(), ConfigError> {
    let levels = || scope.find(axis).into_iter().flat_map(|axis| &axis.levels).map(Level::number);
    if levels().any(|x| x.is_none_or(|x| !x.is_finite())) {
        let help = "slope, auc, argmax and crossing need an axis of finite numbers";
        return Err(ConfigError::new(at, format!("the levels of `{axis}` are no numbers"), help));
    }
    if log && levels().any(|x| x.is_some_and(|x| x <= 0.0)) {
        let message = format!("`{axis}` has levels that are not positive");
        return Err(ConfigError::new(at, message, "leave out log = true"));
    }
    Ok(())
}
