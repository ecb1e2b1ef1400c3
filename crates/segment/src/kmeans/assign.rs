//! The step that takes nearly all the time: which center is nearest to each row.
//!
//! Sixteen rows at a time, feature by feature, in single precision ([`nearest`]): a *score* orders
//! centers as their distance does, since `|x - c|^2 = |x|^2 + 2 score(c)`.
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

use rapport_kernels::nearest::{self, TILE, TwoNearest};
use rapport_learn::Matrix;

use super::scaled::ScaledRows;
use crate::distance::two_nearest;

/// Slack of a few roundings in the last steps, relative.
const SLACK: f32 = 4.0 * f32::EPSILON;
/// Absolute slack, for values so small that their squares vanish.
const TINY: f32 = 1e-30;

/// Centers as the tiles read them.
#[derive(Debug)]
pub(super) struct ScaledCenters {
    /// Shifted and scaled as the rows are, times the step of the column.
    centers: nearest::Centers,
    /// Length of the longest.
    longest: f32,
    /// How far the copies of rows are from the rows at most.
    blur: f32,
    n_columns: usize,
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
            centers: nearest::Centers::new(&values, &half_squares, rows.n_columns),
            longest: longest as f32,
            blur: rows.blur,
            n_columns: rows.n_columns,
        }
    }

    /// Finds the nearest centers of the rows of a tile.
    pub(super) fn search(&self, rows: &ScaledRows, tile: usize) -> Found {
        let mut nearest = TwoNearest::nothing();
        nearest::two_nearest(rows.tile(tile), &self.centers, &mut nearest);
        let mut gaps = [0.0; TILE];
        self.write_gaps(rows.norms_of(tile), &nearest, &mut gaps);
        Found {
            labels: nearest.labels,
            gaps,
        }
    }

    /// Lower bounds on how much farther the second nearest center is than the nearest.
    ///
    /// Kept out of its caller so that the compiler sees numbers that end in memory side by side,
    /// which is what makes it use vectors.
    #[inline(never)]
    fn write_gaps(&self, norms: &[f32; TILE], nearest: &TwoNearest, gaps: &mut [f32; TILE]) {
        let unit = f32::EPSILON * (self.n_columns + 16) as f32;
        for (lane, gap) in gaps.iter_mut().enumerate() {
            let norm = norms[lane];
            let reach = norm + self.longest;
            let error = unit * reach * reach + TINY;
            let square = norm * norm;
            let first = positive(square + 2.0 * nearest.best[lane] + error).sqrt();
            let second = positive(square + 2.0 * nearest.second[lane] - error).sqrt();
            let apart = second - first - SLACK * (second + first) - 2.0 * self.blur;
            // A center without rivals has an endless second: nothing will ever be nearer.
            *gap = if second < f32::INFINITY {
                apart
            } else {
                f32::MAX
            };
        }
    }
}

/// What was found for each row of a tile.
#[derive(Debug)]
pub(super) struct Found {
    /// Number of the nearest center.
    pub(super) labels: [u32; TILE],
    /// At most how much farther the second nearest is than the nearest, in scaled distance. When
    /// it is not above zero, the row is not settled and the label is a guess.
    pub(super) gaps: [f32; TILE],
}

/// The number, or zero where it is negative; unlike `max`, one instruction.
fn positive(value: f32) -> f32 {
    if value > 0.0 { value } else { 0.0 }
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
