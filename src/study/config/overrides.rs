//! `--set`, `--seeds` and `[quick]`: patches of the base config, which may
//! also replace the levels of a sweep.

use super::ConfigError;
use super::assign::{Assignment, apply, patch};
use super::axes::{Dimension, WHOLE, add, check_not_swept};
use super::grammar::takes_list;
use super::tree::{Leaf, Tree, dotted, path_span};
use crate::numerics::error::Kind;

/// What the command line changes in a config.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--set path=value`; together they are one patch. A value that is not
    /// TOML is taken as text, or as a list of texts: `[a, b]`. On a swept path: its new levels; on the name of
    /// an axis, or `variant`: which of its levels to keep. A list for what takes one value is a new axis.
    pub sets: Vec<String>,
    /// `--quick`: apply `[quick]`, before the others.
    pub quick: bool,
    /// `--seeds`: after all others.
    pub seeds: Option<u32>,
    /// `--method`: names of methods of somebody else's, each a level of the axis `method`.
    pub methods: Vec<String>,
}

/// Applies a patch to the base and to the axes that it names.
pub(super) fn override_with<'t>(
    leaves: Vec<Leaf<'t>>,
    base: &mut Tree<'t>,
    dimensions: &mut Vec<Dimension<'t>>,
) -> Result<(), ConfigError> {
    let (mut settings, mut replaced) = (Vec::new(), Vec::new());
    for leaf in leaves {
        let name = dotted(&leaf.path);
        let Some(axis) = dimensions.iter_mut().find(|d| d.name == name) else {
            let of_the_whole = WHOLE.contains(&leaf.path[0].get_ref().as_ref());
            if leaf.value.get_ref().is_array() && !of_the_whole && !takes_list(&leaf.path) {
                add(dimensions, &leaf)?;
                replaced.push(name);
            } else {
                settings.push(leaf);
            }
            continue;
        };
        if replaced.contains(&name) {
            let help = "keep one of the two, or give a list";
            return Err(ConfigError::at(path_span(leaf.path.iter()), format!("`{name}` is set twice"), help));
        }
        axis.replace_levels(leaf)?;
        replaced.push(name);
    }
    let settings = patch(settings)?;
    for assignment in &settings {
        let itself = |axis: &str| format!("set `{axis}` itself: one level or a list");
        check_not_swept(dimensions, assignment, itself)?;
        check_entry(assignment, base, dimensions)?;
    }
    apply(settings.iter(), base)
}

/// Refuses a setting inside a feature that neither the base nor a named patch
/// has: a misspelt name would otherwise add a feature.
pub(super) fn check_entry(
    assignment: &Assignment,
    base: &Tree,
    dimensions: &[Dimension],
) -> Result<(), ConfigError> {
    let Some((path, key)) = assignment.entry() else { return Ok(()) };
    let (above, name) = path.split_at(path.len() - 1);
    let parent = above.iter().try_fold(base, |tree, key| tree.get(*key)?.get_ref().as_table());
    let patches = dimensions.iter().filter(|d| !d.swept).flat_map(|d| d.patches.iter().flatten());
    let added =
        patches.filter_map(|a| a.entry()).filter(|(p, _)| p.starts_with(above)).map(|(p, _)| p[above.len()]);
    let known: Vec<&str> =
        parent.into_iter().flat_map(|t| t.keys()).map(|k| k.get_ref().as_ref()).chain(added).collect();
    if known.contains(&name[0]) {
        return Ok(());
    }
    let message = format!("`{}` has no `{}`", above.join("."), name[0]);
    let error = ConfigError::at(key.span(), message, "").of_kind(Kind::Unknown);
    Err(error.suggesting(name[0], known))
}
