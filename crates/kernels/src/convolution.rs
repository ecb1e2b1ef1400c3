//! Convolution over time, rectified, with the largest value of each filter kept: the heart of a text
//! CNN.
//!
//! Source: Kim (2014), "Convolutional Neural Networks for Sentence Classification". Only the window
//! that won sends a gradient back, so the way back touches one window per text and filter instead of
//! all of them.

use rayon::prelude::*;

use crate::buffer::{as_blank, blank, written};
use crate::product::{self, Mat, Threads};
use crate::vectorize::vectorized;

/// Texts per part: their windows are one matrix.
const TEXTS: usize = 8;

/// Filters per part of the weights' gradient.
const FILTERS: usize = 8;

/// Sizes of one convolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Texts.
    pub n_batch: usize,
    /// Steps of each text, padding included; at least `width`.
    pub n_steps: usize,
    /// Numbers per step.
    pub n_inputs: usize,
    /// Filters.
    pub n_filters: usize,
    /// Steps that a filter sees at once.
    pub width: usize,
}

impl Shape {
    /// Numbers that a filter sees at once.
    fn n_window(&self) -> usize {
        self.width * self.n_inputs
    }

    /// Windows of a text of this length: all that lie inside it, at least the first.
    fn n_windows(&self, length: usize) -> usize {
        length
            .min(self.n_steps)
            .saturating_sub(self.width - 1)
            .max(1)
    }
}

/// The window that no filter won: its largest value was not above zero.
const NONE: u32 = u32::MAX;

/// The largest rectified value of each filter, and where it was found.
#[derive(Debug, Clone)]
pub struct Pooled {
    /// `(n_batch, n_filters)`
    pub y: Vec<f32>,
    /// The window of each value, `(n_batch, n_filters)`.
    won: Vec<u32>,
}

/// `max over windows of relu(window W + b)`.
///
/// - `x`: `(n_batch, n_steps, n_inputs)`; `weight`: `(width * n_inputs, n_filters)`; `bias`:
///   `(n_filters,)`; `lengths`: steps of each text that are no padding, all when absent.
///
/// # Panics
/// When sizes do not agree.
pub fn forward(
    x: &[f32],
    weight: &[f32],
    bias: &[f32],
    shape: &Shape,
    lengths: Option<&[usize]>,
) -> Pooled {
    assert_sizes(x, weight, shape, lengths);
    assert_eq!(bias.len(), shape.n_filters, "one bias per filter");
    let (t, n_filters) = (shape.n_steps, shape.n_filters);
    let mut y = vec![f32::NEG_INFINITY; shape.n_batch * n_filters];
    let mut won = vec![0; shape.n_batch * n_filters];
    y.par_chunks_mut(TEXTS * n_filters)
        .zip(won.par_chunks_mut(TEXTS * n_filters))
        .zip(x.par_chunks(TEXTS * t * shape.n_inputs))
        .enumerate()
        .for_each_init(Vec::new, |values, (part, ((y, won), x))| {
            // All windows of the part at once: a few reach over the end of a text into the next;
            // they are computed and not looked at.
            let n_windows = x.len() / shape.n_inputs - (shape.width - 1);
            values.resize(n_windows * n_filters, 0.0);
            let windows = Mat::strided(x, n_windows, shape.n_window(), shape.n_inputs);
            let weight = Mat::new(weight, shape.n_window(), n_filters);
            product::write(as_blank(values), n_filters, windows, weight, Threads::One);
            let texts = y
                .chunks_exact_mut(n_filters)
                .zip(won.chunks_exact_mut(n_filters));
            for (i, (y, won)) in texts.enumerate() {
                let length = lengths.map_or(t, |lengths| lengths[part * TEXTS + i]);
                let values = &values[i * t * n_filters..][..shape.n_windows(length) * n_filters];
                keep_largest(values, bias, y, won);
            }
        });
    Pooled { y, won }
}

/// Gradients of a convolution.
#[derive(Debug, Clone)]
pub struct Gradients {
    /// By the steps, `(n_batch, n_steps, n_inputs)`.
    pub x: Vec<f32>,
    /// By the weights, `(width * n_inputs, n_filters)`.
    pub weight: Vec<f32>,
    /// By the biases, `(n_filters,)`.
    pub bias: Vec<f32>,
}

