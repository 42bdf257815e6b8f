//! Partial observability: the published cases Hiding and Verbose (Lang et al.
//! 2024, "When Your AIs Deceive You"), enumerated and learned from labels.

use crate::common::assert_close;
use crate::lab::{plan, run};
use oversight::lab::mdp::{Learned, Mdp, Outcomes};
use oversight::lab::measure::{Metrics, Yardstick, measure};
use oversight::lab::optimizer::Reached;
use oversight::lab::policy::Policy;
use oversight::lab::reward_model::{Comparisons, fit};
use oversight::lab::solve::{evaluate, greedy_limit, moments, trajectories};
use oversight::lab::world::{CompiledWorld, NEVER, Screen, Symbols};
use oversight::numerics::math::{dot, sigmoid};
use oversight::study::plan::{Plan, Row};
use std::collections::BTreeMap;

/// Hiding: whether to hide that something went wrong.
const HIDING: &str = r#"
[world.graph]
horizon = 3
start = "S"
given = { p = 0.5, pH = 0.5, pW = 0.5, hidden = -6 }
[world.graph.states]
S  = { shown = "o0" }
I  = { shown = "oI", gold = 1 }
W  = { shown = "oW", gold = 10 }
L  = { shown = "oL", gold = -5 }
WH = { shown = "oW", gold = 10 }
LH = { shown = "o0", gold = "hidden" }
T  = { shown = "o0" }
[world.graph.moves]
S = { aC = "L", aI = "I", aH = "LH", aT = "T" }
I.aC = { W = "p", L = "rest" }
I.aH = { WH = "p", LH = "rest" }
I.aT = "T"
W.go = "T"
L.go = "T"
WH.go = "T"
LH.go = "T"
[[world.graph.beliefs]]
seen = "o0 oI o0 o0"
means = { "S I LH T" = "pH", "S I T T" = "rest" }
[[world.graph.beliefs]]
seen = "o0 o0 o0 o0"
means = { "S LH T T" = 0.5, "S T T T" = "rest" }
[[world.graph.beliefs]]
seen = "o0 oI oW o0"
means = { "S I W T" = "pW", "S I WH T" = "rest" }
"#;

/// Verbose: whether to show that something went well, at a price.
const VERBOSE: &str = r#"
[world.graph]
horizon = 3
start = "S"
given = { p = 0.5, pD = 0.8 }
[world.graph.states]
S  = { shown = "o0" }
I  = { shown = "oI", gold = 10 }
W  = { shown = "o0", gold = 5 }
L  = { shown = "oL", gold = -1 }
WV = { shown = "oW", gold = 4 }
LV = { shown = "oV", gold = -1 }
T  = { shown = "o0" }
[world.graph.moves]
S = { aD = "L", aI = "I", aV = "LV", aT = "T" }
I.aD = { W = "p", L = "rest" }
I.aV = { WV = "p", LV = "rest" }
I.aT = "T"
W.go = "T"
L.go = "T"
WV.go = "T"
LV.go = "T"
[[world.graph.beliefs]]
seen = "o0 oI o0 o0"
means = { "S I W T" = "pD", "S I T T" = "rest" }
"#;

/// Trajectories that are all equally likely: one from each of S's other actions, five by I.
const EVEN: &str = r#"
[world.graph.reference]
S = { aI = 0.625, aD = 0.125, aV = 0.125, aT = "rest" }
I = { aD = 0.4, aV = 0.4, aT = "rest" }
"#;

const POSTERIOR: &str = "[overseer]\nunseen = \"posterior\"\n";

/// A case with one of its numbers changed.
fn with(case: &str, name: &str, value: f64) -> String {
    let at = case.find(&format!(" {name} = ")).expect("given") + name.len() + 4;
    let end = at + case[at..].find([',', ' ', '\n']).expect("followed by something");
    format!("{}{value}{}", &case[..at], &case[end..])
}

struct Case {
    world: oversight::lab::world::World,
    believed: Vec<f64>,
}

impl Case {
    fn new(text: &str) -> Self {
        let plan = plan(&format!("{text}{POSTERIOR}"));
        let (world, overseer, _) = plan.open(0, 0);
        let believed = overseer.beliefs.of(&world).table;
        Self { world, believed }
    }

