//! What the columns of a file of comparisons are.

use super::window::Flaw;
use crate::numerics::error::suggest;

const HEADER: &str = "the first line names the columns: first,second,label for items, or first_NAME,…,second_NAME,…,label \
                      for features; annotator may be one more";

/// What is compared.
pub(super) enum Sides {
    /// Columns of the two items.
    Items([usize; 2]),
    /// Names of features, and their columns on either side.
    Features(Vec<(String, [usize; 2])>),
}

/// Where everything stands.
pub(super) struct Columns {
    pub(super) sides: Sides,
    pub(super) label: usize,
    pub(super) annotator: Option<usize>,
    pub(super) ignored: Vec<String>,
    pub(super) count: usize,
}

impl Columns {
    /// Reads the header.
    pub(super) fn read(header: &[String]) -> Result<Self, Flaw> {
        let find = |name: &str| header.iter().position(|column| column == name);
        if let Some(twice) =
            (1..header.len()).find(|i| !header[*i].is_empty() && header[..*i].contains(&header[*i]))
        {
            return Err(Flaw::new(
                twice,
                format!("there are two columns `{}`", header[twice]),
                "rename or remove one",
            ));
        }
        let Some(label) = find("label") else { return Err(missing(header, "label")) };
        let mut features = Vec::new();
        for (i, column) in header.iter().enumerate() {
            let sides = ["first_", "second_"];
            let [first, second] = sides.map(|side| column.strip_prefix(side).filter(|name| !name.is_empty()));
            let (Some(name), other) = (first.or(second), sides[usize::from(first.is_some())]) else {
                continue;
            };
            match find(&format!("{other}{name}")) {
                Some(partner) if first.is_some() => features.push((name.to_owned(), [i, partner])),
                Some(_) => {}
                None => {
                    let message = format!("`{column}` has no partner `{other}{name}`");
                    return Err(Flaw::new(
                        i,
                        message,
                        "give each feature on both sides, or rename a column that is none",
                    ));
                }
            }
        }
        let sides = match (find("first"), find("second")) {
            _ if !features.is_empty() => Sides::Features(features),
            (Some(first), Some(second)) => Sides::Items([first, second]),
            (None, _) => return Err(missing(header, "first")),
            (_, None) => return Err(missing(header, "second")),
        };
        let annotator = find("annotator");
        let mut used = vec![label];
        used.extend(annotator);
        match &sides {
            Sides::Items(columns) => used.extend(columns),
            Sides::Features(features) => used.extend(features.iter().flat_map(|(_, columns)| columns)),
        }
        let ignored = (0..header.len()).filter(|i| !used.contains(i)).map(|i| header[i].clone()).collect();
        Ok(Self { sides, label, annotator, ignored, count: header.len() })
    }
}

/// A column is not there.
fn missing(header: &[String], column: &str) -> Flaw {
    let near = |name: &String| !suggest(name, [column]).0.is_empty();
    let at = header.iter().position(near);
    let parted = header.len() == 1 && header[0].contains([';', '\t', '|']);
    let help = match (at, parted) {
        (_, true) => format!("part columns by commas; {HEADER}"),
        (Some(i), _) => format!("is `{}` meant to be `{column}`? {HEADER}", header[i]),
        _ => HEADER.to_owned(),
    };
    Flaw::new(at, format!("there is no column `{column}`"), help)
}
