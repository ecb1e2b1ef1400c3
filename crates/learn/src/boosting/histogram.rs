//! Histograms: the summed derivatives of a leaf's rows, by column and bin.

use std::ops::Range;

use super::binning::BinnedRows;
use super::sums::Sums;

/// Adds rows to the sums of some neighboring columns.
///
/// `histogram` holds the sums of `columns` only; `packed` holds one entry per row of the data.
pub(super) fn add_rows(
    histogram: &mut [Sums],
    columns: Range<usize>,
    data: &BinnedRows,
    packed: &[Sums],
    rows: &[u32],
) {
    let first = data.offsets[columns.start];
    let offsets: Vec<u32> = data.offsets[columns.clone()]
        .iter()
        .map(|offset| offset - first)
        .collect();
    for &row in rows {
        let sums = packed[row as usize];
        let bins = &data.row(row)[columns.clone()];
        for (&bin, &offset) in bins.iter().zip(&offsets) {
            histogram[offset as usize + usize::from(bin)] += sums;
        }
    }
}

/// Takes a child's sums off its parent's, which leaves the other child's.
pub(super) fn subtract(parent: &mut [Sums], child: &[Sums]) {
    for (sums, &other) in parent.iter_mut().zip(child) {
        *sums -= other;
    }
}

/// Columns in about `n` groups of neighbors.
pub(super) fn column_groups(n_columns: usize, n: usize) -> Vec<Range<usize>> {
    let n = n.clamp(1, n_columns.max(1));
    (0..n)
        .map(|group| group * n_columns / n..(group + 1) * n_columns / n)
        .collect()
}

/// The piece of a histogram that belongs to each group of columns.
pub(super) fn pieces<'a>(
    mut histogram: &'a mut [Sums],
    groups: &[Range<usize>],
    data: &BinnedRows,
) -> Vec<&'a mut [Sums]> {
    let mut pieces = Vec::with_capacity(groups.len());
    for group in groups {
        let length = data.offsets[group.end] - data.offsets[group.start];
        let (piece, rest) = histogram.split_at_mut(length as usize);
        pieces.push(piece);
        histogram = rest;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boosting::data::BoostingData;
    use crate::boosting::loss::Derivative;
    use crate::boosting::sums::Scale;
    use crate::table::Kind;
    use crate::{Cancellation, Context, Matrix, Silent};

    fn binned() -> BinnedRows {
        let records = Matrix::from_rows(&[[1.0, 3.0, 0.0], [2.0, 3.0, 1.0], [1.0, f64::NAN, 2.0]]);
        let cancel = Cancellation::default();
        BinnedRows::of(
            &BoostingData::new(&records, &[Kind::Numeric; 3], &[0.0; 3]),
            255,
            &Context::new(1, &Silent, &cancel),
        )
        .unwrap()
    }

    #[test]
    fn groups_of_columns_together_give_the_whole_histogram() {
        let data = binned();
        let scale = Scale::new(3, 4.0, 1.0);
        let packed = [1.0, 2.0, 4.0].map(|gradient| {
            scale.pack(&Derivative {
                gradient,
                hessian: 1.0,
                weight: 1.0,
            })
        });
        let mut whole = vec![Sums::default(); data.n_sums()];
        let mut grouped = whole.clone();

        add_rows(&mut whole, 0..3, &data, &packed, &[0, 1, 2]);
        let groups = column_groups(3, 2);
        for (group, piece) in groups.iter().zip(pieces(&mut grouped, &groups, &data)) {
            add_rows(piece, group.clone(), &data, &packed, &[0, 1, 2]);
        }

        assert_eq!(groups, [0..1, 1..3]);
        assert_eq!(whole, grouped);
        let gradients: Vec<f64> = whole.iter().map(|&sums| scale.gradient(sums)).collect();
        assert_eq!(gradients, [5.0, 2.0, 0.0, 3.0, 4.0, 1.0, 2.0, 4.0, 0.0]);
    }

    #[test]
    fn there_are_never_more_groups_than_columns() {
        assert_eq!(column_groups(2, 8), [0..1, 1..2]);
        assert_eq!(column_groups(0, 8).len(), 1);
    }
}
