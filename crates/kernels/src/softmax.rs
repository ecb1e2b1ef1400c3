//! Softmax over rows, and the cross-entropy of its logits with known classes.

use rayon::prelude::*;

use crate::buffer::{Blank, blank, written};
use crate::math::exp;
use crate::vectorize::vectorized;

/// Lanes of a running maximum or sum: wide enough for any vector unit, fixed so that sums do not
/// depend on the machine.
pub(crate) const LANES: usize = 16;

/// Numbers per part of the work.
const PART: usize = 16 * 1024;

/// Softmax of each row: `(n_rows, n_columns)` to the same.
///
/// # Panics
/// When the numbers are not whole rows.
pub fn forward(x: &[f32], n_columns: usize) -> Vec<f32> {
    let part = rows_per_part(x.len(), n_columns) * n_columns;
    let mut y = blank(x.len());
    y.par_chunks_mut(part)
        .zip(x.par_chunks(part))
        .for_each(|(y, x)| forward_rows(x, y, n_columns));
    // SAFETY: the parts cover `y`, and each writes all of its rows.
    unsafe { written(y) }
}

/// The gradient by the logits, of the gradient `dy` by the probabilities `y`.
///
/// # Panics
/// When the lengths differ or are not whole rows.
pub fn backward(y: &[f32], dy: &[f32], n_columns: usize) -> Vec<f32> {
    assert_eq!(y.len(), dy.len(), "one gradient per probability");
    let part = rows_per_part(y.len(), n_columns) * n_columns;
    let mut dx = blank(y.len());
    dx.par_chunks_mut(part)
        .zip(y.par_chunks(part))
        .zip(dy.par_chunks(part))
        .for_each(|((dx, y), dy)| backward_rows(y, dy, dx, n_columns));
    // SAFETY: the parts cover `dx`, and each writes all of its rows.
    unsafe { written(dx) }
}

/// Cross-entropy of each row of logits with its class, and the probabilities for the way back.
///
/// - `logits`: `(n_rows, n_columns)`; `classes`: `(n_rows,)`, each below `n_columns`.
/// - returns losses `(n_rows,)` in nats and probabilities `(n_rows, n_columns)`.
///
/// # Panics
/// When a class is out of range or the lengths do not agree.
pub fn cross_entropy(logits: &[f32], classes: &[usize], n_columns: usize) -> (Vec<f32>, Vec<f32>) {
    assert_eq!(logits.len(), classes.len() * n_columns, "one class per row");
    let probabilities = forward(logits, n_columns);
    let losses = logits
        .chunks_exact(n_columns)
        .zip(classes)
        .map(|(row, &class)| {
            // From the logits, not from the probability: its logarithm would lose everything below
            // the smallest number.
            let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let sum: f32 = row.iter().map(|x| exp(x - top)).sum();
            top + sum.ln() - row[class]
        })
        .collect();
    (losses, probabilities)
}

/// The gradient by the logits: `weights[row] * (probability - 1{class})`.
///
/// # Panics
/// When a class is out of range or the lengths do not agree.
pub fn cross_entropy_backward(
    mut probabilities: Vec<f32>,
    classes: &[usize],
    weights: &[f32],
    n_columns: usize,
) -> Vec<f32> {
    assert_eq!(
        probabilities.len(),
        classes.len() * n_columns,
        "one class per row"
    );
    assert_eq!(classes.len(), weights.len(), "one weight per row");
    let rows = probabilities.chunks_exact_mut(n_columns);
    for ((row, &class), &weight) in rows.zip(classes).zip(weights) {
        row[class] -= 1.0;
        row.iter_mut().for_each(|p| *p *= weight);
    }
    probabilities
}

fn rows_per_part(len: usize, n_columns: usize) -> usize {
    assert!(n_columns > 0, "a row has columns");
    assert_eq!(
        len % n_columns,
        0,
        "{len} numbers are not rows of {n_columns}"
    );
    (PART / n_columns).max(1)
}

