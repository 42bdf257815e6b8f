//! The one door into the tree: everything that sets anything, the file's body,
//! `--set`, a level of a sweep, a variant, is a list of [`Assignment`]s.
//!
//! The JSON Schema is walked beside the path: unknown names and wrong kinds
//! are refused here, before anything is set. Tables merge (they are flattened
//! to leaves first), an empty table resets to the default, naming another
//! variant of a choice replaces it, everything else replaces.

use super::ConfigError;
use super::grammar::{Node, Shape, other, requires, root, shape};
use super::source::Span;
use super::tree::{Key, Leaf, Tree, Value, dotted, path_span};
use crate::numerics::error::Kind;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One checked setting.
#[derive(Clone)]
pub(super) struct Assignment<'t> {
    steps: Vec<Step<'t>>,
    action: Action<'t>,
    /// Whether the last step came from a text that names a variant.
    by_name: bool,
}

#[derive(Clone)]
struct Step<'t> {
    key: Key<'t>,
    role: Role,
}

#[derive(Clone, Copy, PartialEq)]
enum Role {
    /// A key of a table with fixed keys, or a scalar under a free key.
    Field,
    /// The name of a table under a free key: a feature.
    Entry,
    /// The name of a variant.
    Variant,
}

#[derive(Clone)]
enum Action<'t> {
    Set(Value<'t>),
    /// Back to the default: absent.
    Clear,
    /// Back to the default of something that must be present.
    Empty,
    /// A variant without settings.
    Unit,
}

impl<'t> Assignment<'t> {
    /// Checks the path of a leaf against the schema; its value is left to the types.
    pub(super) fn new(leaf: Leaf<'t>) -> Result<Self, ConfigError> {
        let mut cursor = Cursor { node: Some(root()), must: true };
        let mut steps = Vec::new();
        for key in &leaf.path {
            let (role, next) = cursor.enter(key, &steps)?;
            steps.push(Step { key: key.clone(), role });
            cursor = next;
        }
        let span = leaf.value.span();
        let (action, by_name) = match (cursor.node.map(shape), leaf.value.get_ref()) {
            (None, DeValue::Table(_)) => (Action::Unit, false),
            (None, _) => {
                let name = dotted(&leaf.path);
                let help = format!("write {name} = {{}}");
                return Err(
                    ConfigError::at(span, format!("`{name}` has no settings"), help).of_kind(Kind::Type)
                );
            }
            (Some(_), DeValue::Table(_)) => (if cursor.must { Action::Empty } else { Action::Clear }, false),
            (Some(Shape::Choice(_)), DeValue::String(name)) => {
                let key = Spanned::new(span, name.clone());
                let (role, next) = cursor.enter(&key, &steps)?;
                if let Some(Shape::Leaf(_)) = next.node.map(shape) {
                    let help = format!("write {}.{name} = …", dotted(&leaf.path));
                    return Err(ConfigError::at(key.span(), format!("`{name}` has no value"), help)
                        .of_kind(Kind::Missing));
                }
                steps.push(Step { key, role });
                (if next.node.is_some() { Action::Empty } else { Action::Unit }, true)
            }
            (Some(_), _) => (Action::Set(leaf.value), false),
        };
        Ok(Self { steps, action, by_name })
    }

    /// Sets it.
    pub(super) fn apply(&self, tree: &mut Tree<'t>) {
        set(tree, &self.steps, &self.action);
    }

    /// The path as written: a variant named by a text is not part of it.
    pub(super) fn path(&self) -> impl Iterator<Item = &str> {
        let written = self.steps.len() - usize::from(self.by_name);
        self.steps[..written].iter().map(|step| step.key.get_ref().as_ref())
    }

    /// Where its path was written.
    pub(super) fn span(&self) -> Span {
        let written = self.steps.len() - usize::from(self.by_name);
        path_span(&self.steps[..written].iter().map(|step| step.key.clone()).collect::<Vec<_>>())
    }

    /// The first key, whose span a cell's error about the experiment points at.
    pub(super) fn first(&self) -> &Key<'t> {
        &self.steps[0].key
    }

    /// The name of a feature on the way, with its path.
    pub(super) fn entry(&self) -> Option<(Vec<&str>, &Key<'t>)> {
        let at = self.steps.iter().position(|step| step.role == Role::Entry)?;
        let path = self.steps[..=at].iter().map(|step| step.key.get_ref().as_ref()).collect();
        Some((path, &self.steps[at].key))
    }

    /// Whether both cannot be set independently: one is the other or a part of
    /// it, or they name two variants of one choice.
    pub(super) fn clash(&self, other: &Self) -> Option<Clash> {
        match self.steps.iter().zip(&other.steps).find(|(x, y)| x.key.get_ref() != y.key.get_ref()) {
            None => Some(Clash::Same),
            Some((x, y)) if x.role == Role::Variant && y.role == Role::Variant => Some(Clash::Variants),
            Some(_) => None,
        }
    }
}

/// How two assignments get into each other's way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Clash {
    /// One sets the other, or a part of it.
    Same,
    /// They name two variants of one choice.
    Variants,
}

