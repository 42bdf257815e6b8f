//! What a protocol tells, and what becomes of it: laws that hold in every world, and closed forms.

use crate::common::{assert_all_close, assert_close, said};
use crate::lab::{plan, run, values};
use oversight::lab::mdp::Table;
use oversight::lab::overseer::{Believed, Judge};
use oversight::lab::query::Comparison;
use oversight::lab::trial::{self, SharedInWorld};
use oversight::numerics::math::powi;
use oversight::numerics::rng::{Purpose, Streams};
use oversight::numerics::stats::mean;
use oversight::study::config::{Experiment, Overrides};
use oversight::study::plan::{Plan, Row};

/// Protocols of every kind, with help that leaves something to chance and with help that does not.
const PROTOCOLS: [&str; 10] = [
    "\"direct\"",
    "{ random_reveal.share = 0.3 }",
    "{ random_reveal.share = 1 }",
    "{ advocate = { slots = 1 } }",
    "{ critique = { slots = 2 } }",
    "{ debate = { slots = 2 } }",
    "{ debate = { slots = 2, skill = 0.6 } }",
    "{ consultant = { slots = 1 } }",
    "{ consultant = { slots = 3, skill = 0.5 } }",
    "{ ground_truth.share = 0.5 }",
];

/// Worlds in which something could be told: answers with all that makes slots, and a map whose sensors are
/// fooled, whose camera is blind in places, and of whose features one is hidden.
const WORLDS: [&str; 3] = [
    "overseer.hidden = ['a', 'b', 'rare']\noverseer.open = 0.4\noverseer.believes = { a = -0.5, seen = 2 }\n\
     [world.answers]\nprompts = 2\nanswers = 40\n[world.answers.features]\n\
     a = { gold = 1, curvature = 0.3 }\nb = { gold = -1, count = 3 }\nseen = { gold = 1, correlation = { a = 0.5 } }\n\
     rare = { gold = 2, tail = { rare = { chance = 0.2 } } }",
    "overseer.hidden = ['a', 'b']\noverseer.unseen = 'reference'\noverseer.premises.both = ['a', 'b_1']\n\
     [world.answers]\nprompts = 2\nanswers = 40\n[world.answers.features]\n\
     a = { gold = 1, correlation = { seen = 0.5 } }\nb = { gold = -1, count = 2 }\nseen = { gold = 1 }",
    "overseer.hidden = ['mud']\noverseer.open = 0.2\noverseer.believes.goal = 1\n\
     [world.gridworld]\nmap = '''\n#######\n#A ~oG#\n#  ~  #\n#######\n'''\nhorizon = 6\n\
     each_step = { step = 1 }\n\
     tiles = { '~' = { feature = 'mud' }, o = { camera = true }, G = { feature = 'goal', ends = true } }\n\
     features = { step = { gold = -0.1 }, mud = { gold = -1 }, goal = { gold = 3 } }",
];

fn with(world: &str, protocol: &str, more: &str) -> Plan {
    plan(&format!("seeds = 2\nfeedback = {{ labels = 60, protocol = {protocol} }}\n{more}\n{world}\n"))
}

fn labels(plan: &Plan) -> Vec<Comparison> {
    let (world, overseer, streams) = plan.open(0, 1);
    let mut labels = Vec::new();
    let setup = &plan.experiment.cells[0].setup;
    trial::run(
        trial::Trial::new(setup, &world, &overseer, streams, &mut SharedInWorld::default()),
        |inside| {
            labels = inside.labels.to_vec();
        },
    );
    labels
}

#[test]
fn what_could_be_told_is_what_is_not_believed_yet() {
    // S + Σ slots is what would be believed of everything told: whatever is hidden, filled in or fooled.
    for world in WORLDS {
        let (world, overseer, _) = with(world, "'direct'", "").open(0, 0);
        let slots = overseer.worth_of_slots(&world);
        let mut told: Table = overseer.beliefs.of(&world).table;
        slots.columns().for_each(|slot| told.iter_mut().zip(slot).for_each(|(sum, worth)| *sum += worth));
        assert!(overseer.slots.len() > 1, "{:?}", overseer.slots);
        assert_all_close("S", &told, &overseer.seeing_everything.of(&world).table, 1e-12);
    }
}

