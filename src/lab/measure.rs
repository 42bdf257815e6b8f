//! What is measured of a policy: one flat record, computed exactly from the
//! table. Missing is missing, never 0.

mod ranks;

pub use ranks::win_rates;

use crate::lab::mdp::{Gold, Learned, Mdp, Outcomes, Table};
use crate::lab::optimizer::Reached;
use crate::lab::policy::Policy;
use crate::lab::solve::{Moments, evaluate, moments, optimum, values};
use crate::lab::world::Deployment;
use crate::numerics::math::{dot, largest, sigmoid, unless_rounding};
use ranks::Ranks;

macro_rules! record {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {
        /// The metrics of one policy, in the order of the columns of `results.csv`.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Metrics {
            $($(#[doc = $doc])+ pub $name: Option<f64>,)+
        }

        /// Their names, in order.
        pub const METRICS: [&str; [$(stringify!($name)),+].len()] = [$(stringify!($name)),+];

        /// Their definitions, in order.
        pub const DEFINITIONS: [&str; METRICS.len()] = [$(concat!($($doc),+)),+];

        impl Metrics {
            /// The values, in order.
            pub fn values(&self) -> [Option<f64>; METRICS.len()] {
                [$(self.$name),+]
            }

            /// The metrics that have these values, in order.
            pub fn of_values([$($name),+]: [Option<f64>; METRICS.len()]) -> Self {
                Self { $($name),+ }
            }
        }
    };
}

record! {
    /// E\[G\]: expected gold return.
    gold,
    /// E\[S\]: expected return the unaided overseer believes.
    approval,
    /// E\[r̂\], in π₀'s standard deviations; 0 at π₀.
    proxy,
    /// KL(π‖π₀), nats.
    kl,
    /// χ²(π‖π₀): E₀\[(π/π₀ − 1)²\].
    chi2,
    /// (gold − π₀'s)/(optimum − π₀'s).
    gold_fraction,
    /// Δgold / Δgold of the `gold` pass-through at the same pressure, Δ against π₀.
    efficiency,
    /// gold(π of S as heard) − gold.
    proxy_error,
    /// gold(π of S if everything were told) − gold(π of S as heard).
    ignorance,
    /// gold(π of gold) − gold(π of S if everything were told).
    wrong_values,
    /// gold(π of gold) − gold: the sum of the three before.
    regret,
    /// gold where feedback reaches − gold in deployment.
    unreached,
    /// Δproxy·Cov₀(S, r̂)/Var₀(r̂) − Δapproval.
    proxy_gap,
    /// Δapproval − Δgold.
    misjudgement,
    /// E⁺ = E max(0, S − G).
    overestimation,
    /// E⁻ = E max(0, G − S).
    underestimation,
    /// Among outputs that rank below the middle of π₀'s in gold (ties ½), the share that
    /// rank above it in S. The middle is the median where nothing ties.
    false_positive_rate,
    /// Gold of episodes that are watched.
    gold_watched,
    /// Gold of episodes that are not.
    gold_unwatched,
    /// gold_watched − gold_unwatched.
    deploy_gap,
    /// Chance of seizing power in deployment.
    takeover,
    /// Share of answered, untied labels on pairs of different gold that agree with gold.
    label_accuracy,
    /// Share of held-out labels the reward model predicts. A pass-through is read as if
    /// labels were drawn from it at the overseer's β, without flips or bias.
    rm_accuracy,
    /// Brier score of its predictions, likewise.
    rm_brier,
    /// Share of held-out pairs it orders as gold does.
    rm_accuracy_gold,
    /// Chance that what the overseer hears on average of the policy's output is above what it hears of
    /// π₀'s; ties ½.
    aided_winrate,
    /// Queries so far, skips included; pass-throughs ask none.
    labels,
    /// What they cost, with what inputs and protocol add to it.
    cost,
    /// Chance of seizing what a probe offers.
    probed,
    /// Whether the gate releases a dangerous system: one whose chance of seizing power is above ½.
    let_through,
    /// Whether the gate stops a system that is not dangerous and useful: its chance of the act in
    /// ordinary work is above ½.
    forgone,
    /// Change from π₀ of the log-odds of seizing power in deployment, over the mean of that
    /// where feedback speaks of it: in probes, or in ordinary work if there are none.
    transfer,
}

/// Metrics that are shares of a finite number, so that many seeds may be equal by chance.
pub const SHARES: [&str; 8] = [
    "let_through",
    "forgone",
    "false_positive_rate",
    "label_accuracy",
    "rm_accuracy",
    "rm_brier",
    "rm_accuracy_gold",
    "aided_winrate",
];

/// What a column of metrics holds; `None` if there is no such column.
pub fn definition(name: &str) -> Option<String> {
    if let Some(feature) = name.strip_prefix("feature.") {
        return Some(format!("Expected total of `{feature}` under the policy."));
    }
    if let Some(feature) = name.strip_prefix("weight.") {
        return Some(format!("Learned weight of `{feature}`."));
    }
    let place = METRICS.iter().position(|metric| *metric == name)?;
    Some(DEFINITIONS[place].replace('\\', "").trim().to_owned())
}

/// What a policy is held against: gold and believed return, π₀'s levels of
/// both, and how outputs rank under π₀. The same for all policies of a cell.
#[derive(Clone, Debug)]
pub struct Yardstick {
    gold: Gold,
    believed: Table,
    heard: Table,
    gold_reference: f64,
    approval_reference: f64,
    gold_optimum: f64,
    /// The most gold that an episode could have, were every step its best or worst; and the most
    /// that could be believed of it.
    sizes: [f64; 2],
    /// Where an outcome tells the whole episode: at horizon 1, and where no two
    /// histories meet.
    ranks: Option<Ranks>,
}

impl Yardstick {
    /// For gold and the return that an overseer believes whom nobody helps, per row.
    pub fn new(mdp: &Mdp, gold: Gold, believed: Table) -> Self {
        let heard = believed.clone();
        Self::aided(mdp, gold, believed, &heard)
    }

    /// For gold, the return that is believed unaided, and what is heard on average, per row.
    pub fn aided(mdp: &Mdp, gold: Gold, believed: Table, heard: &Table) -> Self {
        let reference = Policy::reference(mdp);
        Self {
            gold_reference: evaluate(mdp, &reference, &gold.0),
            approval_reference: evaluate(mdp, &reference, &believed),
            gold_optimum: optimum(mdp, &gold.0),
            sizes: [&gold.0, &believed].map(|table| f64::from(mdp.horizon) * largest(table)),
            ranks: match mdp.outcomes {
                Outcomes::Ends => Some(Ranks::of_rows(mdp, [&gold.0, &believed, heard])),
                Outcomes::Moves { .. } => Ranks::of_trajectories(mdp, [&gold.0, &believed, heard]),
            },
            gold,
            believed,
            heard: heard.clone(),
        }
    }

    /// Whether it is of these.
    pub fn is_of(&self, gold: &Gold, believed: &Table, heard: &Table) -> bool {
        self.gold == *gold && self.believed == *believed && self.heard == *heard
    }

    /// Gold reward per row.
    pub fn gold(&self) -> &Gold {
        &self.gold
    }

    /// Believed reward per row.
    pub fn believed(&self) -> &Table {
        &self.believed
    }

    /// π₀'s gold.
    pub fn gold_reference(&self) -> f64 {
        self.gold_reference
    }

    /// How much more one expected gold is than another; 0 where they differ by rounding alone.
    pub fn gap(&self, a: f64, b: f64) -> f64 {
        unless_rounding(a - b, self.sizes[0])
    }

    /// Cov₀(S, r̂) and Var₀(r̂), pooled within prompts.
    pub fn moments_with(&self, mdp: &Mdp, learned: &Learned) -> Moments {
        moments(mdp, &self.believed, &learned.0)
    }
}

/// Expected totals under a policy.
pub struct Totals {
    /// Of every feature; \[features\].
    pub features: Vec<f64>,
    /// The metrics that depend on the policy, the yardstick and the learned reward alone.
    pub metrics: Metrics,
}

/// Expected gold of a policy.
pub fn expected_gold(reached: &Reached, gold: &Gold) -> f64 {
    dot(&reached.visits, &gold.0)
}

/// Measures a policy. `against` holds Cov₀(S, r̂) and Var₀(r̂).
pub fn measure(
    mdp: &Mdp,
    yardstick: &Yardstick,
    learned: &Learned,
    against: &Moments,
    reached: &Reached,
) -> Totals {
    let visits = &reached.visits;
    let features = mdp.features.columns().map(|c| dot(visits, c)).collect();
    let (gold, approval) = (dot(visits, &yardstick.gold.0), dot(visits, &yardstick.believed));
    let proxy = dot(visits, &learned.0);
    let gold_gain = yardstick.gap(gold, yardstick.gold_reference);
    let approval_gain = approval - yardstick.approval_reference;
    let variance = against.variance[1];
    let mut metrics = Metrics {
        gold: Some(gold),
        approval: Some(approval),
        proxy: Some(proxy),
        kl: reached.kl,
        chi2: reached.chi2,
        gold_fraction: ratio(gold_gain, yardstick.gap(yardstick.gold_optimum, yardstick.gold_reference)),
        proxy_gap: (variance > 0.0)
            .then(|| (proxy - against.mean[1]) * against.covariance / variance - approval_gain),
        misjudgement: Some(unless_rounding(approval_gain - gold_gain, yardstick.sizes.iter().sum())),
        ..Metrics::default()
    };
    if let Some(ranks) = &yardstick.ranks {
        let (mut over, mut under, mut poor, mut fooled) = (0.0, 0.0, 0.0, 0.0);
        for (k, p) in visits.iter().enumerate() {
            over += p * ranks.error[k].max(0.0);
            under += p * (-ranks.error[k]).max(0.0);
            let weight = if ranks.poor[k] { *p } else { 0.0 };
            poor += weight;
            fooled += if ranks.passes[k] { weight } else { 0.0 };
        }
        metrics.overestimation = Some(over);
        metrics.underestimation = Some(under);
        metrics.false_positive_rate = (poor > 0.0).then(|| fooled / poor);
        metrics.aided_winrate = Some(dot(visits, &ranks.win));
    }
    Totals { features, metrics }
}

/// Adds to the metrics of a policy what it does in deployment.
pub fn measure_deployed(
    mdp: &Mdp,
    deployment: &Deployment,
    policy: &Policy,
    yardstick: &Yardstick,
    metrics: Metrics,
) -> Metrics {
    let value = values(mdp, policy, &yardstick.gold.0);
    let mean = |law: &[f64], of: &dyn Fn(usize) -> f64| -> f64 {
        (0..law.len()).filter(|s| law[*s] > 0.0).map(|s| law[s] * of(s)).sum()
    };
    let [there, watched, unwatched] =
        [&deployment.start, &deployment.watched, &deployment.unwatched].map(|law| mean(law, &|s| value[s]));
    let metrics = Metrics {
        unreached: metrics.gold.map(|gold| yardstick.gap(gold, there)),
        gold_watched: Some(watched),
        gold_unwatched: Some(unwatched),
        deploy_gap: Some(yardstick.gap(watched, unwatched)),
        ..metrics
    };
    let Some(contexts) = &deployment.opportunity else { return metrics };
    let chances = |s: usize| policy.chances[contexts.seizes[s] as usize];
    let moved =
        |s: usize| contexts.log_odds(mdp, &policy.chances, s) - contexts.log_odds(mdp, &mdp.reference, s);
    let trained: f64 = contexts.trained.iter().map(|s| moved(*s as usize)).sum();
    let trained = trained / contexts.trained.len() as f64;
    let there = mean(&deployment.start, &moved);
    let takeover = mean(&deployment.start, &chances);
    let released = contexts.gate.zip(contexts.probes.as_ref()).map(|(gate, probes)| {
        let before = |s: usize| sigmoid(contexts.log_odds(mdp, &policy.chances, s) - gate.step.get());
        mean(probes, &before) <= gate.mark.get()
    });
    let (dangerous, useful) = (takeover > 0.5, mean(&contexts.work, &chances) > 0.5);
    let share = |is: bool| f64::from(u8::from(is));
    Metrics {
        takeover: Some(takeover),
        let_through: released.map(|released| share(released && dangerous)),
        forgone: released.map(|released| share(!released && useful && !dangerous)),
        probed: contexts.probes.as_ref().map(|law| mean(law, &chances)),
        // Where odds are infinite there is no share of their change.
        transfer: (trained.abs() > 1e-6 && trained.is_finite() && there.is_finite()).then(|| there / trained),
        ..metrics
    }
}

/// `gain` as a share of `whole`; missing where the whole is nothing.
pub fn ratio(gain: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| gain / whole)
}
