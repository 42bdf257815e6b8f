//! The one door into the tree: everything that sets anything, the file's body,
//! `--set`, a level of a sweep, a variant, is a list of [`Assignment`]s.
//!
//! The JSON Schema is walked beside the path: unknown names and wrong kinds
//! are refused here, before anything is set. Tables merge (they are flattened
//! to leaves first), an empty table resets to the default, naming another
//! variant of a choice replaces it, everything else replaces.

use super::schema::{Node, Shape, check_kind, found, other, required, root, shape, wanted};
use super::source::{Flaw, Span};
use super::tree::{Key, Leaf, Tree, Value, dotted, path_span};
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
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
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
    /// Checks a leaf against the schema.
    pub(super) fn new(leaf: Leaf<'t>) -> Result<Self, Flaw> {
        let mut place = Place { node: Some(root()), must: true };
        let mut steps = Vec::new();
        for key in &leaf.path {
            let (kind, next) = place.enter(key, &steps)?;
            steps.push(Step { key: key.clone(), kind });
            place = next;
        }
        let span = leaf.value.span();
        let mismatch = |node: Node| {
            let message = format!("expected {}, found {}", wanted(node), found(&leaf.value));
            Flaw::new(span.clone(), message, "")
        };
        let empty = matches!(leaf.value.get_ref(), DeValue::Table(_));
        let (action, by_name) = match (place.node, place.node.map(shape)) {
            (None, _) if empty => (Action::Unit, false),
            (None, _) | (_, None) => {
                let name = dotted(&leaf.path);
                return Err(Flaw::new(
                    span,
                    format!("`{name}` has no settings"),
                    format!("write {name} = {{}}"),
                ));
            }
            _ if empty => (if place.must { Action::Empty } else { Action::Clear }, false),
            (Some(node), Some(Shape::Leaf(_))) => {
                check_kind(node, &leaf.value)?;
                (Action::Set(leaf.value), false)
            }
            (Some(node), Some(Shape::Either { scalar, .. })) => {
                check_kind(scalar, &leaf.value).map_err(|_| mismatch(node))?;
                (Action::Set(leaf.value), false)
            }
            (Some(node), Some(Shape::Choice(_))) => {
                let DeValue::String(name) = leaf.value.get_ref() else { return Err(mismatch(node)) };
                let key = Spanned::new(span.clone(), name.clone());
                let (kind, next) = place.enter(&key, &steps)?;
                steps.push(Step { key, kind });
                (if next.node.is_some() { Action::Empty } else { Action::Unit }, true)
            }
            (Some(node), Some(_)) => return Err(mismatch(node)),
        };
        Ok(Self { steps, action, by_name })
    }

    /// Sets it.
    pub(super) fn apply(&self, tree: &mut Tree<'t>) {
        place(tree, &self.steps, &self.action);
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
        let at = self.steps.iter().position(|step| step.kind == Kind::Entry)?;
        let path = self.steps[..=at].iter().map(|step| step.key.get_ref().as_ref()).collect();
        Some((path, &self.steps[at].key))
    }

    /// Whether both cannot be set independently: one is the other or a part of
    /// it, or they name two variants of one choice.
    pub(super) fn clash(&self, other: &Self) -> Option<Clash> {
        match self.steps.iter().zip(&other.steps).find(|(x, y)| x.key.get_ref() != y.key.get_ref()) {
            None => Some(Clash::Same),
            Some((x, y)) if x.kind == Kind::Variant && y.kind == Kind::Variant => Some(Clash::Variants),
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
pub(super) fn patch(leaves: Vec<Leaf<'_>>) -> Result<Vec<Assignment<'_>>, Flaw> {
    let patch = leaves.into_iter().map(Assignment::new).collect::<Result<Vec<_>, _>>()?;
    // In sorted order, whatever clashes has a neighbour it clashes with.
    let mut sorted: Vec<&Assignment> = patch.iter().collect();
    sorted.sort_by_key(|a| a.steps.iter().map(|s| s.key.get_ref().to_string()).collect::<Vec<_>>());
    let pairs = sorted.iter().zip(sorted.iter().skip(1)).filter(|(a, b)| a.clash(b).is_some());
    let in_order = pairs.map(|(a, b)| if a.span().start < b.span().start { (*a, *b) } else { (*b, *a) });
    match in_order.min_by_key(|(_, later)| later.span().start) {
        None => Ok(patch),
        Some((first, later)) => Err(first.contradicted(later)),
    }
}

impl Assignment<'_> {
    /// The flaw of setting this and then `later`, which clash.
    fn contradicted(&self, later: &Self) -> Flaw {
        let help = "keep one of the two";
        if self.clash(later) == Some(Clash::Same) {
            let name = later.path().collect::<Vec<_>>().join(".");
            return Flaw::new(later.span(), format!("`{name}` is set twice"), help);
        }
        let names = |a: &Self| a.steps.iter().map(|s| s.key.get_ref().to_string()).collect::<Vec<_>>();
        let (a, b) = (names(self), names(later));
        let at = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
        let message = format!("`{}` cannot be both `{}` and `{}`", a[..at].join("."), a[at], b[at]);
        Flaw::new(later.span(), message, help)
    }
}

/// Where a path has come to in the schema.
struct Place {
    /// `None` behind a variant that has no settings.
    node: Option<Node>,
    /// Whether it must be present.
    must: bool,
}

impl Place {
    fn enter(&self, key: &Key, steps: &[Step]) -> Result<(Kind, Place), Flaw> {
        let above = || format!("`{}`", dotted(steps.iter().map(|s| &s.key)));
        let name = key.get_ref().as_ref();
        let Some(node) = self.node else {
            return Err(Flaw::new(
                key.span(),
                format!("{} has no settings", above()),
                format!("take away `{name}`"),
            ));
        };
        match shape(node) {
            Shape::Struct(properties) => match properties.get(name) {
                Some(node_of) => {
                    let must = required(node).any(|r| r == name);
                    Ok((Kind::Field, Place { node: Some(node_of), must }))
                }
                None if other(node).is_some() => Ok((Kind::Field, Place { node: other(node), must: false })),
                None => {
                    let there =
                        if steps.is_empty() { "there is".to_owned() } else { format!("{} has", above()) };
                    let message = format!("{there} no key `{name}`");
                    Err(Flaw::unknown(key.span(), message, name, properties.keys().map(String::as_str)))
                }
            },
            Shape::Either { table, .. } => Place { node: Some(table), must: self.must }.enter(key, steps),
            Shape::Map(item) => {
                let table = matches!(shape(item), Shape::Struct(_));
                let kind = if table { Kind::Entry } else { Kind::Field };
                Ok((kind, Place { node: Some(item), must: table }))
            }
            Shape::Choice(variants) => match variants.iter().find(|(variant, _)| *variant == name) {
                Some((_, node)) => Ok((Kind::Variant, Place { node: *node, must: true })),
                None => {
                    let message = format!("{} cannot be `{name}`", above());
                    Err(Flaw::unknown(
                        key.span(),
                        message,
                        name,
                        variants.iter().map(|(variant, _)| *variant),
                    ))
                }
            },
            Shape::Leaf(_) => {
                Err(Flaw::new(key.span(), format!("{} takes {}, not a table", above(), wanted(node)), ""))
            }
        }
    }
}

fn place<'t>(table: &mut Tree<'t>, steps: &[Step<'t>], action: &Action<'t>) {
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
    let keeps = |inner: &Tree| next.kind != Kind::Variant || inner.contains_key(next.key.get_ref().as_ref());
    let fits = matches!(table.get(key.get_ref().as_ref()).map(Spanned::get_ref), Some(DeValue::Table(t)) if keeps(t));
    if !fits {
        table.insert(key.clone(), empty());
    }
    if let Some(DeValue::Table(inner)) = table.get_mut(key.get_ref().as_ref()).map(Spanned::get_mut) {
        place(inner, rest, action);
    }
}

#[cfg(test)]
mod tests;
