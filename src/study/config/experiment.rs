//! An experiment: the cells of its axes, each a checked config.

use super::assign::{apply, patch};
use super::axes::{Dimension, check_readable, is_word};
use super::cell::{self, Check};
use super::claims::{ClaimConfig, read_claim};
use super::figures::FigureConfig;
use super::grammar::found;
use super::leaderboard::LeaderboardConfig;
use super::level::Level;
use super::methods;
use super::overrides::{Overrides, check_entry, override_with};
use super::resolved;
use super::sections::Sections;
use super::selectors::{Scope, Selectable};
use super::source::Sources;
use super::style::Style;
use super::tree::{Leaf, Tree, flatten, locate, parse, whole};
use super::undefined::Undefined;
use super::{Config, ConfigError};
use crate::lab::Setup;
use crate::lab::world::Blueprints;
use crate::numerics::error::Kind;
use crate::study::dialogue::Dialogue;
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
    /// Base seeds whose results were looked at before the claims were final.
    pub looked_at: Vec<u32>,
    /// Repetitions.
    pub seeds: u32,
    /// The axes in file order, those of one table together; `variant` is not among them.
    pub axes: Vec<Axis>,
    /// Methods of somebody else's: the levels of the axis `method` that run no reward model of ours.
    pub methods: Vec<String>,
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
    /// Whom to compare, if anybody.
    pub leaderboard: Option<LeaderboardConfig>,
    /// Figures and leaderboard that were narrowed away, each in words with what this run lacks for it.
    pub left_out: Vec<String>,
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
        let mut blueprints = Blueprints::default();
        Self::read_with(source_name, bytes, options, &mut |setup| setup.check_in(&mut blueprints))
    }

    /// Reads a config whose world is to be played: no table is made of it, so it may be too large for one.
    ///
    /// # Errors
    /// As [`Experiment::read`], but for what only a table shows.
    pub fn read_to_play(source_name: &str, bytes: &[u8], options: &Overrides) -> Result<Self, ConfigError> {
        Self::read_with(source_name, bytes, options, &mut |setup| setup.world.check())
    }

    /// The method that runs a cell, if it is somebody else's.
    pub fn method(&self, cell: usize) -> Option<&str> {
        let axis = self.axes.iter().position(|axis| axis.name == methods::AXIS)?;
        let level = self.cells[cell].levels[axis].to_string();
        self.methods.iter().find(|method| **method == level).map(String::as_str)
    }

    fn read_with(
        source_name: &str,
        bytes: &[u8],
        options: &Overrides,
        check: Check<'_>,
    ) -> Result<Self, ConfigError> {
        let mut sources = Sources::new(source_name, ConfigError::text(source_name, bytes)?);
        options.sets.iter().for_each(|set| sources.add("--set", set));
        options.seeds.iter().for_each(|n| sources.add("--seeds", &format!("seeds={n}")));
        options.methods.iter().for_each(|name| sources.add("--method", name));
        build(source_name, &sources, options, check).map_err(|error| sources.name(error))
    }
}

fn build(
    source_name: &str,
    sources: &Sources,
    options: &Overrides,
    check: Check<'_>,
) -> Result<Experiment, ConfigError> {
    let quickly = options.quick;
    let file = parse(sources.file())?;
    if file.is_empty() {
        return Err(ConfigError::at(0..0, "the file is empty", EXAMPLE).of_kind(Kind::Missing));
    }
    let (sections, body) = Sections::take(file)?;
    let mut base = Tree::new();
    apply(patch(flatten(&body))?.iter(), &mut base)?;
    let mut dimensions = sections.dimensions()?;
    methods::add(&mut dimensions, &sources.given("--method"))?;
    let quick = sections.quick()?.map(flatten);
    let sets = sources.arguments("--set")?;
    let overridden = quickly || !sets.is_empty();
    let arguments = [sets, sources.arguments("--seeds")?];
    if let Some(quick) = quick.clone().filter(|_| !quickly) {
        // What it sets must be readable, whether it is used or not.
        let (mut base, mut dimensions) = (base.clone(), dimensions.clone());
        override_all([quick], &mut base, &mut dimensions)?;
        all_cells(&base, &dimensions, &sections, &mut |_| Ok(()))?;
    }
    let quick = quick.filter(|_| quickly);
    override_all(quick.into_iter().chain(arguments), &mut base, &mut dimensions)?;
    check_name(&mut base, source_name)?;

    let (undefined, config, cells) = all_cells(&base, &dimensions, &sections, check)?;
    check_rows(&cells, config.seeds.get())
        .and_then(|()| config.style.check())
        .map_err(|error| locate(&whole(&base), error))?;
    let scope = scope(&dimensions, &cells, overridden);
    let (mut figures, mut left_out): (Vec<FigureConfig>, Vec<String>) = Default::default();
    for figure in sections.list("figures")? {
        let (read, lacks) = FigureConfig::read(figure, &scope)?;
        if let Some(why) = lacks {
            left_out.push(format!("the figure `{}` is left out: {why}", read.name));
            continue;
        }
        if figures.iter().any(|f| f.name == read.name) {
            let message = format!("two figures are called `{}`", read.name);
            return Err(ConfigError::at(figure.span(), message, "rename one of them"));
        }
        figures.push(read);
    }
    let mut leaderboard = None;
    if let Some(board) = sections.leaderboard() {
        match LeaderboardConfig::read(board, &scope)? {
            (_, Some(why)) => left_out.push(format!("the leaderboard is left out: {why}")),
            (board, None) => leaderboard = Some(board),
        }
    }
    let claims = sections.list("claims")?.iter().map(|claim| read_claim(claim, &scope));
    let claims = claims.collect::<Result<Vec<_>, _>>()?;

    let resolved = resolved::write(
        &base,
        &sections,
        &dimensions,
        &undefined,
        (&figures, &leaderboard, &claims),
        !quickly,
    );
    let mut axes: Vec<Axis> =
        dimensions.into_iter().map(|d| Axis { name: d.name, levels: d.levels }).collect();
    let variants = axes.pop().expect("the variants are the last axis").levels;
    let variants = variants.iter().map(Level::to_string).collect();
    let methods = methods::chosen(&axes, &options.methods);
    let Config { name, title, about, seed, looked_at, seeds, style, .. } = config;
    let seeds = seeds.get();
    let experiment = Experiment {
        name,
        title,
        about,
        seed,
        looked_at,
        seeds,
        axes,
        methods,
        cells,
        variants,
        style,
        figures,
        leaderboard,
        left_out,
        claims,
        resolved,
    };
    let mut others = (0..experiment.cells.len()).filter(|cell| experiment.method(*cell).is_some());
    others
        .try_for_each(|cell| Dialogue::check(&experiment.cells[cell].setup))
        .map_err(|error| locate(&whole(&base), error))?;
    Ok(experiment)
}

