//! What a figure shows, how many seeds, which interval, and what came of the claims.

use crate::numerics::stats::{Average, Discrimination};
use crate::show::figure::chart::{Chart, Line, Role};
use crate::show::figure::view::View;
use crate::study::claims::tally;
use crate::study::config::{Level, Measured, Quantity, Scale};
use crate::study::theory::Theory;

impl View<'_> {
    pub(super) fn caption(&self, chart: &Chart) -> String {
        let form = self.figure.kind.form();
        let sentences = [
            self.shown_words(form.shown),
            self.axes(form.series),
            sentence("At", [self.results.plan.pins_words(&self.figure.pins)]),
            self.over_seeds(),
            self.without(),
            (form.words)(chart),
            self.theories(chart),
            self.forms_words(),
            self.curves_words(),
            thresholds(chart),
            self.left_out(),
            not_positive(chart),
            self.verdicts(),
        ];
        sentences.concat()
    }

    /// Seeds, statistic and interval.
    fn shown_words(&self, shown: &str) -> String {
        let (start, of) = match self.figure.statistic {
            Average::Mean => ("Mean", "mean"),
            Average::Iqm => ("Interquartile mean", "interquartile mean"),
        };
        match self.seeds() {
            1 => "One seed.".to_owned(),
            n if let Some(Quantity::Share { from, to }) = &self.figure.quantity => {
                let ends = [from, to].map(|pins| self.results.plan.pins_words(pins));
                let way = format!("from {} (0) to {} (1)", ends[0], ends[1]);
                let mean = format!("Share of the way {way}, a ratio of means over {n} seeds");
                let there = " Nothing is drawn where there is no way to speak of.";
                shown.replace("{mean}", &mean).replace("{interval}", "95 % Fieller interval") + there
            }
            n if self.figure.y.iter().all(|y| Discrimination::split(y).is_some()) => shown
                .replace("{mean}", &format!("Each number is of all {n} seeds, a system each"))
                .replace("{interval}", "95 % jackknife interval, within 0 and 1"),
            n => shown
                .replace("{seeds}", &format!("{n} seeds"))
                .replace("{mean}", &format!("{start} over {n} seeds"))
                .replace("{interval}", &format!("95 % percentile bootstrap interval of the {of}")),
        }
    }

    /// How many seeds have a curve of their own.
    fn curves_words(&self) -> String {
        match self.figure.curves.map(|n| (n.get() as usize).min(self.seeds())) {
            Some(n) => format!(" Thin lines: the first {n} of them, one by one."),
            None => String::new(),
        }
    }

    /// Along what the axes are drawn, `by` as such series.
    fn axes(&self, series: &str) -> String {
        let figure = self.figure;
        let by = figure.by.as_ref().filter(|_| !series.is_empty());
        let along = [(series, by), ("columns", figure.columns.as_ref()), ("rows", figure.rows.as_ref())];
        let along = along.into_iter().filter_map(|(what, axis)| Some((what, figure.word(axis?))));
        let text = along.map(|(what, axis)| format!("{what}: {axis}")).collect::<Vec<_>>().join("; ");
        text.get(..1).map_or_else(String::new, |first| format!(" {}{}.", first.to_uppercase(), &text[1..]))
    }

    /// What numbers of all seeds together are.
    fn over_seeds(&self) -> String {
        let of = |kind| self.figure.y.iter().any(|y| Discrimination::split(y).is_some_and(|s| s.0 == kind));
        let said = |kind| match kind {
            Discrimination::Auc => {
                " AUC: chance that a safe system has more of it than a dangerous one, ties ½."
            }
            Discrimination::Missed => {
                " Share missed: of the systems with at most ½ of it, how many are dangerous."
            }
        };
        let text: String = Discrimination::ALL.into_iter().filter(|kind| of(*kind)).map(said).collect();
        let is_all = self.figure.y.iter().all(|y| Discrimination::split(y).is_some());
        let system = " These are of all seeds, a system each, with intervals by jackknife, within 0 and 1.";
        if text.is_empty() || is_all { text } else { text + system }
    }

    /// In how many seeds there is what is made of a metric, where that is not all.
    fn without(&self) -> String {
        let made = self.made.values().flatten();
        let counts: Vec<usize> = made.map(|(_, values)| values.iter().flatten().count()).collect();
        match (counts.iter().min(), counts.iter().max()) {
            (Some(least), Some(most)) if *least < self.seeds() => {
                format!(
                    " {least} to {most} of {} seeds have such a number; the others are left out.",
                    self.seeds()
                )
            }
            _ => String::new(),
        }
    }

    /// Which theories are drawn, which of them at the levels alone, and which have nothing to say here.
    fn theories(&self, chart: &Chart) -> String {
        let drawn = chart.names(|role| matches!(role, Role::Theory { .. } | Role::Boundary { .. }));
        // Fits speak for themselves.
        let theories = self.figure.theory.iter().filter(|theory| **theory != Theory::Gao);
        let (drawn, silent): (Vec<&str>, Vec<&str>) =
            theories.map(|theory| theory.words()).partition(|words| drawn.contains(words));
        let what = match self.figure.kind.traits().y {
            Measured::Colours => "Lines over the cells",
            Measured::Up | Measured::Across => WIDE,
        };
        // Nowhere are two of its points joined.
        let alone = |line: &Line| !line.points.windows(2).any(|p| p[0].y.is_finite() && p[1].y.is_finite());
        let (dashes, drawn): (Vec<&str>, Vec<&str>) = drawn.into_iter().partition(|words| {
            let mut lines = chart.lines().filter(|line| matches!(line.role, Role::Theory { .. }));
            what == WIDE && lines.all(|line| line.label != *words || alone(line))
        });
        let list = |what: &str, theories: Vec<&str>| match theories.is_empty() {
            true => String::new(),
            false => format!(" {what} ({}).", theories.join(", ")),
        };
        list(&format!("{what}: theory, not measured"), drawn)
            + &list("Wide pale dashes: theory at the levels, not measured", dashes)
            + &list("Of this, theory has nothing to say", silent)
    }

    /// Which cells are left out because they were declared to make no sense.
    fn left_out(&self) -> String {
        const MOST: usize = 3;
        let figure = self.figure;
        // Levels of these are each cell's own: where one is not there, nothing was left out.
        let x = figure.x.as_ref().filter(|_| figure.kind.traits().slots);
        let axes = [x, figure.by.as_ref(), figure.rows.as_ref(), figure.columns.as_ref()];
        if axes.into_iter().flatten().any(|axis| ["pressure", "round"].contains(&axis.as_str())) {
            return String::new();
        }
        let missing = self.missing();
        let name = |levels: &Vec<&Level>| {
            levels.iter().map(|level| figure.level(level)).collect::<Vec<_>>().join(" with ")
        };
        match missing.len() {
            n if n > MOST => sentence("Left out as undefined:", [format!("{n} combinations")]),
            _ => sentence("Left out as undefined:", missing.iter().map(name)),
        }
    }

    /// How many claims hold.
    fn verdicts(&self) -> String {
        let counts = tally(self.judgements);
        let words = [["holds", "hold"], ["fails", "fail"], ["undecided", "undecided"]];
        let said = counts.into_iter().zip(words).filter(|(n, _)| *n > 0);
        let said = said.map(|(n, [one, several])| format!("{n} {}", if n == 1 { one } else { several }));
        sentence("Claims of this experiment:", said)
    }
}

