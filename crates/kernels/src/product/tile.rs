//! The heart of a matrix product: small tiles of the result, kept in registers over a whole pass.
//!
//! Source: Goto & van de Geijn (2008), "Anatomy of High-Performance Matrix Multiplication", with the
//! right side packed beforehand and the left side read where it lies.

use std::marker::PhantomData;

use super::lanes::Lanes;
#[cfg(target_arch = "x86_64")]
use super::lanes::x86;
use super::panels::PanelView;
use super::{Mat, assert_fits};
use crate::buffer::Blank;

/// Columns of a tile, and of a panel of the right side.
pub(crate) const COLUMNS: usize = 16;

/// Rows of a tile: with sixteen columns its sums fill twelve of AVX2's sixteen registers.
pub(crate) const ROWS: usize = 6;

/// Inner numbers of one pass: so much of a panel (24 KiB) stays in a core's first cache.
const DEPTH: usize = 384;

/// What the sums of a product begin with.
#[derive(Clone, Copy)]
pub(crate) enum Start<'a> {
    /// Nothing: whatever was in the result's place is written over.
    Zero,
    /// One number per column.
    Bias(&'a [f32]),
    /// The numbers in the result's place, which must be numbers.
    There,
}

/// The place of a result: rows that begin `row_stride` numbers apart.
pub(crate) struct Target<'a> {
    data: *mut f32,
    row_stride: usize,
    n_rows: usize,
    n_columns: usize,
    borrowed: PhantomData<&'a mut [Blank]>,
}

impl<'a> Target<'a> {
    /// The first `n_rows` rows of `n_columns`.
    ///
    /// # Panics
    /// When they do not fit or overlap.
    pub(crate) fn new(
        to: &'a mut [Blank],
        row_stride: usize,
        n_rows: usize,
        n_columns: usize,
    ) -> Self {
        assert!(row_stride >= n_columns, "rows of a product may not overlap");
        assert_fits(to.len(), n_rows, n_columns, row_stride);
        Self {
            data: to.as_mut_ptr().cast(),
            row_stride,
            n_rows,
            n_columns,
            borrowed: PhantomData,
        }
    }
}

/// Writes `left right` to its place, by the caller alone.
///
/// # Panics
/// When sizes do not agree.
pub(crate) fn multiply(to: &mut Target<'_>, left: Mat<'_>, right: PanelView<'_>, start: Start<'_>) {
    assert_eq!(left.n_columns, right.n_rows(), "inner sizes of a product");
    assert_eq!(to.n_rows, left.n_rows, "rows of a product");
    assert_eq!(to.n_columns, right.n_columns(), "columns of a product");
    if let Start::Bias(bias) = start {
        assert_eq!(bias.len(), to.n_columns, "one bias per column");
    }
    if left.n_columns == 0 {
        return fill(to, start);
    }
    passes(to, left, right, start);
}

/// A product without inner numbers.
fn fill(to: &mut Target<'_>, start: Start<'_>) {
    for row in 0..to.n_rows {
        for column in 0..to.n_columns {
            let value = match start {
                Start::Zero => 0.0,
                Start::Bias(bias) => bias[column],
                Start::There => return,
            };
            // SAFETY: `Target::new` checked that every row and column fits.
            unsafe { to.data.add(row * to.row_stride + column).write(value) };
        }
    }
}

/// All passes, with the best instructions that the processor has.
fn passes(to: &mut Target<'_>, left: Mat<'_>, right: PanelView<'_>, start: Start<'_>) {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx512f")]
        fn avx512(to: &mut Target<'_>, left: Mat<'_>, right: PanelView<'_>, start: Start<'_>) {
            // SAFETY: so are the instructions of this function.
            unsafe { passes_with::<x86::Avx512>(to, left, right, start) }
        }

        #[target_feature(enable = "avx2,fma")]
        fn avx2(to: &mut Target<'_>, left: Mat<'_>, right: PanelView<'_>, start: Start<'_>) {
            // SAFETY: so are the instructions of this function.
            unsafe { passes_with::<x86::Avx2>(to, left, right, start) }
        }

        if std::arch::is_x86_feature_detected!("avx512f") {
            // SAFETY: the processor was just asked for these instructions.
            return unsafe { avx512(to, left, right, start) };
        }
        if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma")
        {
            // SAFETY: the processor was just asked for these instructions.
            return unsafe { avx2(to, left, right, start) };
        }
    }
    // SAFETY: plain arrays need no particular instructions.
    unsafe { passes_with::<[f32; COLUMNS]>(to, left, right, start) }
}

