//! From TOML to a claim: everything that can be wrong with one is said here.

use super::{Against, Along, ClaimConfig, Compared, Quantity, Test, Trend, replaced};
use crate::numerics::stats::{Average, Discrimination};
use crate::study::config::axes::table;
use crate::study::config::figures::mute;
use crate::study::config::level::Level;
use crate::study::config::schema::found;
use crate::study::config::selectors::{Pins, Scope, check_keys, choice, line, text};
use crate::study::config::source::Flaw;
use crate::study::config::tree::{Key, Tree, Value};
use crate::study::theory::Theory;
use indexmap::IndexMap;
use toml::de::DeValue;

const TESTS: [&str; 6] = ["increases", "decreases", "peaks", "equals", "greater", "less"];
const QUANTITIES: [&str; 5] = ["share", "slope", "auc", "argmax", "crossing"];

/// Reads one claim.
pub(in crate::study::config) fn read(value: &Value, scope: &Scope) -> Result<ClaimConfig, Flaw> {
    let claim = table(value, "a table")?;
    let known = [&["say", "metric", "where", "control", "estimand"], &TESTS[..], &QUANTITIES[..]].concat();
    check_keys(claim, "a claim", &known)?;
    let missing = |name: &str| {
        Flaw::new(value.span(), format!("`{name}` is missing"), "a claim has say, metric and a test")
    };
    let say = line(claim.get("say").ok_or_else(|| missing("say"))?)?;
    let metric = scope.metric(&text(claim.get("metric").ok_or_else(|| missing("metric"))?)?)?;
    let over_seeds = Discrimination::split(&metric).is_some();
    let mut reader = Reader { scope, used: IndexMap::new(), moot: None };
    let quantity = match only_one(claim, &QUANTITIES)? {
        None => None,
        Some((key, _)) if over_seeds && key.get_ref() != "share" => {
            let message = format!("`{metric}` is of all seeds together: it has no curve in each");
            return Err(Flaw::new(
                key.span(),
                message,
                "compare along the axis: increases, decreases or peaks",
            ));
        }
        Some((key, value)) => Some(reader.quantity(key, value)?),
    };
    let (key, terms) = only_one(claim, &TESTS)?.ok_or_else(|| {
        let help = format!("a claim has one of {}", TESTS.join(", "));
        Flaw::new(value.span(), "the claim tests nothing", help)
    })?;
    let test = reader.test(key, terms)?;
    if let (Some((name, Against::Theory(theory))), Some(terms)) = (test.against(), terms.get_ref().as_table())
        && !theory.speaks_of(&metric)
    {
        let key = if name == "equals" { "value" } else { "than" };
        return Err(mute(terms[key].span(), *theory, &metric));
    }
    let number = matches!(test.against(), Some((_, Against::Number(_))));
    if matches!(quantity, Some(Quantity::Share { .. })) && !number {
        let help = "use equals, greater or less, with a number";
        return Err(Flaw::new(key.span(), "a share can only be compared with a number", help));
    }
    let named = Average::ALL.map(|average| (average.name(), average));
    let estimand = choice(claim, "estimand", "estimand", &named)?.unwrap_or_default();
    if estimand == Average::Iqm && matches!(quantity, Some(Quantity::Share { .. })) {
        let help = "a share of means is tested through the mean of x − from − v·(to − from)";
        return Err(Flaw::new(claim["estimand"].span(), "a share has no interquartile mean", help));
    }
    if estimand == Average::Iqm && over_seeds {
        let message = format!("`{metric}` is of all seeds together: it has no interquartile mean");
        return Err(Flaw::new(claim["estimand"].span(), message, "take `estimand` away"));
    }
    let pins = claim.get("where").map(|at| reader.pins(at)).transpose()?.unwrap_or_default();
    let control = claim.get("control").map(|at| reader.pins(at)).transpose()?;
    let moot = reader.moot;
    if moot.is_none() {
        scope.check_pinned(value.span(), &reader.used, &pins, "compare along it, or")?;
    }
    let read = ClaimConfig { say, metric, estimand, pins, quantity, test, control, moot };
    check_places(&read, claim, value, scope)?;
    Ok(read)
}

/// The one entry among some that exclude each other.
fn only_one<'a, 't>(
    claim: &'a Tree<'t>,
    names: &[&str],
) -> Result<Option<(&'a Key<'t>, &'a Value<'t>)>, Flaw> {
    let mut there: Vec<_> = names.iter().filter_map(|name| claim.get_key_value(*name)).collect();
    there.sort_by_key(|(key, _)| key.span().start);
    match there[..] {
        [(first, _), (second, _), ..] => {
            let message = format!("`{}` beside `{}`", second.get_ref(), first.get_ref());
            Err(Flaw::new(second.span(), message, "one of them to a claim: write two claims"))
        }
        _ => Ok(there.first().copied()),
    }
}

