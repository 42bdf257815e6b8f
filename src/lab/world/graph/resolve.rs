//! From names to numbers: a graph whose states, features and chances are
//! looked up, and everything said that can be wrong with them.

use super::config::{Amount, Chances, Graph, OF_MOVES};
use crate::numerics::error::{ConfigError, check_feature_names, suggest};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// A graph by numbers. States and features in the order of their names.
pub(super) struct Resolved<'a> {
    pub(super) states: Vec<&'a str>,
    /// The symbol of each state; \[states\].
    pub(super) shown: Vec<&'a str>,
    /// What the policy sees of each state; \[states\].
    pub(super) seen: Vec<&'a str>,
    /// Chances of the states that episodes may start in.
    pub(super) start: Vec<(usize, f64)>,
    pub(super) features: Vec<&'a str>,
    pub(super) gold: Vec<f64>,
    /// What entering a state pays; \[states\]\[features\].
    pub(super) pays: Vec<Vec<f64>>,
    /// \[states\]; empty where a state stays.
    pub(super) actions: Vec<Vec<Action<'a>>>,
    /// What is believed, by sequence of symbols: sequences of states, and their chances.
    pub(super) beliefs: Vec<Means>,
}

pub(super) struct Action<'a> {
    pub(super) name: &'a str,
    /// Its chance under π₀.
    pub(super) chance: f64,
    pub(super) to: Vec<(usize, f64)>,
    /// \[features\]
    pub(super) pays: Vec<f64>,
}

/// Sequences of states, and their chances.
pub(super) type Means = Vec<(Vec<usize>, f64)>;

/// Chances that differ by less from 1 add up to it.
const WHOLE: f64 = 1e-9;

impl Graph {
    /// Every name by which a config can address a feature.
    pub(in crate::lab::world) fn feature_names(&self) -> BTreeSet<&str> {
        let amounts = self.states.values().map(|s| s.gold.is_some());
        let of_moves = self.moves.values().flat_map(BTreeMap::values).map(|m| m.paid().0.is_some());
        let gold = amounts.chain(of_moves).any(|paid| paid);
        self.features.keys().map(String::as_str).chain(gold.then_some("gold")).collect()
    }

    pub(super) fn resolve(&self) -> Result<Resolved<'_>, ConfigError> {
        let at = |rest: &str| format!("world.graph.{rest}");
        self.check_words()?;
        let features: Vec<&str> = self.feature_names().into_iter().collect();
        if features.is_empty() {
            let help = "e.g. W = { gold = 10 }: entering W pays 10";
            return Err(ConfigError::new(&at("states"), "nothing is paid anywhere", help));
        }
        let gold = |name: &&str| self.features.get(*name).map_or(1.0, |f| f.gold.get());
        let look_up = LookUp { graph: self, features: &features, used: RefCell::default() };
        let start = look_up.chances(&at("start"), &self.start)?;
        let (mut pays, mut actions) = (Vec::new(), Vec::new());
        for (name, state) in &self.states {
            pays.push(look_up.pays(
                &at(&format!("states.{name}")),
                state.gold.as_ref(),
                Some(&state.pays),
            )?);
            let mut of_state = Vec::new();
            let mut reference = self.reference(name, &look_up)?.into_iter();
            for (action, to) in self.moves.get(name).into_iter().flatten() {
                let path = at(&format!("moves.{name}.{action}"));
                let (gold, pays) = to.paid();
                let inner = if pays.is_some() { format!("{path}.to") } else { path.clone() };
                of_state.push(Action {
                    name: action,
                    chance: reference.next().expect("one for each action"),
                    to: look_up.chances(&inner, to.to())?,
                    pays: look_up.pays(&path, gold, pays)?,
                });
            }
            actions.push(of_state);
        }
        let of_states = self.moves.keys().map(|name| ("moves", name));
        for (what, name) in of_states.chain(self.reference.keys().map(|name| ("reference", name))) {
            look_up.state(&at(&format!("{what}.{name}")), name).map_err(ConfigError::at_key)?;
        }
        let mut resolved = Resolved {
            states: self.states.keys().map(String::as_str).collect(),
            shown: self.states.iter().map(|(name, s)| s.shown.as_ref().unwrap_or(name).as_str()).collect(),
            seen: self.states.iter().map(|(name, s)| s.seen.as_ref().unwrap_or(name).as_str()).collect(),
            start,
            gold: features.iter().map(gold).collect(),
            features: features.clone(),
            pays,
            actions,
            beliefs: Vec::new(),
        };
        resolved.check_reach()?;
        resolved.check_seen()?;
        resolved.beliefs = self.beliefs(&resolved, &look_up)?;
        let used = look_up.used.into_inner();
        match self.given.keys().find(|name| !used.contains(name.as_str())) {
            None => Ok(resolved),
            Some(name) => {
                let message = format!("`{name}` is given and used nowhere");
                let known = self.given.keys().map(String::as_str).filter(|n| used.contains(n));
                let (label, _) = suggest(name, known);
                let help = "use its name in place of a number, or take it away";
                Err(ConfigError { label, ..ConfigError::new(&at(&format!("given.{name}")), message, help) }
                    .at_key())
            }
        }
    }

    /// π₀'s chances of a state's actions.
    fn reference<'a>(&'a self, state: &str, look_up: &LookUp<'a>) -> Result<Vec<f64>, ConfigError> {
        let none = BTreeMap::new();
        let actions = self.moves.get(state).unwrap_or(&none);
        let Some(given) = self.reference.get(state).filter(|given| !given.is_empty()) else {
            return Ok(vec![1.0 / actions.len() as f64; actions.len()]);
        };
        let path = format!("world.graph.reference.{state}");
        if let Some(name) = given.keys().find(|name| !actions.contains_key(*name)) {
            let known = actions.keys().map(String::as_str);
            return Err(ConfigError::unknown(&format!("{path}.{name}"), "action", name, known).at_key());
        }
        let mut chances = look_up.whole(&path, given)?.into_iter();
        let of = |name: &String| if given.contains_key(name) { chances.next() } else { None };
        Ok(actions.keys().map(of).map(|chance| chance.unwrap_or(0.0)).collect())
    }

    /// Checks that every name can be one.
    fn check_words(&self) -> Result<(), ConfigError> {
        let word = |name: &str| !name.is_empty() && !name.contains(char::is_whitespace);
        let states = self.states.keys().map(|name| {
            let help = "no spaces, and none of to, gold and pays, which are keys of a move";
            let good = word(name) && !OF_MOVES.contains(&name.as_str());
            (good, "a state", format!("states.{name}"), name, help)
        });
        let actions = self.moves.iter().flat_map(|(state, actions)| {
            let at = move |name: &str| format!("moves.{state}.{name}");
            actions.keys().map(move |name| (word(name), "an action", at(name), name, "no spaces"))
        });
        let given = self.given.keys().map(|name| {
            let help = "no spaces, and not rest, which is what is left of 1";
            (word(name) && name != "rest", "a given number", format!("given.{name}"), name, help)
        });
        if let Some((_, kind, path, name, help)) = states.chain(actions).chain(given).find(|(good, ..)| !good)
        {
            let message = format!("`{name}` cannot be the name of {kind}");
            return Err(ConfigError::new(&format!("world.graph.{path}"), message, help).at_key());
        }
        check_feature_names("world.graph.features", self.features.keys())?;
        for (name, state) in &self.states {
            for (key, symbol) in [("shown", &state.shown), ("seen", &state.seen)] {
                if let Some(symbol) = symbol.as_ref().filter(|symbol| !word(symbol)) {
                    let path = format!("world.graph.states.{name}.{key}");
                    let message = format!("{symbol:?} cannot be a symbol");
                    return Err(ConfigError::new(&path, message, "any text without spaces"));
                }
            }
        }
        Ok(())
    }
}

