//! An experiment: the cells of its axes, each a checked config.

use super::assign::patch;
use super::axes::{Dimension, is_word};
use super::cell::{self, Check};
use super::claims::{ClaimConfig, read_claim};
use super::figures::FigureConfig;
use super::grammar::found;
use super::level::Level;
use super::overrides::{Argument, Override, Overrides, check_entry};
use super::resolved;
use super::sections::Sections;
use super::selectors::{Scope, Selectable};
use super::source::Sources;
use super::style::Style;
use super::tree::{Tree, flatten, locate, parse, whole};
use super::undefined::Undefined;
use super::{Config, ConfigError};
use crate::lab::Setup;
use crate::numerics::error::Kind;
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
        check: Check,
    ) -> Result<Self, ConfigError> {
        let text = ConfigError::text(source_name, bytes)?;
        let mut sources = Sources::new(source_name, text);
        let sets: Vec<Argument> =
            options.sets.iter().map(|set| Argument::new("--set", set, &mut sources)).collect();
        let seeds = options.seeds.map(|n| Argument::new("--seeds", &format!("seeds={n}"), &mut sources));
        build(source_name, text, &sets, seeds.as_ref(), options.quick, check)
            .map_err(|error| sources.name(error))
    }
}

fn build(
    source_name: &str,
    text: &str,
    sets: &[Argument],
    seeds: Option<&Argument>,
    quickly: bool,
    check: Check,
) -> Result<Experiment, ConfigError> {
    let mut file = parse(text)?;
    if file.is_empty() {
        return Err(ConfigError::at(0..0, "the file is empty", EXAMPLE).of_kind(Kind::Missing));
    }
    let sections = Sections::take(&mut file)?;
    let mut base = Tree::new();
    patch(flatten(&file))?.iter().for_each(|a| a.apply(&mut base));
    let mut dimensions = sections.dimensions()?;
    let quick = sections.quick()?;
    if let Some(quick) = quick.filter(|_| !quickly) {
        // What it sets must be readable, whether it is used or not.
        let (mut base, mut dimensions) = (base.clone(), dimensions.clone());
        override_all(&mut base, &mut dimensions, Some(quick), &[], None)?;
        all_cells(&base, &dimensions, &sections, |_| Ok(()))?;
    }
    override_all(&mut base, &mut dimensions, quick.filter(|_| quickly), sets, seeds)?;
    check_name(&mut base, source_name)?;

    let (undefined, config, cells) = all_cells(&base, &dimensions, &sections, check)?;
    check_rows(&cells, config.seeds.get())
        .and_then(|()| config.style.check())
        .map_err(|error| locate(&whole(&base), error))?;
    let scope = scope(&dimensions, &cells, quickly || !sets.is_empty());
    let mut figures: Vec<FigureConfig> = Vec::new();
    for figure in sections.list("figures")? {
        let read = FigureConfig::read(figure, &scope)?;
        if figures.iter().any(|f| f.name == read.name) {
            let message = format!("two figures are called `{}`", read.name);
            return Err(ConfigError::at(figure.span(), message, "rename one of them"));
        }
        figures.push(read);
    }
    let claims = sections.list("claims")?.iter().map(|claim| read_claim(claim, &scope));
    let claims = claims.collect::<Result<Vec<_>, _>>()?;

    let resolved = resolved::write(&base, &sections, &dimensions, &undefined, (&figures, &claims), !quickly);
    let variants = dimensions.iter().filter(|d| d.name == "variant").flat_map(|d| &d.levels);
    let axes = dimensions.iter().filter(|d| d.name != "variant");
    let Config { name, title, about, seed, seeds, style, .. } = config;
    Ok(Experiment {
        name,
        title,
        about,
        seed,
        seeds: seeds.get(),
        variants: variants.map(Level::to_string).collect(),
        axes: axes.map(|d| Axis { name: d.name.clone(), levels: d.levels.clone() }).collect(),
        cells,
        style,
        figures,
        claims,
        resolved,
    })
}

/// The rules, the config of the first cell, and all cells that are left.
fn all_cells(
    base: &Tree,
    dimensions: &[Dimension],
    sections: &Sections,
    check: Check,
) -> Result<(Vec<Undefined>, Config, Vec<Cell>), ConfigError> {
    let rules = sections.list("undefined")?;
    let undefined =
        rules.iter().map(|rule| Undefined::read(rule, dimensions)).collect::<Result<Vec<_>, _>>()?;
    let (config, cells) = cell::all(base, dimensions, &undefined, check)?;
    let none_left = || {
        let error = ConfigError::new("where", "`undefined` leaves out every cell", "leave one in").at_key();
        locate(&rules[0], error)
    };
    Ok((undefined, config.ok_or_else(none_left)?, cells))
}

