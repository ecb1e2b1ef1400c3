//! A single-precision copy of the rows, shifted and scaled so that its error has a simple bound.

use rapport_learn::{Context, Matrix, map_parts};

use crate::SegmentError;

/// Rows handled by one thread at a time; fixed, so that sums do not depend on the threads.
pub(super) const PART: usize = 16_384;

/// Rows as `(row - mean) * scale`, with `scale` a power of two that brings every value into
/// `[-1, 1]`: half the memory to read, twice the lanes, and no overflow.
#[derive(Debug)]
pub(super) struct ScaledRows {
    pub(super) n_columns: usize,
    pub(super) values: Vec<f32>,
    /// Length of each scaled row.
    pub(super) norms: Vec<f32>,
    pub(super) mean: Vec<f64>,
    pub(super) scale: f64,
    /// Mean over columns of their variance, unscaled.
    pub(super) mean_variance: f64,
}

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
        let scale = extent.scale(&mean);
        let (n, d) = (records.n_rows(), records.n_columns());
        let mut values = vec![0.0; n * d];
        let mut norms = vec![0.0; n];
        let pieces = values
            .chunks_mut(PART * d)
            .zip(norms.chunks_mut(PART))
            .enumerate();
        let squares = map_parts(context.threads, pieces, |(part, (values, norms))| {
            let mut squares = 0.0;
            for (offset, (row, norm)) in values.chunks_exact_mut(d).zip(norms).enumerate() {
                let mut length = 0.0;
                let record = records.row(part * PART + offset);
                for ((value, &raw), mean) in row.iter_mut().zip(record).zip(&mean) {
                    let scaled = (raw - mean) * scale;
                    length += scaled * scaled;
                    *value = scaled as f32;
                }
                squares += length;
                *norm = length.sqrt() as f32;
            }
            squares
        });
        let total: f64 = squares.into_iter().sum();
        Ok(Self {
            n_columns: d,
            values,
            norms,
            mean,
            mean_variance: total / (scale * scale) / (n * d) as f64,
            scale,
        })
    }

    pub(super) fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.n_columns..(row + 1) * self.n_columns]
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

    /// The largest power of two that keeps every centered value within `[-1, 1]`.
    fn scale(&self, mean: &[f64]) -> f64 {
        let largest = self
            .lows
            .iter()
            .zip(&self.highs)
            .zip(mean)
            .map(|((low, high), mean)| (high - mean).max(mean - low))
            .fold(0.0, f64::max);
        if largest > 0.0 {
            // The exponent is kept so small that its square is a double, however small the values.
            (-largest.log2().ceil().max(-500.0)).exp2()
        } else {
            1.0
        }
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
    fn values_lie_within_one_and_fill_at_least_half() {
        let rows = scaled(&Matrix::from_rows(&[[1e6, 3.0], [1e6 + 900.0, 5.0]]));

        let largest = rows.values.iter().fold(0.0_f32, |a, b| a.max(b.abs()));
        assert!((0.5..=1.0).contains(&largest), "{largest}");
        // Worked by hand: variances 450^2 and 1.
        assert!((rows.mean_variance - (202_500.0 + 1.0) / 2.0).abs() < 1e-9);
    }

    #[test]
    fn rows_that_are_all_alike_become_zero() {
        let rows = scaled(&Matrix::from_rows(&[[7.0], [7.0], [7.0]]));

        assert_eq!(rows.values, [0.0; 3]);
        assert_eq!((rows.scale, rows.mean_variance), (1.0, 0.0));
    }
}