/// Looks names up, and notes which of the given numbers are used.
pub(super) struct LookUp<'a> {
    graph: &'a Graph,
    features: &'a [&'a str],
    used: RefCell<BTreeSet<&'a str>>,
}

impl<'a> LookUp<'a> {
    fn unknown_state(&self, path: &str, name: &str) -> ConfigError {
        ConfigError::unknown(path, "state", name, self.graph.states.keys().map(String::as_str))
    }

    pub(super) fn state(&self, path: &str, name: &str) -> Result<usize, ConfigError> {
        let place = self.graph.states.keys().position(|state| state == name);
        place.ok_or_else(|| self.unknown_state(path, name))
    }

    fn number(&self, path: &str, amount: &'a Amount, also: &[&str]) -> Result<f64, ConfigError> {
        let x = match amount {
            Amount::Number(x) => *x,
            Amount::Name(name) => {
                let Some(given) = self.graph.given.get(name) else {
                    let known = self.graph.given.keys().map(String::as_str).chain(also.iter().copied());
                    return Err(ConfigError::unknown(path, "given number", name, known));
                };
                self.used.borrow_mut().insert(name);
                given.get()
            }
        };
        if x.abs() <= 1e30 {
            return Ok(x);
        }
        let message = format!("{x:?} is out of range: this must be a number from -1e30 to 1e30");
        Err(ConfigError::new(path, message, ""))
    }

    fn pays(
        &self,
        path: &str,
        gold: Option<&'a Amount>,
        pays: Option<&'a BTreeMap<String, Amount>>,
    ) -> Result<Vec<f64>, ConfigError> {
        let mut paid = vec![0.0; self.features.len()];
        for (name, amount) in pays.into_iter().flatten() {
            let path = format!("{path}.pays.{name}");
            let Some(j) = self.features.iter().position(|f| f == name) else {
                return Err(
                    ConfigError::unknown(&path, "feature", name, self.features.iter().copied()).at_key()
                );
            };
            if name == "gold" && gold.is_some() {
                let help = "keep one of gold = … and pays.gold = …";
                return Err(ConfigError::new(&path, "gold is paid twice", help).at_key());
            }
            paid[j] = self.number(&path, amount, &[])?;
        }
        if let Some(amount) = gold {
            let j = self.features.iter().position(|f| *f == "gold").expect("there where it is paid");
            paid[j] = self.number(&format!("{path}.gold"), amount, &[])?;
        }
        Ok(paid)
    }

