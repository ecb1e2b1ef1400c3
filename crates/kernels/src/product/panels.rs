//! The right side of a product, packed once so that it is read in the order in which it lies.

use std::ops::Range;

use rayon::prelude::*;

use super::Mat;
use super::tile::{COLUMNS, ROWS, Start, Target, multiply};
use crate::buffer::Blank;

/// Rows of the left side that one task multiplies: many enough to use each panel often, few enough
/// to stay in a core's second cache.
const ROWS_PER_TASK: usize = 126;

/// A matrix in panels of sixteen columns, each panel row after row; the last one is filled up with
/// zeros.
#[derive(Debug, Clone, Default)]
pub(crate) struct Panels {
    numbers: Vec<f32>,
    n_rows: usize,
    n_columns: usize,
}

impl Panels {
    /// Packs a matrix, by the caller alone.
    #[cfg(test)]
    pub(crate) fn of(matrix: Mat<'_>) -> Self {
        let mut panels = Self::default();
        panels.pack(matrix);
        panels
    }

    /// Packs a matrix with all workers.
    pub(crate) fn of_large(matrix: Mat<'_>) -> Self {
        let mut panels = Self::default();
        panels.resize(matrix);
        let len = panels.panel_len();
        panels
            .numbers
            .par_chunks_mut(len)
            .enumerate()
            .for_each(|(panel, to)| pack_panel(matrix, panel * COLUMNS, to));
        panels
    }

    /// Packs another matrix in the place of the last one.
    pub(crate) fn pack(&mut self, matrix: Mat<'_>) {
        self.resize(matrix);
        let len = self.panel_len();
        for (panel, to) in self.numbers.chunks_exact_mut(len).enumerate() {
            pack_panel(matrix, panel * COLUMNS, to);
        }
    }

    fn resize(&mut self, matrix: Mat<'_>) {
        self.n_rows = matrix.n_rows;
        self.n_columns = matrix.n_columns;
        let n_panels = matrix.n_columns.div_ceil(COLUMNS);
        self.numbers.resize(n_panels * matrix.n_rows * COLUMNS, 0.0);
    }

    /// Numbers of a panel; of a matrix without rows there are none to be packed.
    fn panel_len(&self) -> usize {
        (self.n_rows * COLUMNS).max(1)
    }

    /// The whole matrix.
    pub(crate) fn all(&self) -> PanelView<'_> {
        PanelView {
            numbers: self.numbers.as_chunks().0,
            depth: self.n_rows,
            rows: (0, self.n_rows),
            n_columns: self.n_columns,
        }
    }
}

/// Sixteen columns from `column`, row after row.
fn pack_panel(matrix: Mat<'_>, column: usize, to: &mut [f32]) {
    let (to, _) = to.as_chunks_mut::<COLUMNS>();
    let n_columns = COLUMNS.min(matrix.n_columns - column);
    let from = &matrix.data[column * matrix.column_stride..];
    if matrix.column_stride == 1 && n_columns == COLUMNS {
        // The common case, in which the length of a copy is known beforehand.
        for (row, to) in to.iter_mut().enumerate() {
            let from = from[row * matrix.row_stride..].first_chunk();
            *to = *from.expect("a row has its columns");
        }
        return;
    }
    // Column by column: of a transposed matrix these are the numbers that lie together.
    for c in 0..n_columns {
        let from = &from[c * matrix.column_stride..];
        for (row, to) in to.iter_mut().enumerate() {
            to[c] = from[row * matrix.row_stride];
        }
    }
    if n_columns < COLUMNS {
        to.iter_mut().for_each(|to| to[n_columns..].fill(0.0));
    }
}

/// Some rows and columns of packed panels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PanelView<'a> {
    numbers: &'a [[f32; COLUMNS]],
    /// Rows of each panel in memory.
    depth: usize,
    /// The first row and the one after the last.
    rows: (usize, usize),
    n_columns: usize,
}

impl<'a> PanelView<'a> {
    pub(crate) fn n_rows(&self) -> usize {
        self.rows.1 - self.rows.0
    }