#[test]
fn what_is_heard_is_its_mean_on_average() {
    // 4,000 tellings of an outcome against the exact mean: a sum of at most eight slots, within 5 standard
    // errors where the widest slot bounds the deviation.
    for world in WORLDS {
        for protocol in PROTOCOLS {
            let plan = with(world, protocol, "");
            let (world, overseer, streams) = plan.open(0, 0);
            let hearing = overseer.hears(&world, &plan.experiment.cells[0].setup.feedback.protocol);
            let Believed::Told(told) = &hearing.judges[0].believed else { continue };
            let mut rng = streams.stream(Purpose::Telling, "", 0);
            let slots = overseer.worth_of_slots(&world);
            for outcome in (0..world.mdp.outcome_count() as u32).step_by(7) {
                let draws = 4000;
                let heard: f64 =
                    (0..draws).map(|_| told.hear(&[outcome], &mut rng)[0]).sum::<f64>() / f64::from(draws);
                let size: f64 = slots.columns().map(|slot| slot[outcome as usize].abs()).sum();
                let bound = 5.0 * size / f64::from(draws).sqrt() + 1e-12;
                assert_close(protocol, heard, hearing.mean.table[outcome as usize], bound);
            }
        }
    }
}

#[test]
fn where_nothing_can_be_told_no_label_moves() {
    // Everything is seen, and what is misvalued is not open to argument.
    let world = "overseer.believes = { b = 2 }\n[world.answers]\nprompts = 2\nanswers = 40\n\
                 [world.answers.features]\na = { gold = 1 }\nb = { gold = -1 }";
    let direct = labels(&with(world, "'direct'", ""));
    // (Ground truth tells nothing: it answers.)
    for protocol in PROTOCOLS.into_iter().filter(|protocol| !protocol.contains("truth")) {
        assert!(labels(&with(world, protocol, "")) == direct, "{protocol}");
    }
    // Openness is a slot's worth: now the seen, misvalued feature can be argued about.
    let open = world.replace("overseer.", "overseer.open = 0.5\noverseer.");
    assert_ne!(labels(&with(&open, PROTOCOLS[5], "")), direct);
    assert_eq!(labels(&with(&open, PROTOCOLS[0], "")), direct);
}

#[test]
fn helpers_who_look_at_no_more_than_can_be_told_are_random_reveals() {
    // Not in law alone: the same slots are drawn, and all of them are told.
    let random = labels(&with(WORLDS[0], "{ random_reveal.share = 0.5 }", ""));
    assert_eq!(with(WORLDS[0], "'direct'", "").open(0, 0).1.slots.len(), 6);
    for helper in ["advocate", "critique", "debate", "consultant"] {
        let told = labels(&with(WORLDS[0], &format!("{{ {helper} = {{ slots = 3, skill = 0.5 }} }}"), ""));
        assert_eq!(told, random, "{helper}");
        let skilled = labels(&with(WORLDS[0], &format!("{{ {helper} = {{ slots = 3, skill = 1 }} }}"), ""));
        assert_ne!(skilled, random, "{helper}");
    }
}

#[test]
fn more_labels_begin_with_the_fewer() {
    for world in WORLDS {
        for protocol in PROTOCOLS {
            let [few, many] = [60, 90].map(|n| {
                let plan = with(world, protocol, "");
                let text = plan.experiment.resolved.replace("labels = 60", &format!("labels = {n}"));
                labels(&Plan::read("test.toml", text.as_bytes(), &Overrides::default()).unwrap())
            });
            assert_eq!(few, many[..60], "{protocol}");
        }
    }
}

#[test]
fn bands_telescope_under_every_protocol() {
    for world in WORLDS {
        for protocol in PROTOCOLS {
            for row in run(&with(world, protocol, "optimizer.tilt.kl = [0, 1]")) {
                let m = &row.record.metrics;
                let [regret, proxy, ignorance, wrong] =
                    [m.regret, m.proxy_error, m.ignorance, m.wrong_values].map(|x| x.expect("a band"));
                assert_close(protocol, proxy + ignorance + wrong, regret, 1e-9);
            }
        }
    }
}

