//! A graph: states and moves by name, with what each state shows.
//!
//! Where states show symbols, what an overseer makes of an episode is about the
//! whole of it: the return it believes is Σ B(s′|o)·G(s′) over the sequences of
//! states s′ that may be behind the symbols o (Lang et al. 2024). So the table is
//! unfolded, and beliefs are paid on the last step. The return sums what the
//! states s₀ … s_H pay, the start's with the first step.

mod beliefs;
mod config;
mod resolve;
mod symbols;
mod tabulate;

pub use config::{Amount, Belief, Chances, FullMove, Graph, GraphFeature, GraphState, Move};

use super::{CompiledWorld, Screen};
use crate::lab::solve::{check_views, unfold};
use crate::numerics::error::ConfigError;
use crate::numerics::words::count;
use resolve::Resolved;
use std::sync::Arc;
use symbols::symbols;
use tabulate::Folded;

/// Outcomes times horizon that a table may have.
const MOST: u64 = 20_000_000;

impl Graph {
    /// Checks what the types cannot say.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        self.resolve().map(drop)
    }

    /// The table.
    pub(super) fn compile(&self) -> Result<CompiledWorld, ConfigError> {
        let graph = self.resolve()?;
        let folded = graph.tabulate(self.horizon.get());
        let places = graph.states.iter().map(|name| (*name).to_owned()).collect();
        if !self.beliefs.is_empty() || self.states.values().any(|s| s.shown.is_some()) {
            return self.unfolded(&graph, folded, places);
        }
        let size = folded.mdp.outcome_count() as u64;
        if size.saturating_mul(u64::from(self.horizon.get())) > MOST {
            return Err(self.too_large(size));
        }
        if let Some((_, one, other)) = check_views(&folded.mdp) {
            let [one, other] = [one, other].map(|s| folded.state[s] as usize);
            return Err(graph.swayed([one, other], [one, other].map(|s| graph.states[s].to_owned())));
        }
        let shown = Arc::clone(&folded.mdp.features);
        let screen = Screen::Sensors { shown, in_view: vec![true; folded.mdp.outcome_count()] };
        Ok(CompiledWorld::new(folded.mdp, screen, (folded.place, places), &folded.actions))
    }

    /// The table of histories, with what the symbols of each tell.
    fn unfolded(
        &self,
        graph: &Resolved,
        folded: Folded,
        places: Vec<String>,
    ) -> Result<CompiledWorld, ConfigError> {
        let unfolded = unfold(&folded.mdp, &folded.starts, MOST).map_err(|size| self.too_large(size))?;
        let mdp = &unfolded.mdp;
        if let Some((_, one, other)) = check_views(mdp) {
            let state = |s: u32| folded.state[s as usize] as usize;
            let ends = [one, other].map(|history| state(unfolded.state[history]));
            let ways = [one, other].map(|history| {
                let states = unfolded.states(history).into_iter();
                states.map(|s| graph.states[state(s)]).collect::<Vec<_>>().join(" ")
            });
            return Err(graph.swayed(ends, ways));
        }
        let symbols = symbols(graph, &folded, &unfolded).map_err(|sequences| {
            let message = format!("{sequences} sequences of symbols × {} states are too many", places.len());
            ConfigError::new("world.graph.horizon", message, "a shorter horizon, or fewer symbols")
        })?;
        let place = |k: &u32| folded.place.get(*k as usize).copied().unwrap_or(0);
        let row = |h: usize| {
            let s = unfolded.state[h] as usize;
            let rows = if s < folded.state.len() { folded.mdp.rows_of(s) } else { 0..0 };
            folded.actions[rows].iter().copied()
        };
        let actions = (0..mdp.states() - 1).flat_map(row).chain(["end"]).collect::<Vec<_>>();
        let place = unfolded.outcome.iter().map(place).collect();
        Ok(CompiledWorld::new(unfolded.mdp, Screen::Symbols(symbols), (place, places), &actions))
    }

    fn too_large(&self, outcomes: u64) -> ConfigError {
        let message = format!(
            "{outcomes} outcomes over {} are too many to tabulate",
            count(self.horizon.get().into(), "step")
        );
        let help = "a shorter horizon, or fewer moves; where states show symbols, every history counts";
        ConfigError::new("world.graph.horizon", message, help)
    }
}

impl Resolved<'_> {
    /// Two states in which the policy cannot tell where it is, with the ways there, and its
    /// deeds decide on which it is.
    fn swayed(&self, states: [usize; 2], [one, other]: [String; 2]) -> ConfigError {
        let [a, b] = states.map(|s| self.states[s]);
        if a == b {
            let message =
                format!("`{a}` is reached by `{one}` and by `{other}`, and a policy has a say in which");
            let help = "a policy sees the state and not the way to it, so give it a name for each way";
            return ConfigError::new(&format!("world.graph.states.{a}"), message, help).at_key();
        }
        let [of_one, of_other] = [(a, one), (b, other)].map(|(name, way)| match way == name {
            true => format!("`{name}`"),
            false => format!("`{name}` (by `{way}`)"),
        });
        let message =
            format!("{of_one} and {of_other} look alike to the policy, and it has a say in which it meets");
        let help = "let it see them as different, or let chance alone decide between them";
        ConfigError::new(&self.at_seen(states), message, help)
    }
}
