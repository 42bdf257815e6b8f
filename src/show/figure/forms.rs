//! Gao et al.'s two forms, fitted to the series of gold that a panel shows over √KL.

use super::chart::{Line, Point, Role};
use super::view::{At, View};
use crate::study::config::Level;
use crate::study::theory::{FORMS, Form, Theory};

/// Places at which a form is drawn.
const PLACES: usize = 64;

/// The forms of a series of a panel, and gold of the reference policy, from which gains count.
type Fits = (usize, f64, [Form; 2]);

impl View<'_> {
    /// The fits of the series of one panel to which there is one.
    fn fits(&self, panel: At) -> Vec<Fits> {
        let plan = self.results.plan;
        let fit = |by: usize| {
            let place = self.series(panel, by).next()?.place;
            let (reference, _) = plan.reference(plan.conditions()[place].cell)?;
            let points = self.estimates(panel, by, "gold");
            let gains: Vec<(f64, f64)> = points.iter().map(|p| (p.x, p.y - reference)).collect();
            let [one, other] = FORMS.map(|(_, bend)| Form::fit(bend, &gains));
            Some((by, reference, [one?, other?]))
        };
        (0..self.by.len()).filter_map(fit).collect()
    }

    /// Both forms of every series of gold, `first` among those of a panel.
    pub(super) fn forms(&self, panel: At, first: usize, overlay: usize) -> Vec<Line> {
        let line = |(by, reference, forms): Fits| {
            let xs = self.estimates(panel, by, "gold").into_iter().map(|p| p.x);
            let most = xs.filter(|x| x.is_finite()).fold(0.0, f64::max);
            let of_form = move |(i, form): (usize, Form)| {
                let (label, bend) = FORMS[i];
                let point = |k: usize| {
                    let x = most * k as f64 / PLACES as f64;
                    let y = reference + form.at(bend, x);
                    Point::exact(x, y)
                };
                let role = Role::Theory { overlay: overlay + i, of: Some(first + by) };
                Line { label: label.to_owned(), role, points: (0..=PLACES).map(point).collect() }
            };
            forms.into_iter().enumerate().map(of_form)
        };
        self.fits(panel).into_iter().flat_map(line).collect()
    }

    /// What came of the fits, series by series.
    pub(super) fn forms_words(&self) -> String {
        if !self.figure.theory.contains(&Theory::Gao) {
            return String::new();
        }
        let panels =
            (0..self.rows.len()).flat_map(|row| (0..self.columns.len()).map(move |column| (row, column)));
        let words = |panel: At| {
            let of_series = move |(by, _, forms): Fits| {
                let named = |axis: &Option<String>, level: &Option<Level>| {
                    Some(self.figure.titled(axis.as_deref()?, level.as_ref()?))
                };
                let figure = self.figure;
                let names = [
                    named(&figure.rows, &self.rows[panel.0]),
                    named(&figure.columns, &self.columns[panel.1]),
                    named(&figure.by, &self.by[by]),
                ];
                let names: Vec<String> = names.into_iter().flatten().collect();
                let [a, b] = forms.map(|Form { alpha, beta, r_squared, aic }| {
                    format!("α {alpha:.2}, β {beta:.2}, R² {r_squared:.3}, AIC {aic:.0}").replace('-', "−")
                });
                let named = if names.is_empty() { String::new() } else { names.join(", ") + ": " };
                format!(" {named}{a}; {b}.")
            };
            self.fits(panel).into_iter().map(of_series)
        };
        let said: String = panels.flat_map(words).collect();
        if said.is_empty() {
            return " Gao et al.'s forms are fitted to no series here: it takes four different KL above 0, and a reference policy \
                    whose gold is the same in all seeds.".to_owned();
        }
        let [(one, _), (other, _)] = FORMS;
        format!(" Fitted to the means of each series, with d = √KL: {one}, and then {other}.{said}")
    }
}