#[test]
fn approval_is_unaided_and_the_win_rate_is_not() {
    // Nothing is seen, everything is told: approval stays at 0, and the overseer, as aided, prefers the best.
    let world = "overseer.hidden = ['a']\nreward_model = 'overseer'\noptimizer.best_of_n.n = 16\n\
                 [world.answers]\nprompts = 2\nanswers = 64\n[world.answers.features]\na = { gold = 1 }";
    let row = |protocol| run(&with(world, protocol, "")).remove(0).record.metrics;
    let (direct, told) = (row(PROTOCOLS[0]), row(PROTOCOLS[2]));
    assert_eq!([direct.approval, direct.aided_winrate], [Some(0.0), Some(0.5)]);
    assert_eq!(told.approval, Some(0.0));
    // The best of 16 of a pool beats a draw from it with 16/17 but for ties.
    assert_close("win rate", told.aided_winrate.unwrap(), 16.0 / 17.0, 0.02);
    assert_close("efficiency", told.efficiency.unwrap(), 1.0, 1e-12);
}

#[test]
fn random_reveals_tend_to_their_closed_form() {
    // (v_s + a·v_h)/√((v_s + a²v_h)(v_s + v_h)) of jointly normal features, a share a of the hidden ones told.
    for (seen, hidden, share, expected) in [(1.0, 1.0, 0.25, 0.857_493), (1.0, 3.0, 0.125, 0.671_932)] {
        let text = format!(
            "seeds = 40\nfeedback = {{ labels = 10000, protocol.random_reveal.share = {share} }}\n\
             overseer.hidden = ['h']\noptimizer.best_of_n = {{ n = 64, draws = 'fresh' }}\n\
             [world.answers]\nprompts = 4\nanswers = 4096\n[world.answers.features]\n\
             s = {{ gold = {} }}\nh = {{ gold = {}, count = 8 }}\n",
            f64::sqrt(seen),
            f64::sqrt(hidden / 8.0)
        );
        let plan = plan(&text);
        let rows = run(&plan);
        let found = mean(&values(&rows, |_| true, |row| row.record.metrics.efficiency));
        assert_close("efficiency at 10,000 labels", found, expected, 0.01);
        let said = plan.oracle(oversight::study::theory::Theory::Normal, "efficiency").value(&rows[0]);
        assert_close("the closed form", said.expect("normal"), expected, 1e-6);
    }
}

#[test]
fn to_be_told_of_a_misvalued_feature_harms_below_an_openness() {
    // Believed ŵ, worth w* of the other sign: told at openness λ it counts ŵ + λ(w* − ŵ), which has the right
    // sign above λ* = ŵ/(ŵ − w*), whatever else there is.
    let (believed, worth) = (0.8, -2.0);
    let threshold = believed / (believed - worth);
    for (open, helps) in [(0.0, false), (threshold - 1e-3, false), (threshold + 1e-3, true), (1.0, true)] {
        let gold = |protocol: &str| {
            let text = format!(
                "seeds = 1\nfeedback.protocol = {protocol}\nreward_model = 'overseer'\n\
                 optimizer.best_of_n = {{ n = 16, draws = 'fresh' }}\n\
                 overseer = {{ hidden = ['charm'], believes.charm = {believed}, open = {open} }}\n\
                 [world.answers.features]\ninsight = {{ gold = 1 }}\ncharm = {{ gold = {worth} }}"
            );
            let plan = plan(&text);
            let row = run(&plan).remove(0);
            plan.oracle(oversight::study::theory::Theory::Normal, "gold").value(&row).expect("normal")
        };
        assert_eq!(gold(PROTOCOLS[2]) > gold(PROTOCOLS[0]), helps, "{open}");
    }
}

#[test]
fn one_argument_tells_of_all_that_rests_on_a_premise() {
    let text = |premises: &str| {
        let text = format!(
            "seeds = 1\nfeedback.protocol.critique.slots = 1\nreward_model = 'overseer'\noptimizer.best_of_n.n = 16\n\
             overseer.hidden = ['charm']\noverseer.{premises}\n\
             [world.answers.features]\ninsight = {{ gold = 1 }}\ncharm = {{ gold = -2, count = 8 }}"
        );
        run(&plan(&text)).remove(0).record.metrics
    };
    let shared = text("premises.progress = ['charm']");
    assert_eq!(shared.ignorance, Some(0.0));
    assert!(text("open = 0").ignorance.unwrap() > 1.0);
    // One slot of two answers, and one helper.
    assert_eq!(shared.cost, Some(0.0));
}

