//! Rows for which reference libraries were asked, and what they answered is in the tests.
//!
//! In Python: `x = 12345`, then `x = (1103515245 * x + 12345) % 2**31` and `u = x / 2**31` over and
//! over; the formulas below in NumPy.

use crate::Matrix;

/// Rows of the reference problem.
pub(crate) const N: usize = 40;

/// Uniform numbers of a linear congruential generator, in `[0, 1)`.
pub(crate) fn draws(n: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    (0..n)
        .map(|_| {
            state = (1_103_515_245 * state + 12_345) % (1 << 31);
            state as f64 / f64::from(1_u32 << 31)
        })
        .collect()
}

/// Four columns; the second follows the first, the third is in another unit.
pub(crate) fn records() -> Matrix {
    let mut records = Matrix::new(N, 4, draws(4 * N, 12_345)).unwrap();
    for row in records.rows_mut() {
        for value in row.iter_mut() {
            *value = *value * 2.0 - 1.0;
        }
        row[1] = 0.7 * row[0] + 0.3 * row[1];
        row[2] = 10.0 * row[2] + 5.0;
    }
    records
}

/// A linear target with something on top.
pub(crate) fn targets() -> Vec<f64> {
    records()
        .rows()
        .enumerate()
        .map(|(i, x)| 3.0 + 2.0 * x[0] - 1.5 * x[1] + 0.2 * x[2] + 0.3 * (7.0 * i as f64).sin())
        .collect()
}

/// 1, 2, 3, 1, 2, 3, ...
pub(crate) fn weights() -> Vec<f64> {
    (0..N).map(|i| 1.0 + (i % 3) as f64).collect()
}

/// 23 rows of class 0, 17 of class 1.
pub(crate) fn two_classes() -> Vec<u32> {
    records()
        .rows()
        .enumerate()
        .map(|(i, x)| {
            let score = 0.5 + 1.5 * x[0] + x[1] - 0.1 * x[2] + x[3];
            u32::from(score + (5.0 * i as f64).sin() > 0.0)
        })
        .collect()
}

/// 17, 14 and 9 rows.
pub(crate) fn three_classes() -> Vec<u32> {
    records()
        .rows()
        .zip(two_classes())
        .enumerate()
        .map(|(i, (x, label))| label + u32::from(x[3] + 0.3 * (3.0 * i as f64).cos() > 0.2))
        .collect()
}
