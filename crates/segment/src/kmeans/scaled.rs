//! A compact copy of the rows: sixteen bits per value, with a bound on what that loses.
//!
//! Memory is what a round waits for. Sixteen bits instead of sixty-four let the copy of a million
//! rows nearly fit the last cache, and rows lie in tiles of sixteen, feature by feature, so that they
//! are read in one sweep and worked on side by side as they come.

use rapport_kernels::nearest::TILE;
use rapport_learn::{Context, Matrix, map_parts};

use crate::SegmentError;

/// Rows handled by one thread at a time; fixed, so that sums do not depend on the threads. Whole
/// tiles.
pub(super) const PART: usize = 16_384;

/// Rows as `(row - mean) * scale`, with `scale` a power of two that brings every value into
/// `[-1, 1]`, and each column then in whole steps of 1/32767 of its own reach.
#[derive(Debug)]
pub(super) struct ScaledRows {
    pub(super) n_columns: usize,
    /// `(n_tiles, n_columns, 16)`, in steps; zeros behind the last row.
    values: Vec<i16>,
    /// The step of each column, scaled.
    pub(super) steps: Vec<f64>,
    /// Length of each row of the copy, scaled; zeros behind the last row.
    norms: Vec<[f32; TILE]>,
    /// How far a row of the copy is from the row itself at most, scaled.
    pub(super) blur: f32,
    pub(super) mean: Vec<f64>,
    pub(super) scale: f64,
    /// Mean over columns of their variance, unscaled.
    pub(super) mean_variance: f64,
}

/// Steps from the mean of a column to its farthest value.
const STEPS: f64 = 32_767.0;
/// Added to a number of moderate size, it leaves no bits for a fraction and thereby rounds to the
/// nearest whole number, which then stands in the lowest bits; unlike `round`, this runs in lanes.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

impl ScaledRows {
    /// Copies the rows.
    ///
    /// # Errors
    /// Missing or huge values; cancellation.
    ///
    /// # Panics
    /// When there are no columns.
    pub(super) fn of(records: &Matrix, context: &Context<'_>) -> Result<Self, SegmentError> {
        context.proceed()?;
        let extent = Extent::of(records, context);
        if !extent.is_in_range() {
            crate::distance::require_range(records)?;
        }
        context.proceed()?;
        let mean = extent.mean(records.n_rows());
        let reaches = extent.reaches(&mean);
        let scale = power_of_two_for(reaches.iter().copied().fold(0.0, f64::max));
        let steps: Vec<f64> = reaches.iter().map(|reach| reach * scale / STEPS).collect();
        let n_tiles = records.n_rows().div_ceil(TILE);
        let mut copy = Self {
            n_columns: records.n_columns(),
            values: vec![0; n_tiles * TILE * records.n_columns()],
            norms: vec![[0.0; TILE]; n_tiles],
            // Half a step in each column, and a little for the roundings on the way.
            blur: (0.500_1 * steps.iter().map(|step| step * step).sum::<f64>().sqrt()) as f32,
            steps,
            mean,
            scale,
            mean_variance: 0.0,
        };
        let squares = copy.fill(records, context);
        copy.mean_variance = squares / (scale * scale) / records.values().len() as f64;
        Ok(copy)
    }

    /// Writes values and norms; returns the summed squared length of the scaled rows.
    fn fill(&mut self, records: &Matrix, context: &Context<'_>) -> f64 {
        let d = self.n_columns;
        let columns: Vec<Column> = self
            .mean
            .iter()
            .zip(&self.steps)
            .map(|(&mean, &step)| Column {
                mean,
                step,
                steps_per_unit: if step > 0.0 { self.scale / step } else { 0.0 },
            })
            .collect();
        let scale = self.scale;
        let pieces = self
            .values
            .chunks_mut(PART * d)
            .zip(self.norms.chunks_mut(PART / TILE))
            .enumerate();
        let squares = map_parts(context.threads, pieces, |(part, (values, norms))| {
            let tiles = values.chunks_exact_mut(TILE * d).zip(norms);
            let mut squares = 0.0;
            for ((values, norms), first) in tiles.zip((part * PART..).step_by(TILE)) {
                for (lane, norm) in norms.iter_mut().enumerate() {
                    if first + lane == records.n_rows() {
                        break;
                    }
                    let (mut exact, mut copied) = (0.0, 0.0);
                    let lanes = values.chunks_exact_mut(TILE);
                    let record = records.row(first + lane);
                    for ((lanes, &raw), column) in lanes.zip(record).zip(&columns) {
                        let centered = raw - column.mean;
                        let rounded = centered * column.steps_per_unit + ROUNDER;
                        lanes[lane] = rounded.to_bits() as i16;
                        let copy = (rounded - ROUNDER) * column.step;
                        exact += centered * centered;
                        copied += copy * copy;
                    }
                    squares += exact * (scale * scale);
                    *norm = copied.sqrt() as f32;
                }
            }
            squares
        });
        squares.into_iter().sum()
    }

