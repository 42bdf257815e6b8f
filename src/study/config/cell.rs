//! The cells: every combination of levels, from its tree to a checked [`Setup`].

use super::assign::apply;
use super::axes::Dimension;
use super::level::Level;
use super::read::read;
use super::tree::{Tree, locate, whole};
use super::undefined::Undefined;
use super::{Cell, Config, ConfigError};
use crate::lab::Setup;

const MOST_CELLS: usize = 100_000;

/// What is wrong with the setup of a cell, if anything.
pub(super) type Check<'c> = &'c mut dyn FnMut(&Setup) -> Result<(), ConfigError>;

/// All cells but the undefined ones, and the config of the first: the first axis is slowest, the last
/// fastest; patches are applied in file order.
pub(super) fn all(
    base: &Tree,
    dimensions: &[Dimension],
    undefined: &[Undefined],
    check: Check<'_>,
) -> Result<(Option<Config>, Vec<Cell>), ConfigError> {
    let mut count = 1usize;
    for axis in dimensions {
        count = count.saturating_mul(axis.levels.len());
        if count > MOST_CELLS {
            let message = format!("too many cells: {count} and more");
            let help = format!("at most {MOST_CELLS}; drop levels or axes");
            return Err(ConfigError::at(axis.span.clone(), message, help));
        }
    }
    let mut in_file_order: Vec<usize> = (0..dimensions.len()).collect();
    in_file_order.sort_by_key(|axis| dimensions[*axis].span.start);
    let (mut first, mut cells) = (None, Vec::new());
    for cell in 0..count {
        let (mut at, mut rest) = (vec![0; dimensions.len()], cell);
        for (at, axis) in at.iter_mut().zip(dimensions).rev() {
            (*at, rest) = (rest % axis.levels.len(), rest / axis.levels.len());
        }
        if undefined.iter().any(|rule| rule.applies(dimensions, &at)) {
            continue;
        }
        let mut tree = base.clone();
        apply(in_file_order.iter().flat_map(|&axis| &dimensions[axis].patches[at[axis]]), &mut tree)?;
        let mut levels: Vec<Level> =
            dimensions.iter().zip(&at).map(|(axis, at)| axis.levels[*at].clone()).collect();
        let variant = levels.pop().expect("the variants are the last axis").to_string();
        let value = whole(&tree);
        let config: Config = read(&value)?;
        let setup = config.clone().setup();
        check(&setup).map_err(|error| {
            // What is not written is a default: where it does not fit, it is the world that does not.
            let first = |path: &String| tree.contains_key(path.split('.').next().unwrap_or(path));
            let said = error.path.first().is_none_or(first);
            locate(&value, if said { error } else { error.of("world".to_owned()).at_key() })
        })?;
        first.get_or_insert(config);
        cells.push(Cell { levels, variant, setup });
    }
    Ok((first, cells))
}
