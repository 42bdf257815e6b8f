//! Items as players of a tournament: who can be compared with whom, who never loses, and who goes round.
//!
//! Where no comparison leads from some items to the others, nothing is known of how the two stand. Where some
//! items win every comparison against the others, nothing says by how much. The likelihood has a finite
//! maximum, and one alone, if and only if neither is so: if from every item a way leads to every other
//! along "did not lose every time" (Ford 1957; ties count half, and grades between as what they are).
//!
//! A triad is circular if each of three items is preferred to the next by a majority of the answers on them,
//! ties apart (Kendall and Babington Smith 1940). If answers were coins, one decided triad in four would be.

use super::{Compared, GRADES, Tally};

/// What comparisons of items say before any model.
#[derive(Clone, Debug, PartialEq)]
pub struct Tournament {
    /// Items between which comparisons lead, each list increasing, by its first item.
    pub components: Vec<Vec<u32>>,
    /// Items none of which wins every comparison against the others of its list. No item of an earlier list
    /// ever lost or tied against one of a later list.
    pub groups: Vec<Vec<u32>>,
    /// Circular triads.
    pub triads: Triads,
}

/// Triads, and how many of them go round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Triads {
    /// Triads each of whose three pairs has a majority.
    pub decided: u64,
    /// Those that go round.
    pub circular: u64,
    /// Kendall's coefficient of consistence ζ, where every pair has a majority and there are three items or
    /// more: 1 if no triad goes round, 0 if as many do as can.
    pub consistence: Option<f64>,
}

impl Tournament {
    /// Of a tally of items; `None` of features.
    pub fn of(tally: &Tally) -> Option<Self> {
        let Compared::Items(pairs) = &tally.compared else { return None };
        let mut unbeaten = vec![Vec::new(); tally.width];
        let mut back = unbeaten.clone();
        let mut margins: Vec<([u32; 2], i64)> = Vec::new();
        for (pair, counts) in pairs.iter().zip(&tally.counts) {
            let [a, b] = pair.map(|item| item as usize);
            let n: u64 = counts.iter().map(|n| u64::from(*n)).sum();
            let [lost, won] = [counts[0], counts[GRADES.len() - 1]].map(u64::from);
            for (from, to, ever) in [(a, b, lost < n), (b, a, won < n)] {
                if ever {
                    unbeaten[from].push(to as u32);
                    back[to].push(from as u32);
                }
            }
            let [second, first] =
                [&counts[..2], &counts[3..]].map(|n| n.iter().map(|n| i64::from(*n)).sum::<i64>());
            margins.push((*pair, first - second));
        }
        let either: Vec<Vec<u32>> = unbeaten.iter().zip(&back).map(|(a, b)| [&a[..], b].concat()).collect();
        let components = strong(&either, &either);
        Some(Self {
            components: by_first(components),
            groups: strong(&unbeaten, &back),
            triads: triads(tally.width, margins),
        })
    }
}

/// Lists by their first item.
fn by_first(mut lists: Vec<Vec<u32>>) -> Vec<Vec<u32>> {
    lists.sort();
    lists
}

/// Strongly connected parts, each increasing, none after one that it leads to (Kosaraju and Sharir).
fn strong(to: &[Vec<u32>], from: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let mut seen = vec![false; to.len()];
    let finished: Vec<u32> = (0..to.len() as u32).flat_map(|start| finish(to, start, &mut seen)).collect();
    seen.fill(false);
    let part = |start: &u32| Some(finish(from, *start, &mut seen)).filter(|part| !part.is_empty());
    let mut parts: Vec<Vec<u32>> = finished.iter().rev().filter_map(part).collect();
    parts.iter_mut().for_each(|part| part.sort_unstable());
    parts
}

/// What can be reached and is not seen, in the order in which a search by depth is done with it.
fn finish(to: &[Vec<u32>], start: u32, seen: &mut [bool]) -> Vec<u32> {
    let (mut done, mut way) = (Vec::new(), Vec::new());
    if !std::mem::replace(&mut seen[start as usize], true) {
        way.push((start, 0));
    }
    while let Some((at, next)) = way.last_mut() {
        match to[*at as usize].get(*next) {
            Some(neighbour) => {
                *next += 1;
                if !std::mem::replace(&mut seen[*neighbour as usize], true) {
                    way.push((*neighbour, 0));
                }
            }
            None => {
                done.push(*at);
                way.pop();
            }
        }
    }
    done
}

/// Rows of bits: which items are better, which are worse. A circular triad has three edges i → j, each with a
/// k that j beats and that beats i.
fn triads(width: usize, mut margins: Vec<([u32; 2], i64)>) -> Triads {
    let words = width.div_ceil(64);
    let mut bits = [vec![0u64; width * words], vec![0u64; width * words]];
    let set =
        |bits: &mut Vec<u64>, i: u32, j: u32| bits[i as usize * words + j as usize / 64] |= 1 << (j % 64);
    // Several annotators of a pair: one margin.
    margins.sort_unstable();
    let mut decided: Vec<[u32; 2]> = Vec::new();
    for of_pair in margins.chunk_by(|a, b| a.0 == b.0) {
        let [a, b] = of_pair[0].0;
        let margin: i64 = of_pair.iter().map(|(_, margin)| margin).sum();
        if margin != 0 {
            let [better, worse] = if margin > 0 { [a, b] } else { [b, a] };
            set(&mut bits[0], better, worse);
            set(&mut bits[1], worse, better);
            decided.push([better, worse]);
        }
    }
    let [beats, beaten] = &bits;
    let row = |bits: &[u64], i: u32, word: usize| bits[i as usize * words + word];
    let (mut round, mut all) = (0, 0);
    for [i, j] in &decided {
        for word in 0..words {
            round += u64::from((row(beats, *j, word) & row(beaten, *i, word)).count_ones());
            let either = |i: u32| row(beats, i, word) | row(beaten, i, word);
            all += u64::from((either(*i) & either(*j)).count_ones());
        }
    }
    let (circular, n) = (round / 3, width as f64);
    let complete = width > 2 && decided.len() == width * (width - 1) / 2;
    let most = if width % 2 == 1 { (n * n * n - n) / 24.0 } else { (n * n * n - 4.0 * n) / 24.0 };
    let consistence = complete.then(|| 1.0 - circular as f64 / most);
    Triads { decided: all / 3, circular, consistence }
}
