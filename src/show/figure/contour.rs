//! Boundaries over a heat map: where a number given at the points of a grid passes 0, by
//! marching squares with linear interpolation (W. E. Lorensen and H. E. Cline, SIGGRAPH 1987, in the plane).
//!
//! A square with a number missing is skipped. Where all four sides of a square are passed, the mean of its
//! corners tells which two lines it holds.

use super::chart::{Line, Point, Role};
use std::collections::BTreeMap;

/// A place: slots across, slots down, the middle of the first at 0.
type Place = (f64, f64);

/// A side of a square of the grid: from the point (column, row) to the right, or downwards.
type Side = (bool, usize, usize);

/// The points of the grid along the sides of the map: across and down.
pub(super) type Stops<'a> = (&'a [f64], &'a [f64]);

/// The lines on which one of the margins is 0; \[down\]\[across\]\[boundaries\].
pub(super) fn boundaries(
    stops: Stops<'_>,
    margins: &[Vec<Vec<f64>>],
    label: &str,
    overlay: usize,
) -> Vec<Line> {
    let count = margins.iter().flatten().map(Vec::len).max().unwrap_or(0);
    let of = |boundary: usize| -> Vec<Vec<Option<f64>>> {
        let cells = |row: &Vec<Vec<f64>>| row.iter().map(|cell| cell.get(boundary).copied()).collect();
        margins.iter().map(cells).collect()
    };
    let point = |(x, y): Place| Point::exact(x, y);
    let line = |places: Vec<Place>| Line {
        label: label.to_owned(),
        role: Role::Boundary { overlay },
        points: places.into_iter().map(point).collect(),
    };
    (0..count).flat_map(|boundary| contours(stops, &of(boundary))).map(line).collect()
}

/// The lines on which the numbers are 0, each from end to end; a closed one ends where it begins.
/// \[down\]\[across\]; `None` or what is not finite is missing.
fn contours((across, down): Stops<'_>, grid: &[Vec<Option<f64>>]) -> Vec<Vec<Place>> {
    let value = |row: usize, column: usize| grid[row][column].filter(|x| x.is_finite());
    let values: Vec<Vec<Option<f64>>> =
        (0..down.len()).map(|row| (0..across.len()).map(|column| value(row, column)).collect()).collect();
    let above = |column: usize, row: usize| Some(values[row][column]? >= 0.0);
    let mut pieces: Vec<[Side; 2]> = Vec::new();
    for row in 1..down.len() {
        for column in 1..across.len() {
            let corners = [(column - 1, row - 1), (column, row - 1), (column, row), (column - 1, row)];
            let known: Option<Vec<bool>> = corners.iter().map(|(c, r)| above(*c, *r)).collect();
            let Some(known) = known else { continue };
            let [left, top] = [column - 1, row - 1];
            // Sides from corner to corner, clockwise from the top.
            let sides: [Side; 4] =
                [(true, left, top), (false, column, top), (true, left, row), (false, left, top)];
            let passed: Vec<Side> =
                (0..4).filter(|i| known[*i] != known[(i + 1) % 4]).map(|i| sides[i]).collect();
            match passed[..] {
                [one, other] => pieces.push([one, other]),
                [top, right, bottom, left] => {
                    let sum: f64 = corners.iter().filter_map(|(c, r)| values[*r][*c]).sum();
                    // The middle goes with the top left corner, or with the other two.
                    let pairs = if (sum >= 0.0) == known[0] {
                        [[top, right], [bottom, left]]
                    } else {
                        [[top, left], [right, bottom]]
                    };
                    pieces.extend(pairs);
                }
                _ => {}
            }
        }
    }
    let place = |(rightwards, column, row): Side| {
        let (to_column, to_row) = if rightwards { (column + 1, row) } else { (column, row + 1) };
        let (from, to) = (values[row][column].unwrap_or(0.0), values[to_row][to_column].unwrap_or(0.0));
        let share = from / (from - to);
        let between = |a: f64, b: f64| a + share * (b - a);
        (between(across[column], across[to_column]), between(down[row], down[to_row]))
    };
    chains(&pieces).into_iter().map(|chain| chain.into_iter().map(place).collect()).collect()
}

