//! An experiment: the cells of its axes, each a checked config.

use super::Config;
use super::assign::patch;
use super::axes::{Dimension, is_word};
use super::cell;
use super::claims::{self, ClaimConfig};
use super::error::ConfigError;
use super::figures::{self, FigureConfig};
use super::level::Level;
use super::overrides::{Argument, Override, Overrides, check_entry};
use super::resolved;
use super::sections::Sections;
use super::selectors::{Scope, Selectable};
use super::source::{Flaw, Sources, decode};
use super::style::Style;
use super::tree::{Tree, flatten, locate, parse};
use super::undefined::Undefined;
use crate::lab::Setup;
use crate::numerics::fault::Fault;
use indexmap::IndexSet;
use std::path::Path;
use toml::Spanned;
use toml::de::DeValue;

/// About 8 GB of memory.
const MOST_ROWS: u64 = 2_000_000;

const EXAMPLE: &str = r#"a small one:
world.answers.features = { insight = { gold = 1 }, style = { gold = 0 } }
overseer.hidden = ["style"]
optimizer.best_of_n.n = [1, 4, 16]"#;

/// A config, read and checked, with everything it sweeps.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// Name of the experiment and of its folder of results: `[a-z0-9_]+`.
    pub name: String,
    /// One line: what it shows.
    pub title: String,
    /// One paragraph: why, and what to look at.
    pub about: String,
    /// Base seed of every stream of random numbers.
    pub seed: u32,
    /// Repetitions.
    pub seeds: u32,
    /// The axes in file order, those of one table together; `variant` is not among them.
    pub axes: Vec<Axis>,
    /// The cross product of the axes and the variants, without the undefined
    /// ones: the first axis is slowest, the variant fastest, as the columns of
    /// `results.csv` would sort.
    pub cells: Vec<Cell>,
    /// The variants in file order, `base` first unless left out.
    pub variants: Vec<String>,
    /// How figures look.
    pub style: Style,
    /// What to draw.
    pub figures: Vec<FigureConfig>,
    /// What to test.
    pub claims: Vec<ClaimConfig>,
    /// TOML that reads as an equal experiment: every default written out,
    /// `--set`, `--seeds` and, if used, `[quick]` applied.
    pub resolved: String,
}

/// One axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// The dotted path it sweeps, or the name of its patches.
    pub name: String,
    /// Its levels as listed, all of one type.
    pub levels: Vec<Level>,
}

/// One combination of levels.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// One per axis.
    pub levels: Vec<Level>,
    /// The variant.
    pub variant: String,
    /// What is run.
    pub setup: Setup,
}

impl Experiment {
    /// Reads a config; `source_name` (a path, the name of a built-in one, or
    /// `-`) is named in errors, and its stem is the experiment's default name.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn read(source_name: &str, bytes: &[u8], options: &Overrides) -> Result<Self, ConfigError> {
        Self::read_with(source_name, bytes, options, Setup::check)
    }

    /// Reads a config whose world is to be played: no table is made of it, so it may be too large for one.
    ///
    /// # Errors
    /// As [`Experiment::read`], but for what only a table shows.
    pub fn read_to_play(source_name: &str, bytes: &[u8], options: &Overrides) -> Result<Self, ConfigError> {
        Self::read_with(source_name, bytes, options, |setup| setup.world.check())
    }

    fn read_with(
        source_name: &str,
        bytes: &[u8],
        options: &Overrides,
        check: fn(&Setup) -> Result<(), Fault>,
    ) -> Result<Self, ConfigError> {
        let text = decode(source_name, bytes)?;
        let mut sources = Sources::new(source_name, text);
        let sets: Vec<Argument> =
            options.sets.iter().map(|set| Argument::new("--set", set, &mut sources)).collect();
        let seeds = options.seeds.map(|n| Argument::new("--seeds", &format!("seeds={n}"), &mut sources));
        build(source_name, text, &sets, seeds.as_ref(), options.quick, check)
            .map_err(|flaw| sources.error(flaw))
    }
}

fn build(
    source_name: &str,
    text: &str,
    sets: &[Argument],
    seeds: Option<&Argument>,
    quickly: bool,
    check: fn(&Setup) -> Result<(), Fault>,
) -> Result<Experiment, Flaw> {
    let mut file = parse(text)?;
    if file.is_empty() {
        return Err(Flaw::new(0..0, "the file is empty", EXAMPLE));
    }
    let sections = Sections::take(&mut file)?;
    let mut base = Tree::new();
    patch(flatten(&file))?.iter().for_each(|a| a.apply(&mut base));
    let mut dimensions = sections.dimensions()?;
    override_all(&mut base, &mut dimensions, sections.quick()?, quickly, sets, seeds)?;
    check_name(&mut base, source_name)?;

    let undefined = sections.list("undefined")?.iter().map(|rule| Undefined::read(rule, &dimensions));
    let undefined = undefined.collect::<Result<Vec<_>, _>>()?;
    let (config, cells) = cell::all(&base, &dimensions, &undefined, check)?;
    check_rows(&base, &cells, config.seeds.get())?;
    let overridden = quickly || !sets.is_empty();
    let scope = scope(&dimensions, &cells, overridden);
    let mut figures: Vec<FigureConfig> = Vec::new();
    for figure in sections.list("figures")? {
        let read = figures::read(figure, &scope)?;
        if figures.iter().any(|f| f.name == read.name) {
            let message = format!("two figures are called `{}`", read.name);
            return Err(Flaw::new(figure.span(), message, "rename one of them"));
        }
        figures.push(read);
    }
    let claims = sections.list("claims")?.iter().map(|claim| claims::read(claim, &scope));
    let claims = claims.collect::<Result<Vec<_>, _>>()?;

    let resolved = resolved::write(&base, &sections, &dimensions, &undefined, (&figures, &claims), !quickly);
    let variants = dimensions.iter().filter(|d| d.name == "variant").flat_map(|d| &d.levels);
    let axes = dimensions.iter().filter(|d| d.name != "variant");
    let Config { name, title, about, seed, seeds, .. } = config;
    Ok(Experiment {
        name,
        title,
        about,
        seed,
        seeds: seeds.get(),
        variants: variants.map(Level::to_string).collect(),
        axes: axes.map(|d| Axis { name: d.name.clone(), levels: d.levels.clone() }).collect(),
        cells,
        style: Style::default(),
        figures,
        claims,
        resolved,
    })
}