/// Changes the base and the axes: `[quick]`, then `--set`, then `--seeds`.
fn override_all<'t>(
    base: &mut Tree<'t>,
    dimensions: &mut [Dimension<'t>],
    quick: Option<&Tree<'t>>,
    sets: &'t [Argument],
    seeds: Option<&'t Argument>,
) -> Result<(), ConfigError> {
    if let Some(quick) = quick {
        Override::read(flatten(quick), base, dimensions)?.apply(base, dimensions);
    }
    let sets = sets.iter().map(Argument::leaves).collect::<Result<Vec<_>, _>>()?.concat();
    Override::read(sets, base, dimensions)?.apply(base, dimensions);
    let seeds = seeds.map(Argument::leaves).transpose()?.unwrap_or_default();
    Override::read(seeds, base, dimensions)?.apply(base, dimensions);
    let swept = dimensions.iter().filter(|d| d.swept).flat_map(|d| d.patches.iter().flatten());
    swept.into_iter().try_for_each(|a| check_entry(a, base, dimensions))
}

/// Refuses more rows of results than a run could hold.
fn check_rows(cells: &[Cell], seeds: u32) -> Result<(), ConfigError> {
    let levels =
        |c: &Cell| c.setup.optimizer.pressures().len() as u64 * u64::from(c.setup.feedback.rounds.get());
    let rows = cells.iter().map(levels).sum::<u64>().saturating_mul(u64::from(seeds));
    if rows <= MOST_ROWS {
        return Ok(());
    }
    let message =
        format!("{rows} rows of results (cells × rounds × levels of pressure × seeds) are too many");
    Err(ConfigError::new("seeds", message, format!("at most {MOST_ROWS}: fewer seeds, levels or cells")))
}

/// Names the experiment for its file unless it is named, and checks the name.
fn check_name(base: &mut Tree, source_name: &str) -> Result<(), ConfigError> {
    if let Some(name) = base.get("name") {
        if name.get_ref().as_str().is_some_and(is_word) {
            return Ok(());
        }
        let message = format!("{} cannot be the name of an experiment", found(name));
        return Err(ConfigError::at(name.span(), message, "names are made of a-z, 0-9 and _"));
    }
    let stem = match source_name {
        "-" => "stdin".into(),
        path => Path::new(path).file_stem().unwrap_or_default().to_string_lossy(),
    };
    if !is_word(&stem) {
        let message = format!("the file's stem {stem:?} cannot be the name of an experiment");
        let help = "add name = \"…\", made of a-z, 0-9 and _";
        return Err(ConfigError::at(0..0, message, help));
    }
    let stem = DeValue::String(stem.into_owned().into());
    base.insert(Spanned::new(0..0, "name".into()), Spanned::new(0..0, stem));
    Ok(())
}

/// Everything that a figure or a claim can name.
fn scope(dimensions: &[Dimension], cells: &[Cell], overridden: bool) -> Scope {
    let axis = |name: &str, levels: Vec<Level>, most, replaced| Selectable {
        name: name.to_owned(),
        levels,
        most,
        replaced,
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
    let of_axis = |d: &Dimension| axis(&d.name, d.levels.clone(), d.levels.len(), d.replaced);
    let mut axes: Vec<Selectable> = dimensions.iter().map(of_axis).collect();
    // No axis lists rounds and levels of pressure: whatever is overridden may change them.
    let listed = (1..=i64::from(rounds)).map(Level::Integer).collect();
    axes.push(axis("round", listed, rounds as usize, overridden));
    axes.push(axis("pressure", pressures, most, overridden));
    let levels = |cell: &Cell| {
        let mut levels = cell.levels.iter().cloned();
        let variant = Level::Text(cell.variant.clone());
        let of = |d: &Dimension| if d.name == "variant" { Some(variant.clone()) } else { levels.next() };
        dimensions.iter().filter_map(of).collect()
    };
    Scope { axes, features: features(cells), cells: cells.iter().map(levels).collect() }
}

/// Every single feature of every cell.
fn features(cells: &[Cell]) -> IndexSet<String> {
    let mut features = IndexSet::new();
    for cell in cells {
        features.extend(cell.setup.world.addresses().into_values().flatten());
    }
    features
}
