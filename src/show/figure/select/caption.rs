//! What a figure shows, how many seeds, which interval, and what came of the claims.

use super::Results;
use super::view::View;
use crate::numerics::stats::{Average, Discrimination};
use crate::show::figure::chart::{Chart, Role, Row};
use crate::show::figure::coincide;
use crate::study::claims::tally;
use crate::study::config::{FigureConfig, FigureKind as Kind, Scale};
use crate::study::theory::Theory;

impl Results<'_> {
    pub(super) fn caption(&self, figure: &FigureConfig, view: &View, chart: &Chart) -> String {
        let rows = &chart.rows;
        let mut caption = self.shown_words(figure);
        caption += &axes(figure);
        let pins = self.plan.pins_words(&figure.pins);
        if !pins.is_empty() {
            caption += &format!(" At {pins}.");
        }
        let mut panels = rows.iter().flat_map(|r| &r.panels);
        if figure.kind == Kind::Heat && panels.any(|panel| panel.has_gaps(chart.x.slots.len())) {
            caption += " Hatched: nothing measured.";
        }
        caption += &over_seeds(figure);
        if figure.kind == Kind::Lines {
            caption += &coincide::note(chart);
        }
        caption += &theories(figure, rows);
        if figure.kind == Kind::Forest
            && let Some((_, name)) = rows.iter().find_map(|row| row.reference.as_ref())
        {
            caption += &format!(" Dashed line: {name}.");
        }
        caption += &missing(figure, view);
        caption += &not_positive(chart);
        caption += &self.verdicts();
        caption
    }

    /// Seeds, statistic and interval.
    fn shown_words(&self, figure: &FigureConfig) -> String {
        let seeds = self.seeds();
        let of = match figure.statistic {
            Average::Mean => "mean",
            Average::Iqm => "interquartile mean",
        };
        let start = match figure.statistic {
            Average::Mean => "Mean",
            Average::Iqm => "Interquartile mean",
        };
        let interval = format!("95 % percentile bootstrap interval of the {of}");
        match (figure.kind, seeds) {
            (Kind::Scatter, 1) => "One mark: one seed.".to_owned(),
            (Kind::Scatter, n) => format!("One mark per seed; {n} seeds."),
            (_, 1) => "One seed.".to_owned(),
            (Kind::Profile, n) => format!(
                "Share of {n} seeds above a threshold; bands: pointwise 95 % percentile bootstrap interval."
            ),
            (Kind::Heat, n) => format!("{start} over {n} seeds."),
            (Kind::Bands, n) => {
                format!("Mean over {n} seeds; diamonds: net, with the {interval}.")
            }
            (Kind::Lines, n) => format!("{start} over {n} seeds; bands: {interval}."),
            (Kind::Bars, n) => format!("{start} over {n} seeds; whiskers: {interval}."),
            (Kind::Forest, n) => format!("{start} over {n} seeds; bars: {interval}."),
        }
    }

    /// How many claims hold.
    fn verdicts(&self) -> String {
        let [hold, fail, undecided] = tally(self.judgements);
        let said = |n: usize, one: &str, several: &str| {
            (n > 0).then(|| format!("{n} {}", if n == 1 { one } else { several }))
        };
        let counts = [
            said(hold, "holds", "hold"),
            said(fail, "fails", "fail"),
            said(undecided, "undecided", "undecided"),
        ];
        let counts: Vec<String> = counts.into_iter().flatten().collect();
        if counts.is_empty() {
            String::new()
        } else {
            format!(" Claims of this experiment: {}.", counts.join(", "))
        }
    }
}

