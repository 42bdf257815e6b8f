//! `trace`: one trial in plain text.

use super::answers::Answers;
use super::results::aligned;
use super::{Stop, plan, print};
use crate::lab::Setup;
use crate::lab::feedback::Feedback;
use crate::lab::overseer::{Label, Overseer};
use crate::lab::policy::Episode;
use crate::lab::query::Comparison;
use crate::lab::reward_model::Posterior;
use crate::lab::trial::{self, Inside, Record, SharedInWorld, Trial};
use crate::lab::world::World;
use crate::numerics::words::count;
use crate::study::config::Overrides;
use crate::study::plan::{Plan, words};
use crate::study::results::number;
use std::fmt::Write as _;

/// Pairs shown in full.
const PAIRS: usize = 4;

/// Follows a trial, or prints its labels only; somebody's own `answers` take the place of its overseer's labels.
pub(super) fn trace(
    config: &str,
    seed: u32,
    labels_only: bool,
    answers: Option<&str>,
    overrides: &Overrides,
) -> Result<(), Stop> {
    let plan = plan(config, overrides)?;
    let (world, overseer, streams) = plan.open(0, seed);
    let config = &plan.experiment.cells[0].setup;
    let mut shared = SharedInWorld::default();
    let mut trial = Trial::new(config, &world, &overseer, streams, &mut shared);
    let answers = answers.map(|path| Answers::read(path, &trial)).transpose()?;
    if let Some(answers) = &answers {
        trial = trial.answered_by(answers.labels());
    }
    let mut text = if labels_only {
        let features =
            ["first", "second"].map(|of| world.names().iter().map(|name| format!(",{of}_{name}")).collect());
        let [first, second]: [String; 2] = features;
        format!("round,query,start,annotator,first,second{first}{second},label\n")
    } else {
        opening(&plan, seed, &world, &overseer)
    };
    let mut rounds: Vec<String> = Vec::new();
    let mut told = 0;
    let mut differs = Ok(());
    let records = trial::run(trial, |inside| {
        let new = &inside.labels[told..];
        if let (Some(answers), Ok(())) = (&answers, &differs) {
            differs = answers.check(told, new, |episode| actions(episode, &world));
        }
        rounds.push(if labels_only {
            csv(&inside, told, config, &world)
        } else {
            round(&inside, new, &world, &overseer, &config.feedback)
        });
        told = inside.labels.len();
    });
    differs?;
    for (i, of_round) in rounds.iter().enumerate() {
        text += of_round;
        if !labels_only {
            text += &policies(records.iter().filter(|r| r.round as usize == i + 1), &world);
        }
    }
    print(&text)
}

/// An episode by its actions, numbered within their states.
fn actions(episode: &Episode, world: &World) -> String {
    let mdp = &world.mdp;
    let action = |outcome: &u32| {
        let row = mdp.row_of(*outcome as usize);
        match world.blueprint().compiled() {
            Some(compiled) => compiled.actions[row].clone(),
            None => (row - mdp.rows[mdp.state_of(row)] as usize).to_string(),
        }
    };
    let actions: Vec<String> = episode.steps.iter().map(action).collect();
    // Letters run together, as `play` takes them.
    actions.join(if actions.iter().all(|a| a.chars().count() == 1) && actions.len() > 1 { "" } else { " " })
}

/// The state a pair starts in, or both.
fn starts(pair: &Comparison) -> String {
    let [first, second] = [pair.first.start, pair.second.start];
    if first == second { first.to_string() } else { format!("{first}|{second}") }
}

/// The labels of a round as `fit` reads them: with the features that a model reads.
fn csv(inside: &Inside<'_>, told: usize, setup: &Setup, world: &World) -> String {
    let each = setup.feedback.among.get() as usize - 1;
    let (mut text, read) = (String::new(), setup.reward_model.reads(world));
    let mut features = vec![0.0; world.names().len()];
    for (i, pair) in inside.labels.iter().enumerate().skip(told) {
        let label = pair.label.value().map_or_else(String::new, |y| y.to_string());
        let [first, second] = [&pair.first, &pair.second].map(|e| actions(e, world));
        let (round, query, start, by) = (inside.round, i / each + 1, starts(pair), pair.by);
        let _ = write!(text, "{round},{query},{start},{by},{first},{second}");
        for episode in [&pair.first, &pair.second] {
            episode.features(&read, &mut features);
            features.iter().for_each(|x| text += &format!(",{}", number(*x)));
        }
        let _ = writeln!(text, ",{label}");
    }
    text
}

/// The features of a pair as the overseer sees them, a dot where it sees nothing.
fn sight(pair: &Comparison, world: &World, overseer: &Overseer) -> String {
    let seen = overseer.beliefs.sight.features(world);
    let mut features = [vec![0.0; world.names().len()], vec![0.0; world.names().len()]];
    pair.first.features(&seen, &mut features[0]);
    pair.second.features(&seen, &mut features[1]);
    let names = world.names().iter().enumerate();
    let seen = names.map(|(j, name)| match overseer.hidden.contains(&j) {
        true => format!("{name} · | ·"),
        false => format!("{name} {:.2} | {:.2}", features[0][j], features[1][j]),
    });
    seen.collect::<Vec<_>>().join(", ")
}

/// The first cell by all its levels, those that were chosen on the command line among them.
fn whole_cell(plan: &Plan) -> String {
    let (cell, axes) = (&plan.experiment.cells[0], &plan.experiment.axes);
    let levels = axes.iter().zip(&cell.levels).map(|(axis, level)| format!("{} {level}", words(&axis.name)));
    levels.chain([cell.variant.clone()]).collect::<Vec<_>>().join(", ")
}

