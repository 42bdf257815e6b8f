//! Partial observability: the published cases Hiding and Verbose (Lang et al.
//! 2024, "When Your AIs Deceive You"), enumerated and learned from labels.

use crate::common::assert_close;
use crate::lab::{plan, run, values};
use oversight::math::{dot, sigmoid};
use oversight::mdp::{Learned, Mdp, Outcomes};
use oversight::measure::{Metrics, Yardstick, measure};
use oversight::optimizer::Reached;
use oversight::plan::{Plan, Row};
use oversight::policy::Policy;
use oversight::reward_model::{Comparisons, fit};
use oversight::solve::{evaluate, greedy_limit, moments, trajectories};
use oversight::world::{Board, NEVER, Screen, Symbols};
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
    plan: Plan,
    world: oversight::world::World,
    believed: Vec<f64>,
}

impl Case {
    fn new(text: &str) -> Self {
        let plan = plan(&format!("{text}{POSTERIOR}"));
        let (world, overseer, _) = plan.open(0, 0);
        let believed = overseer.beliefs.of(&world).table;
        Self { plan, world, believed }
    }

    fn mdp(&self) -> &Mdp {
        &self.world.mdp
    }

    fn board(&self) -> &Board {
        self.world.ground().board().expect("a graph")
    }

    fn symbols(&self) -> &Symbols {
        let Screen::Symbols(symbols) = &self.board().screen else { panic!("symbols") };
        symbols
    }

    /// Goes to I, and takes this action there.
    fn forced(&self, action: &str) -> Policy {
        let (mdp, board) = (self.mdp(), self.board());
        let mut policy = Policy::reference(mdp);
        for s in 0..mdp.states() {
            let rows = mdp.rows_of(s);
            if rows.len() > 1 {
                let wanted = if s == 0 { "aI" } else { action };
                for row in rows {
                    policy.chances[row] = f64::from(board.actions[row] == wanted);
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
        let reached = Reached::policy(mdp, 0.0, policy, None);
        measure(mdp, &yardstick, &learned, &against, &reached).metrics
    }

    /// The action at I of a policy that goes there.
    fn choice(&self, policy: &Policy) -> String {
        let (mdp, board) = (self.mdp(), self.board());
        let of = |s: usize, step: u32| {
            let rows = mdp.rows_of(s);
            let chances = policy.at(mdp, step);
            let row = rows.max_by(|a, b| chances[*a].total_cmp(&chances[*b])).expect("a choice");
            (row, board.actions[row].clone())
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
    let (mdp, board) = (case.mdp(), case.board());
    let all = trajectories(mdp, [&case.believed, &case.believed]).expect("unfolded");
    let Outcomes::Moves { next, .. } = &mdp.outcomes else { panic!("moves") };
    let states = |last: u32| {
        let mut states = vec![board.place[last as usize]];
        let mut at = mdp.state_of(mdp.row_of(last as usize));
        while let Some(k) = next.iter().position(|n| *n as usize == at) {
            states.push(board.place[k]);
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
    let width = case.board().places.len();
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
    case.board().place.iter().map(|s| weights[*s as usize]).collect()
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

/// End to end: at least 95 of 100 seeds choose what is predicted 0.1 away from
/// the switch points. The chance of each is above .99 (the gap of 0.3 or 0.5 in
/// J_obs is at least 3 standard errors), so that fewer than 95 are 1 in 3000.
#[test]
fn learned_from_labels() {
    let switch = 5.0 / 6.0;
    for (case, name, golds, belief, expected) in [
        (HIDING, "pH", OF_HIDING, switch - 0.1, "aH"),
        (HIDING, "pH", OF_HIDING, switch + 0.1, "aC"),
        (VERBOSE, "pD", OF_VERBOSE, 0.2, "aV"),
        (VERBOSE, "pD", OF_VERBOSE, 0.4, "aT"),
    ] {
        let text = format!("seeds = 100\n{}{}", with(case, name, belief), naive(8000, 0.3, "observations"));
        let rows = run(&plan(&text));
        let right = rows.iter().filter(|row| taken(row, &golds) == expected).count();
        assert!(right >= 95, "{name} = {belief}: {right} of 100 chose {expected}");
    }
}