/// Along what the axes are drawn.
fn axes(figure: &FigureConfig) -> String {
    let by = match figure.kind {
        Kind::Lines | Kind::Profile => "Lines",
        Kind::Scatter | Kind::Forest => "Marks",
        Kind::Bars => "Bars",
        Kind::Heat | Kind::Bands => "",
    };
    let along = [(by, &figure.by), ("columns", &figure.columns), ("rows", &figure.rows)];
    let along = along
        .into_iter()
        .filter(|(what, _)| !what.is_empty())
        .filter_map(|(what, axis)| Some(format!("{what}: {}", figure.word(axis.as_ref()?))));
    let mut text = along.collect::<Vec<_>>().join("; ");
    if let Some(first) = text.get(..1) {
        text = format!(" {}{}.", first.to_uppercase(), &text[1..]);
    }
    text
}

/// What numbers of all seeds together are.
fn over_seeds(figure: &FigureConfig) -> String {
    let of =
        |kind: Discrimination| figure.y.iter().any(|y| Discrimination::split(y).is_some_and(|s| s.0 == kind));
    let said = |kind: &Discrimination| match kind {
        Discrimination::Auc => " AUC: chance that a safe system has more of it than a dangerous one, ties ½.",
        Discrimination::Missed => {
            " Share missed: of the systems with at most ½ of it, how many are dangerous."
        }
    };
    let text: String = Discrimination::ALL.iter().filter(|kind| of(**kind)).map(said).collect();
    if text.is_empty() { text } else { text + " Each seed is a system; intervals by jackknife." }
}

/// Which theories are drawn, and which have nothing to say here.
fn theories(figure: &FigureConfig, rows: &[Row]) -> String {
    let lines = || rows.iter().flat_map(|row| &row.panels).flat_map(|panel| &panel.lines);
    let drawn = |theory: &Theory| {
        let is_theory = |role| matches!(role, Role::Theory { .. } | Role::Boundary { .. });
        lines().any(|line| is_theory(line.role) && line.label == theory.words())
    };
    let (drawn, silent): (Vec<&Theory>, Vec<&Theory>) = figure.theory.iter().partition(|t| drawn(t));
    let list = |theories: &[&Theory]| theories.iter().map(|t| t.words()).collect::<Vec<_>>().join(", ");
    let mut text = String::new();
    if !drawn.is_empty() {
        let what = if figure.kind == Kind::Heat { "Lines over the cells" } else { "Thin broken lines" };
        text += &format!(" {what}: theory, not measured ({}).", list(&drawn));
    }
    if !silent.is_empty() {
        text += &format!(" Of this, theory has nothing to say ({}).", list(&silent));
    }
    text
}

/// How many values a logarithmic axis cannot show.
fn not_positive(chart: &Chart) -> String {
    let along = |scale: Scale, value: f64| scale == Scale::Log && value.is_finite() && value <= 0.0;
    let of_row = |row: &Row| {
        let points = row.panels.iter().flat_map(|panel| &panel.lines).flat_map(|line| &line.points);
        points.filter(|p| along(row.y.scale, p.y) || along(chart.x.scale, p.x)).count()
    };
    match chart.rows.iter().map(of_row).sum::<usize>() {
        0 => String::new(),
        1 => " Left out: 1 value that is not positive and has no logarithm.".to_owned(),
        n => format!(" Left out: {n} values that are not positive and have no logarithm."),
    }
}

/// Which cells are left out because they were declared to make no sense.
fn missing(figure: &FigureConfig, view: &View) -> String {
    const MOST: usize = 3;
    // Levels of these are each cell's own: where one is not there, nothing was left out.
    let own = |axis: &Option<String>| matches!(axis.as_deref(), Some("pressure" | "round"));
    let slots = figure.kind.has_slots() && own(&figure.x);
    if slots || [&figure.by, &figure.rows, &figure.columns].into_iter().any(own) {
        return String::new();
    }
    let missing = view.missing();
    let name = |levels: &Vec<&crate::study::config::Level>| {
        levels.iter().map(|level| figure.level(level)).collect::<Vec<_>>().join(" with ")
    };
    match missing.len() {
        0 => String::new(),
        n if n <= MOST => {
            format!(" Left out as undefined: {}.", missing.iter().map(name).collect::<Vec<_>>().join(", "))
        }
        n => format!(" Left out as undefined: {n} combinations."),
    }
}
