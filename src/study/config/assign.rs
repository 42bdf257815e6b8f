//! The one door into the tree: everything that sets anything, the file's body,
//! `--set`, a level of a sweep, a variant, is a list of [`Assignment`]s.
//!
//! The JSON Schema is walked beside the path: unknown names and wrong kinds
//! are refused here, before anything is set. Tables merge (they are flattened
//! to leaves first), an empty table resets to the default, naming another
//! variant of a choice replaces it, everything else replaces. A key of a choice that names no variant
//! is one of whichever variant is chosen in the end.

use super::ConfigError;
use super::grammar::{Place, Role, Shape, enter, root, shape};
use super::source::Span;
use super::tree::{Key, Leaf, Tree, Value, dotted, path_span};
use crate::numerics::error::Kind;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One checked setting.
#[derive(Clone)]
pub(super) struct Assignment<'t> {
    /// Each key, and whether it names a variant or a feature.
    steps: Vec<(Key<'t>, Role)>,
    /// What is put there; `None` goes back to the default, which is absent.
    value: Option<Value<'t>>,
    /// How many steps lead to the value: a variant without settings is a text at its choice.
    depth: usize,
    /// How many steps were written as a path: a text may name a variant, too.
    written: usize,
}

impl<'t> Assignment<'t> {
    /// Checks the path of a leaf against the schema; its value is left to the types.
    pub(super) fn new(leaf: Leaf<'t>) -> Result<Self, ConfigError> {
        let (name, span) = (dotted(&leaf.path), leaf.value.span());
        let refuse =
            |message: String, help, kind| Err(ConfigError::at(span.clone(), message, help).of_kind(kind));
        let mut place = Place { role: Role::Field, node: Some(root()), must: true };
        let mut steps = Vec::new();
        for key in leaf.path {
            place = step(place, key, &mut steps)?;
        }
        let written = steps.len();
        if let (Some(Shape::Choice(_)), DeValue::String(variant)) =
            (place.node.map(shape), leaf.value.get_ref())
        {
            place = step(place, Spanned::new(span.clone(), variant.clone()), &mut steps)?;
            if let Some(Shape::Leaf(_)) = place.node.map(shape) {
                let help = format!("write {name}.{variant} = …");
                return refuse(format!("`{variant}` has no value"), help, Kind::Missing);
            }
        }
        let (all, last) = (steps.len(), &steps.last().expect("a path has a key").0);
        let (depth, value) = match (place.node, leaf.value.get_ref().is_table() || all > written) {
            (None, true) => {
                (all - 1, Some(Spanned::new(last.span(), DeValue::String(last.get_ref().clone()))))
            }
            (None, false) => {
                return refuse(
                    format!("`{name}` has no settings"),
                    format!("write {name} = {{}}"),
                    Kind::Type,
                );
            }
            (Some(_), true) => (all, place.must.then(|| empty(last))),
            (Some(_), false) => (all, Some(leaf.value)),
        };
        Ok(Self { steps, value, depth, written })
    }

    /// The place of the key of whichever variant is chosen, if it names one.
    fn of_chosen(&self) -> Option<usize> {
        self.steps.iter().position(|(_, role)| *role == Role::OfChosen)
    }

