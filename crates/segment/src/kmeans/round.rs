//! One round over one part of the rows: which to look at, where they go, what that changes.

use rapport_learn::Matrix;

use super::assign::{ScaledCenters, TILE, Tile, settle};
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
        let mut tile = Tile::new(rows.n_columns);
        let mut moves = Vec::new();
        for chosen in self.open_rows(first_row, labels, limits).chunks(TILE) {
            tile.load(rows, chosen);
            let found = tile.search(&self.scaled);
            for ((&row, &label), &gap) in chosen.iter().zip(&found.labels).zip(&found.gaps) {
                let (to, gap) = if gap > 0.0 {
                    (label, gap)
                } else {
                    settle(self.lloyd.records.row(row), self.centers, rows.scale)
                };
                let slot = row - first_row;
                limits[slot] = below(gap + self.drifts[to as usize]);
                let from = std::mem::replace(&mut labels[slot], to);
                if from != to {
                    moves.push(Move { row, from, to });
                }
            }
        }
        self.moved(&moves)
    }

    /// The rows whose nearest center may have changed.
    fn open_rows(&self, first_row: usize, labels: &[u32], limits: &[f32]) -> Vec<usize> {
        let mut open = vec![0; labels.len()];
        let mut n_open = 0;
        for ((&label, &limit), row) in labels.iter().zip(limits).zip(first_row..) {
            // Written in any case and counted or not: a branch here would be mispredicted often.
            open[n_open] = row;
            n_open += usize::from(limit <= self.drifts[label as usize]);
        }
        open.truncate(n_open);
        open
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
