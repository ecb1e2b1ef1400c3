//! The step that takes nearly all the time: which center is nearest to each row.
//!
//! Sixteen rows at a time, feature by feature, in single precision. `score(c) = |c|^2 / 2 - x c`
//! orders centers as their distance does, since `|x - c|^2 = |x|^2 + 2 score(c)`.
//!
//! Rows come in steps ([`ScaledRows`]), and the size of a step is multiplied into the centers, so
//! that turning steps into floats is all there is to do per row.
//!
//! # The error bound
//! With `u = 2^-24`, rounding the inputs and summing `d + 1` terms errs by at most
//! `(d + 4) u (|x| |c| + |c|^2)` per score; with `|x|^2` that is less than
//! `2 (d + 16) u (|x| + max |c|)^2` on the squared distance. The row itself is at most the blur of
//! the copy away from `x`, which changes each distance by at most that. A row whose two best
//! distances are further apart than all this is settled; any other is compared in double precision.

use rapport_learn::Matrix;

use super::scaled::ScaledRows;
use crate::distance::two_nearest;

/// Rows per tile: four vectors of four floats, and with two centers at once eight sums under way,
/// enough to keep the adders busy while earlier sums are pending.
pub(super) const TILE: usize = 16;

/// One number for each row of a tile.
type Lanes = [f32; TILE];

/// Slack of a few roundings in the last steps, relative.
const SLACK: f32 = 4.0 * f32::EPSILON;
/// Absolute slack, for values so small that their squares vanish.
const TINY: f32 = 1e-30;

/// Centers as the tiles read them.
#[derive(Debug)]
pub(super) struct ScaledCenters {
    /// `(k, d)`, shifted and scaled as the rows are, times the step of the column.
    values: Vec<f32>,
    /// `|c|^2 / 2`.
    half_squares: Vec<f32>,
    /// Length of the longest.
    longest: f32,
    /// How far the copies of rows are from the rows at most.
    blur: f32,
}

impl ScaledCenters {
    pub(super) fn of(centers: &Matrix, rows: &ScaledRows) -> Self {
        let mut values = Vec::with_capacity(centers.values().len());
        let mut half_squares = Vec::with_capacity(centers.n_rows());
        let mut longest = 0.0_f64;
        for center in centers.rows() {
            let mut square = 0.0;
            for ((value, mean), step) in center.iter().zip(&rows.mean).zip(&rows.steps) {
                let scaled = (value - mean) * rows.scale;
                square += scaled * scaled;
                values.push((scaled * step) as f32);
            }
            half_squares.push((square / 2.0) as f32);
            longest = longest.max(square.sqrt());
        }
        Self {
            values,
            half_squares,
            longest: longest as f32,
            blur: rows.blur,
        }
    }
}

/// What a tile found for each of its rows.
#[derive(Debug)]
pub(super) struct Found {
    /// Number of the nearest center.
    pub(super) labels: [u32; TILE],
    /// At most how much farther the second nearest is than the nearest, in scaled distance. When
    /// it is not above zero, the row is not settled and the label is a guess.
    pub(super) gaps: Lanes,
}

/// Sixteen rows feature by feature.
#[derive(Debug)]
pub(super) struct Tile {
    values: Vec<Lanes>,
    norms: Lanes,
    /// The same rows one after the other, on their way into lanes.
    rows: Vec<f32>,
}

impl Tile {
    pub(super) fn new(n_columns: usize) -> Self {
        Self {
            values: vec![[0.0; TILE]; n_columns],
            norms: [0.0; TILE],
            rows: vec![0.0; TILE * n_columns],
        }
    }

    /// Takes up to sixteen rows; lanes without a row repeat the last one.
    pub(super) fn load(&mut self, rows: &ScaledRows, chosen: &[usize]) {
        let d = rows.n_columns;
        let last = chosen.len() - 1;
        let picked: [usize; TILE] = std::array::from_fn(|lane| chosen[last.min(lane)]);
        // Short work per row keeps many reads of memory under way at once, which is worth more
        // than sparing the detour through a buffer.
        for (floats, row) in self.rows.chunks_exact_mut(d).zip(picked) {
            for (float, &step) in floats.iter_mut().zip(rows.row(row)) {
                *float = f32::from(step);
            }
        }
        for (norm, row) in self.norms.iter_mut().zip(picked) {
            *norm = rows.norms[row];
        }
        for (quarter, four) in self.rows.chunks_exact(4 * d).enumerate() {
            load_four(&mut self.values, quarter, four);
        }
    }

