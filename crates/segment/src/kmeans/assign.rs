//! The step that takes nearly all the time: which center is nearest to each row.
//!
//! Sixteen rows at a time, feature by feature, in single precision. `score(c) = |c|^2 / 2 - x c`
//! orders centers as their distance does, since `|x - c|^2 = |x|^2 + 2 score(c)`.
//!
//! # The error bound
//! With `u = 2^-24`, rounding the inputs and summing `d + 1` terms errs by at most
//! `(d + 4) u (|x| |c| + |c|^2)` per score; with `|x|^2` that is less than
//! `2 (d + 16) u (|x| + max |c|)^2` on the squared distance. A row whose two best squared
//! distances are further apart than that is settled; any other is compared in double precision.

use rapport_learn::Matrix;

use super::memory::touch;
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
    /// `(k, d)`, shifted and scaled as the rows are.
    values: Vec<f32>,
    /// `|c|^2 / 2`.
    half_squares: Vec<f32>,
    /// Length of the longest.
    longest: f32,
}

impl ScaledCenters {
    pub(super) fn of(centers: &Matrix, rows: &ScaledRows) -> Self {
        let mut values = Vec::with_capacity(centers.values().len());
        let mut half_squares = Vec::with_capacity(centers.n_rows());
        let mut longest = 0.0_f64;
        for center in centers.rows() {
            let mut square = 0.0;
            for (value, mean) in center.iter().zip(&rows.mean) {
                let scaled = (value - mean) * rows.scale;
                square += scaled * scaled;
                values.push(scaled as f32);
            }
            half_squares.push((square / 2.0) as f32);
            longest = longest.max(square.sqrt());
        }
        Self {
            values,
            half_squares,
            longest: longest as f32,
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
}

impl Tile {
    pub(super) fn new(n_columns: usize) -> Self {
        Self {
            values: vec![[0.0; TILE]; n_columns],
            norms: [0.0; TILE],
        }
    }

    /// Takes up to sixteen rows; lanes without a row repeat the last one.
    pub(super) fn load(&mut self, rows: &ScaledRows, chosen: &[usize]) {
        let last = chosen.len() - 1;
        let picked: [usize; TILE] = std::array::from_fn(|lane| chosen[last.min(lane)]);
        let slices = picked.map(|row| rows.row(row));
        touch(&slices);
        for (norm, row) in self.norms.iter_mut().zip(picked) {
            *norm = rows.norms[row];
        }
        for (quarter, four) in slices.as_chunks::<4>().0.iter().enumerate() {
            self.load_four(quarter, four);
        }
    }

    /// Turns four rows into a quarter of each feature's lanes.
    fn load_four(&mut self, quarter: usize, [a, b, c, d]: &[&[f32]; 4]) {
        let first = 4 * quarter;
        for ((((lanes, &a), &b), &c), &d) in self.values.iter_mut().zip(*a).zip(*b).zip(*c).zip(*d)
        {
            lanes[first..first + 4].copy_from_slice(&[a, b, c, d]);
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
        self.write_gaps(&ranking, centers.longest, &mut gaps);
        Found {
            gaps,
            labels: ranking.labels,
        }
    }

    /// Lower bounds on how much farther the second nearest center is than the nearest.
    ///
    /// Out of line for the same reason as [`score_pair`].
    #[inline(never)]
    fn write_gaps(&self, ranking: &Ranking, longest: f32, gaps: &mut Lanes) {
        let unit = f32::EPSILON * (self.values.len() + 16) as f32;
        for lane in 0..TILE {
            let norm = self.norms[lane];
            let reach = norm + longest;
            let error = unit * reach * reach + TINY;
            let square = norm * norm;
            let first = positive(square + 2.0 * ranking.best[lane] + error).sqrt();
            let second = positive(square + 2.0 * ranking.second[lane] - error).sqrt();
            let gap = second - first - SLACK * (second + first);
            // A center without rivals has an endless second: nothing will ever be nearer.
            gaps[lane] = if second < f32::INFINITY {
                gap
            } else {
                f32::MAX
            };
        }
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