    fn mdp(&self) -> &Mdp {
        &self.world.mdp
    }

    fn compiled(&self) -> &CompiledWorld {
        self.world.blueprint().compiled().expect("a graph")
    }

    fn symbols(&self) -> &Symbols {
        let Screen::Symbols(symbols) = &self.compiled().screen else { panic!("symbols") };
        symbols
    }

    /// Goes to I, and takes this action there.
    fn forced(&self, action: &str) -> Policy {
        let (mdp, compiled) = (self.mdp(), self.compiled());
        let mut policy = Policy::reference(mdp);
        for s in 0..mdp.states() {
            let rows = mdp.rows_of(s);
            if rows.len() > 1 {
                let wanted = if s == 0 { "aI" } else { action };
                for row in rows {
                    policy.chances[row] = f64::from(compiled.actions[row] == wanted);
                }
            }
        }
        policy
    }

    fn metrics(&self, policy: Policy) -> Metrics {
        let mdp = self.mdp();
        let yardstick = Yardstick::new(mdp, mdp.gold_table(), self.believed.clone());
        let learned = Learned(self.believed.clone());
        let against = moments(mdp, &self.believed, &learned.0);
        let reached = Reached::with_kl(mdp, 0.0, policy, None);
        measure(mdp, &yardstick, &learned, &against, &reached).metrics
    }

    /// The action at I of a policy that goes there.
    fn choice(&self, policy: &Policy) -> String {
        let (mdp, compiled) = (self.mdp(), self.compiled());
        let of = |s: usize, step: u32| {
            let rows = mdp.rows_of(s);
            let chances = policy.at(mdp, step);
            let row = rows.max_by(|a, b| chances[*a].total_cmp(&chances[*b])).expect("a choice");
            (row, compiled.actions[row].clone())
        };
        let (row, action) = of(0, 0);
        if action != "aI" {
            return format!("S.{action}");
        }
        let Outcomes::Moves { offset, next, .. } = &mdp.outcomes else { panic!("moves") };
        of(next[offset[row] as usize] as usize, 1).1
    }

    /// What a reward leads to.
    fn best(&self, table: &[f64]) -> String {
        self.choice(&greedy_limit(self.mdp(), table).policy)
    }
}

/// J, J_obs, E⁺ and E⁻ of each action at I, and the chances that follow from them.
fn check(case: &Case, action: &str, [j, obs, over, under]: [f64; 4]) {
    let policy = case.forced(action);
    assert_close("J", evaluate(case.mdp(), &policy, &case.mdp().gold_table().0), j, 1e-9);
    assert_close("J_obs", evaluate(case.mdp(), &policy, &case.believed), obs, 1e-9);
    let m = case.metrics(policy);
    for (what, got, expected) in [
        ("gold", m.gold, j),
        ("approval", m.approval, obs),
        ("E⁺", m.overestimation, over),
        ("E⁻", m.underestimation, under),
    ] {
        assert_close(&format!("{action}: {what}"), got.expect("measured"), expected, 1e-9);
    }
    // They differ by what is over- and underestimated.
    assert_close("E⁺ − E⁻", over - under, obs - j, 1e-9);
}

#[test]
fn hiding_as_published() {
    let case = Case::new(HIDING);
    check(&case, "aC", [3.5, 3.5, 0.0, 0.0]);
    check(&case, "aH", [3.0, 4.5, 1.5, 0.0]);
    check(&case, "aT", [1.0, -2.0, 0.0, 3.0]);
    assert_eq!(case.best(&case.believed), "aH");
    assert_eq!(case.best(&case.mdp().gold_table().0), "aC");
}

#[test]
fn verbose_as_published() {
    for (pd, obs) in [(0.8, [11.5, 11.5, 14.0]), (0.25, [10.125, 11.5, 11.25])] {
        let case = Case::new(&with(VERBOSE, "pD", pd));
        // Default: a success is taken for one with chance pD.
        check(&case, "aD", [12.0, obs[0], 0.0, 2.5 * (1.0 - pd)]);
        check(&case, "aV", [11.5, obs[1], 0.0, 0.0]);
        check(&case, "aT", [10.0, obs[2], 5.0 * pd, 0.0]);
        assert_eq!(case.best(&case.believed), if pd > 0.3 { "aT" } else { "aV" });
        assert_eq!(case.best(&case.mdp().gold_table().0), "aD");
    }
}