#[test]
fn help_costs_what_is_told_and_who_is_called() {
    let prices = "overseer.prices = { label = 2, reveal = 0.25, call = 3 }\n";
    for (protocol, price) in [
        ("'direct'", 2.0),
        ("{ random_reveal.share = 0.5 }", 2.0 + 2.0 * 3.0 * 0.25),
        ("{ advocate.slots = 2 }", 2.0 + 2.0 * 2.0 * 0.25 + 3.0),
        ("{ debate.slots = 3 }", 2.0 + 2.0 * 3.0 * 0.25 + 6.0),
        // No more is told than there is, or is looked at.
        ("{ consultant.slots = 50 }", 2.0 + 2.0 * 6.0 * 0.25 + 3.0),
        ("{ critique = { slots = 3, skill = 0.25 } }", 2.0 + 2.0 * 1.5 * 0.25 + 3.0),
    ] {
        let rows = run(&with(WORLDS[0], protocol, prices));
        let cost = rows[0].record.metrics.cost.expect("labels");
        assert_close(protocol, cost, 60.0 * price, 1e-9);
        let budget =
            with(WORLDS[0], protocol, prices).experiment.resolved.replace("labels = 60", "budget = 100");
        let plan = Plan::read("test.toml", budget.as_bytes(), &Overrides::default()).expect("a budget");
        let bought = run(&plan)[0].record.metrics.labels.expect("labels");
        assert_eq!(bought, (100.0 / price).floor(), "{protocol}");
    }
    // Over time, of every step.
    let rows = run(&with(WORLDS[2], "{ critique.slots = 1 }", prices));
    assert_close("a map", rows[0].record.metrics.cost.unwrap(), 60.0 * (2.0 + 2.0 * 6.0 * 0.25 + 3.0), 1e-9);
}

#[test]
fn what_cannot_be_told_is_refused() {
    let features = "[world.answers.features]\na = {}\nb = { count = 2 }\n";
    for (text, expected) in [
        ("feedback.protocol.debate = {}", "`slots` is missing"),
        ("feedback.protocol.debate.slots = 0", "from 1 to"),
        ("feedback.protocol.advocate = { slots = 1, skill = 2 }", "from 0 to 1"),
        ("feedback.protocol.random_reveal.share = -1", "from 0 to 1"),
        ("feedback.protocol.audit.rate = 0.1", "cannot be `audit`"),
        ("overseer.open = 1.1", "from 0 to 1"),
        ("overseer.premises.p = []", "nothing rests on the premise `p`"),
        ("overseer.premises.p = ['c']", "`c`"),
        ("overseer.premises.a = ['b']", "cannot be a premise as well"),
        ("overseer.premises = { p = ['b'], q = ['b_1'] }", "`b_1` rests on two premises, `p` and `q`"),
        ("overseer.premises.p = ['a', 'a']", "listed twice"),
    ] {
        let text = format!("{text}\n{features}");
        let error = Experiment::read("test.toml", text.as_bytes(), &Overrides::default()).err();
        let said = said(error);
        assert!(said.contains(expected), "{text}: {said}");
    }
    let graph = "feedback.protocol.debate.slots = 1\n[world.graph]\nhorizon = 1\nstart = 'S'\n\
                 states = { S = { shown = 'o' }, T = { shown = 'o', gold = 1 } }\nmoves = { S.go = 'T', S.wait = 'S' }";
    let refused = said(Experiment::read("test.toml", graph.as_bytes(), &Overrides::default()).err());
    assert!(refused.contains("nothing can be told of one step"), "{refused}");
    // Who sees the truth is told of states as of anything else.
    let truth = format!("overseer = {{ sees = 'truth' }}\n{graph}");
    assert!(Experiment::read("test.toml", truth.as_bytes(), &Overrides::default()).is_ok());
}

#[test]
fn a_judge_hears_each_answer_by_itself() {
    // The two answers of a pair are told of by different draws, though they be the same outcome.
    let plan = with(WORLDS[0], "{ random_reveal.share = 0.5 }", "overseer.choice.rationality = inf");
    let (world, overseer, streams) = plan.open(0, 0);
    let hearing = overseer.hears(&world, &plan.experiment.cells[0].setup.feedback.protocol);
    let Judge { believed: Believed::Told(told), .. } = &hearing.judges[0] else { panic!("left to chance") };
    let mut rng = Streams { seed: 1, ..streams }.stream(Purpose::Telling, "", 1);
    let heard = told.hear(&[3, 3, 3, 3], &mut rng);
    assert!(heard.iter().any(|x| *x != heard[0]), "{heard:?}");
}

