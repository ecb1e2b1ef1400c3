//! Rows made of blocks: some numbers between -1 and 1, some blocks of probabilities.
//!
//! Sources: Jang, Gu & Poole (2017), "Categorical Reparameterization with Gumbel-Softmax"; Maddison,
//! Mnih & Teh (2017), "The Concrete Distribution".

use std::ops::Range;

use rayon::prelude::*;

use crate::math::{exp, tanh};
use crate::vectorize::vectorized;

/// Rows per part of the work.
const ROWS: usize = 64;

/// What becomes of some columns of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Each number becomes its hyperbolic tangent.
    Tanh(Range<usize>),
    /// The numbers become probabilities: softmax of number plus noise, over the temperature.
    Softmax(Range<usize>),
}

/// Applies the blocks to each row; columns of no block become 0.
///
/// - `x` and `noise`: `(n_rows, n_columns)`; the noise of `Tanh` blocks is not read.
///
/// # Panics
/// When the lengths do not agree or a block lies outside of the row.
pub fn forward(
    x: &[f32],
    noise: &[f32],
    blocks: &[Block],
    n_columns: usize,
    temperature: f32,
) -> Vec<f32> {
    assert_eq!(x.len(), noise.len(), "noise for every number");
    require_blocks(blocks, n_columns);
    let mut y = vec![0.0; x.len()];
    let part = ROWS * n_columns;
    y.par_chunks_mut(part)
        .zip(x.par_chunks(part))
        .zip(noise.par_chunks(part))
        .for_each(|((y, x), noise)| {
            activate_rows(x, noise, blocks, n_columns, 1.0 / temperature, y);
        });
    y
}

/// The gradient by `x`, of the gradient `dy` by the outputs `y`.
///
/// # Panics
/// When the lengths do not agree or a block lies outside of the row.
pub fn backward(
    y: &[f32],
    dy: &[f32],
    blocks: &[Block],
    n_columns: usize,
    temperature: f32,
) -> Vec<f32> {
    assert_eq!(y.len(), dy.len(), "one gradient per number");
    require_blocks(blocks, n_columns);
    let mut dx = vec![0.0; y.len()];
    let part = ROWS * n_columns;
    dx.par_chunks_mut(part)
        .zip(y.par_chunks(part))
        .zip(dy.par_chunks(part))
        .for_each(|((dx, y), dy)| {
            differentiate_rows(y, dy, blocks, n_columns, 1.0 / temperature, dx);
        });
    dx
}

fn require_blocks(blocks: &[Block], n_columns: usize) {
    for block in blocks {
        let (Block::Tanh(range) | Block::Softmax(range)) = block;
        assert!(range.end <= n_columns, "a block lies within the row");
    }
}

vectorized! {
    fn activate_rows(
        x: &[f32], noise: &[f32], blocks: &[Block], n_columns: usize, sharpness: f32, y: &mut [f32],
    ) {
        let rows = x.chunks_exact(n_columns).zip(noise.chunks_exact(n_columns));
        for ((x, noise), y) in rows.zip(y.chunks_exact_mut(n_columns)) {
            for block in blocks {
                match block {
                    Block::Tanh(range) => {
                        for k in range.clone() {
                            y[k] = tanh(x[k]);
                        }
                    }
                    Block::Softmax(range) => {
                        let (x, noise) = (&x[range.clone()], &noise[range.clone()]);
                        sharp_softmax(x, noise, sharpness, &mut y[range.clone()]);
                    }
                }
            }
        }
    }

    fn differentiate_rows(
        y: &[f32], dy: &[f32], blocks: &[Block], n_columns: usize, sharpness: f32, dx: &mut [f32],
    ) {
        let rows = y.chunks_exact(n_columns).zip(dy.chunks_exact(n_columns));
        for ((y, dy), dx) in rows.zip(dx.chunks_exact_mut(n_columns)) {
            for block in blocks {
                match block {
                    Block::Tanh(range) => {
                        for k in range.clone() {
                            dx[k] = dy[k] * (1.0 - y[k] * y[k]);
                        }
                    }
                    Block::Softmax(range) => {
                        let (y, dy) = (&y[range.clone()], &dy[range.clone()]);
                        let inner: f32 = y.iter().zip(dy).map(|(y, dy)| y * dy).sum();
                        for ((dx, y), dy) in dx[range.clone()].iter_mut().zip(y).zip(dy) {
                            *dx = sharpness * y * (dy - inner);
                        }
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn sharp_softmax(x: &[f32], noise: &[f32], sharpness: f32, y: &mut [f32]) {
    let mut top = f32::NEG_INFINITY;
    for ((y, x), noise) in y.iter_mut().zip(x).zip(noise) {
        *y = (x + noise) * sharpness;
        top = if *y > top { *y } else { top };
    }
    let mut sum = 0.0;
    for y in y.iter_mut() {
        *y = exp(*y - top);
        sum += *y;
    }
    let scale = 1.0 / sum;
    for y in y.iter_mut() {
        *y *= scale;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_close, assert_gradient, numbers, weighted};

    fn blocks() -> [Block; 3] {
        [
            Block::Softmax(0..3),
            Block::Tanh(3..4),
            Block::Softmax(4..21),
        ]
    }

    #[test]
    fn a_row_by_hand() {
        let blocks = [Block::Softmax(0..2), Block::Tanh(2..3)];
        // The noise makes the first logit 1, the temperature of one half doubles it.
        let y = forward(&[0.0, 0.0, 0.5], &[1.0, 0.0, 9.0], &blocks, 3, 0.5);
        let e = 2.0_f32.exp();
        assert_close(&y, &[e / (e + 1.0), 1.0 / (e + 1.0), 0.5_f32.tanh()], 1e-6);
    }

    #[test]
    fn the_gradients_agree_with_differences() {
        let (x, noise, w) = (numbers(1, 3 * 21), numbers(2, 3 * 21), numbers(3, 3 * 21));
        let y = |x: &[f32]| forward(x, &noise, &blocks(), 21, 0.7);

        let gradient = backward(&y(&x), &w, &blocks(), 21, 0.7);

        assert_gradient(&gradient, &x, |x| weighted(&y(x), &w));
    }
}
