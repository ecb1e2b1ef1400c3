//! The matrix product, with the bounds checked that its pointers rely on.
//!
//! There are two. [`write`] and [`add`] take both sides as they lie. [`panels::product`] has the right
//! side packed: faster where it meets many rows, and able to begin from biases.

mod lanes;
pub(crate) mod panels;
pub(crate) mod tile;

use std::ops::Range;

use gemm::Parallelism;

use crate::buffer::{Blank, as_blank};

/// A matrix in somebody's numbers: element `(row, column)` is at `row * row_stride + column *
/// column_stride`. Rows may overlap.
#[derive(Clone, Copy)]
pub(crate) struct Mat<'a> {
    data: &'a [f32],
    n_rows: usize,
    n_columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a> Mat<'a> {
    /// Rows one after the other: `(n_rows, n_columns)`.
    pub(crate) fn new(data: &'a [f32], n_rows: usize, n_columns: usize) -> Self {
        Self::strided(data, n_rows, n_columns, n_columns)
    }

    /// Rows that begin `row_stride` numbers apart.
    pub(crate) fn strided(
        data: &'a [f32],
        n_rows: usize,
        n_columns: usize,
        row_stride: usize,
    ) -> Self {
        assert_fits(data.len(), n_rows, n_columns, row_stride);
        Self {
            data,
            n_rows,
            n_columns,
            row_stride,
            column_stride: 1,
        }
    }

    /// Some of these rows.
    pub(crate) fn rows(self, rows: Range<usize>) -> Self {
        assert!(
            rows.start < rows.end && rows.end <= self.n_rows,
            "rows of a matrix"
        );
        Self {
            data: &self.data[rows.start * self.row_stride..],
            n_rows: rows.len(),
            ..self
        }
    }

    /// The same numbers with rows and columns exchanged.
    pub(crate) fn transposed(self) -> Self {
        Self {
            n_rows: self.n_columns,
            n_columns: self.n_rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
            ..self
        }
    }
}

/// Who computes a product.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Threads {
    /// The caller alone: it is one of several workers already.
    One,
    /// The workers of the pool that the caller is in.
    All,
}

/// Writes `a b` to `to`, whose rows begin `row_stride` numbers apart. What lies between is left.
pub(crate) fn write(to: &mut [Blank], row_stride: usize, a: Mat<'_>, b: Mat<'_>, threads: Threads) {
    multiply(to, row_stride, a, b, Before::Blank, threads);
}

/// Adds `a b` to `to`, whose rows begin `row_stride` numbers apart.
pub(crate) fn add(to: &mut [f32], row_stride: usize, a: Mat<'_>, b: Mat<'_>, threads: Threads) {
    multiply(as_blank(to), row_stride, a, b, Before::Numbers, threads);
}

/// What is in the result's place before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Blank,
    Numbers,
}

fn multiply(
    to: &mut [Blank],
    row_stride: usize,
    a: Mat<'_>,
    b: Mat<'_>,
    before: Before,
    threads: Threads,
) {
    assert_eq!(a.n_columns, b.n_rows, "inner sizes of a product");
    assert!(
        row_stride >= b.n_columns,
        "rows of a product may not overlap"
    );
    assert_fits(to.len(), a.n_rows, b.n_columns, row_stride);
    let parallelism = match threads {
        Threads::One => Parallelism::None,
        Threads::All => Parallelism::Rayon(0),
    };
    // SAFETY: `Mat` and the assertions above keep every element that is touched inside its slice;
    // `to` is borrowed mutably, so it overlaps neither `a` nor `b`; its old content is read only
    // when `before` says that there are numbers.
    unsafe {
        gemm::gemm(
            a.n_rows,
            b.n_columns,
            a.n_columns,
            to.as_mut_ptr().cast::<f32>(),
            1,
            row_stride as isize,
            before == Before::Numbers,
            a.data.as_ptr(),
            a.column_stride as isize,
            a.row_stride as isize,
            b.data.as_ptr(),
            b.column_stride as isize,
            b.row_stride as isize,
            1.0,
            1.0,
            false,
            false,
            false,
            parallelism,
        );
    }
}

/// Checks that rows that begin `row_stride` numbers apart end within `len` numbers.
fn assert_fits(len: usize, n_rows: usize, n_columns: usize, row_stride: usize) {
    if n_rows > 0 && n_columns > 0 {
        let needed = (n_rows - 1)
            .checked_mul(row_stride)
            .and_then(|start| start.checked_add(n_columns));
        assert!(
            needed.is_some_and(|needed| needed <= len),
            "{n_rows} rows of {n_columns}, {row_stride} apart, do not fit into {len} numbers"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_close, numbers};

    fn naive(a: &[f32], b: &[f32], m: usize, k: usize, n: usize) -> Vec<f32> {
        let mut out = vec![0.0; m * n];
        for i in 0..m {
            for j in 0..n {
                out[i * n + j] = (0..k).map(|l| a[i * k + l] * b[l * n + j]).sum();
            }
        }
        out
    }

    #[test]
    fn a_product_agrees_with_its_definition() {
        for (m, k, n) in [(1, 1, 1), (3, 5, 2), (17, 33, 9), (64, 100, 65)] {
            let (a, b) = (numbers(1, m * k), numbers(2, k * n));
            let expected = naive(&a, &b, m, k, n);
            let mut out = vec![0.0; m * n];

            add(
                &mut out,
                n,
                Mat::new(&a, m, k),
                Mat::new(&b, k, n),
                Threads::All,
            );

            assert_close(&out, &expected, 1e-5);
        }
    }

    #[test]
    fn transposed_and_strided_matrices_are_read_in_place() {
        let (m, k, n) = (4, 3, 2);
        let (at, b) = (numbers(1, k * m), numbers(2, k * (n + 3)));
        let a: Vec<f32> = (0..m * k).map(|i| at[(i % k) * m + i / k]).collect();
        let dense: Vec<f32> = (0..k * n).map(|i| b[(i / n) * (n + 3) + i % n]).collect();
        let mut out = vec![1.0; m * 5];

        let left = Mat::new(&at, k, m).transposed();
        let right = Mat::strided(&b, k, n, n + 3);
        add(&mut out, 5, left, right, Threads::One);

        let expected = naive(&a, &dense, m, k, n);
        for row in 0..m {
            let sums: Vec<f32> = expected[row * n..][..n].iter().map(|x| x + 1.0).collect();
            assert_close(&out[row * 5..][..n], &sums, 1e-6);
            assert_eq!(out[row * 5 + n..][..5 - n], [1.0; 3], "between the rows");
        }
    }

    #[test]
    #[should_panic(expected = "do not fit")]
    fn a_matrix_larger_than_its_numbers_is_refused() {
        let _ = Mat::new(&[0.0; 5], 2, 3);
    }

    #[test]
    #[should_panic(expected = "inner sizes")]
    fn matrices_that_do_not_meet_are_refused() {
        let a = [0.0; 6];
        add(
            &mut [0.0; 4],
            2,
            Mat::new(&a, 2, 3),
            Mat::new(&a, 2, 3),
            Threads::One,
        );
    }
}