    /// The steps, through the variant that a tree has chosen.
    fn steps_in(&self, tree: &Tree<'t>) -> Result<Vec<(Key<'t>, Role)>, ConfigError> {
        let steps = &self.steps[..self.depth];
        let Some(at) = self.of_chosen() else { return Ok(steps.to_vec()) };
        let (before, key) = (&steps[..at], &steps[at].0);
        let ((choice, _), above) = before.split_last().expect("a choice has a name");
        let inside =
            above.iter().try_fold(tree, |t, (key, _)| t.get(key.get_ref().as_ref())?.get_ref().as_table());
        let chosen = match inside.and_then(|t| Some(t.get(choice.get_ref().as_ref())?.get_ref())) {
            Some(DeValue::Table(inner)) => inner.iter().next().map(|(variant, _)| variant.clone()),
            Some(DeValue::String(variant)) => Some(Spanned::new(key.span(), variant.clone())),
            _ => None,
        };
        let of = |node, key: &Key| enter(node, key.get_ref()).and_then(|place| place.node);
        let choice = before.iter().try_fold(root(), |node, (key, _)| of(node, key)).expect("checked");
        if let Some(chosen) = chosen.as_ref().filter(|c| of(choice, c).is_some_and(|v| of(v, key).is_some()))
        {
            let through = [(chosen.clone(), Role::Variant), (key.clone(), Role::Field)];
            return Ok([before, &through, &steps[at + 1..]].concat());
        }
        let (above, name) = (dotted(before.iter().map(|(key, _)| key)), key.get_ref());
        let message = match &chosen {
            Some(chosen) => format!("`{above}` is `{}` here, which has no `{name}`", chosen.get_ref()),
            None => format!("`{above}` is not chosen here, and has no `{name}`"),
        };
        let Shape::Choice(variants) = shape(choice) else { unreachable!("a choice") };
        let having = variants.iter().filter(|v| v.node.is_some_and(|node| of(node, key).is_some()));
        let having = having.map(|v| v.name).collect::<Vec<_>>().join(", ");
        Err(ConfigError::at(key.span(), message, format!("choose one that has: {having}"))
            .of_kind(Kind::Unknown))
    }

    /// Sets it.
    fn apply(&self, tree: &mut Tree<'t>) -> Result<(), ConfigError> {
        set(tree, &self.steps_in(tree)?, self.value.as_ref());
        Ok(())
    }

    /// The path as written.
    pub(super) fn path(&self) -> String {
        dotted(self.steps[..self.written].iter().map(|(key, _)| key))
    }

    /// Where its path was written.
    pub(super) fn span(&self) -> Span {
        path_span(self.steps[..self.written].iter().map(|(key, _)| key))
    }

    /// The first key, whose span a cell's error about the experiment points at.
    pub(super) fn first(&self) -> &Key<'t> {
        &self.steps[0].0
    }

    /// The name of a feature on the way, with its path.
    pub(super) fn entry(&self) -> Option<(Vec<&str>, &Key<'t>)> {
        let at = self.steps.iter().position(|(_, role)| *role == Role::Entry)?;
        let path = self.steps[..=at].iter().map(|(key, _)| key.get_ref().as_ref()).collect();
        Some((path, &self.steps[at].0))
    }

    /// What is wrong with setting both independently, if anything: one is the other or a part of
    /// it, or they name two variants of one choice.
    pub(super) fn clash(&self, later: &Self) -> Option<String> {
        let pairs = || self.steps.iter().zip(&later.steps);
        let same = pairs().take_while(|((x, _), (y, _))| x.get_ref() == y.get_ref()).count();
        let alike = |a: &[(Key, Role)], b: &[(Key, Role)]| {
            a.iter().zip(b).all(|((x, _), (y, _))| x.get_ref() == y.get_ref())
        };
        match pairs().nth(same) {
            None => Some(format!("`{}` is set twice", later.path())),
            Some(((_, Role::Variant), (_, Role::OfChosen)))
                if self.steps.len() > same + 1 && alike(&self.steps[same + 1..], &later.steps[same..]) =>
            {
                Some(format!("`{}` is set twice", later.path()))
            }
            Some(((_, Role::OfChosen), (_, Role::Variant))) => later.clash(self),
            Some(((x, Role::Variant), (y, Role::Variant))) => {
                let choice = dotted(self.steps[..same].iter().map(|(key, _)| key));
                Some(format!("`{choice}` cannot be both `{}` and `{}`", x.get_ref(), y.get_ref()))
            }
            Some(_) => None,
        }
    }
}

