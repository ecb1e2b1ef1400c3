//! Lloyd's algorithm, with bounds that spare most rows in most rounds.
//!
//! # The bound
//! When a row is looked at, its *gap* is how much farther the second nearest center is than the
//! nearest. As centers move, the gap shrinks by at most the way of the row's own center plus the
//! longest way of any other. That sum is the same for all rows of a cluster, so it is kept once
//! per cluster, as its *drift*, and a row stores its gap plus the drift at the time: the row must
//! be looked at again only when its cluster's drift has reached what it stored. A row that is
//! spared costs one comparison and no write.

use std::num::NonZeroUsize;

use rapport_learn::{Context, Matrix, map_parts};

use super::KMeansParams;
use super::assign::ScaledCenters;
use super::round::{Round, above, add, subtract};
use super::scaled::{PART, ScaledRows};
use crate::SegmentError;
use crate::distance::squared_distance;

/// Rows made ready for Lloyd's algorithm, from any number of starts.
#[derive(Debug)]
pub(super) struct Lloyd<'a> {
    pub(super) records: &'a Matrix,
    pub(super) rows: ScaledRows,
}

/// Where Lloyd's algorithm ended.
#[derive(Debug)]
pub(super) struct Refined {
    pub(super) centers: Matrix,
    pub(super) labels: Vec<u32>,
    pub(super) inertia: f64,
    pub(super) n_iterations: usize,
    pub(super) converged: bool,
}

impl<'a> Lloyd<'a> {
    pub(super) fn new(records: &'a Matrix, context: &Context<'_>) -> Result<Self, SegmentError> {
        let rows = ScaledRows::of(records, context)?;
        Ok(Self { records, rows })
    }

    /// Moves centers until they rest.
    pub(super) fn refine(
        &self,
        centers: Matrix,
        params: &KMeansParams,
        context: &Context<'_>,
    ) -> Result<Refined, SegmentError> {
        let tolerance = params.tolerance * self.rows.mean_variance;
        let mut state = State::new(self, centers);
        let mut n_iterations = 0;
        let mut converged = false;
        while !converged && n_iterations < params.max_iterations {
            context.proceed()?;
            n_iterations += 1;
            let n_changed = state.assign(context.threads) + state.fill_empty();
            if n_changed == 0 && state.is_fresh {
                converged = true;
            } else if n_changed == 0 {
                state.sum_afresh(context.threads);
                state.move_centers();
            } else if state.move_centers() <= tolerance {
                converged = true;
            }
        }
        if !state.is_fresh {
            state.sum_afresh(context.threads);
            state.move_centers();
        }
        context.proceed()?;
        // The last movement may have changed which center is nearest; labels follow the centers.
        state.assign(context.threads);
        let inertia = state.inertia(context.threads);
        Ok(Refined {
            centers: state.centers,
            labels: state.labels,
            inertia,
            n_iterations,
            converged,
        })
    }
}

/// What changes from round to round.
struct State<'a> {
    lloyd: &'a Lloyd<'a>,
    centers: Matrix,
    /// Per row: the number of its center, or `k` as long as it has none.
    labels: Vec<u32>,
    /// Per row: its gap plus its cluster's drift when it was last looked at, rounded down.
    limits: Vec<f32>,
    /// Per cluster: how much gaps have shrunk at most since the start.
    drifts: Vec<f64>,
    /// Per cluster: sum of its rows, kept up to date by the rows that move.
    sums: Matrix,
    counts: Vec<i64>,
    /// Whether `sums` were added up from scratch and have not gathered roundings since.
    is_fresh: bool,
}

impl<'a> State<'a> {
    fn new(lloyd: &'a Lloyd<'a>, centers: Matrix) -> Self {
        let (n, k) = (lloyd.records.n_rows(), centers.n_rows());
        Self {
            lloyd,
            labels: vec![k as u32; n],
            limits: vec![f32::NEG_INFINITY; n],
            drifts: vec![0.0; k],
            sums: Matrix::zeros(k, centers.n_columns()),
            counts: vec![0; k],
            centers,
            is_fresh: true,
        }
    }

