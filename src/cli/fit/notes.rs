//! What a reader of a fit should know: what the data leave open, and why there may be no fit.

use super::read::{Table, short};
use crate::cli::Stop;
use crate::lab::reward_model::tally::{Estimates, How, Tournament, Unbounded, fit_counted};
use crate::numerics::math::largest;
use crate::numerics::words::count;

/// Names that are listed before the rest is counted.
const LISTED: usize = 6;

/// Some names, and how many more.
fn some(table: &Table, which: &[u32]) -> String {
    let names: Vec<String> =
        which.iter().take(LISTED).map(|j| format!("`{}`", short(&table.names[*j as usize]))).collect();
    match which.len() - names.len() {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// Lists of items, side by side.
fn lists(table: &Table, all: &[Vec<u32>]) -> String {
    let shown: Vec<String> = all.iter().take(LISTED).map(|list| format!("({})", some(table, list))).collect();
    match all.len() - shown.len() {
        0 => shown.join(" "),
        more => format!("{} and {more} more", shown.join(" ")),
    }
}

/// Who wins or loses every comparison against the others, where a component falls apart into groups.
fn apart(table: &Table, tournament: &Tournament) -> Vec<String> {
    let groups = &tournament.groups;
    let inside = |component: &Vec<u32>| -> Vec<Vec<u32>> {
        groups.iter().filter(|group| component.binary_search(&group[0]).is_ok()).cloned().collect()
    };
    let say = |groups: Vec<Vec<u32>>| {
        let [first, .., last] = &groups[..] else { return None };
        let verb = |group: &Vec<u32>, of_one| {
            if group.len() == 1 { format!("{of_one}s") } else { String::from(of_one) }
        };
        Some(format!(
            "{} {} every comparison against the others, {} {} every one",
            some(table, first),
            verb(first, "win"),
            some(table, last),
            verb(last, "lose"),
        ))
    };
    tournament.components.iter().map(inside).filter_map(say).collect()
}

/// Why there is no maximum of the likelihood, as far as that can be told before a fit.
pub(super) fn impossible(table: &Table, how: &How, tournament: Option<&Tournament>) -> Result<(), Stop> {
    if how.l2 > 0.0 {
        return Ok(());
    }
    let stop = |why: String| Err(Stop::Usage(format!("no finite maximum of the likelihood: {why}")));
    if let Some(tournament) = tournament {
        if tournament.components.len() > 1 {
            let parts = lists(table, &tournament.components);
            return stop(format!(
                "no comparison leads from one of these groups to another: {parts}; fit them one by one, compare \
                 across them, or give --l2 0.1, which centres each at 0"
            ));
        }
        if tournament.groups.len() > 1 {
            let says = apart(table, tournament).join("; ");
            return stop(format!("{says}: nothing says by how much; give --l2 0.1, or leave such items out"));
        }
        return Ok(());
    }
    match dependent(table).first() {
        None => Ok(()),
        Some(says) => stop(format!("{says}; leave one out, or give --l2 0.1")),
    }
}

/// Features that tell nothing beside those before them.
fn dependent(table: &Table) -> Vec<String> {
    let name = |j: usize| format!("`{}`", short(&table.names[j]));
    let say = |(j, from): (usize, Vec<usize>)| match &from[..] {
        [] => format!("{} never differs between first and second", name(j)),
        _ => {
            let from: Vec<String> = from.iter().map(|k| name(*k)).collect();
            format!("the differences in {} follow from those in {}", name(j), from.join(", "))
        }
    };
    table.tally.dependent().into_iter().map(say).collect()
}

/// What a direction is made of, its largest parts first.
fn direction(table: &Table, how: &How, Unbounded(direction): &Unbounded) -> Option<String> {
    if !table.tally.is_separated_by(direction, &how.scale) {
        return None;
    }
    let weights = &direction[..table.names.len()];
    let most = largest(weights);
    if most <= 1e-3 * largest(direction) {
        return Some("no answer contradicts ever larger thresholds".to_owned());
    }
    let mut parts: Vec<usize> = (0..weights.len()).filter(|j| weights[*j].abs() > 1e-3 * most).collect();
    parts.sort_by(|a, b| weights[*b].abs().total_cmp(&weights[*a].abs()));
    let part = |j: &usize| format!("{:+.2}·{}", weights[*j] / most, short(&table.names[*j]));
    let shown: Vec<String> = parts.iter().take(LISTED).map(part).collect();
    let more = if parts.len() > LISTED { " …" } else { "" };
    Some(format!("no answer contradicts {}{more}", shown.join(" ")))
}

/// Why a fit has come to no end.
pub(super) fn unbounded(table: &Table, how: &How, unbounded: &Unbounded) -> Stop {
    if how.l2 > 0.0 {
        let message = "the prior is too weak to tell apart what these comparisons do not; give a larger --l2";
        return Stop::Usage(message.to_owned());
    }
    let why = direction(table, how, unbounded).map_or_else(
        || "along some direction it rises for ever".to_owned(),
        |says| format!("{says}: the answers are separable, and nothing says how steep they are"),
    );
    Stop::Usage(format!("no finite maximum of the likelihood: {why}; give --l2 0.1"))
}

/// Sentences below the table.
pub(super) fn notes(
    table: &Table,
    how: &How,
    estimates: &Estimates,
    tournament: Option<&Tournament>,
) -> Vec<String> {
    let mut notes = Vec::new();
    if table.skipped > 0 {
        let rows = count(table.skipped, "row");
        notes.push(format!(
            "{rows} with an empty label {} left out.",
            if table.skipped == 1 { "is" } else { "are" }
        ));
    }
    if !table.ignored.is_empty() {
        let names: Vec<String> = table.ignored.iter().map(|name| format!("`{}`", short(name))).collect();
        notes.push(format!("Ignored columns: {}.", names.join(", ")));
    }
    if how.resamples > estimates.resamples {
        let lost = how.resamples - estimates.resamples;
        notes.push(format!(
            "{} of {} resamples have no finite maximum and are left out.",
            lost, how.resamples
        ));
    }
    match tournament {
        Some(tournament) => notes.extend(of_items(table, tournament)),
        None => notes.extend(of_features(table, how)),
    }
    if how.annotators > 0 {
        notes.push(
            "A difference counts for an annotator as many times as their reliability: 0 tosses a coin, below 0 prefers \
             the opposite. The common unit is fixed by the priors alone, which widens Laplace's intervals."
                .to_owned(),
        );
    }
    notes
}

fn of_items(table: &Table, tournament: &Tournament) -> Vec<String> {
    let mut notes = Vec::new();
    if tournament.components.len() > 1 {
        notes.push(format!(
            "No comparison leads from one of these groups to another: {}. Each is centred at 0; how they compare \
             is the prior's guess.",
            lists(table, &tournament.components)
        ));
    }
    for says in apart(table, tournament) {
        notes.push(format!("Separable: {says}. By how much is the prior's guess (--l2)."));
    }
    let triads = tournament.triads;
    if triads.decided > 0 {
        let zeta = triads.consistence.map_or_else(String::new, |zeta| format!("; Kendall's ζ is {zeta:.3}"));
        notes.push(format!(
            "Circular triads: {} of {} decided ones (a quarter if answers were coins){zeta}.",
            triads.circular, triads.decided
        ));
    }
    notes
}

fn of_features(table: &Table, how: &How) -> Vec<String> {
    let mut notes: Vec<String> = dependent(table)
        .into_iter()
        .map(|says| format!("The prior (--l2) decides where answers cannot: {says}."))
        .collect();
    if notes.is_empty() && how.l2 > 0.0 {
        // The likelihood alone says whether answers are separable.
        let everybody = vec![1.0; table.annotators.len().max(1)];
        if let Err(unbounded) = fit_counted(&table.tally, &how.scale, 0.0, &everybody)
            && let Some(says) = direction(table, how, &unbounded)
        {
            notes.push(format!("Separable: {says}. How steep the answers are is the prior's guess (--l2)."));
        }
    }
    notes
}
