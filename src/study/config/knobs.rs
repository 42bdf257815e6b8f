//! What can be turned about a config: its axes, and the numbers, names and switches that its file sets.

use super::ConfigError;
use super::assign::{Assignment, apply, patch};
use super::axes::{WHOLE, check_not_swept};
use super::grammar::{Shape, Variant, enter, root, shape};
use super::level::Level;
use super::overrides::override_with;
use super::sections::Sections;
use super::source::Sources;
use super::tree::{Tree, flatten, parse};
use serde::Serialize;
use toml::de::DeTable;

/// Something that `--set NAME=VALUE` turns.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Knob {
    /// The path of a setting, or the name of an axis.
    pub name: String,
    /// What it is, as the schema says; empty where it does not, as of an axis of named patches.
    pub about: String,
    /// What the file has, as `--set` takes it: the levels of an axis, else one value.
    pub levels: Vec<String>,
    /// Whether it is an axis, of which `--set` may keep some levels.
    pub is_axis: bool,
    /// What it may be, if it is a name or a switch.
    pub choices: Vec<String>,
    /// The least and the greatest number in its range; the parser refuses an end that is not in it.
    pub range: [Option<f64>; 2],
    /// Whether it is a whole number.
    pub is_whole: bool,
}

/// The knobs of a config, as `[quick]` has it if so asked, whatever else may be wrong with it: axes first, then
/// settings in the order of the file.
///
/// ```
/// use oversight::study::config::knobs;
/// let found = knobs("-", b"feedback.labels = 100\nsweep.\"world.answers.prompts\" = [1, 8]", false).unwrap();
/// assert_eq!([&*found[0].name, &*found[1].name], ["world.answers.prompts", "feedback.labels"]);
/// assert!(found[0].is_axis && found[1].is_whole && found[1].levels == ["100"]);
/// ```
///
/// # Errors
/// It is no TOML, it has a key that no config has, or an axis of it cannot be.
pub fn knobs(source_name: &str, bytes: &[u8], quick: bool) -> Result<Vec<Knob>, ConfigError> {
    let sources = Sources::new(source_name, ConfigError::text(source_name, bytes)?);
    all(&sources, quick).map_err(|error| sources.name(error))
}

fn all(sources: &Sources, quick: bool) -> Result<Vec<Knob>, ConfigError> {
    let (sections, body) = Sections::take(parse(sources.file())?)?;
    let (mut base, mut axes) = (Tree::new(), sections.dimensions()?);
    apply(patch(flatten(&body))?.iter(), &mut base)?;
    if let Some(quick) = sections.quick()?.filter(|_| quick) {
        override_with(flatten(quick), &mut base, &mut axes)?;
    }
    let several = axes.iter().filter(|axis| axis.levels.len() > 1);
    let mut knobs: Vec<Knob> =
        several.map(|axis| Knob::new(axis.name.split('.'), &axis.levels, true)).collect();
    let settings = flatten(&base).into_iter().filter(|leaf| !leaf.value.get_ref().is_array());
    for leaf in settings.filter(|leaf| !WHOLE.contains(&leaf.path[0].get_ref().as_ref())) {
        let set = Assignment::new(leaf.clone())?;
        if check_not_swept(&axes, &set, |_| String::new()).is_err() {
            continue;
        }
        // What has several lines is a map.
        let level = Level::read_all(&leaf.value).ok().filter(|level| !level[0].to_string().contains('\n'));
        knobs.extend(
            level.map(|level| Knob::new(leaf.path.iter().map(|key| &**key.get_ref()), &level, false)),
        );
    }
    Ok(knobs)
}

/// A key of a path, in quotes where it needs them, as a tile does.
fn quoted(key: &str) -> String {
    let is_bare = |key: &str| {
        !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    };
    if is_bare(key) { key.to_owned() } else { toml::Value::from(key).to_string() }
}

/// A level as `--set` takes it: in quotes, where it would be read as something else.
fn argument(level: &Level) -> String {
    match level {
        Level::Text(text) if DeTable::parse(&format!("x = {text}")).is_ok() => {
            toml::Value::from(text.as_str()).to_string()
        }
        level => level.to_string(),
    }
}

impl Knob {
    fn new<'a>(path: impl Iterator<Item = &'a str> + Clone, levels: &[Level], is_axis: bool) -> Self {
        let node = path.clone().try_fold(root(), |node, key| enter(node, key)?.node);
        let about = node.and_then(|node| node["description"].as_str()).unwrap_or_default().replace('\n', " ");
        // Where it may be of several types, the one that it is of.
        let types: &[&str] = match &levels[0] {
            Level::Text(_) => &["string"],
            Level::Integer(_) | Level::Number(_) => &["integer", "number"],
            Level::Flag(_) => &["boolean"],
        };
        let scalar = match node.map(shape) {
            Some(Shape::Either { scalar, .. }) => Some(scalar),
            Some(Shape::Leaf(leaf)) => {
                let any = leaf["anyOf"].as_array().into_iter().flatten().chain([leaf]);
                any.into_iter().find(|node| types.iter().any(|of| node["type"] == *of))
            }
            _ => None,
        };
        let choices = match (node.map(shape), scalar) {
            (Some(Shape::Choice(variants)), _) => {
                // One that has to be told something cannot be chosen by its name alone.
                let alone = |v: &&Variant| v.node.is_none_or(|node| node["required"].as_array().is_none());
                variants.iter().filter(alone).map(|v| v.name.to_owned()).collect()
            }
            (_, Some(scalar)) if scalar["type"] == "boolean" => vec!["false".to_owned(), "true".to_owned()],
            _ => Vec::new(),
        };
        let limit = |inside: &str, outside: &str| {
            let scalar = scalar?;
            scalar[inside].as_f64().or(scalar[outside].as_f64())
        };
        Self {
            about,
            levels: levels.iter().map(argument).collect(),
            is_axis,
            choices,
            range: [limit("minimum", "exclusiveMinimum"), limit("maximum", "exclusiveMaximum")],
            is_whole: scalar.is_some_and(|scalar| scalar["type"] == "integer"),
            name: path.map(quoted).collect::<Vec<_>>().join("."),
        }
    }
}
