//! The cells: every combination of levels, from its tree to a checked [`Setup`].

use super::axes::Dimension;
use super::schema::{Node, Shape, required, root, shape, wanted};
use super::source::{Flaw, Span};
use super::tree::{Tree, Value, locate, locate_part};
use super::undefined::Undefined;
use super::{Cell, Config};
use crate::lab::Setup;
use crate::numerics::fault::Fault;
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeValue, ValueDeserializer};

const MOST_CELLS: usize = 100_000;

/// All cells but the undefined ones, and the config of the first: the first axis is slowest, `variant` fastest;
/// patches are applied in file order.
pub(super) fn all(
    base: &Tree,
    dimensions: &[Dimension],
    undefined: &[Undefined],
    check: fn(&Setup) -> Result<(), Fault>,
) -> Result<(Config, Vec<Cell>), Flaw> {
    let mut count = 1usize;
    for axis in dimensions {
        count = count.saturating_mul(axis.levels.len());
        if count > MOST_CELLS {
            let message = format!("too many cells: {count} and more");
            return Err(Flaw::new(
                axis.span.clone(),
                message,
                format!("at most {MOST_CELLS}; drop levels or axes"),
            ));
        }
    }
    let (variant, mut slowest_first): (Vec<usize>, Vec<usize>) =
        (0..dimensions.len()).partition(|i| dimensions[*i].name == "variant");
    let axes = slowest_first.clone();
    slowest_first.extend(&variant);
    let (mut first, mut cells) = (None, Vec::new());
    for cell in 0..count {
        let (mut at, mut rest) = (vec![0; dimensions.len()], cell);
        for &axis in slowest_first.iter().rev() {
            at[axis] = rest % dimensions[axis].levels.len();
            rest /= dimensions[axis].levels.len();
        }
        if undefined.iter().any(|rule| rule.applies(dimensions, &at)) {
            continue;
        }
        let mut tree = base.clone();
        for (axis, level) in dimensions.iter().zip(&at) {
            axis.patches[*level].iter().for_each(|a| a.apply(&mut tree));
        }
        let level = |axis: &usize| dimensions[*axis].levels[at[*axis]].clone();
        let levels = axes.iter().map(level).collect();
        let variant = variant.iter().map(level).map(|l| l.to_string()).collect();
        let (config, setup) = read(&tree, check)?;
        first.get_or_insert(config);
        cells.push(Cell { levels, variant, setup });
    }
    first.map(|config| (config, cells)).ok_or_else(|| {
        let span = undefined.first().map_or(0..0, |rule| rule.span.clone());
        Flaw::new(span, "`undefined` leaves out every cell", "leave one in")
    })
}

/// Reads and checks the config of one cell.
fn read(tree: &Tree, check: fn(&Setup) -> Result<(), Fault>) -> Result<(Config, Setup), Flaw> {
    check_complete(root(), tree, 0..0)?;
    let value = Spanned::new(0..0, DeValue::Table(tree.clone()));
    let config = Config::deserialize(ValueDeserializer::from(value))
        .map_err(|e| Flaw::new(e.span().unwrap_or(0..0), e.message(), ""))?;
    let setup = config.clone().setup();
    check(&setup).map_err(|fault| {
        let part = fault.within.and_then(|within| locate_part(tree, &fault.path, within));
        let span = part.unwrap_or_else(|| locate(tree, &fault.path, fault.key));
        Flaw::of(fault, span)
    })?;
    Ok((config, setup))
}

/// Checks that everything that must be given is given.
fn check_complete(node: Node, tree: &Tree, span: Span) -> Result<(), Flaw> {
    let Shape::Struct(properties) = shape(node) else { return Ok(()) };
    if let Some(name) = required(node).find(|name| !tree.contains_key(*name)) {
        let what = properties[name]["description"].as_str().unwrap_or("").replace('\n', " ");
        let what = what.trim_end_matches('.');
        let help = if what.is_empty() {
            wanted(&properties[name])
        } else {
            format!("{what}: {}", wanted(&properties[name]))
        };
        return Err(Flaw::new(span, format!("`{name}` is missing"), help));
    }
    let known = tree
        .iter()
        .filter_map(|(key, value)| Some((properties.get(key.get_ref().as_ref())?, key.get_ref(), value)));
    for (node, name, value) in known {
        check_value(node, name, value)?;
    }
    Ok(())
}

fn check_value(node: Node, name: &str, value: &Value) -> Result<(), Flaw> {
    let DeValue::Table(table) = value.get_ref() else { return Ok(()) };
    match shape(node) {
        Shape::Struct(_) => check_complete(node, table, value.span()),
        Shape::Either { table, .. } => check_value(table, name, value),
        Shape::Map(item) => table.iter().try_for_each(|(key, value)| check_value(item, key.get_ref(), value)),
        Shape::Choice(variants) => match table.iter().next() {
            None => {
                Err(Flaw::new(value.span(), format!("`{name}` names none of its variants"), wanted(node)))
            }
            Some((key, value)) => {
                let variant = variants.iter().find(|(variant, _)| *variant == key.get_ref().as_ref());
                variant
                    .and_then(|(_, node)| *node)
                    .map_or(Ok(()), |node| check_value(node, key.get_ref(), value))
            }
        },
        Shape::Leaf(_) => Err(Flaw::new(value.span(), format!("`{name}` is missing"), wanted(node))),
    }
}
