//! All rows in bins: one byte per value.

use rand::seq::index;

use super::bins::Bins;
use super::data::{BoostingData, category};
use crate::table::Kind;
use crate::{Context, LearnError, Matrix, map_parts, rng};

/// Bins are chosen from this many rows at most, drawn by the seed.
const SAMPLE_SIZE: usize = 200_000;
/// Rows that one thread turns into bins at a time.
const PART: usize = 8192;

/// Rows in bins, row after row, and where the sums of each column's bins stand in a histogram.
#[derive(Debug, Clone)]
pub(super) struct BinnedRows {
    /// `(n_columns,)`.
    pub(super) bins: Vec<Bins>,
    /// `(n_rows, n_columns)`.
    pub(super) values: Vec<u8>,
    /// `(n_columns + 1,)`: the first sum of each column in a histogram, and the end.
    pub(super) offsets: Vec<u32>,
}

impl BinnedRows {
    /// Chooses bins and puts all rows into them.
    ///
    /// # Errors
    /// Cancellation or the deadline.
    pub(super) fn of(
        data: &BoostingData<'_>,
        max_bins: usize,
        context: &Context<'_>,
    ) -> Result<Self, LearnError> {
        let rows = rows_for_choice(data.n_samples(), context.seed);
        let columns = map_parts(context.threads, 0..data.kinds.len(), |column| {
            context.proceed()?;
            Ok(choose(data, column, &rows, max_bins))
        });
        let bins = columns
            .into_iter()
            .collect::<Result<Vec<_>, LearnError>>()?;
        context.proceed()?;
        let values = put_into_bins(data.records, &bins, context);
        Ok(Self::new(bins, values))
    }

    pub(super) fn n_columns(&self) -> usize {
        self.bins.len()
    }

    /// Sums in a histogram of all columns.
    pub(super) fn n_sums(&self) -> usize {
        self.offsets[self.n_columns()] as usize
    }

    /// The bins of one row, `(n_columns,)`.
    pub(super) fn row(&self, row: u32) -> &[u8] {
        let at = row as usize * self.n_columns();
        &self.values[at..at + self.n_columns()]
    }

    /// The same rows with these columns only.
    pub(super) fn select(&self, columns: &[usize]) -> Self {
        let bins = columns.iter().map(|&column| self.bins[column].clone());
        let values = self
            .values
            .chunks_exact(self.n_columns())
            .flat_map(|row| columns.iter().map(|&column| row[column]));
        Self::new(bins.collect(), values.collect())
    }

    fn new(bins: Vec<Bins>, values: Vec<u8>) -> Self {
        let mut offsets = vec![0];
        let mut end = 0;
        for column in &bins {
            end += column.n_bins() as u32;
            offsets.push(end);
        }
        Self {
            bins,
            values,
            offsets,
        }
    }
}

/// All rows, or a draw of them when there are very many.
fn rows_for_choice(n_rows: usize, seed: u64) -> Vec<usize> {
    if n_rows <= SAMPLE_SIZE {
        return (0..n_rows).collect();
    }
    let mut generator = rng(seed, "rows that bins are chosen from");
    let mut rows = index::sample(&mut generator, n_rows, SAMPLE_SIZE).into_vec();
    rows.sort_unstable();
    rows
}

fn choose(data: &BoostingData<'_>, column: usize, rows: &[usize], max_bins: usize) -> Bins {
    let pairs = rows
        .iter()
        .map(|&row| (data.records.row(row)[column], data.weight(row)))
        .filter(|&(value, weight)| value.is_finite() && weight > 0.0);
    match data.kinds[column] {
        Kind::Numeric => Bins::of_numbers(pairs.collect(), max_bins),
        Kind::Categorical => {
            let codes = pairs.filter_map(|(value, _)| category(value));
            Bins::of_categories(codes, max_bins)
        }
    }
}

fn put_into_bins(records: &Matrix, bins: &[Bins], context: &Context<'_>) -> Vec<u8> {
    let width = bins.len();
    let mut values = vec![0; records.n_rows() * width];
    if width == 0 {
        return values;
    }
    let parts = values.chunks_mut(PART * width).enumerate();
    map_parts(context.threads, parts, |(part, values)| {
        for (offset, values) in values.chunks_exact_mut(width).enumerate() {
            let record = records.row(part * PART + offset);
            for ((bin, &value), column) in values.iter_mut().zip(record).zip(bins) {
                *bin = column.bin(value);
            }
        }
    });
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cancellation, Silent};

    fn binned(records: &Matrix, kinds: &[Kind], max_bins: usize) -> BinnedRows {
        let targets = vec![0.0; records.n_rows()];
        let cancel = Cancellation::default();
        BinnedRows::of(
            &BoostingData::new(records, kinds, &targets),
            max_bins,
            &Context::new(1, &Silent, &cancel),
        )
        .unwrap()
    }

    #[test]
    fn every_value_has_the_bin_of_its_column() {
        let records = Matrix::from_rows(&[[1.0, 5.0], [2.0, f64::NAN], [1.0, 7.0]]);

        let rows = binned(&records, &[Kind::Numeric, Kind::Categorical], 255);

        assert_eq!(rows.values, [0, 0, 1, 2, 0, 1]);
        assert_eq!(rows.offsets, [0, 3, 6]);
        let second = rows.select(&[1]);
        assert_eq!((second.values, second.offsets), (vec![0, 2, 1], vec![0, 3]));
    }

    #[test]
    fn many_rows_are_binned_from_a_draw() {
        let n = SAMPLE_SIZE + 1000;
        let records = Matrix::new(n, 1, (0..n).map(|row| row as f64).collect()).unwrap();

        let rows = binned(&records, &[Kind::Numeric], 10);

        let mut counts = [0_usize; 10];
        for &bin in &rows.values {
            counts[usize::from(bin)] += 1;
        }
        assert!(
            counts.iter().all(|count| count.abs_diff(n / 10) < n / 100),
            "{counts:?}"
        );
    }
}
