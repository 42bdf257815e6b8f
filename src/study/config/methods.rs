//! Methods of somebody else's: levels of the axis `method`, which the command line adds. Their cells are set up as those
//! at the axis's first level.

use super::ConfigError;
use super::axes::{Dimension, TAKEN, check_readable, check_word};
use super::claims::ClaimConfig;
use super::experiment::Axis;
use super::figures::FigureConfig;
use super::leaderboard::LeaderboardConfig;
use super::level::Level;
use super::source::Span;

/// The axis of methods.
pub(super) const AXIS: &str = "method";

/// The level of our own method, where the file has no axis of methods.
const OURS: &str = "ours";

/// Adds a level for each method; and an axis, at whose first level figures and claims are, where the file has none.
pub(super) fn add(dimensions: &mut Vec<Dimension<'_>>, methods: &[(&str, Span)]) -> Result<(), ConfigError> {
    if methods.is_empty() {
        return Ok(());
    }
    let variants = dimensions.len() - 1;
    let there = dimensions.iter().position(|axis| axis.name == AXIS).unwrap_or_else(|| {
        let ours = Dimension { levels: vec![text(OURS)], added: true, ..Dimension::base(AXIS) };
        dimensions.insert(variants, ours);
        variants
    });
    let axis = &mut dimensions[there];
    for (name, span) in methods {
        let taken = TAKEN.iter().any(|(taken, _)| taken == name) || axis.levels.contains(&text(name));
        let free = || {
            let help = "call it something else: --method NAME=\"COMMAND\"";
            Err(ConfigError::new("", format!("`{name}` is taken: it cannot be the name of a method"), help))
        };
        let checked = check_word("method", name).and_then(|()| check_readable(name));
        checked
            .and_then(|()| if taken { free() } else { Ok(()) })
            .map_err(|error| error.written_at(span.clone()))?;
        axis.levels.push(text(name));
        axis.patches.push(axis.patches[0].clone());
    }
    Ok(())
}

/// The methods that are levels still, whatever `--set` chose of them.
pub(super) fn chosen(axes: &[Axis], methods: &[String]) -> Vec<String> {
    let levels = axes.iter().filter(|axis| axis.name == AXIS).flat_map(|axis| &axis.levels);
    levels.map(Level::to_string).filter(|level| methods.contains(level)).collect()
}

/// Figures, leaderboard and claims as a config says them that knows no methods but those of its file.
pub(super) fn without(
    dimensions: &[Dimension<'_>],
    (figures, board, claims): (&[FigureConfig], &Option<LeaderboardConfig>, &[ClaimConfig]),
) -> (Vec<FigureConfig>, Option<LeaderboardConfig>, Vec<ClaimConfig>) {
    let (mut figures, mut board, mut claims) = (figures.to_vec(), board.clone(), claims.to_vec());
    if dimensions.iter().any(|axis| axis.name == AXIS && axis.added) {
        figures.iter_mut().for_each(|figure| drop(figure.pins.shift_remove(AXIS)));
        board.iter_mut().for_each(|board| drop(board.pins.shift_remove(AXIS)));
        claims.iter_mut().for_each(|claim| drop(claim.pins.shift_remove(AXIS)));
    }
    (figures, board, claims)
}

fn text(name: &str) -> Level {
    Level::Text(name.to_owned())
}
