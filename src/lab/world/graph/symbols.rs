//! What the symbols of an episode tell: features paid on outcomes, for every way
//! to fill in what cannot be seen.

use super::resolve::{Means, Resolved};
use super::tabulate::Folded;
use crate::lab::mdp::{Features, Outcomes};
use crate::lab::solve::Unfolded;
use crate::lab::world::{NEVER, Symbols};
use indexmap::IndexSet;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Words over small alphabets, each with a number: a word is a shorter one and a letter.
#[derive(Default)]
struct Words(IndexSet<(u32, u32)>);

impl Words {
    fn add(&mut self, word: u32, letter: u32) -> u32 {
        self.0.insert_full((word, letter)).0 as u32
    }

    fn find(&self, letters: &[usize]) -> Option<u32> {
        let longer = |word, letter: &usize| Some(self.0.get_index_of(&(word, *letter as u32))? as u32);
        letters.iter().try_fold(NEVER, longer)
    }

    fn letters(&self, mut word: u32) -> Vec<u32> {
        let mut letters = Vec::new();
        while word != NEVER {
            let (shorter, letter) = self.0[word as usize];
            letters.push(letter);
            word = shorter;
        }
        letters.reverse();
        letters
    }
}

/// An episode: the outcome of its last step.
struct Episode {
    outcome: usize,
    /// The states it goes through.
    trajectory: u32,
    /// Its place among the sequences of symbols.
    sequence: usize,
    /// Its chance under π₀.
    chance: f64,
    /// Totals of the features.
    totals: Vec<f64>,
}

/// Number of sequences times states that a table of visits may have.
const MOST_VISITS: u64 = 20_000_000;

/// The symbols of an unfolded graph; where there would be too many, how many
/// sequences there are.
pub(super) fn symbols(graph: &Resolved, folded: &Folded, unfolded: &Unfolded) -> Result<Symbols, usize> {
    let symbol = graph.symbol();
    let mut words = [Words::default(), Words::default()];
    let (episodes, sequences) = episodes(folded, unfolded, &symbol, &mut words);
    let [trajectories, symbols] = words;
    let count = sequences.len();
    if count as u64 * graph.states.len() as u64 > MOST_VISITS {
        return Err(count);
    }
    let mut of_sequence: Vec<Vec<&Episode>> = vec![Vec::new(); count];
    episodes.iter().for_each(|e| of_sequence[e.sequence].push(e));

    let mut believed: Vec<Option<&Means>> = vec![None; count];
    for means in &graph.beliefs {
        let seen: Vec<usize> = means[0].0.iter().map(|s| symbol[*s]).collect();
        let place = symbols.find(&seen).and_then(|word| sequences.get_index_of(&word));
        believed[place.expect("possible: checked")] = Some(means);
    }

    let outcomes = unfolded.outcome.len();
    let width = graph.features.len();
    let mut at_end = [(); 3].map(|()| vec![vec![0.0; outcomes]; width]);
    let mut sequence = vec![NEVER; outcomes];
    let mut visits = vec![vec![0.0; graph.states.len()]; count];
    let mut ambiguous = None;
    let reads = |word: u32| {
        let letters = symbols.letters(word);
        letters.iter().map(|x| graph.shown[*x as usize]).collect::<Vec<_>>().join(" ")
    };
    for (place, of) in of_sequence.iter().enumerate() {
        let mass: f64 = of.iter().map(|e| e.chance).sum();
        let even = 1.0 / of.len() as f64;
        let reference = of.iter().map(|e| if mass > 0.0 { e.chance / mass } else { even });
        let reference: Vec<f64> = reference.collect();
        let posterior = posterior(of, believed[place], &trajectories);
        let alike = of.iter().all(|e| e.trajectory == of[0].trajectory && e.totals == of[0].totals);
        if ambiguous.is_none() && believed[place].is_none() && !alike {
            ambiguous = Some(reads(sequences[place]));
        }
        for (columns, weights) in at_end.iter_mut().zip([&reference, &posterior]) {
            for (j, column) in columns.iter_mut().enumerate() {
                let mean: f64 = of.iter().zip(weights).map(|(e, w)| w * e.totals[j]).sum();
                of.iter().for_each(|e| column[e.outcome] = mean);
            }
        }
        for (e, weight) in of.iter().zip(&posterior) {
            sequence[e.outcome] = place as u32;
            for state in trajectories.letters(e.trajectory).iter().skip(1) {
                visits[place][*state as usize] += weight;
            }
        }
    }
    for e in &episodes {
        at_end[2].iter_mut().zip(&e.totals).for_each(|(column, total)| column[e.outcome] = *total);
    }
    let names = || graph.features.iter().map(|name| (*name).to_owned()).collect();
    let [reference, posterior, totals] = at_end.map(|columns| Features::new(names(), columns));
    Ok(Symbols {
        nothing: Arc::new(Features::new(names(), graph.step_by_step(folded, unfolded, &symbol))),
        reference: reference.into(),
        posterior: posterior.into(),
        totals,
        ambiguous,
        sequence,
        sequences: sequences.iter().map(|word| reads(*word)).collect(),
        visits,
    })
}