/// Changes the base and the axes: `[quick]`, then `--set`, then `--seeds`.
fn override_all<'t>(
    base: &mut Tree<'t>,
    dimensions: &mut [Dimension<'t>],
    quick: Option<&Tree<'t>>,
    quickly: bool,
    sets: &'t [Argument],
    seeds: Option<&'t Argument>,
) -> Result<(), Flaw> {
    if let Some(quick) = quick {
        let quick = Override::read(flatten(quick), base, dimensions)?;
        if quickly {
            quick.apply(base, dimensions);
        }
    }
    let sets = sets.iter().map(Argument::leaves).collect::<Result<Vec<_>, _>>()?.concat();
    Override::read(sets, base, dimensions)?.apply(base, dimensions);
    let seeds = seeds.map(Argument::leaves).transpose()?.unwrap_or_default();
    Override::read(seeds, base, dimensions)?.apply(base, dimensions);
    let swept = dimensions.iter().filter(|d| d.swept).flat_map(|d| d.patches.iter().flatten());
    swept.into_iter().try_for_each(|a| check_entry(a, base, dimensions))
}

/// Refuses more rows of results than a run could hold.
fn check_rows(base: &Tree, cells: &[Cell], seeds: u32) -> Result<(), Flaw> {
    let levels =
        |c: &Cell| c.setup.optimizer.pressures().len() as u64 * u64::from(c.setup.feedback.rounds.get());
    let rows = cells.iter().map(levels).sum::<u64>().saturating_mul(u64::from(seeds));
    if rows <= MOST_ROWS {
        return Ok(());
    }
    let message =
        format!("{rows} rows of results (cells × rounds × levels of pressure × seeds) are too many");
    let span = locate(base, &["seeds".to_owned()], false);
    Err(Flaw::new(span, message, format!("at most {MOST_ROWS}: fewer seeds, levels or cells")))
}

/// Names the experiment for its file unless it is named, and checks the name.
fn check_name(base: &mut Tree, source_name: &str) -> Result<(), Flaw> {
    let path = ["name".to_owned()];
    if let Some(name) = base.get("name") {
        let ok = name.get_ref().as_str().is_some_and(is_word);
        let message = format!("{} cannot be the name of an experiment", super::schema::found(name));
        let refuse = Flaw::new(locate(base, &path, false), message, "names are made of a-z, 0-9 and _");
        return if ok { Ok(()) } else { Err(refuse) };
    }
    let stem = match source_name {
        "-" => "stdin".into(),
        path => Path::new(path).file_stem().unwrap_or_default().to_string_lossy(),
    };
    if !is_word(&stem) {
        let message = format!("the file's stem {stem:?} cannot be the name of an experiment");
        return Err(Flaw::new(0..0, message, "add name = \"…\", made of a-z, 0-9 and _"));
    }
    base.insert(
        Spanned::new(0..0, "name".into()),
        Spanned::new(0..0, DeValue::String(stem.into_owned().into())),
    );
    Ok(())
}

/// Everything that a figure or a claim can name.
fn scope(dimensions: &[Dimension], cells: &[Cell], overridden: bool) -> Scope {
    let of_axis = |d: &Dimension| Selectable {
        name: d.name.clone(),
        levels: d.levels.clone(),
        most: d.levels.len(),
        replaced: d.replaced.clone(),
    };
    let of_cells = |name: &str, levels: Vec<Level>, most: usize| Selectable {
        name: name.to_owned(),
        levels,
        most,
        replaced: Vec::new(),
    };
    let mut pressures: Vec<Level> = Vec::new();
    let (mut most, mut rounds) = (0, 0);
    for Cell { setup, .. } in cells {
        let listed = setup.optimizer.pressures();
        most = most.max(listed.len());
        rounds = rounds.max(setup.feedback.rounds.get());
        for level in listed.into_iter().map(Level::Number) {
            if !pressures.contains(&level) {
                pressures.push(level);
            }
        }
    }
    let mut all: Vec<Selectable> = dimensions.iter().map(of_axis).collect();
    all.push(of_cells("round", (1..=i64::from(rounds)).map(Level::Integer).collect(), rounds as usize));
    all.push(of_cells("pressure", pressures, most));
    let levels = |cell: &Cell| {
        let mut levels = cell.levels.iter().cloned();
        let variant = Level::Text(cell.variant.clone());
        let of = |d: &Dimension| if d.name == "variant" { Some(variant.clone()) } else { levels.next() };
        dimensions.iter().filter_map(of).collect()
    };
    Scope { axes: all, features: features(cells), overridden, cells: cells.iter().map(levels).collect() }
}

/// Every single feature of every cell.
fn features(cells: &[Cell]) -> IndexSet<String> {
    let mut features = IndexSet::new();
    for cell in cells {
        features.extend(cell.setup.world.addresses().into_values().flatten());
    }
    features
}