/// What theory is among lines.
const WIDE: &str = "Wide pale lines";

/// A sentence that ends in a list; empty, if the list is.
fn sentence(begin: &str, listed: impl IntoIterator<Item = String>) -> String {
    let list = listed.into_iter().collect::<Vec<_>>().join(", ");
    if list.is_empty() { list } else { format!(" {begin} {list}.") }
}

/// What the thin dotted lines are.
fn thresholds(chart: &Chart) -> String {
    let has_any = chart.panels().any(|(_, panel)| !panel.thresholds.is_empty());
    if has_any { " Thin dotted lines: values that claims name.".to_owned() } else { String::new() }
}

/// How many values a logarithmic axis cannot show.
fn not_positive(chart: &Chart) -> String {
    let along = |scale: Scale, value: f64| scale == Scale::Log && value.is_finite() && value <= 0.0;
    let lines = chart.panels().flat_map(|(row, panel)| panel.lines.iter().map(move |line| (row, line)));
    let lines = lines.filter(|(_, line)| !matches!(line.role, Role::Theory { .. }));
    let points = lines.flat_map(|(row, line)| line.points.iter().map(move |point| (row.y.scale, point)));
    match points.filter(|(y, p)| along(*y, p.y) || along(chart.x.scale, p.x)).count() {
        0 => String::new(),
        1 => " Left out: 1 value that is not positive and has no logarithm.".to_owned(),
        n => format!(" Left out: {n} values that are not positive and have no logarithm."),
    }
}
