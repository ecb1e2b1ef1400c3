//! One round over one part of the rows: which to look at, where they go, what that changes.

use rapport_kernels::nearest::TILE;
use rapport_learn::Matrix;

use super::assign::{ScaledCenters, settle};
use super::lloyd::Lloyd;
use super::memory::touch;

/// What one part of the rows contributes to a round.
pub(super) struct Moved {
    pub(super) sums: Matrix,
    pub(super) counts: Vec<i64>,
    pub(super) n_changed: usize,
}

/// What all parts of one round share.
pub(super) struct Round<'a> {
    pub(super) lloyd: &'a Lloyd<'a>,
    pub(super) centers: &'a Matrix,
    pub(super) scaled: ScaledCenters,
    /// Drifts rounded up.
    pub(super) drifts: Vec<f32>,
}

/// A row that goes to another center.
#[derive(Clone, Copy)]
struct Move {
    row: usize,
    from: u32,
    to: u32,
}

impl Round<'_> {
    /// Gives the rows of one part to their nearest centers.
    pub(super) fn assign_part(
        &self,
        first_row: usize,
        labels: &mut [u32],
        limits: &mut [f32],
    ) -> Moved {
        let rows = &self.lloyd.rows;
        let mut moves = Vec::new();
        let tiles = labels.chunks_mut(TILE).zip(limits.chunks_mut(TILE));
        for ((labels, limits), tile) in tiles.zip(first_row / TILE..) {
            if !self.is_any_open(labels, limits) {
                continue;
            }
            let found = self.scaled.search(rows, tile);
            let looked_at = found.labels.into_iter().zip(found.gaps);
            let kept = labels.iter_mut().zip(limits);
            for ((row, (label, gap)), (kept_label, limit)) in
                (tile * TILE..).zip(looked_at).zip(kept)
            {
                let (to, gap) = if gap > 0.0 {
                    (label, gap)
                } else if *limit <= self.drifts[*kept_label as usize] {
                    settle(self.lloyd.records.row(row), self.centers, rows.scale)
                } else {
                    continue;
                };
                *limit = below(gap + self.drifts[to as usize]);
                let from = std::mem::replace(kept_label, to);
                if from != to {
                    moves.push(Move { row, from, to });
                }
            }
        }
        self.moved(&moves)
    }

    /// Whether the nearest center of any of these rows may have changed.
    fn is_any_open(&self, labels: &[u32], limits: &[f32]) -> bool {
        // All are counted rather than stopped at the first: which one it is nobody can predict.
        let open = |(&label, &limit): (&u32, &f32)| limit <= self.drifts[label as usize];
        labels.iter().zip(limits).filter(|row| open(*row)).count() > 0
    }

    /// What the moves change in sums and counts.
    fn moved(&self, moves: &[Move]) -> Moved {
        let records = self.lloyd.records;
        let k = self.centers.n_rows();
        let mut moved = Moved {
            sums: Matrix::zeros(k, records.n_columns()),
            counts: vec![0; k],
            n_changed: moves.len(),
        };
        for some in moves.chunks(TILE) {
            let mut values: [&[f64]; TILE] = [&[]; TILE];
            for (slice, step) in values.iter_mut().zip(some) {
                *slice = records.row(step.row);
            }
            touch(&values);
            for (step, values) in some.iter().zip(values) {
                let (from, to) = (step.from as usize, step.to as usize);
                if from < k {
                    subtract(moved.sums.row_mut(from), values);
                    moved.counts[from] -= 1;
                }
                add(moved.sums.row_mut(to), values);
                moved.counts[to] += 1;
            }
        }
        moved
    }
}

/// Adds a row to sums.
pub(super) fn add(sums: &mut [f64], values: &[f64]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}

/// Takes a row off sums.
pub(super) fn subtract(sums: &mut [f64], values: &[f64]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum -= value;
    }
}

/// A single-precision number not below the given one, which is not negative.
pub(super) fn above(value: f64) -> f32 {
    value as f32 * (1.0 + 2.0 * f32::EPSILON)
}

/// Takes off what the sum that made the number may have been rounded up by.
fn below(value: f32) -> f32 {
    value - value.abs() * (4.0 * f32::EPSILON)
}