fn opening(plan: &Plan, seed: u32, world: &World, overseer: &Overseer) -> String {
    let mdp = &world.mdp;
    let mut text = format!("{}, {}, seed {seed}\n\n", plan.experiment.name, whole_cell(plan));
    let _ = writeln!(
        text,
        "world: {}, {}, horizon {}",
        count(mdp.states() as u64, "state"),
        count(mdp.row_count() as u64, "row"),
        mdp.horizon
    );
    let _ = writeln!(text, "\n  {:20} {:>9} {:>9} {:>13}", "feature", "gold", "believed", "seeing all");
    for (j, name) in world.names().iter().enumerate() {
        let (gold, seen) = (mdp.gold[j], overseer.beliefs.weights[j]);
        let everything = overseer.seeing_everything.weights[j];
        let _ = writeln!(text, "  {name:20} {gold:9.3} {seen:9.3} {everything:13.3}");
    }
    if overseer.beliefs.constant != 0.0 {
        let _ = writeln!(text, "  {:20} {:9.3} {:9.3}", "(constant)", 0.0, overseer.beliefs.constant);
    }
    text
}

fn round(
    inside: &Inside<'_>,
    new: &[Comparison],
    world: &World,
    overseer: &Overseer,
    feedback: &Feedback,
) -> String {
    let protocol = feedback.protocol.name();
    let (gold, hearing) = (world.mdp.gold_table().0, inside.hearing);
    let mut text =
        format!("\nround {}: {} new labels, {} in all\n", inside.round, new.len(), inside.labels.len());
    if !new.is_empty() {
        let count = |label| new.iter().filter(|c| c.label == label).count();
        let [first, second, tie, skip] = [Label::First, Label::Second, Label::Tie, Label::Skip].map(count);
        let _ = writeln!(text, "  first {first}, second {second}, tie {tie}, skip {skip}");
        let _ = writeln!(text, "\n  {:>5} {:>22} {:>16} {:>16}  label", "start", "pair", "believed", "gold");
    }
    for pair in new.iter().take(PAIRS) {
        let [first, second] = [&pair.first, &pair.second];
        let shown = format!("{} | {}", actions(first, world), actions(second, world));
        let of = |table: &[f64]| format!("{:.2} | {:.2}", first.total(table), second.total(table));
        let label: &str = pair.label.into();
        let _ = writeln!(
            text,
            "  {:>5} {shown:>22} {:>16} {:>16}  {label}",
            starts(pair),
            of(&hearing.mean.table),
            of(&gold)
        );
        let _ = writeln!(text, "        sees {}", sight(pair, world, overseer));
    }
    let model = inside.model;
    let _ = writeln!(text, "\n  {:20} {:>9} {:>9} {:>9}", "weight", "learned", "± se", "believed");
    for (j, name) in world.names().iter().enumerate() {
        let Some(w) = model.weights[j] else { continue };
        let exact = if model.posterior.is_none() { "exact" } else { "–" };
        // Comparisons of one pick are not independent, and errors would be too small.
        let error = model.error(j).filter(|_| feedback.among.get() == 2);
        let se = error.map_or_else(|| exact.to_owned(), |error| format!("{error:.3}"));
        let believed = hearing.weights[j].map_or_else(|| "–".to_owned(), |w| format!("{w:.3}"));
        let _ = writeln!(text, "  {name:20} {w:9.3} {se:>9} {believed:>9}");
    }
    if !overseer.slots.is_empty() && protocol != "direct" {
        let slots: Vec<&str> = overseer.slots.iter().map(|slot| slot.name.as_str()).collect();
        let _ = writeln!(text, "  (believed: as `{protocol}` tells of {}, on average)", slots.join(", "));
    }
    if let Some(Posterior::Members(members)) = &model.posterior {
        let _ =
            writeln!(text, "  (learned: the mean of {} fits; what is optimised may be less)", members.len());
    }
    for (annotator, reliability) in model.reliability.iter().enumerate() {
        let _ = writeln!(text, "  annotator {annotator:<10} {reliability:9.3}");
    }
    if model.optima > 1 {
        let _ = writeln!(text, "  (the best of {} local optima)", model.optima);
    }
    let percent = |x: Option<f64>| x.map_or_else(|| "–".to_owned(), |x| format!("{:.1} %", 100.0 * x));
    let q = inside.quality();
    let _ = writeln!(
        text,
        "\n  held out: predicts {} of labels, Brier {}, orders {} of pairs as gold does",
        percent(q.accuracy),
        q.brier.map_or_else(|| "–".to_owned(), |b| format!("{b:.4}")),
        percent(q.accuracy_gold)
    );
    if !q.reliability.is_empty() {
        let bins = q.reliability.iter();
        let bins: Vec<String> =
            bins.map(|b| format!("{:.2}→{:.2} ({})", b.predicted, b.observed, b.count)).collect();
        let _ = writeln!(text, "  reliability, predicted→observed (labels): {}", bins.join(", "));
    }
    text
}

fn policies<'a>(records: impl Iterator<Item = &'a Record>, world: &World) -> String {
    let names = ["pressure", "kl", "gold", "approval", "proxy"].into_iter();
    let mut lines = vec![names.chain(world.names().iter().map(String::as_str)).map(str::to_owned).collect()];
    lines.extend(records.map(|Record { pressure, metrics: m, features, .. }| {
        let values =
            [m.kl, m.gold, m.approval, m.proxy].into_iter().chain(features.iter().copied().map(Some));
        let values = values.map(|x| x.map_or_else(|| "–".to_owned(), |x| format!("{x:.3}")));
        [pressure.to_string()].into_iter().chain(values).collect::<Vec<_>>()
    }));
    aligned(&lines, 0).lines().fold("\n".to_owned(), |text, line| text + "  " + line + "\n")
}