struct Reader<'a> {
    scope: &'a Scope,
    /// Axes that are compared along.
    used: IndexMap<String, &'static str>,
    moot: Option<String>,
}

impl Reader<'_> {
    fn quantity(&mut self, key: &Key, value: &Value) -> Result<Quantity, Flaw> {
        let name = key.get_ref().as_ref();
        let terms = table(value, "a table")?;
        if name == "share" {
            check_keys(terms, "share", &["from", "to"])?;
            let [from, to] = ["from", "to"].map(|side| {
                let missing = || {
                    Flaw::new(
                        value.span(),
                        format!("`{side}` is missing"),
                        "share = { from = { … }, to = { … } }, levels of axes",
                    )
                };
                self.pins(terms.get(side).ok_or_else(missing)?)
            });
            return Ok(Quantity::Share { from: from?, to: to? });
        }
        let keys: &[&str] = if name == "crossing" { &["along", "log", "at"] } else { &["along", "log"] };
        check_keys(terms, name, keys)?;
        let axis = self.along(terms, value, name)?;
        let log = match terms.get("log").map(|v| (v, v.get_ref())) {
            None => false,
            Some((_, DeValue::Boolean(b))) => *b,
            Some((v, _)) => {
                let message = format!("expected true or false, found {}", found(v));
                return Err(Flaw::new(v.span(), message, "log = true counts levels by their log₂"));
            }
        };
        let at = &terms.get("along").expect("just read");
        let levels = &self.scope.axes.iter().find(|a| a.name == axis).expect("just read").levels;
        if levels.iter().any(|l| l.number().is_none_or(|x| !x.is_finite())) {
            let help = "slope, auc, argmax and crossing need an axis of finite numbers";
            return Err(Flaw::new(at.span(), format!("the levels of `{axis}` are no numbers"), help));
        }
        if log && levels.iter().any(|l| l.number().is_some_and(|x| x <= 0.0)) {
            let message = format!("`{axis}` has levels that are not positive");
            return Err(Flaw::new(at.span(), message, "leave out log = true"));
        }
        let along = Along { along: axis, log };
        Ok(match name {
            "slope" => Quantity::Slope(along),
            "auc" => Quantity::Auc(along),
            "argmax" => Quantity::Argmax(along),
            _ => Quantity::Crossing { along, at: number_in(terms, value, name, "at", None)? },
        })
    }

    fn test(&mut self, key: &Key, value: &Value) -> Result<Test, Flaw> {
        let name = key.get_ref().as_ref();
        let terms = table(value, "a table")?;
        let keys: &[&str] = match name {
            "increases" | "decreases" => &["along", "by", "tolerance"],
            "peaks" => &["along", "rise", "fall"],
            "equals" => &["value", "within"],
            _ => &["than", "by"],
        };
        check_keys(terms, name, keys)?;
        let margin = |key: &str, default| margin(terms, value, name, key, default);
        Ok(match name {
            "increases" | "decreases" => {
                let along = self.along(terms, value, name)?;
                let by = margin("by", None)?;
                let trend = Trend { along, by, tolerance: margin("tolerance", Some(by))? };
                if name == "increases" { Test::Increases(trend) } else { Test::Decreases(trend) }
            }
            "peaks" => Test::Peaks {
                along: self.along(terms, value, name)?,
                rise: margin("rise", None)?,
                fall: margin("fall", None)?,
            },
            "equals" => Test::Equals {
                value: self.against(terms, value, name, "value")?,
                within: margin("within", None)?,
            },
            _ => {
                let compared = Compared {
                    than: self.against(terms, value, name, "than")?,
                    by: margin("by", Some(0.0))?,
                };
                if name == "greater" { Test::Greater(compared) } else { Test::Less(compared) }
            }
        })
    }

    /// The axis to compare along.
    fn along(&mut self, terms: &Tree, value: &Value, name: &str) -> Result<String, Flaw> {
        let missing =
            || Flaw::new(value.span(), "`along` is missing", format!("{name} = {{ along = \"AXIS\", … }}"));
        let key = text(terms.get("along").ok_or_else(missing)?)?;
        let axis = self.scope.axis(&key)?;
        if axis.most < 2 {
            if axis.replaced.is_empty() && !["round", "pressure"].contains(&axis.name.as_str()) {
                let message = format!("`{}` has one level: nothing to compare along", axis.name);
                return Err(Flaw::new(key.span(), message, "name an axis of several levels"));
            }
            self.moot = Some(format!("`{}` has one level in this run", axis.name));
        }
        if self.used.insert(axis.name.clone(), "compared along").is_some() {
            let message = format!("`{}` is compared along already", axis.name);
            return Err(Flaw::new(key.span(), message, "compare along one thing"));
        }
        Ok(axis.name.clone())
    }

    /// Levels of axes; one that the command line replaced makes the claim moot.
    fn pins(&mut self, value: &Value) -> Result<Pins, Flaw> {
        let (pins, gone) = self.scope.pins_and_gone(value, &self.used)?;
        if let Some(gone) = gone.first() {
            self.moot = Some(format!("`{}` has no level {} in this run", gone.axis.name, gone.level));
        }
        Ok(pins)
    }

    fn against(&mut self, terms: &Tree, value: &Value, name: &str, key: &str) -> Result<Against, Flaw> {
        let missing = || {
            let help =
                format!("{name} = {{ {key} = …, … }}: a number, a level elsewhere, or what theory says");
            Flaw::new(value.span(), format!("`{key}` is missing"), help)
        };
        let given = terms.get(key).ok_or_else(missing)?;
        match given.get_ref() {
            DeValue::Table(_) => Ok(Against::Elsewhere(self.pins(given)?)),
            DeValue::String(name) => {
                let theory = Theory::ALL.into_iter().find(|t| t.name() == name.as_ref());
                theory.map(Against::Theory).ok_or_else(|| {
                    let message = format!("there is no theory `{name}`");
                    Flaw::unknown(given.span(), message, name, Theory::ALL.map(Theory::name))
                })
            }
            _ => Ok(Against::Number(number_in(terms, value, name, key, None)?)),
        }
    }
}

