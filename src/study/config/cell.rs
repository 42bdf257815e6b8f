//! The cells: every combination of levels, from its tree to a checked [`Setup`].

use super::axes::Dimension;
use super::read::read;
use super::tree::{Tree, locate, whole};
use super::undefined::Undefined;
use super::{Cell, Config, ConfigError};
use crate::lab::Setup;

const MOST_CELLS: usize = 100_000;

/// What is wrong with the setup of a cell, if anything.
pub(super) type Check = fn(&Setup) -> Result<(), ConfigError>;

/// All cells but the undefined ones, and the config of the first: the first axis is slowest, `variant` fastest;
/// patches are applied in file order.
pub(super) fn all(
    base: &Tree,
    dimensions: &[Dimension],
    undefined: &[Undefined],
    check: Check,
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
        let value = whole(&tree);
        let config: Config = read(&value)?;
        let setup = config.clone().setup();
        check(&setup).map_err(|error| locate(&value, error))?;
        first.get_or_insert(config);
        cells.push(Cell { levels, variant, setup });
    }
    Ok((first, cells))
}