/// The assignments of one patch, none of which may clash.
pub(super) fn patch(leaves: Vec<Leaf<'_>>) -> Result<Vec<Assignment<'_>>, ConfigError> {
    let patch = leaves.into_iter().map(Assignment::new).collect::<Result<Vec<_>, _>>()?;
    // In sorted order, whatever clashes has a neighbour it clashes with.
    let mut sorted: Vec<&Assignment> = patch.iter().collect();
    sorted.sort_by_key(|a| a.names());
    let pairs = sorted.iter().zip(sorted.iter().skip(1)).filter(|(a, b)| a.clash(b).is_some());
    let in_order = pairs.map(|(a, b)| if a.span().start < b.span().start { (*a, *b) } else { (*b, *a) });
    match in_order.min_by_key(|(_, later)| later.span().start) {
        None => Ok(patch),
        Some((first, later)) => Err(first.contradicted(later)),
    }
}

impl Assignment<'_> {
    fn names(&self) -> Vec<String> {
        self.steps.iter().map(|step| step.key.get_ref().to_string()).collect()
    }

    /// The error of setting this and then `later`, which clash.
    fn contradicted(&self, later: &Self) -> ConfigError {
        let message = if self.clash(later) == Some(Clash::Same) {
            format!("`{}` is set twice", later.path().collect::<Vec<_>>().join("."))
        } else {
            let (a, b) = (self.names(), later.names());
            let at = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
            format!("`{}` cannot be both `{}` and `{}`", a[..at].join("."), a[at], b[at])
        };
        ConfigError::at(later.span(), message, "keep one of the two")
    }
}

/// Where a path has come to in the schema.
struct Cursor {
    /// `None` behind a variant that has no settings.
    node: Option<Node<'static>>,
    /// Whether it must be present.
    must: bool,
}

impl Cursor {
    fn enter(&self, key: &Key, steps: &[Step]) -> Result<(Role, Cursor), ConfigError> {
        let above = dotted(steps.iter().map(|s| &s.key));
        let name = key.get_ref().as_ref();
        let refuse =
            |kind, message: String, help: String| ConfigError::at(key.span(), message, help).of_kind(kind);
        let unknown = |message: String, known: Vec<&str>| {
            refuse(Kind::Unknown, message, String::new()).suggesting(name, known)
        };
        let Some(node) = self.node else {
            let help = format!("take away `{name}`");
            return Err(refuse(Kind::Unknown, format!("`{above}` has no settings"), help));
        };
        let (role, node, must) = match shape(node) {
            Shape::Struct(properties) => match properties.get(name).or_else(|| other(node)) {
                Some(found) => (Role::Field, Some(found), requires(node, name)),
                None => {
                    let there =
                        if steps.is_empty() { "there is".to_owned() } else { format!("`{above}` has") };
                    let known = properties.keys().map(String::as_str).collect();
                    return Err(unknown(format!("{there} no key `{name}`"), known));
                }
            },
            Shape::Either { table, .. } => {
                return Cursor { node: Some(table), must: self.must }.enter(key, steps);
            }
            Shape::Map(item) => {
                let table = matches!(shape(item), Shape::Struct(_));
                (if table { Role::Entry } else { Role::Field }, Some(item), table)
            }
            Shape::Choice(variants) => match variants.iter().find(|v| v.name == name) {
                Some(variant) => (Role::Variant, variant.node, true),
                None => {
                    let known = variants.iter().map(|v| v.name).collect();
                    return Err(unknown(format!("`{above}` cannot be `{name}`"), known));
                }
            },
            Shape::Leaf(_) => {
                return Err(refuse(Kind::Type, format!("`{above}` takes no table"), String::new()));
            }
        };
        Ok((role, Cursor { node, must }))
    }
}

fn set<'t>(table: &mut Tree<'t>, steps: &[Step<'t>], action: &Action<'t>) {
    let Some((step, rest)) = steps.split_first() else { return };
    let key = &step.key;
    let empty = || Spanned::new(key.span(), DeValue::Table(DeTable::new()));
    let Some(next) = rest.first() else {
        match action {
            Action::Set(value) => drop(table.insert(key.clone(), value.clone())),
            Action::Empty => drop(table.insert(key.clone(), empty())),
            Action::Clear | Action::Unit => drop(table.remove(key.get_ref().as_ref())),
        }
        return;
    };
    if rest.len() == 1 && matches!(action, Action::Unit) {
        let name = DeValue::String(next.key.get_ref().clone());
        table.insert(key.clone(), Spanned::new(next.key.span(), name));
        return;
    }
    let keeps = |inner: &Tree| next.role != Role::Variant || inner.contains_key(next.key.get_ref().as_ref());
    let fits = matches!(table.get(key.get_ref().as_ref()).map(Spanned::get_ref), Some(DeValue::Table(t)) if keeps(t));
    if !fits {
        table.insert(key.clone(), empty());
    }
    if let Some(DeValue::Table(inner)) = table.get_mut(key.get_ref().as_ref()).map(Spanned::get_mut) {
        set(inner, rest, action);
    }
}

#[cfg(test)]
mod tests;
