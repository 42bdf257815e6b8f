//! What a config may say about a gridworld.

use crate::lab::world::Drawn;
use crate::numerics::ranges::{Checked, Count, Discount, Finite, Positive, Probability, inline_schema};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_with::skip_serializing_none;

/// An agent on a map of tiles. A tile is a bundle of properties; what they pay
/// are features, each with a true and a shown value at every step.
///
/// A built-in map brings its own tiles, features and settings; what is written
/// here overrides them key by key.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gridworld {
    /// The name of a built-in map, or a map: one character per tile, one line
    /// per row. `#` is wall, a space is floor and `A` the start, unless `tiles`
    /// says otherwise. Outside the map is wall.
    pub map: String,
    /// Steps until every episode ends; 100 unless given.
    pub horizon: Option<Count>,
    /// Whether an episode is watched: drawn once per episode. True unless given.
    pub watched: Option<Odds>,
    /// α: the policy is told whether an episode is watched by a cue that is right with
    /// chance (1 + α)/2, and by nothing else; 1 unless given.
    pub awareness: Option<Probability>,
    /// Whether an episode is interrupted where a tile `interrupts`: drawn once
    /// per episode. False unless given.
    pub interrupted: Option<Odds>,
    /// Features paid at every step, and how much of them.
    pub each_step: Option<IndexMap<String, Finite>>,
    /// Features paid at the first step.
    pub first_step: Option<IndexMap<String, Finite>>,
    /// Features paid at every step that ends where there is no camera, if there is one anywhere: that a step
    /// was not filmed is seen.
    pub out_of_view: Option<IndexMap<String, Finite>>,
    /// Features paid instead of `each_step` where the agent chose to do
    /// nothing (only `play` can); the same as `each_step` unless given.
    pub idle: Option<IndexMap<String, Finite>>,
    /// What the agent does before anybody trains it; all directions alike unless given.
    pub reference: Option<Habits>,
    /// What the characters of the map stand for.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub tiles: IndexMap<String, Tile>,
    /// The features, by name.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub features: IndexMap<String, GridFeature>,
}

/// What an agent does by habit: the best stationary policy, over an endless horizon, for a reward of its own at a
/// price of KL from acting at random.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Habits {
    /// What a unit of each feature's true value is worth to it, 0 where nothing is said; their gold weights
    /// unless given, so that it is softly optimal.
    pub habit: Option<IndexMap<String, Finite>>,
    /// β, price of a nat of KL in units of what it is after: the smaller, the stronger its habits.
    pub beta: Positive,
    /// γ, weight of a step relative to the one before it; 0.98 unless given.
    pub discount: Option<Discount>,
}

/// A feature of a gridworld.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GridFeature {
    /// Gold weight: what one unit of its true value is worth; 0 unless given.
    pub gold: Option<Finite>,
    /// Weight of a unit of its shown value in the reward that the agent is
    /// given; the gold weight unless given.
    pub observed: Option<Finite>,
    /// When it is shown; always unless given.
    pub shown: Option<Shown>,
    /// Where it is seen, on a map with a camera; in its view unless given, or `out_of_view` pays it.
    pub seen: Option<Seen>,
    /// When it truly counts; always unless given.
    pub earned: Option<Earning>,
    /// Makes every cell's pay of it a multiple drawn once per seed: a normal, or 1 at one cell and 0 elsewhere.
    pub drawn: Option<Drawn>,
}

impl GridFeature {
    /// What a unit of its true value is worth.
    pub(super) fn gold_weight(&self) -> f64 {
        self.gold.map_or(0.0, Finite::get)
    }

    /// Weight of a unit of its shown value in the observed reward.
    pub(super) fn observed_weight(&self) -> f64 {
        self.observed.map_or_else(|| self.gold_weight(), Finite::get)
    }
}

/// When a feature is shown; where it is not, its shown value is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// In every episode.
    Always,
    /// In watched episodes only.
    Watched,
}

/// Where a feature is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// Where the camera films.
    InView,
    /// Everywhere, as a clock tells steps wherever they are taken.
    Always,
}

/// When a feature truly counts; where it does not, its true value is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Earning {
    /// In every episode.
    Always,
    /// In episodes that are not interrupted only.
    Uninterrupted,
}

