//! The rules of one map: a checked config with names and characters resolved.

use super::builtin::builtin;
use super::config::{Direction, GridFeature, Gridworld, Seen, Tile};
use super::map::{Map, place};
use super::reference::Reference;
use crate::lab::world::{Drawn, Multiples};
use crate::numerics::error::{ConfigError, check_feature_names};
use crate::numerics::ranges::Finite;
use indexmap::IndexMap;

/// The rules of one map. States, steps and tables come from here.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Steps until every episode ends.
    pub horizon: u32,
    /// The features, in the order of the columns.
    pub features: IndexMap<String, GridFeature>,
    /// Which mark turns the sign of what is shown of a feature; \[features\].
    pub(super) turned: Vec<Option<usize>>,
    pub(super) map: Map,
    pub(super) tiles: Vec<TileRules>,
    pub(super) starts: Vec<u16>,
    /// Cells where objects lie at first.
    pub(super) things: Vec<u16>,
    /// Which mark says that the cell is wet, or that it is spent; \[cells\].
    pub(super) wet: Vec<Option<usize>>,
    pub(super) spent: Vec<Option<usize>>,
    /// Marks at first: wet, spent, and whether each feature's sign is turned.
    pub(super) marks: Vec<bool>,
    pub(super) watched: f64,
    /// Chance that the cue of being watched is right.
    pub(super) cued: f64,
    /// Whether anything is said of being watched.
    pub(super) watches: bool,
    pub(super) interrupted: f64,
    pub(super) each_step: Pay,
    pub(super) first_step: Pay,
    pub(super) idle: Pay,
    pub(super) out_of_view: Pay,
    pub(super) reference: Option<Reference>,
    pub(super) camera: bool,
}

/// Features, by column, and how much of them.
pub(super) type Pay = Vec<(usize, f64)>;

/// A tile, and by column what it does to features.
#[derive(Clone, Debug)]
pub(super) struct TileRules {
    /// Its properties as a config has them.
    pub(super) tile: Tile,
    pub(super) pays: Pay,
    pub(super) misses: Pay,
    pub(super) shows: Pay,
    pub(super) stored: Pay,
    pub(super) cornered: Option<usize>,
    pub(super) walled: Option<usize>,
    pub(super) broken: Option<usize>,
    pub(super) rescued: Option<usize>,
    pub(super) switch: Option<usize>,
}

pub(super) fn is(property: Option<bool>) -> bool {
    property == Some(true)
}

impl Gridworld {
    /// The rules that this describes.
    ///
    /// # Errors
    /// An unknown map; a map that is ragged, has unknown tiles, no start or no
    /// way to any end; unknown features; tiles that contradict themselves.
    pub fn rules(&self) -> Result<Rules, ConfigError> {
        let whole = self.whole()?;
        let names = whole.names()?;
        let map = Map::read(&whole.map, &whole.tiles)?;
        let mut marks = Vec::new();
        let mut mark = |first: bool| {
            marks.push(first);
            marks.len() - 1
        };
        let mut turned = vec![None; names.len()];
        let tile = |(glyph, tile): (&String, &Tile)| TileRules::new(glyph, tile, &names);
        let tiles = map.glyphs.iter().map(tile).collect::<Result<Vec<TileRules>, _>>()?;
        for column in tiles.iter().filter_map(|tile| tile.switch) {
            turned[column].get_or_insert_with(|| mark(false));
        }
        let of = |cell: &u8| &map.glyphs[usize::from(*cell)];
        let where_ = |wanted: &dyn Fn(&Tile) -> bool| -> Vec<u16> {
            (0u16..).zip(&map.cells).filter(|(_, cell)| wanted(of(cell))).map(|(i, _)| i).collect()
        };
        let wet = map.cells.iter().map(|cell| {
            let tile = of(cell);
            (tile.dries.is_some() || tile.wet.is_some()).then(|| mark(is(tile.wet)))
        });
        let wet: Vec<Option<usize>> = wet.collect();
        let spent = map.cells.iter().map(|cell| is(of(cell).once).then(|| mark(false))).collect();
        let rules = Rules {
            horizon: whole.horizon.map_or(100, |h| h.get()),
            starts: where_(&|tile| is(tile.start)),
            things: where_(&|tile| is(tile.push)),
            camera: tiles.iter().any(|tile| is(tile.tile.camera)),
            watched: whole.watched.map_or(1.0, |odds| odds.get()),
            cued: whole.awareness.map_or(1.0, |alpha| 0.5 + 0.5 * alpha.get()),
            watches: whole.watched.is_some() || whole.awareness.is_some(),
            interrupted: whole.interrupted.map_or(0.0, |odds| odds.get()),
            each_step: pay(&["each_step"], whole.each_step.as_ref(), &names)?,
            first_step: pay(&["first_step"], whole.first_step.as_ref(), &names)?,
            out_of_view: pay(&["out_of_view"], whole.out_of_view.as_ref(), &names)?,
            reference: whole
                .reference
                .as_ref()
                .map(|habits| habits.reference(&names, &whole.features))
                .transpose()?,
            idle: pay(&["idle"], whole.idle.as_ref().or(whole.each_step.as_ref()), &names)?,
            features: whole.features,
            turned,
            tiles,
            wet,
            spent,
            marks,
            map,
        };
        rules.check()?;
        Ok(rules)
    }