#[test]
fn amplification_gets_nearer_by_every_round() {
    // The slope of a hidden feature against a seen one after r rounds is 1 − (1 − a)^r; in the limit of many
    // labels the efficiency is that of the slope. (At a small β: what is told at random differs between labels,
    // which shrinks a logit's weights, and the model's word with them.)
    let rounds = 8;
    let text = format!(
        "seeds = 10\nfeedback = {{ labels = {}, rounds = {rounds}, protocol.amplification.share = 0.25 }}\n\
         overseer = {{ hidden = ['h'], choice.rationality = 0.5 }}\noptimizer.best_of_n = {{ n = 64, draws = 'fresh' }}\n\
         [world.answers]\nprompts = 4\nanswers = 2048\n[world.answers.features]\n\
         s = {{ gold = 1 }}\nh = {{ gold = 1 }}\n",
        12_800 * rounds
    );
    let plan = plan(&text);
    let rows = run(&plan);
    let mut oracle = plan.oracle(oversight::study::theory::Theory::Normal, "efficiency");
    for (round, efficiency) in [(1, 0.857_493), (2, 0.931_243), (4, 0.982_795), (8, 0.998_615)] {
        let at = |row: &&Row| row.record.round == round;
        let said = oracle.value(rows.iter().find(at).expect("a row")).expect("normal");
        assert_close("the closed form", said, efficiency, 1e-6);
        let of = |j: usize| mean(&values(&rows, |row| at(&row), |row| row.record.weights[j]));
        let slope = 1.0 - powi(0.75, round);
        assert_close(&format!("slope after {round} rounds"), of(1) / of(0), slope, 0.03);
    }
}

#[test]
fn amplification_without_label_noise_is_on_its_closed_form() {
    // What is heard is passed through as the model, whose word is heard in turn.
    let text = "seeds = 1\nreward_model = 'overseer'\nfeedback = { rounds = 8, protocol.amplification.share = 0.25 }\n\
                overseer = { hidden = ['h'], unseen = 'reference', choice.rationality = 3 }\n\
                [world.answers]\nprompts = 1\nanswers = 16\n[world.answers.features]\n\
                s = { gold = 1, correlation = { h = 0.5 } }\nh = { gold = -2, curvature = 0.5 }\n";
    let plan = plan(text);
    for row in run(&plan) {
        // The seen feature stands in for the hidden one, −2·½, where nothing is told, and in round 1 alone.
        let untold = powi(0.75, row.record.round);
        let seen = if row.record.round == 1 { 1.0 - untold } else { 1.0 };
        let expected = [seen, -2.0 * (1.0 - untold), 0.5 * (1.0 - untold)];
        for (weight, expected) in row.record.weights.iter().zip(expected) {
            assert_close("weight", weight.expect("a sum"), expected, 1e-12);
        }
    }
}

#[test]
fn a_crowd_is_its_average_and_its_common_error() {
    // E cos(w, w + g), g normal with variance s²(ρ + (1 − ρ)/m) per weight; of eight weights of 1/√8, s = ½. The
    // efficiency of the mean rater is that cosine.
    for (raters, common, expected) in [
        (1, 0.0, 0.5766),
        (4, 0.0, 0.8253),
        (16, 0.0, 0.9485),
        (4, 0.5, 0.6700),
        (16, 0.5, 0.7010),
        (16, 1.0, 0.5766),
    ] {
        let text = format!(
            "seeds = 3000\nreward_model = 'overseer'\n\
             overseer = {{ error = 0.5, crowd = {{ raters = {raters}, common = {common} }} }}\n\
             optimizer.best_of_n = {{ n = 4, draws = 'fresh' }}\n\
             [world.answers]\nprompts = 1\nanswers = 4\n[world.answers.features]\nw = {{ gold = {}, count = 8 }}\n",
            f64::sqrt(0.125)
        );
        let plan = plan(&text);
        let blueprint = plan.open(0, 0).0.blueprint().clone();
        let setup = &plan.experiment.cells[0].setup;
        let cosine = |repetition: u32| {
            let overseer =
                setup.overseer.overseer(&blueprint, Streams { seed: 0, repetition }).expect("valid");
            let (w, gold) = (&overseer.beliefs.weights, blueprint.gold());
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            assert_eq!(overseer.raters.len(), raters);
            dot(w, &gold) / dot(w, w).sqrt()
        };
        let found = mean(&(0..3000).map(cosine).collect::<Vec<_>>());
        assert_close(&format!("{raters} raters, {common} in common"), found, expected, 0.012);
    }
}