/// All passes over the inner numbers, all panels in each, all tiles of each panel.
///
/// # Safety
/// The processor has the instructions of `L`.
#[inline(always)]
unsafe fn passes_with<L: Lanes>(
    to: &mut Target<'_>,
    left: Mat<'_>,
    right: PanelView<'_>,
    start: Start<'_>,
) {
    for from in (0..left.n_columns).step_by(DEPTH) {
        let inner = from..(from + DEPTH).min(left.n_columns);
        let start = if from == 0 { start } else { Start::There };
        for panel in 0..to.n_columns.div_ceil(COLUMNS) {
            let column = panel * COLUMNS;
            let n_columns = COLUMNS.min(to.n_columns - column);
            let start = match start {
                Start::Bias(bias) => Start::Bias(&bias[column..column + n_columns]),
                other => other,
            };
            let rows = right.panel(panel, inner.clone());
            for row in (0..to.n_rows).step_by(ROWS) {
                // SAFETY: row and inner number are inside of the matrix, whose elements `Mat` keeps
                // inside of its numbers.
                let left_at = unsafe {
                    let at = row * left.row_stride + from * left.column_stride;
                    left.data.as_ptr().add(at)
                };
                let strides = (left.row_stride, left.column_stride);
                // SAFETY: row and column are inside of the target.
                let to_at = unsafe { to.data.add(row * to.row_stride + column) };
                let place = (to_at, to.row_stride, n_columns);
                // SAFETY: so many rows are left of both, and the caller vouches for instructions.
                unsafe {
                    match to.n_rows - row {
                        1 => tile::<L, 1>(left_at, strides, rows, place, start),
                        2 => tile::<L, 2>(left_at, strides, rows, place, start),
                        3 => tile::<L, 3>(left_at, strides, rows, place, start),
                        4 => tile::<L, 4>(left_at, strides, rows, place, start),
                        5 => tile::<L, 5>(left_at, strides, rows, place, start),
                        _ => tile::<L, ROWS>(left_at, strides, rows, place, start),
                    }
                }
            }
        }
    }
}

/// One tile of `N` rows: `left`, read at its strides, times the rows of a panel. The result's place
/// has its own stride and so many columns.
///
/// # Safety
/// `left` has `N` rows of as many numbers as there are panel rows, the place has `N` rows of its
/// columns, a bias as many numbers as columns, and the processor the instructions of `L`.
#[inline(always)]
unsafe fn tile<L: Lanes, const N: usize>(
    left: *const f32,
    (row_stride, column_stride): (usize, usize),
    panel: &[[f32; COLUMNS]],
    (to, to_stride, n_columns): (*mut f32, usize, usize),
    start: Start<'_>,
) {
    // SAFETY: what is read and written is what the caller vouches for; a place is read only when the
    // start says that there are numbers.
    unsafe {
        let mut sums = [L::zeros(); N];
        for (l, row) in panel.iter().enumerate() {
            let row = L::load(row.as_ptr());
            for (i, sum) in sums.iter_mut().enumerate() {
                let x = *left.add(i * row_stride + l * column_stride);
                *sum = sum.plus_product(x, row);
            }
        }
        if n_columns < COLUMNS {
            return store_part(&sums, to, to_stride, n_columns, start);
        }
        for (i, sum) in sums.into_iter().enumerate() {
            let to = to.add(i * to_stride);
            let sum = match start {
                Start::Zero => sum,
                Start::Bias(bias) => sum.plus_product(1.0, L::load(bias.as_ptr())),
                Start::There => sum.plus_product(1.0, L::load(to)),
            };
            sum.store(to);
        }
    }
}