    /// Sixteen rows, `(n_columns, 16)`.
    pub(super) fn tile(&self, tile: usize) -> &[i16] {
        let size = TILE * self.n_columns;
        &self.values[tile * size..(tile + 1) * size]
    }

    /// Lengths of the rows of a tile.
    pub(super) fn norms_of(&self, tile: usize) -> &[f32; TILE] {
        &self.norms[tile]
    }
}

/// How one column becomes steps.
struct Column {
    mean: f64,
    /// Scaled size of a step.
    step: f64,
    /// Steps in one unit of the column.
    steps_per_unit: f64,
}

/// The largest power of two whose product with the given number is at most 1; 1 for zero.
fn power_of_two_for(largest: f64) -> f64 {
    if largest > 0.0 {
        // The exponent is kept so small that its square is a double, however small the number.
        (-largest.log2().ceil().max(-500.0)).exp2()
    } else {
        1.0
    }
}

/// Sum, smallest and largest value per column.
struct Extent {
    sums: Vec<f64>,
    lows: Vec<f64>,
    highs: Vec<f64>,
}

impl Extent {
    fn of(records: &Matrix, context: &Context<'_>) -> Self {
        let n = records.n_rows();
        let parts = map_parts(context.threads, 0..n.div_ceil(PART), |part| {
            let mut extent = Self::empty(records.n_columns());
            for row in part * PART..n.min((part + 1) * PART) {
                extent.add(records.row(row));
            }
            extent
        });
        parts
            .into_iter()
            .reduce(Self::merged)
            .unwrap_or_else(|| Self::empty(records.n_columns()))
    }

    fn empty(n_columns: usize) -> Self {
        Self {
            sums: vec![0.0; n_columns],
            lows: vec![f64::INFINITY; n_columns],
            highs: vec![f64::NEG_INFINITY; n_columns],
        }
    }

    fn add(&mut self, row: &[f64]) {
        let extremes = self.lows.iter_mut().zip(&mut self.highs);
        for ((&value, sum), (low, high)) in row.iter().zip(&mut self.sums).zip(extremes) {
            *sum += value;
            *low = if value < *low { value } else { *low };
            *high = if value > *high { value } else { *high };
        }
    }

    fn merged(mut self, other: Self) -> Self {
        for (sum, more) in self.sums.iter_mut().zip(other.sums) {
            *sum += more;
        }
        for (low, more) in self.lows.iter_mut().zip(other.lows) {
            *low = low.min(more);
        }
        for (high, more) in self.highs.iter_mut().zip(other.highs) {
            *high = high.max(more);
        }
        self
    }

    /// Missing values spoil the sum, huge ones show as extremes.
    fn is_in_range(&self) -> bool {
        let extremes = self.lows.iter().chain(&self.highs);
        self.sums.iter().all(|sum| sum.is_finite()) && extremes.clone().all(|e| e.abs() <= 1e150)
    }

    fn mean(&self, n_rows: usize) -> Vec<f64> {
        self.sums.iter().map(|sum| sum / n_rows as f64).collect()
    }

    /// How far the values of each column are from the mean at most.
    fn reaches(&self, mean: &[f64]) -> Vec<f64> {
        let extremes = self.lows.iter().zip(&self.highs);
        extremes
            .zip(mean)
            .map(|((low, high), mean)| (high - mean).max(mean - low))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use rapport_learn::{Cancellation, Silent};

    use super::*;

    fn scaled(records: &Matrix) -> ScaledRows {
        let cancel = Cancellation::default();
        ScaledRows::of(records, &Context::new(1, &Silent, &cancel)).unwrap()
    }

    #[test]
    fn every_row_of_the_copy_is_within_the_blur() {
        let records = Matrix::from_rows(&[[1e6, 3.0], [1e6 + 901.0, 5.0], [1e6 + 17.0, 4.4]]);

        let rows = scaled(&records);

        for (at, record) in records.rows().enumerate() {
            let mut square = 0.0;
            for (column, value) in record.iter().enumerate() {
                let exact = (value - rows.mean[column]) * rows.scale;
                let copy = f64::from(rows.tile(0)[column * TILE + at]) * rows.steps[column];
                assert!((-1.0..=1.0).contains(&exact));
                square += (exact - copy).powi(2);
            }
            assert!(square.sqrt() <= f64::from(rows.blur));
        }
    }

    /// Worked by hand: variances 450^2 and 1.
    #[test]
    fn the_mean_variance_is_that_of_the_rows() {
        let rows = scaled(&Matrix::from_rows(&[[1e6, 3.0], [1e6 + 900.0, 5.0]]));

        assert!((rows.mean_variance - (202_500.0 + 1.0) / 2.0).abs() < 1e-9);
    }

    #[test]
    fn rows_that_are_all_alike_become_zero() {
        let rows = scaled(&Matrix::from_rows(&[[7.0], [7.0], [7.0]]));

        assert_eq!(rows.values, [0; TILE]);
        assert_eq!((rows.scale, rows.mean_variance, rows.blur), (1.0, 0.0, 0.0));
    }
}