/// The gradients, of the gradient `dy` by the pooled values, `(n_batch, n_filters)`.
///
/// # Panics
/// When sizes do not agree.
pub fn backward(
    x: &[f32],
    weight: &[f32],
    pooled: &Pooled,
    dy: &[f32],
    shape: &Shape,
) -> Gradients {
    assert_sizes(x, weight, shape, None);
    let n_filters = shape.n_filters;
    assert_eq!(
        dy.len(),
        shape.n_batch * n_filters,
        "one gradient per pooled value"
    );
    let (n_text, n_window) = (shape.n_steps * shape.n_inputs, shape.n_window());
    let filters = transposed(weight, n_window, n_filters);

    let mut dx = vec![0.0; x.len()];
    dx.par_chunks_mut(n_text)
        .zip(dy.par_chunks(n_filters))
        .zip(pooled.won.par_chunks(n_filters))
        .for_each(|((dx, dy), won)| {
            for ((filter, &dy), &won) in filters.chunks_exact(n_window).zip(dy).zip(won) {
                if won != NONE {
                    add_scaled(
                        dy,
                        filter,
                        &mut dx[won as usize * shape.n_inputs..][..n_window],
                    );
                }
            }
        });

    let mut dfilters = vec![0.0; weight.len()];
    let mut bias = vec![0.0; n_filters];
    dfilters
        .par_chunks_mut(FILTERS * n_window)
        .zip(bias.par_chunks_mut(FILTERS))
        .enumerate()
        .for_each(|(part, (dfilters, bias))| {
            let filters = dfilters.chunks_exact_mut(n_window).zip(bias);
            for (i, (dfilter, bias)) in filters.enumerate() {
                for (text, x) in x.chunks_exact(n_text).enumerate() {
                    let at = text * n_filters + part * FILTERS + i;
                    if pooled.won[at] != NONE {
                        let window = pooled.won[at] as usize * shape.n_inputs;
                        add_scaled(dy[at], &x[window..][..n_window], dfilter);
                        *bias += dy[at];
                    }
                }
            }
        });
    Gradients {
        x: dx,
        weight: transposed(&dfilters, n_filters, n_window),
        bias,
    }
}

fn transposed(matrix: &[f32], n_rows: usize, n_columns: usize) -> Vec<f32> {
    let mut to = blank(matrix.len());
    for (i, row) in matrix.chunks_exact(n_columns).enumerate() {
        for (j, x) in row.iter().enumerate() {
            to[j * n_rows + i].write(*x);
        }
    }
    // SAFETY: every row and column of the matrix was visited.
    unsafe { written(to) }
}

vectorized! {
    /// Keeps the largest of the rows of `values` in each column, biased and rectified.
    fn keep_largest(values: &[f32], bias: &[f32], y: &mut [f32], won: &mut [u32]) {
        for (window, values) in values.chunks_exact(y.len()).enumerate() {
            for ((y, won), &value) in y.iter_mut().zip(won.iter_mut()).zip(values) {
                let better = value > *y;
                *y = if better { value } else { *y };
                *won = if better { window as u32 } else { *won };
            }
        }
        for ((y, won), bias) in y.iter_mut().zip(won).zip(bias) {
            *y += bias;
            if *y <= 0.0 {
                *y = 0.0;
                *won = NONE;
            }
        }
    }

    fn add_scaled(scale: f32, from: &[f32], to: &mut [f32]) {
        for (to, from) in to.iter_mut().zip(from) {
            *to = scale.mul_add(*from, *to);
        }
    }
}