#[test]
fn a_crowd_of_one_mind_is_one_overseer() {
    let world = "[world.answers]\nprompts = 2\nanswers = 40\n[world.answers.features]\na = { gold = 1 }\nb = { gold = -1 }";
    let with = |more: &str| {
        let text = format!("seeds = 2\nfeedback.labels = 60\noverseer.error = 0.5\n{more}\n{world}");
        // Whoever it is that says so.
        labels(&plan(&text)).into_iter().map(|label| Comparison { by: 0, ..label }).collect::<Vec<_>>()
    };
    let one = with("");
    assert_eq!(with("overseer.crowd = { raters = 7, common = 1 }"), one);
    assert_ne!(with("overseer.crowd = { raters = 7, common = 0.5 }"), one);
}

#[test]
fn ground_truth_answers_its_share() {
    // The overseer is wrong about everything; the labels that truth gives are right.
    let text = |share: f64| {
        format!(
            "seeds = 20\nfeedback = {{ labels = 1000, protocol.ground_truth.share = {share} }}\n\
             overseer = {{ believes.a = -1, choice.rationality = inf, prices = {{ label = 2, truth = 8 }} }}\n\
             [world.answers]\nprompts = 2\nanswers = 64\n[world.answers.features]\na = {{ gold = 1 }}"
        )
    };
    for share in [0.0, 0.25, 1.0] {
        let rows = run(&plan(&text(share)));
        let right = mean(&values(&rows, |_| true, |row| row.record.metrics.label_accuracy));
        // 20,000 labels or so, each right with that chance: 4 standard errors.
        assert_close("labels that are right", right, share, 0.013);
        assert_eq!(rows[0].record.metrics.cost, Some(1000.0 * (2.0 + 6.0 * share)));
    }
}

#[test]
fn judges_who_cannot_be_are_refused() {
    for (text, expected) in [
        ("overseer.crowd = { raters = 3, common = 0.5 }", "no error is given"),
        ("overseer.error = 1\noverseer.crowd = { raters = 0, common = 0.5 }", "from 1 to"),
        (
            "overseer.error = 1\noverseer.crowd = { raters = 2, common = 0 }\nfeedback.protocol.debate.slots = 1",
            "nothing is told to a crowd yet",
        ),
        ("feedback.protocol.amplification.share = 0.5\noverseer.choice.rationality = inf", "have no unit"),
        ("feedback.protocol.ground_truth.share = 2", "from 0 to 1"),
    ] {
        let text = format!("{text}\n[world.answers.features]\na = {{}}\n");
        let said = said(Experiment::read("test.toml", text.as_bytes(), &Overrides::default()).err());
        assert!(said.contains(expected), "{text}: {said}");
    }
}

const DIVIDED: &str = "overseer.hidden = ['left', 'right']\noverseer.premises.one = ['left']\n\
     [world.answers]\nprompts = 4\nanswers = 512\n[world.answers.features]\nseen = { gold = 1 }\n\
     left = { gold = 0.5, count = 2 }\nright = { gold = -0.5 }\n\
     across = { gold = 1, product = ['left_1', 'right'] }\nwithin = { gold = 1, product = ['left_1', 'left_2'] }\n";

#[test]
fn questions_are_divided_into_what_can_be_asked() {
    use oversight::lab::recursion::Part;
    let (world, overseer, _) = plan(&format!("seeds = 1\n{DIVIDED}")).open(0, 0);
    let single = |j: usize| Part { columns: vec![j], parts: Vec::new() };
    // left_1, left_2 and their product rest on one premise; what is across is a slot, and in no part.
    let names: Vec<&str> = overseer.slots.iter().map(|slot| slot.name.as_str()).collect();
    assert_eq!(names, ["one", "right", "across"]);
    let parts = vec![Part { columns: vec![1, 2, 5], parts: Vec::new() }, single(3)];
    assert_eq!(Part::whole(&overseer, &world, 1), Part { columns: vec![1, 2, 5, 3], parts });
    let divided = Part { columns: vec![1, 2, 5], parts: vec![single(1), single(2)] };
    let right = Part { columns: vec![3], parts: vec![single(3)] };
    assert_eq!(
        Part::whole(&overseer, &world, 2),
        Part { columns: vec![1, 2, 5, 3], parts: vec![divided, right] }
    );
}

