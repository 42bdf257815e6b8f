//! `[[figures]]`: what to draw, as data. Every axis is drawn along or pinned.

use super::axes::{check_word, table};
use super::level::Level;
use super::selectors::{Pins, Scope, check_keys, text, texts};
use super::source::Flaw;
use super::tree::Value;
use indexmap::IndexMap;
use serde::Serialize;

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
    #[serde(rename = "where", skip_serializing_if = "Pins::is_empty")]
    pub pins: Pins,
}

const KEYS: [&str; 7] = ["name", "x", "y", "by", "rows", "columns", "where"];

/// Reads one figure.
pub(super) fn read(value: &Value, scope: &Scope) -> Result<FigureConfig, Flaw> {
    let figure = table(value, "a table")?;
    check_keys(figure, "a figure", &KEYS)?;
    let must = |name: &str| {
        let missing =
            || Flaw::new(value.span(), format!("`{name}` is missing"), "a figure has a name, x and y");
        figure.get(name).ok_or_else(missing)
    };
    let (name, x) = (text(must("name")?)?, text(must("x")?)?);
    check_word("figure", &name)?;
    let extra = ["kl", "sqrt_kl"];
    if !scope.names().chain(extra).any(|k| k == x.get_ref()) {
        let message = format!("there is no axis `{}`", x.get_ref());
        return Err(Flaw::unknown(x.span(), message, x.get_ref(), scope.names().chain(extra)));
    }
    let in_words = |level: &Level| matches!(level, Level::Text(_) | Level::Flag(_));
    if scope.axes.iter().any(|a| a.name == *x.get_ref() && a.levels.iter().any(in_words)) {
        let message = format!("the levels of `{}` are no numbers: it cannot be x", x.get_ref());
        return Err(Flaw::new(x.span(), message, "draw it along by, rows or columns"));
    }
    let along =
        if extra.contains(&x.get_ref().as_ref()) { "pressure".to_owned() } else { x.get_ref().to_string() };
    let mut used = IndexMap::from([(along, "drawn along x")]);
    let mut optional = |place: &str, words: &'static str| -> Result<Option<String>, Flaw> {
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
    let by = optional("by", "drawn along by")?;
    let (rows, columns) =
        (optional("rows", "drawn along rows")?, optional("columns", "drawn along columns")?);
    let y = texts(must("y")?, "metrics")?.iter().map(|y| scope.metric(y)).collect::<Result<_, _>>()?;
    let pins = figure.get("where").map(|at| scope.pins(at, &used)).transpose()?.unwrap_or_default();
    scope.check_pinned(value.span(), &used, &pins, "draw it along x, by, rows or columns, or")?;
    let [name, x] = [name, x].map(|key| key.into_inner().into_owned());
    Ok(FigureConfig { name, x, y, by, rows, columns, pins })
}