fn assert_sizes(x: &[f32], weight: &[f32], shape: &Shape, lengths: Option<&[usize]>) {
    assert!(
        shape.n_inputs > 0 && shape.n_filters > 0,
        "a convolution has inputs and filters"
    );
    assert!(
        shape.width > 0 && shape.width <= shape.n_steps,
        "a window of {} steps does not fit into {}",
        shape.width,
        shape.n_steps
    );
    assert_eq!(
        x.len(),
        shape.n_batch * shape.n_steps * shape.n_inputs,
        "steps of all texts"
    );
    assert_eq!(
        weight.len(),
        shape.n_window() * shape.n_filters,
        "weights of all filters"
    );
    if let Some(lengths) = lengths {
        assert_eq!(lengths.len(), shape.n_batch, "one length per text");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_close, numbers, weighted};

    const SHAPE: Shape = Shape {
        n_batch: 11,
        n_steps: 7,
        n_inputs: 3,
        n_filters: 9,
        width: 3,
    };

    fn parts() -> (Vec<f32>, Vec<f32>, Vec<f32>) {
        (
            numbers(1, SHAPE.n_batch * SHAPE.n_steps * SHAPE.n_inputs),
            numbers(2, SHAPE.n_window() * SHAPE.n_filters),
            numbers(3, SHAPE.n_filters),
        )
    }

    fn by_definition(x: &[f32], weight: &[f32], bias: &[f32], lengths: &[usize]) -> Vec<f32> {
        let mut y = Vec::new();
        for (text, length) in lengths.iter().enumerate() {
            for filter in 0..SHAPE.n_filters {
                let windows = length.saturating_sub(SHAPE.width - 1).max(1);
                let best = (0..windows)
                    .map(|window| {
                        let at = (text * SHAPE.n_steps + window) * SHAPE.n_inputs;
                        (0..SHAPE.n_window())
                            .map(|i| x[at + i] * weight[i * SHAPE.n_filters + filter])
                            .sum::<f32>()
                    })
                    .fold(f32::NEG_INFINITY, f32::max);
                y.push((best + bias[filter]).max(0.0));
            }
        }
        y
    }

    #[test]
    fn values_agree_with_the_definition() {
        let (x, weight, bias) = parts();
        let lengths = [7, 0, 1, 2, 3, 4, 5, 6, 7, 7, 3];

        let whole = forward(&x, &weight, &bias, &SHAPE, None);
        let padded = forward(&x, &weight, &bias, &SHAPE, Some(&lengths));

        assert_close(&whole.y, &by_definition(&x, &weight, &bias, &[7; 11]), 1e-5);
        assert_close(
            &padded.y,
            &by_definition(&x, &weight, &bias, &lengths),
            1e-5,
        );
        assert!(padded.y.contains(&0.0), "some filter found nothing");
    }

    #[test]
    fn the_gradients_agree_with_differences() {
        let (x, weight, bias) = parts();
        let w = numbers(4, SHAPE.n_batch * SHAPE.n_filters);
        let y = |x: &[f32], weight: &[f32], bias: &[f32]| {
            weighted(&forward(x, weight, bias, &SHAPE, None).y, &w)
        };

        let pooled = forward(&x, &weight, &bias, &SHAPE, None);
        let gradients = backward(&x, &weight, &pooled, &w, &SHAPE);

        assert_mostly_gradient(&gradients.x, &x, |x| y(x, &weight, &bias));
        assert_mostly_gradient(&gradients.weight, &weight, |weight| y(&x, weight, &bias));
        assert_mostly_gradient(&gradients.bias, &bias, |bias| y(&x, &weight, bias));
    }

    /// Differences over a kink disagree by right; nine in ten have none.
    #[track_caller]
    fn assert_mostly_gradient(gradient: &[f32], at: &[f32], loss: impl Fn(&[f32]) -> f64) {
        let agrees = |i: usize| {
            let mut moved = at.to_vec();
            moved[i] += 1e-3;
            let above = loss(&moved);
            moved[i] -= 2e-3;
            let slope = (above - loss(&moved)) / 2e-3;
            (f64::from(gradient[i]) - slope).abs() < 1e-2 * slope.abs().max(1.0)
        };
        let n_agreeing = (0..at.len()).filter(|i| agrees(*i)).count();
        assert!(
            10 * n_agreeing >= 9 * at.len(),
            "{n_agreeing} of {} agree",
            at.len()
        );
    }

    #[test]
    #[should_panic(expected = "a window of 3 steps does not fit into 2")]
    fn a_window_wider_than_the_text_is_refused() {
        let shape = Shape {
            n_steps: 2,
            n_batch: 1,
            ..SHAPE
        };
        let _ = forward(&[0.0; 6], &[0.0; 81], &[0.0; 9], &shape, None);
    }
}
