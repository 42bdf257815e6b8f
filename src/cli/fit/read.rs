//! Comparisons from a CSV, counted row by row.

use super::columns::{Columns, Sides};
use super::window::{Flaw, Window};
use crate::cli::Stop;
use crate::lab::reward_model::tally::{Compared, Counts, GRADES, Tally};
use crate::numerics::ranges::Finite;
use crate::numerics::words::count;
use csv::{ByteRecord, ReaderBuilder, Trim};
use indexmap::{IndexMap, IndexSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

/// More items or annotators than this need a matrix that is too large.
const MOST: usize = 4000;

const LABEL: &str =
    "a label is 1 (first preferred), 0 (second), 0.5 (tie), 0.75 or 0.25 (slightly), or empty (skipped)";

/// The annotator of rows that name none.
const NOBODY: &str = "(no name)";

/// What was read.
pub(super) struct Table {
    /// Items or features.
    pub(super) names: Vec<String>,
    pub(super) tally: Tally,
    /// Empty where there are not two at least.
    pub(super) annotators: Vec<String>,
    pub(super) skipped: u64,
    /// Columns that mean nothing here.
    pub(super) ignored: Vec<String>,
}

/// What a cell is: what is compared, and who answered.
#[derive(PartialEq, Eq, Hash)]
enum Cell {
    Items([u32; 2], u32),
    Features(Box<[u64]>, u32),
}

/// What has been read so far.
#[derive(Default)]
struct Sheet {
    items: IndexSet<String>,
    annotators: IndexSet<String>,
    cells: IndexMap<Cell, Counts>,
    skipped: u64,
}

/// Reads a file, or standard input for `-`.
pub(super) fn read(path: &str) -> Result<Table, Stop> {
    let what = if path == "-" { "standard input" } else { path };
    let cannot = |e: io::Error| Stop::Files(format!("cannot read {what}: {e}"));
    let source: Box<dyn Read> = match path {
        "-" => Box::new(io::stdin().lock()),
        path => Box::new(File::open(path).map_err(cannot)?),
    };
    let mut source = BufReader::new(source);
    if source.fill_buf().map_err(cannot)?.starts_with(b"\xef\xbb\xbf") {
        source.consume(3);
    }
    let name = if path == "-" { "stdin.csv" } else { path };
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(Window::new(source));
    let failed = |e: csv::Error| cannot(io::Error::other(e));
    let fault = |reader: &csv::Reader<Window<_>>, from: u64, flaw: Flaw| {
        Stop::from(reader.get_ref().fault(name, (from, reader.position().byte()), flaw))
    };
    let mut record = ByteRecord::new();
    if !reader.read_byte_record(&mut record).map_err(failed)? {
        let help = "the first line names the columns: first,second,label";
        return Err(fault(&reader, 0, Flaw::new(None, "the file is empty", help)));
    }
    let columns = texts(&record).and_then(|header| Columns::read(&header));
    let columns = columns.map_err(|flaw| fault(&reader, 0, flaw))?;
    let (mut sheet, mut from) = (Sheet::default(), 0);
    while reader.read_byte_record(&mut record).map_err(failed)? {
        reader.get_mut().forget(from);
        from = record.position().map_or(0, csv::Position::byte);
        // A line of spaces is a blank one.
        if record.len() > 1 || record.get(0).is_some_and(|field| !field.is_empty()) {
            sheet.add(&columns, &record).map_err(|flaw| fault(&reader, from, flaw))?;
        }
    }
    if reader.get_ref().is_open(from, reader.position().byte()) {
        return Err(fault(&reader, from, Flaw::new(None, "", "")));
    }
    if sheet.cells.is_empty() {
        let why = if sheet.skipped > 0 { "every label is empty" } else { "no row stands below the header" };
        return Err(fault(&reader, from, Flaw::new(None, format!("there are no comparisons: {why}"), LABEL)));
    }
    Ok(sheet.finish(columns))
}

/// All fields as text.
fn texts(record: &ByteRecord) -> Result<Vec<String>, Flaw> {
    (0..record.len()).map(|i| text(record, i).map(str::to_owned)).collect()
}

fn text(record: &ByteRecord, field: usize) -> Result<&str, Flaw> {
    std::str::from_utf8(&record[field]).map_err(|e| {
        let byte = record[field][e.valid_up_to()];
        Flaw::new(field, format!("the byte 0x{byte:02x} is not UTF-8"), "save the file as UTF-8")
    })
}

impl Sheet {
    /// Counts a row.
    fn add(&mut self, columns: &Columns, record: &ByteRecord) -> Result<(), Flaw> {
        if record.len() != columns.count {
            let [fields, wanted] = [record.len(), columns.count].map(|n| count(n as u64, "field"));
            let message = format!("{fields}, where the header has {}", columns.count);
            let help = format!("a row has {wanted}; a comma inside of a name needs quotes around the name");
            let at = (record.len() > columns.count).then_some(columns.count);
            return Err(Flaw::new(at, message, help));
        }
        let grade = grade(text(record, columns.label)?, columns.label)?;
        let who = match columns.annotator {
            Some(column) => Some(Some(text(record, column)?).filter(|who| !who.is_empty()).unwrap_or(NOBODY)),
            None => None,
        };
        let items = match &columns.sides {
            Sides::Items(sides) => {
                let [first, second] = [named(record, sides[0])?, named(record, sides[1])?];
                if first == second {
                    let message = format!("`{first}` is compared with itself");
                    return Err(Flaw::new(
                        sides[1],
                        message,
                        "a row compares two items: correct it or leave it out",
                    ));
                }
                Some([first, second])
            }
            Sides::Features(_) => None,
        };
        let difference = |(_, sides): &(String, [usize; 2])| -> Result<u64, Flaw> {
            let [first, second] = [number(record, sides[0])?, number(record, sides[1])?];
            // One zero for both signs.
            Ok((first - second + 0.0).to_bits())
        };
        let differences = match &columns.sides {
            Sides::Items(_) => Vec::new(),
            Sides::Features(features) => features.iter().map(difference).collect::<Result<_, _>>()?,
        };
        let Some(mut grade) = grade else {
            self.skipped += 1;
            return Ok(());
        };
        let who = match (who, columns.annotator) {
            (Some(who), Some(column)) => index(&mut self.annotators, who, column, "annotators")?,
            _ => 0,
        };
        let cell = match (items, &columns.sides) {
            (Some([first, second]), Sides::Items(sides)) => {
                let mut pair = [0; 2];
                for (k, item) in [first, second].into_iter().enumerate() {
                    pair[k] = index(&mut self.items, item, sides[k], "items")?;
                }
                if pair[0] > pair[1] {
                    pair.reverse();
                    grade = GRADES.len() - 1 - grade;
                }
                Cell::Items(pair, who)
            }
            _ => Cell::Features(differences.into(), who),
        };
        self.cells.entry(cell).or_default()[grade] += 1;
        Ok(())
    }

    fn finish(self, columns: Columns) -> Table {
        let (mut pairs, mut differences, mut annotator) = (Vec::new(), Vec::new(), Vec::new());
        for cell in self.cells.keys() {
            match cell {
                Cell::Items(pair, who) => {
                    pairs.push(*pair);
                    annotator.push(*who);
                }
                Cell::Features(of, who) => {
                    differences.extend(of.iter().copied().map(f64::from_bits));
                    annotator.push(*who);
                }
            }
        }
        let (names, compared) = match columns.sides {
            Sides::Items(_) => (self.items.into_iter().collect(), Compared::Items(pairs)),
            Sides::Features(features) => (
                features.into_iter().map(|(name, _)| name).collect::<Vec<_>>(),
                Compared::Features(differences),
            ),
        };
        Table {
            tally: Tally {
                width: names.len(),
                compared,
                annotator,
                counts: self.cells.into_values().collect(),
            },
            names,
            // One annotator alone has nobody to be compared with.
            annotators: if self.annotators.len() > 1 {
                self.annotators.into_iter().collect()
            } else {
                Vec::new()
            },
            skipped: self.skipped,
            ignored: columns.ignored,
        }
    }
}

/// The grade of a label, as an index of [`GRADES`]; `None` for a skip.
fn grade(label: &str, field: usize) -> Result<Option<usize>, Flaw> {
    let found = label.parse().ok().and_then(|y: f64| GRADES.iter().position(|grade| *grade == y));
    match found {
        None if !label.is_empty() => Err(Flaw::new(field, format!("`{}` is no label", short(label)), LABEL)),
        found => Ok(found),
    }
}

/// The name of an item.
fn named(record: &ByteRecord, field: usize) -> Result<&str, Flaw> {
    match text(record, field)? {
        "" => Err(Flaw::new(field, "an item without a name", "give it one, or leave the row out")),
        name => Ok(name),
    }
}

fn number(record: &ByteRecord, field: usize) -> Result<f64, Flaw> {
    let written = text(record, field)?;
    let help = "a feature is a number from -1e30 to 1e30";
    match written.parse().ok() {
        Some(x) => Finite::new(x)
            .map(Finite::get)
            .ok_or_else(|| Flaw::new(field, format!("{} is out of range", short(written)), help)),
        None if written.is_empty() => Err(Flaw::new(field, "a feature without a value", help)),
        None => Err(Flaw::new(field, format!("`{}` is no number", short(written)), help)),
    }
}

/// The number of a name, a new one if it was not met.
fn index(names: &mut IndexSet<String>, name: &str, field: usize, what: &str) -> Result<u32, Flaw> {
    if let Some(known) = names.get_index_of(name) {
        return Ok(known as u32);
    }
    if names.len() == MOST {
        let help = format!("a fit is of {MOST} {what} at most: leave out those with few comparisons");
        return Err(Flaw::new(
            field,
            format!("`{}` would be one of more than {MOST} {what}", short(name)),
            help,
        ));
    }
    Ok(names.insert_full(name.to_owned()).0 as u32)
}

/// A value as a message shows it.
pub(super) fn short(value: &str) -> String {
    const MOST: usize = 40;
    let plain: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match plain.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &plain[..end]),
        None => plain,
    }
}