/// A finite number among the terms of a test.
fn number_in(terms: &Tree, value: &Value, name: &str, key: &str, default: Option<f64>) -> Result<f64, Flaw> {
    let Some(given) = terms.get(key) else {
        let missing =
            Flaw::new(value.span(), format!("`{key}` is missing"), format!("{name} = {{ {key} = …, … }}"));
        return default.ok_or(missing);
    };
    match Level::read(given).ok().and_then(|level| level.number()) {
        Some(x) if x.abs() <= 1e30 => Ok(x),
        _ => {
            let message = format!("expected a finite number, found {}", found(given));
            Err(Flaw::new(given.span(), message, "a number from -1e30 to 1e30"))
        }
    }
}

/// A margin: a number that is not negative.
fn margin(terms: &Tree, value: &Value, name: &str, key: &str, default: Option<f64>) -> Result<f64, Flaw> {
    let x = number_in(terms, value, name, key, default)?;
    if x < 0.0 {
        let span = terms.get(key).map_or_else(|| value.span(), Value::span);
        return Err(Flaw::new(span, format!("`{key}` is negative: {x}"), "a margin is 0 or more"));
    }
    Ok(x)
}

/// Refuses a control that is no other place, and places where there is no cell.
fn check_places(claim: &ClaimConfig, written: &Tree, value: &Value, scope: &Scope) -> Result<(), Flaw> {
    if claim.moot.is_some() {
        return Ok(());
    }
    let span = |key: &str| written.get(key).map_or_else(|| value.span(), Value::span);
    let here = ("where", claim.pins.clone());
    let there = claim.control.as_ref().map(|control| ("control", replaced(&claim.pins, control)));
    let mut compared: Vec<(&str, &Pins)> = Vec::new();
    if let Some(Quantity::Share { from, to }) = &claim.quantity {
        if replaced(&claim.pins, from) == replaced(&claim.pins, to) {
            let help = "from counts as 0 and to as 1: name two places";
            return Err(Flaw::new(span("share"), "the way leads from a place to itself", help));
        }
        compared.extend([("share", from), ("share", to)]);
    }
    if let Some((key, Against::Elsewhere(there))) = claim.test.against() {
        compared.push((key, there));
    }
    if there.as_ref().is_some_and(|(_, there)| *there == claim.pins) {
        let help = "name a level that is another than in where";
        return Err(Flaw::new(span("control"), "`control` is where the claim itself is", help));
    }
    for (place, pins) in [Some(here), there].into_iter().flatten() {
        for (key, by) in std::iter::once((place, &Pins::new())).chain(compared.iter().copied()) {
            let at = replaced(&pins, by);
            if key != place && at == pins {
                let of = if place == "where" { "the claim itself" } else { "its control" };
                let help = "name a level that makes another place of it";
                return Err(Flaw::new(span(key), format!("`{key}` compares {of} with itself"), help));
            }
            if !scope.exists(&at) {
                return Err(Flaw::new(
                    span(key),
                    "there is no cell at these levels",
                    "`undefined` leaves it out",
                ));
            }
        }
    }
    Ok(())
}
