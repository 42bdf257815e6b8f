//! `[[figures]]`: what to draw, as data. Every axis is drawn along or pinned.

use super::axes::{check_word, table};
use super::level::Level;
use super::schema::found;
use super::source::{Flaw, Span};
use super::tree::{Key, Tree, Value, dotted, flatten, path_span};
use crate::measure::METRICS;
use indexmap::{IndexMap, IndexSet};
use serde::{Serialize, Serializer};
use toml::Spanned;
use toml::de::DeValue;

/// One figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FigureConfig {
    /// Name of its file: `[a-z0-9_]+`, unique.
    pub name: String,
    /// `pressure`, `kl`, `sqrt_kl`, `round` or an axis.
    pub x: String,
    /// Metrics, `feature.NAME` or `weight.NAME`; at least one.
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
    #[serde(rename = "where", skip_serializing_if = "IndexMap::is_empty")]
    pub pins: IndexMap<String, Pin>,
}

/// A level at which an axis stands still.
#[derive(Clone, Debug, PartialEq)]
pub enum Pin {
    /// The first level, as listed.
    First,
    /// The last level, as listed.
    Last,
    /// This level.
    Level(Level),
}

impl Serialize for Pin {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Pin::First => s.serialize_str("first"),
            Pin::Last => s.serialize_str("last"),
            Pin::Level(level) => level.serialize(s),
        }
    }
}

/// An axis as a figure sees it: `variant`, `round` and `pressure` are among them.
pub(super) struct Selectable {
    pub(super) name: String,
    /// All its levels over all cells.
    pub(super) levels: Vec<Level>,
    /// How many of them one cell can have: where there are more than one it must be pinned.
    pub(super) most: usize,
    /// Levels of the file that `--set` or `[quick]` replaced.
    pub(super) replaced: Vec<Level>,
}

const KEYS: [&str; 7] = ["name", "x", "y", "by", "rows", "columns", "where"];

/// Reads one figure.
pub(super) fn read(
    value: &Value,
    axes: &[Selectable],
    features: &IndexSet<String>,
) -> Result<FigureConfig, Flaw> {
    let figure = table(value, "a table")?;
    if let Some(key) = figure.keys().find(|key| !KEYS.contains(&key.get_ref().as_ref())) {
        let message = format!("a figure has no key `{}`", key.get_ref());
        return Err(Flaw::unknown(key.span(), message, key.get_ref(), KEYS));
    }
    let must = |name: &str| {
        let missing =
            || Flaw::new(value.span(), format!("`{name}` is missing"), "a figure has a name, x and y");
        figure.get(name).ok_or_else(missing)
    };
    let (name, x) = (text(must("name")?)?, text(must("x")?)?);
    check_word("figure", &name)?;
    let extra = ["kl", "sqrt_kl"];
    let known = || axes.iter().map(|a| a.name.as_str());
    if !known().chain(extra).any(|k| k == x.get_ref()) {
        let message = format!("there is no axis `{}`", x.get_ref());
        return Err(Flaw::unknown(x.span(), message, x.get_ref(), known().chain(extra)));
    }
    let in_words = |level: &Level| matches!(level, Level::Text(_) | Level::Flag(_));
    if axes.iter().any(|a| a.name == *x.get_ref() && a.levels.iter().any(in_words)) {
        let message = format!("the levels of `{}` are no numbers: it cannot be x", x.get_ref());
        return Err(Flaw::new(x.span(), message, "draw it along by, rows or columns"));
    }
    let along =
        if extra.contains(&x.get_ref().as_ref()) { "pressure".to_owned() } else { x.get_ref().to_string() };
    let mut used = IndexMap::from([(along, "x")]);
    let mut optional = |place: &'static str| -> Result<Option<String>, Flaw> {
        let Some(axis) = figure.get(place).map(text).transpose()? else { return Ok(None) };
        let name = axis.get_ref().to_string();
        if !known().any(|k| k == name) {
            return Err(Flaw::unknown(axis.span(), format!("there is no axis `{name}`"), &name, known()));
        }
        match used.insert(name.clone(), place) {
            None => Ok(Some(name)),
            Some(before) => {
                let message = format!("`{name}` is drawn along {before} already");
                Err(Flaw::new(axis.span(), message, "draw each axis along one thing"))
            }
        }
    };
    let (by, rows, columns) = (optional("by")?, optional("rows")?, optional("columns")?);
    let y = metrics(must("y")?, features)?;
    let pins = pins(figure, axes, &used)?;
    let loose =
        axes.iter().find(|a| a.most > 1 && !used.contains_key(&a.name) && !pins.contains_key(&a.name));
    if let Some(axis) = loose {
        let levels = axis.levels.iter().map(Level::to_string).collect::<Vec<_>>().join(", ");
        let name = if axis.name.contains('.') { format!("\"{}\"", axis.name) } else { axis.name.clone() };
        let help = format!(
            "draw it along x, by, rows or columns, or pin it: where = {{ {name} = \"last\" }}\nits levels: {levels}"
        );
        let message = format!("the axis `{}` has {} levels and is not pinned", axis.name, axis.most);
        return Err(Flaw::new(value.span(), message, help));
    }
    let [name, x] = [name, x].map(|key| key.into_inner().into_owned());
    Ok(FigureConfig { name, x, y, by, rows, columns, pins })
}