    pub(crate) fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// Some of these rows.
    pub(crate) fn rows(self, rows: Range<usize>) -> Self {
        assert!(
            rows.start <= rows.end && rows.end <= self.n_rows(),
            "rows of a matrix"
        );
        Self {
            rows: (self.rows.0 + rows.start, self.rows.0 + rows.end),
            ..self
        }
    }

    /// Some of these columns, from the beginning of a panel.
    pub(crate) fn columns(self, columns: Range<usize>) -> Self {
        assert!(
            columns.start.is_multiple_of(COLUMNS),
            "columns begin a panel"
        );
        assert!(
            columns.start <= columns.end && columns.end <= self.n_columns,
            "columns of a matrix"
        );
        Self {
            numbers: &self.numbers[columns.start / COLUMNS * self.depth..],
            n_columns: columns.len(),
            ..self
        }
    }

    /// The rows of one panel.
    #[inline(always)]
    pub(crate) fn panel(&self, panel: usize, rows: Range<usize>) -> &'a [[f32; COLUMNS]] {
        let from = panel * self.depth + self.rows.0;
        &self.numbers[from + rows.start..from + rows.end]
    }
}

/// Writes `left right` to dense rows, with all workers.
///
/// # Panics
/// When sizes do not agree.
pub(crate) fn product(to: &mut [Blank], left: Mat<'_>, right: &Panels, start: Start<'_>) {
    let n_columns = right.n_columns;
    assert_eq!(
        to.len(),
        left.n_rows * n_columns,
        "a place for every number"
    );
    if to.is_empty() {
        return;
    }
    let n_rows = rows_per_task(left.n_rows);
    to.par_chunks_mut(n_rows * n_columns)
        .enumerate()
        .for_each(|(task, to)| {
            let from = task * n_rows;
            let left = left.rows(from..(from + n_rows).min(left.n_rows));
            let mut to = Target::new(to, n_columns, left.n_rows, n_columns);
            multiply(&mut to, left, right.all(), start);
        });
}

/// Whole tiles, and as many tasks as workers or a multiple of that. How rows are shared out changes
/// no number: each is summed in one order.
fn rows_per_task(n_rows: usize) -> usize {
    let n_workers = rayon::current_num_threads();
    let n_tasks = n_rows.div_ceil(ROWS_PER_TASK).next_multiple_of(n_workers);
    n_rows.div_ceil(n_tasks).next_multiple_of(ROWS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buffer::{blank, written};
    use crate::testing::{assert_close, numbers};

    #[test]
    fn a_product_of_many_rows_agrees_with_its_definition() {
        let (m, k, n) = (301, 20, 35);
        let (a, b) = (numbers(1, m * k), numbers(2, k * n));
        let mut out = blank(m * n);

        let right = Panels::of_large(Mat::new(&b, k, n));
        product(&mut out, Mat::new(&a, m, k), &right, Start::Zero);

        // SAFETY: the product wrote every element.
        let out = unsafe { written(out) };
        let expected: Vec<f32> = (0..m * n)
            .map(|i| (0..k).map(|l| a[i / n * k + l] * b[l * n + i % n]).sum())
            .collect();
        assert_close(&out, &expected, 1e-5);
    }

    #[test]
    fn packing_again_leaves_nothing_of_the_last_matrix() {
        let mut panels = Panels::of(Mat::new(&[7.0; 64], 2, 32));

        panels.pack(Mat::new(&[1.0, 2.0, 3.0, 4.0], 2, 2));

        let view = panels.all();
        assert_eq!((view.n_rows(), view.n_columns()), (2, 2));
        let rows = view.panel(0, 0..2);
        assert_eq!(
            (rows[0][..2].to_vec(), rows[1][..2].to_vec()),
            (vec![1.0, 2.0], vec![3.0, 4.0])
        );
        assert!(rows.iter().all(|row| row[2..].iter().all(|x| *x == 0.0)));
    }
}