/// The rules, the config of the first cell, and all cells that are left.
fn all_cells(
    base: &Tree,
    dimensions: &[Dimension],
    sections: &Sections,
    check: Check<'_>,
) -> Result<(Vec<Undefined>, Config, Vec<Cell>), ConfigError> {
    let rules = sections.list("undefined")?;
    let undefined = rules.iter().filter_map(|rule| Undefined::read(rule, dimensions).transpose());
    let undefined = undefined.collect::<Result<Vec<_>, _>>()?;
    let (config, cells) = cell::all(base, dimensions, &undefined, check)?;
    let none_left = || {
        let error = ConfigError::new("where", "`undefined` leaves out every cell", "leave one in").at_key();
        locate(&rules[0], error)
    };
    Ok((undefined, config.ok_or_else(none_left)?, cells))
}

/// Changes the base and the axes by some patches, one after the other.
fn override_all<'t>(
    patches: impl IntoIterator<Item = Vec<Leaf<'t>>>,
    base: &mut Tree<'t>,
    dimensions: &mut Vec<Dimension<'t>>,
) -> Result<(), ConfigError> {
    patches.into_iter().try_for_each(|leaves| override_with(leaves, base, dimensions))?;
    let mut swept = dimensions.iter().filter(|d| d.swept).flat_map(|d| d.patches.iter().flatten());
    swept.try_for_each(|a| check_entry(a, base, dimensions))
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
        if let Some(word) = name.get_ref().as_str().filter(|name| is_word(name)) {
            return check_readable(word).map_err(|error| error.written_at(name.span()));
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
    check_readable(&stem).map_err(|error| error.written_at(0..0))?;
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
        added: false,
    };
    let of_axis = |d: &Dimension| Selectable {
        added: d.added,
        ..axis(&d.name, d.levels.clone(), d.levels.len(), d.replaced)
    };
    let mut axes: Vec<Selectable> = dimensions.iter().map(of_axis).collect();
    let rounds = cells.iter().map(|cell| cell.setup.feedback.rounds.get()).max().unwrap_or(0);
    let rounds: Vec<Level> = (1..=i64::from(rounds)).map(Level::Integer).collect();
    let listed: Vec<Vec<f64>> = cells.iter().map(|cell| cell.setup.optimizer.pressures()).collect();
    let mut pressures: Vec<Level> = Vec::new();
    for level in listed.iter().flatten().copied().map(Level::Number) {
        if !pressures.contains(&level) {
            pressures.push(level);
        }
    }
    // No axis lists rounds and levels of pressure: whatever is overridden may change them.
    let most = rounds.len();
    axes.push(axis("round", rounds, most, overridden));
    axes.push(axis("pressure", pressures, listed.iter().map(Vec::len).max().unwrap_or(0), overridden));
    let features = cells.iter().flat_map(|cell| cell.setup.world.addresses().into_values().flatten());
    let levels = |cell: &Cell| [&cell.levels[..], &[Level::Text(cell.variant.clone())]].concat();
    Scope { axes, features: features.collect(), cells: cells.iter().map(levels).collect() }
}