fn text<'t>(value: &Value<'t>) -> Result<Key<'t>, Flaw> {
    match value.get_ref() {
        DeValue::String(s) => Ok(Spanned::new(value.span(), s.clone())),
        _ => Err(Flaw::new(value.span(), format!("expected text, found {}", found(value)), "")),
    }
}

fn metrics(value: &Value, features: &IndexSet<String>) -> Result<Vec<String>, Flaw> {
    let listed = match value.get_ref() {
        DeValue::Array(items) => items.iter().map(text).collect::<Result<Vec<_>, _>>()?,
        _ => vec![text(value)?],
    };
    if listed.is_empty() {
        return Err(Flaw::new(value.span(), "an empty list of metrics", "give at least one"));
    }
    let mut metrics: Vec<String> = Vec::new();
    for metric in listed {
        let name = metric.get_ref();
        let of_feature =
            ["feature.", "weight."].iter().find_map(|prefix| name.strip_prefix(prefix).map(|f| (prefix, f)));
        match of_feature {
            Some((_, feature)) if features.contains(feature) => {}
            Some((prefix, _)) => {
                let known: Vec<String> = features.iter().map(|f| format!("{prefix}{f}")).collect();
                return Err(Flaw::unknown(
                    metric.span(),
                    format!("there is no metric `{name}`"),
                    name,
                    known.iter().map(String::as_str),
                ));
            }
            None if METRICS.contains(&name.as_ref()) => {}
            None => {
                let known = METRICS.into_iter().chain(["feature.NAME", "weight.NAME"]);
                return Err(Flaw::unknown(
                    metric.span(),
                    format!("there is no metric `{name}`"),
                    name,
                    known,
                ));
            }
        }
        if metrics.iter().any(|m| m == name.as_ref()) {
            return Err(Flaw::new(metric.span(), format!("`{name}` is listed twice"), "list it once"));
        }
        metrics.push(name.to_string());
    }
    Ok(metrics)
}

fn pins(
    figure: &Tree,
    axes: &[Selectable],
    used: &IndexMap<String, &str>,
) -> Result<IndexMap<String, Pin>, Flaw> {
    let Some(at) = figure.get("where") else { return Ok(IndexMap::new()) };
    let mut pins = IndexMap::new();
    for leaf in flatten(table(at, "a table of axes and levels")?) {
        let (name, span) = (dotted(&leaf.path), path_span(&leaf.path));
        let Some(axis) = axes.iter().find(|a| a.name == name) else {
            return Err(Flaw::unknown(
                span,
                format!("there is no axis `{name}`"),
                &name,
                axes.iter().map(|a| a.name.as_str()),
            ));
        };
        if let Some(place) = used.get(&name) {
            let message = format!("`{name}` is drawn along {place}: it cannot stand still");
            return Err(Flaw::new(span, message, "take it out of one of the two"));
        }
        if let Some(pin) = pin(&leaf.value, axis)?
            && pins.insert(name.clone(), pin).is_some()
        {
            return Err(Flaw::new(span, format!("`{name}` is pinned twice"), "keep one of the two"));
        }
    }
    Ok(pins)
}

/// `None` where the level was replaced by a single one, which needs no pin.
fn pin(value: &Value, axis: &Selectable) -> Result<Option<Pin>, Flaw> {
    let level = Level::read(value)?;
    match &level {
        Level::Text(word) if word == "first" => Ok(Some(Pin::First)),
        Level::Text(word) if word == "last" => Ok(Some(Pin::Last)),
        _ if axis.levels.iter().any(|l| l.same(&level)) => Ok(Some(Pin::Level(level))),
        _ if axis.levels.len() == 1 && axis.replaced.iter().any(|l| l.same(&level)) => Ok(None),
        _ => Err(unknown_level(value.span(), &level, axis)),
    }
}

fn unknown_level(span: Span, level: &Level, axis: &Selectable) -> Flaw {
    let known: Vec<String> = axis.levels.iter().map(Level::to_string).collect();
    let known = known.iter().map(String::as_str).chain(["first", "last"]);
    Flaw::unknown(span, format!("`{}` has no level {level}", axis.name), &level.to_string(), known)
}