#[test]
fn models_of_parts_say_what_the_parts_are_worth() {
    // 40,000 labels, half of them about two parts: weights within 4 standard errors of about 0.02; what
    // is across is in no part, and the overseer goes on without it.
    for (depth, within) in [(1, 1.0), (2, 0.0)] {
        let text = format!(
            "seeds = 1\nfeedback = {{ labels = 40000, protocol.recursive = {{ depth = {depth}, share = 0.5 }} }}\n\
             overseer.prices.label = 2\nreward_model.linear.l2 = 0.001\noptimizer.tilt.kl = 1\n{DIVIDED}"
        );
        let plan = plan(&text);
        let (world, overseer, streams) = plan.open(0, 0);
        let setup = &plan.experiment.cells[0].setup;
        let mut heard = Vec::new();
        let records = trial::run(
            trial::Trial::new(setup, &world, &overseer, streams, &mut SharedInWorld::default()),
            |inside| {
                assert_eq!(inside.labels.len(), 20_000);
                heard = inside.hearing.weights.clone();
            },
        );
        let expected = [1.0, 0.5, 0.5, -0.5, 0.0, within];
        for (j, expected) in expected.into_iter().enumerate() {
            assert_close(world.names()[j].as_str(), heard[j].expect("a sum"), expected, 0.1);
        }
        let m = &records[0].metrics;
        assert_eq!([m.labels, m.cost], [Some(40_000.0), Some(80_000.0)]);
    }
}

#[test]
fn a_product_has_the_moments_of_its_factors() {
    // x, y normal with correlation ρ: Var(xy) = 1 + ρ², Cov(xy, x²) = 2ρ, Cov(xy, x) = 0.
    let text = "[world.answers]\nprompts = 1\nanswers = 20000\n[world.answers.features]\n\
                x = { curvature = 1, correlation = { y = 0.6 } }\ny = {}\nxy = { product = ['x', 'y'] }\n\
                rare = { tail = { rare = { chance = 0.2 } } }";
    let (world, ..) = plan(text).open(0, 0);
    let (mean, covariance) = world.blueprint().moments().expect("finite");
    let features = &world.mdp.features;
    assert_eq!(features.names, ["x", "x_squared", "y", "xy", "rare"]);
    assert_all_close("means", &mean, &[0.0, 0.0, 0.0, 0.0, 0.2], 1e-15);
    for (i, j, expected) in [(3, 3, 1.36), (3, 1, 1.2), (3, 0, 0.0), (3, 2, 0.0), (1, 1, 2.0), (4, 4, 0.16)] {
        assert_close(&format!("{i} {j}"), covariance.at(i, j), expected, 1e-12);
        let n = features.column(i).len() as f64;
        let drawn = features.column(i).iter().zip(features.column(j));
        let drawn: f64 = drawn.map(|(a, b)| (a - mean[i]) * (b - mean[j])).sum::<f64>() / n;
        // A fourth moment of squares and products is at most 60: 4 standard errors.
        assert_close(&format!("drawn {i} {j}"), drawn, expected, 4.0 * (60.0 / n).sqrt());
    }
    assert!(features.column(4).iter().all(|x| *x == 0.0 || *x == 1.0));
    for (product, expected) in [
        ("product = ['x', 'z']", "`z`"),
        ("product = ['x', 'many']", "`many`"),
        ("product = ['x', 'xy']", "`xy`"),
        ("product = ['x', 'y'], tail = { rare = { chance = 0.1 } }", "has no tail"),
        ("product = ['x', 'heavy']", "no finite mean"),
        ("product = ['x']", ""),
    ] {
        let text = format!(
            "[world.answers.features]\nx = {{}}\ny = {{}}\nmany = {{ count = 2 }}\nxy = {{ {product} }}\n\
             heavy = {{ tail = {{ student_t = {{ df = 1 }} }} }}\n"
        );
        let refused = said(Experiment::read("test.toml", text.as_bytes(), &Overrides::default()).err());
        assert!(refused.contains(expected) && refused != "nothing is wrong", "{product}: {refused}");
    }
}