/// Pieces that share a side, joined; each side is shared by two at most.
fn chains(pieces: &[[Side; 2]]) -> Vec<Vec<Side>> {
    let mut at: BTreeMap<Side, Vec<usize>> = BTreeMap::new();
    for (i, piece) in pieces.iter().enumerate() {
        piece.iter().for_each(|side| at.entry(*side).or_default().push(i));
    }
    let mut done = vec![false; pieces.len()];
    // First the lines that end somewhere, from their ends, then the closed ones.
    let ends = at.iter().filter(|(_, pieces)| pieces.len() == 1);
    let starts: Vec<Side> = ends.map(|(side, _)| *side).chain(pieces.iter().map(|piece| piece[0])).collect();
    let mut chains = Vec::new();
    for start in starts {
        let mut chain = vec![start];
        let mut here = start;
        while let Some(piece) = at[&here].iter().copied().find(|piece| !done[*piece]) {
            done[piece] = true;
            here = if pieces[piece][0] == here { pieces[piece][1] } else { pieces[piece][0] };
            chain.push(here);
        }
        if chain.len() > 1 {
            chains.push(chain);
        }
    }
    chains
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(columns: usize, rows: usize, value: impl Fn(f64, f64) -> f64) -> Vec<Vec<Option<f64>>> {
        (0..rows).map(|r| (0..columns).map(|c| Some(value(c as f64, r as f64))).collect()).collect()
    }

    /// One stop per slot.
    fn slots(count: usize) -> Vec<f64> {
        (0..count).map(|slot| slot as f64).collect()
    }

    fn met(grid: &[Vec<Option<f64>>]) -> Vec<Vec<Place>> {
        contours((&slots(grid.first().map_or(0, Vec::len)), &slots(grid.len())), grid)
    }

    #[test]
    fn a_straight_line_is_met_exactly_from_end_to_end_of_the_grid() {
        let lines = met(&of(5, 4, |x, y| x + 2.0 * y - 4.25));
        assert_eq!(lines.len(), 1);
        assert!(lines[0].iter().all(|(x, y)| (x + 2.0 * y - 4.25).abs() < 1e-12), "{lines:?}");
        let ends = [lines[0][0], *lines[0].last().unwrap()];
        for (x, y) in ends {
            assert!([0.0, 4.0].contains(&x) || [0.0, 3.0].contains(&y), "{x} {y}");
        }
    }

    /// A phase boundary of 25 × 11 cells: a hyperbola and a circle, within a fifth of a cell.
    #[test]
    fn known_curves_are_met_within_a_fifth_of_a_cell() {
        let hyperbola = |x: f64, y: f64| (x + 1.5) * (y + 1.5) - 30.0;
        let lines = met(&of(25, 11, hyperbola));
        assert_eq!(lines.len(), 1);
        assert!(lines[0].len() > 20);
        for (x, y) in &lines[0] {
            // Distance to first order: |f| / |∇f|.
            let slope = ((y + 1.5) * (y + 1.5) + (x + 1.5) * (x + 1.5)).sqrt();
            assert!(hyperbola(*x, *y).abs() / slope < 0.2, "{x} {y}");
        }
        let circle = |x: f64, y: f64| (x - 12.3) * (x - 12.3) + (y - 5.2) * (y - 5.2) - 16.0;
        let lines = met(&of(25, 11, circle));
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].first(), lines[0].last(), "a circle is closed");
        for (x, y) in &lines[0] {
            let from_middle = ((x - 12.3) * (x - 12.3) + (y - 5.2) * (y - 5.2)).sqrt();
            assert!((from_middle - 4.0).abs() < 0.2, "{x} {y}");
        }
    }

    #[test]
    fn lines_apart_stay_apart() {
        let lines = met(&of(9, 5, |x, _| (x - 2.25) * (x - 6.25)));
        assert_eq!(lines.len(), 2);
        for (line, at) in lines.iter().zip([2.25, 6.25]) {
            assert!(line.iter().all(|(x, _)| (x - at).abs() < 0.2), "{line:?}");
        }
        // Around two opposite corners of one square: two lines, whichever way.
        for sign in [1.0, -1.0] {
            let lines = met(&of(2, 2, |x, y| sign * (x - 0.5) * (y - 0.5) + 0.01));
            assert_eq!(lines.len(), 2, "{lines:?}");
        }
    }

    /// Each boundary has its own lines, and a cell that has none is missing from both.
    #[test]
    fn boundaries_are_kept_apart() {
        let mut margins: Vec<Vec<Vec<f64>>> =
            (0..4).map(|r| (0..6).map(|c| vec![f64::from(c) - 1.5, f64::from(r) - 1.25]).collect()).collect();
        let (across, down) = (slots(6), slots(4));
        let stops: Stops<'_> = (&across, &down);
        let lines = boundaries(stops, &margins, "phases", 1);
        assert_eq!(lines.len(), 2);
        assert!(lines[0].points.iter().all(|p| p.x == 1.5) && lines[1].points.iter().all(|p| p.y == 1.25));
        assert!(lines.iter().all(|l| l.role == Role::Boundary { overlay: 1 } && l.label == "phases"));
        margins[1][3].clear();
        assert_eq!(boundaries(stops, &margins, "phases", 1).len(), 3);
        assert_eq!(boundaries((&slots(3), &slots(2)), &[vec![vec![]; 3], vec![vec![]; 3]], "none", 0), []);
    }

    #[test]
    fn what_is_missing_is_left_open() {
        let mut grid = of(6, 5, |_, y| y - 1.75);
        (grid[1][3], grid[2][3]) = (None, Some(f64::NAN));
        let lines = met(&grid);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().flatten().all(|(x, y)| (*y - 1.75).abs() < 1e-12 && !(2.0 < *x && *x < 4.0)));
        assert_eq!(met(&of(6, 5, |_, _| 1.0)), [[]; 0]);
        assert_eq!(met(&[]), [[]; 0]);
        assert_eq!(met(&[vec![]]), [[]; 0]);
        assert_eq!(met(&of(1, 1, |_, _| -1.0)), [[]; 0]);
        // A slot alone reaches from frame to frame.
        let twice = [-2.0, -1.0, 1.0].map(|value| vec![Some(value); 2]);
        let lines = contours((&[-0.5, 0.5], &[-0.5, 0.0, 2.0]), &twice);
        assert_eq!(lines, [[(-0.5, 1.0), (0.5, 1.0)]]);
    }
}