    /// Gives every row to its nearest center; returns how many rows changed theirs.
    fn assign(&mut self, threads: NonZeroUsize) -> usize {
        let round = Round {
            lloyd: self.lloyd,
            centers: &self.centers,
            scaled: ScaledCenters::of(&self.centers, &self.lloyd.rows),
            // One more for rows without a center: their limit lies below any drift.
            drifts: self
                .drifts
                .iter()
                .copied()
                .chain([0.0])
                .map(above)
                .collect(),
        };
        let pieces = self
            .labels
            .chunks_mut(PART)
            .zip(self.limits.chunks_mut(PART))
            .enumerate();
        let parts = map_parts(threads, pieces, |(part, (labels, limits))| {
            round.assign_part(part * PART, labels, limits)
        });
        let was_empty = self.counts.iter().all(|&count| count == 0);
        let mut n_changed = 0;
        for part in parts {
            n_changed += part.n_changed;
            add(self.sums.values_mut(), part.sums.values());
            for (count, more) in self.counts.iter_mut().zip(part.counts) {
                *count += more;
            }
        }
        self.is_fresh = was_empty || (self.is_fresh && n_changed == 0);
        n_changed
    }

    /// Moves each center to the mean of its rows; returns the summed squared movement.
    fn move_centers(&mut self) -> f64 {
        let scale = self.lloyd.rows.scale;
        let mut ways = Vec::with_capacity(self.counts.len());
        let mut total = 0.0;
        for (center, &count) in self.counts.iter().enumerate() {
            // With fewer different rows than centers some stay empty; those stay where they are.
            let mean: Vec<f64> = if count > 0 {
                let sums = self.sums.row(center).iter();
                sums.map(|sum| sum / count as f64).collect()
            } else {
                self.centers.row(center).to_vec()
            };
            let square = squared_distance(self.centers.row(center), &mean);
            self.centers.row_mut(center).copy_from_slice(&mean);
            total += square;
            ways.push(square.sqrt() * scale * (1.0 + 1e-9));
        }
        for (center, drift) in self.drifts.iter_mut().enumerate() {
            let others = ways
                .iter()
                .enumerate()
                .filter(|&(other, _)| other != center);
            let longest = others.map(|(_, &way)| way).fold(0.0, f64::max);
            *drift += ways[center] + longest;
        }
        total
    }

    /// Gives each center without rows the row farthest from its own center, the farthest first;
    /// returns how many rows moved.
    fn fill_empty(&mut self) -> usize {
        let empty: Vec<usize> = (0..self.counts.len())
            .filter(|&center| self.counts[center] == 0)
            .collect();
        if empty.is_empty() {
            return 0;
        }
        let records = self.lloyd.records;
        let mut far: Vec<(f64, usize)> = records
            .rows()
            .zip(&self.labels)
            .map(|(row, &label)| squared_distance(row, self.centers.row(label as usize)))
            .zip(0..)
            .filter(|&(distance, _)| distance > 0.0)
            .collect();
        far.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut n_moved = 0;
        let mut far = far.into_iter();
        for center in empty {
            // A cluster is never emptied to fill another.
            let Some((_, row)) = far.find(|&(_, row)| self.counts[self.labels[row] as usize] > 1)
            else {
                break;
            };
            let from = self.labels[row] as usize;
            let values = records.row(row);
            subtract(self.sums.row_mut(from), values);
            add(self.sums.row_mut(center), values);
            self.counts[from] -= 1;
            self.counts[center] += 1;
            self.labels[row] = center as u32;
            self.limits[row] = f32::NEG_INFINITY;
            self.is_fresh = false;
            n_moved += 1;
        }
        n_moved
    }

    /// Adds the sums up from scratch, shedding the roundings of rows that came and went.
    fn sum_afresh(&mut self, threads: NonZeroUsize) {
        let records = self.lloyd.records;
        let parts = map_parts(
            threads,
            self.labels.chunks(PART).enumerate(),
            |(part, labels)| {
                let mut sums = Matrix::zeros(self.centers.n_rows(), records.n_columns());
                for (offset, &label) in labels.iter().enumerate() {
                    add(
                        sums.row_mut(label as usize),
                        records.row(part * PART + offset),
                    );
                }
                sums
            },
        );
        self.sums.values_mut().fill(0.0);
        for part in parts {
            add(self.sums.values_mut(), part.values());
        }
        self.is_fresh = true;
    }

    /// Summed squared distance of rows to their centers.
    fn inertia(&self, threads: NonZeroUsize) -> f64 {
        let records = self.lloyd.records;
        let parts = map_parts(
            threads,
            self.labels.chunks(PART).enumerate(),
            |(part, labels)| {
                let mut sum = 0.0;
                for (offset, &label) in labels.iter().enumerate() {
                    let row = records.row(part * PART + offset);
                    sum += squared_distance(row, self.centers.row(label as usize));
                }
                sum
            },
        );
        parts.into_iter().sum()
    }
}
