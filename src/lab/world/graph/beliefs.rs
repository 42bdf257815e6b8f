//! Beliefs about what was shown, checked: every sequence of states named must
//! be possible, and show the sequence of symbols it is believed of.

use super::config::Graph;
use super::resolve::{LookUp, Means, Resolved};
use crate::numerics::error::ConfigError;

impl Graph {
    /// What is believed of each listed sequence of symbols, in states.
    pub(super) fn beliefs<'a>(
        &'a self,
        resolved: &Resolved,
        look_up: &LookUp<'a>,
    ) -> Result<Vec<Means>, ConfigError> {
        let fault = |path: &str, message: String, help: String| Err(ConfigError::new(path, message, help));
        if resolved.moves_pay() && !self.beliefs.is_empty() {
            let help = "let states pay instead: one for each way to arrive".to_owned();
            return fault("world.graph.beliefs", "beliefs are about states, and moves pay".to_owned(), help);
        }
        let length = self.horizon.get() as usize + 1;
        let mut all: Vec<Means> = Vec::new();
        let mut listed: Vec<Vec<&str>> = Vec::new();
        for (i, belief) in self.beliefs.iter().enumerate() {
            let path = format!("world.graph.beliefs.{i}");
            let seen: Vec<&str> = belief.seen.split_whitespace().collect();
            let at_seen = format!("{path}.seen");
            if seen.len() != length {
                return fault(&at_seen, too_long_or_short(seen.len(), "symbols", length), HELP.to_owned());
            }
            if let Some(symbol) = seen.iter().find(|symbol| !resolved.shown.contains(symbol)) {
                return Err(ConfigError::unknown(&at_seen, "symbol", symbol, resolved.shown.iter().copied()));
            }
            if listed.contains(&seen) {
                let message = format!("`{}` has a belief already", seen.join(" "));
                return fault(&at_seen, message, "keep one of the two".to_owned());
            }
            let mut sequences: Vec<Vec<usize>> = Vec::new();
            for key in belief.means.keys() {
                let path = format!("{path}.means.{key}");
                let states = resolved.trajectory(&path, key, length, look_up).map_err(ConfigError::at_key)?;
                let shows: Vec<&str> = states.iter().map(|s| resolved.shown[*s]).collect();
                if shows != seen {
                    let message = format!("`{key}` shows `{}`", shows.join(" "));
                    let help = format!("believe it of that, or name states that show `{}`", seen.join(" "));
                    return Err(ConfigError::new(&path, message, help).at_key());
                }
                if sequences.contains(&states) {
                    return Err(
                        ConfigError::new(&path, format!("`{key}` is listed twice"), "list it once").at_key()
                    );
                }
                sequences.push(states);
            }
            let chances = look_up.whole(&format!("{path}.means"), &belief.means)?;
            all.push(sequences.into_iter().zip(chances).collect());
            listed.push(seen);
        }
        Ok(all)
    }
}

const HELP: &str = "one for the start and one for every step of the horizon, with spaces between";

fn too_long_or_short(found: usize, of: &str, wanted: usize) -> String {
    format!("{found} {of}, and an episode has {wanted}")
}

impl Resolved<'_> {
    /// A sequence of states that an episode can go through.
    fn trajectory(
        &self,
        path: &str,
        words: &str,
        length: usize,
        look_up: &LookUp<'_>,
    ) -> Result<Vec<usize>, ConfigError> {
        let names: Vec<&str> = words.split_whitespace().collect();
        if names.len() != length {
            return Err(ConfigError::new(path, too_long_or_short(names.len(), "states", length), HELP));
        }
        let states = names.iter().map(|n| look_up.state(path, n)).collect::<Result<Vec<_>, _>>()?;
        if !self.start.iter().any(|(s, _)| *s == states[0]) {
            let message = format!("`{words}` cannot happen: no episode starts in `{}`", names[0]);
            return Err(ConfigError::new(path, message, "name a sequence that can"));
        }
        match (1..length).find(|i| !self.follows(states[i - 1], states[*i])) {
            None => Ok(states),
            Some(i) => {
                let (from, to) = (names[i - 1], names[i]);
                let message = format!("`{words}` cannot happen: no move leads from `{from}` to `{to}`");
                Err(ConfigError::new(path, message, "name a sequence that can"))
            }
        }
    }
}