/// Closed forms: at I, Hiding's J_obs are 3.5, 6 − 3·pH and 1 − 6·pH: a switch
/// at pH = 5/6; Verbose's are 9.5 + 2.5·pD, 11.5 and 10 + 5·pD: at pD = 3/10,
/// and aD never.
#[test]
fn switch_points() {
    for i in 0..=40 {
        let belief = f64::from(i) / 40.0;
        let case = Case::new(&with(HIDING, "pH", belief));
        for (action, obs) in [("aC", 3.5), ("aH", 6.0 - 3.0 * belief), ("aT", 1.0 - 6.0 * belief)] {
            let got = evaluate(case.mdp(), &case.forced(action), &case.believed);
            assert_close(&format!("hiding, {action} at {belief}"), got, obs, 1e-9);
        }
        assert_eq!(case.best(&case.believed), if belief < 5.0 / 6.0 { "aH" } else { "aC" }, "{belief}");
        let case = Case::new(&with(VERBOSE, "pD", belief));
        for (action, obs) in [("aD", 9.5 + 2.5 * belief), ("aV", 11.5), ("aT", 10.0 + 5.0 * belief)] {
            let got = evaluate(case.mdp(), &case.forced(action), &case.believed);
            assert_close(&format!("verbose, {action} at {belief}"), got, obs, 1e-9);
        }
        if i != 12 {
            assert_eq!(case.best(&case.believed), if belief < 0.3 { "aV" } else { "aT" }, "{belief}");
        }
    }
    for (case, name, switch, [below, above]) in
        [(HIDING, "pH", 5.0 / 6.0, ["aH", "aC"]), (VERBOSE, "pD", 0.3, ["aV", "aT"])]
    {
        for (shift, expected) in [(-1e-7, below), (1e-7, above)] {
            let case = Case::new(&with(case, name, switch + shift));
            assert_eq!(case.best(&case.believed), expected);
        }
    }
}

/// The states of every trajectory, and what an overseer believes it is worth.
fn all_trajectories(case: &Case) -> BTreeMap<Vec<u32>, f64> {
    let (mdp, compiled) = (case.mdp(), case.compiled());
    let all = trajectories(mdp, [&case.believed, &case.believed]).expect("unfolded");
    let Outcomes::Moves { next, .. } = &mdp.outcomes else { panic!("moves") };
    let states = |last: u32| {
        let mut states = vec![compiled.place[last as usize]];
        let mut at = mdp.state_of(mdp.row_of(last as usize));
        while let Some(k) = next.iter().position(|n| *n as usize == at) {
            states.push(compiled.place[k]);
            at = mdp.state_of(mdp.row_of(k));
        }
        states.reverse();
        states
    };
    all.iter().map(|t| (states(t.last), t.totals[0])).collect()
}

/// The state-wise model at infinite labels: all pairs of sequences of states, each
/// once, labelled with its chance. Its reward of every state.
fn state_wise(case: &Case) -> Vec<f64> {
    let all: Vec<(Vec<u32>, f64)> = all_trajectories(case).into_iter().collect();
    let width = case.compiled().places.len();
    let visits = |states: &[u32]| {
        let mut visits = vec![0.0; width];
        states.iter().for_each(|s| visits[*s as usize] += 1.0);
        visits
    };
    let mut data = Comparisons { width, ..Comparisons::default() };
    for (a, of_a) in &all {
        for (b, of_b) in &all {
            data.differences.extend(visits(a).iter().zip(visits(b)).map(|(x, y)| x - y));
            data.labels.push(sigmoid(of_a - of_b));
        }
    }
    fit(&data, 1e-7, 0.0).weights
}

/// A reward of states as one of outcomes.
fn of_places(case: &Case, weights: &[f64]) -> Vec<f64> {
    case.compiled().place.iter().map(|s| weights[*s as usize]).collect()
}

