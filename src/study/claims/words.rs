//! Claims and verdicts in words.

use super::Verdict;
use super::weigh::{Finding, Weight};
use crate::numerics::stats::Average;
use crate::study::config::{Against, ClaimConfig, Compared, Quantity, Test, Trend};
use crate::study::plan::{Plan, words};

impl Quantity {
    /// What is made of a metric, `axis` being what axes are called.
    pub fn words(&self, metric: &str, axis: impl Fn(&str) -> String) -> String {
        let log = |log: bool| if log { " (in log₂)" } else { "" };
        match self {
            Quantity::Share { .. } => format!("{metric}, share of the way"),
            Quantity::Slope(a) => format!("slope of {metric} along {}{}", axis(&a.along), log(a.log)),
            Quantity::Auc(a) => format!("mean height of {metric} along {}{}", axis(&a.along), log(a.log)),
            Quantity::Argmax(a) => format!("{}{} at which {metric} is highest", axis(&a.along), log(a.log)),
            Quantity::Drop(a) => format!("largest one-step fall of {metric} along {}", axis(&a.along)),
            Quantity::Crossing(a) => {
                format!("{}{} at which {metric} crosses {}", axis(&a.along), log(a.log), brief(a.at.get()))
            }
        }
    }
}

/// What is tested: metric, comparison, margins, place.
pub(super) fn tested(plan: &Plan, claim: &ClaimConfig) -> String {
    let metric = words(&claim.metric);
    let what = match &claim.quantity {
        None => metric,
        Some(Quantity::Share { from, to }) => format!(
            "{metric} as a share of the way from {} to {}",
            plan.pins_words(from),
            plan.pins_words(to)
        ),
        Some(quantity) => format!("the {}", quantity.words(&metric, words)),
    };
    let trend = |verb: &str, t: &Trend| {
        let step = if t.tolerance() == 0.0 {
            "no step goes back".to_owned()
        } else {
            format!("no step goes back by {}", brief(t.tolerance()))
        };
        format!("{what} {verb} along {} by more than {}, and {step}", words(&t.along), brief(t.by.get()))
    };
    let against = |against: &Against| match against {
        Against::Number(x) => brief(*x),
        Against::Theory(theory) => format!("theory (`{}`)", theory.name()),
        Against::Elsewhere(pins) => format!("the same at {}", plan.pins_words(pins)),
    };
    let compared = |verb: &str, c: &Compared| {
        let by =
            if c.by.get() == 0.0 { String::new() } else { format!(" by more than {}", brief(c.by.get())) };
        format!("{what} is {verb} than {}{by}", against(&c.than))
    };
    let mut text = match &claim.test {
        Test::Increases(t) => trend("increases", t),
        Test::Decreases(t) => trend("decreases", t),
        Test::Peaks { along, rise, fall } => format!(
            "{what} peaks along {}: rises by more than {}, then falls by more than {}",
            words(along),
            brief(rise.get()),
            brief(fall.get())
        ),
        Test::Equals { value: Against::Elsewhere(pins), within } => {
            format!("{what} is the same at {} within {}", plan.pins_words(pins), brief(within.get()))
        }
        Test::Equals { value, within } => {
            format!("{what} equals {} within {}", against(value), brief(within.get()))
        }
        Test::Greater(c) => compared("greater", c),
        Test::Less(c) => compared("less", c),
    };
    if claim.estimand == Average::Iqm {
        text += ", in the interquartile mean";
    }
    match plan.pins_words(&claim.pins) {
        place if place.is_empty() => text,
        place => format!("{text}; at {place}"),
    }
}

/// The verdict on a claim that holds where it is made.
pub(super) fn with_control(
    why: String,
    control: Option<&Weight>,
    level: f64,
) -> (Verdict, String, Option<u64>) {
    let Some(control) = control else { return (Verdict::Holds, why, None) };
    match control.holds_by_itself(level) {
        Some(false) => (Verdict::Holds, format!("{why}; on the control it does not hold"), None),
        Some(true) => (Verdict::Fails, format!("{why}, but it holds on its control as well"), None),
        None => {
            let (because, needs) = match &control.finding {
                Finding::Silent(why) => (why.clone(), None),
                Finding::Tested(t) => match &t.too_few {
                    Some((why, least)) => (why.clone(), t.needs(level, *least)),
                    None => (format!("{} is not significant there either way", t.weakest), t.needs(level, 0)),
                },
                Finding::Exact { .. } => unreachable!("it tells"),
            };
            (Verdict::Undecided, format!("{why}, but its control does not tell: {because}"), needs)
        }
    }
}

/// A p-value in words.
pub(super) fn p(p: f64) -> String {
    if p < 1e-15 {
        "p < 1e-15".to_owned()
    } else if p < 1e-3 {
        format!("p = {p:.0e}")
    } else if p < 0.0095 {
        format!("p = {p:.3}")
    } else {
        format!("p = {p:.2}")
    }
}

/// A number as a config would have it.
pub(super) fn brief(x: f64) -> String {
    crate::study::results::number(x).replace('-', "−")
}
