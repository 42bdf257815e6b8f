//! `--set`, `--seeds` and `[quick]`: patches of the base config, which may
//! also replace the levels of a sweep.

use super::ConfigError;
use super::assign::{Assignment, patch};
use super::axes::{Dimension, check_not_swept};
use super::level::Level;
use super::source::{Sources, Span};
use super::tree::{Leaf, Tree, Value, dotted, flatten, parse, path_span};
use crate::numerics::error::Kind;
use std::borrow::Cow;
use toml::Spanned;
use toml::de::{DeArray, DeValue};

/// What the command line changes in a config.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--set path=value`; together they are one patch. A value that is not
    /// TOML is taken as text, or as a list of texts: `[a, b]`. On a swept path: its new levels; on the name of
    /// an axis, or `variant`: which of its levels to keep.
    pub sets: Vec<String>,
    /// `--quick`: apply `[quick]`, before the others.
    pub quick: bool,
    /// `--seeds`: after all others.
    pub seeds: Option<u32>,
}

/// A patch of the base config, and new levels of axes.
pub(super) struct Override<'t> {
    assignments: Vec<Assignment<'t>>,
    levels: Vec<(String, NewLevels<'t>)>,
}

/// What an axis gets in place of its levels.
enum NewLevels<'t> {
    /// Others, of a sweep.
    Swept(Dimension<'t>),
    /// Some of those that a named axis has.
    Chosen(Vec<Level>),
}

impl<'t> Override<'t> {
    /// Checks a patch against the base and the axes it will change.
    pub(super) fn read(
        leaves: Vec<Leaf<'t>>,
        base: &Tree<'t>,
        dimensions: &[Dimension<'t>],
    ) -> Result<Self, ConfigError> {
        let (mut levels, mut rest) = (Vec::new(), Vec::new());
        for leaf in leaves {
            let Some(axis) = dimensions.iter().find(|d| d.name == dotted(&leaf.path)) else {
                rest.push(leaf);
                continue;
            };
            if levels.iter().any(|(name, _)| *name == axis.name) {
                let message = format!("`{}` is set twice", axis.name);
                let help = "keep one of the two, or give a list";
                return Err(ConfigError::at(path_span(&leaf.path), message, help));
            }
            let new = match axis.swept {
                true => NewLevels::Swept(Dimension::sweep(&leaf, true)?),
                false => NewLevels::Chosen(axis.choice(&leaf)?),
            };
            levels.push((axis.name.clone(), new));
        }
        let assignments = patch(rest)?;
        for assignment in &assignments {
            check_not_swept(dimensions, assignment)?;
            check_entry(assignment, base, dimensions)?;
        }
        Ok(Self { assignments, levels })
    }

    /// Changes the base and the axes.
    pub(super) fn apply(self, base: &mut Tree<'t>, dimensions: &mut [Dimension<'t>]) {
        self.assignments.iter().for_each(|a| a.apply(base));
        for (name, new) in self.levels {
            for axis in dimensions.iter_mut().filter(|d| d.name == name) {
                axis.replaced = true;
                match &new {
                    NewLevels::Swept(by) => {
                        (axis.levels, axis.patches) = (by.levels.clone(), by.patches.clone())
                    }
                    NewLevels::Chosen(levels) => axis.choose(levels),
                }
            }
        }
    }
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

/// One argument of the command line, as TOML in the one space of offsets:
/// indented by as much as all earlier sources are long.
pub(super) struct Argument {
    start: usize,
    path: usize,
    end: usize,
    /// `path=value`.
    whole: String,
    /// `path=0`, for a value that is not TOML.
    bare: String,
}

impl Argument {
    /// Adds an argument to the sources.
    pub(super) fn new(option: &str, argument: &str, sources: &mut Sources) -> Self {
        let start = sources.add(option, argument);
        let path = argument.find('=').unwrap_or(argument.len());
        let margin = " ".repeat(start);
        Self {
            start,
            path: start + path,
            end: start + argument.len(),
            whole: format!("{margin}{argument}"),
            bare: format!("{margin}{}=0", &argument[..path]),
        }
    }

    /// What it sets.
    pub(super) fn leaves(&self) -> Result<Vec<Leaf<'_>>, ConfigError> {
        let help = "write path=value, e.g. --set feedback.labels=100 or --set 'overseer.hidden=[\"length\"]'";
        if self.path == self.end {
            return Err(
                ConfigError::at(self.start..self.end, "expected path=value", help).of_kind(Kind::Syntax)
            );
        }
        let path = &self.whole[self.start..self.path];
        let refuse = |_| {
            ConfigError::at(self.start..self.path, format!("`{path}` is not a path"), help)
                .of_kind(Kind::Syntax)
        };
        let mut leaves = flatten(&parse(&self.bare).map_err(refuse)?);
        if let Ok(tree) = parse(&self.whole) {
            return Ok(flatten(&tree));
        }
        for leaf in &mut leaves {
            leaf.value = self.bare_list().unwrap_or_else(|| self.text(self.path + 1..self.end));
        }
        Ok(leaves)
    }

    /// The text in a span, without the space around it.
    fn text(&self, span: Span) -> Value<'_> {
        Spanned::new(span.clone(), DeValue::String(Cow::Borrowed(self.whole[span].trim())))
    }

    /// `[a, b]` whose texts have lost their quotes to the shell.
    fn bare_list(&self) -> Option<Value<'_>> {
        let value = self.whole[self.path + 1..].trim();
        let inner = value.strip_prefix('[')?.strip_suffix(']')?;
        if inner.trim().is_empty() || inner.contains(['[', ']', '{', '}', '"', '\'']) {
            return None;
        }
        let mut start = self.end - self.whole[self.path + 1..].trim_start().len() + 1;
        let mut items = DeArray::new();
        for item in inner.split(',') {
            items.push(self.text(start..start + item.len()));
            start += item.len() + 1;
        }
        Some(Spanned::new(self.path + 1..self.end, DeValue::Array(items)))
    }
}
