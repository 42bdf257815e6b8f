//! The page over a folder of runs.

use super::render;
use super::text::tally;
use serde_json::json;

/// Stands in every index of ours; a file without it is somebody else's.
pub const MARKER: &str = "<!-- oversight: index of runs -->";

/// One run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// Its folder.
    pub name: String,
    /// One line: what it shows.
    pub title: String,
    /// Why, and what to look at; its first sentence is shown.
    pub about: String,
    /// Repetitions.
    pub seeds: u64,
    /// How many of its claims hold, fail, and are undecided.
    pub claims: [usize; 3],
    /// Its first figure: a path inside its folder.
    pub picture: Option<String>,
}

/// `index.html`: every run with its title, its verdicts and a small picture.
pub fn index(entries: &[Entry]) -> String {
    let run = |run: &Entry| {
        json!({
            "name": run.name,
            "title": if run.title.is_empty() { &run.name } else { &run.title },
            "about": first_sentence(&run.about),
            "seeds": run.seeds,
            "tally": tally(run.claims, "claim"),
            "folder": link(&run.name),
            "picture": run.picture.as_deref().map(link),
        })
    };
    render("index.html", json!({ "marker": MARKER, "runs": entries.iter().map(run).collect::<Vec<_>>() }))
}

/// Up to the first full stop or question mark that ends a word and a sentence.
fn first_sentence(text: &str) -> &str {
    let text = text.trim();
    let ends = text.match_indices(['.', '?', '!']).map(|(at, _)| at + 1);
    let mut ends = ends.filter(|end| {
        let mut after = text[*end..].chars();
        after.next().is_some_and(char::is_whitespace)
            && after.find(|c| !c.is_whitespace()).is_some_and(char::is_uppercase)
    });
    ends.next().map_or(text, |end| &text[..end])
}

/// A relative path as it stands in a link.
fn link(path: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/".contains(&b);
    path.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::{first_sentence, link};

    #[test]
    fn sentences_end() {
        let cases = [
            ("One. Two.", "One."),
            ("Price 0.5 of it, e.g. this? Yes", "Price 0.5 of it, e.g. this?"),
            ("\nOver\ntwo lines.\nThen more.", "Over\ntwo lines."),
            ("No end", "No end"),
            ("", ""),
        ];
        for (text, first) in cases {
            assert_eq!(first_sentence(text), first);
        }
    }

    #[test]
    fn links_are_paths() {
        assert_eq!(link("a_b/figures/x.svg"), "a_b/figures/x.svg");
        assert_eq!(link("a b\"<ß"), "a%20b%22%3C%C3%9F");
    }
}