/// Stores the first columns of each row.
///
/// # Safety
/// As for [`tile`].
#[inline(always)]
unsafe fn store_part<L: Lanes, const N: usize>(
    sums: &[L; N],
    to: *mut f32,
    to_stride: usize,
    n_columns: usize,
    start: Start<'_>,
) {
    for (i, sum) in sums.iter().enumerate() {
        let mut row = [0.0; COLUMNS];
        // SAFETY: the row has sixteen places, and the caller vouches for the others.
        unsafe {
            sum.store(row.as_mut_ptr());
            for (j, sum) in row[..n_columns].iter().enumerate() {
                let to = to.add(i * to_stride + j);
                let before = match start {
                    Start::Zero => 0.0,
                    Start::Bias(bias) => bias[j],
                    Start::There => to.read(),
                };
                to.write(sum + before);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buffer::as_blank;
    use crate::product::panels::Panels;
    use crate::testing::{assert_close, numbers};

    fn naive(a: &[f32], b: &[f32], m: usize, k: usize, n: usize) -> Vec<f32> {
        let mut out = vec![0.0; m * n];
        for i in 0..m {
            for j in 0..n {
                let products = (0..k).map(|l| f64::from(a[i * k + l]) * f64::from(b[l * n + j]));
                out[i * n + j] = products.sum::<f64>() as f32;
            }
        }
        out
    }

    /// Sizes below, at and above those of tiles, panels and passes.
    const SIZES: [(usize, usize, usize); 7] = [
        (1, 1, 1),
        (5, 3, 17),
        (6, 16, 16),
        (13, 384, 15),
        (8, 385, 33),
        (64, 800, 48),
        (3, 0, 4),
    ];

    #[test]
    fn a_product_agrees_with_its_definition_from_every_start() {
        for (m, k, n) in SIZES {
            let (a, b, bias) = (numbers(1, m * k), numbers(2, k * n), numbers(3, n));
            let (left, right) = (Mat::new(&a, m, k), Panels::of(Mat::new(&b, k, n)));
            let expected = naive(&a, &b, m, k, n);
            let run = |to: &mut Vec<f32>, start: Start<'_>| {
                multiply(
                    &mut Target::new(as_blank(to), n, m, n),
                    left,
                    right.all(),
                    start,
                );
            };

            let mut out = vec![f32::NAN; m * n];
            run(&mut out, Start::Zero);
            assert_close(&out, &expected, 1e-4);

            run(&mut out, Start::There);
            let twice: Vec<f32> = expected.iter().map(|x| 2.0 * x).collect();
            assert_close(&out, &twice, 1e-4);

            run(&mut out, Start::Bias(&bias));
            let biased: Vec<f32> = (0..m * n).map(|i| expected[i] + bias[i % n]).collect();
            assert_close(&out, &biased, 1e-4);
        }
    }

    #[test]
    fn plain_arrays_give_what_the_best_instructions_give() {
        for (m, k, n) in SIZES {
            let (a, b) = (numbers(1, m * k), numbers(2, k * n));
            let (left, right) = (Mat::new(&a, m, k), Panels::of(Mat::new(&b, k, n)));
            let mut out = vec![0.0; m * n];

            let mut to = Target::new(as_blank(&mut out), n, m, n);
            // SAFETY: plain arrays need no particular instructions.
            unsafe { passes_with::<[f32; COLUMNS]>(&mut to, left, right.all(), Start::Zero) };

            assert_close(&out, &naive(&a, &b, m, k, n), 1e-4);
        }
    }

    #[test]
    fn transposed_sides_and_parts_are_read_in_place() {
        let (m, k, n) = (7, 40, 21);
        let (at, bt) = (numbers(1, k * m), numbers(2, n * k));
        let a: Vec<f32> = (0..m * k).map(|i| at[(i % k) * m + i / k]).collect();
        let b: Vec<f32> = (0..k * n).map(|i| bt[(i % n) * k + i / n]).collect();
        let right = Panels::of(Mat::new(&bt, n, k).transposed());
        let left = Mat::new(&at, k, m).transposed();
        let mut out = vec![1.0; m * 25];

        let mut to = Target::new(as_blank(&mut out), 25, m, n);
        multiply(&mut to, left, right.all(), Start::Zero);

        let expected = naive(&a, &b, m, k, n);
        for row in 0..m {
            assert_close(&out[row * 25..][..n], &expected[row * n..][..n], 1e-5);
            assert_eq!(out[row * 25 + n..][..4], [1.0; 4], "between the rows");
        }
    }

    #[test]
    fn rows_and_columns_of_panels_are_parts_of_the_product() {
        let (m, k, n) = (4, 30, 40);
        let (a, b) = (numbers(1, m * k), numbers(2, k * n));
        let right = Panels::of(Mat::new(&b, k, n));
        let part: Vec<f32> = (0..20 * 24)
            .map(|i| b[(10 + i / 24) * n + 16 + i % 24])
            .collect();
        let left: Vec<f32> = (0..m * 20).map(|i| a[i / 20 * k + 10 + i % 20]).collect();
        let mut out = vec![0.0; m * 24];

        let view = right.all().rows(10..30).columns(16..40);
        let mut to = Target::new(as_blank(&mut out), 24, m, 24);
        multiply(&mut to, Mat::new(&left, m, 20), view, Start::Zero);

        assert_close(&out, &naive(&left, &part, m, 20, 24), 1e-5);
    }
}
