//! The linear layer `x W + b` over rows.

use rayon::prelude::*;

use crate::buffer::{blank, copy, written};
use crate::product::panels::{self, Panels};
use crate::product::tile::Start;
use crate::product::{self, Mat, Threads};
use crate::vectorize::vectorized;

/// Rows per part when biases are laid down and added up; fixed, so that sums are too.
const ROWS: usize = 256;

/// From so many rows on, packing the weights first pays.
const MANY_ROWS: usize = 64;

/// `x W + b`.
///
/// - `x`: `(n_rows, n_inputs)`, `weight`: `(n_inputs, n_outputs)`, `bias`: `(n_outputs,)`
/// - returns `(n_rows, n_outputs)`
///
/// # Panics
/// When the lengths do not agree.
pub fn forward(x: &[f32], weight: &[f32], bias: &[f32]) -> Vec<f32> {
    let (n_rows, n_inputs, n_outputs) = sizes(x, weight, bias.len());
    let (x, weight) = (
        Mat::new(x, n_rows, n_inputs),
        Mat::new(weight, n_inputs, n_outputs),
    );
    let mut y = blank(n_rows * n_outputs);
    if n_rows >= MANY_ROWS {
        panels::product(&mut y, x, &Panels::of_large(weight), Start::Bias(bias));
        // SAFETY: the product wrote every element.
        return unsafe { written(y) };
    }
    y.par_chunks_mut(ROWS * n_outputs).for_each(|part| {
        part.chunks_exact_mut(n_outputs)
            .for_each(|row| copy(bias, row))
    });
    // SAFETY: the parts cover `y`, and each wrote all of its rows.
    let mut y = unsafe { written(y) };
    product::add(&mut y, n_outputs, x, weight, Threads::All);
    y
}

/// Gradients of a linear layer.
#[derive(Debug, Clone)]
pub struct Gradients {
    /// By the inputs, `(n_rows, n_inputs)`; empty when nobody wanted them.
    pub x: Vec<f32>,
    /// By the weights, `(n_inputs, n_outputs)`.
    pub weight: Vec<f32>,
    /// By the biases, `(n_outputs,)`.
    pub bias: Vec<f32>,
}

/// The gradients, of the gradient `dy` by the outputs, `(n_rows, n_outputs)`.
///
/// `wants_x` is false for the first layer of a network, whose inputs are data.
///
/// # Panics
/// When the lengths do not agree.
pub fn backward(
    x: &[f32],
    weight: &[f32],
    dy: &[f32],
    n_outputs: usize,
    wants_x: bool,
) -> Gradients {
    let (n_rows, n_inputs, n_outputs) = sizes(x, weight, n_outputs);
    let dy_rows = Mat::new(dy, n_rows, n_outputs);

    let mut dweight = blank(weight.len());
    let inputs = Mat::new(x, n_rows, n_inputs).transposed();
    product::write(&mut dweight, n_outputs, inputs, dy_rows, Threads::All);

    let mut dx = blank(if wants_x { x.len() } else { 0 });
    if wants_x {
        let weight = Mat::new(weight, n_inputs, n_outputs).transposed();
        if n_rows >= MANY_ROWS {
            panels::product(&mut dx, dy_rows, &Panels::of_large(weight), Start::Zero);
        } else {
            product::write(&mut dx, n_inputs, dy_rows, weight, Threads::All);
        }
    }
    Gradients {
        // SAFETY: the products wrote every element of both.
        x: unsafe { written(dx) },
        // SAFETY: as above.
        weight: unsafe { written(dweight) },
        bias: sum_of_rows(dy, n_outputs),
    }
}

/// The sum of all rows: `(n_rows, n_columns)` to `(n_columns,)`.
pub(crate) fn sum_of_rows(rows: &[f32], n_columns: usize) -> Vec<f32> {
    let parts: Vec<Vec<f32>> = rows
        .par_chunks(ROWS * n_columns)
        .map(|part| {
            let mut sum = vec![0.0; n_columns];
            add_rows(part, &mut sum);
            sum
        })
        .collect();
    let mut sum = vec![0.0; n_columns];
    parts.iter().for_each(|part| add_rows(part, &mut sum));
    sum
}

vectorized! {
    /// Adds every row of `rows` to `sum`.
    pub(crate) fn add_rows(rows: &[f32], sum: &mut [f32]) {
        for row in rows.chunks_exact(sum.len()) {
            for (sum, x) in sum.iter_mut().zip(row) {
                *sum += x;
            }
        }
    }
}

fn sizes(x: &[f32], weight: &[f32], n_outputs: usize) -> (usize, usize, usize) {
    assert!(n_outputs > 0, "a linear layer has outputs");
    let n_inputs = weight.len() / n_outputs;
    assert!(n_inputs > 0, "a linear layer has inputs");
    assert_eq!(weight.len(), n_inputs * n_outputs, "weights are whole rows");
    assert_eq!(x.len() % n_inputs, 0, "inputs are whole rows of {n_inputs}");
    (x.len() / n_inputs, n_inputs, n_outputs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_close, assert_gradient, numbers, weighted};

    #[test]
    fn a_layer_by_hand() {
        let y = forward(
            &[1.0, 2.0, 3.0, 4.0],
            &[1.0, 0.0, 0.0, 0.0, 1.0, 0.0],
            &[0.5, 0.0, 7.0],
        );
        assert_close(&y, &[1.5, 2.0, 7.0, 3.5, 4.0, 7.0], 1e-6);
    }

    #[test]
    fn the_gradients_agree_with_differences() {
        for n_rows in [5, MANY_ROWS + 1] {
            check_gradients(n_rows);
        }
    }

    fn check_gradients(n_rows: usize) {
        let (n_inputs, n_outputs) = (7, 3);
        let x = numbers(1, n_rows * n_inputs);
        let weight = numbers(2, n_inputs * n_outputs);
        let bias = numbers(3, n_outputs);
        let w = numbers(4, n_rows * n_outputs);

        let gradients = backward(&x, &weight, &w, n_outputs, true);

        assert_gradient(&gradients.x, &x, |x| {
            weighted(&forward(x, &weight, &bias), &w)
        });
        assert_gradient(&gradients.weight, &weight, |v| {
            weighted(&forward(&x, v, &bias), &w)
        });
        assert_gradient(&gradients.bias, &bias, |b| {
            weighted(&forward(&x, &weight, b), &w)
        });
    }

    #[test]
    fn inputs_that_are_data_cost_no_gradient() {
        let gradients = backward(&[1.0, 2.0], &[1.0, 1.0], &[1.0], 1, false);
        assert!(gradients.x.is_empty());
        assert_eq!(gradients.weight, [1.0, 2.0]);
    }

    #[test]
    fn no_rows_give_no_rows_and_zero_gradients() {
        assert!(forward(&[], &[1.0, 1.0], &[0.0]).is_empty());
        let gradients = backward(&[], &[1.0, 1.0], &[], 1, true);
        assert_eq!(
            (gradients.weight, gradients.bias),
            (vec![0.0, 0.0], vec![0.0])
        );
    }
}
