//! A run as one page of HTML, and a folder of runs as another.
//!
//! Pure functions from what was found to text: no clock, no script, nothing
//! from elsewhere, the same bytes on every machine. The templates lie beside
//! this file. All that comes from a config is escaped; pictures alone are put
//! in as they are, and they escape their own words.

mod board;
mod index;
mod numbers;
mod page;
mod terms;
mod text;
mod ways;
mod words;

pub use board::{Table, leaderboard_md, tables};
pub use index::{Entry, MARKER, index};
pub use numbers::{Numbers, Row};
pub use page::{Picture, page, readme};
pub use text::{Written, effect, evidence, tallies};
pub use words::{has_shares, words};

use crate::numerics::words::count;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, HtmlEscape, Value};
use serde::Serialize;

/// Renders one of the templates; those whose names end in `.html` escape.
fn render(name: &'static str, context: impl Serialize) -> String {
    let mut templates = Environment::new();
    let lean = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().expect("plain Jinja");
    templates.set_syntax(lean);
    templates.add_filter("seeds", |n: u64| count(n, "seed"));
    templates.add_filter("p_value", text::p_value);
    templates.add_filter("effect", |x: f64, interval: Option<Vec<f64>>| {
        effect(x, interval.and_then(|ends| ends.try_into().ok()))
    });
    templates.add_filter("code", |text: String| Value::from_safe_string(code(&text)));
    for (name, text) in [
        ("page.html", include_str!("page.html")),
        ("table.html", include_str!("table.html")),
        ("index.html", include_str!("index.html")),
        ("readme.md", include_str!("readme.md")),
        ("leaderboard.md", include_str!("leaderboard.md")),
        ("style.css", include_str!("style.css")),
    ] {
        templates.add_template(name, text).expect("a template that parses");
    }
    let template = templates.get_template(name).expect("one of the above");
    template.render(Serde(context)).expect("a context with all it needs") + "\n"
}

/// Escaped, with what stands between backticks as code.
fn code(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    let paired = parts.len() % 2 == 1;
    let mut html = String::new();
    for (i, part) in parts.iter().enumerate() {
        html += match (i, paired) {
            (0, _) => "",
            (_, false) => "`",
            (i, true) => ["</code>", "<code>"][i % 2],
        };
        html += &HtmlEscape(part).to_string();
    }
    html
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn backticks_are_code_and_the_rest_is_escaped() {
        assert_eq!(code("`a<b` & c"), "<code>a&lt;b</code> &amp; c");
        assert_eq!(code("a ` b"), "a ` b");
    }
}