/// What a character of the map stands for: any bundle of these properties.
/// Those of objects (`push` and what only objects have) describe what initially
/// lies there, the others the cell itself.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tile {
    /// Nothing can enter.
    pub wall: Option<bool>,
    /// The agent may start here; uniform over all such cells.
    pub start: Option<bool>,
    /// A step that ends here ends the episode; with `once`, only when no such
    /// tile is left unpaid.
    pub ends: Option<bool>,
    /// Short for `pays = { FEATURE = 1 }`.
    pub feature: Option<String>,
    /// Features paid at every step that ends here, whether by arriving or by
    /// staying, and how much of them. On a tile that `dries`: paid at every
    /// step, wherever the agent is, while the tile is wet.
    pub pays: Option<IndexMap<String, Finite>>,
    /// Pays only if this step moved the agent in this direction; bumping into a
    /// wall moves nowhere.
    pub counts: Option<Heading>,
    /// Features paid instead where the direction does not count.
    pub misses: Option<IndexMap<String, Finite>>,
    /// Pays once per episode.
    pub once: Option<bool>,
    /// After stepping here, the chance that an action of the agent is replaced
    /// by a uniform one of the four, from the next step to the end. The
    /// tables have it; `play` leaves it to the player.
    pub tremble: Option<Probability>,
    /// The chance that an action taken from here is replaced by a uniform one
    /// of the four.
    pub slip: Option<Probability>,
    /// What is wet here dries at the end of a step with this chance; stepping
    /// here waters it. It may dry once before the first step, too.
    pub dries: Option<Probability>,
    /// Whether a tile that `dries` is wet at first; false unless given.
    pub wet: Option<bool>,
    /// Shown values of features, whatever is true, at steps that end here.
    pub shows: Option<IndexMap<String, Finite>>,
    /// An object that the agent pushes initially lies here.
    pub push: Option<bool>,
    /// No object can be pushed here; on a tile that pays `once`, until it has.
    pub bars: Option<bool>,
    /// Object: the feature that counts whether it lies in a corner (beside a
    /// wall in its row and one in its column); paid is the change.
    pub cornered: Option<String>,
    /// Object: the feature that counts whether it lies, not cornered, along a
    /// wall that runs from end to end of the map; paid is the change.
    pub walled: Option<String>,
    /// Object: features paid at every step that it begins on a `store` tile.
    pub stored: Option<IndexMap<String, Finite>>,
    /// Where `stored` objects pay.
    pub store: Option<bool>,
    /// Object: it breaks where a belt ends, and this feature is paid.
    pub broken: Option<String>,
    /// Object: the feature paid when it is pushed off the side of a belt.
    pub rescued: Option<String>,
    /// Carries unbroken objects one cell in this direction at the end of every
    /// step; only walls stop them.
    pub belt: Option<Direction>,
    /// Acting from here turns the sign of what is shown of this feature, from
    /// the next step. An object lying here does not stand in anything's way.
    pub switch: Option<String>,
    /// In interrupted episodes, an agent here does not move any more.
    pub interrupts: Option<bool>,
    /// Stepping here keeps all tiles from interrupting.
    pub disarms: Option<bool>,
    /// Where there is any camera, the overseer sees the steps that end on one.
    pub camera: Option<bool>,
}

/// One of the four directions, and the action of going there. In tables, the
/// rows of a state are its actions in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// One column to the left.
    Left,
    /// One column to the right.
    Right,
}

/// A direction that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Heading {
    /// Up.
    Up,
    /// Down.
    Down,
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// The direction that the tile just left counts.
    Onward,
}

/// Whether something holds in an episode: true, false, or true with a chance
/// from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Odds(f64);

impl Odds {
    /// The checked chance, or `None` outside \[0, 1\].
    pub fn new(chance: f64) -> Option<Self> {
        Probability::new(chance).map(|p| Self(p.get()))
    }

    /// The chance.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl Serialize for Odds {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            0.0 => s.serialize_bool(false),
            1.0 => s.serialize_bool(true),
            chance => s.serialize_f64(chance),
        }
    }
}

impl<'de> Deserialize<'de> for Odds {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let words = "true, false or a chance from 0 to 1";
        d.deserialize_any(Checked { new: |x, _| Self::new(x), words, bools: true })
    }
}

inline_schema!(Odds, { "anyOf": [{ "type": "boolean" }, { "type": "number", "minimum": 0, "maximum": 1 }] });

impl Gridworld {
    /// This, and `base` where this says nothing, key by key; the map is that of `base`. A
    /// property of a tile is one key, and so is what it pays, in either of its two spellings.
    pub(super) fn over(&self, base: &Self) -> Self {
        let table = |world: &Self| toml::Table::try_from(world).expect("plain data");
        let mut base = base.clone();
        for (glyph, tile) in &self.tiles {
            let theirs = base.tiles.get_mut(glyph).filter(|_| tile.feature.is_some() || tile.pays.is_some());
            theirs.into_iter().for_each(|theirs| (theirs.feature, theirs.pays) = (None, None));
        }
        let mut both = table(&base);
        merge(&mut both, table(&Self { map: base.map, ..self.clone() }), 2);
        both.try_into().expect("of two gridworlds")
    }
}

/// Puts `mine` over `base`, tables within tables `depth` times.
fn merge(base: &mut toml::Table, mine: toml::Table, depth: u32) {
    for (key, value) in mine {
        match (base.get_mut(&key), value) {
            (Some(toml::Value::Table(base)), toml::Value::Table(mine)) if depth > 0 => {
                merge(base, mine, depth - 1);
            }
            (_, value) => drop(base.insert(key, value)),
        }
    }
}