vectorized! {
    fn forward_rows(x: &[f32], y: &mut [Blank], n_columns: usize) {
        for (x, y) in x.chunks_exact(n_columns).zip(y.chunks_exact_mut(n_columns)) {
            softmax_row(x, y);
        }
    }

    fn backward_rows(y: &[f32], dy: &[f32], dx: &mut [Blank], n_columns: usize) {
        let rows = y.chunks_exact(n_columns).zip(dy.chunks_exact(n_columns));
        for ((y, dy), dx) in rows.zip(dx.chunks_exact_mut(n_columns)) {
            let inner = dot(y, dy);
            for ((dx, &y), &dy) in dx.iter_mut().zip(y).zip(dy) {
                dx.write(y * (dy - inner));
            }
        }
    }
}

/// Softmax of one row.
#[inline(always)]
fn softmax_row(x: &[f32], y: &mut [Blank]) {
    let top = maximum(x);
    let mut sums = [0.0_f32; LANES];
    let mut at = 0;
    for (y, x) in y.chunks_exact_mut(LANES).zip(x.chunks_exact(LANES)) {
        for k in 0..LANES {
            let e = exp(x[k] - top);
            y[k].write(e);
            sums[k] += e;
        }
        at += LANES;
    }
    let mut sum: f32 = sums.iter().sum();
    for (y, &x) in y[at..].iter_mut().zip(&x[at..]) {
        let e = exp(x - top);
        y.write(e);
        sum += e;
    }
    let scale = 1.0 / sum;
    for y in y {
        // SAFETY: the loops above wrote every place of the row.
        let e = unsafe { y.assume_init() };
        y.write(e * scale);
    }
}

/// The largest of the numbers; minus infinity of none. A NaN anywhere gives no particular number.
#[inline(always)]
pub(crate) fn maximum(x: &[f32]) -> f32 {
    let mut tops = [f32::NEG_INFINITY; LANES];
    let chunks = x.chunks_exact(LANES);
    let rest = chunks.remainder();
    for x in chunks {
        for k in 0..LANES {
            tops[k] = if x[k] > tops[k] { x[k] } else { tops[k] };
        }
    }
    tops.iter()
        .chain(rest)
        .copied()
        .fold(f32::NEG_INFINITY, f32::max)
}

/// The sum of products.
#[inline(always)]
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (a_chunks, b_chunks) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f32 = a_chunks
        .remainder()
        .iter()
        .zip(b_chunks.remainder())
        .map(|(a, b)| a * b)
        .sum();
    for (a, b) in a_chunks.zip(b_chunks) {
        for k in 0..LANES {
            sums[k] = a[k].mul_add(b[k], sums[k]);
        }
    }
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_close, assert_gradient, numbers, weighted};

    #[test]
    fn rows_become_probabilities() {
        for n_columns in [1, 2, 15, 16, 17, 100] {
            let x = numbers(n_columns as u64, 3 * n_columns);
            let y = forward(&x, n_columns);
            for (x, y) in x.chunks(n_columns).zip(y.chunks(n_columns)) {
                let exponentials: Vec<f32> = x.iter().map(|x| x.exp()).collect();
                let sum: f32 = exponentials.iter().sum();
                let expected: Vec<f32> = exponentials.iter().map(|e| e / sum).collect();
                assert_close(y, &expected, 1e-6);
            }
        }
    }

    #[test]
    fn large_logits_do_not_overflow() {
        assert_close(&forward(&[1e30, 1e30, -1e30], 3), &[0.5, 0.5, 0.0], 1e-37);
    }

    #[test]
    fn the_gradients_agree_with_differences() {
        let (x, w) = (numbers(1, 3 * 17), numbers(2, 3 * 17));
        let classes = [0, 16, 5];
        let weights = [0.5, 1.0, 2.0];

        let through = backward(&forward(&x, 17), &w, 17);
        let (_, probabilities) = cross_entropy(&x, &classes, 17);
        let of_loss = cross_entropy_backward(probabilities, &classes, &weights, 17);

        assert_gradient(&through, &x, |x| weighted(&forward(x, 17), &w));
        assert_gradient(&of_loss, &x, |x| {
            weighted(&cross_entropy(x, &classes, 17).0, &weights)
        });
    }

    #[test]
    fn an_impossible_class_costs_a_finite_loss() {
        let (losses, _) = cross_entropy(&[1000.0, 0.0], &[1], 2);
        assert_eq!(losses, [1000.0]);
    }

    #[test]
    #[should_panic(expected = "not rows")]
    fn half_a_row_is_refused() {
        let _ = forward(&[0.0; 5], 2);
    }
}