    /// This with what a built-in map brings.
    pub(in crate::lab::world) fn whole(&self) -> Result<Gridworld, ConfigError> {
        let defaults = [
            ("#", Tile { wall: Some(true), ..Tile::default() }),
            (" ", Tile::default()),
            ("A", Tile { start: Some(true), ..Tile::default() }),
        ];
        let base = match builtin(&self.map)? {
            Some(base) => base,
            None => Gridworld { features: IndexMap::new(), tiles: IndexMap::new(), ..self.clone() },
        };
        let tiles = defaults.into_iter().map(|(glyph, tile)| (glyph.to_owned(), tile)).collect();
        let plain = Gridworld { tiles, ..base.clone() };
        Ok(self.over(&base.over(&plain)))
    }

    /// The column of every feature.
    fn names(&self) -> Result<IndexMap<&str, usize>, ConfigError> {
        if self.features.is_empty() {
            let message = "a world needs at least one feature";
            return Err(place(&["features"], message, "e.g. goal = { gold = 1 }"));
        }
        check_feature_names("world.gridworld.features", self.features.keys())?;
        Ok(self.features.keys().enumerate().map(|(i, name)| (name.as_str(), i)).collect())
    }
}

impl Rules {
    /// Checks what only the whole map can show.
    fn check(&self) -> Result<(), ConfigError> {
        if self.starts.is_empty() {
            let message = "the map has no place to start";
            return Err(place(&["map"], message, "mark one with `A`, or give a tile start = true"));
        }
        let reached = self.reachable();
        let nowhere = |drawn: &Multiples| drawn.law == Drawn::Somewhere && drawn.carriers.is_empty();
        if let Some(drawn) = self.drawn().iter().find(|drawn| nowhere(drawn)) {
            let (name, _) = self.features.get_index(drawn.column).expect("a column");
            let message = format!("no tile that can be reached pays `{name}`");
            return Err(place(
                &["features", name, "drawn"],
                message,
                "give some tiles of the map that feature",
            ));
        }
        let ends: Vec<usize> =
            (0..self.map.cells.len()).filter(|&i| is(self.tile(i as u16).tile.ends)).collect();
        match ends.first() {
            Some(first) if !ends.iter().any(|&end| reached[end]) => {
                let message = format!("no start has a way to the end at {}", self.map.position(*first));
                let (from, to) = self.map.bytes[*first];
                Err(place(&["map"], message, "open a way through the walls").within(from, to))
            }
            _ => Ok(()),
        }
    }

    /// Features of which a seed draws what each cell pays.
    pub(super) fn drawn(&self) -> Vec<Multiples> {
        let reached = self.reachable();
        let carriers = |column: usize| -> Vec<u32> {
            let pays = |cell: &u32| self.tile(*cell as u16).pays.iter().any(|(j, _)| *j == column);
            (0..self.map.cells.len() as u32).filter(|cell| reached[*cell as usize] && pays(cell)).collect()
        };
        let multiples = |(column, feature): (usize, &GridFeature)| {
            Some(Multiples { column, law: feature.drawn?, carriers: carriers(column) })
        };
        self.features.values().enumerate().filter_map(multiples).collect()
    }