/// The assignments of one patch, none of which may clash.
pub(super) fn patch(leaves: Vec<Leaf<'_>>) -> Result<Vec<Assignment<'_>>, ConfigError> {
    let patch = leaves.into_iter().map(Assignment::new).collect::<Result<Vec<_>, _>>()?;
    // In sorted order, whatever clashes has a neighbour it clashes with.
    let mut sorted: Vec<&Assignment> = patch.iter().collect();
    sorted.sort_by_key(|a| a.steps.iter().map(|(key, _)| key.get_ref()).collect::<Vec<_>>());
    let clashes = sorted.windows(2).filter_map(|pair| {
        let (first, later) = if pair[0].span().start < pair[1].span().start { (0, 1) } else { (1, 0) };
        Some((pair[later].span(), pair[first].clash(pair[later])?))
    });
    // But for a key of whichever variant is chosen, which may stand anywhere.
    let of_chosen = patch.iter().filter(|a| a.of_chosen().is_some());
    let everywhere = of_chosen.flat_map(|a| {
        let others = patch.iter().filter(move |b| b.span() != a.span());
        others.filter_map(move |b| Some((a.span(), a.clash(b)?)))
    });
    match clashes.chain(everywhere).min_by_key(|(span, _)| span.start) {
        None => Ok(patch),
        Some((span, message)) => Err(ConfigError::at(span, message, "keep one of the two")),
    }
}

/// Sets all of them, in order; last what is said of whichever variant is chosen, when all are.
pub(super) fn apply<'a, 't: 'a>(
    assignments: impl Iterator<Item = &'a Assignment<'t>>,
    tree: &mut Tree<'t>,
) -> Result<(), ConfigError> {
    let (last, first): (Vec<_>, Vec<_>) = assignments.partition(|a| a.of_chosen().is_some());
    first.into_iter().chain(last).try_for_each(|a| a.apply(tree))
}

/// Follows a key from a place, and notes the step.
fn step<'t>(
    from: Place<'static>,
    key: Key<'t>,
    steps: &mut Vec<(Key<'t>, Role)>,
) -> Result<Place<'static>, ConfigError> {
    let (above, name) = (dotted(steps.iter().map(|(key, _)| key)), key.get_ref().as_ref());
    let refuse = |message: String| ConfigError::at(key.span(), message, "").of_kind(Kind::Unknown);
    let Some(node) = from.node else {
        let error = refuse(format!("`{above}` has no settings"));
        return Err(ConfigError { help: format!("take away `{name}`"), ..error });
    };
    let Some(place) = enter(node, name) else {
        let error = match shape(node) {
            Shape::Choice(variants) => refuse(format!("`{above}` cannot be `{name}`"))
                .suggesting(name, variants.iter().map(|v| v.name)),
            Shape::Struct { keys, .. } => {
                let there = if steps.is_empty() { "there is".to_owned() } else { format!("`{above}` has") };
                refuse(format!("{there} no key `{name}`")).suggesting(name, keys.keys().map(String::as_str))
            }
            Shape::Either { table, .. } => return step(Place { node: Some(table), ..from }, key, steps),
            Shape::Map(_) | Shape::Leaf(_) => refuse(format!("`{above}` takes no table")).of_kind(Kind::Type),
        };
        return Err(error);
    };
    steps.push((key, place.role));
    Ok(place)
}

fn empty<'t>(key: &Key<'t>) -> Value<'t> {
    Spanned::new(key.span(), DeValue::Table(DeTable::new()))
}

fn set<'t>(tree: &mut Tree<'t>, steps: &[(Key<'t>, Role)], value: Option<&Value<'t>>) {
    let Some(((key, _), rest)) = steps.split_first() else { return };
    let name = key.get_ref().as_ref();
    let Some((next, role)) = rest.first() else {
        match value {
            Some(value) => drop(tree.insert(key.clone(), value.clone())),
            None => drop(tree.remove(name)),
        }
        return;
    };
    let stays = |inner: &Tree| *role != Role::Variant || inner.contains_key(next.get_ref().as_ref());
    if !tree.get(name).and_then(|inner| inner.get_ref().as_table()).is_some_and(stays) {
        tree.insert(key.clone(), empty(key));
    }
    if let Some(DeValue::Table(inner)) = tree.get_mut(name).map(Spanned::get_mut) {
        set(inner, rest, value);
    }
}

#[cfg(test)]
mod tests;