    fn chances(&self, path: &str, chances: &'a Chances) -> Result<Vec<(usize, f64)>, ConfigError> {
        match chances {
            Chances::One(name) => Ok(vec![(self.state(path, name)?, 1.0)]),
            Chances::Several(several) => {
                let state =
                    |name: &String| self.state(&format!("{path}.{name}"), name).map_err(ConfigError::at_key);
                let states = several.keys().map(state).collect::<Result<Vec<_>, _>>()?;
                Ok(states.into_iter().zip(self.whole(path, several)?).collect())
            }
        }
    }

    /// Chances that must add up to 1, in the order of their names.
    pub(super) fn whole(
        &self,
        path: &str,
        chances: &'a BTreeMap<String, Amount>,
    ) -> Result<Vec<f64>, ConfigError> {
        if chances.is_empty() {
            return Err(ConfigError::new(path, "chances of nothing", "name at least one"));
        }
        let (mut numbers, mut rest) = (Vec::new(), None);
        for (i, (name, amount)) in chances.iter().enumerate() {
            let path = format!("{path}.{name}");
            if *amount == Amount::Name("rest".to_owned()) {
                if rest.replace(i).is_some() {
                    let help = "give all but one of them a number";
                    return Err(ConfigError::new(&path, "two of these are the rest", help));
                }
                numbers.push(0.0);
                continue;
            }
            let x = self.number(&path, amount, &["rest"])?;
            if !(0.0..=1.0).contains(&x) {
                let message = format!("{x:?} is out of range: a chance is from 0 to 1");
                return Err(ConfigError::new(&path, message, ""));
            }
            numbers.push(x);
        }
        let sum: f64 = numbers.iter().sum();
        match rest {
            Some(i) if sum <= 1.0 + WHOLE => numbers[i] = (1.0 - sum).max(0.0),
            None if (sum - 1.0).abs() <= WHOLE => {}
            _ => {
                let message = format!("these chances add up to {sum}, not to 1");
                let help = "one of them may be \"rest\": what is left of 1";
                return Err(ConfigError::new(path, message, help));
            }
        }
        Ok(numbers)
    }
}

impl Resolved<'_> {
    /// The states a state can be followed by.
    pub(super) fn follows(&self, s: usize, next: usize) -> bool {
        match self.actions[s].as_slice() {
            [] => s == next,
            actions => actions.iter().flat_map(|a| &a.to).any(|(t, _)| *t == next),
        }
    }

    pub(super) fn moves_pay(&self) -> bool {
        self.actions.iter().flatten().flat_map(|a| &a.pays).any(|x| *x != 0.0)
    }

    /// Where two states of one look are given it: at the second, or else at the first.
    pub(super) fn at_seen(&self, [one, other]: [usize; 2]) -> String {
        let given = if self.seen[other] == self.states[other] { one } else { other };
        format!("world.graph.states.{}.seen", self.states[given])
    }

    /// Checks that a policy, and the reference policy too, can act alike in states it sees alike.
    fn check_seen(&self) -> Result<(), ConfigError> {
        for other in 0..self.states.len() {
            let one = self.seen.iter().position(|seen| *seen == self.seen[other]).expect("itself");
            let [of_one, of_other] = [one, other].map(|s| &self.actions[s]);
            let names = |of: &[Action<'_>]| match of {
                [] => "none".to_owned(),
                of => of.iter().map(|a| a.name).collect::<Vec<_>>().join(", "),
            };
            let (unlike, help) = if names(of_one) != names(of_other) {
                let actions = format!("not in their actions: {}; {}", names(of_one), names(of_other));
                (actions, "give both the same actions, or let the policy see them as different")
            } else if of_one.iter().zip(of_other).any(|(a, b)| (a.chance - b.chance).abs() > WHOLE) {
                let reference = "and the reference policy acts differently in them".to_owned();
                (reference, "give both the same reference, or let the policy see them as different")
            } else {
                continue;
            };
            let [a, b] = [one, other].map(|s| self.states[s]);
            let message = format!("`{a}` and `{b}` look alike to the policy, {unlike}");
            return Err(ConfigError::new(&self.at_seen([one, other]), message, help));
        }
        Ok(())
    }

    /// Checks that every state can be reached; a move of chance 0 will do, so
    /// that a sweep may end there.
    fn check_reach(&self) -> Result<(), ConfigError> {
        let mut reached = vec![false; self.states.len()];
        let mut left: Vec<usize> = self.start.iter().map(|(s, _)| *s).collect();
        while let Some(s) = left.pop() {
            if !std::mem::replace(&mut reached[s], true) {
                left.extend(self.actions[s].iter().flat_map(|a| &a.to).map(|(t, _)| *t));
            }
        }
        match reached.iter().position(|r| !r) {
            None => Ok(()),
            Some(s) => {
                let name = self.states[s];
                let help = "let a move lead to it (a chance of 0 will do), start in it, or take it away";
                let path = format!("world.graph.states.{name}");
                Err(ConfigError::new(&path, format!("nothing leads to `{name}`"), help).at_key())
            }
        }
    }
}