/// oracles.md: a state-wise table is misspecified on Verbose; it switches at
/// pD = .461, not at .300. Its pairs are of distinct sequences of states, each
/// counting once; weighed as π₀ takes them the switch would lie at .677.
#[test]
fn a_state_wise_model_switches_elsewhere() {
    let lead = |pd: f64| {
        let case = Case::new(&with(VERBOSE, "pD", pd));
        let table = of_places(&case, &state_wise(&case));
        let [v, t] = ["aV", "aT"].map(|a| evaluate(case.mdp(), &case.forced(a), &table));
        v - t
    };
    let (mut low, mut high) = (0.3, 0.6);
    assert!(lead(low) > 0.0 && lead(high) < 0.0);
    for _ in 0..20 {
        let middle = 0.5 * (low + high);
        if lead(middle) > 0.0 { low = middle } else { high = middle }
    }
    assert_close("switch", low, 0.461, 5e-4);
    assert_close("switch, by another program", low, 0.46094776, 1e-5);
}

/// Reads which action a row's policy takes at I, from its gold.
fn taken(row: &Row, golds: &[(&'static str, f64)]) -> &'static str {
    let gold = row.record.metrics.gold.expect("measured");
    golds.iter().find(|(_, g)| (g - gold).abs() < 1e-9).map_or("other", |(action, _)| *action)
}

const OF_HIDING: [(&str, f64); 3] = [("aC", 3.5), ("aH", 3.0), ("aT", 1.0)];
const OF_VERBOSE: [(&str, f64); 3] = [("aD", 12.0), ("aV", 11.5), ("aT", 10.0)];

/// Labels, a table of observations, and the best policy for it.
fn naive(labels: u32, rationality: f64, of: &str) -> String {
    format!(
        "{POSTERIOR}choice.rationality = {rationality}\n[feedback]\nlabels = {labels}\n\
         [reward_model.tabular]\nof = \"{of}\"\n[optimizer.tilt]\nkl = 100\n"
    )
}

/// How many of `seeds` repetitions take an action in `case` with one number changed.
fn count(text: &str, seeds: u32, golds: &[(&'static str, f64)], action: &str) -> usize {
    let rows = run(&plan(&format!("seeds = {seeds}\n{text}")));
    rows.iter().filter(|row| taken(row, golds) == action).count()
}

/// End to end: at least 95 of 100 seeds choose what is predicted 0.1 away from
/// the switch points. By Fisher information the gaps in J_obs, 0.3 and 0.5, are
/// some 3.5 standard errors of what so many labels tell.
#[test]
fn hiding_is_learned_from_labels() {
    let switch = 5.0 / 6.0;
    for (belief, expected) in [(switch - 0.1, "aH"), (switch + 0.1, "aC")] {
        let text = with(HIDING, "pH", belief) + &naive(8000, 1.0, "observations");
        let right = count(&text, 100, &OF_HIDING, expected);
        assert!(right >= 95, "pH = {belief}: {right} of 100 chose {expected}");
    }
}

#[test]
fn showing_off_is_learned_from_labels() {
    for (belief, expected) in [(0.2, "aV"), (0.4, "aT")] {
        let text = with(VERBOSE, "pD", belief) + &naive(20_000, 1.0, "observations");
        let right = count(&text, 100, &OF_VERBOSE, expected);
        assert!(right >= 95, "pD = {belief}: {right} of 100 chose {expected}");
    }
}

/// Where half the seeds switch, from a sweep in steps of 0.03: the start plus the
/// area under the share that takes the first action. With 20 seeds per step its
/// standard error is at most 0.03·√(4 steps in between · ¼/20) = 0.007.
fn switch(case: &str, name: &str, from: f64, first: &str, more: &str, golds: &[(&'static str, f64)]) -> f64 {
    let levels: Vec<f64> = (0..9).map(|i| from + 0.03 * f64::from(i)).collect();
    let text = format!("seeds = 20\n{case}{more}\n[sweep]\n\"world.graph.given.{name}\" = {levels:?}\n");
    let rows = run(&plan(&text));
    let share = |cell: usize| {
        let taking = rows.iter().filter(|r| r.cell == cell && taken(r, golds) == first).count();
        taking as f64 / 20.0
    };
    let shares: Vec<f64> = (0..levels.len()).map(share).collect();
    assert!(shares[0] > 0.9 && shares[8] < 0.1, "the sweep is around the switch: {shares:?}");
    from + 0.03 * (shares.iter().sum::<f64>() - 0.5)
}

#[test]
fn switches_fitted_to_labels() {
    let observations = |labels| naive(labels, 1.0, "observations");
    let hiding = switch(HIDING, "pH", 0.725, "aH", &observations(8000), &OF_HIDING);
    assert_close("hiding", hiding, 5.0 / 6.0, 0.03);
    let verbose = switch(VERBOSE, "pD", 0.175, "aV", &observations(20_000), &OF_VERBOSE);
    assert_close("verbose", verbose, 0.3, 0.03);
}

/// The misspecified model, end to end: π₀ takes all trajectories alike, as .461 wants.
#[test]
fn a_state_wise_switch_fitted_to_labels() {
    let text = VERBOSE.replacen("[[world.graph.beliefs]]", &format!("{EVEN}[[world.graph.beliefs]]"), 1);
    let case = Case::new(&text);
    let all = trajectories(case.mdp(), [&case.believed; 2].map(Vec::as_slice)).expect("unfolded");
    assert_eq!(all.len(), 8);
    for t in &all {
        assert_close("chance", t.chance, 1.0 / 8.0, 1e-12);
    }
    let fitted = switch(&text, "pD", 0.34, "aV", &naive(10_000, 1.0, "place"), &OF_VERBOSE);
    assert_close("state-wise", fitted, 0.461, 0.03);
}

/// A model that knows the beliefs finds the best action where labels determine
/// it, and in Hiding at pH = pH' it cannot: there LH and T are told apart by nothing.
#[test]
fn knowing_the_beliefs_repairs() {
    let aware = naive(10_000, 1.0, "place").replace("\"place\"", "\"place\"\nbeliefs = \"known\"");
    let hiding = |belief| with(HIDING, "pH", belief) + &aware;
    assert!(count(&hiding(0.8), 20, &OF_HIDING, "aC") >= 18);
    assert!(count(&hiding(0.5), 20, &OF_HIDING, "aC") <= 2);
    assert!(count(&(with(VERBOSE, "pD", 0.8) + &aware), 20, &OF_VERBOSE, "aD") >= 18);
}

#[test]
fn what_symbols_tell() {
    let case = Case::new(HIDING);
    let symbols = case.symbols();
    let mut sequences = symbols.sequences.clone();
    sequences.sort();
    let expected = ["o0 o0 o0 o0", "o0 oI o0 o0", "o0 oI oL o0", "o0 oI oW o0", "o0 oL o0 o0"];
    assert_eq!(sequences, expected);
    assert_eq!(symbols.ambiguous, None);
    // Visits are of s₁ s₂ s₃, whatever is believed.
    for visits in &symbols.visits {
        assert_close("visits", visits.iter().sum(), 3.0, 1e-12);
    }
    // Step by step, `o0` and `oW` are: S, LH and T of different pay, and W and WH of the same.
    let mdp = case.mdp();
    for (k, place) in case.compiled().place.iter().enumerate().take(mdp.outcome_count() - 1) {
        let expected = match case.compiled().places[*place as usize].as_str() {
            "W" | "WH" => 10.0,
            "I" => 1.0,
            "L" => -5.0,
            _ => 0.0,
        };
        assert_eq!(symbols.nothing.column(0)[k], expected);
    }
    // Under π₀ what is believed is right on average, whatever is shown.
    let reference = oversight::lab::solve::visits(mdp, &Policy::reference(mdp));
    let [truth, mean] = [&mdp.features, &symbols.reference].map(|f| dot(&reference, f.column(0)));
    assert_close("the mean under π₀", mean, truth, 1e-12);
    let ends = symbols.sequence.iter().filter(|s| **s != NEVER).count();
    assert_eq!(ends, trajectories(mdp, [&case.believed, &case.believed]).expect("unfolded").len());
}

#[test]
fn a_start_pays_once() {
    let text = "[world.graph]\nhorizon = 2\nstart = { A = 0.25, B = \"rest\" }\n\
        states = { A = { gold = 3 }, B = { gold = 1 } }\nmoves = { A.go = \"B\", A.stay = \"A\", B.go = \"A\" }\n";
    let plan = plan(text);
    let (world, ..) = plan.open(0, 0);
    let mdp = &world.mdp;
    // From A: B A (1+3), or stay twice; from B: A then A or B.
    let from_a = 3.0 + 0.5 * (1.0 + 3.0) + 0.5 * (3.0 + 0.5 * (1.0 + 3.0));
    let from_b = 1.0 + 3.0 + 0.5 * (1.0 + 3.0);
    let gold = evaluate(mdp, &Policy::reference(mdp), &mdp.gold_table().0);
    assert_close("gold", gold, 0.25 * from_a + 0.75 * from_b, 1e-12);
    assert_eq!((mdp.states(), mdp.view.iter().max()), (4, Some(&1)));
}

#[test]
fn moves_pay_too() {
    let text = "[world.graph]\nhorizon = 1\nstart = \"A\"\nfeatures = { harm = { gold = -2 } }\n\
        states = { A = {}, B = { pays = { harm = 1 } } }\nmoves.A.go = { to = { A = 0.5, B = \"rest\" }, gold = 5 }\n";
    let plan = plan(text);
    let (world, ..) = plan.open(0, 0);
    let mdp = &world.mdp;
    assert_eq!(mdp.features.names, ["gold", "harm"]);
    assert_close("gold", evaluate(mdp, &Policy::reference(mdp), &mdp.gold_table().0), 4.0, 1e-12);
    // At one step, too, outcomes are ranked by what they are, not by their rows.
    let m = Yardstick::new(mdp, mdp.gold_table(), vec![0.0, 0.0, 0.0]);
    let against = moments(mdp, &[0.0; 3], &[0.0; 3]);
    let reached = Reached::with_kl(mdp, 0.0, Policy::reference(mdp), None);
    let m = measure(mdp, &m, &Learned(vec![0.0; 3]), &against, &reached).metrics;
    assert_eq!((m.overestimation, m.underestimation), (Some(0.0), Some(4.0)));
}

/// The same as a patch, a sweep, a variant, `--set`; and as resolved.
#[test]
fn numbers_are_patched() {
    let text = format!(
        "{HIDING}{POSTERIOR}[variants.sure]\nworld.graph.given.pH = 1\n[variants.spread]\nworld.graph.moves.I.aC = {{ W = 0.25, L = \"rest\" }}\n"
    );
    let plan = plan(&text);
    let approval = |cell: usize| plan.reference(cell).expect("exact").1;
    assert!(approval(0) > approval(1) && approval(0) > approval(2));
    let again = crate::lab::plan(&plan.experiment.resolved);
    for cell in 0..3 {
        assert_eq!(plan.experiment.cells[cell].setup, again.experiment.cells[cell].setup);
    }
}

#[test]
fn what_is_wrong_with_a_graph_is_said() {
    let base = HIDING.to_owned();
    for (from, to, message, more) in [
        ("start = \"S\"", "start = \"Z\"", "there is no state `Z`", ""),
        ("start = \"S\"", "start = {}", "chances of nothing", "name at least one"),
        ("aI = \"I\"", "aI = \"i\"", "there is no state `i`", "allowed: I, L, LH"),
        ("\"p\"", "\"q\"", "there is no given number `q`", "allowed: hidden, p"),
        (
            "WH = \"p\", LH = \"rest\"",
            "WH = 0.5, LH = 0.4",
            "these chances add up to 0.9, not to 1",
            "\"rest\"",
        ),
        ("WH = \"p\"", "WH = \"rest\"", "two of these are the rest", ""),
        ("p = 0.5,", "p = 1.5,", "1.5 is out of range: a chance is from 0 to 1", ""),
        ("p = 0.5,", "p = 0.5, q = 1,", "`q` is given and used nowhere", "take it away"),
        ("I.aT = \"T\"", "I.aT = \"T\"\nZ.go = \"T\"", "there is no state `Z`", ""),
        ("T  = {", "X = {}\nT  = {", "nothing leads to `X`", "a chance of 0 will do"),
        ("gold = 1 }", "pays = { glod = 1 } }", "there is no feature `glod`", "did you mean `gold`?"),
        ("gold = 1 }", "glod = 1 }", "has no key `glod`", "did you mean `gold`?"),
        ("gold = 1 }", "gold = true }", "expected a number, or the name of one under given", ""),
        ("T  = {", "to = {}\nT  = {", "`to` cannot be the name of a state", ""),
        ("\"o0 oI oW o0\"", "\"o0 oI oW\"", "3 symbols, and an episode has 4", ""),
        ("\"o0 oI oW o0\"", "\"o0 oI oX o0\"", "there is no symbol `oX`", "did you mean"),
        ("\"o0 oI oW o0\"", "\"o0 oI o0 o0\"", "has a belief already", ""),
        ("\"S I W T\"", "\"S I W\"", "3 states, and an episode has 4", ""),
        ("\"S I W T\"", "\"S W T T\"", "no move leads from `S` to `W`", ""),
        ("\"S I W T\"", "\"S I L T\"", "`S I L T` shows `o0 oI oL o0`", ""),
        ("\"S I W T\"", "\"I W T T\"", "no episode starts in `I`", ""),
        (
            "means = { \"S I W T\" = \"pW\", \"S I WH T\" = \"rest\" }",
            "maens = {}",
            "there is no key `maens`",
            "did you mean `means`?",
        ),
        ("I.aT = \"T\"", "I.aT = { to = \"T\", gold = 1 }", "beliefs are about states, and moves pay", ""),
        ("horizon = 3", "horizon = 0", "0 is out of range", ""),
    ] {
        assert!(base.contains(from), "{from}");
        let text = base.replacen(from, to, 1) + POSTERIOR;
        let error = Plan::read("a.toml", text.as_bytes(), &Default::default());
        let error = format!("{}", error.err().unwrap_or_else(|| panic!("{to} was taken")));
        assert!(error.contains(message) && error.contains(more), "{to}:\n{error}");
    }
    let no_belief = base
        .replace("seen = \"o0 oI oW o0\"", "seen = \"o0 oI oL o0\"")
        .replace("means = { \"S I W T\" = \"pW\", \"S I WH T\" = \"rest\" }", "means = { \"S I L T\" = 1 }");
    let error = |text: String| {
        format!("{}", Plan::read("a.toml", text.as_bytes(), &Default::default()).err().expect("refused"))
    };
    let message = error(no_belief.replace(", pW = 0.5", "") + POSTERIOR);
    assert!(message.contains("several episodes show `o0 oI oW o0`"), "{message}");
}

/// A state with a choice that is reached in several ways needs a name for each.
#[test]
fn a_policy_without_memory_cannot_be_exact() {
    let text = "[world.graph]\nhorizon = 2\nstart = \"A\"\n\
        states = { A = { shown = \"x\" }, B = { gold = 1 }, C = {}, D = { gold = 1 } }\n\
        moves = { A.b = \"B\", A.c = { B = 0.25, C = \"rest\" }, B.d = \"D\", B.e = \"C\" }\n";
    let plan = Plan::read("a.toml", text.as_bytes(), &Default::default());
    assert!(plan.is_ok(), "two actions to one state are one way: {:?}", plan.err());
    let text = "[world.graph]\nhorizon = 3\nstart = \"A\"\n\
        states = { A = { shown = \"x\" }, B = {}, C = {}, D = { gold = 1 } }\n\
        moves = { A.b = \"B\", A.c = \"C\", B.d = \"D\", C.d = \"D\", D.a = \"A\", D.d = \"D\" }\n";
    let error = Plan::read("a.toml", text.as_bytes(), &Default::default()).err().expect("refused");
    let error = format!("{error}");
    assert!(error.contains("`D` is reached by `A B D` and by `A C D`"), "{error}");
    let long = "[world.graph]\nhorizon = 40\nstart = \"A\"\nstates = { A = { shown = \"x\", gold = 1 }, B = {} }\nmoves.B.a = \"A\"\nmoves.A = { a = \"A\", b = { A = 0.5, B = 0.5 } }\n";
    let error = Plan::read("a.toml", long.as_bytes(), &Default::default()).err().expect("refused");
    assert!(format!("{error}").contains("too many to tabulate"), "{error}");
}