    /// Finds the nearest centers.
    pub(super) fn search(&self, centers: &ScaledCenters) -> Found {
        let mut ranking = Ranking::new();
        let mut scores = [[0.0; TILE]; 2];
        let d = self.values.len();
        // An odd last center is paired with itself, and its second score left aside.
        let n_centers = centers.half_squares.len();
        for first in (0..n_centers).step_by(2) {
            let pair = [first, (first + 1).min(n_centers - 1)];
            let half_squares = pair.map(|center| centers.half_squares[center]);
            let [one, two] = pair.map(|center| &centers.values[center * d..(center + 1) * d]);
            score_pair(&self.values, one, two, half_squares, &mut scores);
            ranking.add(first as u32, &scores[0]);
            if pair[1] > first {
                ranking.add(pair[1] as u32, &scores[1]);
            }
        }
        let mut gaps = [0.0; TILE];
        self.write_gaps(&ranking, centers, &mut gaps);
        Found {
            gaps,
            labels: ranking.labels,
        }
    }

    /// Lower bounds on how much farther the second nearest center is than the nearest.
    ///
    /// Out of line for the same reason as [`score_pair`].
    #[inline(never)]
    fn write_gaps(&self, ranking: &Ranking, centers: &ScaledCenters, gaps: &mut Lanes) {
        let unit = f32::EPSILON * (self.values.len() + 16) as f32;
        for (lane, gap) in gaps.iter_mut().enumerate() {
            let norm = self.norms[lane];
            let reach = norm + centers.longest;
            let error = unit * reach * reach + TINY;
            let square = norm * norm;
            let first = positive(square + 2.0 * ranking.best[lane] + error).sqrt();
            let second = positive(square + 2.0 * ranking.second[lane] - error).sqrt();
            let apart = second - first - SLACK * (second + first) - 2.0 * centers.blur;
            // A center without rivals has an endless second: nothing will ever be nearer.
            *gap = if second < f32::INFINITY {
                apart
            } else {
                f32::MAX
            };
        }
    }
}

/// Turns four rows, one after the other, into a quarter of each feature's lanes.
fn load_four(lanes: &mut [Lanes], quarter: usize, four: &[f32]) {
    let (ab, cd) = four.split_at(four.len() / 2);
    let ((a, b), (c, d)) = (ab.split_at(ab.len() / 2), cd.split_at(cd.len() / 2));
    for ((((lanes, &a), &b), &c), &d) in lanes.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        lanes[4 * quarter..4 * quarter + 4].copy_from_slice(&[a, b, c, d]);
    }
}

/// The number, or zero where it is negative; unlike `max`, one instruction.
fn positive(value: f32) -> f32 {
    if value > 0.0 { value } else { 0.0 }
}

/// The scores of two centers for all rows of a tile.
///
/// Kept out of its caller so that the compiler sees sums that end in memory side by side, which is
/// what makes it use vectors; inlined, the same loop is compiled to single numbers, four times
/// slower.
#[inline(never)]
fn score_pair(
    tile: &[Lanes],
    one: &[f32],
    two: &[f32],
    half_squares: [f32; 2],
    scores: &mut [Lanes; 2],
) {
    let mut sums = [[half_squares[0]; TILE], [half_squares[1]; TILE]];
    for ((lanes, &one), &two) in tile.iter().zip(one).zip(two) {
        for lane in 0..TILE {
            sums[0][lane] -= lanes[lane] * one;
            sums[1][lane] -= lanes[lane] * two;
        }
    }
    *scores = sums;
}

/// The best and the second best score so far, row by row.
struct Ranking {
    best: Lanes,
    second: Lanes,
    labels: [u32; TILE],
}

impl Ranking {
    fn new() -> Self {
        Self {
            best: [f32::INFINITY; TILE],
            second: [f32::INFINITY; TILE],
            labels: [0; TILE],
        }
    }

    /// Enters one center's scores.
    ///
    /// Out of line, with everything read before the first comparison and the best in a fresh
    /// array: then each lane is a selection. With a read inside a selection, or a best that is
    /// written over itself, the compiler makes branches, and every second one is mispredicted.
    #[inline(never)]
    fn add(&mut self, label: u32, scores: &Lanes) {
        let mut bests = [0.0; TILE];
        for lane in 0..TILE {
            let (score, best) = (scores[lane], self.best[lane]);
            let (second, old) = (self.second[lane], self.labels[lane]);
            let loser = if score > best { score } else { best };
            bests[lane] = if score < best { score } else { best };
            self.second[lane] = if loser < second { loser } else { second };
            self.labels[lane] = if score < best { label } else { old };
        }
        self.best = bests;
    }
}

/// The nearest center and the gap of one row in double precision, for rows that tiles leave open.
pub(super) fn settle(row: &[f64], centers: &Matrix, scale: f64) -> (u32, f32) {
    let nearest = two_nearest(row, centers);
    let (first, second) = (nearest.first.sqrt(), nearest.second.sqrt());
    if second == f64::INFINITY {
        return (nearest.label, f32::MAX);
    }
    let slack = 1e-12 * (first + second);
    (nearest.label, ((second - first - slack) * scale) as f32)
}