    /// Features that are seen out of the camera's view, too, by column.
    pub(super) fn seen_anyway(&self) -> Vec<usize> {
        let tells_of_view = |j: usize| self.out_of_view.iter().any(|(column, _)| *column == j);
        let always = |(j, feature): &(usize, &GridFeature)| match feature.seen {
            Some(seen) => seen == Seen::Always,
            None => tells_of_view(*j),
        };
        self.features.values().enumerate().filter(always).map(|(j, _)| j).collect()
    }

    /// Cells that the agent could come to if nothing but walls stood in its way.
    fn reachable(&self) -> Vec<bool> {
        let mut reached = vec![false; self.map.cells.len()];
        let mut open = self.starts.clone();
        while let Some(cell) = open.pop() {
            if !std::mem::replace(&mut reached[usize::from(cell)], true) {
                let beside = Direction::ALL.iter().filter_map(|d| self.map.beside(cell, *d));
                open.extend(beside.filter(|next| !self.wall(*next)));
            }
        }
        reached
    }

    pub(super) fn tile(&self, cell: u16) -> &TileRules {
        &self.tiles[usize::from(self.map.cells[usize::from(cell)])]
    }

    /// Whether the camera sees what happens on the cell; where there is none, everything is seen.
    pub(super) fn in_view(&self, cell: u16) -> bool {
        !self.camera || is(self.tile(cell).tile.camera)
    }

    pub(super) fn wall(&self, cell: u16) -> bool {
        is(self.tile(cell).tile.wall)
    }

    /// Row and column of a cell, from the top left, from 0.
    pub fn position(&self, cell: u32) -> [usize; 2] {
        [cell as usize / self.map.width, cell as usize % self.map.width]
    }
}

impl TileRules {
    fn new(glyph: &str, tile: &Tile, names: &IndexMap<&str, usize>) -> Result<Self, ConfigError> {
        let clashes = [
            ("start", is(tile.wall) && is(tile.start), "is a wall, so nothing can start there"),
            ("push", is(tile.wall) && is(tile.push), "is a wall, so no object can lie there"),
            ("feature", tile.feature.is_some() && tile.pays.is_some(), "says twice what it pays"),
        ];
        if let Some((with, _, why)) = clashes.into_iter().find(|(_, clash, _)| *clash) {
            let message = format!("`{glyph}` {why}");
            return Err(place(&["tiles", glyph, with], message, "leave out one of the two").at_key());
        }
        let column = |key: &str, name: &Option<String>| {
            name.as_ref().map(|name| find(&["tiles", glyph, key], name, names, false)).transpose()
        };
        let pay = |key: &str, what: &Option<IndexMap<String, Finite>>| {
            pay(&["tiles", glyph, key], what.as_ref(), names)
        };
        let mut pays = pay("pays", &tile.pays)?;
        pays.extend(column("feature", &tile.feature)?.map(|feature| (feature, 1.0)));
        Ok(Self {
            tile: tile.clone(),
            pays,
            misses: pay("misses", &tile.misses)?,
            shows: pay("shows", &tile.shows)?,
            stored: pay("stored", &tile.stored)?,
            cornered: column("cornered", &tile.cornered)?,
            walled: column("walled", &tile.walled)?,
            broken: column("broken", &tile.broken)?,
            rescued: column("rescued", &tile.rescued)?,
            switch: column("switch", &tile.switch)?,
        })
    }
}

/// What a table of features at this path pays.
pub(super) fn pay(
    path: &[&str],
    what: Option<&IndexMap<String, Finite>>,
    names: &IndexMap<&str, usize>,
) -> Result<Pay, ConfigError> {
    let amounts = what.into_iter().flatten();
    amounts
        .map(|(name, amount)| {
            let path: Vec<&str> = path.iter().copied().chain([name.as_str()]).collect();
            Ok((find(&path, name, names, true)?, amount.get()))
        })
        .collect()
}

/// The column of a feature named at this path, by its last key or its value.
fn find(path: &[&str], name: &str, names: &IndexMap<&str, usize>, key: bool) -> Result<usize, ConfigError> {
    names.get(name).copied().ok_or_else(|| {
        let fault = ConfigError::unknown("", "feature", name, names.keys().copied());
        ConfigError { path: place(path, "", "").path, key, ..fault }
    })
}