/// Every episode, and the sequences of symbols that they show.
fn episodes(
    folded: &Folded,
    unfolded: &Unfolded,
    symbol: &[usize],
    [trajectories, symbols]: &mut [Words; 2],
) -> (Vec<Episode>, IndexSet<u32>) {
    let mdp = &unfolded.mdp;
    let Outcomes::Moves { offset, next, chance } = &mdp.outcomes else { unreachable!("unfolded") };
    let columns: Vec<&[f64]> = mdp.features.columns().collect();
    // Of every history: its words, its chance under π₀, its totals.
    let mut histories: Vec<(u32, u32, f64, Vec<f64>)> = Vec::with_capacity(mdp.states());
    for root in 0..unfolded.roots as usize {
        let s = folded.state[unfolded.state[root] as usize];
        let words = (trajectories.add(NEVER, s), symbols.add(NEVER, symbol[s as usize] as u32));
        histories.push((words.0, words.1, mdp.start[root], vec![0.0; columns.len()]));
    }
    let (mut episodes, mut sequences) = (Vec::new(), IndexSet::new());
    for h in 0..mdp.states() - 1 {
        for row in mdp.rows_of(h) {
            for k in offset[row] as usize..offset[row + 1] as usize {
                let (trajectory, shown, mass, totals) = &histories[h];
                let s = folded.place[unfolded.outcome[k] as usize];
                let trajectory = trajectories.add(*trajectory, s);
                let shown = symbols.add(*shown, symbol[s as usize] as u32);
                let mass = mass * mdp.reference[row] * chance[k];
                let totals: Vec<f64> = totals.iter().zip(&columns).map(|(t, c)| t + c[k]).collect();
                if k < unfolded.last as usize {
                    match histories.get_mut(next[k] as usize) {
                        Some(alike) => alike.2 += mass,
                        None => histories.push((trajectory, shown, mass, totals)),
                    }
                    continue;
                }
                let place = sequences.insert_full(shown).0;
                episodes.push(Episode { outcome: k, trajectory, sequence: place, chance: mass, totals });
            }
        }
    }
    (episodes, sequences)
}

/// The weight of every episode that shows one sequence: as believed, or else every
/// trajectory the same; episodes of one trajectory share alike.
fn posterior(of: &[&Episode], believed: Option<&Means>, trajectories: &Words) -> Vec<f64> {
    let mut ways: BTreeMap<u32, f64> = BTreeMap::new();
    of.iter().for_each(|e| *ways.entry(e.trajectory).or_default() += 1.0);
    let even = 1.0 / ways.len() as f64;
    let chance = |trajectory: u32| match believed {
        None => even,
        Some(means) => means
            .iter()
            .filter(|(states, _)| trajectories.find(states) == Some(trajectory))
            .map(|(_, chance)| chance)
            .sum(),
    };
    of.iter().map(|e| chance(e.trajectory) / ways[&e.trajectory]).collect()
}

impl Resolved<'_> {
    /// The first state that shows the same as each, which stands for its symbol; \[states\].
    fn symbol(&self) -> Vec<usize> {
        let first = |shown: &&str| self.shown.iter().position(|other| other == shown).expect("itself");
        self.shown.iter().map(first).collect()
    }

    /// Step by step: of each feature what a symbol always stands for, nothing where
    /// it may stand for several things; \[features\]\[outcomes\].
    fn step_by_step(&self, folded: &Folded, unfolded: &Unfolded, symbol: &[usize]) -> Vec<Vec<f64>> {
        // Of every symbol, what is paid wherever it is shown.
        let mut ways: Vec<Vec<Vec<f64>>> = vec![Vec::new(); self.states.len()];
        for (s, actions) in self.actions.iter().enumerate() {
            if actions.is_empty() || self.start.iter().any(|(t, _)| *t == s) {
                ways[symbol[s]].push(self.pays[s].clone());
            }
            for (action, (t, _)) in actions.iter().flat_map(|a| a.to.iter().map(move |to| (a, to))) {
                let paid =
                    action.pays.iter().zip(&self.pays[*t]).map(|(of_move, of_state)| of_move + of_state);
                ways[symbol[*t]].push(paid.collect());
            }
        }
        let stands_for = |ways: &Vec<Vec<f64>>, j: usize| match ways.split_first() {
            Some((first, others)) if others.iter().all(|other| other[j] == first[j]) => first[j],
            _ => 0.0,
        };
        let width = self.features.len();
        let worth = ways.iter().map(|ways| (0..width).map(|j| stands_for(ways, j)).collect());
        let worth: Vec<Vec<f64>> = worth.collect();
        let worth = |s: u32, j: usize| worth[symbol[s as usize]][j];
        let seen = |k: usize, j: usize| {
            let Some(s) = folded.place.get(unfolded.outcome[k] as usize) else { return 0.0 };
            let from = unfolded.mdp.state_of(unfolded.mdp.row_of(k));
            if from >= unfolded.roots as usize {
                return worth(*s, j);
            }
            worth(*s, j) + worth(folded.state[unfolded.state[from] as usize], j)
        };
        let paid = |j: usize| (0..unfolded.outcome.len()).map(|k| seen(k, j)).collect();
        (0..width).map(paid).collect()
    }
}
