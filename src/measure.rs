//! What is measured: one flat record per policy.

/// The metrics of a record, in the order of the columns of `results.csv`.
pub const METRICS: [&str; 26] = [
    "gold", "approval", "proxy", "kl", "gold_fraction", "efficiency",
    "proxy_error", "ignorance", "wrong_values", "unreached",
    "proxy_gap", "misjudgement", "overestimation", "underestimation", "false_positive_rate",
    "gold_watched", "gold_unwatched", "deploy_gap", "takeover",
    "label_accuracy", "rm_accuracy", "rm_brier", "rm_accuracy_gold", "aided_winrate",
    "labels", "cost",
];
